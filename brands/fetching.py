"""The one place that calls an address which somebody typed: captures, link checks, and whatever is sent out later.

An address given by a user must never make this server talk to a machine that is not public. So an address is parsed
once, its name is resolved once, every answer must be public by the list below, and the connection goes to the very
address that was checked. The clock runs for the whole exchange, not for each read.
"""

from __future__ import annotations

import hashlib
import http.client
import io
import ipaddress
import queue
import re
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

SECONDS = 10.0
BYTES = 10 * 1024 * 1024
REDIRECTS = 3
PORTS = frozenset({80, 443})
DOCUMENTS = frozenset(
    {
        *("text/html", "application/xhtml+xml", "text/plain", "application/pdf"),
        *("image/png", "image/jpeg", "image/webp"),
    }
)
"""What is read, and kept as a copy. Nothing that a browser would run outside a page, such as SVG."""
AGENT = "cxalign"

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Found = tuple[socket.AddressFamily, Address]


class Unreachable(Exception):
    """It could not be reached. More is not said: the reason would tell a stranger what our network looks like."""

    def __init__(self) -> None:
        super().__init__("could not be reached")


@dataclass(frozen=True)
class Answer:
    """What a public machine answered."""

    status: int
    address: str
    """Where the answer came from, after the redirects."""
    media_type: str = ""
    charset: str = ""
    body: bytes = b""

    @property
    def is_success(self) -> bool:
        return 200 <= self.status < 300

    @cached_property
    def sha256(self) -> str:
        return hashlib.sha256(self.body).hexdigest()


# --- What is public ---------------------------------------------------------------------------------------------------

_SPECIAL_V4 = [
    ipaddress.IPv4Network(text)
    for text in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
        *("192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16"),
        *("192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
        "168.63.129.16/32",  # looks public, and is the inside of a large cloud
    )
]
_GLOBAL_V6 = ipaddress.IPv6Network("2000::/3")
_SPECIAL_V6 = [
    ipaddress.IPv6Network(text)
    for text in ("2001::/23", "2001:db8::/32", "2620:4f:8000::/48", "3fff::/20", "3ffe::/16")
]
_EMBEDDING = {
    "mapped": ipaddress.IPv6Network("::ffff:0:0/96"),
    "translated": ipaddress.IPv6Network("64:ff9b::/96"),
    "6to4": ipaddress.IPv6Network("2002::/16"),
    "teredo": ipaddress.IPv6Network("2001::/32"),
}
_ISATAP = (0x0000_5EFE, 0x0200_5EFE)


def is_public(address: Address) -> bool:
    """Whether an address, and every address that is hidden in it, belongs to the public internet."""
    if isinstance(address, ipaddress.IPv4Address):
        return not any(address in network for network in _SPECIAL_V4)
    hidden = list(hidden_in(address))
    if not all(is_public(found) for found in hidden):
        return False
    if any(address in network for network in _EMBEDDING.values()):
        return True
    return address in _GLOBAL_V6 and not any(address in network for network in _SPECIAL_V6)


def hidden_in(address: ipaddress.IPv6Address) -> Iterator[ipaddress.IPv4Address]:
    """The IPv4 addresses to which a packet for this IPv6 address may be carried."""
    number = int(address)
    low = ipaddress.IPv4Address(number & 0xFFFF_FFFF)
    if address in _EMBEDDING["mapped"] or address in _EMBEDDING["translated"]:
        yield low
    if address in _EMBEDDING["6to4"]:
        yield ipaddress.IPv4Address(number >> 80 & 0xFFFF_FFFF)
    if address in _EMBEDDING["teredo"]:
        yield ipaddress.IPv4Address(number >> 64 & 0xFFFF_FFFF)
        yield ipaddress.IPv4Address(int(low) ^ 0xFFFF_FFFF)
    if number >> 32 & 0xFFFF_FFFF in _ISATAP:
        yield low


# --- The way out ------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _trusted() -> ssl.SSLContext:
    return ssl.create_default_context()


def _look_up(host: str, port: int) -> list[Found]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return [(family, ipaddress.ip_address(str(place[0]).partition("%")[0])) for family, _t, _p, _n, place in found]


