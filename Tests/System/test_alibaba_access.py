"""Alibaba's dialect: who may what under which policy, in whatever dialect he asks."""
import json
import os
import threading

import pytest

import audit_log
from admin_client import AdminClient, Credentials, cam, iam, ram, signed_in
from alibaba_client import NOBODY, REGION, AlibabaClient, wrapped
from client import Client, b64, refusal, unique_alias
from huawei_client import HuaweiClient
from server import run
from test_alibaba_bad_input import EXPORTED

DENIED = "Forbidden.NoPermission"
TENCENT_DENIED = "AuthFailure.UnauthorizedOperation", "UnauthorizedOperation"
HUAWEI_DENIED = {"KMS.0306", "KMS.0307"}
TAGS = '[{"TagKey":"a","TagValue":"b"}]'


@pytest.fixture(scope="module")
def admin(server):
    with AdminClient(server) as client:
        yield client


@pytest.fixture(scope="module")
def root(server):
    with AlibabaClient(server) as client:
        client.account = client.metadata(client.create())["Creator"]
        yield client


def as_user(server, user):
    return AlibabaClient(server, user.credentials)


def arn(root, path, region=REGION, account=None):
    """In the root's account, unless another is named."""
    return f"acs:kms:{region}:{account or root.account}:{path}"


# ---------------------------------------------------------------- what each action lets through

def imported(root):
    key = root.create(Origin="EXTERNAL")
    root.bring(key, os.urandom(32))
    return key


def import_request(root):
    key = root.create(Origin="EXTERNAL")
    parameters = root("GetParametersForImport", KeyId=key, WrappingKeySpec="RSA_2048", WrappingAlgorithm="RSAES_OAEP_SHA_256")
    return {"KeyId": key, "ImportToken": parameters["ImportToken"], "EncryptedKeyMaterial": wrapped(parameters, os.urandom(32))}


def pair(root, spec, usage, **more):
    key = root.create(KeySpec=spec, KeyUsage=usage)
    return {"KeyId": key, "KeyVersionId": root.versions(key)[0], **more}


def changed(root, action, **more):
    key = root.create()
    root(action, KeyId=key, **more)
    return key


def sealed(root):
    request = pair(root, "EC_SM2", "ENCRYPT/DECRYPT", Algorithm="SM2PKE")
    return {**request, "CiphertextBlob": root("AsymmetricEncrypt", **request, Plaintext="YQ==")["CiphertextBlob"]}


def alias(root):
    name = f"alias/{unique_alias('right')}"
    root("CreateAlias", AliasName=name, KeyId=root.create())
    return name


def deleted_secret(root):
    name = root.keep()
    root("DeleteSecret", SecretName=name)
    return name


def signing(root, **more):
    return pair(root, "EC_P256", "SIGN/VERIFY", Algorithm="ECDSA_SHA_256", Digest=b64(b"x" * 32), **more)


KEY = {"KeyId": lambda root: root.create()}
SECRET = {"SecretName": lambda root: root.keep()}
HERE = {"SecretName": lambda root: unique_alias("right"), "SecretData": "x", "VersionId": "v1"}

