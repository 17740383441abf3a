"""`claviger file encrypt` and `claviger file decrypt`, for files and pipes, against a real server."""
import fcntl
import json
import os
import pathlib
import pty
import re
import resource
import select
import shutil
import signal
import stat
import struct
import subprocess
import termios
import threading
import time

import pytest

from client import Client, unique_alias
from server import binary, environment
from test_tls import Authority
from waiting import eventually

ALGORITHMS = ["sm4-gcm", "sm4-gcm-signed", "sm4-cbc-signed", "sm4-ctr-signed", "sm4-ecb-signed", "sm4-cbc", "sm4-ctr", "sm4-ecb"]
AUTHENTICATED = [name for name in ALGORITHMS if name == "sm4-gcm" or name.endswith("-signed")]
REGIONS = ["ap-guangzhou", "ap-shanghai", "ap-beijing", "ap-shenzhen-fsi", "ap-guangzhou"]

# Prefix of a message: four bytes of magic, four of the header's size.
PREFIX_SIZE = 8
TAG_SIZE = 16
BLOCK_SIZE = 1 << 16

# What is decrypted and given out at a time at most.
STEP_SIZE = 4 << 20

# Several times the memory that the commands may take; Benchmarks/streams.py takes 10 GB.
LARGE = 384 << 20
MOST_MEMORY = 100 << 20
LONG = 1200

INTERRUPTIONS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGXCPU]


def heed_interruptions():
    """Tests that run in the background of a shell, or by nohup, ignore some of them, and so would the programs that they start."""
    for number in INTERRUPTIONS:
        signal.signal(number, signal.SIG_DFL)


class Tool:
    """Runs the two commands with a profile, in a folder of their own."""

    def __init__(self, server, folder, profile=None):
        self.folder = folder
        self.env = environment(folder, {"CLAVIGER_PROFILE": str(profile or server.data / "credentials.env"), "TMPDIR": str(folder / "tmp")})
        (folder / "tmp").mkdir(exist_ok=True)

    def command(self, *arguments):
        return [binary(), "file", *map(str, arguments)]

    def run(self, *arguments, data=None, timeout=120, **options):
        """Status, output and what was said."""
        source = {"stdin": subprocess.DEVNULL} if data is None and "stdin" not in options else {} if data is None else {"input": data}
        done = subprocess.run(self.command(*arguments), cwd=self.folder, env=self.env, timeout=timeout, stderr=subprocess.PIPE,
                              **{"stdout": subprocess.PIPE, **source, **options})
        return done.returncode, done.stdout, done.stderr.decode()

    def __call__(self, *arguments, says="", **options):
        """The output of a command that must do its work and say no more than this."""
        status, output, said = self.run(*arguments, **options)
        assert (status, said) == (0, says), (arguments, said)
        return output

    def refused(self, *arguments, **options):
        """What a command says that must not do its work."""
        status, _, said = self.run(*arguments, **options)
        assert status == 1, (arguments, status, said)
        error = said.splitlines()[0]
        assert error.startswith("error: ") and not error.endswith("."), said
        return said

    def start(self, *arguments, **options):
        return subprocess.Popen(self.command(*arguments), cwd=self.folder, env=self.env,
                                **{"preexec_fn": heed_interruptions, "stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL,
                                   "stderr": subprocess.PIPE, **options})

    def names(self):
        """Files in the folder, and in the one for temporary files."""
        return sorted(path.name for path in [*self.folder.iterdir(), *(self.folder / "tmp").iterdir()] if path.is_file())


@pytest.fixture
def tool(server, folder):
    return Tool(server, folder)


@pytest.fixture
def alias(client):
    name = unique_alias()
    client.create(name)
    return name


def message_header(path):
    """Where the body of a message begins, and its header."""
    data = pathlib.Path(path).read_bytes()
    end = PREFIX_SIZE + int.from_bytes(data[4:PREFIX_SIZE], "big")
    return end, data[:end]


# ---------------------------------------------------------------- there and back

@pytest.mark.parametrize("size", [1, 15, 16, BLOCK_SIZE - 1, BLOCK_SIZE, BLOCK_SIZE + 1, STEP_SIZE + 7])
def test_a_file_comes_back_as_it_was(tool, alias, size):
    plain = os.urandom(size)
    (tool.folder / "a").write_bytes(plain)
    assert tool("encrypt", "a", "--key", alias, "--out", "a.enc") == b""
    assert tool("decrypt", "a.enc", "--out", "a.again") == b""
    assert (tool.folder / "a.again").read_bytes() == plain
    assert tool("decrypt", "a.enc") == plain
    assert plain[:16] not in (tool.folder / "a.enc").read_bytes() or size < 16
    assert tool.names() == ["a", "a.again", "a.enc"]


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize("block", ["0", "1000", "64K", "8M"])
def test_every_algorithm_with_and_without_blocks_through_pipes(tool, alias, algorithm, block):
    plain = os.urandom(200_001)
    message = tool("encrypt", "--key", alias, "--algorithm", algorithm, "--block-size", block, data=plain)
    note = "" if algorithm in AUTHENTICATED else f"note: the input is encrypted with {algorithm}: nobody can tell whether it was changed\n"
    assert tool("decrypt", "-", data=message, says=note) == plain


