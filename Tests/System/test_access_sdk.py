"""What policies let limited users do through the vendor's SDK, and what they keep from them."""
import dataclasses
import random
import threading
import time

import pytest

import audit_log
from actions import ACTIONS
from admin_client import AdminClient, cam, claviger, iam, ram, signed_in, statements
from client import Client, Refused, b64, refusal, unique_alias
from legacy_client import LegacyClient, LegacyRefused, legacy_refusal
from material import import_into, invite, new_material, waiting_key
from sdk import DENIED, SDK

NOBODY = "00000000-0000-4000-8000-000000000000"
NOT_FOUND = "ResourceUnavailable.CmkNotFound"
USUAL = "RSAES_OAEP_SHA_256"
LEGACY_DENIED = {4101, 4102, 4103}


# ---------------------------------------------------------------- calls that work

def new_key(root, state="Enabled"):
    key = root.create()
    match state:
        case "Disabled":
            root("DisableKey", KeyId=key)
        case "PendingDelete":
            root("DisableKey", KeyId=key)
            root("ScheduleKeyDeletion", KeyId=key, PendingWindowInDays=7)
        case "Archived":
            root("ArchiveKey", KeyId=key)
    return key


def rotating(root):
    key = root.create()
    root("EnableKeyRotation", KeyId=key, RotateDays=30)
    return key


def imported(root):
    key = waiting_key(root)
    import_into(root, key, new_material(root))
    return key


def bound(root):
    key = root.create()
    root("BindCloudResource", KeyId=key, ProductId="cos", ResourceId="bucket")
    return key


def import_request(root):
    invitation = invite(root, waiting_key(root))
    return {"KeyId": invitation.key, "ImportToken": invitation.token, "EncryptedKeyMaterial": b64(invitation.wrap(new_material(root)))}


def ciphertext(root, key=None):
    return root("Encrypt", KeyId=key or root.create(), Plaintext="YQ==")["CiphertextBlob"]


def signature_request(root):
    return {"KeyId": root.create(KeyUsage="ASYMMETRIC_SIGN_VERIFY_ECC"), "Algorithm": "ECC_P256_R1", "Message": "YQ=="}


def verification_request(root):
    request = signature_request(root)
    return {**request, "SignatureValue": root("SignByAsymmetricKey", **request)["Signature"]}


def sm2_ciphertext(root):
    key = root.create(KeyUsage="ASYMMETRIC_DECRYPT_SM2")
    return {"KeyId": key, "Ciphertext": root("AsymmetricSm2Encrypt", KeyId=key, Plaintext="YQ==")["Ciphertext"]}


# For every action, what makes parameters with which it works, of keys of its own where it changes them. A broken ciphertext is found out only by
# who may decrypt.
READY = {
    "CreateKey": lambda root: {"Alias": unique_alias()},
    "DescribeKey": lambda root: {"KeyId": new_key(root)},
    "DescribeKeys": lambda root: {"KeyIds": [new_key(root)]},
    "ListKeys": lambda root: {},
    "ListKeyDetail": lambda root: {},
    "EnableKey": lambda root: {"KeyId": new_key(root, "Disabled")},
    "DisableKey": lambda root: {"KeyId": new_key(root)},
    "EnableKeys": lambda root: {"KeyIds": [new_key(root, "Disabled")]},
    "DisableKeys": lambda root: {"KeyIds": [new_key(root)]},
    "UpdateAlias": lambda root: {"KeyId": new_key(root), "Alias": unique_alias()},
    "UpdateKeyDescription": lambda root: {"KeyId": new_key(root), "Description": "new"},
    "ScheduleKeyDeletion": lambda root: {"KeyId": new_key(root, "Disabled"), "PendingWindowInDays": 7},
    "CancelKeyDeletion": lambda root: {"KeyId": new_key(root, "PendingDelete")},
    "Encrypt": lambda root: {"KeyId": new_key(root), "Plaintext": "YQ=="},
    "Decrypt": lambda root: {"CiphertextBlob": ciphertext(root)},
    "ReEncrypt": lambda root: {"CiphertextBlob": ciphertext(root), "DestinationKeyId": new_key(root)},
    "GenerateDataKey": lambda root: {"KeyId": new_key(root), "KeySpec": "AES_256"},
    "GenerateRandom": lambda root: {"NumberOfBytes": 16},
    "GetRegions": lambda root: {},
    "GetServiceStatus": lambda root: {},
    "ListAlgorithms": lambda root: {},
    "DescribeTSMLicenses": lambda root: {},
    "ArchiveKey": lambda root: {"KeyId": new_key(root)},
    "CancelKeyArchive": lambda root: {"KeyId": new_key(root, "Archived")},
    "EnableKeyRotation": lambda root: {"KeyId": new_key(root), "RotateDays": 30},
    "DisableKeyRotation": lambda root: {"KeyId": rotating(root)},
    "GetKeyRotationStatus": lambda root: {"KeyId": new_key(root)},
    "RotateKey": lambda root: {"KeyId": new_key(root)},
    "GetPublicKey": lambda root: {"KeyId": root.create(KeyUsage="ASYMMETRIC_SIGN_VERIFY_ECC")},
    "AsymmetricRsaDecrypt": lambda root: {"KeyId": root.create(KeyUsage="ASYMMETRIC_DECRYPT_RSA_2048"), "Ciphertext": "YQ==", "Algorithm": USUAL},
    "AsymmetricSm2Decrypt": sm2_ciphertext,
    "AsymmetricSm2Encrypt": lambda root: {"KeyId": root.create(KeyUsage="ASYMMETRIC_DECRYPT_SM2"), "Plaintext": "YQ=="},
    "SignByAsymmetricKey": signature_request,
    "VerifyByAsymmetricKey": verification_request,
    "GenerateAsymmetricKeyValuePair": lambda root: {"KeyId": new_key(root), "KeySpec": "SM2"},
    "GenerateAsymmetricKeyPair": lambda root: {"KeyId": new_key(root), "KeySpec": "SM2"},
    "GetParametersForImport": lambda root: {"KeyId": waiting_key(root), "WrappingAlgorithm": USUAL, "WrappingKeySpec": "RSA_2048"},
    "ImportKeyMaterial": import_request,
    "DeleteImportedKeyMaterial": lambda root: {"KeyId": imported(root)},
    "BindCloudResource": lambda root: {"KeyId": new_key(root), "ProductId": "cos", "ResourceId": "bucket"},
    "UnbindCloudResource": lambda root: {"KeyId": bound(root), "ProductId": "cos", "ResourceId": "bucket"},
    "Claviger.CreateProductKey": lambda root: {"Product": "cos", "Alias": f"kms-{unique_alias()}"},
}