# For every API but two: what makes parameters with which it works. ReEncrypt needs two rights, and DescribeRegions none.
READY = {
    "CreateKey": {}, "DescribeKey": KEY, "ListKeys": {}, "EnableKey": {"KeyId": lambda root: changed(root, "DisableKey")}, "DisableKey": KEY,
    "ScheduleKeyDeletion": KEY, "CancelKeyDeletion": {"KeyId": lambda root: changed(root, "ScheduleKeyDeletion")},
    "UpdateKeyDescription": {**KEY, "Description": "x"}, "ImportKeyMaterial": import_request, "DeleteKeyMaterial": {"KeyId": imported},
    "GetParametersForImport": {"KeyId": lambda root: root.create(Origin="EXTERNAL"), "WrappingKeySpec": "RSA_2048",
                               "WrappingAlgorithm": "RSAES_OAEP_SHA_1"},
    "CreateKeyVersion": KEY, "ListKeyVersions": KEY, "UpdateRotationPolicy": {**KEY, "EnableAutomaticRotation": "true", "RotationInterval": "7d"},
    "DescribeKeyVersion": lambda root: pair(root, "Aliyun_AES_256", "ENCRYPT/DECRYPT"),
    "Encrypt": {**KEY, "Plaintext": "YQ=="}, "Decrypt": {"CiphertextBlob": lambda root: root.encrypt(root.create())}, "GenerateDataKey": KEY,
    "GenerateDataKeyWithoutPlaintext": KEY, "ExportDataKey": {"CiphertextBlob": lambda root: root.encrypt(root.create()), **EXPORTED},
    "GenerateAndExportDataKey": {**KEY, **EXPORTED}, "AsymmetricSign": signing, "AsymmetricVerify": lambda root: signing(root, Value="YQ=="),
    "AsymmetricEncrypt": lambda root: pair(root, "EC_SM2", "ENCRYPT/DECRYPT", Algorithm="SM2PKE", Plaintext="YQ=="), "AsymmetricDecrypt": sealed,
    "GetPublicKey": lambda root: pair(root, "EC_P256", "SIGN/VERIFY"),
    "CreateAlias": {"AliasName": lambda root: f"alias/{unique_alias('right')}", **KEY}, "DeleteAlias": {"AliasName": alias},
    "UpdateAlias": {"AliasName": alias, **KEY}, "ListAliases": {}, "ListAliasesByKeyId": KEY, "CreateSecret": HERE, "DescribeSecret": SECRET,
    "ListSecrets": {}, "GetSecretValue": SECRET, "PutSecretValue": {**SECRET, "SecretData": "y", "VersionId": "v2"},
    "UpdateSecret": {**SECRET, "Description": "x"}, "UpdateSecretVersionStage": {**SECRET, "VersionStage": "Own", "MoveToVersion": "v1"},
    "ListSecretVersionIds": SECRET, "DeleteSecret": SECRET, "RestoreSecret": {"SecretName": deleted_secret}, "GetRandomPassword": {},
    "TagResource": {**KEY, "Tags": TAGS}, "UntagResource": {**KEY, "TagKeys": '["a"]'}, "ListResourceTags": KEY, "OpenKmsService": {},
    "DescribeAccountKmsStatus": {},
}
# What an answer to a call with a right says besides success.
OK = {"OpenKmsService": {None, "Forbidden.Opened"}}


def prepared(root, action):
    ready = READY[action]
    if callable(ready):
        return ready(root)
    return {name: value(root) if callable(value) else value for name, value in ready.items()}


def test_every_action_is_tested():
    assert len(READY) == 49 - len({"ReEncrypt", "DescribeRegions"})


def test_a_user_without_policies_may_do_nothing_but_ask_for_the_regions(server, admin, root):
    with as_user(server, admin.user()) as client:
        for action in READY:
            assert client.outcome(action, **prepared(root, action)) == DENIED, action
        assert client.outcome("ReEncrypt", CiphertextBlob=root.encrypt(root.create()), DestinationKeyId=root.create()) == DENIED
        assert client("DescribeRegions")["Regions"]["Region"] == [{"RegionId": REGION}]
        # Neither is what does not exist told from what may not be used.
        for action, more in (("DescribeKey", {"KeyId": NOBODY}), ("Encrypt", {"KeyId": NOBODY, "Plaintext": "YQ=="}),
                             ("GetSecretValue", {"SecretName": "none"}),
                             ("EnableKey", {"KeyId": NOBODY}), ("DescribeSecret", {"SecretName": "none"})):
            assert client.outcome(action, **more) == DENIED, action
        # But what is wrong with a call itself is told.
        assert client.outcome("DescribeKey") in ("MissingParameter", DENIED)


@pytest.fixture(scope="module")
def attempts(root):
    """Parameters for all actions, of calls that are refused and so change nothing."""
    return {action: prepared(root, action) for action in READY}


