"""A small client of Huawei's API that signs by itself and holds every answer to the contract's form."""
import base64
import hashlib
import hmac
import http.client
import json
import re
import time
import urllib.parse

from cryptography.hazmat.primitives import serialization

from client import JSON, UUID, Raw, Refused, check_tells_nothing, head_bytes, unique_alias
from material import WRAPPINGS

ALGORITHM = "SDK-HMAC-SHA256"
TOKENS = "/v3/auth/tokens"
PLACEHOLDER = "%7Bproject_id%7D"
NOBODY = "00000000-0000-4000-8000-000000000000"
TOKEN = re.compile(r"[A-Za-z0-9+/=_-]+")
KEY_ID = re.compile(r"[0-9a-z]{8}-[0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{12}")
ENABLED, DISABLED, PENDING_DELETION, PENDING_IMPORT = "2", "3", "4", "5"
DAY = 86_400

# The texts of section 8, which clients show to people.
MESSAGES = {
    "KMS.0101": "KMS error.", "KMS.0102": "Abnormal KMS I/O.", "KMS.0201": "Invalid request URL.",
    "KMS.0202": "Invalid JSON format of the request message.", "KMS.0203": "Request message too long.",
    "KMS.0204": "Parameters missing in the request message.", "KMS.0205": "Invalid key ID.", "KMS.0206": "Invalid sequence number.",
    "KMS.0208": "Invalid value of value encryption_context.", "KMS.0209": "The key has been disabled.",
    "KMS.0210": "The key is in Scheduled deletion state and cannot be used.",
    "KMS.0211": "Cannot perform this operation on Default Master Keys.", "KMS.0308": "Invalid parameter.",
    "KMS.0309": "External keys required.", "KMS.0310": "The key is not in Pending import state.",
    "KMS.0311": "Failed to decrypt data using the RSA private key.", "KMS.0312": "External keys cannot be rotated.",
    "KMS.0313": "Key rotation is not enabled.", "KMS.0401": "Tag list cannot be empty.", "KMS.0402": "Invalid match value.",
    "KMS.0403": "Invalid match key.", "KMS.0404": "Invalid action.", "KMS.0405": "Invalid tag value.", "KMS.0406": "Invalid tag key.",
    "KMS.0407": "Invalid tag list size.", "KMS.0408": "Invalid resourceType.", "KMS.0409": "Too many tags.",
    "KMS.0410": "Invalid tag value length.", "KMS.0411": "Invalid tag key length.", "KMS.0412": "Invalid tag list.",
    "KMS.0413": "Too many tag values.", "KMS.0415": "Invalid matches.", "KMS.0417": "Invalid offset.", "KMS.1101": "Invalid key_alias.",
    "KMS.1103": "Invalid key_description.", "KMS.1104": "Duplicate key aliases.", "KMS.1105": "Too many keys.",
    "KMS.1201": "The key is not disabled.", "KMS.1301": "The key is not enabled.",
    "KMS.1401": "Set the pending deletion period between 7 to 1096 days.", "KMS.1402": "The key is already in Pending deletion state.",
    "KMS.1501": "The key is not in Pending deletion state.", "KMS.1601": "Invalid limit.",
    "KMS.1602": "marker must be greater than or equals 0.", "KMS.1801": "random_data_length must be 512 bits.",
    "KMS.1901": "datakey_length must be in the range 8 bits to 8,192 bits.", "KMS.2001": "datakey_length must be 512 bits.",
    "KMS.2101": "Invalid plain_text.", "KMS.2102": "datakey_plain_length must be 64 bytes.", "KMS.2103": "Failed to verify the DEK hash.",
    "KMS.2201": "Invalid cipher_text.", "KMS.2202": "datakey_cipher_length must be 64 bytes.", "KMS.2203": "Failed to verify the DEK hash.",
    "KMS.2601": "Token expired.", "KMS.2602": "Key expiration time must be later than the current time.",
    "KMS.2603": "Key IDs in the imported key and token do not match.",
    "KMS.2604": "The external key plaintext length must be 32 bits.", "KMS.2605": "Token verification failed.",
    "KMS.2606": "You are importing a deleted key again. The imported plaintext must be the same as the deleted key plaintext.",
    "KMS.2701": "Key material is not in Enabled or Disabled state and cannot be deleted.",
    "KMS.0301": "Invalid or null X-Auth-Token.", "KMS.0302": "Invalid X-Auth-Token.", "KMS.0303": "X-Auth-Token expired.",
    "KMS.0305": "Invalid X-Auth-Token project name.", "KMS.0306": "No access permissions.", "KMS.0307": "No access permissions.",
}
REFUSALS = {"KMS.0301", "KMS.0302", "KMS.0303", "KMS.0305", "KMS.0306", "KMS.0307"}
TITLES = {400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed"}


class HuaweiRefused(Refused):
    """Of the identity calls, which have no codes, the code is the status."""

    def __init__(self, status, code, message, request_id):
        super().__init__(code, message, request_id)
        self.status = status


def huawei_sound(status, headers, body):
    """The object of an answer, or `None` of one without a body, if the answer has the contract's form; what is refused is raised."""
    request_id = headers["X-Request-Id"]
    assert headers.get_all("X-Request-Id") == [request_id] and UUID.fullmatch(request_id), headers
    if status == 204:
        assert body == b"" and headers["Content-Length"] is None and headers["Transfer-Encoding"] is None, headers
        return None
    assert headers["Content-Type"].split(";")[0] == JSON, headers
    answer = json.loads(body.decode("utf-8"))
    assert isinstance(answer, dict), answer
    if status in (200, 201):
        return answer
    check_tells_nothing(body)
    if "error" not in answer:
        # The gateway's form.
        assert set(answer) == {"error_code", "error_msg", "request_id"} and answer["request_id"] == request_id, answer
        assert (status, answer["error_code"]) == (401, "APIGW.0301"), (status, answer)
        assert answer["error_msg"].startswith("Incorrect IAM authentication information: "), answer
        raise HuaweiRefused(status, answer["error_code"], answer["error_msg"], request_id)
    error = answer["error"]
    assert set(answer) == {"error"}, answer
    if "error_code" not in error:
        # The form of the identity service.
        assert set(error) == {"code", "message", "title"} and error["code"] == status, (status, answer)
        assert error["title"] == TITLES[status] and error["message"], answer
        raise HuaweiRefused(status, status, error["message"], request_id)
    code = error["error_code"]
    assert error == {"error_code": code, "error_msg": MESSAGES[code]}, answer
    expected = {403} if code in REFUSALS else {500} if code in ("KMS.0101", "KMS.0102") else {400}
    # A tag that is to be deleted and is not there.
    assert status in (expected | {404} if code == "KMS.0406" else expected), (status, answer)
    raise HuaweiRefused(status, code, error["error_msg"], request_id)


def huawei_code(answer):
    """The code of a raw answer; `None` for a success."""
    try:
        huawei_sound(*answer)
    except HuaweiRefused as refused:
        return refused.code


# ---------------------------------------------------------------- signatures

def canonical_path(path):
    decoded = urllib.parse.unquote_to_bytes(path)
    encoded = "/".join(urllib.parse.quote(piece, safe="-_.~") for piece in decoded.split(b"/"))
    return encoded if encoded.endswith("/") else encoded + "/"


def canonical_query(query):
    pairs = []
    for part in query.split("&") if query else []:
        name, _, value = part.partition("=")
        pairs.append(tuple(urllib.parse.quote(urllib.parse.unquote_to_bytes(text), safe="-_.~") for text in (name, value)))
    return "&".join(f"{name}={value}" for name, value in sorted(pairs))


def canonical_request(method, target, signed, body_hash):
    path, _, query = target.partition("?")
    names = sorted(name.lower() for name in signed)
    values = {name.lower(): value.strip(" ") for name, value in signed.items()}
    return "\n".join([method, canonical_path(path), canonical_query(query), *(f"{name}:{values[name]}" for name in names), "",
                      ";".join(names), body_hash])


def huawei_authorization(access_id, secret, method, target, signed, body, body_hash=None, algorithm=ALGORITHM):
    """The Authorization header; `signed` maps the signed headers' names to their values, the date among them."""
    date = next((value for name, value in signed.items() if name.lower() == "x-sdk-date"), "")
    canonical = canonical_request(method, target, signed, body_hash or hashlib.sha256(body).hexdigest())
    text = f"{algorithm}\n{date}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    signature = hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()
    return f"{algorithm} Access={access_id}, SignedHeaders={';'.join(sorted(name.lower() for name in signed))}, Signature={signature}"


def huawei_date(seconds=0):
    """The moment that is so many seconds from now."""
    return time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(time.time() + seconds))


