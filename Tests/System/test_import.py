"""Material from outside: how it comes, stays, ends and comes back."""
import os
import time

import pytest

import audit_log
import store
from client import Client, Refused, b64, refusal
from material import GUOMI, USUAL, WRAPPINGS, Invitation, import_into, invite, new_material, waiting_key
from waiting import eventually, sleep_until

DAY = 86400
REGIONS = ["ap-guangzhou", GUOMI]
WAYS_TO_END = {"stop": lambda server: server.stop(), "kill": lambda server: server.kill()}
NOT_SUPPORTED = "ResourceUnavailable.CmkStateNotSupport"
MISMATCH = "InvalidParameterValue.MaterialNotMatch"
EXPIRED = "ResourceUnavailable.TokenExpired"
IN_USE = "FailedOperation.CmkUsedByCloudProduct"
BAD_MATERIAL = "InvalidParameter.DecryptMaterialError"


def encrypted(client, key, text="data"):
    return client("Encrypt", KeyId=key, Plaintext=b64(text))["CiphertextBlob"]


def opens(client, blob, text="data"):
    return client("Decrypt", CiphertextBlob=blob)["Plaintext"] == b64(text)


def check_waits(client, key, *blobs):
    """The key has no material."""
    assert client.metadata(key)["KeyState"] == "PendingImport"
    assert refusal(encrypted, client, key) == NOT_SUPPORTED
    assert refusal(client, "GenerateDataKey", KeyId=key, KeySpec="AES_256") == NOT_SUPPORTED
    for blob in blobs:
        assert refusal(client, "Decrypt", CiphertextBlob=blob) == NOT_SUPPORTED
        assert refusal(client, "ReEncrypt", CiphertextBlob=blob) == NOT_SUPPORTED


# ---------------------------------------------------------------- the flow

@pytest.mark.parametrize("algorithm", WRAPPINGS)
def test_material_comes_by_every_algorithm_and_comes_back_after_deletion(edition_client, algorithm):
    client = edition_client
    key, material = waiting_key(client), new_material(client)
    before = client.metadata(key)
    assert before["Origin"] == "EXTERNAL" and before["Type"] == (4 if client.region == GUOMI else 2)
    check_waits(client, key)
    invitation = invite(client, key, algorithm)
    assert abs(invitation.expiry - time.time() - DAY) < 60
    invitation.give(client, material)
    assert client.metadata(key) == {**before, "KeyState": "Enabled"}
    blob = encrypted(client, key)
    assert opens(client, blob)
    for _ in range(2):
        client("DeleteImportedKeyMaterial", KeyId=key)
        check_waits(client, key, blob)
        # The token works as long as no newer one was asked for.
        invitation.give(client, material)
        assert opens(client, blob)


def test_what_does_not_fit_changes_nothing(edition_client):
    client = edition_client
    key, material = waiting_key(client), new_material(client)
    other = waiting_key(client)
    old = invite(client, key)
    invitation = invite(client, key)
    not_its_own = invite(client, other)
    wrong_size = os.urandom(32 if client.region == GUOMI else 16)
    other_key = Invitation(key, invitation.token, not_its_own.public_key, USUAL, 0)
    other_algorithm = Invitation(key, invitation.token, invitation.public_key, "RSAES_OAEP_SHA_1", 0)
    before = client.metadata(key)
    refusals = {
        EXPIRED: [lambda: old.give(client, material),
                  lambda: Invitation(key, not_its_own.token, not_its_own.public_key, USUAL, 0).give(client, material),
                  lambda: Invitation(key, b64(os.urandom(32)), invitation.public_key, USUAL, 0).give(client, material)],
        BAD_MATERIAL: [lambda: invitation.give(client, wrong_size), lambda: invitation.give(client, material + b"x"),
                       lambda: invitation.give(client, b""), lambda: other_key.give(client, material),
                       lambda: other_algorithm.give(client, material)],
        "InvalidParameterValue": [lambda: invitation.give(client, material, ValidTo=int(time.time()) - 1),
                                  lambda: invitation.give(client, material, ValidTo=1),
                                  lambda: invitation.give(client, material, ValidTo=2147443201),
                                  lambda: invitation.give(client, material, ValidTo=2**64 - 1)],
    }

    def check():
        for code, calls in refusals.items():
            for index, call in enumerate(calls):
                assert refusal(call) == code, (code, index)

    check()
    assert client.metadata(key) == before
    invitation.give(client, material, ValidTo=2147443200)
    blob, filled = encrypted(client, key), client.metadata(key)
    assert (filled["KeyState"], filled["ValidTo"]) == ("Enabled", 2147443200)
    check()
    assert refusal(invitation.give, client, new_material(client)) == MISMATCH
    assert client.metadata(key) == filled and opens(client, blob)
    invitation.give(client, material)
    assert client.metadata(key)["ValidTo"] == 0 and opens(client, blob)


