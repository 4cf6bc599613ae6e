"""Checksums: the published ones, and those of files."""

import hashlib
import re
from collections.abc import Callable
from pathlib import Path

_LINE = re.compile(r"^([0-9a-fA-F]{64})\s+\*?(\S+)$", re.ASCII)
BLOCK_BYTES = 1 << 20
CHECKSUM_LIMIT_BYTES = 64 << 10
"""A checksum file has 400 bytes; more than this is something else."""


def parse_checksums(text: str) -> dict[str, str]:
    """SHA-256 by file name; lines of any other form are left out, and so is a name that stands there with two hashes.

    Both `<hash> *<file>` (until about 2019) and `<hash>  <file>` are read; a path before the name is dropped
    (some checksum files have one).
    """
    found: dict[str, set[str]] = {}
    for line in text.splitlines():
        match = _LINE.match(line.strip())
        if match:
            digest, name = match.groups()
            found.setdefault(name.rsplit("/", 1)[-1], set()).add(digest.lower())
    return {name: digests.pop() for name, digests in found.items() if len(digests) == 1}


def hash_file(path: Path, *, advance: Callable[[int], object] = lambda _: None) -> str:
    """SHA-256 of a file, in constant memory; `advance` is told the bytes of each block."""
    digest = hashlib.sha256()
    block = bytearray(BLOCK_BYTES)
    view = memoryview(block)
    with path.open("rb", buffering=0) as file:
        while count := file.readinto(block):
            digest.update(view[:count])
            advance(count)
    return digest.hexdigest()
