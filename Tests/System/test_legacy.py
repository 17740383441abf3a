"""The legacy API v2 over real connections, and its keys seen from the newer API."""
import json
import os
import threading
import time
import urllib.parse

import pytest

import audit_log
from client import FORM, JSON, Client, Raw, b64, head_bytes, unique_alias
from legacy_client import PATH, LegacyClient, legacy_refusal, legacy_sound
from material import GUOMI, import_into, new_material, waiting_key

WAYS = [("GET", "HmacSHA1"), ("GET", "HmacSHA256"), ("POST", "HmacSHA1"), ("POST", "HmacSHA256")]


@pytest.fixture
def legacy(server):
    client = LegacyClient(server)
    yield client
    client.close()


def made(legacy, alias=None, **more):
    return legacy("CreateKey", alias=alias or unique_alias("legacy"), **more)["keyMetadata"]["keyId"]


@pytest.mark.parametrize("method, algorithm", WAYS)
def test_every_action_by_every_way_to_sign(legacy, method, algorithm):
    def call(action, **parameters):
        return legacy.call(action, parameters, method, algorithm=algorithm)

    alias = unique_alias("way")
    before = int(time.time())
    created = call("CreateKey", alias=alias, description="a b+c%&=ä钥\U0001f511", keyUsage="ENCRYPT/DECRYPT", type=1)["keyMetadata"]
    key = created["keyId"]
    assert before <= created.pop("createTime") <= time.time()
    assert created == {"keyId": key, "alias": alias, "description": "a b+c%&=ä钥\U0001f511", "keyState": "Enabled",
                       "keyUsage": "ENCRYPT/DECRYPT", "deleteTime": 0}
    call("SetKeyAttributes", keyId=key, alias=alias + "x")
    assert call("GetKeyAttributes", keyId=key)["keyMetadata"]["alias"] == alias + "x"
    assert {"keyId": key} in call("ListKey", limit=200)["keys"]
    call("DisableKey", keyId=key)
    assert call("GetKeyAttributes", keyId=key)["keyMetadata"]["keyState"] == "Disabled"
    assert legacy_refusal(call, "Encrypt", keyId=key, plaintext="YQ==") == 5100
    call("EnableKey", keyId=key)
    sealed = call("Encrypt", keyId=key, plaintext="YQ==", encryptionContext='{"a":"b"}')
    assert sealed["keyId"] == key
    opened = call("Decrypt", ciphertextBlob=sealed["ciphertextBlob"], encryptionContext='{"a": "b"}')
    assert (opened["keyId"], opened["plaintext"]) == (key, "YQ==")
    assert legacy_refusal(call, "Decrypt", ciphertextBlob=sealed["ciphertextBlob"]) == 5100
    data_key = call("GenerateDataKey", keyId=key, keySpec="AES_128", numberOfBytes=7)
    assert call("Decrypt", ciphertextBlob=data_key["ciphertextBlob"])["plaintext"] == data_key["plaintext"]
    assert len(data_key["plaintext"]) == 12


@pytest.mark.parametrize("region", [None, "gz", "ap-guangzhou", "sh", "ap-shanghai", "bj", "ap-beijing", GUOMI])
def test_keys_are_the_same_in_both_generations(server, region):
    names = {None: "ap-guangzhou", "gz": "ap-guangzhou", "sh": "ap-shanghai", "bj": "ap-beijing"}
    legacy, newer = LegacyClient(server, region), Client(server, names.get(region, region))
    key, other = made(legacy), newer.create(unique_alias("n" * 40))
    assert newer.metadata(key)["KeyState"] == "Enabled" and newer.metadata(key)["Type"] == (4 if region == GUOMI else 2)
    assert legacy("GetKeyAttributes", keyId=other)["keyMetadata"]["alias"] == newer.metadata(other)["Alias"]
    blob = newer("Encrypt", KeyId=key, Plaintext="YQ==", EncryptionContext='{"a":"b"}')["CiphertextBlob"]
    assert legacy("Decrypt", ciphertextBlob=blob, encryptionContext='{"a":"b"}')["plaintext"] == "YQ=="
    blob = legacy("Encrypt", keyId=other, plaintext="YQ==")["ciphertextBlob"]
    assert newer("Decrypt", CiphertextBlob=blob)["Plaintext"] == "YQ=="
    newer("RotateKey", KeyId=other)
    assert legacy("Decrypt", ciphertextBlob=blob)["plaintext"] == "YQ=="
    newer("ArchiveKey", KeyId=other)
    assert legacy("GetKeyAttributes", keyId=other)["keyMetadata"]["keyState"] == "Archived"
    assert legacy("Decrypt", ciphertextBlob=blob)["plaintext"] == "YQ=="
    assert legacy_refusal(legacy, "DisableKey", keyId=other) == 5100
    newer("BindCloudResource", KeyId=key, ProductId="p", ResourceId="r")
    assert legacy_refusal(legacy, "DisableKey", keyId=key) == 5100
    assert legacy_refusal(legacy, "CreateKey", alias=newer.metadata(key)["Alias"]) == 5100
    external = waiting_key(newer)
    assert legacy_refusal(legacy, "Encrypt", keyId=external, plaintext="YQ==") == 5100
    import_into(newer, external, new_material(newer))
    assert legacy("Encrypt", keyId=external, plaintext="YQ==")["keyId"] == external
    assert legacy("ListKey", limit=1)["keys"] == [{"keyId": external}]
    legacy.close()
    newer.close()


