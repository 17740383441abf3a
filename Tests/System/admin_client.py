"""A small client of the administration API that signs by itself and holds every answer to the contract's form."""
import contextlib
import dataclasses
import hashlib
import http.client
import itertools
import json
import secrets
import threading
import time
import urllib.parse

from client import JSON, UUID, check_tells_nothing, digest

PREFIX = "/admin/v1"
WINDOW = 300

# What the design says of statuses: the code's HTTP status, for every code that a test meets.
STATUS = {
    "missingCredentials": 401, "malformedSignature": 401, "signatureMismatch": 401, "requestExpired": 401, "unknownAccessKey": 401,
    "invalidToken": 401, "tokenExpired": 401, "wrongPassword": 401,
    "accessDenied": 403,
    "accountNotFound": 404, "projectNotFound": 404, "identityNotFound": 404, "groupNotFound": 404, "accessKeyNotFound": 404,
    "policyNotFound": 404, "keyNotFound": 404, "unknownAction": 404,
    "unsupportedMethod": 405,
    "nameExists": 409, "policyInUse": 409, "tooManyAccessKeys": 409, "lastRootKey": 409, "rootIdentity": 409, "tooMany": 409,
    "unsupportedOperation": 409,
    "payloadTooLarge": 413,
    "throttled": 429,
    "missingParameter": 400, "unknownParameter": 400, "invalidParameter": 400, "invalidParameterValue": 400, "invalidName": 400,
    "invalidPolicy": 400, "malformedKeyID": 400, "unknownRealm": 400,
    "sealed": 503,
}


class AdminRefused(Exception):
    def __init__(self, status, code, message, request_id):
        super().__init__(f"{status} {code}: {message}")
        self.status, self.code, self.message, self.request_id = status, code, message, request_id


def admin_sound(status, headers, body):
    """The object of an answer, if the answer has the contract's form."""
    assert headers["Content-Type"] == JSON, headers
    answer = json.loads(body.decode("utf-8"))
    assert UUID.fullmatch(answer["requestId"]), answer
    if "error" in answer:
        check_tells_nothing(body)
        assert set(answer) == {"error", "requestId"} and set(answer["error"]) == {"code", "message"}, answer
        assert answer["error"]["message"], answer
        assert STATUS[answer["error"]["code"]] == status, (status, answer)
    else:
        assert status in (200, 201), (status, answer)
    return answer


def admin_authorization(access_id, secret, method, path, query, body, host, timestamp, service="claviger", content_type=JSON, nonce=None):
    date = time.strftime("%Y-%m-%d", time.gmtime(timestamp))
    canonical = "\n".join([method, path, query, f"content-type:{content_type}", f"host:{host}",
                           *([f"x-claviger-nonce:{nonce}"] if nonce else []), "",
                           "content-type;host;x-claviger-nonce" if nonce else "content-type;host",
                           hashlib.sha256(body).hexdigest()])
    scope = f"{date}/{service}/tc3_request"
    text = f"TC3-HMAC-SHA256\n{timestamp}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    key = digest(digest(digest(b"TC3" + secret.encode(), date), service), "tc3_request")
    return (f"TC3-HMAC-SHA256 Credential={access_id}/{scope}, "
            f"SignedHeaders={'content-type;host;x-claviger-nonce' if nonce else 'content-type;host'}, "
            f"Signature={digest(key, text).hex()}")


def segment(text):
    return urllib.parse.quote(text, safe="")


@dataclasses.dataclass(frozen=True)
class Credentials:
    """What signs: an access key, or temporary credentials with their token."""
    id: str
    secret: str
    token: str | None = None


@dataclasses.dataclass(frozen=True)
class User:
    name: str
    number: int
    credentials: Credentials
    policies: tuple


def root_credentials(server):
    found = server.credentials
    return Credentials(found["CLAVIGER_ACCESS_ID"], found["CLAVIGER_ACCESS_KEY"])


