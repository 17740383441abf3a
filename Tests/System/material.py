"""Material from outside: keys that wait for it, and its owner's side of an import."""
import base64
import dataclasses
import os

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding

from client import b64, unique_alias

GUOMI = "ap-shenzhen-fsi"

WRAPPINGS = {
    "RSAES_PKCS1_V1_5": padding.PKCS1v15(),
    "RSAES_OAEP_SHA_1": padding.OAEP(padding.MGF1(hashes.SHA1()), hashes.SHA1(), None),
    "RSAES_OAEP_SHA_256": padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None),
}
USUAL = "RSAES_OAEP_SHA_256"


def new_material(client):
    """Random material of the size that the region's edition takes."""
    return os.urandom(16 if client.region == GUOMI else 32)


def waiting_key(client, **more):
    return client("CreateKey", Alias=unique_alias("external"), Type=2, **more)["KeyId"]


@dataclasses.dataclass
class Invitation:
    """What GetParametersForImport answered."""
    key: str
    token: str
    public_key: bytes
    algorithm: str
    expiry: int

    def wrap(self, material):
        return serialization.load_der_public_key(self.public_key).encrypt(material, WRAPPINGS[self.algorithm])

    def give(self, client, material, **more):
        """Imports the material."""
        return client("ImportKeyMaterial", KeyId=self.key, EncryptedKeyMaterial=b64(self.wrap(material)), ImportToken=self.token, **more)


def invite(client, key, algorithm=USUAL):
    answer = client("GetParametersForImport", KeyId=key, WrappingAlgorithm=algorithm, WrappingKeySpec="RSA_2048")
    assert answer["KeyId"] == key
    return Invitation(key, answer["ImportToken"], base64.b64decode(answer["PublicKey"]), algorithm, answer["ParametersValidTo"])


def import_into(client, key, material, **more):
    invite(client, key).give(client, material, **more)
