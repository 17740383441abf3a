# -*- coding: utf-8 -*-
"""Encrypts data on the machine where it runs, under data keys that a KMS makes and guards; and SM2, SM3 and SM4 on keys
of the caller's own.

Data is bytes (bytearray and memoryview are taken too); names, ids, contexts and addresses are str. In Python 2 data is
str, and text is str or unicode. A function's result, or the first of several, is 0 or a negative number:

     -1  a wrong argument; InitSdk: the KMS did not answer or refused; bad padding; a key manager that is not in use
     -2  nothing to encrypt                               -10  the message's header is malformed, or bytes follow it
     -3  the list of master keys is empty                 -11  no master key could decrypt the message's data key
     -4  the algorithm is none of the eight               -12  the KMS gave a data key that is not 16 bytes
     -5  no master key of the list could make a data key  -13  a signature, HMAC or GCM tag does not match
     -6  the KMS gave an unusable encrypted data key      -14  out of memory
     -7  the header would be too large                    -15  the account's KMS service is not enabled
     -8  the message or ciphertext is cut off             -16  the account has not the edition that the SDK needs
     -9  this is not a message of the SDK

After an error the data beside it is empty. Wrong types and lengths are -1 as well; none of these functions raises an
exception for an argument, but for a wrong number of them. All may be called by any number of threads at once, and the
interpreter's lock is free while the library works.

This file runs under Python 2.7 and under 3.6 and later (CPython).
"""
import ctypes
import functools
import operator
import os
import sys

__all__ = [
    "AddMasterKey", "Algorithm", "Decrypt", "EncryptedDataKey", "Encrypt", "FreeKeyManager", "HashForSM3WithSM2",
    "InitKeyManager", "InitSdk", "KeyManager", "MsgHead", "NewMasterKey", "Sm2Decrypt", "Sm2Encrypt", "Sm2GetKey",
    "Sm2PemChangeToPubkey", "Sm2Sign", "Sm2SignWithDigest", "Sm2Verify", "Sm2VerifyWithDigest", "Sm3Digest", "Sm3Hmac",
    "Sm4CbcDecrypt", "Sm4CbcEncrypt", "Sm4CtrDecrypt", "Sm4CtrEncrypt", "Sm4EcbDecrypt", "Sm4EcbEncrypt",
    "Sm4GcmDecrypt", "Sm4GcmEncrypt",
]

_IS_PYTHON_2 = sys.version_info[0] == 2
_text_type = type(u"")
_ERROR, _MEMORY_ERROR = -1, -14
# The most that C's int can say.
_INT_MAX = 2147483647
# Results up to here are cut by a slice; the lock that this holds is free again sooner than a call through ctypes.
_SLICE_MAX = 65536


# The structs of kms_enc_sdk.h. Their sizes include the NUL that ends a text.


class EncryptedDataKey(ctypes.Structure):
    """A message's data key as one master key encrypted it."""
    _fields_ = [
        ("cmkRegion", ctypes.c_char * 64),
        ("cmkKeyId", ctypes.c_char * 128),
        ("dataKey", ctypes.c_char * 1024),
    ]


class MsgHead(ctypes.Structure):
    """How a message is encrypted. Its texts read as bytes; the first dataKeyNum elements of dataKey are in use;
    blockType is 1 for a message in one piece, 2 for one in chunks of blockLength bytes."""
    _fields_ = [
        ("algorithm", ctypes.c_int),
        ("encryptionContext", ctypes.c_char * 2052),
        ("dataKeyNum", ctypes.c_int),
        ("dataKey", EncryptedDataKey * 5),
        ("blockType", ctypes.c_int),
        ("blockLength", ctypes.c_int),
    ]