def test_without_an_algorithm_it_is_gcm_in_blocks_of_64_k(tool, alias):
    plain = os.urandom(3 * BLOCK_SIZE + 1)
    (tool.folder / "a").write_bytes(plain)
    tool("encrypt", "a", "--key", alias, "--out", "a.enc")
    start, _ = message_header(tool.folder / "a.enc")
    assert (tool.folder / "a.enc").stat().st_size == start + len(plain) + 4 * TAG_SIZE


def test_keys_are_named_by_id_and_by_alias(tool, client):
    alias = unique_alias()
    key = client.create(alias)
    for name in (alias, key, f"ap-guangzhou:{alias}", f"ap-guangzhou:{key}"):
        message = tool("encrypt", "--key", name, data=b"hello")
        assert key.encode() in message and b"ap-guangzhou" in message
        assert tool("decrypt", data=message) == b"hello"


def test_the_region_is_that_of_the_flag_or_of_the_key(tool, server):
    far = Client(server, "ap-beijing")
    alias = unique_alias()
    key = far.create(alias)
    for arguments in (["--key", f"ap-beijing:{alias}"], ["--region", "ap-beijing", "--key", alias]):
        message = tool("encrypt", *arguments, data=b"hello")
        assert key.encode() in message
        # The message says where its key is.
        assert tool("decrypt", data=message) == b"hello"
    assert f'no key in ap-guangzhou has the id or the alias "{alias}"' in tool.refused("encrypt", "--key", alias, data=b"hello")
    far.close()


def five_keys(server):
    clients = [Client(server, region) for region in REGIONS]
    aliases = [unique_alias() for _ in REGIONS]
    keys = [client.create(alias) for client, alias in zip(clients, aliases)]
    flags = [part for region, alias in zip(REGIONS, aliases) for part in ("--key", f"{region}:{alias}")]
    return clients, keys, flags


def test_any_of_five_keys_opens_a_file(tool, server):
    clients, keys, flags = five_keys(server)
    plain = os.urandom(100_000)
    (tool.folder / "a").write_bytes(plain)
    tool("encrypt", "a", *flags, "--out", "a.enc")
    for alone in range(len(keys)):
        for index, (client, key) in enumerate(zip(clients, keys)):
            client("EnableKey" if index == alone else "DisableKey", KeyId=key)
        assert tool("decrypt", "a.enc") == plain
    clients[-1]("DisableKey", KeyId=keys[-1])
    said = tool.refused("decrypt", "a.enc", "--out", "none")
    assert "CmkDisabled" in said and "hint: " in said
    assert "none" not in tool.names()
    for client in clients:
        client.close()


def test_a_key_that_cannot_be_used_is_left_out_and_told(tool, server):
    clients, keys, flags = five_keys(server)
    clients[0]("DisableKey", KeyId=keys[0])
    clients[3]("DisableKey", KeyId=keys[3])
    status, message, said = tool.run("encrypt", *flags, data=b"hello")
    assert status == 0
    notes = said.splitlines()
    assert [re.match(r"note: key (\S+) in (\S+) will not open the file: .*\(ResourceUnavailable.CmkDisabled\)$", note).groups()
            for note in notes] == [(keys[0], REGIONS[0]), (keys[3], REGIONS[3])]
    assert tool("decrypt", data=message) == b"hello"
    for client in clients:
        client.close()


def test_the_same_key_twice_counts_once_and_six_are_too_many(tool, client, alias):
    key = client("ListKeyDetail", SearchKeyAlias=alias, Role=0)["KeyMetadatas"][0]["KeyId"]
    message = tool("encrypt", "--key", alias, "--key", key, data=b"hello")
    assert message.count(key.encode()) == 1
    status, _, said = tool.run("encrypt", *["--key", alias] * 6, data=b"hello")
    assert status == 64 and "at most 5 times" in said


