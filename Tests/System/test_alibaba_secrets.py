"""Secrets of Alibaba's dialect: versions and their labels, deletion, lists, random passwords, and where values must not be found."""
import base64
import collections
import json
import os
import random
import string
import threading
import time

import pytest

import audit_log
import store
from admin_client import AdminClient
from alibaba_client import DAY, NOBODY, AlibabaClient, when
from client import unique_alias
from test_secrets import found
from waiting import eventually

CURRENT, PREVIOUS = "ACSCurrent", "ACSPrevious"
INVALID, NOT_FOUND, EXISTS = "InvalidParameter", "Forbidden.ResourceNotFound", "Rejected.ResourceExist"
WAYS_TO_END = {"stop": lambda server: server.stop(), "kill": lambda server: server.kill()}


@pytest.fixture(scope="module")
def client(server):
    with AlibabaClient(server) as client:
        yield client


# ---------------------------------------------------------------- versions and labels

class Model:
    """What the contract says of a secret's versions and labels."""

    def __init__(self):
        self.values, self.holders = {"v0": "value 0"}, {CURRENT: "v0"}

    def move(self, stage, version):
        former = self.holders.get(stage)
        self.holders[stage] = version
        if stage == CURRENT and former not in (None, version):
            self.holders[PREVIOUS] = former

    def stages(self, version):
        return sorted(stage for stage, holder in self.holders.items() if holder == version)


@pytest.mark.parametrize("seed", range(4))
def test_labels_move_as_the_contract_says(client, seed):
    chance, model, name = random.Random(seed), Model(), client.keep(value="value 0", version="v0")
    for turn in range(1, 40):
        version, stage = chance.choice(list(model.values)), chance.choice([CURRENT, PREVIOUS, "One", "Two", "Drei 三"])
        match chance.randrange(4):
            case 0:
                new, value = f"v{turn}", f"value {turn}"
                labels = chance.choice([None, [CURRENT], ["One"], ["One", "Two"], [CURRENT, "Two"]])
                given = {} if labels is None else {"VersionStages": labels if turn % 2 else {"VersionStage": labels}}
                assert sorted(client.put(name, value, new, **given)) == sorted(labels or [CURRENT])
                model.values[new] = value
                for label in sorted(labels or [CURRENT], key=lambda label: label == CURRENT):
                    model.move(label, new)
            case 1:
                client("UpdateSecretVersionStage", SecretName=name, VersionStage=stage, MoveToVersion=version)
                model.move(stage, version)
            case 2:
                holder = model.holders.get(stage)
                target = chance.choice([None, version])
                code = client.outcome("UpdateSecretVersionStage", SecretName=name, VersionStage=stage, RemoveFromVersion=version,
                                      **({} if target is None else {"MoveToVersion": target}))
                if holder != version or target is None and stage in (CURRENT, PREVIOUS):
                    assert code == INVALID
                elif target is None:
                    assert code is None
                    del model.holders[stage]
            case 3:
                # Again the same, and something else under a name that is taken.
                client.put(name, model.values[version], version)
                assert client.refusal("PutSecretValue", SecretName=name, SecretData="other", VersionId=version) == EXISTS
        assert {version: sorted(stages) for version, stages in client.stages(name).items()} == {
            version: model.stages(version) for version in model.values}
        assert client.stages(name, everything=False).keys() == set(model.holders.values())
        assert client.value(name) == model.values[model.holders[CURRENT]]
    for version, value in model.values.items():
        answer = client("GetSecretValue", SecretName=name, VersionId=version)
        assert (answer["SecretData"], sorted(answer["VersionStages"]["VersionStage"])) == (value, model.stages(version))
    for stage in (CURRENT, PREVIOUS, "One", "Two", "Drei 三"):
        holder = model.holders.get(stage)
        if holder is None:
            assert client.refusal("GetSecretValue", SecretName=name, VersionStage=stage) == NOT_FOUND
            continue
        assert client("GetSecretValue", SecretName=name, VersionStage=stage)["VersionId"] == holder
        for version in model.values:
            code = client.outcome("GetSecretValue", SecretName=name, VersionStage=stage, VersionId=version)
            assert code == (None if version == holder else NOT_FOUND)


