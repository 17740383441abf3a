#!/usr/bin/env python3
"""Writes ../ClavigerEnvelopeTests/Vectors/messages.json: messages of the Encryption SDK.

This is an implementation of the message format alone; it shares no code with the SDK. The protocol buffers, GCM, padding and
CTR are written out here; the blocks of SM4, HKDF and HMAC are the PyPI package `cryptography`'s.

    make_envelope_vectors.py          write messages.json
    make_envelope_vectors.py --check  fail if messages.json differs from what would be written
"""

import hashlib
import json
import pathlib
import re
import sys

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.hashes import SM3, Hash
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

FILE = pathlib.Path(__file__).parents[1] / "ClavigerEnvelopeTests" / "Vectors" / "messages.json"
MODES = {1: "CBC", 2: "CBC", 3: "GCM", 4: "GCM", 5: "CTR", 6: "CTR", 7: "ECB", 8: "ECB"}
# A message that is longer is given by its SHA-256.
SHOWN = 1200


# Protocol buffers


def varint(number):
    result = bytearray()
    while number > 0x7F:
        result.append(number & 0x7F | 0x80)
        number >>= 7
    result.append(number)
    return bytes(result)


def field(number, value):
    """A field as proto3 writes it: not at all if it has the default value."""
    if not value:
        return b""
    return always(number, value)


def always(number, value):
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    if isinstance(value, str):
        value = value.encode()
    return varint(number << 3 | 2) + varint(len(value)) + value


def data_key_field(region, key_id, ciphertext):
    return field(1, region) + field(2, key_id) + field(3, ciphertext)


DATA_KEYS = [
    ("ap-guangzhou", "1e0cc27b-9bd1-11ee-b5d2-525400e8f0a1", "CiphertextBlob-one=="),
    ("ap-beijing", "2f1dd38c-9bd1-11ee-b5d2-525400e8f0a2", "CiphertextBlob-two=="),
]
HEADER = {
    "version": 1,
    "algorithm": 4,
    "encryption_context": '{"name":"test","date":"20200228"}',
    "data_keys": DATA_KEYS,
    "block_type": 1,
    "block_length": 0,
    "message_id": bytes(range(0xA0, 0xB0)),
    "plaintext_length": 3,
}


def encode(header):
    result = field(1, header["version"]) + field(2, header["algorithm"])
    result += field(3, header["encryption_context"])
    for data_key in header["data_keys"]:
        result += always(4, data_key_field(*data_key))
    result += field(5, header["block_type"]) + field(6, header["block_length"])
    return result + field(7, header["message_id"]) + field(8, header["plaintext_length"])


def framed(header_bytes):
    return b"KES\x01" + len(header_bytes).to_bytes(4, "big") + header_bytes


# Cryptography


def sm3(data):
    hasher = Hash(SM3())
    hasher.update(data)
    return hasher.finalize()


def blocks_of(key, data):
    """SM4 of every block by itself."""
    encryptor = Cipher(algorithms.SM4(key), modes.ECB()).encryptor()
    return encryptor.update(data) + encryptor.finalize()


def xor(left, right):
    return bytes(a ^ b for a, b in zip(left, right))


def padded(data):
    count = 16 - len(data) % 16
    return data + bytes([count]) * count


def cbc(key, iv, data):
    encryptor = Cipher(algorithms.SM4(key), modes.CBC(iv)).encryptor()
    return encryptor.update(padded(data)) + encryptor.finalize()


def ctr(key, counter, data, bits=128):
    """The last `bits` bits of the counter count."""
    fixed, number = counter >> bits << bits, counter & (1 << bits) - 1
    count = (len(data) + 15) // 16
    stream = b"".join((fixed | (number + i) % (1 << bits)).to_bytes(16, "big") for i in range(count))
    return xor(data, blocks_of(key, stream))


def multiply(left, right):
    """NIST SP 800-38D, section 6.3."""
    result = 0
    for bit in range(127, -1, -1):
        if left >> bit & 1:
            result ^= right
        right = right >> 1 ^ (0xE1 << 120 if right & 1 else 0)
    return result


