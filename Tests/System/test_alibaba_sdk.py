"""What applications do, through both generations of Alibaba's SDK."""
import base64
import hashlib
import os
import threading
import time

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

import sm2
from admin_client import AdminClient, Credentials, ram
from alibaba_client import DAY, NOBODY, REGION, TIME, XML_TYPE, AlibabaClient, wrapped, when
from alibaba_sdk import GENERATIONS, NewerSDK, OlderSDK, SDKError
from client import UUID, b64, unique_alias

OAEP = {"RSAES_OAEP_SHA_1": hashes.SHA1(), "RSAES_OAEP_SHA_256": hashes.SHA256()}
# Everything that is not plain in a query, and what comes near to being cut, doubled or turned about.
TEXTS = ["a b", "a+b", "a%20b", "%", "%%41", "&=?#", "*~-._", "/", "\"'\\", "\t\r\n", "雪が降る", "😀", "\u00e9", "e\u0301", "\u2028", "a=b&c=d", ";",
         ",", "x" * 1000, " "]


@pytest.fixture(scope="module", params=GENERATIONS)
def sdk(server, request):
    return GENERATIONS[request.param](server)


@pytest.fixture(scope="module")
def newer(server):
    return NewerSDK(server)


@pytest.fixture(scope="module")
def older(server):
    return OlderSDK(server)


def der_of(pem):
    lines = pem.strip().split("\n")
    assert (lines[0], lines[-1]) == ("-----BEGIN PUBLIC KEY-----", "-----END PUBLIC KEY-----")
    return base64.b64decode("".join(lines[1:-1]), validate=True)


def only_version(sdk, key):
    entry, = sdk("ListKeyVersions", KeyId=key)["KeyVersions"]["KeyVersion"]
    return entry["KeyVersionId"]


# ---------------------------------------------------------------- keys

def test_life_of_a_key(sdk):
    before = int(time.time())
    made = sdk("CreateKey", Description="grüße 描述")["KeyMetadata"]
    key = made["KeyId"]
    assert UUID.fullmatch(key) and made["Arn"] == f"acs:kms:{REGION}:{made['Creator']}:key/{key}" and made["Creator"].isdigit()
    assert {name: made[name] for name in ("Description", "KeySpec", "KeyUsage", "KeyState", "Origin", "ProtectionLevel", "AutomaticRotation",
                                          "DeleteDate", "MaterialExpireTime")} == {
        "Description": "grüße 描述", "KeySpec": "Aliyun_AES_256", "KeyUsage": "ENCRYPT/DECRYPT", "KeyState": "Enabled", "Origin": "Aliyun_KMS",
        "ProtectionLevel": "SOFTWARE", "AutomaticRotation": "Disabled", "DeleteDate": "", "MaterialExpireTime": ""}
    assert made["CreationDate"] == made["LastRotationDate"] and before - 1 <= when(made["CreationDate"]) <= time.time()
    assert made["PrimaryKeyVersion"] == only_version(sdk, key) and "RotationInterval" not in made and "NextRotationDate" not in made
    for name in (key, made["Arn"]):
        assert {**made, **sdk.metadata(name)} == {"DeletionProtection": "Disabled", **made} | sdk.metadata(name)

    assert set(sdk("DisableKey", KeyId=key)) == {"RequestId"}
    assert sdk.metadata(key)["KeyState"] == "Disabled" and sdk.refusal("Encrypt", KeyId=key, Plaintext="YQ==") == "Rejected.Disabled"
    sdk("EnableKey", KeyId=made["Arn"])
    sdk("UpdateKeyDescription", KeyId=key, Description="second")
    sdk("ScheduleKeyDeletion", KeyId=key, PendingWindowInDays=8)
    planned = sdk.metadata(key)
    assert (planned["KeyState"], planned["Description"]) == ("PendingDeletion", "second")
    assert abs(when(planned["DeleteDate"]) - time.time() - 8 * DAY) < 60
    sdk("CancelKeyDeletion", KeyId=key)
    assert {**sdk.metadata(key), "Description": made["Description"]} == {**sdk.metadata(key), **made}
    assert sdk.refusal("DescribeKey", KeyId=NOBODY) == "Forbidden.KeyNotFound"


@pytest.mark.parametrize("spec, usages, default", [
    ("Aliyun_AES_256", ["ENCRYPT/DECRYPT"], "ENCRYPT/DECRYPT"), ("Aliyun_SM4", ["ENCRYPT/DECRYPT"], "ENCRYPT/DECRYPT"),
    ("RSA_2048", ["ENCRYPT/DECRYPT", "SIGN/VERIFY"], "SIGN/VERIFY"), ("RSA_3072", ["ENCRYPT/DECRYPT", "SIGN/VERIFY"], "SIGN/VERIFY"),
    ("EC_P256", ["SIGN/VERIFY"], "SIGN/VERIFY"), ("EC_P256K", ["SIGN/VERIFY"], "SIGN/VERIFY"),
    ("EC_SM2", ["ENCRYPT/DECRYPT", "SIGN/VERIFY"], "SIGN/VERIFY")])