def test_what_versions_and_labels_are_not_there(client):
    name = client.keep(value="one", version="v1")
    for more in ({"VersionId": "v2"}, {"VersionId": "V1"}, {"VersionStage": PREVIOUS}, {"VersionStage": "acscurrent"}, {"VersionStage": "None"}):
        assert client.refusal("GetSecretValue", SecretName=name, **more) == NOT_FOUND, more
    for more in ({"MoveToVersion": "v2"}, {"MoveToVersion": "v1", "RemoveFromVersion": "v2"}, {"MoveToVersion": "v2", "RemoveFromVersion": "v1"}):
        assert client.refusal("UpdateSecretVersionStage", SecretName=name, VersionStage=CURRENT, **more) == NOT_FOUND, more
    assert client.refusal("UpdateSecretVersionStage", SecretName=name, VersionStage="Own", RemoveFromVersion="v2") == NOT_FOUND
    for stage in (CURRENT, PREVIOUS):
        assert client.refusal("UpdateSecretVersionStage", SecretName=name, VersionStage=stage, RemoveFromVersion="v1") == INVALID
    assert client.refusal("UpdateSecretVersionStage", SecretName=name, VersionStage="Own", RemoveFromVersion="v1") == INVALID
    assert client.stages(name) == {"v1": [CURRENT]}


def test_eight_labels_and_no_more(client):
    name = client.keep()
    client.put(name, "second", "v2")
    labels = [f"Label{index}" for index in range(6)]
    for label in labels:
        client("UpdateSecretVersionStage", SecretName=name, VersionStage=label, MoveToVersion="v2")
    assert sorted(client.stages(name)["v2"]) == sorted([CURRENT, *labels]) and client.stages(name)["v1"] == [PREVIOUS]
    assert client.refusal("UpdateSecretVersionStage", SecretName=name, VersionStage="Further", MoveToVersion="v1") == "Rejected.LimitExceeded"
    assert client.refusal("PutSecretValue", SecretName=name, SecretData="x", VersionId="v3", VersionStages='["Further"]') == "Rejected.LimitExceeded"
    assert client.stages(name).keys() == {"v1", "v2"}
    # Those that are there can move.
    client.put(name, "x", "v3", VersionStages=["Label0", CURRENT])
    client("UpdateSecretVersionStage", SecretName=name, VersionStage="Label1", MoveToVersion="v1")
    stages = {version: sorted(found) for version, found in client.stages(name).items()}
    assert stages == {"v1": ["Label1"], "v2": sorted([PREVIOUS, *labels[2:]]), "v3": sorted([CURRENT, "Label0"])}
    # One that is taken away leaves its place to another.
    client("UpdateSecretVersionStage", SecretName=name, VersionStage="Label2", RemoveFromVersion="v2")
    client("UpdateSecretVersionStage", SecretName=name, VersionStage="Further", MoveToVersion="v1")


def test_many_versions_are_paged_and_the_labelled_ones_stay(client):
    name = client.keep(value="first", version="kept")
    client("UpdateSecretVersionStage", SecretName=name, VersionStage="Keep", MoveToVersion="kept")
    for index in range(130):
        client.put(name, f"value {index}", f"v{index}")
    stages = client.stages(name)
    # At least ten are kept.
    assert len(stages) >= 13 and {"kept", "v129", "v128"} <= stages.keys() and {f"v{index}" for index in range(119, 130)} <= stages.keys()
    assert (stages["kept"], stages["v129"], stages["v128"]) == (["Keep"], [CURRENT], [PREVIOUS])
    assert client.value(name, VersionId="kept") == "first" and client.value(name, VersionId="v120") == "value 120"
    assert client.stages(name, everything=False) == {"kept": ["Keep"], "v129": [CURRENT], "v128": [PREVIOUS]}
    small = [entry["VersionId"] for entry in client.all("ListSecretVersionIds", "VersionIds", "VersionId", 7, SecretName=name,
                                                        IncludeDeprecated="true")]
    assert small == list(stages)


def test_putting_the_same_value_again_changes_nothing_whatever_else_is_said(client):
    name = client.keep(value="YQ==")
    client.put(name, "other", "v2")
    for more in ({}, {"SecretDataType": "text"}, {"SecretDataType": "binary"}, {"VersionStages": ["Own"]}, {"VersionStages": [CURRENT]}):
        client.put(name, "YQ==", "v1", **more)
        answer = client("GetSecretValue", SecretName=name, VersionId="v1")
        assert (answer["SecretData"], answer["SecretDataType"]) == ("YQ==", "text")
        assert client.stages(name) == {"v1": [PREVIOUS], "v2": [CURRENT]}, more


