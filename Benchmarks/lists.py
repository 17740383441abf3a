#!/usr/bin/env python3
"""Measures reading long lists by pages, through the server.

    Benchmarks/lists.py CLAVIGER [--count N] [--connections N]

Makes 100,000 keys, an alias for each and 100,000 secrets by the API, some connections at a time, and reads ListKeys, ListSecrets and
ListAliases by pages of 100 in order. Prints the median time of the first, middle and last pages, and how much longer the last ones take than the
first. Nothing here fails on a figure.
"""
import argparse
import base64
import hashlib
import hmac
import itertools
import json
import pathlib
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import urllib.request
import uuid

PAGE = 100
# How many pages the median is taken over.
SAMPLE = 50
LISTS = {"ListKeys": ("Keys", "Key"), "ListAliases": ("Aliases", "Alias"), "ListSecrets": ("SecretList", "Secret")}


class Server:
    """A running claviger on an empty data directory."""

    def __init__(self, binary, folder):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.address = probe.getsockname()
        log = open(pathlib.Path(folder, "server.log"), "wb")
        self.process = subprocess.Popen([binary, "serve", "--data", folder + "/data", "--listen", f"127.0.0.1:{self.address[1]}"], stdout=log,
                                        stderr=log)
        for _ in range(600):
            try:
                if urllib.request.urlopen(f"http://127.0.0.1:{self.address[1]}/readyz", timeout=2).status == 200:
                    break
            except OSError:
                time.sleep(0.05)
        lines = pathlib.Path(folder, "data", "credentials.env").read_text().splitlines()
        values = dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
        self.id, self.secret = values["CLAVIGER_ACCESS_ID"], values["CLAVIGER_ACCESS_KEY"]

    def stop(self):
        self.process.terminate()
        self.process.wait(60)


class Connection:
    """One kept-alive connection that signs as the older SDK does. Not for several threads at a time."""

    def __init__(self, server):
        self.server, self.buffer = server, b""
        self.socket = socket.create_connection(server.address)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def target(self, action, parameters):
        found = {
            "Action": action, "Version": "2016-01-20", "AccessKeyId": self.server.id, "SignatureMethod": "HMAC-SHA1", "SignatureVersion": "1.0",
            "SignatureNonce": uuid.uuid4().hex, "Timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), **parameters}
        query = "&".join(f"{name}={urllib.parse.quote(found[name], safe='-_.~')}" for name in sorted(found))
        text = "GET&%2F&" + urllib.parse.quote(query, safe="-_.~")
        signature = base64.b64encode(hmac.digest(self.server.secret.encode() + b"&", text.encode(), hashlib.sha1)).decode()
        return f"/?{query}&Signature={urllib.parse.quote(signature, safe='')}"

    def call(self, action, **parameters):
        """The body of the answer, and the seconds that it took."""
        request = f"GET {self.target(action, parameters)} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()
        start = time.perf_counter()
        self.socket.sendall(request)
        while b"\r\n\r\n" not in self.buffer:
            self.fill()
        head, _, rest = self.buffer.partition(b"\r\n\r\n")
        size = int(re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)[1])
        while len(rest) < size:
            self.fill()
            rest = self.buffer[len(head) + 4:]
        taken = time.perf_counter() - start
        self.buffer = rest[size:]
        if not head.startswith(b"HTTP/1.1 200"):
            raise SystemExit(f"{action}: {rest[:size]}")
        return rest[:size], taken

    def fill(self):
        part = self.socket.recv(1 << 18)
        if not part:
            raise SystemExit("the server ended the connection")
        self.buffer += part


def fill(server, connections, count, what, make):
    """Calls `make(connection, number)` for every number; prints how long that took."""
    numbers, failures = itertools.count(), []

    def work():
        connection = Connection(server)
        try:
            while (number := next(numbers)) < count:
                make(connection, number)
        except BaseException as failure:
            failures.append(failure)

    start = time.monotonic()
    threads = [threading.Thread(target=work) for _ in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    seconds = time.monotonic() - start
    print(f"{count} {what} made in {seconds:.0f} s ({count / seconds:.0f} a second)", flush=True)


def measure(connection, action, count):
    outer, inner = LISTS[action]
    times, seen = [], set()
    for number in range(1, -(-count // PAGE) + 1):
        body, taken = connection.call(action, PageNumber=str(number), PageSize=str(PAGE))
        answer = json.loads(body)
        entries = answer[outer][inner]
        seen.update(json.dumps(entry) for entry in entries)
        if answer["TotalCount"] < count or len(entries) != PAGE:
            raise SystemExit(f"{action}: page {number} has {len(entries)} entries, and there are {answer['TotalCount']}")
        times.append(taken)
    if len(seen) != count:
        raise SystemExit(f"{action}: {len(seen)} entries on {len(times)} pages")
    sample = min(SAMPLE, len(times) // 3)
    middle = (len(times) - sample) // 2
    return [1000 * statistics.median(part) for part in (times[:sample], times[middle:middle + sample], times[-sample:])]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("claviger")
    parser.add_argument("--count", type=int, default=100_000, help="of each, in hundreds")
    parser.add_argument("--connections", type=int, default=48)
    options = parser.parse_args()
    count = options.count - options.count % PAGE
    with tempfile.TemporaryDirectory(prefix="claviger-bench-") as folder:
        server = Server(options.claviger, folder)
        try:
            keys = {}

            def make_key(connection, number):
                keys[number] = json.loads(connection.call("CreateKey")[0])["KeyMetadata"]["KeyId"]

            fill(server, options.connections, count, "keys", make_key)
            fill(server, options.connections, count, "aliases", lambda connection, number: connection.call(
                "CreateAlias", AliasName=f"alias/list/{number}", KeyId=keys[number]))
            fill(server, options.connections, count, "secrets", lambda connection, number: connection.call(
                "CreateSecret", SecretName=f"list/{number}", SecretData="value", VersionId="v1", EncryptionKeyId=keys[0]))
            connection = Connection(server)
            print(f"pages of {PAGE} in order: median milliseconds of up to {SAMPLE} pages")
            print(f"{'':14}{'first':>8}{'middle':>8}{'last':>8}{'last/first':>12}")
            for action in LISTS:
                first, middle, last = measure(connection, action, count)
                print(f"{action:14}{first:8.2f}{middle:8.2f}{last:8.2f}{last / first:12.2f}", flush=True)
        finally:
            server.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
