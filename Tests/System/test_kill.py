"""What was acknowledged outlives the process, however it ends; what was not is there whole or not at all."""
import contextlib
import dataclasses
import http.client
import random
import subprocess
import threading

import audit_log
import store
from client import Client, b64, unique_alias
from material import invite
from server import Server

KILLS = 15
WORKERS = 5
SEED = 20190118

# When imported material ends: not within this test.
FAR = 2_100_000_000


@dataclasses.dataclass(eq=False)
class KnownKey:
    id: str
    alias: str
    description: str = ""
    state: str = "Enabled"
    rotate_days: int = 0
    valid_to: int = 0
    # How many generations of material there are, and what relies on the key: what only the store shows.
    versions: int = 1
    bindings: frozenset = frozenset()
    # What is imported into the key, if its material comes from outside, and the newest leave to do so.
    material: bytes | None = None
    invitation: object = None


@dataclasses.dataclass
class Ciphertext:
    key: KnownKey
    plaintext: str
    blob: str


class Knowledge:
    """What clients were told, over all lives of the server."""

    def __init__(self):
        self.keys = []
        self.ciphertexts = []
        self.management_requests = []
        self.data_requests = []


class Worker(threading.Thread):
    """A client that works on keys of its own until its connection breaks.

    Before each change it notes in `pending` what it is about to ask for, as a key with its wanted properties, and forgets that once the
    change is acknowledged.
    """

    def __init__(self, server, knowledge, seed, acknowledged):
        super().__init__(daemon=True)
        self.client = Client(server)
        self.knowledge, self.random, self.acknowledged = knowledge, random.Random(seed), acknowledged
        self.keys = []
        self.pending = None
        self.failure = None

    def run(self):
        try:
            self.create()
            while True:
                self.random.choices(list(WEIGHTS), weights=WEIGHTS.values())[0](self)
        except (OSError, http.client.HTTPException):
            pass
        except BaseException as failure:
            self.failure = failure
        finally:
            self.client.close()

    def tell(self, action, **parameters):
        answer = self.client(action, **parameters)
        self.knowledge.management_requests.append(answer["RequestId"])
        self.acknowledged.release()
        return answer

    def change(self, key, action, changes, **parameters):
        self.pending = (key, dataclasses.replace(key, **changes))
        self.tell(action, KeyId=key.id, **parameters)
        for name, value in changes.items():
            setattr(key, name, value)
        self.pending = None

    def pick(self, *states, external=None, bound=None):
        fitting = [key for key in self.keys if key.state in states and external in (None, key.material is not None)
                   and bound in (None, bool(key.bindings))]
        return self.random.choice(fitting) if fitting else None

    def make(self, wanted, **parameters):
        self.pending = (None, wanted)
        wanted.id = self.tell("CreateKey", Alias=wanted.alias, Description=wanted.description, **parameters)["KeyId"]
        self.keys.append(wanted)
        self.knowledge.keys.append(wanted)
        self.pending = None

    def create(self):
        self.make(KnownKey("", unique_alias("kill"), f"made as {self.random.random()}"))

    def create_external(self):
        self.make(KnownKey("", unique_alias("outside"), state="PendingImport", versions=0, material=self.random.randbytes(32)), Type=2)

    def toggle(self):
        if key := self.pick("Enabled", "Disabled", bound=False):
            action, state = ("DisableKey", "Disabled") if key.state == "Enabled" else ("EnableKey", "Enabled")
            self.change(key, action, {"state": state})

    def rename(self):
        if key := self.pick("Enabled", "Disabled"):
            alias = unique_alias("renamed")
            self.change(key, "UpdateAlias", {"alias": alias}, Alias=alias)

    def describe(self):
        if key := self.pick("Enabled", "Disabled"):
            text = f"described as {self.random.random()}"
            self.change(key, "UpdateKeyDescription", {"description": text}, Description=text)

    def schedule_deletion(self):
        if key := self.pick("Disabled", "Archived", bound=False):
            self.change(key, "ScheduleKeyDeletion", {"state": "PendingDelete"}, PendingWindowInDays=7)

    def archive(self):
        if key := self.pick("Enabled", "Disabled", "Archived", bound=False):
            action, state = ("CancelKeyArchive", "Enabled") if key.state == "Archived" else ("ArchiveKey", "Archived")
            self.change(key, action, {"state": state})

    def rotate(self):
        if key := self.pick("Enabled", external=False):
            self.change(key, "RotateKey", {"versions": key.versions + 1})

    def plan_rotation(self):
        if key := self.pick("Enabled", "Disabled", external=False):
            if key.rotate_days:
                self.change(key, "DisableKeyRotation", {"rotate_days": 0})
            else:
                days = self.random.randint(7, 365)
                self.change(key, "EnableKeyRotation", {"rotate_days": days}, RotateDays=days)

    def import_material(self):
        if key := self.pick("PendingImport", "Enabled", external=True):
            if key.invitation is None or self.random.random() < 0.1:
                # Until the next one is acknowledged nobody knows which is the newest.
                key.invitation = None
                key.invitation = invite(self.client, key.id)
            valid_to = self.random.choice([0, FAR + self.random.randrange(10_000)])
            self.change(key, "ImportKeyMaterial", {"state": "Enabled", "versions": 1, "valid_to": valid_to}, ValidTo=valid_to,
                        ImportToken=key.invitation.token, EncryptedKeyMaterial=b64(key.invitation.wrap(key.material)))

    def delete_material(self):
        if key := self.pick("Enabled", "Disabled", external=True, bound=False):
            self.change(key, "DeleteImportedKeyMaterial", {"state": "PendingImport", "versions": 0, "valid_to": 0})

    def bind(self):
        if key := self.pick("Enabled", "Disabled"):
            resource = f"bucket-{self.random.randrange(5)}"
            self.change(key, "BindCloudResource", {"bindings": key.bindings | {("cos", resource)}, "valid_to": 0},
                        ProductId="cos", ResourceId=resource)

    def unbind(self):
        if key := self.pick("Enabled", "Disabled", bound=True):
            product, resource = self.random.choice(sorted(key.bindings))
            self.change(key, "UnbindCloudResource", {"bindings": key.bindings - {(product, resource)}}, ProductId=product, ResourceId=resource)

    def encrypt(self):
        if key := self.pick("Enabled"):
            plaintext = b64(self.random.randbytes(40))
            answer = self.client("Encrypt", KeyId=key.id, Plaintext=plaintext)
            self.knowledge.data_requests.append(answer["RequestId"])
            self.knowledge.ciphertexts.append(Ciphertext(key, plaintext, answer["CiphertextBlob"]))
            self.acknowledged.release()


