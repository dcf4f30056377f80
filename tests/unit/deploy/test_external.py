"""Servers that others run: who we are there is found out before ours are started, and each fault is one sentence."""

import base64
import datetime as dt
import json
import ssl
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from deploy.local import external as servers
from deploy.local import kafka
from deploy.local.addresses import Addresses, External
from deploy.local.environment import elasticsearch_settings, kafka_settings
from deploy.local.external import MARK, external, provision_elasticsearch, require_external
from deploy.local.faults import StackFault
from deploy.local.roles import ROLES
from deploy.local.secrets import Secrets
from hub.errors import IsthmusError

NOBODY = "127.0.0.1:9"


class Elasticsearch(ThreadingHTTPServer):
    """Lets the user `admin` with the password `right` make roles and users."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.made: dict[str, dict[str, object]] = {}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def lets_in(self, user: str, password: str) -> bool:
        known = self.made.get(f"/_security/user/{user}", {}).get("password")
        return password == ("right" if user == "admin" else known)


class Answer(BaseHTTPRequestHandler):
    server: Elasticsearch

    def do_GET(self) -> None:
        login = base64.b64decode(self.headers.get("Authorization", "").removeprefix("Basic ")).decode()
        there = self.path in {"/", "/_security/_authenticate"} or self.path in self.server.made
        if not self.server.lets_in(*login.split(":")):
            self.send_response(401)
        else:
            self.send_response(200 if there else 404)
        body = json.dumps({self.path.rpartition("/")[2]: self.server.made.get(self.path, {})}).encode()
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_PUT(self) -> None:
        self.server.made[self.path] = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.do_GET()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def elasticsearch(monkeypatch: pytest.MonkeyPatch) -> Iterator[Elasticsearch]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    server = Elasticsearch()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def as_admin(url: str, folder: Path, password: str = "right") -> External:
    file = folder / "password"
    file.write_text(password)
    return External(url, "admin", str(file))


def test_a_kafka_that_does_not_answer_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(servers, "PROBE_S", 0.5)
    with pytest.raises(StackFault, match=rf"Kafka at {NOBODY} does not answer .*: check the address"):
        require_external(Addresses(kafka=External(NOBODY)))


@pytest.mark.parametrize("url", [f"http://{NOBODY}", NOBODY, "http://[nowhere"])
def test_an_elasticsearch_that_does_not_answer_is_one_sentence(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with pytest.raises(StackFault, match=r"^Elasticsearch at .* does not answer .*: check the address"):
        require_external(Addresses(elasticsearch=External(url)))


@pytest.mark.parametrize("part", ["kafka", "elasticsearch"])
def test_an_administrator_has_a_password(part: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    name = f"ISTHMUS_{part.upper()}__"
    monkeypatch.setenv(f"{name}USERNAME", "admin")
    monkeypatch.delenv(f"{name}PASSWORD_FILE", raising=False)
    with pytest.raises(StackFault, match=f"set {name}PASSWORD_FILE"):
        external(part, "anywhere")
    monkeypatch.setenv(f"{name}PASSWORD_FILE", str(tmp_path / "none"))
    found = external(part, "anywhere")
    assert found == External("anywhere", "admin", str(tmp_path / "none"))
    with pytest.raises(IsthmusError, match="cannot be read"):
        require_external(Addresses(**{part: found}))


def test_a_wrong_password_is_one_sentence_and_never_told(elasticsearch: Elasticsearch, tmp_path: Path) -> None:
    with pytest.raises(StackFault, match="does not let us in") as told:
        require_external(Addresses(elasticsearch=as_admin(elasticsearch.url, tmp_path, "wr0ng-one")))
    assert "wr0ng-one" not in str(told.value)


def ours(secrets: Secrets) -> dict[str, object]:
    """What a stack makes in an Elasticsearch that others run."""
    roles = {name: {**role.body(), "metadata": MARK} for name, role in ROLES.items()}
    return {
        **{f"/_security/role/{name}": json.loads(json.dumps(role)) for name, role in roles.items()},
        **{
            f"/_security/user/{name}": {"password": secrets.password(f"elasticsearch-{name}"), "roles": [name]}
            for name in ROLES
        },
    }


def test_each_service_gets_its_own_role_and_user_there_and_a_second_start_finds_them(
    elasticsearch: Elasticsearch, tmp_path: Path
) -> None:
    known = as_admin(elasticsearch.url, tmp_path)
    require_external(Addresses(elasticsearch=known))
    secrets = Secrets(tmp_path)
    for _ in range(2):
        provision_elasticsearch(known, secrets)
        assert elasticsearch.made == ours(secrets)
    # As a version left it that made roles without a mark, and as one that was cut off.
    for name in ROLES:
        del elasticsearch.made[f"/_security/role/{name}"]["metadata"]
    provision_elasticsearch(known, secrets)
    del elasticsearch.made["/_security/user/search"]
    provision_elasticsearch(known, secrets)
    assert elasticsearch.made == ours(secrets)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/_security/user/search", {"password": "of others", "roles": ["theirs"]}),
        ("/_security/role/search", {"cluster": ["all"]}),
    ],
)
def test_a_user_or_role_of_others_is_left_alone_unless_we_are_to_take_it_over(
    path: str, body: dict[str, object], elasticsearch: Elasticsearch, tmp_path: Path
) -> None:
    known, secrets = as_admin(elasticsearch.url, tmp_path), Secrets(tmp_path)
    elasticsearch.made[path] = body
    with pytest.raises(StackFault, match=r"did not make and that are named like its own \(search\): .* `--take-over`"):
        provision_elasticsearch(known, secrets)
    assert elasticsearch.made == {path: body}
    provision_elasticsearch(known, secrets, take_over=True)
    provision_elasticsearch(known, secrets)
    assert elasticsearch.made == ours(secrets)


def test_where_there_is_no_security_nothing_is_made(elasticsearch: Elasticsearch, tmp_path: Path) -> None:
    open_to_all = External(elasticsearch.url)
    elasticsearch.RequestHandlerClass = type("Open", (Answer,), {"do_GET": _open})
    provision_elasticsearch(open_to_all, Secrets(tmp_path))
    assert elasticsearch.made == {}


def _open(answer: Answer) -> None:
    answer.send_response(200)
    answer.send_header("Content-Length", "0")
    answer.end_headers()


@pytest.fixture
def authority(tmp_path: Path, elasticsearch: Elasticsearch) -> Path:
    """The certificate authority of an Elasticsearch that speaks TLS; it is its own."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "test")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, now - dt.timedelta(days=1), now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    path, secret = tmp_path / "authority.pem", tmp_path / "key.pem"
    path.write_bytes(made.public_bytes(Encoding.PEM))
    secret.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path, secret)
    elasticsearch.socket = context.wrap_socket(elasticsearch.socket, server_side=True)
    return path


