#!/usr/bin/env python3
"""Writes ciphertext.json: test vectors for docs/ciphertext-format.md and docs/key-wrapping.md.

This is an implementation of these two pages alone; it shares no code with the service. It needs the PyPI package
`cryptography`.

    make_vectors.py            write ciphertext.json beside this file
    make_vectors.py --check    fail if ciphertext.json or an example on the page differs from what would be written
    make_vectors.py --example  print the worked examples of docs/ciphertext-format.md
"""

import base64
import decimal
import hashlib
import json
import pathlib
import re
import sys
import typing
import uuid

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256, SM3
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

FILE = pathlib.Path(__file__).with_name("ciphertext.json")
PAGE = pathlib.Path(__file__).parents[2] / "docs" / "ciphertext-format.md"
PURPOSES = {"data": 1, "dataKey": 2, "privateKey": 3, "secretValue": 4}


class Refused(Exception):
    """A context, ciphertext or wrapped secret that must be refused."""


# Encryption context


class Number(str):
    """A JSON number as it was written."""


class Members(list):
    """The members of a JSON object, in the order of the text."""


def u32(number):
    return number.to_bytes(4, "big")


def encode_text(text):
    try:
        encoded = text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise Refused("half a surrogate pair") from error
    return u32(len(encoded)) + encoded


def canonical_number(text):
    exponent = re.search(r"[eE](.*)", text)
    if exponent and not -(2**31) <= int(exponent[1]) < 2**31:
        raise Refused("exponent out of range")
    sign, digits, power = decimal.Decimal(text).as_tuple()
    shown = "".join(map(str, digits)).lstrip("0")
    if not shown:
        return "0"
    power += len(shown) - len(shown.rstrip("0"))
    return f"{'-' if sign else ''}{shown.rstrip('0')}e{power}"


def encode_members(members, level):
    names = [encode_text(name)[4:] for name, _ in members]
    if len(set(names)) != len(names):
        raise Refused("a name is given twice")
    result = u32(len(members))
    for name, (_, value) in sorted(zip(names, members), key=lambda member: member[0]):
        result += u32(len(name)) + name + encode_value(value, level + 1)
    return result


def encode_value(value, level):
    if level > 32:
        raise Refused("nested too deeply")
    if isinstance(value, Number):
        return b"\x02" + encode_text(canonical_number(value))
    if isinstance(value, str):
        return b"\x01" + encode_text(value)
    if value is True:
        return b"\x03"
    if value is False:
        return b"\x04"
    if value is None:
        return b"\x05"
    if isinstance(value, Members):
        return b"\x07" + encode_members(value, level)
    return b"\x06" + u32(len(value)) + b"".join(encode_value(element, level + 1) for element in value)


def no_constant(name):
    raise Refused(f"{name} is not JSON")


def encode_context(text):
    """The canonical encoding of a context given as JSON text, or None for no context."""
    if text is None:
        return b"\x00"
    try:
        value = json.loads(
            text,
            object_pairs_hook=Members,
            parse_int=Number,
            parse_float=Number,
            parse_constant=no_constant,
        )
    except ValueError as error:
        raise Refused(str(error)) from error
    if not isinstance(value, Members):
        raise Refused("no object")
    return b"\x01" + encode_members(value, 1) if value else b"\x00"


def encode_additional_data(data):
    return b"\x02" + u32(len(data)) + data


def encode_both(text, data):
    """The encoding of a context with additional data beside it: of the other alone, if one of them is empty."""
    context = encode_context(text)
    if not data:
        return context
    if context == b"\x00":
        return encode_additional_data(data)
    return b"\x03" + u32(len(data)) + data + context


# Ciphertexts


class SM4GCM:
    """SM4-GCM with the interface of AESGCM."""

    def __init__(self, key):
        self.key = key

    def encrypt(self, iv, plaintext, aad):
        encryptor = Cipher(algorithms.SM4(self.key), modes.GCM(iv)).encryptor()
        encryptor.authenticate_additional_data(aad)
        return encryptor.update(plaintext) + encryptor.finalize() + encryptor.tag

    def decrypt(self, iv, sealed, aad):
        decryptor = Cipher(algorithms.SM4(self.key), modes.GCM(iv, sealed[-16:])).decryptor()
        decryptor.authenticate_additional_data(aad)
        return decryptor.update(sealed[:-16]) + decryptor.finalize()


