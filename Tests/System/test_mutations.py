"""Garbage, and right input with something wrong in it, for the actions that read keys, signatures and wrapped material."""
import base64
import functools
import random

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from client import Client, Refused, b64, refusal, unique_alias
from material import USUAL, WRAPPINGS, import_into, invite, new_material, waiting_key

SEED = 20190118
COUNT = 100
INVALID = {"InvalidParameter", "InvalidParameterValue"}
BAD_MATERIAL, BAD_CIPHERTEXT = {"InvalidParameter.DecryptMaterialError"}, {"InvalidParameterValue.InvalidCiphertext"}
BAD_TOKEN, UNDECIPHERABLE = {"ResourceUnavailable.TokenExpired", "InvalidParameter"}, {"FailedOperation.DecryptError"}
SM2_DECRYPT, SIGNING = "ASYMMETRIC_DECRYPT_SM2", {
    "RSA_PSS_SHA_256": "ASYMMETRIC_SIGN_VERIFY_RSA_2048", "RSA_PKCS1_SHA_256": "ASYMMETRIC_SIGN_VERIFY_RSA_2048",
    "ECC_P256_R1": "ASYMMETRIC_SIGN_VERIFY_ECC", "SM2DSA": "ASYMMETRIC_SIGN_VERIFY_SM2", "SM2DSA_RAW": "ASYMMETRIC_SIGN_VERIFY_SM2"}


def mutations(right, name, count=COUNT):
    """Byte strings that differ from `right`, the same ones in every run for input of the same length."""
    chance = random.Random(f"{SEED} {name}")
    made = 0
    while made < count:
        data = bytearray(right)
        for _ in range(chance.choice([1, 1, 1, 2, 8])):
            at = chance.randrange(len(data)) if data else 0
            match chance.randrange(8):
                case 0 | 1 | 2 if data:
                    data[at] ^= 1 << chance.randrange(8)
                case 3 if data:
                    data[at] = chance.choice([0, 1, 0x7F, 0x80, 0xFF])
                case 4:
                    del data[at:]
                case 5:
                    data[at:at] = chance.randbytes(chance.choice([1, 1, 4, 300]))
                case 6:
                    del data[at:at + chance.choice([1, 1, 2, 32])]
                case 7:
                    data += data[:at + 1]
        if data != right:
            made += 1
            yield bytes(data)


# ---------------------------------------------------------------- mutations

@pytest.mark.parametrize("algorithm", WRAPPINGS)
def test_mutated_wrapped_material_is_refused(edition_client, algorithm):
    client = edition_client
    key, material = waiting_key(client), new_material(client)
    before = client.metadata(key)
    invitation = invite(client, key, algorithm)
    wrapped = invitation.wrap(material)
    # A token serves for a limited number of failures.
    for wrong in mutations(wrapped, algorithm, 90):
        parameters = {"KeyId": key, "EncryptedKeyMaterial": b64(wrong), "ImportToken": invitation.token}
        assert refusal(client, "ImportKeyMaterial", **parameters) in BAD_MATERIAL, wrong.hex()
    assert client.metadata(key) == before
    invitation.give(client, material)
    assert client.metadata(key)["KeyState"] == "Enabled"


def test_a_token_ends_after_too_many_failures_and_others_do_not(client):
    key, material = waiting_key(client), new_material(client)
    invitation, other = invite(client, key), invite(client, waiting_key(client))
    codes = [refusal(invitation.give, client, b"wrong size") for _ in range(110)]
    expected = ["InvalidParameter.DecryptMaterialError"] * 100 + ["ResourceUnavailable.TokenExpired"] * 10
    assert codes == expected and refusal(invitation.give, client, material) == "ResourceUnavailable.TokenExpired"
    other.give(client, material)
    import_into(client, key, material)


def test_mutated_import_tokens_are_refused(client):
    key, material = waiting_key(client), new_material(client)
    before = client.metadata(key)
    invitation = invite(client, key)
    wrapped = b64(invitation.wrap(material))
    for wrong in mutations(base64.b64decode(invitation.token), "token"):
        assert refusal(client, "ImportKeyMaterial", KeyId=key, EncryptedKeyMaterial=wrapped, ImportToken=b64(wrong)) in BAD_TOKEN
    assert client.metadata(key) == before
    invitation.give(client, material)


