"""Huawei's dialect: who may what, tokens, grants, accounts, restarts and kills, many at once, quotas, audit."""
import base64
import dataclasses
import http.client
import json
import os
import random
import threading
import time
import urllib.request

import pytest

import audit_log
import store
from admin_client import AdminClient, cam, iam, ram
from client import unique_alias
from crowd import together
from huawei_client import (DISABLED, ENABLED, NOBODY, PENDING_DELETION, PENDING_IMPORT, HuaweiClient, HuaweiRefused, encoded_dek, huawei_code,
                           issue_token, root_token_request, token_request, wrapped)
from huawei_sdk import HuaweiSDK
from server import Server, run
from waiting import eventually, sleep_until

PASSWORD = "correct horse battery staple"
DENIED = {"KMS.0306", "KMS.0307"}


@pytest.fixture(scope="module")
def admin(server):
    with AdminClient(server) as client:
        yield client


@pytest.fixture(scope="module")
def root(server):
    with HuaweiClient(server) as client:
        yield client


def as_user(server, user, project):
    return HuaweiClient(server, credentials=user.credentials, project=project)


def token_of(server, name, password=PASSWORD, domain=None, scope=None):
    return issue_token(server, token_request(name, password, domain or server.credentials["CLAVIGER_DOMAIN_NAME"], scope))[0]


def with_password(admin, *actions, **more):
    return admin.user(*([iam(*actions)] if actions else []), password=PASSWORD, **more)


# ---------------------------------------------------------------- what the actions of section 9 let through

def imported(root):
    key = root.create(origin="external")
    root.bring(key, os.urandom(32))
    return key


def disabled(root, action="disable-key", **more):
    key = root.create()
    root(action, key_id=key, **more)
    return key


def import_request(root):
    key = root.create(origin="external")
    parameters = root("get-parameters-for-import", key_id=key, wrapping_algorithm="RSAES_OAEP_SHA_256")
    return {"key_id": key, "import_token": parameters["import_token"], "encrypted_key_material": wrapped(parameters, os.urandom(32))}


def sealed_dek(root):
    key = root.create()
    return {"key_id": key, "cipher_text": root("create-datakey", key_id=key)["cipher_text"], "datakey_cipher_length": "32"}


# For every API: its action, the method, and what makes a path and a body with which it works.
RIGHTS = {
    "create-key": ("cmk:create", lambda root: {"key_alias": unique_alias("right")}),
    "enable-key": ("cmk:enable", lambda root: {"key_id": disabled(root)}),
    "disable-key": ("cmk:disable", lambda root: {"key_id": root.create()}),
    "schedule-key-deletion": ("cmk:update", lambda root: {"key_id": root.create(), "pending_days": "7"}),
    "cancel-key-deletion": ("cmk:update", lambda root: {"key_id": disabled(root, "schedule-key-deletion", pending_days="7")}),
    "update-key-alias": ("cmk:update", lambda root: {"key_id": root.create(), "key_alias": unique_alias("right")}),
    "update-key-description": ("cmk:update", lambda root: {"key_id": root.create(), "key_description": "x"}),
    "list-keys": ("cmk:list", lambda root: {}), "describe-key": ("cmk:get", lambda root: {"key_id": root.create()}),
    "gen-random": ("cmk:generate", lambda root: {"random_data_length": "64"}),
    "create-datakey": ("dek:create", lambda root: {"key_id": root.create()}),
    "create-datakey-without-plaintext": ("dek:create", lambda root: {"key_id": root.create()}),
    "encrypt-datakey": ("dek:crypto", lambda root: {"key_id": root.create(), "plain_text": encoded_dek(b"x"), "datakey_plain_length": "1"}),
    "decrypt-datakey": ("dek:crypto", sealed_dek),
    "encrypt-data": ("cmk:crypto", lambda root: {"key_id": root.create(), "plain_text": "x"}),
    "decrypt-data": ("cmk:crypto", lambda root: {"cipher_text": root.encrypt(root.create())}),
    "get-parameters-for-import": ("cmk:getMaterial", lambda root: {"key_id": root.create(origin="external"),
                                                                   "wrapping_algorithm": "RSAES_OAEP_SHA_1"}),
    "import-key-material": ("cmk:importMaterial", import_request),
    "delete-imported-key-material": ("cmk:deleteMaterial", lambda root: {"key_id": imported(root)}),
    "resource_instances/action": ("cmkTag:listInstance", lambda root: {"action": "filter"}),
    "{key}/tags/action": ("cmkTag:batch", lambda root: {"action": "create", "tags": [{"key": "k", "value": "v"}]}),
    "{key}/tags": ("cmkTag:create", lambda root: {"tag": {"key": "k", "value": "v"}}),
    "DELETE {key}/tags/gone": ("cmkTag:delete", lambda root: None), "GET {key}/tags": ("cmkTag:list", lambda root: None),
    "GET tags": ("cmkTag:list", lambda root: None),
    "GET user-instances": ("cmk:getInstance", lambda root: None), "GET user-quotas": ("cmk:getQuota", lambda root: None),
}


def prepared(root, api):
    """Method, path and body of a call that works."""
    method, _, path = api.rpartition(" ")
    if "{key}" in path:
        key = root.create()
        root.tag(key, gone="x")
        path = path.replace("{key}", key)
    return method or "POST", path, RIGHTS[api][1](root)


def outcome(client, method, path, body):
    return huawei_code(client.raw(method, client.kms(path), body))


def test_every_api_has_its_right():
    assert len(RIGHTS) == 27 and len({action for action, _ in RIGHTS.values()}) == 20


@pytest.mark.parametrize("way", ["access key", "token"])
def test_a_user_without_policies_may_do_nothing(server, admin, root, way):
    user = with_password(admin)
    client = as_user(server, user, root.project) if way == "access key" else HuaweiClient(server, token=token_of(server, user.name),
                                                                                          project=root.project)
    for api in RIGHTS:
        assert outcome(client, *prepared(root, api)) == "KMS.0307", api
    # Neither is what does not exist told from what may not be used.
    assert client.outcome("describe-key", key_id=NOBODY) == "KMS.0307"
    client.close()


@pytest.mark.parametrize("action", sorted({action for action, _ in RIGHTS.values()}))
def test_each_action_lets_its_apis_through_and_no_others(server, admin, root, action):
    client = as_user(server, admin.user(iam(f"{action}")), root.project)
    for api in RIGHTS:
        assert outcome(client, *prepared(root, api)) == (None if RIGHTS[api][0] == action else "KMS.0307"), api
    client.close()


