"""Reads the audit log of a data directory."""
import json

from server import run


def records(data):
    """All records in order; their numbers must follow each other from 1 on."""
    found = []
    for segment in sorted((data / "audit").glob("audit-*.jsonl")):
        lines = segment.read_text().split("\n")
        for line in lines[:-1]:
            record = json.loads(line)
            if "seq" in record:
                found.append(record)
    assert [record["seq"] for record in found] == list(range(1, len(found) + 1))
    return found


def verify(data):
    status, output, errors = run("audit", "verify", "--data", data, home=data.parent)
    assert status == 0, output + errors
