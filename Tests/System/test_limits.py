"""The edges of the contract: what is just allowed, what is just not, and what counts as the same."""
import base64
import re
import time
import urllib.parse

import pytest

from client import Client, Refused, b64, refusal, result, sound, tc3_authorization, unique_alias

TOO_MUCH = "InvalidParameter"
BAD_CIPHERTEXT = "InvalidParameterValue.InvalidCiphertext"
BAD_ALIAS = "InvalidParameterValue.InvalidAlias"
TAKEN = "InvalidParameterValue.AliasAlreadyExists"


@pytest.fixture
def key(client):
    return client.create()


def encrypted(client, key, context=None):
    more = {} if context is None else {"EncryptionContext": context}
    return client("Encrypt", KeyId=key, Plaintext=b64("data"), **more)["CiphertextBlob"]


def opens(client, blob, context=None):
    more = {} if context is None else {"EncryptionContext": context}
    try:
        assert client("Decrypt", CiphertextBlob=blob, **more)["Plaintext"] == b64("data")
        return True
    except Refused as error:
        assert error.code == BAD_CIPHERTEXT
        return False


# ---------------------------------------------------------------- encryption context

@pytest.mark.parametrize("character", ["a", "ä", "钥", "\U0001f511"])
@pytest.mark.parametrize("call", ["json", "form"])
def test_a_context_has_1024_characters_however_many_bytes_they_take(client, key, character, call):
    frame = '{"k":""}'
    fitting = '{"k":"' + character * (1024 - len(frame)) + '"}'
    too_long = fitting[:-2] + character + '"}'
    assert (len(fitting), len(too_long)) == (1024, 1025)
    if call == "json":
        assert opens(client, encrypted(client, key, fitting), fitting)
        assert refusal(encrypted, client, key, too_long) == TOO_MUCH
    else:
        parameters = {"KeyId": key, "Plaintext": b64("data"), "EncryptionContext": fitting}
        assert opens(client, client.v1("Encrypt", parameters, method="POST")["CiphertextBlob"], fitting)
        assert refusal(client.v1, "Encrypt", {**parameters, "EncryptionContext": too_long}, method="POST") == TOO_MUCH


def test_the_limit_counts_the_text_as_it_is_sent(client, key):
    context = '{"k":"v"}'
    padded = context[:-1] + " " * (1024 - len(context)) + "}"
    blob = encrypted(client, key, padded)
    assert opens(client, blob, context)
    assert refusal(client, "Decrypt", CiphertextBlob=blob, EncryptionContext=padded + " ") == TOO_MUCH
    for name in ("SourceEncryptionContext", "DestinationEncryptionContext"):
        assert refusal(client, "ReEncrypt", CiphertextBlob=blob, **{name: padded + " "}) == TOO_MUCH
    assert refusal(client, "GenerateDataKey", KeyId=key, KeySpec="AES_128", EncryptionContext=padded + " ") == TOO_MUCH


@pytest.mark.parametrize("one, other", [
    ('{"a":"1","b":"2"}', '{"b":"2","a":"1"}'),
    ('{"a":"1"}', ' {\t"a" :\r\n "1" } '),
    ('{"a":"/"}', '{"a":"\\/"}'),
    ('{"a":"ä"}', '{"\\u0061":"\\u00e4"}'),
    ('{"a":"\U0001f511"}', '{"a":"\\ud83d\\udd11"}'),
    ('{"a":"\\u00E4"}', '{"a":"\\u00e4"}'),
    ('{"a":{"x":"1","y":[1,{"p":null,"q":true}]}}', '{"a":{"y":[1,{"q":true,"p":null}],"x":"1"}}'),
    ('{"a":1}', '{"a":1.0}'), ('{"a":100}', '{"a":1e2}'), ('{"a":0.5}', '{"a":5E-1}'), ('{"a":0}', '{"a":0.0}'),
    ('{"a":12345678901234567890123}', '{"a":12345678901234567890123.000}'),
    ('{}', ' { } '),
])
def test_contexts_that_mean_the_same_open(client, key, one, other):
    assert opens(client, encrypted(client, key, one), other)
    assert opens(client, encrypted(client, key, other), one)


@pytest.mark.parametrize("one, other", [
    ('{"a":1}', '{"a":"1"}'), ('{"a":1}', '{"a":1.5}'), ('{"a":1}', '{"a":-1}'), ('{"a":1}', '{"a":true}'),
    ('{"a":9007199254740992}', '{"a":9007199254740993}'), ('{"a":0.1}', '{"a":0.10000000000000001}'),
    ('{"a":null}', '{"a":"null"}'), ('{"a":null}', '{}'), ('{"a":false}', '{"a":null}'), ('{"a":""}', '{"a":null}'),
    ('{"a":[]}', '{"a":{}}'), ('{"a":["1","2"]}', '{"a":["2","1"]}'), ('{"a":["1"]}', '{"a":"1"}'),
    ('{"a":{"b":"c"}}', '{"a":"{\\"b\\":\\"c\\"}"}'), ('{"a":"1"}', '{"A":"1"}'), ('{"a":"x"}', '{"a":"x "}'),
    ('{"a":"b","c":"d"}', '{"a":"b"}'), ('{"ab":"c"}', '{"a":"bc"}'), ('{"a":"1","b":""}', '{"a":"","b":"1"}'),
    ('{"a":"\u00e4"}', '{"a":"a\u0308"}'), ('{"a":"\ufb01"}', '{"a":"fi"}'), ('{"a":"x\u0000"}'.replace("\u0000", "\\u0000"), '{"a":"x"}'),
    ('{"a":"1"}', '{}'), ('{"":""}', '{}'),
])
def test_contexts_that_differ_do_not_open(client, key, one, other):
    assert not opens(client, encrypted(client, key, one), other)
    assert not opens(client, encrypted(client, key, other), one)