class KeyManager(ctypes.Structure):
    """Credentials and caches of data keys, made by InitKeyManager. When the last copy goes, the caches are wiped."""
    _fields_ = [
        ("secretId", ctypes.c_char * 256),
        ("secretKey", ctypes.c_char * 256),
        ("msgCount", ctypes.c_int),
        ("enExpiretime", ctypes.c_int),
        ("deExpiretime", ctypes.c_int),
        ("reserved0", ctypes.c_int),
        ("handle", ctypes.c_ulonglong),
        ("reserved", ctypes.c_ulonglong * 4),
    ]

    def __copy__(self):
        copied = type(self).from_buffer_copy(self)
        copied.__dict__.update(self.__dict__)
        return copied

    def __deepcopy__(self, memo):
        return self.__copy__()

    def __reduce_ex__(self, protocol):
        # The caches could not follow it to where the pickle is read.
        raise TypeError("a KeyManager cannot be pickled")


class _Caches(object):
    """The caches of a KeyManager, shared by its copies. Whatever `__del__` uses is held here: when the interpreter
    ends, this module's own names may be gone before the last object."""

    def __init__(self, keyManager):
        self._manager = KeyManager.from_buffer_copy(keyManager)
        self._pointer = ctypes.byref(self._manager)
        self._free = _library.FreeKeyManager
        self._process, self._current_process = os.getpid(), os.getpid

    def __del__(self):
        # In a forked child the library may wait for a thread that only the parent has; its memory goes with it anyway.
        if self._current_process() == self._process:
            self._free(self._pointer)


class Algorithm(object):
    """How a message is encrypted. Those with a signature carry an HMAC-SM3 over the whole message. The four others,
    GCM excepted, do not notice that a message was changed."""
    SM4_CBC_128_WITH_SIGNATURE = 1
    SM4_CBC_128 = 2
    SM4_GCM_128_WITH_SIGNATURE = 3
    SM4_GCM_128 = 4
    SM4_CTR_128_WITH_SIGNATURE = 5
    SM4_CTR_128 = 6
    SM4_ECB_128_WITH_SIGNATURE = 7
    SM4_ECB_128 = 8


def _load():
    """The library: CLAVIGER_SDK_LIB, or what is beside this file, as in a wheel, or in ../lib, as in the archive."""
    folder = os.path.dirname(os.path.realpath(__file__))
    named = os.environ.get("CLAVIGER_SDK_LIB")
    candidates = [named] if named else [
        os.path.join(folder, "libkms_enc_sdk.so"),
        os.path.join(folder, os.pardir, "lib", "libkms_enc_sdk.so"),
    ]
    for path in candidates:
        if os.path.exists(path):
            try:
                return ctypes.CDLL(path)
            except OSError as error:
                raise ImportError("%s cannot be loaded: %s" % (path, error))
    raise ImportError("there is no %s; CLAVIGER_SDK_LIB can name the library" % " and no ".join(candidates))


_library = _load()


def _declare():
    """Says what the library's functions take. Data is c_void_p, which takes bytes where they are, without a copy."""
    # p: data, t: text, i: int, z: size_t, l: int *, L: size_t *, k: KeyManager *, h: MsgHead *
    kinds = {
        "p": ctypes.c_void_p, "t": ctypes.c_char_p, "i": ctypes.c_int, "z": ctypes.c_size_t,
        "l": ctypes.POINTER(ctypes.c_int), "L": ctypes.POINTER(ctypes.c_size_t),
        "k": ctypes.POINTER(KeyManager), "h": ctypes.POINTER(MsgHead),
    }
    functions = {
        "InitSdk": "tttt", "NewMasterKey": "ttt", "AddMasterKey": "ttt", "InitKeyManager": "ktiiitt",
        "Encrypt": "pzktitzhpL", "Decrypt": "pzkhpL", "FreeKeyManager": "k",
        "Sm2GetKey": "pp", "Sm2Sign": "pppipl", "Sm2Verify": "ppipi", "Sm2PemChangeToPubkey": "tp",
        "HashForSM3WithSM2": "pippipl", "Sm2SignWithDigest": "pppipl", "Sm2VerifyWithDigest": "ppipi",
        "Sm2Encrypt": "ppipl", "Sm2Decrypt": "ppipl", "Sm3Hmac": "pipipl", "Sm3Digest": "pipl",
        "Sm4CbcEncrypt": "piplpp", "Sm4CtrEncrypt": "piplpp", "Sm4CbcDecrypt": "piplpp", "Sm4CtrDecrypt": "piplpp",
        "Sm4EcbEncrypt": "piplp", "Sm4EcbDecrypt": "piplp",
        "Sm4GcmEncrypt": "piplppipipi", "Sm4GcmDecrypt": "piplppipipi",
    }
    for name, arguments in functions.items():
        function = getattr(_library, name)
        function.argtypes = [kinds[kind] for kind in arguments]
        function.restype = ctypes.c_int


