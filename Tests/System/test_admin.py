"""The administration API: what each call does and refuses, who may make it, and that what it changed stays changed."""
import contextlib
import dataclasses
import http.client
import json
import random
import re
import threading
import time

import pytest

import audit_log
from admin_client import (PREFIX, WINDOW, AdminClient, AdminRefused, Credentials, admin_authorization, admin_sound, cam, claviger, ram, iam, segment,
                          sign_in, sign_in_refusal, signed_in)
from client import JSON, Client, Refused
from sdk import SDK
from server import Server
from test_secrets import found

NOBODY_KEY = "00000000-0000-4000-8000-000000000000"
PASSWORD = "correct horse battery staple"
REGION = {"region": "ap-guangzhou"}
TIME = re.compile(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ")

KILLS = 10
WORKERS = 4
SEED = 20261121


# ---------------------------------------------------------------- the OpenAPI document

class Description:
    """The OpenAPI document, to which answers are held."""

    def __init__(self, document):
        self.document = document
        self.operations = {}
        prefix = document["servers"][0]["url"]
        for path, methods in document["paths"].items():
            for method, operation in methods.items():
                pattern = re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(prefix + path)))
                self.operations[method.upper(), path] = pattern, operation
        self.seen = set()

    def schema(self, schema):
        while "$ref" in schema:
            found = self.document
            for part in schema["$ref"].removeprefix("#/").split("/"):
                found = found[part]
            schema = found
        return schema

    def conforms(self, value, schema, where):
        schema = self.schema(schema)
        match schema.get("type"):
            case "object":
                assert isinstance(value, dict), where
                assert set(schema.get("required", ())) <= set(value), (where, value)
                assert set(value) <= set(schema["properties"]), (where, value)
                for name, member in value.items():
                    self.conforms(member, schema["properties"][name], f"{where}.{name}")
            case "array":
                assert isinstance(value, list), where
                for element in value:
                    self.conforms(element, schema["items"], f"{where}[]")
            case "string":
                assert isinstance(value, str), where
                if schema.get("format") == "date-time":
                    assert TIME.fullmatch(value), (where, value)
            case "integer":
                assert type(value) is int and value >= schema.get("minimum", value), where
            case "boolean":
                assert type(value) is bool, where
            case None:
                pass
            case other:
                raise AssertionError(f"{where} is of an unknown type {other}")

    def witness(self, method, path, status, answer):
        """Fails unless the document has the operation with this status and an answer of this form."""
        # A path of words goes before one with names in it.
        fitting = sorted((name.count("{"), name) for (verb, name), (pattern, _) in self.operations.items()
                         if verb == method and pattern.fullmatch(PREFIX + path))
        assert fitting, f"{method} {path} is not described"
        name = fitting[0][1]
        responses = self.operations[method, name][1]["responses"]
        assert str(status) in responses, (method, name, status)
        self.conforms(answer, responses[str(status)]["content"][JSON]["schema"], f"{method} {name}")
        self.seen.add((method, name))


def fetch_description(server):
    with contextlib.closing(http.client.HTTPConnection(*server.address, timeout=30)) as connection:
        connection.request("GET", PREFIX + "/openapi.json")
        answer = connection.getresponse()
        assert answer.status == 200 and answer.headers["Content-Type"] == JSON
        return json.loads(answer.read())


@pytest.fixture(scope="module")
def description(server):
    return Description(fetch_description(server))


@pytest.fixture(scope="module")
def admin(server, description):
    with AdminClient(server, witness=description.witness) as client:
        yield client


@pytest.fixture(scope="module")
def root(server):
    client = Client(server)
    yield client
    client.close()


# ---------------------------------------------------------------- rows of the table

class Subjects:
    """Makes what calls are about, new for each."""

    def __init__(self, admin, root):
        self.admin, self.root = admin, root

    def user(self, **more):
        return self.admin.post("/users", {"name": self.admin.name(), **more})["name"]

    def group(self):
        return self.admin.post("/groups", {"name": self.admin.name("group")})["name"]

    def policy(self):
        return self.admin.policy(cam("Encrypt"))

    def account(self):
        return self.admin.post("/accounts", {"name": self.admin.name("account")})["account"]["name"]

    def project(self):
        return self.admin.post("/projects", {"region": "ap-guangzhou", "name": f"cn-south-1_{self.admin.name('project')}"})["id"]

    def access_key(self):
        user = self.user()
        return f"/users/{user}/access-keys/{self.admin.access_key(user).id}"

    def member(self):
        group, user = self.group(), self.user()
        self.admin.put(f"/groups/{group}/members/{user}")
        return f"/groups/{group}/members/{user}"

    def attachment(self, kind):
        holder = self.user() if kind == "users" else self.group()
        path = f"/{kind}/{holder}/policies/{self.policy()}"
        self.admin.put(path)
        return path

    def key_policy(self):
        path = f"/keys/{self.root.create()}/policy"
        self.admin.put(path, {"document": KEY_POLICY}, **REGION)
        return path


KEY_POLICY = cam("Encrypt", principal={"qcs": ["*"]})
WITH_REGION = "region"

# Method, path of the table, permission, and what makes the path and the body of a call that works. The last element stands for a query.
ROWS = [
    ("GET", "/whoami", None, lambda s: ("/whoami", None)),
    ("GET", "/accounts", "ListAccounts", lambda s: ("/accounts", None)),
    ("POST", "/accounts", "CreateAccount", lambda s: ("/accounts", {"name": s.admin.name("account")})),
    ("GET", "/accounts/{account}", "ListAccounts", lambda s: (f"/accounts/{s.account()}", None)),
    ("PATCH", "/accounts/{account}", "UpdateAccount", lambda s: (f"/accounts/{s.account()}", {"enabled": False})),
    ("GET", "/account", "GetAccount", lambda s: ("/account", None)),
    ("GET", "/projects", "ListProjects", lambda s: ("/projects", None)),
    ("POST", "/projects", "CreateProject", lambda s: ("/projects", {"region": "gz", "name": f"ae-ad-1_{s.admin.name('project')}"})),
    ("DELETE", "/projects/{id}", "DeleteProject", lambda s: (f"/projects/{s.project()}", None)),
    ("GET", "/users", "ListUsers", lambda s: ("/users", None)),
    ("POST", "/users", "CreateUser", lambda s: ("/users", {"name": s.admin.name()})),
    ("GET", "/users/{user}", "GetUser", lambda s: (f"/users/{s.user()}", None)),
    ("PATCH", "/users/{user}", "UpdateUser", lambda s: (f"/users/{s.user()}", {"description": "x", "enabled": False})),
    ("DELETE", "/users/{user}", "DeleteUser", lambda s: (f"/users/{s.user()}", None)),
    ("PUT", "/users/{user}/password", "SetPassword", lambda s: (f"/users/{s.user()}/password", {"password": PASSWORD})),
    ("DELETE", "/users/{user}/password", "SetPassword", lambda s: (f"/users/{s.user()}/password", None)),
    ("DELETE", "/users/{user}/sessions", "UpdateUser", lambda s: (f"/users/{s.user()}/sessions", None)),
    ("GET", "/users/{user}/access-keys", "ListAccessKeys", lambda s: (f"/users/{s.user()}/access-keys", None)),
    ("POST", "/users/{user}/access-keys", "CreateAccessKey", lambda s: (f"/users/{s.user()}/access-keys", None)),
    ("PATCH", "/users/{user}/access-keys/{id}", "UpdateAccessKey", lambda s: (s.access_key(), {"enabled": False})),
    ("DELETE", "/users/{user}/access-keys/{id}", "DeleteAccessKey", lambda s: (s.access_key(), None)),
    ("POST", "/temporary-credentials", "CreateTemporaryCredentials", lambda s: ("/temporary-credentials", {"user": s.user()})),
    ("GET", "/groups", "ListGroups", lambda s: ("/groups", None)),
    ("POST", "/groups", "CreateGroup", lambda s: ("/groups", {"name": s.admin.name("group")})),
    ("GET", "/groups/{group}", "GetGroup", lambda s: (f"/groups/{s.group()}", None)),
    ("PATCH", "/groups/{group}", "UpdateGroup", lambda s: (f"/groups/{s.group()}", {"description": "x"})),
    ("DELETE", "/groups/{group}", "DeleteGroup", lambda s: (f"/groups/{s.group()}", None)),
    ("PUT", "/groups/{group}/members/{user}", "ChangeGroupMembers", lambda s: (f"/groups/{s.group()}/members/{s.user()}", None)),
    ("DELETE", "/groups/{group}/members/{user}", "ChangeGroupMembers", lambda s: (s.member(), None)),
    ("GET", "/policies", "ListPolicies", lambda s: ("/policies", None)),
    ("POST", "/policies", "CreatePolicy", lambda s: ("/policies", {"name": s.admin.name("policy"), "document": cam("Encrypt")})),
    ("GET", "/policies/{policy}", "GetPolicy", lambda s: (f"/policies/{s.policy()}", None)),
    ("PATCH", "/policies/{policy}", "UpdatePolicy", lambda s: (f"/policies/{s.policy()}", {"description": "x"})),
    ("DELETE", "/policies/{policy}", "DeletePolicy", lambda s: (f"/policies/{s.policy()}", None)),
    ("POST", "/policies/check", None, lambda s: ("/policies/check", {"document": cam("Encrypt")})),
    ("POST", "/policies/test", "TestPolicy", lambda s: ("/policies/test", {"user": s.user(), "action": "name/kms:Encrypt"})),
    ("PUT", "/users/{user}/policies/{policy}", "AttachPolicy", lambda s: (f"/users/{s.user()}/policies/{s.policy()}", None)),
    ("DELETE", "/users/{user}/policies/{policy}", "AttachPolicy", lambda s: (s.attachment("users"), None)),
    ("PUT", "/groups/{group}/policies/{policy}", "AttachPolicy", lambda s: (f"/groups/{s.group()}/policies/{s.policy()}", None)),
    ("DELETE", "/groups/{group}/policies/{policy}", "AttachPolicy", lambda s: (s.attachment("groups"), None)),
    ("GET", "/keys/{key}/policy", "claviger:GetKeyPolicy", lambda s: (s.key_policy(), None)),
    ("PUT", "/keys/{key}/policy", "claviger:PutKeyPolicy", lambda s: (f"/keys/{s.root.create()}/policy", {"document": KEY_POLICY})),
    ("DELETE", "/keys/{key}/policy", "claviger:PutKeyPolicy", lambda s: (s.key_policy(), None)),
    ("GET", "/audit", "SearchAudit", lambda s: ("/audit", None)),
    ("GET", "/status", "GetServerStatus", lambda s: ("/status", None)),
]

