"""Gzip files as pieces of XML in constant memory, told apart from everything that only looks like one."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from isal import isal_zlib

from linernotes.sources.discogs.errors import (
    CorruptDumpError,
    GzipBombError,
    HtmlPageError,
    NotGzipError,
    TruncatedDumpError,
)

RATIO_LIMIT = 100
"""Inflated to compressed bytes. Dumps have about 6; deflate can reach 1,032, which only bombs do."""
RATIO_FREE_BYTES = 64 << 20
"""The ratio is not looked at before this much has been inflated: small files of little content compress well."""
_MAGIC = b"\x1f\x8b"
_GZIP = 31  # zlib's word for "with gzip header and checksum"
_READ_BYTES = 1 << 18


def inflate(path: Path, *, piece_bytes: int, on_read: Callable[[int], None] | None = None) -> Iterator[bytes]:
    """Yield the content of a gzip file in pieces of at most `piece_bytes`; `on_read` is told the compressed bytes read.

    Raises:
        NotGzipError: The file is something else; HtmlPageError if it is a web page.
        TruncatedDumpError: The file ends within the gzip stream, or is empty.
        CorruptDumpError: Checksum, length or compressed data are wrong, or something else follows the stream.
        GzipBombError: It inflates more than RATIO_LIMIT to 1.
    """
    with path.open("rb") as file:
        head = file.read(_READ_BYTES)
        _check_magic(path, head)
        yield from _members(path, file, head, piece_bytes, on_read or (lambda _: None))


def _check_magic(path: Path, head: bytes) -> None:
    if not head:
        raise TruncatedDumpError(f"{path.name} is empty; download it again")
    if head.startswith(_MAGIC[: len(head)]):
        return
    start = head.lstrip()[:100].lower()
    if start.startswith((b"<!doctype html", b"<html")):
        raise HtmlPageError(f"{path.name} is a web page, not a dump; look at the address, then download it again")
    raise NotGzipError(f"{path.name} is not gzip-compressed (it starts with {head[:8]!r}); download it again")


def _members(
    path: Path, file: BinaryIO, data: bytes, piece_bytes: int, on_read: Callable[[int], None]
) -> Iterator[bytes]:
    """Inflate one gzip member after the other, for a file may have several."""
    produced = 0
    member = isal_zlib.decompressobj(_GZIP)
    on_read(len(data))
    while data:
        try:
            for piece in _pieces(member, data, piece_bytes):
                produced += len(piece)
                _check_ratio(path, produced, file.tell())
                yield piece
        except isal_zlib.error as error:  # type: ignore[misc]  # the stub takes the class for an instance
            raise CorruptDumpError(f"{path.name} is damaged ({error}); download it again") from error
        data = file.read(_READ_BYTES)
        on_read(len(data))
        if member.eof and (rest := (member.unused_data + data).lstrip(b"\0")):
            if not rest.startswith(_MAGIC[: len(rest)]):
                raise CorruptDumpError(f"{path.name} goes on after the end of its gzip stream; download it again")
            member, data = isal_zlib.decompressobj(_GZIP), rest
    if not member.eof:
        raise TruncatedDumpError(f"{path.name} ends in the middle of its gzip stream; download it again")


def _pieces(member: "isal_zlib.Decompress", data: bytes, piece_bytes: int) -> Iterator[bytes]:
    """Everything that `data` inflates to within one member."""
    while not member.eof and (piece := member.decompress(data, piece_bytes)):
        yield piece
        data = member.unconsumed_tail


def _check_ratio(path: Path, produced: int, consumed: int) -> None:
    if produced > RATIO_FREE_BYTES and produced > RATIO_LIMIT * consumed:
        raise GzipBombError(
            f"{path.name} inflates more than {RATIO_LIMIT} to 1 ({produced:,} bytes from {consumed:,}); it is no dump"
        )