def test_mutated_ciphertexts_are_refused(edition_client):
    client = edition_client
    key, other = client.create(), client.create()
    client("RotateKey", KeyId=key)
    blob = client("Encrypt", KeyId=key, Plaintext=b64(b"x" * 50))["CiphertextBlob"]
    client("RotateKey", KeyId=key)
    before = client.metadata(key)
    for wrong in mutations(base64.b64decode(blob), "ciphertext"):
        assert refusal(client, "Decrypt", CiphertextBlob=b64(wrong)) in BAD_CIPHERTEXT, wrong.hex()
        assert refusal(client, "ReEncrypt", CiphertextBlob=b64(wrong), DestinationKeyId=other) in BAD_CIPHERTEXT
    assert client.metadata(key) == before and client("Decrypt", CiphertextBlob=blob)["Plaintext"] == b64(b"x" * 50)


@pytest.mark.parametrize("algorithm", ["RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256"])
def test_mutated_rsa_ciphertexts_are_refused(client, algorithm):
    key = client.create(KeyUsage="ASYMMETRIC_DECRYPT_RSA_2048")
    before = client.metadata(key)
    public = serialization.load_der_public_key(base64.b64decode(client("GetPublicKey", KeyId=key)["PublicKey"]))
    sealed = public.encrypt(b"x" * 50, WRAPPINGS[algorithm])
    call = functools.partial(client, "AsymmetricRsaDecrypt", KeyId=key, Algorithm=algorithm)
    for wrong in mutations(sealed, algorithm):
        assert refusal(call, Ciphertext=b64(wrong)) in UNDECIPHERABLE, wrong.hex()
    assert client.metadata(key) == before and call(Ciphertext=b64(sealed))["Plaintext"] == b64(b"x" * 50)


def test_mutated_sm2_ciphertexts_are_refused(client):
    key = client.create(KeyUsage=SM2_DECRYPT)
    before = client.metadata(key)
    sealed = base64.b64decode(client("AsymmetricSm2Encrypt", KeyId=key, Plaintext=b64(b"x" * 50))["Ciphertext"])
    for wrong in mutations(sealed, "sm2"):
        assert refusal(client, "AsymmetricSm2Decrypt", KeyId=key, Ciphertext=b64(wrong)) in UNDECIPHERABLE, wrong.hex()
    assert client.metadata(key) == before
    assert client("AsymmetricSm2Decrypt", KeyId=key, Ciphertext=b64(sealed))["Plaintext"] == b64(b"x" * 50)


@pytest.mark.parametrize("algorithm", SIGNING)
def test_mutated_signatures_are_not_valid(client, algorithm):
    key = client.create(KeyUsage=SIGNING[algorithm])
    before = client.metadata(key)
    request = {"KeyId": key, "Algorithm": algorithm, "Message": b64(b"message")}
    signature = base64.b64decode(client("SignByAsymmetricKey", **request)["Signature"])
    for wrong in mutations(signature, algorithm):
        try:
            assert client("VerifyByAsymmetricKey", **request, SignatureValue=b64(wrong))["SignatureValid"] is False, wrong.hex()
        except Refused as error:
            assert error.code == "InvalidParameter" and not 1 <= len(wrong) <= 1024, wrong.hex()
    assert client.metadata(key) == before
    assert client("VerifyByAsymmetricKey", **request, SignatureValue=b64(signature))["SignatureValid"] is True


def pem_of(public_key):
    return public_key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()


