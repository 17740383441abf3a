"""Huawei's dialect: whatever comes in is answered with the contract's code, in the contract's order of checks."""
import dataclasses
import hashlib
import hmac
import itertools
import json
import os
import random
import threading
import time
import urllib.parse

import pytest

from admin_client import AdminClient, sign_in
from client import UUID, check_tells_nothing, head_bytes, unique_alias
from huawei_client import (DAY, ENABLED, MESSAGES, NOBODY, PENDING_IMPORT, PLACEHOLDER, TOKENS, HuaweiClient, HuaweiRaw, HuaweiRefused,
                           canonical_request, encoded_dek, huawei_authorization, huawei_code, huawei_date, huawei_sound, issue_token,
                           root_token_request, wrapped)

LIMIT = 12 * 2**20
SIGNATURE = "APIGW.0301"
SEQUENCE = "919c82d4-8046-4722-9094-35c3c6524cff"


@pytest.fixture(scope="module")
def client(server):
    """A client with one key of each kind and a ciphertext of each."""
    client = HuaweiClient(server)
    client.key, client.disabled, client.waiting = client.create(), client.create(), client.create(origin="external")
    client.default, client.pending = client.default_key(), client.create()
    client.blob, client.dek = client.encrypt(client.key), client("create-datakey", key_id=client.key)
    client("disable-key", key_id=client.disabled)
    client("schedule-key-deletion", key_id=client.pending, pending_days="7")
    yield client
    client.close()


@pytest.fixture(scope="module")
def token(server):
    return issue_token(server, root_token_request(server))[0]


@pytest.fixture(autouse=True)
def others_are_served(server, client):
    yield
    assert server.is_running
    assert client.decrypt(client.blob) == "data"


# The members of every POST: those that are required, with right values.
APIS = {
    "create-key": {"key_alias": lambda client: unique_alias("bad")},
    "enable-key": {"key_id": "disabled"}, "disable-key": {"key_id": "key"}, "describe-key": {"key_id": "key"},
    "schedule-key-deletion": {"key_id": "key", "pending_days": lambda client: "7"}, "cancel-key-deletion": {"key_id": "pending"},
    "list-keys": {}, "gen-random": {"random_data_length": lambda client: "512"},
    "create-datakey": {"key_id": "key"}, "create-datakey-without-plaintext": {"key_id": "key"},
    "encrypt-datakey": {"key_id": "key", "plain_text": lambda client: encoded_dek(b"x" * 32), "datakey_plain_length": lambda client: "32"},
    "decrypt-datakey": {"key_id": "key", "cipher_text": lambda client: client.dek["cipher_text"], "datakey_cipher_length": lambda client: "32"},
    "update-key-alias": {"key_id": "key", "key_alias": lambda client: unique_alias("bad")},
    "update-key-description": {"key_id": "key", "key_description": lambda client: "x"},
    "encrypt-data": {"key_id": "key", "plain_text": lambda client: "x"}, "decrypt-data": {"cipher_text": lambda client: client.blob},
    "get-parameters-for-import": {"key_id": "waiting", "wrapping_algorithm": lambda client: "RSAES_OAEP_SHA_1"},
    "import-key-material": {"key_id": "waiting", "import_token": lambda client: "x" * 200, "encrypted_key_material": lambda client: "x" * 344},
    "delete-imported-key-material": {"key_id": "waiting"},
    "resource_instances/action": {"action": lambda client: "count"},
    "{key}/tags/action": {"action": lambda client: "delete", "tags": lambda client: [{"key": "none"}]},
    "{key}/tags": {"tag": lambda client: {"key": "k", "value": "v"}},
    "enable-key-rotation": {"key_id": "key"}, "disable-key-rotation": {"key_id": "key"}, "get-key-rotation-status": {"key_id": "key"},
    "update-key-rotation-interval": {"key_id": "key", "rotation_interval": lambda client: 30}, "rotate-on-demand": {"key_id": "key"},
    "create-grant": {"key_id": "key", "grantee_principal": lambda client: "0" * 32, "operations": lambda client: ["describe-key"]},
    "list-grants": {"key_id": "key"}, "list-retirable-grants": {}, "revoke-grant": {"key_id": "key", "grant_id": lambda client: "0" * 64},
    "retire-grant": {"key_id": "key", "grant_id": lambda client: "0" * 64},
    "sign": {"key_id": "key", "message": lambda client: "YQ==", "signing_algorithm": lambda client: "ECDSA_SHA_256"},
    "verify": {"key_id": "key", "message": lambda client: "YQ==", "signing_algorithm": lambda client: "ECDSA_SHA_256",
               "signature": lambda client: "YQ=="},
    "get-publickey": {"key_id": "key"},
}
READS = ["user-instances", "user-quotas", "tags", "{key}/tags"]


def path_of(client, action, key=None):
    return action.replace("{key}", key or client.key)


def members_of(client, action, /, **changes):
    """Right members of a call, some of them changed."""
    right = {name: getattr(client, value) if isinstance(value, str) else value(client) for name, value in APIS[action].items()}
    return {**right, **changes}


def text_of(members, **texts):
    """A body in which some members stand as they are given, as JSON texts."""
    body = json.dumps(members)
    return (body[:-1] + "".join(f', "{name}": {text}' for name, text in texts.items()) + "}").replace("{, ", "{", 1).encode()


# ---------------------------------------------------------------- where nothing is, and how it is not asked

@pytest.mark.parametrize("path", [
    "", "no-such-api", "List-Keys", "list-keys/", "list-keys/x", "list-keyss", "list%2Fkeys", "generate-random", "%2e%2e/list-keys", ".", "%00",
    "list-keys%00", "list-keys%0A", "%ff", "resource_instances", "resource_instances/actions", "tags/x/y", f"{NOBODY}/tags/action/x", f"{NOBODY}/x",
    f"{NOBODY}", f"{NOBODY}/tags/", "re-encrypt", "generate-mac", "datakey-capsule/create", "aliases", "keystores", "key-policies", "x" * 3000,
])
@pytest.mark.parametrize("method", ["POST", "GET"])
def test_an_unknown_path_is_an_invalid_url(client, method, path):
    assert client.refusal_of(method, path, b"{}" if method == "POST" else b"") == "KMS.0201"


@pytest.mark.parametrize("path", ["/v1.0/{p}", "/v1.0/{p}/", "/v1.0/{p}/kms", "/v1.0/{p}/KMS/list-keys", "/v1.0/{p}//kms/list-keys",
                                  "/v1.0//{p}/kms/list-keys",
                                  "/v1.0/{p}/kms/list-keys//", "/v1.0/{p}/other/list-keys", "/v2/{p}/kms/regions",
                                  "/v1.0/{p}/kms/x/../list-keys", "/v1.0/{p}/kms%2Flist-keys"])
def test_paths_are_taken_as_they_are(client, path):
    with pytest.raises(HuaweiRefused) as refused:
        client.call("POST", path.replace("{p}", client.project), b"{}")
    assert (refused.value.status, refused.value.code) in ((400, "KMS.0201"), (404, 404))


def test_pieces_of_a_path_may_be_escaped(client):
    assert client.post("list%2Dkeys", b"{}")["total"] > 0
    assert client.get("user%2dinstances")["instance_num"] > 0
    escaped = "".join(f"%{ord(letter):02x}" for letter in client.key)
    assert client.get(f"{escaped}/tags")["existTagsNum"] == len(client.tags(client.key))


@pytest.mark.parametrize("path", ["list-keys?", "list-keys?x", "list-keys?a=b&a=a&A=%2f", "list-keys?a=b=c", "list-keys?=x", "list-keys?a=+%20~*"])
def test_a_query_where_none_is_known_is_signed_and_ignored(client, path):
    assert client.post(path, b"{}")["total"] > 0


@pytest.mark.parametrize("path", ["instances/action", "RESOURCE_INSTANCES/action", "x/action", "resource_instances%20/action"])
def test_other_resources_are_told_by_their_code(client, path):
    assert client.refusal_of("POST", path, {"action": "count"}) in ("KMS.0408", "KMS.0201")


@pytest.mark.parametrize("path", [*APIS, *READS])
def test_other_methods_of_a_path_are_an_invalid_url(client, path):
    # A tag can be called action.
    known = {"{key}/tags": {"GET", "POST"}, "{key}/tags/action": {"POST", "DELETE"}}.get(path, {"GET"} if path in READS else {"POST"})
    for method in {"GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND"} - known:
        assert client.refusal_of(method, path_of(client, path), b"{}" if method in ("POST", "PUT", "PATCH") else b"") == "KMS.0201", method


def test_head_is_answered_without_a_body_and_nothing_is_made(client):
    before = client.get("user-instances")
    for path in ("list-keys", "user-instances", "create-key"):
        for _ in range(2):
            status, headers, body = client.raw("HEAD", client.kms(path))
            assert status in (200, 400) and body == b"" and UUID.fullmatch(headers["X-Request-Id"])
    assert client.get("user-instances") == before


# ---------------------------------------------------------------- whose project

@pytest.mark.parametrize("project", ["x", "0" * 32, PLACEHOLDER, "{project_id}", "%20", "..", "0" * 5000])
def test_a_project_that_is_not_the_callers(server, client, token, project):
    for path in ("list-keys", "create-key"):
        target = f"/v1.0/{project}/kms/{path}"
        assert huawei_code(client.raw("POST", target, b"{}")) == "KMS.0306"
        with HuaweiClient(server, token=token, project=client.project) as bearer:
            assert huawei_code(bearer.raw("POST", target, b"{}")) == "KMS.0305"


def test_projects_of_another_region_and_of_another_account(server, client, token):
    with HuaweiClient(server, "cn-east-3") as elsewhere, AdminClient(server) as admin:
        other_key = elsewhere.create()
        other = HuaweiClient(server, credentials=admin.account()[1].credentials)
        with HuaweiClient(server, token=token, project=client.project) as bearer:
            for project in (elsewhere.project, other.project):
                assert huawei_code(bearer.raw("POST", f"/v1.0/{project}/kms/list-keys", b"{}")) == "KMS.0305"
        # An access key is good for all projects of its account, and for those only.
        assert huawei_code(client.raw("POST", f"/v1.0/{elsewhere.project}/kms/list-keys", b"{}")) is None
        assert huawei_code(client.raw("POST", f"/v1.0/{other.project}/kms/list-keys", b"{}")) == "KMS.0306"
        assert client.refusal("describe-key", key_id=other_key) == "KMS.0205"
        other.close()


# ---------------------------------------------------------------- size

def padded(members, size):
    """A body of exactly so many bytes that says no more than the members."""
    body = json.dumps({**members, "padding": ""})
    return (body[:-2] + "x" * (size - len(body)) + body[-2:]).encode()