def test_a_denial_beats_a_grant_and_everything_can_be_given(server, admin, root):
    everything = iam("*:*")
    denial = {"Version": "1.1", "Statement": [{"Effect": "Deny", "Action": ["kms:cmk:disable"]}]}
    client = as_user(server, admin.user(everything, denial), root.project)
    for api in RIGHTS:
        assert outcome(client, *prepared(root, api)) in (DENIED if api == "disable-key" else {None}), api
    client.close()


def test_the_right_to_one_key_is_none_to_another(server, admin, root):
    one, other = root.create(), root.create()
    user = admin.user(iam("cmk:crypto", "cmk:get", "dek:create", "dek:crypto", resource=f"KMS:*:*:KeyId:{one}"))
    client = as_user(server, user, root.project)
    assert client.decrypt(client.encrypt(one)) == "data" and client.describe(one)["key_id"] == one
    assert client.refusal("encrypt-data", key_id=other, plain_text="x") == "KMS.0306"
    assert client.refusal("decrypt-data", cipher_text=root.encrypt(other)) == "KMS.0306"
    assert client.refusal("describe-key", key_id=other) == "KMS.0306"
    # The user has no right to all keys: an unknown one is refused like one of somebody else.
    assert client.refusal("describe-key", key_id=NOBODY) == "KMS.0306"
    assert client.refusal("disable-key", key_id=one) == "KMS.0307" and client.refusal("list-keys") == "KMS.0307"
    client.close()


def test_rights_change_with_the_next_call(server, admin, root):
    user = with_password(admin, "cmk:get")
    key = root.create()
    clients = [as_user(server, user, root.project), HuaweiClient(server, token=token_of(server, user.name), project=root.project)]
    for _ in range(3):
        assert [client.outcome("describe-key", key_id=key) for client in clients] == [None, None]
        admin.delete(f"/users/{user.name}/policies/{user.policies[0]}")
        assert [client.outcome("describe-key", key_id=key) for client in clients] == ["KMS.0307"] * 2
        admin.put(f"/users/{user.name}/policies/{user.policies[0]}")
    for client in clients:
        client.close()


def test_other_clouds_languages_act_on_huaweis_calls(server, admin, root):
    key = root.create()
    for document in (cam("Encrypt", "Decrypt"), ram("Encrypt", "Decrypt")):
        client = as_user(server, admin.user(document), root.project)
        assert client.decrypt(client.encrypt(key)) == "data"
        assert client.refusal("create-datakey", key_id=key) == "KMS.0307"
        client.close()


def test_conditions_on_tags_and_contexts(server, admin, root):
    key = root.create()
    user = admin.user(iam("cmk:crypto", condition={"StringEquals": {"g:ResourceTag/stage": "test"}}),
                      iam("dek:create", condition={"StringEquals": {"kms:EncryptionContext:tenant": "blue"}}))
    client = as_user(server, user, root.project)
    assert client.outcome("encrypt-data", key_id=key, plain_text="x") in DENIED
    root.tag(key, stage="test")
    assert client.outcome("encrypt-data", key_id=key, plain_text="x") is None
    root.delete(f"{key}/tags/stage")
    assert client.outcome("encrypt-data", key_id=key, plain_text="x") in DENIED
    assert client.outcome("create-datakey", key_id=key, encryption_context={"tenant": "blue"}) is None
    for wrong in ({}, {"tenant": "red"}):
        assert client.outcome("create-datakey", key_id=key, encryption_context=wrong) in DENIED
    # Additional data is no context, whatever it says.
    assert client.outcome("create-datakey", key_id=key, additional_authenticated_data='{"tenant":"blue"}') in DENIED
    client.close()


# ---------------------------------------------------------------- tokens and temporary credentials

@pytest.mark.parametrize("what", ["disabled", "deleted", "new password", "password removed", "sessions ended"])
def test_tokens_end_with_what_they_stand_for(server, admin, root, what):
    user = with_password(admin, "cmk:list")
    path = f"/users/{user.name}"
    used, unused = (HuaweiClient(server, token=token_of(server, user.name), project=root.project) for _ in range(2))
    assert used.outcome("list-keys") is None
    match what:
        case "disabled":
            admin.patch(path, {"enabled": False})
        case "deleted":
            admin.delete(path)
        case "new password":
            admin.put(f"{path}/password", {"password": PASSWORD + "!"})
        case "password removed":
            admin.delete(f"{path}/password")
        case "sessions ended":
            admin.delete(f"{path}/sessions")
    for client in (used, unused):
        assert client.outcome("list-keys") == "KMS.0302"
        assert huawei_code(client.raw("GET", "/v3/projects")) == 401
    if what in ("disabled", "password removed"):
        with pytest.raises(HuaweiRefused) as refused:
            token_of(server, user.name)
        assert refused.value.status == 401
    # Nothing brings them back.
    match what:
        case "disabled":
            admin.patch(path, {"enabled": True})
        case "deleted":
            admin.user(iam("cmk:list"), name=user.name, password=PASSWORD)
        case "new password" | "password removed":
            admin.put(f"{path}/password", {"password": PASSWORD})
    fresh = HuaweiClient(server, token=token_of(server, user.name), project=root.project)
    for _ in range(2):
        assert [client.outcome("list-keys") for client in (used, unused, fresh)] == ["KMS.0302", "KMS.0302", None]
    for client in (used, unused, fresh):
        client.close()


def test_tokens_and_signatures_end_with_the_account(server, admin):
    made, foreign = admin.account()
    name, password, domain = made["root"]["user"], made["root"]["password"], foreign.get("/account")["name"]
    signed = HuaweiClient(server, credentials=foreign.credentials)
    bearer = HuaweiClient(server, token=token_of(server, name, password, domain), project=signed.project)
    assert [client.outcome("list-keys") for client in (signed, bearer)] == [None, None]
    admin.patch(f"/accounts/{made['account']['name']}", {"enabled": False})
    assert [client.outcome("list-keys") for client in (signed, bearer)] == ["APIGW.0301", "KMS.0302"]
    with pytest.raises(HuaweiRefused):
        token_of(server, name, password, domain)
    admin.patch(f"/accounts/{made['account']['name']}", {"enabled": True})
    assert signed.outcome("list-keys") is None
    for client in (signed, bearer, foreign):
        client.close()