def test_a_context_and_none_are_told_apart(client, key):
    assert not opens(client, encrypted(client, key, '{"a":"b"}'))
    assert not opens(client, encrypted(client, key), '{"a":"b"}')
    assert opens(client, encrypted(client, key, '{"a":"b"}'), '{"a":"b"}')


@pytest.mark.parametrize("context", [
    "", " ", "{", "[]", '["a"]', '"a"', "null", "1", "true", "{}{}", '{"a":"b"', '{"a":"b",}', '{a:"b"}', "{'a':'b'}", '{"a":"b"}x',
    '{"a":"1","a":"1"}', '{"a":"1","a":"2"}', '{"a":"1","\\u0061":"2"}', '{"a":{"b":"1","b":"2"}}', '{"a":01}', '{"a":NaN}', '{"a":.5}',
    '{"a":"\\ud800"}', '{"a":"\n"}', '{"a":"\\x"}', "{" * 500, '{"a":' * 200 + "1" + "}" * 200, '\ufeff{"a":"b"}',
])
def test_what_is_no_object_is_refused_as_a_context(client, key, context):
    assert refusal(encrypted, client, key, context) == TOO_MUCH
    assert refusal(client, "GenerateDataKey", KeyId=key, KeySpec="AES_128", EncryptionContext=context) == TOO_MUCH
    assert refusal(client, "Decrypt", CiphertextBlob=encrypted(client, key), EncryptionContext=context) == TOO_MUCH


# ---------------------------------------------------------------- plaintexts and ciphertexts

@pytest.mark.parametrize("size", [1, 2, 3, 4095, 4096])
def test_a_plaintext_has_up_to_4096_bytes(client, key, size):
    plaintext = b64(bytes(index % 251 for index in range(size)))
    for call in (client.json, client.v1):
        parameters = {"KeyId": key, "Plaintext": plaintext}
        if call == client.json:
            blob = client("Encrypt", **parameters)["CiphertextBlob"]
        else:
            blob = client.v1("Encrypt", parameters, method="POST")["CiphertextBlob"]
        assert client("Decrypt", CiphertextBlob=blob)["Plaintext"] == plaintext


@pytest.mark.parametrize("plaintext", [
    "", "=", "====", "a", "ab", "abc", "YQ", "YQ=", "YQ===", "YR==", "YWJ=", "YW=J", "YQ==\n", " YQ==", "Y Q==", "YQ==YQ==", "-_-_", "YWI*",
    "ä", "\u00a0YQ==", b64(b"x" * 4097), "%59%51%3D%3D", "YQ==\x00", "WR==",
])
def test_a_plaintext_is_strict_base64_of_something(client, key, plaintext):
    assert refusal(client, "Encrypt", KeyId=key, Plaintext=plaintext) == "InvalidParameterValue.InvalidPlaintext"


@pytest.mark.parametrize("change", [
    lambda blob: blob + "=", lambda blob: blob + "A", lambda blob: blob + "AAAA", lambda blob: blob + "\n", lambda blob: " " + blob,
    lambda blob: blob + " ", lambda blob: blob[:10] + " " + blob[10:], lambda blob: blob[:76] + "\r\n" + blob[76:],
    lambda blob: blob + "\x00", lambda blob: blob + blob, lambda blob: blob[:-4], lambda blob: blob[4:], lambda blob: "",
    lambda blob: b64(blob), lambda blob: b64(base64.b64decode(blob) + b"\0"), lambda blob: b64(base64.b64decode(blob)[:-1]),
    lambda blob: b64(base64.b64decode(blob)[:139]), lambda blob: b64(base64.b64decode(blob)[:4]), lambda blob: "A" * 200_000,
    lambda blob: b64(b"\0" * 144), lambda blob: base64.b64decode(blob).hex(), lambda blob: blob.lower(), lambda blob: "-_" + blob[2:],
], ids=range(23))
def test_a_changed_ciphertext_does_not_open(client, key, change):
    assert refusal(client, "Decrypt", CiphertextBlob=change(encrypted(client, key))) == BAD_CIPHERTEXT
    assert refusal(client, "ReEncrypt", CiphertextBlob=change(encrypted(client, key))) == BAD_CIPHERTEXT


