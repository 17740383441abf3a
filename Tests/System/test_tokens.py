"""Temporary credentials and sessions: what they let do, until when, and that nothing but what was given out counts."""
import random
import time

import pytest

from admin_client import AdminClient, Credentials, cam, claviger, sign_in, sign_in_refusal, signed_in
from client import Client, Refused, refusal
from legacy_client import LegacyClient, legacy_refusal
from sdk import DENIED, SDK, SIGNATURES

FAILURE = "AuthFailure.TokenFailure"
UNKNOWN = "AuthFailure.SecretIdNotFound"
PASSWORD = "correct horse battery staple"
DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


@pytest.fixture(scope="module")
def admin(server):
    with AdminClient(server) as client:
        yield client


@pytest.fixture(scope="module")
def user(admin):
    """A user with one right, and a password."""
    return admin.user(cam("GetRegions"), password=PASSWORD)


def with_token(client, credentials):
    """The newer API through a client of our own, with the token in a header that may be left out or replaced."""
    signed_in(client, credentials)

    def call(action, token=credentials.token, **parameters):
        body = b"{}" if not parameters else None
        assert body is not None
        return client.json(action, body, extra={} if token is None else {"X-TC-Token": token})

    return call


def seconds_left(moment):
    return time.mktime(time.strptime(moment, "%Y-%m-%dT%H:%M:%SZ")) - time.timezone - time.time()


# ---------------------------------------------------------------- temporary credentials that work

@pytest.mark.parametrize("method", ["POST", "GET"])
@pytest.mark.parametrize("signature", SIGNATURES)
def test_temporary_credentials_have_the_rights_of_their_user(server, admin, user, signature, method):
    temporary = admin.temporary(user.name)
    assert temporary.id.startswith("TMPK") and temporary.token.startswith("clv1.")
    sdk = SDK(server, temporary, sign=signature, method=method)
    assert sdk("GetRegions")["Regions"]
    assert sdk.refusal("ListKeys") == DENIED
    for token in ("", None):
        bare = SDK(server, Credentials(temporary.id, temporary.secret, token), sign=signature, method=method)
        assert bare.refusal("GetRegions") == FAILURE
    # A token is nothing without its secret.
    assert SDK(server, Credentials(temporary.id, "x" * 32, temporary.token), sign=signature).refusal("GetRegions") == "AuthFailure.SignatureFailure"


def test_temporary_credentials_sign_by_hand_in_the_legacy_api_and_in_administration(server, admin, user):
    reader = admin.user(cam("ListKeys"), claviger("ListUsers"))
    temporary = admin.temporary(reader.name)
    client, legacy = Client(server), signed_in(LegacyClient(server), temporary)
    call = with_token(client, temporary)
    call("ListKeys")
    assert refusal(call, "ListKeys", token=None) == FAILURE
    # Whether the header is signed is the sender's choice.
    client.json("ListKeys", b"{}", also_signed={"X-TC-Token": temporary.token})
    client.v1("ListKeys", {"Token": temporary.token}, "POST", "HmacSHA1")
    with pytest.raises(Refused) as refused:
        client.v1("ListKeys", {})
    assert refused.value.code == FAILURE
    legacy("ListKey", Token=temporary.token)
    assert legacy_refusal(legacy, "ListKey") == legacy_refusal(legacy, "ListKey", Token=temporary.token[:-1]) == 4105
    assert legacy_refusal(legacy, "CreateKey", Token=temporary.token, alias="x") == 4103
    with AdminClient(server, temporary) as own:
        assert own.get("/whoami")["accessKeyId"] == temporary.id
        assert 3500 < seconds_left(own.get("/whoami")["expiresAt"]) <= 3600
        own.get("/users")
        assert own.refusal("GET", "/groups") == "accessDenied"
    with AdminClient(server, Credentials(temporary.id, temporary.secret)) as bare:
        assert bare.refusal("GET", "/whoami") == "invalidToken"
    client.close()
    legacy.close()


def test_rights_of_temporary_credentials_change_with_those_of_the_user(server, admin):
    user = admin.user(cam("GetRegions"))
    sdk = SDK(server, admin.temporary(user.name))
    for _ in range(3):
        assert sdk.outcome("GetRegions") is None
        admin.delete(f"/users/{user.name}/policies/{user.policies[0]}")
        assert sdk.outcome("GetRegions") == DENIED
        admin.put(f"/users/{user.name}/policies/{user.policies[0]}")
    admin.delete(f"/users/{user.name}/access-keys/{user.credentials.id}")
    # They are not the access key's.
    assert sdk.outcome("GetRegions") is None