def test_temporary_credentials(server, admin, root):
    user = admin.user(iam("cmk:list", "cmk:crypto"))
    temporary = admin.temporary(user.name)
    client = HuaweiClient(server, credentials=temporary)
    assert client.project == root.project and client.outcome("list-keys") is None
    assert client.outcome("gen-random", random_data_length="8") == "KMS.0307"
    for token in (None, "", "x", temporary.token[:-1], temporary.token + "A", temporary.token.swapcase()):
        other = HuaweiClient(server, credentials=dataclasses.replace(temporary, token=token), project=root.project)
        assert other.outcome("list-keys") == "APIGW.0301", token
        other.close()
    stranger = HuaweiClient(server, credentials=dataclasses.replace(temporary, secret="x" * 40), project=root.project)
    assert stranger.outcome("list-keys") == "APIGW.0301"
    # The vendor's SDK, by region and by project.
    for project in (None, root.project):
        sdk = HuaweiSDK(server, temporary, project=project)
        assert sdk("list_keys").total >= 1 and sdk.outcome("create_key", key_alias=unique_alias("temp")) == "KMS.0307"
    admin.delete(f"/users/{user.name}/sessions")
    assert client.outcome("list-keys") == "APIGW.0301"
    for connection in (client, stranger):
        connection.close()


def test_access_keys_end_at_once(server, admin, root):
    user = admin.user(iam("cmk:list"))
    path = f"/users/{user.name}/access-keys/{user.credentials.id}"
    client = as_user(server, user, root.project)
    assert client.outcome("list-keys") is None
    admin.patch(path, {"enabled": False})
    assert client.outcome("list-keys") == "APIGW.0301"
    admin.patch(path, {"enabled": True})
    assert client.outcome("list-keys") is None
    admin.delete(path)
    assert client.outcome("list-keys") == "APIGW.0301"
    client.close()


# ---------------------------------------------------------------- grants

def user_id(server, user):
    """The id by which Huawei's dialect knows a user."""
    with AdminClient(server) as admin:
        return admin.get(f"/users/{user.name}")["id"]


def test_a_token_and_the_administration_tell_the_same_id(server, admin):
    user = with_password(admin)
    said = issue_token(server, token_request(user.name, PASSWORD, server.credentials["CLAVIGER_DOMAIN_NAME"]))[1]["user"]
    assert (said["id"], said["name"]) == (user_id(server, user), user.name)


OPERATIONS = {
    "describe-key": ("describe-key", lambda root, key: {"key_id": key}), "create-datakey": ("create-datakey", lambda root, key: {"key_id": key}),
    "create-datakey-without-plaintext": ("create-datakey-without-plaintext", lambda root, key: {"key_id": key}),
    "encrypt-datakey": ("encrypt-datakey", lambda root, key: {"key_id": key, "plain_text": encoded_dek(b"x"), "datakey_plain_length": "1"}),
    "decrypt-datakey": ("decrypt-datakey", lambda root, key: {
        "key_id": key, "cipher_text": root("create-datakey", key_id=key)["cipher_text"], "datakey_cipher_length": "32"}),
    "encrypt-data": ("encrypt-data", lambda root, key: {"key_id": key, "plain_text": "x"}),
    "decrypt-data": ("decrypt-data", lambda root, key: {"cipher_text": root.encrypt(key)}),
}


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_grant_gives_its_operation_on_its_key_to_its_user(server, admin, root, operation):
    user, other = with_password(admin), with_password(admin)
    key, second = root.create(), root.create()
    grant = root("create-grant", key_id=key, grantee_principal=user_id(server, user), operations=[operation], name="g")["grant_id"]
    mine, theirs = as_user(server, user, root.project), as_user(server, other, root.project)
    for name, (action, request) in OPERATIONS.items():
        assert (mine.outcome(action, **request(root, key)) is None) == (name == operation), name
        assert mine.outcome(action, **request(root, second)) in DENIED
        assert theirs.outcome(action, **request(root, key)) in DENIED
    root("revoke-grant", key_id=key, grant_id=grant)
    action, request = OPERATIONS[operation]
    assert mine.outcome(action, **request(root, key)) in DENIED
    for client in (mine, theirs):
        client.close()


def test_grants_of_signing(server, admin, root):
    user = with_password(admin)
    key = root.create(key_spec="EC_P256", key_usage="SIGN_VERIFY")
    request = {"key_id": key, "message": "YQ==", "message_type": "RAW", "signing_algorithm": "ECDSA_SHA_256"}
    client = as_user(server, user, root.project)
    assert client.outcome("sign", **request) in DENIED
    root("create-grant", key_id=key, grantee_principal=user_id(server, user), operations=["sign", "verify", "get-publickey"])
    signature = client("sign", **request)["signature"]
    assert client("verify", **request, signature=signature)["signature_valid"] == "true"
    assert client("get-publickey", key_id=key)["public_key"]
    client.close()


def test_nobody_gives_away_what_he_may_not_do(server, admin, root):
    giver, taker = with_password(admin), with_password(admin)
    key = root.create()
    to_taker = {"key_id": key, "grantee_principal": user_id(server, taker)}
    client, receiver = as_user(server, giver, root.project), as_user(server, taker, root.project)
    assert client.outcome("create-grant", **to_taker, operations=["encrypt-data"]) in DENIED
    root("create-grant", key_id=key, grantee_principal=user_id(server, giver), operations=["create-grant", "encrypt-data"])
    assert client.outcome("create-grant", **to_taker, operations=["decrypt-data"]) in DENIED
    assert client.outcome("create-grant", **to_taker, operations=["encrypt-data", "decrypt-data"]) in DENIED
    assert client.outcome("create-grant", **to_taker, operations=["encrypt-data"]) is None
    assert receiver.outcome("encrypt-data", key_id=key, plain_text="x") is None
    assert receiver.outcome("create-grant", **to_taker, operations=["encrypt-data"]) in DENIED
    for connection in (client, receiver):
        connection.close()


def test_a_denial_beats_a_grant(server, admin, root):
    denial = {"Version": "1.1", "Statement": [{"Effect": "Deny", "Action": ["kms:cmk:crypto"]}]}
    user = admin.user(denial, password=PASSWORD)
    key = root.create()
    root("create-grant", key_id=key, grantee_principal=user_id(server, user), operations=["encrypt-data", "describe-key"])
    client = as_user(server, user, root.project)
    assert client.outcome("encrypt-data", key_id=key, plain_text="x") in DENIED
    assert client.outcome("describe-key", key_id=key) is None
    client.close()


