"""One keyring, many dialects: what one of them makes, seals or changes is there, opens and counts in all others."""
import base64
import hashlib
import itertools
import json
import os

import pytest

import sm2
from alibaba_client import AlibabaClient
from client import Client, Refused, b64, unique_alias
from conftest import serving
from crowd import together
from huawei_client import DISABLED, ENABLED, PENDING_DELETION, PENDING_IMPORT, HuaweiClient, encoded_dek, wrapped
from legacy_client import LegacyClient, LegacyRefused
from material import GUOMI, import_into, invite, new_material, waiting_key

EDITIONS = ["standard", "guomi"]

# The dialects differ in what they call a state; here is one name for each.
STATES = ["enabled", "disabled", "pending deletion", "pending import", "archived"]


# A dialect is a class like those below: names of its regions and states, the codes of its refusals, and calls that take and give plain values.
# A call that it does not have is `None`.

class Tencent:
    """API 2019-01-18."""
    name = "tencent"
    regions = {"standard": "ap-guangzhou", "guomi": GUOMI}
    states = dict(zip(STATES, ["Enabled", "Disabled", "PendingDelete", "PendingImport", "Archived"]))
    refusal_type = Refused
    wrong_context = "FailedOperation.DecryptError", "InvalidParameterValue.InvalidCiphertext"
    alias_taken = "InvalidParameterValue.AliasAlreadyExists"
    cancelled = "disabled"
    not_usable = {"disabled": "ResourceUnavailable.CmkDisabled", "pending deletion": "ResourceUnavailable.CmkStateNotSupport",
                  "pending import": "ResourceUnavailable.CmkStateNotSupport", "archived": "ResourceUnavailable.CmkStateNotSupport"}

    def __init__(self, server, edition):
        self.call = Client(server, self.regions[edition])

    def close(self):
        self.call.close()

    def create(self, alias=None, **more):
        return self.call.create(alias, **more)

    def encrypt(self, key, plaintext, context=None):
        more = {} if context is None else {"EncryptionContext": context}
        return base64.b64decode(self.call("Encrypt", KeyId=key, Plaintext=b64(plaintext), **more)["CiphertextBlob"])

    def decrypt(self, blob, context=None):
        """The key and the plaintext."""
        more = {} if context is None else {"EncryptionContext": context}
        answer = self.call("Decrypt", CiphertextBlob=b64(blob), **more)
        return answer["KeyId"], base64.b64decode(answer["Plaintext"])

    def data_key(self, key, size, context=None):
        more = {} if context is None else {"EncryptionContext": context}
        answer = self.call("GenerateDataKey", KeyId=key, NumberOfBytes=size, **more)
        return base64.b64decode(answer["Plaintext"]), base64.b64decode(answer["CiphertextBlob"])

    def open_data_key(self, key, blob, size, context=None):
        opened, plaintext = self.decrypt(blob, context)
        assert opened == key and len(plaintext) == size
        return plaintext

    def shown(self, key):
        """State, alias and description."""
        metadata = self.call.metadata(key)
        return metadata["KeyState"], metadata["Alias"], metadata["Description"]

    def listed(self):
        """All keys of users."""
        found = []
        while page := self.call("ListKeyDetail", Limit=200, Offset=len(found), KeyUsage="ALL")["KeyMetadatas"]:
            found += [entry["KeyId"] for entry in page]
        return found

    def rotate(self, key):
        self.call("RotateKey", KeyId=key)

    def disable(self, key):
        self.call("DisableKey", KeyId=key)

    def enable(self, key):
        self.call("EnableKey", KeyId=key)

    def schedule(self, key):
        self.call("ScheduleKeyDeletion", KeyId=key, PendingWindowInDays=7)

    def cancel(self, key):
        self.call("CancelKeyDeletion", KeyId=key)

    def rename(self, key, alias):
        self.call("UpdateAlias", KeyId=key, Alias=alias)

    def describe(self, key, text):
        self.call("UpdateKeyDescription", KeyId=key, Description=text)


class Legacy:
    """API v2."""
    name = "legacy"
    regions = {"standard": "gz", "guomi": GUOMI}
    states = Tencent.states
    refusal_type = LegacyRefused
    wrong_context = 5100,
    not_usable = dict.fromkeys(["disabled", "pending deletion", "pending import", "archived"], 5100)
    alias_taken = 5100
    cancelled = "disabled"
    rotate = describe = None

    def __init__(self, server, edition):
        self.call = LegacyClient(server, self.regions[edition])

    def close(self):
        self.call.close()

    def create(self, alias=None):
        return self.call("CreateKey", alias=alias or unique_alias("legacy"))["keyMetadata"]["keyId"]

    def encrypt(self, key, plaintext, context=None):
        more = {} if context is None else {"encryptionContext": context}
        return base64.b64decode(self.call("Encrypt", keyId=key, plaintext=b64(plaintext), **more)["ciphertextBlob"])

    def decrypt(self, blob, context=None):
        more = {} if context is None else {"encryptionContext": context}
        answer = self.call("Decrypt", ciphertextBlob=b64(blob), **more)
        return answer["keyId"], base64.b64decode(answer["plaintext"])

    def data_key(self, key, size, context=None):
        more = {} if context is None else {"encryptionContext": context}
        answer = self.call("GenerateDataKey", keyId=key, keySpec="AES_256", numberOfBytes=size, **more)
        return base64.b64decode(answer["plaintext"]), base64.b64decode(answer["ciphertextBlob"])

    open_data_key = Tencent.open_data_key

    def shown(self, key):
        metadata = self.call("GetKeyAttributes", keyId=key)["keyMetadata"]
        return metadata["keyState"], metadata["alias"], metadata["description"]

    def listed(self):
        found = []
        while page := self.call("ListKey", limit=200, offset=len(found))["keys"]:
            found += [entry["keyId"] for entry in page]
        return found

    def disable(self, key):
        self.call("DisableKey", keyId=key)

    def enable(self, key):
        self.call("EnableKey", keyId=key)

    def schedule(self, key):
        self.call("ScheduleKeyDeletion", keyId=key, pendingWindowInDays=7)

    def cancel(self, key):
        self.call("CancelKeyDeletion", keyId=key)

    def rename(self, key, alias):
        self.call("SetKeyAttributes", keyId=key, alias=alias)