def test_binary_values_are_returned_as_they_were_given(client):
    name = client.keep()
    client.put(name, "not Base64 !", "v2", SecretDataType="binary")
    answer = client("GetSecretValue", SecretName=name)
    assert (answer["SecretData"], answer["SecretDataType"]) == ("not Base64 !", "binary")


def test_of_many_who_make_or_put_the_same_at_once_one_wins(server, client):
    def race(call):
        codes, start = [], threading.Barrier(10)

        def run(index):
            with AlibabaClient(server) as racer:
                start.wait(30)
                codes.append((call(racer, index), index))

        threads = [threading.Thread(target=run, args=(index,)) for index in range(10)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        winners = [index for code, index in codes if code is None]
        assert len(codes) == 10 and len(winners) == 1 and {code for code, _ in codes} == {None, EXISTS}, codes
        return winners[0]

    for _ in range(3):
        name = unique_alias("race")
        winner = race(lambda racer, index: racer.outcome("CreateSecret", SecretName=name, SecretData=f"value {index}", VersionId="v1"))
        assert client.value(name) == f"value {winner}"
        winner = race(lambda racer, index: racer.outcome("PutSecretValue", SecretName=name, SecretData=f"other {index}", VersionId="v2"))
        assert client.value(name) == f"other {winner}" and client.stages(name) == {"v1": [PREVIOUS], "v2": [CURRENT]}


def test_puts_at_once_leave_one_current_and_one_previous_version(server, client):
    name, failures = client.keep(), []

    def run(index):
        try:
            with AlibabaClient(server) as racer:
                for turn in range(8):
                    racer.put(name, f"{index} {turn}", f"v {index} {turn}")
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=run, args=(index,)) for index in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not failures, failures[0]
    stages = client.stages(name)
    assert len(stages) == 65 and collections.Counter(stage for found in stages.values() for stage in found) == {CURRENT: 1, PREVIOUS: 1}
    current, = [version for version, found in stages.items() if CURRENT in found]
    assert client.value(name) == current.removeprefix("v ")


# ---------------------------------------------------------------- deletion

def test_recovery_windows(client):
    for given, days in (({}, 30), ({"RecoveryWindowInDays": "7"}, 7), ({"RecoveryWindowInDays": "30", "ForceDeleteWithoutRecovery": "false"}, 30)):
        name = client.keep(Description="x", Tags=[{"TagKey": "a", "TagValue": "b"}])
        client.put(name, "second", "v2", VersionStages=["Own"])
        before = client("DescribeSecret", SecretName=name, FetchTags="true")
        planned = client("DeleteSecret", SecretName=name, **given)["PlannedDeleteTime"]
        assert abs(when(planned) - time.time() - days * DAY) < 60
        assert client("DescribeSecret", SecretName=name)["PlannedDeleteTime"] == planned
        client("RestoreSecret", SecretName=name)
        after = client("DescribeSecret", SecretName=name, FetchTags="true")
        assert {**after, "RequestId": ""} == {**before, "RequestId": ""} and client.stages(name) == {"v1": [CURRENT], "v2": ["Own"]}
        assert client.value(name) == "value" and client.value(name, VersionStage="Own") == "second"


def test_a_forced_deletion_frees_the_name_at_once(client):
    for first in ({}, {"RecoveryWindowInDays": "7"}):
        name = client.keep(value="old", Tags=[{"TagKey": "a", "TagValue": "b"}], Description="old")
        if first:
            client("DeleteSecret", SecretName=name, **first)
        assert client("DeleteSecret", SecretName=name, ForceDeleteWithoutRecovery="True")["SecretName"] == name
        for action in ("DescribeSecret", "GetSecretValue", "RestoreSecret", "ListSecretVersionIds", "DeleteSecret", "UpdateSecret"):
            assert client.refusal(action, SecretName=name) == NOT_FOUND, action
        assert name not in client.secrets()
        client.keep(name, value="new", version="v9")
        shown = client("DescribeSecret", SecretName=name, FetchTags="true")
        assert (shown["Description"], shown["Tags"]["Tag"]) == ("", []) and client.stages(name) == {"v9": [CURRENT]}
        assert client.refusal("GetSecretValue", SecretName=name, VersionId="v1") == NOT_FOUND


