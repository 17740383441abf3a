#!/usr/bin/env python3
"""Measures encrypting and decrypting a large file, and how much memory that takes.

    Benchmarks/streams.py CLAVIGER [--gigabytes N] [--algorithm NAME ...] [--folder FOLDER]

Starts a server, makes a file of 10 GB (10^9 bytes each), encrypts it with `claviger file encrypt` and decrypts it with `claviger file decrypt`, by
file names and by pipes, and compares what comes out with what went in. Prints megabytes per second of wall-clock and of processor time, and the
largest resident memory of the command. Needs room for twice the file. Nothing here fails on a figure; a wrong byte does.
"""
import argparse
import hashlib
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

PIECE = 1 << 20


def start(binary, folder):
    """A server on an empty data directory, and the path of its credentials."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with open(folder / "server.log", "wb") as log:
        server = subprocess.Popen([binary, "serve", "--data", folder / "data", "--listen", f"127.0.0.1:{port}"], stdout=log, stderr=log)
    for _ in range(600):
        try:
            if urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2).status == 200:
                return server, folder / "data/credentials.env"
        except OSError:
            time.sleep(0.05)
    server.kill()
    raise SystemExit("the server did not start")


def make_file(path, size):
    """A file without two equal pieces; returns its hash."""
    piece = bytearray(os.urandom(PIECE))
    digest = hashlib.sha256()
    with open(path, "wb") as file:
        for number in range(0, size, PIECE):
            piece[:8] = number.to_bytes(8, "big")
            part = piece[:min(PIECE, size - number)]
            file.write(part)
            digest.update(part)
    return digest.hexdigest()


def hash_of(file):
    digest = hashlib.sha256()
    while part := file.read(PIECE):
        digest.update(part)
    return digest.hexdigest()


def measured(command, **streams):
    """Runs a command; returns seconds, seconds of processor time, and the largest resident memory in MiB."""
    begin = time.monotonic()
    process = subprocess.Popen(command, **streams)
    found = hash_of(process.stdout) if process.stdout else None
    _, status, usage = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status) != 0:
        raise SystemExit(f"{' '.join(map(str, command))} failed")
    return time.monotonic() - begin, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("claviger")
    parser.add_argument("--gigabytes", type=float, default=10)
    parser.add_argument("--algorithm", action="append", help="a name that `claviger file encrypt --algorithm` takes")
    parser.add_argument("--folder", help="where the files are made")
    options = parser.parse_args()
    size = int(options.gigabytes * 1e9)
    with tempfile.TemporaryDirectory(prefix="claviger-streams-", dir=options.folder) as folder:
        folder = pathlib.Path(folder)
        server, profile = start(options.claviger, folder)
        try:
            subprocess.run([options.claviger, "key", "create", "streams", "--profile", profile], check=True, stdout=subprocess.DEVNULL)
            plain, sealed = folder / "plain", folder / "sealed"
            expected = make_file(plain, size)
            print(f"{size / 1e9:g} GB; MB/s of wall-clock time, MB/s of processor time, largest resident memory")

            def show(what, result):
                seconds, processor, memory, found = result
                print(f"  {what:48}{size / seconds / 1e6:8.0f}{size / processor / 1e6:8.0f}{memory:8.0f} MiB", flush=True)
                if found is not None and found != expected:
                    raise SystemExit("what came out is not what went in")

            for algorithm in options.algorithm or ["sm4-gcm"]:
                encrypt = [options.claviger, "file", "encrypt", "--key", "streams", "--profile", profile, "--algorithm", algorithm]
                decrypt = [options.claviger, "file", "decrypt", "--profile", profile]
                show(f"{algorithm}: encrypt, file to file", measured([*encrypt, plain, "--out", sealed]))
                show(f"{algorithm}: decrypt, file to pipe", measured([*decrypt, sealed], stdout=subprocess.PIPE))
                sealed.unlink()
            reader = subprocess.Popen(["cat", plain], stdout=subprocess.PIPE)
            show("encrypt, pipe of known length to file", measured([*encrypt, "--size", str(size), "--out", sealed], stdin=reader.stdout))
            reader.wait()
            reader = subprocess.Popen(["cat", sealed], stdout=subprocess.PIPE)
            show("decrypt, pipe to pipe", measured(decrypt, stdin=reader.stdout, stdout=subprocess.PIPE))
            reader.wait()
        finally:
            server.terminate()
            server.wait(30)


if __name__ == "__main__":
    sys.exit(main())
