"""Every call leaves a record that says what was asked of which key, and what came of it."""
import base64

import pytest
from cryptography.hazmat.primitives import serialization

import audit_log
from client import Client, Refused, b64, unique_alias
from material import USUAL, WRAPPINGS, Invitation, new_material

NOBODY = "00000000-0000-4000-8000-000000000000"


class Diary:
    """Makes calls and notes what their records must say."""

    def __init__(self, client):
        self.client, self.expected = client, {}

    def __call__(self, action, outcome="ok", made=False, about=None, **parameters):
        try:
            answer = self.client(action, **parameters)
            request, came_of_it = answer["RequestId"], "ok"
        except Refused as error:
            answer, request, came_of_it = None, error.request_id, error.code
        assert came_of_it == outcome, (action, came_of_it)
        key = answer["KeyId"] if made else about or parameters.get("KeyId")
        self.expected[request] = (action, [key] if key else [], outcome)
        return answer


def test_each_call_of_the_newer_actions_has_a_record(launch):
    server = launch()
    client = Client(server)
    call = Diary(client)
    wrong_state, wrong_usage = "ResourceUnavailable.CmkStateNotSupport", "InvalidParameterValue.InvalidKeyUsage"
    not_found = "ResourceUnavailable.CmkNotFound"

    key = call("CreateKey", made=True, Alias=unique_alias())["KeyId"]
    call("EnableKeyRotation", KeyId=key, RotateDays=7)
    call("EnableKeyRotation", "InvalidParameterValue", KeyId=key, RotateDays=6, about="")
    call("GetKeyRotationStatus", KeyId=key)
    call("DisableKeyRotation", KeyId=key)
    call("RotateKey", KeyId=key)
    blob = client("Encrypt", KeyId=key, Plaintext="YQ==")["CiphertextBlob"]
    call("ReEncrypt", CiphertextBlob=blob, about=key)
    call("ArchiveKey", KeyId=key)
    call("RotateKey", wrong_state, KeyId=key)
    call("CancelKeyArchive", KeyId=key)
    call("CancelKeyArchive", wrong_state, KeyId=key)
    call("BindCloudResource", KeyId=key, ProductId="p", ResourceId="r")
    call("ArchiveKey", "FailedOperation.CmkUsedByCloudProduct", KeyId=key)
    call("UnbindCloudResource", KeyId=key, ProductId="p", ResourceId="r")
    call("UnbindCloudResource", "ResourceUnavailable.CloudResourceBindingNotFound", KeyId=key, ProductId="p", ResourceId="r")
    for action in ("GenerateAsymmetricKeyValuePair", "GenerateAsymmetricKeyPair"):
        call(action, KeyId=key, KeySpec="SM2")
        call(action, "InvalidParameter", KeyId=key, KeySpec="RSA")
    call("GetPublicKey", wrong_usage, KeyId=key)
    call("GetPublicKey", not_found, KeyId=NOBODY)
    call("GetParametersForImport", "UnsupportedOperation.NotExternalCmk", KeyId=key, WrappingAlgorithm=USUAL, WrappingKeySpec="RSA_2048")

    external = call("CreateKey", made=True, Alias=unique_alias(), Type=2)["KeyId"]
    call("RotateKey", "UnsupportedOperation.RotateNotSupported", KeyId=external)
    call("EnableKeyRotation", "UnsupportedOperation.ExternalCmkCanNotRotate", KeyId=external)
    answer = call("GetParametersForImport", KeyId=external, WrappingAlgorithm=USUAL, WrappingKeySpec="RSA_2048")
    invitation = Invitation(external, answer["ImportToken"], base64.b64decode(answer["PublicKey"]), USUAL, 0)
    for outcome, material in (("ok", new_material(client)), ("InvalidParameterValue.MaterialNotMatch", new_material(client)),
                              ("InvalidParameter.DecryptMaterialError", b"short")):
        call("ImportKeyMaterial", outcome, KeyId=external, ImportToken=invitation.token, EncryptedKeyMaterial=b64(invitation.wrap(material)))
    call("ImportKeyMaterial", "ResourceUnavailable.TokenExpired", KeyId=external, ImportToken="YQ==", EncryptedKeyMaterial="YQ==")
    call("DeleteImportedKeyMaterial", KeyId=external)
    call("DeleteImportedKeyMaterial", wrong_state, KeyId=external)

    rsa, sm2, signing = (call("CreateKey", made=True, Alias=unique_alias(), KeyUsage=usage)["KeyId"] for usage in (
        "ASYMMETRIC_DECRYPT_RSA_2048", "ASYMMETRIC_DECRYPT_SM2", "ASYMMETRIC_SIGN_VERIFY_RSA_2048"))
    public = serialization.load_der_public_key(base64.b64decode(call("GetPublicKey", KeyId=rsa)["PublicKey"]))
    call("AsymmetricRsaDecrypt", KeyId=rsa, Algorithm=USUAL, Ciphertext=b64(public.encrypt(b"a", WRAPPINGS[USUAL])))
    call("AsymmetricRsaDecrypt", "FailedOperation.DecryptError", KeyId=rsa, Algorithm=USUAL, Ciphertext="YQ==")
    sealed = call("AsymmetricSm2Encrypt", KeyId=sm2, Plaintext="YQ==")["Ciphertext"]
    call("AsymmetricSm2Encrypt", "InvalidParameterValue.InvalidPlaintext", KeyId=sm2, Plaintext="?")
    call("AsymmetricSm2Decrypt", KeyId=sm2, Ciphertext=sealed)
    call("AsymmetricSm2Decrypt", "FailedOperation.DecryptError", KeyId=sm2, Ciphertext="YQ==")
    request = {"KeyId": signing, "Algorithm": "RSA_PSS_SHA_256", "Message": "YQ=="}
    signature = call("SignByAsymmetricKey", **request)["Signature"]
    call("SignByAsymmetricKey", "InvalidParameter", **{**request, "Algorithm": "SM2DSA"})
    call("VerifyByAsymmetricKey", **request, SignatureValue=signature)
    call("VerifyByAsymmetricKey", **{**request, "Message": "Yg=="}, SignatureValue=signature)
    call("SignByAsymmetricKey", wrong_usage, **{**request, "KeyId": rsa})

    product = call("Claviger.CreateProductKey", made=True, Product="cos")["KeyId"]
    call("ArchiveKey", "UnsupportedOperation.NotUserCreatedCmk", KeyId=product)
    call("RotateKey", KeyId=product)
    call("Claviger.CreateProductKey", "InvalidParameterValue", Product="user")

    client.close()
    assert server.stop() == 0
    records = {record["request"]: record for record in audit_log.records(server.data)}
    for request, (action, resources, outcome) in call.expected.items():
        record = records[request]
        assert (record["action"], record["outcome"]) == (action, outcome)
        # Where a value was refused before the call came to its key, the record may leave the key out.
        assert set(record["resources"]) == set(resources) or not record["resources"] and outcome.startswith("InvalidParameter"), record
        assert record["dialect"] == "tencent" and record["realm"] == "south" and record["accessKey"] == client.access_id
    audit_log.verify(server.data)


@pytest.mark.parametrize("action, parameters", [
    ("RotateKey", {}), ("ImportKeyMaterial", {"ImportToken": "YQ==", "EncryptedKeyMaterial": "YQ=="}), ("BindCloudResource", {"ProductId": "p", "ResourceId": "r"}),
    ("SignByAsymmetricKey", {"Algorithm": "SM2DSA", "Message": "YQ=="}),
])
def test_calls_about_keys_that_do_not_exist_are_recorded_too(server, client, action, parameters):
    call = Diary(client)
    call(action, "ResourceUnavailable.CmkNotFound", KeyId=NOBODY, **parameters)
    (request, expected), = call.expected.items()
    record, = (record for record in audit_log.records(server.data) if record["request"] == request)
    assert (record["action"], record["resources"], record["outcome"]) == expected