def test_deletion_is_offered_to_the_old_client(legacy):
    key = made(legacy)
    legacy("DisableKey", keyId=key)
    legacy("ScheduleKeyDeletion", keyId=key, pendingWindowInDays=7)
    metadata = legacy("GetKeyAttributes", keyId=key)["keyMetadata"]
    assert metadata["keyState"] == "PendingDelete" and metadata["deleteTime"] > time.time()
    legacy("CancelKeyDeletion", keyId=key)
    assert legacy("GetKeyAttributes", keyId=key)["keyMetadata"]["deleteTime"] == 0


@pytest.mark.parametrize("action, parameters, code", [
    ("CreateKey", {}, 4000), ("CreateKey", {"alias": ""}, 4000), ("CreateKey", {"alias": "a" * 33}, 4000), ("CreateKey", {"alias": "ä"}, 4000),
    ("CreateKey", {"alias": "kms-x"}, 4000), ("CreateKey", {"alias": "a\x00"}, 4000), ("CreateKey", {"alias": "q", "type": 2}, 4000),
    ("CreateKey", {"alias": "q", "keyUsage": "ENCRYPT_DECRYPT"}, 4000), ("CreateKey", {"alias": "q", "description": "x" * 1025}, 4000),
    ("CreateKey", {"alias": "q", "type": "x"}, 4000), ("CreateKey", {"Alias": "q"}, 4000), ("CreateKey", {"alias": "q", "unknown": "x"}, 4000),
    ("GetKeyAttributes", {"keyId": "x"}, 4000), ("GetKeyAttributes", {"keyId": "00000000-0000-4000-8000-000000000000"}, 5000),
    ("GetKeyAttributes", {"keyId.0": "x"}, 4000), ("ListKey", {"limit": 201}, 4000), ("ListKey", {"limit": -1}, 4000),
    ("Decrypt", {"ciphertextBlob": "garbage"}, 5100), ("Decrypt", {"ciphertextBlob": ""}, 5100), ("DescribeKey", {}, 4000),
    ("RotateKey", {"keyId": "00000000-0000-4000-8000-000000000000"}, 4000), ("Claviger.CreateProductKey", {"Product": "p"}, 4000),
    ("createkey", {"alias": "q"}, 4000), ("", {}, 4000),
])
def test_faults_have_their_numbers(legacy, action, parameters, code):
    for method in ("GET", "POST"):
        assert legacy_refusal(legacy.call, action, parameters, method) == code


def test_plaintexts_have_their_limit(legacy):
    key = made(legacy)
    for plaintext, code in ((b64(b"x" * 4097), 4000), ("", 4000), ("YQ", 4000)):
        assert legacy_refusal(legacy, "Encrypt", keyId=key, plaintext=plaintext) == code
    whole = b64(os.urandom(4096))
    blob = legacy("Encrypt", keyId=key, plaintext=whole)["ciphertextBlob"]
    assert legacy("Decrypt", ciphertextBlob=blob)["plaintext"] == whole


