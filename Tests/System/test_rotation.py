"""Rotation: old ciphertexts open, new ones use the new material, and what was due is done."""
import time

import pytest

import audit_log
import store
from client import Client, b64, refusal
from crowd import together, turns
from waiting import eventually

DAY = 86400
WAYS_TO_END = {"stop": lambda server: server.stop(), "kill": lambda server: server.kill()}
REGIONS = ["ap-guangzhou", "ap-shenzhen-fsi"]


def encrypted(client, key, text="data"):
    return client("Encrypt", KeyId=key, Plaintext=b64(text))["CiphertextBlob"]


def opens(client, blob, text="data"):
    return client("Decrypt", CiphertextBlob=blob)["Plaintext"] == b64(text)


def is_current(client, blob):
    """Whether a ciphertext was made under the newest material: then ReEncrypt leaves it alone."""
    answer = client("ReEncrypt", CiphertextBlob=blob)
    assert answer["ReEncrypted"] == (answer["CiphertextBlob"] != blob)
    assert opens(client, answer["CiphertextBlob"])
    return not answer["ReEncrypted"]


@pytest.mark.parametrize("region, end", list(zip(REGIONS, WAYS_TO_END.values())), ids=WAYS_TO_END)
def test_rotations_outlive_a_restart(launch, region, end):
    first = launch()
    client = Client(first, region)
    key = client.create()
    blobs = [encrypted(client, key)]
    for days in (7, 30, 365):
        client("RotateKey", KeyId=key)
        client("EnableKeyRotation", KeyId=key, RotateDays=days)
        blobs.append(encrypted(client, key))
    before = client.metadata(key)
    client.close()
    end(first)

    second = launch()
    client = Client(second, region)
    assert client.metadata(key) == before and before["RotateDays"] == 365
    assert all(opens(client, blob) for blob in blobs)
    assert [is_current(client, blob) for blob in blobs] == [False, False, False, True]
    client("RotateKey", KeyId=key)
    assert all(opens(client, blob) for blob in blobs) and not is_current(client, blobs[-1])
    client("DisableKeyRotation", KeyId=key)
    assert client("GetKeyRotationStatus", KeyId=key)["KeyRotationEnabled"] is False
    assert client.metadata(key)["LastRotateTime"] >= before["LastRotateTime"]
    client.close()
    assert second.stop() == 0
    audit_log.verify(second.data)


def test_a_rotation_moves_the_next_one(client):
    key = client.create()
    assert client.metadata(key)["LastRotateTime"] in (0, None) and client.metadata(key)["KeyRotationEnabled"] is False
    client("EnableKeyRotation", KeyId=key)
    assert client.metadata(key)["RotateDays"] == 365
    before = int(time.time())
    client("EnableKeyRotation", KeyId=key, RotateDays=9)
    client("RotateKey", KeyId=key)
    now = client.metadata(key)
    assert before <= now["LastRotateTime"] <= time.time()
    assert now["NextRotateTime"] == now["LastRotateTime"] + 9 * DAY and now["RotateDays"] == 9
    assert client("GetKeyRotationStatus", KeyId=key)["KeyRotationEnabled"] is True


@pytest.mark.parametrize("kind, enabling, rotating", [
    ({"Type": 2}, "UnsupportedOperation.ExternalCmkCanNotRotate", "UnsupportedOperation.RotateNotSupported"),
    ({"KeyUsage": "ASYMMETRIC_DECRYPT_RSA_2048"}, "UnsupportedOperation", "UnsupportedOperation.RotateNotSupported"),
    ({"KeyUsage": "ASYMMETRIC_SIGN_VERIFY_SM2"}, "UnsupportedOperation", "UnsupportedOperation.RotateNotSupported"),
])
def test_keys_that_cannot_rotate_say_so(client, kind, enabling, rotating):
    key = client.create(**kind)
    before = client.metadata(key)
    assert refusal(client, "EnableKeyRotation", KeyId=key, RotateDays=30) == enabling
    assert refusal(client, "RotateKey", KeyId=key) == rotating
    assert client("GetKeyRotationStatus", KeyId=key)["KeyRotationEnabled"] is False
    assert client.metadata(key) == before


@pytest.mark.parametrize("days, accepted", [(0, False), (6, False), (7, True), (365, True), (366, False), (2**64 - 1, False)])
def test_the_period_is_7_to_365_days(client, days, accepted):
    key = client.create()
    for call in (client, lambda action, **parameters: client.get(action, parameters)):
        if accepted:
            call("EnableKeyRotation", KeyId=key, RotateDays=days)
            assert client.metadata(key)["RotateDays"] == days
        else:
            assert refusal(call, "EnableKeyRotation", KeyId=key, RotateDays=days) == "InvalidParameterValue"
            assert client.metadata(key)["KeyRotationEnabled"] is False