class AdminClient:
    """One kept-alive connection. Not for several threads at a time.

    Signs with `credentials`, by default those of the first account's root; with `bearer`, sends that token instead. Answers that are
    no errors are given to `witness(method, path, status, answer)`.
    """

    names = itertools.count(1)
    lock = threading.Lock()

    def __init__(self, server, credentials=None, bearer=None, witness=None, timeout=60):
        self.server, self.bearer, self.witness = server, bearer, witness
        self.credentials = credentials or root_credentials(server)
        self.host = f"127.0.0.1:{server.port}"
        self.connection = http.client.HTTPConnection(*server.address, timeout=timeout)

    def close(self):
        self.connection.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    # ---- requests

    def headers(self, method, path, query="", body=b"", timestamp=None, service="claviger", content_type=JSON):
        common = {"Host": self.host, "Content-Type": content_type}
        if self.bearer is not None:
            return {**common, "Authorization": f"Bearer {self.bearer}"}
        timestamp = int(time.time()) if timestamp is None else timestamp
        nonce = secrets.token_hex(16)
        signed = {**common, "X-TC-Timestamp": str(timestamp), "X-Claviger-Nonce": nonce, "Authorization": admin_authorization(
            self.credentials.id, self.credentials.secret, method, path, query, body, self.host, timestamp, service, content_type, nonce)}
        return signed if self.credentials.token is None else {**signed, "X-TC-Token": self.credentials.token}

    def send(self, method, path, headers, query="", body=b""):
        """Status and object of the answer to this very request; `path` is the whole path."""
        self.connection.putrequest(method, f"{path}?{query}" if query else path, skip_host=True, skip_accept_encoding=True)
        for name, value in headers.items():
            self.connection.putheader(name, value)
        if body or method in ("POST", "PUT", "PATCH"):
            self.connection.putheader("Content-Length", str(len(body)))
        self.connection.endheaders(body or None)
        answer = self.connection.getresponse()
        text = answer.read()
        return answer.status, admin_sound(answer.status, answer.headers, text)

    def call(self, method, path, body=None, **query):
        """Status and answer; `path` follows the prefix. Raises what is refused."""
        text = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        asked = urllib.parse.urlencode({name: value for name, value in query.items() if value is not None})
        whole = PREFIX + path
        status, answer = self.send(method, whole, self.headers(method, whole, asked, text), asked, text)
        if "error" in answer:
            raise AdminRefused(status, answer["error"]["code"], answer["error"]["message"], answer["requestId"])
        if self.witness:
            self.witness(method, path, status, answer)
        return status, answer

    def __call__(self, method, path, body=None, **query):
        return self.call(method, path, body, **query)[1]

    def get(self, path, **query):
        return self("GET", path, **query)

    def post(self, path, body=None, **query):
        return self("POST", path, {} if body is None else body, **query)

    def put(self, path, body=None, **query):
        return self("PUT", path, body, **query)

    def patch(self, path, body, **query):
        return self("PATCH", path, body, **query)

    def delete(self, path, **query):
        return self("DELETE", path, **query)

    def refusal(self, method, path, body=None, **query):
        """The code with which a call is refused; the status is held to it in any case."""
        try:
            answer = self(method, path, body, **query)
        except AdminRefused as error:
            return error.code
        raise AssertionError(f"{method} {path} was to be refused, but was answered {answer}")

    def all(self, path, limit=None, **query):
        """The items of all pages."""
        found, after = [], None
        while True:
            page = self.get(path, after=after, limit=limit, **query)
            assert limit is None or len(page["items"]) <= limit
            found += page["items"]
            if "next" not in page:
                return found
            assert page["items"], page
            after = page["next"]

    # ---- what tests need again and again

    def name(self, kind="user"):
        with self.lock:
            return f"{kind}-{next(self.names)}"

    def policy(self, document, name=None, **more):
        """Stores a policy; returns its name."""
        name = name or self.name("policy")
        assert self.call("POST", "/policies", {"name": name, "document": document, **more})[0] == 201
        return name

    def access_key(self, user):
        made = self.post(f"/users/{segment(user)}/access-keys")
        return Credentials(made["id"], made["secret"])

    def user(self, *documents, name=None, **more):
        """Makes a user with an access key, under these policies."""
        name = name or self.name()
        made = self.post("/users", {"name": name, **more})
        policies = tuple(self.policy(document) for document in documents)
        for policy in policies:
            self.put(f"/users/{segment(name)}/policies/{segment(policy)}")
        return User(name, made["number"], self.access_key(name), policies)

    def account(self, name=None):
        """Makes an account; returns what is said of it once, and a client of its root."""
        made = self.post("/accounts", {"name": name or self.name("account")})
        key = made["root"]["accessKey"]
        return made, AdminClient(self.server, Credentials(key["id"], key["secret"]), witness=self.witness)

    def temporary(self, user=None, **more):
        made = self.post("/temporary-credentials", {**({"user": user} if user else {}), **more})
        return Credentials(made["id"], made["secret"], made["token"])

    def session(self, user, password, account=None):
        """A client that signed in."""
        token = sign_in(self.server, user, password, account)["token"]
        return AdminClient(self.server, bearer=token, witness=self.witness)