# What an allowed call comes to where that is no success: the ciphertext is none.
COMES_TO = {"AsymmetricRsaDecrypt": "FailedOperation.DecryptError"}

# Names of one and the same right.
ALIKE = [{"GenerateAsymmetricKeyValuePair", "GenerateAsymmetricKeyPair"}]


def same_right(action):
    return next((names for names in ALIKE if action in names), {action})


# ---------------------------------------------------------------- the stage

@dataclasses.dataclass
class Stage:
    """An account with keys of its root and of a user who makes keys, and a user whose rights the tests choose."""
    server: object
    admin: AdminClient
    root: Client
    account: int
    domain: str
    keys: dict
    makers: dict
    blobs: dict
    fixed: dict

    def user(self, *documents, **more):
        return self.admin.user(*documents, **more)

    def sdk(self, user, **options):
        return SDK(self.server, user.credentials, **options)

    def client(self, user, region="ap-guangzhou"):
        return signed_in(Client(self.server, region), user.credentials)

    def legacy(self, user):
        return signed_in(LegacyClient(self.server, "ap-guangzhou"), user.credentials)

    def resource(self, path, region="ap-guangzhou", account=None):
        return f"qcs::kms:{region}:{f'uin/{self.account}' if account is None else account}:{path}"

    def key_path(self, name):
        return f"key/creatorUin/{self.makers[name]}/{self.keys[name]}"

    def change(self, policy, document):
        self.admin.patch(f"/policies/{policy}", {"document": document})


@pytest.fixture(scope="module")
def stage(server):
    admin, root = AdminClient(server), Client(server)
    account = admin.get("/account")
    maker = admin.user(cam("*"))
    client = signed_in(Client(server), maker.credentials)
    # A and B are of the root, C and D of the maker.
    keys = {name: (client if name in "CD" else root).create() for name in "ABCD"}
    makers = {name: maker.number if name in "CD" else account["id"] for name in "ABCD"}
    blobs = {name: ciphertext(root, key) for name, key in keys.items()}
    fixed = {action: make(root) for action, make in READY.items()}
    yield Stage(server, admin, root, account["id"], account["domainId"], keys, makers, blobs, fixed)
    for connection in (admin, root, client):
        connection.close()


def test_the_stage_knows_every_action():
    assert READY.keys() == ACTIONS.keys()


# ---------------------------------------------------------------- one action at a time

def test_a_user_without_policies_may_do_nothing(stage):
    user = stage.user()
    sdk = stage.sdk(user)
    assert {action: sdk.outcome(action, **parameters) for action, parameters in stage.fixed.items()} == {action: DENIED for action in READY}


def test_each_grant_lets_its_action_through_and_no_other(stage):
    user, chance = stage.user(cam("GetRegions")), random.Random(4)
    sdk, client = stage.sdk(user), stage.client(user)
    for action, make in READY.items():
        # A key for a cloud product is a key all the same.
        rights = [action, "CreateKey"] if action == "Claviger.CreateProductKey" else [action]
        stage.change(user.policies[0], cam(*rights))
        assert sdk.outcome(action, **make(stage.root)) == COMES_TO.get(action), action
        for other in chance.sample(sorted(READY.keys() - set().union(*map(same_right, rights))), 6):
            assert client_outcome(client, other, stage.fixed[other]) == DENIED, (action, other)
    client.close()


def test_each_denial_stops_its_action_and_no_other(stage):
    user = stage.user(statements(cam("*"), cam("GetRegions", effect="deny")))
    sdk, client = stage.sdk(user), stage.client(user)
    reading = {"DescribeKey", "Encrypt", "GetRegions", "ListKeys", "GetKeyRotationStatus"}
    for action in READY:
        stage.change(user.policies[0], statements(cam("*"), cam(action, effect="deny")))
        assert sdk.refusal(action, **stage.fixed[action]) == DENIED, action
        for other in reading - same_right(action):
            assert client_outcome(client, other, stage.fixed[other]) is None, (action, other)
    client.close()


def client_outcome(client, action, parameters):
    try:
        client(action, **parameters)
    except Refused as error:
        return error.code


def test_a_denial_beats_every_grant_wherever_it_stands(stage):
    grant, denial = cam("*"), cam("Encrypt", effect="deny", resource=stage.resource(stage.key_path("A")))
    group = stage.admin.name("group")
    stage.admin.post("/groups", {"name": group})
    policy = stage.admin.policy(denial)
    for documents in ([statements(denial, grant)], [statements(grant, denial)], [grant, denial], [denial, grant], [denial, grant, grant]):
        sdk = stage.sdk(stage.user(*documents))
        assert not sdk.may("Encrypt", KeyId=stage.keys["A"], Plaintext="YQ==")
        sdk("Encrypt", KeyId=stage.keys["B"], Plaintext="YQ==")
        sdk("Decrypt", CiphertextBlob=stage.blobs["A"])
    user = stage.user(grant)
    stage.sdk(user)("Encrypt", KeyId=stage.keys["A"], Plaintext="YQ==")
    stage.admin.put(f"/groups/{group}/members/{user.name}")
    stage.sdk(user)("Encrypt", KeyId=stage.keys["A"], Plaintext="YQ==")
    stage.admin.put(f"/groups/{group}/policies/{policy}")
    assert not stage.sdk(user).may("Encrypt", KeyId=stage.keys["A"], Plaintext="YQ==")


# ---------------------------------------------------------------- resources

# What a grant names, and the keys that it covers; "all" stands for what belongs to no key.
RESOURCES = {
    "one key": (lambda stage: stage.resource(stage.key_path("A")), "A"),
    "one key of another creator": (lambda stage: stage.resource(stage.key_path("C")), "C"),
    "two keys": (lambda stage: [stage.resource(stage.key_path("A")), stage.resource(stage.key_path("D"))], "AD"),
    "the root's keys": (lambda stage: stage.resource(f"key/creatorUin/{stage.account}/*"), "AB"),
    "the maker's keys": (lambda stage: stage.resource(f"key/creatorUin/{stage.makers['C']}/*", region=""), "CD"),
    "all keys": (lambda stage: stage.resource("key/*"), "all"),
    "all keys of any region and account": (lambda stage: "qcs::kms:::key/*", "all"),
    "everything": (lambda stage: "*", "all"),
    "an account without uin": (lambda stage: stage.resource(stage.key_path("B"), account=stage.account), "B"),
    "a wildcard for the creator": (lambda stage: stage.resource(f"key/creatorUin/*/{stage.keys['B']}", region="*"), "B"),
    "another region": (lambda stage: stage.resource(stage.key_path("A"), region="ap-shanghai"), ""),
    "another creator": (lambda stage: stage.resource(f"key/creatorUin/{stage.makers['C']}/{stage.keys['A']}"), ""),
    "another kind": (lambda stage: stage.resource("secret/*"), ""),
}