@pytest.mark.parametrize("kind", ["RSA", "SM2"])
@pytest.mark.parametrize("level", ["text", "DER"])
def test_mutated_public_keys_are_taken_or_refused(client, kind, level):
    key, recipient = client.create(), client.create(KeyUsage="ASYMMETRIC_DECRYPT_RSA_2048" if kind == "RSA" else SM2_DECRYPT)
    before = client.metadata(key)
    right = client("GetPublicKey", KeyId=recipient)["PublicKeyPem"]
    algorithms = [USUAL, "RSAES_PKCS1_V1_5"] if kind == "RSA" else ["SM2", "SM2_C1C3C2_ASN1"]

    def pair(pem, algorithm):
        return client("GenerateAsymmetricKeyValuePair", KeyId=key, KeySpec="SM2", EncryptionPublicKey=pem, EncryptionAlgorithm=algorithm)

    refused = 0
    source = right.encode() if level == "text" else base64.b64decode("".join(right.strip().split("\n")[1:-1]))
    for index, wrong in enumerate(mutations(source, f"{kind} {level}")):
        # A text has to be UTF-8 to come through JSON; in DER a changed modulus may be as good as the right one.
        pem = wrong.decode("latin-1") if level == "text" else f"-----BEGIN PUBLIC KEY-----\n{b64(wrong)}\n-----END PUBLIC KEY-----\n"
        try:
            pair(pem, algorithms[index % 2])
        except Refused as error:
            assert error.code == "InvalidParameter", pem
            refused += 1
    assert refused >= 10
    assert client.metadata(key) == before
    assert pair(right, algorithms[0])["PrivateKeyPlaintext"]


# ---------------------------------------------------------------- keys that are none

def element(tag, content):
    size = len(content)
    length = bytes([size]) if size < 128 else bytes([0x82]) + size.to_bytes(2, "big")
    return bytes([tag]) + length + content