class Suite(typing.NamedTuple):
    hash: type
    cipher: type
    aead: type
    size: int  # of material and message key


SUITES = {1: Suite(SHA256, algorithms.AES, AESGCM, 32), 2: Suite(SM3, algorithms.SM4, SM4GCM, 16)}


def derive(material, salt, info, size, hash=SHA256):
    return HKDF(hash(), size, salt, info).derive(material)


def header(purpose, key_id, version_id, issued_at, salt, iv, magic=b"CLV1", suite=1, reserved=b"\0\0"):
    return magic + bytes([suite, purpose]) + reserved + key_id + version_id + issued_at.to_bytes(8, "big") + salt + iv


def message_keys(head, material, suite=None):
    """Message key and commitment, by the suite that the header names or by another."""
    suite = suite or SUITES[head[4]]
    derived = derive(material, head[48:80], head[4:6] + head[8:40], suite.size + 32, suite.hash)
    return derived[:-32], derived[-32:]


def seal(head, material, encoded_context, plaintext, suite=None):
    suite = suite or SUITES[head[4]]
    key, commitment = message_keys(head, material, suite)
    sealed = suite.aead(key).encrypt(head[80:92], plaintext, head + encoded_context)
    return head + sealed[:-16] + commitment + sealed[-16:]


def open_ciphertext(ciphertext, material, encoded_context):
    if len(ciphertext) < 140 or ciphertext[:4] != b"CLV1" or ciphertext[4] not in SUITES:
        raise Refused("no ciphertext")
    if ciphertext[5] not in (1, 2, 3) or ciphertext[6:8] != b"\0\0":
        raise Refused("no ciphertext")
    suite = SUITES[ciphertext[4]]
    if len(material) != suite.size:
        raise Refused("material of another size")
    head, body, stored, tag = ciphertext[:92], ciphertext[92:-48], ciphertext[-48:-16], ciphertext[-16:]
    key, commitment = message_keys(head, material)
    if commitment != stored:
        raise Refused("another key")
    try:
        return suite.aead(key).decrypt(head[80:92], body + tag, head + encoded_context)
    except InvalidTag as error:
        raise Refused("tag") from error


# Wrapped secrets


def wrap(secret, key, identity, salt):
    derived = derive(key, salt, b"claviger key wrapping 1", 44)
    return b"CLW1" + salt + AESGCM(derived[:32]).encrypt(derived[32:], secret, identity)


def unwrap(wrapped, key, identity):
    if len(wrapped) < 52 or wrapped[:4] != b"CLW1":
        raise Refused("no wrapped secret")
    derived = derive(key, wrapped[4:36], b"claviger key wrapping 1", 44)
    try:
        return AESGCM(derived[:32]).decrypt(derived[32:], wrapped[36:], identity)
    except InvalidTag as error:
        raise Refused("tag") from error


# One GCM message for two keys. With one ciphertext block X, the tag under a key with hash subkey H and pad P is
# (AAD part) + X * H^2 + (lengths) * H + P in GF(2^128). Equating it for two keys gives X.


def times(a, b):
    """Product in GF(2^128), NIST SP 800-38D section 6.3."""
    product = 0
    for bit in range(127, -1, -1):
        if a >> bit & 1:
            product ^= b
        b = b >> 1 ^ (0xE1 << 120 if b & 1 else 0)
    return product


def inverse(a):
    result, square = 1 << 127, times(a, a)  # a^(2^128 - 2)
    for _ in range(127):
        result, square = times(result, square), times(square, square)
    return result


def block(cipher, key, data):
    encryptor = Cipher(cipher(key), modes.ECB()).encryptor()
    return int.from_bytes(encryptor.update(data) + encryptor.finalize(), "big")