class Huawei:
    name = "huawei"
    regions = {"standard": "ae-ad-1", "guomi": "cn-south-4"}
    states = dict(zip(STATES, [ENABLED, DISABLED, PENDING_DELETION, PENDING_IMPORT, DISABLED]))
    refusal_type = Refused
    wrong_context = "KMS.2201",
    alias_taken = "KMS.1104"
    cancelled = "disabled"
    not_usable = {"disabled": "KMS.0209", "pending deletion": "KMS.0210", "pending import": "KMS.1301", "archived": "KMS.0209"}

    def __init__(self, server, edition):
        self.call = HuaweiClient(server, self.regions[edition])

    def close(self):
        self.call.close()

    def create(self, alias=None):
        return self.call.create(alias)

    def spelt(self, action, members, context):
        """Calls with a context in the very words in which it was written."""
        body = json.dumps(members)
        if context is not None:
            body = f'{body[:-1]}, "encryption_context": {context}}}'
        return self.call.post(action, body.encode())

    def encrypt(self, key, plaintext, context=None):
        text = plaintext.decode() if isinstance(plaintext, bytes) else plaintext
        return base64.b64decode(self.spelt("encrypt-data", {"key_id": key, "plain_text": text}, context)["cipher_text"], validate=True)

    def decrypt(self, blob, context=None):
        answer = self.spelt("decrypt-data", {"cipher_text": b64(blob)}, context)
        return answer["key_id"], answer["plain_text"].encode()

    def data_key(self, key, size, context=None):
        answer = self.spelt("create-datakey", {"key_id": key, "datakey_length": str(8 * size)}, context)
        return bytes.fromhex(answer["plain_text"]), bytes.fromhex(answer["cipher_text"])

    def open_data_key(self, key, blob, size, context=None):
        answer = self.spelt("decrypt-datakey", {"key_id": key, "cipher_text": blob.hex(), "datakey_cipher_length": str(size)}, context)
        assert answer["datakey_length"] == str(size)
        return bytes.fromhex(answer["data_key"])

    def shown(self, key):
        info = self.call.describe(key)
        return info["key_state"], info["key_alias"], info["key_description"]

    def listed(self):
        return [entry["key_id"] for entry in self.call.keys() if entry["default_key_flag"] == "0"]

    def rotate(self, key):
        self.call("rotate-on-demand", key_id=key)

    def disable(self, key):
        self.call("disable-key", key_id=key)

    def enable(self, key):
        self.call("enable-key", key_id=key)

    def schedule(self, key):
        self.call("schedule-key-deletion", key_id=key, pending_days="7")

    def cancel(self, key):
        self.call("cancel-key-deletion", key_id=key)

    def rename(self, key, alias):
        self.call("update-key-alias", key_id=key, key_alias=alias)

    def describe(self, key, text):
        self.call("update-key-description", key_id=key, key_description=text)


class Alibaba:
    name = "alibaba"
    regions = {"standard": "cn-hangzhou", "guomi": "cn-shenzhen-finance-1"}
    states = dict(zip(STATES, ["Enabled", "Disabled", "PendingDeletion", "PendingImport", "Disabled"]))
    refusal_type = Refused
    wrong_context = "InvalidParameter",
    alias_taken = "AliasAlreadyExists"
    cancelled = "enabled"
    not_usable = {"disabled": "Rejected.Disabled", "pending deletion": "Rejected.PendingDeletion", "pending import": "Rejected.PendingImport",
                  "archived": "Rejected.Disabled"}

    def __init__(self, server, edition):
        self.call = AlibabaClient(server)
        self.spec = {"standard": "Aliyun_AES_256", "guomi": "Aliyun_SM4"}[edition]

    def close(self):
        self.call.close()

    def create(self, alias=None):
        key = self.call.create()
        if alias is not None:
            self.call("CreateAlias", KeyId=key, AliasName=f"alias/{alias}")
        return key

    def encrypt(self, key, plaintext, context=None):
        answer = self.call("Encrypt", KeyId=key, Plaintext=b64(plaintext), EncryptionContext=context)
        return base64.b64decode(answer["CiphertextBlob"], validate=True)

    def decrypt(self, blob, context=None):
        answer = self.call("Decrypt", CiphertextBlob=b64(blob), EncryptionContext=context)
        return answer["KeyId"], base64.b64decode(answer["Plaintext"], validate=True)

    def data_key(self, key, size, context=None):
        answer = self.call("GenerateDataKey", KeyId=key, NumberOfBytes=size, EncryptionContext=context)
        return base64.b64decode(answer["Plaintext"]), base64.b64decode(answer["CiphertextBlob"])

    open_data_key = Tencent.open_data_key

    def shown(self, key):
        metadata = self.call.metadata(key)
        return metadata["KeyState"], next(iter(self.call.aliases(key)), ""), metadata["Description"]

    def listed(self):
        return self.call.keys(CreatorType=["User"])

    def rotate(self, key):
        self.call("CreateKeyVersion", KeyId=key)

    disable, enable, schedule, cancel = Tencent.disable, Tencent.enable, Tencent.schedule, Tencent.cancel

    def rename(self, key, alias):
        """There are no other names than new ones."""
        former = self.call.aliases(key)
        self.call("CreateAlias", KeyId=key, AliasName=f"alias/{alias}")
        for name in former:
            self.call("DeleteAlias", AliasName=f"alias/{name}")

    def describe(self, key, text):
        self.call("UpdateKeyDescription", KeyId=key, Description=text)


# The one place that names the dialects.
DIALECTS = {dialect.name: dialect for dialect in (Tencent, Legacy, Huawei, Alibaba)}
PAIRS = list(itertools.product(DIALECTS, repeat=2))
CROSSINGS = [pair for pair in PAIRS if pair[0] != pair[1]]


@pytest.fixture(scope="module", params=EDITIONS)
def edition(request):
    return request.param


@pytest.fixture(scope="module")
def server(edition):
    """In Alibaba's dialect a server is one region."""
    with serving(env={"CLAVIGER_ALIBABA_REGION": Alibaba.regions[edition]}) as server:
        yield server


@pytest.fixture(scope="module")
def ring(server, edition):
    """A client of every dialect, in the region of one keyring."""
    clients = {name: dialect(server, edition) for name, dialect in DIALECTS.items()}
    yield clients
    for client in clients.values():
        client.close()