@pytest.mark.parametrize("action", READY)
def test_each_action_lets_its_api_through_and_no_other(server, admin, root, attempts, action):
    user = admin.user(ram(action))
    with as_user(server, user) as client:
        assert client.outcome(action, **prepared(root, action)) in OK.get(action, {None}), action
        for other, parameters in attempts.items():
            if other != action:
                assert client.outcome(other, **parameters) == DENIED, other


@pytest.mark.parametrize("action", READY)
def test_a_denial_beats_a_grant_of_everything(server, admin, root, attempts, action):
    user = admin.user(ram("*"), ram(action, effect="Deny"))
    with as_user(server, user) as client:
        assert client.outcome(action, **attempts[action]) == DENIED
        assert client.outcome("DescribeKey" if action != "DescribeKey" else "ListKeys", **prepared(
            root, "DescribeKey" if action != "DescribeKey" else "ListKeys")) is None


def test_re_encryption_needs_a_right_on_each_key(server, admin, root):
    source, target = root.create(), root.create()
    blob = root.encrypt(source)
    one, other = ram("ReEncryptFrom", resource=arn(root, f"key/{source}")), ram("ReEncryptTo", resource=arn(root, f"key/{target}"))
    for policies, code in (([one], DENIED), ([other], DENIED), ([one, other], None), ([ram("ReEncrypt*")], None), ([ram("ReEncrypt")], None),
                           ([ram("ReEncryptFrom", resource=arn(root, f"key/{target}")), ram("ReEncryptTo", resource=arn(root, f"key/{source}"))],
                            DENIED),
                           ([ram("Decrypt", "Encrypt")], DENIED)):
        with as_user(server, admin.user(*policies)) as client:
            assert client.outcome("ReEncrypt", CiphertextBlob=blob, DestinationKeyId=target) == code, policies


# ---------------------------------------------------------------- resources

def test_rights_to_single_keys(server, admin, root):
    mine, other = root.create(), root.create()
    name = f"alias/{unique_alias('mine')}"
    root("CreateAlias", AliasName=name, KeyId=mine)
    for resource in (arn(root, f"key/{mine}"), arn(root, f"key/{mine}", "*", "*"), arn(root, f"key/{mine[:20]}*")):
        with as_user(server, admin.user(ram("*", resource=resource))) as client:
            for text in (mine, arn(root, f"key/{mine}"), name):
                assert client.decrypt(client.encrypt(text)) == b"data"
            assert client.refusal("Encrypt", KeyId=other, Plaintext="YQ==") == client.refusal("DisableKey", KeyId=other) == DENIED
            assert client.refusal("Decrypt",
                                  CiphertextBlob=root.encrypt(other)) == client.refusal("ListKeys") == client.refusal("CreateKey") == DENIED
    for resource in (arn(root, f"key/{mine}", "cn-beijing"), arn(root, f"alias/{mine}"), arn(root, f"secret/{mine}"), arn(root, "key")):
        with as_user(server, admin.user(ram("*", resource=resource))) as client:
            assert client.outcome("Encrypt", KeyId=mine, Plaintext="YQ==") == DENIED


