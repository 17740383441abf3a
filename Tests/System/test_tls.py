"""HTTPS: the vendor's SDK, replaced certificates, client certificates, old protocols and garbage."""
import datetime
import http.client
import ipaddress
import json
import socket
import ssl
import subprocess
import sys
import time

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from client import Raw
from server import Server

RELOAD_SECONDS = 20

SDK_CALL = """
import json, sys
from tencentcloud.common import credential
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.kms.v20190118 import kms_client, models

address, access_id, secret, authority = sys.argv[1:]
# The SDK trusts the authorities of its `certifi` package, whatever the environment says, unless it is told here.
profile = ClientProfile(httpProfile=HttpProfile(protocol="https", endpoint=address, reqTimeout=20, certification=authority))
client = kms_client.KmsClient(credential.Credential(access_id, secret), "ap-guangzhou", profile)

def call(name, **parameters):
    request = getattr(models, name + "Request")()
    request.from_json_string(json.dumps(parameters))
    return getattr(client, name)(request)

key = call("CreateKey", Alias="over-tls").KeyId
blob = call("Encrypt", KeyId=key, Plaintext="aGVsbG8=").CiphertextBlob
print(call("Decrypt", CiphertextBlob=blob).Plaintext)
"""


class Authority:
    def __init__(self, name):
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self.certificate = (self.begin(self.name, self.key)
                            .add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
                            .add_extension(x509.KeyUsage(False, False, False, False, False, True, True, False, False), True)
                            .sign(self.key, hashes.SHA256()))

    def begin(self, subject, key):
        now = datetime.datetime.now(datetime.timezone.utc)
        return (x509.CertificateBuilder().subject_name(subject).issuer_name(self.name).public_key(key.public_key())
                .serial_number(x509.random_serial_number())
                .not_valid_before(now - datetime.timedelta(hours=1)).not_valid_after(now + datetime.timedelta(days=1))
                .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
                .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), False))

    def issue(self, folder, name, usage=ExtendedKeyUsageOID.SERVER_AUTH):
        """Writes name.pem and name.key; returns their paths and the serial number."""
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = (self.begin(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]), key)
                       .add_extension(x509.BasicConstraints(ca=False, path_length=None), True)
                       .add_extension(x509.SubjectAlternativeName(
                           [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False)
                       .add_extension(x509.ExtendedKeyUsage([usage]), False)
                       .sign(self.key, hashes.SHA256()))
        write(folder / f"{name}.pem", certificate.public_bytes(serialization.Encoding.PEM))
        write(folder / f"{name}.key", key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
        return folder / f"{name}.pem", folder / f"{name}.key", certificate.serial_number

    def write(self, path):
        write(path, self.certificate.public_bytes(serialization.Encoding.PEM))
        return path


def write(path, content):
    """Replaces a file in one step, as tools that renew certificates do."""
    new = path.with_suffix(".new")
    new.write_bytes(content)
    new.rename(path)


def trusting(path, client=None):
    context = ssl.create_default_context(cafile=str(path))
    if client:
        context.load_cert_chain(str(client[0]), str(client[1]))
    return context


def ready(server, context):
    connection = http.client.HTTPSConnection("127.0.0.1", server.port, context=context, timeout=10)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status
    finally:
        connection.close()


def shown_serial(server, context):
    with socket.create_connection(server.address, timeout=10) as plain:
        with context.wrap_socket(plain, server_hostname="127.0.0.1") as tls:
            return x509.load_der_x509_certificate(tls.getpeercert(True)).serial_number


def eventually(holds):
    """Polls for what the server does within a few seconds by itself and announces to nobody but its log."""
    deadline = time.monotonic() + RELOAD_SECONDS
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.1)


@pytest.fixture(scope="module")
def authority():
    return Authority("Test Authority")


@pytest.fixture
def secured(folder, launch, authority):
    """A server with a certificate, and the folder's authority file."""
    certificate, key, serial = authority.issue(folder, "server")
    server = launch("--tls-cert", certificate, "--tls-key", key)
    server.serial = serial
    server.authority = authority.write(folder / "authority.pem")
    return server


def test_the_vendors_sdk_works_over_https(secured):
    assert secured.url.startswith("https://")
    credentials = secured.credentials
    assert credentials["CLAVIGER_URL"] == secured.url
    done = subprocess.run(
        [sys.executable, "-c", SDK_CALL, f"127.0.0.1:{secured.port}", credentials["CLAVIGER_ACCESS_ID"],
         credentials["CLAVIGER_ACCESS_KEY"], str(secured.authority)],
        capture_output=True, text=True, timeout=60)
    assert done.stdout == "aGVsbG8=\n", done.stderr


def test_a_client_that_does_not_know_the_authority_does_not_connect(secured, folder):
    stranger = Authority("Stranger").write(folder / "stranger.pem")
    with pytest.raises(ssl.SSLCertVerificationError):
        ready(secured, trusting(stranger))
    assert ready(secured, trusting(secured.authority)) == 200


def test_a_replaced_certificate_is_served_without_a_restart(secured, folder, authority):
    context = trusting(secured.authority)
    kept = http.client.HTTPSConnection("127.0.0.1", secured.port, context=context, timeout=10)
    kept.request("GET", "/healthz")
    kept.getresponse().read()
    assert shown_serial(secured, context) == secured.serial
    _, _, renewed = authority.issue(folder, "server")
    eventually(lambda: shown_serial(secured, context) == renewed)
    # A connection from before goes on.
    kept.request("GET", "/healthz")
    assert kept.getresponse().status == 200
    kept.close()

    # A file that is no certificate changes nothing.
    write(folder / "server.pem", b"half a certif")
    eventually(lambda: "not reloaded" in secured.log())
    assert shown_serial(secured, context) == renewed
    _, _, last = authority.issue(folder, "server")
    eventually(lambda: shown_serial(secured, context) == last)


def test_client_certificates_are_required_where_asked_for(folder, launch, authority):
    certificate, key, _ = authority.issue(folder, "server")
    trust = authority.write(folder / "authority.pem")
    clients = Authority("Clients")
    server = launch("--tls-cert", certificate, "--tls-key", key, "--tls-client-ca", clients.write(folder / "clients.pem"))
    own = clients.issue(folder, "client", ExtendedKeyUsageOID.CLIENT_AUTH)
    other = authority.issue(folder, "other", ExtendedKeyUsageOID.CLIENT_AUTH)
    assert ready(server, trusting(trust, own)) == 200
    for client in (None, other):
        with pytest.raises((ssl.SSLError, ConnectionError, http.client.RemoteDisconnected)):
            ready(server, trusting(trust, client))
    assert ready(server, trusting(trust, own)) == 200


@pytest.mark.parametrize("version, accepted", [
    (ssl.TLSVersion.TLSv1, False), (ssl.TLSVersion.TLSv1_1, False),
    (ssl.TLSVersion.TLSv1_2, True), (ssl.TLSVersion.TLSv1_3, True),
])
def test_old_protocols_are_refused(secured, version, accepted):
    context = trusting(secured.authority)
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = context.maximum_version = version
    if accepted:
        assert ready(secured, context) == 200
    else:
        with pytest.raises((ssl.SSLError, ConnectionError)) as failure:
            ready(secured, context)
        # Refused by the server, not given up by this side's library.
        assert "NO_PROTOCOLS_AVAILABLE" not in str(failure.value)


@pytest.mark.parametrize("garbage", [
    b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n", b"\x00" * 5000, bytes(range(256)) * 40, b"\x16\x03\x01\xff\xff" + b"\x01" * 70_000,
    b"\x16\x03\x01\x00\x05\x01\x00", b"",
], ids=["http", "zeros", "bytes", "huge hello", "half a hello", "nothing"])
def test_garbage_on_the_tls_port_does_no_harm(secured, garbage):
    with Raw(secured) as peer:
        peer.send(garbage)
        peer.end()
        while peer.fill():
            pass
    assert ready(secured, trusting(secured.authority)) == 200
    assert all(json.loads(line)["level"] not in ("error", "critical") for line in secured.log().splitlines())


def test_a_stop_ends_tls_connections_in_order(secured):
    context = trusting(secured.authority)
    connection = http.client.HTTPSConnection("127.0.0.1", secured.port, context=context, timeout=10)
    connection.request("GET", "/healthz")
    assert connection.getresponse().read() == b"ok\n"
    assert secured.stop() == 0
    connection.close()


@pytest.mark.parametrize("spoil", ["missing", "garbage", "foreign key"])
def test_a_certificate_that_cannot_be_used_is_refused_at_the_start(folder, authority, spoil):
    certificate, key, _ = authority.issue(folder, "server")
    if spoil == "missing":
        certificate.unlink()
    elif spoil == "garbage":
        certificate.write_text("no certificate")
    else:
        _, key, _ = authority.issue(folder, "another")
    status, text = Server(folder / "data", "--tls-cert", certificate, "--tls-key", key).refused()
    assert status == 1
    assert "error:" in text