def code_of_refusal(dialect, call, *arguments):
    try:
        answer = call(*arguments)
    except dialect.refusal_type as refused:
        return refused.code
    raise AssertionError(f"{dialect.name} was to refuse, but answered {answer}")


# ---------------------------------------------------------------- ciphertexts

TEXT = "grüße, 世界\n".encode()
CONTEXTS = {
    "none": [None, "{}", " { } "],
    "one": ['{"tenant":"blue"}', '{ "tenant" : "bl\\u0075e" }'],
    "many": ['{"tenant":"blue","stage":"prüfung","a\\"b":"x/y","":"","\\ud83d\\udd11":"z"}',
             '{"\U0001f511":"z", "":"", "stage":"pr\\u00fcfung","a\\u0022b":"x\\/y","\\u0074enant":"blue"}'],
}
OTHERS = [None, "{}", '{"tenant":"red"}', '{"tenant":"Blue"}', '{"Tenant":"blue"}', '{"tenant":"blue","":""}', '{"tenantblue":""}',
          '{"":"tenantblue"}', '{"tenant":"blue "}', '{"tenant":"blu\\u00e9"}', '{"stage":"prüfung"}']


@pytest.mark.parametrize("maker, opener", PAIRS)
@pytest.mark.parametrize("context", CONTEXTS)
def test_what_one_dialect_encrypts_another_decrypts(ring, maker, opener, context):
    one, other = ring[maker], ring[opener]
    key = one.create()
    for spelling in CONTEXTS[context]:
        blob = one.encrypt(key, TEXT, spelling)
        for again in CONTEXTS[context]:
            assert other.decrypt(blob, again) == (key, TEXT)


@pytest.mark.parametrize("spec", ["AES_256", "SM4"])
def test_keys_of_either_edition_work_everywhere_in_whatever_region_they_are(ring, spec):
    key = ring["huawei"].call.create(key_spec=spec)
    assert ring["huawei"].call.describe(key)["key_spec"] == spec
    for maker, opener in PAIRS:
        assert ring[opener].decrypt(ring[maker].encrypt(key, TEXT, '{"a":"b"}'), '{"a":"b"}') == (key, TEXT)
        dek, sealed = ring[maker].data_key(key, 32)
        assert ring[opener].open_data_key(key, sealed, 32) == dek


@pytest.mark.parametrize("maker, opener", PAIRS)
def test_a_wrong_or_missing_context_is_refused_everywhere(ring, maker, opener):
    one, other = ring[maker], ring[opener]
    key = one.create()
    for context, others in (('{"tenant":"blue"}', OTHERS), (None, OTHERS[2:])):
        blob = one.encrypt(key, "x", context)
        _, sealed = one.data_key(key, 32, context)
        for wrong in others:
            assert code_of_refusal(other, other.decrypt, blob, wrong) in other.wrong_context
            assert code_of_refusal(other, other.open_data_key, key, sealed, 32, wrong) in other.wrong_context


@pytest.mark.parametrize("maker, opener", PAIRS)
def test_an_altered_ciphertext_is_refused_everywhere(ring, maker, opener):
    one, other = ring[maker], ring[opener]
    blob = one.encrypt(one.create(), "a" * 20)
    for place in range(0, len(blob), 7):
        altered = blob[:place] + bytes([blob[place] ^ 1]) + blob[place + 1:]
        # Alibaba's dialect tells that there is no such key.
        assert code_of_refusal(other, other.decrypt, altered) in (*other.wrong_context, "Forbidden.KeyNotFound")


@pytest.mark.parametrize("maker, opener", PAIRS)
@pytest.mark.parametrize("size", [1, 16, 32, 64, 1024])
@pytest.mark.parametrize("context", [None, '{"tenant":"blue","stage":"test"}'])
def test_a_data_key_of_one_dialect_is_opened_by_another(ring, maker, opener, size, context):
    one, other = ring[maker], ring[opener]
    key = one.create()
    dek, blob = one.data_key(key, size, context)
    assert len(dek) == size
    assert other.open_data_key(key, blob, size, context and '{"stage":"test", "tenant":"blu\\u0065"}') == dek


@pytest.mark.parametrize("opener", [name for name in DIALECTS if name != "huawei"])
def test_what_only_huaweis_dialect_makes_is_opened_by_another(ring, opener):
    huawei, other = ring["huawei"], ring[opener]
    key, dek = other.create(), os.urandom(40)
    context = {"tenant": "blue"}
    sealed = huawei.call("encrypt-datakey", key_id=key, plain_text=encoded_dek(dek), datakey_plain_length="40", encryption_context=context)
    assert other.decrypt(bytes.fromhex(sealed["cipher_text"]), '{"tenant":"blue"}') == (key, dek)
    blind = huawei.call("create-datakey-without-plaintext", key_id=key, encryption_context=context)
    opened = other.decrypt(bytes.fromhex(blind["cipher_text"]), '{"tenant":"blue"}')[1]
    assert huawei.open_data_key(key, bytes.fromhex(blind["cipher_text"]), 32, '{"tenant":"blue"}') == opened


@pytest.mark.parametrize("opener", [name for name in DIALECTS if name != "huawei"])
def test_additional_authenticated_data_opens_nowhere_else(ring, opener):
    huawei, other = ring["huawei"], ring[opener]
    key = other.create()
    for data, contexts in (('{"a":"b"}', [None, '{"a":"b"}']), ("a", [None, '{"a":""}']), ("x" * 128, [None])):
        blob = base64.b64decode(huawei.call("encrypt-data", key_id=key, plain_text="x", additional_authenticated_data=data)["cipher_text"])
        sealed = bytes.fromhex(huawei.call("create-datakey", key_id=key, additional_authenticated_data=data)["cipher_text"])
        both = base64.b64decode(huawei.call("encrypt-data", key_id=key, plain_text="x", additional_authenticated_data=data,
                                            encryption_context={"a": "b"})["cipher_text"])
        for context in contexts:
            for text in (blob, sealed, both):
                assert code_of_refusal(other, other.decrypt, text, context) in other.wrong_context