@pytest.mark.parametrize("common, code", [
    ({"SecretId": "AKIDnobody"}, 4104), ({"Timestamp": int(time.time()) - 86400}, 4500), ({"Timestamp": int(time.time()) + 86400}, 4500),
    ({"SecretId": None}, 4000), ({"Timestamp": None}, 4000), ({"Nonce": None}, 4000), ({"Action": None}, 4000),
    ({"Timestamp": "abc"}, 4000), ({"Nonce": "abc"}, 4000), ({"Region": "nowhere"}, 4000),
])
def test_credentials_are_checked(legacy, common, code):
    for method in ("GET", "POST"):
        assert legacy_refusal(legacy.call, "ListKey", {}, method, **common) == code


def test_a_signature_is_that_of_the_request_and_a_nonce_serves_once(legacy):
    parameters = legacy.parameters("ListKey", {"limit": 1})
    assert legacy.send_parameters({**parameters, "limit": "2"})["code"] == 4100
    assert legacy.send_parameters({**parameters, "Signature": ""})["code"] == 4000
    assert legacy.send_parameters({**parameters, "Signature": "garbage"})["code"] == 4100
    assert legacy.send_parameters(parameters, "POST")["code"] == 4100
    assert legacy.send_parameters(parameters)["code"] == 0
    assert legacy.send_parameters(parameters)["code"] == 4500
    elsewhere = urllib.parse.urlencode(legacy.parameters("ListKey") | {"Version": "2019-01-18"})
    legacy.connection.request("GET", "/?" + elsewhere, headers={"Host": legacy.host})
    answer = legacy.connection.getresponse()
    assert json.loads(answer.read())["Response"]["Error"]["Code"] == "AuthFailure.SignatureFailure"


def test_the_old_client_leaves_file_names_out_of_what_it_signs(legacy):
    """For it a text that starts with @ names a file. Only a description can be one, and nothing else may be there unsigned."""
    created = legacy("CreateKey", alias=unique_alias("file"), description="@file")["keyMetadata"]
    assert created["description"] == "@file"
    key = made(legacy)
    context = '@{"a":"b"}'
    assert legacy_refusal(legacy, "Encrypt", keyId=key, plaintext="YQ==", encryptionContext=context) in (4000, 4100)
    assert legacy.send_parameters({**legacy.parameters("ListKey", {}, "POST"), "limit": "@1"}, "POST")["code"] in (4000, 4100)
    # A GET signs all there is.
    parameters = legacy.parameters("CreateKey", {"alias": unique_alias("file")})
    assert legacy.send_parameters({**parameters, "description": "@file"})["code"] == 4100


# ---------------------------------------------------------------- framing

def test_a_query_has_32_kilobytes(legacy):
    def target(size):
        parameters = legacy.parameters("ListKey", {"limit": 1}, RequestClient="x")
        rest = size - len(urllib.parse.urlencode(parameters))
        return legacy.parameters("ListKey", {"limit": 1}, RequestClient="x" * (1 + rest))

    for size, accepted in ((32 * 1024 - 100, True), (32 * 1024 + 100, False)):
        answer = legacy.send_parameters(target(size))
        assert (answer["code"] == 0) == accepted, (size, answer)
    assert legacy("ListKey")["code"] == 0


def test_a_form_has_a_megabyte(server, legacy):
    assert legacy.call("ListKey", {"limit": 1}, "POST", RequestClient="x" * (2**20 - 2000))["code"] == 0
    body = urllib.parse.urlencode(legacy.parameters("ListKey", {}, "POST", RequestClient="x" * 2**20)).encode()
    with Raw(server, timeout=60) as peer:
        data = head_bytes("POST", PATH, {"Host": legacy.host, "Content-Type": FORM, "Content-Length": str(len(body))}) + body
        sender = threading.Thread(target=peer.send, args=(data,))
        sender.start()
        answer = peer.response()
        sender.join(60)
    assert answer is None or answer[0] == 413 or legacy_sound(*answer)["code"] == 4000
    assert legacy("ListKey")["code"] == 0


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "PROPFIND"])
def test_other_methods_are_refused_in_the_envelope(legacy, method):
    for _ in range(2):
        assert legacy.send(method, PATH, {"Content-Type": FORM}, b"Action=ListKey")["code"] == 4600
    assert legacy("ListKey")["code"] == 0