def test_everybody_gets_temporary_credentials_for_oneself_and_nobody_with_temporary_ones(server, admin):
    user, helper, other = admin.user(cam("GetRegions")), admin.user(claviger("CreateTemporaryCredentials")), admin.user(cam("ListKeys"))
    with AdminClient(server, user.credentials) as own:
        made = own.temporary()
        assert SDK(server, made).outcome("GetRegions") is None
        assert own.temporary(user.name).id != made.id
        assert own.refusal("POST", "/temporary-credentials", {"user": other.name}) == "accessDenied"
    with AdminClient(server, helper.credentials) as own:
        assert SDK(server, own.temporary(other.name)).outcome("ListKeys") is None
        assert own.refusal("POST", "/temporary-credentials", {"user": "claviger"}) == "accessDenied"
    for credentials in (made, admin.temporary(helper.name), admin.temporary()):
        with AdminClient(server, credentials) as own:
            for body in ({}, {"user": user.name}):
                assert own.refusal("POST", "/temporary-credentials", body) == "accessDenied"


def test_temporary_credentials_of_the_root_may_do_everything(server, admin):
    sdk = SDK(server, admin.temporary(durationSeconds=900))
    key = sdk.create()
    sdk("DescribeKey", KeyId=key)


def test_temporary_credentials_last_as_long_as_they_were_asked_for(admin):
    for asked, expected in (({}, 3600), ({"durationSeconds": 900}, 900), ({"durationSeconds": 129600}, 129600)):
        made = admin.post("/temporary-credentials", asked)
        assert expected - 30 < seconds_left(made["expiresAt"]) <= expected


def test_a_token_beside_an_access_key_does_not_matter(server, admin, user):
    for token in ("x", admin.temporary().token):
        assert SDK(server, Credentials(user.credentials.id, user.credentials.secret, token)).refusal("ListKeys") == DENIED
        assert SDK(server, Credentials(user.credentials.id, user.credentials.secret, token)).outcome("GetRegions") is None


# ---------------------------------------------------------------- tokens that are none