def test_data_and_data_keys_are_told_apart_in_huaweis_dialect_whoever_made_them(ring):
    huawei = ring["huawei"]
    for maker in ring.values():
        key = maker.create()
        _, sealed = maker.data_key(key, 64)
        assert code_of_refusal(huawei, huawei.decrypt, sealed) == "KMS.2201"
        blob = maker.encrypt(key, "x" * 64)
        assert code_of_refusal(huawei, huawei.open_data_key, key, blob, 64) == "KMS.2201"


def test_bytes_that_are_no_text_have_their_base64_in_huaweis_dialect(ring):
    for maker in (client for name, client in ring.items() if name != "huawei"):
        key, plaintext = maker.create(), b"\xff\xfe\x00" + os.urandom(50)
        answer = ring["huawei"].call("decrypt-data", cipher_text=b64(maker.encrypt(key, plaintext)))
        assert base64.b64decode(answer["plain_text_base64"]) == plaintext and answer["key_id"] == key


def test_contexts_that_huaweis_dialect_does_not_have_open_only_where_they_can_be_said(ring):
    tencent, huawei = ring["tencent"], ring["huawei"]
    blob = tencent.encrypt(tencent.create(), "x", '{"n":1}')
    assert code_of_refusal(huawei, huawei.decrypt, blob, '{"n":1}') == "KMS.0208"
    assert code_of_refusal(huawei, huawei.decrypt, blob, '{"n":"1"}') == "KMS.2201"
    assert tencent.decrypt(blob, '{"n":1.0}')[1] == b"x"


@pytest.mark.parametrize("encrypter", ["tencent", "alibaba"])
@pytest.mark.parametrize("maker, opener", CROSSINGS)
def test_what_one_dialect_encrypts_anew_opens_in_another_whoever_encrypted_it_first(ring, encrypter, maker, opener):
    one, other = ring[maker], ring[opener]
    source, target = one.create(), other.create()
    context, next_context = '{"a":"1","b":"2"}', '{"c":"3"}'

    def again(blob):
        answer = ring[encrypter].call("ReEncrypt", CiphertextBlob=b64(blob), DestinationKeyId=target,
                                      SourceEncryptionContext='{"b":"2","a":"1"}', DestinationEncryptionContext=next_context)
        assert answer["KeyId"] == target
        return base64.b64decode(answer["CiphertextBlob"])

    blob = again(one.encrypt(source, TEXT, context))
    assert other.decrypt(blob, next_context) == (target, TEXT)
    assert code_of_refusal(other, other.decrypt, blob, context) in other.wrong_context
    # A data key stays one.
    dek, sealed = one.data_key(source, 24, context)
    sealed = again(sealed)
    assert other.open_data_key(target, sealed, 24, next_context) == dek
    huawei = ring["huawei"]
    assert code_of_refusal(huawei, huawei.decrypt, sealed, next_context) == "KMS.2201"


ROTATING = [name for name, dialect in DIALECTS.items() if dialect.rotate]


@pytest.mark.parametrize("rotator", ROTATING)
@pytest.mark.parametrize("opener", DIALECTS)
def test_after_a_rotation_old_and_new_ciphertexts_open_everywhere(ring, rotator, opener):
    key = ring[rotator].create()
    blobs, deks = [], []
    for _ in range(3):
        for maker in ring.values():
            blobs.append(maker.encrypt(key, TEXT, '{"a":"b"}'))
            deks.append(maker.data_key(key, 32))
        ring[rotator].rotate(key)
    assert all(ring[opener].decrypt(blob, '{"a":"b"}') == (key, TEXT) for blob in blobs)
    assert all(ring[opener].open_data_key(key, blob, 32) == dek for dek, blob in deks)


def test_rotations_and_their_plans_are_shown_in_all_dialects_that_have_them(ring):
    tencent, huawei, alibaba = ring["tencent"].call, ring["huawei"].call, ring["alibaba"].call
    key = tencent.create()

    def check(days):
        metadata, shown = tencent.metadata(key), alibaba.metadata(key)
        status = huawei("get-key-rotation-status", key_id=key)
        assert metadata["KeyRotationEnabled"] is status["key_rotation_enabled"] is (days is not None)
        assert shown["AutomaticRotation"] == ("Disabled" if days is None else "Enabled")
        if days is not None:
            assert (metadata["RotateDays"], status["rotation_interval"], shown["RotationInterval"]) == (days, days, f"{days * 86400}s")

    check(None)
    tencent("EnableKeyRotation", KeyId=key, RotateDays=200)
    check(200)
    huawei("update-key-rotation-interval", key_id=key, rotation_interval="300")
    check(300)
    alibaba("UpdateRotationPolicy", KeyId=key, EnableAutomaticRotation=True, RotationInterval="45d")
    check(45)
    huawei("disable-key-rotation", key_id=key)
    check(None)
    alibaba("UpdateRotationPolicy", KeyId=key, EnableAutomaticRotation=True, RotationInterval="7d")
    check(7)
    alibaba("UpdateRotationPolicy", KeyId=key, EnableAutomaticRotation=False)
    check(None)
    for name in ROTATING:
        ring[name].rotate(key)
    versions = alibaba.versions(key)
    assert len(versions) == 4 and alibaba.metadata(key)["PrimaryKeyVersion"] == versions[0]
    assert huawei("get-key-rotation-status", key_id=key)["number_of_rotations"] == 3


def test_a_disabled_key_does_not_rotate_and_is_told_to_wait_in_alibabas_dialect(ring):
    tencent, alibaba = ring["tencent"], ring["alibaba"]
    key = tencent.create()
    tencent.call("EnableKeyRotation", KeyId=key, RotateDays=30)
    tencent.disable(key)
    assert alibaba.call.metadata(key)["AutomaticRotation"] == "Suspended"
    tencent.enable(key)
    assert alibaba.call.metadata(key)["AutomaticRotation"] == "Enabled"


# ---------------------------------------------------------------- key pairs

# Makers in each dialect of keys that both have, and the algorithms' names there.
SIGNERS = {
    "P-256": ("ASYMMETRIC_SIGN_VERIFY_ECC", "EC_P256", "ECC_P256_R1", "ECDSA_SHA_256"),
    "SM2": ("ASYMMETRIC_SIGN_VERIFY_SM2", "EC_SM2", "SM2DSA", "SM2DSA"),
    "RSA PSS": ("ASYMMETRIC_SIGN_VERIFY_RSA_2048", "RSA_2048", "RSA_PSS_SHA_256", "RSA_PSS_SHA_256"),
    "RSA PKCS #1": ("ASYMMETRIC_SIGN_VERIFY_RSA_2048", "RSA_2048", "RSA_PKCS1_SHA_256", "RSA_PKCS1_SHA_256"),
}