def ghash(hash_key, associated, ciphertext):
    data = associated + bytes(-len(associated) % 16) + ciphertext + bytes(-len(ciphertext) % 16)
    data += (len(associated) * 8).to_bytes(8, "big") + (len(ciphertext) * 8).to_bytes(8, "big")
    state = 0
    for start in range(0, len(data), 16):
        state = multiply(state ^ int.from_bytes(data[start : start + 16], "big"), hash_key)
    return state.to_bytes(16, "big")


def gcm(key, nonce, associated, data):
    hash_key = int.from_bytes(blocks_of(key, bytes(16)), "big")
    first = int.from_bytes(nonce + b"\0\0\0\1", "big")
    ciphertext = ctr(key, first + 1, data, bits=32)
    return ciphertext + xor(ghash(hash_key, associated, ciphertext), blocks_of(key, first.to_bytes(16, "big")))


def seal(header, data_key, plaintext):
    number = header["algorithm"]
    start = framed(encode(header))
    material = HKDF(SM3(), 64, header["message_id"], b"claviger-enc-sdk v1" + bytes([number])).derive(data_key)
    encryption_key, iv_key, signing_key = material[:16], material[16:32], material[32:]
    size = header["block_length"] or len(plaintext)
    chunks = [plaintext[offset : offset + size] for offset in range(0, len(plaintext), size)]
    body = b""
    for index, chunk in enumerate(chunks):
        count = index.to_bytes(8, "big")
        if MODES[number] == "CBC":
            body += cbc(encryption_key, blocks_of(iv_key, bytes(8) + count), chunk)
        elif MODES[number] == "ECB":
            body += blocks_of(encryption_key, padded(chunk))
        elif MODES[number] == "CTR":
            body += ctr(encryption_key, index << 64, chunk)
        else:
            last = (index == len(chunks) - 1).to_bytes(4, "big")
            body += gcm(encryption_key, last + count, sm3(start), chunk)
    message = start + body
    if number % 2 == 1:
        signer = HMAC(signing_key, SM3())
        signer.update(message)
        message += signer.finalize()
    return message


def check_gcm():
    """RFC 8998, appendix A.1."""
    key = bytes.fromhex("0123456789abcdeffedcba9876543210")
    text = b"".join(bytes([byte]) * 8 for byte in bytes.fromhex("aabbccddeeffeeaa"))
    associated = bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
    result = gcm(key, bytes.fromhex("00001234567800000000abcd"), associated, text).hex()
    assert result == (
        "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
        "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d"
        "83de3541e4c2b58177e065a9bf7b62ec"
    )


# Vectors


def sample(count):
    """What the plaintexts are: byte i is the lowest byte of 7 i + i / 256."""
    return bytes((7 * i + (i >> 8)) & 0xFF for i in range(count))


def messages():
    for number in range(1, 9):
        for length, block in [
            (1, 0), (15, 0), (16, 0), (17, 0), (100, 0), (70_001, 0),
            (1, 1), (20, 1), (16, 16), (33, 16), (48, 16), (100, 33), (129, 64), (64, 1000), (1000, 1000),
            (12_289, 4_096), (20_000, 5_000), (40_000, 20_000), (66_000, 2), (70_000, 16_400),
        ]:
            if MODES[number] == "GCM" and length == 66_000:
                length = 2_600  # Multiplying in Python takes its time.
            header = dict(HEADER, algorithm=number, plaintext_length=length)
            header.update(block_type=2 if block else 1, block_length=block)
            header["message_id"] = hashlib.sha256(b"%d %d %d" % (number, length, block)).digest()[:16]
            if length % 2 == 0:
                header.update(encryption_context="", data_keys=DATA_KEYS[:1])
            data_key = hashlib.sha256(b"key %d" % number).digest()[:16]
            message = seal(header, data_key, sample(length))
            vector = {
                "algorithm": number,
                "plaintextLength": length,
                "blockLength": block,
                "encryptionContext": header["encryption_context"],
                "dataKeys": header["data_keys"],
                "messageID": header["message_id"].hex(),
                "dataKey": data_key.hex(),
            }
            if len(message) <= SHOWN:
                vector["message"] = message.hex()
            else:
                vector["size"] = len(message)
                vector["sha256"] = hashlib.sha256(message).hexdigest()
            yield vector