def test_twelve_mebibytes_are_read_and_one_byte_more_is_refused(server, client, token):
    with HuaweiClient(server, token=token, project=client.project) as bearer:
        for calls in (client, bearer):
            assert calls.post("describe-key", padded({"key_id": client.key}, LIMIT))["key_info"]["key_id"] == client.key
            assert calls.refusal_of("POST", "describe-key", padded({"key_id": client.key}, LIMIT + 1)) == "KMS.0203"
            assert calls.describe(client.key)["key_id"] == client.key
            assert calls.refusal_of("POST", "list-keys", b"x" * (LIMIT + 1)) == "KMS.0203"


@pytest.mark.parametrize("size", [LIMIT + 1, LIMIT + 2**16, 40 * 2**20])
@pytest.mark.parametrize("way", ["at once", "slowly", "after the head", "expecting", "chunked", "in small chunks"])
def test_the_answer_to_an_oversized_body_arrives(server, client, token, size, way):
    if way in ("slowly", "in small chunks") and size > LIMIT + 2**16:
        size = LIMIT + 2**18
    body = b" " * size
    headers = {"Host": client.host, "X-Auth-Token": token, "Content-Type": "application/json"}
    target = client.kms("list-keys")

    def parts():
        if way == "slowly":
            for start in range(0, size, 2**19):
                yield body[start:start + 2**19]
                time.sleep(0.02)
        elif way in ("chunked", "in small chunks"):
            step = 2**20 if way == "chunked" else 2**12
            for start in range(0, size, step):
                part = body[start:start + step]
                yield b"%x\r\n%s\r\n" % (len(part), part)
            yield b"0\r\n\r\n"
        else:
            yield body

    framing = {"Transfer-Encoding": "chunked"} if "chunk" in way else {"Content-Length": str(size)}
    if way == "expecting":
        framing["Expect"] = "100-continue"
    with HuaweiRaw(server, timeout=60) as peer:
        peer.send(head_bytes("POST", target, {**headers, **framing}))
        answer = None
        if way == "expecting":
            answer = peer.response(has_body=False) if peer.fill() and peer.buffer.startswith(b"HTTP/1.1 100") else peer.response()
            if answer[0] == 100:
                answer = None
        if answer is None:
            if way == "after the head":
                time.sleep(0.2)
            sender = threading.Thread(target=lambda: all(peer.send(part) for part in parts()), daemon=True)
            sender.start()
            answer = peer.response()
            sender.join(60)
            assert not sender.is_alive()
        assert answer is not None and huawei_code(answer) == "KMS.0203"
        # The connection goes on, or ends without another answer.
        peer.send(head_bytes("GET", client.kms("user-instances"), headers))
        following = peer.response()
        assert following is None or huawei_code(following) is None


def test_an_oversized_body_is_told_after_credentials_and_path(server, client, token):
    with HuaweiClient(server, token=token, project=client.project) as bearer:
        body = b"x" * (LIMIT + 1)
        assert bearer.refusal_of("POST", "no-such-api", body) == "KMS.0201"
        assert huawei_code(bearer.send("POST", bearer.kms("list-keys"), {"Host": bearer.host}, body)) == "KMS.0301"
        signed = client.headers("POST", client.kms("list-keys"), body)
        unknown = {**signed, "Authorization": signed["Authorization"].replace("Access=", "Access=X")}
        assert huawei_code(client.send("POST", client.kms("list-keys"), unknown, body)) == SIGNATURE
        # Signatures cover bodies up to the limit and no longer ones.
        assert huawei_code(client.raw("POST", client.kms("list-keys"), body, body_hash="0" * 64)) in (SIGNATURE, "KMS.0203")


# ---------------------------------------------------------------- JSON

DEEP = b"[" * 100_000
MALFORMED = {
    "nothing": b"", "blanks": b" \r\n\t", "text": b"key_id", "array": b"[]", "array of an object": b"[{}]", "number": b"1", "string": b'"x"',
    "true": b"true", "null": b"null", "two objects": b"{}{}", "something after": b"{}x", "comma after": b"{},", "NUL after": b"{}\x00",
    "byte order mark": b"\xef\xbb\xbf{}", "UTF-16": "{}".encode("utf-16"), "UTF-16 without mark": "{}".encode("utf-16-le"), "half": b"{",
    "no end": b'{"x":1',
    "form": b"key_id=x", "single quotes": b"{'x':1}", "bare name": b"{x:1}", "no value": b'{"x"}', "no colon": b'{"x" 1}',
    "two colons": b'{"x"::1}',
    "leading comma": b'{,"x":1}', "comma for colon": b'{"x",1}', "number as name": b"{1:1}", "comment": b"{}//", "comment inside": b"{/**/}",
    "deep arrays": b'{"x":' + DEEP + b"]" * 100_000 + b"}", "deep objects": b'{"x":' * 100_000 + b"1" + b"}" * 100_000,
    "deep and open": b'{"x":' + DEEP,
    "duplicate": b'{"limit":"1","limit":"1"}', "duplicate by escape": b'{"limit":"1","l\\u0069mit":"1"}', "duplicate unknown": b'{"x":1,"x":2}',
    "duplicate null": b'{"x":null,"x":null}',
}
# What is wrong with a value, wherever it stands.
MALFORMED_VALUES = {
    "NaN": b"NaN", "Infinity": b"Infinity", "-Infinity": b"-Infinity", "nil": b"nil", "True": b"True", "undefined": b"undefined", "nothing": b"",
    "trailing comma": b"[1,]", "trailing comma in an object": b'{"a":1,}', "duplicate": b'{"a":"b","a":"b"}', "leading zero": b"01", "plus": b"+1",
    "point": b".5",
    "no fraction": b"1.", "no exponent": b"1e", "hexadecimal": b"0x1", "minus": b"-", "control character": b'"a\x01b"', "line break": b'"a\nb"',
    "tab": b'"\t"',
    "lone high surrogate": b'"\\ud800"', "lone low surrogate": b'"\\udc00"', "surrogates the wrong way": b'"\\udc00\\ud800"',
    "high and text": b'"\\ud800x"',
    "unknown escape": b'"\\x41"', "short escape": b'"\\u12"', "escape cut": b'"\\', "unended": b'"a', "invalid UTF-8": b'"\xff"',
    "overlong": b'"\xc0\xaf"',
    "surrogate in UTF-8": b'"\xed\xa0\x80"', "beyond Unicode": b'"\xf4\x90\x80\x80"', "cut UTF-8": b'"\xe4\xb8"', "unclosed": b"[1",
    "wrong bracket": b"[1}",
    "invalid name": b'{"\xff":1}', "lone surrogate in a name": b'{"\\ud800":1}',
}
PLACES = {"unknown member": b'{"unknown":%s}', "sequence": b'{"sequence":%s}',
          "context": b'{"key_id":"x","plain_text":"x","encryption_context":%s}',
          "in the context": b'{"encryption_context":{"a":%s}}', "in a list": b'{"tags":[{"key":"k","values":[%s]}]}', "key": b'{"key_id":%s}'}


@pytest.mark.parametrize("body", MALFORMED.values(), ids=MALFORMED)
def test_what_is_no_json_object(client, body):
    for action in ("list-keys", "encrypt-data", "resource_instances/action", f"{client.key}/tags"):
        assert client.refusal_of("POST", action, body) == "KMS.0202"


# Nothing in a list is an empty list.
@pytest.mark.parametrize("place, value", [pair for pair in itertools.product(PLACES, MALFORMED_VALUES) if pair != ("in a list", "nothing")])
def test_what_is_no_json_at_any_level(client, place, value):
    action = {"in a list": "resource_instances/action"}.get(place, "encrypt-data")
    assert client.refusal_of("POST", action, PLACES[place].replace(b"%s", MALFORMED_VALUES[value])) == "KMS.0202"


@pytest.mark.parametrize("text", ["{}", ' {"x" : [ {"y":null} ] }\r\n', '{"limit":null,"marker":null}',
                                  '{"x":1e-400,"y":-0.0,"z":12345678901234567890123}',
                                  '{"x":' + "[" * 20 + "]" * 20 + "}", '{"\\ud83d\\udd11":"\\u0000","":{"":""}}', '{"LIMIT":"0","Sequence":""}'])
def test_what_is_json_is_read(client, text):
    assert client.post("list-keys", text.encode())["total"] > 0


# ---------------------------------------------------------------- members

@pytest.mark.parametrize("action", APIS)
def test_a_required_member_that_is_absent_or_null(client, action):
    for name in APIS[action]:
        members = members_of(client, action)
        del members[name]
        for body in (members, {**members, name: None}, {**members, name.upper(): "x"}, {**members, "sequence": "short"}):
            assert client.refusal_of("POST", path_of(client, action), body) == "KMS.0204", (name, body)


@pytest.mark.parametrize("action", APIS)
def test_a_wrong_sequence_is_told_before_anything_that_is_looked_up(client, action):
    unknown = {"key_id": NOBODY} if "key_id" in APIS[action] else {}
    for wrong in ("", "x", "x" * 35, "x" * 37, "é" * 36, "é" * 17, "\U0001f511" * 36, SEQUENCE + "\n", 36, 10**35, True, [], {}, [SEQUENCE]):
        members = members_of(client, action, **unknown, sequence=wrong)
        assert client.refusal_of("POST", path_of(client, action, NOBODY), members) == "KMS.0206", wrong


@pytest.mark.parametrize("sequence", [SEQUENCE, "é" * 18, "\U0001f511" * 9, " " * 36, "\x00" * 36, "世" * 12, None])
def test_a_sequence_counts_bytes(client, sequence):
    for _ in range(2):
        assert client.post("describe-key", {"key_id": client.key, "sequence": sequence})["key_info"]["key_id"] == client.key


def test_a_sequence_of_a_delete_is_checked_too(client):
    client.tag(client.key, gone="x")
    assert client.refusal_of("DELETE", f"{client.key}/tags/gone", {"sequence": "short"}) == "KMS.0206"
    assert client.tags(client.key) == {"gone": "x"}
    assert client.delete(f"{client.key}/tags/gone", {"sequence": SEQUENCE}) is None


WRONG_KEY_IDS = [
    "", "x", NOBODY, NOBODY.upper(), NOBODY + "\n", " " + NOBODY, NOBODY[:-1], NOBODY + "0", NOBODY.replace("-", ""), "{" + NOBODY + "}",
    "zzzzzzzz-zzzz-zzzz-zzzz-zzzzzzzzzzzz",
    "0000000g-0000-4000-8000-000000000000", "alias/x", "kms/default", "０" * 8 + NOBODY[8:], "\x00", "../" + NOBODY, "*", "%", "' OR 1=1 --",
    "é" * 36, "x" * 10_000,
]