@pytest.mark.parametrize("maker", ["tencent", "alibaba"])
@pytest.mark.parametrize("kind", SIGNERS)
def test_signatures_of_one_dialect_are_good_in_the_other(ring, maker, kind):
    tencent, alibaba = ring["tencent"].call, ring["alibaba"].call
    usage, spec, theirs, ours = SIGNERS[kind]
    key = tencent.create(KeyUsage=usage) if maker == "tencent" else alibaba.create(KeySpec=spec, KeyUsage="SIGN/VERIFY")
    version, = alibaba.versions(key)
    public = alibaba("GetPublicKey", KeyId=key, KeyVersionId=version)["PublicKey"]
    der = base64.b64decode("".join(public.strip().split("\n")[1:-1]))
    assert der == base64.b64decode(tencent("GetPublicKey", KeyId=key)["PublicKey"])
    message = os.urandom(50)
    digest = sm2.digest(sm2.point_of(der), message) if kind == "SM2" else hashlib.sha256(message).digest()
    asked = {"KeyId": key, "KeyVersionId": version, "Algorithm": ours, "Digest": b64(digest)}
    request = {"KeyId": key, "Algorithm": theirs, "Message": b64(digest), "MessageType": "DIGEST"}
    signed = alibaba("AsymmetricSign", **asked)["Value"]
    assert tencent("VerifyByAsymmetricKey", **request, SignatureValue=signed)["SignatureValid"] is True
    signed = tencent("SignByAsymmetricKey", **request)["Signature"]
    assert alibaba("AsymmetricVerify", **asked, Value=signed)["Value"] is True
    asked["Digest"] = b64(os.urandom(32))
    assert alibaba("AsymmetricVerify", **asked, Value=signed)["Value"] is False


@pytest.mark.parametrize("maker", ["tencent", "alibaba"])
def test_what_is_encrypted_by_a_public_key_opens_in_both_dialects(ring, maker):
    tencent, alibaba = ring["tencent"].call, ring["alibaba"].call
    for usage, spec, algorithm in (("ASYMMETRIC_DECRYPT_RSA_2048", "RSA_2048", "RSAES_OAEP_SHA_256"), ("ASYMMETRIC_DECRYPT_SM2", "EC_SM2", "SM2PKE")):
        key = tencent.create(KeyUsage=usage) if maker == "tencent" else alibaba.create(KeySpec=spec, KeyUsage="ENCRYPT/DECRYPT")
        asked = {"KeyId": key, "KeyVersionId": alibaba.versions(key)[0], "Algorithm": algorithm}
        sealed = alibaba("AsymmetricEncrypt", **asked, Plaintext=b64(b"pair"))["CiphertextBlob"]
        if spec == "EC_SM2":
            # Alibaba's ciphertexts are raw, Tencent's in DER; Alibaba's dialect opens both.
            text = tencent("AsymmetricSm2Encrypt", KeyId=key, Plaintext=b64(b"pair"))["Ciphertext"]
            assert alibaba("AsymmetricDecrypt", **asked, CiphertextBlob=text)["Plaintext"] == b64(b"pair")
        else:
            answer = tencent("AsymmetricRsaDecrypt", KeyId=key, Ciphertext=sealed, Algorithm=algorithm)
            assert answer["Plaintext"] == b64(b"pair")
        assert alibaba("AsymmetricDecrypt", **asked, CiphertextBlob=sealed)["Plaintext"] == b64(b"pair")


def test_a_second_version_of_a_key_pair_is_of_alibabas_dialect_and_the_others_use_a_known_one(ring):
    tencent, alibaba = ring["tencent"].call, ring["alibaba"].call
    key = alibaba.create(KeySpec="EC_P256")
    first, = alibaba.versions(key)
    second = alibaba("CreateKeyVersion", KeyId=key)["KeyVersion"]["KeyVersionId"]
    digest = b64(os.urandom(32))
    request = {"KeyId": key, "Algorithm": "ECC_P256_R1", "Message": digest, "MessageType": "DIGEST"}
    signed = tencent("SignByAsymmetricKey", **request)["Signature"]
    assert tencent("VerifyByAsymmetricKey", **request, SignatureValue=signed)["SignatureValid"] is True
    good = [alibaba("AsymmetricVerify", KeyId=key, KeyVersionId=version, Algorithm="ECDSA_SHA_256", Digest=digest, Value=signed)["Value"]
            for version in (first, second)]
    assert sorted(good) == [False, True]


# ---------------------------------------------------------------- states

def check_state(ring, key, state):
    for client in ring.values():
        assert client.shown(key)[0] == client.states[state], (client.name, state)


def check_use(ring, key, state, blob, sealed):
    """Holds every dialect to what a key in this state does."""
    for client in ring.values():
        if state == "enabled":
            assert client.decrypt(client.encrypt(key, "y"))[1] == b"y"
        else:
            assert code_of_refusal(client, client.encrypt, key, "y") == client.not_usable[state]
            assert code_of_refusal(client, client.data_key, key, 32) == client.not_usable[state]
        if state in ("enabled", "archived"):
            assert client.decrypt(blob)[1] == b"x"
            assert len(client.open_data_key(key, sealed, 32)) == 32
        else:
            assert code_of_refusal(client, client.decrypt, blob) == client.not_usable[state]
            assert code_of_refusal(client, client.open_data_key, key, sealed, 32) == client.not_usable[state]


@pytest.mark.parametrize("maker", DIALECTS)
@pytest.mark.parametrize("changer", DIALECTS)
def test_a_change_of_state_in_one_dialect_counts_at_once_in_all(ring, maker, changer):
    client = ring[changer]
    key = ring[maker].create()
    blob, (_, sealed) = ring[maker].encrypt(key, "x"), ring[maker].data_key(key, 32)
    for change, state in ((None, "enabled"), (client.disable, "disabled"), (client.enable, "enabled"), (client.disable, "disabled"),
                          (client.schedule, "pending deletion"), (client.cancel, client.cancelled), (client.enable, "enabled")):
        if change:
            change(key)
        check_state(ring, key, state)
        check_use(ring, key, state, blob, sealed)