def test_grants_are_retired_by_whom_they_name(server, admin, root):
    user, other = with_password(admin, "grant:listRetirable"), with_password(admin)
    key = root.create()
    id, other_id = user_id(server, user), user_id(server, other)
    made = root("create-grant", key_id=key, grantee_principal=other_id, operations=["describe-key"], retiring_principal=id)["grant_id"]
    own = root("create-grant", key_id=key, grantee_principal=id, operations=["describe-key", "retire-grant"])["grant_id"]
    fixed = root("create-grant", key_id=key, grantee_principal=id, operations=["describe-key"])["grant_id"]
    mine, theirs = as_user(server, user, root.project), as_user(server, other, root.project)
    listed = mine("list-retirable-grants")
    assert made in [grant["grant_id"] for grant in listed["grants"]] and fixed not in [grant["grant_id"] for grant in listed["grants"]]
    assert theirs.outcome("retire-grant", key_id=key, grant_id=made) in DENIED
    assert mine.outcome("retire-grant", key_id=key, grant_id=fixed) in DENIED
    assert mine.outcome("revoke-grant", key_id=key, grant_id=made) in DENIED
    assert mine.outcome("retire-grant", key_id=key, grant_id=made) is None
    assert mine.outcome("retire-grant", key_id=key, grant_id=own) is None
    assert [grant["grant_id"] for grant in root("list-grants", key_id=key)["grants"]] == [fixed]
    assert theirs.outcome("describe-key", key_id=key) in DENIED and mine.outcome("describe-key", key_id=key) is None
    for client in (mine, theirs):
        client.close()


def test_grants_do_not_reach_over_accounts_and_end_with_their_user(server, admin, root):
    made, foreign = admin.account()
    stranger = issue_token(server, token_request(made["root"]["user"], made["root"]["password"], foreign.get("/account")["name"]))[1]["user"]
    key = root.create()
    for principal, kind in ((stranger["id"], "user"), (stranger["domain"]["id"], "domain")):
        assert root.refusal("create-grant", key_id=key, grantee_principal=principal, grantee_principal_type=kind,
                            operations=["describe-key"]) == "KMS.0308"
    user = with_password(admin)
    root("create-grant", key_id=key, grantee_principal=user_id(server, user), operations=["describe-key"])
    admin.delete(f"/users/{user.name}")
    again = admin.user(name=user.name, password=PASSWORD)
    client = as_user(server, again, root.project)
    assert client.outcome("describe-key", key_id=key) in DENIED
    for connection in (client, foreign):
        connection.close()


# ---------------------------------------------------------------- accounts beside each other

def test_nothing_of_an_account_is_seen_from_another(server, admin, root):
    made, foreign = admin.account()
    account = foreign.get("/account")
    domain = account["name"]
    other = HuaweiClient(server, credentials=foreign.credentials)
    token, said = issue_token(server, token_request(made["root"]["user"], made["root"]["password"], domain))
    bearer = HuaweiClient(server, token=token, project=other.project)
    assert said["project"]["id"] == other.project != root.project
    key, alias = root.create(), unique_alias("theirs")
    root.tag(key, theirs="x")
    blob, dek = root.encrypt(key), root("create-datakey", key_id=key)["cipher_text"]
    for client in (other, bearer):
        assert client.outcome("describe-key", key_id=key) == "KMS.0205"
        assert client.outcome("decrypt-data", cipher_text=blob) == "KMS.2201"
        assert client.outcome("decrypt-datakey", key_id=key, cipher_text=dek, datakey_cipher_length="32") == "KMS.0205"
        for method, path, body in (("GET", f"{key}/tags", None), ("POST", f"{key}/tags", {"tag": {"key": "k", "value": "v"}}),
                                   ("DELETE", f"{key}/tags/theirs", None)):
            assert client.refusal_of(method, path, body) == "KMS.0205"
        assert [entry["key_alias"] for entry in client.keys()] == ["kms/default"]
        assert client.get("tags")["tags"] == [] and client.get("user-instances") == {"instance_num": 0}
    assert huawei_code(other.raw("POST", root.kms("list-keys"), b"{}")) == "KMS.0306"
    assert huawei_code(bearer.raw("POST", root.kms("list-keys"), b"{}")) == "KMS.0305"
    # What one account calls a key, another may too.
    assert other.describe(other.create(alias))["domain_id"] == account["domainId"]
    root.create(alias)
    assert {project["id"] for project in other.call("GET", "/v3/projects")["projects"]}.isdisjoint(
        {project["id"] for project in root.call("GET", "/v3/projects")["projects"]})
    for client in (other, bearer, foreign):
        client.close()


def test_a_second_project_shows_the_same_keys_and_ends_with_its_tokens(server, admin, root):
    name = f"ae-ad-1_{admin.name('project')}"
    made = admin.post("/projects", {"region": "ap-guangzhou", "name": name})["id"]
    assert [project["id"] for project in root.call("GET", f"/v3/projects?name={name}")["projects"]] == [made]
    token, said = issue_token(server, root_token_request(server, {"project": {"name": name}}))
    assert said["project"] | {"domain": None} == {"id": made, "name": name, "domain": None}
    bearer, signed = HuaweiClient(server, token=token, project=made), HuaweiClient(server, project=made)
    key = root.create()
    for client in (bearer, signed):
        assert client.describe(key) == root.describe(key)
    # A token is good for its own project alone.
    assert huawei_code(bearer.raw("POST", root.kms("list-keys"), b"{}")) == "KMS.0305"
    admin.delete(f"/projects/{made}")
    assert bearer.outcome("list-keys") in ("KMS.0302", "KMS.0305") and signed.outcome("list-keys") == "KMS.0306"
    assert root.state(key) == ENABLED
    for client in (bearer, signed):
        client.close()


# ---------------------------------------------------------------- restarts and kills