def collide(cipher, keys, iv, aad):
    """A ciphertext block and a tag that GCM with this cipher accepts under both keys."""
    lengths = (len(aad) * 8) << 64 | 128
    squares, rest = [], []
    for key in keys:
        subkey, total = block(cipher, key, bytes(16)), 0
        for start in range(0, len(aad), 16):
            total = times(total ^ int.from_bytes(aad[start : start + 16].ljust(16, b"\0"), "big"), subkey)
        square = times(subkey, subkey)
        squares.append(square)
        rest.append(times(total, square) ^ times(lengths, subkey) ^ block(cipher, key, iv + b"\0\0\0\1"))
    sealed = times(rest[0] ^ rest[1], inverse(squares[0] ^ squares[1]))
    tag = times(sealed, squares[0]) ^ rest[0]
    return sealed.to_bytes(16, "big"), tag.to_bytes(16, "big")


# Vectors


def fixed(label, size=32):
    """Bytes that look random and never change."""
    return derive(label.encode(), None, b"claviger test vectors", size)


def pattern(size):
    return bytes(index % 251 for index in range(size))


CONTEXTS = [
    ("empty", ["{}", " {\t} ", "{\n\r}"]),
    ("one string", ['{"a":"b"}', ' { "a" : "b" } ', '{"\\u0061":"\\u0062"}']),
    ("order of names", ['{"a":"1","b":"2","ab":"3"}', '{"b":"2","ab":"3","a":"1"}']),
    ("order of names by bytes", ['{"\\uFFFD":1,"\\uD83D\\uDE00":2,"Z":3,"z":4}', '{"z":4,"Z":3,"😀":2,"\ufffd":1}']),
    ("empty name and value", ['{"":""}']),
    ("escapes", ['{"a\\/b\\"\\\\":"\\b\\f\\n\\r\\t"}', '{"a/b\\u0022\\u005c":"\\u0008\\u000c\\u000A\\u000d\\u0009"}']),
    ("zero character", ['{"a\\u0000":"\\u0000b"}']),
    ("composed character", ['{"é":"é"}', '{"\\u00e9":"\\u00E9"}']),
    ("decomposed character", ['{"e\u0301":"e\u0301"}', '{"e\\u0301":"e\\u0301"}']),
    ("string one", ['{"a":"1"}']),
    ("number one", [f'{{"a":{one}}}' for one in ("1", "1.0", "10e-1", "1E0", "1e+0", "0.1e1", "1.000e-0", "100E-2")]),
    ("zero", [f'{{"a":{zero}}}' for zero in ("0", "-0", "0.0", "-0.000", "0e7", "0E-7")]),
    ("minus one hundred and twenty", ['{"a":-120}', '{"a":-1.2e2}', '{"a":-1200e-1}']),
    ("five thousandths", ['{"a":0.005}', '{"a":5e-3}', '{"a":0.0050}']),
    ("more digits than a double", ['{"a":123456789012345678901234567890.5}']),
    ("greatest exponent", ['{"a":1e2147483647}', '{"a":1.0e2147483647}']),
    ("least exponent", ['{"a":-1e-2147483648}']),
    ("exponent with zeros", ['{"a":2e0000000000000000000001}', '{"a":20}']),
    ("true", ['{"a":true}']),
    ("false", ['{"a":false}']),
    ("null", ['{"a":null}']),
    ("array", ['{"a":[1,"1",[],{},null]}', '{"a":[1.0,"1",[ ],{ },null]}']),
    ("array in another order", ['{"a":["1",1,[],{},null]}']),
    ("nested objects", ['{"a":{"c":{},"b":[{"y":1,"x":2}]}}', '{"a":{"b":[{"x":2,"y":1}],"c":{}}}']),
    ("deepest", ['{"a":' + "[" * 31 + "]" * 31 + "}"]),
]

CONTEXTS_WITH_DATA = [
    (["{}"], b""),
    (["{}", " { } "], b"data"),
    (['{"a":"bc"}'], b""),
    (['{"a":"bc"}', '{"\\u0061":"bc"}'], b"data"),
    (['{"ab":"c"}'], b"data"),
    (['{"a":"bc"}'], b'{"a":"bc"}'),
    (['{"b":2,"a":1}', '{"a":1.0,"b":2e0}'], bytes(range(256))),
]

