#!/usr/bin/env python3
"""Writes sm2.json: test vectors for SM2 signatures, ciphertexts and keys, most of them with something wrong.

The arithmetic is plain Python after GB/T 32918 (SM2, 2016 and 2017) and GB/T 32905-2016 (SM3); it shares no code with
the service. The examples of GB/T 32918.5-2017 are computed here from their private key and random number, and compared
with the results that the standard prints.

    make_sm2_vectors.py          write sm2.json beside this file
    make_sm2_vectors.py --check  fail if sm2.json differs from what would be written
"""

import hashlib
import itertools
import json
import pathlib
import sys

FILE = pathlib.Path(__file__).with_name("sm2.json")

# The curve of GB/T 32918.5-2017, section 2.
P = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
A = P - 3
B = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93
N = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
G = (
    0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7,
    0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0,
)

# The key pair, random number and results of annexes A.2 and C.2.
PRIVATE = 0x3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8
PUBLIC = (
    0x09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020,
    0xCCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13,
)
NONCE = 0x59276E27D506861A16680F3AD9C02DCCEF3CC1FA3CDBE4CE6D54B80DEAC1BC21
USER = b"1234567812345678"
SIGNED = b"message digest"
DIGEST = "f0b43e94ba45accaace692ed534382eb17e6ab5a19ce7b31f4486fdfc0d28640"
SIGNATURE = (
    "f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3"
    "b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa"
)
ENCRYPTED = b"encryption standard"
CIPHERTEXT = (
    "04"
    "04ebfc718e8d1798620432268e77feb6415e2ede0e073c0f4f640ecd2e149a73"
    "e858f9d81e5430a57b36daab8f950a3c64e6ee6a63094d99283aff767e124df0"
    "59983c18f809e262923c53aec295d30383b54e39d609d160afcb1908d0bd8766"
    "21886ca989ca9c7d58087307ca93092d651efa"
)


# SM3


def sm3(data):
    try:
        return hashlib.new("sm3", data).digest()
    except ValueError:
        return plain_sm3(data)


def plain_sm3(data):
    """GB/T 32905-2016, section 5."""

    def rotated(x, bits):
        bits %= 32
        return (x << bits | x >> 32 - bits) & 0xFFFFFFFF

    state = bytes.fromhex("7380166f4914b2b9172442d7da8a0600a96f30bc163138aae38dee4db0fb0e4e")
    v = [int.from_bytes(state[i : i + 4], "big") for i in range(0, 32, 4)]
    padded = data + b"\x80" + bytes(-(len(data) + 9) % 64) + (8 * len(data)).to_bytes(8, "big")
    for start in range(0, len(padded), 64):
        w = [int.from_bytes(padded[i : i + 4], "big") for i in range(start, start + 64, 4)]
        for j in range(16, 68):
            x = w[j - 16] ^ w[j - 9] ^ rotated(w[j - 3], 15)
            w.append(x ^ rotated(x, 15) ^ rotated(x, 23) ^ rotated(w[j - 13], 7) ^ w[j - 6])
        a, b, c, d, e, f, g, h = v
        for j in range(64):
            t = 0x79CC4519 if j < 16 else 0x7A879D8A
            ss1 = rotated((rotated(a, 12) + e + rotated(t, j)) & 0xFFFFFFFF, 7)
            ss2 = ss1 ^ rotated(a, 12)
            ff = a ^ b ^ c if j < 16 else a & b | a & c | b & c
            gg = e ^ f ^ g if j < 16 else e & f | ~e & g
            tt1 = (ff + d + ss2 + (w[j] ^ w[j + 4])) & 0xFFFFFFFF
            tt2 = (gg + h + ss1 + w[j]) & 0xFFFFFFFF
            a, b, c, d = tt1, a, rotated(b, 9), c
            e, f, g, h = tt2 ^ rotated(tt2, 9) ^ rotated(tt2, 17), e, rotated(f, 19), g
        v = [x ^ y for x, y in zip(v, (a, b, c, d, e, f, g, h))]
    return b"".join(x.to_bytes(4, "big") for x in v)


# The curve; None is the point at infinity


def on_curve(point):
    x, y = point
    return (y * y - x * x * x - A * x - B) % P == 0


