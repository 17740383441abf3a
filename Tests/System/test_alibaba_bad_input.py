"""Alibaba's dialect: whatever comes in is answered with the contract's code and status, in the contract's order of checks."""
import base64
import json
import os
import random
import threading
import time
import urllib.parse
import uuid

import pytest

import sm2
import store
from admin_client import AdminClient
from alibaba_client import (DAY, EMPTY_HASH, NOBODY, REGION, VERSION, WAYS, AlibabaClient, AlibabaRefused, acs3_authorization, acs3_string_to_sign,
                            alibaba_code, alibaba_sound, encoded, rpc_signature, rpc_string_to_sign, utc, when, wrapped)
from client import FORM, Raw, b64, head_bytes, unique_alias

MISSING, INVALID, MALFORMED = "MissingParameter", "InvalidParameter", "ParseRequestParameterException"
INCOMPLETE, MISMATCH, REPLAYED = "IncompleteSignature", "SignatureDoesNotMatch", "SignatureNonceUsed"
KEY_NOT_FOUND, ALIAS_NOT_FOUND, VERSION_NOT_FOUND = "Forbidden.KeyNotFound", "Forbidden.AliasNotFound", "Forbidden.KeyVersionNotFound"
NOT_FOUND, UNSUPPORTED, SMF = "Forbidden.ResourceNotFound", "Rejected.UnsupportedOperation", "Rejected.StateModifiedFailed"
SPKI = b64(sm2.PUBLIC_KEY_HEAD + b"\x04" + sm2.word(sm2.G[0]) + sm2.word(sm2.G[1]))


@pytest.fixture(scope="module")
def client(server):
    """A client with keys of several kinds, a ciphertext and a secret."""
    client = AlibabaClient(server)
    client.key, client.other, client.waiting = client.create(), client.create(), client.create(Origin="EXTERNAL")
    client.disabled, client.pending = client.create(), client.create()
    client.signing = client.create(KeySpec="EC_P256")
    client.opening = client.create(KeySpec="RSA_2048", KeyUsage="ENCRYPT/DECRYPT")
    client.versions_of = {key: client.versions(key)[0] for key in (client.key, client.signing, client.opening)}
    client.creator = client.metadata(client.key)["Creator"]
    client.alias = f"alias/{unique_alias('bad')}"
    client("CreateAlias", AliasName=client.alias, KeyId=client.other)
    client.blob, client.secret_name = client.encrypt(client.key), client.keep()
    client.going = client.keep()
    client("DeleteSecret", SecretName=client.going)
    client("DisableKey", KeyId=client.disabled)
    client("ScheduleKeyDeletion", KeyId=client.pending)
    client.sealed = client("AsymmetricEncrypt", KeyId=client.opening, KeyVersionId=client.versions_of[client.opening],
                           Algorithm="RSAES_OAEP_SHA_256", Plaintext="YQ==")["CiphertextBlob"]
    yield client
    client.close()


@pytest.fixture(autouse=True)
def others_are_served(server, client):
    yield
    assert server.is_running
    assert client.decrypt(client.blob) == b"data"


def word(text):
    return lambda client: text


KEY, ALIAS = (lambda client: client.key), (lambda client: f"alias/{unique_alias('bad')}")
SIGNING = {"KeyId!": lambda client: client.signing, "KeyVersionId!": lambda client: client.versions_of[client.signing],
           "Algorithm!": word("ECDSA_SHA_256"), "Digest!": word(b64(b"d" * 32))}
OPENING = {"KeyId!": lambda client: client.opening, "KeyVersionId!": lambda client: client.versions_of[client.opening],
           "Algorithm!": word("RSAES_OAEP_SHA_256")}
EXPORT = {"PublicKeyBlob!": word(SPKI), "WrappingKeySpec!": word("EC_SM2"), "WrappingAlgorithm!": word("SM2PKE")}
PAGE = {"PageNumber": word("1"), "PageSize": word("2")}
CONTEXT = {"EncryptionContext": word('{"a":"b"}')}
SECRET = {"SecretName!": lambda client: client.secret_name}
NEW_SECRET = {"SecretName!": lambda client: unique_alias("bad"), "SecretData!": word("x"), "VersionId!": word("v1")}

# Every action with right values of its parameters; those that are required end with "!".
APIS = {
    "CreateKey": {"Description": word("x"), "KeySpec": word("Aliyun_AES_256"), "KeyUsage": word("ENCRYPT/DECRYPT"), "Origin": word("Aliyun_KMS"),
                  "ProtectionLevel": word("SOFTWARE"), "EnableAutomaticRotation": word("true"), "RotationInterval": word("7d"),
                  "Tags": word('[{"TagKey":"a","TagValue":"b"}]')},
    "DescribeKey": {"KeyId!": KEY}, "ListKeys": {"Filters": word("[]"), **PAGE}, "EnableKey": {"KeyId!": KEY},
    "DisableKey": {"KeyId!": lambda client: client.disabled}, "CancelKeyDeletion": {"KeyId!": lambda client: client.pending},
    "ScheduleKeyDeletion": {"KeyId!": lambda client: client.create(), "PendingWindowInDays": word("7")},
    "UpdateKeyDescription": {"KeyId!": KEY, "Description": word("x")},
    "GetParametersForImport": {"KeyId!": lambda client: client.waiting, "WrappingKeySpec!": word("RSA_2048"),
                               "WrappingAlgorithm!": word("RSAES_OAEP_SHA_1")},
    "ImportKeyMaterial": {"KeyId!": lambda client: client.waiting, "ImportToken!": word("YQ=="), "EncryptedKeyMaterial!": word("YQ=="),
                          "KeyMaterialExpireUnix": word("0")},
    "DeleteKeyMaterial": {"KeyId!": lambda client: client.waiting},
    "CreateKeyVersion": {"KeyId!": KEY}, "ListKeyVersions": {"KeyId!": KEY, **PAGE},
    "DescribeKeyVersion": {"KeyId!": KEY, "KeyVersionId!": lambda client: client.versions_of[client.key]},
    "UpdateRotationPolicy": {"KeyId!": KEY, "EnableAutomaticRotation!": word("false"), "RotationInterval": word("7d")},
    "Encrypt": {"KeyId!": KEY, "Plaintext!": word("YQ=="), **CONTEXT}, "Decrypt": {"CiphertextBlob!": lambda client: client.blob},
    "GenerateDataKey": {"KeyId!": KEY, "KeySpec": word("AES_128"), "NumberOfBytes": word("7"), **CONTEXT},
    "GenerateDataKeyWithoutPlaintext": {"KeyId!": KEY, "KeySpec": word("AES_128"), "NumberOfBytes": word("7"), **CONTEXT},
    "ExportDataKey": {"CiphertextBlob!": lambda client: client.blob, **EXPORT},
    "GenerateAndExportDataKey": {"KeyId!": KEY, "KeySpec": word("AES_128"), "NumberOfBytes": word("7"), **CONTEXT, **EXPORT},
    "ReEncrypt": {"CiphertextBlob!": lambda client: client.blob, "DestinationKeyId!": lambda client: client.other},
    "AsymmetricSign": SIGNING, "AsymmetricVerify": {**SIGNING, "Value!": word("YQ==")},
    "AsymmetricEncrypt": {**OPENING, "Plaintext!": word("YQ==")}, "AsymmetricDecrypt": {**OPENING, "CiphertextBlob!": lambda client: client.sealed},
    "GetPublicKey": {name: value for name, value in SIGNING.items() if name in ("KeyId!", "KeyVersionId!")},
    "CreateAlias": {"AliasName!": ALIAS, "KeyId!": KEY}, "UpdateAlias": {"AliasName!": lambda client: client.alias,
                                                                         "KeyId!": lambda client: client.other},
    "DeleteAlias": {"AliasName!": ALIAS}, "ListAliases": PAGE, "ListAliasesByKeyId": {"KeyId!": KEY, **PAGE},
    "CreateSecret": {**NEW_SECRET, "EncryptionKeyId": KEY, "SecretDataType": word("binary"), "Description": word("x"), "SecretType": word("Generic"),
                     "Tags": word('[{"TagKey":"a","TagValue":"b"}]')},
    "DescribeSecret": {**SECRET, "FetchTags": word("true")}, "ListSecrets": {"FetchTags": word("true"), **PAGE},
    "GetSecretValue": {**SECRET, "VersionId": word("v1"), "VersionStage": word("ACSCurrent"), "FetchExtendedConfig": word("true")},
    "PutSecretValue": {**SECRET, "SecretData!": word("value"), "VersionId!": word("v1"), "SecretDataType": word("text"),
                       "VersionStages": word('["ACSCurrent"]')},
    "UpdateSecret": {**SECRET, "Description": word("x")},
    "UpdateSecretVersionStage": {**SECRET, "VersionStage!": word("Own"), "MoveToVersion": word("v1")},
    "ListSecretVersionIds": {**SECRET, "IncludeDeprecated": word("true"), **PAGE},
    "DeleteSecret": {"SecretName!": lambda client: client.keep(), "RecoveryWindowInDays": word("7")},
    "RestoreSecret": {"SecretName!": lambda client: client.going},
    "GetRandomPassword": {"PasswordLength": word("9")},
    "TagResource": {"KeyId!": KEY, "Tags!": word('[{"TagKey":"a","TagValue":"b"}]')}, "UntagResource": {"KeyId!": KEY, "TagKeys!": word('["a"]')},
    "ListResourceTags": {"KeyId!": KEY}, "DescribeRegions": {}, "OpenKmsService": {}, "DescribeAccountKmsStatus": {},
}
BY_ALIAS = ["DescribeKey", "Encrypt", "GenerateDataKey", "GenerateDataKeyWithoutPlaintext", "GenerateAndExportDataKey", "AsymmetricSign",
            "AsymmetricVerify", "AsymmetricEncrypt", "AsymmetricDecrypt", "GetPublicKey", "CreateKeyVersion"]
KEYED = [action for action in APIS if "KeyId!" in APIS[action]]
SECRETS = [action for action in APIS if "SecretName!" in APIS[action] and action != "CreateSecret"]


def right(client, action, /, **changes):
    """Right parameters of a call, some of them changed."""
    return {**{name.rstrip("!"): value(client) for name, value in APIS[action].items()}, **changes}


def code_of(client, action, parameters):
    return alibaba_code(client.send(*client.request(action, parameters)))


def test_there_are_49_actions():
    assert len(APIS) == 49


def test_the_clients_own_signatures_are_the_contracts():
    first = {"Action": "CreateKey", "Format": "json", "Version": VERSION, "AccessKeyId": "testid", "SignatureMethod": "HMAC-SHA1",
             "SignatureVersion": "1.0", "Timestamp": "2016-03-28T03:13:08Z"}
    second = {**first, "Format": "JSON", "RegionId": "cn-hangzhou", "Description": "a b*c~d/雪", "SignatureType": "",
              "SignatureNonce": "3ee8c1b8-83d3-44af-a94f-4e0ad82fd6cf"}
    third = {**first, "Action": "PutSecretValue", "SignatureNonce": "n-1", "Timestamp": "2021-05-20T06:34:21Z", "SecretName": "db/pw",
             "VersionId": "v2", "SecretData": "p&=+ %"}
    assert [rpc_signature(method, parameters, "testsecret") for method, parameters in (("GET", first), ("POST", second), ("POST", third))] == [
        "41wk2SSX1GJh7fwnc5eqOfiJPFg=", "3wOMSGyxudHhP25v99+s/+9LTU0=", "36aeElVAZfNCSBe8DPbLRfvtd88="]
    signed = {"host": "127.0.0.1:7700", "x-acs-date": "2021-05-20T06:34:21Z", "x-acs-version": VERSION}
    one = acs3_authorization("testid", "testsecret", "POST", {"Description": "a b*c~d/雪", "Empty": "", "KeySpec": "Aliyun_AES_256"}, {
        **signed, "accept": "application/json", "user-agent": "demo/1.0", "x-acs-action": "CreateKey",
        "x-acs-signature-nonce": "3156853299f313e23d1673dc12e1703d", "x-acs-content-sha256": EMPTY_HASH}, EMPTY_HASH)
    digest = "229f041d570e59cd480f412123e154fa0b09be3942dc15c9460e6ddb9a478dbd"
    two = acs3_authorization("testid", "testsecret", "POST", {"SecretName": "db/pw", "VersionId": "v2"}, {
        **signed, "content-type": FORM, "x-acs-action": "PutSecretValue", "x-acs-signature-nonce": "n-2", "x-acs-content-sha256": digest}, digest)
    assert one.endswith("9050cce35bc459e6f11d5412aa8668dd995e194772577bb7b4b0031c1747d3fc")
    assert two.endswith("0941430841701d91470a3be8c403c59cce40e0d36eb7027bf26db69af884587d")


