"""Starting, stopping, sealing, and what a server leaves where."""
import base64
import http.client
import json
import os
import pathlib
import re
import signal
import socket
import stat
import threading
import urllib.error
import urllib.request

import pytest

import audit_log
from client import Client, Raw, b64, code_of, unique_alias
from server import STOP_SECONDS, Server

PASSPHRASE = "correct horse battery staple"


def fetch(server, path, body=None):
    """Status, headers and body of an operations route."""
    request = urllib.request.Request(server.url + path, data=body, method="GET" if body is None else "POST")
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.headers, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read().decode()


def unseal(server, passphrase=None, **more):
    body = b"" if passphrase is None else json.dumps({"passphrase": passphrase, **more}).encode()
    status, _, text = fetch(server, "/admin/v1/unseal", body)
    return status, json.loads(text)


def check_works(server):
    client = Client(server)
    key = client.create()
    blob = client("Encrypt", KeyId=key, Plaintext=b64("secret"))["CiphertextBlob"]
    assert client("Decrypt", CiphertextBlob=blob)["Plaintext"] == b64("secret")
    client.close()


# ---------------------------------------------------------------- stop and start

def test_keys_and_ciphertexts_outlive_a_restart(launch):
    first = launch()
    client = Client(first)
    key = client.create("kept", Description="grüße", Tags=[{"TagKey": "env", "TagValue": "prod"}])
    disabled = client.create()
    client("DisableKey", KeyId=disabled)
    blob = client("Encrypt", KeyId=key, Plaintext=b64("data"), EncryptionContext='{"a":"b"}')["CiphertextBlob"]
    before = client.metadata(key), client.metadata(disabled)
    credentials = first.credentials
    assert first.stop() == 0

    second = launch()
    client = Client(second)
    assert (client.metadata(key), client.metadata(disabled)) == before
    assert client("Decrypt", CiphertextBlob=blob, EncryptionContext='{"a":"b"}')["Plaintext"] == b64("data")
    tagged = client("ListKeyDetail", TagFilters=[{"TagKey": "env", "TagValue": ["prod"]}])
    assert [entry["KeyId"] for entry in tagged["KeyMetadatas"]] == [key]
    changed = {name for name, value in second.credentials.items() if value != credentials[name]}
    assert changed <= {"CLAVIGER_URL"}
    assert second.credentials["CLAVIGER_URL"] == second.url
    assert second.stop() == 0
    audit_log.verify(second.data)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_under_load_answers_what_was_read_and_nothing_else_happens(launch, number):
    server = launch()
    acknowledged = threading.Semaphore(0)
    answered, unanswered, failures = [], [], []

    def work():
        client = Client(server)
        try:
            while True:
                alias = unique_alias("stop")
                unanswered.append(alias)
                key = client("CreateKey", Alias=alias)["KeyId"]
                unanswered.remove(alias)
                answered.append((key, alias))
                acknowledged.release()
                if client.connection.sock is None:
                    return
        except (ConnectionError, http.client.RemoteDisconnected):
            pass
        except Exception as failure:
            failures.append(failure)
        finally:
            client.close()

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for _ in range(60):
        assert acknowledged.acquire(timeout=30)
    server.signal(number)
    assert server.wait() == 0
    for thread in threads:
        thread.join(STOP_SECONDS)
        assert not thread.is_alive()
    assert not failures

    again = launch()
    client = Client(again)
    listed = {}
    while page := client("ListKeyDetail", Limit=200, Offset=len(listed))["KeyMetadatas"]:
        listed.update((entry["KeyId"], entry["Alias"]) for entry in page)
    assert listed == dict(answered)
    audit_log.verify(again.data)


def test_answers_that_were_not_taken_yet_are_still_delivered_when_the_server_stops(launch):
    server = launch()
    client = Client(server)
    for _ in range(40):
        client.create(Description="d" * 1024)
    with Raw(server, receive_buffer=4096) as peer:
        count = 12
        peer.send(client.request_bytes("ListKeyDetail", {"Limit": 200}) * count)
        assert peer.response()[0] == 200
        server.signal(signal.SIGTERM)
        rest = peer.responses()
        # What had been read is answered whole; what had not is not answered at all.
        assert 1 <= len(rest) <= count - 1
        assert all(code_of(answer) is None for answer in rest)
    client.close()
    assert server.wait() == 0


