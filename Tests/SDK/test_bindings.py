"""The library and the Python 3 binding beyond the acceptance programs: wrong arguments, lifetimes, threads, forks.

Needs CLAVIGER_SDK_DIR and, as `Tests/SDK/run` gives them, CLAVIGER_URL, CLAVIGER_ACCESS_ID, CLAVIGER_ACCESS_KEY, CLAVIGER_CMK_1 and
CLAVIGER_CMK_2 of a KMS.
"""
import copy
import ctypes
import gc
import http.server
import itertools
import os
import pathlib
import pickle
import re
import shutil
import signal
import subprocess
import sys
import threading

import pytest

HERE = pathlib.Path(__file__).resolve().parent
SDK = pathlib.Path(os.environ["CLAVIGER_SDK_DIR"]).resolve()
HEADER = (SDK / "include/kms_enc_sdk.h").read_text()
LIBRARY = SDK / "lib/libkms_enc_sdk.so"
sys.path.insert(0, str(SDK / "python3"))
import kms_enc_sdk  # noqa: E402
from kms_enc_sdk import Algorithm, KeyManager, MsgHead  # noqa: E402

URL, ID, KEY, CMK_1, CMK_2 = (os.environ[f"CLAVIGER_{name}"] for name in ("URL", "ACCESS_ID", "ACCESS_KEY", "CMK_1", "CMK_2"))
REGION_1, REGION_2 = "ap-guangzhou", "ap-beijing"
SM4_KEY = b"0123456789abcdef"


@pytest.fixture(scope="module", autouse=True)
def initialised():
    assert kms_enc_sdk.InitSdk(REGION_1, ID, KEY, URL) == 0


@pytest.fixture(scope="module")
def keys():
    result, keys = kms_enc_sdk.NewMasterKey(REGION_1, CMK_1)
    assert result == 0
    return keys


@pytest.fixture
def manager(keys):
    manager = kms_enc_sdk.InitKeyManager(keys, 0, 0, 0, ID, KEY)
    assert manager is not None
    return manager


@pytest.fixture(scope="module")
def pair():
    result, public, private = kms_enc_sdk.Sm2GetKey()
    assert result == 0
    return public, private


# The header's functions, straight through ctypes.


def declarations():
    """(name, [(type, name) of each argument]) of every function of the header."""
    text = re.sub(r"/\*.*?\*/", "", HEADER, flags=re.DOTALL)
    for name, arguments in re.findall(r"^int (\w+)\((.*?)\);", text, re.MULTILINE | re.DOTALL):
        yield name, [re.fullmatch(r"\s*(.*?)\s*(\w+)\s*", argument).groups() for argument in arguments.split(",")]


DECLARATIONS = list(declarations())
# Lengths that have a meaning; the others are those of data.
LENGTHS = {"digestLen": 32, "ivLen": 12, "tagLen": 16, "idLen": 16, "keyLen": 16, "sigLen": 64}
# Arguments that may be NULL.
OPTIONAL = {("Encrypt", "encryptionContext")}


def plausible(function, kind, name):
    """An argument that is not wrong by itself."""
    if "*" in kind:
        buffer = ctypes.create_string_buffer(65536)
        if name == "masterKeys":
            buffer.value = f"{REGION_1}:{CMK_1}".encode()
        if name in ("region", "cmkRegion", "cmkKeyId", "secretId", "secretKey"):
            buffer.value = b"name"
        if name == "keyManager" and function != "InitKeyManager":
            buffer = kms_enc_sdk.InitKeyManager([f"{REGION_1}:{CMK_1}"], 0, 0, 0, ID, KEY)
        return ctypes.byref(buffer)
    if kind == "enum Algorithm":
        return ctypes.c_int(4)
    value = {"blockSize": 0, "msgCount": 0, "enExpiretime": 0, "deExpiretime": 0, **LENGTHS}.get(name, 128)
    return (ctypes.c_size_t if kind == "size_t" else ctypes.c_int)(value)


def test_there_are_all_functions():
    assert len(DECLARATIONS) == 26


