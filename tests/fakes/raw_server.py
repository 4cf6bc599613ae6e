"""An HTTP server on loopback that sends exactly the bytes it is told to: for faults no proper server makes."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field


@dataclass
class RawServer:
    """Answers each connection by the next script; the last one again and again."""

    port: int
    scripts: list[Callable[[socket.socket], object]] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def answer(self, *scripts: Callable[[socket.socket], object]) -> None:
        self.scripts = list(scripts)

    def header_of(self, number: int, name: str) -> str | None:
        """A header of one request, by its number; None where it was not sent."""
        for line in self.requests[number].splitlines()[1:]:
            key, _, value = line.partition(":")
            if key.lower() == name.lower():
                return value.strip()
        return None


def sends(*parts: bytes) -> Callable[[socket.socket], None]:
    """A script that sends these bytes and closes the connection."""

    def script(connection: socket.socket) -> None:
        for part in parts:
            connection.sendall(part)

    return script


def head(status: str, **headers: object) -> bytes:
    """The head of an answer; underscores in header names stand for dashes."""
    lines = [f"HTTP/1.1 {status}", *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items())]
    return ("\r\n".join([*lines, "Connection: close"]) + "\r\n\r\n").encode()


@contextmanager
def raw_server() -> Iterator[RawServer]:
    listener = socket.create_server(("127.0.0.1", 0))
    server = RawServer(port=listener.getsockname()[1])

    def serve() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                with connection, suppress(OSError):
                    server.requests.append(connection.recv(65536).decode("latin-1"))
                    script = server.scripts.pop(0) if len(server.scripts) > 1 else server.scripts[0]
                    script(connection)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(timeout=5)
