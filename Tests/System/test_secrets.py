"""What must stay secret is in no file and in no answer to operators; what is deleted is gone from the files."""
import base64
import os
import urllib.request

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import padding

import audit_log
import store
from client import Client, b64, refusal
from legacy_client import LegacyClient
from material import GUOMI, WRAPPINGS, import_into, invite, new_material, waiting_key
from waiting import eventually

REGIONS = ["ap-guangzhou", GUOMI]


def everything(server):
    """All that a server writes and shows: each file of its data directory but those made to hold secrets, its log, its metrics."""
    kept = {path.relative_to(server.data.parent).as_posix(): path.read_bytes()
            for path in server.data.rglob("*") if path.is_file() and path.name not in ("root.key", "credentials.env")}
    assert {"data/claviger.db", "data/audit-head"} <= kept.keys()
    kept["log"] = server.log_path.read_bytes()
    if server.is_running:
        with urllib.request.urlopen(server.url + "/metrics", timeout=30) as answer:
            kept["metrics"] = answer.read()
    return kept


def spellings(secret):
    """A secret and how it could have been written."""
    secret = secret.encode() if isinstance(secret, str) else secret
    # The beginning of a base64 text does not depend on what follows it.
    return [secret, b64(secret).rstrip("=").encode()[:-1], secret.hex().encode(), secret.hex().upper().encode()]


def found(server, secrets):
    places = everything(server)
    return [(name, place) for name, secret in secrets.items() for spelling in spellings(secret)
            for place, content in places.items() if spelling in content]


def signs_of_private_keys(modulus):
    """What only the DER of a private key holds."""
    return {
        "RSA private key in PKCS#8": bytes.fromhex("020100300d06092a864886f70d0101010500048204"),
        "RSA private key": modulus.to_bytes(256, "big") + bytes.fromhex("02030100010282"),
        "EC private key in PKCS#8": bytes.fromhex("020100301306072a8648ce3d0201"),
        "EC private key": bytes.fromhex("0201010420"),
        "private key in PEM": b"PRIVATE KEY-----",
    }


@pytest.mark.parametrize("region", REGIONS)
def test_no_material_no_private_key_and_no_plaintext_is_written_anywhere(launch, region):
    server = launch("--log-level", "trace")
    client = Client(server, region)
    plaintext, context = os.urandom(64), '{"patient":"a very particular context"}'
    secrets = {"plaintext": plaintext, "context": "a very particular context", "message": os.urandom(64)}

    symmetric = client.create()
    client("RotateKey", KeyId=symmetric)
    blob = client("Encrypt", KeyId=symmetric, Plaintext=b64(plaintext), EncryptionContext=context)["CiphertextBlob"]
    client("Decrypt", CiphertextBlob=blob, EncryptionContext=context)
    client("ReEncrypt", CiphertextBlob=blob, SourceEncryptionContext=context, DestinationEncryptionContext=context)
    legacy = LegacyClient(server, region)
    legacy("Encrypt", keyId=symmetric, plaintext=b64(plaintext), encryptionContext=context)
    legacy.close()
    client.v1("Encrypt", {"KeyId": symmetric, "Plaintext": b64(plaintext)})

    secrets["imported material"] = material = new_material(client)
    external = waiting_key(client)
    tokens = []
    for algorithm in WRAPPINGS:
        invitation = invite(client, external, algorithm)
        invitation.give(client, material)
        tokens.append(invitation.token)
        secrets[f"token for {algorithm}"] = base64.b64decode(invitation.token)
    secrets["material that was refused"] = other = new_material(client)
    assert refusal(invitation.give, client, other) == "InvalidParameterValue.MaterialNotMatch"
    secrets["material of a wrong size"] = wrong = os.urandom(40)
    assert refusal(invitation.give, client, wrong) == "InvalidParameter.DecryptMaterialError"

    rsa_key, sm2_key, ecc_key = (client.create(KeyUsage=usage) for usage in (
        "ASYMMETRIC_DECRYPT_RSA_2048", "ASYMMETRIC_DECRYPT_SM2", "ASYMMETRIC_SIGN_VERIFY_ECC"))
    public = serialization.load_der_public_key(base64.b64decode(client("GetPublicKey", KeyId=rsa_key)["PublicKey"]))
    sealed = b64(public.encrypt(plaintext, padding.PKCS1v15()))
    opened = client("AsymmetricRsaDecrypt", KeyId=rsa_key, Ciphertext=sealed, Algorithm="RSAES_PKCS1_V1_5")["Plaintext"]
    assert opened == b64(plaintext)
    sealed = client("AsymmetricSm2Encrypt", KeyId=sm2_key, Plaintext=b64(plaintext))["Ciphertext"]
    assert client("AsymmetricSm2Decrypt", KeyId=sm2_key, Ciphertext=sealed)["Plaintext"] == b64(plaintext)
    refusal(client, "AsymmetricSm2Encrypt", KeyId=rsa_key, Plaintext=b64(plaintext))
    client("SignByAsymmetricKey", KeyId=ecc_key, Algorithm="ECC_P256_R1", Message=b64(secrets["message"]))
    refusal(client, "SignByAsymmetricKey", KeyId=rsa_key, Algorithm="ECC_P256_R1", Message=b64(secrets["message"]))
    pair = client("GenerateAsymmetricKeyValuePair", KeyId=symmetric, KeySpec="SM2")["PrivateKeyPlaintext"]
    der = base64.b64decode("".join(pair.strip().split("\n")[1:-1]))
    secrets |= {"generated key in PEM": pair, "generated key in DER": der, "generated number": der[-32:]}

    signs = signs_of_private_keys(public.public_numbers().n)
    # The search finds what is there: the public half and the wrapped material are in the database.
    present = {"public key": public.public_numbers().n.to_bytes(256, "big"), "wrapped": store.wrapped_materials(server.data, external)[0]}
    assert {name for name, _ in found(server, present)} == {"public key", "wrapped"}
    assert not found(server, secrets | signs)
    client.close()
    assert server.stop() == 0
    assert not found(server, secrets | signs)