def test_kinds_of_keys(older, spec, usages, default):
    assert older("CreateKey", KeySpec=spec)["KeyMetadata"]["KeyUsage"] == default
    for usage in usages:
        made = older("CreateKey", KeySpec=spec, KeyUsage=usage)["KeyMetadata"]
        assert (made["KeySpec"], made["KeyUsage"], made["AutomaticRotation"]) == (spec, usage, "Disabled")
        assert bool(made.get("PrimaryKeyVersion")) == spec.startswith("Aliyun")
        assert older.metadata(made["KeyId"])["KeySpec"] == spec


def test_texts_are_signed_and_kept_as_they_are(sdk):
    for text in TEXTS:
        key = sdk.create(Description=text)
        assert sdk.metadata(key)["Description"] == text
    name = unique_alias("texts")
    sdk("CreateSecret", SecretName=name, SecretData="x", VersionId="v", Description="d")
    for index, text in enumerate(TEXTS):
        sdk("PutSecretValue", SecretName=name, SecretData=text, VersionId=f"v {index}&=+%/雪")
        answer = sdk("GetSecretValue", SecretName=name)
        assert (answer["SecretData"], answer["VersionId"]) == (text, f"v {index}&=+%/雪")


def test_each_generation_sees_what_the_others_made(server):
    clients = [make(server) for make in GENERATIONS.values()]
    for maker in clients:
        key, name = maker.create(), unique_alias("shared")
        blob = maker("Encrypt", KeyId=key, Plaintext=b64("x"), EncryptionContext={"a": "b", "雪": "\U0001f511"})["CiphertextBlob"]
        maker("CreateSecret", SecretName=name, SecretData="雪 value", VersionId="v1")
        for reader in clients:
            assert reader("Decrypt", CiphertextBlob=blob, EncryptionContext={"雪": "\U0001f511", "a": "b"})["Plaintext"] == b64("x")
            assert reader.refusal("Decrypt", CiphertextBlob=blob) == "InvalidParameter"
            assert reader("GetSecretValue", SecretName=name)["SecretData"] == "雪 value"
            assert reader.metadata(key) == maker.metadata(key)


def test_the_region_of_a_client_does_not_matter(server):
    key = NewerSDK(server).create()
    for make in (OlderSDK, NewerSDK):
        for region in ("cn-shanghai", "eu-central-1"):
            sdk = make(server, region=region)
            assert sdk.metadata(key)["Arn"].startswith(f"acs:kms:{REGION}:")
            assert [entry["RegionId"] for entry in sdk("DescribeRegions")["Regions"]["Region"]] == [REGION]


def test_lists_and_pages_and_filters(sdk):
    made = [sdk.create(Tags=[{"TagKey": "n", "TagValue": str(index)}]) for index in range(3)]
    sdk("DisableKey", KeyId=made[1])
    everything, number = [], 1
    while True:
        page = sdk("ListKeys", PageNumber=number, PageSize=100)
        everything += [entry["KeyId"] for entry in page["Keys"]["Key"]]
        assert all(entry["KeyArn"].endswith(f":key/{entry['KeyId']}") for entry in page["Keys"]["Key"])
        if len(everything) == page["TotalCount"]:
            break
        number += 1
    # The order of creation.
    assert everything[-3:] == made
    last = sdk("ListKeys", PageNumber=page["TotalCount"], PageSize=1)
    assert [entry["KeyId"] for entry in last["Keys"]["Key"]] == made[2:] and last["PageNumber"] == page["TotalCount"] and last["PageSize"] == 1
    assert sdk("ListKeys", PageNumber=page["TotalCount"] + 1, PageSize=1)["Keys"]["Key"] == []
    assert len(sdk("ListKeys")["Keys"]["Key"]) == min(10, page["TotalCount"])
    filters = [{"Key": "KeyState", "Values": ["Disabled"]}, {"Key": "KeySpec", "Values": ["Aliyun_AES_256", "EC_P256"]}]
    found = sdk("ListKeys", Filters=filters, PageSize=100)
    assert made[1] in [entry["KeyId"] for entry in found["Keys"]["Key"]] and not {made[0], made[2]} & {entry["KeyId"]
                                                                                                       for entry in found["Keys"]["Key"]}
    assert sdk("ListResourceTags", KeyId=made[2])["Tags"]["Tag"] == [{"KeyId": made[2], "TagKey": "n", "TagValue": "2"}]