@pytest.mark.parametrize("case", RESOURCES)
def test_a_grant_covers_the_keys_that_its_resource_names(stage, case):
    resource, covered = RESOURCES[case]
    covered, is_general = ("ABCD", True) if covered == "all" else (covered, False)
    sdk = stage.sdk(stage.user(cam("*", resource=resource(stage))))
    key = stage.keys

    for name in "ABCD":
        expected = None if name in covered else DENIED
        about = {"KeyId": key[name]}
        for action, parameters in {
            "Encrypt": {**about, "Plaintext": "YQ=="}, "Decrypt": {"CiphertextBlob": stage.blobs[name]}, "DescribeKey": about,
            "GenerateDataKey": {**about, "KeySpec": "AES_128"}, "GetKeyRotationStatus": about, "EnableKey": about,
            "UpdateKeyDescription": {**about, "Description": name},
        }.items():
            assert sdk.outcome(action, **parameters) == expected, (action, name)
    for pair in ("AB", "AC", "AD", "CD", "BA"):
        expected = None if set(pair) <= set(covered) else DENIED
        ids = [key[name] for name in pair]
        assert sdk.outcome("ReEncrypt", CiphertextBlob=stage.blobs[pair[0]], DestinationKeyId=ids[1]) == expected, pair
        assert sdk.outcome("DescribeKeys", KeyIds=ids) == expected, pair
        assert sdk.outcome("EnableKeys", KeyIds=ids) == expected, pair
    for action, parameters in {"CreateKey": {"Alias": unique_alias()}, "ListKeys": {}, "ListKeyDetail": {}, "GetServiceStatus": {},
                               "GenerateRandom": {"NumberOfBytes": 1}}.items():
        assert sdk.outcome(action, **parameters) == (None if is_general else DENIED), action
    # Who may not use keys in general does not learn which of them exist.
    assert sdk.outcome("Encrypt", KeyId=NOBODY, Plaintext="YQ==") == (NOT_FOUND if is_general else DENIED)


def test_keys_belong_to_the_user_who_made_them(stage):
    user = stage.user(statements(cam("CreateKey"), cam("*", resource=stage.resource("key/*", region="ap-beijing"))))
    own = f"key/creatorUin/{user.number}/*"
    stage.admin.put(f"/users/{user.name}/policies/{stage.admin.policy(cam('*', resource=stage.resource(own)))}")
    sdk = stage.sdk(user)
    made = sdk.create()
    metadata = sdk("DescribeKey", KeyId=made)["KeyMetadata"]
    assert metadata["CreatorUin"] == int(user.number)
    assert metadata["ResourceId"] == f"creatorUin/{user.number}/{made}"
    sdk("Encrypt", KeyId=made, Plaintext="YQ==")
    assert sdk.refusal("Encrypt", KeyId=stage.keys["A"], Plaintext="YQ==") == DENIED
    assert sdk.refusal("DescribeKeys", KeyIds=[made, stage.keys["A"]]) == DENIED


# ---------------------------------------------------------------- the vendor's examples

# The examples as the vendor prints them, but for the layout, and with what they let through and stop.
READ_ONLY = '{"version":"2.0","statement":[\n{"action":[\n  "name/kms%sListKey",\n  "name/kms:GetKeyAttributes"\n],"resource":"*","effect":"allow"}]}'
ADMINISTRATION = ('{"version":"2.0","statement":[{"action":[\n"name/kms%sCreateKey",\n"name/kms:ListKey",\n"name/kms:GetKeyAttributes",'
                  '\n"name/kms:SetKeyAttributes"],\n"resource":"*",\n"effect":"allow"}]}')
DATA = ('{"version":"2.0","statement":[{"action":["name/kms:*"],"resource":"*","effect":"allow"},\n{"action":["name/kms:CreateKey",'
        '"name/kms:ListKey",\n    "name/kms%sGetKeyAttributes","name/kms:SetKeyAttributes"],"resource":"*","effect":"deny"}]}')
EVERYTHING = '{"version": "2.0", "statement": [{"action": ["name/kms:*"], "resource": "*", "effect": "allow"}]}'
ADMINISTRATIVE = {"CreateKey", "ListKeys", "DescribeKey", "UpdateAlias"}
LEGACY = {"CreateKey": "CreateKey", "ListKey": "ListKeys", "GetKeyAttributes": "DescribeKey", "SetKeyAttributes": "UpdateAlias",
          "EnableKey": "EnableKey", "DisableKey": "DisableKey", "Encrypt": "Encrypt", "Decrypt": "Decrypt", "GenerateDataKey": "GenerateDataKey"}

EXAMPLES = {
    "everything": (EVERYTHING, set(READY)),
    "read only": (READ_ONLY % ":", {"ListKeys", "DescribeKey"}),
    "administration": (ADMINISTRATION % ":", ADMINISTRATIVE),
    "data": (DATA % ":", set(READY) - ADMINISTRATIVE - {"Claviger.CreateProductKey"}),
}


def legacy_parameters(stage, action):
    key = new_key(stage.root)
    return {
        "CreateKey": {"alias": unique_alias()}, "ListKey": {}, "GetKeyAttributes": {"keyId": key},
        "SetKeyAttributes": {"keyId": key, "alias": unique_alias()}, "EnableKey": {"keyId": key}, "DisableKey": {"keyId": key},
        "Encrypt": {"keyId": key, "plaintext": "YQ=="}, "Decrypt": {"ciphertextBlob": ciphertext(stage.root, key)},
        "GenerateDataKey": {"keyId": key, "keySpec": "AES_128"},
    }[action]


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_vendors_examples_work_once_their_slips_are_corrected(stage, example):
    document, allowed = EXAMPLES[example]
    user = stage.user(document)
    sdk, legacy = stage.sdk(user), stage.legacy(user)
    for action, make in READY.items():
        expected = COMES_TO.get(action) if action in allowed else DENIED
        assert sdk.outcome(action, **(make(stage.root) if action in allowed else stage.fixed[action])) == expected, action
    for action, name in LEGACY.items():
        parameters = legacy_parameters(stage, action)
        if name in allowed:
            legacy(action, **parameters)
        else:
            assert legacy_refusal(legacy, action, **parameters) in LEGACY_DENIED, action
    legacy.close()