def test_rights_to_aliases(server, admin, root):
    one, other = root.create(), root.create()
    mine, prefix = f"alias/{unique_alias('mine/a')}", unique_alias("free")
    keys = ram("CreateAlias", "UpdateAlias", "DeleteAlias", resource=[arn(root, f"key/{one}"), arn(root, f"key/{other}")])
    names = ram("CreateAlias", "UpdateAlias", "DeleteAlias", resource=[arn(root, mine), arn(root, f"alias/{prefix}/*")])
    for policies, code in (([keys], DENIED), ([names], DENIED), ([keys, names], None)):
        with as_user(server, admin.user(*policies)) as client:
            assert client.outcome("CreateAlias", AliasName=mine, KeyId=one) == code
    with as_user(server, admin.user(keys, names)) as client:
        assert client.refusal("CreateAlias", AliasName=f"alias/{prefix}", KeyId=one) == DENIED
        client("CreateAlias", AliasName=f"alias/{prefix}/x", KeyId=one)
        client("UpdateAlias", AliasName=mine, KeyId=other)
        assert client.refusal("UpdateAlias", AliasName=mine, KeyId=root.create()) == DENIED
    # Of the three, each is needed: the alias, the old key and the new one.
    for resources, code in ((["alias/*", f"key/{one}"], DENIED), (["alias/*", f"key/{other}"], DENIED), ([f"key/{one}", f"key/{other}"], DENIED),
                            (["alias/*", f"key/{one}", f"key/{other}"], None)):
        with as_user(server, admin.user(ram("UpdateAlias", resource=[arn(root, path) for path in resources]))) as client:
            assert client.outcome("UpdateAlias", AliasName=mine, KeyId=one) == code, resources
    # What may be done with an alias is no right to use its key.
    with as_user(server, admin.user(ram("*", resource=arn(root, mine)))) as client:
        assert client.refusal("Encrypt", KeyId=mine, Plaintext="YQ==") == client.refusal("DescribeKey", KeyId=mine) == DENIED


def test_rights_to_secrets(server, admin, root):
    prefix = unique_alias("team")
    mine, other = root.keep(f"{prefix}/db"), root.keep(f"{prefix}x/db")
    with as_user(server, admin.user(ram("*", resource=arn(root, f"secret/{prefix}/*")))) as client:
        assert client.value(mine) == client.value(arn(root, f"secret/{mine}")) == "value"
        client.put(mine, "second", "v2")
        client.keep(f"{prefix}/new")
        client("DeleteSecret", SecretName=mine, RecoveryWindowInDays="7")
        client("RestoreSecret", SecretName=mine)
        for action, more in (("GetSecretValue", {}), ("PutSecretValue", {"SecretData": "x", "VersionId": "v2"}), ("DescribeSecret", {}),
                             ("DeleteSecret", {}),
                             ("TagResource", {"Tags": TAGS}), ("ListSecretVersionIds", {})):
            assert client.refusal(action, SecretName=other, **more) == DENIED, action
            # Who has no right to a name is not told whether it is there.
            assert client.refusal(action, SecretName=f"{prefix}y/none", **more) == DENIED, action
            assert client.refusal(action, SecretName=f"{prefix}/none", **more) == "Forbidden.ResourceNotFound", action
        assert client.refusal("CreateSecret", SecretName=f"{prefix}z", SecretData="x", VersionId="v") == DENIED
        assert client.refusal("ListSecrets") == client.refusal("GetRandomPassword") == DENIED
    # Rights to keys are none to secrets.
    with as_user(server, admin.user(ram("*", resource=arn(root, "key/*")))) as client:
        assert client.refusal("GetSecretValue", SecretName=mine) == DENIED


def test_a_secret_under_a_key_needs_rights_to_both(server, admin, root):
    key = root.create()
    name, managed = root.keep(EncryptionKeyId=key), root.keep()
    resource, values = arn(root, f"key/{key}"), ram("CreateSecret", "GetSecretValue", "PutSecretValue", resource=arn(root, "secret/*"))

    def outcomes(*policies):
        with as_user(server, admin.user(*policies)) as client:
            return (client.outcome("GetSecretValue", SecretName=name),
                    client.outcome("CreateSecret", SecretName=unique_alias("both"), SecretData="x", VersionId="v1", EncryptionKeyId=key))

    assert outcomes(values) == (DENIED, DENIED)
    assert outcomes(values, ram("Decrypt", resource=resource)) == (None, DENIED)
    assert outcomes(values, ram("GenerateDataKey", resource=resource)) == (DENIED, None)
    assert outcomes(values, ram("Decrypt", "GenerateDataKey", resource=arn(root, f"key/{root.create()}"))) == (DENIED, DENIED)
    assert outcomes(ram("Decrypt", "GenerateDataKey", resource=resource)) == (DENIED, DENIED)
    # For those under the service's key no right to it is asked for.
    with as_user(server, admin.user(values)) as client:
        assert client.value(managed) == "value" and client.outcome("CreateSecret", SecretName=unique_alias("both"), SecretData="x",
                                                                   VersionId="v1") is None