@pytest.mark.parametrize("action", [action for action in APIS if "key_id" in APIS[action]])
def test_wrong_key_ids(client, action):
    for wrong in [*WRONG_KEY_IDS, client.key.upper(), client.key + "\n", client.key + "\x00", 1, True, [client.key], {}]:
        assert client.refusal(action, **members_of(client, action, key_id=wrong)) == "KMS.0205", wrong


@pytest.mark.parametrize("method, path, body", [("GET", "{id}/tags", None), ("POST", "{id}/tags", {"tag": {"key": "k", "value": "v"}}),
                                                ("POST", "{id}/tags/action", {"action": "delete", "tags": [{"key": "k"}]}),
                                                ("DELETE", "{id}/tags/k", None)])
def test_wrong_key_ids_in_a_path(client, method, path, body):
    for wrong in (NOBODY, NOBODY.upper(), client.key.upper(), "x", client.key + "%0A", client.key + "%00", "%20" + client.key,
                  "zzzzzzzz-zzzz-zzzz-zzzz-zzzzzzzzzzzz", "a%2Fb"):
        assert client.refusal_of(method, path.replace("{id}", wrong), body) == "KMS.0205", wrong


# Every member that is a number: a value that is right, the codes of one that is none, and values out of range.
NUMBERS = [
    ("schedule-key-deletion", {}, "pending_days", None, {"KMS.1401"}, ["0", "6", "1097", 6, 1097]),
    ("list-keys", {}, "limit", "7", {"KMS.1601"}, ["0", "2001", 0, 2001]),
    ("list-keys", {}, "marker", "7", {"KMS.1602"}, []),
    ("gen-random", {}, "random_data_length", "64", {"KMS.1801"}, ["0", "7", "9", "8193", "8200", 0, 12]),
    ("create-datakey", {}, "datakey_length", "64", {"KMS.1901"}, ["0", "7", "9", "8193", "8200", 0, 12]),
    ("create-datakey-without-plaintext", {}, "datakey_length", "64", {"KMS.2001", "KMS.1901"}, ["0", "7", "9", "8193", "8200", 0, 12]),
    ("encrypt-datakey", {}, "datakey_plain_length", "32", {"KMS.2102"}, ["0", "1025", "31", "33", "64", 33]),
    ("decrypt-datakey", {}, "datakey_cipher_length", "32", {"KMS.2202"}, ["0", "1025", "31", "33", "64", 33]),
    ("resource_instances/action", {"action": "filter"}, "limit", "7", {"KMS.1601"}, ["0", "1001", 0, 1001]),
    ("resource_instances/action", {"action": "filter"}, "offset", "7", {"KMS.0417"}, []),
    ("list-grants", {}, "limit", "7", {"KMS.1601", "KMS.0308"}, ["0", 0]),
    ("list-grants", {}, "marker", "7", {"KMS.1602", "KMS.0308"}, []),
]
NO_NUMBERS = ["", " ", " 7", "7 ", "+7", "-7", "-0", "7.0", "7e0", "7,0", "7_0", "0x7", "seven", "７", "\u0667", "²", "7\n", "7\x00", "true", "[]"]
WRONG_NUMBERS = ["-7", "7.0", "7.5", "7e0", "70E-1", "1e400", "true", "false", "[]", '["7"]', "{}"]
# Numbers, but larger than any that is meant; a page that begins there is empty.
HUGE = ["2147483648", "9" * 19, "18446744073709551617", "1" * 400]
POSITIONS = {"marker", "offset"}


@pytest.mark.parametrize("action, more, name, right, codes, outside", NUMBERS, ids=[f"{entry[0]} {entry[2]}" for entry in NUMBERS])
def test_numbers(client, action, more, name, right, codes, outside):
    members = members_of(client, action, **more)
    members.pop(name, None)
    for wrong in [*NO_NUMBERS, *outside, *(HUGE if name not in POSITIONS else ())]:
        assert client.refusal_of("POST", action, {**members, name: wrong}) in codes, wrong
    for huge in HUGE:
        for text in (huge, json.dumps(huge)):
            code = huawei_code(client.raw("POST", client.kms(action), text_of(members, **{name: text})))
            assert code in codes or name in POSITIONS and code is None, text
    for wrong in WRONG_NUMBERS:
        assert client.refusal_of("POST", action, text_of(members, **{name: wrong})) in codes | {"KMS.0308"}, wrong
    if right:
        for value in (right, int(right)):
            client.post(action, {**members, name: value})
    assert client.state(client.key) == ENABLED


@pytest.mark.parametrize("action, name", [("list-keys", "limit"), ("list-keys", "marker"), ("create-datakey", "datakey_length"),
                                          ("resource_instances/action", "limit")])
def test_null_is_absent(client, action, name):
    client.post(action, members_of(client, action, **{name: None}, key_state=None, encryption_context=None, additional_authenticated_data=None,
                                   sequence=None))


LONG = "x" * 256
TAG_CODES = {"": "KMS.0406", "x" * 37: "KMS.0411", "é" * 37: "KMS.0411", "a*": "KMS.0406", "a<": "KMS.0406", ">": "KMS.0406", "\\": "KMS.0406",
             "a=b": "KMS.0406",
             "a\x1f": "KMS.0406", "\x00": "KMS.0406", "\n": "KMS.0406"}
VALUE_CODES = {"x" * 44: "KMS.0410", "é" * 44: "KMS.0410", "a*": "KMS.0405", "<": "KMS.0405", "a>": "KMS.0405", "\\": "KMS.0405", "=": "KMS.0405",
               "\x00": "KMS.0405",
               "a\tb": "KMS.0405"}


def tags(*names):
    return [{"key": name, "value": "v"} for name in names]


VALUES = [
    # create-key, update-key-alias, update-key-description
    *(("create-key", {"key_alias": wrong}, "KMS.1101") for wrong in (
        "", "x" * 256, "a b", "é", "a;b", "a*", "a.b", "a\n", "\x00", "a@b", "kms/default", "/default", "x/default", "a\u0661", "ａ", " a", "a ",
        "a\\b")),
    *(("update-key-alias", {"key_alias": wrong}, "KMS.1101") for wrong in ("", "x" * 256, "a b", "x/default", "\n")),
    *((action, {"key_alias": wrong}, {"KMS.1101", "KMS.0308"}) for action in ("create-key", "update-key-alias") for wrong in (1, True, [], {},
                                                                                                                              ["a"])),
    ("create-key", {"key_description": LONG}, "KMS.1103"), ("create-key", {"key_description": "é" * 256}, "KMS.1103"),
    ("update-key-description", {"key_description": LONG}, "KMS.1103"),
    ("update-key-description", {"key_description": "\U0001f511" * 256}, "KMS.1103"),
    *((action, {"key_description": wrong}, {"KMS.1103", "KMS.0308"}) for action in ("create-key", "update-key-description") for wrong in (1, False,
                                                                                                                                          [], {})),
    *(("create-key", {"origin": wrong}, "KMS.0308") for wrong in ("", "KMS", "hsm", "external ", 1, [], {})),
    *(("create-key", {name: wrong}, "KMS.0308") for name in ("key_spec", "key_usage") for wrong in ("", "aes_256", "AES_512", 1, [])),
    # list-keys
    *(("list-keys", {"key_state": wrong}, "KMS.0308") for wrong in ("", "0", "6", "22", "2\n", "２", "a", 0, 6, 22, [], "-1", True)),
    *(("list-keys", {"enterprise_project_id": wrong}, "KMS.0308") for wrong in ("", "1", "ALL", "x" * 36, SEQUENCE.upper(), NOBODY + "\n", 1, [])),
    # data keys
    *((action, {"key_spec": wrong}, "KMS.0308") for action in ("create-datakey", "create-datakey-without-plaintext") for wrong in ("", "AES_192",
                                                                                                                                   "aes_256", "SM4",
                                                                                                                                   1, [])),
    *(("encrypt-datakey", {"plain_text": wrong}, "KMS.2101") for wrong in (
        "", "0", "zz" * 64, "0x" + "00" * 63, encoded_dek(b"x" * 32)[:-1], " " + encoded_dek(b"x" * 32), encoded_dek(b"x" * 32) + "\n", "00" * 32,
        "é" * 64, "０" * 128)),
    *(("encrypt-datakey", {"plain_text": wrong}, {"KMS.2101", "KMS.0308"}) for wrong in (1, True, [], {})),
    ("encrypt-datakey", {"plain_text": "00" * 64}, "KMS.2103"),
    ("encrypt-datakey", {"plain_text": encoded_dek(b"x" * 32)[:-2] + "00"}, "KMS.2103"),
    ("encrypt-datakey", {"plain_text": encoded_dek(b"x" * 1025), "datakey_plain_length": "1025"}, {"KMS.2102", "KMS.2101"}),
    *(("decrypt-datakey", {"cipher_text": wrong}, "KMS.2201") for wrong in ("", "0", "zz", "00", "00" * 188, "00" * 2000, "é" * 10)),
    *(("decrypt-datakey", {"cipher_text": wrong}, {"KMS.2201", "KMS.0308"}) for wrong in (1, True, [], {})),
    # small data
    *(("encrypt-data", {"plain_text": wrong}, "KMS.2101") for wrong in ("", "x" * 4097, "é" * 2049, "\U0001f511" * 1025)),
    *(("encrypt-data", {"plain_text": wrong}, {"KMS.2101", "KMS.0308"}) for wrong in (1, True, [], {}, ["x"])),
    *((action, {"encryption_algorithm": wrong}, "KMS.0308") for action in ("encrypt-data", "decrypt-data") for wrong in ("", "RSAES_OAEP_SHA_256",
                                                                                                                         "symmetric_default", 1)),
    *(("decrypt-data", {"cipher_text": wrong}, "KMS.2201") for wrong in ("", "x", "A" * 187, "A" * 188, "A" * 5648, "A" * 5649, "?" * 188,
                                                                         "A" * 187 + "=", "A" * 100_000, "-_" * 94)),
    *(("decrypt-data", {"cipher_text": wrong}, {"KMS.2201", "KMS.0308"}) for wrong in (1, True, [], {})),
    # contexts
    *((action, {"encryption_context": wrong}, "KMS.0208") for action in ("encrypt-data", "decrypt-data", "create-datakey",
                                                                         "create-datakey-without-plaintext",
                                                                        "encrypt-datakey", "decrypt-datakey")
      for wrong in ("", "{}", '{"a":"b"}', [], ["a"], 1, True, {"a": 1}, {"a": None}, {"a": True}, {"a": {}}, {"a": ["b"]}, {"a": "x" * 8185},
                    {"é" * 8190: ""})),
    *((action, {"additional_authenticated_data": wrong}, {"KMS.0308", "KMS.0208"}) for action in ("encrypt-data", "create-datakey",
                                                                                                  "encrypt-datakey")
      for wrong in ("x" * 129, "é" * 65, 1, [], {}, True)),
    # import
    *(("get-parameters-for-import", {"wrapping_algorithm": wrong}, "KMS.0308") for wrong in ("", "rsaes_oaep_sha_1", "RSAES_OAEP_SHA_512",
                                                                                             "RSAES_OAEP", 1, [])),
    *(("import-key-material", {"import_token": wrong}, "KMS.0308") for wrong in ("", "x" * 199, "x" * 6145, "-" * 200, "x" * 199 + "\n", 1, [])),
    *(("import-key-material", {"encrypted_key_material": wrong}, "KMS.0308") for wrong in ("", "x" * 343, "x" * 361, "?" * 344, 1, [])),
    *(("import-key-material", {"expiration_time": wrong}, {"KMS.0308", "KMS.2602"}) for wrong in ("", "x", "-1", -1, 1.5, "1e3", "９", [], True)),
    *(("import-key-material", {"expiration_time": wrong}, "KMS.2602") for wrong in (0, "0", 1, "1700000000", int(time.time()) - 5)),
    ("import-key-material", {}, "KMS.2605"), ("import-key-material", {"import_token": "A" * 6144}, "KMS.2605"),
    # searches
    *(("resource_instances/action", {"action": wrong}, "KMS.0404") for wrong in ("", "FILTER", "list", "filter ")),
    *(("resource_instances/action", {"action": wrong}, {"KMS.0404", "KMS.0308"}) for wrong in (1, [], {}, True)),
    *(("resource_instances/action", {"tags": wrong}, {"KMS.0412", "KMS.0308"}) for wrong in ("", "x", {}, 1, [1], ["x"], [[]], [None])),
    ("resource_instances/action", {"tags": [{"key": f"k{index}", "values": []} for index in range(11)]}, "KMS.0407"),
    ("resource_instances/action", {"tags": [{"key": "k", "values": [str(index) for index in range(11)]}]}, "KMS.0413"),
    ("resource_instances/action", {"tags": [{"key": "x" * 37, "values": ["v"]}]}, "KMS.0411"),
    ("resource_instances/action", {"tags": [{"key": "", "values": ["v"]}]}, {"KMS.0406", "KMS.0411"}),
    *(("resource_instances/action", {"matches": wrong}, {"KMS.0415", "KMS.0308"}) for wrong in ("", "x", {}, 1, [1], ["x"], [[]])),
    *(("resource_instances/action", {"matches": [{"key": wrong, "value": "x"}]}, "KMS.0403") for wrong in ("", "resource_id", "RESOURCE_NAME",
                                                                                                           "key_alias")),
    *(("resource_instances/action", {"matches": [{"key": "resource_name", "value": wrong}]}, "KMS.0402") for wrong in ("", "x" * 256)),
    # tags
    *(("{key}/tags/action", {"action": wrong}, "KMS.0404") for wrong in ("", "CREATE", "update", "create ")),
    *(("{key}/tags/action", {"action": wrong}, {"KMS.0404", "KMS.0308"}) for wrong in (1, [], {})),
    ("{key}/tags/action", {"action": "create", "tags": []}, "KMS.0401"), ("{key}/tags/action", {"action": "delete", "tags": []}, "KMS.0401"),
    *(("{key}/tags/action", {"action": action, "tags": tags("a", "b", "a")}, "KMS.0412") for action in ("create", "delete")),
    *(("{key}/tags/action", {"action": "create", "tags": wrong}, {"KMS.0412", "KMS.0308"}) for wrong in ("", "x", {}, 1, [1], ["x"], [[]], [None])),
    ("{key}/tags/action", {"action": "create", "tags": tags(*map(str, range(11)))}, {"KMS.0409", "KMS.0407"}),
    ("{key}/tags/action", {"action": "create", "tags": [*tags("a"), {"key": "b", "value": "x" * 44}]}, "KMS.0410"),
    *(("{key}/tags", {"tag": {"key": name, "value": "v"}}, code) for name, code in TAG_CODES.items()),
    *(("{key}/tags", {"tag": {"key": "k", "value": value}}, code) for value, code in VALUE_CODES.items()),
    *(("{key}/tags/action", {"action": "create", "tags": tags("good", name)}, code) for name, code in TAG_CODES.items()),
    *(("{key}/tags/action", {"action": "create", "tags": [{"key": "k", "value": value}]}, code) for value, code in VALUE_CODES.items()),
    *(("{key}/tags", {"tag": wrong}, {"KMS.0412", "KMS.0308", "KMS.0406", "KMS.0204"}) for wrong in ("", "x", [], [{"key": "k", "value": "v"}], 1,
                                                                                                     True, {})),
]