@pytest.mark.parametrize("document, line, column, right", [
    (READ_ONLY % ">", 3, 3, "name/kms:ListKey"),
    (ADMINISTRATION % ">", 2, 1, "name/kms:CreateKey"),
    (DATA % ".", 3, 5, "name/kms:GetKeyAttributes"),
    (DATA % "::", 3, 5, "name/kms:GetKeyAttributes"),
    (READ_ONLY % ":x", 3, 3, "name/kms:ListKey"),
])
def test_the_slips_themselves_are_refused_with_their_place_and_what_was_meant(stage, document, line, column, right):
    with pytest.raises(Exception) as refused:
        stage.admin.policy(document)
    assert (refused.value.status, refused.value.code) == (400, "invalidPolicy")
    assert f"line {line}, column {column}:" in refused.value.message
    assert f'did you mean "{right}"?' in refused.value.message


# ---------------------------------------------------------------- the legacy API

def test_the_legacy_api_answers_with_its_own_number(stage):
    user, reader = stage.user(), stage.user(cam("ListKey", "DescribeKey"))
    legacy, reading = stage.legacy(user), stage.legacy(reader)
    for action in LEGACY:
        parameters = legacy_parameters(stage, action)
        with pytest.raises(LegacyRefused) as refused:
            legacy(action, **parameters)
        assert (refused.value.code, refused.value.name) == (4103, DENIED)
    # Old and new names are the same rights.
    reading("ListKey")
    reading("GetKeyAttributes", keyId=stage.keys["A"])
    assert legacy_refusal(reading, "Encrypt", keyId=stage.keys["A"], plaintext="YQ==") == 4103
    sdk = stage.sdk(reader)
    sdk("ListKeys")
    sdk("DescribeKey", KeyId=stage.keys["A"])
    legacy.close()
    reading.close()


@pytest.mark.parametrize("action, rights", [
    ("ListKey", {"ListKeys"}), ("GetKeyAttributes", {"DescribeKey"}), ("SetKeyAttributes", {"UpdateAlias"}),
    ("ReEncrypt", {"ReEncrypt"}), ("name/kms:Describe*", {"DescribeKey", "DescribeKeys", "DescribeTSMLicenses"}),
    ("kms:Enable*", {"EnableKey", "EnableKeys", "EnableKeyRotation"}), ("name/kms:*Keys", {"DescribeKeys", "ListKeys", "EnableKeys", "DisableKeys"}),
    ("kms:encrypt", {"Encrypt"}), ("*", set(READY)), ("kms:*", set(READY)), ("claviger:*", set()),
])
def test_names_of_actions_in_policies(stage, action, rights):
    sdk = stage.sdk(stage.user(cam(action)))
    # Of a failing call nothing comes but the question whether it was allowed.
    asked = {name: {**parameters, "KeyId": NOBODY} if "KeyId" in parameters else parameters for name, parameters in stage.fixed.items()}
    harmless = {name for name in asked if "KeyId" in asked[name]} | {"DescribeKeys", "ListKeys", "ListKeyDetail", "GetRegions", "EnableKeys",
                                                                  "DisableKeys", "ReEncrypt", "Decrypt", "DescribeTSMLicenses"}
    assert {name for name in harmless if sdk.may(name, **asked[name])} == rights & harmless


# ---------------------------------------------------------------- other languages

def test_policies_in_the_other_clouds_languages_act_on_tencents_calls(stage):
    key, account, domain = stage.keys, stage.account, stage.domain

    def about(name):
        return {"KeyId": key[name]}

    def encrypt(name):
        return "Encrypt", {**about(name), "Plaintext": "YQ=="}

    def describe(name):
        return "DescribeKey", about(name)

    data_key = "GenerateDataKey", {**about("A"), "KeySpec": "AES_128"}
    decrypt, listing, details = ("Decrypt", {"CiphertextBlob": stage.blobs["A"]}), ("ListKeys", {}), ("ListKeyDetail", {})
    creation = "CreateKey", {"Alias": unique_alias()}
    for document, allowed, denied in [
        (ram("Encrypt", "Decrypt", resource=f"acs:kms:cn-hangzhou:{account}:key/{key['A']}"), [encrypt("A"), decrypt],
         [encrypt("B"), describe("A"), listing]),
        (ram("Encrypt", resource=f"acs:kms:*:*:key/{key['C']}"), [encrypt("C")], [encrypt("A"), encrypt("D")]),
        (ram("*", resource="acs:kms:*:*:key/*"), [encrypt("A"), describe("C"), listing, details], []),
        (ram("*", resource="acs:kms:*:*:key"), [listing, details], [encrypt("A")]),
        (ram("*", resource=f"acs:kms:cn-shanghai:{account}:*"), [], [encrypt("A"), listing]),
        (ram("Describe?ey", "List*"), [describe("A"), listing, ("DescribeKeys", {"KeyIds": [key["A"]]})],
         [encrypt("A"), ("EnableKey", about("A"))]),
        ({"Version": "1", "Statement": {"Effect": "Allow", "NotAction": "kms:Encrypt", "Resource": "*"}}, [describe("A"), decrypt], [encrypt("A")]),
        ({"Version": "1", "Statement": [{"Effect": "Allow", "Action": "kms:*", "NotResource": f"acs:kms:*:*:key/{key['A']}"}]},
         [encrypt("B"), listing], [encrypt("A"), describe("A")]),
        (statements(ram("*"), ram("Encrypt", effect="Deny")), [describe("A"), decrypt], [encrypt("A"), encrypt("C")]),
        (iam("cmk:crypto", resource=f"kms:cn-south-1:{domain}:KeyId:{key['A']}"), [encrypt("A"), decrypt], [encrypt("B"), describe("A"), data_key]),
        (iam("cmk:get", "cmk:list"), [describe("A"), describe("D"), listing, details], [encrypt("A"), creation]),
        (iam("dek:create"), [data_key], [encrypt("A"), describe("A")]),
        (iam("cmk:*"), [encrypt("A"), listing, creation], [data_key]),
        (iam("*:*"), [encrypt("A"), data_key, listing], []),
        (iam("*:*", resource="kms:cn-east-3:*:KeyId:*"), [], [encrypt("A"), listing]),
        (iam("*:*", resource=f"KMS:*:{domain}:KeyId:*"), [encrypt("A"), listing], []),
        (statements(iam("*:*"), iam("cmk:crypto", effect="Deny")), [describe("A"), data_key], [encrypt("A"), decrypt]),
    ]:
        sdk = stage.sdk(stage.user(document))
        for action, parameters in allowed:
            assert sdk.outcome(action, **parameters) is None, (document, action)
        for action, parameters in denied:
            assert sdk.outcome(action, **parameters) == DENIED, (document, action)
    # What another account is meant by is a mistake, and no right.
    for document in (cam("*", resource=stage.resource("key/*", account="uin/1")), cam("*", resource=stage.resource("key/*", account=1)),
                     ram("*", resource="acs:kms:*:1:*"), iam("*:*", resource="kms:*:0123456789abcdef0123456789abcdef:KeyId:*")):
        assert stage.admin.refusal("POST", "/policies", {"name": stage.admin.name("policy"), "document": document}) == "invalidPolicy"
    # A denial in one language beats grants in the others.
    denial = {"tencent": cam("Encrypt", effect="deny"), "alibaba": ram("Encrypt", effect="Deny"), "huawei": iam("cmk:crypto", effect="Deny")}
    grant = {"tencent": cam("*"), "alibaba": ram("*"), "huawei": iam("*:*")}
    for language in denial:
        sdk = stage.sdk(stage.user(denial[language], *(grant[other] for other in grant if other != language)))
        assert sdk.outcome("Encrypt", **encrypt("A")[1]) == DENIED
        assert sdk.outcome("DescribeKey", **about("A")) is None


