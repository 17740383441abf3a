"""A small client of API 2019-01-18 that signs by itself and holds every answer to the contract's form."""
import base64
import hashlib
import hmac
import http.client
import itertools
import json
import re
import socket
import time
import urllib.parse

VERSION = "2019-01-18"
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
FORM = "application/x-www-form-urlencoded"
JSON = "application/json"

DOCUMENTED = set("""
AuthFailure AuthFailure.InvalidSecretId AuthFailure.MFAFailure AuthFailure.SecretIdNotFound AuthFailure.SignatureExpire
AuthFailure.SignatureFailure AuthFailure.TokenFailure AuthFailure.UnauthorizedOperation DryRunOperation FailedOperation
FailedOperation.CmkUsedByCloudProduct FailedOperation.DecryptError InvalidAction InvalidParameter
InvalidParameter.DecryptMaterialError InvalidParameter.InvalidPendingWindowInDays InvalidParameterValue
InvalidParameterValue.AliasAlreadyExists InvalidParameterValue.DuplicatedKeyId InvalidParameterValue.InvalidAlias
InvalidParameterValue.InvalidCiphertext InvalidParameterValue.InvalidKeyId InvalidParameterValue.InvalidKeyUsage
InvalidParameterValue.InvalidPlaintext InvalidParameterValue.InvalidType InvalidParameterValue.MaterialNotMatch
InvalidParameterValue.TagKeysDuplicated InvalidParameterValue.TagsNotExisted LimitExceeded LimitExceeded.CmkLimitExceeded
MissingParameter NoSuchVersion RequestLimitExceeded ResourceInUse ResourceInsufficient ResourceNotFound ResourceUnavailable
ResourceUnavailable.CloudResourceBindingNotFound ResourceUnavailable.CmkDisabled ResourceUnavailable.CmkNotFound
ResourceUnavailable.CmkNotPendingDelete ResourceUnavailable.CmkShouldBeDisabled ResourceUnavailable.CmkStateNotSupport
ResourceUnavailable.TokenExpired UnauthorizedOperation UnknownParameter UnsupportedOperation
UnsupportedOperation.ExternalCmkCanNotRotate UnsupportedOperation.NotExternalCmk UnsupportedOperation.NotUserCreatedCmk
UnsupportedOperation.ServiceTemporaryUnavailable UnsupportedOperation.UnsupportedKeyUsageInCurrentRegion UnsupportedProtocol
UnsupportedRegion
UnsupportedOperation.RotateNotSupported RequestLimitExceeded.RotateRateLimited
""".split())

# Names of types, paths and addresses in memory tell about the program, not about the request.
TELLTALE = re.compile(
    rb"\.swift|KMSError|Claviger[A-Z]|Swift\.|Optional\(|NIO|Foundation|Fatal|GRDB|SQLite|/(root|tmp|usr|home|work|var|proc)/|"
    rb"0x[0-9a-f]{8}|[Ss]tack ?trace|Error Domain|errno")


def b64(data):
    return base64.b64encode(data.encode() if isinstance(data, str) else data).decode()


class Refused(Exception):
    def __init__(self, code, message, request_id):
        super().__init__(f"{code}: {message}")
        self.code, self.message, self.request_id = code, message, request_id


def sound(status, headers, body):
    """The content of an answer's envelope, if the answer has the contract's form."""
    assert status == 200, (status, body)
    assert headers["Content-Type"] == JSON, headers
    answer = json.loads(body.decode("utf-8"))
    assert list(answer) == ["Response"], answer
    response = answer["Response"]
    assert UUID.fullmatch(response["RequestId"]), response
    if "Error" in response:
        assert set(response) == {"Error", "RequestId"}, response
        check_tells_nothing(body)
        assert response["Error"]["Code"] in DOCUMENTED, response
        assert response["Error"]["Message"], response
    return response


def check_tells_nothing(text):
    assert not TELLTALE.search(text), text


def result(response):
    if "Error" in response:
        raise Refused(response["Error"]["Code"], response["Error"]["Message"], response["RequestId"])
    return response