# Rows that other tests make their calls of.
OTHER_ROWS = {("GET", "/openapi.json"), ("POST", "/sessions"), ("DELETE", "/sessions/current"), ("POST", "/seal")}

CREATIONS = {("POST", path) for path in ("/accounts", "/projects", "/users", "/users/{user}/access-keys", "/temporary-credentials", "/groups", "/policies")}


def query_of(path):
    return REGION if path.endswith("/policy") else {}


@pytest.fixture(scope="module")
def subjects(admin, root):
    return Subjects(admin, root)


def test_each_row_of_the_table_needs_its_permission_and_no_other(server, admin, subjects, description):
    nobody = admin.user()
    holder = admin.user(cam("GetRegions"))
    denied = AdminClient(server, nobody.credentials)
    allowed = AdminClient(server, holder.credentials, witness=description.witness)
    everything_else = admin.user(cam("*"), cam("GetRegions", effect="deny"))
    stopped = AdminClient(server, everything_else.credentials)
    for method, row, permission, make in ROWS:
        path, body = make(subjects)
        expected = 201 if (method, row) in CREATIONS else 200
        if permission:
            name = permission if ":" in permission else f"claviger:{permission}"
            admin.patch(f"/policies/{holder.policies[0]}", {"document": cam(f"name/{name}")})
            admin.patch(f"/policies/{everything_else.policies[1]}", {"document": cam(f"name/{name}", effect="deny")})
            for client in (denied, stopped):
                assert client.refusal(method, path, body, **query_of(row)) == "accessDenied", (method, row)
        assert allowed.call(method, path, body, **query_of(row))[0] == expected, (method, row)
    admin.patch(f"/policies/{everything_else.policies[1]}", {"document": claviger("SealServer", effect="deny")})
    assert denied.refusal("POST", "/seal", {}) == stopped.refusal("POST", "/seal", {}) == "accessDenied"
    for client in (denied, allowed, stopped):
        client.close()


def test_each_row_needs_somebody_who_proves_who_calls(server, subjects):
    with contextlib.closing(http.client.HTTPConnection(*server.address, timeout=30)) as connection:
        for method, row, _, make in ROWS:
            path, body = make(subjects)
            connection.request(method, PREFIX + path, b"" if body is None else json.dumps(body).encode(), {"Content-Type": JSON})
            answer = connection.getresponse()
            found = admin_sound(answer.status, answer.headers, answer.read())
            assert (answer.status, found["error"]["code"]) == (401, "missingCredentials"), (method, row)


def test_the_document_describes_every_row_and_nothing_else(description):
    document = description.document
    assert document["openapi"].startswith("3.1.") and document["info"]["title"] and document["info"]["version"]
    assert {(method, row) for method, row, _, _ in ROWS} | OTHER_ROWS == description.operations.keys()
    ids = [operation["operationId"] for _, operation in description.operations.values()]
    assert len(set(ids)) == len(ids)
    for (method, path), (_, operation) in description.operations.items():
        named = [parameter["name"] for parameter in operation.get("parameters", ()) if parameter["in"] == "path"]
        assert sorted(named) == sorted(re.findall(r"\{(\w+)\}", path)), path
        assert all(parameter["required"] for parameter in operation.get("parameters", ()) if parameter["in"] == "path")
        assert all(description.schema(parameter["schema"]) for parameter in operation.get("parameters", ()))
        assert "requestBody" not in operation or method in ("POST", "PUT", "PATCH")
        success, = (status for status in operation["responses"] if status.startswith("2"))
        assert success == ("201" if (method, path) in CREATIONS | {("POST", "/sessions")} else "200"), path
        assert "default" in operation["responses"] and operation["summary"] and operation["description"]
    for schema in document["components"]["schemas"].values():
        assert set(schema.get("required", ())) <= set(schema["properties"])
    references = set(re.findall(r'"#/[^"]*"', json.dumps(document)))
    assert references and all(description.schema({"$ref": json.loads(reference)}) is not None for reference in references)
    schemes = document["components"]["securitySchemes"]
    for requirement in document["security"]:
        assert set(requirement) <= set(schemes)
    for free in (("GET", "/openapi.json"), ("POST", "/sessions")):
        assert description.operations[free][1]["security"] == []


# ---------------------------------------------------------------- signatures

def test_signatures_hold_what_is_sent_together(server, admin):
    user = admin.user(claviger("*"))
    own, path, query = AdminClient(server, user.credentials), PREFIX + "/users", "limit=5"
    now = int(time.time())

    def outcome(headers, method="GET", path=path, query=query, body=b""):
        status, answer = own.send(method, path, headers, query, body)
        return answer["error"]["code"] if "error" in answer else status

    def headers(**changes):
        return {**own.headers("GET", path, query), **changes}

    good = headers()
    assert outcome(good) == 200
    # A GET that was signed may be sent twice.
    assert outcome(good) == 200
    assert outcome(good, path=PREFIX + "/groups") == "signatureMismatch"
    assert outcome(good, query="limit=6") == "signatureMismatch"
    assert outcome(good, query="") == "signatureMismatch"
    body = json.dumps({"name": admin.name()}).encode()
    creation = own.headers("POST", path, "", body)
    assert outcome(creation, "POST", query="", body=body.replace(b"user", b"User")) == "signatureMismatch"
    assert outcome(own.headers("GET", path, "", body), "POST", query="", body=body) == "signatureMismatch"
    assert outcome(creation, "POST", query="", body=body) == 201
    assert outcome(own.headers("GET", path, query, service="kms")) == "signatureMismatch"
    for offset, expected in ((-WINDOW + 20, 200), (WINDOW - 20, 200), (-WINDOW - 20, "requestExpired"), (WINDOW + 20, "requestExpired")):
        assert outcome(own.headers("GET", path, query, timestamp=now + offset)) == expected, offset
    assert outcome(headers(**{"X-TC-Timestamp": "soon"})) == "invalidParameter"
    assert outcome({name: value for name, value in good.items() if name != "X-TC-Timestamp"}) == "missingCredentials"
    assert outcome(headers(Authorization="Basic YTpi")) == "malformedSignature"
    assert outcome(headers(Authorization="Bearer ")) == "invalidToken"
    assert outcome(headers(Authorization="TC3-HMAC-SHA256 Credential=x")) == "malformedSignature"
    assert outcome(headers(Authorization=good["Authorization"][:-1] + ("0" if good["Authorization"][-1] != "0" else "1"))) == "signatureMismatch"
    own.credentials = Credentials("AKID" + "x" * 32, user.credentials.secret)
    assert outcome(headers()) == "unknownAccessKey"
    own.credentials = Credentials(user.credentials.id, "x" * 32)
    assert outcome(headers()) == "signatureMismatch"
    own.close()


def test_signatures_of_the_kms_and_of_administration_are_not_each_others(server, root):
    with contextlib.closing(http.client.HTTPConnection(*server.address, timeout=30)) as connection:
        # What calls the KMS does not call here, even where all but the service in its scope is the same.
        kms = root.tc3_headers("GetRegions", b"")
        connection.request("GET", PREFIX + "/whoami", headers=kms)
        answer = connection.getresponse()
        assert answer.status == 401 and json.loads(answer.read())["error"]["code"] == "signatureMismatch"
        timestamp, body = int(time.time()), b"{}"
        scoped = admin_authorization(root.access_id, root.secret, "POST", "/", "", body, root.host, timestamp)
        answer = root.send("POST", "/", {**root.tc3_headers("GetRegions", body, timestamp=timestamp), "Authorization": scoped}, body)
        assert answer["Error"]["Code"] == "AuthFailure.SignatureFailure"


# ---------------------------------------------------------------- rights to a part