@pytest.mark.parametrize("flags, context", [
    (["--context", "tenant=7", "--context", "user=a=b"], {"tenant": "7", "user": "a=b"}),
    (["--context", '{"tenant":"7"}'], {"tenant": "7"}),
    (["--context-json", '{"tenant":"七"}'], {"tenant": "七"}),
])
def test_the_context_goes_along_in_clear_and_cannot_be_changed(tool, alias, flags, context):
    message = tool("encrypt", "--key", alias, *flags, data=b"hello")
    end = PREFIX_SIZE + int.from_bytes(message[4:PREFIX_SIZE], "big")
    assert json.dumps(context, separators=(",", ":"), ensure_ascii=False).encode() in message[:end]
    assert tool("decrypt", data=message) == b"hello"
    # Another context of the same length: the server does not decrypt the data key for it.
    said = tool.refused("decrypt", data=message.replace("tenant".encode(), b"tenand", 1))
    assert "no key of the server opens the input (InvalidParameterValue.InvalidCiphertext" in said


@pytest.mark.parametrize("flags", [
    ["--context", "tenant"], ["--context-json", "[]"], ["--context", '{"a":1,"a":2}'], ["--context", "a=1", "--context", "a=2"],
    ["--context", "a=1", "--context-json", "{}"], ["--context", "{}", "--context-json", "{}"], ["--algorithm", "aes"],
    ["--block-size", "2G"], ["--block-size", "-1"], ["--size", "many"], ["--key", "a:"], ["--key", ":b"],
])
def test_wrong_arguments_are_told_before_anything_is_done(tool, flags):
    status, output, said = tool.run("encrypt", "--key", "orders", *flags, data=b"hello")
    assert (status, output) == (64, b"") and said.startswith("Error: "), said


# ---------------------------------------------------------------- messages that are none

def test_an_empty_input_is_told_as_such(tool, alias):
    (tool.folder / "nothing").touch()
    assert "there is nothing to encrypt: nothing is empty" in tool.refused("encrypt", "nothing", "--key", alias, "--out", "b")
    assert "there is nothing to encrypt: the input is empty" in tool.refused("encrypt", "--key", alias, data=b"")
    assert "the input is cut short" in tool.refused("decrypt", data=b"")
    assert tool.names() == ["nothing"]


@pytest.mark.parametrize("algorithm", AUTHENTICATED)
@pytest.mark.parametrize("how", ["file", "pipe"])
def test_a_damaged_file_is_refused_wherever_it_is_damaged(tool, alias, algorithm, how):
    plain = os.urandom(300_000)
    message = tool("encrypt", "--key", alias, "--algorithm", algorithm, data=plain)
    end = PREFIX_SIZE + int.from_bytes(message[4:PREFIX_SIZE], "big")
    places = [0, 5, PREFIX_SIZE, PREFIX_SIZE + 40, end - 20, end, end + BLOCK_SIZE + 5, len(message) - 40, len(message) - 1]
    for place in places:
        damaged = bytearray(message)
        damaged[place] ^= 1
        if how == "file":
            (tool.folder / "damaged").write_bytes(damaged)
            tool.refused("decrypt", "damaged", "--out", "out")
        else:
            tool.refused("decrypt", "--out", "out", data=bytes(damaged))
        assert "out" not in tool.names()


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_file_that_is_cut_or_has_more_is_refused(tool, alias, algorithm):
    message = tool("encrypt", "--key", alias, "--algorithm", algorithm, data=os.urandom(300_000))
    end = PREFIX_SIZE + int.from_bytes(message[4:PREFIX_SIZE], "big")
    for size in (1, PREFIX_SIZE, PREFIX_SIZE + 1, end - 1, end, end + 1, end + BLOCK_SIZE + TAG_SIZE, len(message) - 1):
        assert "the input is cut short" in tool.refused("decrypt", "--out", "out", data=message[:size])
    (tool.folder / "cut").write_bytes(message[:-1])
    assert "cut is cut short" in tool.refused("decrypt", "cut", "--out", "out")
    assert "the input is damaged: there are bytes behind the message" in tool.refused("decrypt", "--out", "out", data=message + b"x")
    assert "out" not in tool.names()


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_who_wants_it_authentic_gets_nothing_else(tool, alias, algorithm):
    message = tool("encrypt", "--key", alias, "--algorithm", algorithm, data=b"attack at dawn")
    if algorithm in AUTHENTICATED:
        assert tool("decrypt", "--authenticated", data=message) == b"attack at dawn"
    else:
        (tool.folder / "out").write_bytes(b"mine")
        said = tool.refused("decrypt", "--authenticated", "--out", "out", "--force", data=message)
        assert "does not show whether it was changed" in said
        assert (tool.folder / "out").read_bytes() == b"mine"
        assert tool.names() == ["out"]