REFUSED_CONTEXTS = [
    ("nothing", ""),
    ("no object", "[]"),
    ("a string", '"a"'),
    ("null", "null"),
    ("a name twice", '{"a":1,"a":1}'),
    ("a name twice after its escapes", '{"a":1,"\\u0061":2}'),
    ("a name twice in a nested object", '{"a":[{"b":1,"b":1}]}'),
    ("half a surrogate pair", '{"a":"\\ud83d"}'),
    ("the other half of a surrogate pair", '{"\\ude00":1}'),
    ("exponent too great", '{"a":1e2147483648}'),
    ("exponent too small", '{"a":1e-2147483649}'),
    ("exponent too great for zero", '{"a":0e2147483648}'),
    ("not a number", '{"a":NaN}'),
    ("leading zero", '{"a":01}'),
    ("trailing comma", '{"a":1,}'),
    ("text after the object", "{} {}"),
    ("byte order mark", "\ufeff{}"),
    ("control character", '{"a":"\t"}'),
    ("nested too deeply", '{"a":' + "[" * 32 + "]" * 32 + "}"),
]

KEY_ID = uuid.UUID("9f2b0c56-8a0e-4a53-9d0a-1c1f3f1c7e42").bytes
VERSION_ID = uuid.UUID("00112233-4455-4677-8899-aabbccddeeff").bytes
EXAMPLE = {
    "purpose": "data",
    "issued_at": 1767225600,  # 2026-01-01T00:00:00Z
    "salt": bytes(range(0x40, 0x60)),
    "iv": bytes(range(0x80, 0x8C)),
    "context": '{ "tenant": "blue", "shard": 7.0 }',
    "plaintext": b"attack at dawn",
}


def named(suite, name):
    return name if suite == 1 else f"suite {suite}: {name}"


def ciphertext_vector(
    suite, name, purpose="data", context=None, additional=None, plaintext=None, size=None, issued_at=1767225600, **given
):
    name = named(suite, name)
    material = given.get("material") or fixed(f"material {name}", SUITES[suite].size)
    salt, iv = given.get("salt") or fixed(f"salt {name}"), given.get("iv") or fixed(f"iv {name}", 12)
    if additional is None or context is not None:
        encoded = encode_both(context, additional)
    else:
        encoded = encode_additional_data(additional)
    head = header(PURPOSES[purpose], KEY_ID, VERSION_ID, issued_at, salt, iv, suite=suite)
    sealed = seal(head, material, encoded, pattern(size) if plaintext is None else plaintext)
    key, commitment = message_keys(head, material)
    vector = {
        "name": name,
        "material": material.hex(),
        "suite": suite,
        "purpose": PURPOSES[purpose],
        "keyID": str(uuid.UUID(bytes=KEY_ID)),
        "keyVersionID": str(uuid.UUID(bytes=VERSION_ID)),
        "issuedAt": issued_at,
        "salt": salt.hex(),
        "iv": iv.hex(),
        "context": context,
        "additionalData": None if additional is None else additional.hex(),
        "encodedContext": encoded.hex(),
        "messageKey": key.hex(),
        "commitment": commitment.hex(),
    }
    if plaintext is None:
        return vector | {"plaintextSize": size, "ciphertextSHA256": hashlib.sha256(sealed).hexdigest()}
    return vector | {"plaintext": plaintext.hex(), "ciphertext": sealed.hex()}


def ciphertext_vectors(suite):
    yield ciphertext_vector(suite, "worked example", material=bytes(range(SUITES[suite].size)), **EXAMPLE)
    yield ciphertext_vector(suite, "empty plaintext", plaintext=b"")
    yield ciphertext_vector(suite, "one byte", plaintext=b"\0")
    yield ciphertext_vector(suite, "data key of 32 bytes", "dataKey", plaintext=fixed("a data key"))
    yield ciphertext_vector(suite, "data key of 16 bytes", "dataKey", '{"a":"b"}', plaintext=fixed("a data key", 16))
    yield ciphertext_vector(suite, "private key", "privateKey", '{"usage":"sign"}', plaintext=fixed("not really", 121))
    place = KEY_ID + "v1".encode()
    yield ciphertext_vector(suite, "secret value", "secretValue", additional=place, plaintext=b"correct horse")
    yield ciphertext_vector(suite, "longest plaintext", context='{"a":"b"}', size=4096)
    nested = '{"b":[true,null,{"x":-0.50}],"a":"é\\n"}'
    yield ciphertext_vector(suite, "nested context", context=nested, plaintext=b"nested")
    yield ciphertext_vector(suite, "empty object", context="{}", plaintext=b"same as no context")
    yield ciphertext_vector(suite, "additional data", additional=b'{"a":"b"}', plaintext=b"additional data")
    yield ciphertext_vector(suite, "empty additional data", additional=b"", plaintext=b"additional data")
    yield ciphertext_vector(suite, "context and data", context='{"a":"bc"}', additional=b"data", plaintext=b"both")
    yield ciphertext_vector(suite, "time zero", issued_at=0, plaintext=b"long ago")
    yield ciphertext_vector(suite, "latest time", issued_at=2**63 - 1, plaintext=b"far away")