def sign_in(server, user, password, account=None):
    """The answer to a password, on a connection of its own; needs no signature."""
    body = {"user": user, "password": password, **({"account": account} if account is not None else {})}
    text = json.dumps(body).encode()
    with contextlib.closing(http.client.HTTPConnection(*server.address, timeout=60)) as connection:
        connection.request("POST", PREFIX + "/sessions", text, {"Content-Type": JSON})
        response = connection.getresponse()
        answer = admin_sound(response.status, response.headers, response.read())
        if "error" in answer:
            raise AdminRefused(response.status, answer["error"]["code"], answer["error"]["message"], answer["requestId"])
        assert response.status == 201
        return answer


def sign_in_refusal(server, user, password, account=None):
    """The code and message with which a password is refused."""
    try:
        answer = sign_in(server, user, password, account)
    except AdminRefused as error:
        return error.code, error.message
    raise AssertionError(f"the password was to be refused, but was answered {answer}")


# ---------------------------------------------------------------- policies

def cam(*actions, resource="*", effect="allow", condition=None, **more):
    """A policy of one statement in Tencent's language; an action without a service is one of keys."""
    named = [action if ":" in action or action == "*" else f"name/kms:{action}" for action in actions]
    statement = {"effect": effect, "action": named, "resource": resource, **more}
    return {"version": "2.0", "statement": [statement if condition is None else {**statement, "condition": condition}]}


def claviger(*words, resource="*", effect="allow"):
    """A policy for administration."""
    return cam(*(f"name/claviger:{word}" for word in words), resource=resource, effect=effect)


def ram(*actions, resource="*", effect="Allow", condition=None, **more):
    """A policy of one statement in Alibaba's language."""
    statement = {"Effect": effect, "Action": [f"kms:{action}" for action in actions], "Resource": resource, **more}
    return {"Version": "1", "Statement": [statement if condition is None else {**statement, "Condition": condition}]}


def iam(*actions, resource=None, effect="Allow", condition=None, **more):
    """A policy of one statement in Huawei's language."""
    statement = {"Effect": effect, "Action": [f"kms:{action}" for action in actions], **more}
    if resource is not None:
        statement["Resource"] = [resource]
    return {"Version": "1.1", "Statement": [statement if condition is None else {**statement, "Condition": condition}]}


def statements(*policies):
    """One policy with the statements of several in the same language."""
    first, *rest = (json.loads(json.dumps(policy)) for policy in policies)
    member = "statement" if "statement" in first else "Statement"
    for policy in rest:
        first[member] += policy[member]
    return first


def signed_in(client, credentials):
    """A client of the other APIs that signs with this access key."""
    client.access_id, client.secret = credentials.id, credentials.secret
    return client