@pytest.mark.parametrize("region", REGIONS)
def test_deleted_material_leaves_the_files(launch, region):
    server = launch()
    client = Client(server, region)
    key, kept, material = waiting_key(client), waiting_key(client), new_material(client)
    import_into(client, kept, new_material(client))
    seen = []
    for _ in range(3):
        import_into(client, key, material)
        client("Encrypt", KeyId=key, Plaintext="YQ==")
        # Other changes move the row about before it goes.
        client("UpdateKeyDescription", KeyId=key, Description="x" * 1000)
        wrapped = store.wrapped_materials(server.data, key)
        assert len(wrapped) == 1 and wrapped[0] not in seen and store.files_that_hold(server.data, wrapped[0])
        seen += wrapped
        client("DeleteImportedKeyMaterial", KeyId=key)
        assert store.wrapped_materials(server.data, key) == []
    # Importing anew wraps anew, and what was wrapped before goes.
    for _ in range(2):
        import_into(client, key, material)
        seen += store.wrapped_materials(server.data, key)
    last = seen.pop()
    for wrapped in seen:
        eventually(lambda: not store.files_that_hold(server.data, wrapped), "the deleted material to leave the files")
    assert store.files_that_hold(server.data, last)
    assert store.files_that_hold(server.data, store.wrapped_materials(server.data, kept)[0])
    client.close()
    assert server.stop() == 0
    assert not [wrapped for wrapped in seen if store.files_that_hold(server.data, wrapped)]
    audit_log.verify(server.data)


@pytest.mark.parametrize("region", REGIONS)
def test_deleted_material_is_gone_after_a_kill(launch, region):
    first = launch()
    client = Client(first, region)
    key, material = waiting_key(client), new_material(client)
    import_into(client, key, material)
    wrapped, = store.wrapped_materials(first.data, key)
    client("DeleteImportedKeyMaterial", KeyId=key)
    first.kill()
    second = launch()
    assert not store.files_that_hold(second.data, wrapped)
    client = Client(second, region)
    assert client.metadata(key)["KeyState"] == "PendingImport"
    client.close()
    assert second.stop() == 0
