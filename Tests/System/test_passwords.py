"""Signing in: wrong passwords cost time and lock a name for a while, and nothing tells which names exist."""
import concurrent.futures
import contextlib
import http.client
import time

import pytest

from admin_client import PREFIX, AdminClient, AdminRefused, admin_sound, sign_in, sign_in_refusal
from client import JSON
from server import Server

PASSWORD = "correct horse battery staple"
WRONG = "incorrect horse battery staple"


@pytest.fixture(scope="module")
def admin(server):
    with AdminClient(server) as client:
        yield client


def timed_refusal(server, user, password, account=None):
    begun = time.monotonic()
    code, message = sign_in_refusal(server, user, password, account)
    return time.monotonic() - begun, code, message


def at_once(work, things):
    """What `work` makes of each, all at the same time."""
    with concurrent.futures.ThreadPoolExecutor(len(things)) as pool:
        return list(pool.map(work, things))


@pytest.fixture(scope="module", autouse=True)
def attempts(server, admin):
    """Six attempts each at the password of a user and of somebody who does not exist; they mostly wait, while other tests go on."""
    known = admin.name()
    admin.post("/users", {"name": known, "password": PASSWORD})
    names = [(known, None), (admin.name("nobody\x00é "), "no-such-account")]

    def attempt(name):
        user, account = name
        # The right password last: a locked name does not tell.
        return [timed_refusal(server, user, password, account) for password in [WRONG] * 5 + [PASSWORD]]

    with concurrent.futures.ThreadPoolExecutor(len(names)) as pool:
        yield known, [pool.submit(attempt, name) for name in names]


def test_a_right_password_makes_up_for_wrong_ones(server, admin):
    name = admin.name()
    admin.post("/users", {"name": name, "password": PASSWORD})
    # Five wrong ones in a row would lock the name.
    for count in (3, 2):
        assert at_once(lambda index: sign_in_refusal(server, name, WRONG)[0], range(count)) == ["wrongPassword"] * count
        sign_in(server, name, PASSWORD)


@pytest.mark.parametrize("password, wrong", [
    ("名" * 128, "名" * 127 + "各"), (' "quoted\\ " ', ' "quoted\\ "'),
])
def test_passwords_are_compared_to_the_last_byte(server, admin, password, wrong):
    name = admin.name()
    admin.post("/users", {"name": name, "password": password})
    assert sign_in_refusal(server, name, wrong)[0] == "wrongPassword"
    assert sign_in(server, name, password)["user"]["name"] == name


def test_a_nul_at_the_end_of_a_password_counts_or_is_refused(server, admin):
    # HMAC, and with it scrypt, fills short keys up with such bytes (RFC 2104, section 2).
    name = admin.name()
    try:
        admin.post("/users", {"name": name, "password": PASSWORD + "\x00"})
    except AdminRefused as refusal:
        assert refusal.code == "invalidParameterValue"
    else:
        assert sign_in_refusal(server, name, PASSWORD)[0] == "wrongPassword"


def test_incomplete_requests_to_sign_in(server):
    with contextlib.closing(http.client.HTTPConnection(*server.address, timeout=30)) as connection:
        for body, code in ((b"", "missingParameter"), (b"{}", "missingParameter"), (b'{"user":"a"}', "missingParameter"), (b"[]", "invalidParameter"),
                           (b'{"user":"a","password":1}', "invalidParameter"), (b'{"user":"a","password":"b","code":"1"}', "unknownParameter"),
                           (b'{"user":["a"],"password":"b"}', "invalidParameter"), (b"{", "invalidParameter")):
            connection.request("POST", PREFIX + "/sessions", body, {"Content-Type": JSON})
            answer = connection.getresponse()
            assert admin_sound(answer.status, answer.headers, answer.read())["error"]["code"] == code, body


def test_wrong_passwords_are_slowed_down_and_then_the_name_is_locked_known_or_not(server, admin, attempts):
    known, found = attempts[0], [future.result() for future in attempts[1]]
    assert {(code, message) for refusals in found for _, code, message in refusals} == {found[0][0][1:]}
    assert found[0][0][1] == "wrongPassword"
    for refusals in found:
        for (seconds, _, _), least in zip(refusals, (0.25, 0.5, 1, 2, 4, 4)):
            # A busy machine only makes it longer.
            assert least <= seconds, [seconds for seconds, _, _ in refusals]
    # Others are not locked out, nor who has an access key.
    other = admin.name()
    admin.post("/users", {"name": other, "password": PASSWORD})
    sign_in(server, other, PASSWORD)
    with AdminClient(server, admin.access_key(known)) as client:
        client.get("/whoami")


# ---------------------------------------------------------------- other rules

def test_guesses_at_once_count_each_and_a_lock_ends(launch):
    server = launch(env={"CLAVIGER_PASSWORDS_LOCK_SECONDS": "2", "CLAVIGER_PASSWORDS_ATTEMPTS": "2"})
    with AdminClient(server) as admin:
        admin.post("/users", {"name": "alice", "password": PASSWORD})
    outcomes = at_once(lambda index: sign_in_refusal(server, "alice", f"{WRONG} {index}")[0], range(6))
    # What is not looked at is as good as not asked; two that were looked at lock the name.
    assert set(outcomes) <= {"wrongPassword", "throttled"} and outcomes.count("wrongPassword") >= 2
    time.sleep(3)
    assert sign_in(server, "alice", PASSWORD)["user"]["name"] == "alice"
    assert at_once(lambda index: sign_in_refusal(server, "alice", WRONG)[0], range(2)) == ["wrongPassword"] * 2
    assert sign_in_refusal(server, "alice", PASSWORD)[0] == "wrongPassword"
    assert server.stop() == 0


@pytest.mark.parametrize("variable, value", [("ATTEMPTS", "0"), ("ATTEMPTS", "x"), ("LOCK_SECONDS", "0"), ("LOCK_SECONDS", "-1"), ("LOCK_SECONDS", "1 h")])
def test_rules_for_passwords_that_make_no_sense_refuse_the_start(folder, variable, value):
    status, said = Server(folder / "data", env={f"CLAVIGER_PASSWORDS_{variable}": value}).refused()
    assert status != 0 and f"passwords.{variable.lower().replace('_', '-')}" in said, said