def test_rights_to_administration_can_be_of_one_user_or_policy(server, admin, subjects, root):
    number = admin.get("/account")["id"]
    alice, bob, readers, powers = subjects.user(), subjects.user(), subjects.policy(), subjects.policy()

    def named(path, service="claviger"):
        return f"qcs::{service}::uin/{number}:{path}"

    key, other = root.create(), root.create()
    helper = admin.user(claviger("*", resource=[named(f"user/{alice}"), named(f"policy/{readers}"), named("group/g-*")]),
                        cam("claviger:GetKeyPolicy", "claviger:PutKeyPolicy", resource=named(f"key/creatorUin/{number}/{key}", "kms")))
    with AdminClient(server, helper.credentials) as own:
        own.patch(f"/users/{alice}", {"description": "x"})
        own.post(f"/users/{alice}/access-keys")
        own.put(f"/users/{alice}/policies/{readers}")
        own.delete(f"/users/{alice}/policies/{readers}")
        own.post("/temporary-credentials", {"user": alice})
        own.post("/groups", {"name": f"g-{alice}"})
        own.put(f"/groups/g-{alice}/members/{alice}")
        own.put(f"/keys/{key}/policy", {"document": KEY_POLICY}, **REGION)
        own.get(f"/keys/{key}/policy", **REGION)
        for method, path, body in (
                ("PATCH", f"/users/{bob}", {"description": "x"}), ("GET", f"/users/{bob}", None), ("POST", f"/users/{bob}/access-keys", {}),
                ("POST", "/temporary-credentials", {"user": bob}), ("PUT", f"/users/{bob}/policies/{readers}", None),
                ("PUT", f"/users/{alice}/policies/{powers}", None), ("PUT", f"/users/{helper.name}/policies/{readers}", None),
                ("PATCH", f"/policies/{powers}", {"description": "x"}), ("POST", "/users", {"name": f"{alice}2"}), ("GET", "/users", None),
                ("GET", "/policies", None), ("GET", "/groups", None), ("POST", "/groups", {"name": f"h-{alice}"}),
                # Whether they exist is not told either.
                ("GET", "/users/nobody", None), ("DELETE", "/groups/nobody", None), ("GET", "/policies/nobody", None),
                ("GET", f"/keys/{other}/policy", None), ("GET", f"/keys/{NOBODY_KEY}/policy", None),
                ("PUT", f"/keys/{other}/policy", {"document": KEY_POLICY})):
            assert own.refusal(method, path, body) == "accessDenied", (method, path)


# ---------------------------------------------------------------- input

LONG = "x" * 65
OVERLONG = "d" * 1001
UNKNOWN = "AKID" + "x" * 32


def refusals(user, group, policy, key):
    """Method, path, body and code of calls that are refused to anybody."""
    document = cam("Encrypt")
    calls = [
        ("GET", "/accounts/nobody", None, "accountNotFound"), ("GET", "/accounts/1", None, "accountNotFound"),
        ("PATCH", "/accounts/nobody", {"enabled": True}, "accountNotFound"),
        ("DELETE", f"/projects/{'0' * 32}", None, "projectNotFound"),
        ("POST", "/projects", {"region": "nowhere", "name": "nowhere"}, "unknownRealm"),
        ("POST", "/projects", {"region": "gz", "name": "cn-east-3"}, "invalidName"),
        ("POST", "/projects", {"region": "gz", "name": "ae-ad-1"}, "nameExists"),
        ("GET", "/users/nobody", None, "identityNotFound"), ("PATCH", "/users/nobody", {"enabled": True}, "identityNotFound"),
        ("DELETE", "/users/nobody", None, "identityNotFound"), ("PUT", "/users/nobody/password", {"password": PASSWORD}, "identityNotFound"),
        ("DELETE", "/users/nobody/password", None, "identityNotFound"), ("DELETE", "/users/nobody/sessions", None, "identityNotFound"),
        ("GET", "/users/nobody/access-keys", None, "identityNotFound"), ("POST", "/users/nobody/access-keys", {}, "identityNotFound"),
        ("PATCH", f"/users/nobody/access-keys/{UNKNOWN}", {"enabled": True}, "identityNotFound"),
        ("DELETE", f"/users/nobody/access-keys/{UNKNOWN}", None, "identityNotFound"),
        ("PATCH", f"/users/{user}/access-keys/{UNKNOWN}", {"enabled": True}, "accessKeyNotFound"),
        ("DELETE", f"/users/{user}/access-keys/{UNKNOWN}", None, "accessKeyNotFound"),
        ("POST", "/temporary-credentials", {"user": "nobody"}, "identityNotFound"),
        ("POST", "/temporary-credentials", {"durationSeconds": 899}, "invalidParameterValue"),
        ("POST", "/temporary-credentials", {"durationSeconds": 129601}, "invalidParameterValue"),
        ("POST", "/temporary-credentials", {"durationSeconds": 2**64 - 1}, "invalidParameterValue"),
        ("POST", "/temporary-credentials", {"durationSeconds": "3600"}, "invalidParameter"),
        ("GET", "/groups/nobody", None, "groupNotFound"), ("PATCH", "/groups/nobody", {"description": "x"}, "groupNotFound"),
        ("DELETE", "/groups/nobody", None, "groupNotFound"), ("PUT", f"/groups/nobody/members/{user}", None, "groupNotFound"),
        ("DELETE", f"/groups/nobody/members/{user}", None, "groupNotFound"),
        ("PUT", f"/groups/{group}/members/nobody", None, "identityNotFound"),
        ("DELETE", f"/groups/{group}/members/nobody", None, "identityNotFound"),
        ("GET", "/policies/nobody", None, "policyNotFound"), ("PATCH", "/policies/nobody", {"description": "x"}, "policyNotFound"),
        ("DELETE", "/policies/nobody", None, "policyNotFound"), ("PUT", f"/users/{user}/policies/nobody", None, "policyNotFound"),
        ("DELETE", f"/users/{user}/policies/nobody", None, "policyNotFound"), ("PUT", f"/groups/{group}/policies/nobody", None, "policyNotFound"),
        ("DELETE", f"/groups/{group}/policies/nobody", None, "policyNotFound"), ("PUT", f"/users/nobody/policies/{policy}", None, "identityNotFound"),
        ("DELETE", f"/groups/nobody/policies/{policy}", None, "groupNotFound"),
        ("POST", "/policies/test", {"user": "nobody", "action": "name/kms:Encrypt"}, "identityNotFound"),
        ("POST", "/policies/test", {"user": user}, "missingParameter"),
        ("POST", "/users", {"name": user}, "nameExists"), ("POST", "/groups", {"name": group}, "nameExists"),
        ("POST", "/policies", {"name": policy, "document": document}, "nameExists"),
        ("POST", "/users", {}, "missingParameter"), ("POST", "/users", {"name": None}, "missingParameter"),
        ("POST", "/users", {"name": 1}, "invalidParameter"), ("POST", "/users", {"name": ["a"]}, "invalidParameter"),
        ("POST", "/users", {"name": "a", "role": "root"}, "unknownParameter"), ("POST", "/users", {"name": "a", "isRoot": True}, "unknownParameter"),
        ("POST", "/users", {"name": "fine", "description": OVERLONG}, "invalidParameterValue"),
        ("POST", "/users", {"name": "fine", "password": "short12"}, "invalidParameterValue"),
        ("POST", "/users", {"name": "fine", "password": "x" * 129}, "invalidParameterValue"),
        ("POST", "/users", {"name": "password-and-name", "password": "Password-And-Name"}, "invalidParameterValue"),
        ("PUT", f"/users/{user}/password", {"password": "short12"}, "invalidParameterValue"),
        ("PUT", f"/users/{user}/password", {}, "missingParameter"),
        ("PATCH", f"/users/{user}", {"description": OVERLONG}, "invalidParameterValue"),
        ("PATCH", f"/users/{user}", {"enabled": "no"}, "invalidParameter"), ("PATCH", f"/users/{user}", {"name": "new"}, "unknownParameter"),
        ("PATCH", f"/groups/{group}", {"description": OVERLONG}, "invalidParameterValue"),
        ("POST", "/accounts", {"name": "ab"}, "invalidName"), ("POST", "/accounts", {"name": "12345"}, "invalidName"),
        ("POST", "/accounts", {"name": "with+plus"}, "invalidName"), ("POST", "/accounts", {"name": LONG}, "invalidName"),
        ("POST", "/accounts", {"name": "claviger"}, "nameExists"), ("POST", "/accounts", {"name": "fine", "id": 0}, "invalidParameterValue"),
        ("POST", "/accounts", {"name": "fine", "id": 10**15}, "invalidParameterValue"),
        ("POST", "/accounts", {"name": "fine", "id": -1}, "invalidParameter"),
        ("POST", "/policies", {"name": "fine"}, "missingParameter"), ("POST", "/policies", {"name": "fine", "document": 1}, "invalidParameter"),
        ("POST", "/policies", {"name": "fine", "document": document, "language": "english"}, "invalidParameterValue"),
        ("POST", "/policies", {"name": "key-policy", "document": document}, "invalidName"),
        ("POST", "/policies", {"name": "fine", "document": document, "description": OVERLONG}, "invalidParameterValue"),
        ("PATCH", f"/policies/{policy}", {"document": "{}"}, "invalidPolicy"),
        ("GET", f"/keys/{key}/policy?region=nowhere", None, "unknownRealm"), ("GET", f"/keys/{NOBODY_KEY}/policy", None, "keyNotFound"),
        ("PUT", f"/keys/{NOBODY_KEY}/policy", {"document": KEY_POLICY}, "keyNotFound"), ("DELETE", f"/keys/{NOBODY_KEY}/policy", None, "keyNotFound"),
        ("GET", "/keys/x/policy", None, "malformedKeyID"), ("GET", f"/keys/{key}/policy", None, "policyNotFound"),
        ("PUT", f"/keys/{key}/policy", {"document": "{"}, "invalidPolicy"),
        ("GET", "/users?limit=0", None, "invalidParameterValue"), ("GET", "/users?limit=1001", None, "invalidParameterValue"),
        ("GET", "/users?limit=x", None, "invalidParameter"), ("GET", "/users?page=2", None, "unknownParameter"),
        ("GET", "/audit?limit=0", None, "invalidParameterValue"), ("GET", "/audit?from=yesterday", None, "invalidParameterValue"),
        ("GET", "/nothing", None, "unknownAction"), ("GET", "/users/", None, "unknownAction"), ("GET", "", None, "unknownAction"),
        ("GET", f"/users/{user}/nothing", None, "unknownAction"), ("GET", "/users/../account", None, "unknownAction"),
        ("GET", "/users/%2e%2e", None, "identityNotFound"), ("GET", f"/users/{user}%2Fsessions", None, "identityNotFound"),
        ("GET", "/users/%zz", None, "invalidParameter"), ("GET", "/users/%ff", None, "invalidParameter"), ("GET", "//users", None, "unknownAction"),
        ("PUT", "/users", {}, "unsupportedMethod"), ("DELETE", "/account", None, "unsupportedMethod"), ("POST", "/openapi.json", {}, "unsupportedMethod"),
        ("GET", "/seal", None, "unsupportedMethod"),
        ("POST", "/users", b"{", "invalidParameter"), ("POST", "/users", b"[]", "invalidParameter"), ("POST", "/users", b'"x"', "invalidParameter"),
        ("POST", "/users", b'{"name":"a","name":"b"}', "invalidParameter"), ("POST", "/users", b'{"name":"\xff"}', "invalidParameter"),
        ("POST", "/users", b"\x00", "invalidParameter"), ("GET", "/users", {}, "invalidParameter"),
        ("POST", "/users", b'{"name":"' + b"x" * (1 << 20) + b'"}', "payloadTooLarge"),
    ]
    for kind, more in (("users", {}), ("groups", {}), ("policies", {"document": document})):
        for name in ("", LONG, "a b", "a/b", "..", "é", "a\x00", "a\n", "名", "a:b", "*"):
            calls.append(("POST", f"/{kind}", {"name": name, **more}, "invalidName"))
    return calls