def test_an_archived_key_does_not_rotate(client):
    key = client.create()
    blob = encrypted(client, key)
    client("ArchiveKey", KeyId=key)
    assert refusal(client, "EnableKeyRotation", KeyId=key) == "ResourceUnavailable.CmkStateNotSupport"
    assert refusal(client, "RotateKey", KeyId=key) == "ResourceUnavailable.CmkStateNotSupport"
    assert opens(client, blob)


# ---------------------------------------------------------------- rotations that are due

def own_events(data, action, key):
    """What the server recorded about work on a key that nobody called for."""
    return [record for record in audit_log.records(data) if record["action"] == action and record["resources"] == [key]
            and record["dialect"] == "server"]


@pytest.mark.parametrize("overdue", [1, 40 * DAY], ids=["just", "for many periods"])
def test_a_rotation_that_came_due_while_the_server_was_down_is_done_once_when_it_starts(launch, overdue):
    first = launch()
    client = Client(first)
    due, other = client.create(), client.create()
    for key in (due, other):
        client("EnableKeyRotation", KeyId=key, RotateDays=7)
    old = encrypted(client, due)
    untouched = client.metadata(other)
    client.close()
    assert first.stop() == 0
    stored = store.wrapped_materials(first.data, due)
    started = int(time.time())
    store.make_rotation_due(first.data, due, started - overdue)

    second = launch()
    client = Client(second)
    now = eventually(lambda: (metadata := client.metadata(due))["LastRotateTime"] and metadata, "the rotation")
    assert started <= now["LastRotateTime"] <= time.time()
    assert now["NextRotateTime"] == now["LastRotateTime"] + 7 * DAY
    assert (now["KeyRotationEnabled"], now["RotateDays"], now["KeyState"]) == (True, 7, "Enabled")
    new = encrypted(client, due)
    assert opens(client, old) and opens(client, new)
    assert not is_current(client, old) and is_current(client, new)
    assert client.metadata(other) == untouched
    client.close()
    assert second.stop() == 0
    rotated = store.wrapped_materials(second.data, due)
    assert len(rotated) == 2 and rotated[:1] == stored and len(set(rotated)) == 2
    events = own_events(second.data, "rotateKey", due)
    assert [(event["outcome"], event["realm"]) for event in events] == [("ok", "south")]
    assert not own_events(second.data, "rotateKey", other)
    audit_log.verify(second.data)


def test_a_due_rotation_waits_until_its_key_is_enabled(launch):
    first = launch()
    client = Client(first)
    waiting, due, deleted, archived = (client.create() for _ in range(4))
    for key in (waiting, due, deleted, archived):
        client("EnableKeyRotation", KeyId=key, RotateDays=7)
    blob = encrypted(client, waiting)
    client("DisableKeys", KeyIds=[waiting, deleted])
    client("ScheduleKeyDeletion", KeyId=deleted, PendingWindowInDays=7)
    client("ArchiveKey", KeyId=archived)
    client.close()
    assert first.stop() == 0
    for key in (waiting, due, deleted, archived):
        store.make_rotation_due(first.data, key, time.time() - 100)

    second = launch()
    client = Client(second)
    eventually(lambda: client.metadata(due)["LastRotateTime"], "the rotation of the enabled key")
    assert not any(client.metadata(key)["LastRotateTime"] for key in (waiting, deleted, archived))
    client("EnableKey", KeyId=waiting)
    now = eventually(lambda: (metadata := client.metadata(waiting))["LastRotateTime"] and metadata, "the rotation that waited")
    assert now["NextRotateTime"] == now["LastRotateTime"] + 7 * DAY
    assert opens(client, blob) and not is_current(client, blob)
    assert not any(client.metadata(key)["LastRotateTime"] for key in (deleted, archived))
    client.close()
    assert second.stop() == 0


# ---------------------------------------------------------------- many at once

@pytest.mark.parametrize("region", REGIONS)
def test_clients_that_rotate_encrypt_and_decrypt_one_key_do_not_disturb_each_other(server, region):
    owner = Client(server, region)
    key = owner.create()
    shared = [(encrypted(owner, key, "first"), "first")]

    def work(client, index):
        made, tasks = [], []
        for turn in turns(2):
            if index < 2:
                tasks.append(client("RotateKey", KeyId=key)["TaskId"])
            text = f"{index} {turn}"
            made.append((encrypted(client, key, text), text))
            shared.append(made[-1])
            for blob, text in (made[-1], made[len(made) // 2], shared[turn % len(shared)]):
                assert opens(client, blob, text)
            if index == 7:
                again = client("ReEncrypt", CiphertextBlob=made[-1][0])["CiphertextBlob"]
                assert opens(client, again, made[-1][1])
        return tasks

    results = together(server, 8, work, region)
    tasks = [task for found in results for task in found]
    assert all(isinstance(found, list) for found in results), results
    assert len(set(tasks)) == len(tasks) >= 2
    assert len(store.wrapped_materials(server.data, key)) == len(tasks) + 1
    assert all(opens(owner, blob, text) for blob, text in shared[::max(1, len(shared) // 300)])
    owner.close()