# ---------------------------------------------------------------- conditions

def test_conditions_on_tags(server, admin, root):
    blue, red, plain = (root.create(Tags=tags) for tags in ('[{"TagKey":"team","TagValue":"blue"}]', '[{"TagKey":"team","TagValue":"red"}]', None))
    secret, bare = root.keep(Tags='[{"TagKey":"team","TagValue":"blue"}]'), root.keep()
    with as_user(server, admin.user(ram("Encrypt", "GetSecretValue", condition={"StringEquals": {"kms:tag/team": "blue"}}))) as client:
        assert [client.outcome("Encrypt", KeyId=key, Plaintext="YQ==") for key in (blue, red, plain)] == [None, DENIED, DENIED]
        assert [client.outcome("GetSecretValue", SecretName=name) for name in (secret, bare)] == [None, DENIED]
        # With the next call.
        root("TagResource", KeyId=plain, Tags='[{"TagKey":"team","TagValue":"blue"}]')
        root("UntagResource", SecretName=secret, TagKeys='["team"]')
        assert client.outcome("Encrypt", KeyId=plain, Plaintext="YQ==") is None and client.outcome("GetSecretValue", SecretName=secret) == DENIED
    denial = ram("*", effect="Deny", condition={"StringEquals": {"kms:tag/team": ["red", "green"]}})
    with as_user(server, admin.user(ram("*"), denial)) as client:
        assert [client.outcome("Encrypt", KeyId=key, Plaintext="YQ==") for key in (blue, red)] == [None, DENIED]
        assert client.outcome("ListResourceTags", KeyId=red) == DENIED


def test_conditions_on_addresses_and_contexts(server, admin, root):
    key = root.create()
    with as_user(server, admin.user(ram("Encrypt", condition={"IpAddress": {"acs:SourceIp": "127.0.0.0/8"}}),
                                    ram("DescribeKey", condition={"IpAddress": {"acs:SourceIp": "192.0.2.0/24"}}),
                                    ram("GenerateDataKey", condition={"StringEquals": {"kms:EncryptionContext:tenant": "blue"}}))) as client:
        assert client.outcome("Encrypt", KeyId=key, Plaintext="YQ==") is None and client.outcome("DescribeKey", KeyId=key) == DENIED
        assert client.outcome("GenerateDataKey", KeyId=key, EncryptionContext={"tenant": "blue", "x": "y"}) is None
        for context in (None, {"tenant": "red"}, {"Tenant": "blue"}):
            more = {} if context is None else {"EncryptionContext": context}
            assert client.outcome("GenerateDataKey", KeyId=key, **more) == DENIED


# ---------------------------------------------------------------- one keyring, many languages

# What is denied under a name of one vendor, and what is then refused in each dialect: Alibaba's, Tencent's, Huawei's.
DENIALS = [
    (ram("UpdateRotationPolicy", effect="Deny"), "UpdateRotationPolicy", ["EnableKeyRotation", "DisableKeyRotation"],
     ["enable-key-rotation", "disable-key-rotation", "update-key-rotation-interval"]),
    (cam("EnableKeyRotation", effect="deny"), "UpdateRotationPolicy", ["EnableKeyRotation"], ["enable-key-rotation"]),
    (cam("DisableKeyRotation", effect="deny"), "UpdateRotationPolicy", ["DisableKeyRotation"], ["disable-key-rotation"]),
    (ram("CreateKeyVersion", effect="Deny"), "CreateKeyVersion", ["RotateKey"], ["rotate-on-demand"]),
    (cam("RotateKey", effect="deny"), "CreateKeyVersion", ["RotateKey"], ["rotate-on-demand"]),
    (ram("Encrypt", effect="Deny"), "Encrypt", ["Encrypt"], ["encrypt-data"]),
    (cam("Encrypt", effect="deny"), "Encrypt", ["Encrypt"], ["encrypt-data"]),
    (iam("cmk:disable", effect="Deny"), "DisableKey", ["DisableKey"], ["disable-key"]),
    (ram("DisableKey", effect="Deny"), "DisableKey", ["DisableKey", "DisableKeys"], ["disable-key"]),
]
TENCENT_CALLS = {"EnableKeyRotation": lambda key: {"KeyId": key, "RotateDays": 30}, "DisableKeys": lambda key: {"KeyIds": [key]},
                 "Encrypt": lambda key: {"KeyId": key, "Plaintext": "YQ=="}}