def test_what_is_not_being_deleted_cannot_be_restored_and_what_is_cannot_be_deleted_later(client):
    name = client.keep()
    assert client.outcome("RestoreSecret", SecretName=name) not in (NOT_FOUND, "InternalFailure")
    assert client.value(name) == "value"
    client("DeleteSecret", SecretName=name, RecoveryWindowInDays="7")
    planned = client("DescribeSecret", SecretName=name)["PlannedDeleteTime"]
    assert client.outcome("DeleteSecret", SecretName=name, RecoveryWindowInDays="30") in ("Rejected.ResourceInDeleteWindow", None)
    assert when(client("DescribeSecret", SecretName=name)["PlannedDeleteTime"]) - when(planned) in (0, 23 * DAY)
    client("RestoreSecret", SecretName=name)


# ---------------------------------------------------------------- lists

@pytest.fixture(scope="module")
def shelf(server):
    """Some hundreds of secrets in an account of their own, as (name, description, tags), in the order of their making."""
    with AdminClient(server) as admin:
        account = admin.account()[1]
    made = [(f"app{index % 7}/db-{index:03}", f"number {index} of 雪" if index % 3 else "", {f"k{index % 5}": f"v{index % 11}"} if index % 2 else {})
            for index in range(320)]
    with AlibabaClient(server, account.credentials) as client:
        for name, text, tags in made:
            client.keep(name, Description=text, Tags=[{"TagKey": tag, "TagValue": value} for tag, value in tags.items()] if tags else None)
        yield client, made
    account.close()