# ---------------------------------------------------------------- tokens

def token_request(user, password, domain, scope=None):
    """The body that asks for a token; without a scope, one for the project of the region `ae-ad-1`."""
    return {"auth": {
        "identity": {"methods": ["password"],
                     "password": {"user": {"name": user, "password": password, "domain": {"name": domain}}}},
        "scope": scope or {"project": {"name": "ae-ad-1"}}}}


def root_token_request(server, scope=None):
    found = server.credentials
    return token_request(found["CLAVIGER_USER"], found["CLAVIGER_PASSWORD"], found["CLAVIGER_DOMAIN_NAME"], scope)


def issue_token(server, body, query=""):
    """The token and what is said of it, on a connection of its own."""
    body = body if isinstance(body, bytes) else json.dumps(body).encode()
    connection = http.client.HTTPConnection(*server.address, timeout=60)
    try:
        connection.request("POST", TOKENS + query, body, {"Content-Type": JSON})
        answer = connection.getresponse()
        text = answer.read()
        token = answer.headers["X-Subject-Token"]
        assert (token is not None) == (answer.status == 201), (answer.status, text)
        found = huawei_sound(answer.status, answer.headers, text)
        assert TOKEN.fullmatch(token)
        return token, found["token"]
    finally:
        connection.close()


