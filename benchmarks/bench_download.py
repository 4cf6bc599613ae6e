"""Downloading over loopback: speed beside a bare copy of the bytes, and that memory does not grow with the file."""

import hashlib
import os
import resource
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from linernotes.ports.dumps import DumpFile
from linernotes.sources.discogs.download import WebFetcher
from linernotes.wire.retrying import Retries
from linernotes.wire.web import Web, make_client

SIZES_MB = (75, 300)
NAME = "discogs_20260301_labels.xml.gz"
SERVER = """
import os, socket, sys
listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
while True:
    connection, _ = listener.accept()
    connection.recv(65536)
    head = f"HTTP/1.1 200 OK\\r\\nContent-Length: {os.path.getsize(sys.argv[1])}\\r\\nConnection: close\\r\\n\\r\\n"
    connection.sendall(head.encode())
    with open(sys.argv[1], "rb") as file:
        connection.sendfile(file)
    connection.close()
"""


class Silence:
    """Progress that nobody watches."""

    @contextmanager
    def task(self, description: str, *, total: int | None = None, unit: str = "") -> Iterator["Silence"]:
        yield self

    def advance(self, amount: int = 1, /) -> None: ...

    def say(self, message: str) -> None: ...

    def step(self, message: str) -> None: ...


@contextmanager
def serve(path: Path) -> Iterator[int]:
    """Serve one file from another process, on the port that is answered."""
    process = subprocess.Popen([sys.executable, "-c", SERVER, path], stdout=subprocess.PIPE, text=True)
    with process:
        yield int(process.stdout.readline() if process.stdout else 0)
        process.kill()


def make_file(path: Path, size_mb: int) -> str:
    """Write a file that begins like gzip, and answer its SHA-256."""
    block = b"\x1f\x8b" + os.urandom((1 << 20) - 2)
    with path.open("wb") as file:
        for _ in range(size_mb):
            file.write(block)
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def copy_bare(port: int, target: Path) -> float:
    """Seconds to write what the server sends, with no checks at all."""
    began = time.perf_counter()
    with socket.create_connection(("127.0.0.1", port)) as connection, target.open("wb") as file:
        connection.sendall(b"GET / HTTP/1.1\r\n\r\n")
        while block := connection.recv(1 << 16):
            file.write(block)
    return time.perf_counter() - began


def download(port: int, folder: Path, size_mb: int, sha256: str) -> float:
    """Seconds to download the file as a pull does: bounded, hashed, synced, renamed."""
    url = f"http://127.0.0.1:{port}/"
    retries = Retries(attempts=1, sleep=time.sleep, jitter=lambda: 0)
    file = DumpFile(entity="label", name=NAME, url=url, size_bytes=size_mb << 20, sha256=sha256)
    with make_client(user_agent="linernotes bench", connect_seconds=5, read_seconds=5) as client:
        fetcher = WebFetcher(
            Web(client, base_url=url, now=lambda: datetime.now(UTC), settings="discogs.base_url"),
            folder=folder,
            retries=retries,
            headroom_bytes=0,
        )
        began = time.perf_counter()
        fetched = fetcher.fetch(file, progress=Silence())
    assert fetched.is_verified
    return time.perf_counter() - began


def main() -> None:
    """Print a line per size."""
    print(f"{'file':>8} {'bare copy':>12} {'download':>12} {'ratio':>6} {'peak memory':>12}")
    for size_mb in SIZES_MB:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            sha256 = make_file(folder / "source", size_mb)
            with serve(folder / "source") as port:
                bare = copy_bare(port, folder / "bare")
                taken = download(port, folder / "downloads", size_mb, sha256)
        megabytes = size_mb * (1 << 20) / 1e6
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
        rates = f"{megabytes / bare:7.0f} MB/s {megabytes / taken:7.0f} MB/s {bare / taken:6.2f}"
        print(f"{size_mb:5} MiB {rates} {peak:9} MB")


if __name__ == "__main__":
    main()