def test_pages_of_secrets(shelf):
    client, made = shelf
    names = [name for name, _, _ in made]
    for size in (1, 7, 10, 64, 100):
        if size > 1:
            assert [entry["SecretName"] for entry in client.all("ListSecrets", "SecretList", "Secret", size)] == names
        assert client("ListSecrets", PageNumber=320 // size + 1 + (320 % size > 0), PageSize=size)["SecretList"]["Secret"] == []
    page = client("ListSecrets", PageNumber=32)
    assert [entry["SecretName"] for entry in page["SecretList"]["Secret"]] == names[-10:] and page["TotalCount"] == 320
    # From the end to the start too.
    back = [client("ListSecrets", PageNumber=number, PageSize=40)["SecretList"]["Secret"] for number in range(8, 0, -1)]
    assert [entry["SecretName"] for entries in back[::-1] for entry in entries] == names
    # A list goes on while secrets come and go.
    assert [entry["SecretName"] for entry in client("ListSecrets", PageNumber=1, PageSize=100)["SecretList"]["Secret"]] == names[:100]
    client("DeleteSecret", SecretName=client.keep("extra"), ForceDeleteWithoutRecovery="true")
    assert [entry["SecretName"] for entry in client("ListSecrets", PageNumber=2, PageSize=100)["SecretList"]["Secret"]] == names[100:200]


FILTERS = {
    "a full name": ("SecretName", ["app3/db-003"], lambda name, text, tags: name == "app3/db-003"),
    "a part of a name": ("SecretName", ["app3/"], lambda name, text, tags: "app3/" in name),
    "parts of names": ("SecretName", ["-00", "app6"], lambda name, text, tags: "-00" in name or "app6" in name),
    "no name": ("SecretName", ["APP3"], lambda name, text, tags: False),
    "a wildcard is none": ("SecretName", ["app%", "app_/", "*"], lambda name, text, tags: False),
    "a description": ("Description", ["number 17 "], lambda name, text, tags: "number 17 " in text),
    "descriptions": ("Description", ["雪"], lambda name, text, tags: "雪" in text),
    "a tag's key": ("TagKey", ["k1"], lambda name, text, tags: "k1" in tags),
    "keys of tags": ("TagKey", ["k1", "k3"], lambda name, text, tags: bool({"k1", "k3"} & tags.keys())),
    "a tag's value": ("TagValue", ["v10"], lambda name, text, tags: "v10" in tags.values()),
    "values of tags": ("TagValue", ["v2", "v5"], lambda name, text, tags: bool({"v2", "v5"} & set(tags.values()))),
}


@pytest.mark.parametrize("kind", FILTERS)
def test_filters_of_secrets(shelf, kind):
    client, made = shelf
    name, values, matches = FILTERS[kind]
    text = json.dumps([{"Key": name, "Values": values}])
    expected = [entry[0] for entry in made if matches(*entry)]
    for size in (100, 3):
        if len(expected) < 100 or size == 100:
            assert [entry["SecretName"] for entry in client.all("ListSecrets", "SecretList", "Secret", size, Filters=text)] == expected
    tags = {entry["SecretName"]: {tag["TagKey"]: tag["TagValue"] for tag in entry["Tags"]["Tag"]}
            for entry in client.all("ListSecrets", "SecretList", "Secret", Filters=text, FetchTags="true")}
    assert tags == {entry[0]: entry[2] for entry in made if matches(*entry)}
    assert all("Tags" not in entry for entry in client.all("ListSecrets", "SecretList", "Secret", Filters=text))


# ---------------------------------------------------------------- random passwords

KINDS = {"Lowercase": string.ascii_lowercase, "Uppercase": string.ascii_uppercase, "Numbers": string.digits, "Punctuation": string.punctuation}


def passwords(client, count, **options):
    return [client("GetRandomPassword", **options)["RandomPassword"] for _ in range(count)]


@pytest.mark.parametrize("excluded", [(), ("Lowercase",), ("Uppercase",), ("Numbers",), ("Punctuation",), ("Lowercase", "Punctuation"),
                                      ("Lowercase", "Uppercase", "Punctuation"), ("Lowercase", "Uppercase", "Numbers")])
def test_kinds_of_characters(client, excluded):
    allowed = {kind: letters for kind, letters in KINDS.items() if kind not in excluded}
    made = passwords(client, 40, PasswordLength="8", **{f"Exclude{kind}": "true" for kind in excluded})
    for password in made:
        assert len(password) == 8 and set(password) <= set("".join(allowed.values()))
        # Each kind that is not excluded.
        assert all(set(password) & set(letters) for letters in allowed.values())
    assert len(set(made)) == 40
    # Without that rule, some kinds are now and then not there.
    if len(allowed) == 4:
        loose = passwords(client, 60, PasswordLength="8", RequireEachIncludedType="false")
        assert any(not set(password) & set(letters) for password in loose for letters in allowed.values())


@pytest.mark.parametrize("length", [8, 9, 32, 127, 128])
def test_lengths(client, length):
    assert all(len(password) == length for password in passwords(client, 5, PasswordLength=str(length)))


def test_characters_that_are_left_out(client):
    for excluded in (string.ascii_letters, "\"'\\`", string.punctuation + string.digits, "aeiou AEIOU 雪", string.ascii_lowercase[:-1],
                     "".join(KINDS.values())[:-1]):
        left = set("".join(KINDS.values())) - set(excluded)
        for password in passwords(client, 6, PasswordLength="16", ExcludeCharacters=excluded):
            assert len(password) == 16 and set(password) <= left
            # Kinds that are left empty are not required.
            assert all(set(password) & set(letters) - set(excluded) for letters in KINDS.values() if set(letters) - set(excluded))
    everything = "".join(KINDS.values())
    for options in ({"ExcludeCharacters": everything}, {f"Exclude{kind}": "true" for kind in KINDS},
                    {"ExcludeLowercase": "true", "ExcludeUppercase": "true", "ExcludePunctuation": "true", "ExcludeCharacters": string.digits}):
        for required in ("true", "false"):
            assert client.refusal("GetRandomPassword", **options, RequireEachIncludedType=required) == INVALID
    for name in ("ExcludeLowercase", "ExcludeUppercase", "ExcludeNumbers", "ExcludePunctuation", "RequireEachIncludedType"):
        assert client.refusal("GetRandomPassword", **{name: "maybe"}) == INVALID
    # Formats of answers do not change it.
    for password in passwords(client, 20, PasswordLength="128", Format="XML", ExcludeLowercase="true", ExcludeUppercase="true",
                              ExcludeNumbers="true"):
        assert len(password) == 128 and set(password) <= set(string.punctuation)


@pytest.mark.parametrize("required", ["true", "false"])
def test_characters_are_about_equally_frequent_everywhere(client, required):
    """Of 128 × 90 characters, each of 94 is expected about 122 times; six standard deviations are 66."""
    made = passwords(client, 90, PasswordLength="128", RequireEachIncludedType=required)
    counts = collections.Counter("".join(made))
    assert set(counts) == set("".join(KINDS.values()))
    assert all(abs(count - 122.6) < 66 for count in counts.values()), counts
    # At no place is a kind preferred: each of the first places is a small letter in 26 of 94 cases.
    short = passwords(client, 300, PasswordLength="8", RequireEachIncludedType=required)
    for place in range(8):
        small = sum(password[place] in string.ascii_lowercase for password in short)
        digits = sum(password[place] in string.digits for password in short)
        if required == "false":
            assert abs(small - 83) < 47 and abs(digits - 32) < 32, (place, small, digits)
        else:
            # Required kinds make the rare ones somewhat more frequent, but in all places alike.
            assert 30 < small < 130 and 8 < digits < 100, (place, small, digits)


# ---------------------------------------------------------------- what must not be found

def values_of(kind):
    return {f"{kind} {index}": base64.b85encode(os.urandom(30)).decode() for index in range(4)}


def test_values_are_nowhere_but_in_answers_and_gone_values_are_in_no_file(launch):
    server = launch("--log-level", "trace")
    client = AlibabaClient(server)
    key, kept, gone, passwords = client.create(), values_of("kept"), values_of("gone"), {}
    named = {label: unique_alias("hidden") for label in (*kept, *gone)}
    for index, (label, value) in enumerate((kept | gone).items()):
        client.way = ["V1 query", "V1 form", "ACS3 query", "ACS3 form"][index % 4]
        client.keep(named[label], value, **({"EncryptionKeyId": key} if index % 2 else {}))
        assert client.value(named[label]) == value
        # Refused calls tell no values either.
        client.refusal("PutSecretValue", SecretName=named[label], SecretData=value + "x", VersionId="v1")
        client.refusal("CreateSecret", SecretName="with space", SecretData=value, VersionId="v1")
        client.refusal("CreateSecret", SecretName=unique_alias(), SecretData=value, VersionId="v1", EncryptionKeyId=NOBODY)
        passwords[f"password {index}"] = client("GetRandomPassword")["RandomPassword"]
    # A wrong signature, and an unknown action: what was sent is repeated to the sender, and to nobody else.
    method, target, headers, body = client.request("PutSecretValue", {"SecretName": named["kept 0"], "SecretData": kept["kept 0"],
                                                                      "VersionId": "v5"}, "V1 query")
    client.send(method, target.replace("Signature=", "Signature=x"), headers, body)
    client.send(method, target.replace("PutSecretValue", "PutSecret"), headers, body)
    client.send(method, target + "&%", headers, body)
    client.send("POST", "/", headers, target.encode())
    old = {"old value": base64.b85encode(os.urandom(30)).decode()}
    name = client.keep(value=old["old value"])
    for index in range(105):
        client.put(name, f"newer {index}", f"v{index + 2}")
    secrets = kept | gone | old | passwords
    assert not found(server, secrets)

    sealed = store.sealed_values(server.data)
    for label in gone:
        client("DeleteSecret", SecretName=named[label], ForceDeleteWithoutRecovery="true")
    left = store.sealed_values(server.data)
    removed = [text for place, text in sealed.items() if place not in left]
    assert len(removed) == len(gone) and all(store.files_that_hold(server.data, text) for text in left.values())
    for text in removed:
        eventually(lambda: not store.files_that_hold(server.data, text), "a deleted value to leave the files")
    for label, value in kept.items():
        assert client.value(named[label]) == value
    client.close()
    assert server.stop() == 0
    assert not found(server, secrets)
    assert not [text for text in removed if store.files_that_hold(server.data, text)]
    audit_log.verify(server.data)
    records = [record for record in audit_log.records(server.data) if record.get("action") in ("CreateSecret", "GetSecretValue", "GetRandomPassword")]
    assert {record["action"] for record in records} == {"CreateSecret", "GetSecretValue", "GetRandomPassword"}


def test_a_version_that_has_gone_leaves_the_files(launch):
    server = launch()
    client = AlibabaClient(server)
    name = client.keep(value="the first")
    first = store.sealed_values(server.data)[name, "v1"]
    assert store.files_that_hold(server.data, first)
    index = 2
    while "v1" in client.stages(name):
        client.put(name, f"value {index}", f"v{index}")
        index += 1
        assert index < 300
    eventually(lambda: not store.files_that_hold(server.data, first), "the oldest value to leave the files")
    client.close()
    assert server.stop() == 0


@pytest.mark.parametrize("end", WAYS_TO_END.values(), ids=WAYS_TO_END)
def test_secrets_outlive_a_restart(launch, end):
    first = launch()
    client = AlibabaClient(first)
    key = client.create()
    own, managed, going, gone = client.keep(EncryptionKeyId=key), client.keep(), client.keep(), client.keep()
    client.put(own, "雪 second", "v2", VersionStages=["Own", CURRENT])
    client("TagResource", SecretName=own, Tags=[{"TagKey": "a", "TagValue": "b"}])
    client("DeleteSecret", SecretName=going, RecoveryWindowInDays="7")
    client("DeleteSecret", SecretName=gone, ForceDeleteWithoutRecovery="true")
    client("CreateKeyVersion", KeyId=key)
    client.put(own, "third", "v3")
    service = client.metadata("alias/acs/secretsmanager")["KeyId"]
    shown = {name: client("DescribeSecret", SecretName=name, FetchTags="true") for name in (own, managed, going)}
    stages = {name: client.stages(name) for name in (own, managed)}
    client.close()
    end(first)

    second = launch()
    client = AlibabaClient(second)
    assert client.secrets() == [own, managed, going]
    assert {name: {**client("DescribeSecret", SecretName=name, FetchTags="true"), "RequestId": ""} for name in shown} == {
        name: {**entry, "RequestId": ""} for name, entry in shown.items()}
    assert {name: client.stages(name) for name in stages} == stages
    assert [client.value(own, VersionId=version) for version in ("v1", "v2", "v3")] == ["value", "雪 second", "third"]
    assert client.value(managed) == "value" and client.refusal("GetSecretValue", SecretName=going) == "Rejected.ResourceInDeleteWindow"
    client("RestoreSecret", SecretName=going)
    assert client.value(going) == "value" and client.refusal("DescribeSecret", SecretName=gone) == NOT_FOUND
    # The service's own key is made once.
    client.keep()
    assert client.metadata("alias/acs/secretsmanager")["KeyId"] == service
    client.close()
    assert second.stop() == 0
    audit_log.verify(second.data)


# ---------------------------------------------------------------- the keys of secrets

def test_the_services_own_key(client):
    name = client.keep()
    assert "EncryptionKeyId" not in client("DescribeSecret", SecretName=name)
    shown = client.metadata("alias/acs/secretsmanager")
    key = shown["KeyId"]
    assert shown["KeyState"] == "Enabled" and shown["KeySpec"].startswith("Aliyun") and client.aliases(key) == ["acs/secretsmanager"]
    assert key in client.keys(CreatorType=["Service"]) and key not in client.keys(CreatorType=["User"])
    for action, more in (("DisableKey", {}), ("ScheduleKeyDeletion", {}), ("UpdateKeyDescription", {"Description": "x"}),
                         ("CreateAlias", {"AliasName": f"alias/{unique_alias()}"})):
        assert client.refusal(action, KeyId=key, **more) == "Rejected.UnsupportedOperation", action
    assert client.outcome("DeleteAlias", AliasName="alias/acs/secretsmanager") in (INVALID, "Rejected.UnsupportedOperation")
    assert client.value(name) == "value"


def test_a_key_that_is_deleted_takes_its_secrets_values_with_it_but_not_their_names(launch):
    server = launch()
    client = AlibabaClient(server)
    key = client.create()
    name = client.keep(EncryptionKeyId=key)
    client("ScheduleKeyDeletion", KeyId=key, PendingWindowInDays=7)
    client.close()
    assert server.stop() == 0
    store.make_key_deletion_due(server.data, key, time.time() - 5)
    second = launch()
    client = AlibabaClient(second)
    assert client.refusal("DescribeKey", KeyId=key) == "Forbidden.KeyNotFound"
    assert client.refusal("GetSecretValue", SecretName=name) in ("Forbidden.KeyNotFound", NOT_FOUND)
    assert client.refusal("PutSecretValue", SecretName=name, SecretData="x", VersionId="v2") in ("Forbidden.KeyNotFound", NOT_FOUND)
    assert client("DescribeSecret", SecretName=name)["EncryptionKeyId"] == key and client.stages(name) == {"v1": [CURRENT]}
    client("DeleteSecret", SecretName=name, ForceDeleteWithoutRecovery="true")
    assert client.keep(name, value="again") and client.value(name) == "again"
    client.close()
    assert second.stop() == 0


def test_a_rotated_key_opens_old_values(client):
    key = client.create()
    name = client.keep(EncryptionKeyId=key)
    for index in range(2, 5):
        client("CreateKeyVersion", KeyId=key)
        client.put(name, f"value {index}", f"v{index}")
    assert [client.value(name, VersionId=f"v{index}") for index in range(1, 5)] == ["value", "value 2", "value 3", "value 4"]
