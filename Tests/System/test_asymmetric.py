"""Asymmetric keys, checked by other implementations of the same standards."""
import base64
import hashlib
import os

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils

import audit_log
import sm2
from client import Client, b64, refusal, unique_alias
from crowd import together, turns
from material import WRAPPINGS

RSA_DECRYPT, SM2_DECRYPT = "ASYMMETRIC_DECRYPT_RSA_2048", "ASYMMETRIC_DECRYPT_SM2"
RSA_SIGN, SM2_SIGN, ECC_SIGN = "ASYMMETRIC_SIGN_VERIFY_RSA_2048", "ASYMMETRIC_SIGN_VERIFY_SM2", "ASYMMETRIC_SIGN_VERIFY_ECC"
WRONG_STATE, WRONG_USAGE = "ResourceUnavailable.CmkStateNotSupport", "InvalidParameterValue.InvalidKeyUsage"
UNDECIPHERABLE = "FailedOperation.DecryptError"


def public_key(client, key):
    """The DER of a key's public half, which must be the same in both members of the answer."""
    answer = client("GetPublicKey", KeyId=key)
    der = base64.b64decode(answer["PublicKey"], validate=True)
    lines = answer["PublicKeyPem"].strip().split("\n")
    assert (lines[0], lines[-1]) == ("-----BEGIN PUBLIC KEY-----", "-----END PUBLIC KEY-----")
    assert base64.b64decode("".join(lines[1:-1]), validate=True) == der
    return der


def sign(client, key, algorithm, message, kind=None):
    more = {} if kind is None else {"MessageType": kind}
    return base64.b64decode(client("SignByAsymmetricKey", KeyId=key, Algorithm=algorithm, Message=b64(message), **more)["Signature"])


def server_verifies(client, key, algorithm, message, signature, kind="RAW"):
    return client("VerifyByAsymmetricKey", KeyId=key, Algorithm=algorithm, Message=b64(message), MessageType=kind,
                  SignatureValue=b64(signature))["SignatureValid"]


# ---------------------------------------------------------------- signatures

def rsa_pss(der, message, signature):
    check_rsa(der, message, signature, padding.PSS(padding.MGF1(hashes.SHA256()), 32))


def rsa_pkcs1(der, message, signature):
    check_rsa(der, message, signature, padding.PKCS1v15())


def check_rsa(der, message, signature, pad):
    key = serialization.load_der_public_key(der)
    assert isinstance(key, rsa.RSAPublicKey) and (key.key_size, key.public_numbers().e) == (2048, 65537)
    key.verify(signature, message, pad, hashes.SHA256())


def ecdsa(der, message, signature):
    key = serialization.load_der_public_key(der)
    assert isinstance(key.curve, ec.SECP256R1)
    key.verify(signature, message, ec.ECDSA(hashes.SHA256()))


def sm2_der(der, message, signature):
    sm2_numbers(der, message, *utils.decode_dss_signature(signature))