def refused_ciphertexts(number):
    suite, size = SUITES[number], SUITES[number].size
    material, other = fixed(named(number, "refused material"), size), fixed(named(number, "another material"), size)
    given = {
        "suite": number,
        "purpose": 1,
        "key_id": KEY_ID,
        "version_id": VERSION_ID,
        "issued_at": 1767225600,
        "salt": fixed(named(number, "refused salt")),
        "iv": fixed(named(number, "refused iv"), 12),
    }
    context, plaintext = encode_context('{"a":"b"}'), b"a plaintext of 29 characters."
    head = header(**given)
    good = seal(head, material, context, plaintext)
    assert open_ciphertext(good, material, context) == plaintext
    key, commitment = message_keys(head, material)

    def vector(name, ciphertext, text='{"a":"b"}', with_material=material):
        try:
            open_ciphertext(ciphertext, with_material, encode_context(text))
        except Refused:
            return {
                "name": named(number, name),
                "material": with_material.hex(),
                "context": text,
                "ciphertext": ciphertext.hex(),
            }
        raise AssertionError(name)

    def changed(offset, mask=1):
        return good[:offset] + bytes([good[offset] ^ mask]) + good[offset + 1 :]

    # These are correct in every other respect: only the field itself tells that they must be refused.
    yield vector("another magic", seal(header(**given, magic=b"CLV2"), material, context, plaintext))
    yield vector("suite 0", seal(header(**given | {"suite": 0}), material, context, plaintext, suite))
    yield vector("suite 3", seal(header(**given | {"suite": 3}), material, context, plaintext, suite))
    yield vector("purpose 0", seal(header(**given | {"purpose": 0}), material, context, plaintext))
    yield vector("purpose 5", seal(header(**given | {"purpose": 5}), material, context, plaintext))
    yield vector("first reserved byte", seal(header(**given, reserved=b"\1\0"), material, context, plaintext))
    yield vector("second reserved byte", seal(header(**given, reserved=b"\0\1"), material, context, plaintext))
    no_header = suite.aead(key).encrypt(given["iv"], plaintext, context)
    yield vector("header not authenticated", head + no_header[:-16] + commitment + no_header[-16:])
    no_context = suite.aead(key).encrypt(given["iv"], plaintext, head)
    yield vector("context not authenticated", head + no_context[:-16] + commitment + no_context[-16:])
    yield vector("commitment of another material", good[:-48] + message_keys(head, other)[1] + good[-16:])
    yield vector("no commitment", good[:-48] + good[-16:])
    yield vector("zero commitment", good[:-48] + bytes(32) + good[-16:])
    for wrong in (size - 1, size + 1, 48 - size):
        misfit = fixed("material of another size", wrong)
        yield vector(f"material of {wrong} bytes", seal(head, misfit, context, plaintext), with_material=misfit)

    yield vector("suite changed", changed(4, 3))
    yield vector("purpose changed", changed(5, 3))
    yield vector("key id changed", changed(8))
    yield vector("key version id changed", changed(24))
    yield vector("issued at changed", changed(47))
    yield vector("salt changed", changed(48))
    yield vector("iv changed", changed(80))
    yield vector("ciphertext changed", changed(92))
    yield vector("commitment changed", changed(len(good) - 17))
    yield vector("tag changed", changed(len(good) - 1))
    yield vector("last byte missing", good[:-1])
    yield vector("a byte too many", good + b"\0")
    yield vector("nothing", b"")
    yield vector("header alone", head)
    yield vector("another material", good, with_material=other)
    yield vector("another context", good, '{"a":"c"}')
    yield vector("no context", good, None)
    beside = encode_both('{"a":"b"}', b"data")
    yield vector("additional data beside the context", seal(head, material, beside, plaintext))