# ---------------------------------------------------------------- conditions

NOW, DAY = time.time(), 86400


def moment(offset):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(NOW + offset))


# The same conditions in each language: what is asked of a call that has the encryption context {"patient":"7"} and a key with the tag env=prod.
CONDITIONS = {
    "tencent": (cam, [
        ({"ip_equal": {"qcs:ip": "127.0.0.1"}}, True), ({"ip_equal": {"qcs:ip": ["10.0.0.0/8", "127.0.0.0/8"]}}, True),
        ({"ip_equal": {"qcs:ip": ["10.0.0.0/8", "::1"]}}, False), ({"ip_not_equal": {"qcs:ip": "127.0.0.0/8"}}, False),
        ({"ip_not_equal": {"qcs:ip": ["10.0.0.0/8", "2001:db8::/32"]}}, True),
        ({"date_less_than": {"qcs:current_time": moment(DAY)}}, True), ({"date_less_than": {"qcs:current_time": moment(-DAY)}}, False),
        ({"date_greater_than": {"qcs:current_time": str(int(NOW - DAY))}}, True),
        ({"date_greater_than": {"qcs:current_time": moment(-DAY)}, "date_less_than": {"qcs:current_time": moment(DAY)}}, True),
        ({"date_greater_than": {"qcs:current_time": moment(-DAY)}, "ip_equal": {"qcs:ip": "10.0.0.1"}}, False),
        ({"string_equal": {"kms:EncryptionContext:patient": "7"}}, True), ({"string_equal": {"kms:EncryptionContext:patient": "8"}}, False),
        ({"string_equal": {"kms:EncryptionContext:patient": ["8", "7"]}}, True), ({"string_equal": {"kms:EncryptionContext:doctor": "7"}}, False),
        ({"string_not_equal": {"kms:EncryptionContext:doctor": "7"}}, True), ({"string_equal_if_exist": {"kms:EncryptionContext:doctor": "7"}}, True),
        ({"string_equal_if_exist": {"kms:EncryptionContext:patient": "8"}}, False), ({"string_like": {"kms:EncryptionContext:patient": "*7*"}}, True),
        ({"string_equal": {"qcs:resource_tag/env": "prod"}}, True), ({"string_equal": {"qcs:resource_tag/env": "Prod"}}, False),
        ({"string_equal_ignore_case": {"qcs:resource_tag/env": "PROD"}}, True), ({"for_any_value:string_equal": {"qcs:resource_tag": "env&prod"}}, True),
        ({"for_any_value:string_equal": {"qcs:resource_tag": ["env&test", "team&x"]}}, False),
        ({"bool_equal": {"qcs:mfa": "true"}}, False), ({"bool_equal": {"qcs:mfa": "false"}}, True),
        ({"null_equal": {"qcs:resource_tag/team": "true"}}, True), ({"null_equal": {"qcs:resource_tag/env": "true"}}, False),
    ]),
    "alibaba": (ram, [
        ({"IpAddress": {"acs:SourceIp": ["127.0.0.0/8"]}}, True), ({"IpAddress": {"acs:SourceIp": "192.0.2.1"}}, False),
        ({"NotIpAddress": {"acs:SourceIp": "127.0.0.1"}}, False), ({"DateLessThan": {"acs:CurrentTime": moment(DAY)}}, True),
        ({"DateGreaterThan": {"acs:CurrentTime": moment(DAY)}}, False), ({"StringEquals": {"kms:EncryptionContext:patient": "7"}}, True),
        ({"StringNotEquals": {"kms:EncryptionContext:patient": "7"}}, False), ({"StringLike": {"kms:EncryptionContext:patient": "?"}}, True),
        ({"StringEquals": {"kms:tag/env": ["prod", "test"]}}, True), ({"StringEquals": {"acs:ResourceTag/env": "test"}}, False),
        ({"Bool": {"acs:MFAPresent": "true"}}, False), ({"Bool": {"acs:MFAPresent": ["false"]}}, True),
    ]),
    "huawei": (iam, [
        ({"IpAddress": {"g:SourceIp": ["127.0.0.0/8"]}}, True), ({"NotIpAddress": {"g:SourceIp": ["127.0.0.0/8"]}}, False),
        ({"DateLessThan": {"g:CurrentTime": [moment(DAY)]}}, True), ({"DateLessThan": {"g:CurrentTime": [moment(-DAY)]}}, False),
        ({"StringEquals": {"kms:EncryptionContext:patient": ["7"]}}, True), ({"StringEquals": {"kms:EncryptionContext:patient": ["8"]}}, False),
        ({"StringEquals": {"g:ResourceTag/env": ["prod"]}}, True), ({"StringStartWith": {"g:ResourceTag/env": ["pr"]}}, True),
        ({"StringEndWith": {"g:ResourceTag/env": ["pr"]}}, False), ({"Bool": {"g:MFAPresent": ["true"]}}, False),
    ]),
}