def test_what_is_refused_has_its_status_and_code(admin, subjects, root):
    user, group, policy, key = subjects.user(), subjects.group(), subjects.policy(), root.create()
    before = admin.all("/users"), admin.all("/groups"), admin.all("/policies"), admin.all("/accounts"), admin.get("/projects")["items"]
    for method, path, body, code in refusals(user, group, policy, key):
        path, _, query = path.partition("?")
        query = dict([query.split("=")]) if query else {}
        assert admin.refusal(method, path, body, **query) == code, (method, path, body if body is None else body[:200] if isinstance(body, bytes) else body)
    after = admin.all("/users"), admin.all("/groups"), admin.all("/policies"), admin.all("/accounts"), admin.get("/projects")["items"]
    assert after == before


def test_names_are_taken_as_they_are(admin):
    for name in ("a", "x" * 64, "A-b_c.d", "a+b=c,d@e", "user@example.com", "0", "..a", "sessions", "current"):
        assert admin.post("/users", {"name": name})["name"] == name
        assert admin.get(f"/users/{segment(name)}")["name"] == name
        admin.delete(f"/users/{segment(name)}")
    # Names differ by case, and a path is decoded once.
    admin.post("/users", {"name": "Case"})
    assert admin.refusal("GET", "/users/case") == "identityNotFound"
    assert admin.refusal("GET", "/users/%2543ase") == "identityNotFound"
    assert admin.get("/users/%43ase")["name"] == "Case"
    admin.delete("/users/Case")


@pytest.mark.parametrize("document", [
    "", "x", "[]", "{}", "null", '{"version":"2.0"}', '{"version":"3.0","statement":[]}', '{"version":"2.0","statement":[]}',
    '{"version":"2.0","statement":[{"effect":"allow","action":"name/kms:Encrypt"}]}',
    '{"version":"2.0","statement":[{"effect":"maybe","action":"name/kms:Encrypt","resource":"*"}]}',
    '{"version":"2.0","statement":[{"effect":"allow","resource":"*"}]}',
    '{"version":"2.0","statement":[{"effect":"allow","action":"name/cam:AddUser","resource":"*"}]}',
    '{"version":"2.0","statement":[{"effect":"allow","action":"name/cvm:RunInstances","resource":"*"}]}',
    '{"version":"2.0","statement":[{"effect":"allow","action":"name/kms:Encypt","resource":"*"}]}',
    '{"version":"2.0","statement":[{"effect":"allow","action":[],"resource":"*"}]}',
    '{"version":"2.0","statement":[{"effect":"allow","action":"*","resource":"qcs:kms:key"}]}',
    '{"version":"2.0","statement":[{"effect":"allow","action":"*","resource":"*","condition":{"string_eq":{"qcs:ip":"1"}}}]}',
    '{"version":"2.0","statement":[{"effect":"allow","action":"*","resource":"*","condition":{"ip_equal":{"qcs:ip":"1.2.3.4.5"}}}]}',
    '{"version":"2.0","statement":[{"effect":"allow","action":"*","resource":"*","condition":{"ip_equal":{"qcs:region":"x"}}}]}',
    '{"version":"2.0","statement":[{"effect":"allow","action":"*","resource":"*","condition":{"date_less_than":{"qcs:current_time":"soon"}}}]}',
    '{"version":"2.0","statement":[{"effect":"allow","action":"*","resource":"*","note":"x"}]}',
    '{"version":"2.0","version":"2.0","statement":[{"effect":"allow","action":"*","resource":"*"}]}',
    '{"version":"2.0","statement":[{"effect":"allow","effect":"deny","action":"*","resource":"*"}]}',
    '{"version":"2.0","statement":[{"effect":"allow","action":"*","resource":"*"}]} x',
    '{"Version":"1","Statement":[{"Effect":"allow","Action":"kms:Encrypt","Resource":"*"}]}',
    '{"Version":"1","Statement":[{"Effect":"Allow","Action":"kms:Encypt","Resource":"*"}]}',
    '{"Version":"1.1","Statement":[{"Effect":"Allow","Action":["kms:cmk:crypt"]}]}',
    '{"Version":"1.1","Statement":[{"Effect":"Allow","Action":["kms:Encrypt"]}]}',
    json.dumps(cam("Encrypt") | {"x" * 17000: ""}), json.dumps({"version": "2.0", "statement": cam("Encrypt")["statement"] * 201}),
    json.dumps(cam("Encrypt", resource="x" * 17000)), "[" * 1000,
])
def test_policies_that_say_nothing_clear_are_refused(admin, document):
    for call in (("POST", "/policies", {"name": "refused", "document": document}), ("POST", "/policies/check", {"document": document})):
        assert admin.refusal(*call) == "invalidPolicy"
    assert admin.refusal("GET", "/policies/refused") == "policyNotFound"


# ---------------------------------------------------------------- what calls do

def test_users(admin, description):
    name, page = admin.name(), admin.name("alike")
    status, made = admin.call("POST", "/users", {"name": name, "description": "grüße 名", "password": PASSWORD})
    assert status == 201
    del made["requestId"]
    assert {member: made[member] for member in ("name", "description", "enabled", "isRoot", "hasPassword")} == {
        "name": name, "description": "grüße 名", "enabled": True, "isRoot": False, "hasPassword": True}
    assert abs(time.time() - time.mktime(time.strptime(made["createdAt"], "%Y-%m-%dT%H:%M:%SZ")) + time.timezone) < 60
    shown = admin.get(f"/users/{name}")
    assert {**made, "groups": [], "policies": [], "accessKeys": []} == {k: v for k, v in shown.items() if k != "requestId"}
    changed = admin.patch(f"/users/{name}", {"description": "", "enabled": False})
    assert (changed["description"], changed["enabled"]) == ("", False)
    assert admin.patch(f"/users/{name}", {})["enabled"] is False
    assert admin.patch(f"/users/{name}", {"enabled": True})["description"] == ""
    admin.delete(f"/users/{name}/password")
    assert admin.get(f"/users/{name}")["hasPassword"] is False
    admin.put(f"/users/{name}/password", {"password": PASSWORD})
    assert admin.get(f"/users/{name}")["hasPassword"] is True
    assert admin.post("/users", {"name": page})["number"] != made["number"]
    for limit in (1, 3, 1000):
        listed = admin.all("/users", limit=limit)
        names = [user["name"] for user in listed]
        assert names == sorted(set(names), key=str.encode) and {name, page, "claviger"} <= set(names)
        assert [user for user in listed if user["name"] == name] == [{**made, "description": "", "enabled": True}]
        assert [user["name"] for user in listed if user["isRoot"]] == ["claviger"]
    admin.delete(f"/users/{name}")
    assert admin.refusal("GET", f"/users/{name}") == "identityNotFound"
    assert name not in {user["name"] for user in admin.all("/users")}


def test_access_keys(server, admin, subjects):
    user, other = subjects.user(), subjects.user()
    path = f"/users/{user}/access-keys"
    first, second = admin.post(path), admin.post(path)
    assert first["id"] != second["id"] and first["secret"] != second["secret"] and first["enabled"]
    assert admin.refusal("POST", path, {}) == "tooManyAccessKeys"
    listed = admin.get(path)["items"]
    assert {key["id"] for key in listed} == {first["id"], second["id"]}
    assert not {"secret"} & {member for key in listed for member in key}
    assert admin.get(f"/users/{user}")["accessKeys"] == listed
    # A key is its user's: by another's name it is unknown.
    assert admin.refusal("DELETE", f"/users/{other}/access-keys/{first['id']}") == "accessKeyNotFound"
    with AdminClient(server, Credentials(first["id"], first["secret"])) as signer:
        assert signer.get("/whoami")["accessKeyId"] == first["id"]
        assert admin.patch(f"{path}/{first['id']}", {"enabled": False})["enabled"] is False
        assert signer.refusal("GET", "/whoami") == "unknownAccessKey"
        # A disabled one counts.
        assert admin.refusal("POST", path, {}) == "tooManyAccessKeys"
        admin.patch(f"{path}/{first['id']}", {"enabled": True})
        signer.get("/whoami")
        admin.delete(f"{path}/{first['id']}")
        assert signer.refusal("GET", "/whoami") == "unknownAccessKey"
    assert admin.refusal("DELETE", f"{path}/{first['id']}") == "accessKeyNotFound"
    assert admin.post(path)["id"] not in (first["id"], second["id"])