@pytest.mark.parametrize("scheduler", ["huawei", "alibaba"])
@pytest.mark.parametrize("canceller", DIALECTS)
def test_what_an_enabled_key_becomes_when_its_deletion_is_cancelled_is_up_to_who_cancels(ring, scheduler, canceller):
    key = ring[scheduler].create()
    ring[scheduler].schedule(key)
    check_state(ring, key, "pending deletion")
    ring[canceller].cancel(key)
    check_state(ring, key, ring[canceller].cancelled)
    if ring[canceller].cancelled == "disabled":
        ring[scheduler].enable(key)
    check_state(ring, key, "enabled")


def test_an_archived_key_decrypts_everywhere_and_encrypts_nowhere(ring):
    tencent, huawei = ring["tencent"], ring["huawei"]
    key = huawei.create()
    blob, (_, sealed) = huawei.encrypt(key, "x"), huawei.data_key(key, 32)
    tencent.call("ArchiveKey", KeyId=key)
    check_state(ring, key, "archived")
    check_use(ring, key, "archived", blob, sealed)
    assert code_of_refusal(huawei, huawei.disable, key) == "KMS.1301"
    assert key in {entry["key_id"] for entry in huawei.call.keys(key_state="3")}
    tencent.call("CancelKeyArchive", KeyId=key)
    check_state(ring, key, "enabled")
    check_use(ring, key, "enabled", blob, sealed)


class Importers:
    """What each dialect calls the ways of material from outside."""

    def __init__(self, ring):
        tencent, huawei, alibaba = ring["tencent"].call, ring["huawei"].call, ring["alibaba"].call
        self.make = {"tencent": lambda: waiting_key(tencent), "huawei": lambda: huawei.create(origin="external"),
                     "alibaba": lambda: alibaba.create(Origin="EXTERNAL", KeySpec=ring["alibaba"].spec)}
        self.bring = {"tencent": lambda key, material: import_into(tencent, key, material), "huawei": huawei.bring, "alibaba": alibaba.bring}
        self.delete = {"tencent": lambda key: tencent("DeleteImportedKeyMaterial", KeyId=key),
                       "huawei": lambda key: huawei("delete-imported-key-material", key_id=key),
                       "alibaba": lambda key: alibaba("DeleteKeyMaterial", KeyId=key)}
        self.mismatch = {"tencent": "InvalidParameterValue.MaterialNotMatch", "huawei": "KMS.2606", "alibaba": "InvalidKeyMaterial"}


IMPORTING = ["tencent", "huawei", "alibaba"]


@pytest.mark.parametrize("maker, taker", list(itertools.permutations(IMPORTING, 2)))
def test_material_that_comes_and_goes_counts_everywhere(ring, maker, taker):
    importers, material = Importers(ring), new_material(ring["tencent"].call)
    key = importers.make[maker]()
    check_state(ring, key, "pending import")
    importers.bring[maker](key, material)
    check_state(ring, key, "enabled")
    blob, (_, sealed) = ring[taker].encrypt(key, "x"), ring[maker].data_key(key, 32)
    importers.delete[taker](key)
    check_state(ring, key, "pending import")
    check_use(ring, key, "pending import", blob, sealed)
    # Other material is refused, whoever took the first.
    other = new_material(ring["tencent"].call)
    assert code_of_refusal(ring[taker], importers.bring[taker], key, other) == importers.mismatch[taker]
    importers.bring[taker](key, material)
    check_use(ring, key, "enabled", blob, sealed)
    importers.delete[maker](key)
    check_use(ring, key, "pending import", blob, sealed)
    assert ring["tencent"].call.metadata(key)["Origin"] == ring["alibaba"].call.metadata(key)["Origin"] == "EXTERNAL"
    assert ring["huawei"].call.describe(key)["origin"] == "external"


def test_an_invitation_to_import_of_tencents_dialect_counts_in_no_other_and_none_of_another_there(ring):
    tencent, huawei = ring["tencent"], ring["huawei"]
    key, material = waiting_key(tencent.call), new_material(tencent.call)
    invitation = invite(tencent.call, key)
    answer = code_of_refusal(huawei, lambda: huawei.call("import-key-material", key_id=key, import_token=invitation.token.ljust(200, "A"),
                                                         encrypted_key_material=b64(invitation.wrap(material))))
    assert answer in ("KMS.2605", "KMS.0308")
    parameters = huawei.call("get-parameters-for-import", key_id=key, wrapping_algorithm="RSAES_OAEP_SHA_256")
    refused = code_of_refusal(tencent, lambda: tencent.call(
        "ImportKeyMaterial", KeyId=key, ImportToken=parameters["import_token"], EncryptedKeyMaterial=wrapped(parameters, material)))
    assert refused.startswith(("InvalidParameter", "ResourceUnavailable.TokenExpired"))
    alibaba = ring["alibaba"]
    assert alibaba.call.refusal("ImportKeyMaterial", KeyId=key, ImportToken=invitation.token,
                                EncryptedKeyMaterial=b64(invitation.wrap(material))) == "InvalidImportToken"
    check_state(ring, key, "pending import")
    huawei.call("import-key-material", key_id=key, import_token=parameters["import_token"], encrypted_key_material=wrapped(parameters, material))
    check_state(ring, key, "enabled")


def test_a_resource_that_relies_on_a_key_protects_it_in_the_other_dialects_too(ring):
    tencent, huawei = ring["tencent"], ring["huawei"]
    key = huawei.create()
    tencent.call("BindCloudResource", KeyId=key, ProductId="cos", ResourceId="bucket")
    for change in (huawei.disable, huawei.schedule):
        assert code_of_refusal(huawei, change, key) == "KMS.0308"
    alibaba = ring["alibaba"]
    for change in (alibaba.disable, alibaba.schedule):
        assert code_of_refusal(alibaba, change, key) == "Rejected.UnsupportedOperation"
    check_state(ring, key, "enabled")
    tencent.call("UnbindCloudResource", KeyId=key, ProductId="cos", ResourceId="bucket")
    huawei.disable(key)
    check_state(ring, key, "disabled")


