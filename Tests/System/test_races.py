"""Many clients that import material into one key, or bind it, at once."""
import pytest

import store
from client import Refused, b64, refusal
from crowd import together
from material import import_into, invite, new_material, waiting_key

NOT_SUPPORTED = "ResourceUnavailable.CmkStateNotSupport"
MISMATCH = "InvalidParameterValue.MaterialNotMatch"
EXPIRED = "ResourceUnavailable.TokenExpired"
IN_USE = "FailedOperation.CmkUsedByCloudProduct"


def encrypted(client, key, text="data"):
    return client("Encrypt", KeyId=key, Plaintext=b64(text))["CiphertextBlob"]


def opens(client, blob, text="data"):
    return client("Decrypt", CiphertextBlob=blob)["Plaintext"] == b64(text)


# ---------------------------------------------------------------- imports

def test_the_same_material_may_come_many_times_at_once(server, client):
    key, material = waiting_key(client), new_material(client)
    invitation = invite(client, key)
    results = together(server, 8, lambda client, _: invitation.give(client, material) and "ok")
    assert results == ["ok"] * 8
    assert opens(client, encrypted(client, key)) and len(store.wrapped_materials(server.data, key)) == 1


def test_of_different_materials_exactly_one_wins(server, client):
    for _ in range(3):
        key = waiting_key(client)
        materials = [new_material(client) for _ in range(8)]
        invitation = invite(client, key)
        results = together(server, 8, lambda client, index: invitation.give(client, materials[index]) and "ok")
        assert sorted(results) == [MISMATCH] * 7 + ["ok"]
        blob = encrypted(client, key)
        client("DeleteImportedKeyMaterial", KeyId=key)
        winner = results.index("ok")
        for index, material in enumerate(materials):
            if index != winner:
                assert refusal(invitation.give, client, material) == MISMATCH
        invitation.give(client, materials[winner])
        assert opens(client, blob)


def test_of_invitations_asked_for_at_once_one_is_good(server, client):
    key, material = waiting_key(client), new_material(client)
    invitations = together(server, 6, lambda client, _: invite(client, key))
    assert len({invitation.token for invitation in invitations}) == len({invitation.public_key for invitation in invitations}) == 6
    results = []
    for invitation in invitations:
        try:
            invitation.give(client, material)
            results.append("ok")
        except Refused as error:
            results.append(error.code)
    assert sorted(results) == [EXPIRED] * 5 + ["ok"]


def test_imports_and_deletions_at_once_lose_no_ciphertext(server, client):
    key, material = waiting_key(client), new_material(client)
    invitation = invite(client, key)
    invitation.give(client, material)
    blobs = [encrypted(client, key)]

    def work(client, index):
        outcomes = set()
        for _ in range(25):
            try:
                if index % 4 == 0:
                    invitation.give(client, material)
                elif index % 4 == 1:
                    client("DeleteImportedKeyMaterial", KeyId=key)
                elif index % 4 == 2:
                    blobs.append(encrypted(client, key))
                else:
                    assert opens(client, blobs[-1])
                outcomes.add("ok")
            except Refused as error:
                outcomes.add(error.code)
        return outcomes

    for index, outcomes in enumerate(together(server, 8, work)):
        assert outcomes <= {"ok"} if index % 4 == 0 else outcomes <= {"ok", NOT_SUPPORTED}
    invitation.give(client, material)
    assert all(opens(client, blob) for blob in blobs)


# ---------------------------------------------------------------- bindings

def bind(client, key, resource="bucket", action="BindCloudResource"):
    client(action, KeyId=key, ProductId="cos", ResourceId=resource)
    return "ok"


def unbind(client, key, resource="bucket"):
    return bind(client, key, resource, "UnbindCloudResource")


def test_the_same_binding_may_come_many_times_at_once_and_goes_once(server, client):
    for _ in range(3):
        key = client.create()
        assert together(server, 8, lambda client, _: bind(client, key)) == ["ok"] * 8
        assert refusal(client, "DisableKey", KeyId=key) == IN_USE
        results = together(server, 8, lambda client, _: unbind(client, key))
        assert sorted(results) == ["ResourceUnavailable.CloudResourceBindingNotFound"] * 7 + ["ok"]
        client("DisableKey", KeyId=key)


def test_as_long_as_one_binding_is_left_the_key_stays(server, client):
    key = client.create()
    assert together(server, 8, lambda client, index: bind(client, key, f"bucket-{index}")) == ["ok"] * 8
    for index in range(8):
        for action, more in (("DisableKey", {}), ("ArchiveKey", {}), ("ScheduleKeyDeletion", {"PendingWindowInDays": 7})):
            assert refusal(client, action, KeyId=key, **more) == IN_USE
        assert refusal(client, "DisableKeys", KeyIds=[key]) == IN_USE
        assert opens(client, encrypted(client, key))
        unbind(client, key, f"bucket-{index}")
    client("ArchiveKey", KeyId=key)


@pytest.mark.parametrize("action", ["ArchiveKey", "DeleteImportedKeyMaterial"])
def test_a_key_is_either_bound_or_taken_away(server, client, action):
    for _ in range(5):
        key = waiting_key(client)
        import_into(client, key, new_material(client))
        results = together(server, 8, lambda client, index: (client(action, KeyId=key) and "ok") if index % 2 else bind(client, key))
        binding, taking = results[::2], results[1::2]
        if "ok" in binding:
            assert binding == ["ok"] * 4 and taking == [IN_USE] * 4
            assert opens(client, encrypted(client, key))
        else:
            assert binding == [NOT_SUPPORTED] * 4 and sorted(taking) == [NOT_SUPPORTED] * 3 + ["ok"]
            assert client.metadata(key)["KeyState"] == ("Archived" if action == "ArchiveKey" else "PendingImport")