def spelled(changes):
    return json.dumps(changes, ensure_ascii=True)[:60]


@pytest.mark.parametrize("action", sorted({action for action, _, _ in VALUES}))
def test_wrong_values(client, action):
    wrong = []
    for name, changes, codes in VALUES:
        if name == action:
            found = huawei_code(client.raw("POST", client.kms(path_of(client, action)), members_of(client, action, **changes)))
            if found not in ({codes} if isinstance(codes, str) else codes):
                wrong.append((spelled(changes), codes, found))
    assert not wrong
    assert client.tags(client.key) == {} and client.state(client.waiting) == PENDING_IMPORT


def test_every_code_that_an_api_can_answer_is_met_by_some_test():
    """The codes of section 8 outside brackets, apart from faults of the server and what takes longer than a test."""
    source = "".join(open(os.path.join(os.path.dirname(__file__), name)).read() for name in sorted(os.listdir(os.path.dirname(__file__)))
                     if "huawei" in name and name.endswith(".py") and name != "huawei_client.py")
    # 0303 and 2601 need a day to pass, 2203 a digest that does not fit under authentication, 0101 and 0102 a broken server.
    unmet = {code for code in MESSAGES if f'"{code}"' not in source} - {"KMS.0303", "KMS.2601", "KMS.2203", "KMS.0101", "KMS.0102"}
    assert not unmet


def test_values_at_their_limits_are_taken(client):
    for alias in ("x" * 255, "A", "0", ":", "/", "_", "-", "a:b/c_d-e", "default", "x/default/", "/defaulT"):
        try:
            client.create(alias)
        except HuaweiRefused as refused:
            raise AssertionError(alias) from refused
    key = client.create(key_description="é" * 255)
    assert client.describe(key)["key_description"] == "é" * 255
    client.post(f"{key}/tags", {"tag": {"key": "é" * 36, "value": "\U0001f511" * 43}})
    client.post(f"{key}/tags", {"tag": {"key": "no value"}})
    client.post(f"{key}/tags", {"tag": {"key": "Case", "value": ""}})
    client.post(f"{key}/tags", {"tag": {"key": "case", "value": "\x7f&?#%/ "}})
    assert client.tags(key) == {"é" * 36: "\U0001f511" * 43, "no value": "", "Case": "", "case": "\x7f&?#%/ "}
    assert client("list-keys", limit="2000")["total"] > 0 and client("list-keys", limit="1")["truncated"] == "true"
    context = {"a": "x" * (8192 - len('{"a":""}'))}
    blob = client.encrypt(key, "x", encryption_context=context)
    assert client.decrypt(blob, encryption_context=context) == "x"
    # Characters count, not bytes.
    context = {"é": "世" * (8192 - len('{"é":""}'))}
    blob = client.encrypt(key, "x", encryption_context=context)
    assert client.decrypt(blob, encryption_context=context) == "x"
    assert client.refusal("encrypt-data", key_id=key, plain_text="x", encryption_context={**context, "": ""}) == "KMS.0208"
    blob = client.encrypt(key, "x", additional_authenticated_data="é" * 64)
    assert client.decrypt(blob, additional_authenticated_data="é" * 64) == "x"
    ten = [{"key": f"k{index}", "values": [str(value) for value in range(10)]} for index in range(10)]
    assert client("resource_instances/action", action="count", tags=ten) == {"total_count": 0}
    # What count does not look at is not checked.
    assert client("resource_instances/action", action="count", tags=ten, limit="-1", offset="x") == {"total_count": 0}


def test_aliases_are_case_sensitive_and_taken_by_keys_in_every_state(client):
    alias = unique_alias("Case")
    key = client.create(alias)
    client.create(alias.upper())
    client.create(alias.lower())
    assert client.refusal("create-key", key_alias=alias) == "KMS.1104"
    assert client.refusal("update-key-alias", key_id=client.key, key_alias=alias) == "KMS.1104"
    client("schedule-key-deletion", key_id=key, pending_days=7)
    assert client.refusal("create-key", key_alias=alias) == "KMS.1104"


# ---------------------------------------------------------------- states

STATES = {
    # code for: enabled, disabled, pending deletion, pending import; None where the call is answered
    "enable-key": ("KMS.1201", None, "KMS.1201", "KMS.1201"), "disable-key": (None, "KMS.1301", "KMS.1301", "KMS.1301"),
    "schedule-key-deletion": (None, None, "KMS.1402", None), "cancel-key-deletion": ("KMS.1501", "KMS.1501", None, "KMS.1501"),
    "encrypt-data": (None, "KMS.0209", "KMS.0210", "KMS.1301"), "create-datakey": (None, "KMS.0209", "KMS.0210", "KMS.1301"),
    "create-datakey-without-plaintext": (None, "KMS.0209", "KMS.0210", "KMS.1301"), "encrypt-datakey": (None, "KMS.0209", "KMS.0210", "KMS.1301"),
    "update-key-alias": (None, None, "KMS.0210", None), "update-key-description": (None, None, "KMS.0210", None),
    "describe-key": (None, None, None, None), "{key}/tags": (None, None, None, None), "{key}/tags/action": (None, None, None, None),
    "get-parameters-for-import": ("KMS.0310", "KMS.0310", "KMS.0310", None),
    "import-key-material": ("KMS.0310", "KMS.0310", "KMS.0310", "KMS.2605"),
    "delete-imported-key-material": (None, None, "KMS.2701", "KMS.2701"),
}


def key_in(client, index, origin="external"):
    """A new key in the state with this place in the table."""
    key = client.create(origin=origin)
    if index != 3 and origin == "external":
        client.bring(key, os.urandom(32))
    if index == 1:
        client("disable-key", key_id=key)
    if index == 2:
        client("schedule-key-deletion", key_id=key, pending_days="7")
    return key


@pytest.mark.parametrize("action", STATES)
@pytest.mark.parametrize("index", range(4), ids=["enabled", "disabled", "pending deletion", "pending import"])
def test_states_of_keys(client, action, index):
    key = key_in(client, index)
    before = client.describe(key)
    members = members_of(client, action, **({"key_id": key} if "key_id" in APIS[action] else {}))
    code = huawei_code(client.raw("POST", client.kms(path_of(client, action, key)), members))
    assert code == STATES[action][index]
    if code:
        assert client.describe(key) == before