# ---------------------------------------------------------------- ways in

@pytest.mark.parametrize("way", WAYS)
def test_every_way_of_sending_says_the_same(client, way):
    text = "a b+c&d=e%20 *~-._/雪\U0001f511\n"
    key = client.by(way, "CreateKey", Description=text, Empty="", RegionId="mars-1", keyid="x")["KeyMetadata"]["KeyId"]
    for reader in WAYS:
        assert client.by(reader, "DescribeKey", KeyId=key)["KeyMetadata"]["Description"] == text
    blob = client.by(way, "Encrypt", KeyId=key, Plaintext=b64(text), EncryptionContext={"雪": text})["CiphertextBlob"]
    assert client.decrypt(blob, EncryptionContext={"雪": text}) == text.encode()
    name = unique_alias("way")
    client.by(way, "CreateSecret", SecretName=name, SecretData=text, VersionId="v 1")
    assert client.by(way, "GetSecretValue", SecretName=name)["SecretData"] == text


@pytest.mark.parametrize("signature", ["V1", "ACS3"])
@pytest.mark.parametrize("spaces", ["+", "%20"])
def test_blanks_are_written_in_either_way(client, signature, spaces):
    for place in ("GET", "query", "form"):
        method, target, headers, body = client.request("CreateKey", {"Description": "two  blanks"}, f"{signature} {place}")
        if signature == "ACS3" and place == "form":
            body = body.replace(b"+", spaces.encode())
            headers = client.headers("CreateKey", {}, body)
        else:
            target, body = target.replace("+", spaces), body.replace(b"+", spaces.encode())
        made = alibaba_sound(*client.send(method, target, headers, body))
        assert made["KeyMetadata"]["Description"] == "two  blanks"


def test_lower_case_escapes_and_needless_ones_are_read(client):
    for before, after in (("a%2Fb%E9%9B%AA", "a%2fb%e9%9b%aa"), ("Description", "%44escription"), ("a%2Fb", "%61/b")):
        method, target, headers, body = client.request("CreateKey", {"Description": "a/b雪"}, "V1 GET")
        assert before in target
        made = alibaba_sound(*client.send(method, target.replace(before, after), headers, body))
        assert made["KeyMetadata"]["Description"] == "a/b雪"


@pytest.mark.parametrize("way", WAYS)
def test_formats(client, way):
    for text, kind in (("JSON", "application/json;charset=utf-8"), ("json", "application/json;charset=utf-8"), ("Xml", "text/xml;charset=utf-8"),
                       ("XML", "text/xml;charset=utf-8")):
        for action, more, code in (("DescribeAccountKmsStatus", {}, None), ("DescribeKey", {"KeyId": NOBODY}, KEY_NOT_FOUND),
                                   ("DescribeKey", {}, MISSING),
                                   ("Nothing", {}, "InvalidAction.NotFound")):
            answer = client.send(*client.request(action, {**more, "Format": text}, way))
            assert answer[1]["Content-Type"] == kind and alibaba_code(answer) == code


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND"])
def test_other_methods(client, method):
    headers = client.headers("DescribeRegions", method=method)
    found = client.signed("DescribeRegions", {}, method)
    for target, fields in (("/", headers), (f"/?{encoded(found)}", {"Host": client.host})):
        status, headers, body = client.send(method, target, fields)
        assert status in (403, 405)
        assert status == 405 or alibaba_code((status, headers, body)) == "UnsupportedHTTPMethod"


def test_head_is_refused_without_a_body(client):
    found = client.signed("DescribeRegions", {}, "HEAD")
    for _ in range(2):
        status, headers, body = client.send("HEAD", f"/?{encoded(found)}", {"Host": client.host})
        assert status in (403, 405) and body == b"" and client.outcome("DescribeRegions") is None


def test_the_host_of_an_error_is_the_requests(server, client):
    for host in (client.host, f"localhost:{server.port}", "kms.cn-hangzhou.aliyuncs.com"):
        with pytest.raises(AlibabaRefused) as refused:
            alibaba_sound(*client.send("POST", "/", {**client.headers("DescribeKey", {}, host=host), "host": host}))
        assert (refused.value.code, refused.value.host) == (MISSING, host)


def test_names_of_parameters_and_actions_tell_capitals_apart(client):
    assert client.refusal("DescribeKey", keyId=client.key) == MISSING and client.refusal("DescribeKey", KEYID=client.key) == MISSING
    for action in ("describeKey", "DESCRIBEKEY", "DescribeKey ", " DescribeKey", "DescribeKeys", "kms:DescribeKey", "GetKeyPolicy", "RotateSecret",
                   "../DescribeKey", "Alibaba", "雪", "x" * 5000):
        for way in ("V1 query",) if not action.isascii() or action != action.strip() else ("V1 query", "ACS3 query"):
            assert alibaba_code(client.send(*client.request(action, {"KeyId": client.key}, way))) == "InvalidAction.NotFound", action


# ---------------------------------------------------------------- signatures

def v1(client, action="DescribeRegions", method="GET", change=None, **options):
    """The code that a V1 request is answered with; `change` edits the signed parameters."""
    found = client.signed(action, {}, method, **options)
    if change:
        change(found)
    return alibaba_code(client.send(method, f"/?{encoded(found)}", {"Host": client.host}))


def acs3(client, action="DescribeRegions", change=None, query=None, body=b"", **options):
    found = client.headers(action, query, body, **options)
    if change:
        change(found)
    return alibaba_code(client.send("POST", f"/?{encoded(query)}" if query else "/", {"Host": client.host, **found} if "host" in options.get(
        "drop", ()) else found, body))


V1_FAULTS = {
    "no action": ({"drop": ["Action"]}, MISSING), "empty action": ({"Action": ""}, MISSING), "no version": ({"drop": ["Version"]}, MISSING),
    "no id": ({"drop": ["AccessKeyId"]}, MISSING), "empty id": ({"AccessKeyId": ""}, MISSING),
    "unknown id": ({"AccessKeyId": "LTAI" + "0" * 20}, "InvalidAccessKeyId.NotFound"), "strange id": ({"AccessKeyId": "雪 \x01'"},
                                                                                                      "InvalidAccessKeyId.NotFound"),
    "long id": ({"AccessKeyId": "x" * 10_000}, "InvalidAccessKeyId.NotFound"),
    "no method": ({"drop": ["SignatureMethod"]}, INCOMPLETE), "other method": ({"SignatureMethod": "HMAC-SHA256"}, INCOMPLETE),
    "method in small letters": ({"SignatureMethod": "hmac-sha1"}, INCOMPLETE),
    "no signature version": ({"drop": ["SignatureVersion"]}, INCOMPLETE), "other signature version": ({"SignatureVersion": "2.0"}, INCOMPLETE),
    "no time": ({"drop": ["Timestamp"]}, "IllegalTimestamp"), "empty time": ({"Timestamp": ""}, "IllegalTimestamp"),
    "other version": ({"Version": "2016-01-21"}, "InvalidVersion"), "unknown action": ({"Action": "NoSuchAction"}, "InvalidAction.NotFound"),
}
UNREADABLE = ["now", "2026-01-01", "2026-01-01 00:00:00Z", "2026-01-01T00:00:00", "2026-01-01T00:00:00+00:00", "2026-01-01T00:00:00.000Z",
              "2026-02-30T00:00:00Z", "2026-13-01T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z", "2026-01-01t00:00:00z",
              "20260101T000000Z",
              "１026-01-01T00:00:00Z", "-026-01-01T00:00:00Z", "2026-01-01T00:00:00ZZ", "1767225600", " 2026-01-01T00:00:00Z"]


@pytest.mark.parametrize("fault", V1_FAULTS)
def test_what_is_wrong_with_a_v1_request(client, fault):
    options, code = V1_FAULTS[fault]
    for method in ("GET", "POST"):
        assert v1(client, method=method, **options) == code


def test_a_v1_request_without_a_signature_or_with_another(client):
    assert v1(client, change=lambda found: found.pop("Signature")) == INCOMPLETE
    assert v1(client, change=lambda found: found.update(Signature="")) == INCOMPLETE
    good = base64.b64decode(rpc_signature("GET", {}, "x"))
    for wrong in (b64(good), b64(good[:-1]), good.hex(), "x", "雪", "%", "=" * 28, "A" * 27 + "=", " ", "x" * 30_000):
        assert v1(client, change=lambda found: found.update(Signature=wrong)) == MISMATCH, wrong

    def reworded(rewrite):
        return v1(client, change=lambda found: found.update(Signature=rewrite(found["Signature"])))

    for rewrite in (lambda text: text + "\n", lambda text: text.rstrip("="), lambda text: " " + text, str.lower, str.upper,
                    lambda text: base64.b64decode(text).hex(), lambda text: text[1:] + text[0]):
        assert reworded(rewrite) == MISMATCH


@pytest.mark.parametrize("change", [
    lambda found: found.update(RegionId="x"), lambda found: found.update(Empty=""),
    lambda found: found.update(Format="XMl") or found.update(Format="JSON"),
    lambda found: found.update(SignatureNonce="other"), lambda found: found.update(Timestamp=utc(1)), lambda found: found.update(Action="ListKeys"),
    lambda found: found.update(SignatureType="x"), lambda found: found.update(signature="x")])
def test_an_altered_v1_request(client, change):
    assert v1(client, change=change) == MISMATCH


def test_a_signature_is_for_its_method(client):
    found = client.signed("DescribeRegions", {}, "GET")
    assert alibaba_code(client.send("POST", f"/?{encoded(found)}", {"Host": client.host})) == MISMATCH
    assert alibaba_code(client.send("GET", f"/?{encoded(found)}", {"Host": client.host})) is None


@pytest.mark.parametrize("seconds, code", [(-870, None), (870, None), (-930, "InvalidTimeStamp.Expired"), (930, "InvalidTimeStamp.Expired"),
                                           (-10**6, "InvalidTimeStamp.Expired"), (10**9, "InvalidTimeStamp.Expired")])
def test_times(client, seconds, code):
    assert v1(client, Timestamp=utc(seconds)) == code and acs3(client, x_acs_date=utc(seconds)) == code


def test_times_that_cannot_be_read(client):
    for text in UNREADABLE:
        assert v1(client, Timestamp=text) == "InvalidTimeStamp.Format", text
        if text.isascii() and text == text.strip():
            assert acs3(client, x_acs_date=text) == "InvalidTimeStamp.Format", text
    for text in ("0000-01-01T00:00:00Z", "9999-12-31T23:59:59Z"):
        assert v1(client, Timestamp=text).startswith("InvalidTimeStamp")


