"""A small client of Alibaba's API that signs by itself in both generations and holds every answer to the contract's form."""
import base64
import calendar
import hashlib
import hmac
import http.client
import json
import re
import time
import urllib.parse
import uuid
import xml.etree.ElementTree

from cryptography.hazmat.primitives import serialization

import sm2
from client import FORM, UUID, Refused, check_tells_nothing, unique_alias
from material import WRAPPINGS

VERSION = "2016-01-20"
REGION = "cn-hangzhou"
NOBODY = "00000000-1111-4222-8333-444444444444"
TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")
JSON_TYPE, XML_TYPE = "application/json;charset=utf-8", "text/xml;charset=utf-8"
DAY = 86_400
EMPTY_HASH = hashlib.sha256(b"").hexdigest()

# How a call can be sent: which signature, which method, and where the parameters are.
WAYS = ["V1 GET", "V1 query", "V1 form", "V1 all in the form", "ACS3 GET", "ACS3 query", "ACS3 form"]

# Section 6: every code and its status.
STATUS = {
    **dict.fromkeys("""
        MissingParameter InvalidParameter ParseRequestParameterException IncompleteSignature SignatureDoesNotMatch SignatureNonceUsed
        IllegalTimestamp InvalidTimeStamp.Expired InvalidTimeStamp.Format InvalidVersion AliasAlreadyExists InvalidKeyMaterial
        InvalidImportToken ExpiredImportToken Unsupported.Origin Unsupported.Alias Unsupported.ProtectionLevel Rejected.LimitExceeded
        Rejected.UnsupportedOperation Forbidden.Opened Throttling InvalidSecurityToken.Malformed InvalidSecurityToken.Expired
        """.split(), 400),
    **dict.fromkeys("Forbidden.NoPermission Forbidden.AccessKey Forbidden.KmsServiceNotEnabled UnsupportedHTTPMethod".split(), 403),
    **dict.fromkeys("""
        InvalidAccessKeyId.NotFound InvalidAction.NotFound Forbidden.KeyNotFound Forbidden.KeyVersionNotFound Forbidden.AliasNotFound
        Forbidden.ResourceNotFound""".split(), 404),
    **dict.fromkeys("""
        Rejected.Enabled Rejected.Disabled Rejected.PendingDeletion Rejected.PendingImport Rejected.StateModifiedFailed
        Rejected.ResourceExist Rejected.ResourceInDeleteWindow""".split(), 409),
    "Rejected.Throttling": 429, "InternalFailure": 500, "ServiceUnavailableTemporary": 503,
}


class AlibabaRefused(Refused):
    def __init__(self, status, error):
        super().__init__(error["Code"], error["Message"], error["RequestId"])
        self.status, self.host = status, error["HostId"]


def elements(node):
    """What an XML answer says, in the form of the JSON answer but with texts only: lists are told by the names of their holders."""
    if len(node) == 0:
        return node.text or ""
    found = {}
    for child in node:
        found.setdefault(child.tag, []).append(elements(child))
    return {name: values[0] if len(values) == 1 else values for name, values in found.items()}


def alibaba_sound(status, headers, body):
    """The object of an answer, if the answer has the contract's form; what is refused is raised."""
    if headers["Content-Type"] == XML_TYPE:
        root = xml.etree.ElementTree.fromstring(body.decode("utf-8"))
        assert root.tag == ("KMS" if status == 200 else "Error"), body
        answer = elements(root)
    else:
        assert headers["Content-Type"] == JSON_TYPE, headers
        answer = json.loads(body.decode("utf-8"))
    assert isinstance(answer, dict), answer
    request_id = answer["RequestId"]
    assert UUID.fullmatch(request_id) and headers.get_all("x-acs-request-id") == [request_id], (headers, answer)
    if status == 200:
        assert "Code" not in answer, answer
        return answer
    check_tells_nothing(body)
    assert set(answer) == {"RequestId", "HostId", "Code", "Message", "Recommend"}, answer
    assert answer["Message"] and answer["Recommend"] and STATUS[answer["Code"]] == status, (status, answer)
    raise AlibabaRefused(status, answer)


def alibaba_code(answer):
    """The code of a raw answer; `None` for a success."""
    try:
        alibaba_sound(*answer)
    except AlibabaRefused as refused:
        return refused.code


# ---------------------------------------------------------------- signatures

def percent(text):
    return urllib.parse.quote(text, safe="-_.~")


def canonical(parameters):
    """Section 2.1, steps 2 and 3: sorted by the bytes of the decoded names, as both SDKs do."""
    return "&".join(f"{percent(name)}={percent(parameters[name])}" for name in sorted(parameters, key=str.encode))


def rpc_string_to_sign(method, parameters):
    return f"{method}&%2F&{percent(canonical({name: value for name, value in parameters.items() if name != 'Signature'}))}"


