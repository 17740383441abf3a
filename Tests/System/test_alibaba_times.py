"""Alibaba's dialect over time: what is due when the server starts or while it runs, without waiting for days."""
import os
import time

import pytest

import audit_log
import store
from alibaba_client import DAY, AlibabaClient, when
from client import unique_alias
from waiting import eventually, sleep_until


def test_material_ends_with_the_second_that_it_was_given(launch):
    server = launch()
    client = AlibabaClient(server)
    key, material = client.create(Origin="EXTERNAL"), os.urandom(32)
    end = int(time.time()) + 2
    client.bring(key, material, KeyMaterialExpireUnix=end)
    blob, name = client.encrypt(key), client.keep(EncryptionKeyId=key)
    assert client.state(key) == "Enabled" and when(client.metadata(key)["MaterialExpireTime"]) == end
    wrapped, = store.wrapped_materials(server.data, key)
    sleep_until(end + 0.05)
    assert client.refusal("Encrypt", KeyId=key, Plaintext="YQ==") == "Rejected.PendingImport"
    shown = client.metadata(key)
    assert (shown["KeyState"], shown["MaterialExpireTime"]) == ("PendingImport", "")
    assert client.refusal("GetSecretValue", SecretName=name) == client.refusal("Decrypt", CiphertextBlob=blob) == "Rejected.PendingImport"
    eventually(lambda: not store.files_that_hold(server.data, wrapped), "the material to leave the files")
    client.bring(key, material)
    assert client.decrypt(blob) == b"data" and client.value(name) == "value"
    # A new end replaces the old one, also none.
    client.bring(key, material, KeyMaterialExpireUnix=int(time.time()) + 2)
    client.bring(key, material)
    sleep_until(time.time() + 2.5)
    assert client.decrypt(blob) == b"data"
    client.close()
    assert server.stop() == 0


@pytest.mark.parametrize("seconds", [-5, 2])
def test_a_key_and_its_aliases_are_gone_when_the_deletion_date_has_passed(launch, seconds):
    first = launch()
    client = AlibabaClient(first)
    key, other = client.create(), client.create()
    aliases = [f"alias/{unique_alias('due')}" for _ in range(2)]
    for alias in aliases:
        client("CreateAlias", AliasName=alias, KeyId=key)
    blob = client.encrypt(key)
    client("ScheduleKeyDeletion", KeyId=key, PendingWindowInDays=7)
    client.close()
    assert first.stop() == 0
    due = int(time.time()) + seconds
    store.make_key_deletion_due(first.data, key, due)
    second = launch()
    client = AlibabaClient(second)
    if seconds > 0 and time.time() < due - 0.3:
        assert client.state(key) == "PendingDeletion"
    sleep_until(due + 0.05)
    for name in (key, client.metadata(other)["Arn"].replace(other, key)):
        assert client.refusal("DescribeKey", KeyId=name) == client.refusal("CancelKeyDeletion", KeyId=name) == "Forbidden.KeyNotFound"
    assert client.refusal("Decrypt", CiphertextBlob=blob) == "Forbidden.KeyNotFound"
    for alias in aliases:
        assert client.refusal("DescribeKey", KeyId=alias) == "Forbidden.AliasNotFound"
    eventually(lambda: client.keys() == [other], "the key to leave the list")
    assert client.all("ListAliases", "Aliases", "Alias") == []
    for alias in aliases:
        client("CreateAlias", AliasName=alias, KeyId=other)
    client.close()
    assert second.stop() == 0
    audit_log.verify(second.data)


@pytest.mark.parametrize("seconds", [-5, 2])
def test_a_secret_is_gone_when_its_recovery_window_has_passed(launch, seconds):
    first = launch()
    client = AlibabaClient(first)
    name, other = client.keep(value="the first life"), client.keep()
    client("DeleteSecret", SecretName=name, RecoveryWindowInDays="7")
    client.close()
    assert first.stop() == 0
    due = int(time.time()) + seconds
    store.make_secret_deletion_due(first.data, name, due)
    sealed = store.sealed_values(first.data)[name, "v1"]
    second = launch()
    client = AlibabaClient(second)
    if seconds > 0 and time.time() < due - 0.3:
        assert client("DescribeSecret", SecretName=name)["PlannedDeleteTime"]
    sleep_until(due + 0.05)
    for action in ("DescribeSecret", "RestoreSecret", "GetSecretValue", "ListSecretVersionIds", "DeleteSecret"):
        assert client.refusal(action, SecretName=name) == "Forbidden.ResourceNotFound", action
    # Its name is free at once, whether anybody has cleared it away or not.
    client.keep(name, value="the second life")
    assert client.value(name) == "the second life" and client.stages(name) == {"v1": ["ACSCurrent"]}
    assert sorted(client.secrets()) == sorted([name, other])
    eventually(lambda: not store.files_that_hold(second.data, sealed), "the deleted value to leave the files")
    client.close()
    assert second.stop() == 0
    audit_log.verify(second.data)