ACS3_FAULTS = {
    "no action": ({"drop": ["x-acs-action"]}, MISSING), "no version": ({"drop": ["x-acs-version"]}, MISSING),
    "no time": ({"drop": ["x-acs-date"]}, "IllegalTimestamp"), "no hash": ({"drop": ["x-acs-content-sha256"]}, INCOMPLETE),
    "unsigned host": ({"unsigned": ["host"]}, INCOMPLETE), "unsigned action": ({"unsigned": ["x-acs-action"]}, INCOMPLETE),
    "unsigned version": ({"unsigned": ["x-acs-version"]}, INCOMPLETE), "unsigned time": ({"unsigned": ["x-acs-date"]}, INCOMPLETE),
    "unsigned nonce": ({"unsigned": ["x-acs-signature-nonce"]}, INCOMPLETE), "unsigned hash": ({"unsigned": ["x-acs-content-sha256"]}, INCOMPLETE),
    "unsigned further header": ({"unsigned": ["x-acs-credentials-provider"], "x_acs_credentials_provider": "static_ak"}, INCOMPLETE),
    "other version": ({"x_acs_version": "2016-01-21"}, "InvalidVersion"), "unknown action": ({"x_acs_action": "NoSuchAction"},
                                                                                             "InvalidAction.NotFound"),
    "other hash": ({"body_hash": "0" * 64}, MISMATCH), "hash in capitals": ({"body_hash": EMPTY_HASH.upper()},
                                                                            MISMATCH), "short hash": ({"body_hash": "0"}, MISMATCH),
}


@pytest.mark.parametrize("fault", ACS3_FAULTS)
def test_what_is_wrong_with_an_acs3_request(client, fault):
    options, code = ACS3_FAULTS[fault]
    assert acs3(client, **options) == code


@pytest.mark.parametrize("text", [
    "ACS3-HMAC-SHA256", "ACS3-HMAC-SHA256 ", "ACS3-HMAC-SHA256 Credential=x", "ACS3-HMAC-SHA256 x",
    "ACS3-HMAC-SHA256 Credential=,SignedHeaders=,Signature=",
    "ACS3-HMAC-SHA256 Credential=x,SignedHeaders=host", "ACS3-HMAC-SHA256 SignedHeaders=host,Signature=00",
    "ACS3-HMAC-SM3 Credential=x,SignedHeaders=host,Signature=00",
    "ACS3-RSA-SHA256 Credential=x,SignedHeaders=host,Signature=00", "ACS3-", "ACS3-HMAC-SHA256 Credential=x;SignedHeaders=host;Signature=00",
    "ACS3-HMAC-SHA256 Credential=a,Credential=b,SignedHeaders=host,Signature=00", "ACS3-HMAC-SHA256\tCredential=x,SignedHeaders=host,Signature=00"])
def test_an_authorization_that_cannot_be_read(client, text):
    assert acs3(client, change=lambda found: found.update(Authorization=text)) in (INCOMPLETE, "InvalidAccessKeyId.NotFound")


def test_an_altered_acs3_request(client):
    def changed(**headers):
        return acs3(client, change=lambda found: found.update({name.replace("_", "-"): value for name, value in headers.items()}))

    assert changed(x_acs_action="ListKeys") == changed(x_acs_date=utc(1)) == changed(x_acs_signature_nonce="other") == MISMATCH
    assert changed(x_acs_new="x") == INCOMPLETE
    assert acs3(client, change=lambda found: found.update(Authorization=found["Authorization"][:-1])) in (MISMATCH, INCOMPLETE)
    assert acs3(client, change=lambda found: found.update(Authorization=found["Authorization"].replace("Signature=", "Signature=00"))) in (MISMATCH,
                                                                                                                                           INCOMPLETE)
    flipped = "0123456789abcdef"
    assert acs3(client, change=lambda found: found.update(Authorization=found["Authorization"][:-1] + flipped[
        (flipped.index(found["Authorization"][-1]) + 1) % 16])) == MISMATCH
    assert acs3(client, change=lambda found: found.update(Authorization=found["Authorization"].replace("host;", "host;host;"))) in (MISMATCH,
                                                                                                                                    INCOMPLETE)
    assert acs3(client, change=lambda found: found.update(Authorization=found["Authorization"].replace("Credential=", "Credential=X"))) == \
        "InvalidAccessKeyId.NotFound"
    # A header that is signed and not sent.
    assert acs3(client, accept="application/json", change=lambda found: found.pop("accept")) in (MISMATCH, INCOMPLETE)
    # Query and body.
    headers = client.headers("DescribeKey", {"KeyId": client.key})
    assert alibaba_code(client.send("POST", f"/?KeyId={client.other}", headers)) == MISMATCH
    body = encoded({"KeyId": client.key}).encode()
    headers = client.headers("DescribeKey", {}, body)
    assert alibaba_code(client.send("POST", "/", headers, body.replace(b"KeyId", b"Keyid"))) == MISMATCH
    assert alibaba_code(client.send("POST", "/?Extra=", headers, body)) == MISMATCH
    assert alibaba_code(client.send("POST", "/", headers, b"")) == MISMATCH


def test_blanks_after_commas_and_around_values_are_allowed(client):
    assert acs3(client, change=lambda found: found.update(Authorization=found["Authorization"].replace(",", ", "))) is None
    assert acs3(client, accept="  application/json  ") is None


def test_an_empty_body_is_of_any_type(client):
    for kind in ("application/octet-stream", "application/json", FORM, "text/plain; charset=x", ""):
        assert alibaba_code(client.send("POST", "/", {**client.headers("DescribeRegions"), "Content-Type": kind})) is None
        found = client.signed("DescribeRegions", {}, "POST")
        assert alibaba_code(client.send("POST", f"/?{encoded(found)}", {"Host": client.host, "Content-Type": kind})) is None


def test_the_older_sdks_headers_do_not_make_a_v1_request_an_acs3_one(client):
    found = client.signed("DescribeKey", {"KeyId": client.key}, "POST")
    headers = {"Host": client.host, "x-acs-action": "ListKeys", "x-acs-version": "2000-01-01", "x-acs-region-id": "x"}
    answer = alibaba_sound(*client.send("POST", f"/?{encoded(found)}", headers))
    assert answer["KeyMetadata"]["KeyId"] == client.key


def test_the_message_of_a_wrong_signature_has_the_string_to_sign(client):
    for text in ("plain", "a b*c~d/雪: x", "1:2:3", "\U0001f511", "x" * 20_000):
        parameters = {"Description": text}
        for way in WAYS:
            method, target, headers, body = client.request("CreateKey", parameters, way)
            query = dict(urllib.parse.parse_qsl(target[2:], keep_blank_values=True))
            form = dict(urllib.parse.parse_qsl(body.decode(), keep_blank_values=True))
            if way.startswith("V1"):
                holder = query if "Signature" in query else form
                holder["Signature"] = b64(b"x" * 20)
                expected = rpc_string_to_sign(method, {**query, **form})
                target, body = f"/?{encoded(query)}" if query else "/", encoded(form).encode()
            else:
                signed = {name: value for name, value in headers.items() if name != "Authorization"}
                expected = acs3_string_to_sign(method, query, signed, headers["x-acs-content-sha256"])
                headers["Authorization"] = headers["Authorization"][:-64] + "0" * 64
            with pytest.raises(AlibabaRefused) as refused:
                alibaba_sound(*client.send(method, target, headers, body))
            assert refused.value.code == MISMATCH
            assert refused.value.message == f"Specified signature is not matched with our calculation. server string to sign is:{expected}"


def test_the_order_of_the_checks(server, client):
    """Everything is wrong; what is told first is put right, until nothing is wrong any more."""
    steps = [
        (MISSING, {"Action": "NoSuchAction"}), (MISSING, {"Version": "2000-01-01"}), (MISSING, {"AccessKeyId": "LTAI0"}),
        (INCOMPLETE, {"SignatureMethod": "HMAC-SHA1"}), (INCOMPLETE, {"SignatureVersion": "1.0"}), ("IllegalTimestamp", {"Timestamp": "now"}),
        ("InvalidAccessKeyId.NotFound", {"AccessKeyId": client.access_id}), ("InvalidTimeStamp.Format", {"Timestamp": utc(-3600)}),
        ("InvalidTimeStamp.Expired", {"Timestamp": utc()}),
    ]
    found = {"SignatureNonce": uuid.uuid4().hex, "Signature": "x"}
    for code, change in steps:
        answer = alibaba_code(client.send("GET", f"/?{encoded({**found, 'AccessKeyId': found.get('AccessKeyId', '')})}", {"Host": client.host}))
        assert answer == code, (answer, code, found)
        found.update(change)
    assert alibaba_code(client.send("GET", f"/?{encoded(found)}", {"Host": client.host})) == MISMATCH
    used = uuid.uuid4().hex
    assert v1(client, SignatureNonce=used) is None
    assert v1(client, "NoSuchAction", SignatureNonce=used, Version="2000-01-01") == REPLAYED
    assert v1(client, "NoSuchAction", Version="2000-01-01") == "InvalidVersion"
    assert v1(client, "NoSuchAction") == "InvalidAction.NotFound"
    # A missing parameter before a bad one, a bad one before what is not there, that before its state.
    assert client.refusal("ScheduleKeyDeletion", PendingWindowInDays="x") == MISSING
    assert client.refusal("ScheduleKeyDeletion", KeyId=NOBODY, PendingWindowInDays="x") == INVALID
    assert client.refusal("ScheduleKeyDeletion", KeyId=NOBODY, PendingWindowInDays="7") == KEY_NOT_FOUND
    assert client.refusal("ScheduleKeyDeletion", KeyId=client.pending, PendingWindowInDays="31") == INVALID
    assert client.refusal("Encrypt", KeyId=client.pending, Plaintext="!") == INVALID
    assert client.refusal("Encrypt", KeyId=client.pending, Plaintext="YQ==") == "Rejected.PendingDeletion"
    assert client.refusal("DescribeKeyVersion", KeyId=client.pending, KeyVersionId=NOBODY) == VERSION_NOT_FOUND
    assert client.refusal("CreateSecret", SecretName=client.secret_name, SecretData="x", VersionId="v1", EncryptionKeyId=NOBODY) in (
        KEY_NOT_FOUND, "Rejected.ResourceExist")


def test_a_disabled_access_key(server, client):
    with AdminClient(server) as admin:
        made = admin.account()[1]
        user = made.user()
        made.patch(f"/users/{user.name}/access-keys/{user.credentials.id}", {"enabled": False})
        with AlibabaClient(server, user.credentials) as other:
            assert acs3(other) == v1(other) == "Forbidden.AccessKey"
        made.close()


# ---------------------------------------------------------------- nonces

def test_a_nonce_is_good_once_for_each_access_key_in_either_form(server, client):
    def once(nonce, call=client):
        return v1(call, SignatureNonce=nonce), acs3(call, x_acs_signature_nonce=nonce)

    nonce = uuid.uuid4().hex
    assert once(nonce) == (None, REPLAYED)
    assert acs3(client, x_acs_signature_nonce=nonce) == v1(client, SignatureNonce=nonce) == REPLAYED
    other = uuid.uuid4().hex
    assert acs3(client, x_acs_signature_nonce=other) is None and v1(client, SignatureNonce=other) == REPLAYED
    with AdminClient(server) as admin, AlibabaClient(server, admin.access_key(admin.user().name)) as user:
        assert once(nonce, user) == (None, REPLAYED)
    for strange in ("1", "雪", "x" * 5000, " ", nonce.upper()):
        fresh = strange if strange == nonce.upper() else strange + uuid.uuid4().hex
        assert v1(client, SignatureNonce=fresh) is None and v1(client, SignatureNonce=fresh) == REPLAYED


def test_a_wrong_signature_does_not_use_a_nonce_up(client):
    nonce = uuid.uuid4().hex
    for _ in range(3):
        assert v1(client, SignatureNonce=nonce, change=lambda found: found.update(Signature=b64(b"x" * 20))) == MISMATCH
        assert v1(client, SignatureNonce=nonce, Timestamp=utc(-5000)) == "InvalidTimeStamp.Expired"
    assert v1(client, SignatureNonce=nonce) is None