def test_what_is_no_message_is_told_as_such(tool):
    said = tool.refused("decrypt", data=b"just some text, no message")
    assert said == "error: the input is no encrypted file\nhint: `claviger decrypt` opens what `claviger encrypt` made\n"


def test_only_verified_pieces_reach_a_pipe_and_the_status_tells_whether_it_is_all(tool, alias):
    plain = os.urandom(3 * STEP_SIZE)
    message = bytearray(tool("encrypt", "--key", alias, data=plain))
    message[-100_000] ^= 1
    status, output, said = tool.run("decrypt", data=bytes(message))
    assert status == 1 and 0 < len(output) < len(plain) and plain.startswith(output)
    assert f"hint: the {len(output)} bytes that came out are not all there is" in said


@pytest.mark.parametrize("arguments", [["--algorithm", "sm4-gcm-signed"], ["--block-size", "0"]])
def test_nothing_comes_out_of_what_is_verified_as_a_whole_and_does_not_verify(tool, alias, arguments):
    message = bytearray(tool("encrypt", "--key", alias, *arguments, data=os.urandom(3 * STEP_SIZE)))
    message[-1] ^= 1
    status, output, said = tool.run("decrypt", data=bytes(message))
    assert (status, output) == (1, b"") and "was changed after it was encrypted, or is damaged" in said
    assert "came out" not in said


# ---------------------------------------------------------------- files that are written

def test_a_plaintext_is_its_owners_alone_and_a_message_has_the_usual_mode(tool, alias):
    (tool.folder / "a").write_bytes(b"hello")
    for mask, mode in ((0o022, 0o644), (0o027, 0o640)):
        tool("encrypt", "a", "--key", alias, "--out", "a.enc", "--force", umask=mask)
        assert stat.S_IMODE((tool.folder / "a.enc").stat().st_mode) == mode
        tool("decrypt", "a.enc", "--out", "b", "--force", umask=mask)
        assert stat.S_IMODE((tool.folder / "b").stat().st_mode) == 0o600
        (tool.folder / "a.enc").unlink()


def test_a_file_that_is_there_is_replaced_only_with_force(tool, alias):
    (tool.folder / "a").write_bytes(b"hello")
    other = tool.folder / "other"
    other.write_bytes(b"mine")
    other.chmod(0o604)
    for command in (["encrypt", "a", "--key", alias], ["decrypt", "a.enc"]):
        said = tool.refused(*command, "--out", "other")
        assert said == "error: other cannot be written: File exists\nhint: --force replaces it\n"
        assert other.read_bytes() == b"mine"
        tool("encrypt", "a", "--key", alias, "--out", "a.enc", "--force")
    tool("encrypt", "a", "--key", alias, "--out", "other", "--force")
    assert tool("decrypt", "other") == b"hello"
    assert stat.S_IMODE(other.stat().st_mode) == 0o604
    tool("decrypt", "a.enc", "--out", "other", "--force")
    assert other.read_bytes() == b"hello" and stat.S_IMODE(other.stat().st_mode) == 0o600


def test_a_file_can_be_replaced_by_itself(tool, alias):
    path = tool.folder / "a"
    path.write_bytes(plain := os.urandom(STEP_SIZE + 1))
    assert "--force replaces it" in tool.refused("encrypt", "a", "--key", alias, "--out", "a")
    tool("encrypt", "a", "--key", alias, "--out", "a", "--force")
    assert path.read_bytes() != plain
    tool("decrypt", "a", "--out", "./a", "--force")
    assert path.read_bytes() == plain
    assert tool.names() == ["a"]
    with open(path, "rb") as source, open(path, "r+b") as target:
        assert "the output is the file that is read" in tool.refused("encrypt", "--key", alias, stdin=source, stdout=target)
    assert path.read_bytes() == plain


def test_what_fails_leaves_the_file_that_it_was_to_replace(tool, alias):
    (tool.folder / "a").write_bytes(os.urandom(STEP_SIZE))
    tool("encrypt", "a", "--key", alias, "--out", "a.enc")
    message = (tool.folder / "a.enc").read_bytes()
    (tool.folder / "a.enc").write_bytes(message[:-1] + bytes([message[-1] ^ 1]))
    (tool.folder / "b").write_bytes(b"mine")
    tool.refused("decrypt", "a.enc", "--out", "b", "--force")
    assert (tool.folder / "b").read_bytes() == b"mine"
    assert tool.names() == ["a", "a.enc", "b"]


def test_links_lead_to_the_file_that_is_replaced(tool, alias):
    (tool.folder / "a").write_bytes(b"hello")
    (tool.folder / "real").write_bytes(b"old")
    (tool.folder / "link").symlink_to("real")
    tool("encrypt", "a", "--key", alias, "--out", "link", "--force")
    assert (tool.folder / "link").is_symlink()
    assert tool("decrypt", "real") == b"hello"


