"""A client of the legacy API v2 that holds every answer to the contract's form."""
import hashlib
import hmac
import http.client
import itertools
import json
import time
import urllib.parse

from client import DOCUMENTED, FORM, JSON, UUID, b64, check_tells_nothing, flattened

PATH = "/v2/index.php"


class LegacyRefused(Exception):
    def __init__(self, code, name, message):
        super().__init__(f"{code} {name}: {message}")
        self.code, self.name = code, name


def legacy_sound(status, headers, body):
    """The answer's object, if it has the contract's form."""
    assert status == 200, (status, body)
    assert headers["Content-Type"] == JSON, headers
    answer = json.loads(body.decode("utf-8"))
    assert UUID.fullmatch(answer["requestId"]), answer
    assert type(answer["code"]) is int, answer
    if answer["code"] == 0:
        assert (answer["message"], answer["codeDesc"]) == ("", "Success"), answer
    else:
        check_tells_nothing(body)
        assert set(answer) == {"code", "message", "codeDesc", "requestId"}, answer
        assert answer["message"] and answer["codeDesc"] in DOCUMENTED, answer
        assert 4000 <= answer["code"] <= 6000, answer
    return answer


def legacy_result(answer):
    if answer["code"]:
        raise LegacyRefused(answer["code"], answer["codeDesc"], answer["message"])
    return answer


class LegacyClient:
    """One kept-alive connection. Not for several threads at a time."""

    nonces = itertools.count(int(time.time() * 1000) % 10**9)

    def __init__(self, server, region=None, timeout=30):
        credentials = server.credentials
        self.access_id, self.secret = credentials["CLAVIGER_ACCESS_ID"], credentials["CLAVIGER_ACCESS_KEY"]
        self.host, self.region = f"127.0.0.1:{server.port}", region
        self.connection = http.client.HTTPConnection(*server.address, timeout=timeout)

    def close(self):
        self.connection.close()

    def parameters(self, action, parameters=None, method="GET", algorithm="HmacSHA256", **common):
        """Signed parameters; a common one that is None is left out."""
        given = {"Action": action, "Timestamp": int(time.time()), "Nonce": next(self.nonces), "SecretId": self.access_id,
                 "Region": self.region, "SignatureMethod": algorithm, **common}
        flat = {**flattened(parameters or {}), **{name: str(value) for name, value in given.items() if value is not None}}
        signed = {name: value for name, value in flat.items() if method == "GET" or not value.startswith("@")}
        text = f"{method}{self.host}{PATH}?" + "&".join(f"{n.replace('_', '.')}={v}" for n, v in sorted(signed.items()))
        kind = hashlib.sha256 if algorithm == "HmacSHA256" else hashlib.sha1
        return {**flat, "Signature": b64(hmac.new(self.secret.encode(), text.encode(), kind).digest())}

    def send(self, method, target, headers, body=b""):
        self.connection.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
        for name, value in {"Host": self.host, **headers}.items():
            self.connection.putheader(name, value)
        if method != "GET":
            self.connection.putheader("Content-Length", str(len(body)))
        self.connection.endheaders(body or None)
        answer = self.connection.getresponse()
        return legacy_sound(answer.status, answer.headers, answer.read())

    def send_parameters(self, parameters, method="GET"):
        text = urllib.parse.urlencode(parameters)
        if method == "GET":
            return self.send("GET", f"{PATH}?{text}", {})
        return self.send("POST", PATH, {"Content-Type": FORM}, text.encode())

    def call(self, action, parameters=None, method="GET", **options):
        return legacy_result(self.send_parameters(self.parameters(action, parameters, method, **options), method))

    def __call__(self, action, **parameters):
        return self.call(action, parameters, "POST")


def legacy_refusal(call, *arguments, **parameters):
    """The number with which a call is refused."""
    try:
        answer = call(*arguments, **parameters)
    except LegacyRefused as error:
        return error.code
    raise AssertionError(f"the call was to be refused, but was answered {answer}")