@pytest.mark.parametrize("index, code", [(1, "KMS.0209"), (2, "KMS.0210")], ids=["disabled", "pending deletion"])
def test_decryption_obeys_the_state(client, index, code):
    key = client.create()
    blob, dek = client.encrypt(key), client("create-datakey", key_id=key)["cipher_text"]
    client(("", "disable-key", "schedule-key-deletion")[index], key_id=key, **({"pending_days": "7"} if index == 2 else {}))
    assert client.refusal("decrypt-data", cipher_text=blob) == code
    assert client.refusal("decrypt-datakey", key_id=key, cipher_text=dek, datakey_cipher_length="32") == code


@pytest.mark.parametrize("action", ["get-parameters-for-import", "import-key-material", "delete-imported-key-material"])
@pytest.mark.parametrize("index", range(3))
def test_generated_keys_take_no_material(client, action, index):
    key = key_in(client, index, "kms")
    assert client.refusal(action, **members_of(client, action, key_id=key)) == "KMS.0309"


def test_imports_are_checked_in_their_order(client):
    waiting, other, enabled = client.create(origin="external"), client.create(origin="external"), key_in(client, 0)
    parameters, others = (client("get-parameters-for-import", key_id=key, wrapping_algorithm="RSAES_OAEP_SHA_256") for key in (waiting, other))
    good = {"key_id": waiting, "import_token": parameters["import_token"], "encrypted_key_material": wrapped(parameters, os.urandom(32))}
    past, shape = {"expiration_time": 1}, {"import_token": "-" * 200}
    token = parameters["import_token"]
    middle = len(token) // 2
    forged = {"import_token": token[:middle] + ("A" if token[middle] != "A" else "B") + token[middle + 1:]}
    foreign = {"import_token": others["import_token"]}
    garbage = {"encrypted_key_material": "A" * 344}
    size = {"encrypted_key_material": wrapped(parameters, os.urandom(31))}
    for changes, code in (
            ([{"key_id": client.key}, shape, past], "KMS.0309"), ([{"key_id": enabled}, shape, past], "KMS.0310"),
        ([shape, past, garbage], "KMS.0308"),
            ([past, forged, garbage], "KMS.2602"), ([forged, garbage], "KMS.2605"), ([foreign, garbage], "KMS.2603"), ([garbage], "KMS.0311"),
        ([size], "KMS.2604")):
        members = dict(good)
        for change in changes:
            members |= change
        assert client.refusal("import-key-material", **members) == code, changes
        assert client.state(waiting) == PENDING_IMPORT
    for algorithm in ("RSAES_PKCS1_V1_5", "RSAES_OAEP_SHA_1"):
        parameters = client("get-parameters-for-import", key_id=waiting, wrapping_algorithm=algorithm)
        for material in ("A" * 344, wrapped(parameters, os.urandom(16), algorithm)):
            assert client.refusal("import-key-material", key_id=waiting, import_token=parameters["import_token"],
                                  encrypted_key_material=material) in ("KMS.0311", "KMS.2604")
    assert client("import-key-material", **good) == {}
    assert client.state(waiting) == ENABLED


def test_material_that_has_ended_is_not_used(client):
    key = client.create(origin="external")
    client.bring(key, os.urandom(32), expiration_time=int(time.time()) + 2)
    blob = client.encrypt(key)
    deadline = time.time() + 30
    while (code := client.outcome("decrypt-data", cipher_text=blob)) is None:
        assert time.time() < deadline
        time.sleep(0.1)
    assert code == "KMS.1301"
    assert client.outcome("encrypt-data", key_id=key, plain_text="x") == "KMS.1301"


# ---------------------------------------------------------------- several faults at once

ORDER = [
    # action, members, code
    ("no-such-api", b"x", "KMS.0201"),
    ("schedule-key-deletion", b'{"pending_days":', "KMS.0202"),
    ("schedule-key-deletion", {"key_id": "x", "sequence": "x"}, "KMS.0204"),
    ("schedule-key-deletion", {"key_id": "x", "pending_days": None, "sequence": 1}, "KMS.0204"),
    ("schedule-key-deletion", {"key_id": "x", "pending_days": "1", "sequence": "x"}, "KMS.0206"),
    ("schedule-key-deletion", {"key_id": "x", "pending_days": "1"}, "KMS.0205"),
    ("schedule-key-deletion", {"key_id": NOBODY, "pending_days": "1"}, "KMS.0205"),
    ("schedule-key-deletion", {"key_id": "default", "pending_days": "1"}, "KMS.0211"),
    ("schedule-key-deletion", {"key_id": "pending", "pending_days": "1"}, "KMS.1401"),
    ("schedule-key-deletion", {"key_id": "pending", "pending_days": "7"}, "KMS.1402"),
    ("create-key", {"key_alias": "bad alias", "sequence": "x"}, "KMS.0206"),
    ("disable-key", {"key_id": "disabled", "sequence": "x"}, "KMS.0206"),
    ("disable-key", {"key_id": "default", "sequence": "x"}, "KMS.0206"),
    ("update-key-alias", {"key_id": NOBODY, "key_alias": "bad alias"}, "KMS.0205"),
    ("update-key-alias", {"key_id": "default", "key_alias": "bad alias"}, "KMS.0211"),
    ("update-key-alias", {"key_id": "pending", "key_alias": "bad alias"}, "KMS.1101"),
    ("update-key-alias", {"key_id": "pending", "key_alias": "kms/default"}, "KMS.1101"),
    ("update-key-description", {"key_id": NOBODY, "key_description": LONG}, "KMS.0205"),
    ("update-key-description", {"key_id": "default", "key_description": LONG}, "KMS.0211"),
    ("update-key-description", {"key_id": "pending", "key_description": LONG}, "KMS.1103"),
    ("encrypt-data", {"key_id": NOBODY, "plain_text": ""}, "KMS.0205"),
    ("encrypt-data", {"key_id": "disabled", "plain_text": ""}, "KMS.2101"),
    ("encrypt-data", {"key_id": "disabled", "plain_text": "x", "encryption_context": 1}, "KMS.0208"),
    ("encrypt-data", {"key_id": "disabled", "plain_text": "x", "sequence": "x"}, "KMS.0206"),
    ("decrypt-data", {"cipher_text": "nonsense", "sequence": "x"}, "KMS.0206"),
    ("decrypt-data", {"cipher_text": "nonsense", "key_id": NOBODY}, "KMS.0205"),
    ("create-datakey", {"key_id": NOBODY, "datakey_length": "7"}, "KMS.0205"),
    ("create-datakey", {"key_id": "disabled", "datakey_length": "7"}, "KMS.1901"),
    ("create-datakey", {"key_id": "disabled", "key_spec": "x"}, "KMS.0308"),
    ("encrypt-datakey", {"key_id": NOBODY, "plain_text": "zz", "datakey_plain_length": "x"}, "KMS.0205"),
    ("encrypt-datakey", {"key_id": "disabled", "plain_text": "zz", "datakey_plain_length": "32"}, "KMS.2101"),
    ("encrypt-datakey", {"key_id": "disabled", "plain_text": "00" * 64, "datakey_plain_length": "2000"}, "KMS.2102"),
    ("decrypt-datakey", {"key_id": NOBODY, "cipher_text": "zz", "datakey_cipher_length": "x"}, "KMS.0205"),
    ("decrypt-datakey", {"key_id": "disabled", "cipher_text": "zz", "datakey_cipher_length": "32"}, "KMS.2201"),
    ("decrypt-datakey", {"key_id": "disabled", "cipher_text": "zz", "datakey_cipher_length": "32", "sequence": "x"}, "KMS.0206"),
    ("get-parameters-for-import", {"key_id": NOBODY, "wrapping_algorithm": "x"}, "KMS.0205"),
    ("get-parameters-for-import", {"key_id": "default", "wrapping_algorithm": "x"}, "KMS.0211"),
    ("import-key-material", {"key_id": NOBODY, "import_token": "x", "encrypted_key_material": "x"}, "KMS.0205"),
    ("import-key-material", {"key_id": "default", "import_token": "x", "encrypted_key_material": "x"}, "KMS.0211"),
    ("import-key-material", {"key_id": "key", "import_token": "x", "encrypted_key_material": "x", "sequence": "x"}, "KMS.0206"),
    ("{nobody}/tags", {"tag": {"key": "", "value": ""}}, "KMS.0205"),
    ("{nobody}/tags", {"tag": {"key": "", "value": ""}, "sequence": "x"}, "KMS.0206"),
    ("{nobody}/tags", {}, "KMS.0204"),
    ("{nobody}/tags/action", {"action": "x", "tags": []}, "KMS.0205"),
    ("update-key-rotation-interval", {"key_id": NOBODY, "rotation_interval": 1}, "KMS.0205"),
    ("create-grant", {"key_id": NOBODY, "grantee_principal": "x", "operations": []}, "KMS.0205"),
    ("sign", {"key_id": NOBODY, "message": "?", "signing_algorithm": "x"}, "KMS.0205"),
]


@pytest.mark.parametrize("action, members, code", ORDER, ids=[f"{action} {code} {index}" for index, (action, _, code) in enumerate(ORDER)])
def test_of_several_faults_the_first_in_order_is_told(client, action, members, code):
    if isinstance(members, dict) and members.get("key_id") in ("default", "pending", "disabled", "key"):
        members = {**members, "key_id": getattr(client, members["key_id"])}
    assert client.refusal_of("POST", action.replace("{nobody}", NOBODY), members) == code


def test_credentials_come_first(server, client):
    for action, body in (("no-such-api", b"x"), ("list-keys", b"{"), ("describe-key", b"{}")):
        target = client.kms(action)
        assert huawei_code(client.send("POST", target, {"Host": client.host, "Content-Type": "application/json"}, body)) == "KMS.0301"
        assert huawei_code(client.send("POST", target, {"Host": client.host, "X-Auth-Token": "A" * 100}, body)) == "KMS.0302"
        assert huawei_code(client.raw("POST", target, body, body_hash="0" * 64)) == SIGNATURE


# ---------------------------------------------------------------- tags of a path

def test_tags_whose_names_need_escapes(client):
    key = client.create()
    names = ["a/b", "a b", "键", "a?b", "a#b", "a%b", "a%2Fb", "a+b", "..", ".", "action", "\U0001f511"]
    for name in names[:10]:
        client.post(f"{key}/tags", {"tag": {"key": name, "value": "v"}})
    for name in names[:10]:
        assert client.delete(f"{key}/tags/{urllib.parse.quote(name, safe='')}") is None
    assert client.tags(key) == {}
    for wrong in ("%ff", "%C0%AF", "", "x" * 37):
        code = client.refusal_of("DELETE", f"{key}/tags/{wrong}")
        assert code in ("KMS.0406", "KMS.0411", "KMS.0201"), wrong