_declare()

# Makes bytes that are filled before anybody else sees them: the library writes its output where it stays.
_new_bytes = ctypes.pythonapi["PyString_FromStringAndSize" if _IS_PYTHON_2 else "PyBytes_FromStringAndSize"]
_new_bytes.argtypes = [ctypes.c_char_p, ctypes.c_ssize_t]
_new_bytes.restype = ctypes.py_object


class _WrongArgument(Exception):
    """An argument that cannot be handed to C."""


def _answering(*makers):
    """Makes a function answer, where an argument is wrong or memory is short, by a number and, for each of `makers`,
    what it makes."""
    def decorate(function):
        @functools.wraps(function)
        def answering(*arguments, **named):
            try:
                return function(*arguments, **named)
            except _WrongArgument:
                result = _ERROR
            except MemoryError:
                result = _MEMORY_ERROR
            return (result,) + tuple([make() for make in makers]) if makers else result
        return answering
    return decorate


@_answering()
def InitSdk(region, secretId, secretKey, domainName):
    """Asks the KMS whether the account may use it, and makes its address that of this process.

    domainName is [http://|https://]host[:port], where "{region}" stands for a master key's region, or a comma-separated
    list of region=address; if it is "", the environment variable TENCENT_SDK_DOMAIN is used. The functions whose names
    begin with Sm, and HashForSM3WithSM2, work without this call.
    """
    return _library.InitSdk(_text(region), _text(secretId), _text(secretKey), _text(domainName))


@_answering(list)
def NewMasterKey(cmkRegion, cmkKeyId):
    """Begins a list of master keys with the one that is used first: (result, list)."""
    return _extended(_library.NewMasterKey, b"", cmkRegion, cmkKeyId)


@_answering(list)
def AddMasterKey(masterKeys, cmkRegion, cmkKeyId):
    """Makes a longer list, with a master key that serves when those before it cannot, up to five in all: (result,
    list). The list given stays as it is."""
    return _extended(_library.AddMasterKey, _list(masterKeys), cmkRegion, cmkKeyId)


def InitKeyManager(masterKey, msgCount, enExpiretime, deExpiretime=0, secretId=None, secretKey=None):
    """Makes a KeyManager, or None if an argument is wrong; calls no KMS. May be called with five arguments, without
    deExpiretime.

    A data key encrypts at most msgCount messages and for less than enExpiretime seconds; one that the KMS decrypted is
    kept for deExpiretime seconds. 0 means no limit, in each of them.
    """
    if secretKey is None:
        deExpiretime, secretId, secretKey = 0, deExpiretime, secretId
    manager = KeyManager()
    try:
        result = _library.InitKeyManager(
            manager, _list(masterKey), _count(msgCount), _count(enExpiretime), _count(deExpiretime), _text(secretId),
            _text(secretKey))
    except _WrongArgument:
        return None
    if result != 0:
        return None
    manager._caches = _Caches(manager)
    return manager


def FreeKeyManager(keyManager):
    """Wipes the data keys that keyManager caches, for all its copies; calls that use it then fail. It happens by itself
    when the last copy goes."""
    return _library.FreeKeyManager(_manager(keyManager))