# ---------------------------------------------------------------- names and lists

@pytest.mark.parametrize("maker, changer", PAIRS)
def test_names_and_descriptions_are_the_same_everywhere(ring, maker, changer):
    alias = unique_alias("x")
    key = ring[maker].create(alias)
    for client in ring.values():
        assert client.shown(key)[1:] == (alias, "")
    alias, text = unique_alias("y"), "grüße 描述" if ring[changer].describe else ""
    ring[changer].rename(key, alias)
    if text:
        ring[changer].describe(key, text)
    for client in ring.values():
        assert client.shown(key)[1:] == (alias, text)


@pytest.mark.parametrize("renamer", [name for name in DIALECTS if name != "alibaba"])
def test_a_key_of_alibabas_dialect_has_no_alias_until_it_is_given_one_and_the_first_is_its_name_elsewhere(ring, renamer):
    alibaba, others = ring["alibaba"], [client for name, client in ring.items() if name != "alibaba"]
    key, first, second, third = alibaba.create(), *(unique_alias("primary") for _ in range(3))

    def check(*aliases):
        assert alibaba.call.aliases(key) == list(aliases)
        for client in others:
            assert client.shown(key)[1] == next(iter(aliases), "")
        for alias in aliases:
            assert alibaba.call.metadata(f"alias/{alias}")["KeyId"] == key

    def add(alias):
        alibaba.call("CreateAlias", KeyId=key, AliasName=f"alias/{alias}")

    def remove(alias):
        alibaba.call("DeleteAlias", AliasName=f"alias/{alias}")

    check()
    add(first)
    check(first)
    add(second)
    check(first, second)
    ring[renamer].rename(key, third)
    assert sorted(alibaba.call.aliases(key)) == sorted([second, third]) and {client.shown(key)[1] for client in others} == {third}
    assert alibaba.call.refusal("DescribeKey", KeyId=f"alias/{first}") == "Forbidden.AliasNotFound"
    remove(third)
    check(second)
    remove(second)
    check()
    # A key without a name is found and used everywhere, and gets one from whoever gives it one.
    for client in others:
        assert key in client.listed() and client.decrypt(client.encrypt(key, "x")) == (key, b"x")
    ring[renamer].rename(key, first)
    check(first)


def test_an_alias_moves_to_another_key_in_alibabas_dialect_and_so_does_the_name_elsewhere(ring):
    alibaba, others = ring["alibaba"], [client for name, client in ring.items() if name != "alibaba"]
    for maker in ring.values():
        moved, kept = unique_alias("moved"), unique_alias("kept")
        one, other = maker.create(moved), maker.create(kept)
        alibaba.call("UpdateAlias", AliasName=f"alias/{moved}", KeyId=other)
        assert alibaba.call.aliases(one) == [] and alibaba.call.aliases(other) == [kept, moved]
        assert {client.shown(one)[1] for client in others} == {""} and {client.shown(other)[1] for client in others} == {kept}
        for client in others:
            assert code_of_refusal(client, client.create, moved) == client.alias_taken


def test_aliases_of_alibabas_dialect_tell_capitals_apart_everywhere(ring):
    alibaba, alias = ring["alibaba"], unique_alias("Case")
    for client in ring.values():
        alias += "x"
        one, other = client.create(alias), alibaba.create(alias.upper())
        assert alibaba.call.metadata(f"alias/{alias}")["KeyId"] == one and alibaba.call.metadata(f"alias/{alias.upper()}")["KeyId"] == other


@pytest.mark.parametrize("maker, taker", PAIRS)
def test_an_alias_is_taken_in_all_dialects(ring, maker, taker):
    alias = unique_alias("z")
    key = ring[maker].create(alias)
    client = ring[taker]
    assert code_of_refusal(client, client.create, alias) == client.alias_taken
    assert code_of_refusal(client, client.rename, client.create(), alias) == client.alias_taken
    ring[maker].rename(key, unique_alias("free"))
    client.create(alias)


def test_of_keys_with_the_same_alias_made_in_all_dialects_at_once_one_is_made(server, edition):
    for _ in range(3):
        alias = unique_alias("race")
        clients = [dialect(server, edition) for dialect in DIALECTS.values() for _ in range(5)]

        def make(_, index, clients=clients, alias=alias):
            client = clients[index]
            try:
                return client.create(alias)
            except client.refusal_type as refused:
                assert refused.code == client.alias_taken

        made = [key for key in together(server, len(clients), make) if key]
        assert len(made) == 1 and all(client.shown(made[0])[1] == alias for client in clients)
        for client in clients:
            client.close()


def test_aliases_that_only_huaweis_dialect_makes_are_shown_in_the_others(ring):
    alias = f"a:b/{unique_alias('long')}_" + "x" * 200
    key = ring["huawei"].create(alias)
    for client in ring.values():
        assert client.shown(key)[1] == alias
        client.disable(key)
        client.enable(key)
    assert ring["tencent"].call("ListKeyDetail", SearchKeyAlias=alias[:50])["KeyMetadatas"][0]["KeyId"] == key


def test_keys_are_listed_in_all_dialects(ring):
    made = [client.create() for client in ring.values()]
    for client in ring.values():
        listed = client.listed()
        assert set(made) <= set(listed) and len(set(listed)) == len(listed)
    assert len({frozenset(client.listed()) for client in ring.values()}) == 1
    assert ring["huawei"].call.get("user-instances") == {"instance_num": len(ring["tencent"].listed())}
    # Asymmetric keys too.
    key = ring["tencent"].call.create(KeyUsage="ASYMMETRIC_SIGN_VERIFY_SM2")
    assert ring["huawei"].call.describe(key)["key_spec"] == "SM2" and key in ring["huawei"].listed()