def add(left, right):
    if left is None or right is None:
        return left or right
    (x1, y1), (x2, y2) = left, right
    if x1 == x2 and (y1 + y2) % P == 0:
        return None
    slope = (3 * x1 * x1 + A) * pow(2 * y1, -1, P) if left == right else (y2 - y1) * pow(x2 - x1, -1, P)
    x = (slope * slope - x1 - x2) % P
    return x, (slope * (x1 - x) - y1) % P


def multiply(scalar, point):
    result = None
    for bit in bin(scalar)[2:]:
        result = add(result, result)
        if bit == "1":
            result = add(result, point)
    return result


def nonces():
    """Random numbers that are always the same, the standard's and its successors, with the points belonging to them."""
    point = multiply(NONCE, G)
    for k in range(NONCE, NONCE + 100_000):
        yield k, point
        point = add(point, G)


def b32(number):
    return number.to_bytes(32, "big")


# Signatures, GB/T 32918.2


def digest(message, user, public):
    identity = (8 * len(user)).to_bytes(2, "big") + user
    z = sm3(identity + b"".join(map(b32, (A, B, *G, *public))))
    return sm3(z + message)


def sign(e, d, k, point):
    r = (int.from_bytes(e, "big") + point[0]) % N
    s = pow(1 + d, -1, N) * (k - r * d) % N
    assert r != 0 and s != 0 and r + k != N
    return r, s


def verifies(e, r, s, public):
    if not (0 < r < N and 0 < s < N) or (r + s) % N == 0:
        return False
    point = add(multiply(s, G), multiply((r + s) % N, public))
    return point is not None and (int.from_bytes(e, "big") + point[0]) % N == r


# Encryption, GB/T 32918.4


