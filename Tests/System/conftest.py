import contextlib
import json
import os
import shutil
import tempfile
import pathlib

import pytest

from client import Client
from material import GUOMI
from server import Server

for name in list(os.environ):
    if name.lower().endswith("_proxy"):
        del os.environ[name]


@pytest.fixture
def folder():
    """An empty folder; not pytest's own, whose paths may be too long or kept for too long."""
    path = pathlib.Path(tempfile.mkdtemp(prefix="claviger-system-"))
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture
def launch(folder):
    """Starts servers that are ended with the test."""
    servers = []

    def launch(*arguments, data="data", **options):
        server = Server(folder / data, *arguments, **options)
        servers.append(server)
        return server.start()

    yield launch
    for server in servers:
        server.kill()


@contextlib.contextmanager
def serving(**options):
    """A server that must end well, and may not have logged an error."""
    path = pathlib.Path(tempfile.mkdtemp(prefix="claviger-system-"))
    server = Server(path / "data", **options).start()
    yield server
    status, log = server.stop(), server.log()
    shutil.rmtree(path, ignore_errors=True)
    assert status == 0, f"the server ended with status {status}: {log[-4000:]}"
    assert not [line for line in log.splitlines() if json.loads(line)["level"] in ("error", "critical")]


@pytest.fixture(scope="module")
def server():
    """One server for the tests of a module that leave it as it was."""
    with serving() as server:
        yield server


@pytest.fixture
def client(server):
    client = Client(server)
    yield client
    client.close()


@pytest.fixture(params=["ap-guangzhou", GUOMI])
def edition_client(server, request):
    """A client in a region of each edition."""
    client = Client(server, request.param)
    yield client
    client.close()