def test_equal_material_does_not_make_ciphertexts_interchangeable(edition_client):
    client = edition_client
    material = new_material(client)
    one, other = waiting_key(client), waiting_key(client)
    for key in (one, other):
        import_into(client, key, material)
    blob = encrypted(client, one)
    client("DisableKey", KeyId=one)
    assert refusal(client, "Decrypt", CiphertextBlob=blob) == "ResourceUnavailable.CmkDisabled"
    assert opens(client, encrypted(client, other))


@pytest.mark.parametrize("action", ["GetParametersForImport", "ImportKeyMaterial", "DeleteImportedKeyMaterial"])
def test_a_key_that_was_made_here_takes_no_material(client, action):
    key = client.create()
    more = {"GetParametersForImport": {"WrappingAlgorithm": USUAL, "WrappingKeySpec": "RSA_2048"},
            "ImportKeyMaterial": {"EncryptedKeyMaterial": "YQ==", "ImportToken": "YQ=="}, "DeleteImportedKeyMaterial": {}}[action]
    assert refusal(client, action, KeyId=key, **more) == "UnsupportedOperation.NotExternalCmk"
    assert opens(client, encrypted(client, key))


@pytest.mark.parametrize("region, end", list(zip(REGIONS, WAYS_TO_END.values())), ids=WAYS_TO_END)
def test_material_invitations_and_bindings_outlive_a_restart(launch, region, end):
    first = launch()
    client = Client(first, region)
    filled, empty, bound, invited = (waiting_key(client) for _ in range(4))
    materials = {key: new_material(client) for key in (filled, empty, bound, invited)}
    expiry = int(time.time()) + 10_000
    filled_by = invite(client, filled)
    filled_by.give(client, materials[filled], ValidTo=expiry)
    import_into(client, empty, materials[empty])
    import_into(client, bound, materials[bound], ValidTo=expiry)
    client("BindCloudResource", KeyId=bound, ProductId="cos", ResourceId="bucket/ä\U0001f511")
    invitation = invite(client, invited)
    blobs = {key: encrypted(client, key) for key in (filled, empty, bound)}
    client("DeleteImportedKeyMaterial", KeyId=empty)
    before = [client.metadata(key) for key in materials]
    assert [metadata["ValidTo"] for metadata in before] == [expiry, 0, 0, 0]
    client.close()
    end(first)

    second = launch()
    client = Client(second, region)
    assert [client.metadata(key) for key in materials] == before
    assert opens(client, blobs[filled]) and opens(client, blobs[bound])
    check_waits(client, empty, blobs[empty])
    check_waits(client, invited)
    for action in ("DisableKey", "ArchiveKey", "DeleteImportedKeyMaterial"):
        assert refusal(client, action, KeyId=bound) == IN_USE
    assert refusal(client, "UnbindCloudResource", KeyId=bound, ProductId="cos", ResourceId="bucket") == \
        "ResourceUnavailable.CloudResourceBindingNotFound"
    client("UnbindCloudResource", KeyId=bound, ProductId="cos", ResourceId="bucket/ä\U0001f511")
    client("DisableKey", KeyId=bound)
    # What was asked for before the end still imports, and the first material is the only one that fits.
    invitation.give(client, materials[invited])
    assert refusal(invitation.give, client, new_material(client)) == MISMATCH
    filled_by.give(client, materials[filled])
    assert refusal(import_into, client, empty, new_material(client)) == MISMATCH
    import_into(client, empty, materials[empty])
    assert opens(client, blobs[empty])
    client.close()
    assert second.stop() == 0
    audit_log.verify(second.data)


# ---------------------------------------------------------------- the end of material

def use_until_it_ends(expiry, uses):
    """Encrypts under keys until their material ends, which it must do at its moment and not before."""
    while time.time() < expiry:
        for client, key in uses:
            try:
                encrypted(client, key)
            except Refused as error:
                # The moment may have come while the call was under way.
                assert error.code == NOT_SUPPORTED and time.time() >= expiry
        time.sleep(0.02)