def test_tokens_keys_and_grants_outlive_a_restart(launch):
    first = launch()
    token, _ = issue_token(first, root_token_request(first))
    root = HuaweiClient(first)
    with AdminClient(first) as admin:
        user = with_password(admin)
    key = root.create(key_description="grüße", enterprise_project_id="919c82d4-8046-4722-9094-35c3c6524cff")
    root.tag(key, stage="test", empty="")
    grant = root("create-grant", key_id=key, grantee_principal=user_id(first, user), operations=["encrypt-data"])["grant_id"]
    blob, before = root.encrypt(key, encryption_context={"a": "b"}), root.describe(key)
    waiting, material = root.create(origin="external"), os.urandom(32)
    parameters = root("get-parameters-for-import", key_id=waiting, wrapping_algorithm="RSAES_OAEP_SHA_256")
    project, default = root.project, root.default_key()
    root.close()
    assert first.stop() == 0

    second = launch()
    with HuaweiClient(second, token=token, project=project) as bearer, HuaweiClient(second) as signed:
        assert signed.project == project and signed.default_key() == default
        for client in (bearer, signed):
            assert client.describe(key) == before and client.tags(key) == {"stage": "test", "empty": ""}
            assert client.decrypt(blob, encryption_context={"a": "b"}) == "data"
        assert [entry["grant_id"] for entry in signed("list-grants", key_id=key)["grants"]] == [grant]
        assert as_user(second, user, project).outcome("encrypt-data", key_id=key, plain_text="x") is None
        # An invitation to import counts for 24 hours, whatever happens to the server.
        signed("import-key-material", key_id=waiting, import_token=parameters["import_token"], encrypted_key_material=wrapped(parameters, material))
        assert signed.state(waiting) == ENABLED
    assert second.stop() == 0
    audit_log.verify(second.data)


def test_an_ended_token_stays_void_after_a_kill(launch):
    first = launch()
    token, _ = issue_token(first, root_token_request(first))
    with HuaweiClient(first) as root:
        project = root.project
        headers = {**root.headers("DELETE", "/v3/auth/tokens"), "X-Subject-Token": token}
        assert root.send("DELETE", "/v3/auth/tokens", headers)[0] == 204
    first.kill()
    second = launch()
    with HuaweiClient(second, token=token, project=project) as bearer:
        assert bearer.outcome("list-keys") == "KMS.0302"


@dataclasses.dataclass
class KnownKey:
    """What a client was told of a key."""
    state: str = ENABLED
    alias: str = ""
    tags: dict = dataclasses.field(default_factory=dict)
    grants: set = dataclasses.field(default_factory=set)
    blobs: list = dataclasses.field(default_factory=list)
    rotations: int = 0


class Worker(threading.Thread):
    """Works on keys of its own until its connection breaks; notes which key the call in work is about."""

    def __init__(self, server, project, domain, seed, acknowledged):
        super().__init__(daemon=True)
        self.client = HuaweiClient(server, project=project)
        self.domain, self.random, self.acknowledged = domain, random.Random(seed), acknowledged
        self.keys, self.pending, self.failure = {}, None, None

    def run(self):
        try:
            while True:
                self.turn()
                self.acknowledged.release()
        except (OSError, http.client.HTTPException):
            pass
        except BaseException as failure:
            self.failure = failure
        finally:
            self.client.close()

    def turn(self):
        client, choice = self.client, self.random.randrange(9)
        if choice == 0 or not self.keys:
            alias = unique_alias("kill")
            self.pending = None, alias
            key = client.create(alias)
            self.keys[key] = KnownKey(alias=alias)
            self.pending = None
            return
        key = self.random.choice(sorted(self.keys))
        known = self.keys[key]
        self.pending = key, None
        match choice:
            case 1 | 2:
                name, value = f"k{self.random.randrange(5)}", str(self.random.random())
                client.post(f"{key}/tags", {"tag": {"key": name, "value": value}})
                known.tags[name] = value
            case 3 if known.tags:
                name = self.random.choice(sorted(known.tags))
                client.delete(f"{key}/tags/{name}")
                del known.tags[name]
            case 4:
                action, state = ("disable-key", DISABLED) if known.state == ENABLED else ("enable-key", ENABLED)
                client(action, key_id=key)
                known.state = state
            case 5 if known.state == ENABLED:
                known.grants.add(client("create-grant", key_id=key, grantee_principal=self.domain, grantee_principal_type="domain",
                                        operations=["describe-key"])["grant_id"])
            case 6 if known.grants:
                grant = self.random.choice(sorted(known.grants))
                client("revoke-grant", key_id=key, grant_id=grant)
                known.grants.remove(grant)
            case 7 if known.state == ENABLED and known.rotations < 3:
                client("rotate-on-demand", key_id=key)
                known.rotations += 1
            case 8 if known.state == ENABLED:
                text = str(self.random.random())
                known.blobs.append((text, client.encrypt(key, text)))
        self.pending = None


def check(client, key, known):
    info = client.describe(key)
    assert (info["key_state"], info["key_alias"]) == (known.state, known.alias)
    assert client.tags(key) == known.tags
    assert {grant["grant_id"] for grant in client("list-grants", key_id=key)["grants"]} == known.grants
    assert client("get-key-rotation-status", key_id=key)["number_of_rotations"] == known.rotations
    if known.state == ENABLED:
        assert all(client.decrypt(blob) == text for text, blob in known.blobs)


def test_acknowledged_changes_outlive_kills(folder):
    chance = random.Random(20221128)
    server = Server(folder / "data").start()
    with HuaweiClient(server) as root:
        project, domain = root.project, root.describe(root.default_key())["domain_id"]
    everything = {}
    try:
        for life in range(6):
            acknowledged = threading.Semaphore(0)
            workers = [Worker(server, project, domain, f"{life} {index}", acknowledged) for index in range(4)]
            for worker in workers:
                worker.start()
            for _ in range(chance.randint(40, 250)):
                assert acknowledged.acquire(timeout=30)
            server.kill()
            for worker in workers:
                worker.join(30)
                assert not worker.is_alive() and worker.failure is None, worker.failure
            server = Server(server.data).start()
            with HuaweiClient(server) as client:
                assert client.project == project
                for worker in workers:
                    # What was not acknowledged is done or not; the key that it was about is followed no further.
                    unsettled = worker.pending[0] if worker.pending else None
                    everything |= {key: known for key, known in worker.keys.items() if key != unsettled}
                    if unsettled:
                        assert client.describe(unsettled)["key_id"] == unsettled
                        assert len(client.tags(unsettled)) - len(worker.keys[unsettled].tags) in (-1, 0, 1)
                for key, known in everything.items():
                    check(client, key, known)
            audit_log.verify(server.data)
        with HuaweiClient(server) as client:
            assert len([entry for entry in client.keys() if entry["default_key_flag"] == "1"]) == 1
        assert len(everything) > 10 and any(known.grants for known in everything.values()) and any(known.tags for known in everything.values())
        assert server.stop() == 0
    finally:
        server.kill()