def test_groups(admin, subjects):
    name, users = admin.name("group"), [subjects.user() for _ in range(3)]
    made = admin.post("/groups", {"name": name, "description": "readers"})
    policy = subjects.policy()
    for user in users:
        admin.put(f"/groups/{name}/members/{user}")
        admin.put(f"/groups/{name}/members/{user}")
    admin.put(f"/groups/{name}/policies/{policy}")
    shown = admin.get(f"/groups/{name}")
    assert shown["members"] == sorted(users) and shown["policies"] == [policy] and shown["createdAt"] == made["createdAt"]
    assert admin.get(f"/users/{users[0]}")["groups"] == [name] and admin.get(f"/users/{users[0]}")["policies"] == []
    assert admin.patch(f"/groups/{name}", {"description": "writers"})["description"] == "writers"
    assert [group["description"] for group in admin.all("/groups", limit=2) if group["name"] == name] == ["writers"]
    for _ in range(2):
        admin.delete(f"/groups/{name}/members/{users[0]}")
    admin.delete(f"/users/{users[1]}")
    assert admin.get(f"/groups/{name}")["members"] == [users[2]]
    assert admin.refusal("DELETE", f"/policies/{policy}") == "policyInUse"
    assert admin.refusal("DELETE", f"/groups/{name}") == "policyInUse"
    admin.delete(f"/groups/{name}/policies/{policy}")
    admin.delete(f"/groups/{name}")
    assert admin.get(f"/users/{users[2]}")["groups"] == []
    admin.delete(f"/policies/{policy}")


def test_policies(admin, subjects):
    name, user = admin.name("policy"), subjects.user()
    text = '{ "version" : "2.0",\n\t"statement": {"effect":"ALLOW","action":"name/kms:Encr\\u0079pt", "resource":"*"} }'
    made = admin.post("/policies", {"name": name, "description": "d", "document": text})
    assert (made["document"], made["language"], made["description"]) == (text, "tencent", "d")
    # An object is kept in the words in which it was sent.
    changed = admin("PATCH", f"/policies/{name}", b'{"document" : ' + text.encode() + b'\n, "description":"e"}')
    assert (changed["document"], changed["description"], changed["createdAt"]) == (text, "e", made["createdAt"])
    assert changed["updatedAt"] >= made["updatedAt"]
    for language, document in (("alibaba", ram("Encrypt")), ("huawei", iam("cmk:crypto")), ("tencent", cam("Encrypt"))):
        assert admin.patch(f"/policies/{name}", {"document": document})["language"] == language
        assert json.loads(admin.get(f"/policies/{name}")["document"]) == document
        check = admin.post("/policies/check", {"document": document, "language": language, "kind": "identity"})
        assert (check["language"], check["statements"]) == (language, 1)
        wrong = "huawei" if language != "huawei" else "alibaba"
        assert admin.refusal("POST", "/policies/check", {"document": document, "language": wrong}) == "invalidPolicy"
    assert admin.refusal("POST", "/policies/check", {"document": KEY_POLICY}) == "invalidPolicy"
    assert admin.post("/policies/check", {"document": KEY_POLICY, "kind": "key"})["statements"] == 1
    admin.put(f"/users/{user}/policies/{name}")
    admin.put(f"/users/{user}/policies/{name}")
    group = subjects.group()
    admin.put(f"/groups/{group}/policies/{name}")
    shown = admin.get(f"/policies/{name}")
    assert (shown["users"], shown["groups"]) == ([user], [group])
    assert admin.refusal("DELETE", f"/policies/{name}") == "policyInUse"
    assert name in {policy["name"] for policy in admin.all("/policies", limit=7)}
    for path in (f"/users/{user}/policies/{name}", f"/groups/{group}/policies/{name}"):
        admin.delete(path)
        admin.delete(path)
    assert admin.get(f"/policies/{name}")["users"] == []
    admin.delete(f"/policies/{name}")
    assert admin.refusal("GET", f"/policies/{name}") == "policyNotFound"


def test_not_more_than_ten_policies_and_groups(admin, subjects):
    user, group = subjects.user(), subjects.group()
    policies = [subjects.policy() for _ in range(11)]
    for holder in (f"/users/{user}", f"/groups/{group}"):
        for policy in policies[:10]:
            admin.put(f"{holder}/policies/{policy}")
        assert admin.refusal("PUT", f"{holder}/policies/{policies[10]}") == "tooMany"
        admin.put(f"{holder}/policies/{policies[0]}")
        assert len(admin.get(holder)["policies"]) == 10
    groups = [subjects.group() for _ in range(11)]
    for name in groups[:10]:
        admin.put(f"/groups/{name}/members/{user}")
    assert admin.refusal("PUT", f"/groups/{groups[10]}/members/{user}") == "tooMany"
    assert sorted(admin.get(f"/users/{user}")["groups"]) == sorted(groups[:10])


def test_what_a_policy_test_says_is_what_happens(server, admin, root):
    account = admin.get("/account")["id"]
    key, other = root.create(Tags=[{"TagKey": "env", "TagValue": "prod"}]), root.create()
    resource = f"qcs::kms::uin/{account}:key/creatorUin/{account}/{key}"
    readers = admin.policy({"version": "2.0", "statement": [
        {"effect": "allow", "action": "name/kms:List*", "resource": "*"},
        {"effect": "allow", "action": ["name/kms:Encrypt"], "resource": resource, "condition": {"ip_equal": {"qcs:ip": ["10.0.0.0/8", "127.0.0.1"]}}},
        {"effect": "deny", "action": "name/kms:Encrypt", "resource": "*", "condition": {"string_equal": {"kms:EncryptionContext:tenant": "x"}}}]})
    user = admin.user()
    admin.put(f"/users/{user.name}/policies/{readers}")

    def ask(action, **more):
        answer = admin.post("/policies/test", {"user": user.name, "action": action, "source": "127.0.0.1", **more})
        return answer["allowed"], answer["decision"], answer.get("policy"), answer.get("statement")

    allowed, second, third, nothing = (True, "allowed", readers, 1), (True, "allowed", readers, 2), (False, "denied", readers, 3), (False, "notAllowed", None, None)
    assert ask("name/kms:ListKeys") == ask("kms:ListKey") == ask("kms:ListKeys", language="alibaba") == allowed
    for name in (key, resource, f"acs:kms:cn-hangzhou:{account}:key/{key}"):
        more = {"language": "alibaba"} if name.startswith("acs") else {}
        action = "kms:Encrypt" if more else "name/kms:Encrypt"
        assert ask(action, resource=name, **more) == second, name
        assert ask(action, resource=name, source="10.1.2.3", **more) == second
        assert ask(action, resource=name, source="192.0.2.1", **more) == nothing
        assert ask(action, resource=name, context={"tenant": "x"}, **more) == third
        assert ask(action, resource=name, context={"tenant": "y"}, **more) == second
    assert ask("name/kms:Encrypt", resource=other) == ask("name/kms:Encrypt") == ask("name/kms:Decrypt", resource=key) == nothing
    sdk = SDK(server, user.credentials)
    for context, expected in (({"tenant": "x"}, False), ({"tenant": "y"}, True)):
        assert sdk.may("Encrypt", KeyId=key, Plaintext="YQ==", EncryptionContext=json.dumps(context)) is expected
    assert not sdk.may("Encrypt", KeyId=other, Plaintext="YQ==") and sdk.may("ListKeys")
    answer = admin.post("/policies/test", {"user": "claviger", "action": "kms:Encrypt"})
    assert (answer["allowed"], answer["decision"]) == (True, "root")
    for wrong in ({"action": "name/kms:Encypt"}, {"resource": "qcs:x"}, {"source": "x", "context": 1}, {"time": "x"}, {"region": "nowhere"}):
        assert admin.refusal("POST", "/policies/test", {"user": user.name, "action": "name/kms:Encrypt", **wrong}) in {
            "invalidParameterValue", "invalidPolicy", "invalidParameter", "unknownRealm"}, wrong


def test_projects_and_the_own_account(admin):
    account = admin.get("/account")
    assert account["name"] == "claviger" and account["enabled"] is True
    assert re.fullmatch(r"[0-9a-f]{32}", account["domainId"]) and account["id"] == admin.get("/whoami")["account"]["id"]
    assert admin.all("/projects", limit=2) == account["projects"]
    assert {"ae-ad-1", "cn-east-3", "cn-north-4", "cn-south-4"} <= {project["name"] for project in account["projects"]}
    for region, name in (("ap-shanghai", "cn-east-3_one"), ("cn-shanghai", "cn-east-3_two"), ("cn-east-3", "cn-east-3_three"), ("sh", "cn-east-3_four")):
        made = admin.post("/projects", {"region": region, "name": name})
        assert re.fullmatch(r"[0-9a-f]{32}", made["id"]) and made["name"] == name
        assert admin.refusal("POST", "/projects", {"region": region, "name": name}) == "nameExists"
        assert made["id"] in {project["id"] for project in admin.get("/account")["projects"]}
        admin.delete(f"/projects/{made['id']}")
        assert admin.refusal("DELETE", f"/projects/{made['id']}") == "projectNotFound"


