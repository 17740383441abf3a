"""Whatever comes in, the server answers by the contract or closes the connection, serves others, and tells nothing about itself."""
import json
import os
import socket
import threading
import time
import urllib.parse

import pytest

import actions
from client import FORM, Client, Raw, Refused, b64, code_of, head_bytes, refusal, unique_alias

INVALID = {"InvalidParameter", "InvalidParameterValue"}


@pytest.fixture(scope="module")
def witness(server):
    """A client that must be served at any time."""
    client = Client(server)
    client.key = client.create("witness")
    client.blob = client("Encrypt", KeyId=client.key, Plaintext=b64("witness"))["CiphertextBlob"]
    yield client
    client.close()


@pytest.fixture(autouse=True)
def others_are_served(server, witness):
    yield
    assert server.is_running
    assert witness("Decrypt", CiphertextBlob=witness.blob)["Plaintext"] == b64("witness")


def exchange(server, data, ends=True):
    """Sends bytes on a connection of their own; returns all answers."""
    with Raw(server) as peer:
        peer.send(data)
        if ends:
            peer.end()
        return peer.responses()


def check_statuses(answers, *allowed):
    for status, headers, body in answers:
        assert status in allowed, (status, body)
        if status == 200 and headers["Content-Type"] == "application/json":
            code_of((status, headers, body))


# ---------------------------------------------------------------- HTTP that is none

MALFORMED = {
    "text": b"hello\r\n\r\n",
    "zeros": b"\x00" * 1000,
    "all bytes": bytes(range(256)) * 8,
    "no version": b"GET /\r\n\r\n",
    "strange version": b"GET / HTTP/9.9\r\nHost: x\r\n\r\n",
    "HTTP/2 preface": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "unknown method": b"BREW / HTTP/1.1\r\nHost: x\r\n\r\n",
    "blank in a header name": b"GET / HTTP/1.1\r\nHo st: x\r\n\r\n",
    "blank before the colon": b"GET / HTTP/1.1\r\nHost : x\r\n\r\n",
    "header without a colon": b"GET / HTTP/1.1\r\nHost\r\n\r\n",
    "folded header": b"GET / HTTP/1.1\r\nHost: x\r\nX-A: 1\r\n 2\r\n\r\n",
    "NUL in a header": b"GET / HTTP/1.1\r\nHost: a\x00b\r\n\r\n",
    "CR in a header": b"GET / HTTP/1.1\r\nHost: a\rb\r\n\r\n",
    "length no number": b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: abc\r\n\r\n",
    "length negative": b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
    "length signed": b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: +3\r\n\r\nabc",
    "length overflows": b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999999999\r\n\r\n",
    "length twice, differing": b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    "length as a list": b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1, 2\r\n\r\nab",
    "length and chunks": b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "chunks and length": b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
    "unknown coding": b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: cow\r\n\r\n",
    "chunked not last": b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
    "chunk size no number": b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nab\r\n0\r\n\r\n",
    "chunk size overflows": b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\nab\r\n",
    "chunk too long": b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabcd\r\n0\r\n\r\n",
    "chunk size negative": b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n-2\r\nab\r\n0\r\n\r\n",
}


@pytest.mark.parametrize("data", MALFORMED.values(), ids=MALFORMED)
def test_malformed_requests_are_refused(server, data):
    # What follows a broken request must not be taken for another one.
    answers = exchange(server, data + b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
    assert len(answers) <= 1
    check_statuses(answers, 400, 200, 505, 501)
    assert not any(body == b"ok\n" for _, _, body in answers)


@pytest.mark.parametrize("framing", [
    lambda body: ({"Transfer-Encoding": "chunked", "Content-Length": str(len(body))}, b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)),
    lambda body: ({"Content-Length": str(len(body)), "Transfer-Encoding": "chunked"}, b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)),
    lambda body: ({"Content-Length": str(len(body)), "content-length": str(len(body) + 5)}, body + b"GET /"),
    lambda body: ({"Transfer-Encoding": "xchunked"}, body),
    lambda body: ({"Transfer-Encoding": "identity, chunked", "content-Length": "4"}, b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)),
], ids=["chunks first", "length first", "two lengths", "no coding", "both again"])
def test_a_signed_request_with_two_readings_does_nothing(server, client, framing):
    alias = unique_alias("smuggled")
    data = client.request_bytes("CreateKey", {"Alias": alias}, framing=framing)
    answers = exchange(server, data)
    assert len(answers) <= 1
    check_statuses(answers, 400)
    assert client("ListKeyDetail", SearchKeyAlias=alias)["TotalCount"] == 0