@pytest.mark.parametrize("language", CONDITIONS)
def test_conditions_on_address_time_context_and_tags(stage, language):
    make, cases = CONDITIONS[language]
    key = stage.root.create(Tags=[{"TagKey": "env", "TagValue": "prod"}])
    action = "cmk:crypto" if language == "huawei" else "Encrypt"
    granted, denied = stage.user(make(action)), stage.user(cam("*"), make(action))
    call = {"KeyId": key, "Plaintext": "YQ==", "EncryptionContext": '{"patient":"7"}'}
    sdks = stage.sdk(granted), stage.sdk(denied)
    effect = "deny" if language == "tencent" else "Deny"
    for condition, holds in cases:
        stage.change(granted.policies[0], make(action, condition=condition))
        stage.change(denied.policies[1], make(action, condition=condition, effect=effect))
        assert sdks[0].may("Encrypt", **call) == holds, condition
        assert sdks[1].may("Encrypt", **call) != holds, condition


def test_what_a_caller_says_of_the_address_does_not_count(stage):
    client = stage.client(stage.user(cam("GetRegions", condition={"ip_equal": {"qcs:ip": "10.0.0.0/8"}})))
    for header in ({"X-Forwarded-For": "10.0.0.1"}, {"Forwarded": "for=10.0.0.1"}, {"X-Real-IP": "10.0.0.1"}):
        assert refusal(client.json, "GetRegions", b"{}", extra=header) == DENIED
    client.close()


def test_conditions_on_what_differs_from_call_to_call(stage):
    tagged, other = stage.root.create(Tags=[{"TagKey": "team", "TagValue": "red"}]), stage.root.create()
    user = stage.user(statements(
        cam("Encrypt", "Decrypt", condition={"string_equal": {"kms:EncryptionContext:tenant": ["a", "b"]}}),
        cam("DescribeKey", condition={"string_equal": {"qcs:resource_tag/team": "red"}}),
        cam("CreateKey", condition={"string_equal": {"qcs:request_tag/team": "red"}})))
    sdk = stage.sdk(user)
    blob = stage.root("Encrypt", KeyId=tagged, Plaintext="YQ==", EncryptionContext='{"tenant":"c"}')["CiphertextBlob"]
    assert sdk.may("Encrypt", KeyId=tagged, Plaintext="YQ==", EncryptionContext='{"tenant":"b"}')
    assert sdk.may("Encrypt", KeyId=other, Plaintext="YQ==", EncryptionContext='{"x":"y","tenant":"a"}')
    for context in ({}, {"EncryptionContext": '{"tenant":"c"}'}, {"EncryptionContext": '{"Tenant":"a"}'}, {"EncryptionContext": '{"tenant":["a"]}'}):
        assert not sdk.may("Encrypt", KeyId=tagged, Plaintext="YQ==", **context), context
    assert sdk.refusal("Decrypt", CiphertextBlob=blob, EncryptionContext='{"tenant":"c"}') == DENIED
    # The context that is asked about is that of the call, which a right ciphertext then has to fit.
    assert sdk.refusal("Decrypt", CiphertextBlob=blob, EncryptionContext='{"tenant":"a"}') == "InvalidParameterValue.InvalidCiphertext"
    assert sdk.may("DescribeKey", KeyId=tagged) and not sdk.may("DescribeKey", KeyId=other)
    sdk.create(Tags=[{"TagKey": "team", "TagValue": "red"}])
    assert not sdk.may("CreateKey", Alias=unique_alias())
    assert not sdk.may("CreateKey", Alias=unique_alias(), Tags=[{"TagKey": "team", "TagValue": "blue"}])


# ---------------------------------------------------------------- groups

def test_groups_give_and_take_rights_at_once(stage):
    user, other, group = stage.user(), stage.user(), stage.admin.name("group")
    sdk = stage.sdk(user)
    stage.admin.post("/groups", {"name": group})
    stage.admin.put(f"/groups/{group}/policies/{stage.admin.policy(cam('GetRegions'))}")
    second = stage.admin.policy(cam("ListKeys"))
    assert not sdk.may("GetRegions")
    stage.admin.put(f"/groups/{group}/members/{user.name}")
    assert sdk.may("GetRegions") and not sdk.may("ListKeys")
    assert not stage.sdk(other).may("GetRegions")
    stage.admin.put(f"/groups/{group}/policies/{second}")
    assert sdk.may("ListKeys")
    stage.admin.delete(f"/groups/{group}/policies/{second}")
    assert not sdk.may("ListKeys")
    stage.admin.delete(f"/groups/{group}/members/{user.name}")
    assert not sdk.may("GetRegions")
    stage.admin.put(f"/groups/{group}/members/{user.name}")
    assert sdk.may("GetRegions")
    assert stage.admin.refusal("DELETE", f"/groups/{group}") == "policyInUse"
    stage.admin.delete(f"/groups/{group}/policies/{stage.admin.get(f'/groups/{group}')['policies'][0]}")
    stage.admin.delete(f"/groups/{group}")
    assert not sdk.may("GetRegions")


# ---------------------------------------------------------------- policies on keys

def key_policies(stage, user, effect="allow"):
    """Policies for a key that name the user, one in each language; each lets (or stops) encrypting."""
    return {
        "tencent": cam("Encrypt", effect=effect, principal={"qcs": [f"qcs::cam::uin/{stage.account}:uin/{user.number}"]}),
        "alibaba": ram("Encrypt", effect=effect.title(), Principal={"RAM": [f"acs:ram::{stage.account}:user/{user.name}"]}),
        "huawei": iam("cmk:crypto", effect=effect.title(), Principal={"IAM": [f"iam::{stage.domain}:user:{user.name}"]}),
    }


