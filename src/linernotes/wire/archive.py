"""A dump archive as a stream of its members: `.tar`, `.tar.bz2`, `.tar.zst`; no file is ever named as a member is."""

import contextlib
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Protocol, cast

import indexed_bzip2
import pyarrow as pa

from linernotes.errors import FatalError

_LONGEST_HEADER_BYTES = 1 << 20
"""Nothing in a dump needs a name or an extended header this long, and a header is read into memory whole."""
_BZIP2, _ZSTD = b"BZh", b"\x28\xb5\x2f\xfd"
_DECODING_ERRORS = (OSError, EOFError, ValueError, RuntimeError, tarfile.TarError, pa.ArrowException)
"""What tarfile and the decoders raise about bytes that are not what they should be."""


class Stream(Protocol):
    def read(self, size: int, /) -> bytes:
        """Up to so many bytes; none at the end."""
        ...


@contextlib.contextmanager
def open_archive(path: Path, *, threads: int) -> Iterator[Iterator[tuple[str, Stream]]]:
    """The regular files of an archive, each with its name and, until the next is asked for, its content.

    Args:
        path: The archive; what it is compressed with is told by its first bytes.
        threads: How many decode bzip2 at a time, which is what reading a dump waits for.

    Raises:
        FatalError: It cannot be opened or decoded, or is no archive; raised while reading, too.
    """
    with contextlib.ExitStack() as stack:
        with _translated(path):
            data = stack.enter_context(_decoded(path, threads))
            archive = stack.enter_context(tarfile.open(fileobj=data, mode="r|", tarinfo=_Header))
        yield _files(archive, path)


@contextlib.contextmanager
def _translated(path: Path) -> Iterator[None]:
    """Turn what the decoders say of a damaged archive into one clear line."""
    try:
        yield
    except FatalError:
        raise
    except _DECODING_ERRORS as error:
        if isinstance(error, OSError) and error.errno and error.strerror:
            raise FatalError(f"cannot read {path}: {error.strerror}") from error
        reason = str(error).partition("\n")[0].replace("std::exception", "") or type(error).__name__
        raise FatalError(f"{path.name} is damaged or cut off ({reason}); download it again") from error


def _files(archive: tarfile.TarFile, path: Path) -> Iterator[tuple[str, Stream]]:
    while True:
        with _translated(path):
            member = archive.next()
            content = archive.extractfile(member) if member is not None and member.isreg() else None
        if member is None:
            return
        if content is not None:
            yield member.name, _Content(content, path)


class _Content:
    """A member's content: what the decoders say while it is read is the archive's fault, and nothing else is."""

    def __init__(self, content: IO[bytes], path: Path) -> None:
        self._content = content
        self._path = path

    def read(self, size: int, /) -> bytes:
        with _translated(self._path):
            return self._content.read(size)


@contextlib.contextmanager
def _decoded(path: Path, threads: int) -> Iterator[IO[bytes]]:
    with path.open("rb") as file:
        start = file.read(4)
        file.seek(0)
        if start.startswith(_BZIP2):
            with indexed_bzip2.open(str(path), parallelization=threads) as data:
                yield cast("IO[bytes]", data)
        elif start == _ZSTD:
            with pa.CompressedInputStream(file, "zstd") as data:
                yield cast("IO[bytes]", data)
        else:
            yield file


class _Header(tarfile.TarInfo):
    """A member's header, refused where it would fill the memory."""

    _BEFORE_A_MEMBER = (
        tarfile.XHDTYPE,
        tarfile.XGLTYPE,
        tarfile.SOLARIS_XHDTYPE,
        tarfile.GNUTYPE_LONGNAME,
        tarfile.GNUTYPE_LONGLINK,
    )

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> "_Header":
        header = super().frombuf(buf, encoding, errors)
        if header.type in cls._BEFORE_A_MEMBER and header.size > _LONGEST_HEADER_BYTES:
            raise tarfile.ReadError(f"a header of {header.size:,} bytes")
        return header