def test_an_elasticsearch_with_an_authority_of_its_own_is_trusted_by_it_alone(
    elasticsearch: Elasticsearch, authority: Path, tmp_path: Path
) -> None:
    known = replace(as_admin(elasticsearch.url.replace("http", "https"), tmp_path), ca_file=str(authority))
    require_external(Addresses(elasticsearch=known))
    with pytest.raises(StackFault, match="ISTHMUS_ELASTICSEARCH__CA_FILE"):
        require_external(Addresses(elasticsearch=replace(known, ca_file=None)))
    not_one = tmp_path / "password"
    with pytest.raises(StackFault, match="ISTHMUS_ELASTICSEARCH__CA_FILE"):
        require_external(Addresses(elasticsearch=replace(known, ca_file=str(not_one))))


def test_the_authority_is_that_of_the_environment_and_each_service_learns_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(Path, "read_bytes", read_by_no_administrator)
    (tmp_path / "ca.pem").touch()
    (tmp_path / "locked.pem").touch()
    for part in ("KAFKA", "ELASTICSEARCH"):
        monkeypatch.setenv(f"ISTHMUS_{part}__CA_FILE", str(tmp_path / "ca.pem"))
    with pytest.raises(StackFault, match="set ISTHMUS_KAFKA__USERNAME"):
        external("kafka", "anywhere")
    monkeypatch.setenv("ISTHMUS_KAFKA__USERNAME", "admin")
    monkeypatch.setenv("ISTHMUS_KAFKA__PASSWORD_FILE", str(tmp_path / "password"))
    addresses = Addresses({}, external("kafka", "anywhere"), external("elasticsearch", "https://anywhere"))
    secrets = Secrets(tmp_path)
    assert kafka_settings("router", secrets, addresses).ca_file == tmp_path / "ca.pem"
    found = elasticsearch_settings("search", secrets, addresses)
    assert (found.url, found.username, found.ca_file) == ("https://anywhere", None, tmp_path / "ca.pem")
    for without in ("http://anywhere", "anywhere:9200"):
        with pytest.raises(StackFault, match=r"^ISTHMUS_ELASTICSEARCH__CA_FILE is set, and .*: give an address"):
            external("elasticsearch", without)
    for name in ("none", "locked.pem", "."):
        monkeypatch.setenv("ISTHMUS_ELASTICSEARCH__CA_FILE", str(tmp_path / name))
        with pytest.raises(StackFault, match="names no file that this account may read"):
            external("elasticsearch", "https://anywhere")


def read_by_no_administrator(path: Path) -> bytes:
    """Read a file as one to whom what is locked is locked: an administrator of the machine reads all."""
    if path.name.startswith("locked"):
        raise PermissionError(path)
    with path.open("rb") as file:
        return file.read()


def test_an_authority_that_is_none_is_one_sentence(tmp_path: Path) -> None:
    not_one = tmp_path / "password"
    not_one.write_text("no certificate")
    kafka_of_others = External(NOBODY, "admin", str(not_one), str(not_one))
    with pytest.raises(StackFault, match="ISTHMUS_KAFKA__CA_FILE"):
        require_external(Addresses(kafka=kafka_of_others))
    elasticsearch_of_others = External(f"https://{NOBODY}", ca_file=str(not_one))
    with pytest.raises(StackFault, match=r"^ISTHMUS_ELASTICSEARCH__CA_FILE holds no certificate"):
        require_external(Addresses(elasticsearch=elasticsearch_of_others))


def test_without_an_authority_of_its_own_those_are_trusted_whom_every_client_trusts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    trusted: list[object] = []

    def connect(*, verify: object, **_about: object) -> None:
        trusted.append(verify)
        raise httpx.ConnectError("away")

    monkeypatch.setattr(servers.httpx, "Client", connect)
    with pytest.raises(StackFault):
        require_external(Addresses(elasticsearch=External("https://anywhere")))
    assert trusted == [True]


def test_an_administrator_speaks_tls_where_the_authority_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[dict[str, object]] = []
    monkeypatch.setattr(kafka, "AdminClient", made.append)
    kafka.administrator("anywhere", "admin", "secret", "SCRAM-SHA-512", "/ca.pem")
    kafka.administrator("anywhere", "admin", "secret", "SCRAM-SHA-512")
    assert [each["security.protocol"] for each in made] == ["SASL_SSL", "SASL_PLAINTEXT"]
    assert [each.get("ssl.ca.location") for each in made] == ["/ca.pem", None]