def test_url_safe_base64_is_not_a_ciphertext(client, key):
    blob = next(blob for blob in (encrypted(client, key) for _ in range(100)) if "+" in blob or "/" in blob)
    assert refusal(client, "Decrypt", CiphertextBlob=blob.replace("+", "-").replace("/", "_")) == BAD_CIPHERTEXT
    assert opens(client, blob)


def test_every_bit_of_a_ciphertext_is_authenticated(client, key):
    blob = base64.b64decode(encrypted(client, key, '{"a":"b"}'))
    for index in range(len(blob)):
        changed = bytearray(blob)
        changed[index] ^= 1 << index % 8
        code = refusal(client, "Decrypt", CiphertextBlob=b64(bytes(changed)), EncryptionContext='{"a":"b"}')
        assert code == BAD_CIPHERTEXT, index


def test_padding_bits_of_a_ciphertext_are_authenticated(client, key):
    digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    padded = [blob for blob in (client("Encrypt", KeyId=key, Plaintext=b64("x" * size))["CiphertextBlob"] for size in (1, 2, 3))
              if blob.endswith("=")]
    assert len(padded) == 2
    for blob in padded:
        at = len(blob.rstrip("=")) - 1
        changed = blob[:at] + digits[digits.index(blob[at]) ^ 1] + blob[at + 1:]
        assert refusal(client, "Decrypt", CiphertextBlob=changed) == BAD_CIPHERTEXT


@pytest.mark.parametrize("region", ["ap-shanghai", "ap-beijing"])
def test_a_ciphertext_belongs_to_its_region(server, client, key, region):
    other = Client(server, region)
    blob = encrypted(client, key)
    assert refusal(other, "Decrypt", CiphertextBlob=blob) == BAD_CIPHERTEXT
    assert refusal(other, "ReEncrypt", CiphertextBlob=blob) == BAD_CIPHERTEXT
    assert refusal(other, "DescribeKey", KeyId=key) == "ResourceUnavailable.CmkNotFound"
    assert refusal(client, "ReEncrypt", CiphertextBlob=blob, DestinationKeyId=other.create()) == "ResourceUnavailable.CmkNotFound"
    alias = client.metadata(key)["Alias"]
    other.create(alias)
    other.close()


# ---------------------------------------------------------------- texts