def digest(key, text):
    return hmac.new(key, text.encode() if isinstance(text, str) else text, hashlib.sha256).digest()


def tc3_authorization(access_id, secret, method, query, signed, payload, timestamp, lower=str.lower):
    """The Authorization header; `signed` maps the signed headers' names to their values, `payload` is what is hashed.

    The contract wants values in lower case; the vendor's SDK signs them as they are (`lower=str`).
    """
    date = time.strftime("%Y-%m-%d", time.gmtime(timestamp))
    names = sorted(name.lower() for name in signed)
    values = {name.lower(): lower(value.strip()) for name, value in signed.items()}
    canonical = "\n".join([method, "/", query, *(f"{name}:{values[name]}" for name in names), "", ";".join(names),
                           hashlib.sha256(payload).hexdigest()])
    scope = f"{date}/kms/tc3_request"
    text = f"TC3-HMAC-SHA256\n{timestamp}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    key = digest(digest(digest(b"TC3" + secret.encode(), date), "kms"), "tc3_request")
    return (f"TC3-HMAC-SHA256 Credential={access_id}/{scope}, SignedHeaders={';'.join(names)}, "
            f"Signature={digest(key, text).hex()}")


class Client:
    """One kept-alive connection. Not for several threads at a time."""

    nonces = itertools.count(int(time.time() * 1000) % 10**9)

    def __init__(self, server, region="ap-guangzhou", timeout=30):
        credentials = server.credentials
        self.access_id, self.secret = credentials["CLAVIGER_ACCESS_ID"], credentials["CLAVIGER_ACCESS_KEY"]
        self.address, self.host, self.region = server.address, f"127.0.0.1:{server.port}", region
        self.connection = http.client.HTTPConnection(*server.address, timeout=timeout)

    def close(self):
        self.connection.close()

    # ---- requests as bytes

    def tc3_headers(self, action, body, method="POST", query="", extra=None, also_signed=None, content_type=None, payload=None,
                    timestamp=None):
        timestamp = int(time.time()) if timestamp is None else timestamp
        signed = {"content-type": content_type or (JSON if method == "POST" else FORM), "host": self.host, **(also_signed or {})}
        return {
            "Host": self.host, "Content-Type": signed["content-type"], "X-TC-Action": action, "X-TC-Version": VERSION,
            "X-TC-Timestamp": str(timestamp), "X-TC-Region": self.region,
            **{name: value for name, value in signed.items() if name not in ("host", "content-type")},
            "Authorization": tc3_authorization(self.access_id, self.secret, method, query, signed,
                                               payload if payload is not None else body, timestamp),
            **(extra or {})}

    def request_bytes(self, action, parameters=None, extra=None, body=None, framing=None, **options):
        """A whole signed POST; `framing` replaces the Content-Length header and how the body is sent."""
        body = json.dumps(parameters or {}).encode() if body is None else body
        headers = self.tc3_headers(action, body, extra=extra, **options)
        if framing is None:
            headers["Content-Length"], sent = str(len(body)), body
        else:
            added, sent = framing(body)
            headers.update(added)
        return head_bytes("POST", "/", headers) + sent

    def v1_parameters(self, action, parameters, method, algorithm, drop=()):
        flat = {**flattened(parameters or {}), "Action": action, "Version": VERSION, "Region": self.region,
                "Timestamp": str(int(time.time())), "Nonce": str(next(self.nonces)), "SecretId": self.access_id,
                "SignatureMethod": algorithm}
        for name in drop:
            del flat[name]
        text = f"{method}{self.host}/?" + "&".join(f"{n.replace('_', '.')}={v}" for n, v in sorted(flat.items()))
        kind = hashlib.sha256 if algorithm == "HmacSHA256" else hashlib.sha1
        flat["Signature"] = b64(hmac.new(self.secret.encode(), text.encode(), kind).digest())
        return flat

    # ---- calls

    def send(self, method, target, headers, body=b""):
        self.connection.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
        for name, value in headers.items():
            self.connection.putheader(name, value)
        if method == "POST" and "Content-Length" not in headers:
            self.connection.putheader("Content-Length", str(len(body)))
        self.connection.endheaders(body or None)
        answer = self.connection.getresponse()
        return sound(answer.status, answer.headers, answer.read())

    def __call__(self, action, **parameters):
        return self.json(action, json.dumps(parameters).encode())

    def json(self, action, body, **options):
        """TC3 POST with this very body."""
        return result(self.send("POST", "/", self.tc3_headers(action, body, **options), body))

    def get(self, action, parameters=None):
        """TC3 GET with flattened parameters."""
        query = urllib.parse.urlencode(flattened(parameters or {}))
        return result(self.send("GET", f"/?{query}" if query else "/", self.tc3_headers(action, b"", "GET", query)))

    def v1(self, action, parameters=None, method="GET", algorithm="HmacSHA256", encode=urllib.parse.urlencode):
        text = encode(self.v1_parameters(action, parameters, method, algorithm))
        if method == "GET":
            return result(self.send("GET", "/?" + text, {"Host": self.host}))
        return result(self.send("POST", "/", {"Host": self.host, "Content-Type": FORM}, text.encode()))

    def refusal(self, action, **parameters):
        return refusal(self, action, **parameters)

    def create(self, alias=None, **more):
        return self("CreateKey", Alias=alias or unique_alias(), **more)["KeyId"]

    def metadata(self, key):
        return self("DescribeKey", KeyId=key)["KeyMetadata"]