def test_aliases(sdk):
    one, other, alias = sdk.create(), sdk.create(), f"alias/{unique_alias('Dir_1/sub-')}"
    sdk("CreateAlias", AliasName=alias, KeyId=one)
    creator = sdk.metadata(one)["Creator"]
    entry = {"AliasName": alias, "AliasArn": f"acs:kms:{REGION}:{creator}:{alias}", "KeyId": one}
    listed = sdk("ListAliasesByKeyId", KeyId=one)
    assert (listed["Aliases"]["Alias"], listed["TotalCount"], listed["PageNumber"], listed["PageSize"]) == ([entry], 1, 1, 10)
    total = sdk("ListAliases", PageSize=1)["TotalCount"]
    assert sdk("ListAliases", PageNumber=total, PageSize=1)["Aliases"]["Alias"] == [entry]
    assert sdk.refusal("CreateAlias", AliasName=alias, KeyId=other) == "AliasAlreadyExists"
    sdk("UpdateAlias", AliasName=alias, KeyId=other)
    blob = sdk("Encrypt", KeyId=alias, Plaintext="YQ==")
    assert blob["KeyId"] == other == sdk("DescribeKey", KeyId=entry["AliasArn"])["KeyMetadata"]["KeyId"]
    sdk("DeleteAlias", AliasName=alias)
    assert sdk.refusal("Encrypt", KeyId=alias, Plaintext="YQ==") == "Forbidden.AliasNotFound"
    assert sdk("Decrypt", CiphertextBlob=blob["CiphertextBlob"])["KeyId"] == other


def test_rotation(sdk):
    made = sdk("CreateKey", EnableAutomaticRotation=True, RotationInterval="90d")["KeyMetadata"]
    key = made["KeyId"]
    assert (made["AutomaticRotation"], made["RotationInterval"]) == ("Enabled", "7776000s")
    assert when(made["NextRotationDate"]) - when(made["LastRotationDate"]) == 90 * DAY
    blobs = []
    for _ in range(3):
        primary = sdk.metadata(key)["PrimaryKeyVersion"]
        blob = sdk("Encrypt", KeyId=key, Plaintext=b64(primary))
        assert blob["KeyVersionId"] == primary
        blobs.append(blob)
        version = sdk("CreateKeyVersion", KeyId=key)["KeyVersion"]
        assert version["KeyId"] == key and sdk.metadata(key)["PrimaryKeyVersion"] == version["KeyVersionId"]
        assert sdk("DescribeKeyVersion", KeyId=key, KeyVersionId=version["KeyVersionId"])["KeyVersion"] == version
    for blob in blobs:
        opened = sdk("Decrypt", CiphertextBlob=blob["CiphertextBlob"])
        assert (opened["KeyVersionId"], opened["Plaintext"]) == (blob["KeyVersionId"], b64(blob["KeyVersionId"]))
    listed = sdk("ListKeyVersions", KeyId=key)
    assert listed["TotalCount"] == 4 and listed["KeyVersions"]["KeyVersion"][0] == version
    assert [entry["KeyVersionId"] for entry in listed["KeyVersions"]["KeyVersion"]][1:] == [blob["KeyVersionId"] for blob in blobs[::-1]]
    now = sdk.metadata(key)
    assert now["LastRotationDate"] == version["CreationDate"] and when(now["NextRotationDate"]) == when(now["LastRotationDate"]) + 90 * DAY
    sdk("UpdateRotationPolicy", KeyId=key, EnableAutomaticRotation=False)
    now = sdk.metadata(key)
    assert now["AutomaticRotation"] == "Disabled" and "RotationInterval" not in now and "NextRotationDate" not in now


# ---------------------------------------------------------------- cryptography

def test_envelope_encryption(sdk):
    key, context = sdk.create(), {"file": "a b&c", "": "", "雪": "☃"}
    made = sdk("GenerateDataKey", KeyId=key, KeySpec="AES_256", EncryptionContext=context)
    nonce, text = os.urandom(12), os.urandom(100_000)
    sealed = AESGCM(base64.b64decode(made["Plaintext"])).encrypt(nonce, text, None)
    opened = sdk("Decrypt", CiphertextBlob=made["CiphertextBlob"], EncryptionContext=context)
    assert AESGCM(base64.b64decode(opened["Plaintext"])).decrypt(nonce, sealed, None) == text
    blind = sdk("GenerateDataKeyWithoutPlaintext", KeyId=key, NumberOfBytes=77, EncryptionContext=context)
    assert "Plaintext" not in blind
    assert len(base64.b64decode(sdk("Decrypt", CiphertextBlob=blind["CiphertextBlob"], EncryptionContext=context)["Plaintext"])) == 77
    moved = sdk("ReEncrypt", CiphertextBlob=made["CiphertextBlob"], SourceEncryptionContext=context,
                DestinationKeyId=sdk.create(KeySpec="Aliyun_SM4"),
                DestinationEncryptionContext={"new": "context"})
    assert sdk("Decrypt", CiphertextBlob=moved["CiphertextBlob"], EncryptionContext={"new": "context"})["Plaintext"] == made["Plaintext"]