@_answering(MsgHead, bytes)
def Encrypt(source, keyManager, masterKeys, algorithm, encryptionContext, blockSize):
    """Encrypts data under a data key that the master keys of the list guard: (result, MsgHead, message).

    encryptionContext is "" or a JSON object of up to 2048 bytes; it is part of the message, readable, and the KMS binds
    the data key to it. blockSize 0 encrypts in one piece, another in chunks of that many bytes, up to 2147483647.
    """
    data, size = _data(source)
    context = None if encryptionContext is None else _text(encryptionContext)
    # What does not fit the library's types becomes a number that it refuses, in its own order of checks.
    algorithm = _within(algorithm, 1, 8, 0)
    blockSize = _within(blockSize, 0, _INT_MAX, _INT_MAX + 1)
    chunks = (max(size, 1) - 1) // blockSize + 1 if blockSize else 1
    message = _new_bytes(None, size + 16 * chunks + 16384)
    header, length = MsgHead(), ctypes.c_size_t()
    result = _library.Encrypt(
        data, size, _manager(keyManager), _list(masterKeys), algorithm, context, blockSize, header, message, length)
    return result, header, _cut(message, length) if result == 0 else b""


@_answering(MsgHead, bytes)
def Decrypt(source, keyManager):
    """Gives what a message of Encrypt holds: (result, MsgHead, data). Data of a message that is signed or encrypted by
    GCM is given only if the message is unchanged."""
    data, size = _data(source)
    plaintext = _new_bytes(None, size + 1)
    header, length = MsgHead(), ctypes.c_size_t()
    result = _library.Decrypt(data, size, _manager(keyManager), header, plaintext, length)
    return result, header, _cut(plaintext, length) if result == 0 else b""


def Sm2GetKey():
    """Makes a key pair: (result, public key of 64 bytes x then y, private key of 32 bytes)."""
    public, private = _new_bytes(None, 64), _new_bytes(None, 32)
    result = _library.Sm2GetKey(public, private)
    return (result, public, private) if result == 0 else (result, b"", b"")


@_answering(bytes)
def Sm2Sign(pubKey, priKey, source):
    """Signs data under the signer's id 1234567812345678: (result, signature in DER)."""
    data, size = _sized(source)
    return _output(72, lambda out, length: _library.Sm2Sign(
        _key(pubKey, 64), _key(priKey, 32), data, size, out, length))


@_answering()
def Sm2Verify(pubkey, sign, source):
    """Checks a signature of Sm2Sign, in DER or the 64 bytes r then s: 0, or -13 if it does not match."""
    signature, signatureSize = _sized(sign)
    data, size = _sized(source)
    return _library.Sm2Verify(_key(pubkey, 64), signature, signatureSize, data, size)


@_answering(bytes)
def Sm2Encrypt(pubkey, source):
    """Encrypts to a public key, for little data such as keys: (result, ciphertext in ASN.1 as in GM/T 0009)."""
    data, size = _sized(source)
    return _output(size + 128, lambda out, length: _library.Sm2Encrypt(_key(pubkey, 64), data, size, out, length))


@_answering(bytes)
def Sm2Decrypt(prikey, source):
    """Decrypts what Sm2Encrypt made; also C1 || C3 || C2, with or without the 04 in front: (result, data)."""
    data, size = _sized(source)
    return _output(size, lambda out, length: _library.Sm2Decrypt(_key(prikey, 32), data, size, out, length))


@_answering(bytes)
def Sm2PemChangeToPubkey(pem):
    """Gives the 64 bytes of the public key in a PEM text "PUBLIC KEY", which is bytes: (result, public key)."""
    data = _bytes(pem)
    if b"\0" in data:
        raise _WrongArgument()
    public = _new_bytes(None, 64)
    result = _library.Sm2PemChangeToPubkey(data, public)
    return result, public if result == 0 else b""


@_answering(bytes)
def HashForSM3WithSM2(msg, pubKey, id):
    """Gives the 32 bytes that SM2 signs for a message under a signer's id of 1 to 8191 bytes: (result, digest)."""
    data, size = _sized(msg)
    signer, signerSize = _sized(id)
    return _output(32, lambda out, length: _library.HashForSM3WithSM2(
        data, size, _key(pubKey, 64), signer, signerSize, out, length))


@_answering(bytes)
def Sm2SignWithDigest(pubKey, priKey, digest):
    """Signs a digest of HashForSM3WithSM2: (result, signature in DER)."""
    return _output(72, lambda out, length: _library.Sm2SignWithDigest(
        _key(pubKey, 64), _key(priKey, 32), _key(digest, 32), 32, out, length))


