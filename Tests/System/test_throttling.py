"""Rate limits: the vendor's documented ones, own ones, none; counted by account and action."""
import time
import urllib.parse

import pytest

from admin_client import AdminClient, cam, signed_in
from client import FORM, Client, Refused
from legacy_client import LegacyClient, LegacyRefused
from sdk import SDK
from server import Server

LIMITED = "RequestLimitExceeded"


@pytest.fixture
def configured(launch, folder):
    """Starts a server with these lines of YAML."""
    def start(text):
        (folder / "claviger.yaml").write_text(text)
        return launch("--config", folder / "claviger.yaml")
    return start


def outcomes(call, count):
    """How often a call is answered and how often it is throttled, and how long all took."""
    answered = throttled = 0
    begun = time.monotonic()
    for _ in range(count):
        try:
            call()
            answered += 1
        except Refused as error:
            assert error.code == LIMITED
            throttled += 1
        except LegacyRefused as error:
            assert (error.code, error.name) == (4400, LIMITED)
            throttled += 1
    return answered, throttled, time.monotonic() - begun


def check_rate(call, rate, count=None):
    """Holds a call to a rate: a second's worth at once, then as many as the time that passes lets through, and no more."""
    count = count or 2 * rate + 10
    answered, throttled, seconds = outcomes(call, count)
    assert rate <= answered <= rate + rate * seconds + 1, (answered, throttled, seconds)
    if rate * (1 + seconds) + 1 < count:
        assert throttled > 0


def drained(call, rate):
    """Uses up what may be asked at once."""
    for _ in range(20 * rate):
        if outcomes(call, 1)[1]:
            return
    raise AssertionError("the call is never throttled")


@pytest.mark.parametrize("how", ["flag", "yaml", "environment"])
def test_the_documented_rates_are_a_word_away(launch, configured, how):
    match how:
        case "flag":
            server = launch("--limits", "documented")
        case "yaml":
            server = configured("limits: documented\n")
        case "environment":
            server = launch(env={"CLAVIGER_LIMITS": "documented"})
    client = Client(server)
    check_rate(lambda: client("GetRegions"), 20)
    if how == "flag":
        key = client.create()
        check_rate(lambda: client("RotateKey", KeyId=key), 20)
        check_rate(lambda: client("GetServiceStatus"), 50)
        # Others are not used up by these.
        client("ListAlgorithms")
        client("Encrypt", KeyId=key, Plaintext="YQ==")
        time.sleep(0.2)
        assert outcomes(lambda: client("GetRegions"), 2)[0] == 2
    client.close()


def test_rates_are_of_each_account_and_action_and_end_with_the_second(configured):
    server = configured("limits:\n  preset: documented\n  actions:\n    Encrypt: 5\n    DescribeKey: 3\n    GetRegions: 0\n")
    client, admin = Client(server), AdminClient(server)
    user = admin.user(cam("*"))
    made, foreign = admin.account()
    own, far = SDK(server, user.credentials), signed_in(Client(server), foreign.credentials)
    key, far_key = client.create(), far.create()

    def encrypt():
        client("Encrypt", KeyId=key, Plaintext="YQ==")

    check_rate(encrypt, 5, 60)
    drained(encrypt, 5)
    # Users of the account share its rate, whatever API they speak through.
    assert own.refusal("Encrypt", KeyId=key, Plaintext="YQ==") == LIMITED
    assert outcomes(lambda: far("Encrypt", KeyId=far_key, Plaintext="YQ=="), 5)[:2] == (5, 0)
    client("GenerateDataKey", KeyId=key, KeySpec="AES_128")
    check_rate(lambda: client("DescribeKey", KeyId=key), 3)
    # Zero lifts the limit of the preset.
    assert outcomes(lambda: client("GetRegions"), 60)[:2] == (60, 0)
    # The preset holds for what is not named.
    check_rate(lambda: client("ListAlgorithms"), 20)
    time.sleep(1.05)
    assert outcomes(encrypt, 5)[:2] == (5, 0)
    for connection in (client, admin, foreign, far):
        connection.close()


def test_the_legacy_api_is_limited_with_its_own_number(configured):
    server = configured("limits:\n  actions:\n    ListKey: 4\n    GetKeyAttributes: 2\n")
    legacy = LegacyClient(server)
    check_rate(lambda: legacy("ListKey"), 4, 40)
    client = Client(server)
    key = client.create()
    check_rate(lambda: legacy("GetKeyAttributes", keyId=key), 2, 30)
    assert outcomes(lambda: client("DescribeKey", KeyId=key), 30)[:2] == (30, 0)
    legacy.close()
    client.close()


def test_a_request_that_was_throttled_can_be_sent_again(configured):
    server = configured("limits:\n  actions:\n    GetRegions: 2\n")
    client = Client(server)
    drained(lambda: client("GetRegions"), 2)
    parameters = client.v1_parameters("GetRegions", {}, "POST", "HmacSHA256")
    body = urllib.parse.urlencode(parameters).encode()

    def send():
        answer = client.send("POST", "/", {"Host": client.host, "Content-Type": FORM}, body)
        return answer.get("Error", {}).get("Code")

    drained(lambda: client("GetRegions"), 2)
    assert send() == LIMITED
    time.sleep(0.6)
    # Only what was answered uses up its number.
    assert send() is None
    time.sleep(0.6)
    assert send() == "AuthFailure.SignatureFailure"
    client.close()


def test_who_cannot_sign_uses_nothing_up(configured):
    server = configured("limits:\n  actions:\n    GetRegions: 2\n")
    client, forger = Client(server), Client(server)
    forger.secret = "x" * 32
    time.sleep(1)
    for _ in range(30):
        assert forger.refusal("GetRegions") == "AuthFailure.SignatureFailure"
    assert outcomes(lambda: client("GetRegions"), 2)[:2] == (2, 0)
    client.close()
    forger.close()


def test_nothing_is_limited_by_default(server):
    client, legacy = Client(server), LegacyClient(server)
    for call, count in ((lambda: client("GetRegions"), 80), (lambda: client("ListAlgorithms"), 60), (lambda: legacy("ListKey"), 80)):
        assert outcomes(call, count)[:2] == (count, 0)
    client.close()
    legacy.close()


def test_off_is_a_word_too(launch):
    server = launch("--limits", "off", env={"CLAVIGER_LIMITS": "documented"})
    client = Client(server)
    assert outcomes(lambda: client("GetRegions"), 60)[:2] == (60, 0)
    client.close()


@pytest.mark.parametrize("text, word", [
    ("limits: {actions: {Encypt: 5}}", "Encypt"), ("limits: {actions: {encrypt_data: 5}}", "encrypt_data"), ("limits: {actions: {Encrypt: -1}}", "Encrypt"),
    ("limits: {actions: {Encrypt: many}}", "Encrypt"), ("limits: {actions: {Encrypt: 1.5}}", "Encrypt"), ("limits: generous", "limits"),
    ("limits: {preset: generous}", "limits"), ("limits: {actions: [Encrypt]}", "limits"), ("limits: {action: {Encrypt: 5}}", "limits"),
])
def test_limits_that_make_no_sense_refuse_the_start(folder, text, word):
    (folder / "claviger.yaml").write_text(text + "\n")
    status, said = Server(folder / "data", "--config", folder / "claviger.yaml").refused()
    assert status != 0 and word in said, said
    assert not (folder / "data" / "claviger.db").exists()


def test_a_flag_that_makes_no_sense_refuses_the_start(folder):
    status, said = Server(folder / "data", "--limits", "some").refused()
    assert status != 0 and "limits" in said