@dataclass(frozen=True)
class _Way:
    """How one gets out. Only a test makes another one: no setting leads here."""

    look_up: Callable[[str, int], list[Found]] = _look_up
    is_public: Callable[[Address], bool] = is_public
    ports: frozenset[int] = PORTS
    trusted: Callable[[], ssl.SSLContext] = _trusted
    seconds: float = SECONDS


_WAY = _Way()


@dataclass
class _Clock:
    """What is left of the time for the whole exchange."""

    seconds: float
    started: float = field(default_factory=time.monotonic)

    def left(self) -> float:
        left = self.started + self.seconds - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left


# --- An address -------------------------------------------------------------------------------------------------------

_NAME = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*\.?", re.ASCII)
_NUMBER = re.compile(r"(?:\d+|0x[0-9a-f]*)\.?", re.ASCII)
_ODD = re.compile(r"[\x00-\x20\x7f\\]")


@dataclass(frozen=True)
class _Target:
    scheme: str
    host: str
    port: int
    path: str

    @property
    def address(self) -> str:
        return f"{self.scheme}://{self.host_header}{self.path}"

    @property
    def host_header(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == {"http": 80, "https": 443}[self.scheme] else f"{host}:{self.port}"


def _parsed(address: str, ports: frozenset[int]) -> _Target:
    """The address, taken apart once. What could be read in two ways is refused."""
    if _ODD.search(address) or len(address) > 2000:
        raise ValueError("odd characters")
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or "@" in parts.netloc or not parts.hostname:
        raise ValueError("not a plain web address")
    port = parts.port or {"http": 80, "https": 443}[parts.scheme]
    if port not in ports:
        raise ValueError("not a port of the web")
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~") + (f"?{_query(parts.query)}" if parts.query else "")
    return _Target(parts.scheme, _host(parts.hostname), port, path)


def _query(text: str) -> str:
    return quote(text, safe="/?%:@!$&'()*+,;=~[]|")


def _host(name: str) -> str:
    """A host's name in letters that cannot mislead, or a number written the one usual way."""
    if ":" in name:
        return str(ipaddress.IPv6Address(name)) if "%" not in name else _refuse()
    host = name.encode("idna").decode("ascii").lower()
    if _NUMBER.fullmatch(host.rstrip(".").rpartition(".")[2]):
        return str(ipaddress.IPv4Address(host))
    return host if _NAME.fullmatch(host) else _refuse()


def _refuse() -> str:
    raise ValueError("not a host")


def host_of(address: str) -> str:
    """Whose machine an address names; empty where it is no address that would be called."""
    try:
        return _parsed(address, PORTS).host
    except (ValueError, UnicodeError):
        return ""


# --- Fetching ---------------------------------------------------------------------------------------------------------


def fetch(
    address: str,
    *,
    read: bool = True,
    media_types: frozenset[str] = DOCUMENTS,
    redirects: int = REDIRECTS,
    method: str = "GET",
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """Call a public address. ``read=False`` stops after the head of the answer.

    A success whose type is not wanted, or that is too large, is as unreachable as a machine that does not answer.
    """
    clock = _Clock(_WAY.seconds)
    try:
        for _step in range(redirects + 1):
            target = _parsed(address, _WAY.ports)
            answer, onward = _exchange(target, clock, method, body, headers or {}, media_types if read else None)
            if not onward:
                return answer
            address = urljoin(target.address, onward)
    except (OSError, ValueError, http.client.HTTPException, zlib.error) as error:
        raise Unreachable from error
    raise Unreachable  # sent on and on


def _exchange(
    target: _Target,
    clock: _Clock,
    method: str,
    body: bytes | None,
    headers: Mapping[str, str],
    media_types: frozenset[str] | None,
) -> tuple[Answer, str]:
    """One question and its answer, and where it sends us on."""
    line = _connect(target, _public_places(target, clock), clock)
    connection = http.client.HTTPConnection(target.host, target.port)
    connection.sock = line
    try:
        connection.putrequest(method, target.path, skip_host=True, skip_accept_encoding=True)
        sent = {"Host": target.host_header, "User-Agent": AGENT, "Accept": "*/*", "Accept-Encoding": "identity"}
        for name, value in {**sent, **headers, "Connection": "close"}.items():
            connection.putheader(name, value)
        if body is not None:
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body)
        response = connection.getresponse()
        onward = response.headers.get("Location", "") if response.status in (301, 302, 303, 307, 308) else ""
        kind, charset = response.headers.get_content_type(), response.headers.get_content_charset() or ""
        content = _read(response, kind, media_types) if media_types is not None and response.status == 200 else b""
        return Answer(response.status, target.address, kind, charset, content), onward
    finally:
        line.drop()


def _public_places(target: _Target, clock: _Clock) -> list[Found]:
    """Where the name leads: nowhere, unless every one of its addresses is public."""
    places = _in_time(lambda: _WAY.look_up(target.host, target.port), clock)
    if not places or not all(_WAY.is_public(place) for _family, place in places):
        raise ValueError("not public")
    return places


def _in_time(ask: Callable[[], list[Found]], clock: _Clock) -> list[Found]:
    """A look-up knows no time limit of its own: it is left behind when ours has passed."""
    answers: queue.SimpleQueue[Any] = queue.SimpleQueue()

    def work() -> None:
        try:
            answers.put(ask())
        except Exception as error:  # whatever it is, whoever waits must not wait for the rest of the time
            answers.put(error)

    threading.Thread(target=work, name="look-up", daemon=True).start()
    try:
        answer = answers.get(timeout=clock.left())
    except queue.Empty:
        raise TimeoutError from None
    if isinstance(answer, Exception):
        raise answer
    return list(answer)


class _TimedReader(io.RawIOBase):
    """Reads from a socket; a machine that sends a byte a second gets no more time than any other."""

    def __init__(self, line: socket.socket, clock: _Clock) -> None:
        self.line, self.clock = line, clock

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self.line.settimeout(self.clock.left())
        return self.line.recv_into(buffer)


@dataclass
class _Line:
    """As much of a socket as an HTTP connection needs, under one clock."""

    line: socket.socket
    clock: _Clock

    def sendall(self, data: Any) -> None:
        self.line.settimeout(self.clock.left())
        self.line.sendall(data)

    def makefile(self, mode: str = "rb", *_args: Any, **_named: Any) -> io.BufferedReader:
        return io.BufferedReader(_TimedReader(self.line, self.clock))

    def close(self) -> None:
        """The connection lets go of its line before the answer was read: nothing happens until ``drop``."""

    def drop(self) -> None:
        self.line.close()


def _connect(target: _Target, places: list[Found], clock: _Clock) -> _Line:
    """A line to one of the addresses that were checked, and to no other."""
    failure: OSError = OSError("nowhere to go")
    for family, place in places:
        line = socket.socket(family, socket.SOCK_STREAM)
        try:
            line.settimeout(min(clock.left(), clock.seconds / 2))
            line.connect((str(place), target.port))
            return _Line(_secured(line, target, clock), clock)
        except OSError as error:
            line.close()
            failure = error
    raise failure


def _secured(line: socket.socket, target: _Target, clock: _Clock) -> socket.socket:
    if target.scheme == "http":
        return line
    line.settimeout(clock.left())
    return _WAY.trusted().wrap_socket(line, server_hostname=target.host)


def _read(response: http.client.HTTPResponse, kind: str, media_types: frozenset[str]) -> bytes:
    """The body, counted while it comes in and while it is unpacked."""
    if kind not in media_types or (response.length or 0) > BYTES:
        raise ValueError("not wanted")
    unpack = _unpacker(response.headers.get("Content-Encoding", "").strip().lower())
    pieces, size, packed = [], 0, 0
    while piece := response.read(65536):
        packed += len(piece)
        unpacked = unpack(piece, BYTES - size + 1)
        size += len(unpacked)
        if max(size, packed) > BYTES:
            raise ValueError("too large")
        pieces.append(unpacked)
    if response.length:
        raise ValueError("cut short")
    return b"".join(pieces)


def _unpacker(encoding: str) -> Callable[[bytes, int], bytes]:
    """We ask for plain bytes; some pack them all the same."""
    if encoding in ("", "identity"):
        return lambda piece, limit: piece
    if encoding not in ("gzip", "x-gzip"):
        raise ValueError("packed in an unknown way")
    stream = zlib.decompressobj(16 + zlib.MAX_WBITS)

    def unpack(piece: bytes, limit: int) -> bytes:
        unpacked = stream.decompress(piece, limit)
        if stream.unconsumed_tail:
            raise ValueError("too large")
        return unpacked

    return unpack