def test_pipes_and_devices_are_written_to_as_they_are(tool, alias):
    (tool.folder / "a").write_bytes(b"hello")
    os.mkfifo(tool.folder / "pipe")
    got = []
    reader = threading.Thread(target=lambda: got.append((tool.folder / "pipe").read_bytes()))
    reader.start()
    tool("encrypt", "a", "--key", alias, "--out", "pipe")
    reader.join()
    assert tool("decrypt", data=got[0]) == b"hello"
    assert stat.S_ISFIFO((tool.folder / "pipe").stat().st_mode)
    tool("encrypt", "a", "--key", alias, "--out", "/dev/null")
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)


@pytest.mark.parametrize("command", ["encrypt", "decrypt"])
def test_a_full_disk_is_told(tool, alias, command):
    (tool.folder / "a").write_bytes(os.urandom(100_000))
    tool("encrypt", "a", "--key", alias, "--out", "a.enc")
    source = ["a", "--key", alias] if command == "encrypt" else ["a.enc"]
    assert "/dev/full cannot be written: No space left on device" in tool.refused(command, *source, "--out", "/dev/full")
    with open("/dev/full", "wb") as full:
        assert "the output cannot be written: No space left on device" in tool.refused(command, *source, stdout=full)


def limited():
    # A file that may not become larger fails as a full disk does.
    resource.setrlimit(resource.RLIMIT_FSIZE, (STEP_SIZE, STEP_SIZE))


def test_a_file_that_cannot_be_written_to_its_end_is_taken_away(tool, alias):
    plain = os.urandom(3 * STEP_SIZE)
    (tool.folder / "a").write_bytes(plain)
    tool("encrypt", "a", "--key", alias, "--out", "a.enc")
    before = tool.names()
    for arguments in (["encrypt", "a", "--key", alias], ["decrypt", "a.enc"]):
        assert "b cannot be written: File too large" in tool.refused(*arguments, "--out", "b", preexec_fn=limited)
        assert tool.names() == before
    # So does what is kept of a pipe until its size is known.
    said = tool.refused("encrypt", "--key", alias, "--out", "b", data=plain, preexec_fn=limited)
    assert "File too large" in said and "TMPDIR" in said and "--size" in said
    assert tool.names() == before


def test_folders_and_missing_files_are_told(tool, alias):
    (tool.folder / "a").write_bytes(b"hello")
    assert "nothing cannot be read: No such file or directory" in tool.refused("encrypt", "nothing", "--key", alias, "--out", "b")
    assert "tmp cannot be read: Is a directory" in tool.refused("encrypt", "tmp", "--key", alias, "--out", "b")
    assert "tmp cannot be written: Is a directory" in tool.refused("encrypt", "a", "--key", alias, "--out", "tmp")
    assert "no/b cannot be written: No such file or directory" in tool.refused("encrypt", "a", "--key", alias, "--out", "no/b")


# ---------------------------------------------------------------- sizes that are told

def test_a_pipe_whose_size_is_told_is_not_kept(tool, alias):
    plain = os.urandom(1000)
    message = tool("encrypt", "--key", alias, "--size", "1000", data=plain)
    assert tool("decrypt", data=message) == plain
    for size in ("999", "1001"):
        said = tool.refused("encrypt", "--key", alias, "--size", size, "--out", "b", data=plain)
        assert "the input has another size than was said" in said and "hint: --size" in said
    (tool.folder / "a").write_bytes(plain)
    assert "a has another size than was said" in tool.refused("encrypt", "a", "--key", alias, "--size", "1K", "--out", "b")
    assert tool.names() == ["a"]


def test_a_part_of_a_file_can_be_the_input(tool, alias):
    (tool.folder / "a").write_bytes(b"0123456789")
    with open(tool.folder / "a", "rb", buffering=0) as source:
        source.seek(4)
        message = tool("encrypt", "--key", alias, stdin=source)
    assert tool("decrypt", data=message) == b"456789"


# ---------------------------------------------------------------- signals

@pytest.mark.parametrize("number", INTERRUPTIONS)
@pytest.mark.parametrize("command", ["encrypt", "decrypt"])
def test_an_interruption_leaves_no_file_even_while_nothing_comes(tool, alias, number, command):
    message = tool("encrypt", "--key", alias, data=os.urandom(100_000))
    arguments = ["encrypt", "--key", alias, "--size", "1M"] if command == "encrypt" else ["decrypt"]
    process = tool.start(*arguments, "--out", "out", stdin=subprocess.PIPE)
    process.stdin.write(message[:70_000])
    process.stdin.flush()
    eventually(lambda: [name for name in tool.names() if name.endswith(".part")], "the temporary file")
    process.send_signal(number)
    assert process.wait(30) == -number
    assert process.stderr.read() == b""
    assert tool.names() == []


