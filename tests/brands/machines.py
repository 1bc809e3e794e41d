"""A machine of this computer that stands for one on the internet, and the way to it that only a test has."""

from __future__ import annotations

import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from brands import fetching

Handler = Callable[[BaseHTTPRequestHandler], None]


def sends(body: bytes = b"", kind: str = "text/html; charset=utf-8", status: int = 200, **headers: str) -> Handler:
    def handle(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **given}.items():
            request.send_header(name, value)
        request.end_headers()
        request.wfile.write(body)

    return handle


class Site:
    """What stands at each path, and what was asked for."""

    def __init__(self, pages: dict[str, Handler], port: int) -> None:
        self.pages, self.port = pages, port
        self.asked: list[tuple[str, str, dict[str, str]]] = []

    def at(self, path: str, host: str = "news.example") -> str:
        return f"http://{host}:{self.port}{path}"


@contextmanager
def site(pages: dict[str, Handler], secured: ssl.SSLContext | None = None) -> Iterator[Site]:
    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found.asked.append((self.command, self.path, dict(self.headers)))
            pages.get(self.path, sends(b"nothing here", status=404))(self)

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.do_GET()

        def log_message(self, *args: Any) -> None:
            pass

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: Any, client_address: Any) -> None:
            """A client that hangs up is what some of these tests are about."""

    server = Quiet(("127.0.0.77", 0), Answering)
    if secured:
        server.socket = secured.wrap_socket(server.socket, server_side=True)
    found = Site(pages, server.server_address[1])
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield found
    server.shutdown()
    server.server_close()


def way_to(
    patch: pytest.MonkeyPatch,
    port: int,
    *,
    names: dict[str, list[str]] | None = None,
    seconds: float = 5.0,
    **more: Any,
) -> list[str]:
    """Names under ``.example`` lead to this computer, which counts as public; every other address as it really does.

    Returns the names that were looked up, in order.
    """
    looked_up: list[str] = []

    def look_up(host: str, _port: int) -> list[fetching.Found]:
        looked_up.append(host)
        texts = (names or {}).get(host) or (["127.0.0.77"] if host.endswith(".example") else [host])
        return [(socket.AF_INET6 if ":" in text else socket.AF_INET, ipaddress.ip_address(text)) for text in texts]

    def is_public(address: fetching.Address) -> bool:
        return str(address) == "127.0.0.77" or fetching.is_public(address)

    ports = frozenset({80, 443, port})
    way: dict[str, Any] = {"look_up": look_up, "is_public": is_public, "ports": ports, "seconds": seconds, **more}
    patch.setattr(fetching, "_WAY", fetching._Way(**way))
    return looked_up