def test_a_stop_does_not_wait_for_idle_connections_or_half_a_request(launch):
    server = launch()
    with Raw(server) as idle, Raw(server) as half:
        idle.send(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        assert idle.response()[0] == 200
        half.send(b"POST / HTTP/1.1\r\nHost: x\r\nX-TC-Action: Encrypt\r\nContent-Length: 100\r\n\r\nabc")
        server.signal(signal.SIGTERM)
        assert idle.response() is None
        assert server.wait() == 0


# ---------------------------------------------------------------- starts that are refused

def test_a_second_server_on_the_same_data_is_refused(launch):
    first = launch()
    status, text = Server(first.data).refused()
    assert status == 1
    assert f"another server uses the data directory {first.data}" in text
    check_works(first)


def test_a_port_in_use_is_named_as_the_reason(folder):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        status, text = Server(folder / "data", port=taken.getsockname()[1]).refused()
    assert status == 1
    assert "address is in use" in text


@pytest.mark.parametrize("arguments, env, named", [
    (["--no-such-flag"], {}, "--no-such-flag"),
    ([], {"CLAVIGER_NO_SUCH_SETTING": "1"}, "CLAVIGER_NO_SUCH_SETTING"),
    ([], {"CLAVIGER_LOG_LEVEL": "loud"}, "log.level"),
    ([], {"CLAVIGER_THREADS": "0"}, "threads"),
    (["--root-key-provider", "cloud"], {}, "root-key.provider"),
    (["--tls-cert", "server.pem"], {}, "tls.key"),
    (["--config", "/no/such/file.yaml"], {}, "/no/such/file.yaml"),
])
def test_a_wrong_setting_is_named(folder, arguments, env, named):
    status, text = Server(folder / "data", *arguments, env=env).refused()
    assert status not in (0, None) and status > 0
    assert named in text


@pytest.mark.parametrize("yaml, named", [
    ("no-such-setting: 1\n", "no-such-setting"),
    ("tls:\n  certificate: x\n", "tls.certificate"),
    ("log: [a]\n", "log"),
    ("realms:\n  - name: a\n    tencnet: [x]\n", "tencnet"),
    ("log:\n  level: [\n", "claviger.yaml"),
])
def test_a_wrong_setting_in_the_file_is_named(folder, yaml, named):
    file = folder / "claviger.yaml"
    file.write_text(yaml)
    status, text = Server(folder / "data", "--config", file).refused()
    assert status > 0
    assert named in text


def test_settings_come_from_flags_before_the_environment_before_the_file(folder, launch):
    file = folder / "claviger.yaml"
    file.write_text(f"log:\n  level: error\n  format: text\nroot-key:\n  file: {folder}/from-file.key\n")
    server = launch("--config", file, "--log-level", "notice", env={"CLAVIGER_LOG_LEVEL": "critical", "CLAVIGER_LOG_FORMAT": "json"})
    assert [json.loads(line)["level"] for line in server.log().splitlines()].count("notice") > 0
    assert (folder / "from-file.key").exists()
    assert not (server.data / "root.key").exists()


@pytest.mark.parametrize("host", ["0.0.0.0", "[::]"])
def test_plain_http_beyond_loopback_must_be_asked_for(folder, host):
    status, text = Server(folder / "data", host=host).refused()
    assert status > 0
    assert "--insecure-http" in text


def test_plain_http_beyond_loopback_is_served_and_warned_of_when_asked_for(launch):
    server = launch("--insecure-http", host="0.0.0.0")
    check_works(server)
    assert any(json.loads(line)["level"] == "warning" and "plain HTTP" in line for line in server.log().splitlines())


# ---------------------------------------------------------------- what is left where

def test_files_are_private(launch):
    server = launch()
    check_works(server)
    assert stat.S_IMODE(server.data.stat().st_mode) == 0o700
    seen = list(server.data.rglob("*"))
    for path in seen:
        assert stat.S_IMODE(path.lstat().st_mode) == (0o700 if path.is_dir() else 0o600), path
    assert {"root.key", "credentials.env", "claviger.db", "audit"} <= {path.name for path in seen}


def test_the_process_keeps_its_memory_to_itself(launch):
    server = launch()
    check_works(server)
    limits = (pathlib.Path("/proc") / str(server.pid) / "limits").read_text()
    assert re.search(r"Max core file size\s+0\s+0\s", limits)
    try:
        status = (pathlib.Path("/proc") / str(server.pid) / "status").read_text()
    except PermissionError:
        return
    locked = int(re.search(r"VmLck:\s+(\d+) kB", status)[1])
    refused = any("could not be locked" in line for line in server.log().splitlines())
    assert locked > 0 or refused


def test_the_log_is_json_where_there_is_no_terminal(launch):
    server = launch()
    server.stop()
    messages = [json.loads(line) for line in server.log().splitlines()]
    assert all({"time", "level", "message"} <= set(message) for message in messages)
    assert {"serving", "stopping", "stopped"} <= {message["message"] for message in messages}


def test_no_secret_reaches_a_log(launch):
    server = launch("--log-level", "trace")
    client = Client(server)
    secret = client.secret
    password = server.credentials["CLAVIGER_PASSWORD"]
    plaintext, context = "a very particular plaintext", '{"patient":"a very particular context"}'
    key = client.create(Description="a very particular description")
    blob = client("Encrypt", KeyId=key, Plaintext=b64(plaintext), EncryptionContext=context)["CiphertextBlob"]
    client("Decrypt", CiphertextBlob=blob, EncryptionContext=context)
    data_key = client("GenerateDataKey", KeyId=key, KeySpec="AES_256")
    noise = client("GenerateRandom", NumberOfBytes=32)["Plaintext"]
    client.refusal("Encrypt", KeyId=key, Plaintext=b64(plaintext), EncryptionContext="not json but a very particular context")
    client.refusal("Encrypt", KeyId=key, Plaintext=plaintext)
    client.refusal("Decrypt", CiphertextBlob=blob)
    client.v1("Encrypt", {"KeyId": key, "Plaintext": b64(plaintext)}, method="POST")
    client.close()
    root_key = (server.data / "root.key").read_bytes()
    assert server.stop() == 0
    secrets = [secret.encode(), password.encode(), b"a very particular", b64(plaintext).encode(), b64(plaintext)[:16].encode(),
               data_key["Plaintext"].encode(), base64.b64decode(data_key["Plaintext"]), noise.encode(), base64.b64decode(noise),
               root_key, root_key.hex().encode(), b64(root_key).encode()]
    logs = [server.log_path, *(server.data / "audit").glob("*"), server.data / "audit-head"]
    for path in logs:
        text = path.read_bytes()
        assert not [secret for secret in secrets if secret in text], path
    # At rest the material is wrapped and the secrets too; only the credentials file holds them in clear.
    for path in [server.data / "claviger.db", *server.data.glob("claviger.db-*")]:
        text = path.read_bytes()
        assert not [secret for secret in secrets if secret in text and b"particular" not in secret], path
    assert secret not in server.banner and password not in server.banner


# ---------------------------------------------------------------- sealing

def check_sealed(server, credentials_of=None):
    assert fetch(server, "/healthz")[0] == 200
    status, _, text = fetch(server, "/readyz")
    assert status == 503 and json.loads(text)["sealed"] is True
    assert json.loads(fetch(server, "/admin/v1/seal-status")[2]) == {"sealed": True}
    with Raw(server) as peer:
        for request in (b"POST / HTTP/1.1\r\nHost: x\r\nX-TC-Action: ListKeys\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
                        b"GET /?Action=ListKeys&Version=2019-01-18 HTTP/1.1\r\nHost: x\r\n\r\n"):
            peer.send(request)
            assert code_of(peer.response()) == "UnsupportedOperation.ServiceTemporaryUnavailable"
    assert "sealed" in server.banner


def check_unsealed(server):
    assert fetch(server, "/readyz")[0] == 200
    assert json.loads(fetch(server, "/admin/v1/seal-status")[2]) == {"sealed": False}
    check_works(server)


def test_a_server_without_its_root_key_file_starts_sealed_until_the_file_is_back(folder, launch):
    first = launch()
    client = Client(first)
    blob = client("Encrypt", KeyId=client.create(), Plaintext=b64("data"))["CiphertextBlob"]
    client.close()
    assert first.stop() == 0
    kept = folder / "kept.key"
    (first.data / "root.key").rename(kept)

    server = launch()
    check_sealed(server)
    assert unseal(server)[0] == 409
    assert not (server.data / "root.key").exists()
    kept.rename(server.data / "root.key")
    assert unseal(server) == (200, {"sealed": False})
    check_unsealed(server)
    assert unseal(server)[0] == 200
    assert Client(server)("Decrypt", CiphertextBlob=blob)["Plaintext"] == b64("data")
    assert server.stop() == 0
    audit_log.verify(server.data)


def test_another_root_key_file_is_refused_and_nothing_is_overwritten(folder, launch):
    first = launch()
    check_works(first)
    assert first.stop() == 0
    path = first.data / "root.key"
    own, other = path.read_bytes(), os.urandom(32)
    path.write_bytes(other)
    status, text = Server(first.data).refused()
    assert status == 1 and "not the root key" in text
    assert path.read_bytes() == other

    path.unlink()
    server = launch()
    path.touch(0o600)
    path.write_bytes(other)
    status, answer = unseal(server)
    assert status == 403 and "not the root key" in answer["error"]["message"]
    check_sealed(server)
    assert path.read_bytes() == other
    path.write_bytes(own)
    assert unseal(server)[0] == 200
    check_unsealed(server)
    assert path.read_bytes() == own


@pytest.mark.parametrize("spoil, said", [
    (lambda path: path.chmod(0o640), "chmod 600"),
    (lambda path: path.write_bytes(b"short"), "5 bytes"),
    (lambda path: (path.unlink(), path.symlink_to("/etc/hostname")), "root key file"),
])
def test_a_spoilt_root_key_file_is_refused(launch, spoil, said):
    first = launch()
    assert first.stop() == 0
    spoil(first.data / "root.key")
    status, text = Server(first.data).refused()
    assert status == 1 and said in text


def test_a_failed_start_of_service_leaves_the_server_sealed(folder, launch):
    """Otherwise the next attempt would find the root key in place and ask for no passphrase."""
    arguments = ["--root-key-provider", "passphrase"]
    first = launch(*arguments)
    assert unseal(first, PASSPHRASE, initialize=True)[0] == 200
    check_works(first)
    assert first.stop() == 0
    head = first.data / "audit-head"
    kept = head.read_bytes()
    head.unlink()

    second = launch(*arguments)
    assert unseal(second, PASSPHRASE)[0] == 503
    head.write_bytes(kept)
    assert unseal(second, "not the passphrase at all")[0] == 403
    assert unseal(second)[0] == 409
    check_sealed(second)
    assert unseal(second, PASSPHRASE)[0] == 200
    check_unsealed(second)
    assert second.stop() == 0


def test_a_tampered_audit_log_can_be_accepted_expressly(launch):
    first = launch()
    check_works(first)
    assert first.stop() == 0
    (first.data / "audit-head").unlink()
    status, text = Server(first.data).refused()
    assert status == 1 and "audit" in text
    second = launch("--audit-accept-tampered")
    check_works(second)
    assert second.stop() == 0
    lines = [line for path in (second.data / "audit").glob("*.jsonl") for line in path.read_text().splitlines()]
    assert any('"action":"audit.tamperingAccepted"' in line for line in lines)
    third = launch()
    check_works(third)


def test_a_passphrase_unseals(folder, launch):
    arguments = ["--root-key-provider", "passphrase"]
    first = launch(*arguments)
    check_sealed(first)
    assert not (first.data / "credentials.env").exists()
    assert unseal(first)[0] == 409
    status, answer = unseal(first, PASSPHRASE)
    assert (status, answer["error"]["code"]) == (409, "uninitialized")
    assert unseal(first, "too short", initialize=True)[0] == 400
    check_sealed(first)
    assert unseal(first, PASSPHRASE, initialize=True) == (200, {"sealed": False})
    check_unsealed(first)
    assert unseal(first, "whatever it may be")[0] == 409
    assert first.credentials["CLAVIGER_URL"] == first.url
    assert not (first.data / "root.key").exists()
    assert first.stop() == 0

    second = launch(*arguments)
    check_sealed(second)
    status, answer = unseal(second, "incorrect horse battery staple")
    assert status == 403 and "not the root key (or passphrase)" in answer["error"]["message"]
    check_sealed(second)
    for body in (b"no json", b"[]", b'{"passphrase": 1}', b'{"password": "x"}', b"\xff", b"x" * 10_000):
        assert fetch(second, "/admin/v1/unseal", body)[0] == 400

    statuses = []
    threads = [threading.Thread(target=lambda: statuses.append(unseal(second, PASSPHRASE)[0])) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert set(statuses) <= {200, 409, 429} and 200 in statuses
    check_unsealed(second)
    assert PASSPHRASE not in second.log()
    assert second.stop() == 0

    third = launch(*arguments, env={"CLAVIGER_ROOT_KEY_PASSPHRASE": PASSPHRASE})
    check_unsealed(third)
    environ = pathlib.Path(f"/proc/{third.pid}/environ")
    try:
        assert PASSPHRASE.encode() not in environ.read_bytes()
    except PermissionError:
        pass
    assert third.stop() == 0

    file = folder / "passphrase"
    file.write_text(PASSPHRASE + "\nanother line\n")
    file.chmod(0o640)
    status, text = Server(third.data, *arguments, "--root-key-passphrase-file", file).refused()
    assert status == 1 and "chmod 600" in text
    file.chmod(0o600)
    fourth = launch(*arguments, "--root-key-passphrase-file", file)
    check_unsealed(fourth)
    assert fourth.stop() == 0

    status, text = Server(fourth.data, *arguments, env={"CLAVIGER_ROOT_KEY_PASSPHRASE": "wrong wrong wrong"}).refused()
    assert status == 1 and "not the root key (or passphrase)" in text
    status, text = Server(fourth.data).refused()
    assert status == 1 and "passphrase" in text
    assert not (fourth.data / "root.key").exists()


# ---------------------------------------------------------------- what operators read

def test_metrics_count_calls(launch):
    server = launch()
    client = Client(server)
    for _ in range(3):
        client("GenerateRandom", NumberOfBytes=1)
    client.refusal("GenerateRandom", NumberOfBytes=0)
    client.close()
    status, headers, text = fetch(server, "/metrics")
    assert status == 200 and headers["Content-Type"].startswith("text/plain; version=0.0.4")

    def value(name, *labels):
        lines = [line for line in text.splitlines() if re.match(rf"{name}[{{ ]", line) and all(label in line for label in labels)]
        assert len(lines) == 1, (name, labels, lines)
        return float(lines[0].split()[-1])

    assert value("claviger_calls_total", 'action="GenerateRandom"', 'outcome="ok"') == 3
    assert value("claviger_calls_total", 'action="GenerateRandom"', 'outcome="InvalidParameter"') == 1
    assert value("claviger_call_duration_seconds_count", 'action="GenerateRandom"') == 4
    assert value("claviger_sealed") == 0
    assert value("claviger_audit_healthy") == 1
    assert 0 < value("process_resident_memory_bytes")


def test_metrics_do_not_grow_by_what_callers_invent(launch):
    server = launch()
    client = Client(server)
    for index in range(5):
        assert client.refusal(f"Invented{index}") == "InvalidAction"
    client.close()
    assert "Invented" not in fetch(server, "/metrics")[2]


def test_version_and_unknown_routes(server):
    status, _, text = fetch(server, "/version")
    version = json.loads(text)
    assert status == 200 and version["name"] == "claviger" and re.fullmatch(r"\d+\.\d+\.\d+\S*", version["version"])
    assert fetch(server, "/no/such/route")[0] == 404
    assert fetch(server, "/healthz", b"x")[0] in (404, 405)
    assert fetch(server, "/admin/v1/unseal")[0] in (404, 405)