def test_an_interruption_ends_a_command_that_nobody_reads_from(tool, alias):
    (tool.folder / "a").write_bytes(os.urandom(STEP_SIZE))
    process = tool.start("encrypt", "a", "--key", alias, stdout=subprocess.PIPE)
    assert process.stdout.read(1)
    process.send_signal(signal.SIGINT)
    assert process.wait(30) == -signal.SIGINT
    process.stdout.close()


def test_an_interruption_in_the_middle_leaves_the_old_file(tool, alias):
    with open(tool.folder / "a", "wb") as file:
        file.truncate(LARGE)
    (tool.folder / "out").write_bytes(b"mine")
    process = tool.start("encrypt", "a", "--key", alias, "--out", "out", "--force")
    eventually(lambda: [path for path in tool.folder.glob(".*.part") if path.stat().st_size > 0], "the first bytes")
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == -signal.SIGTERM
    assert (tool.folder / "out").read_bytes() == b"mine"
    assert tool.names() == ["a", "out"]


def test_a_signal_that_is_ignored_stays_ignored(tool, alias):
    process = tool.start("encrypt", "--key", alias, "--size", "10", "--out", "out", stdin=subprocess.PIPE,
                         preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
    eventually(lambda: tool.names(), "the temporary file")
    process.send_signal(signal.SIGHUP)
    process.communicate(b"0123456789", timeout=30)
    assert process.returncode == 0
    assert tool("decrypt", "out") == b"0123456789"


def test_a_standard_error_that_nobody_reads_leaves_no_file(tool, alias):
    message = tool("encrypt", "--key", alias, "--algorithm", "sm4-gcm-signed", data=os.urandom(3 * STEP_SIZE))
    process = tool.start("decrypt", "--progress", "--out", "out", stdin=subprocess.PIPE)
    process.stderr.close()
    process.stdin.write(message)
    process.stdin.close()
    assert process.wait(30) == 0
    assert tool.names() == ["out"]


def test_a_reader_that_goes_away_is_no_error(tool, alias):
    (tool.folder / "a").write_bytes(os.urandom(STEP_SIZE))
    tool("encrypt", "a", "--key", alias, "--out", "a.enc")
    for arguments in (["encrypt", "a", "--key", alias], ["decrypt", "a.enc"]):
        process = tool.start(*arguments, stdout=subprocess.PIPE)
        assert len(process.stdout.read(10)) == 10
        process.stdout.close()
        assert process.wait(30) == -signal.SIGPIPE
        assert process.stderr.read() == b""


# ---------------------------------------------------------------- terminals

class Terminal:
    """A terminal of 100 columns, of which all that is shown is kept."""

    def __init__(self):
        self.ours, self.theirs = pty.openpty()
        os.set_blocking(self.ours, False)
        fcntl.ioctl(self.theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 100, 0, 0))
        self.shown = b""

    def watch(self, process, timeout=60):
        deadline = time.monotonic() + timeout
        while True:
            ended = process.poll() is not None
            while select.select([self.ours], [], [], 0.05)[0]:
                self.shown += os.read(self.ours, 65536)
            if ended:
                return self.shown.decode()
            assert time.monotonic() < deadline

    def close(self):
        os.close(self.ours)
        os.close(self.theirs)


@pytest.fixture
def terminal():
    terminal = Terminal()
    yield terminal
    terminal.close()


def feed(process, parts, pause):
    def run():
        for part in parts:
            process.stdin.write(part)
            process.stdin.flush()
            time.sleep(pause)
        process.stdin.close()
    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_a_terminal_shows_how_far_it_is_and_is_left_clean(tool, alias, terminal):
    parts = [os.urandom(1 << 20)] * 8
    process = tool.start("encrypt", "--key", alias, "--size", "8M", "--out", "out", stdin=subprocess.PIPE, stderr=terminal.theirs)
    feeder = feed(process, parts, 0.3)
    shown = terminal.watch(process)
    feeder.join()
    assert process.returncode == 0
    lines = re.findall(r"\r(encrypting +\d+%  \[[#-]+\]  \d+\.\d of 8\.3 MB  \d+\.\d MB/s  ETA \d+:\d\d)\x1b\[K", shown)
    assert len(lines) > 2 and all(len(line) < 100 for line in lines), shown
    percents = [int(re.search(r"(\d+)%", line)[1]) for line in lines]
    assert percents == sorted(percents) and percents[0] < percents[-1] <= 100
    assert shown.endswith("\r\x1b[K")