@pytest.mark.parametrize("size", [1, 6143, 6144])
def test_sizes_of_plaintexts(sdk, size):
    key, plaintext = sdk.create(), os.urandom(size)
    blob = sdk("Encrypt", KeyId=key, Plaintext=b64(plaintext))["CiphertextBlob"]
    assert base64.b64decode(sdk("Decrypt", CiphertextBlob=blob)["Plaintext"]) == plaintext
    assert sdk.refusal("Encrypt", KeyId=key, Plaintext=b64(os.urandom(6145))) == "InvalidParameter"


def test_data_keys_for_others(sdk):
    key = sdk.create()
    private = rsa.generate_private_key(65537, 2048)
    spki = private.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    for algorithm, digest in OAEP.items():
        pad = padding.OAEP(padding.MGF1(digest), digest, None)
        to = {"PublicKeyBlob": b64(spki), "WrappingKeySpec": "RSA_2048", "WrappingAlgorithm": algorithm, "EncryptionContext": {"a": "b"}}
        made = sdk("GenerateAndExportDataKey", KeyId=key, KeySpec="AES_128", **to)
        dek = sdk("Decrypt", CiphertextBlob=made["CiphertextBlob"], EncryptionContext={"a": "b"})["Plaintext"]
        assert len(base64.b64decode(dek)) == 16 and "Plaintext" not in made
        assert private.decrypt(base64.b64decode(made["ExportedDataKey"]), pad) == base64.b64decode(dek)
        again = sdk("ExportDataKey", CiphertextBlob=made["CiphertextBlob"], **to)
        assert private.decrypt(base64.b64decode(again["ExportedDataKey"]), pad) == base64.b64decode(dek)
        assert (again["KeyId"], again["KeyVersionId"]) == (key, made["KeyVersionId"])
    secret = int.from_bytes(os.urandom(31), "big") + 1
    x, y = sm2.times(secret, sm2.G)
    to = {"PublicKeyBlob": b64(sm2.PUBLIC_KEY_HEAD + b"\x04" + sm2.word(x) + sm2.word(y)), "WrappingKeySpec": "EC_SM2", "WrappingAlgorithm": "SM2PKE"}
    made = sdk("GenerateAndExportDataKey", KeyId=key, NumberOfBytes=1024, **to)
    exported = base64.b64decode(made["ExportedDataKey"])
    # 04 || x || y || C3 || C2.
    assert exported[0] == 4 and len(exported) == 97 + 1024
    dek = sm2.decrypt(secret, exported[1:65], exported[65:97], exported[97:])
    assert b64(dek) == sdk("Decrypt", CiphertextBlob=made["CiphertextBlob"])["Plaintext"]


@pytest.mark.parametrize("spec, algorithm", [
    ("RSA_2048", "RSA_PSS_SHA_256"), ("RSA_2048", "RSA_PKCS1_SHA_256"), ("RSA_3072", "RSA_PSS_SHA_256"), ("RSA_3072", "RSA_PKCS1_SHA_256"),
    ("EC_P256", "ECDSA_SHA_256"), ("EC_P256K", "ECDSA_SHA_256"), ("EC_SM2", "SM2DSA")])