@pytest.mark.parametrize("name,arguments", DECLARATIONS, ids=[name for name, _ in DECLARATIONS])
def test_nothing_but_null_is_an_error(name, arguments):
    function = ctypes.CDLL(str(LIBRARY))[name]
    assert function(*[None if "*" in kind else ctypes.c_size_t(0) for kind, _ in arguments]) == -1


@pytest.mark.parametrize(
    "name,index", [(name, index) for name, arguments in DECLARATIONS for index, (kind, _) in enumerate(arguments) if "*" in kind])
def test_each_pointer_may_not_be_null(name, index):
    function, arguments = ctypes.CDLL(str(LIBRARY))[name], dict(DECLARATIONS)[name]
    if (name, arguments[index][1]) in OPTIONAL:
        return
    values = [plausible(name, kind, argument) for kind, argument in arguments]
    values[index] = None
    assert function(*values) == -1


@pytest.mark.parametrize(
    "name,index", [(name, index) for name, arguments in DECLARATIONS for index, (kind, _) in enumerate(arguments) if kind == "int"])
@pytest.mark.parametrize("length", [-1, -16, -2 ** 31])
def test_no_number_may_be_negative(name, index, length):
    function, arguments = ctypes.CDLL(str(LIBRARY))[name], dict(DECLARATIONS)[name]
    values = [plausible(name, kind, argument) for kind, argument in arguments]
    values[index] = ctypes.c_int(length)
    assert function(*values) == -1


@pytest.mark.parametrize("filler", [0, 0x5C, 0xFF])
def test_a_manager_that_was_never_made_is_an_error(keys, filler):
    manager = KeyManager()
    ctypes.memset(ctypes.byref(manager), filler, ctypes.sizeof(manager))
    assert kms_enc_sdk.Encrypt(b"x", manager, keys, Algorithm.SM4_GCM_128, "", 0)[0] == -1
    assert kms_enc_sdk.Decrypt(b"x" * 100, manager)[0] == -1
    assert kms_enc_sdk.FreeKeyManager(manager) == -1


def test_errors_leave_lengths_and_headers_alone(manager):
    library = ctypes.CDLL(str(LIBRARY))
    for name, arguments in DECLARATIONS:
        lengths = [index for index, (kind, _) in enumerate(arguments) if kind in ("int *", "size_t *")]
        if not lengths:
            continue
        values = [plausible(name, kind, argument) for kind, argument in arguments]
        length = ctypes.c_size_t(0x0123456789ABCDEF)
        header = MsgHead()
        ctypes.memset(ctypes.byref(header), 0x5A, ctypes.sizeof(header))
        values[lengths[0]] = ctypes.byref(length)
        values[0] = None
        for index, (kind, _) in enumerate(arguments):
            if "MsgHead" in kind:
                values[index] = ctypes.byref(header)
        assert library[name](*values) == -1, name
        assert length.value == 0x0123456789ABCDEF, name
        assert bytes(header) == b"\x5A" * ctypes.sizeof(header), name


# The structs in C, C++ and Python.