def test_what_is_kept_of_a_pipe_and_what_is_verified_is_shown_as_such(tool, alias, terminal):
    process = tool.start("encrypt", "--key", alias, "--algorithm", "sm4-gcm-signed", "--out", "out", stdin=subprocess.PIPE,
                         stderr=terminal.theirs)
    feeder = feed(process, [os.urandom(1 << 20)] * 6, 0.3)
    shown = terminal.watch(process)
    feeder.join()
    assert process.returncode == 0
    assert re.search(r"\rreading  \d+\.\d MB  \d+\.\d MB/s\x1b\[K", shown), shown


def test_short_work_no_terminal_and_the_flag_show_nothing(tool, alias, terminal):
    (tool.folder / "a").write_bytes(b"hello")
    process = tool.start("encrypt", "a", "--key", alias, "--out", "a.enc", stderr=terminal.theirs)
    assert terminal.watch(process) == "" and process.returncode == 0
    for flags, stderr in (([], subprocess.PIPE), (["--no-progress"], terminal.theirs)):
        process = tool.start("encrypt", "--key", alias, "--size", "3M", *flags, "--out", "b", "--force", stdin=subprocess.PIPE,
                             stderr=stderr)
        feeder = feed(process, [os.urandom(1 << 20)] * 3, 0.4)
        assert terminal.watch(process) == ""
        feeder.join()
        assert process.returncode == 0
        assert stderr != subprocess.PIPE or process.stderr.read() == b""


def test_the_flag_shows_it_where_there_is_no_terminal(tool, alias):
    (tool.folder / "a").write_bytes(b"hello")
    status, _, said = tool.run("encrypt", "a", "--key", alias, "--out", "a.enc", "--progress")
    assert status == 0 and "encrypting  100%" in said


def test_a_terminal_gets_text_and_nothing_else(tool, alias, terminal):
    for name, plain in (("text", "snow 雪\n".encode() * 30_000), ("line", b"no end"), ("bytes", b"hello\x1b]0;evil\x07")):
        (tool.folder / name).write_bytes(plain)
        tool("encrypt", name, "--key", alias, "--out", name + ".enc", "--block-size", "1000")
    process = tool.start("decrypt", "text.enc", stdout=terminal.theirs)
    assert terminal.watch(process) == "snow 雪\r\n" * 30_000
    assert process.returncode == 0
    for name, status, shown in (("line", 0, "no end\r\n"), ("bytes", 1, "")):
        terminal.shown = b""
        process = tool.start("decrypt", name + ".enc", stdout=terminal.theirs)
        assert (terminal.watch(process), process.returncode) == (shown, status)
    assert process.stderr.read() == (b"error: the plaintext is no text, which a terminal could show\n"
                                     b"hint: --out FILE writes it to a file\n")
    for arguments in ([], ["--out", os.ttyname(terminal.theirs)]):
        terminal.shown = b""
        process = tool.start("encrypt", "text", "--key", alias, *arguments, stdout=terminal.theirs)
        assert (terminal.watch(process), process.returncode) == ("", 1)
        assert process.stderr.read().startswith(b"error: an encrypted file is no text")


# ---------------------------------------------------------------- the server

def test_no_server_is_told_with_a_hint_and_leaves_no_file(tool, alias):
    (tool.folder / "a").write_bytes(b"hello")
    tool("encrypt", "a", "--key", alias, "--out", "a.enc")
    for arguments in (["encrypt", "a", "--key", "0" * 8 + "-0000-4000-8000-" + "0" * 12], ["encrypt", "a", "--key", alias],
                      ["decrypt", "a.enc"]):
        said = tool.refused(*arguments, "--out", "b", "--url", "http://127.0.0.1:1")
        assert said.startswith("error: no server answers at http://127.0.0.1:1\nhint: is it running?"), said
    assert tool.names() == ["a", "a.enc"]


def test_a_server_that_is_gone_and_another_one_do_not_open_a_file(tool, alias, folder, launch):
    message = tool("encrypt", "--key", alias, data=b"hello")
    other = launch(data="other")
    stranger = Tool(other, folder)
    said = stranger.refused("decrypt", data=message)
    assert "no key of the server opens the input" in said and "another server or account" in said
    other.kill()
    assert "no server answers at" in stranger.refused("decrypt", data=message)