def integer(number):
    return element(2, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def rsa_pem(modulus, exponent):
    key = element(0x30, integer(modulus) + integer(exponent))
    algorithm = element(0x30, bytes.fromhex("06092a864886f70d0101010500"))
    return framed(element(0x30, algorithm + element(3, b"\0" + key)))


def sm2_pem(point):
    return framed(element(0x30, bytes.fromhex("301306072a8648ce3d020106082a811ccf5501822d") + element(3, b"\0" + point)))


def framed(der, label="PUBLIC KEY"):
    return f"-----BEGIN {label}-----\n{b64(der)}\n-----END {label}-----\n"


MODULUS = rsa.generate_private_key(65537, 2048).public_key().public_numbers().n
noise = random.Random(SEED).randbytes
BAD_KEYS = {
    "blank": " ", "NUL": "\x00", "no PEM": "garbage", "DER": b64(b"\x30\x80" * 1000), "open": "-----BEGIN PUBLIC KEY-----",
    "empty": "-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----\n", "garbage inside": framed(noise(294)),
    "no base64": "-----BEGIN PUBLIC KEY-----\n????\n-----END PUBLIC KEY-----\n", "deep": framed(b"\x30\x82\x7f\xff" * 2000),
    "endless": framed(b"\x30\x80" + b"\x30\x80" * 3000), "said to be huge": framed(b"\x30\x84\xff\xff\xff\xff\x02\x01\x00"),
    "another label": framed(noise(294), "RSA PUBLIC KEY"), "certificate": framed(noise(294), "CERTIFICATE"),
    "huge": framed(noise(100_000)), "NUL inside": rsa_pem(MODULUS, 65537).replace("\n", "\x00\n", 1),
    "even modulus": rsa_pem(MODULUS - 1, 65537), "modulus 0": rsa_pem(0, 65537), "modulus 1": rsa_pem(1, 65537),
    "exponent 0": rsa_pem(MODULUS, 0), "exponent 1": rsa_pem(MODULUS, 1), "exponent 2": rsa_pem(MODULUS, 2),
    "huge modulus": rsa_pem((1 << 65535) | 1, 3), "short modulus": rsa_pem((1 << 511) | 1, 3), "huge exponent": rsa_pem(MODULUS, MODULUS + 2),
    "infinity": sm2_pem(b"\0"), "no point": sm2_pem(b""), "zero": sm2_pem(b"\4" + bytes(64)), "off the curve": sm2_pem(b"\4" + b"\1" * 64),
    "beyond the field": sm2_pem(b"\4" + b"\xff" * 64), "half a point": sm2_pem(b"\4" + bytes(32)), "odd form": sm2_pem(b"\7" + b"\1" * 64),
    "P-256": pem_of(ec.generate_private_key(ec.SECP256R1()).public_key()),
}


@pytest.mark.parametrize("pem", BAD_KEYS.values(), ids=BAD_KEYS)
def test_what_is_no_public_key_is_refused(client, pem):
    key = client.create()
    before = client.metadata(key)
    for algorithm in ("SM2", "SM2_C1C3C2_ASN1", "RSAES_PKCS1_V1_5", "RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256"):
        assert refusal(client, "GenerateAsymmetricKeyValuePair", KeyId=key, KeySpec="SM2", EncryptionPublicKey=pem,
                       EncryptionAlgorithm=algorithm) == "InvalidParameter", algorithm
    assert client.metadata(key) == before


# ---------------------------------------------------------------- garbage

GARBAGE = ["", " ", "\x00", "a\x00b", "=", "====", "Y", "YQ", "YQ===", "YR==", "YQ==\n", " YQ==", "-_-_", "ä", "\U0001f511", "%00", "../etc/passwd",
           "' OR 1=1 --", "\u202e", "x" * 100_000, "=" * 5000]
ALMOST = [b64(bytes(100_000)), b64(b"\x30\x80" * 1000), b64(b"\x30\x84\x7f\xff\xff\xff" + b"\x02\x01\x01" * 100), b64(b"\x04" + b"\xff" * 96)]

# action -> (how its key is made, right parameters, name of a text -> the codes with which garbage in it is refused)
TEXTS = {
    "GetParametersForImport": ({"Type": 2}, {"WrappingAlgorithm": USUAL, "WrappingKeySpec": "RSA_2048"},
                               {"WrappingAlgorithm": {"InvalidParameter"}, "WrappingKeySpec": {"InvalidParameter"}}),
    "ImportKeyMaterial": ({"Type": 2}, {}, {"EncryptedKeyMaterial": BAD_MATERIAL, "ImportToken": BAD_TOKEN}),
    "AsymmetricRsaDecrypt": ({"KeyUsage": "ASYMMETRIC_DECRYPT_RSA_2048"}, {"Ciphertext": "YQ==", "Algorithm": USUAL},
                             {"Ciphertext": UNDECIPHERABLE, "Algorithm": {"InvalidParameter"}}),
    "AsymmetricSm2Decrypt": ({"KeyUsage": SM2_DECRYPT}, {}, {"Ciphertext": UNDECIPHERABLE}),
    "AsymmetricSm2Encrypt": ({"KeyUsage": SM2_DECRYPT}, {}, {"Plaintext": {"InvalidParameterValue.InvalidPlaintext"}}),
    "SignByAsymmetricKey": ({"KeyUsage": SIGNING["SM2DSA"]}, {"Algorithm": "SM2DSA", "Message": "YQ=="},
                            {"Algorithm": {"InvalidParameter"}, "Message": {"InvalidParameter"}, "MessageType": {"InvalidParameter"}}),
    "VerifyByAsymmetricKey": ({"KeyUsage": SIGNING["SM2DSA"]}, {"Algorithm": "SM2DSA", "Message": "YQ==", "SignatureValue": "YQ=="},
                              {"Algorithm": {"InvalidParameter"}, "Message": {"InvalidParameter"}, "MessageType": {"InvalidParameter"},
                               "SignatureValue": {"InvalidParameter"}}),
    "GenerateAsymmetricKeyValuePair": ({}, {"KeySpec": "SM2", "EncryptionPublicKey": rsa_pem(MODULUS, 65537), "EncryptionAlgorithm": USUAL},
                                       {"KeySpec": {"InvalidParameter"}, "EncryptionPublicKey": {"InvalidParameter"},
                                        "EncryptionAlgorithm": {"InvalidParameter"}}),
}


@pytest.mark.parametrize("action", TEXTS)
def test_garbage_in_texts_is_refused(client, action):
    kind, right, names = TEXTS[action]
    key = client.create(**kind)
    if action == "ImportKeyMaterial":
        invitation = invite(client, key)
        right = {"EncryptedKeyMaterial": b64(invitation.wrap(new_material(client))), "ImportToken": invitation.token}
    before = client.metadata(key)
    for name, codes in names.items():
        takes_these = action in ("AsymmetricSm2Encrypt", "SignByAsymmetricKey", "VerifyByAsymmetricKey") and name != "Algorithm"
        for wrong in GARBAGE + (ALMOST[:1] if takes_these else ALMOST):
            if name == "EncryptionPublicKey" and not wrong:
                continue  # nothing is encrypted
            assert refusal(client, action, **{**right, "KeyId": key, name: wrong}) in codes, (name, wrong[:100])
            code = refusal(client.v1, action, {**right, "KeyId": key, name: wrong}, method="POST")
            assert code in codes, (name, wrong[:100])
    for almost in ALMOST[1:]:
        if action == "VerifyByAsymmetricKey":
            try:
                assert client(action, **{**right, "KeyId": key, "SignatureValue": almost})["SignatureValid"] is False
            except Refused as error:
                assert error.code == "InvalidParameter" and len(almost) > 1024
    assert client.metadata(key) == before


@pytest.mark.parametrize("name", ["ProductId", "ResourceId"])
def test_garbage_in_bindings_is_kept_or_refused_but_never_cut(client, name):
    key = client.create()
    for wrong in ["", "x" * 513, "ä" * 257, "x" * 100_000]:
        for action in ("BindCloudResource", "UnbindCloudResource"):
            assert refusal(client, action, **{"KeyId": key, "ProductId": "p", "ResourceId": "r", name: wrong}) in INVALID, wrong[:20]
    for text in [text for text in GARBAGE if text and len(text) < 500] + ["x" * 512, "ä" * 256]:
        triple = {"KeyId": key, "ProductId": "p", "ResourceId": "r", name: text}
        try:
            client("BindCloudResource", **triple)
        except Refused as error:
            assert error.code in INVALID and "\x00" in text, text
            continue
        for other in (text + "x", text[:-1], text.upper() + "!"):
            assert refusal(client, "UnbindCloudResource", **{**triple, name: other}) in {
                "ResourceUnavailable.CloudResourceBindingNotFound"} | (INVALID if not 0 < len(other.encode()) <= 512 else set()), text
        client.v1("UnbindCloudResource", triple, method="POST")
    client("DisableKey", KeyId=key)


def test_garbage_in_product_keys_is_refused(client):
    count = client("ListKeys", Role=1)["TotalCount"]
    for wrong in GARBAGE:
        assert refusal(client, "Claviger.CreateProductKey", Product=wrong) in INVALID, wrong[:50]
        assert refusal(client, "Claviger.CreateProductKey", Product="cos", Alias=wrong) == "InvalidParameterValue.InvalidAlias"
    for wrong in ("user", "COS", "x" * 33, "c_s"):
        assert refusal(client, "Claviger.CreateProductKey", Product=wrong) in INVALID
    for wrong in ("cos", "km", unique_alias()):
        assert refusal(client, "Claviger.CreateProductKey", Product="cos", Alias=wrong) == "InvalidParameterValue.InvalidAlias"
    assert refusal(client, "Claviger.CreateProductKey", Product="cos", Description="x" * 1025) in INVALID
    assert client("ListKeys", Role=1)["TotalCount"] == count
    key = client("Claviger.CreateProductKey", Product="cos")["KeyId"]
    metadata = client.metadata(key)
    assert (metadata["Alias"], metadata["Owner"], metadata["KeyState"]) == ("kms-cos", "cos", "Enabled")
    assert refusal(client, "Claviger.CreateProductKey", Product="cos") == "InvalidParameterValue.AliasAlreadyExists"
    assert [entry["KeyId"] for entry in client("ListKeys", Role=1, Limit=1)["Keys"]] == [key]
    for action, code in (("DisableKey", "FailedOperation.CmkUsedByCloudProduct"), ("ArchiveKey", "UnsupportedOperation.NotUserCreatedCmk")):
        assert refusal(client, action, KeyId=key) == code
    client("RotateKey", KeyId=key)


@pytest.mark.parametrize("action, name", [
    ("ImportKeyMaterial", "EncryptedKeyMaterial"), ("SignByAsymmetricKey", "Message"),
    ("GenerateAsymmetricKeyValuePair", "EncryptionPublicKey"),
])
def test_values_of_ten_megabytes_are_refused(server, action, name):
    client = Client(server, timeout=60)
    kind, right, names = TEXTS[action]
    key = client.create(**kind)
    if action == "ImportKeyMaterial":
        right = {"ImportToken": invite(client, key).token}
    before = client.metadata(key)
    assert refusal(client, action, **{**right, "KeyId": key, name: "A" * (10 * 2**20 - 2000)}) in names[name]
    assert client.metadata(key) == before
    client.close()