def test_status(admin, server):
    status = admin.get("/status")
    assert status["sealed"] is False and status["audit"]["healthy"] is True and status["store"]["healthy"] is True
    assert len(status["realms"]) == 4 and status["accounts"] == len(admin.all("/accounts"))
    again = admin.get("/status")
    assert again["audit"]["lastSequence"] > status["audit"]["lastSequence"] and again["uptimeSeconds"] >= status["uptimeSeconds"]


# ---------------------------------------------------------------- the root identity

def test_the_root_identity_stays(server, admin):
    made, root_admin = admin.account()
    name, path = made["root"]["user"], f"/users/{made['root']['user']}"
    first = made["root"]["accessKey"]["id"]
    assert root_admin.get("/whoami")["user"]["isRoot"] is True
    assert root_admin.refusal("DELETE", f"{path}/access-keys/{first}") == "lastRootKey"
    assert root_admin.refusal("PATCH", f"{path}/access-keys/{first}", {"enabled": False}) == "lastRootKey"
    second = root_admin.access_key(name)
    assert root_admin.refusal("POST", f"{path}/access-keys", {}) == "tooManyAccessKeys"
    root_admin.patch(f"{path}/access-keys/{second.id}", {"enabled": False})
    assert root_admin.refusal("DELETE", f"{path}/access-keys/{first}") == "lastRootKey"
    root_admin.patch(f"{path}/access-keys/{second.id}", {"enabled": True})
    root_admin.delete(f"{path}/access-keys/{first}")
    assert root_admin.refusal("GET", "/whoami") == "unknownAccessKey"
    with AdminClient(server, second) as own:
        assert own.refusal("DELETE", f"{path}/access-keys/{second.id}") == "lastRootKey"
        assert own.refusal("DELETE", path) == "rootIdentity"
        assert own.refusal("PATCH", path, {"enabled": False}) == "rootIdentity"
        policy, group = own.policy(cam("*", effect="deny")), own.name("group")
        own.post("/groups", {"name": group})
        assert own.refusal("PUT", f"{path}/policies/{policy}") == "rootIdentity"
        assert own.refusal("PUT", f"/groups/{group}/members/{name}") == "rootIdentity"
        assert own.patch(path, {"description": "the one"})["description"] == "the one"
        mighty = own.user(cam("*"), claviger("*"))
        with AdminClient(server, mighty.credentials) as client:
            for method, what, body in (("PUT", "/password", {"password": PASSWORD}), ("DELETE", "/password", None), ("DELETE", "/sessions", None),
                                       ("POST", "/access-keys", {}), ("PATCH", f"/access-keys/{second.id}", {"enabled": False}),
                                       ("DELETE", f"/access-keys/{second.id}", None), ("PATCH", "", {"enabled": False}), ("DELETE", "", None)):
                assert client.refusal(method, path + what, body) in ("accessDenied", "rootIdentity"), what
            assert client.refusal("POST", "/temporary-credentials", {"user": name}) == "accessDenied"
            # What else users may be allowed is theirs.
            client.delete(f"/users/{client.post('/users', {'name': client.name()})['name']}")
        assert own.get("/whoami")["accessKeyId"] == second.id
    root_admin.close()


def test_the_operators_account_cannot_be_disabled(admin):
    for name in ("claviger", admin.get("/account")["id"]):
        with pytest.raises(AdminRefused) as refusal:
            admin.patch(f"/accounts/{name}", {"enabled": False})
        assert refusal.value.status in (403, 409)
        assert admin.patch(f"/accounts/{name}", {"enabled": True})["enabled"] is True


# ---------------------------------------------------------------- at once

def together(server, calls, bearer=None):
    """What becomes of calls that are made at the same moment, each on a connection of its own: their statuses, or codes."""
    start, outcomes = threading.Barrier(len(calls)), [None] * len(calls)

    def run(index):
        with AdminClient(server, bearer=bearer) as client:
            client.get("/whoami")
            start.wait(30)
            try:
                outcomes[index] = client.call(*calls[index])[0]
            except AdminRefused as refusal:
                outcomes[index] = refusal.code

    threads = [threading.Thread(target=run, args=(index,), daemon=True) for index in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert None not in outcomes, outcomes
    return outcomes


def test_calls_at_once_do_not_get_around_the_rules(server, admin, subjects):
    for _ in range(2):
        user, name = subjects.user(), admin.name()
        found = together(server, [("POST", f"/users/{user}/access-keys", {})] * 6)
        assert sorted(found, key=str) == [201] * 2 + ["tooManyAccessKeys"] * 4
        assert len(admin.get(f"/users/{user}/access-keys")["items"]) == 2
        for kind, more in (("users", {}), ("groups", {}), ("policies", {"document": cam("Encrypt")})):
            found = together(server, [("POST", f"/{kind}", {"name": name, **more})] * 4)
            assert sorted(found, key=str) == [201] + ["nameExists"] * 3
        # A policy is either deleted or attached.
        path = f"/users/{user}/policies/{name}"
        found = together(server, [("PUT", path, None), ("DELETE", f"/policies/{name}", None)])
        assert found in ([200, "policyInUse"], ["policyNotFound", 200])
        assert admin.get(f"/users/{user}")["policies"] == ([name] if found[0] == 200 else [])

        made, own = admin.account()
        keys = f"/users/{made['root']['user']}/access-keys"
        both = [made["root"]["accessKey"]["id"], own.access_key(made["root"]["user"]).id]
        session = own.session(made["root"]["user"], made["root"]["password"], made["account"]["name"]).bearer
        outcomes = together(server, [("DELETE", f"{keys}/{id}") for id in both], bearer=session)
        assert sorted(outcomes, key=str) == [200, "lastRootKey"]
        own.close()


# ---------------------------------------------------------------- accounts

def test_accounts_are_apart(server, admin, subjects, root):
    made, foreign = admin.account()
    number, name = made["account"]["id"], made["account"]["name"]
    assert admin.get(f"/accounts/{number}")["name"] == name and admin.get(f"/accounts/{name}")["id"] == number
    assert admin.get(f"/accounts/{name}")["appId"] == made["account"]["appId"]
    user, group, policy, project, key = subjects.user(), subjects.group(), subjects.policy(), subjects.project(), root.create()
    access_key = admin.access_key(user)
    assert [found["name"] for found in foreign.all("/users")] == [made["root"]["user"]]
    assert foreign.all("/groups") == foreign.all("/policies") == []
    assert not {item["id"] for item in foreign.all("/projects")} & {item["id"] for item in admin.all("/projects")}
    for method, path, body, code in refusals(user, group, policy, key):
        # What exists here is there as unknown as what does not exist.
        if code in ("accessKeyNotFound", "groupNotFound", "policyNotFound", "identityNotFound", "projectNotFound", "keyNotFound") and "?" not in path:
            expected = {code, "identityNotFound", "groupNotFound", "policyNotFound", "keyNotFound"}
            assert foreign.refusal(method, path, body) in expected, (method, path)
    for method, path, body in (("GET", f"/users/{user}", None), ("PATCH", f"/users/{user}", {"enabled": False}), ("DELETE", f"/users/{user}", None),
                               ("POST", f"/users/{user}/access-keys", {}), ("DELETE", f"/users/{user}/access-keys/{access_key.id}", None),
                               ("PUT", f"/users/{user}/password", {"password": PASSWORD}), ("POST", "/temporary-credentials", {"user": user})):
        assert foreign.refusal(method, path, body) == "identityNotFound", (method, path)
    assert foreign.refusal("GET", f"/groups/{group}") == "groupNotFound"
    assert foreign.refusal("GET", f"/policies/{policy}") == "policyNotFound"
    assert foreign.refusal("DELETE", f"/projects/{project}") == "projectNotFound"
    assert foreign.refusal("GET", f"/keys/{key}/policy", **REGION) == "keyNotFound"
    assert foreign.refusal("PUT", f"/keys/{key}/policy", {"document": KEY_POLICY}, **REGION) == "keyNotFound"
    # Names are of each account by itself; numbers are of all.
    twin = foreign.post("/users", {"name": user})
    assert twin["number"] != admin.get(f"/users/{user}")["number"]
    foreign.post("/groups", {"name": group})
    foreign.policy(cam("Encrypt"), name=policy)
    own_key = foreign.access_key(user)
    assert foreign.refusal("DELETE", f"/users/{user}/access-keys/{access_key.id}") == "accessKeyNotFound"
    foreign.delete(f"/users/{user}")
    with AdminClient(server, own_key) as gone, AdminClient(server, access_key) as kept:
        assert gone.refusal("GET", "/whoami") == "unknownAccessKey"
        assert kept.get("/whoami")["user"]["name"] == user
    foreign.close()


def test_only_the_operators_account_administers_accounts_and_the_server(admin):
    made, foreign = admin.account()
    name = made["account"]["name"]
    calls = [("GET", "/accounts", None), ("POST", "/accounts", {"name": admin.name("account")}), ("GET", f"/accounts/{name}", None),
             ("PATCH", f"/accounts/{name}", {"enabled": False}), ("PATCH", "/accounts/claviger", {"enabled": False}), ("GET", "/status", None),
             ("POST", "/seal", {})]
    assert [foreign.refusal(*call) for call in calls] == ["accessDenied"] * len(calls)
    mighty = foreign.user(cam("*"), claviger("*"))
    with AdminClient(admin.server, mighty.credentials) as client:
        assert [client.refusal(*call) for call in calls] == ["accessDenied"] * len(calls)
    assert foreign.get("/account")["enabled"] is True
    foreign.close()


def test_a_disabled_account_does_nothing_until_it_is_enabled(server, admin):
    made, foreign = admin.account()
    name, password = made["account"]["name"], made["root"]["password"]
    user = foreign.user(cam("*"))
    temporary, sdk = foreign.temporary(user.name), SDK(server, user.credentials)
    session = foreign.session(made["root"]["user"], password, str(made["account"]["id"]))
    key = sdk.create()
    for turn in range(2):
        assert admin.patch(f"/accounts/{name}", {"enabled": False})["enabled"] is False
        assert sdk.refusal("DescribeKey", KeyId=key) == "AuthFailure.SecretIdNotFound"
        assert SDK(server, temporary).refusal("GetRegions").startswith("AuthFailure.")
        assert foreign.refusal("GET", "/whoami") == "unknownAccessKey"
        assert session.refusal("GET", "/whoami") == "invalidToken"
        if turn == 0:
            assert sign_in_refusal(server, made["root"]["user"], password, name)[0] == "wrongPassword"
        assert admin.patch(f"/accounts/{name}", {"enabled": True})["enabled"] is True
        sdk("DescribeKey", KeyId=key)
        foreign.get("/whoami")
    assert sign_in(server, made["root"]["user"], password, name)["account"]["name"] == name
    session.close()
    foreign.close()


def test_an_account_can_have_a_number_of_its_own(admin):
    number = 7_000_000 + random.randrange(1_000_000)
    made = admin.post("/accounts", {"name": admin.name("account"), "id": number})
    assert made["account"]["id"] == number
    assert admin.refusal("POST", "/accounts", {"name": admin.name("account"), "id": number}) == "nameExists"


# ---------------------------------------------------------------- the audit log

def test_the_audit_log_can_be_searched(server, admin, root):
    user = admin.user(cam("Encrypt", "DescribeKey"))
    client = signed_in(Client(server), user.credentials)
    key, other = root.create(), root.create()
    begun = time.time()
    for _ in range(5):
        client("Encrypt", KeyId=key, Plaintext="YQ==")
    client("DescribeKey", KeyId=other)
    denied = 0
    with pytest.raises(Refused) as refusal:
        client("DisableKey", KeyId=key)
    denied = refusal.value.request_id

    def search(**query):
        return admin.get("/audit", **query)["items"]

    records = {record["request"]: record for record in audit_log.records(server.data)}
    assert len(search(key=key)) == 7 and {record["action"] for record in search(key=key)} == {"CreateKey", "Encrypt", "DisableKey"}
    by_user = search(principal=user.name)
    assert [record["action"] for record in by_user] == ["DisableKey", "DescribeKey"] + ["Encrypt"] * 5
    assert by_user == search(principal=user.credentials.id)
    # Records are those of the log itself.
    assert all(records[record["request"]] == record for record in by_user)
    assert [record["request"] for record in search(principal=user.name, outcome="refused")] == [denied]
    assert [record["request"] for record in search(outcome="AuthFailure.UnauthorizedOperation", key=key)] == [denied]
    assert len(search(principal=user.name, action="Encrypt")) == len(search(principal=user.name, action="Enc*")) == 5
    assert search(principal=user.name, action="Enc") == []
    assert len(search(principal=user.name, outcome="ok")) == 6
    hour = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(begun + 3600))
    start = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(begun - 1))
    assert search(principal=user.name, **{"from": start}, to=hour) == by_user
    assert search(principal=user.name, **{"from": hour}) == search(principal=user.name, to=start) == []
    pages, before = [], None
    while True:
        page = admin.get("/audit", principal=user.name, limit=2, before=before)
        pages += page["items"]
        assert len(page["items"]) <= 2
        if "next" not in page:
            break
        before = page["next"]
    assert pages == by_user
    client.close()


