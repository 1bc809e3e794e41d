"""We call only the public web: whatever an address says, wherever it leads, however long it takes."""

from __future__ import annotations

import gzip
import socket
import ssl
import subprocess
import time
from http.server import BaseHTTPRequestHandler
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest

from brands import fetching
from brands.fetching import Unreachable, fetch, host_of, is_public
from tests.brands.machines import sends, site, way_to

# --- What is public ---------------------------------------------------------------------------------------------------

PRIVATE_TEXT = """
0.0.0.0 10.0.0.1 10.255.255.255 100.64.0.1 100.100.100.200 127.0.0.1 127.255.255.254 169.254.169.254 172.16.0.1
172.31.255.255 192.0.0.1 192.0.0.192 192.0.2.1 192.88.99.1 192.168.1.1 198.18.0.1 198.19.255.255 198.51.100.7
203.0.113.9 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255 168.63.129.16
:: ::1 ::7f00:1 ::8.8.8.8 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 64:ff9b::7f00:1 64:ff9b::a9fe:a9fe
64:ff9b:1::8.8.8.8 100::1 2001:db8::1 2001:2::1 2001:20::1 3fff::1 3ffe::1 5f00::1 fc00::1 fd00:ec2::254 fe80::1
fec0::1 ff02::1 4000::1 2002:7f00:1:: 2002:a00:1::1 2002:a9fe:a9fe::1
2001:0:7f00:1::f7f7:f7f7 2001:0:808:808::80ff:fffe 2606:4700::5efe:7f00:1 2606:4700::200:5efe:a00:1
"""
PUBLIC_TEXT = """
1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.0 169.253.255.255
172.15.255.255 172.32.0.0 192.0.1.1 192.167.255.255 198.17.255.255 198.20.0.0 223.255.255.255
2606:4700::1111 2a00:1450:4007::200e ::ffff:8.8.8.8 64:ff9b::8.8.8.8 2002:808:808::1 2001:0:808:808::f7f7:f7f7
2606:4700::5efe:808:808
"""


@pytest.mark.parametrize("text", PRIVATE_TEXT.split())
def test_an_address_of_no_public_machine_is_known(text: str) -> None:
    assert not is_public(ip_address(text))


@pytest.mark.parametrize("text", PUBLIC_TEXT.split())
def test_an_address_of_the_public_internet_is_known(text: str) -> None:
    assert is_public(ip_address(text))


# --- Hostile addresses, with the real look-up -------------------------------------------------------------------------

HOSTILE = [
    *("http://127.0.0.1/", "http://127.1/", "http://2130706433/", "http://0177.0.0.1/", "http://0x7f000001/"),
    *("http://0x7f.0.0.1/", "http://017700000001/", "http://127.0.0.1./", "http://0.0.0.0/", "http://0/"),
    *("http://169.254.169.254/latest/meta-data/", "http://[::1]/", "http://[::]/", "http://[::ffff:127.0.0.1]/"),
    *("http://[::ffff:7f00:1]/", "http://[64:ff9b::7f00:1]/", "http://[2002:7f00:1::]/", "http://[fe80::1%25eth0]/"),
    *("http://localhost/", "http://LOCALHOST/", "http://１２７.0.0.1/", "http://127。0。0。1/"),
    *("file:///etc/passwd", "ftp://news.example/", "gopher://news.example/", "javascript:alert(1)", "news.example"),
    *("//news.example/", "http:///x", "http://", "", "http://user:pw@news.example/", "http://news.example@127.0.0.1/"),
    *("http://news.example:22/", "http://news.example:8080/", "http://news.example:99999/", "http://news.example:x/"),
    *("http://news.example\\@127.0.0.1/", "http://news.example\r\nHost: x/", "http://news.example/a b", "http://\x00/"),
    *("http://-news.example/", "http://news..example/", "http://" + "a" * 300 + "/", "http://x/" + "a" * 2000),
]