@_answering()
def Sm2VerifyWithDigest(pubKey, sig, digest):
    """Checks a signature over a digest of HashForSM3WithSM2: 0, or -13 if it does not match."""
    signature, size = _sized(sig)
    return _library.Sm2VerifyWithDigest(_key(pubKey, 64), signature, size, _key(digest, 32), 32)


@_answering(bytes)
def Sm3Hmac(source, hmacKey):
    """Gives the HMAC-SM3 of data under a key of at least one byte: (result, 32 bytes)."""
    data, size = _sized(source)
    key, keySize = _sized(hmacKey)
    return _output(32, lambda out, length: _library.Sm3Hmac(data, size, key, keySize, out, length))


@_answering(bytes)
def Sm3Digest(source):
    """Gives the SM3 digest of data: (result, 32 bytes)."""
    data, size = _sized(source)
    return _output(32, lambda out, length: _library.Sm3Digest(data, size, out, length))


@_answering(bytes)
def Sm4CbcEncrypt(source, key, iv):
    """SM4-CBC with PKCS#7 padding; key and iv are 16 bytes: (result, ciphertext). Nothing tells later whether it was
    changed: prefer Sm4GcmEncrypt."""
    data, size = _sized(source)
    return _output(size // 16 * 16 + 16, lambda out, length: _library.Sm4CbcEncrypt(
        data, size, out, length, _key(key, 16), _key(iv, 16)))


@_answering(bytes)
def Sm4CbcDecrypt(source, key, iv):
    """Decrypts what Sm4CbcEncrypt made and takes the padding off: (result, data)."""
    data, size = _sized(source)
    return _output(size, lambda out, length: _library.Sm4CbcDecrypt(
        data, size, out, length, _key(key, 16), _key(iv, 16)))


@_answering(bytes)
def Sm4CtrEncrypt(source, key, iv):
    """SM4-CTR; key and iv, the first counter block, are 16 bytes: (result, ciphertext). No two texts may be encrypted
    under the same key and iv."""
    data, size = _sized(source)
    return _output(size, lambda out, length: _library.Sm4CtrEncrypt(
        data, size, out, length, _key(key, 16), _key(iv, 16)))


@_answering(bytes)
def Sm4CtrDecrypt(source, key, iv):
    """Decrypts what Sm4CtrEncrypt made: (result, data)."""
    data, size = _sized(source)
    return _output(size, lambda out, length: _library.Sm4CtrDecrypt(
        data, size, out, length, _key(key, 16), _key(iv, 16)))


@_answering(bytes)
def Sm4EcbEncrypt(source, key):
    """SM4-ECB with PKCS#7 padding: (result, ciphertext). Equal blocks of the data stay equal: for what is random
    already."""
    data, size = _sized(source)
    return _output(size // 16 * 16 + 16, lambda out, length: _library.Sm4EcbEncrypt(
        data, size, out, length, _key(key, 16)))


@_answering(bytes)
def Sm4EcbDecrypt(source, key):
    """Decrypts what Sm4EcbEncrypt made and takes the padding off: (result, data)."""
    data, size = _sized(source)
    return _output(size, lambda out, length: _library.Sm4EcbDecrypt(data, size, out, length, _key(key, 16)))


@_answering(bytes, bytes)
def Sm4GcmEncrypt(source, key, iv, aad):
    """SM4-GCM with a key of 16 bytes, an iv of 1 to 65535 (12 as in RFC 8998 where nothing else is asked for) and any
    aad: (result, ciphertext, tag of 16 bytes). No two texts may be encrypted under the same key and iv."""
    data, size = _sized(source)
    nonce, nonceSize = _sized(iv)
    added, addedSize = _sized(aad)
    tag = _new_bytes(None, 16)
    result, ciphertext = _output(size, lambda out, length: _library.Sm4GcmEncrypt(
        data, size, out, length, _key(key, 16), nonce, nonceSize, added, addedSize, tag, 16))
    return result, ciphertext, tag if result == 0 else b""