def test_signatures_of_every_version(newer, spec, algorithm):
    key = newer.create(KeySpec=spec, KeyUsage="SIGN/VERIFY")
    newer("CreateKeyVersion", KeyId=key)
    versions = [entry["KeyVersionId"] for entry in newer("ListKeyVersions", KeyId=key)["KeyVersions"]["KeyVersion"]]
    assert len(set(versions)) == 2
    message = os.urandom(99)
    publics = {version: der_of(newer("GetPublicKey", KeyId=key, KeyVersionId=version)["PublicKey"]) for version in versions}
    for version in versions:
        public = publics[version]
        digest = sm2.digest(sm2.point_of(public), message) if spec == "EC_SM2" else hashlib.sha256(message).digest()
        asked = {"KeyId": key, "KeyVersionId": version, "Algorithm": algorithm, "Digest": b64(digest)}
        signature = base64.b64decode(newer("AsymmetricSign", **asked)["Value"], validate=True)
        if spec == "EC_SM2":
            assert sm2.verifies(sm2.point_of(public), digest, *utils.decode_dss_signature(signature))
        elif spec.startswith("EC"):
            serialization.load_der_public_key(public).verify(signature, message, ec.ECDSA(hashes.SHA256()))
        else:
            pad = padding.PSS(padding.MGF1(hashes.SHA256()), 32) if "PSS" in algorithm else padding.PKCS1v15()
            serialization.load_der_public_key(public).verify(signature, message, pad, hashes.SHA256())
        for other in versions:
            answer = newer("AsymmetricVerify", **{**asked, "KeyVersionId": other}, Value=b64(signature))
            assert answer["Value"] is (other == version) and answer["KeyVersionId"] == other
        for wrong in (signature[:-1], signature + b"\0", b"\0", b"x" * 256, signature[:-1] + bytes([signature[-1] ^ 1])):
            assert newer("AsymmetricVerify", **asked, Value=b64(wrong))["Value"] is False


@pytest.mark.parametrize("spec, algorithm, longest", [
    ("RSA_2048", "RSAES_OAEP_SHA_1", 214), ("RSA_2048", "RSAES_OAEP_SHA_256", 190), ("RSA_3072", "RSAES_OAEP_SHA_1", 342),
    ("RSA_3072", "RSAES_OAEP_SHA_256", 318), ("EC_SM2", "SM2PKE", 6047)])
def test_public_key_encryption(newer, older, spec, algorithm, longest):
    key = newer.create(KeySpec=spec, KeyUsage="ENCRYPT/DECRYPT")
    version = only_version(newer, key)
    asked = {"KeyId": key, "KeyVersionId": version, "Algorithm": algorithm}
    for size in (1, longest):
        plaintext = os.urandom(size)
        sealed = newer("AsymmetricEncrypt", **asked, Plaintext=b64(plaintext))["CiphertextBlob"]
        assert len(base64.b64decode(sealed)) == {"RSA_2048": 256, "RSA_3072": 384, "EC_SM2": 97 + size}[spec]
        assert older("AsymmetricDecrypt", **asked, CiphertextBlob=sealed)["Plaintext"] == b64(plaintext)
        # From there it can be encrypted by a symmetric key, which opens it without another word.
        if size <= 6144:
            target = newer.create()
            moved = older("ReEncrypt", CiphertextBlob=sealed, SourceKeyId=key, SourceKeyVersionId=version, SourceEncryptionAlgorithm=algorithm,
                          DestinationKeyId=target, DestinationEncryptionContext={"a": "b"})
            assert moved["KeyId"] == target
            assert newer("Decrypt", CiphertextBlob=moved["CiphertextBlob"], EncryptionContext={"a": "b"})["Plaintext"] == b64(plaintext)
    for sdk in (older, newer):
        assert sdk.refusal("AsymmetricEncrypt", **asked, Plaintext=b64(os.urandom(longest + 1))) == "InvalidParameter"


@pytest.mark.parametrize("algorithm", ["RSAES_PKCS1_V1_5", "RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256", "SM2PKE"])
@pytest.mark.parametrize("generation, spec, size", [("older", "Aliyun_AES_256", 32), ("newer", "Aliyun_SM4", 16)])
def test_material_of_ones_own(request, algorithm, generation, spec, size):
    sdk = request.getfixturevalue(generation)
    made = sdk("CreateKey", Origin="EXTERNAL", KeySpec=spec)["KeyMetadata"]
    key, material = made["KeyId"], os.urandom(size)
    assert (made["KeyState"], made["Origin"]) == ("PendingImport", "EXTERNAL")
    parameters = sdk("GetParametersForImport", KeyId=key, WrappingAlgorithm=algorithm, WrappingKeySpec="EC_SM2" if algorithm == "SM2PKE"
                     else "RSA_2048")
    assert abs(when(parameters["TokenExpireTime"]) - time.time() - DAY) < 60
    expiry = int(time.time()) + DAY
    sealed = {"KeyId": key, "ImportToken": parameters["ImportToken"], "EncryptedKeyMaterial": wrapped(parameters, material, algorithm)}
    sdk("ImportKeyMaterial", **sealed, KeyMaterialExpireUnix=expiry)
    assert sdk.metadata(key)["KeyState"] == "Enabled" and when(sdk.metadata(key)["MaterialExpireTime"]) == expiry
    blob = sdk("Encrypt", KeyId=key, Plaintext="YQ==")["CiphertextBlob"]
    # The token is good until it expires; importing again replaces the expiry.
    sdk("ImportKeyMaterial", **sealed, KeyMaterialExpireUnix=0)
    assert sdk.metadata(key)["MaterialExpireTime"] == ""
    sdk("DeleteKeyMaterial", KeyId=key)
    assert sdk.metadata(key)["KeyState"] == "PendingImport" and sdk.refusal("Decrypt", CiphertextBlob=blob) == "Rejected.PendingImport"
    sdk("ImportKeyMaterial", **sealed, KeyMaterialExpireUnix=0)
    assert sdk("Decrypt", CiphertextBlob=blob)["Plaintext"] == "YQ=="
    other = {**sealed, "EncryptedKeyMaterial": wrapped(parameters, os.urandom(size), algorithm)}
    assert sdk.refusal("ImportKeyMaterial", **other, KeyMaterialExpireUnix=0) == "InvalidKeyMaterial"