@pytest.mark.parametrize("language", ["tencent", "alibaba", "huawei"])
def test_the_policy_of_a_key_lets_through_and_stops(stage, language):
    user, bystander, powerful = stage.user(), stage.user(), stage.user(cam("*"))
    sdk, mighty = stage.sdk(user), stage.sdk(powerful)
    key, other = stage.root.create(), stage.root.create()
    path = f"/keys/{key}/policy"
    encrypt = {"KeyId": key, "Plaintext": "YQ=="}

    assert not sdk.may("Encrypt", **encrypt)
    document = key_policies(stage, user)[language]
    stage.admin.put(path, {"document": document, "language": language}, region="ap-guangzhou")
    sdk("Encrypt", **encrypt)
    assert not sdk.may("DescribeKey", KeyId=key)
    assert not sdk.may("Encrypt", KeyId=other, Plaintext="YQ==")
    assert not stage.sdk(bystander).may("Encrypt", **encrypt)
    legacy = stage.legacy(user)
    legacy("Encrypt", keyId=key, plaintext="YQ==")
    legacy.close()
    found = stage.admin.get(path, region="ap-guangzhou")
    assert found["language"] == language
    # Another region has no such key.
    assert stage.admin.refusal("GET", path, region="ap-beijing") == "keyNotFound"

    mighty("Encrypt", **encrypt)
    stage.admin.put(path, {"document": key_policies(stage, powerful, "deny")[language]}, region="ap-guangzhou")
    assert mighty.refusal("Encrypt", **encrypt) == DENIED
    mighty("DescribeKey", KeyId=key)
    mighty("Encrypt", KeyId=other, Plaintext="YQ==")
    assert not sdk.may("Encrypt", **encrypt)
    stage.root("Encrypt", **encrypt)

    stage.admin.delete(path, region="ap-guangzhou")
    mighty("Encrypt", **encrypt)
    assert not sdk.may("Encrypt", **encrypt)


def test_a_key_policy_can_name_everybody_of_the_account_and_nobody_of_another(stage):
    made, foreign_root = stage.admin.account()
    stranger = foreign_root.user(cam("*"))
    key = stage.root.create()
    path, encrypt = f"/keys/{key}/policy", {"KeyId": key, "Plaintext": "YQ=="}
    user = stage.user()
    account, domain = made["account"]["id"], made["account"]["domainId"]
    for document in (cam("*", principal={"qcs": ["*"]}), ram("*", Principal="*"), ram("*", Principal={"RAM": [f"acs:ram::{stage.account}:*"]}),
                     iam("*:*", Principal={"IAM": ["*"]})):
        stage.admin.put(path, {"document": document}, region="ap-guangzhou")
        stage.sdk(user)("Encrypt", **encrypt)
        assert stage.sdk(stranger).refusal("Encrypt", **encrypt) == NOT_FOUND
    for document in (cam("*", principal={"qcs": [f"qcs::cam::uin/{account}:uin/{stranger.number}"]}),
                     ram("*", Principal={"RAM": [f"acs:ram::{account}:user/{stranger.name}"]}),
                     iam("*:*", Principal={"IAM": [f"iam::{domain}:user:{stranger.name}"]})):
        stage.admin.put(path, {"document": document}, region="ap-guangzhou")
        assert stage.sdk(stranger).refusal("Encrypt", **encrypt) == NOT_FOUND
        assert not stage.sdk(user).may("Encrypt", **encrypt)
    foreign_root.close()


def test_principals_stand_in_policies_of_keys_and_only_there(stage):
    user, key = stage.user(), stage.keys["A"]
    for language, document in key_policies(stage, user).items():
        assert stage.admin.refusal("POST", "/policies", {"name": stage.admin.name("policy"), "document": document}) == "invalidPolicy"
        bare = {"tencent": cam("Encrypt"), "alibaba": ram("Encrypt"), "huawei": iam("cmk:crypto")}[language]
        assert stage.admin.refusal("PUT", f"/keys/{key}/policy", {"document": bare}, region="ap-guangzhou") == "invalidPolicy"


# ---------------------------------------------------------------- rights that go

def test_rights_that_are_taken_away_are_gone_with_the_next_call(stage):
    user, second = stage.user(cam("GetRegions")), stage.user(cam("GetRegions"))
    sdk, admin, policy = stage.sdk(user), stage.admin, user.policies[0]
    attachment, key = f"/users/{user.name}/policies/{policy}", f"/users/{user.name}/access-keys/{user.credentials.id}"
    for _ in range(5):
        assert sdk.outcome("GetRegions") is None
        admin.delete(attachment)
        assert sdk.outcome("GetRegions") == DENIED
        admin.put(attachment)
        assert sdk.outcome("GetRegions") is None
        admin.patch(f"/policies/{policy}", {"document": cam("ListKeys")})
        assert sdk.outcome("GetRegions") == DENIED
        admin.patch(f"/policies/{policy}", {"document": cam("GetRegions")})
        assert sdk.outcome("GetRegions") is None
        admin.patch(key, {"enabled": False})
        assert sdk.outcome("GetRegions") == "AuthFailure.SecretIdNotFound"
        admin.patch(key, {"enabled": True})
        assert sdk.outcome("GetRegions") is None
        admin.patch(f"/users/{user.name}", {"enabled": False})
        assert sdk.outcome("GetRegions") == "AuthFailure.SecretIdNotFound"
        admin.patch(f"/users/{user.name}", {"enabled": True})
    assert sdk.outcome("GetRegions") is None
    admin.delete(key)
    assert sdk.outcome("GetRegions") == "AuthFailure.SecretIdNotFound"
    assert stage.sdk(second).outcome("GetRegions") is None
    admin.delete(f"/users/{second.name}")
    assert stage.sdk(second).outcome("GetRegions") == "AuthFailure.SecretIdNotFound"
    # A new user of the same name is another one.
    assert stage.sdk(admin.user(name=second.name)).outcome("GetRegions") == DENIED


class Caller(threading.Thread):
    """Makes the same call again and again, and notes of each when it began and when it ended, and whether it was allowed."""

    def __init__(self, client, key):
        super().__init__(daemon=True)
        self.client, self.key, self.calls, self.failure, self.is_over = client, key, [], None, False

    def run(self):
        try:
            while not self.is_over:
                begun = time.monotonic()
                outcome = client_outcome(self.client, "Encrypt", {"KeyId": self.key, "Plaintext": "YQ=="})
                assert outcome in (None, DENIED, "AuthFailure.SecretIdNotFound"), outcome
                self.calls.append((begun, time.monotonic(), outcome is None))
        except BaseException as failure:
            self.failure = failure
        finally:
            self.client.close()