@pytest.mark.parametrize("character", ["a", "é", "钥", "\U0001f511", "\u0301"])
def test_a_description_has_1024_bytes(client, character):
    size = len(character.encode())
    fitting = character * (1024 // size) + "x" * (1024 % size)
    assert len(fitting.encode()) == 1024
    key = client.create(Description=fitting)
    assert client.metadata(key)["Description"] == fitting
    for text in ("", " ", fitting):
        client("UpdateKeyDescription", KeyId=key, Description=text)
        assert client.metadata(key)["Description"] == text
    for longer in (fitting + "x", character * (1024 // size + 1)):
        assert refusal(client, "UpdateKeyDescription", KeyId=key, Description=longer) == TOO_MUCH
        alias = unique_alias()
        assert refusal(client, "CreateKey", Alias=alias, Description=longer) == TOO_MUCH
        client.create(alias)
    assert client.metadata(key)["Description"] == fitting


@pytest.mark.parametrize("alias", [
    "", "-a", "_a", "a" * 61, "a b", "a.b", "a/b", "ä", "a\u0301", "Ａ", "a\n", "a\x00", "١", "kms-x", "KMS-x", "Kms-X", "kMs-", "kms-" + "x" * 10,
])
def test_aliases_outside_the_pattern_are_refused(client, key, alias):
    assert refusal(client, "CreateKey", Alias=alias) == BAD_ALIAS
    assert refusal(client, "UpdateAlias", KeyId=key, Alias=alias) == BAD_ALIAS


@pytest.mark.parametrize("alias", ["9", "Z", "kms", "kms_", "xkms-1", "kmsx-1", "a-", "a_", "0" * 60, "A-b_C-9"])
def test_aliases_within_the_pattern_are_kept_as_they_are(client, alias):
    key = client.create(alias)
    assert client.metadata(key)["Alias"] == alias
    client("UpdateAlias", KeyId=key, Alias=alias)
    assert client.metadata(key)["Alias"] == alias


def test_aliases_differ_by_letter_case(client):
    alias = unique_alias("case")
    one, other = client.create(alias), client.create(alias.upper())
    assert client.metadata(one)["Alias"] == alias and client.metadata(other)["Alias"] == alias.upper()
    assert refusal(client, "UpdateAlias", KeyId=one, Alias=alias.upper()) == TAKEN


def test_an_alias_is_taken_as_long_as_its_key_exists(client):
    alias = unique_alias("taken")
    key = client.create(alias)
    other = client.create()
    client("DisableKey", KeyId=key)
    client("ScheduleKeyDeletion", KeyId=key, PendingWindowInDays=7)
    assert refusal(client, "CreateKey", Alias=alias) == TAKEN
    assert refusal(client, "UpdateAlias", KeyId=other, Alias=alias) == TAKEN
    assert refusal(client, "UpdateAlias", KeyId=key, Alias=alias + "x") == "ResourceUnavailable.CmkStateNotSupport"
    assert refusal(client, "UpdateKeyDescription", KeyId=key, Description="x") == "ResourceUnavailable.CmkStateNotSupport"
    client("CancelKeyDeletion", KeyId=key)
    assert client.metadata(key)["KeyState"] == "Disabled" and not client.metadata(key)["DeletionDate"]
    assert refusal(client, "CreateKey", Alias=alias) == TAKEN
    client("UpdateAlias", KeyId=key, Alias=alias + "x")
    assert client.metadata(client.create(alias))["Alias"] == alias
    assert refusal(client, "UpdateAlias", KeyId=key, Alias=alias) == TAKEN
    client("EnableKey", KeyId=key)
    assert opens(client, encrypted(client, key))


def test_a_refused_creation_reserves_nothing(client):
    alias = unique_alias("unreserved")
    total = client("ListKeys")["TotalCount"]
    assert refusal(client, "CreateKey", Alias=alias, Type=3) == "InvalidParameterValue.InvalidType"
    assert refusal(client, "CreateKey", Alias=alias, Type=0) == "InvalidParameterValue.InvalidType"
    assert refusal(client, "CreateKey", Alias=alias, KeyUsage="encrypt_decrypt") == "InvalidParameterValue.InvalidKeyUsage"
    assert refusal(client, "CreateKey", Alias=alias, KeyUsage="") == "InvalidParameterValue.InvalidKeyUsage"
    tag = {"TagKey": "k", "TagValue": "v"}
    assert refusal(client, "CreateKey", Alias=alias, Tags=[tag, {**tag, "TagValue": "w"}]) == "InvalidParameterValue.TagKeysDuplicated"
    assert refusal(client, "CreateKey", Alias=alias, Tags=[{"TagKey": "k"}]) == "MissingParameter"
    assert refusal(client, "CreateKey", Alias=alias, Tags=[{**tag, "Colour": "red"}]) == "UnknownParameter"
    assert client("ListKeys")["TotalCount"] == total
    client.create(alias)


# ---------------------------------------------------------------- ids

def test_key_ids_are_lower_case(client, key):
    upper = key.upper()
    assert upper != key
    assert refusal(client, "DescribeKey", KeyId=upper) == "InvalidParameterValue.InvalidKeyId"
    assert refusal(client, "DescribeKeys", KeyIds=[key, upper]) == "InvalidParameterValue.InvalidKeyId"
    assert refusal(client, "Encrypt", KeyId=upper, Plaintext="YQ==") == "InvalidParameterValue.InvalidKeyId"


def test_batches_hold_1_to_100_ids(client):
    keys = [client.create() for _ in range(100)]
    described = client("DescribeKeys", KeyIds=keys)["KeyMetadatas"]
    assert [metadata["KeyId"] for metadata in described] == keys
    assert [metadata["KeyId"] for metadata in client.get("DescribeKeys", {"KeyIds": keys})["KeyMetadatas"]] == keys
    assert [metadata["KeyId"] for metadata in client.v1("DescribeKeys", {"KeyIds": keys}, method="POST")["KeyMetadatas"]] == keys
    more = keys + [client.create()]
    for action in ("DescribeKeys", "EnableKeys", "DisableKeys"):
        assert refusal(client, action, KeyIds=[]) == TOO_MUCH
        assert refusal(client, action, KeyIds=more) == TOO_MUCH
        assert refusal(client, action, KeyIds=keys[:50] + keys[:1]) == "InvalidParameterValue.DuplicatedKeyId"
        assert refusal(client, action, KeyIds=keys[:50] + ["00000000-0000-4000-8000-000000000000"]) == "ResourceUnavailable.CmkNotFound"
        assert refusal(client, action) == "MissingParameter"
        assert refusal(client.get, action) == "MissingParameter"
    client("DisableKeys", KeyIds=keys)
    assert {metadata["KeyState"] for metadata in client("DescribeKeys", KeyIds=keys)["KeyMetadatas"]} == {"Disabled"}


def test_batches_change_all_or_nothing(client):
    fitting, pending = client.create(), client.create()
    client("DisableKey", KeyId=pending)
    client("ScheduleKeyDeletion", KeyId=pending, PendingWindowInDays=30)
    assert refusal(client, "DisableKeys", KeyIds=[fitting, pending]) == "ResourceUnavailable.CmkStateNotSupport"
    assert client.metadata(fitting)["KeyState"] == "Enabled"
    assert refusal(client, "EnableKeys", KeyIds=[fitting, pending]) == "ResourceUnavailable.CmkStateNotSupport"
    assert client.metadata(pending)["KeyState"] == "PendingDelete"


@pytest.mark.parametrize("days, accepted", [(0, False), (6, False), (7, True), (30, True), (31, False), (2**64 - 1, False)])
def test_the_deletion_window_is_7_to_30_days(client, days, accepted):
    key = client.create()
    client("DisableKey", KeyId=key)
    for call in (lambda: client("ScheduleKeyDeletion", KeyId=key, PendingWindowInDays=days),
                 lambda: client.get("ScheduleKeyDeletion", {"KeyId": key, "PendingWindowInDays": days})):
        if accepted:
            date = call()["DeletionDate"]
            assert abs(date - time.time() - days * 86400) < 2 * 86400 and client.metadata(key)["DeletionDate"] == date
            assert refusal(client, "ScheduleKeyDeletion", KeyId=key, PendingWindowInDays=days) == "ResourceUnavailable.CmkStateNotSupport"
            assert client("CancelKeyDeletion", KeyId=key)["KeyId"] == key
            assert refusal(client, "CancelKeyDeletion", KeyId=key) == "ResourceUnavailable.CmkNotPendingDelete"
        else:
            assert refusal(call) == "InvalidParameter.InvalidPendingWindowInDays"


# ---------------------------------------------------------------- lists

@pytest.fixture(scope="module")
def family(server):
    """Keys with a prefix of their own, newest first."""
    client = Client(server)
    keys = [client.create(f"fam_ily-{index}") for index in range(25)]
    client.close()
    return keys[::-1]


def listed(client, **filters):
    answer = client("ListKeyDetail", **{"SearchKeyAlias": "fam_ily-", "Limit": 200, **filters})
    return [metadata["KeyId"] for metadata in answer["KeyMetadatas"]], answer["TotalCount"]


def test_oldest_first_is_newest_first_reversed(client, family):
    assert listed(client, OrderType=0) == listed(client) == (family, 25)
    assert listed(client, OrderType=1) == (family[::-1], 25)


@pytest.mark.parametrize("order", [0, 1])
@pytest.mark.parametrize("size", [1, 7, 25, 26])
def test_pages_add_up_to_the_whole(client, family, order, size):
    whole, found = family[::-1] if order else family, []
    for offset in range(0, 25 + size, size):
        page, total = listed(client, OrderType=order, Offset=offset, Limit=size)
        assert total == 25
        found += page
    assert found == whole


def test_pages_keep_still_while_keys_change(client, family):
    first, _ = listed(client, Limit=10)
    client("UpdateKeyDescription", KeyId=family[3], Description="changed")
    client("DisableKey", KeyId=family[15])
    client("EnableKey", KeyId=family[15])
    client("UpdateAlias", KeyId=family[12], Alias="fam_ily-renamed")
    second, _ = listed(client, Offset=10, Limit=200)
    assert first + second == family


@pytest.mark.parametrize("offset", [25, 26, 10**6, 2**63 - 1, 2**63, 2**64 - 1])
def test_beyond_the_end_there_is_nothing(client, family, offset):
    assert listed(client, Offset=offset) == ([], 25)
    assert client.get("ListKeys", {"Offset": max(offset, 10**6)})["Keys"] == []


@pytest.mark.parametrize("action", ["ListKeys", "ListKeyDetail"])
def test_a_page_has_10_keys_unless_told_and_200_at_most(client, family, action):
    name = "Keys" if action == "ListKeys" else "KeyMetadatas"
    assert len(client(action)[name]) == 10
    assert len(client(action, Limit=None)[name]) == 10
    assert client(action, Limit=200)["TotalCount"] >= 25
    assert refusal(client, action, Limit=201) == TOO_MUCH
    assert refusal(client.get, action, {"Limit": 201}) == TOO_MUCH
    assert refusal(client, action, Role=2) == TOO_MUCH
    assert client(action, Role=1) | {"RequestId": ""} == {name: [], "TotalCount": 0, "RequestId": ""}


@pytest.mark.parametrize("filters", [{"OrderType": 2}, {"KeyState": 6}, {"Origin": "all"}, {"Origin": "kms"}, {"Origin": ""}, {"KeyUsage": "all"},
                                     {"KeyUsage": "ENCRYPT/DECRYPT"}, {"KeyUsage": ""}])
def test_unknown_filter_values_are_refused(client, filters):
    assert refusal(client, "ListKeyDetail", **filters) == TOO_MUCH


@pytest.mark.parametrize("search, found", [
    ("fam_ily-", 25), ("fam%", 0), ("%", 0), ("fam_ily-1", 11), ("famXily", 0), ("fam*", 0), ("_ily-", 25), ("fam?ily", 0), ("FAM_ILY-", 0), ("\\", 0),
    ("fam\\_ily", 0), ("'", 0), ('"', 0), ("fam_ily-'; DROP TABLE keys; --", 0), ("钥", 0), ("\x00", 0), ("fam_ily-\x00", 0), (" fam", 0),
    ("[f]am", 0), ("x" * 5000, 0), ("fam_ily-24", 1), ("m_i", 25),
])
def test_a_search_takes_every_character_as_itself(client, family, search, found):
    client("UpdateAlias", KeyId=family[12], Alias="fam_ily-12")
    assert listed(client, SearchKeyAlias=search)[1] == found


def test_a_search_finds_parts_of_ids(client, family):
    for part in (family[0], family[0][3:30], family[0][-13:]):
        assert family[0] in listed(client, SearchKeyAlias=part)[0]
    assert listed(client, SearchKeyAlias=family[0]) == ([family[0]], 1)


def test_tag_filters(client):
    mark = unique_alias("mark")
    tags = lambda **pairs: [{"TagKey": key, "TagValue": value} for key, value in {"mark": mark, **pairs}.items()]
    prod, test = client.create(Tags=tags(env="prod", a="1")), client.create(Tags=tags(env="test"))
    bare = client.create(Tags=tags(env=""))

    def found(*filters):
        answer = client("ListKeyDetail", TagFilters=[{"TagKey": "mark", "TagValue": [mark]}, *filters], OrderType=1)
        return [metadata["KeyId"] for metadata in answer["KeyMetadatas"]]

    assert found() == [prod, test, bare]
    assert found({"TagKey": "env"}) == found({"TagKey": "env", "TagValue": []}) == found({"TagKey": "env", "TagValue": None}) == [prod, test, bare]
    assert found({"TagKey": "env", "TagValue": ["prod"]}) == [prod]
    assert found({"TagKey": "env", "TagValue": ["prod", "test"]}) == [prod, test]
    assert found({"TagKey": "env", "TagValue": [""]}) == [bare]
    assert found({"TagKey": "env", "TagValue": ["prod", "test"]}, {"TagKey": "a"}) == [prod]
    assert found({"TagKey": "env", "TagValue": ["PROD"]}) == found({"TagKey": "Env"}) == found({"TagKey": "e%"}) == []
    assert found({"TagKey": "env", "TagValue": ["prod", "prod"]}) == [prod]
    assert found({"TagKey": "env", "TagValue": ["prod"]}, {"TagKey": "env", "TagValue": ["test"]}) == []
    flat = {"TagFilters": [{"TagKey": "mark", "TagValue": [mark]}, {"TagKey": "env", "TagValue": ["test", "prod"]}], "OrderType": 1}
    for call in (client.get, client.v1):
        assert [metadata["KeyId"] for metadata in call("ListKeyDetail", flat)["KeyMetadatas"]] == [prod, test]


# ---------------------------------------------------------------- numbers

@pytest.mark.parametrize("action", ["GenerateRandom", "GenerateDataKey"])
def test_number_of_bytes_is_1_to_1024_in_every_form(client, key, action):
    more = {"KeyId": key} if action == "GenerateDataKey" else {}
    calls = (lambda **parameters: client(action, **parameters), lambda **parameters: client.get(action, parameters),
             lambda **parameters: client.v1(action, parameters), lambda **parameters: client.v1(action, parameters, method="POST"))
    for call in calls:
        for size in (1, 1024):
            assert len(base64.b64decode(call(**more, NumberOfBytes=size)["Plaintext"])) == size
        for size in (0, 1025, 2**32 + 1, 2**63, 2**64 - 1):
            assert refusal(call, **more, NumberOfBytes=size) == TOO_MUCH
    assert refusal(client, action, **more, NumberOfBytes="16") == TOO_MUCH
    assert refusal(client, action, **more, NumberOfBytes=16.0) == TOO_MUCH


def test_the_size_of_a_data_key(client, key):
    def size(**parameters):
        return len(base64.b64decode(client("GenerateDataKey", KeyId=key, **parameters)["Plaintext"]))

    assert (size(KeySpec="AES_128"), size(KeySpec="AES_256"), size(KeySpec="AES_128", NumberOfBytes=7)) == (16, 32, 7)
    for parameters in ({}, {"KeySpec": "AES_192"}, {"KeySpec": "aes_256"}, {"KeySpec": ""}, {"KeySpec": None}, {"KeySpec": "AES_256", "NumberOfBytes": 0},
                       {"KeySpec": "AES_512", "NumberOfBytes": 16}):
        assert refusal(client, "GenerateDataKey", KeyId=key, **parameters) == TOO_MUCH


# ---------------------------------------------------------------- ways to sign and to write

def lower_case_escapes(pairs):
    text = urllib.parse.urlencode(pairs, quote_via=urllib.parse.quote, safe="")
    return re.sub("%[0-9A-F]{2}", lambda escape: escape[0].lower(), text)


def everything_escaped(pairs):
    return "&".join("=".join("".join(f"%{byte:02X}" for byte in part.encode()) for part in pair) for pair in pairs.items())


ENCODINGS = {
    "plus": urllib.parse.urlencode,
    "percent": lambda pairs: urllib.parse.urlencode(pairs, quote_via=urllib.parse.quote, safe=""),
    "lower case": lower_case_escapes,
    "everything": everything_escaped,
    "reversed": lambda pairs: urllib.parse.urlencode(dict(reversed(pairs.items()))),
    "empty parts": lambda pairs: "&&" + urllib.parse.urlencode(pairs) + "&",
}


@pytest.mark.parametrize("encode", ENCODINGS.values(), ids=ENCODINGS)
@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("algorithm", ["HmacSHA1", "HmacSHA256"])
def test_v1_takes_every_way_to_escape(client, key, encode, method, algorithm):
    text = "a b+c%20&=ä钥\U0001f511/?#'\"~*"
    client.v1("UpdateKeyDescription", {"KeyId": key, "Description": text}, method=method, algorithm=algorithm, encode=encode)
    assert client.metadata(key)["Description"] == text


@pytest.mark.parametrize("respell", [str.lower, str.upper, str.title, str.swapcase])
def test_header_names_have_no_letter_case(client, respell):
    body = b'{"NumberOfBytes":8}'
    headers = {respell(name): value for name, value in client.tc3_headers("GenerateRandom", body).items()}
    headers[respell("Content-Length")] = str(len(body))
    client.connection.putrequest("POST", "/", skip_host=True, skip_accept_encoding=True)
    for name, value in headers.items():
        client.connection.putheader(name, value)
    client.connection.endheaders(body)
    answer = client.connection.getresponse()
    assert result(sound(answer.status, answer.headers, answer.read()))["Plaintext"]


def test_further_headers_may_be_signed(client):
    body = b'{"NumberOfBytes":8}'
    signed = {"X-TC-Action": "GenerateRandom", "X-Custom": "  Mixed Case  ", "X-Empty": "", "A-First": "1"}
    client.json("GenerateRandom", body, also_signed=signed)
    spoilt = client.tc3_headers("GenerateRandom", body, also_signed=signed) | {"X-Custom": "other"}
    assert refusal(lambda: result(client.send("POST", "/", spoilt, body))) == "AuthFailure.SignatureFailure"
    absent = client.tc3_headers("GenerateRandom", body, also_signed=signed)
    del absent["X-Custom"]
    assert refusal(lambda: result(client.send("POST", "/", absent, body))) == "AuthFailure.SignatureFailure"


@pytest.mark.parametrize("lower", [str.lower, str])
def test_values_of_signed_headers_are_taken_in_lower_case_or_as_they_are(client, lower):
    body, now = b'{"NumberOfBytes":8}', int(time.time())
    signed = {"content-type": "application/json; charset=UTF-8", "host": client.host, "x-tc-action": "GenerateRandom"}
    headers = client.tc3_headers("GenerateRandom", body, timestamp=now, content_type=signed["content-type"])
    headers["Authorization"] = tc3_authorization(client.access_id, client.secret, "POST", "", signed, body, now, lower)
    assert result(client.send("POST", "/", headers, body))["Plaintext"]


def test_what_the_sdk_sends_along_is_no_parameter(client):
    sent = {"X-TC-Token": "", "X-TC-RequestClient": "SDK_PYTHON_3.1", "X-TC-Language": "zh-CN", "X-TC-TraceId": "1-2-3"}
    assert client.json("GetRegions", b"{}", extra=sent)["Regions"]
    assert client.v1("GetRegions", {"RequestClient": "SDK_PYTHON_3.1", "Language": "en-US", "Token": ""})["Regions"]


def test_a_region_is_needed_by_all_but_get_regions(server):
    client = Client(server, region="")
    assert client("GetRegions")["Regions"] == client.v1("GetRegions")["Regions"] == client.get("GetRegions")["Regions"]
    assert {"ap-guangzhou", "ap-shanghai", "ap-beijing"} <= set(client("GetRegions")["Regions"])
    for call in (client, client.get, client.v1):
        assert refusal(call, "ListKeys") == "MissingParameter"
    client.close()
    for region in ("ap-nowhere", "AP-GUANGZHOU", "ap-guangzhou ", "south"):
        stranger = Client(server, region=region)
        assert refusal(stranger.v1, "ListKeys") == "UnsupportedRegion"
        stranger.close()


@pytest.mark.parametrize("tags, code", [
    ({"Tags.0.TagKey": "k"}, "MissingParameter"), ({"Tags.0.TagValue": "v"}, "MissingParameter"), ({"Tags.0": "k"}, TOO_MUCH),
    ({"Tags.0.TagKey": "k", "Tags.0.TagValue": "v", "Tags.0.Colour": "red"}, "UnknownParameter"),
    ({"Tags.0.TagKey": "k", "Tags.0.TagValue": "v", "Tags.1.TagKey": "k", "Tags.1.TagValue": "w"}, "InvalidParameterValue.TagKeysDuplicated"),
    ({"Tags.1.TagKey": "k", "Tags.1.TagValue": "v"}, TOO_MUCH), ({"Tags.0.TagKey.0": "k", "Tags.0.TagValue": "v"}, TOO_MUCH),
])
def test_flattened_tags_are_checked_like_those_in_json(client, tags, code):
    for call in (client.get, client.v1):
        assert refusal(call, "CreateKey", {"Alias": unique_alias(), **tags}) == code


@pytest.mark.parametrize("leave_out", ["host", "content-type"])
def test_host_and_content_type_must_be_signed(client, leave_out):
    body, now = b'{"NumberOfBytes":8}', int(time.time())
    signed = {"content-type": "application/json", "host": client.host}
    del signed[leave_out]
    headers = client.tc3_headers("GenerateRandom", body, timestamp=now)
    headers["Authorization"] = tc3_authorization(client.access_id, client.secret, "POST", "", signed, body, now)
    assert refusal(lambda: result(client.send("POST", "/", headers, body))) == "AuthFailure.SignatureFailure"


def test_an_unsigned_payload_is_accepted_or_an_authentication_failure(client):
    body = b'{"NumberOfBytes":8}'
    headers = client.tc3_headers("GenerateRandom", body, payload=b"UNSIGNED-PAYLOAD", extra={"X-TC-Content-SHA256": "UNSIGNED-PAYLOAD"})
    response = client.send("POST", "/", headers, body)
    assert "Plaintext" in response or response["Error"]["Code"] == "AuthFailure.SignatureFailure"
    unannounced = client.tc3_headers("GenerateRandom", body, payload=b"UNSIGNED-PAYLOAD")
    assert refusal(lambda: result(client.send("POST", "/", unannounced, body))) == "AuthFailure.SignatureFailure"
    announced = client.tc3_headers("GenerateRandom", body, extra={"X-TC-Content-SHA256": "UNSIGNED-PAYLOAD"})
    assert refusal(lambda: result(client.send("POST", "/", announced, body))) == "AuthFailure.SignatureFailure"


def test_an_empty_body_counts_as_an_empty_object(client):
    assert client.json("GetRegions", b"")["Regions"]
    assert client.json("ListKeys", b"")["TotalCount"] >= 0
    assert refusal(client.json, "GenerateRandom", b"") == "MissingParameter"
    assert client.json("GetRegions", b" {\r\n\t} ")["Regions"]


@pytest.mark.parametrize("type", ["application/json; charset=utf-8", "application/json;charset=UTF-8", "Application/JSON", "application/json ; charset=utf-8"])
def test_a_content_type_may_have_parameters(client, type):
    assert client.json("GetRegions", b"{}", content_type=type)["Regions"]


@pytest.mark.parametrize("blank", ["", " ", "  "])
def test_the_comma_in_authorization_may_be_followed_by_a_blank(client, blank):
    headers = client.tc3_headers("GetRegions", b"{}")
    headers["Authorization"] = headers["Authorization"].replace(", ", "," + blank)
    assert result(client.send("POST", "/", headers, b"{}"))["Regions"]


def test_the_query_of_a_get_is_signed_as_it_is_sent(client, key):
    for query in ("Description=a%20b&KeyId=" + key, "Description=a+b&KeyId=" + key, f"KeyId={key}&Description=%61%20%62",
                  f"KeyId={key}&Description=a%20b&"):
        result(client.send("GET", "/?" + query, client.tc3_headers("UpdateKeyDescription", b"", "GET", query)))
        assert client.metadata(key)["Description"] == "a b"


def test_identical_tc3_requests_all_succeed_and_identical_v1_requests_do_not(client):
    headers = client.tc3_headers("GetRegions", b"{}")
    for _ in range(3):
        assert result(client.send("POST", "/", headers, b"{}"))["Regions"]
    query = urllib.parse.urlencode(client.v1_parameters("GetRegions", {}, "GET", "HmacSHA1"))
    assert result(client.send("GET", "/?" + query, {"Host": client.host}))["Regions"]
    assert refusal(lambda: result(client.send("GET", "/?" + query, {"Host": client.host}))) == "AuthFailure.SignatureFailure"


def test_a_v1_request_with_a_wrong_signature_uses_up_no_nonce(client):
    parameters = client.v1_parameters("GetRegions", {}, "GET", "HmacSHA256")
    wrong = urllib.parse.urlencode({**parameters, "Signature": b64(b"x" * 32)})
    assert refusal(lambda: result(client.send("GET", "/?" + wrong, {"Host": client.host}))) == "AuthFailure.SignatureFailure"
    assert result(client.send("GET", "/?" + urllib.parse.urlencode(parameters), {"Host": client.host}))["Regions"]


@pytest.mark.parametrize("name", ["SecretId", "Signature", "Timestamp", "Nonce", "Action", "Version", "Region"])
def test_a_v1_request_lacks_nothing(client, name):
    if name == "Signature":
        parameters = client.v1_parameters("ListKeys", {}, "GET", "HmacSHA256")
        del parameters[name]
    else:
        parameters = client.v1_parameters("ListKeys", {}, "GET", "HmacSHA256", drop=[name])
    query = urllib.parse.urlencode(parameters)
    assert refusal(lambda: result(client.send("GET", "/?" + query, {"Host": client.host}))) == "MissingParameter"


def test_underscores_in_names_count_as_dots_in_the_signed_text(client):
    assert refusal(client.v1, "GetRegions", {"A_b": "1"}) == "UnknownParameter"


def test_states_are_seen_at_once_on_every_connection(server, client, key):
    others = [Client(server) for _ in range(4)]
    blob = encrypted(client, key)
    for _ in range(10):
        client("DisableKey", KeyId=key)
        for other in others:
            assert refusal(other, "Decrypt", CiphertextBlob=blob) == "ResourceUnavailable.CmkDisabled"
            assert refusal(other, "Encrypt", KeyId=key, Plaintext="YQ==") == "ResourceUnavailable.CmkDisabled"
        client("EnableKey", KeyId=key)
        assert all(opens(other, blob) for other in others)
    for other in others:
        other.close()