def own_events(data, action):
    """What the server recorded about work that nobody called for."""
    return [record for record in audit_log.records(data) if record["action"] == action and record["dialect"] == "server"]


def test_material_ends_at_its_moment_and_comes_back(launch):
    server = launch()
    clients = [Client(server, region) for region in REGIONS]
    sides = [(client, *(waiting_key(client) for _ in range(4))) for client in clients]
    materials = {key: new_material(client) for client, *keys in sides for key in keys}
    invitations = {key: invite(client, key) for client, *keys in sides for key in keys}
    # The moment is whole seconds; the imports come within the time before it.
    expiry = int(time.time()) + 4
    blobs = {}
    for client, *keys in sides:
        for key in keys:
            invitations[key].give(client, materials[key], ValidTo=expiry)
            blobs[key] = encrypted(client, key)
        _, disabled, bound, prolonged = keys
        client("DisableKey", KeyId=disabled)
        client("BindCloudResource", KeyId=bound, ProductId="cos", ResourceId="x")
        invitations[prolonged].give(client, materials[prolonged], ValidTo=expiry + 1000)
        assert [client.metadata(key)["ValidTo"] for key in keys] == [expiry, expiry, 0, expiry + 1000]
    wrapped = {keys[0]: store.wrapped_materials(server.data, keys[0]) for _, *keys in sides}
    assert all(len(versions) == 1 for versions in wrapped.values())
    use_until_it_ends(expiry, [(client, keys[0]) for client, *keys in sides])

    for client, key, disabled, bound, prolonged in sides:
        for each in (key, disabled):
            check_waits(client, each, blobs[each])
        for each in (bound, prolonged):
            assert opens(client, blobs[each]) and client.metadata(each)["KeyState"] == "Enabled"
        # The material itself goes too.
        eventually(lambda: not store.wrapped_materials(server.data, key), "the material to be deleted")
        eventually(lambda: not store.files_that_hold(server.data, wrapped[key][0]), "the material to leave the files")
    ended = [key for _, *keys in sides for key in keys[:2]]
    events = eventually(lambda: len(found := own_events(server.data, "expireKeyMaterial")) >= 4 and found, "the log to say so")
    assert sorted(event["resources"] for event in events) == sorted([key] for key in ended)
    assert {event["outcome"] for event in events} == {"ok"} and {event["realm"] for event in events} == {"south", "guomi"}

    for client, key, disabled, *_ in sides:
        assert refusal(invitations[key].give, client, materials[disabled]) == MISMATCH
        for each in (key, disabled):
            invitations[each].give(client, materials[each])
            assert opens(client, blobs[each])
            assert (client.metadata(each)["KeyState"], client.metadata(each)["ValidTo"]) == ("Enabled", 0)
        client.close()
    assert server.stop() == 0
    audit_log.verify(server.data)


def test_lists_know_at_once_that_material_ended(server):
    client = Client(server)
    key = waiting_key(client)
    invitation = invite(client, key)
    expiry = int(time.time()) + 2
    invitation.give(client, new_material(client), ValidTo=expiry)
    sleep_until(expiry)
    alias = client.metadata(key)["Alias"]
    for state, found in ((0, 1), (1, 0), (4, 1)):
        answer = client("ListKeyDetail", KeyState=state, SearchKeyAlias=alias)
        assert (answer["TotalCount"], [entry["KeyState"] for entry in answer["KeyMetadatas"]]) == (found, ["PendingImport"] * found)
    client.close()


@pytest.mark.parametrize("end", WAYS_TO_END.values(), ids=WAYS_TO_END)
def test_material_that_ended_while_the_server_was_down_is_gone_when_it_starts(launch, end):
    first = launch()
    client = Client(first)
    key, material = waiting_key(client), new_material(client)
    invitation = invite(client, key)
    expiry = int(time.time()) + 3
    invitation.give(client, material, ValidTo=expiry)
    blob = encrypted(client, key)
    client.close()
    end(first)
    sleep_until(expiry)

    second = launch()
    client = Client(second)
    # The first call of all: nothing may have been prepared for it.
    assert refusal(client, "Decrypt", CiphertextBlob=blob) == NOT_SUPPORTED
    check_waits(client, key, blob)
    invitation.give(client, material)
    assert opens(client, blob)
    client.close()
    assert second.stop() == 0