# ---------------------------------------------------------------- secrets

@pytest.mark.parametrize("text", ["雪" * 10_240, "%" * 30_720, "\x00 \U0001f511" * 5_120, base64.b64encode(os.urandom(23_040)).decode()],
                         ids=["three bytes each", "percent signs", "NUL and others", "Base64"])
def test_the_longest_secret_comes_back_byte_for_byte(sdk, text):
    assert len(text.encode()) == 30_720
    name = unique_alias("long")
    sdk("CreateSecret", SecretName=name, SecretData=text, VersionId="v1")
    assert sdk("GetSecretValue", SecretName=name)["SecretData"] == text
    sdk("PutSecretValue", SecretName=name, SecretData=text[::-1], VersionId="v2", SecretDataType="binary")
    answer = sdk("GetSecretValue", SecretName=name)
    assert (answer["SecretData"], answer["SecretDataType"]) == (text[::-1], "binary")
    assert sdk.refusal("PutSecretValue", SecretName=name, SecretData=text + "x", VersionId="v3") == "InvalidParameter"


def test_life_of_a_secret(sdk):
    name, key = unique_alias("app/db+pw=a.b@c_"), sdk.create()
    made = sdk("CreateSecret", SecretName=name, SecretData="one", VersionId="v1", EncryptionKeyId=key, Description="password",
               Tags=[{"TagKey": "team", "TagValue": "blue"}])
    creator = sdk.metadata(key)["Creator"]
    assert {**made, "RequestId": ""} == {"Arn": f"acs:kms:{REGION}:{creator}:secret/{name}", "SecretName": name, "VersionId": "v1",
                                         "SecretType": "Generic", "RequestId": ""}
    value = sdk("GetSecretValue", SecretName=name)
    assert TIME.fullmatch(value["CreateTime"])
    assert {item: value[item] for item in ("SecretName", "SecretData", "SecretDataType", "VersionId", "VersionStages")} == {
        "SecretName": name, "SecretData": "one", "SecretDataType": "text", "VersionId": "v1", "VersionStages": {"VersionStage": ["ACSCurrent"]}}
    assert sdk("PutSecretValue", SecretName=made["Arn"], SecretData="two", VersionId="v2")["VersionStages"]["VersionStage"] == ["ACSCurrent"]
    assert sdk("GetSecretValue", SecretName=name, VersionStage="ACSPrevious")["SecretData"] == "one"
    assert sdk("UpdateSecret", SecretName=name, Description="changed")["SecretName"] == name
    sdk("TagResource", SecretName=name, Tags=[{"TagKey": "team", "TagValue": "red"}, {"TagKey": "x", "TagValue": ""}])
    sdk("UntagResource", SecretName=name, TagKeys=["x", "none"])
    shown = sdk("DescribeSecret", SecretName=name, FetchTags="true")
    assert {item: shown.get(item) for item in ("Arn", "SecretName", "Description", "SecretType", "AutomaticRotation", "EncryptionKeyId", "Tags",
                                               "PlannedDeleteTime")} == {
        "Arn": made["Arn"], "SecretName": name, "Description": "changed", "SecretType": "Generic", "AutomaticRotation": "Disabled",
        "EncryptionKeyId": key, "Tags": {"Tag": [{"TagKey": "team", "TagValue": "red"}]}, "PlannedDeleteTime": None}
    assert "Tags" not in sdk("DescribeSecret", SecretName=name)
    sdk("UpdateSecretVersionStage", SecretName=name, VersionStage="ACSCurrent", MoveToVersion="v1", RemoveFromVersion="v2")
    assert sdk("GetSecretValue", SecretName=name)["SecretData"] == "one"
    versions = sdk("ListSecretVersionIds", SecretName=name)
    assert {entry["VersionId"]: entry["VersionStages"]["VersionStage"] for entry in versions["VersionIds"]["VersionId"]} == {
        "v1": ["ACSCurrent"], "v2": ["ACSPrevious"]}
    gone = sdk("DeleteSecret", SecretName=name, RecoveryWindowInDays="7")
    assert gone["SecretName"] == name and abs(when(gone["PlannedDeleteTime"]) - time.time() - 7 * DAY) < 60
    assert sdk.refusal("GetSecretValue", SecretName=name) == "Rejected.ResourceInDeleteWindow"
    listed = [entry for entry in sdk("ListSecrets", Filters=[{"Key": "SecretName", "Values": [name]}])["SecretList"]["Secret"]]
    assert [(entry["SecretName"], entry["PlannedDeleteTime"]) for entry in listed] == [(name, gone["PlannedDeleteTime"])]
    assert sdk("RestoreSecret", SecretName=name)["SecretName"] == name
    assert sdk("GetSecretValue", SecretName=name)["SecretData"] == "one"
    assert sdk("DescribeSecret", SecretName=name, FetchTags="true") | {"RequestId": ""} == shown | {"RequestId": "", "UpdateTime": sdk(
        "DescribeSecret", SecretName=name)["UpdateTime"]}
    sdk("DeleteSecret", SecretName=name, ForceDeleteWithoutRecovery="true")
    assert sdk.refusal("DescribeSecret", SecretName=name) == "Forbidden.ResourceNotFound"