def derive(secret, count):
    blocks = (sm3(secret + counter.to_bytes(4, "big")) for counter in range(1, count // 32 + 2))
    return b"".join(blocks)[:count]


def encrypt(plaintext, public, k, c1):
    """C1, C3 and C2; a derived key of zeros is let pass."""
    return encrypt_shared(plaintext, multiply(k, public), c1)


def encrypt_shared(plaintext, shared, c1):
    key = derive(b32(shared[0]) + b32(shared[1]), len(plaintext))
    c2 = bytes(x ^ y for x, y in zip(plaintext, key))
    return c1, sm3(b32(shared[0]) + plaintext + b32(shared[1])), c2


# DER


def tlv(tag, *parts):
    content = b"".join(parts)
    if len(content) < 0x80:
        return bytes([tag, len(content)]) + content
    size = len(content).to_bytes((len(content).bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(size)]) + size + content


def integer(number):
    return tlv(2, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def oid(dotted):
    first, second, *rest = map(int, dotted.split("."))
    encoded = b""
    for arc in [40 * first + second, *rest]:
        septets = [arc & 0x7F]
        while arc := arc >> 7:
            septets.insert(0, arc & 0x7F | 0x80)
        encoded += bytes(septets)
    return tlv(6, encoded)


EC = oid("1.2.840.10045.2.1")
SM2 = oid("1.2.156.10197.1.301")
P256 = oid("1.2.840.10045.3.1.7")
SECP256K1 = oid("1.3.132.0.10")
EXPLICIT = tlv(
    0x30,
    integer(1),
    tlv(0x30, oid("1.2.840.10045.1.1"), integer(P)),
    tlv(0x30, tlv(4, b32(A)), tlv(4, b32(B))),
    tlv(4, b"\x04" + b32(G[0]) + b32(G[1])),
    integer(N),
    integer(1),
)


def octets(point):
    return b32(point[0]) + b32(point[1])


def spki(point_octets, identifier=EC + SM2, unused=0):
    return tlv(0x30, tlv(0x30, identifier), tlv(3, bytes([unused]), point_octets))


def pkcs8(scalar, *extra, identifier=EC + SM2, version=0, inner_version=1, after=b""):
    inner = tlv(0x30, integer(inner_version), tlv(4, scalar), *extra)
    return tlv(0x30, integer(version), tlv(0x30, identifier), tlv(4, inner), after)


def public_field(point):
    return tlv(0xA1, tlv(3, b"\0\x04" + octets(point)))


# The vectors


def signature_cases():
    e = digest(SIGNED, USER, PUBLIC)
    assert e.hex() == DIGEST
    r, s = sign(e, PRIVATE, NONCE, multiply(NONCE, G))
    assert (b32(r) + b32(s)).hex() == SIGNATURE
    der = tlv(0x30, integer(r), integer(s))
    raw = b32(r) + b32(s)
    other = multiply(PRIVATE + 1, G)

    def case(name, signature, encoding="der", valid=False, user=USER, message=SIGNED, public=PUBLIC):
        return {
            "name": name,
            "spki": spki(b"\x04" + octets(public)).hex(),
            "user": user.hex(),
            "message": message.hex(),
            "encoding": encoding,
            "signature": signature.hex(),
            "valid": valid,
        }

    def numbers(name, r, s, valid=False):
        assert verifies(e, r, s, PUBLIC) == valid
        yield case(name, tlv(0x30, integer(r), integer(s)), valid=valid)
        if max(r, s) < 1 << 256:
            yield case(name, b32(r) + b32(s), "raw", valid=valid)

    yield from numbers("GB/T 32918.5-2017, A.2", r, s, valid=True)
    signatures = [sign(e, PRIVATE, *pair) for pair in itertools.islice(nonces(), 2000)]
    short_r = next(pair for pair in signatures if pair[0] >> 248 == 0)
    yield from numbers("r with a leading zero byte", *short_r, valid=True)
    short_s = next(pair for pair in signatures if pair[1] >> 248 == 0)
    yield from numbers("s with a leading zero byte", *short_s, valid=True)
    for name, pair in {
        "r = 0": (0, s),
        "s = 0": (r, 0),
        "r = s = 0": (0, 0),
        "r = n": (N, s),
        "s = n": (r, N),
        "r = n - 1": (N - 1, s),
        "s = n - 1": (r, N - 1),
        "r + s = n": (r, N - r),
        "r = 1 and s = n - 1": (1, N - 1),
        "r and s swapped": (s, r),
        "r of another signature": (short_r[0], s),
        "n added to r": (r + N, s),
        "n added to s": (r, s + N),
        "n added to a short s": (short_s[0], short_s[1] + N),
    }.items():
        yield from numbers(name, *pair)

    negative = tlv(2, b32(r))
    for name, signature in {
        "r negative": tlv(0x30, negative, integer(s)),
        "s negative": tlv(0x30, integer(r), tlv(2, b32(s))),
        "r with a zero too many": tlv(0x30, tlv(2, b"\0\0" + b32(r)), integer(s)),
        "s with a zero too many": tlv(0x30, integer(r), tlv(2, b"\0\0" + b32(s))),
        "r of no bytes": tlv(0x30, tlv(2), integer(s)),
        "r with its length in two bytes": tlv(0x30, b"\2\x81\x21\0" + b32(r), integer(s)),
        "length of the whole in two bytes": b"\x30\x81" + der[1:],
        "length of the whole in three bytes": b"\x30\x82\0" + der[1:],
        "indefinite length": b"\x30\x80" + der[2:] + b"\0\0",
        "length one too small": b"\x30" + bytes([der[1] - 1]) + der[2:],
        "length one too large": b"\x30" + bytes([der[1] + 1]) + der[2:],
        "a zero byte after the whole": der + b"\0",
        "a NULL after the whole": der + b"\5\0",
        "a NULL after s": tlv(0x30, integer(r), integer(s), b"\5\0"),
        "a third number": tlv(0x30, integer(r), integer(s), integer(1)),
        "one number alone": tlv(0x30, integer(r)),
        "an empty sequence": tlv(0x30),
        "a set": tlv(0x31, integer(r), integer(s)),
        "r as an octet string": tlv(0x30, tlv(4, b32(r)), integer(s)),
        "r as an enumeration": tlv(0x30, b"\x0a" + integer(r)[1:], integer(s)),
        "cut off": der[:-1],
        "nothing": b"",
        "raw numbers": raw,
    }.items():
        yield case(f"DER: {name}", signature)
    for name, signature in {
        "63 bytes": raw[:-1],
        "65 bytes": raw + b"\0",
        "65 bytes, zero first": b"\0" + raw,
        "nothing": b"",
        "DER": der,
    }.items():
        yield case(f"raw: {name}", signature, "raw")
    for encoding, signature in (("der", der), ("raw", raw)):
        yield case("another user", signature, encoding, user=USER[:-1] + b"9")
        yield case("no user", signature, encoding, user=b"")
        yield case("another message", signature, encoding, message=SIGNED + b"\0")
        yield case("another key", signature, encoding, public=other)

    # The message is longer than a block of SM3, the user not the usual one.
    user, message = b"ALICE123@YAHOO.COM", bytes(range(256)) * 2
    pair = sign(digest(message, user, other), PRIVATE + 1, *next(nonces()))
    yield case("another user's own signature", b32(pair[0]) + b32(pair[1]), "raw", True, user, message, other)
    pair = sign(digest(b"", b"", other), PRIVATE + 1, *next(nonces()))
    yield case("neither user nor message", b32(pair[0]) + b32(pair[1]), "raw", True, b"", b"", other)


def square_root(number):
    root = pow(number, (P + 1) // 4, P)
    return root if root * root % P == number % P else None


def public_key_cases():
    x, y = PUBLIC
    whole = spki(b"\x04" + octets(PUBLIC))
    # A point whose x leaves room for x + p in 32 bytes.
    small_x = next(x for x in range(1, 100) if square_root(x**3 + A * x + B) is not None)
    small = (small_x, square_root(small_x**3 + A * small_x + B))
    assert on_curve(PUBLIC) and on_curve(small) and small_x + P < 1 << 256
    valid = {
        "GB/T 32918.5-2017, A.2": whole,
        "a small x": spki(b"\x04" + octets(small)),
        "the base point": spki(b"\x04" + octets(G)),
    }
    invalid = {
        "y off by one": spki(b"\x04" + octets((x, y + 1))),
        "x and y swapped": spki(b"\x04" + octets((y, x))),
        "x and y zero": spki(b"\x04" + bytes(64)),
        "infinity": spki(b"\0"),
        "x not below p": spki(b"\x04" + octets((small[0] + P, small[1]))),
        "x = y = p": spki(b"\x04" + octets((P, P))),
        "all bits set": spki(b"\x04" + b"\xff" * 64),
        "compressed": spki(bytes([2 + y % 2]) + b32(x)),
        "hybrid": spki(bytes([6 + y % 2]) + octets(PUBLIC)),
        "without 04": spki(octets(PUBLIC)),
        "y missing": spki(b"\x04" + b32(x)),
        "no point": spki(b""),
        "a byte more in the point": spki(b"\x04" + octets(PUBLIC) + b"\0"),
        "unused bits": spki(b"\x04" + octets(PUBLIC), unused=1),
        "named as P-256": spki(b"\x04" + octets(PUBLIC), EC + P256),
        "named as secp256k1": spki(b"\x04" + octets(PUBLIC), EC + SECP256K1),
        "no name of a curve": spki(b"\x04" + octets(PUBLIC), EC),
        "NULL for the curve": spki(b"\x04" + octets(PUBLIC), EC + b"\5\0"),
        "the curve as algorithm": spki(b"\x04" + octets(PUBLIC), SM2),
        "RSA as algorithm": spki(b"\x04" + octets(PUBLIC), oid("1.2.840.113549.1.1.1") + b"\5\0"),
        "explicit parameters": spki(b"\x04" + octets(PUBLIC), EC + EXPLICIT),
        "a NULL after the curve": spki(b"\x04" + octets(PUBLIC), EC + SM2 + b"\5\0"),
        "a byte after the whole": whole + b"\0",
        "a NULL after the point": tlv(0x30, whole[2:], b"\5\0"),
        "length of the whole in two bytes": b"\x30\x81" + whole[1:],
        "cut off": whole[:-1],
        "nothing": b"",
        "the point alone": b"\x04" + octets(PUBLIC),
    }
    for verdict, cases in ((True, valid), (False, invalid)):
        for name, encoding in cases.items():
            yield {"name": name, "spki": encoding.hex(), "valid": verdict}


def ciphertext_cases():
    def der(c1, c3, c2):
        return tlv(0x30, integer(c1[0]), integer(c1[1]), tlv(4, c3), tlv(4, c2))

    def raw(c1, c3, c2):
        return b"\x04" + octets(c1) + c3 + c2

    def case(name, ciphertext, plaintext=None):
        expected = None if plaintext is None else plaintext.hex()
        return {"name": name, "ciphertext": ciphertext.hex(), "plaintext": expected}

    def forms(name, parts, plaintext=None):
        yield case(f"{name}: DER", der(*parts), plaintext)
        yield case(f"{name}: octets", raw(*parts), plaintext)
        yield case(f"{name}: octets without 04", raw(*parts)[1:], plaintext)

    c1, c3, c2 = parts = encrypt(ENCRYPTED, PUBLIC, NONCE, multiply(NONCE, G))
    assert raw(*parts).hex() == CIPHERTEXT
    yield from forms("GB/T 32918.5-2017, C.2", parts, ENCRYPTED)
    for count in (1, 31, 32, 33, 1024):
        plaintext = bytes(i & 0xFF for i in range(1, count + 1))
        yield from forms(f"{count} bytes", encrypt(plaintext, PUBLIC, *next(nonces())), plaintext)
    for name, wanted in {
        "x begins with 04": lambda point: point[0] >> 248 == 4,
        "x begins with the tag of a sequence": lambda point: point[0] >> 248 == 0x30,
        "x begins with a zero byte": lambda point: point[0] >> 248 == 0,
        "y begins with a zero byte": lambda point: point[1] >> 248 == 0,
    }.items():
        found = next(pair for pair in nonces() if wanted(pair[1]))
        yield from forms(name, encrypt(ENCRYPTED, PUBLIC, *found), ENCRYPTED)
    # Steps A5 and B4 of GB/T 32918.4 exclude this, though C3 is right.
    shared, zeros = multiply(NONCE, PUBLIC), None
    for _, point in nonces():
        zeros = encrypt_shared(b"\x5a", shared, point)
        if zeros[2] == b"\x5a":
            break
        shared = add(shared, PUBLIC)
    yield from forms("a derived key of zeros", zeros)

    small_x = next(x for x in range(1, 100) if square_root(x**3 + A * x + B) is not None)
    small = (small_x, square_root(small_x**3 + A * small_x + B))
    of_small = encrypt_shared(ENCRYPTED, multiply(PRIVATE, small), small)[1:]
    yield from forms("a small x", (small, *of_small), ENCRYPTED)
    for name, changed in {
        "the same x plus p": ((small[0] + P, small[1]), *of_small),
        "y off by one": ((c1[0], c1[1] + 1), c3, c2),
        "x and y swapped": ((c1[1], c1[0]), c3, c2),
        "x and y zero": ((0, 0), c3, c2),
        "x = y = p": ((P, P), c3, c2),
        "the negative point": ((c1[0], P - c1[1]), c3, c2),
        "the base point": (G, c3, c2),
        "C3 with a bit changed": (c1, bytes([c3[0] ^ 1]) + c3[1:], c2),
        "C3 with the last bit changed": (c1, c3[:-1] + bytes([c3[-1] ^ 1]), c2),
        "C3 zero": (c1, bytes(32), c2),
        "C2 with a bit changed": (c1, c3, bytes([c2[0] ^ 1]) + c2[1:]),
        "C2 a byte shorter": (c1, c3, c2[:-1]),
        "C2 a byte longer": (c1, c3, c2 + b"\0"),
        "C2 empty": (c1, c3, b""),
        "C2 empty, C3 right for it": encrypt(b"", PUBLIC, *next(nonces())),
        "the order C1, C2, C3": (c1, (c2 + c3)[:32], (c2 + c3)[32:]),
    }.items():
        yield from forms(name, changed)
    x, y = integer(c1[0]), integer(c1[1])
    whole = der(*parts)
    assert len(whole) < 0x82 and c1[1] >> 255 == 1
    for name, ciphertext in {
        "DER: a byte after the whole": whole + b"\0",
        "DER: a NULL after C2": tlv(0x30, x, y, tlv(4, c3), tlv(4, c2), b"\5\0"),
        "DER: a set": tlv(0x31, x, y, tlv(4, c3), tlv(4, c2)),
        "DER: x with a zero too many": tlv(0x30, tlv(2, b"\0\0" + b32(c1[0])), y, tlv(4, c3), tlv(4, c2)),
        "DER: y negative": tlv(0x30, x, tlv(2, b32(c1[1])), tlv(4, c3), tlv(4, c2)),
        "DER: C3 as a bit string": tlv(0x30, x, y, tlv(3, c3), tlv(4, c2)),
        "DER: C3 of 31 bytes": tlv(0x30, x, y, tlv(4, c3[:-1]), tlv(4, c2)),
        "DER: C2 before C3": tlv(0x30, x, y, tlv(4, c2), tlv(4, c3)),
        "DER: C2 missing": tlv(0x30, x, y, tlv(4, c3)),
        "DER: length of the whole in two bytes": b"\x30\x81" + whole[1:],
        "DER: indefinite length": b"\x30\x80" + whole[2:] + b"\0\0",
        "DER: cut off": whole[:-1],
        "octets: infinity": b"\0" + c3 + c2,
        "octets: compressed": bytes([2 + c1[1] % 2]) + b32(c1[0]) + c3 + c2,
        "octets: hybrid": bytes([6 + c1[1] % 2]) + octets(c1) + c3 + c2,
        "octets: 05 for 04": b"\x05" + raw(*parts)[1:],
        "octets: cut off in C3": raw(*parts)[:90],
        "octets: cut off in y": raw(*parts)[:60],
        "octets: 04 twice": b"\x04" + raw(*parts),
        "nothing": b"",
        "04 alone": b"\x04",
    }.items():
        yield case(name, ciphertext)


def private_key_cases():
    public = public_field(PUBLIC)
    last = N - 2
    valid = {
        "GB/T 32918.5-2017, A.2": (PRIVATE, pkcs8(b32(PRIVATE), public)),
        "without the public key": (PRIVATE, pkcs8(b32(PRIVATE))),
        "with the curve named twice": (PRIVATE, pkcs8(b32(PRIVATE), tlv(0xA0, SM2), public)),
        "with attributes": (PRIVATE, pkcs8(b32(PRIVATE), public, after=tlv(0xA0))),
        "1": (1, pkcs8(b32(1))),
        "n - 2": (last, pkcs8(b32(last))),
    }
    whole = pkcs8(b32(PRIVATE), public)
    invalid = {
        "0": pkcs8(b32(0)),
        "n - 1": pkcs8(b32(N - 1)),
        "n - 1 with its public key": pkcs8(b32(N - 1), public_field(multiply(N - 1, G))),
        "n": pkcs8(b32(N)),
        "n + 1": pkcs8(b32(N + 1)),
        "all bits set": pkcs8(b"\xff" * 32),
        "31 bytes": pkcs8(b32(PRIVATE >> 8)[1:]),
        "33 bytes": pkcs8(b"\0" + b32(PRIVATE)),
        "no bytes": pkcs8(b""),
        "another public key": pkcs8(b32(PRIVATE), public_field(G)),
        "a public key off the curve": pkcs8(b32(PRIVATE), public_field((PUBLIC[0], PUBLIC[1] + 1))),
        "a compressed public key": pkcs8(b32(PRIVATE), tlv(0xA1, tlv(3, b"\0\x03" + b32(PUBLIC[0])))),
        "another curve inside": pkcs8(b32(PRIVATE), tlv(0xA0, P256), public),
        "another curve outside": pkcs8(b32(PRIVATE), public, identifier=EC + SECP256K1),
        "explicit parameters": pkcs8(b32(PRIVATE), public, identifier=EC + EXPLICIT),
        "version 1": pkcs8(b32(PRIVATE), public, version=1),
        "inner version 0": pkcs8(b32(PRIVATE), public, inner_version=0),
        "a byte after the whole": whole + b"\0",
        "a NULL at the end": pkcs8(b32(PRIVATE), public, after=b"\5\0"),
        "a NULL inside": pkcs8(b32(PRIVATE), public, b"\5\0"),
        "cut off": whole[:-1],
        "the inner key alone": tlv(0x30, integer(1), tlv(4, b32(PRIVATE)), tlv(0xA0, SM2), public),
        "nothing": b"",
    }
    for name, (scalar, encoding) in valid.items():
        point = spki(b"\x04" + octets(multiply(scalar, G)))
        yield {"name": name, "pkcs8": encoding.hex(), "spki": point.hex()}
    for name, encoding in invalid.items():
        yield {"name": name, "pkcs8": encoding.hex(), "spki": None}


def vectors():
    assert sm3(b"abc") == plain_sm3(b"abc")
    assert on_curve(G) and multiply(N, G) is None and multiply(PRIVATE, G) == PUBLIC
    return {
        "source": "Tests/Vectors/make_sm2_vectors.py",
        "privateKey": pkcs8(b32(PRIVATE)).hex(),
        "signatures": list(signature_cases()),
        "publicKeys": list(public_key_cases()),
        "ciphertexts": list(ciphertext_cases()),
        "privateKeys": list(private_key_cases()),
    }


def main():
    text = json.dumps(vectors(), indent=1) + "\n"
    if sys.argv[1:] == ["--check"]:
        if FILE.read_text() != text:
            sys.exit(f"{FILE.name} is not what {pathlib.Path(__file__).name} writes")
    elif not sys.argv[1:]:
        FILE.write_text(text)
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()