def test_tags_are_the_same_in_all_dialects_that_have_them(ring):
    tencent, huawei, alibaba = ring["tencent"].call, ring["huawei"].call, ring["alibaba"].call
    name = unique_alias("tag")

    def tagged(value):
        return [entry["KeyId"] for entry in tencent("ListKeyDetail", TagFilters=[{"TagKey": name, "TagValue": [value]}])["KeyMetadatas"]]

    def check(key, **tags):
        assert huawei.tags(key) == alibaba.tags(key) == tags
        assert [key in tagged(value) for value in ("one", "two", "three")] == [tags.get(name) == value for value in ("one", "two", "three")]

    def tags(value):
        return [{"TagKey": name, "TagValue": value}]

    key = tencent.create(Tags=tags("one"))
    check(key, **{name: "one"})
    assert {"key": name, "values": ["one"]} in huawei.get("tags")["tags"]
    search = {"action": "filter", "tags": [{"key": name, "values": ["one"]}]}
    assert [entry["resource_id"] for entry in huawei.post("resource_instances/action", search)["resources"]] == [key]
    huawei.post(f"{key}/tags", {"tag": {"key": name, "value": "two"}})
    check(key, **{name: "two"})
    alibaba("TagResource", KeyId=key, Tags=tags("three"))
    check(key, **{name: "three"})
    huawei.delete(f"{key}/tags/{name}")
    check(key)
    alibaba("TagResource", KeyId=key, Tags=tags("one"))
    check(key, **{name: "one"})
    alibaba("UntagResource", KeyId=key, TagKeys=[name])
    check(key)
    for other in (huawei.create(), alibaba.create(Tags=tags("two"))):
        huawei.tag(other, **{name: "two"})
        check(other, **{name: "two"})


def test_the_default_key_is_a_cloud_products_key_in_tencents_dialect(ring):
    tencent, huawei = ring["tencent"].call, ring["huawei"].call
    key = huawei.default_key()
    assert key in [entry["KeyId"] for entry in tencent("ListKeys", Role=1, Limit=200)["Keys"]]
    assert key not in [entry["KeyId"] for entry in tencent("ListKeys", Role=0, Limit=200)["Keys"]]
    metadata = tencent.metadata(key)
    assert (metadata["Alias"], metadata["KeyState"]) == ("kms/default", "Enabled") and metadata["Owner"] != "user"
    for action, more in (("DisableKey", {}), ("ArchiveKey", {}), ("UpdateAlias", {"Alias": unique_alias()}),
                         ("UpdateKeyDescription", {"Description": "x"})):
        try:
            code = tencent(action, KeyId=key, **more)
        except Refused as refused:
            code = refused.code
        assert code in ("UnsupportedOperation.NotUserCreatedCmk", "FailedOperation.CmkUsedByCloudProduct"), (action, code)
    assert tencent.refusal("ScheduleKeyDeletion", KeyId=key, PendingWindowInDays=7) in (
        "UnsupportedOperation.NotUserCreatedCmk", "FailedOperation.CmkUsedByCloudProduct", "ResourceUnavailable.CmkShouldBeDisabled")
    assert huawei.describe(key)["key_state"] == ENABLED
    # It encrypts everywhere.
    for maker, opener in CROSSINGS:
        assert ring[opener].decrypt(ring[maker].encrypt(key, "x")) == (key, b"x")
    assert all(key not in client.listed() for client in ring.values())


def test_product_keys_of_tencents_dialect_are_default_keys_in_huaweis(ring):
    tencent, huawei = ring["tencent"].call, ring["huawei"].call
    key = tencent("Claviger.CreateProductKey", Product="cos", Alias=f"kms-{unique_alias()}")["KeyId"]
    assert huawei.describe(key)["default_key_flag"] == "1"
    for action, more in (("disable-key", {}), ("schedule-key-deletion", {"pending_days": "7"}), ("update-key-alias", {"key_alias": unique_alias()}),
                         ("update-key-description", {"key_description": "x"})):
        assert huawei.refusal(action, key_id=key, **more) == "KMS.0211", action
    before = huawei.get("user-instances")
    tencent("Claviger.CreateProductKey", Product="cos", Alias=f"kms-{unique_alias()}")
    assert huawei.get("user-instances") == before


def test_keys_of_services_are_told_apart_from_users_in_alibabas_dialect(ring):
    tencent, huawei, alibaba = ring["tencent"].call, ring["huawei"].call, ring["alibaba"].call
    product = tencent("Claviger.CreateProductKey", Product="cos", Alias=f"kms-{unique_alias()}")["KeyId"]
    name = alibaba.keep(unique_alias("service"))
    managed = alibaba.metadata("alias/acs/secretsmanager")["KeyId"]
    services, users = alibaba.keys(CreatorType=["Service"]), alibaba.keys(CreatorType=["User"])
    assert {product, managed, huawei.default_key()} <= set(services) and not set(services) & set(users)
    # The key of secrets is a product's in the other dialects.
    assert managed in [entry["KeyId"] for entry in tencent("ListKeys", Role=1, Limit=200)["Keys"]]
    assert managed not in ring["tencent"].listed() and managed not in ring["legacy"].listed() and managed not in ring["huawei"].listed()
    assert huawei.describe(managed)["default_key_flag"] == "1"
    for action, more in (("disable-key", {}), ("schedule-key-deletion", {"pending_days": "7"}), ("update-key-alias", {"key_alias": unique_alias()})):
        assert huawei.refusal(action, key_id=managed, **more) == "KMS.0211", action
    assert tencent.refusal("DisableKey", KeyId=managed) in ("UnsupportedOperation.NotUserCreatedCmk", "FailedOperation.CmkUsedByCloudProduct")
    for key in (product, managed):
        for action in ("DisableKey", "ScheduleKeyDeletion"):
            assert alibaba.refusal(action, KeyId=key) == "Rejected.UnsupportedOperation", (action, key)
    assert alibaba.value(name) == "value"


@pytest.mark.parametrize("changer", DIALECTS)
def test_a_secret_opens_as_long_as_its_key_is_enabled_whoever_made_and_changes_the_key(ring, changer):
    alibaba, client = ring["alibaba"].call, ring[changer]
    key = client.create()
    name = alibaba.keep(unique_alias("under"), EncryptionKeyId=key)
    for change, state in ((client.disable, "disabled"), (client.enable, "enabled"), (client.disable, "disabled"),
                          (client.schedule, "pending deletion"), (client.cancel, client.cancelled), (client.enable, "enabled")):
        change(key)
        code = None if state == "enabled" else Alibaba.not_usable[state]
        assert alibaba.outcome("GetSecretValue", SecretName=name) == code, state
        if client.rotate and state == "enabled":
            client.rotate(key)
            assert alibaba.value(name) == "value"