def ambiguous_ciphertext(number):
    suite = SUITES[number]
    materials = [fixed(named(number, f"ambiguous material {which}"), suite.size) for which in (1, 2)]
    salt, iv = fixed(named(number, "ambiguous salt")), fixed(named(number, "ambiguous iv"), 12)
    head = header(2, KEY_ID, VERSION_ID, 1767225600, salt, iv, suite=number)
    aad = head + encode_context(None)
    keys, commitments = zip(*(message_keys(head, material) for material in materials))
    sealed, tag = collide(suite.cipher, keys, iv, aad)
    openings = []
    for material, key, commitment in zip(materials, keys, commitments):
        ciphertext = head + sealed + commitment + tag
        plaintext = suite.aead(key).decrypt(iv, sealed + tag, aad)
        assert open_ciphertext(ciphertext, material, encode_context(None)) == plaintext
        openings.append(
            {
                "material": material.hex(),
                "messageKey": key.hex(),
                "plaintext": plaintext.hex(),
                "ciphertext": ciphertext.hex(),
            }
        )
    return {
        "suite": number,
        "iv": iv.hex(),
        "aad": aad.hex(),
        "sealed": sealed.hex(),
        "tag": tag.hex(),
        "openings": openings,
    }


def wrapped_vectors():
    for name, secret, identity in [
        ("key of 32 bytes", fixed("a secret"), b"key-version/00112233-4455-4677-8899-aabbccddeeff"),
        ("key of 16 bytes", fixed("a secret", 16), b"key-version/1"),
        ("empty secret", b"", b"empty"),
        ("empty identity", b"secret", b""),
        ("long secret", fixed("a long secret", 600), bytes(range(256))),
    ]:
        key, salt = fixed(f"wrapping key {name}"), fixed(f"wrapping salt {name}")
        wrapped = wrap(secret, key, identity, salt)
        assert unwrap(wrapped, key, identity) == secret
        yield {
            "name": name,
            "key": key.hex(),
            "identity": identity.hex(),
            "salt": salt.hex(),
            "secret": secret.hex(),
            "wrapped": wrapped.hex(),
        }


def refused_wrapped():
    key, salt, secret = fixed("refused wrapping key"), fixed("refused wrapping salt"), fixed("refused secret")
    good = wrap(secret, key, b"row 1", salt)

    def vector(name, wrapped, with_key=key, identity=b"row 1"):
        try:
            unwrap(wrapped, with_key, identity)
        except Refused:
            return {"name": name, "key": with_key.hex(), "identity": identity.hex(), "wrapped": wrapped.hex()}
        raise AssertionError(name)

    yield vector("another identity", good, identity=b"row 2")
    yield vector("no identity", good, identity=b"")
    yield vector("another key", good, with_key=fixed("another wrapping key"))
    yield vector("another magic", b"CLW2" + good[4:])
    yield vector("salt changed", good[:4] + bytes([good[4] ^ 128]) + good[5:])
    yield vector("ciphertext changed", good[:36] + bytes([good[36] ^ 1]) + good[37:])
    yield vector("tag changed", good[:-1] + bytes([good[-1] ^ 1]))
    yield vector("last byte missing", good[:-1])
    yield vector("a byte too many", good + b"\0")
    yield vector("shorter than the overhead", good[:51])
    yield vector("nothing", b"")


def with_data(texts, data):
    (encoded,) = {encode_both(text, data) for text in texts}
    return encoded