WEIGHTS = {
    Worker.create: 3, Worker.create_external: 1, Worker.toggle: 3, Worker.rename: 2, Worker.describe: 2, Worker.encrypt: 6,
    Worker.schedule_deletion: 0.5, Worker.archive: 2, Worker.rotate: 3, Worker.plan_rotation: 2, Worker.import_material: 2,
    Worker.delete_material: 1, Worker.bind: 1, Worker.unbind: 2,
}


def shown(client, data, keys):
    found, stored = {}, store.versions_and_bindings(data)
    for start in range(0, len(keys), 100):
        ids = [key.id for key in keys[start:start + 100]]
        for metadata in client("DescribeKeys", KeyIds=ids)["KeyMetadatas"]:
            rotate_days = metadata["RotateDays"] if metadata["KeyRotationEnabled"] else 0
            found[metadata["KeyId"]] = (metadata["Alias"], metadata["Description"], metadata["KeyState"], rotate_days, metadata["ValidTo"],
                                        *stored[metadata["KeyId"]])
    return found


def properties(key):
    return key.alias, key.description, key.state, key.rotate_days, key.valid_to, key.versions, key.bindings


def settle(client, data, knowledge, pending):
    """Finds out what became of a change that was not acknowledged: done whole or not at all."""
    before, wanted = pending
    if before is None:
        page = client("ListKeyDetail", SearchKeyAlias=wanted.alias, KeyUsage="ALL", Limit=200)["KeyMetadatas"]
        found = [metadata for metadata in page if metadata["Alias"] == wanted.alias]
        if found:
            wanted.id = found[0]["KeyId"]
            knowledge.keys.append(wanted)
        else:
            replace_free_alias(client, knowledge, wanted.alias)
        return
    now = shown(client, data, [before])[before.id]
    assert now in (properties(before), properties(wanted))
    if before.alias != wanted.alias:
        replace_free_alias(client, knowledge, before.alias if now[0] == wanted.alias else wanted.alias)
    if now == properties(wanted):
        for field in dataclasses.fields(before):
            setattr(before, field.name, getattr(wanted, field.name))