def test_passwords(sdk):
    assert len(sdk("GetRandomPassword")["RandomPassword"]) == 32
    password = sdk("GetRandomPassword", PasswordLength="128", ExcludePunctuation="True", ExcludeCharacters="abc0")["RandomPassword"]
    assert len(password) == 128 and password.isalnum() and not set("abc0") & set(password)


def test_the_service(sdk):
    assert sdk("DescribeAccountKmsStatus")["AccountStatus"] == "Enabled"
    assert sdk.outcome("OpenKmsService") in (None, "Forbidden.Opened")


# ---------------------------------------------------------------- clients

def test_get_and_post(server):
    for method in ("GET", "POST"):
        sdk = OlderSDK(server, method=method)
        name = unique_alias("get")
        sdk("CreateSecret", SecretName=name, SecretData="雪" * 10_240, VersionId="v1")
        assert sdk("GetSecretValue", SecretName=name)["SecretData"] == "雪" * 10_240


def test_xml(older, server):
    text = "<a href=\"x\">&amp; ]]> 'é' 雪\t\n\U0001f511"
    key = older.create(Description=text, Tags=[{"TagKey": "one", "TagValue": "1"}, {"TagKey": "two", "TagValue": ""}])
    with AlibabaClient(server) as client:
        for action, more in (("DescribeKey", {"KeyId": key}), ("ListResourceTags", {"KeyId": key}), ("DescribeRegions", {}),
                             ("ListKeyVersions", {"KeyId": key}), ("ListAliasesByKeyId", {"KeyId": key})):
            status, headers, body = older.xml(action, **more)
            assert (status, headers["Content-Type"]) == (200, XML_TYPE) and body.startswith(b"<?xml")
            plain, marked = client(action, **more), client(action, **more, Format="xMl")
            assert set(plain) == set(marked), (plain, marked)
        shown = client("DescribeKey", KeyId=key, Format="XML")["KeyMetadata"]
        assert shown == {name: value for name, value in client.metadata(key).items()} and shown["Description"] == text
        tags = client("ListResourceTags", KeyId=key, Format="XML")["Tags"]["Tag"]
        assert tags == client("ListResourceTags", KeyId=key)["Tags"]["Tag"]
        assert client("ListAliasesByKeyId", KeyId=key, Format="XML")["Aliases"] == "" and client.refusal("DescribeKey", KeyId=NOBODY, Format="XML")
        verified = client.create(KeySpec="EC_P256")
        answer = client("AsymmetricVerify", KeyId=verified, KeyVersionId=client.versions(verified)[0], Algorithm="ECDSA_SHA_256",
                        Digest=b64(b"x" * 32), Value="YQ==", Format="XML")
        assert answer["Value"] == "false"


def test_values_in_xml(server):
    with AlibabaClient(server) as client:
        for text in ("a\rb\r\nc\n", " blanks ", "\t", "]]>", "&amp;", "<![CDATA[x]]>", "\u0085\u2028", "\U0001f511"):
            name = client.keep(unique_alias("xml"), value=text)
            assert client.value(name, Format="XML") == text
        # XML has no way to say these.
        for text in ("\x00", "\x01", "\ufffe"):
            name = client.keep(unique_alias("xml"), value=text)
            assert client.refusal("GetSecretValue", SecretName=name, Format="XML") == "InvalidParameter" and client.value(name) == text


