"""Sealing a server that runs, and unsealing it: in between nothing is answered, afterwards everything is as it was."""
import contextlib
import http.client
import json
import threading
import time

import audit_log
from admin_client import AdminClient, cam, claviger, sign_in, sign_in_refusal, signed_in
from client import Client, Refused, b64
from legacy_client import LegacyClient, legacy_refusal
from sdk import SDK
from server import run

SEALED = "UnsupportedOperation.ServiceTemporaryUnavailable"
PASSWORD = "correct horse battery staple"


def operations(server, path):
    with contextlib.closing(http.client.HTTPConnection(*server.address, timeout=30)) as connection:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())


def unseal(server):
    status, output, errors = run("unseal", "--no-passphrase", "--url", server.url, home=server.data.parent)
    assert status == 0, output + errors


def test_a_sealed_server_answers_nothing_until_it_is_unsealed(launch):
    server = launch()
    admin, client, legacy = AdminClient(server), Client(server), LegacyClient(server)
    user = admin.user(cam("Encrypt", "Decrypt"), password=PASSWORD)
    sealer = admin.user(claviger("SealServer"))
    temporary, session = admin.temporary(user.name), admin.session(user.name, PASSWORD)
    key = client.create()
    blob = client("Encrypt", KeyId=key, Plaintext=b64("kept"))["CiphertextBlob"]
    sdks = [SDK(server, credentials) for credentials in (user.credentials, temporary)]

    def check_works():
        for sdk in sdks:
            assert sdk("Decrypt", CiphertextBlob=blob)["Plaintext"] == b64("kept")
            sdk("Encrypt", KeyId=key, Plaintext="YQ==")
        legacy("ListKey")
        assert session.get("/whoami")["user"]["name"] == user.name
        assert admin.get("/status")["sealed"] is False
        assert operations(server, "/admin/v1/seal-status") == (200, {"sealed": False})
        assert operations(server, "/readyz")[0] == 200
        assert client.metadata(client.create())["KeyState"] == "Enabled"

    check_works()
    with AdminClient(server, user.credentials) as other:
        assert other.refusal("POST", "/seal", {}) == "accessDenied"
    assert session.refusal("POST", "/seal", {}) == "accessDenied"
    check_works()
    requests = []
    with AdminClient(server, sealer.credentials) as holder:
        for caller in (admin, holder, admin):
            requests.append(caller.post("/seal")["requestId"])
            assert operations(server, "/admin/v1/seal-status") == (200, {"sealed": True})
            assert operations(server, "/readyz")[0] == 503 and operations(server, "/readyz")[1]["sealed"] is True
            for sdk in sdks:
                for action, parameters in (("Decrypt", {"CiphertextBlob": blob}), ("Encrypt", {"KeyId": key, "Plaintext": "YQ=="}), ("GetRegions", {})):
                    assert sdk.refusal(action, **parameters) == SEALED
            assert client.refusal("DescribeKey", KeyId=key) == SEALED and client.refusal("GetRegions") == SEALED
            assert legacy_refusal(legacy, "ListKey") == 6000
            for method, path, body in (("GET", "/whoami", None), ("GET", "/users", None), ("GET", "/status", None), ("POST", "/seal", {}),
                                       ("POST", "/users", {"name": "late"})):
                assert admin.refusal(method, path, body) == "sealed", path
            assert session.refusal("GET", "/whoami") == "sealed"
            assert sign_in_refusal(server, user.name, PASSWORD)[0] == "sealed"
            unseal(server)
            check_works()
    sign_in(server, user.name, PASSWORD)
    assert not {"late"} & {found["name"] for found in admin.all("/users")}
    for connection in (client, legacy, session):
        connection.close()
    assert {record["request"] for record in admin.get("/audit", action="SealServer", outcome="ok")["items"]} == set(requests)
    admin.close()
    assert server.stop() == 0
    records = {record["request"]: record for record in audit_log.records(server.data)}
    assert [records[request]["action"] for request in requests] == ["SealServer"] * 3
    assert [records[request]["accessKey"] for request in requests] == [admin.credentials.id, sealer.credentials.id, admin.credentials.id]
    audit_log.verify(server.data)


def test_sealing_under_load_answers_every_call_or_refuses_it(launch):
    server = launch()
    admin = AdminClient(server)
    user = admin.user(cam("*"))
    root = Client(server)
    key = root.create()
    stop, failures, counts, requests = threading.Event(), [], [], []

    def work(index):
        client, answered, refused = signed_in(Client(server), user.credentials), 0, 0
        try:
            while not stop.is_set():
                try:
                    blob = client("Encrypt", KeyId=key, Plaintext=b64(str(index)))["CiphertextBlob"]
                    answer = client("Decrypt", CiphertextBlob=blob)
                    assert answer["Plaintext"] == b64(str(index))
                    answered += 1
                    if answered % 10 == 0:
                        requests.append(client("UpdateKeyDescription", KeyId=key, Description=f"{index} {answered}")["RequestId"])
                except Refused as error:
                    assert error.code == SEALED, error
                    refused += 1
            counts.append((answered, refused))
        except BaseException as failure:
            failures.append(failure)
        finally:
            client.close()

    threads = [threading.Thread(target=work, args=(index,), daemon=True) for index in range(6)]
    for thread in threads:
        thread.start()
    for _ in range(4):
        time.sleep(0.15)
        admin.post("/seal")
        # Whatever began after the answer finds the server sealed.
        assert root.refusal("Encrypt", KeyId=key, Plaintext="YQ==") == SEALED
        time.sleep(0.05)
        unseal(server)
        root("Encrypt", KeyId=key, Plaintext="YQ==")
    stop.set()
    for thread in threads:
        thread.join(30)
        assert not thread.is_alive()
    assert not failures, failures
    assert all(answered and refused for answered, refused in counts), counts
    root.close()
    admin.close()
    assert server.stop() == 0
    assert {record["request"] for record in audit_log.records(server.data)}.issuperset(requests)
    audit_log.verify(server.data)


def test_a_server_that_was_stopped_sealed_starts_unsealed_with_all_it_knew(launch):
    first = launch()
    admin = AdminClient(first)
    user = admin.user(cam("GetRegions"))
    temporary = admin.temporary(user.name)
    admin.post("/seal")
    admin.close()
    assert first.stop() == 0
    second = launch()
    assert operations(second, "/admin/v1/seal-status") == (200, {"sealed": False})
    for credentials in (user.credentials, temporary):
        assert SDK(second, credentials)("GetRegions")["Regions"]
    assert second.stop() == 0
    audit_log.verify(second.data)


def test_a_sealed_server_can_be_killed(launch):
    first = launch()
    admin = AdminClient(first)
    user = admin.user(cam("GetRegions"))
    request = admin.post("/seal")["requestId"]
    first.kill()
    second = launch()
    assert SDK(second, user.credentials)("GetRegions")["Regions"]
    assert request in {record["request"] for record in audit_log.records(second.data)}
    assert second.stop() == 0
    audit_log.verify(second.data)