def rpc_signature(method, parameters, secret):
    text = rpc_string_to_sign(method, parameters)
    return base64.b64encode(hmac.new(secret.encode() + b"&", text.encode(), hashlib.sha1).digest()).decode()


def acs3_string_to_sign(method, query, signed, body_hash):
    """`query` maps decoded names to decoded values; `signed` maps the signed headers' names to their values."""
    headers = {name.lower(): value.strip() for name, value in signed.items()}
    names = sorted(headers)
    request = "\n".join([method, "/", canonical(query), *(f"{name}:{headers[name]}" for name in names), "", ";".join(names), body_hash])
    return f"ACS3-HMAC-SHA256\n{hashlib.sha256(request.encode()).hexdigest()}"


def acs3_authorization(access_id, secret, method, query, signed, body_hash):
    text = acs3_string_to_sign(method, query, signed, body_hash)
    names = ";".join(sorted(name.lower() for name in signed))
    signature = hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()
    return f"ACS3-HMAC-SHA256 Credential={access_id},SignedHeaders={names},Signature={signature}"


def utc(seconds=0):
    """The moment that is so many seconds from now."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + seconds))


def when(text):
    """The unix time that an answer says."""
    assert TIME.fullmatch(text), text
    return calendar.timegm(time.strptime(text, "%Y-%m-%dT%H:%M:%SZ"))


def spelt(value):
    """A parameter's value as it is sent."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else json.dumps(value) if isinstance(value, (dict, list)) else str(value)


def encoded(parameters):
    return urllib.parse.urlencode(parameters)


# ---------------------------------------------------------------- calls