def test_a_disabled_key_is_told_before_a_pipe_is_read_to_its_end(tool, client):
    alias = unique_alias()
    key = client.create(alias)
    client("DisableKey", KeyId=key)
    process = tool.start("encrypt", "--key", alias, "--out", "out", stdin=subprocess.PIPE)
    # The pipe stays open: who is told at its end would wait for ever.
    assert process.wait(30) == 1
    said = process.stderr.read().decode()
    assert "(ResourceUnavailable.CmkDisabled, request " in said and "hint: `claviger key enable KEY` makes it usable again" in said
    process.stdin.close()
    assert tool.names() == []


def test_keys_that_fail_for_different_reasons_are_all_told(tool, client):
    disabled, missing = client.create(), "00000000-0000-4000-8000-000000000000"
    client("DisableKey", KeyId=disabled)
    said = tool.refused("encrypt", "--key", disabled, "--key", missing, data=b"hello")
    assert f"ap-guangzhou/{disabled} refused, ResourceUnavailable.CmkDisabled" in said
    assert f"ap-guangzhou/{missing} refused, ResourceUnavailable.CmkNotFound" in said


def test_wrong_credentials_are_told_as_elsewhere(tool, server):
    tool.env["CLAVIGER_ACCESS_KEY"] = "wrong"
    key = "00000000-0000-4000-8000-000000000000"
    said = tool.refused("encrypt", "--key", key, data=b"hello")
    assert "(AuthFailure.SignatureFailure, request " in said and "hint: the secret from the environment does not fit" in said


def test_temporary_credentials_work(tool, server, alias, folder):
    done = subprocess.run([binary(), "access-key", "temporary", "--profile-out", str(folder / "jane.env")],
                          env=tool.env, capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr
    jane = Tool(server, folder, folder / "jane.env")
    message = jane("encrypt", "--key", alias, data=b"hello")
    assert jane("decrypt", data=message) == b"hello"


def test_https_trusts_the_authorities_of_the_profile(folder, launch):
    authority = Authority("Files")
    certificate, key, _ = authority.issue(folder, "server")
    server = launch("--tls-cert", certificate, "--tls-key", key)
    trusted = authority.write(folder / "authority.pem")
    tool = Tool(server, folder)
    alias = unique_alias()
    made = subprocess.run([binary(), "key", "create", alias, "--ca-file", str(trusted)], env=tool.env, capture_output=True, timeout=60)
    assert made.returncode == 0, made.stderr
    message = tool("encrypt", "--key", alias, "--ca-file", trusted, data=b"hello")
    said = tool.refused("decrypt", data=message)
    assert "no secure connection to https://" in said and "--ca-file" in said
    tool.env["CLAVIGER_CA_FILE"] = str(trusted)
    assert tool("decrypt", data=message) == b"hello"


# ---------------------------------------------------------------- memory

def peak_memory(process):
    """The largest resident set of a process, in bytes, looked up until it ends."""
    peak = 0
    while process.poll() is None:
        try:
            text = pathlib.Path(f"/proc/{process.pid}/status").read_text()
        except (FileNotFoundError, ProcessLookupError):
            break
        if found := re.search(r"VmHWM:\s+(\d+) kB", text):
            peak = max(peak, int(found[1]) << 10)
        time.sleep(0.02)
    return peak


@pytest.mark.parametrize("arguments", [["--size", str(LARGE)], [], ["--algorithm", "sm4-gcm-signed", "--block-size", "0"]])
def test_what_is_larger_than_the_memory_goes_through_pipes(tool, alias, arguments):
    if shutil.disk_usage(tool.folder).free < 3 * LARGE:
        pytest.skip("there is no room for such files")
    with open(tool.folder / "a", "wb") as file:
        file.truncate(LARGE)
    source = subprocess.Popen(["cat", tool.folder / "a"], stdout=subprocess.PIPE)
    encryption = tool.start("encrypt", "--key", alias, *arguments, stdin=source.stdout, stdout=subprocess.PIPE)
    decryption = tool.start("decrypt", stdin=encryption.stdout, stdout=subprocess.PIPE)
    source.stdout.close()
    encryption.stdout.close()
    peaks = {}
    watchers = [threading.Thread(target=lambda name=name, process=process: peaks.update({name: peak_memory(process)}))
                for name, process in (("encrypt", encryption), ("decrypt", decryption))]
    for watcher in watchers:
        watcher.start()
    count, zero = 0, bytes(1 << 20)
    while part := decryption.stdout.read(1 << 20):
        assert part == zero[:len(part)]
        count += len(part)
    assert [process.wait(LONG) for process in (source, encryption, decryption)] == [0, 0, 0]
    for watcher in watchers:
        watcher.join()
    assert count == LARGE
    assert 0 < peaks["encrypt"] < MOST_MEMORY and 0 < peaks["decrypt"] < MOST_MEMORY, peaks
    assert tool.names() == ["a"]