def test_an_absent_tag_is_told_or_passed_over(client):
    answer = client.raw("DELETE", client.kms(f"{client.key}/tags/none"))
    assert answer[0] in (204, 400, 404)
    if answer[0] != 204:
        assert json.loads(answer[2])["error"]["error_code"] == "KMS.0406"


def test_changes_of_several_tags_are_all_or_nothing(client):
    key = client.create()
    client.tag(key, **{f"k{index}": "v" for index in range(8)})
    for wrong, code in (([*tags("new"), *tags("k1"), *tags("")], "KMS.0406"), (tags("a", "b", "c"), "KMS.0409"), (tags("a", "a"), "KMS.0412")):
        assert client.refusal_of("POST", f"{key}/tags/action", {"action": "create", "tags": wrong}) == code
        assert client.tags(key) == {f"k{index}": "v" for index in range(8)}
    client.tag(key, k0="new", a="1", b="2")
    assert len(client.tags(key)) == 10 and client.tags(key)["k0"] == "new"


def test_answers_without_a_body_leave_the_connection_in_order(server, client):
    key = client.create()
    with HuaweiRaw(server) as peer:
        one = client.request_bytes(f"{key}/tags", b'{"tag":{"key":"a","value":"b"}}')
        gone = client.kms(f"{key}/tags/a")
        delete = head_bytes("DELETE", gone, client.headers("DELETE", gone))
        last = client.request_bytes("describe-key", json.dumps({"key_id": key}).encode())
        peer.send(one + delete + last)
        answers = []
        for has_body in (False, False, True):
            answers.append(peer.response(has_body=has_body))
        assert [answer[0] for answer in answers] == [204, 204, 200]
        for status, headers, _ in answers[:2]:
            assert headers["Content-Length"] is None and headers["Transfer-Encoding"] is None and headers["Content-Type"] is None
            assert UUID.fullmatch(headers["X-Request-Id"])
        assert len({answer[1]["X-Request-Id"] for answer in answers}) == 3


# ---------------------------------------------------------------- signatures

def send_signed(client, action="list-keys", body=b"{}", change=lambda headers: headers, method="POST", target=None, sent=None, **options):
    """A request that is signed in one way and sent in another; its code."""
    signed_target = client.kms(action)
    headers = change(client.headers(method, signed_target, body, **options))
    return huawei_code(client.send(method, target or signed_target, headers, body if sent is None else sent))


def with_authorization(change):
    return lambda headers: {**headers, "Authorization": change(headers["Authorization"])}


AUTHORIZATIONS = {
    "algorithm alone": lambda text: "SDK-HMAC-SHA256", "nothing after it": lambda text: "SDK-HMAC-SHA256 ",
    "nonsense": lambda text: "SDK-HMAC-SHA256 x",
    "no access": lambda text: text.replace("Access=", "Acces="), "empty access": lambda text: text.replace(text.split("Access=")[1].split(",")[0],
                                                                                                           ""),
    "no signed headers": lambda text: text.replace("SignedHeaders=", "Signed="), "no signature": lambda text: text[:text.index(", Signature")],
    "empty signature": lambda text: text[:-64], "short signature": lambda text: text[:-1], "long signature": lambda text: text + "0",
    "capitals": lambda text: text[:-64] + text[-64:].upper(), "no hexadecimal": lambda text: text[:-1] + "g",
    "zero": lambda text: text[:-64] + "0" * 64,
    "last digit": lambda text: text[:-1] + ("0" if text[-1] != "0" else "1"), "commas": lambda text: text.replace(", ", ";"),
    "unknown access": lambda text: text.replace("Access=", "Access=X"), "fewer headers": lambda text: text.replace("content-type;", ""),
    "more headers": lambda text: text.replace("SignedHeaders=", "SignedHeaders=accept;"),
    "other order": lambda text: text.replace("content-type;host", "host;content-type"),
    "capital names": lambda text: text.replace("content-type;host", "Content-Type;Host"),
    "no names": lambda text: text.replace("content-type;host;x-sdk-date", ""),
    "a name twice": lambda text: text.replace("host;", "host;host;"), "signature twice": lambda text: text + ", Signature=" + text[-64:],
    "access twice": lambda text: text.replace("SDK-HMAC-SHA256 ", "SDK-HMAC-SHA256 Access=x, "),
    "joined algorithm": lambda text: text.replace("SHA256 ", "SHA256x "),
}


@pytest.mark.parametrize("change", AUTHORIZATIONS.values(), ids=AUTHORIZATIONS)
def test_broken_authorizations(client, change):
    assert send_signed(client) is None
    assert send_signed(client, change=with_authorization(change)) == SIGNATURE


@pytest.mark.parametrize("algorithm", ["SDK-HMAC-SM3", "SDK-ECDSA-P256-SHA256", "SDK-SM2-SM3", "V11-HMAC-SHA256", "HMAC-SHA256", "Bearer",
                                       "sdk-hmac-sha256"])
def test_other_algorithms(client, algorithm):
    assert send_signed(client, change=with_authorization(lambda text: text.replace("SDK-HMAC-SHA256", algorithm))) in (SIGNATURE, "KMS.0301")


def test_whatever_is_signed_must_arrive_as_it_was_signed(server, client):
    other = client.kms("user-instances")
    assert send_signed(client, sent=b"{ }") == SIGNATURE
    assert send_signed(client, body=b"", sent=b"{}") == SIGNATURE
    assert send_signed(client, target=other) == SIGNATURE
    assert send_signed(client, target=client.kms("list-keys?x=y")) == SIGNATURE
    assert send_signed(client, "list-keys?x=y", target=client.kms("list-keys?x=z")) == SIGNATURE
    assert send_signed(client, "list-keys?x=y", target=client.kms("list-keys")) == SIGNATURE
    for name in ("Host", "Content-Type", "X-Sdk-Date"):
        assert send_signed(client, change=lambda headers: {**headers, name: headers[name] + "x"}) == SIGNATURE
    for name in ("Content-Type", "X-Sdk-Date"):
        assert send_signed(client, change=lambda headers: {key: value for key, value in headers.items() if key != name}) == SIGNATURE
    for date in (-5, 5):
        assert send_signed(client, change=lambda headers: {**headers, "X-Sdk-Date": huawei_date(date)}) == SIGNATURE
    # A signature for one method is none for another.
    headers = client.headers("GET", client.kms("user-instances"))
    assert huawei_code(client.send("DELETE", client.kms("user-instances"), headers)) == SIGNATURE


def test_what_need_not_be_signed_and_what_may_be(client):
    assert send_signed(client, drop=("host",)) is None
    assert send_signed(client, drop=("host", "content-type")) is None
    assert send_signed(client, drop=("x-sdk-date",)) == SIGNATURE
    extra = {"User-Agent": "huaweicloud-usdk-python/3.0 (x; y) #1/2", "X-Custom": "a  b;c", "X-Language": "en-us", "X-Empty": ""}
    assert send_signed(client, extra_signed=extra) is None
    assert send_signed(client, change=lambda headers: {**headers, "Accept": "*/*", "Accept-Encoding": "gzip, deflate", "X-Unsigned": "1"}) is None
    # The order of the headers in the request does not count, nor do the letters of their names.
    assert send_signed(client, change=lambda headers: dict(reversed(headers.items()))) is None
    assert send_signed(client, change=lambda headers: {name.upper(): value for name, value in headers.items()}) is None


@pytest.mark.parametrize("name", ["Host", "Content-Type", "X-Custom", "X-Sdk-Date"])
def test_blanks_around_a_value_are_not_part_of_it(client, name):
    """RFC 9110, 5.5: they are no part of the field's value."""
    assert send_signed(client, extra_signed={"X-Custom": "a"}, change=lambda headers: {**headers, name: f"  {headers[name]} "}) is None


def test_a_date_that_is_not_signed(client):
    """The header is there, but the signature does not cover it."""
    target = client.kms("list-keys")
    signed = {"host": client.host, "content-type": "application/json"}
    date = huawei_date()
    authorization = huawei_authorization(client.access_id, client.secret, "POST", target, {**signed, "x-sdk-date": date}, b"{}")
    canonical = canonical_request("POST", target, signed, hashlib.sha256(b"{}").hexdigest())
    text = f"SDK-HMAC-SHA256\n{date}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    signature = hmac.new(client.secret.encode(), text.encode(), hashlib.sha256).hexdigest()
    headers = {"Host": client.host, "Content-Type": "application/json", "X-Sdk-Date": date}
    assert huawei_code(client.send("POST", target, {**headers, "Authorization": authorization}, b"{}")) is None
    unsigned = f"SDK-HMAC-SHA256 Access={client.access_id}, SignedHeaders=content-type;host, Signature={signature}"
    assert huawei_code(client.send("POST", target, {**headers, "Authorization": unsigned}, b"{}")) == SIGNATURE


@pytest.mark.parametrize("seconds, ok", [(0, True), (899, True), (-897, True), (904, False), (-901, False), (DAY, False), (-DAY, False),
                                         (366 * DAY, False)])
def test_dates_may_be_fifteen_minutes_off(client, seconds, ok):
    answer = client.raw("POST", client.kms("list-keys"), b"{}", date=huawei_date(seconds))
    assert huawei_code(answer) == (None if ok else SIGNATURE)
    if not ok:
        assert "signature expired" in json.loads(answer[2])["error_msg"]


def test_malformed_dates(client):
    now = huawei_date()
    for date in ("", "x", now[:-1], now + "Z", now.replace("T", " "), now.replace("T", ""), now.lower(), f"{now[:4]}-{now[4:6]}-{now[6:]}",
                 str(int(time.time())),
                 now[:4] + "1301T000000Z", now[:4] + "0230T000000Z", now[:9] + "240000Z", now[:11] + "6000Z", now[:13] + "61Z", "-" + now[1:],
                 now.replace("0", "O"), "0000" + now[4:]):
        assert send_signed(client, date=date or " ") == SIGNATURE, date


def test_the_hash_of_the_body_in_a_header(client):
    right = hashlib.sha256(b"{}").hexdigest()
    for text, code in ((right, None), ("0" * 64, SIGNATURE), ("UNSIGNED-PAYLOAD", SIGNATURE), ("", SIGNATURE), (right.upper(), SIGNATURE)):
        assert send_signed(client, extra_signed={"X-Sdk-Content-Sha256": text}, body_hash=text or None) == code, text
    # A right header does not make up for a wrong hash in the signature.
    assert send_signed(client, extra_signed={"X-Sdk-Content-Sha256": right}, body_hash="0" * 64) == SIGNATURE


