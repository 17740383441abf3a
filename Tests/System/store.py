"""Looks into the key store of a data directory, and changes what no call can: when something is due."""
import contextlib
import sqlite3
import uuid

FILES = "claviger.db*"


@contextlib.contextmanager
def database(data):
    """The database; changes are committed at the end. Change it only while no server runs."""
    connection = sqlite3.connect(data / "claviger.db", timeout=10)
    try:
        with connection:
            yield connection
    finally:
        connection.close()


def id_bytes(key):
    """How the store writes a key's id."""
    return uuid.UUID(key).bytes


def wrapped_materials(data, key):
    """The wrapped material of each version of a key, oldest first."""
    with database(data) as connection:
        return [row[0] for row in connection.execute(
            "SELECT wrapped_material FROM key_versions JOIN keys ON keys.sequence = key_versions.key WHERE keys.id = ? ORDER BY ordinal",
            (id_bytes(key),))]


def versions_and_bindings(data):
    """For every key's id: how many versions it has, and its bindings as pairs of product and resource."""
    with database(data) as connection:
        bindings = {}
        for sequence, *binding in connection.execute("SELECT key, product, resource FROM resource_bindings"):
            bindings.setdefault(sequence, set()).add(tuple(binding))
        return {str(uuid.UUID(bytes=id)): (versions, frozenset(bindings.get(sequence, ()))) for sequence, id, versions in connection.execute(
            "SELECT sequence, id, (SELECT count(*) FROM key_versions WHERE key = keys.sequence) FROM keys")}


def make_rotation_due(data, key, moment):
    with database(data) as connection:
        changed = connection.execute("UPDATE keys SET next_rotation = ? WHERE id = ?", (int(moment), id_bytes(key)))
        assert changed.rowcount == 1


def make_key_deletion_due(data, key, moment):
    with database(data) as connection:
        changed = connection.execute("UPDATE keys SET deletion_date = ? WHERE id = ? AND deletion_date IS NOT NULL", (int(moment), id_bytes(key)))
        assert changed.rowcount == 1


def make_secret_deletion_due(data, name, moment):
    with database(data) as connection:
        changed = connection.execute("UPDATE secrets SET deletion_date = ? WHERE name = ? AND deletion_date IS NOT NULL", (int(moment), name))
        assert changed.rowcount == 1


def sealed_values(data):
    """What is sealed of each version of each secret, by the secret's name and the version's id."""
    with database(data) as connection:
        return {(name, version): text for name, version, text in connection.execute(
            "SELECT name, secret_versions.id, ciphertext FROM secret_versions JOIN secrets ON secrets.sequence = secret_versions.secret")}


def files_that_hold(data, found):
    """The names of the store's files, its log of writes included, that hold these bytes."""
    return [path.name for path in sorted(data.glob(FILES)) if found in path.read_bytes()]