def test_a_key_whose_time_is_over_is_gone_for_good(launch):
    first = launch()
    root = HuaweiClient(first)
    key, kept, alias = root.create(), root.create(), unique_alias("gone")
    root("update-key-alias", key_id=key, key_alias=alias)
    root.tag(key, gone="x")
    root("create-grant", key_id=key, grantee_principal=root.describe(key)["domain_id"], grantee_principal_type="domain",
         operations=["retire-grant"])
    blob = root.encrypt(key)
    root("schedule-key-deletion", key_id=key, pending_days="7")
    root("schedule-key-deletion", key_id=kept, pending_days="7")
    root.close()
    assert first.stop() == 0
    with store.database(first.data) as connection:
        due = int(time.time()) - 5
        assert connection.execute("UPDATE keys SET deletion_date = ? WHERE id = ?", (due, store.id_bytes(key))).rowcount == 1

    second = launch()
    root = HuaweiClient(second)
    for _ in range(2):
        assert root.refusal("describe-key", key_id=key) == root.refusal("cancel-key-deletion", key_id=key) == "KMS.0205"
        assert root.refusal("decrypt-data", cipher_text=blob) == "KMS.2201"
        assert root.refusal_of("GET", f"{key}/tags") == "KMS.0205"
        assert [entry["key_id"] for entry in root.keys() if entry["default_key_flag"] == "0"] == [kept]
        assert root.get("tags")["tags"] == [] and root.get("user-instances") == {"instance_num": 1}
        assert root("resource_instances/action", action="count", matches=[{"key": "resource_name", "value": alias}]) == {"total_count": 0}
        assert root("list-retirable-grants")["total"] == 0
    assert root.describe(root.create(alias))["key_alias"] == alias
    root.close()


def test_material_that_has_ended_is_erased_and_the_key_waits_for_it_anew(server, root):
    key, material = root.create(origin="external"), os.urandom(32)
    ends = int(time.time()) + 2
    root.bring(key, material, expiration_time=ends)
    blob = root.encrypt(key)
    assert root.describe(key)["expiration_time"] == str(ends * 1000)
    sleep_until(ends + 1)
    for action, more in (("encrypt-data", {"key_id": key, "plain_text": "x"}), ("decrypt-data", {"cipher_text": blob}),
                         ("create-datakey", {"key_id": key})):
        assert root.outcome(action, **more) == "KMS.1301"
    eventually(lambda: root.state(key) == PENDING_IMPORT, "the material to be erased")
    assert root.describe(key)["expiration_time"] == ""
    assert root.outcome("import-key-material", **{**import_request(root), "key_id": key}) == "KMS.2603"
    root.bring(key, material)
    assert root.decrypt(blob) == "data"


def test_a_sealed_server_says_so_in_the_envelope_and_goes_on_afterwards(launch):
    server = launch()
    root = HuaweiClient(server)
    key, (token, _) = root.create(), issue_token(server, root_token_request(server))
    bearer = HuaweiClient(server, token=token, project=root.project)
    blob = root.encrypt(key)
    with AdminClient(server) as admin:
        admin.post("/seal")
    for client in (root, bearer):
        for action, members in (("describe-key", {"key_id": key}), ("decrypt-data", {"cipher_text": blob}),
                                ("create-key", {"key_alias": unique_alias("sealed")})):
            assert client.outcome(action, **members) == "KMS.0101"
    status, _, body = root.send("POST", "/v3/auth/tokens", {"Host": root.host, "Content-Type": "application/json"},
                                json.dumps(root_token_request(server)).encode())
    assert status in (500, 503) and json.loads(body)["error"]["code"] == status
    status, output, errors = run("unseal", "--no-passphrase", "--url", server.url, home=server.data.parent)
    assert status == 0, output + errors
    for client in (root, bearer):
        assert client.decrypt(blob) == "data" and client.state(key) == ENABLED
        client.close()


def test_calls_that_come_too_often_are_told_by_the_gateway(launch, folder):
    (folder / "claviger.yaml").write_text("limits:\n  actions:\n    encrypt-data: 2\n")
    server = launch("--config", folder / "claviger.yaml")
    with HuaweiClient(server) as root:
        key = root.create()
        answers = [root.raw("POST", root.kms("encrypt-data"), {"key_id": key, "plain_text": "x"}) for _ in range(8)]
        assert {answer[0] for answer in answers} == {200, 429}
        for status, headers, body in answers:
            if status == 429:
                said = json.loads(body)
                assert said["error_code"] == "APIGW.0308" and said["error_msg"] and said["request_id"] == headers["X-Request-Id"]
        assert root.describe(key)["key_id"] == key
        sdk = HuaweiSDK(server, project=root.project)
        assert "APIGW.0308" in {sdk.outcome("encrypt_data", key_id=key, plain_text="x") for _ in range(8)}


# ---------------------------------------------------------------- many at once

def crowd(server, count, work):
    """`together` with a client of this dialect for everybody, which is connected already."""
    clients = [HuaweiClient(server) for _ in range(count)]
    try:
        return together(server, count, lambda _, index: work(clients[index], index))
    finally:
        for client in clients:
            client.close()


CONTESTS = {
    "enable-key": (lambda root: disabled(root), {}, "KMS.1201"), "disable-key": (lambda root: root.create(), {}, "KMS.1301"),
    "schedule-key-deletion": (lambda root: root.create(), {"pending_days": "7"}, "KMS.1402"),
    "cancel-key-deletion": (lambda root: disabled(root, "schedule-key-deletion", pending_days="7"), {}, "KMS.1501"),
    "delete-imported-key-material": (imported, {}, "KMS.2701"),
}


@pytest.mark.parametrize("action", CONTESTS)
def test_of_equal_changes_at_once_one_succeeds(server, root, action):
    prepare, more, code = CONTESTS[action]
    for _ in range(3):
        key = prepare(root)
        outcomes = crowd(server, 20, lambda client, _: client.outcome(action, key_id=key, **more))
        assert sorted(map(str, outcomes)) == [code] * 19 + ["None"]


