#!/usr/bin/env python3
"""Measures `claviger audit search` in a log of a million records.

    Benchmarks/audit_search.py CLAVIGER [--records N] [--rounds N] [--segment-size BYTES]

The log is made here, in the documented format but without valid authentication codes, which a search does not look at. Prints the median
time of each search, with the program's own start in it, and the events found. Nothing here fails on a figure.
"""
import argparse
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile
import time
import uuid

START = 1_760_000_000_000_000
STEP = 2_600_000  # microseconds: a million records are a month
ACTIONS = ["Encrypt"] * 40 + ["Decrypt"] * 35 + ["GenerateDataKey"] * 15 + ["DescribeKey"] * 7 + ["ListKeys"] * 2 + ["GetPublicKey"]
RARE_KEY = "5d1f0a7c-0000-4000-8000-3f2b1c9e9e11"


def write_log(folder, records, segment_size):
    """Every 100,000th record is about the rare key; one, in the oldest quarter, is the auditor's. Returns the bytes written."""
    chance = random.Random(1)
    keys = [str(uuid.UUID(int=chance.getrandbits(128), version=4)) for _ in range(500)]
    segment, size, total = None, 0, 0
    for number in range(1, records + 1):
        if segment is None or size >= segment_size:
            if segment:
                segment.close()
            segment, size = open(pathlib.Path(folder, f"audit-{number:020}.jsonl"), "w"), 0
        user = chance.randrange(40)
        principal = "auditor" if number == records // 8 else f"service-{user}"
        key = RARE_KEY if number % 100_000 == 50 else chance.choice(keys)
        refused = chance.random() < 0.02
        verdict = '"UnauthorizedOperation","decision":"notAllowed"' if refused else '"ok","decision":"allowed","policy":"service-keys#1"'
        line = (
            f'{{"seq":{number},"time":{START + number * STEP - chance.randrange(2_000_000)},'
            f'"request":"{uuid.UUID(int=chance.getrandbits(128), version=4)}","dialect":"tencent","action":"{chance.choice(ACTIONS)}",'
            f'"account":"100000000001","principal":"{principal}","accessKey":"AKIDz8krbsJ5yKBZQpn74WFkmLPx{100 + user}",'
            f'"source":"10.1.{user}.{chance.randrange(1, 255)}:{chance.randrange(30000, 60000)}","realm":"south","resources":["{key}"],'
            f'"outcome":{verdict},"microseconds":{chance.randrange(30, 90)},"mac":"{chance.getrandbits(256):064x}"}}\n')
        segment.write(line)
        size += len(line)
        total += len(line)
    segment.close()
    return total


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("claviger")
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--segment-size", type=int, default=64 << 20)
    options = parser.parse_args()
    middle = (START + options.records // 2 * STEP) // 1_000_000
    searches = {
        "the last 100": [],
        "rare key": ["--key", RARE_KEY],
        "frequent action": ["--action", "Encrypt"],
        "principal": ["--principal", "service-7"],
        "principal, once": ["--principal", "auditor"],
        "outcome": ["--outcome", "UnauthorizedOperation"],
        "refused, by one principal": ["--refused", "--principal", "service-7"],
        "one hour in the middle": ["--from", str(middle), "--to", str(middle + 3600), "--all"],
        "source": ["--source", "10.1.3.77"],
        "no match at all": ["--key", "00000000-0000-4000-8000-000000000000"],
    }
    with tempfile.TemporaryDirectory(prefix="claviger-bench-") as folder:
        size = write_log(folder, options.records, options.segment_size)
        print(f"{options.records} records, {size / 1e6:.0f} MB, {options.rounds} rounds")
        print(f"{'':28}{'ms':>8}{'events':>8}")
        for name, arguments in searches.items():
            times = []
            for _ in range(options.rounds):
                begin = time.perf_counter()
                found = subprocess.run(
                    [options.claviger, "audit", "search", folder, "--format", "json", *arguments], capture_output=True, check=True)
                times.append(1000 * (time.perf_counter() - begin))
            print(f"{name:28}{statistics.median(times):8.0f}{len(found.stdout.splitlines()):8}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