def alterations(token, chance):
    """Texts that differ from a token by little."""
    prefix = len("clv1.")
    places = sorted({prefix, prefix + 1, prefix + 20, prefix + 21, prefix + 22, prefix + 23, len(token) - 1, len(token) - 2, len(token) - 22,
                     *chance.sample(range(prefix, len(token)), 60)})
    for place in places:
        # Each bit of the digit, the last ones of the last digit too, where a careless reader would not look.
        for bit in ((1, 2, 4, 8, 16, 32) if place > len(token) - 3 else (chance.choice([1, 2, 4, 8, 16, 32]),)):
            digit = DIGITS[DIGITS.index(token[place]) ^ bit]
            yield token[:place] + digit + token[place + 1:]
    for place in range(prefix):
        yield token[:place] + ("x" if token[place] != "x" else "y") + token[place + 1:]
    for length in (0, 1, prefix, prefix + 1, prefix + 22, len(token) // 2, len(token) - 22, len(token) - 4, len(token) - 1):
        yield token[:length]
    for more in ("A", "AA", "AAA", "AAAA", "=", "==", ".", ".A", token, token[prefix:], "%00", "\t"):
        yield token + more
    yield from (token[prefix:], token.lower(), token.upper(), "clv1." + token, token[:prefix] + token[:prefix:-1], token.replace("-", "+").replace("_", "/") + "=",
                "clv2." + token[prefix:], token[:20] + " " + token[20:], "null", "clv1." + "A" * 300, "A" * 4000)


def test_tokens_that_were_changed_are_refused(server, admin, user):
    chance = random.Random(3)
    temporary, signed = admin.temporary(user.name), sign_in(server, user.name, PASSWORD)["token"]
    client = Client(server)
    call = with_token(client, temporary)
    for known in (False, True):
        # Before the right token was ever seen, and while it is at hand.
        count = 0
        for text in alterations(temporary.token, chance):
            if text.strip() != temporary.token:
                assert refusal(call, "GetRegions", token=text) == FAILURE, text
                count += 1
        assert count > 90
        call("GetRegions")
    with AdminClient(server, bearer=signed) as session:
        for text in alterations(signed, chance):
            if text.strip() != signed:
                session.bearer = text
                # What an HTTP header cannot carry as one word does not come to be a token.
                assert session.refusal("GET", "/whoami") == "invalidToken", text
        session.bearer = signed
        session.get("/whoami")
    client.close()


def test_tokens_of_others_are_refused(server, admin, launch, user):
    other_user = admin.user(cam("*"))
    first, second, others = admin.temporary(user.name), admin.temporary(user.name), admin.temporary(other_user.name)
    signed = sign_in(server, user.name, PASSWORD)["token"]
    far = launch()
    with AdminClient(far) as stranger:
        far_user = stranger.user(cam("*"), name=user.name, password=PASSWORD)
        foreign, far_session = stranger.temporary(far_user.name), sign_in(far, far_user.name, PASSWORD)["token"]
    client = Client(server)
    for id, secret, token in (
            (first.id, first.secret, second.token), (first.id, first.secret, others.token), (others.id, others.secret, first.token),
            (first.id, others.secret, others.token), (first.id, first.secret, signed), (foreign.id, foreign.secret, foreign.token),
            (first.id, first.secret, foreign.token), ("TMPK" + "x" * 32, first.secret, first.token)):
        assert refusal(with_token(client, Credentials(id, secret, token)), "GetRegions") == FAILURE
        with AdminClient(server, Credentials(id, secret, token)) as caller:
            assert caller.refusal("GET", "/whoami") == "invalidToken"
    # Secrets of two credentials do not mix either, with every token right.
    assert refusal(with_token(client, Credentials(first.id, second.secret, first.token)), "GetRegions") == "AuthFailure.SignatureFailure"
    for bearer in (first.token, far_session, first.id, first.secret, user.credentials.secret, PASSWORD):
        with AdminClient(server, bearer=bearer) as caller:
            assert caller.refusal("GET", "/whoami") == "invalidToken"
    with AdminClient(far, bearer=signed) as caller:
        assert caller.refusal("GET", "/whoami") == "invalidToken"
    for credentials in (first, second, others):
        with_token(client, credentials)("GetRegions")
    client.close()


# ---------------------------------------------------------------- the end of tokens

def test_revoked_tokens_stay_void(server, admin):
    user = admin.user(cam("GetRegions"), password=PASSWORD)
    for _ in range(2):
        temporary, session = admin.temporary(user.name), admin.session(user.name, PASSWORD)
        client = Client(server)
        call = with_token(client, temporary)
        call("GetRegions")
        session.get("/whoami")
        unused = admin.temporary(user.name)
        admin.delete(f"/users/{user.name}/sessions")
        # What is made in the same second counts, and what was made before does not.
        fresh, fresh_session = admin.temporary(user.name), admin.session(user.name, PASSWORD)
        for _ in range(2):
            assert refusal(call, "GetRegions") == FAILURE
            assert refusal(with_token(Client(server), unused), "GetRegions") == FAILURE
            assert session.refusal("GET", "/whoami") == "invalidToken"
            with_token(Client(server), fresh)("GetRegions")
            fresh_session.get("/whoami")
        assert SDK(server, user.credentials).outcome("GetRegions") is None
        for connection in (client, session, fresh_session):
            connection.close()


@pytest.mark.parametrize("what", ["disabled", "deleted", "new password", "password removed"])
def test_tokens_end_with_what_they_stand_for(server, admin, what):
    user = admin.user(cam("GetRegions"), password=PASSWORD)
    temporary, session = admin.temporary(user.name), admin.session(user.name, PASSWORD)
    client = Client(server)
    call = with_token(client, temporary)
    call("GetRegions")
    session.get("/whoami")
    path = f"/users/{user.name}"
    match what:
        case "disabled":
            admin.patch(path, {"enabled": False})
        case "deleted":
            admin.delete(path)
        case "new password":
            admin.put(f"{path}/password", {"password": PASSWORD + "!"})
        case "password removed":
            admin.delete(f"{path}/password")
    assert refusal(call, "GetRegions") in (FAILURE, UNKNOWN)
    assert session.refusal("GET", "/whoami") == "invalidToken"
    # Nothing brings them back.
    match what:
        case "disabled":
            admin.patch(path, {"enabled": True})
        case "deleted":
            admin.user(cam("GetRegions"), name=user.name, password=PASSWORD)
        case "new password" | "password removed":
            admin.put(f"{path}/password", {"password": PASSWORD})
    assert refusal(call, "GetRegions") == FAILURE
    assert session.refusal("GET", "/whoami") == "invalidToken"
    assert sign_in(server, user.name, PASSWORD)["user"]["name"] == user.name
    client.close()
    session.close()


def test_tokens_end_with_the_account(server, admin):
    made, foreign = admin.account()
    name = made["account"]["name"]
    user = foreign.user(cam("GetRegions"))
    temporary = foreign.temporary(user.name)
    session = foreign.session(made["root"]["user"], made["root"]["password"], name)
    sdk = SDK(server, temporary)
    assert sdk.outcome("GetRegions") is None
    admin.patch(f"/accounts/{name}", {"enabled": False})
    assert sdk.outcome("GetRegions") in (FAILURE, UNKNOWN)
    assert session.refusal("GET", "/whoami") == "invalidToken"
    foreign.close()
    session.close()


# ---------------------------------------------------------------- sessions

def test_a_session_has_the_rights_of_its_user(server, admin):
    user = admin.user(claviger("ListUsers"), password=PASSWORD)
    answer = sign_in(server, user.name, PASSWORD)
    assert answer["user"] == {"name": user.name, "number": user.number, "isRoot": False}
    assert answer["account"]["name"] == "claviger"
    assert 43000 < seconds_left(answer["expiresAt"]) <= 43200
    with AdminClient(server, bearer=answer["token"]) as session:
        who = session.get("/whoami")
        assert who["user"]["name"] == user.name and "accessKeyId" not in who and who["expiresAt"] == answer["expiresAt"]
        session.get("/users")
        assert session.refusal("GET", "/groups") == "accessDenied"
        assert session.refusal("POST", "/users", {"name": "intruder"}) == "accessDenied"
        admin.delete(f"/users/{user.name}/policies/{user.policies[0]}")
        assert session.refusal("GET", "/users") == "accessDenied"
    root = server.credentials
    for account in (None, "claviger", admin.get("/account")["id"]):
        with AdminClient(server, bearer=sign_in(server, root["CLAVIGER_USER"], root["CLAVIGER_PASSWORD"], account and str(account))["token"]) as session:
            assert session.get("/whoami")["user"]["isRoot"] is True
            session.get("/users")


def test_signing_out_ends_one_session(server, admin):
    user = admin.user(password=PASSWORD)
    first, second = (admin.session(user.name, PASSWORD) for _ in range(2))
    assert first.bearer != second.bearer
    first.get("/whoami")
    first.delete("/sessions/current")
    for _ in range(2):
        assert first.refusal("GET", "/whoami") == "invalidToken"
        assert first.refusal("DELETE", "/sessions/current") == "invalidToken"
        second.get("/whoami")
    with AdminClient(server, user.credentials) as signer:
        # A signature has no session to end.
        assert signer.refusal("DELETE", "/sessions/current") == "unsupportedOperation"
    first.close()
    second.close()


def test_users_change_their_own_password_with_the_present_one(server, admin):
    user, other = admin.user(password=PASSWORD), admin.user(password=PASSWORD)
    new = PASSWORD + " new"
    session = admin.session(user.name, PASSWORD)
    path = f"/users/{user.name}/password"
    assert session.refusal("PUT", path, {"password": new}) == "accessDenied"
    assert session.refusal("PUT", path, {"password": new, "oldPassword": "wrong" * 3}) in ("wrongPassword", "accessDenied")
    assert session.refusal("PUT", f"/users/{other.name}/password", {"password": new, "oldPassword": PASSWORD}) in ("accessDenied", "invalidParameter")
    session.put(path, {"password": new, "oldPassword": PASSWORD})
    assert session.refusal("GET", "/whoami") == "invalidToken"
    assert sign_in_refusal(server, user.name, PASSWORD)[0] == "wrongPassword"
    assert sign_in(server, user.name, new)["user"]["name"] == user.name
    assert sign_in(server, other.name, PASSWORD)["user"]["name"] == other.name
    session.close()