def test_secrets_whose_window_has_passed_are_cleared_away_by_themselves_and_it_is_recorded(launch):
    first = launch()
    client = AlibabaClient(first)
    names = [client.keep() for _ in range(5)]
    for name in names:
        client("DeleteSecret", SecretName=name, RecoveryWindowInDays="30")
    client.close()
    assert first.stop() == 0
    for name in names:
        store.make_secret_deletion_due(first.data, name, time.time() - 1)
    second = launch()
    eventually(lambda: not store.sealed_values(second.data), "the secrets to be cleared away")
    assert second.stop() == 0
    audit_log.verify(second.data)
    told = [(record["action"], *record["resources"]) for record in audit_log.records(second.data) if record["dialect"] == "server"]
    assert sorted(entry for entry in told if entry[0] == "deleteSecret") == [("deleteSecret", f"secret/{name}") for name in sorted(names)]


@pytest.mark.parametrize("interval", ["7d", "730d"])
def test_a_rotation_that_is_due_makes_a_new_primary_version(launch, interval):
    first = launch()
    client = AlibabaClient(first)
    key = client.create(EnableAutomaticRotation=True, RotationInterval=interval)
    off = client.create(EnableAutomaticRotation=True, RotationInterval=interval)
    client("DisableKey", KeyId=off)
    blob, name = client.encrypt(key), client.keep(EncryptionKeyId=key)
    before = client.metadata(key)
    client.close()
    assert first.stop() == 0
    for entry in (key, off):
        store.make_rotation_due(first.data, entry, time.time() - 5)
    second = launch()
    client = AlibabaClient(second)
    eventually(lambda: client.metadata(key)["PrimaryKeyVersion"] != before["PrimaryKeyVersion"], "the rotation")
    after = client.metadata(key)
    assert client.versions(key) == [after["PrimaryKeyVersion"], before["PrimaryKeyVersion"]]
    assert abs(when(after["LastRotationDate"]) - time.time()) < 30
    assert when(after["NextRotationDate"]) - when(after["LastRotationDate"]) == int(interval[:-1]) * DAY
    assert client.decrypt(blob) == b"data" and client.value(name) == "value"
    assert client("Encrypt", KeyId=key, Plaintext="YQ==")["KeyVersionId"] == after["PrimaryKeyVersion"]
    # Suspended while disabled; what is past due then is done at once.
    shown = client.metadata(off)
    assert shown["AutomaticRotation"] == "Suspended" and shown["NextRotationDate"] and len(client.versions(off)) == 1
    client("EnableKey", KeyId=off)
    eventually(lambda: len(client.versions(off)) == 2, "the rotation of the enabled key")
    client.close()
    assert second.stop() == 0
    audit_log.verify(second.data)


def test_intervals_count_from_the_newest_version_and_what_is_past_due_is_done_at_once(launch):
    first = launch()
    client = AlibabaClient(first)
    key = client.create()
    client.close()
    assert first.stop() == 0
    # As if the key had been made ten days ago.
    made = int(time.time()) - 10 * DAY
    with store.database(first.data) as connection:
        assert connection.execute("UPDATE keys SET created_at = ? WHERE id = ?", (made, store.id_bytes(key))).rowcount == 1
        connection.execute("UPDATE key_versions SET created_at = ? WHERE key = (SELECT sequence FROM keys WHERE id = ?)", (made, store.id_bytes(key)))
    second = launch()
    client = AlibabaClient(second)
    client("UpdateRotationPolicy", KeyId=key, EnableAutomaticRotation=True, RotationInterval="30d")
    shown = client.metadata(key)
    assert when(shown["LastRotationDate"]) == when(shown["CreationDate"]) == made and when(shown["NextRotationDate"]) == made + 30 * DAY
    assert len(client.versions(key)) == 1
    client("UpdateRotationPolicy", KeyId=key, EnableAutomaticRotation=True, RotationInterval="8d")
    eventually(lambda: len(client.versions(key)) == 2, "the rotation that is past due")
    shown = client.metadata(key)
    assert when(shown["NextRotationDate"]) == when(shown["LastRotationDate"]) + 8 * DAY > time.time()
    client.close()
    assert second.stop() == 0
