"""The little of SM2 (GB/T 32918) that checks what the server computes. Slow, and not for secrets."""
import secrets

from cryptography.hazmat.primitives import hashes

# GB/T 32918.5: the recommended curve.
P = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
A = P - 3
B = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93
N = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
G = (0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7,
     0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0)
ID = b"1234567812345678"

# The start of a SubjectPublicKeyInfo with id-ecPublicKey and the curve 1.2.156.10197.1.301, up to the point.
PUBLIC_KEY_HEAD = bytes.fromhex("3059301306072a8648ce3d020106082a811ccf5501822d034200")


def sm3(data):
    state = hashes.Hash(hashes.SM3())
    state.update(data)
    return state.finalize()


def word(number):
    return number.to_bytes(32, "big")


def add(one, other):
    if one is None or other is None:
        return one or other
    (x1, y1), (x2, y2) = one, other
    if x1 == x2:
        if (y1 + y2) % P == 0:
            return None
        slope = (3 * x1 * x1 + A) * pow(2 * y1, -1, P) % P
    else:
        slope = (y2 - y1) * pow(x2 - x1, -1, P) % P
    x3 = (slope * slope - x1 - x2) % P
    return x3, (slope * (x1 - x3) - y1) % P


def times(factor, point):
    product = None
    while factor:
        if factor & 1:
            product = add(product, point)
        point = add(point, point)
        factor >>= 1
    return product


def point_of(public_key):
    """The point of a SubjectPublicKeyInfo in DER."""
    assert public_key.startswith(PUBLIC_KEY_HEAD) and len(public_key) == len(PUBLIC_KEY_HEAD) + 65 and public_key[-65] == 4
    x, y = int.from_bytes(public_key[-64:-32], "big"), int.from_bytes(public_key[-32:], "big")
    assert (y * y - x * x * x - A * x - B) % P == 0
    return x, y


def digest(public, message):
    """e: SM3 over Z, which holds the signer's id and key, and the message."""
    z = sm3((8 * len(ID)).to_bytes(2, "big") + ID + b"".join(map(word, (A, B, *G, *public))))
    return sm3(z + message)


def verifies(public, e, r, s):
    if not (0 < r < N and 0 < s < N and (r + s) % N):
        return False
    x, _ = add(times(s, G), times((r + s) % N, public))
    return (int.from_bytes(e, "big") + x) % N == r


def mask(x, y, size):
    """The key stream of GB/T 32918.4, 5.4.3."""
    return b"".join(sm3(word(x) + word(y) + count.to_bytes(4, "big")) for count in range(1, size // 32 + 2))[:size]


def encrypt(public, plaintext):
    """C1 (without its leading 04), C3, C2."""
    k = secrets.randbelow(N - 1) + 1
    x1, y1 = times(k, G)
    x2, y2 = times(k, public)
    c2 = bytes(one ^ other for one, other in zip(plaintext, mask(x2, y2, len(plaintext))))
    return word(x1) + word(y1), sm3(word(x2) + plaintext + word(y2)), c2


def decrypt(private, c1, c3, c2):
    point = int.from_bytes(c1[-64:-32], "big"), int.from_bytes(c1[-32:], "big")
    x2, y2 = times(private, point)
    plaintext = bytes(one ^ other for one, other in zip(c2, mask(x2, y2, len(c2))))
    assert sm3(word(x2) + plaintext + word(y2)) == c3
    return plaintext