class AlibabaClient:
    """One kept-alive connection. Not for several threads at a time.

    Signs with `credentials` (anything with `id`, `secret` and perhaps `token`), by default those of the first account's root. `way` is one of
    `WAYS`.
    """

    def __init__(self, server, credentials=None, way="ACS3 query", timeout=60):
        found = server.credentials
        self.access_id, self.secret, self.token = found["CLAVIGER_ACCESS_ID"], found["CLAVIGER_ACCESS_KEY"], None
        if credentials is not None:
            self.access_id, self.secret, self.token = credentials.id, credentials.secret, getattr(credentials, "token", None)
        self.server, self.way, self.host = server, way, f"127.0.0.1:{server.port}"
        self.connection = http.client.HTTPConnection(*server.address, timeout=timeout)

    def close(self):
        self.connection.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    # ---- requests

    def signed(self, action, parameters=None, method="POST", drop=(), **common):
        """Parameters with their V1 signature. `common` replaces common ones; those in `drop` are left out before it is made."""
        found = {
            "Action": action, "Version": VERSION, "AccessKeyId": self.access_id, "SignatureMethod": "HMAC-SHA1", "SignatureVersion": "1.0",
            "SignatureNonce": uuid.uuid4().hex, "Timestamp": utc(), **({"SecurityToken": self.token} if self.token else {}),
            **{name: spelt(value) for name, value in (parameters or {}).items()}, **common}
        found = {name: value for name, value in found.items() if name not in drop}
        return {**found, "Signature": rpc_signature(method, found, self.secret)}

    def headers(self, action, query=None, body=b"", method="POST", drop=(), unsigned=(), body_hash=None, **changes):
        """The headers of an ACS3 request. `changes` (with _ for -) replaces or adds signed ones; `drop` leaves out, `unsigned` does not sign."""
        found = {
            "host": self.host, "x-acs-action": action, "x-acs-version": VERSION, "x-acs-date": utc(),
            "x-acs-signature-nonce": uuid.uuid4().hex, "x-acs-content-sha256": body_hash or hashlib.sha256(body).hexdigest(),
            **({"x-acs-security-token": self.token} if self.token else {}), **({"content-type": FORM} if body else {}),
            **{name.replace("_", "-"): value for name, value in changes.items()}}
        found = {name: value for name, value in found.items() if name not in drop}
        signed = {name: value for name, value in found.items() if name not in unsigned}
        authorization = acs3_authorization(self.access_id, self.secret, method, query or {}, signed, found.get("x-acs-content-sha256", EMPTY_HASH))
        return {**found, "Authorization": authorization}

    def request(self, action, parameters=None, way=None):
        """Method, target, headers and body of a call."""
        signature, _, place = (way or self.way).partition(" ")
        method = "GET" if place == "GET" else "POST"
        given = {name: spelt(value) for name, value in (parameters or {}).items()}
        if signature == "V1":
            found = self.signed(action, given, method)
            form = given if place == "form" else found if place == "all in the form" else {}
            query = {name: value for name, value in found.items() if name not in form}
            headers = {"Host": self.host, **({"Content-Type": FORM} if form else {})}
        else:
            form, query = (given, {}) if place == "form" else ({}, given)
            headers = self.headers(action, query, encoded(form).encode(), method)
        return method, f"/?{encoded(query)}" if query else "/", headers, encoded(form).encode()

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

    def raw(self, action, /, **parameters):
        return self.send(*self.request(action, parameters))

    def __call__(self, action, /, **parameters):
        """The object of the answer; parameters that are `None` are left out."""
        return alibaba_sound(*self.raw(action, **{name: value for name, value in parameters.items() if value is not None}))

    def by(self, way, action, /, **parameters):
        """A call that is sent in this way, whatever is usual here."""
        return alibaba_sound(*self.send(*self.request(action, parameters, way)))

    def outcome(self, action, /, **parameters):
        """`None` if the call is answered, else the code."""
        return alibaba_code(self.raw(action, **parameters))

    def refusal(self, action, /, **parameters):
        """The code with which a call is refused; the status is held to it in any case."""
        answer = self.raw(action, **parameters)
        code = alibaba_code(answer)
        assert code is not None, f"{action} was to be refused, but was answered {answer}"
        return code

    # ---- what tests need again and again

    def create(self, **more):
        return self("CreateKey", **more)["KeyMetadata"]["KeyId"]

    def metadata(self, key):
        return self("DescribeKey", KeyId=key)["KeyMetadata"]

    def state(self, key):
        return self.metadata(key)["KeyState"]

    def versions(self, key):
        """Ids of the versions, newest first."""
        return [entry["KeyVersionId"] for entry in self.all("ListKeyVersions", "KeyVersions", "KeyVersion", KeyId=key)]

    def encrypt(self, key, plaintext=b"data", **more):
        return self("Encrypt", KeyId=key, Plaintext=base64.b64encode(plaintext).decode(), **more)["CiphertextBlob"]

    def decrypt(self, blob, **more):
        return base64.b64decode(self("Decrypt", CiphertextBlob=blob, **more)["Plaintext"], validate=True)

    def all(self, action, outer, inner, size=100, **more):
        """The entries of all pages."""
        found, number = [], 1
        while True:
            page = self(action, PageNumber=number, PageSize=size, **more)
            assert (page["PageNumber"], page["PageSize"]) == (number, size)
            found += page[outer][inner]
            if len(found) >= page["TotalCount"]:
                assert len(found) == page["TotalCount"]
                return found
            assert len(page[outer][inner]) == size
            number += 1

    def keys(self, **filters):
        """Ids of all keys that have one of the values in each filter."""
        text = json.dumps([{"Key": name, "Values": values} for name, values in filters.items()])
        return [entry["KeyId"] for entry in self.all("ListKeys", "Keys", "Key", Filters=text if filters else None)]

    def aliases(self, key):
        """Names of a key's aliases, without their prefix."""
        found = self.all("ListAliasesByKeyId", "Aliases", "Alias", KeyId=key)
        assert all(entry["KeyId"] == key for entry in found)
        return [entry["AliasName"].removeprefix("alias/") for entry in found]

    def tags(self, key):
        return {tag["TagKey"]: tag["TagValue"] for tag in self("ListResourceTags", KeyId=key)["Tags"]["Tag"]}

    def bring(self, key, material, algorithm="RSAES_OAEP_SHA_256", **more):
        """Imports material."""
        parameters = self("GetParametersForImport", KeyId=key, WrappingAlgorithm=algorithm,
                          WrappingKeySpec="EC_SM2" if algorithm == "SM2PKE" else "RSA_2048")
        assert parameters["KeyId"] == key
        return self("ImportKeyMaterial", KeyId=key, ImportToken=parameters["ImportToken"],
                    EncryptedKeyMaterial=wrapped(parameters, material, algorithm), **more)

    def keep(self, name=None, value="value", version="v1", **more):
        """Makes a secret; returns its name."""
        name = name or unique_alias("secret")
        made = self("CreateSecret", SecretName=name, SecretData=value, VersionId=version, **more)
        assert (made["SecretName"], made["VersionId"]) == (name, version)
        return name

    def put(self, name, value, version, **more):
        return self("PutSecretValue", SecretName=name, SecretData=value, VersionId=version, **more)["VersionStages"]["VersionStage"]

    def value(self, name, **more):
        return self("GetSecretValue", SecretName=name, **more)["SecretData"]

    def stages(self, name, everything=True):
        """The stages of each version."""
        found = self.all("ListSecretVersionIds", "VersionIds", "VersionId", SecretName=name, IncludeDeprecated=everything)
        return {entry["VersionId"]: entry["VersionStages"]["VersionStage"] for entry in found}

    def secrets(self, **more):
        return [entry["SecretName"] for entry in self.all("ListSecrets", "SecretList", "Secret", **more)]


def wrapped(parameters, material, algorithm="RSAES_OAEP_SHA_256"):
    public = base64.b64decode(parameters["PublicKey"], validate=True)
    if algorithm == "SM2PKE":
        text = b"\x04" + b"".join(sm2.encrypt(sm2.point_of(public), material))
    else:
        text = serialization.load_der_public_key(public).encrypt(material, WRAPPINGS[algorithm])
    return base64.b64encode(text).decode()