# ---------------------------------------------------------------- calls

class HuaweiClient:
    """One kept-alive connection. Not for several threads at a time.

    Signs with `credentials` (anything with `id`, `secret` and perhaps `token`), by default those of the first account's root; with
    `token`, sends that instead.
    """

    def __init__(self, server, region="ae-ad-1", credentials=None, token=None, project=None, timeout=60):
        found = server.credentials
        self.access_id, self.secret, self.security_token = found["CLAVIGER_ACCESS_ID"], found["CLAVIGER_ACCESS_KEY"], None
        if credentials is not None:
            self.access_id, self.secret, self.security_token = credentials.id, credentials.secret, getattr(credentials, "token", None)
        self.server, self.region, self.token = server, region, token
        self.host = f"127.0.0.1:{server.port}"
        self.connection = http.client.HTTPConnection(*server.address, timeout=timeout)
        self.project = project or self.find_project()

    def close(self):
        self.connection.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def find_project(self):
        found, = self.call("GET", f"/v3/projects?name={self.region}")["projects"]
        assert found["name"] == self.region
        return found["id"]

    # ---- requests

    def kms(self, path):
        return f"/v1.0/{self.project}/kms/{path}"

    def headers(self, method, target, body=b"", date=None, extra_signed=None, drop=(), body_hash=None, content_type=JSON):
        """The headers of a request; `drop` names signed ones that are left out of the signature and of the request."""
        common = {"Host": self.host, **({"Content-Type": content_type} if content_type is not None else {})}
        if self.token is not None:
            return {**common, "X-Auth-Token": self.token}
        signed = {**common, "X-Sdk-Date": date or huawei_date(), **(extra_signed or {}),
                  **({"X-Security-Token": self.security_token} if self.security_token else {})}
        signed = {name: value for name, value in signed.items() if name.lower() not in drop}
        return {**signed, "Host": self.host, "Authorization": huawei_authorization(
            self.access_id, self.secret, method, target, signed, body, body_hash)}

    def send(self, method, target, headers, body=b""):
        """The answer as (status, headers, body)."""
        self.connection.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
        for name, value in headers.items():
            self.connection.putheader(name, value)
        if (body or method in ("POST", "PUT")) and "Content-Length" not in headers:
            self.connection.putheader("Content-Length", str(len(body)))
        self.connection.endheaders(body or None)
        answer = self.connection.getresponse()
        return answer.status, answer.headers, answer.read()

    def raw(self, method, target, body=None, **options):
        body = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.send(method, target, self.headers(method, target, body, **options), body)

    def call(self, method, target, body=None, **options):
        """The object of the answer; raises what is refused."""
        return huawei_sound(*self.raw(method, target, body, **options))

    def __call__(self, action, /, **members):
        """A POST; members that are `None` are left out."""
        return self.post(action, {name: value for name, value in members.items() if value is not None})

    def post(self, action, body):
        return self.call("POST", self.kms(action), body)

    def get(self, path):
        return self.call("GET", self.kms(path))

    def delete(self, path, body=None):
        return self.call("DELETE", self.kms(path), body)

    def refusal(self, action, /, **members):
        """The code with which a call is refused."""
        return self.refusal_of("POST", action, members)

    def refusal_of(self, method, path, body=None, **options):
        """The code with which a call of a KMS path is refused."""
        answer = self.raw(method, self.kms(path), body, **options)
        code = huawei_code(answer)
        assert code is not None, f"{method} {path} was to be refused, but was answered {answer}"
        return code

    def outcome(self, action, /, **members):
        """`None` if the call is answered, else the code."""
        return huawei_code(self.raw("POST", self.kms(action), members))

    def request_bytes(self, action, body, framing=None):
        """A whole POST; `framing` replaces the Content-Length header and how the body is sent."""
        target = self.kms(action)
        headers = self.headers("POST", target, body)
        if framing is None:
            return head_bytes("POST", target, {**headers, "Content-Length": len(body)}) + body
        added, sent = framing(body)
        return head_bytes("POST", target, {**headers, **added}) + sent

    # ---- what tests need again and again

    def create(self, alias=None, **more):
        return self("create-key", key_alias=alias or unique_alias("hw"), **more)["key_info"]["key_id"]

    def describe(self, key):
        return self("describe-key", key_id=key)["key_info"]

    def state(self, key):
        return self.describe(key)["key_state"]

    def encrypt(self, key, text="data", **more):
        return self("encrypt-data", key_id=key, plain_text=text, **more)["cipher_text"]

    def decrypt(self, blob, **more):
        return self("decrypt-data", cipher_text=blob, **more)["plain_text"]

    def tags(self, key):
        return {tag["key"]: tag["value"] for tag in self.get(f"{key}/tags")["tags"]}

    def tag(self, key, **tags):
        self.post(f"{key}/tags/action", {"action": "create", "tags": [{"key": name, "value": value} for name, value in tags.items()]})

    def keys(self, limit=None, **more):
        """Details of all keys, page by page."""
        found, marker = [], "0"
        while True:
            page = self("list-keys", marker=marker, limit=limit, **more)
            assert page["keys"] == [entry["key_id"] for entry in page["key_details"]]
            found += page["key_details"]
            if page["truncated"] == "false":
                assert page["next_marker"] == "" and page["total"] >= len(found)
                return found
            assert page["truncated"] == "true" and int(page["next_marker"]) > int(marker)
            marker = page["next_marker"]

    def default_key(self):
        found, = [entry for entry in self.keys() if entry["key_alias"] == "kms/default"]
        assert found["default_key_flag"] == "1"
        return found["key_id"]

    def bring(self, key, material, algorithm="RSAES_OAEP_SHA_256", **more):
        """Imports material."""
        parameters = self("get-parameters-for-import", key_id=key, wrapping_algorithm=algorithm)
        return self("import-key-material", key_id=key, import_token=parameters["import_token"],
                    encrypted_key_material=wrapped(parameters, material, algorithm), **more)


def wrapped(parameters, material, algorithm="RSAES_OAEP_SHA_256"):
    public = serialization.load_der_public_key(base64.b64decode(parameters["public_key"]))
    return base64.b64encode(public.encrypt(material, WRAPPINGS[algorithm])).decode()


def encoded_dek(dek):
    """What encrypt-datakey takes: the key in hexadecimal, and its digest."""
    return (dek + hashlib.sha256(dek).digest()).hex().upper()


class HuaweiRaw(Raw):
    """A bare connection for requests whose very bytes matter."""

    def code(self):
        """The code of the next answer; `None` for a success."""
        answer = self.response()
        assert answer is not None, "the connection ended without an answer"
        return huawei_code(answer)