@pytest.mark.parametrize("compiler,standard", [("cc", "c99"), ("cc", "c11"), ("c++", "c++17")])
def test_structs_are_alike_in_all_languages(tmp_path, compiler, standard):
    if not shutil.which(compiler):
        pytest.skip(f"there is no {compiler}")
    program = tmp_path / "layout"
    language = ["-x", "c++"] if compiler == "c++" else []
    subprocess.run([compiler, *language, f"-std={standard}", "-Wall", "-Wextra", "-Werror", f"-I{SDK / 'include'}", str(HERE / "layout.c"),
                    "-o", str(program)], check=True)
    lines = subprocess.run([str(program)], check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()
    seen = set()
    for line in lines:
        name, offset, size = line.split()
        struct, _, member = name.partition(".")
        structure = getattr(kms_enc_sdk, struct)
        if member:
            field = getattr(structure, member)
            assert (field.offset, field.size) == (int(offset), int(size)), name
            seen.add(name)
        else:
            assert ctypes.sizeof(structure) == int(size), name
    assert seen == {f"{structure.__name__}.{name}" for structure in (kms_enc_sdk.EncryptedDataKey, MsgHead, KeyManager)
                    for name, _ in structure._fields_}


# The module.


def test_a_star_import_brings_what_is_documented():
    names = {}
    exec("from kms_enc_sdk import *", names)
    names.pop("__builtins__")
    functions = {name for name, _ in DECLARATIONS}
    assert set(names) == functions | {"Algorithm", "EncryptedDataKey", "KeyManager", "MsgHead"}


@pytest.mark.parametrize("name", [name for name in kms_enc_sdk.__all__])
def test_everything_is_described(name):
    assert getattr(kms_enc_sdk, name).__doc__


def alone(code, **environment):
    """Runs a program in an empty environment, in a folder where nothing can be written."""
    return subprocess.run([sys.executable, "-B", "-c", code], env={"PYTHONPATH": str(SDK / "python3"), **environment}, cwd="/proc",
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=60)


def test_it_works_in_an_empty_environment_and_prints_nothing():
    done = alone(
        "from kms_enc_sdk import *\n"
        f"assert InitSdk('{REGION_1}', {ID!r}, {KEY!r}, {URL!r}) == 0\n"
        f"assert InitSdk('{REGION_1}', {ID!r}, 'wrong', {URL!r}) == -1\n"
        "assert InitSdk('r', 'a', 'b', 'http://127.0.0.1:9') == -1\n"
        f"keys = NewMasterKey('{REGION_1}', {CMK_1!r})[1]\n"
        f"manager = InitKeyManager(keys, 0, 0, {ID!r}, {KEY!r})\n"
        "result, header, message = Encrypt(b'text', manager, keys, Algorithm.SM4_GCM_128, '{}', 0)\n"
        "assert Decrypt(message, manager)[2] == b'text'\n"
        "assert Decrypt(message[:-1], manager)[0] == -8\n")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_environment_can_name_the_library(tmp_path):
    elsewhere = tmp_path / "some library"
    shutil.copy(LIBRARY, elsewhere)
    code = "import kms_enc_sdk; print(kms_enc_sdk._library._name)"
    assert alone(code, CLAVIGER_SDK_LIB=str(elsewhere)).stdout.strip() == str(elsewhere)
    assert pathlib.Path(alone(code, CLAVIGER_SDK_LIB="").stdout.strip()).resolve() == LIBRARY


@pytest.mark.parametrize("content", [None, b"not a library"])
def test_a_missing_or_broken_library_is_an_import_error(tmp_path, content):
    path = tmp_path / "library"
    if content:
        path.write_bytes(content)
    done = alone("import kms_enc_sdk", CLAVIGER_SDK_LIB=str(path))
    assert done.returncode == 1 and "ImportError: " in done.stderr and str(path) in done.stderr


# Arguments in Python.


class ShortBytes(bytes):
    """Bytes that say that they are fewer than they are."""

    def __len__(self):
        return 1


class ShortArray(bytearray):
    def __len__(self):
        return 1


RELEASED = memoryview(b"gone")
RELEASED.release()
NOT_DATA = [None, "text", 5, 1.5, [1, 2], object(), RELEASED]
NOT_TEXT = [None, b"bytes", 5, 1.5, ["a"], object(), "with a \0", "\ud800"]


def data_calls(public, private):
    """Every function that takes data, with right arguments, the places of the data among them, and what follows the result."""
    digest, signature = b"d" * 32, b"s" * 64
    yield "Sm2Sign", (public, private, b"x"), (0, 1, 2), 1
    yield "Sm2Verify", (public, signature, b"x"), (0, 1, 2), 0
    yield "Sm2Encrypt", (public, b"x"), (0, 1), 1
    yield "Sm2Decrypt", (private, b"x" * 120), (0, 1), 1
    yield "Sm2PemChangeToPubkey", (b"x",), (0,), 1
    yield "HashForSM3WithSM2", (b"x", public, b"id"), (0, 1, 2), 1
    yield "Sm2SignWithDigest", (public, private, digest), (0, 1, 2), 1
    yield "Sm2VerifyWithDigest", (public, signature, digest), (0, 1, 2), 0
    yield "Sm3Hmac", (b"x", b"key"), (0, 1), 1
    yield "Sm3Digest", (b"x",), (0,), 1
    for mode in ("Cbc", "Ctr"):
        for direction in ("Encrypt", "Decrypt"):
            yield f"Sm4{mode}{direction}", (b"x" * 16, SM4_KEY, SM4_KEY), (0, 1, 2), 1
    for direction in ("Encrypt", "Decrypt"):
        yield f"Sm4Ecb{direction}", (b"x" * 16, SM4_KEY), (0, 1), 1
    yield "Sm4GcmEncrypt", (b"x", SM4_KEY, b"n" * 12, b"a"), (0, 1, 2, 3), 2
    yield "Sm4GcmDecrypt", (b"x", SM4_KEY, b"n" * 12, b"a", b"t" * 16), (0, 1, 2, 3, 4), 1


@pytest.mark.parametrize("wrong", NOT_DATA, ids=[type(value).__name__ for value in NOT_DATA])
def test_what_is_not_data_is_an_error(pair, manager, keys, wrong):
    for name, arguments, places, empty in data_calls(*pair):
        for place in places:
            changed = [*arguments[:place], wrong, *arguments[place + 1:]]
            assert getattr(kms_enc_sdk, name)(*changed) == ((-1, *[b""] * empty) if empty else -1), (name, place)
    result, header, data = kms_enc_sdk.Encrypt(wrong, manager, keys, Algorithm.SM4_GCM_128, "", 0)
    assert (result, data) == (-1, b"") and isinstance(header, MsgHead)
    result, header, data = kms_enc_sdk.Decrypt(wrong, manager)
    assert (result, data) == (-1, b"") and isinstance(header, MsgHead)


@pytest.mark.parametrize("wrong", NOT_TEXT, ids=repr)
def test_what_is_not_text_is_an_error(manager, keys, wrong):
    for place in range(4):
        arguments = [REGION_1, ID, KEY, URL]
        arguments[place] = wrong
        assert kms_enc_sdk.InitSdk(*arguments) == -1
    assert kms_enc_sdk.NewMasterKey(wrong, CMK_1) == kms_enc_sdk.NewMasterKey(REGION_1, wrong) == (-1, [])
    assert kms_enc_sdk.AddMasterKey(keys, wrong, CMK_1) == kms_enc_sdk.AddMasterKey(keys, REGION_1, wrong) == (-1, [])
    assert kms_enc_sdk.AddMasterKey([wrong], REGION_1, CMK_1) == (-1, [])
    assert kms_enc_sdk.InitKeyManager([wrong], 0, 0, 0, ID, KEY) is None
    assert kms_enc_sdk.InitKeyManager(keys, 0, 0, 0, wrong, KEY) is None
    assert kms_enc_sdk.InitKeyManager(keys, 0, 0, 0, ID, wrong) is None
    assert kms_enc_sdk.Encrypt(b"x", manager, [wrong], Algorithm.SM4_GCM_128, "", 0)[0] == -1
    if wrong is not None:
        assert kms_enc_sdk.Encrypt(b"x", manager, keys, Algorithm.SM4_GCM_128, wrong, 0)[0] == -1


@pytest.mark.parametrize("wrong", [None, "1", 1.0, b"1", [], object()], ids=repr)
def test_what_is_not_a_number_is_an_error(manager, keys, wrong):
    for place in range(3):
        numbers = [0, 0, 0]
        numbers[place] = wrong
        assert kms_enc_sdk.InitKeyManager(keys, *numbers, ID, KEY) is None
    assert kms_enc_sdk.Encrypt(b"x", manager, keys, wrong, "", 0)[0] == -1
    assert kms_enc_sdk.Encrypt(b"x", manager, keys, 4, "", wrong)[0] == -1


def test_numbers_are_not_cut_to_the_size_of_an_int(manager, keys):
    assert kms_enc_sdk.Encrypt(b"x", manager, keys, 2 ** 32 + 4, "", 0)[0] == -4
    assert kms_enc_sdk.Encrypt(b"x", manager, keys, 4, "", 2 ** 64)[0] == -1
    assert kms_enc_sdk.Encrypt(b"x", manager, keys, 4, "", 2 ** 31)[0] == -1
    assert kms_enc_sdk.Encrypt(b"x", manager, keys, 4, "", -1)[0] == -1
    assert kms_enc_sdk.Encrypt(b"x", manager, keys, 4, "", 2 ** 31 - 1)[0] == 0
    assert kms_enc_sdk.InitKeyManager(keys, 2 ** 32, 0, 0, ID, KEY) is None


def test_the_first_wrong_argument_decides(manager, keys):
    assert kms_enc_sdk.Encrypt(b"", None, [], 99, "no object", -1)[0] == -1
    assert kms_enc_sdk.Encrypt(b"", manager, [], 99, "no object", -1)[0] == -2
    assert kms_enc_sdk.Encrypt(b"x", manager, [], 99, "no object", -1)[0] == -4
    assert kms_enc_sdk.Encrypt(b"x", manager, [], 4, "no object", -1)[0] == -3
    assert kms_enc_sdk.Encrypt(b"x", manager, keys, 4, "no object", 0)[0] == -1


@pytest.mark.parametrize("kind", [ShortBytes, ShortArray])
def test_lengths_are_measured_not_believed(kind):
    data = kind(b"x" * 100)
    result, encrypted = kms_enc_sdk.Sm4CtrEncrypt(data, SM4_KEY, SM4_KEY)
    assert (result, len(encrypted)) == (0, 100)
    assert kms_enc_sdk.Sm4CtrEncrypt(b"x", kind(b"y"), SM4_KEY) == (-1, b"")


def views(data):
    yield data
    yield bytearray(data)
    yield memoryview(data)
    yield memoryview(bytearray(data))
    yield memoryview(b"".join(bytes([byte, 0]) for byte in data))[::2]


@pytest.mark.parametrize("size", [1, 1000, 65536, 65537, 300_001])
def test_data_may_be_of_any_bytes_like_type(manager, keys, size):
    data = os.urandom(size)
    digest = kms_enc_sdk.Sm3Digest(data)
    for view in views(data):
        assert kms_enc_sdk.Sm3Digest(view) == digest
        result, _, message = kms_enc_sdk.Encrypt(view, manager, keys, Algorithm.SM4_CBC_128_WITH_SIGNATURE, "", 1000)
        assert result == 0 and type(message) is bytes
        opened = kms_enc_sdk.Decrypt(bytearray(message), manager)[2]
        assert opened == data and type(opened) is bytes


def test_a_bytearray_can_be_resized_after_a_call():
    data = bytearray(200_000)
    assert kms_enc_sdk.Sm4CtrEncrypt(data, SM4_KEY, SM4_KEY)[0] == 0
    data.extend(b"more")


def test_a_text_with_a_nul_is_no_pem():
    pem = b"-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoEcz1UBgi0DQgAE5rwEIw9e5fX87uSN7C/vy6lyEZ2R\n" \
          b"gzLqWLnY8EPN1C+nJP2v4rLgaQCbHV38+vBVLimbLmdccLM69R83JxpxuQ==\n-----END PUBLIC KEY-----\n"
    assert kms_enc_sdk.Sm2PemChangeToPubkey(pem)[0] == 0
    assert kms_enc_sdk.Sm2PemChangeToPubkey(pem + b"\0") == (-1, b"")


def test_lists_of_master_keys(keys):
    assert keys == [f"{REGION_1}:{CMK_1}"]
    longer = keys
    for _ in range(4):
        before = list(longer)
        result, longer = kms_enc_sdk.AddMasterKey(longer, REGION_2, CMK_2)
        assert result == 0 and before == longer[:-1]
    assert len(longer) == 5 and all(type(key) is str for key in longer)
    assert kms_enc_sdk.AddMasterKey(longer, REGION_2, CMK_2) == (-1, [])
    assert kms_enc_sdk.AddMasterKey([], REGION_2, CMK_2) == (-3, [])
    for wrong in (None, "text", {}, 5):
        assert kms_enc_sdk.AddMasterKey(wrong, REGION_2, CMK_2) == (-1, [])
    assert kms_enc_sdk.AddMasterKey(["x" * 600], REGION_2, CMK_2) == (-1, [])
    widest = ("r" * 32, "k" * 64)
    result, full = kms_enc_sdk.NewMasterKey(*widest)
    for _ in range(4):
        assert result == 0
        result, full = kms_enc_sdk.AddMasterKey(full, *widest)
    assert result == 0 and len(";".join(full)) < 512
    assert kms_enc_sdk.NewMasterKey("r" * 33, "k")[0] == kms_enc_sdk.NewMasterKey("r", "k" * 65)[0] == -1


def test_a_manager_is_made_with_five_or_six_arguments(keys):
    assert kms_enc_sdk.InitKeyManager(keys, 0, 0, ID, KEY)
    assert kms_enc_sdk.InitKeyManager(keys, 0, 0, 0, ID, KEY)
    assert kms_enc_sdk.InitKeyManager(keys, 0, 0, secretId=ID, secretKey=KEY)
    manager = kms_enc_sdk.InitKeyManager(masterKey=keys, msgCount=1, enExpiretime=2, deExpiretime=3, secretId=ID, secretKey=KEY)
    assert (manager.msgCount, manager.enExpiretime, manager.deExpiretime) == (1, 2, 3)
    for wrong in ([], ["no region"], keys * 6, None, "text"):
        assert kms_enc_sdk.InitKeyManager(wrong, 0, 0, 0, ID, KEY) is None


def encrypts(manager, keys):
    return kms_enc_sdk.Encrypt(b"x", manager, keys, Algorithm.SM4_GCM_128, "", 0)[0]


# Lifetimes.


def test_copies_share_the_caches_until_the_last_one_goes(manager, keys):
    holder = {"manager": manager}
    copies = [copy.copy(manager), copy.deepcopy(holder)["manager"]]
    raw = KeyManager.from_buffer_copy(manager)
    # The fixture's own reference stays: a copy's end must not be the end of the caches either.
    copies.pop()
    gc.collect()
    assert encrypts(manager, keys) == encrypts(copies[0], keys) == encrypts(raw, keys) == 0


def test_caches_go_with_the_last_copy(keys):
    manager = kms_enc_sdk.InitKeyManager(keys, 0, 0, 0, ID, KEY)
    other = copy.copy(manager)
    raw = KeyManager.from_buffer_copy(manager)
    del manager
    gc.collect()
    assert encrypts(other, keys) == encrypts(raw, keys) == 0
    del other
    gc.collect()
    assert encrypts(raw, keys) == -1


def test_a_freed_manager_is_an_error(keys):
    manager = kms_enc_sdk.InitKeyManager(keys, 0, 0, 0, ID, KEY)
    raw = KeyManager.from_buffer_copy(manager)
    assert kms_enc_sdk.FreeKeyManager(manager) == 0
    assert kms_enc_sdk.FreeKeyManager(manager) == kms_enc_sdk.FreeKeyManager(raw) == kms_enc_sdk.FreeKeyManager(None) == -1
    assert encrypts(manager, keys) == encrypts(raw, keys) == -1


def test_a_manager_is_not_written_into_a_pickle(manager):
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        with pytest.raises(TypeError):
            pickle.dumps(manager, protocol)


def test_a_program_may_end_with_managers_in_use():
    done = alone(
        "import kms_enc_sdk\n"
        "class Cycle: pass\n"
        f"kept = Cycle(); kept.self = kept; kept.manager = kms_enc_sdk.InitKeyManager(['{REGION_1}:{CMK_1}'], 0, 0, 0, 'id', 'key')\n"
        "kms_enc_sdk.kept = kept\n")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def resident():
    gc.collect()
    return int(pathlib.Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE")


def test_nothing_is_left_of_managers_and_large_data(keys):
    data = bytes(4 << 20)

    def work():
        for _ in range(200):
            kms_enc_sdk.InitKeyManager(keys, 0, 0, 0, ID, KEY)
        for _ in range(5):
            encrypted = kms_enc_sdk.Sm4CbcEncrypt(bytearray(data), SM4_KEY, SM4_KEY)[1]
            kms_enc_sdk.Sm4CbcDecrypt(encrypted, SM4_KEY, SM4_KEY)

    for _ in range(3):
        work()
    before = resident()
    for _ in range(20):
        work()
    assert resident() - before < 16 << 20


# Threads and processes.


def test_threads_may_share_a_manager(keys):
    manager = kms_enc_sdk.InitKeyManager(keys, 10, 0, 0, ID, KEY)
    failures = []

    def work(number):
        algorithms = itertools.cycle(range(1, 9))
        for turn in range(40):
            data = os.urandom(number * 100 + turn + 1)
            result, _, message = kms_enc_sdk.Encrypt(data, manager, keys, next(algorithms), '{"turn":"%d"}' % (turn % 3), turn)
            if result != 0 or kms_enc_sdk.Decrypt(message, manager)[2] != data:
                failures.append((number, turn, result))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures


def test_managers_come_and_go_in_threads(keys):
    failures = []

    def work():
        for _ in range(100):
            manager = kms_enc_sdk.InitKeyManager(keys, 0, 0, 0, ID, KEY)
            if kms_enc_sdk.FreeKeyManager(copy.copy(manager)) != 0 or encrypts(manager, keys) != -1:
                failures.append(manager)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures


def test_python_runs_while_the_library_waits():
    """The server that the library waits for is in this process: it could not answer if the call kept the interpreter's lock."""
    asked = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            asked.append(self.headers["X-TC-Action"])
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *arguments):
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            result = kms_enc_sdk.InitSdk(REGION_1, ID, KEY, f"http://127.0.0.1:{server.server_address[1]}")
        finally:
            server.shutdown()
            thread.join()
    assert (result, asked) == (-1, ["GetServiceStatus"])


def in_child(work, seconds=30):
    """What `work` gives, as bytes, in a process that is forked off; None if it does not end in time."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            signal.alarm(seconds)
            os.close(reading)
            os.write(writing, work())
            status = 0
        finally:
            os._exit(status)
    os.close(writing)
    with open(reading, "rb") as pipe:
        answer = pipe.read()
    _, status = os.waitpid(child, 0)
    return answer if status == 0 else None


def test_a_child_goes_on_with_its_parents_manager(manager, keys):
    assert encrypts(manager, keys) == 0
    message = in_child(lambda: kms_enc_sdk.Encrypt(b"from the child", manager, keys, Algorithm.SM4_GCM_128, "", 0)[2])
    assert kms_enc_sdk.Decrypt(message, manager)[2] == b"from the child"
    message = kms_enc_sdk.Encrypt(b"from the parent", manager, keys, Algorithm.SM4_GCM_128, "", 0)[2]
    assert in_child(lambda: kms_enc_sdk.Decrypt(message, manager)[2]) == b"from the parent"


def test_parent_and_child_never_make_the_same_random_bytes(manager, keys):
    kms_enc_sdk.Sm2GetKey()
    assert encrypts(manager, keys) == 0

    def random():
        message = kms_enc_sdk.Encrypt(b"x", manager, keys, Algorithm.SM4_CTR_128, "", 0)[2]
        return b"".join(kms_enc_sdk.Sm2GetKey()[1:]) + message

    def parts(text):
        return text[:64], text[64:96], text[96:]

    made = [random()] + [in_child(random) for _ in range(3)] + [random()]
    for kind in zip(*map(parts, made)):
        assert len(set(kind)) == len(made)


def test_the_end_of_a_child_leaves_the_parents_caches(keys):
    manager = kms_enc_sdk.InitKeyManager(keys, 0, 0, 0, ID, KEY)
    assert in_child(lambda: b"%d" % kms_enc_sdk.FreeKeyManager(manager)) == b"0"
    assert encrypts(manager, keys) == 0


def test_a_child_of_a_busy_parent_can_encrypt(manager, keys):
    """Where a thread was inside the library at the fork, nobody in the child would ever unlock what it held."""
    stop = threading.Event()

    def work():
        while not stop.is_set():
            message = kms_enc_sdk.Encrypt(b"x" * 1000, manager, keys, Algorithm.SM4_GCM_128, "", 0)[2]
            kms_enc_sdk.Decrypt(message, manager)
            kms_enc_sdk.Sm2GetKey()

    assert encrypts(manager, keys) == 0
    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(30):
            assert in_child(lambda: b"%d" % (encrypts(manager, keys) + kms_enc_sdk.Sm2GetKey()[0]), seconds=10) == b"0"
    finally:
        stop.set()
        for thread in threads:
            thread.join()