HUAWEI_CALLS = {"update-key-rotation-interval": {"rotation_interval": 30}, "encrypt-data": {"plain_text": "x"}}


@pytest.mark.parametrize("denial, ours, theirs, huaweis", DENIALS, ids=lambda value: value if isinstance(value, str) else None)
@pytest.mark.parametrize("grant", [ram("*"), cam("*"), iam("*:*")], ids=["RAM", "CAM", "IAM"])
def test_a_denial_under_one_name_holds_in_every_dialect(server, admin, root, denial, ours, theirs, huaweis, grant):
    user = admin.user(grant, denial)
    with as_user(server, user) as client:
        assert client.outcome(ours, **prepared(root, ours)) == DENIED
        assert client.outcome("DescribeKey", KeyId=root.create()) is None
    tencent = signed_in(Client(server), user.credentials)
    for action in theirs:
        key = root.create()
        if action == "DisableKeyRotation":
            root("UpdateRotationPolicy", KeyId=key, EnableAutomaticRotation="true", RotationInterval="7d")
        assert refusal(tencent, action, **TENCENT_CALLS.get(action, lambda key: {"KeyId": key})(key)) in TENCENT_DENIED, action
    tencent.close()
    with HuaweiClient(server) as owner, HuaweiClient(server, credentials=user.credentials, project=owner.project) as huawei:
        for action in huaweis:
            key = root.create()
            if action in ("disable-key-rotation", "update-key-rotation-interval", "rotate-on-demand"):
                root("UpdateRotationPolicy", KeyId=key, EnableAutomaticRotation="true", RotationInterval="7d")
            assert huawei.outcome(action, key_id=key, **HUAWEI_CALLS.get(action, {})) in HUAWEI_DENIED, action


def test_other_vendors_languages_grant_calls_of_this_dialect(server, admin, root):
    key = root.create()
    for document in (cam("Encrypt", "Decrypt"), iam("cmk:crypto"),
                     cam("Encrypt", "Decrypt", resource=f"qcs::kms:ap-guangzhou:uin/{root.account}:key/*")):
        with as_user(server, admin.user(document)) as client:
            assert client.decrypt(client.encrypt(key)) == b"data"
            assert client.refusal("DisableKey", KeyId=key) == client.refusal("CreateKeyVersion", KeyId=key) == DENIED


def test_kinds_of_asymmetric_encryption_can_be_granted_by_themselves(server, admin, root):
    pairs = {"RSA": pair(root, "RSA_2048", "ENCRYPT/DECRYPT", Algorithm="RSAES_OAEP_SHA_256"),
             "SM2": pair(root, "EC_SM2", "ENCRYPT/DECRYPT", Algorithm="SM2PKE")}
    blobs = {kind: root("AsymmetricEncrypt", **request, Plaintext="YQ==")["CiphertextBlob"] for kind, request in pairs.items()}
    for policy, allowed in ((ram("AsymmetricDecrypt"), {"RSA", "SM2"}), (cam("AsymmetricRsaDecrypt"), {"RSA"}),
                            (cam("AsymmetricSm2Decrypt"), {"SM2"}),
                            (ram("AsymmetricEncrypt"), set())):
        with as_user(server, admin.user(policy)) as client:
            for kind, request in pairs.items():
                assert client.outcome("AsymmetricDecrypt", **request, CiphertextBlob=blobs[kind]) == (None if kind in allowed
                                                                                                      else DENIED), (policy, kind)


# ---------------------------------------------------------------- the command line, and what is recorded