def replace_free_alias(client, knowledge, alias):
    """An alias that no key shows can be given to a new one."""
    knowledge.keys.append(KnownKey(client.create(alias), alias))


def check_ciphertexts(client, ciphertexts):
    for ciphertext in ciphertexts:
        match ciphertext.key.state:
            case "Enabled" | "Archived":
                assert client("Decrypt", CiphertextBlob=ciphertext.blob)["Plaintext"] == ciphertext.plaintext
            case "Disabled":
                assert client.refusal("Decrypt", CiphertextBlob=ciphertext.blob) == "ResourceUnavailable.CmkDisabled"
            case _:
                assert client.refusal("Decrypt", CiphertextBlob=ciphertext.blob) == "ResourceUnavailable.CmkStateNotSupport"


def bring_back(client, key):
    """Makes a key usable whatever was done to it."""
    if key.state == "PendingDelete":
        client("CancelKeyDeletion", KeyId=key.id)
        client("EnableKey", KeyId=key.id)
    elif key.state == "Disabled":
        client("EnableKey", KeyId=key.id)
    elif key.state == "PendingImport":
        (key.invitation or invite(client, key.id)).give(client, key.material)
    if key.state != "Archived":
        key.state = "Enabled"


def test_acknowledged_changes_outlive_kills(folder):
    chance = random.Random(SEED)
    knowledge = Knowledge()
    server = Server(folder / "data").start()
    try:
        for life in range(KILLS):
            checked_ciphertexts = len(knowledge.ciphertexts)
            acknowledged = threading.Semaphore(0)
            workers = [Worker(server, knowledge, f"{SEED} {life} {index}", acknowledged) for index in range(WORKERS)]
            for worker in workers:
                worker.start()
            # The moment is chosen by what clients saw, and falls anywhere within the calls that are then in work.
            for _ in range(chance.randint(1, 250)):
                assert acknowledged.acquire(timeout=30)
            server.kill()
            for worker in workers:
                worker.join(30)
                assert not worker.is_alive()
                assert worker.failure is None, worker.failure

            server = Server(server.data).start()
            client = Client(server)
            for worker in workers:
                if worker.pending:
                    settle(client, server.data, knowledge, worker.pending)
            now = shown(client, server.data, knowledge.keys)
            assert {key.id: properties(key) for key in knowledge.keys} == now
            check_ciphertexts(client, knowledge.ciphertexts[checked_ciphertexts:])
            client.close()
            recorded = {record["request"] for record in audit_log.records(server.data)}
            assert recorded.issuperset(knowledge.management_requests)
            assert recorded.issuperset(knowledge.data_requests)

        audit_log.verify(server.data)
        client = Client(server)
        check_ciphertexts(client, knowledge.ciphertexts)
        total = client("ListKeyDetail", KeyUsage="ALL")["TotalCount"]
        assert total == len(knowledge.keys)
        for key in {ciphertext.key for ciphertext in knowledge.ciphertexts}:
            bring_back(client, key)
        check_ciphertexts(client, knowledge.ciphertexts)
        client.close()
        assert server.stop() == 0
        audit_log.verify(server.data)
        assert any(key.versions > 2 for key in knowledge.keys) and any(key.bindings for key in knowledge.keys)
        assert any(ciphertext.key.material for ciphertext in knowledge.ciphertexts)
        assert len(knowledge.keys) > KILLS and len(knowledge.ciphertexts) > KILLS
    finally:
        server.kill()


def test_a_first_start_that_is_killed_anywhere_is_made_good_by_the_next(folder):
    chance = random.Random(SEED)
    for attempt in range(4):
        data = folder / f"data-{attempt}"
        for _ in range(4):
            server = Server(data).spawn()
            with contextlib.suppress(subprocess.TimeoutExpired):
                server.process.wait(chance.uniform(0, 0.12))
            server.kill()
        server = Server(data).start()
        try:
            client = Client(server)
            key = client.create()
            blob = client("Encrypt", KeyId=key, Plaintext=b64("x"))["CiphertextBlob"]
            assert client("Decrypt", CiphertextBlob=blob)["Plaintext"] == b64("x")
            client.close()
            assert server.stop() == 0
            audit_log.verify(data)
        finally:
            server.kill()