def refusal(call, *arguments, **parameters):
    """The code with which a call is refused."""
    try:
        answer = call(*arguments, **parameters)
    except Refused as error:
        return error.code
    raise AssertionError(f"the call was to be refused, but was answered {answer}")


def flattened(parameters, prefix=""):
    flat = {}
    items = parameters.items() if isinstance(parameters, dict) else enumerate(parameters)
    for name, value in items:
        if isinstance(value, (dict, list)):
            flat.update(flattened(value, f"{prefix}{name}."))
        else:
            flat[f"{prefix}{name}"] = str(value)
    return flat


def head_bytes(method, target, headers):
    lines = [f"{method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
    return "\r\n".join(lines).encode("latin-1")


aliases = itertools.count(1)


def unique_alias(prefix="t"):
    return f"{prefix}-{next(aliases)}"


class Raw:
    """A bare connection."""

    def __init__(self, server, timeout=10, receive_buffer=None):
        self.socket = socket.socket()
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(timeout)
        self.socket.connect(server.address)
        self.buffer = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, data):
        """Sends until the server has all or wants no more; tells whether it has all."""
        try:
            self.socket.sendall(data)
            return True
        except (BrokenPipeError, ConnectionResetError):
            return False

    def end(self):
        """Says that nothing more comes."""
        try:
            self.socket.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def fill(self):
        try:
            part = self.socket.recv(65536)
        except ConnectionResetError:
            part = b""
        self.buffer += part
        return bool(part)

    def response(self, has_body=True):
        """The next answer as (status, headers, body), or None if the server closed the connection before one began."""
        while b"\r\n\r\n" not in self.buffer:
            if not self.fill():
                assert not self.buffer, f"the connection ended within an answer: {self.buffer[:200]}"
                return None
        head, _, rest = self.buffer.partition(b"\r\n\r\n")
        check_tells_nothing(head)
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = http.client.HTTPMessage()
        for line in lines:
            name, _, value = line.partition(":")
            headers[name] = value.strip()
        status = int(first.split()[1])
        size = int(headers.get("Content-Length", 0)) if has_body else 0
        while len(rest) < size:
            assert self.fill(), "the connection ended within an answer"
            rest = self.buffer.partition(b"\r\n\r\n")[2]
        self.buffer = rest[size:]
        if status != 200:
            check_tells_nothing(rest[:size])
        return status, headers, rest[:size]

    def responses(self):
        """All answers until the server closes the connection."""
        found = []
        while (answer := self.response()) is not None:
            found.append(answer)
        return found


def code_of(answer):
    """The code of a raw answer in the envelope; None for a success."""
    return sound(*answer).get("Error", {}).get("Code")