def vectors():
    contexts, seen = [], set()
    for name, texts in CONTEXTS:
        encodings = {encode_context(text) for text in texts}
        assert len(encodings) == 1 and not encodings & seen, name
        seen |= encodings
        contexts.append({"name": name, "texts": texts, "encoded": encodings.pop().hex()})
    for name, text in REFUSED_CONTEXTS:
        try:
            encode_context(text)
        except Refused:
            continue
        raise AssertionError(name)
    additional = [b"", b"a", b"{}", b'{"a":"b"}', bytes(range(256))]
    return {
        "contexts": contexts,
        "additionalData": [{"data": data.hex(), "encoded": encode_additional_data(data).hex()} for data in additional],
        "contextsWithData": [
            {"texts": texts, "data": data.hex(), "encoded": with_data(texts, data).hex()}
            for texts, data in CONTEXTS_WITH_DATA
        ],
        "refusedContexts": [{"name": name, "text": text} for name, text in REFUSED_CONTEXTS],
        "ciphertexts": [vector for suite in SUITES for vector in ciphertext_vectors(suite)],
        "refusedCiphertexts": [vector for suite in SUITES for vector in refused_ciphertexts(suite)],
        "ambiguousCiphertexts": [ambiguous_ciphertext(suite) for suite in SUITES],
        "wrapped": list(wrapped_vectors()),
        "refusedWrapped": list(refused_wrapped()),
    }


CONTEXT_PARTS = """The encoded context has these parts; `shard` comes before `tenant`, and 7.0 is written `7e0`:

    01                       context
    00000002                 two members
    00000005 7368617264      "shard"
    02 00000003 376530       number "7e0"
    00000006 74656e616e74    "tenant"
    01 00000004 626c7565     string "blue"
"""


BOTH_PARTS = """
    03                       context and additional data
    00000004 64617461        "data"
    01                       context
    00000001                 one member
    00000001 61              "a"
    01 00000002 6263         string "bc"
"""
BOTH = "".join(line[:29] for line in BOTH_PARTS.split("\n")).replace(" ", "")
assert BOTH == encode_both('{"a":"bc"}', b"data").hex()


def shown(title, value):
    lines = [value[start : start + 64] for start in range(0, len(value), 64)]
    return f"    {title:<15} " + f"\n{'':20}".join(lines) + "\n"


def examples():
    """The blocks of the page's worked examples, one for each suite."""
    for suite in SUITES:
        vector = next(ciphertext_vectors(suite))
        sealed = bytes.fromhex(vector["ciphertext"])
        head, encoded = sealed[:92], vector["encodedContext"]
        inputs = (
            shown("purpose", '"data"')
            + shown("key id", f'"{vector["keyID"]}"')
            + shown("key version id", f'"{vector["keyVersionID"]}"')
            + shown("issued at", f'"{vector["issuedAt"]}" = {vector["issuedAt"]:016x} (2026-01-01T00:00:00Z)')
            + shown("salt", vector["salt"])
            + shown("IV", vector["iv"])
            + shown("context", f"'{vector['context']}'")
            + shown("plaintext", f'"{EXAMPLE["plaintext"].decode()}" = {vector["plaintext"]}')
        )
        yield "\n".join(
            [
                f"### Suite {suite}\n",
                "Inputs:\n" if suite == 1 else "Inputs, beside those that are the same as for suite 1:\n",
                shown("material", vector["material"]) + (inputs if suite == 1 else ""),
                "Derivation:\n",
                shown("info", (head[4:6] + head[8:40]).hex())
                + shown("messageKey", vector["messageKey"])
                + shown("commitment", vector["commitment"]),
                "Encryption, with the header and the encoded context as AAD:\n",
                shown("header", head.hex())
                + (shown("encoded context", encoded) if suite == 1 else "")
                + shown("ciphertext", sealed[92:-48].hex())
                + shown("tag", sealed[-16:].hex()),
                "The result, and its base64 (broken into lines here only):\n",
                shown("result", sealed.hex()) + shown("base64", base64.b64encode(sealed).decode()),
            ]
            + ([CONTEXT_PARTS] if suite == 1 else [])
        )


def main():
    if "--example" in sys.argv:
        return print("\n".join(examples()), end="")
    text = json.dumps(vectors(), ensure_ascii=True, indent=2) + "\n"
    if "--check" not in sys.argv:
        FILE.write_text(text)
    elif FILE.read_text() != text:
        sys.exit(f"{FILE.name} is not what {pathlib.Path(__file__).name} writes")
    elif any(example not in PAGE.read_text() for example in ["\n".join(examples()), BOTH_PARTS]):
        sys.exit(f"the examples of {PAGE.name} are not those of {pathlib.Path(__file__).name}")


if __name__ == "__main__":
    main()