@pytest.mark.parametrize("name", ["Authorization", "X-Sdk-Date", "Content-Type", "X-Auth-Token", "X-Sdk-Content-Sha256", "X-Security-Token"])
def test_headers_given_twice(server, client, token, name):
    """Two headers that differ have two readings: neither counts."""
    target = client.kms("create-key")
    alias = unique_alias("twice")
    body = json.dumps({"key_alias": alias}).encode()
    if name == "X-Auth-Token":
        headers = {"Host": client.host, "X-Auth-Token": token}
        second = "A" * 40
    else:
        extra = {"X-Sdk-Content-Sha256": hashlib.sha256(body).hexdigest()} if name == "X-Sdk-Content-Sha256" else {}
        headers = client.headers("POST", target, body, extra_signed=extra)
        second = {"X-Sdk-Date": huawei_date(60), "Content-Type": "text/plain", "X-Security-Token": "A" * 40}.get(name, "x")
        if name == "X-Security-Token":
            headers[name] = "B" * 40
    for first in (True, False):
        lines = list({**headers, "Content-Length": str(len(body))}.items())
        lines = [*lines, (name, second)] if first else [(name, second), *lines]
        text = "".join(f"{key}: {value}\r\n" for key, value in lines)
        with HuaweiRaw(server) as peer:
            peer.send(f"POST {target} HTTP/1.1\r\n{text}\r\n".encode() + body)
            status, _, _ = peer.response()
        assert status in (400, 401, 403)
    assert client("resource_instances/action", action="count", matches=[{"key": "resource_name", "value": alias}]) == {"total_count": 0}


def test_a_signature_wins_over_a_token_and_anything_else_does_not(server, client, token):
    target = client.kms("list-keys")
    with HuaweiClient(server, token=token, project=client.project) as bearer:
        headers = bearer.headers("POST", target)
        assert huawei_code(bearer.send("POST", target, {**headers, "Authorization": "SDK-HMAC-SHA256 x"}, b"{}")) == SIGNATURE
        assert huawei_code(bearer.send("POST", target, {**headers, "Authorization": "Basic eDp5"}, b"{}")) is None
        signed = client.headers("POST", target, b"{}")
        assert huawei_code(bearer.send("POST", target, {**signed, "X-Auth-Token": "A" * 40}, b"{}")) is None
        assert huawei_code(bearer.send("POST", target, {"host": bearer.host, "x-AUTH-token": token}, b"{}")) is None


# ---------------------------------------------------------------- tokens

@pytest.mark.parametrize("text", ["", " ", "no!", "a b", "tökén", "a.b", "clv1.", "{}", "a,b", '"x"', "%20", "*" * 40])
def test_tokens_with_characters_that_no_token_has(server, client, text):
    target = client.kms("list-keys")
    with HuaweiRaw(server) as peer:
        peer.send(f"POST {target} HTTP/1.1\r\nHost: {client.host}\r\nX-Auth-Token: {text}\r\nContent-Length: 2\r\n\r\n{{}}".encode())
        assert peer.code() in (("KMS.0301",) if not text.strip() else ("KMS.0301", "KMS.0302"))