def test_rights_that_are_taken_away_are_gone_under_load_too(stage):
    admin = stage.admin
    group = admin.name("group")
    admin.post("/groups", {"name": group})
    policy, denial = admin.policy(cam("*")), admin.policy(cam("*", effect="deny"))
    admin.put(f"/groups/{group}/policies/{policy}")
    user, key = stage.user(), stage.root.create()
    member, own = f"/groups/{group}/members/{user.name}", f"/users/{user.name}/policies/"
    key_policy, region = f"/keys/{key}/policy", {"region": "ap-guangzhou"}
    of_key = {"document": key_policies(stage, user)["tencent"]}
    access_key = f"/users/{user.name}/access-keys/{user.credentials.id}"

    # Steps in turn: what gives the right, what takes it away.
    turns = [
        (lambda: admin.put(member), lambda: admin.delete(member)),
        (lambda: admin.put(own + policy), lambda: admin.delete(own + policy)),
        (lambda: admin.put(member), lambda: admin.put(own + denial)),
        (lambda: admin.delete(own + denial), lambda: admin.patch(f"/policies/{policy}", {"document": cam("GetRegions")})),
        (lambda: admin.patch(f"/policies/{policy}", {"document": cam("*")}), lambda: admin.patch(access_key, {"enabled": False})),
        (lambda: admin.patch(access_key, {"enabled": True}), lambda: admin.patch(f"/users/{user.name}", {"enabled": False})),
        (lambda: admin.patch(f"/users/{user.name}", {"enabled": True}), lambda: admin.delete(f"/groups/{group}/policies/{policy}")),
        (lambda: admin.put(key_policy, of_key, **region), lambda: admin.delete(key_policy, **region)),
    ]
    callers = [Caller(stage.client(user), key) for _ in range(8)]
    periods = []
    for caller in callers:
        caller.start()
    try:
        for _ in range(2):
            for give, take in turns:
                for change, allowed in ((give, True), (take, False)):
                    begun = time.monotonic()
                    change()
                    periods.append((begun, time.monotonic(), allowed))
                    time.sleep(0.04)
            admin.delete(member)
            admin.put(f"/groups/{group}/policies/{policy}")
    finally:
        for caller in callers:
            caller.is_over = True
        for caller in callers:
            caller.join(30)
            assert not caller.is_alive() and caller.failure is None, caller.failure
    seen = 0
    for (_, since, allowed), (until, _, _) in zip(periods, periods[1:]):
        # What began after the change was acknowledged and ended before the next was asked for.
        outcomes = [was_allowed for caller in callers for begun, ended, was_allowed in caller.calls if since <= begun and ended <= until]
        assert set(outcomes) <= {allowed}, (allowed, since)
        seen += len(outcomes)
    assert seen > 8 * len(periods)


# ---------------------------------------------------------------- other accounts

def test_nothing_of_an_account_is_seen_from_another(stage):
    made, foreign = stage.admin.account()
    stranger = foreign.user(cam("*"))
    named = foreign.user(cam("*", resource=stage.resource(stage.key_path("A"), account="")))
    root = signed_in(Client(stage.server), foreign.credentials)
    key, alias = stage.keys["A"], unique_alias()
    # Keys that are never made stand for keys that are another's.
    for sdk in (stage.sdk(stranger), SDK(stage.server, foreign.credentials)):
        for action, parameters in stage.fixed.items():
            if "KeyId" in parameters or "KeyIds" in parameters:
                unknown = {**parameters, **({"KeyId": NOBODY} if "KeyId" in parameters else {"KeyIds": [NOBODY]})}
                assert sdk.outcome(action, **parameters) == sdk.outcome(action, **unknown) == NOT_FOUND, action
        assert sdk.outcome("Decrypt", CiphertextBlob=stage.blobs["A"]) in (NOT_FOUND, "InvalidParameterValue.InvalidCiphertext")
        assert sdk("ListKeys")["TotalCount"] == sdk("ListKeyDetail")["TotalCount"] == 0
    assert stage.sdk(named).refusal("Encrypt", KeyId=key, Plaintext="YQ==") == DENIED
    # Aliases are of each account by itself.
    stage.root.create(alias)
    own = root.create(alias)
    assert stage.root.refusal("DescribeKey", KeyId=own) == NOT_FOUND
    assert [entry["KeyId"] for entry in stage.sdk(stranger)("ListKeyDetail")["KeyMetadatas"]] == [own]
    assert foreign.refusal("GET", f"/keys/{key}/policy", region="ap-guangzhou") == "keyNotFound"
    legacy = signed_in(LegacyClient(stage.server), foreign.credentials)
    assert legacy_refusal(legacy, "GetKeyAttributes", keyId=key) == 5000
    assert made["account"]["id"] != stage.account
    for connection in (legacy, root, foreign):
        connection.close()


# ---------------------------------------------------------------- the audit log

def test_records_name_the_principal_and_what_decided(stage):
    policy = stage.admin.policy(statements(cam("GetRegions"), cam("Encrypt", effect="deny"), cam("ListKeys")))
    user = stage.user()
    stage.admin.put(f"/users/{user.name}/policies/{policy}")
    client = stage.client(user)

    def record(action, **parameters):
        try:
            request = client(action, **parameters)["RequestId"]
        except Refused as error:
            request = error.request_id
        found, = (record for record in audit_log.records(stage.server.data) if record["request"] == request)
        assert found["account"] == str(stage.account) and found["accessKey"] == user.credentials.id and found["principal"]
        assert found["source"].startswith("127.0.0.1:")
        return found["outcome"], found.get("decision"), found.get("policy")

    assert record("GetRegions") == ("ok", "allowed", f"{policy}#1")
    assert record("ListKeys") == ("ok", "allowed", f"{policy}#3")
    assert record("Encrypt", KeyId=stage.keys["A"], Plaintext="YQ==") == (DENIED, "denied", f"{policy}#2")
    assert record("DescribeKey", KeyId=stage.keys["A"]) == (DENIED, "notAllowed", None)
    client.close()


def test_rights_to_administration_are_none_to_keys_and_the_other_way_round(stage):
    administrator, user = stage.user(claviger("*")), stage.user(cam("kms:*"))
    assert not stage.sdk(administrator).may("GetRegions")
    with AdminClient(stage.server, administrator.credentials) as admin:
        admin.get("/users")
    with AdminClient(stage.server, user.credentials) as admin:
        assert admin.refusal("GET", "/users") == "accessDenied"
        admin.get("/whoami")