def sm2_raw(der, message, signature):
    assert len(signature) == 64
    sm2_numbers(der, message, int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big"))


def sm2_numbers(der, message, r, s):
    point = sm2.point_of(der)
    if not sm2.verifies(point, sm2.digest(point, message), r, s):
        raise InvalidSignature


SIGNATURES = {
    "RSA_PSS_SHA_256": (RSA_SIGN, rsa_pss), "RSA_PKCS1_SHA_256": (RSA_SIGN, rsa_pkcs1), "ECC_P256_R1": (ECC_SIGN, ecdsa),
    "SM2DSA": (SM2_SIGN, sm2_der), "SM2DSA_ASN1": (SM2_SIGN, sm2_der), "SM2DSA ASN1": (SM2_SIGN, sm2_der), "SM2DSA_RAW": (SM2_SIGN, sm2_raw),
}


@pytest.mark.parametrize("algorithm", SIGNATURES)
def test_signatures_hold_for_their_message_and_for_no_other(client, algorithm):
    usage, check = SIGNATURES[algorithm]
    key = client.create(KeyUsage=usage)
    der = public_key(client, key)
    for message in (b"m", os.urandom(4096)):
        digest = sm2.digest(sm2.point_of(der), message) if usage == SM2_SIGN else hashlib.sha256(message).digest()
        for signature in (sign(client, key, algorithm, message), sign(client, key, algorithm, digest, "DIGEST")):
            check(der, message, signature)
            assert server_verifies(client, key, algorithm, message, signature)
            assert server_verifies(client, key, algorithm, digest, signature, "DIGEST")
            other = bytes([message[0] ^ 1]) + message[1:]
            with pytest.raises(InvalidSignature):
                check(der, other, signature)
            assert not server_verifies(client, key, algorithm, other, signature)
            changed = signature[:-1] + bytes([signature[-1] ^ 1])
            assert not server_verifies(client, key, algorithm, message, changed)
            assert not server_verifies(client, key, algorithm, message, signature + b"\0")
            assert not server_verifies(client, key, algorithm, message, signature[:-1])
    for size in (0, 4097):
        assert refusal(sign, client, key, algorithm, b"x" * size) == "InvalidParameter"
    for size in (0, 31, 33):
        assert refusal(sign, client, key, algorithm, b"x" * size, "DIGEST") == "InvalidParameter"
    for kind in ("raw", "", "RAW "):
        assert refusal(sign, client, key, algorithm, b"x", kind) == "InvalidParameter"
    for other in SIGNATURES:
        if SIGNATURES[other][0] != usage:
            assert refusal(sign, client, key, other, b"x") == "InvalidParameter"
    for other in ("", "sm2dsa", "SHA256", "ECC_P256", "RSA_PSS_SHA_512"):
        assert refusal(sign, client, key, other, b"x") == "InvalidParameter"


# ---------------------------------------------------------------- encryption

def wrap(der, algorithm, plaintext):
    return serialization.load_der_public_key(der).encrypt(plaintext, WRAPPINGS[algorithm])


def check_does_not_open(client, key, algorithm, ciphertext):
    """PKCS#1 v1.5 rejects implicitly: what does not open gives noise, the same each time, so that nobody learns whether it would."""
    parameters = {"KeyId": key, "Algorithm": algorithm, "Ciphertext": b64(ciphertext)}
    if algorithm != "RSAES_PKCS1_V1_5":
        assert refusal(client, "AsymmetricRsaDecrypt", **parameters) == UNDECIPHERABLE
    else:
        noise = client("AsymmetricRsaDecrypt", **parameters)["Plaintext"]
        assert len(base64.b64decode(noise)) <= 245 and client("AsymmetricRsaDecrypt", **parameters)["Plaintext"] == noise


@pytest.mark.parametrize("algorithm, most", [("RSAES_PKCS1_V1_5", 245), ("RSAES_OAEP_SHA_1", 214), ("RSAES_OAEP_SHA_256", 190)])
def test_what_is_encrypted_under_an_rsa_key_opens(client, algorithm, most):
    key = client.create(KeyUsage=RSA_DECRYPT)
    der = public_key(client, key)
    for plaintext in (b"m", os.urandom(most)):
        ciphertext = wrap(der, algorithm, plaintext)
        assert client("AsymmetricRsaDecrypt", KeyId=key, Algorithm=algorithm, Ciphertext=b64(ciphertext))["Plaintext"] == b64(plaintext)
        for wrong in (ciphertext[:-1], ciphertext + b"\0", b"\xff" * 256, b"x", b""):
            code = refusal(client, "AsymmetricRsaDecrypt", KeyId=key, Algorithm=algorithm, Ciphertext=b64(wrong))
            assert code == UNDECIPHERABLE, wrong
        check_does_not_open(client, key, algorithm, bytes(255) + b"\x02")
        for other in sorted(WRAPPINGS.keys() - {algorithm}):
            check_does_not_open(client, key, other, ciphertext)
    for name in ("", "RSAES_OAEP", "rsaes_pkcs1_v1_5"):
        assert refusal(client, "AsymmetricRsaDecrypt", KeyId=key, Algorithm=name, Ciphertext=b64(ciphertext)) == "InvalidParameter"


def der_element(tag, content):
    size = len(content)
    length = bytes([size]) if size < 128 else bytes([0x81, size]) if size < 256 else b"\x82" + size.to_bytes(2, "big")
    return bytes([tag]) + length + content


def der_integer(number):
    return der_element(2, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def sm2_asn1(c1, c3, c2):
    return der_element(0x30, der_integer(int.from_bytes(c1[:32], "big")) + der_integer(int.from_bytes(c1[32:], "big"))
                       + der_element(4, c3) + der_element(4, c2))


@pytest.mark.parametrize("size", [1, 31, 33, 1024])
def test_what_is_encrypted_under_an_sm2_key_opens_in_every_form(client, size):
    key = client.create(KeyUsage=SM2_DECRYPT)
    plaintext = os.urandom(size)
    c1, c3, c2 = sm2.encrypt(sm2.point_of(public_key(client, key)), plaintext)
    for ciphertext in (sm2_asn1(c1, c3, c2), b"\x04" + c1 + c3 + c2, c1 + c3 + c2):
        assert client("AsymmetricSm2Decrypt", KeyId=key, Ciphertext=b64(ciphertext))["Plaintext"] == b64(plaintext)
    for wrong in (b"\x04" + c1 + c2 + c3, sm2_asn1(c1, c2, c3), c1 + c3 + c2 + b"\0", c1 + c3 + c2[:-1], c1 + c3, b"\0" * 97):
        assert refusal(client, "AsymmetricSm2Decrypt", KeyId=key, Ciphertext=b64(wrong)) == UNDECIPHERABLE
    made = client("AsymmetricSm2Encrypt", KeyId=key, Plaintext=b64(plaintext))["Ciphertext"]
    assert client("AsymmetricSm2Decrypt", KeyId=key, Ciphertext=made)["Plaintext"] == b64(plaintext)
    assert client("AsymmetricSm2Encrypt", KeyId=key, Plaintext=b64(plaintext))["Ciphertext"] != made


@pytest.mark.parametrize("plaintext", ["", "=", "YQ", "YQ==\n", b64(b"x" * 1025)])
def test_an_sm2_plaintext_has_1_to_1024_bytes(client, plaintext):
    key = client.create(KeyUsage=SM2_DECRYPT)
    assert refusal(client, "AsymmetricSm2Encrypt", KeyId=key, Plaintext=plaintext) == "InvalidParameterValue.InvalidPlaintext"


# ---------------------------------------------------------------- key pairs

def pem_der(pem):
    return base64.b64decode("".join(pem.strip().split("\n")[1:-1]), validate=True)


def sm2_private_number(pem):
    """The private number of a PKCS#8 PEM whose ECPrivateKey has neither curve nor public key."""
    lines = pem.strip().split("\n")
    assert (lines[0], lines[-1]) == ("-----BEGIN PRIVATE KEY-----", "-----END PRIVATE KEY-----")
    der = pem_der(pem)
    key = der_element(0x30, der_integer(1) + der_element(4, der[-32:]))
    curve = sm2.PUBLIC_KEY_HEAD[2:2 + 21]
    assert der == der_element(0x30, der_integer(0) + curve + der_element(4, key))
    return int.from_bytes(der[-32:], "big")


@pytest.mark.parametrize("action", ["GenerateAsymmetricKeyValuePair", "GenerateAsymmetricKeyPair"])
def test_a_generated_key_pair_fits_together_and_its_ciphertext_opens(edition_client, action):
    client = edition_client
    key = client.create()
    answer = client(action, KeyId=key, KeySpec="SM2")
    private = sm2_private_number(answer["PrivateKeyPlaintext"])
    assert sm2.times(private, sm2.G) == sm2.point_of(pem_der(answer["PublicKeyPlaintext"]))
    assert client("Decrypt", CiphertextBlob=answer["PrivateKeyCiphertextBlob"])["Plaintext"] == b64(answer["PrivateKeyPlaintext"])
    assert client(action, KeyId=key, KeySpec="SM2")["PrivateKeyPlaintext"] != answer["PrivateKeyPlaintext"]


@pytest.mark.parametrize("algorithm", WRAPPINGS)
def test_a_generated_private_key_comes_encrypted_for_an_rsa_key(client, algorithm):
    key, recipient = client.create(), rsa.generate_private_key(65537, 2048)
    pem = recipient.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()
    answer = client("GenerateAsymmetricKeyValuePair", KeyId=key, KeySpec="SM2", EncryptionPublicKey=pem, EncryptionAlgorithm=algorithm)
    private = recipient.decrypt(base64.b64decode(answer["PrivateKeyPlaintext"], validate=True), WRAPPINGS[algorithm]).decode()
    assert client("Decrypt", CiphertextBlob=answer["PrivateKeyCiphertextBlob"])["Plaintext"] == b64(private)
    assert sm2.times(sm2_private_number(private), sm2.G) == sm2.point_of(pem_der(answer["PublicKeyPlaintext"]))
    for wrong in ("SM2", "SM2_C1C3C2_ASN1", "RSAES_OAEP", ""):
        assert refusal(client, "GenerateAsymmetricKeyValuePair", KeyId=key, KeySpec="SM2", EncryptionPublicKey=pem,
                       EncryptionAlgorithm=wrong) == "InvalidParameter"
    assert refusal(client, "GenerateAsymmetricKeyValuePair", KeyId=key, KeySpec="SM2", EncryptionPublicKey=pem) == "InvalidParameter"


def test_without_a_recipient_nothing_is_encrypted(client):
    key = client.create()
    for algorithm in ("", "SM2", "RSAES_OAEP_SHA_256"):
        answer = client("GenerateAsymmetricKeyValuePair", KeyId=key, KeySpec="SM2", EncryptionPublicKey="", EncryptionAlgorithm=algorithm)
        assert sm2.times(sm2_private_number(answer["PrivateKeyPlaintext"]), sm2.G) == sm2.point_of(pem_der(answer["PublicKeyPlaintext"]))


@pytest.mark.parametrize("algorithm", [None, "SM2", "SM2_C1C3C2_ASN1"])
def test_a_generated_private_key_comes_encrypted_for_an_sm2_key(client, algorithm):
    key, recipient = client.create(), client.create(KeyUsage=SM2_DECRYPT)
    pem = client("GetPublicKey", KeyId=recipient)["PublicKeyPem"]
    more = {} if algorithm is None else {"EncryptionAlgorithm": algorithm}
    answer = client("GenerateAsymmetricKeyValuePair", KeyId=key, KeySpec="SM2", EncryptionPublicKey=pem, **more)
    sealed = answer["PrivateKeyPlaintext"]
    opened = client("AsymmetricSm2Decrypt", KeyId=recipient, Ciphertext=sealed)["Plaintext"]
    assert opened == client("Decrypt", CiphertextBlob=answer["PrivateKeyCiphertextBlob"])["Plaintext"]
    private = base64.b64decode(opened).decode()
    assert sm2.times(sm2_private_number(private), sm2.G) == sm2.point_of(pem_der(answer["PublicKeyPlaintext"]))
    # C1 and C3 in raw form take 96 bytes, and one more where C1 begins with 04.
    raw = len(base64.b64decode(sealed)) - len(private) in (96, 97)
    assert raw == (algorithm != "SM2_C1C3C2_ASN1")
    assert refusal(client, "GenerateAsymmetricKeyValuePair", KeyId=key, KeySpec="SM2", EncryptionPublicKey=pem,
                   EncryptionAlgorithm="RSAES_PKCS1_V1_5") == "InvalidParameter"


@pytest.mark.parametrize("make", [
    lambda: rsa.generate_private_key(65537, 1024), lambda: rsa.generate_private_key(65537, 3072), lambda: ec.generate_private_key(ec.SECP256R1()),
], ids=["short", "long", "another curve"])
def test_other_keys_are_no_recipients(client, make):
    pem = make().public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()
    key = client.create()
    for algorithm in ("RSAES_OAEP_SHA_256", "SM2", "SM2_C1C3C2_ASN1", "RSAES_PKCS1_V1_5"):
        assert refusal(client, "GenerateAsymmetricKeyValuePair", KeyId=key, KeySpec="SM2", EncryptionPublicKey=pem,
                       EncryptionAlgorithm=algorithm) == "InvalidParameter"


# ---------------------------------------------------------------- usages and states

CALLS = {
    "Encrypt": {"Plaintext": "YQ=="}, "GenerateDataKey": {"KeySpec": "AES_128"}, "GenerateAsymmetricKeyValuePair": {"KeySpec": "SM2"},
    "GetPublicKey": {}, "AsymmetricRsaDecrypt": {"Ciphertext": "YQ==", "Algorithm": "RSAES_OAEP_SHA_256"},
    "AsymmetricSm2Decrypt": {"Ciphertext": "YQ=="}, "AsymmetricSm2Encrypt": {"Plaintext": "YQ=="},
    "SignByAsymmetricKey": {"Algorithm": "SM2DSA", "Message": "YQ=="},
    "VerifyByAsymmetricKey": {"Algorithm": "SM2DSA", "Message": "YQ==", "SignatureValue": "YQ=="},
}
SYMMETRIC = {"Encrypt", "GenerateDataKey", "GenerateAsymmetricKeyValuePair"}
SIGNING = {"GetPublicKey", "SignByAsymmetricKey", "VerifyByAsymmetricKey"}
FITTING = {"ENCRYPT_DECRYPT": SYMMETRIC, RSA_DECRYPT: {"GetPublicKey", "AsymmetricRsaDecrypt"},
           SM2_DECRYPT: {"GetPublicKey", "AsymmetricSm2Decrypt", "AsymmetricSm2Encrypt"}, RSA_SIGN: SIGNING, SM2_SIGN: SIGNING, ECC_SIGN: SIGNING}


@pytest.mark.parametrize("usage", FITTING)
def test_a_key_serves_its_own_usage_only(edition_client, usage):
    client = edition_client
    key = client.create(KeyUsage=usage)
    assert client.metadata(key)["KeyUsage"] == usage
    for action in CALLS.keys() - FITTING[usage]:
        assert refusal(client, action, KeyId=key, **CALLS[action]) == WRONG_USAGE, action
    if usage != "ENCRYPT_DECRYPT":
        assert refusal(client, "CreateKey", Alias=unique_alias(), Type=2, KeyUsage=usage) == WRONG_USAGE


@pytest.mark.parametrize("usage", [RSA_DECRYPT, SM2_DECRYPT, RSA_SIGN, SM2_SIGN, ECC_SIGN])
def test_an_asymmetric_key_is_used_while_it_is_enabled(client, usage):
    key = client.create(KeyUsage=usage)
    for take, give, states in (("DisableKey", "EnableKey", "CmkDisabled"), ("ArchiveKey", "CancelKeyArchive", "CmkStateNotSupport")):
        client(take, KeyId=key)
        for action in FITTING[usage]:
            expected = f"ResourceUnavailable.{states}" if action == "AsymmetricSm2Encrypt" else WRONG_STATE
            assert refusal(client, action, KeyId=key, **CALLS[action]) == expected, action
        client(give, KeyId=key)
        public_key(client, key)


def test_asymmetric_keys_outlive_a_restart(launch):
    first = launch()
    client = Client(first)
    keys = {algorithm: client.create(KeyUsage=usage) for algorithm, (usage, _) in SIGNATURES.items()}
    opening = {usage: client.create(KeyUsage=usage) for usage in (RSA_DECRYPT, SM2_DECRYPT)}
    before = {key: public_key(client, key) for key in [*keys.values(), *opening.values()]}
    signatures = {algorithm: sign(client, key, algorithm, b"message") for algorithm, key in keys.items()}
    sealed = client("AsymmetricSm2Encrypt", KeyId=opening[SM2_DECRYPT], Plaintext="YQ==")["Ciphertext"]
    first.kill()

    second = launch()
    client = Client(second)
    assert {key: public_key(client, key) for key in before} == before
    for algorithm, key in keys.items():
        assert server_verifies(client, key, algorithm, b"message", signatures[algorithm])
        SIGNATURES[algorithm][1](before[key], b"message", sign(client, key, algorithm, b"message"))
    assert client("AsymmetricSm2Decrypt", KeyId=opening[SM2_DECRYPT], Ciphertext=sealed)["Plaintext"] == "YQ=="
    wrapped = wrap(before[opening[RSA_DECRYPT]], "RSAES_OAEP_SHA_1", b"a")
    assert client("AsymmetricRsaDecrypt", KeyId=opening[RSA_DECRYPT], Algorithm="RSAES_OAEP_SHA_1", Ciphertext=b64(wrapped))["Plaintext"] == "YQ=="
    client.close()
    assert second.stop() == 0
    audit_log.verify(second.data)


def test_many_signatures_do_not_keep_encryption_waiting(server):
    owner = Client(server)
    signing = [owner.create(KeyUsage=RSA_SIGN) for _ in range(2)]
    halves = {key: serialization.load_der_public_key(public_key(owner, key)) for key in signing}
    symmetric = owner.create()

    def work(client, index):
        done = 0
        for turn in turns(3):
            if index < 8:
                key, message = signing[index % 2], f"{index} {turn}".encode()
                signature = sign(client, key, "RSA_PKCS1_SHA_256", message)
                halves[key].verify(signature, message, padding.PKCS1v15(), hashes.SHA256())
            else:
                blob = client("Encrypt", KeyId=symmetric, Plaintext=b64(f"{index} {turn}"))["CiphertextBlob"]
                assert client("Decrypt", CiphertextBlob=blob)["Plaintext"] == b64(f"{index} {turn}")
            done += 1
        return done

    done = together(server, 10, work)
    assert all(isinstance(count, int) and count > 0 for count in done), done
    assert sum(done[:8]) >= 8 and min(done[8:]) >= 2
    owner.close()
