"""The server's SM4 suite by each kernel that the processor can run: what one encrypted, each of the others decrypts."""
import base64

from client import Client
from material import GUOMI

# One that the processor cannot run counts as not named, and the fastest is taken.
KERNELS = ["gfni-avx512", "gfni-avx2", "aesni-avx2", "portable", "none of these"]
SIZES = [1, 15, 16, 17, 100, 1000, 4096]


def test_what_one_kernel_encrypted_the_others_decrypt(launch):
    ciphertexts, key = [], None
    for kernel in KERNELS:
        server = launch(env={"CLAVIGER_SM4_KERNEL": kernel})
        client = Client(server, GUOMI)
        key = key or client.create()
        for size in SIZES:
            text = bytes(range(256)) * 16
            answer = client("Encrypt", KeyId=key, Plaintext=base64.b64encode(text[:size]).decode())
            ciphertexts.append((size, answer["CiphertextBlob"]))
        for size, ciphertext in ciphertexts:
            assert base64.b64decode(client("Decrypt", CiphertextBlob=ciphertext)["Plaintext"]) == (bytes(range(256)) * 16)[:size]
        changed = bytearray(base64.b64decode(ciphertexts[-1][1]))
        changed[-20] ^= 1
        assert client.refusal("Decrypt", CiphertextBlob=base64.b64encode(changed).decode()) == "InvalidParameterValue.InvalidCiphertext"
        client.close()
        assert server.stop() == 0
    assert len(ciphertexts) == len(KERNELS) * len(SIZES)