def test_of_keys_with_the_same_alias_at_once_one_is_made(server, root):
    for _ in range(3):
        alias = unique_alias("race")
        outcomes = crowd(server, 20, lambda client, _: client.outcome("create-key", key_alias=alias))
        assert sorted(map(str, outcomes)) == ["KMS.1104"] * 19 + ["None"]
        keys, alias = [root.create() for _ in range(20)], unique_alias("race")
        outcomes = crowd(server, 20, lambda client, index: client.outcome("update-key-alias", key_id=keys[index], key_alias=alias))
        assert sorted(map(str, outcomes)) == ["KMS.1104"] * 19 + ["None"]


def test_of_imports_at_once_one_succeeds(server, root):
    key, material = root.create(origin="external"), os.urandom(32)
    parameters = root("get-parameters-for-import", key_id=key, wrapping_algorithm="RSAES_OAEP_SHA_256")
    texts = [wrapped(parameters, material) for _ in range(12)]
    outcomes = crowd(server, 12, lambda client, index: client.outcome(
        "import-key-material", key_id=key, import_token=parameters["import_token"], encrypted_key_material=texts[index]))
    assert sorted(map(str, outcomes)) == ["KMS.0310"] * 11 + ["None"]


def test_tags_and_grants_at_once_keep_their_limits(server, root):
    key = root.create()
    outcomes = crowd(server, 20, lambda client, index: huawei_code(client.raw(
        "POST", client.kms(f"{key}/tags"), {"tag": {"key": f"k{index}", "value": "v"}})))
    assert sorted(map(str, outcomes)) == ["KMS.0409"] * 10 + ["None"] * 10 and len(root.tags(key)) == 10
    domain = root.describe(key)["domain_id"]
    made = crowd(server, 20, lambda client, _: [client("create-grant", key_id=key, grantee_principal=domain, grantee_principal_type="domain",
                                                       operations=["describe-key"])["grant_id"] for _ in range(5)])
    assert len({grant for grants in made for grant in grants}) == 100 == root("list-grants", key_id=key)["total"]


def test_the_default_key_is_made_once_whoever_comes_first(launch):
    for _ in range(2):
        server = launch(data=unique_alias("data"))
        seen = crowd(server, 12, lambda client, _: client.default_key())
        assert len(set(seen)) == 1
        made = [record for record in audit_log.records(server.data) if record["action"] == "createDefaultKey"]
        assert [record["resources"] for record in made] == [[seen[0]]]


@pytest.mark.parametrize("there, back, codes", [
    (("disable-key", {}), ["enable-key"], {"KMS.0209"}), (("schedule-key-deletion", {"pending_days": "7"}), ["cancel-key-deletion", "enable-key"],
                                                          {"KMS.0209", "KMS.0210"})],
    ids=["disable", "schedule"])
def test_a_key_whose_state_comes_and_goes_is_used_or_refused_for_its_state(server, root, there, back, codes):
    key = root.create()
    blob, dek = root.encrypt(key, "kept"), root("create-datakey", key_id=key)["cipher_text"]

    def work(client, index):
        if index == 0:
            for _ in range(40):
                client(there[0], key_id=key, **there[1])
                for action in back:
                    client(action, key_id=key)
            return {None}
        calls = [("encrypt-data", {"key_id": key, "plain_text": "x"}), ("decrypt-data", {"cipher_text": blob}), ("create-datakey", {"key_id": key}),
                 ("decrypt-datakey", {"key_id": key, "cipher_text": dek, "datakey_cipher_length": "32"})]
        return {client.outcome(calls[turn % 4][0], **calls[turn % 4][1]) for turn in range(160)}

    outcomes = set().union(*crowd(server, 6, work))
    assert outcomes <= {None} | codes and None in outcomes
    assert root.decrypt(blob) == "kept"


def test_pages_skip_and_repeat_nothing_while_others_write(launch):
    server = launch()
    with HuaweiClient(server) as root:
        before = [root.create() for _ in range(60)]
        done = threading.Event()

        def change():
            with HuaweiClient(server, project=root.project) as client:
                while not done.is_set():
                    key = before[random.randrange(len(before))]
                    client("update-key-description", key_id=key, key_description=str(random.random()))
                    client.post(f"{key}/tags", {"tag": {"key": "k", "value": str(random.random())[:40]}})

        threads = [threading.Thread(target=change, daemon=True) for _ in range(3)]
        for thread in threads:
            thread.start()
        try:
            for limit in ("1", "7", "60", None):
                listed = [entry["key_id"] for entry in root.keys(limit)]
                assert listed[:60] == before[::-1] and len(listed) == 61
        finally:
            done.set()
            for thread in threads:
                thread.join(30)
        # New keys come before what was there, so that later pages move on by as many, and skip nothing.
        first = root("list-keys", limit="10")
        added = [root.create() for _ in range(3)]
        second = root("list-keys", limit="10", marker=first["next_marker"])
        assert second["keys"][:3] == first["keys"][-3:] and second["total"] == 64
        assert set(added).isdisjoint(second["keys"])


# ---------------------------------------------------------------- quotas

@pytest.mark.parametrize("way", ["environment", "file"])
def test_the_quota_of_keys(launch, folder, way):
    if way == "file":
        (folder / "claviger.yaml").write_text("huawei:\n  key-quota: 3\n")
        server = launch("--config", folder / "claviger.yaml")
    else:
        server = launch(env={"CLAVIGER_HUAWEI_KEY_QUOTA": "3"})
    with HuaweiClient(server) as root:
        keys = [root.create() for _ in range(3)]
        assert root.refusal("create-key", key_alias=unique_alias("quota")) == "KMS.1105"
        assert root.get("user-quotas")["quotas"]["resources"][0] == {"type": "CMK", "used": 3, "quota": 3}
        # A key whose deletion is planned still counts.
        root("schedule-key-deletion", key_id=keys[0], pending_days="7")
        assert root.refusal("create-key", key_alias=unique_alias("quota"), origin="external") == "KMS.1105"
        # Another realm has a quota of its own.
        with HuaweiClient(server, "cn-east-3") as elsewhere:
            elsewhere.create()
        assert len(root.keys()) == 4


def test_of_many_at_once_no_more_are_made_than_the_quota_lets(launch):
    server = launch(env={"CLAVIGER_HUAWEI_KEY_QUOTA": "5"})
    outcomes = crowd(server, 20, lambda client, _: client.outcome("create-key", key_alias=unique_alias("quota")))
    assert sorted(map(str, outcomes)) == ["KMS.1105"] * 15 + ["None"] * 5


# ---------------------------------------------------------------- audit and secrets