@_answering(bytes)
def Sm4GcmDecrypt(source, key, iv, aad, tag):
    """Decrypts what Sm4GcmEncrypt made, if data, iv, aad and tag are all unchanged: (result, data), the result -13
    otherwise. The tag may have 4, 8 or 12 to 16 bytes."""
    data, size = _sized(source)
    nonce, nonceSize = _sized(iv)
    added, addedSize = _sized(aad)
    given, givenSize = _sized(tag)
    return _output(size, lambda out, length: _library.Sm4GcmDecrypt(
        data, size, out, length, _key(key, 16), nonce, nonceSize, added, addedSize, given, givenSize))


def _text(value):
    """Text for C, which ends it at the first NUL."""
    if isinstance(value, _text_type):
        try:
            value = value.encode("utf-8")
        except UnicodeError:
            raise _WrongArgument()
    elif not (_IS_PYTHON_2 and isinstance(value, bytes)):
        raise _WrongArgument()
    if b"\0" in value:
        raise _WrongArgument()
    return value


def _bytes(value):
    """Data as bytes of that very type: a subclass may be lying about its length."""
    if type(value) is bytes:
        return value
    if not isinstance(value, (bytes, bytearray) if _IS_PYTHON_2 else (bytes, bytearray, memoryview)):
        raise _WrongArgument()
    try:
        return memoryview(value).tobytes()
    except ValueError:
        # A memoryview that was released.
        raise _WrongArgument()


def _data(value):
    """Data for C and its size. A large bytearray is read where it is; while that lasts, Python refuses to resize it, and other
    threads must not write into it."""
    if type(value) is bytearray and len(value) > _SLICE_MAX:
        return ctypes.byref(ctypes.c_char.from_buffer(value)), len(value)
    value = _bytes(value)
    return value, len(value)


def _sized(value):
    """Data for C and its size, which is an int there."""
    data, size = _data(value)
    if size > _INT_MAX:
        raise _WrongArgument()
    return data, size


def _key(value, size):
    """Data for C that has this size."""
    value = _bytes(value)
    if len(value) != size:
        raise _WrongArgument()
    return value


def _within(value, least, most, otherwise):
    """A whole number, or `otherwise` if it is out of bounds."""
    try:
        value = operator.index(value)
    except TypeError:
        raise _WrongArgument()
    return value if least <= value <= most else otherwise


def _count(value):
    return _within(value, 0, _INT_MAX, -1)


def _manager(value):
    """A KeyManager for C; NULL, which the library refuses, for anything else."""
    return value if isinstance(value, KeyManager) else None


def _list(masterKeys):
    """The library's text for a list of master keys."""
    if not isinstance(masterKeys, (list, tuple)):
        raise _WrongArgument()
    return b";".join([_text(key) for key in masterKeys])


def _extended(function, masterKeys, cmkRegion, cmkKeyId):
    """The result of NewMasterKey or AddMasterKey, and the list that it made."""
    # The library's lists fit 512 bytes; a longer one cannot be of its making.
    if len(masterKeys) >= 512:
        raise _WrongArgument()
    buffer = ctypes.create_string_buffer(masterKeys, 512)
    result = function(buffer, _text(cmkRegion), _text(cmkKeyId))
    if result != 0:
        return result, []
    made = buffer.value.split(b";")
    return 0, made if _IS_PYTHON_2 else [key.decode("utf-8") for key in made]


def _output(size, call):
    """What a call wrote that writes at most `size` bytes and their number, an int: (result, data)."""
    if size > _INT_MAX:
        raise _WrongArgument()
    # Empty bytes are one object for all of Python, which nobody may write to.
    data, length = _new_bytes(None, size or 1), ctypes.c_int()
    result = call(data, length)
    return result, _cut(data, length) if result == 0 else b""


def _cut(data, length):
    """The first bytes of data, as many as the library says that it wrote."""
    size = length.value
    if size == len(data):
        return data
    if size <= _SLICE_MAX:
        return data[:size]
    cut = _new_bytes(None, size)
    # Through ctypes, so that other threads run meanwhile.
    ctypes.memmove(cut, data, size)
    return cut
