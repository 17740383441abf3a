#!/usr/bin/env python3
"""Measures signatures through the API beside the libraries alone, and what a full load of RSA signing does to Encrypt.

    Benchmarks/signing.py CLAVIGER RAW_SIGNER [--seconds N] [--rounds N] [--threads N]

The libraries sign on as many threads as the server has for private keys. wrk, which asks the server, needs a part of the same cores, so the
ratio is what a client on the same machine sees. Libraries and server take turns within one run. Nothing here fails on a figure.
"""
import argparse
import base64
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading

from run import Server, load

ALGORITHMS = {
    "RSA-2048 PSS": ("rsa2048", "ASYMMETRIC_SIGN_VERIFY_RSA_2048", "RSA_PSS_SHA_256"),
    "ECDSA P-256": ("p256", "ASYMMETRIC_SIGN_VERIFY_ECC", "ECC_P256_R1"),
    "SM2": ("sm2", "ASYMMETRIC_SIGN_VERIFY_SM2", "SM2DSA"),
}


def raw_rate(binary, algorithm, threads, seconds):
    out = subprocess.run([binary, algorithm, str(threads), str(seconds)], capture_output=True, text=True, check=True)
    return float(out.stdout)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("claviger")
    parser.add_argument("raw_signer")
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--connections", type=int, default=32)
    options = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="claviger-bench-")
    other_folder = tempfile.mkdtemp(prefix="claviger-bench-")
    server = Server(options.claviger, folder, threads=options.threads)
    url = f"http://{server.netloc}/"
    digest = base64.b64encode(os.urandom(32)).decode()

    def signing(usage, algorithm, alias):
        key = server.call("CreateKey", Alias=alias, KeyUsage=usage)["KeyId"]
        parameters = {"KeyId": key, "Algorithm": algorithm, "Message": digest, "MessageType": "DIGEST"}
        server.call("SignByAsymmetricKey", **parameters)
        return json.dumps(parameters).encode()

    def sign_load(folder, body, seconds):
        return load(folder, url, server.headers("SignByAsymmetricKey", body), body, seconds, options.connections)

    try:
        rates = {name: ([], []) for name in ALGORITHMS}
        bodies = {name: signing(usage, algorithm, f"bench-{raw}") for name, (raw, usage, algorithm) in ALGORITHMS.items()}
        for _ in range(options.rounds):
            for name, (raw, _, _) in ALGORITHMS.items():
                rates[name][0].append(raw_rate(options.raw_signer, raw, options.threads, options.seconds))
                rates[name][1].append(sign_load(folder, bodies[name], options.seconds)[0])
        print(f"{options.threads} threads, {options.connections} connections, {options.rounds} rounds of {options.seconds} s")
        print(f"{'':16}{'library/s':>12}{'API/s':>12}{'ratio':>8}")
        for name, (raw, api) in rates.items():
            raw, api = statistics.median(raw), statistics.median(api)
            print(f"{name:16}{raw:12.0f}{api:12.0f}{api / raw:8.2f}")

        key = server.call("CreateKey", Alias="bench-encrypt")["KeyId"]
        encrypt = json.dumps({"KeyId": key, "Plaintext": digest}).encode()
        at_rest, loaded = [], []
        for _ in range(options.rounds):
            at_rest.append(load(folder, url, server.headers("Encrypt", encrypt), encrypt, options.seconds, 4))
            signer = threading.Thread(
                target=sign_load, args=(other_folder, bodies["RSA-2048 PSS"], options.seconds + 2))
            signer.start()
            loaded.append(load(folder, url, server.headers("Encrypt", encrypt), encrypt, options.seconds, 4))
            signer.join()
        print(f"\nEncrypt, 4 connections  {'requests/s':>12}{'p50 µs':>9}{'p99 µs':>9}")
        medians = []
        for name, runs in (("at rest", at_rest), ("under RSA signing", loaded)):
            rate, p50, p99 = (statistics.median(v) for v in (
                [r for r, _ in runs], [p["50"] for _, p in runs], [p["99"] for _, p in runs]))
            medians.append(p99)
            print(f"  {name:22}{rate:12.0f}{p50:9.0f}{p99:9.0f}")
        print(f"  p99 under load / at rest: {medians[1] / max(medians[0], 1):.1f}")
    finally:
        server.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