def headers():
    """Messages whose headers are unusual or wrong, with the code that reading them gives. The bodies are zeros."""

    def message(header_bytes, rest):
        return framed(header_bytes) + bytes(rest)

    def changed(rest=19, **changes):
        return message(encode(dict(HEADER, **changes)), rest)

    good = encode(HEADER)
    plain = message(good, 19)
    yield "as it should be", 0, plain
    yield "nothing", -8, b""
    yield "seven bytes", -8, plain[:7]
    yield "seven wrong bytes", -8, b"XYZABCD"
    yield "eight bytes", -8, plain[:8]
    yield "another magic", -9, b"KEZ\1" + plain[4:]
    yield "another format", -9, b"KES\2" + plain[4:]
    yield "a header of no bytes", -9, b"KES\1\0\0\0\0" + plain[8:]
    yield "a header of 65,537 bytes", -9, b"KES\1\0\1\0\1" + plain[8:]
    yield "a header of 4 GiB", -9, b"KES\1\xff\xff\xff\xff" + plain[8:]
    yield "a header that is not all there", -8, plain[: 8 + len(good) - 1]
    yield "a header and no body", -8, plain[: 8 + len(good)]
    yield "a body that is short by one", -8, plain[:-1]
    yield "a body that is long by one", -10, plain + b"\0"
    longest = good + always(99, bytes(65_536 - len(good) - 5))
    assert len(longest) == 65_536
    yield "the longest header", 0, message(longest, 19)
    yield "no protocol buffer", -10, message(b"\xff" * 20, 19)
    yield "a field that is cut short", -10, message(good[:-1], 19)
    yield "a field number of zero", -10, message(good + b"\0\1", 19)
    yield "an unknown number", 0, message(good + always(15, 7), 19)
    yield "an unknown text", 0, message(always(1000, "text") + good, 19)
    yield "an unknown group", 0, message(good + b"\x7b\x08\x01\x7c", 19)
    yield "an unknown group without end", -10, message(good + b"\x7b\x08\x01", 19)
    yield "unknown fixed numbers", 0, message(good + b"\x79" + bytes(8) + b"\x7d" + bytes(4), 19)
    yield "a known field of another wire type", -10, message(always(1, "x") + encode(dict(HEADER, version=0)), 19)
    yield "the version twice, the last is right", 0, message(always(1, 9) + good, 19)
    yield "the version twice, the last is wrong", -10, message(good + always(1, 9), 19)
    yield "the plaintext's length twice", 0, message(good + always(8, 4), 20)
    yield "the message id twice, the last too short", -10, message(good + always(7, b"short"), 19)
    yield "no version", -10, changed(version=0)
    yield "version 2", -10, changed(version=2)
    yield "no algorithm", -4, changed(algorithm=0)
    yield "algorithm 9", -4, changed(algorithm=9)
    yield "algorithm 2^31 - 1", -4, changed(algorithm=2**31 - 1)
    yield "algorithm -1", -4, changed(algorithm=2**64 - 1)
    yield "algorithm 9 and a body that is short", -4, changed(rest=0, algorithm=9)
    yield "algorithm 9 and version 2", -10, changed(algorithm=9, version=2)
    yield "algorithm 9 and no data key", -10, changed(algorithm=9, data_keys=[])
    yield "no data key", -10, changed(data_keys=[])
    yield "five data keys", 0, changed(data_keys=[DATA_KEYS[0]] * 5)
    yield "six data keys", -10, changed(data_keys=[DATA_KEYS[0]] * 6)
    yield "thirty thousand empty data keys", -10, message(b"\x22\0" * 30_000 + good, 19)
    yield "no context", 0, changed(encryption_context="")
    yield "a context of 2,051 bytes", 0, changed(encryption_context="x" * 2_051)
    yield "a context of 2,052 bytes", -10, changed(encryption_context="x" * 2_052)
    yield "a context of 684 characters of three bytes", -10, changed(encryption_context="中" * 684)
    yield "a context with a NUL", -10, changed(encryption_context="{}\0")
    yield "a context that is not UTF-8", -10, message(good + always(3, b"{\xff}"), 19)
    yield "a context with half a surrogate pair", -10, message(good + always(3, b"\xed\xa0\x80"), 19)
    for name, position, most in [("region", 0, 63), ("key id", 1, 127), ("ciphertext", 2, 1_023)]:
        for text, code, what in [
            ("x" * most, 0, f"of {most} bytes"),
            ("x" * (most + 1), -10, f"of {most + 1} bytes"),
            ("a\0b", -10, "with a NUL"),
            (b"\xc0\x80", -10, "that is not UTF-8"),
        ]:
            data_key = list(DATA_KEYS[1])
            data_key[position] = text
            yield f"a {name} {what}", code, changed(data_keys=[DATA_KEYS[0], tuple(data_key)])
    yield "no block type", -10, changed(block_type=0)
    yield "block type 3", -10, changed(block_type=3)
    yield "no blocks and a block length", -10, changed(block_length=3)
    yield "no blocks and a block length of zero that is written", 0, message(good + always(6, 0), 19)
    yield "blocks of no length", -10, changed(block_type=2)
    yield "blocks of one byte", 0, changed(rest=51, block_type=2, block_length=1)
    yield "blocks of 2^31 - 1 bytes", 0, changed(block_type=2, block_length=2**31 - 1)
    yield "blocks of 2^31 bytes", -10, changed(block_type=2, block_length=2**31)
    yield "blocks of 2^63 bytes", -10, changed(block_type=2, block_length=2**63)
    yield "no message id", -10, changed(message_id=b"")
    yield "a message id of 15 bytes", -10, changed(message_id=bytes(15))
    yield "a message id of 17 bytes", -10, changed(message_id=bytes(17))
    yield "no plaintext", -10, changed(rest=16, plaintext_length=0)
    for number in range(1, 9):
        code = -10 if MODES[number] == "GCM" else -8
        yield f"2^64 - 1 bytes under algorithm {number}", code, changed(algorithm=number, plaintext_length=2**64 - 1)
        yield f"2^64 - 1 bytes in blocks of one under algorithm {number}", -8, changed(
            algorithm=number, plaintext_length=2**64 - 1, block_type=2, block_length=1)
    # (2^60 + 2^56) chunks of 16 bytes become 32 each: 2^65 and some, which 64 bits cannot count.
    yield "a body whose size is 2^64 + 48", -8, changed(
        rest=48, algorithm=2, plaintext_length=(2**59 + 1) * 16 + 1, block_type=2, block_length=16)
    # NIST SP 800-38D, section 5.2.1.1.
    yield "the longest text of GCM", -8, changed(plaintext_length=2**36 - 32)
    yield "a longer text of GCM", -10, changed(plaintext_length=2**36 - 31)


def packed(message):
    """Hexadecimal; eight or more times the same byte or two bytes are written `(hex*times)`."""
    return re.sub(
        "(....)\\1{7,}", lambda run: f"({run[1]}*{len(run[0]) // 4})",
        re.sub("(..)\\1{15,}", lambda run: f"({run[1]}*{len(run[0]) // 2})", message.hex()))


def vectors():
    check_gcm()
    return {
        "messages": list(messages()),
        "headers": [{"name": name, "code": code, "message": packed(message)} for name, code, message in headers()],
    }


def main():
    text = json.dumps(vectors(), indent=1, ensure_ascii=False) + "\n"
    if "--check" not in sys.argv:
        FILE.write_text(text)
    elif FILE.read_text() != text:
        sys.exit(f"{FILE.name} is not what make_envelope_vectors.py writes")


if __name__ == "__main__":
    main()