def test_calls_are_recorded_with_their_key_and_outcome(launch):
    server = launch()
    token, _ = issue_token(server, root_token_request(server))
    root = HuaweiClient(server)
    bearer = HuaweiClient(server, token=token, project=root.project)
    expected = {}

    def call(client, method, path, body, key, code=None):
        answer = client.raw(method, client.kms(path), body)
        assert huawei_code(answer) == code, (path, answer)
        expected[answer[1]["X-Request-Id"]] = (path, [key] if key else [], code or "ok", client is root)
        return answer

    key = root.create()
    for client in (root, bearer):
        call(client, "POST", "describe-key", {"key_id": key}, key)
        call(client, "POST", "encrypt-data", {"key_id": key, "plain_text": "x"}, key)
        call(client, "POST", "disable-key", {"key_id": key}, key)
        call(client, "POST", "encrypt-data", {"key_id": key, "plain_text": "x"}, key, "KMS.0209")
        call(client, "POST", "enable-key", {"key_id": key}, key)
        call(client, "POST", "enable-key", {"key_id": key}, key, "KMS.1201")
        call(client, "POST", f"{key}/tags", {"tag": {"key": "a", "value": "b"}}, key)
        call(client, "DELETE", f"{key}/tags/a", None, key)
        call(client, "GET", f"{key}/tags", None, key)
        call(client, "POST", "describe-key", {"key_id": NOBODY}, NOBODY, "KMS.0205")
        call(client, "GET", "user-instances", None, None)
        call(client, "POST", "gen-random", {"random_data_length": "8"}, None)
        blob = root.encrypt(key)
        call(client, "POST", "decrypt-data", {"cipher_text": blob}, key)
        call(client, "POST", "rotate-on-demand", {"key_id": key}, key)
    made = json.loads(call(root, "POST", "create-key", {"key_alias": unique_alias("audit")}, None)[2])["key_info"]["key_id"]
    request = next(reversed(expected))
    expected[request] = (expected[request][0], [made], "ok", True)
    for client in (root, bearer):
        client.close()
    assert server.stop() == 0
    records = {record["request"]: record for record in audit_log.records(server.data)}
    for request, (path, resources, outcome, signed) in expected.items():
        record = records[request]
        assert record["dialect"] == "huawei" and record["realm"] == "south" and record["outcome"] == outcome, (path, record)
        assert record["resources"] == resources or outcome == "KMS.0205", (path, record)
        assert record["action"] == path if "/" not in path else record["action"], (path, record)
        if signed:
            assert record["accessKey"] == root.access_id
    audit_log.verify(server.data)


def test_identity_calls_are_recorded_without_what_was_secret(launch):
    server = launch("--log-level", "trace")
    body = root_token_request(server)
    token, _ = issue_token(server, body)
    body["auth"]["identity"]["password"]["user"]["password"] = "a very wrong password"
    with pytest.raises(HuaweiRefused) as refused:
        issue_token(server, body)
    assert server.stop() == 0
    record, = (record for record in audit_log.records(server.data) if record["request"] == refused.value.request_id)
    assert record["outcome"] != "ok" and record["dialect"].startswith("huawei")
    everything = b"".join(path.read_bytes() for path in (server.data / "audit").glob("*")) + server.log_path.read_bytes()
    for secret in (token, "a very wrong password", server.credentials["CLAVIGER_PASSWORD"]):
        assert secret.encode() not in everything


@pytest.mark.parametrize("region", ["ae-ad-1", "cn-south-4"])
def test_no_plaintext_no_material_and_no_token_is_written_anywhere(launch, region):
    server = launch("--log-level", "trace")
    token, _ = issue_token(server, root_token_request(server))
    root = HuaweiClient(server, region)
    key, material = root.create(origin="external"), os.urandom(16 if region == "cn-south-4" else 32)
    root.bring(key, material)
    text, dek = "a very particular plaintext", os.urandom(64)
    blob = root.encrypt(key, text, encryption_context={"patient": "a very particular context"},
                        additional_authenticated_data="a very particular datum")
    root.decrypt(blob, encryption_context={"patient": "a very particular context"}, additional_authenticated_data="a very particular datum")
    root("encrypt-datakey", key_id=key, plain_text=encoded_dek(dek), datakey_plain_length="64")
    made = root("create-datakey", key_id=key)["plain_text"]
    noise = root("gen-random", random_data_length="256")["random_data"]
    parameters = root("get-parameters-for-import", key_id=root.create(origin="external"), wrapping_algorithm="RSAES_OAEP_SHA_1")
    assert root.refusal("encrypt-data", key_id=key, plain_text=text, encryption_context={"a very particular name": 1}) == "KMS.0208"
    assert root.refusal("decrypt-data", cipher_text=blob) == "KMS.2201"
    root.refusal("encrypt-datakey", key_id=key, plain_text=encoded_dek(dek)[:-2] + "00", datakey_plain_length="64")
    with HuaweiClient(server, token=token, project=HuaweiClient(server).project) as bearer:
        bearer.outcome("list-keys")
    with urllib.request.urlopen(server.url + "/metrics", timeout=30) as answer:
        metrics = answer.read()
    root.close()
    assert server.stop() == 0
    secrets = [b"a very particular", material, material.hex().encode(), base64.b64encode(material)[:-2], dek, dek.hex().encode(),
               dek.hex().upper().encode(), made.encode(),
               bytes.fromhex(made), noise.encode(), bytes.fromhex(noise), token.encode(), root.secret.encode(), parameters["import_token"].encode()]
    places = {path: path.read_bytes() for path in server.data.rglob("*") if path.is_file() and path.name not in ("root.key", "credentials.env")}
    places |= {"log": server.log_path.read_bytes(), "metrics": metrics}
    assert not [(str(path), secret[:20]) for path, content in places.items() for secret in secrets if secret in content]


def test_states_are_shown_alike_to_sdk_token_and_signature(server, root):
    key = root.create()
    sdk = HuaweiSDK(server, project=root.project)
    with HuaweiClient(server, token=issue_token(server, root_token_request(server))[0], project=root.project) as bearer:
        for change, state in (("disable-key", DISABLED), ("enable-key", ENABLED)):
            root(change, key_id=key)
            assert bearer.state(key) == sdk("list_key_detail", key_id=key).key_info.key_state == state
        bearer("schedule-key-deletion", key_id=key, pending_days=7)
        assert root.state(key) == PENDING_DELETION