def test_policies_by_the_command_line(launch, folder):
    server = launch()
    profile = server.data / "credentials.env"

    def claviger(*arguments):
        status, output, errors = run(*arguments, "--profile", profile, "--format", "json", home=folder)
        assert status == 0, output + errors
        return json.loads(output) if output.strip() else None

    with AlibabaClient(server) as root:
        key, other = root.create(), root.create()
        account = root.metadata(key)["Creator"]
        document = folder / "policy.json"
        document.write_text(json.dumps(ram("Encrypt", "Decrypt", "GetSecretValue", resource=[f"acs:kms:*:{account}:key/{key}",
                                                                                             "acs:kms:*:*:secret/app/*"])))
        claviger("user", "create", "application")
        claviger("policy", "create", "application", "--file", document)
        claviger("policy", "attach", "application", "--user", "application")
        made = claviger("access-key", "create", "--user", "application")
        root.keep("app/db")
        root.keep("db")
        with AlibabaClient(server, Credentials(made["id"], made["secret"])) as client:
            assert client.decrypt(client.encrypt(key)) == b"data" and client.value("app/db") == "value"
            assert client.refusal("Encrypt", KeyId=other, Plaintext="YQ==") == client.refusal("GetSecretValue", SecretName="db") == DENIED
            claviger("policy", "detach", "application", "--user", "application")
            assert client.refusal("Encrypt", KeyId=key, Plaintext="YQ==") == client.refusal("GetSecretValue", SecretName="app/db") == DENIED
    assert server.stop() == 0
    audit_log.verify(server.data)


def test_what_the_audit_log_tells_of_calls(launch):
    server = launch()
    with AlibabaClient(server) as root, AdminClient(server) as admin:
        key, name = root.create(), f"alias/{unique_alias('audit')}"
        root("CreateAlias", AliasName=name, KeyId=key)
        root.encrypt(name)
        secret = root.keep(EncryptionKeyId=key)
        root.value(secret)
        root.refusal("DescribeKey", KeyId=NOBODY)
        user = admin.user()
        with as_user(server, user) as client:
            client.refusal("GetSecretValue", SecretName=secret)
            client.secret = "wrong"
            client.refusal("DescribeKey", KeyId=key)
    assert server.stop() == 0
    audit_log.verify(server.data)
    records = [record for record in audit_log.records(server.data) if record["dialect"] == "alibaba"]

    def told(action, outcome="ok"):
        found = [record for record in records if record.get("action") == action and (record["outcome"] == "ok") == (outcome == "ok")]
        assert found, (action, records)
        return found

    assert key in told("CreateKey")[0]["resources"]
    assert {key, name} <= set(told("CreateAlias")[0]["resources"]) and key in told("Encrypt")[0]["resources"]
    assert any(secret in resource for resource in told("CreateSecret")[0]["resources"]) and any(secret in resource
                                                                                                for resource in told("GetSecretValue")[0]["resources"])
    assert told("DescribeKey", "refused")[0]["principal"] and told("GetSecretValue", "refused")[0]["accessKey"] == user.credentials.id
    assert any(record["outcome"] != "ok" and "action" not in record or record.get("accessKey") == user.credentials.id for record in records)
    assert all(record["realm"] == "south" for record in records)


def test_rights_that_change_count_with_the_next_call_for_many_at_once(server, admin, root):
    user, key, failures = admin.user(ram("Encrypt")), root.create(), []

    def work():
        try:
            with as_user(server, user) as client:
                for _ in range(20):
                    assert client.outcome("Encrypt", KeyId=key, Plaintext="YQ==") in (None, DENIED)
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    with as_user(server, user) as client:
        for _ in range(5):
            admin.delete(f"/users/{user.name}/policies/{user.policies[0]}")
            assert client.outcome("Encrypt", KeyId=key, Plaintext="YQ==") == DENIED
            admin.put(f"/users/{user.name}/policies/{user.policies[0]}")
            assert client.outcome("Encrypt", KeyId=key, Plaintext="YQ==") is None
    for thread in threads:
        thread.join(60)
    assert not failures, failures[0]