def test_tokens_that_nobody_gave(server, client, token):
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=_-"
    chance = random.Random(5)
    wrong = [token[:-1], token[:-2], token[1:], token[:len(token) // 2], token + "A", token + "=", token + "==", token * 2, "A" + token,
             token.upper(), token.lower(), "A", "=",
             "MIIYXQYJKoZIhvcNAQcCoIIYTjCCGEoCAQExDTAL", "A" * 4000, token.replace("clv1_", "clv1-"), token.removeprefix("clv1_")]
    for place in range(len(token)):
        letter = chance.choice([other for other in alphabet if other != token[place]])
        wrong.append(token[:place] + letter + token[place + 1:])
    wrong += [token[:-1] + letter for letter in alphabet if letter != token[-1]]
    with HuaweiClient(server, token=token, project=client.project) as bearer:
        assert bearer.outcome("list-keys") is None
        for text in wrong:
            bearer.token = text
            assert bearer.outcome("list-keys") == "KMS.0302", text
        bearer.token = token
        assert bearer.outcome("list-keys") is None


def test_one_kind_of_token_is_no_other(server, client, token):
    found = server.credentials
    session = sign_in(server, found["CLAVIGER_USER"], found["CLAVIGER_PASSWORD"])["token"]
    with AdminClient(server) as admin, HuaweiClient(server, token=session, project=client.project) as bearer:
        assert bearer.outcome("list-keys") in ("KMS.0301", "KMS.0302")
        temporary = admin.temporary()
        bearer.token = temporary.token
        assert bearer.outcome("list-keys") in ("KMS.0301", "KMS.0302")
    with AdminClient(server, bearer=token) as admin:
        assert admin.refusal("GET", "/whoami") in ("invalidToken", "missingCredentials", "malformedSignature")
    temporary = dataclasses.replace(temporary, token=token)
    with HuaweiClient(server, credentials=temporary, project=client.project) as other:
        assert other.outcome("list-keys") == SIGNATURE


@pytest.mark.parametrize("content_type", [None, "application/json", "application/json;charset=utf-8", "application/json; charset=UTF-8; x=y",
                                          "APPLICATION/JSON",
                                          'application/json; charset="utf-8"'])
def test_types_that_are_taken(client, content_type):
    assert send_signed(client, content_type=content_type, drop=() if content_type else ("content-type",)) is None


# ---------------------------------------------------------------- identity calls

def identity_refusal(server, body, query=""):
    try:
        answer = issue_token(server, body, query)
    except HuaweiRefused as refused:
        return refused.status
    raise AssertionError(f"the request was to be refused, but was answered {answer[1]}")


def changed(body, path, value):
    """The body with another value at a place; `...` takes the member away."""
    body = json.loads(json.dumps(body))
    *way, last = path.split(".")
    inner = body
    for name in way:
        inner = inner[name]
    if value is ...:
        del inner[last]
    else:
        inner[last] = value
    return body


USER = "auth.identity.password.user"
TOKEN_FAULTS = [
    *((path, value) for path in ("auth", "auth.identity", "auth.identity.password", USER) for value in (..., None, 1, "x", [], True)),
    *(("auth.identity.methods", value) for value in (..., None, [], "password", ["token"], ["Password"], [1], {}, ["totp"])),
    (f"{USER}.name", ...), (f"{USER}.password", ...), (f"{USER}.domain", ...), (f"{USER}.domain", {}),
    *((f"{USER}.{name}", value) for name in ("name", "password", "domain") for value in (None, 1, [], True)),
    (f"{USER}.domain", "claviger"), (f"{USER}.domain.name", None), (f"{USER}.domain.name", 1), (f"{USER}.domain.name", []),
    *(("auth.scope", value) for value in (1, "x", [], {}, {"project": {}}, {"project": None}, {"project": "ae-ad-1"}, {"project": {"name": 1}},
                                          {"project": {"name": None}},
                                          {"project": []}, {"domain": {}}, {"domain": {"name": 1}}, {"domain": "x"}, {"other": {}},
                                          {"project": {"name": "ae-ad-1"}, "domain": {"name": "claviger"}})),
]


@pytest.mark.parametrize("path, value", TOKEN_FAULTS, ids=[f"{path} {value}"[:70] for path, value in TOKEN_FAULTS])
def test_malformed_requests_for_tokens(server, path, value):
    assert identity_refusal(server, changed(root_token_request(server), path, value)) == 400


@pytest.mark.parametrize("body", [*MALFORMED.values(), b'{"auth":{"identity":NaN}}', b'{"auth":"\xff"}'], ids=[*MALFORMED, "NaN", "UTF-8"])
def test_requests_for_tokens_that_are_no_json(server, body):
    assert identity_refusal(server, body) == 400


def test_who_is_unknown_is_told_as_a_wrong_password(launch):
    server = launch()
    right = root_token_request(server)
    wrong = {"password": changed(right, f"{USER}.password", "wrong"), "user": changed(right, f"{USER}.name", "nobody"),
             "empty user": changed(right, f"{USER}.name", ""),
             "domain": changed(right, f"{USER}.domain.name", "nowhere"), "empty password": changed(right, f"{USER}.password", "")}
    seen = set()
    for name, body in wrong.items():
        with pytest.raises(HuaweiRefused) as refused:
            issue_token(server, body)
        assert refused.value.status == 401, name
        seen.add(refused.value.message)
    assert len(seen) == 1
    # The scope is looked at only after the password.
    assert identity_refusal(server, changed(wrong["user"], "auth.scope", {"project": {"name": "nowhere"}})) == 401
    assert issue_token(server, right)[0]


def test_projects_that_are_not_the_users(server, client):
    with AdminClient(server) as admin:
        made, other = admin.account()
        foreign = HuaweiClient(server, credentials=other.credentials)
    domain = foreign.call("GET", "/v3/auth/domains")["domains"][0]["id"]
    for scope in ({"project": {"name": "nowhere"}}, {"project": {"name": ""}}, {"project": {"id": foreign.project}}, {"project": {"id": "0" * 32}},
                  {"project": {"name": "AE-AD-1"}}, {"domain": {"id": domain}}, {"domain": {"name": "nowhere"}}):
        assert identity_refusal(server, root_token_request(server, scope)) == 401, scope
    foreign.close()


def test_what_a_token_says(server, client):
    before = time.time()
    token, said = issue_token(server, root_token_request(server))
    with AdminClient(server) as admin:
        account = admin.get("/account")
    assert said["methods"] == ["password"] and said["project"]["id"] == client.project and said["project"]["name"] == "ae-ad-1"
    assert said["user"]["domain"]["id"] == said["project"]["domain"]["id"] == account["domainId"]
    moments = []
    for name in ("issued_at", "expires_at"):
        date, fraction = said[name].split(".")
        assert len(fraction) == 7 and fraction.endswith("Z") and fraction[:6].isdigit()
        moments.append(time.mktime(time.strptime(date, "%Y-%m-%dT%H:%M:%S")) - time.timezone)
    assert moments[1] - moments[0] == DAY and abs(moments[0] - before) < 60
    assert said["roles"] and {"id", "name"} <= set(said["roles"][0])
    entry, = [entry for entry in said["catalog"] if entry["type"] == "kms"]
    endpoint = entry["endpoints"][0]
    assert {"id", "url", "region", "region_id", "interface"} <= set(endpoint) and endpoint["region"] == "ae-ad-1"
    assert client.project in endpoint["url"] or endpoint["url"].startswith(server.url)
    assert not issue_token(server, root_token_request(server), "?nocatalog=true")[1].get("catalog")
    assert issue_token(server, root_token_request(server), "?nocatalog=")[1]["catalog"]
    # Getting another one does not end the first, and no two are equal.
    others = {issue_token(server, root_token_request(server))[0] for _ in range(5)}
    assert len(others | {token}) == 6
    for text in others | {token}:
        with HuaweiClient(server, token=text, project=client.project) as bearer:
            assert bearer.outcome("list-keys") is None


@pytest.mark.parametrize("by", ["name", "id"])
def test_users_domains_and_projects_by_name_and_by_id(server, client, by):
    _, said = issue_token(server, root_token_request(server))
    body = root_token_request(server, {"project": {by: said["project"][by]}})
    if by == "id":
        body = changed(body, f"{USER}.domain", {"id": said["user"]["domain"]["id"]})
        assert issue_token(server, body)[1]["user"]["id"] == said["user"]["id"]
        body = changed(changed(changed(body, f"{USER}.domain", ...), f"{USER}.name", ...), f"{USER}.id", said["user"]["id"])
    assert issue_token(server, body)[1]["user"]["id"] == said["user"]["id"]


@pytest.mark.parametrize("scope", ["domain name", "domain id", "none"])
def test_a_token_for_the_whole_domain_opens_identity_calls_and_no_keys(server, client, scope):
    _, said = issue_token(server, root_token_request(server))
    domain = said["user"]["domain"]
    body = root_token_request(server, {"domain": {"name": domain["name"]} if scope == "domain name" else {"id": domain["id"]}})
    if scope == "none":
        body = changed(body, "auth.scope", ...)
    token, said = issue_token(server, body)
    assert said.get("project") is None
    with HuaweiClient(server, token=token, project=client.project) as bearer:
        assert [project["id"] for project in bearer.call("GET", "/v3/projects?name=ae-ad-1")["projects"]] == [client.project]
        assert bearer.call("GET", "/v3/auth/domains")["domains"][0]["id"] == domain["id"]
        assert bearer.outcome("list-keys") == "KMS.0305"


def test_a_token_is_checked_and_ended(server, client):
    (token, said), (other, _) = (issue_token(server, root_token_request(server)) for _ in range(2))
    with HuaweiClient(server, token=other, project=client.project) as bearer, HuaweiClient(server, token=token, project=client.project) as subject:
        def about(method, text):
            return bearer.send(method, TOKENS, {**bearer.headers(method, TOKENS), "X-Subject-Token": text})

        shown = huawei_sound(*about("GET", token))["token"]
        assert {name: shown[name] for name in ("issued_at", "expires_at", "user", "project")} == {
            name: said[name] for name in ("issued_at", "expires_at", "user", "project")}
        assert subject.outcome("list-keys") is None
        assert huawei_sound(*about("DELETE", token)) is None
        assert subject.outcome("list-keys") == "KMS.0302"
        assert huawei_code(about("GET", token)) in (401, 404) and huawei_code(about("DELETE", token)) in (401, 404)
        for wrong in ("x", token + "A", "a b"):
            assert huawei_code(about("GET", wrong)) in (401, 404)
            assert huawei_code(about("DELETE", wrong)) in (401, 404)
        assert huawei_code(bearer.raw("GET", TOKENS)) in (400, 401) and bearer.outcome("list-keys") is None
        # By the holder itself.
        assert huawei_sound(*about("DELETE", other)) is None
        assert bearer.outcome("list-keys") == "KMS.0302"
        assert huawei_code(bearer.raw("GET", "/v3/projects")) == 401


def test_tokens_of_another_account_are_unknown(server, client, token):
    with AdminClient(server) as admin:
        _, other = admin.account()
    with HuaweiClient(server, credentials=other.credentials) as foreign:
        for method in ("GET", "DELETE"):
            headers = foreign.headers(method, TOKENS)
            assert huawei_code(foreign.send(method, TOKENS, {**headers, "X-Subject-Token": token})) in (401, 404)
    with HuaweiClient(server, token=token, project=client.project) as bearer:
        assert bearer.outcome("list-keys") is None


IDENTITY_READS = ["/v3/projects", "/v3/auth/projects", "/v3/auth/domains"]


@pytest.mark.parametrize("path", IDENTITY_READS)
def test_identity_calls_need_credentials(client, path):
    for headers in ({}, {"X-Auth-Token": ""}, {"X-Auth-Token": "no!"}, {"X-Auth-Token": "A" * 60}):
        answer = client.send("GET", path, {"Host": client.host, **headers})
        assert huawei_code(answer) == 401
    assert huawei_code(client.raw("GET", path, body_hash="0" * 64)) == SIGNATURE
    assert huawei_code(client.raw("GET", path, date=huawei_date(-DAY))) == SIGNATURE
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        assert huawei_code(client.raw(method, path)) in (400, 404, 405), method


@pytest.mark.parametrize("path", ["/v3/", "/v3/x", "/v3/projects/", "/v3/project", "/v3/auth", "/v3/auth/token", "/v3/auth/tokens/", "/v3/users",
                                  "/v3//projects",
                                  "/v3/PROJECTS", "/v3/OS-CREDENTIAL/credentials"])
def test_unknown_identity_paths(client, path):
    assert huawei_code(client.raw("GET", path)) == 404


def test_projects_are_filtered_exactly(server, client):
    def names(query=""):
        return [project["name"] for project in client.call("GET", "/v3/projects" + query)["projects"]]

    everything = client.call("GET", "/v3/projects")
    assert set(everything["links"]) == {"self", "next", "previous"}
    for project in everything["projects"]:
        assert {"id", "name", "domain_id", "parent_id", "is_domain", "enabled", "description", "links"} <= set(project)
        assert (project["is_domain"], project["enabled"], project["description"]) == (False, True, "") and project["links"]["self"]
    assert len(names()) == len(set(names())) == 4
    domain = everything["projects"][0]["domain_id"]
    for name in ("ae-ad-1", "cn-south-1", "cn-east-3", "cn-north-4", "cn-south-4", "ae%2Dad%2D1"):
        assert names(f"?name={name}") == [name.replace("%2D", "-")]
    for name in ("ae-ad", "AE-AD-1", "ae-ad-1%20", "%20ae-ad-1", "ae-ad-11", "*", "", "%25", "ae-ad-1%00"):
        assert names(f"?name={name}") == [], name
    assert names(f"?name=ae-ad-1&domain_id={domain}&enabled=true&page=1&per_page=10") == ["ae-ad-1"]
    assert names("?domain_id=0") == names("?enabled=false") == []
    assert client.call("GET", "/v3/auth/projects")["projects"] == everything["projects"]
    listed = client.call("GET", "/v3/auth/domains")["domains"]
    assert [(entry["id"], entry["name"], entry["enabled"]) for entry in listed] == [(domain, server.credentials["CLAVIGER_DOMAIN_NAME"], True)]


def test_every_answer_has_a_request_id_of_its_own(server, client):
    seen = []
    for method, path, body in (("POST", client.kms("list-keys"), b"{}"), ("POST", client.kms("x"), b"{}"), ("POST", client.kms("list-keys"), b""),
                               ("GET", "/v3/projects", b""),
                               ("GET", "/v3/nothing", b""), ("GET", "/v1.0", b""), ("GET", "/v1.0/x/kms/user-instances", b""),
                               ("HEAD", client.kms("tags"), b""),
                               ("POST", TOKENS, b"{}")):
        for headers in (client.headers(method, path, body), {"Host": client.host}, {"Host": client.host, "X-Auth-Token": "A" * 40}):
            status, answered, _ = client.send(method, path, headers, body)
            assert UUID.fullmatch(answered["X-Request-Id"]), (method, path)
            seen.append(answered["X-Request-Id"])
    assert len(set(seen)) == len(seen)


def test_a_connection_lives_over_refusals(client):
    client("list-keys")
    socket = client.connection.sock
    for _ in range(5):
        assert client.refusal("describe-key", key_id=NOBODY) == "KMS.0205" and client.refusal("x") == "KMS.0201"
        assert client.refusal_of("POST", "list-keys", b"{") == "KMS.0202" and client.refusal_of("GET", "list-keys") == "KMS.0201"
        assert send_signed(client, body_hash="0" * 64) == SIGNATURE
        assert huawei_code(client.send("GET", "/v3/projects", {"Host": client.host})) == 401
        assert huawei_code(client.send("GET", "/v3/x", {"Host": client.host})) == 404
        client.tag(client.key, alive="x")
        client.delete(f"{client.key}/tags/alive")
        assert client.connection.sock is socket and socket is not None


def test_pipelined_requests_are_answered_in_order(server, client):
    """Some are answered at once, others wait for the store or a computation."""
    waiting = client.create(origin="external")
    calls = [("describe-key", {"key_id": client.key}, "key_info"), ("gen-random", {"random_data_length": "8"}, "random_data"),
             ("list-keys", {"limit": "1"}, "keys"),
             ("update-key-description", {"key_id": client.key, "key_description": "x"}, "key_info"),
             ("encrypt-data", {"key_id": client.key, "plain_text": "x"}, "cipher_text"), ("x", {}, "error"),
             ("get-parameters-for-import", {"key_id": waiting, "wrapping_algorithm": "RSAES_OAEP_SHA_1"}, "public_key"),
             ("describe-key", {}, "error")]
    with HuaweiRaw(server, timeout=60) as peer:
        assert peer.send(b"".join(client.request_bytes(action, json.dumps(members).encode()) for action, members, _ in calls * 6))
        for _, _, member in calls * 6:
            assert member in json.loads(peer.response()[2])


def test_no_answer_tells_about_the_program(server, client):
    for method, path, body in itertools.product(("GET", "POST", "DELETE", "BREW"),
                                                ("/v1.0/%ff/kms/%00", "/v3/%2e%2e/x", client.kms("%c3%28"), "/v1.0/" + "x/" * 500), (b"", b"\xff")):
        status, _, text = client.send(method, path, {"Host": client.host, "X-Auth-Token": "A" * 40}, body)
        assert status in (400, 401, 403, 404, 405, 501)
        check_tells_nothing(text)


def test_random_bodies_never_break_anything(server, client):
    chance = random.Random(20221128)
    changing = {"create-key", "enable-key", "disable-key", "schedule-key-deletion", "cancel-key-deletion", "update-key-alias"}
    right = [(path_of(client, action), json.dumps(members_of(client, action)).encode()) for action in APIS if action not in changing]
    for _ in range(600):
        path, body = chance.choice(right)
        body = bytearray(body)
        for _ in range(chance.randint(1, 4)):
            place = chance.randrange(len(body))
            match chance.randrange(4):
                case 0: body[place] = chance.randrange(256)
                case 1: del body[place:place + chance.randint(1, 8)]
                case 2: body[place:place] = bytes(chance.choices(b'{}[]",:\\0e-\x00\xff', k=chance.randint(1, 4)))
                case 3: body[place:place] = body[max(0, place - 20):place]
            body = body or bytearray(b" ")
        answer = client.raw("POST", client.kms(path), bytes(body))
        assert answer[0] in (200, 204, 400), (path, bytes(body), answer)
        huawei_code(answer)