def test_the_asynchronous_client(newer):
    names = [unique_alias("async") for _ in range(12)]
    made = newer.together(*[("CreateSecret", {"SecretName": name, "SecretData": f"雪 {name} a b&c=%+", "VersionId": "v1"}) for name in names],
                          *[("CreateKey", {"Description": name}) for name in names])
    keys = [answer["KeyMetadata"]["KeyId"] for answer in made[12:]]
    read = newer.together(*[("GetSecretValue", {"SecretName": name}) for name in names], *[("DescribeKey", {"KeyId": key}) for key in keys],
                          ("DescribeRegions", {}), ("GetRandomPassword", {}), ("ListSecrets", {}))
    assert [answer["SecretData"] for answer in read[:12]] == [f"雪 {name} a b&c=%+" for name in names]
    assert [answer["KeyMetadata"]["Description"] for answer in read[12:24]] == names
    blobs = newer.together(*[("Encrypt", {"KeyId": key, "Plaintext": b64(key), "EncryptionContext": {"a": key}}) for key in keys])
    opened = newer.together(*[("Decrypt", {"CiphertextBlob": blob["CiphertextBlob"], "EncryptionContext": {"a": key}}) for blob,
                              key in zip(blobs, keys)])
    assert [answer["Plaintext"] for answer in opened] == [b64(key) for key in keys]
    with pytest.raises(SDKError) as refused:
        newer.together(("GetSecretValue", {"SecretName": "none/at/all"}))
    assert (refused.value.status, refused.value.code) == (404, "Forbidden.ResourceNotFound")


def test_the_longest_secret_through_the_asynchronous_client(newer):
    name, text = unique_alias("async"), "雪" * 10_240
    newer.together(("CreateSecret", {"SecretName": name, "SecretData": text, "VersionId": "v1"}))
    newer.together(("PutSecretValue", {"SecretName": name, "SecretData": text[1:], "VersionId": "v2"}))
    values = newer.together(*[("GetSecretValue", {"SecretName": name, "VersionId": version}) for version in ("v1", "v2") * 3])
    assert [answer["SecretData"] for answer in values] == [text, text[1:]] * 3


def test_one_client_in_many_threads(sdk):
    key, failures = sdk.create(), []

    def work(index):
        try:
            for turn in range(6):
                text = b64(f"{index} {turn}")
                blob = sdk("Encrypt", KeyId=key, Plaintext=text)["CiphertextBlob"]
                assert sdk("Decrypt", CiphertextBlob=blob)["Plaintext"] == text
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=work, args=(index,)) for index in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not failures, failures[0]


def test_what_the_sdks_make_of_wrong_credentials(server):
    found = server.credentials
    wrong, unknown = Credentials(found["CLAVIGER_ACCESS_ID"], "wrong"), Credentials("LTAI" + "0" * 20, "wrong")
    for make in GENERATIONS.values():
        assert make(server, unknown).refusal("DescribeKey", KeyId=NOBODY) == "InvalidAccessKeyId.NotFound"
    # The older SDK finds its own text in the message, and knows that only the secret can be wrong.
    for text in TEXTS:
        assert OlderSDK(server, wrong).refusal("CreateKey", Description=text) == "InvalidAccessKeySecret"
    assert NewerSDK(server, wrong).refusal("CreateKey", Description="x") == "SignatureDoesNotMatch"
    assert NewerSDK(server, wrong, signature="v2").refusal("CreateKey", Description="x") == "SignatureDoesNotMatch"


def test_temporary_credentials(server):
    with AdminClient(server) as admin:
        user = admin.user(ram("ListKeys", "DescribeKey"))
        temporary = admin.temporary(user.name)
        key = NewerSDK(server).create()
        for make in GENERATIONS.values():
            sdk = make(server, temporary)
            assert sdk.metadata(key)["KeyId"] == key and sdk("ListKeys")["TotalCount"] > 0
            assert sdk.refusal("CreateKey") == "Forbidden.NoPermission"
        without = Credentials(temporary.id, temporary.secret)
        other = Credentials(temporary.id, temporary.secret, temporary.token[:-2] + "AA")
        for make in (OlderSDK, NewerSDK):
            for wrong in (without, other):
                assert make(server, wrong).refusal("ListKeys") in ("InvalidSecurityToken.Malformed", "InvalidAccessKeyId.NotFound")
        admin.delete(f"/users/{user.name}/sessions")
        for make in (OlderSDK, NewerSDK):
            assert make(server, temporary).outcome("ListKeys") in ("InvalidSecurityToken.Malformed", "InvalidSecurityToken.Expired",
                                                                   "InvalidAccessKeyId.NotFound")