def test_without_a_nonce_a_v1_request_can_be_repeated(client):
    found = client.signed("DescribeRegions", {}, "GET", drop=["SignatureNonce"])
    for _ in range(3):
        assert alibaba_code(client.send("GET", f"/?{encoded(found)}", {"Host": client.host})) is None
    empty = client.signed("DescribeRegions", {}, "GET", SignatureNonce="")
    for _ in range(2):
        assert alibaba_code(client.send("GET", f"/?{encoded(empty)}", {"Host": client.host})) is None
    assert acs3(client, drop=["x-acs-signature-nonce"]) in (MISSING, INCOMPLETE)


@pytest.mark.parametrize("way", ["V1 query", "ACS3 query", "ACS3 form"])
def test_of_many_copies_at_once_exactly_one_passes(server, client, way):
    count = 24
    before = client("ListKeys", PageSize=1)["TotalCount"]
    for _ in range(3):
        request = client.request("CreateKey", {"Description": "copy"}, way)
        codes, start, failures = [], threading.Barrier(count), []

        def send():
            try:
                with AlibabaClient(server) as copy:
                    start.wait(30)
                    codes.append(alibaba_code(copy.send(*request)))
            except BaseException as failure:
                failures.append(failure)

        threads = [threading.Thread(target=send) for _ in range(count)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert not failures, failures[0]
        assert sorted(codes, key=str) == sorted([None] + [REPLAYED] * (count - 1), key=str)
    assert client("ListKeys", PageSize=1)["TotalCount"] == before + 3


# ---------------------------------------------------------------- heads and forms

def padded_head(client, size, way):
    """A whole request whose head has exactly so many bytes."""
    def make(padding):
        if way == "V1 GET":
            return head_bytes("GET", f"/?{encoded(client.signed('DescribeRegions', {'Padding': padding}, 'GET'))}", {"Host": client.host})
        if way == "ACS3 query":
            query = {"Padding": padding}
            return head_bytes("POST", f"/?{encoded(query)}", {**client.headers("DescribeRegions", query), "Content-Length": 0})
        return head_bytes("POST", "/", {**client.headers("DescribeRegions", x_acs_padding="y" + padding), "Content-Length": 0})

    # The length of a signature's escapes is not the same each time.
    for _ in range(1000):
        text = make("x" * (size - len(make(""))))
        if len(text) == size:
            return text
    raise AssertionError("no head of this size")


@pytest.mark.parametrize("way", ["V1 GET", "ACS3 query", "ACS3 header"])
@pytest.mark.parametrize("size", [16 * 1024 + 1, 64 * 1024 + 1, 128 * 1024])
def test_heads_of_up_to_128_kilobytes(server, client, way, size):
    with Raw(server, timeout=30) as peer:
        for _ in range(2):
            assert peer.send(padded_head(client, size, way))
            assert alibaba_code(peer.response()) is None


@pytest.mark.parametrize("way", ["V1 GET", "ACS3 query", "ACS3 header"])
@pytest.mark.parametrize("size", [256 * 1024, 2 * 2**20])
def test_longer_heads_end_their_connection_and_nothing_else(server, client, way, size):
    with Raw(server, timeout=30) as peer:
        peer.send(padded_head(client, size, way))
        answer = peer.response()
        assert answer is None or 400 <= answer[0] < 500


def test_a_head_that_never_ends_is_not_kept(server, client):
    with Raw(server, timeout=30) as peer:
        peer.send(b"GET /?AccessKeyId=" + b"x" * 2**20)
        answer = peer.response()
        assert answer is None or 400 <= answer[0] < 500


def test_bodies_of_up_to_a_megabyte(client):
    for size, code in ((2**20, None), (2**20 + 1, MALFORMED)):
        for way in ("V1 form", "ACS3 form"):
            request = client.request("DescribeRegions", {"Padding": "x" * (size - len("Padding="))}, way)
            assert len(request[3]) == size
            assert alibaba_code(client.send(*request)) == code, (size, way)


# What is after the right parameters in the query or the body.
BROKEN = ["%", "%4", "x=%", "x=%4", "x=%GG", "x=%u96EA", "x=%FF", "x=%C3", "x=%ED%A0%80", "x=%C0%AF", "%FF=x", "x=\xff", "Action=ListKeys",
          "KeyId=x&KeyId=x",
          "Format=JSON&Format=XML", "x=1&x=1"]
ODD = ["", "A[]=1&A[1]=2&A%5E=3&A_=4&%E9%9B%AA=5&~=6&*=7", "x", "x=", "=x", "=", "&", "&&x=1&", "x=1=2", "x=%00", "x[]=1&x[1]=2", "x;y",
       "x=%2B+%20", "%78=1"]


@pytest.mark.parametrize("part", BROKEN)
def test_forms_that_cannot_be_decoded(client, part):
    refusals = (MALFORMED, MISMATCH, INVALID, INCOMPLETE)
    found = client.signed("DescribeKey", {"KeyId": client.key}, "POST")
    target = urllib.parse.quote(f"/?{encoded(found)}&{part}", safe="/?&=%;[]+", encoding="latin-1") if "\xff" not in part else None
    if target:
        assert alibaba_code(client.send("POST", target, {"Host": client.host})) in refusals
        assert alibaba_code(client.send("POST", f"/?{part}", client.headers("DescribeRegions"))) in refusals
    body = part.encode("latin-1")
    assert alibaba_code(client.send("POST", f"/?{encoded(found)}", {"Host": client.host, "Content-Type": FORM}, body)) in refusals
    assert alibaba_code(client.send("POST", "/", client.headers("DescribeRegions", {}, body), body)) in (refusals if part != "Action=ListKeys"
                                                                                                         else (*refusals, None))


@pytest.mark.parametrize("part", ODD)
def test_odd_forms_are_signed_as_they_decode_and_ignored(client, part):
    pairs = dict(urllib.parse.parse_qsl(part, keep_blank_values=True))
    found = client.signed("DescribeRegions", pairs, "POST")
    common = {name: value for name, value in found.items() if name not in pairs}
    headers = {"Host": client.host, "Content-Type": FORM}
    codes = {alibaba_code(client.send("POST", f"/?{encoded(common)}&{part}", headers)),
             alibaba_code(client.send("POST", f"/?{part}", client.headers("DescribeRegions", pairs)))}
    if part:
        again = client.signed("DescribeRegions", pairs, "POST")
        common = {name: value for name, value in again.items() if name not in pairs}
        codes |= {alibaba_code(client.send("POST", f"/?{encoded(common)}", headers, part.encode())),
                  alibaba_code(client.send("POST", "/", client.headers("DescribeRegions", {}, part.encode()), part.encode()))}
    # Empty names are nobody's parameters; whoever sends one may be told.
    assert codes == {None} or part in ("=x", "=") and codes <= {None, MALFORMED}, codes


@pytest.mark.parametrize("kind", ["application/json", "multipart/form-data; boundary=x", "text/plain", "application/x-www-form-urlencodedx"])
def test_bodies_of_other_types(client, kind):
    body = json.dumps({"KeyId": client.key}).encode()
    headers = client.headers("DescribeKey", {}, body, content_type=kind)
    assert alibaba_code(client.send("POST", "/", headers, body)) in (MALFORMED, MISSING)
    found = client.signed("DescribeKey", {}, "POST")
    assert alibaba_code(client.send("POST", f"/?{encoded(found)}", {"Host": client.host, "Content-Type": kind}, body)) in (MALFORMED, MISSING)


@pytest.mark.parametrize("kind", [FORM, f"{FORM}; charset=utf-8", FORM.upper(), f"{FORM};charset=UTF-8"])
def test_types_of_forms(client, kind):
    body = encoded({"KeyId": client.key}).encode()
    headers = client.headers("DescribeKey", {}, body, content_type=kind)
    assert alibaba_sound(*client.send("POST", "/", headers, body))["KeyMetadata"]["KeyId"] == client.key


def test_a_chunked_body_is_read_whole(server, client):
    body = encoded({"KeyId": client.key}).encode()
    headers = {**client.headers("DescribeKey", {}, body), "Transfer-Encoding": "chunked"}
    chunks = b"".join(b"1\r\n" + body[index:index + 1] + b"\r\n" for index in range(len(body))) + b"0\r\n\r\n"
    with Raw(server) as peer:
        peer.send(head_bytes("POST", "/", headers) + chunks)
        assert alibaba_sound(*peer.response())["KeyMetadata"]["KeyId"] == client.key


def test_noise_is_answered_or_ended(server, client):
    chance = random.Random(6)
    for turn in range(60):
        good = client.request("Encrypt", {"KeyId": client.key, "Plaintext": "YQ=="}, WAYS[turn % len(WAYS)])
        method, target, headers, body = good
        text = bytearray(head_bytes(method, target, {**headers, "Content-Length": len(body)}) + body)
        for _ in range(chance.randrange(1, 6)):
            text[chance.randrange(len(text))] = chance.randrange(256)
        with Raw(server, timeout=5) as peer:
            peer.send(bytes(text))
            peer.end()
            for status, _, _ in peer.responses():
                assert status < 500, bytes(text)


# ---------------------------------------------------------------- parameters

@pytest.mark.parametrize("action", APIS)
def test_a_call_with_right_parameters_and_without_required_ones(server, client, action):
    code = {"ImportKeyMaterial": "InvalidImportToken", "OpenKmsService": "Forbidden.Opened", "DeleteAlias": ALIAS_NOT_FOUND}.get(action)
    assert code_of(client, action, right(client, action)) in ({code, None} if action == "OpenKmsService" else {code})
    if action == "RestoreSecret":
        client("DeleteSecret", SecretName=client.going)
    if action == "CancelKeyDeletion":
        client("ScheduleKeyDeletion", KeyId=client.pending)
    for name in [name[:-1] for name in APIS[action] if name.endswith("!")]:
        parameters = right(client, action)
        # Before anything is looked up.
        for other in parameters:
            if other in ("KeyId", "DestinationKeyId", "KeyVersionId"):
                parameters[other] = NOBODY
        for wrong in ({**parameters, name: ""}, {other: value for other, value in parameters.items() if other != name}):
            for way in ("V1 query", "ACS3 form"):
                assert alibaba_code(client.send(*client.request(action, wrong, way))) == MISSING, (name, wrong)


def test_what_is_required_beside_others(client):
    assert client.refusal("UpdateRotationPolicy", KeyId=client.key, EnableAutomaticRotation="true") == MISSING
    assert client.refusal("UpdateRotationPolicy", KeyId=NOBODY, EnableAutomaticRotation="true", RotationInterval="") == MISSING
    assert client.refusal("CreateKey", EnableAutomaticRotation="true") == MISSING
    assert client.refusal("UpdateKeyDescription", KeyId=client.key) == MISSING
    client("UpdateKeyDescription", KeyId=client.key, Description="")
    assert client.refusal("UpdateSecretVersionStage", SecretName=client.secret_name, VersionStage="Own") == MISSING
    for action, more in (("TagResource", {"Tags": '[{"TagKey":"a","TagValue":"b"}]'}), ("UntagResource", {"TagKeys": '["a"]'})):
        assert client.refusal(action, **more) == MISSING
        assert client.refusal(action, KeyId="", SecretName="", **more) == MISSING
        assert client.refusal(action, KeyId=client.key, SecretName=client.secret_name, **more) == INVALID
    asymmetric = {"SourceKeyId": client.opening, "SourceKeyVersionId": client.versions_of[client.opening],
                  "SourceEncryptionAlgorithm": "RSAES_OAEP_SHA_256"}
    for name in asymmetric:
        some = {other: value for other, value in asymmetric.items() if other != name}
        assert client.refusal("ReEncrypt", CiphertextBlob=client.sealed, DestinationKeyId=client.key, **some) in (MISSING, INVALID)
    assert client("ReEncrypt", CiphertextBlob=client.sealed, DestinationKeyId=client.key, **asymmetric)["KeyId"] == client.key


NO_BOOLEANS = ["yes", "1", "0", "t", "True ", " true", "truee", "on", "null", "真"]
NO_NUMBERS = ["x", "-1", "+1", "1.0", "1e1", "0x1", " 8", "8 ", "8\n", "٨", "８", "²", "true", "[]", "1" * 30, "9223372036854775807",
              "9223372036854775808",
              "18446744073709551617", "-9223372036854775808", "\x00"]
NO_BASE64 = ["!", "YQ", "YQ=", "YQ===", "Y Q==", "YQ==\n", " YQ==", "YR==", "-_-_", "YQ==YQ==", "雪", "=", "====", "\x00"]
NO_JSON = ["x", "{", "[", "[}", "'a'", "{'a':'b'}", "[1,]", "\x00", "[\"a\"]x", "[" * 5000, "[" * 5000 + "]" * 5000, '["\\ud800"]', '["\x01"]',
           "NaN", '{"a":"b","a":"c"}', "\ufeff[]"]
NO_CONTEXTS = [*NO_JSON, "[]", '"a"', "1", "true", "null", '{"a":1}', '{"a":null}', '{"a":true}', '{"a":["b"]}', '{"a":{}}', '{"a":"b"', '{"a":"b"}}',
               '{"a":"' + "x" * 8187 + '"}', '{"\\u0061":"b","a":"b"}']
NO_FILTERS = [*NO_JSON, "{}", '"x"', "1", "null", "[1]", "[null]", '["KeyState"]', "[[]]", '[{"Key":"KeyState"}]', '[{"Values":["Enabled"]}]',
              '[{"Key":1,"Values":["x"]}]',
              '[{"Key":"KeyState","Values":"Enabled"}]', '[{"Key":"KeyState","Values":[1]}]', '[{"Key":"KeyState","Values":[null]}]',
              '[{"Key":"keystate","Values":["Enabled"]}]', '[{"Key":"Alias","Values":["x"]}]', '[{"Key":"","Values":["x"]}]']
NO_TAGS = [*NO_JSON, "{}", '"x"', "1", "null", "[1]", '["a"]', "[[]]", "[null]", "[{}]", '[{"TagKey":"a"},1]', '[{"TagValue":"b"}]',
           '[{"TagKey":"","TagValue":"b"}]',
           '[{"TagKey":1,"TagValue":"b"}]', '[{"TagKey":"a","TagValue":1}]', '[{"TagKey":"a","TagValue":["b"]}]',
           json.dumps([{"TagKey": "x" * 129, "TagValue": "b"}]), json.dumps([{"TagKey": "a", "TagValue": "x" * 129}]),
           *(json.dumps([{"TagKey": f"a{bad}", "TagValue": "b"}]) for bad in " *?#&%'\"<>,;(){}[]|~^$!`\n\0"),
           *(json.dumps([{"TagKey": "a", "TagValue": f"b{bad}"}]) for bad in "*?#&%<>,;\n\0"),
           *(json.dumps([{"TagKey": bad, "TagValue": "b"}]) for bad in ("aliyun", "aliyun-x", "aliyunx", "acs:", "acs:x"))]
NO_NAMES = ["noprefix", "alias/", "Alias/x", "ALIAS/x", "/alias/x", "alias", "alias/" + "x" * 256, "alias/a b", "alias/a.b", "alias/雪", "alias/a\n",
            "alias/a\0",
            "alias/a:b", "alias/a+b", "alias/acs/x", "alias/acs/", " alias/x", "alias/x ", "acs:kms:cn-hangzhou:1:alias/x"]
NO_SECRETS = ["with space", "x" * 193, "acs/x", "acs/", "雪", "a:b", "a*b", "a?b", "a\n", "a\0", "a#b", "a%b", "a,b", "a\\b"]
NO_VERSIONS = ["v" * 65, "雪" * 65]
NO_INTERVALS = ["6d", "731d", "7", "d", "7w", "-7d", "7.5d", "+7d", " 7d", "7 d", "7D", "0d", "604799s", "63072001s", "10079m", "167h", "17521h",
                "7d7h", "７d", "9" * 30 + "d",
                "106751991167301d", "1e1d", "7days", "7d\n", "0x7d", "s"]
INTEGERS = {"PageNumber": ["0"], "PageSize": ["0", "101"], "PendingWindowInDays": ["0", "6", "31", "366"], "RecoveryWindowInDays": ["0", "6", "31"],
            "NumberOfBytes": ["0", "1025"], "PasswordLength": ["0", "7", "129"]}
BAD = {
    "Description": ["x" * 8193], "KeySpec": ["AES", "aliyun_aes_256", "Aliyun_AES_128", "RSA_1024", "EC_P512", "AES_512", " RSA_2048",
                                             "Aliyun_AES_256\n"],
    "KeyUsage": ["ENCRYPT", "encrypt/decrypt", "ENCRYPT_DECRYPT", "GENERATE/VERIFY", "x"],
    "Origin": ["external", "EXTERNAL ", "aliyun_kms", "x"], "ProtectionLevel": ["software", "hsm", "x"],
    "EnableAutomaticRotation": NO_BOOLEANS, "FetchTags": NO_BOOLEANS, "IncludeDeprecated": NO_BOOLEANS,
    "RotationInterval": NO_INTERVALS, "Tags": NO_TAGS, "TagKeys": [*NO_JSON, "{}", '"a"', "1", "[1]", "[null]", "[[]]", "null"],
    "EncryptionContext": NO_CONTEXTS, "Plaintext": [*NO_BASE64, "PLAINTEXT", b64(b"x" * 6145)], "CiphertextBlob": NO_BASE64 + ["YQ==",
                                                                                                                               b64(b"x" * 100)],
    "WrappingKeySpec": ["RSA_3072", "rsa_2048", "EC_P256", "x"], "WrappingAlgorithm": ["RSAES_OAEP_SHA_512", "rsaes_oaep_sha_1", "x"],
    "PublicKeyBlob": [*NO_BASE64, "YQ==", b64(b"x" * 91), SPKI[:-8], b64(base64.b64decode(SPKI) + b"x")], "EncryptedKeyMaterial": NO_BASE64,
    "KeyMaterialExpireUnix": ["1", "x", "-1", "1.5", "99999999999999999999"],
    "Algorithm": ["x", "rsaes_oaep_sha_256", "ECDSA_SHA_512", "SHA256withRSA"], "Digest": [*NO_BASE64, b64(b"x" * 31), b64(b"x" * 33),
                                                                                           b64(b"x" * 64)],
    "Value": NO_BASE64, "AliasName": NO_NAMES, "SecretDataType": ["hex", "Text", "TEXT", "BINARY"], "VersionId": NO_VERSIONS,
    "SecretType": ["generic", "Rds", "Redis", "RAMCredentials", "ECS", "PolarDB", "x"], "SecretData": ["x" * 30_721, "雪" * 10_241],
    "VersionStages": [*NO_JSON, "[1]", "[null]", '"ACSCurrent"', "1", '[["a"]]', '{"VersionStage":"a"}', '{"x":["a"]}', '[""]'],
    **{name: [*NO_NUMBERS, *more] for name, more in INTEGERS.items()},
}


@pytest.mark.parametrize("action", APIS)
def test_bad_values(client, action):
    for name in [name.rstrip("!") for name in APIS[action]]:
        if name in ("KeyId", "KeyVersionId", "EncryptionKeyId", "DestinationKeyId", "VersionStage", "MoveToVersion", "ImportToken"):
            continue
        values = {"SecretName": NO_SECRETS if action == "CreateSecret" else [], "Filters": NO_FILTERS}.get(name) or BAD.get(name, [])
        if action == "GetSecretValue" and name == "VersionId":
            # What no version can be called is not there.
            values = []
        if action == "AsymmetricDecrypt" and name == "CiphertextBlob":
            values = NO_BASE64 + ["YQ==", b64(b"x" * 256), b64(b"\xff" * 256)]
        if action == "AsymmetricVerify" and name == "Value":
            # A malformed signature is a wrong one.
            for value in NO_BASE64:
                assert code_of(client, action, right(client, action, Value=value)) in (INVALID, None)
            continue
        if action == "AsymmetricEncrypt" and name == "Plaintext":
            values = [*NO_BASE64, b64(b"x" * 191)]
        if action in ("DeleteAlias", "UpdateAlias") and name == "AliasName":
            for value in values:
                assert code_of(client, action, right(client, action, AliasName=value)) in (INVALID, ALIAS_NOT_FOUND), value
            continue
        if name == "PageNumber":
            # There is no last page: what is past the end is empty.
            values = [value for value in values if not (value.isascii() and value.isdigit() and int(value) > 0)]
        parameters = right(client, action)
        if action == "UpdateRotationPolicy" and name == "RotationInterval":
            parameters["EnableAutomaticRotation"] = "true"
        for value in values:
            assert code_of(client, action, {**parameters, name: value}) == INVALID, (name, value[:60])
    assert client.state(client.key) == "Enabled" and client.metadata(client.key)["AutomaticRotation"] == "Disabled"


@pytest.mark.parametrize("action", ["DescribeSecret", "GetSecretValue", "PutSecretValue", "UpdateSecret", "UpdateSecretVersionStage",
                                    "ListSecretVersionIds",
                                    "DeleteSecret", "RestoreSecret"])
def test_names_that_no_secret_has(client, action):
    for name in NO_SECRETS + [f"acs:kms:{REGION}:{client.creator}:secret/", f"acs:kms:{REGION}:{client.creator}:key/{client.key}"]:
        assert code_of(client, action, right(client, action, SecretName=name)) in (INVALID, NOT_FOUND), name
    for name in (unique_alias("none"), client.secret_name.upper(), client.secret_name + "x",
                 f"acs:kms:cn-beijing:{client.creator}:secret/{client.secret_name}",
                 f"acs:kms:{REGION}:1{client.creator}:secret/{client.secret_name}",
                 f"acs:kms:{REGION}:{client.creator}:secret/{unique_alias('none')}"):
        assert code_of(client, action, right(client, action, SecretName=name)) == NOT_FOUND, name


def test_combinations_that_do_not_fit(client):
    for more in ({"KeySpec": "Aliyun_AES_256", "KeyUsage": "SIGN/VERIFY"}, {"KeySpec": "Aliyun_SM4", "KeyUsage": "SIGN/VERIFY"},
                 {"KeySpec": "EC_P256", "KeyUsage": "ENCRYPT/DECRYPT"}, {"KeySpec": "EC_P256K", "KeyUsage": "ENCRYPT/DECRYPT"},
                 {"KeySpec": "RSA_2048", "Origin": "EXTERNAL"}, {"KeySpec": "EC_SM2", "Origin": "EXTERNAL"},
                 {"KeySpec": "RSA_2048", "EnableAutomaticRotation": "true", "RotationInterval": "7d"},
                 {"Origin": "EXTERNAL", "EnableAutomaticRotation": "true", "RotationInterval": "7d"}):
        assert client.refusal("CreateKey", **more) == INVALID, more
    assert client.refusal("CreateKey", ProtectionLevel="HSM") == "Unsupported.ProtectionLevel"
    # Ignored while rotation is off, whatever it says.
    assert client("CreateKey", EnableAutomaticRotation="False", RotationInterval="365d")["KeyMetadata"]["AutomaticRotation"] == "Disabled"
    client("UpdateRotationPolicy", KeyId=client.key, EnableAutomaticRotation="FALSE", RotationInterval="")
    for spec, algorithm in (("RSA_2048", "SM2PKE"), ("EC_SM2", "RSAES_OAEP_SHA_1"), ("EC_SM2", "RSAES_PKCS1_V1_5")):
        assert client.refusal("GetParametersForImport", KeyId=client.waiting, WrappingKeySpec=spec, WrappingAlgorithm=algorithm) == INVALID
        assert client.refusal("GenerateAndExportDataKey", KeyId=client.key, PublicKeyBlob=SPKI, WrappingKeySpec=spec,
                              WrappingAlgorithm=algorithm) == INVALID
    assert client.refusal("GenerateAndExportDataKey", KeyId=client.key, PublicKeyBlob=SPKI, WrappingKeySpec="RSA_2048",
                          WrappingAlgorithm="RSAES_OAEP_SHA_1") == INVALID
    assert client.refusal("GenerateAndExportDataKey", KeyId=client.key, PublicKeyBlob=SPKI, WrappingKeySpec="RSA_2048",
                          WrappingAlgorithm="RSAES_PKCS1_V1_5") == INVALID
    off_the_curve = b64(sm2.PUBLIC_KEY_HEAD + b"\x04" + sm2.word(sm2.G[0]) + sm2.word(sm2.G[1] + 1))
    assert client.refusal("GenerateAndExportDataKey", KeyId=client.key, PublicKeyBlob=off_the_curve, WrappingKeySpec="EC_SM2",
                          WrappingAlgorithm="SM2PKE") == INVALID


# Kinds of keys: what their algorithms are, and whether they sign.
KINDS = {"RSA_2048 S": (["RSA_PSS_SHA_256", "RSA_PKCS1_SHA_256"], True), "EC_P256 S": (["ECDSA_SHA_256"], True),
         "EC_P256K S": (["ECDSA_SHA_256"], True),
         "EC_SM2 S": (["SM2DSA"], True), "RSA_2048 E": (["RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256"], False), "EC_SM2 E": (["SM2PKE"], False)}
USAGES = {"S": "SIGN/VERIFY", "E": "ENCRYPT/DECRYPT"}


@pytest.mark.parametrize("kind", [*KINDS, "Aliyun_AES_256 E", "Aliyun_SM4 E"])
def test_kinds_of_keys_and_what_they_are_not_for(client, kind):
    spec, usage = kind.split(" ")
    key = client.create(KeySpec=spec, KeyUsage=USAGES[usage])
    version = client.versions(key)[0]
    fitting, signs = KINDS.get(kind, ([], None))
    calls = {"AsymmetricSign": ({"Digest": b64(b"x" * 32)}, True), "AsymmetricVerify": ({"Digest": b64(b"x" * 32), "Value": "YQ=="}, True),
             "AsymmetricEncrypt": ({"Plaintext": "YQ=="}, False), "AsymmetricDecrypt": ({"CiphertextBlob": "YQ=="}, False)}
    for action, (more, is_signing) in calls.items():
        known = [algorithm for algorithms, of_signing in KINDS.values() if of_signing == is_signing for algorithm in algorithms]
        for algorithm in sorted(set(known)):
            code = client.outcome(action, KeyId=key, KeyVersionId=version, Algorithm=algorithm, **more)
            if signs is not is_signing:
                assert code == UNSUPPORTED, (action, algorithm)
            elif algorithm not in fitting or action == "AsymmetricDecrypt":
                assert code == INVALID, (action, algorithm)
            else:
                assert code is None, (action, algorithm)
    symmetric = spec.startswith("Aliyun")
    for action, more in (("Encrypt", {"Plaintext": "YQ=="}), ("GenerateDataKey", {}), ("GenerateDataKeyWithoutPlaintext", {}),
                         ("GenerateAndExportDataKey", {"PublicKeyBlob": SPKI, "WrappingKeySpec": "EC_SM2", "WrappingAlgorithm": "SM2PKE"})):
        assert client.outcome(action, KeyId=key, **more) == (None if symmetric else UNSUPPORTED), action
    assert client.outcome("ReEncrypt", CiphertextBlob=client.blob, DestinationKeyId=key) == (None if symmetric else UNSUPPORTED)
    assert client.outcome("GetPublicKey", KeyId=key, KeyVersionId=version) == (UNSUPPORTED if symmetric else None)
    assert client.outcome("UpdateRotationPolicy", KeyId=key, EnableAutomaticRotation="true",
                          RotationInterval="7d") == (None if symmetric else UNSUPPORTED)
    name = unique_alias("kind")
    code = client.outcome("CreateSecret", SecretName=name, SecretData="x", VersionId="v1", EncryptionKeyId=key)
    assert code is None if symmetric else code in (UNSUPPORTED, INVALID)
    for action, more in (("GetParametersForImport", {"WrappingKeySpec": "RSA_2048", "WrappingAlgorithm": "RSAES_OAEP_SHA_1"}),
                         ("DeleteKeyMaterial", {}),
                         ("ImportKeyMaterial", {"ImportToken": "YQ==", "EncryptedKeyMaterial": "YQ=="})):
        assert client.refusal(action, KeyId=key, **more) == "Unsupported.Origin", action


# ---------------------------------------------------------------- names of keys

@pytest.mark.parametrize("action", KEYED)
def test_names_of_keys(client, action):
    key = right(client, action)["KeyId"]
    arn = f"acs:kms:{REGION}:{client.creator}"
    unknown = [NOBODY, "x", key.upper(), key + "\n", f" {key}", key[:-1], key.replace("-", ""), "{" + key + "}", "key/" + key, "*", "\0", "雪",
               "x" * 20_000,
               f"{arn}:key/{NOBODY}", f"{arn}:key/{key.upper()}", f"{arn}:key/", f"{arn}:{key}", f"{arn}:secret/{key}", f"{arn}:key/{key}:x",
               f"acs:kms:cn-beijing:{client.creator}:key/{key}", f"acs:kms::{client.creator}:key/{key}",
               f"acs:kms:{REGION}:1{client.creator}:key/{key}", f"acs:kms:{REGION}::key/{key}", f"acs:kms:{REGION}:*:key/{key}",
               f"acs:ram:{REGION}:{client.creator}:key/{key}", f"ACS:KMS:{REGION}:{client.creator}:key/{key}",
               f"qcs:kms:{REGION}:{client.creator}:key/{key}"]
    for name in unknown:
        assert code_of(client, action, right(client, action, KeyId=name)) == KEY_NOT_FOUND, name
    alias = f"alias/{unique_alias('none')}"
    for name in (alias, f"{arn}:{alias}", client.alias.upper().replace("ALIAS/", "alias/"), client.alias + "x",
                 f"acs:kms:cn-beijing:{client.creator}:{client.alias}",
                 f"acs:kms:{REGION}:1{client.creator}:{client.alias}"):
        expected = ALIAS_NOT_FOUND if action in BY_ALIAS else "Unsupported.Alias"
        assert code_of(client, action, right(client, action, KeyId=name)) in (
            {expected} if name.startswith("alias") or action in BY_ALIAS else {expected, KEY_NOT_FOUND}), name
    if action not in BY_ALIAS:
        for name in (client.alias, f"{arn}:{client.alias}"):
            assert code_of(client, action, right(client, action, KeyId=name)) == "Unsupported.Alias", name


@pytest.mark.parametrize("action", [*BY_ALIAS, "ReEncrypt", "CreateSecret"])
def test_what_takes_an_alias_answers_with_the_key(client, action):
    member = {"ReEncrypt": "DestinationKeyId", "CreateSecret": "EncryptionKeyId"}.get(action, "KeyId")
    parameters = right(client, action)
    key, alias = parameters[member], f"alias/{unique_alias('by')}"
    client("CreateAlias", AliasName=alias, KeyId=key)
    for name in (alias, f"acs:kms:{REGION}:{client.creator}:{alias}", f"acs:kms:{REGION}:{client.creator}:key/{key}"):
        more = {"SecretName": unique_alias("by")} if action == "CreateSecret" else {}
        answer = client(action, **{**parameters, member: name, **more})
        if action == "CreateSecret":
            assert client("DescribeSecret", **more)["EncryptionKeyId"] == key
        else:
            assert (answer.get("KeyMetadata") or answer.get("KeyVersion") or answer)["KeyId"] == key
    assert client.refusal(action, **{**parameters, member: NOBODY, **({"SecretName": unique_alias("by")} if action == "CreateSecret"
                                                                      else {})}) == KEY_NOT_FOUND
    client("DeleteAlias", AliasName=alias)
    assert client.refusal(action, **{**parameters, member: alias, **({"SecretName": unique_alias("by")} if action == "CreateSecret"
                                                                     else {})}) == ALIAS_NOT_FOUND


@pytest.mark.parametrize("action", [action for action in APIS if "KeyVersionId!" in APIS[action]])
def test_unknown_versions(client, action):
    parameters = right(client, action)
    for version in (NOBODY, "x", parameters["KeyVersionId"].upper(), parameters["KeyVersionId"] + "\n", client.versions(client.other)[0], "雪", "1"):
        assert client.refusal(action, **{**parameters, "KeyVersionId": version}) == VERSION_NOT_FOUND, version
    assert client.refusal(action, **{**parameters, "KeyId": NOBODY}) == KEY_NOT_FOUND


def test_keys_secrets_and_aliases_of_another_account(server, client):
    with AdminClient(server) as admin:
        account = admin.account()[1]
        with AlibabaClient(server, account.credentials) as other:
            key, alias, name = other.create(), f"alias/{unique_alias('foreign')}", other.keep()
            other("CreateAlias", AliasName=alias, KeyId=key)
            blob, creator = other.encrypt(key), other.metadata(key)["Creator"]
            assert creator != client.creator
            for text in (key, f"acs:kms:{REGION}:{creator}:key/{key}", f"acs:kms:{REGION}:{client.creator}:key/{key}"):
                assert client.refusal("DescribeKey", KeyId=text) == client.refusal("Encrypt", KeyId=text, Plaintext="YQ==") == KEY_NOT_FOUND
                assert client.refusal("EnableKey", KeyId=text) == client.refusal("ListKeyVersions", KeyId=text) == KEY_NOT_FOUND
            for text in (alias, f"acs:kms:{REGION}:{creator}:{alias}"):
                assert client.refusal("DescribeKey", KeyId=text) == client.refusal("Encrypt", KeyId=text, Plaintext="YQ==") == ALIAS_NOT_FOUND
            assert client.refusal("DeleteAlias", AliasName=alias) == ALIAS_NOT_FOUND
            for text in (name, f"acs:kms:{REGION}:{creator}:secret/{name}"):
                assert client.refusal("GetSecretValue", SecretName=text) == client.refusal("DescribeSecret", SecretName=text) == NOT_FOUND
            assert client.refusal("Decrypt", CiphertextBlob=blob) in (KEY_NOT_FOUND, INVALID)
            assert client.refusal("CreateSecret", SecretName=unique_alias(), SecretData="x", VersionId="v", EncryptionKeyId=key) == KEY_NOT_FOUND
            # Names are free where they are another account's.
            client("CreateAlias", AliasName=alias, KeyId=client.key)
            assert client.keep(name) == name and other.metadata(alias)["KeyId"] == key
            assert key not in client.keys() and name in client.secrets() and client.secrets().count(name) == 1
        account.close()


# ---------------------------------------------------------------- ciphertexts

def test_ciphertexts_that_are_none(client):
    blob = base64.b64decode(client.encrypt(client.key, b"x" * 40, EncryptionContext={"a": "b"}))
    wrong = [blob[:size] for size in range(0, len(blob), 5)] + [blob + b"x", b"x" + blob, blob[::-1], os.urandom(len(blob)), b"\0" * 200]
    for text in wrong:
        for action, more in (("Decrypt", {"EncryptionContext": '{"a":"b"}'}), ("ReEncrypt", {"DestinationKeyId": client.other}),
                             ("ExportDataKey", {"PublicKeyBlob": SPKI, "WrappingKeySpec": "EC_SM2", "WrappingAlgorithm": "SM2PKE"})):
            assert client.refusal(action, CiphertextBlob=b64(text) or "!", **more) in (INVALID, KEY_NOT_FOUND)
    for place in range(len(blob)):
        altered = blob[:place] + bytes([blob[place] ^ 0x40]) + blob[place + 1:]
        code = client.refusal("Decrypt", CiphertextBlob=b64(altered), EncryptionContext='{"a":"b"}')
        # The key that it names is perhaps none.
        assert code in (INVALID, KEY_NOT_FOUND)
    for context in (None, "{}", '{"a":"c"}', '{"A":"b"}', '{"a":"b","c":"d"}', '{"a":"b "}'):
        assert client.refusal("Decrypt", CiphertextBlob=b64(blob), **({} if context is None else {"EncryptionContext": context})) == INVALID
    for context in ('{"a":"b"}', ' {\n"a" :\t"b"\r} ', '{"\\u0061":"\\u0062"}'):
        assert client.decrypt(b64(blob), EncryptionContext=context) == b"x" * 40


def test_contexts_are_not_normalized(client):
    blob = client.encrypt(client.key, EncryptionContext={"\u00e9": "x"})
    assert client.refusal("Decrypt", CiphertextBlob=blob, EncryptionContext={"e\u0301": "x"}) == INVALID
    assert client.decrypt(blob, EncryptionContext='{"\\u00e9":"x"}') == b"data"


def test_the_ciphertext_of_a_secret_is_nobodys_to_decrypt(server, client):
    """Nothing that is sealed for secrets comes out by another call; what callers seal is no secret."""
    own = client.keep(EncryptionKeyId=client.key)
    sealed = store.sealed_values(server.data)
    for text in (sealed[own, "v1"], sealed[client.secret_name, "v1"]):
        assert client.refusal("Decrypt", CiphertextBlob=b64(text)) in (INVALID, KEY_NOT_FOUND)
        assert client.refusal("ReEncrypt", CiphertextBlob=b64(text), DestinationKeyId=client.key) in (INVALID, KEY_NOT_FOUND)
        assert client.refusal("ExportDataKey", CiphertextBlob=b64(text), PublicKeyBlob=SPKI, WrappingKeySpec="EC_SM2",
                              WrappingAlgorithm="SM2PKE") in (
            INVALID, KEY_NOT_FOUND)


# ---------------------------------------------------------------- states

STATES = ["Enabled", "Disabled", "PendingDeletion", "PendingImport"]
R = {state: f"Rejected.{state}" for state in STATES} | {"Enabled": None}
FREE = dict.fromkeys(STATES)
EXTERNAL_VERSIONS = {**R, "PendingImport": "Unsupported.Origin"}


def in_state(client, state, **more):
    """A key in this state that has been used; its id, and what it has encrypted."""
    key = client.create(**({"Origin": "EXTERNAL"} if state == "PendingImport" else {}), **more)
    if state == "PendingImport" or more.get("Origin") == "EXTERNAL":
        client.bring(key, os.urandom(32))
    blob = client.encrypt(key) if not more.get("KeySpec") else None
    match state:
        case "Disabled":
            client("DisableKey", KeyId=key)
        case "PendingDeletion":
            client("ScheduleKeyDeletion", KeyId=key, PendingWindowInDays=7)
        case "PendingImport":
            client("DeleteKeyMaterial", KeyId=key)
    assert client.state(key) == state
    return key, blob


EXPORTED = {"PublicKeyBlob": SPKI, "WrappingKeySpec": "EC_SM2", "WrappingAlgorithm": "SM2PKE"}

# Section 4: for each API what calls it, what it says in each state, and the state afterwards where it changes.
BY_STATE = {
    "Encrypt": (lambda client, key, blob: {"KeyId": key, "Plaintext": "YQ=="}, R, {}),
    "Decrypt": (lambda client, key, blob: {"CiphertextBlob": blob}, R, {}),
    "ReEncrypt from": (lambda client, key, blob: {"CiphertextBlob": blob, "DestinationKeyId": client.other}, R, {}),
    "ReEncrypt to": (lambda client, key, blob: {"CiphertextBlob": client.blob, "DestinationKeyId": key}, R, {}),
    "GenerateDataKey": (lambda client, key, blob: {"KeyId": key}, R, {}),
    "GenerateDataKeyWithoutPlaintext": (lambda client, key, blob: {"KeyId": key}, R, {}),
    "ExportDataKey": (lambda client, key, blob: {"CiphertextBlob": blob, **EXPORTED}, R, {}),
    "GenerateAndExportDataKey": (lambda client, key, blob: {"KeyId": key, **EXPORTED}, R, {}),
    "CreateKeyVersion": (lambda client, key, blob: {"KeyId": key}, EXTERNAL_VERSIONS, {}),
    "UpdateRotationPolicy": (lambda client, key, blob: {"KeyId": key, "EnableAutomaticRotation": "true", "RotationInterval": "7d"},
                             EXTERNAL_VERSIONS, {}),
    "DescribeKey": (lambda client, key, blob: {"KeyId": key}, FREE, {}), "ListKeyVersions": (lambda client, key, blob: {"KeyId": key}, FREE, {}),
    "DescribeKeyVersion": (lambda client, key, blob: {"KeyId": key, "KeyVersionId": client.versions(key)[0]}, FREE, {}),
    "ListAliasesByKeyId": (lambda client, key, blob: {"KeyId": key}, FREE, {}), "ListResourceTags": (lambda client, key, blob: {"KeyId": key}, FREE,
                                                                                                     {}),
    "EnableKey": (lambda client, key, blob: {"KeyId": key}, {**FREE, "PendingDeletion": SMF, "PendingImport": SMF}, {"Disabled": "Enabled"}),
    "DisableKey": (lambda client, key, blob: {"KeyId": key}, {**FREE, "PendingDeletion": SMF, "PendingImport": SMF}, {"Enabled": "Disabled"}),
    "ScheduleKeyDeletion": (lambda client, key, blob: {"KeyId": key}, {**FREE, "PendingDeletion": SMF},
                            dict.fromkeys(["Enabled", "Disabled", "PendingImport"], "PendingDeletion")),
    "CancelKeyDeletion": (lambda client, key, blob: {"KeyId": key}, {**dict.fromkeys(STATES, SMF), "PendingDeletion": None},
                          {"PendingDeletion": "Enabled"}),
    "CreateAlias": (lambda client, key, blob: {"KeyId": key, "AliasName": f"alias/{unique_alias('state')}"}, {**FREE, "PendingDeletion": SMF}, {}),
    "UpdateAlias": (lambda client, key, blob: {"KeyId": key, "AliasName": client.alias}, {**FREE, "PendingDeletion": R["PendingDeletion"]}, {}),
    "UpdateKeyDescription": (lambda client, key, blob: {"KeyId": key, "Description": "x"}, {**FREE, "PendingDeletion": R["PendingDeletion"]}, {}),
    "TagResource": (lambda client, key, blob: {"KeyId": key, "Tags": '[{"TagKey":"a","TagValue":"b"}]'},
                    {**FREE, "PendingDeletion": R["PendingDeletion"]}, {}),
    "UntagResource": (lambda client, key, blob: {"KeyId": key, "TagKeys": '["a"]'}, {**FREE, "PendingDeletion": R["PendingDeletion"]}, {}),
    "CreateSecret": (lambda client, key, blob: {"EncryptionKeyId": key, "SecretName": unique_alias("state"), "SecretData": "x", "VersionId": "v1"},
                     R, {}),
}


@pytest.mark.parametrize("api", BY_STATE)
@pytest.mark.parametrize("state", STATES)
def test_what_each_state_allows(client, api, state):
    parameters, codes, changes = BY_STATE[api]
    if state == "PendingImport" and state not in changes:
        # Imports take long; a key that stays as it is serves all.
        client.emptied = getattr(client, "emptied", None) or in_state(client, state)
        key, blob = client.emptied
    else:
        key, blob = in_state(client, state)
    before = client.metadata(key)
    assert client.outcome(api.split(" ")[0], **parameters(client, key, blob)) == codes[state]
    after = client.metadata(key)
    assert after["KeyState"] == changes.get(state, state)
    if codes[state] is not None:
        assert after == before


@pytest.mark.parametrize("state", ["Enabled", "Disabled", "PendingDeletion"])
def test_what_each_state_allows_of_a_key_pair(client, state):
    for spec, usage, calls in (
            ("EC_P256", "SIGN/VERIFY", {"AsymmetricSign": {"Algorithm": "ECDSA_SHA_256", "Digest": b64(b"x" * 32)},
                                        "AsymmetricVerify": {"Algorithm": "ECDSA_SHA_256", "Digest": b64(b"x" * 32), "Value": "YQ=="}}),
            ("EC_SM2", "ENCRYPT/DECRYPT", {"AsymmetricEncrypt": {"Algorithm": "SM2PKE", "Plaintext": "YQ=="}})):
        key, _ = in_state(client, state, KeySpec=spec, KeyUsage=usage)
        version = client.versions(key)[0]
        for action, more in calls.items():
            assert client.outcome(action, KeyId=key, KeyVersionId=version, **more) == R[state], action
        assert client.outcome("AsymmetricDecrypt", KeyId=key, KeyVersionId=version, Algorithm="SM2PKE", CiphertextBlob="YQ==") == (
            UNSUPPORTED if usage == "SIGN/VERIFY" else R[state] or INVALID)
        assert client.outcome("GetPublicKey", KeyId=key, KeyVersionId=version) is None
        assert client.outcome("CreateKeyVersion", KeyId=key) == R[state]
        # Resources before states.
        assert client.outcome(next(iter(calls)), KeyId=key, KeyVersionId=NOBODY, **next(iter(calls.values()))) == VERSION_NOT_FOUND
        assert client.outcome("UpdateRotationPolicy", KeyId=key, EnableAutomaticRotation="true", RotationInterval="7d") == UNSUPPORTED


@pytest.mark.parametrize("state", STATES)
def test_what_each_state_allows_of_material(client, state):
    key, _ = in_state(client, state, **({} if state == "PendingImport" else {"Origin": "EXTERNAL"}))
    planned = client.metadata(key)["DeleteDate"]
    parameters = client("GetParametersForImport", KeyId=key, WrappingKeySpec="RSA_2048", WrappingAlgorithm="RSAES_OAEP_SHA_256")
    other = wrapped(parameters, os.urandom(32))
    code = client.outcome("ImportKeyMaterial", KeyId=key, ImportToken=parameters["ImportToken"], EncryptedKeyMaterial=other)
    assert code == (SMF if state == "PendingDeletion" else "InvalidKeyMaterial")
    assert client.state(key) == state
    client("DeleteKeyMaterial", KeyId=key)
    assert client.state(key) == ("PendingDeletion" if state == "PendingDeletion" else "PendingImport")
    assert client.metadata(key)["DeleteDate"] == planned
    if state == "PendingDeletion":
        client("CancelKeyDeletion", KeyId=key)
        assert client.state(key) == "PendingImport"


def test_material_for_a_disabled_key_leaves_it_disabled(client):
    key, material = client.create(Origin="EXTERNAL"), os.urandom(32)
    client.bring(key, material)
    client("DisableKey", KeyId=key)
    expiry = int(time.time()) + DAY
    client.bring(key, material, KeyMaterialExpireUnix=expiry)
    shown = client.metadata(key)
    assert shown["KeyState"] == "Disabled" and when(shown["MaterialExpireTime"]) == expiry
    client("DeleteKeyMaterial", KeyId=key)
    assert client.state(key) == "PendingImport" and client.metadata(key)["MaterialExpireTime"] == ""
    client.bring(key, material)
    assert client.state(key) == "Enabled"


@pytest.mark.parametrize("state", ["Enabled", "Disabled", "PendingDeletion", "PendingImport"])
def test_secrets_under_a_key_in_each_state(client, state):
    key = client.create(**({"Origin": "EXTERNAL"} if state == "PendingImport" else {}))
    if state == "PendingImport":
        client.bring(key, os.urandom(32))
    name = client.keep(EncryptionKeyId=key)
    {"Enabled": lambda: None, "Disabled": lambda: client("DisableKey", KeyId=key),
     "PendingDeletion": lambda: client("ScheduleKeyDeletion", KeyId=key),
     "PendingImport": lambda: client("DeleteKeyMaterial", KeyId=key)}[state]()
    assert client.outcome("GetSecretValue", SecretName=name) == R[state]
    assert client.outcome("PutSecretValue", SecretName=name, SecretData="y", VersionId="v2") == R[state]
    # What needs no key works.
    for action, more in (("DescribeSecret", {}), ("ListSecretVersionIds", {}), ("UpdateSecret", {"Description": "x"}),
                         ("UpdateSecretVersionStage", {"VersionStage": "Own", "MoveToVersion": "v1"}),
                         ("TagResource", {"Tags": '[{"TagKey":"a","TagValue":"b"}]'}), ("DeleteSecret", {}), ("RestoreSecret", {})):
        assert client.outcome(action, SecretName=name, **more) is None, action
    assert client.refusal("GetSecretValue", SecretName=name, VersionId="none") == NOT_FOUND or state != "Enabled"


DELETED = {"GetSecretValue": {}, "PutSecretValue": {"SecretData": "x", "VersionId": "v9"}, "UpdateSecret": {"Description": "x"},
           "UpdateSecretVersionStage": {"VersionStage": "Own", "MoveToVersion": "v1"}, "ListSecretVersionIds": {},
           "TagResource": {"Tags": '[{"TagKey":"a","TagValue":"b"}]'}, "UntagResource": {"TagKeys": '["a"]'}}


def test_what_is_not_done_with_a_secret_in_its_recovery_window(client):
    name = client.keep()
    planned = client("DeleteSecret", SecretName=name, RecoveryWindowInDays="9")["PlannedDeleteTime"]
    for action, more in DELETED.items():
        code = client.outcome(action, SecretName=name, **more)
        assert code == "Rejected.ResourceInDeleteWindow", (action, code)
    assert client.refusal("CreateSecret", SecretName=name, SecretData="x", VersionId="v1") == "Rejected.ResourceInDeleteWindow"
    assert client("DescribeSecret", SecretName=name)["PlannedDeleteTime"] == planned and name in client.secrets()
    client("RestoreSecret", SecretName=name)
    assert client.refusal("CreateSecret", SecretName=name, SecretData="x", VersionId="v1") == "Rejected.ResourceExist"
    for action, more in DELETED.items():
        assert client.outcome(action, SecretName=name, **more) is None, action


# ---------------------------------------------------------------- limits

def test_limits_at_their_edges(client):
    longest = "\U0001f511" * 8192
    key = client.create(Description=longest, Tags=[{"TagKey": "k" * 128, "TagValue": "v" * 128}])
    assert client.metadata(key)["Description"] == longest and client.tags(key) == {"k" * 128: "v" * 128}
    assert client.refusal("UpdateKeyDescription", KeyId=key, Description=longest + "x") == INVALID
    alias = f"alias/{unique_alias('edge')}".ljust(255 + len("alias/"), "x")
    client("CreateAlias", AliasName=alias, KeyId=key)
    assert client.metadata(alias)["KeyId"] == key
    name = unique_alias("edge/").ljust(192, "y")
    client.keep(name, version="v" * 64)
    assert client("GetSecretValue", SecretName=name)["VersionId"] == "v" * 64
    context = '{"a":"' + "x" * 8184 + '"}'
    assert len(context) == 8192 and client.decrypt(client.encrypt(key, EncryptionContext=context), EncryptionContext=context) == b"data"
    wide = '{"a":"' + "\U0001f511" * 8184 + '"}'
    assert client.decrypt(client.encrypt(key, EncryptionContext=wide), EncryptionContext=wide) == b"data"
    for days in (7, 30):
        client("ScheduleKeyDeletion", KeyId=key, PendingWindowInDays=days)
        assert abs(when(client.metadata(key)["DeleteDate"]) - time.time() - days * DAY) < 60
        client("CancelKeyDeletion", KeyId=key)
    assert len(client("ListKeys", PageSize=100)["Keys"]["Key"]) <= 100
    for number in (10**6, 2**31 - 1, 2**31, 2**63 // 100, 2**63 - 1):
        for action, outer, inner, more in (("ListKeys", "Keys", "Key", {}), ("ListAliases", "Aliases", "Alias", {}),
                                           ("ListSecrets", "SecretList", "Secret", {}),
                                           ("ListKeyVersions", "KeyVersions", "KeyVersion", {"KeyId": key}),
                                           ("ListSecretVersionIds", "VersionIds", "VersionId", {"SecretName": name}),
                                           ("ListAliasesByKeyId", "Aliases", "Alias", {"KeyId": key})):
            page = client(action, PageNumber=number, PageSize=100, **more)
            assert page[outer][inner] == [] and page["PageNumber"] == number and page["TotalCount"] > 0, action
    assert client.outcome("ListKeys", PageNumber=10**40) in (None, INVALID)
    for size, count in (("1", 1), ("1024", 1024)):
        assert len(base64.b64decode(client("GenerateDataKey", KeyId=key, NumberOfBytes=size, KeySpec="AES_128")["Plaintext"])) == count
    for given, seconds in (("7d", 7 * DAY), ("730d", 730 * DAY), ("168h", 7 * DAY), ("17520h", 730 * DAY), ("10080m", 7 * DAY), ("604800s", 7 * DAY),
                           ("63072000s", 730 * DAY), ("604801s", 604_801)):
        client("UpdateRotationPolicy", KeyId=key, EnableAutomaticRotation="tRuE", RotationInterval=given)
        assert client.metadata(key)["RotationInterval"] == f"{seconds}s"


def test_tags_at_their_limits(client):
    def tags(*names, value="v"):
        return json.dumps([{"TagKey": name, "TagValue": value} for name in names])

    ten = [f"k{index}" for index in range(10)]
    key = client.create(Tags=tags(*ten))
    assert client.refusal("CreateKey", Tags=tags(*ten, "k10")) == "Rejected.LimitExceeded"
    name = client.keep(Tags=tags(*ten))
    assert client.refusal("CreateSecret", SecretName=unique_alias(), SecretData="x", VersionId="v",
                          Tags=tags(*ten, "k10")) == "Rejected.LimitExceeded"
    for holder in ({"KeyId": key}, {"SecretName": name}):
        assert client.refusal("TagResource", **holder, Tags=tags("k0", "k10", value="new")) == "Rejected.LimitExceeded"
        client("TagResource", **holder, Tags=tags("k9", "k0", value="new"))
        client("UntagResource", **holder, TagKeys=["k1", "none", "k2"])
        client("TagResource", **holder, Tags=tags("K1", "+", value=""))
    expected = {**dict.fromkeys(ten, "v"), "k0": "new", "k9": "new", "K1": "", "+": ""}
    del expected["k1"], expected["k2"]
    assert client.tags(key) == expected
    shown = client("DescribeSecret", SecretName=name, FetchTags="true")["Tags"]["Tag"]
    assert {tag["TagKey"]: tag["TagValue"] for tag in shown} == expected
    characters = "a/\\_-.+=:@Z9"
    client("UntagResource", KeyId=key, TagKeys=list(expected))
    client("TagResource", KeyId=key, Tags=tags(characters, value=characters))
    assert client.tags(key) == {characters: characters}
    assert client.refusal("TagResource", CertificateId="x", Tags=tags("a")) in (MISSING, INVALID)


def test_fifty_versions_of_a_key(client):
    for spec in ("Aliyun_AES_256", "EC_P256"):
        key = client.create(KeySpec=spec)
        for _ in range(49):
            client("CreateKeyVersion", KeyId=key)
        assert client.refusal("CreateKeyVersion", KeyId=key) == "Rejected.LimitExceeded"
        versions = client.versions(key)
        assert len(set(versions)) == 50
        pages = [entry["KeyVersionId"] for number in range(1, 6)
                 for entry in client("ListKeyVersions", KeyId=key, PageNumber=number, PageSize=11)["KeyVersions"]["KeyVersion"]]
        assert pages == versions


def test_filters_of_keys(client):
    sm4, pair, off = client.create(KeySpec="Aliyun_SM4"), client.create(KeySpec="EC_P256K"), client.create(KeySpec="EC_P256K")
    client("DisableKey", KeyId=off)
    assert {sm4} == {sm4, pair, off} & set(client.keys(KeySpec=["Aliyun_SM4"]))
    assert {pair, off} == {sm4, pair, off} & set(client.keys(KeySpec=["EC_P256K", "RSA_2048"], KeyUsage=["SIGN/VERIFY"]))
    assert {off} == {sm4, pair, off} & set(client.keys(KeySpec=["EC_P256K"], KeyState=["Disabled", "PendingDeletion"]))
    assert {sm4, pair, off} <= set(client.keys(ProtectionLevel=["SOFTWARE"], CreatorType=["User"])) and client.keys(ProtectionLevel=["HSM"]) == []
    assert client.keys(KeySpec=["EC_P256K"], KeyUsage=["ENCRYPT/DECRYPT"]) == []
    # The same name twice means one or the other.
    text = '[{"Key":"KeySpec","Values":["Aliyun_SM4"]},{"Key":"KeySpec","Values":["EC_P256K"]}]'
    found = {entry["KeyId"] for entry in client.all("ListKeys", "Keys", "Key", Filters=text)}
    assert {sm4, pair, off} <= found
    assert client.keys() == [entry["KeyId"] for entry in client.all("ListKeys", "Keys", "Key", Filters="[]")]
    for values in (["Gone"], ["enabled"], ["Enabled", "x"]):
        assert client.refusal("ListKeys", Filters=json.dumps([{"Key": "KeyState", "Values": values}])) == INVALID
    for action, key in (("ListKeys", "SecretName"), ("ListSecrets", "KeyState")):
        assert client.refusal(action, Filters=json.dumps([{"Key": key, "Values": ["x"]}])) == INVALID
    two = json.dumps([{"Key": "SecretName", "Values": ["x"]}, {"Key": "TagKey", "Values": ["x"]}])
    assert client.refusal("ListSecrets", Filters=two) == INVALID


def test_import_tokens_that_are_not_good(client):
    one, other = client.create(Origin="EXTERNAL"), client.create(Origin="EXTERNAL")
    parameters = client("GetParametersForImport", KeyId=one, WrappingKeySpec="RSA_2048", WrappingAlgorithm="RSAES_OAEP_SHA_256")
    token, material = parameters["ImportToken"], os.urandom(32)

    def give(key, token, text=wrapped(parameters, material), **more):
        return client.outcome("ImportKeyMaterial", KeyId=key, ImportToken=token, EncryptedKeyMaterial=text, **more)

    raw = base64.b64decode(token)
    for wrong in ("x", "YQ==", b64(os.urandom(len(raw))), b64(raw[:-1]), b64(raw + b"x"), b64(bytes([raw[0] ^ 1]) + raw[1:]),
                  b64(raw[:-1] + bytes([raw[-1] ^ 1])), "雪"):
        assert give(one, wrong) in ("InvalidImportToken", INVALID), wrong
    assert give(other, token) == "InvalidImportToken"
    for wrong in (b64(os.urandom(256)), b64(b"x"), wrapped(parameters, b""), wrapped(parameters, os.urandom(31)), wrapped(parameters, os.urandom(33)),
                  wrapped(parameters, os.urandom(16)), wrapped(parameters, material, "RSAES_OAEP_SHA_1")):
        assert give(one, token, wrong) == "InvalidKeyMaterial"
    for expiry in (1, int(time.time()) - 1):
        assert give(one, token, KeyMaterialExpireUnix=expiry) == INVALID
    assert client.state(one) == "PendingImport"
    assert give(one, token) is None and give(one, token, KeyMaterialExpireUnix=int(time.time()) + 1000) is None
    assert client.state(one) == "Enabled"