@pytest.mark.parametrize("address", HOSTILE)
def test_a_hostile_address_is_refused_before_anything_is_called(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[Any] = []
    monkeypatch.setattr(socket.socket, "connect", lambda self, place: called.append(place))
    with pytest.raises(Unreachable):
        fetch(address)
    assert called == []


def test_the_reason_is_never_told() -> None:
    told = set()
    for address in HOSTILE:
        with pytest.raises(Unreachable) as caught:
            fetch(address)
        told.add(str(caught.value))
    assert told == {"could not be reached"}


def test_one_private_address_among_public_ones_is_enough_to_refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    with site({"/": sends(b"hello")}) as news:
        names = {"mixed.example": ["127.0.0.77", "10.0.0.1"], "fine.example": ["127.0.0.77"], "none.example": []}
        way_to(monkeypatch, news.port, names=names)
        assert fetch(news.at("/", "fine.example")).body == b"hello"
        with pytest.raises(Unreachable):
            fetch(news.at("/", "mixed.example"))
    assert len(news.asked) == 1


def test_a_name_that_changes_its_mind_is_asked_once_and_the_checked_address_is_called(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answers = iter(["127.0.0.77", "10.0.0.1"])
    called: list[str] = []
    connect = socket.socket.connect

    def noted(line: socket.socket, place: Any) -> None:
        called.append(place[0])
        connect(line, place)

    with site({"/": sends(b"hello")}) as news:
        way_to(monkeypatch, news.port, look_up=lambda host, port: [(socket.AF_INET, ip_address(next(answers)))])
        monkeypatch.setattr(socket.socket, "connect", noted)
        assert fetch(news.at("/")).body == b"hello"
        with pytest.raises(Unreachable):  # the second answer names a machine of ours: refused before the call
            fetch(news.at("/"))
    assert called == ["127.0.0.77"]
    assert next(answers, "asked twice, once a call") == "asked twice, once a call"


# --- Redirects --------------------------------------------------------------------------------------------------------


def moved_to(place: str, status: int = 302) -> Any:
    return sends(status=status, Location=place)


def test_a_redirect_is_followed_and_the_last_address_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with site({"/old": moved_to("/new", 308), "/new": sends(b"moved")}) as news:
        way_to(monkeypatch, news.port)
        answer = fetch(news.at("/old"))
        assert (answer.status, answer.body, answer.address) == (200, b"moved", news.at("/new"))


@pytest.mark.parametrize(("steps", "arrives"), [(3, True), (4, False)])
def test_three_redirects_are_followed_and_no_fourth(steps: int, arrives: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    pages = {f"/{number}": moved_to(f"/{number + 1}") for number in range(steps)}
    with site({**pages, f"/{steps}": sends(b"there")}) as news:
        way_to(monkeypatch, news.port)
        if arrives:
            assert fetch(news.at("/0")).body == b"there"
        else:
            with pytest.raises(Unreachable):
                fetch(news.at("/0"))


@pytest.mark.parametrize(
    "place",
    [
        "http://127.0.0.1/",
        "http://[::1]/",
        "http://169.254.169.254/",
        "http://0x7f.1/",
        "file:///etc/passwd",
        "//10.0.0.1/",
    ],
)
def test_a_redirect_is_checked_like_any_address(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with site({"/": moved_to(place)}) as news:
        way_to(monkeypatch, news.port)
        with pytest.raises(Unreachable):
            fetch(news.at("/"))
    assert len(news.asked) == 1


# --- Time and size ----------------------------------------------------------------------------------------------------


def drips(head: bool) -> Any:
    def handle(request: BaseHTTPRequestHandler) -> None:
        if not head:
            sends(b"", Content_Length="1000")(request)
        for _ in range(200):
            request.wfile.write(b"X")
            request.wfile.flush()
            time.sleep(0.05)

    return handle


@pytest.mark.parametrize("head", [True, False])
def test_a_machine_that_drips_gets_no_more_time_than_any_other(head: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    with site({"/": drips(head)}) as news:
        way_to(monkeypatch, news.port, seconds=0.6)
        started = time.monotonic()
        with pytest.raises(Unreachable):
            fetch(news.at("/"))
        assert time.monotonic() - started < 2


def test_a_look_up_that_hangs_is_left_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    def hang(host: str, port: int) -> Any:
        time.sleep(3)

    monkeypatch.setattr(fetching, "_WAY", fetching._Way(look_up=hang, seconds=0.3))
    started = time.monotonic()
    with pytest.raises(Unreachable):
        fetch("https://news.example/")
    assert time.monotonic() - started < 2


def endless(request: BaseHTTPRequestHandler) -> None:
    request.send_response(200)
    request.send_header("Content-Type", "text/html")
    request.end_headers()
    for _ in range(400):
        request.wfile.write(b"x" * 65536)


LARGE = fetching.BYTES
BODIES: dict[str, tuple[Any, bool]] = {
    "exactly the limit": (sends(b"x" * LARGE), True),
    "one byte more": (sends(b"x" * (LARGE + 1)), False),
    "said to be more": (sends(b"x", Content_Length=str(LARGE + 1)), False),
    "without a length, without an end": (endless, False),
    "cut short": (sends(b"x", Content_Length="20"), False),
    "packed, and small": (sends(gzip.compress(b"hello"), Content_Encoding="gzip"), True),
    "a packed bomb": (sends(gzip.compress(b"\0" * 20_000_000), Content_Encoding="gzip"), False),
    "packed in an unknown way": (sends(b"xx", Content_Encoding="br"), False),
    "said to be packed": (sends(b"not packed", Content_Encoding="gzip"), False),
}


@pytest.mark.parametrize("name", BODIES)
def test_ten_megabytes_are_read_and_no_byte_more(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    handle, arrives = BODIES[name]
    with site({"/": handle}) as news:
        way_to(monkeypatch, news.port)
        if arrives:
            assert fetch(news.at("/")).is_success
        else:
            with pytest.raises(Unreachable):
                fetch(news.at("/"))


def test_what_is_packed_arrives_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    with site({"/": sends(gzip.compress(b"hello"), Content_Encoding="gzip")}) as news:
        way_to(monkeypatch, news.port)
        assert fetch(news.at("/")).body == b"hello"


@pytest.mark.parametrize(
    ("kind", "arrives"),
    [("text/html", True), ("application/pdf", True), ("image/svg+xml", False), ("application/zip", False)],
)
def test_only_documents_are_read(kind: str, arrives: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    with site({"/": sends(b"body", kind=kind)}) as news:
        way_to(monkeypatch, news.port)
        if arrives:
            assert fetch(news.at("/")).media_type == kind
        else:
            with pytest.raises(Unreachable):
                fetch(news.at("/"))


# --- What is sent and what comes back ---------------------------------------------------------------------------------


def test_the_head_alone_is_enough_for_a_link_check(monkeypatch: pytest.MonkeyPatch) -> None:
    with site({"/": sends(b"x" * 100, kind="application/zip"), "/gone": sends(b"", status=410)}) as news:
        way_to(monkeypatch, news.port)
        assert (fetch(news.at("/"), read=False).status, fetch(news.at("/"), read=False).body) == (200, b"")
        assert fetch(news.at("/gone"), read=False).status == 410


def test_a_page_that_is_gone_says_so_and_brings_no_body(monkeypatch: pytest.MonkeyPatch) -> None:
    with site({}) as news:
        way_to(monkeypatch, news.port)
        answer = fetch(news.at("/nowhere"))
    assert (answer.status, answer.is_success, answer.body) == (404, False, b"")


def test_a_body_can_be_sent_with_headers_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    with site({"/hook": sends(b"ok")}) as news:
        way_to(monkeypatch, news.port)
        fetch(news.at("/hook"), method="POST", body=b"{}", headers={"Content-Type": "application/json"}, redirects=0)
    method, _path, headers = news.asked[0]
    assert (method, headers["Content-Type"], headers["Content-Length"]) == ("POST", "application/json", "2")


def test_the_environment_names_no_proxy_and_no_password_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with site({"/": sends(b"hello")}) as news:
        way_to(monkeypatch, news.port)
        assert fetch(news.at("/")).body == b"hello"
    assert {"Authorization", "Cookie", "Proxy-Authorization", "Referer"}.isdisjoint(news.asked[0][2])
    assert news.asked[0][2]["Host"] == f"news.example:{news.port}"


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://News.Example/a", "news.example"),
        ("https://société.example/", "xn--socit-esab.example"),
        ("https://[2606:4700::1111]/", "2606:4700::1111"),
        ("http://127.1/", ""),
        ("mailto:somebody@news.example", ""),
    ],
)
def test_a_host_is_named_as_it_is_called(address: str, host: str) -> None:
    assert host_of(address) == host


# --- TLS --------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tls")
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=news.example"),
            *("-addext", "subjectAltName=DNS:news.example", "-keyout", folder / "key", "-out", folder / "cert"),
        ],
        check=True,
        capture_output=True,
    )
    return folder


@pytest.mark.parametrize(
    ("host", "is_trusted", "arrives"),
    [("news.example", True, True), ("other.example", True, False), ("news.example", False, False)],
)
def test_a_certificate_must_be_trusted_and_name_the_machine(
    host: str, is_trusted: bool, arrives: bool, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names: list[str] = []
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificate / "cert", certificate / "key")
    server.sni_callback = lambda line, name, context: names.append(name)  # type: ignore[assignment]
    client = ssl.create_default_context()
    if is_trusted:
        client.load_verify_locations(certificate / "cert")
    with site({"/": sends(b"secret")}, secured=server) as news:
        way_to(monkeypatch, news.port, trusted=lambda: client)
        address = news.at("/", host).replace("http:", "https:")
        if arrives:
            assert fetch(address).body == b"secret"
        else:
            with pytest.raises(Unreachable):
                fetch(address)
    assert names == [host]
    assert bool(news.asked) is arrives