def test_headers_without_end_are_cut_off(server):
    with Raw(server) as peer:
        peer.send(b"GET /healthz HTTP/1.1\r\nHost: x\r\n")
        line = b"X-Filler: " + b"a" * 8000 + b"\r\n"
        for _ in range(2000):
            if not peer.send(line):
                break
        else:
            pytest.fail("16 MB of headers were taken")
        check_statuses(peer.responses() if peer.buffer else [], 400, 431)


@pytest.mark.parametrize("header", [b"X-Long: " + b"a" * 200_000, b"a" * 200_000 + b": x", b"Host: " + b"x" * 200_000],
                         ids=["value", "name", "host"])
def test_a_huge_header_is_refused(server, header):
    check_statuses(exchange(server, b"GET /healthz HTTP/1.1\r\n" + header + b"\r\n\r\n"), 400, 431)


def test_many_headers_do_no_harm(server, client):
    data = client.request_bytes("GetRegions", {}, extra={f"X-H{index}": "v" for index in range(1000)})
    check_statuses(exchange(server, data), 200, 400, 431)


def test_a_huge_target_is_refused(server):
    check_statuses(exchange(server, b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n"), 400, 404, 414)


@pytest.mark.parametrize("part", [b"", b"GET", b"GET / HTTP/1.1\r\nHost: x", b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc"],
                         ids=["nothing", "method", "head", "body"])
@pytest.mark.parametrize("way", ["end", "close", "reset"])
def test_a_request_that_stops_half_way_does_no_harm(server, part, way):
    with Raw(server) as peer:
        peer.send(part)
        if way == "end":
            peer.end()
            check_statuses(peer.responses(), 400)
        elif way == "reset":
            peer.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")


def test_a_half_sent_signed_request_does_nothing(server, client):
    alias = unique_alias("half")
    data = client.request_bytes("CreateKey", {"Alias": alias, "Description": "x" * 500})
    check_statuses(exchange(server, data[:-1]), 400)
    assert client("ListKeyDetail", SearchKeyAlias=alias)["TotalCount"] == 0


# ---------------------------------------------------------------- framing that is right

@pytest.mark.parametrize("framing", [
    lambda body: ({"Transfer-Encoding": "chunked"}, b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)),
    lambda body: ({"Transfer-Encoding": "chunked"}, b"".join(b"1\r\n%c\r\n" % byte for byte in body) + b"0\r\n\r\n"),
    lambda body: ({"Transfer-Encoding": "chunked"}, b"%x;name=value\r\n%s\r\n0\r\nX-Trailer: a\r\n\r\n" % (len(body), body)),
    lambda body: ({"Transfer-Encoding": "CHUNKED"}, b"%X\r\n%s\r\n000\r\n\r\n" % (len(body), body)),
], ids=["one", "bytes", "extension and trailer", "letter case"])
def test_chunked_bodies_are_read(server, client, framing):
    with Raw(server) as peer:
        for _ in range(2):
            peer.send(client.request_bytes("GenerateRandom", {"NumberOfBytes": 8}, framing=framing))
            assert code_of(peer.response()) is None


def test_a_request_may_come_in_single_bytes(server, client):
    with Raw(server) as peer:
        peer.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in client.request_bytes("GenerateRandom", {"NumberOfBytes": 8}):
            peer.send(bytes([byte]))
        assert code_of(peer.response()) is None


def test_pipelined_requests_are_answered_in_order(server, client, witness):
    sizes = list(range(1, 41))
    data = b""
    for size in sizes:
        data += client.request_bytes("GenerateRandom", {"NumberOfBytes": size})
        data += client.request_bytes("DescribeKey", {"KeyId": witness.key})
        data += b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
    with Raw(server) as peer:
        peer.send(data)
        peer.end()
        answers = peer.responses()
    assert len(answers) == 3 * len(sizes)
    for size, random, described, health in zip(sizes, answers[::3], answers[1::3], answers[2::3]):
        assert len(json.loads(random[2])["Response"]["Plaintext"]) == (size + 2) // 3 * 4
        assert json.loads(described[2])["Response"]["KeyMetadata"]["KeyId"] == witness.key
        assert health[2] == b"ok\n"


def test_a_peer_that_ends_its_side_and_reads_slowly_gets_every_answer(server, client):
    keys = [client.create(Description="d" * 1024) for _ in range(60)]
    count = 40
    with Raw(server, receive_buffer=4096) as peer:
        peer.send(client.request_bytes("DescribeKeys", {"KeyIds": keys}) * count)
        peer.end()
        for _ in range(20):
            client.metadata(keys[0])
        answers = peer.responses()
    assert len(answers) == count
    assert all(len(json.loads(body)["Response"]["KeyMetadatas"]) == len(keys) for _, _, body in answers)


def test_what_came_before_a_broken_request_is_answered(server, client, witness):
    answers = exchange(server, client.request_bytes("DescribeKey", {"KeyId": witness.key}) + b"\x00\x01garbage\r\n\r\n")
    assert code_of(answers[0]) is None
    check_statuses(answers[1:], 400)


def test_expect_100_continue(server, client):
    data = client.request_bytes("GenerateRandom", {"NumberOfBytes": 8}, extra={"Expect": "100-continue"})
    head, _, body = data.partition(b"\r\n\r\n")
    with Raw(server) as peer:
        peer.send(head + b"\r\n\r\n")
        assert peer.response(has_body=False)[0] == 100
        peer.send(body)
        assert code_of(peer.response()) is None


@pytest.mark.parametrize("headers", ["Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n",
                                     "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"])
def test_an_upgrade_is_not_made_and_nothing_hangs(server, headers):
    with Raw(server) as peer:
        peer.send(b"GET /healthz HTTP/1.1\r\nHost: x\r\n" + headers.encode() + b"\r\n")
        status, answered, body = peer.response()
        assert (status, body) == (200, b"ok\n")
        peer.send(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        assert peer.response() is None if answered["Connection"] == "close" else peer.response()[0] == 200


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "PROPFIND"])
def test_other_methods_are_refused_in_the_envelope(server, method):
    with Raw(server) as peer:
        for _ in range(2):
            peer.send(f"{method} / HTTP/1.1\r\nHost: x\r\nX-TC-Action: ListKeys\r\nContent-Length: 2\r\n\r\n{{}}".encode())
            assert code_of(peer.response()) == "UnsupportedProtocol"


def test_head_is_answered_without_a_body(server):
    with Raw(server) as peer:
        peer.send(b"HEAD /?Action=ListKeys HTTP/1.1\r\nHost: x\r\n\r\n")
        status, headers, _ = peer.response(has_body=False)
        assert status == 200
        peer.send(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        assert peer.response()[2] == b"ok\n"


@pytest.mark.parametrize("target", ["x:443", "*", "http://x/", "//", "/%00", "/..%2f..%2fetc/passwd", "/healthz/../..", "/?%", "/?&&&==&"])
@pytest.mark.parametrize("method", ["GET", "POST", "CONNECT", "OPTIONS"])
def test_strange_targets_are_answered(server, method, target):
    check_statuses(exchange(server, f"{method} {target} HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n".encode()), 200, 400, 404, 405)


def test_http_1_0_is_answered(server):
    for extra, lives in ((b"", False), (b"Connection: keep-alive\r\n", True)):
        with Raw(server) as peer:
            peer.send(b"GET /healthz HTTP/1.0\r\n" + extra + b"\r\n")
            assert peer.response()[2] == b"ok\n"
            if lives:
                peer.send(b"GET /healthz HTTP/1.0\r\n" + extra + b"\r\n")
                assert peer.response()[2] == b"ok\n"
            else:
                assert peer.response() is None


# ---------------------------------------------------------------- sizes

def check_too_large(server, data):
    with Raw(server, timeout=60) as peer:
        sender = threading.Thread(target=peer.send, args=(data,))
        sender.start()
        answer = peer.response()
        sender.join(60)
    assert answer is None or answer[0] == 413 or code_of(answer) == "InvalidParameter"


def test_a_tc3_body_has_a_limit(server, client):
    filler = json.dumps({"Alias": "x" * (10 * 2**20)}).encode()
    check_too_large(server, client.request_bytes("CreateKey", body=filler))
    right = b"{}" + b" " * (10 * 2**20 - 2)
    with Raw(server, timeout=60) as peer:
        peer.send(client.request_bytes("GetRegions", body=right))
        assert code_of(peer.response()) is None


def test_a_form_has_a_limit(server, client):
    parameters = client.v1_parameters("CreateKey", {"Alias": "x" * 2**20}, "POST", "HmacSHA256")
    body = urllib.parse.urlencode(parameters).encode()
    headers = {"Host": client.host, "Content-Type": FORM, "Content-Length": str(len(body))}
    check_too_large(server, head_bytes("POST", "/", headers) + body)


def test_a_query_has_a_limit(server, client):
    assert refusal(client.get, "ListKeyDetail", {"SearchKeyAlias": "x" * 33_000}) == "InvalidParameter"
    assert refusal(client.v1, "ListKeyDetail", {"SearchKeyAlias": "x" * 33_000}) == "InvalidParameter"
    assert client.get("ListKeyDetail", {"SearchKeyAlias": "x" * 30_000})["TotalCount"] == 0


def test_a_body_larger_than_said_is_not_read_with_it(server, client):
    with Raw(server) as peer:
        peer.send(client.request_bytes("GenerateRandom", {"NumberOfBytes": 8}) + b"}}}}")
        assert code_of(peer.response()) is None
        peer.end()
        check_statuses(peer.responses(), 400)


def test_a_chunked_body_has_the_same_limit(server, client):
    body = b"{}" + b" " * (10 * 2**20)
    check_too_large(server, client.request_bytes(
        "GetRegions", body=body, framing=lambda body: ({"Transfer-Encoding": "chunked"}, b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body))))


# ---------------------------------------------------------------- bodies

BAD_BODIES = {
    "no JSON": b"hello", "open": b"{", "array": b"[]", "text": b'"x"', "null": b"null", "number": b"1", "two": b"{}{}", "blank": b" ",
    "trailing comma": b'{"NumberOfBytes":1,}', "comment": b'{"NumberOfBytes":1}//', "single quotes": b"{'NumberOfBytes':1}",
    "byte order mark": b'\xef\xbb\xbf{"NumberOfBytes":1}', "UTF-16": '{"NumberOfBytes":1}'.encode("utf-16"),
    "invalid UTF-8": b'{"NumberOfBytes":1,"\xff":1}', "overlong": b'{"NumberOfBytes":1,"\xc0\xaf":1}', "surrogate": b'{"\xed\xa0\x80":1}',
    "lone escape": b'{"NumberOfBytes":1,"a":"\\ud800"}', "bad escape": b'{"NumberOfBytes":1,"a":"\\x41"}',
    "control": b'{"NumberOfBytes":1,"a":"\x01"}', "name twice": b'{"NumberOfBytes":1,"NumberOfBytes":1}',
    "name twice, escaped": b'{"NumberOfBytes":1,"NumberOf\\u0042ytes":2}', "leading zero": b'{"NumberOfBytes":01}',
    "NaN": b'{"NumberOfBytes":NaN}', "infinity": b'{"NumberOfBytes":Infinity}', "hexadecimal": b'{"NumberOfBytes":0x1}',
    "plus": b'{"NumberOfBytes":+1}', "deep arrays": b'{"NumberOfBytes":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "deep objects": b'{"a":' * 50_000 + b"1" + b"}" * 50_000, "deep and open": b"[" * 1_000_000,
    "many values": b'{"NumberOfBytes":[' + b"1," * 500_000 + b"1]}", "huge number": b'{"NumberOfBytes":' + b"9" * 1_000_000 + b"}",
    "huge exponent": b'{"NumberOfBytes":1e' + b"9" * 1000 + b"}", "huge fraction": b'{"NumberOfBytes":0.' + b"0" * 100_000 + b"1}",
}


@pytest.mark.parametrize("body", BAD_BODIES.values(), ids=BAD_BODIES)
def test_bad_bodies_are_refused(client, body):
    assert refusal(client.json, "GenerateRandom", body) == "InvalidParameter"


@pytest.mark.parametrize("type", ["text/plain", "application/xml", "multipart/form-data; boundary=x", FORM, "application/jsonp", "x"])
def test_other_content_types_are_refused(client, type):
    body = b'{"NumberOfBytes":1}'
    assert refusal(client.json, "GenerateRandom", body, content_type=type) == "InvalidParameter"


BAD_QUERIES = {
    "invalid UTF-8": "Action=GetRegions&x=%ff", "overlong": "Action=GetRegions&x=%c0%af", "surrogate": "x=%ed%a0%80", "half an escape": "x=%4",
    "no escape": "x=%zz", "lone percent": "x=%", "twice": "Action=a&Action=b", "twice, escaped": "Action=a&%41ction=b",
}


@pytest.mark.parametrize("query", BAD_QUERIES.values(), ids=BAD_QUERIES)
def test_bad_queries_and_forms_are_refused(server, query):
    text = query + "&Version=2019-01-18&SecretId=x"
    with Raw(server) as peer:
        peer.send(f"GET /?{text} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        assert code_of(peer.response()) == "InvalidParameter"
        peer.send(head_bytes("POST", "/", {"Host": "x", "Content-Type": FORM, "Content-Length": str(len(text))}) + text.encode())
        assert code_of(peer.response()) == "InvalidParameter"


@pytest.mark.parametrize("parameters", [
    {"KeyIds": "x"}, {"KeyIds.": "x"}, {"KeyIds.1": "x"}, {"KeyIds.00": "x"}, {"KeyIds.-1": "x"}, {"KeyIds.a": "x"},
    {"KeyIds.0.0": "x"}, {"KeyIds.0": "x", "KeyIds": "y"}, {"KeyIds.0": "x", "KeyIds.2": "y"}, {"KeyIds.99999999999999999999": "x"},
    {"KeyIds." + "0." * 5000: "x"},
])
def test_lists_that_are_wrongly_numbered_are_refused(client, parameters):
    for call in (client.get, client.v1):
        assert refusal(call, "DescribeKeys", parameters) in INVALID | {"InvalidParameterValue.InvalidKeyId", "MissingParameter"}


# ---------------------------------------------------------------- parameters

def filled(action, witness, client):
    """Right parameters of an action, on a key that it may change."""
    key = client.create() if action not in ("CreateKey", "Decrypt") and any(
        name.startswith("KeyId") for name in actions.ACTIONS[action]) else witness.key

    def value(right):
        if right is actions.KEY:
            return key
        if right is actions.BLOB:
            return witness.blob
        if right is actions.ALIAS:
            return unique_alias("filled")
        return [value(element) for element in right] if isinstance(right, list) else right

    return {name.rstrip("!"): value(right) for name, (_, right) in actions.ACTIONS[action].items()}


@pytest.mark.parametrize("action", actions.ACTIONS)
def test_wrong_types_are_refused(client, witness, action):
    right = filled(action, witness, client)
    for name, (kind, _) in actions.ACTIONS[action].items():
        name = name.rstrip("!")
        for wrong in actions.WRONG[kind]:
            others = {other: value for other, value in right.items() if other != name}
            body = json.dumps(others)[:-1] + (", " if others else "") + f'"{name}": {wrong}}}'
            code = refusal(client.json, action, body.encode())
            if name == "KeyIds" and wrong == "[]":
                continue
            assert code == "InvalidParameter", (action, name, wrong)


@pytest.mark.parametrize("action", actions.ACTIONS)
def test_texts_that_are_no_numbers_are_refused(client, witness, action):
    right = filled(action, witness, client)
    for name, (kind, _) in actions.ACTIONS[action].items():
        if kind != actions.NUMBER:
            continue
        name = name.rstrip("!")
        for wrong in actions.NO_NUMBERS:
            for call in (client.get, client.v1):
                code = refusal(call, action, {**right, name: wrong})
                assert code == "InvalidParameter", (action, name, wrong)


@pytest.mark.parametrize("action", actions.ACTIONS)
def test_missing_null_and_unknown_parameters(client, witness, action):
    right = filled(action, witness, client)
    for name, (kind, _) in actions.ACTIONS[action].items():
        others = {other: value for other, value in right.items() if other != name.rstrip("!")}
        for parameters in (others, {**others, name.rstrip("!"): None}):
            try:
                client(action, **parameters)
                assert not name.endswith("!"), (action, name)
            except Refused as error:
                if name.endswith("!"):
                    assert error.code == "MissingParameter", (action, name)
    for unknown in ("keyid", "KEYID", "Unknown", "KeyId ", "", "a" * 5000, "\u0000", "Alias.", "__proto__", "Action", "Version", "\U0001f511"):
        if unknown in right:
            continue
        for value in ("x", 1, None, {}, ["x"]):
            code = refusal(client, action, **{**right, unknown: value})
            assert code == "UnknownParameter", (action, unknown, value)


@pytest.mark.parametrize("text", ["\x00", "a\x00b", "\x00" * 60, "a\u202eb", "\x7f", "\u0085", "\ud7ff", "\U0010ffff", "a\r\nX: y", "' OR 1=1 --"])
def test_control_characters_are_kept_or_refused_but_never_cut(client, text):
    assert refusal(client, "CreateKey", Alias=text) == "InvalidParameterValue.InvalidAlias"
    key = client.create()
    assert refusal(client, "UpdateAlias", KeyId=key, Alias="a" + text) == "InvalidParameterValue.InvalidAlias"
    for store in (lambda: client("UpdateKeyDescription", KeyId=key, Description=text),
                  lambda: client.v1("UpdateKeyDescription", {"KeyId": key, "Description": text}, method="POST")):
        try:
            store()
            assert client.metadata(key)["Description"] == text
        except Refused as error:
            assert error.code in INVALID
    alias = unique_alias()
    try:
        tagged = client.create(alias, Tags=[{"TagKey": "k" + text, "TagValue": text}])
        for filters, found in (([{"TagKey": "k" + text}], True), ([{"TagKey": "k" + text, "TagValue": [text]}], True),
                               ([{"TagKey": "k"}], False)):
            listed = [entry["KeyId"] for entry in client("ListKeyDetail", TagFilters=filters, Limit=200)["KeyMetadatas"]]
            assert (tagged in listed) == found
    except Refused as error:
        assert error.code in INVALID
    context = json.dumps({"k" + text: text})
    blob = client("Encrypt", KeyId=key, Plaintext="YQ==", EncryptionContext=context)["CiphertextBlob"]
    assert client("Decrypt", CiphertextBlob=blob, EncryptionContext=context)["Plaintext"] == "YQ=="
    assert refusal(client, "Decrypt", CiphertextBlob=blob, EncryptionContext='{"k":""}') == "InvalidParameterValue.InvalidCiphertext"
    assert refusal(client, "DescribeKey", KeyId=key + text) == "InvalidParameterValue.InvalidKeyId"
    assert client("ListKeyDetail", SearchKeyAlias=text)["TotalCount"] == 0


@pytest.mark.parametrize("id", ["", " ", "0", "x" * 100_000, "../../etc/passwd", "%00", "00000000-0000-0000-0000-00000000000", "{}",
                                "00000000000000000000000000000000", "{00000000-0000-0000-0000-000000000000}",
                                " 00000000-0000-0000-0000-000000000000", "00000000-0000-0000-0000-000000000000\n",
                                "00000000-0000-0000-0000-00000000000g", "00000000\u20100000-0000-0000-000000000000"])
def test_malformed_key_ids_are_refused(client, id):
    assert refusal(client, "DescribeKey", KeyId=id) == "InvalidParameterValue.InvalidKeyId"
    assert refusal(client, "EnableKeys", KeyIds=[id]) == "InvalidParameterValue.InvalidKeyId"
    assert refusal(client, "Encrypt", KeyId=id, Plaintext="YQ==") == "InvalidParameterValue.InvalidKeyId"


@pytest.mark.parametrize("header", [
    {"Authorization": ""}, {"Authorization": "TC3-HMAC-SHA256"}, {"Authorization": "TC3-HMAC-SHA256 ,,,==="}, {"Authorization": "Basic eDp5"},
    {"Authorization": "TC3-HMAC-SHA256 Credential=a/b/c/d/e/f, SignedHeaders=;;;, Signature=" + "z" * 64},
    {"Authorization": "TC3-HMAC-SHA256 Credential=" + "a" * 5000 + "/2026-01-01/kms/tc3_request, SignedHeaders=host, Signature=00"},
    {"X-TC-Timestamp": ""}, {"X-TC-Timestamp": "abc"}, {"X-TC-Timestamp": "9" * 30}, {"X-TC-Timestamp": "-9223372036854775808"},
    {"X-TC-Timestamp": "1e9"}, {"X-TC-Version": ""}, {"X-TC-Version": "x" * 5000}, {"X-TC-Region": "\xff\xfe"}, {"X-TC-Region": ""},
    {"X-TC-Action": ""}, {"X-TC-Action": "listkeys"}, {"X-TC-Action": "\xe4\xb8"}, {"X-TC-Action": "a" * 5000}, {"X-TC-Action": "ListKeys\t"},
], ids=repr)
def test_strange_credentials_and_headers_are_refused(server, client, header):
    with Raw(server) as peer:
        for _ in range(2):
            peer.send(client.request_bytes("ListKeys", {}, extra=header))
            answer = peer.response()
            if answer is None or answer[0] == 400:
                return
            assert code_of(answer) in {"AuthFailure.SignatureFailure", "AuthFailure.SecretIdNotFound", "AuthFailure.SignatureExpire",
                                       "MissingParameter", "InvalidParameter", "InvalidAction", "NoSuchVersion", "UnsupportedRegion",
                                       None if header == {"X-TC-Action": "ListKeys\t"} else "InvalidAction"}


@pytest.mark.parametrize("name", ["Host", "Authorization", "Content-Type", "X-TC-Action", "X-TC-Timestamp", "X-TC-Region", "X-TC-Version"])
def test_a_header_given_twice_is_refused(server, client, name):
    data = client.request_bytes("ListKeys", {})
    line = next(line for line in data.split(b"\r\n") if line.startswith(name.encode() + b":"))
    with Raw(server) as peer:
        peer.send(data.replace(line, line + b"\r\n" + line, 1))
        answer = peer.response()
        assert answer[0] == 400 or code_of(answer) in {"AuthFailure.SignatureFailure", "InvalidParameter", "MissingParameter"}


# ---------------------------------------------------------------- many and slow clients

def test_idle_connections_keep_nobody_out(server, client, witness):
    idle = [Raw(server) for _ in range(200)]
    try:
        for _ in range(20):
            client("Encrypt", KeyId=witness.key, Plaintext="YQ==")
            client.metadata(witness.key)
        idle[0].send(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        assert idle[0].response()[2] == b"ok\n"
    finally:
        for peer in idle:
            peer.socket.close()


def test_a_client_that_never_reads_keeps_nobody_out(server, client, witness):
    with Raw(server, receive_buffer=4096) as peer:
        peer.socket.setblocking(False)
        data = client.request_bytes("DescribeKeys", {"KeyIds": [witness.key]}) * 50
        sent, stuck = 0, False
        for _ in range(2000):
            try:
                sent += peer.socket.send(data[sent % len(data):])
            except BlockingIOError:
                # The server takes no more of it while it serves others.
                for _ in range(10):
                    client.metadata(witness.key)
                try:
                    sent += peer.socket.send(data[sent % len(data):])
                except BlockingIOError:
                    stuck = True
                    break
        assert stuck
        for _ in range(20):
            client("Encrypt", KeyId=witness.key, Plaintext="YQ==")


def test_slow_requests_keep_nobody_out(server, client, witness):
    slow = [Raw(server) for _ in range(100)]
    request = client.request_bytes("GenerateRandom", {"NumberOfBytes": 8})
    try:
        for index in range(20):
            for peer in slow:
                peer.send(request[index:index + 1])
            client("Encrypt", KeyId=witness.key, Plaintext="YQ==")
        for peer in slow[:10]:
            peer.send(request[20:])
            assert code_of(peer.response()) is None
    finally:
        for peer in slow:
            peer.socket.close()


def test_connections_that_come_and_go_leave_nothing_behind(server, client, witness):
    def descriptors():
        try:
            return len(os.listdir(f"/proc/{server.pid}/fd"))
        except PermissionError:
            return 0

    client.metadata(witness.key)
    before = descriptors()
    for index in range(300):
        with Raw(server) as peer:
            peer.send([b"", b"GET", b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n", b"\x00\r\n\r\n"][index % 4])
            if index % 4 >= 2:
                peer.response()
    # Closing is the server's own affair and takes it a moment; it keeps some open to end gently.
    deadline = time.monotonic() + 20
    while descriptors() > before + 5:
        assert time.monotonic() < deadline
        client.metadata(witness.key)
