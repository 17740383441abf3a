#!/usr/bin/env python3
"""Measures the server's signed calls beside a bare SwiftNIO server that sends a fixed reply of the same size.

    Benchmarks/run.py CLAVIGER BARE_SERVER [--seconds N] [--rounds N] [--connections N]

Both servers have one event loop and are loaded by wrk over kept-alive loopback connections, in turns within one run, so that what else
the machine does falls on both. Prints requests per second (median over the rounds), the ratio to the bare server, and the latency
distribution. Encrypt is measured four times: by the root of the account, by a user under three policies (one of which denies), by one whose
right depends on his address, and on a server whose rates are limited. Huawei's encrypt-data is measured with a signature (AK/SK) and with a token,
Alibaba's Encrypt with both generations of signatures, each request with a nonce and a signature of its own, which are made before.
All take turns, each time in another order. Nothing here fails on a figure.
"""
import argparse
import base64
import copy
import hashlib
import hmac
import json
import os
import pathlib
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
import uuid
from datetime import datetime, timezone


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def mac(key, message):
    return hmac.new(key, message.encode(), hashlib.sha256).digest()


def percent(text):
    return urllib.parse.quote(text, safe="-_.~")


class Server:
    """A running claviger on an empty data directory."""

    def __init__(self, binary, folder, threads=1, settings=""):
        self.binary = binary
        config = pathlib.Path(folder) / "claviger.yaml"
        config.write_text(settings)
        self.port = free_port()
        self.netloc = f"127.0.0.1:{self.port}"
        self.log = open(pathlib.Path(folder) / "server.log", "wb")
        self.process = subprocess.Popen(
            [binary, "serve", "--data", folder + "/data", "--listen", self.netloc, "--threads", str(threads),
             "--config", str(config)],
            stdout=self.log, stderr=self.log)
        for _ in range(300):
            try:
                if urllib.request.urlopen(f"http://{self.netloc}/readyz", timeout=2).status == 200:
                    break
            except OSError:
                time.sleep(0.05)
        lines = pathlib.Path(folder, "data", "credentials.env").read_text().splitlines()
        self.credentials = str(pathlib.Path(folder, "data", "credentials.env"))
        values = dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
        self.values = values
        self.id, self.secret, self.region = (
            values["CLAVIGER_ACCESS_ID"], values["CLAVIGER_ACCESS_KEY"], values["CLAVIGER_REGION"])

    def command(self, *arguments, text=None):
        """Runs a command of the program as the root of the account; returns its JSON."""
        out = subprocess.run([self.binary, *arguments, "--profile", self.credentials, "--format", "json"], input=text,
                             capture_output=True, text=True)
        if out.returncode:
            raise SystemExit(f"{arguments}: {out.stderr}")
        return json.loads(out.stdout)

    def limited_user(self, user_name, **condition):
        """The same server as a user sees it who has just the rights that it needs, perhaps under a condition."""
        self.command("user", "create", user_name)
        root = self.command("whoami")["user"]["number"]
        policies = {
            "no-administration": {"effect": "deny", "action": ["name/kms:CreateKey", "name/kms:DisableKey"], "resource": "*"},
            "other-addresses": {"effect": "allow", "action": ["name/kms:ListKeys"], "resource": "*",
                                "condition": {"ip_equal": {"qcs:ip": ["192.0.2.0/24"]}}},
            "use-of-own-keys": {"effect": "allow", "action": ["name/kms:Encrypt", "name/kms:Decrypt"],
                                "resource": f"qcs::kms:::key/creatorUin/{root}/*", **condition},
        }
        for name, statement in policies.items():
            text = json.dumps({"version": "2.0", "statement": [statement]})
            self.command("policy", "create", f"{name}-of-{user_name}", "--file", "-", text=text)
            self.command("policy", "attach", f"{name}-of-{user_name}", "--user", user_name)
        made = self.command("access-key", "create", "--user", user_name)
        user = copy.copy(self)
        user.id, user.secret = made["id"], made["secret"]
        return user

    def headers(self, action, body):
        stamp = int(time.time())
        date = datetime.fromtimestamp(stamp, timezone.utc).strftime("%Y-%m-%d")
        canonical = "\n".join([
            "POST", "/", "", f"content-type:application/json\nhost:{self.netloc}\n", "content-type;host",
            hashlib.sha256(body).hexdigest()])
        scope = f"{date}/kms/tc3_request"
        text = "\n".join(["TC3-HMAC-SHA256", str(stamp), scope, hashlib.sha256(canonical.encode()).hexdigest()])
        key = mac(mac(mac(b"TC3" + self.secret.encode(), date), "kms"), "tc3_request")
        signature = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
        return {
            "Content-Type": "application/json", "X-TC-Action": action, "X-TC-Version": "2019-01-18",
            "X-TC-Timestamp": str(stamp), "X-TC-Region": self.region,
            "Authorization": f"TC3-HMAC-SHA256 Credential={self.id}/{scope}, SignedHeaders=content-type;host, "
                             f"Signature={signature}"}

    def call(self, action, **parameters):
        body = json.dumps(parameters).encode()
        request = urllib.request.Request(f"http://{self.netloc}/", body, self.headers(action, body))
        with urllib.request.urlopen(request, timeout=10) as reply:
            response = json.load(reply)["Response"]
        if "Error" in response:
            raise SystemExit(f"{action}: {response['Error']}")
        return response

    def huawei_url(self, action):
        return f"http://{self.netloc}/v1.0/{self.values['CLAVIGER_PROJECT_ID']}/kms/{action}"

    def huawei_signature(self, action, body):
        """The headers of a call that is signed as Huawei's SDK for Python does."""
        headers = {
            "content-type": "application/json;charset=utf-8", "host": self.netloc, "user-agent": "huaweicloud-usdk-python/3.0",
            "x-project-id": self.values["CLAVIGER_PROJECT_ID"],
            "x-sdk-date": datetime.now(timezone.utc).strftime("%Y%m%dT%H%M%SZ")}
        names = ";".join(sorted(headers))
        lines = "".join(f"{name}:{headers[name]}\n" for name in sorted(headers))
        path = "/" + self.huawei_url(action).split("/", 3)[3] + "/"
        canonical = "\n".join(["POST", path, "", lines, names, hashlib.sha256(body).hexdigest()])
        text = "\n".join(["SDK-HMAC-SHA256", headers["x-sdk-date"], hashlib.sha256(canonical.encode()).hexdigest()])
        signature = hmac.new(self.secret.encode(), text.encode(), hashlib.sha256).hexdigest()
        # The load generator sends the header Host by itself.
        del headers["host"]
        return {**headers, "Authorization": f"SDK-HMAC-SHA256 Access={self.id}, SignedHeaders={names}, Signature={signature}"}

    def alibaba_parameters(self, count, action, **parameters):
        """So many GETs of a call that are signed as Alibaba's older SDK does: what is in a target before each nonce, between it and the
        signature and after that, and pairs of nonces and signatures."""
        found = {**parameters, "Action": action, "Version": "2016-01-20", "AccessKeyId": self.id, "SignatureMethod": "HMAC-SHA1",
                 "SignatureVersion": "1.0", "SignatureNonce": "\0", "Timestamp": datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")}
        query = "&".join(f"{name}={found[name] if found[name] == chr(0) else percent(found[name])}" for name in sorted(found))
        before, _, after = query.partition("\0")
        # A nonce of hexadecimal digits is its own encoding.
        start, end = f"GET&%2F&{percent(before)}", percent(after)
        key, pairs = self.secret.encode() + b"&", []
        for _ in range(count):
            nonce = uuid.uuid4().hex
            signature = base64.b64encode(hmac.digest(key, (start + nonce + end).encode(), "sha1")).decode()
            pairs.append((nonce, percent(signature)))
        return f"http://{self.netloc}/", {}, (f"/?{before}", f"{after}&Signature=", ""), pairs

    def alibaba_headers(self, count, action, **parameters):
        """The same as POSTs that are signed as Alibaba's newer SDK does: the header fields that hold nonces and signatures."""
        query = "&".join(f"{name}={percent(value)}" for name, value in sorted(parameters.items()))
        headers = {
            "accept": "application/json", "host": self.netloc, "user-agent": "AlibabaCloud (Linux; x86_64) Python/3.11 TeaDSL/2",
            "x-acs-action": action, "x-acs-content-sha256": hashlib.sha256(b"").hexdigest(), "x-acs-credentials-provider": "static_ak",
            "x-acs-date": datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"), "x-acs-signature-nonce": "\0", "x-acs-version": "2016-01-20"}
        names = ";".join(headers)
        lines = "".join(f"{name}:{value}\n" for name, value in headers.items())
        before, _, after = f"POST\n/\n{query}\n{lines}\n{names}\n{headers['x-acs-content-sha256']}".partition("\0")
        pairs = []
        for _ in range(count):
            nonce = uuid.uuid4().hex
            text = "ACS3-HMAC-SHA256\n" + hashlib.sha256((before + nonce + after).encode()).hexdigest()
            pairs.append((nonce, hmac.digest(self.secret.encode(), text.encode(), "sha256").hex()))
        # The load generator sends the header Host by itself.
        del headers["host"], headers["x-acs-signature-nonce"]
        authorization = f"ACS3-HMAC-SHA256 Credential={self.id},SignedHeaders={names},Signature="
        return f"http://{self.netloc}/?{query}", headers, ("x-acs-signature-nonce", "Authorization", authorization), pairs

    def huawei_token(self):
        user = {"name": self.values["CLAVIGER_USER"], "password": self.values["CLAVIGER_PASSWORD"],
                "domain": {"name": self.values["CLAVIGER_DOMAIN_NAME"]}}
        body = {"auth": {"identity": {"methods": ["password"], "password": {"user": user}},
                         "scope": {"project": {"id": self.values["CLAVIGER_PROJECT_ID"]}}}}
        request = urllib.request.Request(f"http://{self.netloc}/v3/auth/tokens", json.dumps(body).encode(),
                                         {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=10) as reply:
            return reply.headers["X-Subject-Token"]

    def stop(self):
        self.process.terminate()
        self.process.wait(15)


# For as many requests there are signatures; with more of them the first would come again, and be refused.
MOST_A_SECOND = 40_000


# The end of a script for wrk: what it found.
REPORT = [
    "done = function(s, l, r)",
    "  for _, p in pairs({50, 90, 99, 99.9}) do io.write(string.format('P %g %d\\n', p, l:percentile(p))) end",
    "  io.write(string.format('E %d %d\\n', s.errors.status, s.errors.connect + s.errors.read + s.errors.timeout))",
    "end"]


def load(folder, url, lines, seconds, connections):
    """One run of wrk with a script of these lines: requests per second, and latencies in microseconds by percentile."""
    script = pathlib.Path(folder, "request.lua")
    script.write_text("\n".join([*lines, *REPORT]))
    out = subprocess.run(
        ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "-s", str(script), url],
        capture_output=True, text=True, check=True).stdout
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", out).group(1))
    errors = re.search(r"E (\d+) (\d+)", out)
    if errors.group(1) != "0" or errors.group(2) != "0":
        print(f"  wrk saw errors: {errors.group(0)}")
    return rate, {p: int(v) for p, v in re.findall(r"P ([\d.]+) (\d+)", out)}


def same_request(headers, body):
    """The script that sends one POST again and again."""
    lines = ['wrk.method = "POST"', f"wrk.body = [==[{body.decode()}]==]"]
    return lines + [f'wrk.headers["{name}"] = [==[{value}]==]' for name, value in headers.items()]


def new_requests(folder, headers, pieces, pairs):
    """The script that sends another nonce and signature with each request: in the target, or in header fields."""
    path = pathlib.Path(folder, "signatures.txt")
    path.write_text("".join(f"{nonce} {signature}\n" for nonce, signature in pairs))
    lines = ["local nonces, signatures, turn = {}, {}, 0", f"for nonce, signature in io.open([==[{path}]==]):read('*a'):gmatch('(%S+) (%S+)') do",
             "  nonces[#nonces + 1] = nonce", "  signatures[#signatures + 1] = signature", "end"]
    lines += [f'wrk.headers["{name}"] = [==[{value}]==]' for name, value in headers.items()]
    first, second, third = (f"[==[{piece}]==]" for piece in pieces)
    # Formatting a request anew costs the load generator more than joining texts, so the head is written once.
    lines += ["local before, between, after", "init = function(arguments)"]
    if pieces[0].startswith("/"):
        lines += [f"  local text = wrk.format('GET', {first} .. 'NONCE' .. {second} .. 'SIGNATURE' .. {third})"]
    else:
        lines += [f"  wrk.headers[ {first} ] = 'NONCE'", f"  wrk.headers[ {second} ] = {third} .. 'SIGNATURE'", "  local text = wrk.format('POST')"]
    return lines + [
        "  local nonce, signature = text:find('NONCE', 1, true), text:find('SIGNATURE', 1, true)",
        "  swapped = signature < nonce",
        "  local one, other = math.min(nonce, signature), math.max(nonce, signature)",
        "  local ends = swapped and {9, 5} or {5, 9}",
        "  before, between, after = text:sub(1, one - 1), text:sub(one + ends[1], other - 1), text:sub(other + ends[2])",
        "end",
        "request = function()",
        "  turn = turn % #nonces + 1",
        "  if swapped then return before .. signatures[turn] .. between .. nonces[turn] .. after end",
        "  return before .. nonces[turn] .. between .. signatures[turn] .. after",
        "end"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("claviger")
    parser.add_argument("bare")
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--connections", type=int, default=32)
    options = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="claviger-bench-")
    limited_folder = tempfile.mkdtemp(prefix="claviger-bench-")
    server = Server(options.claviger, folder)
    limited = Server(options.claviger, limited_folder,
                     settings="limits:\n  preset: documented\n  actions:\n    Encrypt: 1000000\n")
    user = server.limited_user("bench")
    user_at_address = server.limited_user("bench-at-address", condition={"ip_equal": {"qcs:ip": ["127.0.0.0/8"]}})
    limited_key = limited.call("CreateKey", Alias="bench")["KeyId"]
    key = server.call("CreateKey", Alias="bench")["KeyId"]
    plaintext = base64.b64encode(os.urandom(32)).decode()
    sealed = server.call("Encrypt", KeyId=key, Plaintext=plaintext)
    token = server.huawei_token()

    def tencent(caller, action, **parameters):
        return lambda body: (f"http://{caller.netloc}/", caller.headers(action, body)), parameters

    def huawei(headers, **parameters):
        return lambda body: (server.huawei_url("encrypt-data"), headers(body)), parameters

    calls = {
        "Encrypt 32 bytes": tencent(server, "Encrypt", KeyId=key, Plaintext=plaintext),
        "… under policies": tencent(user, "Encrypt", KeyId=key, Plaintext=plaintext),
        "… by address": tencent(user_at_address, "Encrypt", KeyId=key, Plaintext=plaintext),
        "… rate limited": tencent(limited, "Encrypt", KeyId=limited_key, Plaintext=plaintext),
        "Decrypt 32 bytes": tencent(server, "Decrypt", CiphertextBlob=sealed["CiphertextBlob"]),
        "GenerateDataKey": tencent(server, "GenerateDataKey", KeyId=key, KeySpec="AES_256"),
        "encrypt-data, AK/SK": huawei(
            lambda body: server.huawei_signature("encrypt-data", body), key_id=key, plain_text=plaintext[:32]),
        "encrypt-data, token": huawei(
            lambda body: {"Content-Type": "application/json", "X-Auth-Token": token}, key_id=key, plain_text=plaintext[:32]),
    }
    # A request must not be sent twice here.
    signed_anew = {"Encrypt, HMAC-SHA1": server.alibaba_parameters, "Encrypt, ACS3": server.alibaba_headers}
    size = len(json.dumps({"Response": sealed}, separators=(",", ":")))
    bare_port = free_port()
    bare = subprocess.Popen([options.bare, str(bare_port), str(size), "1"])
    time.sleep(0.5)
    rates = {name: [] for name in ["bare SwiftNIO", *calls, *signed_anew]}
    latencies = {}
    try:
        for turn in range(options.rounds):
            # Whatever comes first or last has its advantages; nobody keeps his place.
            names = list(rates)
            for name in names[turn % len(names):] + names[:turn % len(names)]:
                if name == "bare SwiftNIO":
                    body = json.dumps({"KeyId": key, "Plaintext": plaintext}).encode()
                    url, lines = f"http://127.0.0.1:{bare_port}/", same_request(server.headers("Encrypt", body), body)
                elif name in signed_anew:
                    count = options.seconds * MOST_A_SECOND
                    url, headers, pieces, pairs = signed_anew[name](count, "Encrypt", KeyId=key, Plaintext=plaintext)
                    lines = new_requests(folder, headers, pieces, pairs)
                else:
                    request, parameters = calls[name]
                    body = json.dumps(parameters).encode()
                    url, headers = request(body)
                    lines = same_request(headers, body)
                rate, percentiles = load(folder, url, lines, options.seconds, options.connections)
                rates[name].append(rate)
                latencies.setdefault(name, []).append(percentiles)
    finally:
        bare.terminate()
        server.stop()
        limited.stop()
    base = statistics.median(rates["bare SwiftNIO"])
    print(f"{options.connections} connections, one event loop each, {options.rounds} rounds of {options.seconds} s; "
          f"replies of {size} bytes")
    print(f"{'':21}{'requests/s':>12}{'ratio':>8}{'p50 µs':>9}{'p90 µs':>9}{'p99 µs':>9}{'p99.9 µs':>10}{'p99/p50':>9}")
    for name, measured in rates.items():
        rate = statistics.median(measured)
        of = {p: statistics.median(round_[p] for round_ in latencies[name]) for p in ("50", "90", "99", "99.9")}
        print(f"{name:21}{rate:12.0f}{rate / base:8.2f}{of['50']:9.0f}{of['90']:9.0f}{of['99']:9.0f}{of['99.9']:10.0f}"
              f"{of['99'] / max(of['50'], 1):9.1f}")
    plain = statistics.median(rates["Encrypt 32 bytes"])
    for name in ("… under policies", "… by address", "… rate limited"):
        print(f"Encrypt {name}: {statistics.median(rates[name]) / plain:.3f} of Encrypt without")
    for name in ("encrypt-data, AK/SK", "encrypt-data, token", *signed_anew):
        print(f"{name}: {statistics.median(rates[name]) / plain:.3f} of Encrypt 32 bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