@pytest.mark.parametrize("type, body", [
    (JSON, b"{}"), (JSON, b'{"Action":"ListKey"}'), (JSON, b""), ("text/plain", b"Action=ListKey"), ("multipart/form-data; boundary=x", b"--x--"),
    (FORM, b""), (FORM, b"&&&"), (FORM, b"Action=%ff"), (FORM, b"Action=%"), (FORM, b"Action=a&Action=b"), (FORM, b"\x00\xff"),
    (FORM, b"SecretId=%00&Signature=x&Timestamp=1&Nonce=1&Action=ListKey"),
])
def test_bad_bodies_are_refused_and_the_connection_stays(legacy, type, body):
    for _ in range(2):
        assert legacy.send("POST", PATH, {"Content-Type": type}, body)["code"] in (4000, 4104, 4500)
        assert legacy("ListKey")["code"] == 0


@pytest.mark.parametrize("query", ["", "x", "Action=ListKey", "AccessKeyId=LTAIx&Action=ListKeys&Version=2016-01-20&Signature=x", "SecretId=x",
                                   "Action=ListKey&AccessKeyId=x&SecretId=y"])
def test_every_request_to_the_path_is_answered_in_its_envelope(legacy, query):
    for _ in range(2):
        assert legacy.send("GET", f"{PATH}?{query}", {})["code"] == 4000
        assert legacy.send("POST", PATH, {"Content-Type": FORM}, query.encode())["code"] == 4000
    # The marks of the newer API change nothing here.
    newer = {"X-TC-Action": "ListKeys", "X-TC-Version": "2019-01-18", "Authorization": "TC3-HMAC-SHA256 Credential=x", "Content-Type": JSON}
    assert legacy.send("POST", PATH, newer, b"{}")["code"] == 4000


@pytest.mark.parametrize("path", ["/v2/index.php/", "/v2/index.phpx", "/V2/index.php", "/v2//index.php", "/v2/index%2Ephp", "/v2/", "/v2/./index.php"])
def test_other_paths_are_others(server, path):
    with Raw(server) as peer:
        peer.send(f"GET {path}?Action=ListKey HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        status, _, body = peer.response()
        assert status in (400, 404) or b'"Response"' in body


def test_a_connection_lives_over_errors(legacy):
    socket = None
    for _ in range(20):
        assert legacy_refusal(legacy.call, "ListKey", {}, SecretId="AKIDnobody") == 4104
        assert legacy_refusal(legacy, "Nothing") == 4000
        legacy("ListKey")
        socket = socket or legacy.connection.sock
        assert legacy.connection.sock is socket and socket is not None


# ---------------------------------------------------------------- the whole server

def test_a_sealed_server_says_so(launch):
    server = launch("--root-key-provider", "passphrase")
    with Raw(server) as peer:
        for request in (f"GET {PATH}?Action=ListKey&SecretId=x HTTP/1.1\r\nHost: x\r\n\r\n",
                        f"POST {PATH} HTTP/1.1\r\nHost: x\r\nContent-Type: {FORM}\r\nContent-Length: 1\r\n\r\nx"):
            peer.send(request.encode())
            answer = legacy_sound(*peer.response())
            assert (answer["code"], answer["codeDesc"]) == (6000, "UnsupportedOperation.ServiceTemporaryUnavailable")


def test_calls_are_recorded_and_outlive_a_kill(launch):
    first = launch()
    legacy = LegacyClient(first)
    key = made(legacy)
    blob = legacy("Encrypt", keyId=key, plaintext="YQ==")["ciphertextBlob"]
    assert legacy_refusal(legacy, "CreateKey", alias="a" * 33) == 4000
    first.kill()

    second = launch()
    legacy = LegacyClient(second)
    assert legacy("Decrypt", ciphertextBlob=blob)["plaintext"] == "YQ=="
    legacy.close()
    assert second.stop() == 0
    calls = [(record["action"], record["resources"], record["outcome"]) for record in audit_log.records(second.data)
             if record["dialect"] == "tencent-v2"]
    assert calls == [("CreateKey", [key], "ok"), ("Encrypt", [key], "ok"), ("CreateKey", [], "InvalidParameterValue.InvalidAlias"),
                     ("Decrypt", [key], "ok")]
    audit_log.verify(second.data)