def test_who_searches_the_audit_log_finds_his_own_account(server, admin, root):
    made, foreign = admin.account()
    number = str(made["account"]["id"])
    foreign.get("/users")
    key = root.create()
    assert {record["account"] for record in foreign.get("/audit", limit=1000)["items"]} == {number}
    assert foreign.get("/audit", key=key)["items"] == [] != admin.get("/audit", key=key)["items"]
    own = str(admin.get("/account")["id"])
    assert foreign.refusal("GET", "/audit", account=own) == "accessDenied"
    assert {record["account"] for record in admin.get("/audit", account=number)["items"]} == {number}
    foreign.close()


def test_attempts_to_sign_in_are_recorded(server, admin):
    user, nobody = admin.post("/users", {"name": admin.name()})["name"], admin.name("nobody")
    for name in (user, nobody):
        assert sign_in_refusal(server, name, PASSWORD)[0] == "wrongPassword"
    newest = admin.get("/audit", action="OpenSession", limit=2)["items"]
    assert [record["outcome"] for record in newest] == ["wrongPassword"] * 2
    # A name that does not exist may be a password in the wrong place.
    assert f"user/{user}" in newest[1]["resources"] and nobody not in json.dumps(newest)
    assert all(record["source"].startswith("127.0.0.1:") and "principal" not in record for record in newest)


def test_administration_is_recorded_with_its_principal_and_outcome(server, admin):
    user = admin.user(claviger("ListUsers"))
    with AdminClient(server, user.credentials) as client:
        request = client.get("/users")["requestId"]
        with pytest.raises(AdminRefused) as refusal:
            client.post("/users", {"name": "intruder"})
    records = {record["request"]: record for record in audit_log.records(server.data)}
    assert records[request]["outcome"] == "ok" and records[request]["decision"] == "allowed"
    assert records[request]["policy"] == f"{user.policies[0]}#1" and records[request]["dialect"] == "admin"
    denied = records[refusal.value.request_id]
    assert (denied["outcome"], denied["decision"], denied["accessKey"]) == ("accessDenied", "notAllowed", user.credentials.id)
    assert denied["resources"] == ["user/intruder"] and denied["source"].startswith("127.0.0.1:")


# ---------------------------------------------------------------- secrets

def test_secrets_are_shown_once_and_kept_nowhere_in_clear(launch):
    server = launch("--log-level", "trace")
    answers = []
    admin = AdminClient(server, witness=lambda *call: answers.append(json.dumps(call)))
    secrets, passwords = {}, {}

    def remember(name, answer):
        """Takes the secrets out of an answer, which then is searched like all others."""
        for member in ("secret", "token", "password"):
            if member in answer:
                secrets[f"{name} {member}"] = answer[member]

    for kind in ("first", "second"):
        passwords[kind] = f"the {kind} password, {random.getrandbits(64):x}"
    made = admin.post("/accounts", {"name": "other"})
    remember("root", made["root"])
    remember("root key", made["root"]["accessKey"])
    admin.post("/users", {"name": "alice", "password": passwords["first"]})
    key = admin.post("/users/alice/access-keys")
    remember("access key", key)
    admin.put("/users/alice/password", {"password": passwords["second"]})
    temporary = admin.post("/temporary-credentials", {"user": "alice"})
    remember("temporary credentials", temporary)
    signed = sign_in(server, "alice", passwords["second"])
    remember("session", signed)
    wrong = f"a wrong password {random.getrandbits(64):x}"
    assert sign_in_refusal(server, "alice", wrong)[0] == "wrongPassword"
    # A password where a name belongs, and secrets where ids do.
    assert sign_in_refusal(server, wrong + "name", "x" * 8)[0] == "wrongPassword"
    misplaced = Credentials(f"misplaced{random.getrandbits(96):x}", "x")
    with AdminClient(server, misplaced) as client:
        assert client.refusal("GET", "/whoami") == "unknownAccessKey"
    secrets |= {"first password": passwords["first"], "second password": passwords["second"], "wrong password": wrong, "misplaced": misplaced.id}
    once = len(answers)
    for path in ("/whoami", "/accounts", "/account", "/accounts/other", "/users", "/users/alice", "/users/alice/access-keys", "/projects", "/audit",
                 "/status", "/groups", "/policies"):
        admin.get(path)
    with AdminClient(server, bearer=signed["token"], witness=admin.witness) as session:
        session.get("/whoami")
    with AdminClient(server, Credentials(temporary["id"], temporary["secret"], temporary["token"]), witness=admin.witness) as client:
        client.get("/whoami")
        client.refusal("GET", "/users")
    later = "\n".join(answers[once:])
    assert len(answers) - once == 14
    assert [name for name, secret in secrets.items() if secret in later] == []
    assert [name for name, secret in secrets.items() if secret in "\n".join(answers[:once])]
    with AdminClient(server) as client:
        secrets["the first secret"] = client.credentials.secret
        secrets["the first password"] = server.credentials["CLAVIGER_PASSWORD"]
        sign_in(server, server.credentials["CLAVIGER_USER"], server.credentials["CLAVIGER_PASSWORD"])
    present = {"user": "alice", "access key id": key["id"]}
    assert {name for name, _ in found(server, present)} == set(present)
    assert not found(server, secrets)
    admin.close()
    assert server.stop() == 0
    assert not found(server, secrets)
    audit_log.verify(server.data)


# ---------------------------------------------------------------- persistence

def everything_of(admin):
    """All that administration shows of an account, but for when keys were last used."""
    shown = {"account": admin.get("/account"), "projects": admin.all("/projects")}
    for kind in ("users", "groups", "policies"):
        for item in admin.all(f"/{kind}", limit=50):
            shown[kind, item["name"]] = admin.get(f"/{kind}/{segment(item['name'])}")
    for thing in shown.values():
        if isinstance(thing, dict):
            thing.pop("requestId")
            for key in thing.get("accessKeys", ()):
                key.pop("lastUsedAt", None)
    return shown


def test_everything_outlives_a_restart(launch):
    first = launch()
    admin, root = AdminClient(first), Client(first)
    made, foreign = admin.account("second-account")
    key = root.create()
    for client in (admin, foreign):
        group = client.post("/groups", {"name": "group"})["name"]
        user = client.user(cam("Encrypt"), ram("DescribeKey"), iam("cmk:list"), name="alice", password=PASSWORD, description="grüße")
        client.put(f"/groups/{group}/members/alice")
        client.put(f"/groups/{group}/policies/{client.policy(cam('*'), name='all')}")
        client.post("/users", {"name": "disabled"})
        client.patch("/users/disabled", {"enabled": False})
    admin.put(f"/keys/{key}/policy", {"document": KEY_POLICY}, **REGION)
    key_policy = admin.get(f"/keys/{key}/policy", **REGION)["document"]
    before = everything_of(admin), everything_of(foreign), admin.all("/accounts")
    temporary, session = foreign.temporary("alice"), sign_in(first, "alice", PASSWORD, "second-account")["token"]
    ended = foreign.session("alice", PASSWORD, "second-account")
    ended.delete("/sessions/current")
    revoked = admin.temporary("alice")
    admin.delete("/users/alice/sessions")
    admin.patch("/accounts/second-account", {"enabled": True})
    for client in (root, admin, foreign):
        client.close()
    assert first.stop() == 0

    second = launch()
    admin, foreign = AdminClient(second), AdminClient(second, foreign.credentials)
    assert (everything_of(admin), everything_of(foreign), admin.all("/accounts")) == before
    assert admin.get(f"/keys/{key}/policy", **REGION)["document"] == key_policy
    sdk = SDK(second, temporary)
    assert sdk("GetRegions")["Regions"] and SDK(second, user.credentials)("ListKeys")["TotalCount"] == 0
    assert SDK(second, revoked).refusal("GetRegions") == "AuthFailure.TokenFailure"
    with AdminClient(second, bearer=session) as client:
        assert client.get("/whoami")["user"]["name"] == "alice"
    with AdminClient(second, bearer=ended.bearer) as client:
        assert client.refusal("GET", "/whoami") == "invalidToken"
    sign_in(second, "alice", PASSWORD, "second-account")
    for client in (admin, foreign):
        client.close()
    assert second.stop() == 0
    audit_log.verify(second.data)


# ---------------------------------------------------------------- kills

GROUPS, POLICIES = [f"g{i}" for i in range(3)], [f"p{i}" for i in range(3)]


@dataclasses.dataclass
class KnownUser:
    """A user as the acknowledged changes left it."""
    name: str
    exists: bool = True
    description: str = ""
    enabled: bool = True
    groups: frozenset = frozenset()
    policies: frozenset = frozenset()
    keys: frozenset = frozenset()
    # A key may be there whose id nobody was told.
    unknown_keys: int = 0


class Worker(threading.Thread):
    """Administers users of its own until its connection breaks; notes before each change what it is about to become in `pending`."""

    def __init__(self, server, seed, acknowledged):
        super().__init__(daemon=True)
        self.admin, self.random, self.acknowledged = AdminClient(server), random.Random(seed), acknowledged
        self.prefix = "u" + re.sub(r"\W", "-", seed)
        self.users, self.secrets, self.requests = [], {}, []
        self.pending, self.failure = None, None

    def run(self):
        try:
            while True:
                self.step()
        except (OSError, http.client.HTTPException):
            pass
        except BaseException as failure:
            self.failure = failure
        finally:
            self.admin.close()

    def change(self, index, wanted, method, path, body=None):
        before = self.users[index] if index is not None else dataclasses.replace(wanted, exists=False)
        self.pending = index, before, wanted
        answer = self.admin(method, path, body)
        self.requests.append(answer["requestId"])
        if "secret" in answer:
            self.secrets[answer["id"]] = answer["secret"]
            wanted = dataclasses.replace(wanted, keys=wanted.keys | {(answer["id"], True)}, unknown_keys=0)
        if index is None:
            self.users.append(wanted)
        else:
            self.users[index] = wanted
        self.pending = None
        self.acknowledged.release()

    def step(self):
        living = [index for index, user in enumerate(self.users) if user.exists]
        if not living or self.random.random() < 0.15:
            name = f"{self.prefix}-{len(self.users)}"
            text = f"made {self.random.random()}"
            return self.change(None, KnownUser(name, description=text), "POST", "/users", {"name": name, "description": text})
        index = self.random.choice(living)
        user = self.users[index]
        path, change = f"/users/{user.name}", lambda method, path, body=None, **wanted: self.change(index, dataclasses.replace(user, **wanted), method, path, body)
        match self.random.choices(["text", "enable", "group", "policy", "key", "delete"], [3, 2, 3, 3, 4, 0.7])[0]:
            case "text":
                text = f"described {self.random.random()}"
                change("PATCH", path, {"description": text}, description=text)
            case "enable":
                change("PATCH", path, {"enabled": not user.enabled}, enabled=not user.enabled)
            case "group":
                group = self.random.choice(GROUPS)
                change("DELETE" if group in user.groups else "PUT", f"/groups/{group}/members/{user.name}", groups=user.groups ^ {group})
            case "policy":
                policy = self.random.choice(POLICIES)
                change("DELETE" if policy in user.policies else "PUT", f"{path}/policies/{policy}", policies=user.policies ^ {policy})
            case "key":
                if len(user.keys) < 2 and self.random.random() < 0.6:
                    change("POST", f"{path}/access-keys", {}, unknown_keys=1)
                elif user.keys:
                    key = self.random.choice(sorted(user.keys))
                    if self.random.random() < 0.5:
                        change("DELETE", f"{path}/access-keys/{key[0]}", keys=user.keys - {key})
                    else:
                        turned = (key[0], not key[1])
                        change("PATCH", f"{path}/access-keys/{key[0]}", {"enabled": turned[1]}, keys=user.keys - {key} | {turned})
            case "delete":
                change("DELETE", path, exists=False)


def user_as_shown(admin, user, known_keys):
    try:
        shown = admin.get(f"/users/{user.name}")
    except AdminRefused as refusal:
        assert refusal.code == "identityNotFound"
        return dataclasses.replace(user, exists=False)
    keys = frozenset((key["id"], key["enabled"]) for key in shown["accessKeys"])
    known = frozenset(key for key in keys if key[0] in known_keys)
    return KnownUser(user.name, True, shown["description"], shown["enabled"], frozenset(shown["groups"]), frozenset(shown["policies"]), known,
                     len(keys) - len(known))


def same(shown, wanted):
    return shown == wanted if wanted.exists else not shown.exists


def test_acknowledged_administration_outlives_kills(folder):
    chance = random.Random(SEED)
    server = Server(folder / "data").start()
    with AdminClient(server) as admin:
        for name in GROUPS:
            admin.post("/groups", {"name": name})
        for name in POLICIES:
            admin.policy(cam("GetRegions"), name=name)
    users, secrets, requests = [], {}, []
    try:
        for life in range(KILLS):
            acknowledged = threading.Semaphore(0)
            workers = [Worker(server, f"{SEED} {life} {index}", acknowledged) for index in range(WORKERS)]
            for worker in workers:
                worker.start()
            for _ in range(chance.randint(1, 120)):
                assert acknowledged.acquire(timeout=30)
            server.kill()
            for worker in workers:
                worker.join(30)
                assert not worker.is_alive() and worker.failure is None, worker.failure
                secrets |= worker.secrets
                requests += worker.requests

            server = Server(server.data).start()
            with AdminClient(server) as admin:
                for worker in workers:
                    if worker.pending:
                        index, before, wanted = worker.pending
                        shown = user_as_shown(admin, wanted, worker.secrets)
                        assert same(shown, before) or same(shown, wanted), (shown, before, wanted)
                        if index is None:
                            worker.users.append(shown)
                        else:
                            worker.users[index] = shown
                    for user in worker.users:
                        assert same(user_as_shown(admin, user, secrets), user), user
                    users += worker.users
                recorded = {record["request"] for record in audit_log.records(server.data)}
                assert recorded.issuperset(requests)

        with AdminClient(server) as admin:
            for user in users:
                assert same(user_as_shown(admin, user, secrets), user), user
            assert {user["name"] for user in admin.all("/users")} == {user.name for user in users if user.exists} | {"claviger"}
            members = {name: {user.name for user in users if user.exists and name in user.groups} for name in GROUPS}
            assert {name: set(admin.get(f"/groups/{name}")["members"]) for name in GROUPS} == members
        # What was shown as a secret signs, just as far as it is enabled.
        signing = [(user, key) for user in users if user.exists for key in user.keys][-40:]
        for user, (key, is_enabled) in signing:
            with AdminClient(server, Credentials(key, secrets[key])) as client:
                if user.enabled and is_enabled:
                    assert client.get("/whoami")["user"]["name"] == user.name
                else:
                    assert client.refusal("GET", "/whoami") == "unknownAccessKey"
        assert len(users) > KILLS and len(signing) > 5
        assert server.stop() == 0
        audit_log.verify(server.data)
    finally:
        server.kill()
