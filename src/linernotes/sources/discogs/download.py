"""Downloading dump files: resumed, hashed on the way, bounded, and given their name only when whole."""

import re
import shutil
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from http import HTTPStatus
from pathlib import Path

import httpx2

from linernotes.domain.numbers import whole_number
from linernotes.errors import FatalError
from linernotes.ports.dumps import DumpFile
from linernotes.ports.fetching import ChecksumMismatchError, FetchedFile
from linernotes.ports.progress import Progress, Task
from linernotes.sources.discogs.local import check_file, storage_errors
from linernotes.sources.discogs.names import parse_name
from linernotes.sources.discogs.partial import Origin, PartialFile
from linernotes.wire.retrying import AttemptError, Retries
from linernotes.wire.web import Web, page_title

GZIP_MAGIC = b"\x1f\x8b"
MAX_FILE_BYTES = 64 << 30
"""Limit for a file whose size nobody tells; the largest dump file has 11 GB."""
SIZE_SLACK = 1.1
"""A listed size is rounded: `1.0 GB` can be 5% more."""
HEADROOM_BYTES = 1 << 30
STALL_SECONDS = 60.0
STALL_BYTES = 256 << 10
"""Less than this in `STALL_SECONDS` counts as a connection that is cut: the read timeout never sees a trickle."""

_CONTENT_RANGE = re.compile(r"bytes (?:(\d{1,15})-\d{1,15}|\*)/(\d{1,15}|\*)", re.ASCII)


class HtmlAnswerError(AttemptError):
    """The server answered a page, with status 200, where the file should be."""


class NotGzipAnswerError(AttemptError):
    """What the server sends is no gzip file."""


class TooLargeError(FatalError):
    """The body is larger than the listing allows."""


class NoSpaceError(FatalError):
    """The disk has no room for the files."""


class WebFetcher:
    """Downloads dump files into `<folder>/<YYYYMMDD>/`."""

    def __init__(
        self,
        web: Web,
        *,
        folder: Path,
        retries: Retries,
        headroom_bytes: int = HEADROOM_BYTES,
        free_bytes: Callable[[Path], int] = lambda folder: shutil.disk_usage(folder).free,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._web = web
        self._folder = folder
        self._retries = retries
        self._headroom_bytes = headroom_bytes
        self._free_bytes = free_bytes
        self._monotonic = monotonic

    def check(self, file: DumpFile, *, progress: Progress) -> FetchedFile | None:
        """The checksum of the file that was downloaded, or None; nothing is fetched, changed or deleted."""
        target = self._target(file)
        with storage_errors(target):
            return check_file(target, file, progress) if target.is_file() else None

    def check_space(self, files: Sequence[DumpFile]) -> int:
        """Bytes still to come for these files; one whose size is not listed counts as nothing.

        Raises:
            NoSpaceError: They, and the headroom, do not fit.
        """
        needed = sum(self._bytes_to_come(file) for file in files)
        with storage_errors(self._folder):
            self._folder.mkdir(parents=True, exist_ok=True)
            free = self._free_bytes(self._folder)
        if needed and needed + self._headroom_bytes > free:
            raise NoSpaceError(
                f"{self._folder} has {_gigabytes(free)} free; the files need {_gigabytes(needed)} and "
                f"{_gigabytes(self._headroom_bytes)} must stay free: make room or choose another home"
            )
        return needed

    def fetch(self, file: DumpFile, *, progress: Progress) -> FetchedFile:
        """Download one file, or check the one that is here; see the port for what is raised."""
        target = self._target(file)
        kept = self.check(file, progress=progress)
        with storage_errors(target):
            if kept is not None and file.sha256 in (None, kept.sha256):
                return kept
            if kept is not None:
                progress.say(f"{file.name} does not match its checksum any more; it is downloaded again")
                target.unlink()
            return self._download(file, target, progress)

    def _target(self, file: DumpFile) -> Path:
        parsed = parse_name(file.name)
        if parsed is None:
            raise FatalError(f"{file.name!r} is not the name of a dump file; refused")
        return self._folder / f"{parsed[0]:%Y%m%d}" / file.name

    def _bytes_to_come(self, file: DumpFile) -> int:
        target = self._target(file)
        if file.size_bytes is None or target.is_file():
            return 0
        part = target.with_name(f"{target.name}.part")
        return max(file.size_bytes - (part.stat().st_size if part.is_file() else 0), 0)

    def _download(self, file: DumpFile, target: Path, progress: Progress) -> FetchedFile:
        with closing(PartialFile(target)) as part:
            if part.kept_bytes:
                with progress.task(f"check {target.name}.part", total=part.kept_bytes, unit="bytes") as task:
                    part.resume(task.advance)
            if part.sha256 != file.sha256:
                self._retries.run(lambda: self._attempt(file, part, progress), bytes_done=lambda: part.size)
            if file.sha256 is not None and part.sha256 != file.sha256:
                part.discard()
                raise ChecksumMismatchError(
                    f"{file.name} came with SHA-256 {part.sha256}, published is {file.sha256}; it was deleted"
                )
            part.finish()
            return FetchedFile(
                path=target, sha256=part.sha256, size_bytes=part.size, is_verified=file.sha256 is not None
            )

    def _attempt(self, file: DumpFile, part: PartialFile, progress: Progress) -> None:
        headers = {"Accept-Encoding": "identity"}
        condition = part.origin.condition
        # without a condition the checksum must be able to tell a file that changed in between
        if part.size and (condition or file.sha256):
            headers |= {"Range": f"bytes={part.size}-"} | ({"If-Range": condition} if condition else {})
        with self._web.get(file.url, headers=headers) as response:
            if not _begin(response, part):
                return
            total = part.origin.total_bytes
            limit = _size_limit(file)
            if total is not None and total > limit:
                raise TooLargeError(f"{file.name} should have {file.size_bytes:,} bytes; the server sends {total:,}")
            with progress.task(f"download {file.name}", total=total or file.size_bytes, unit="bytes") as task:
                task.advance(part.size)
                self._receive(response, part, task, limit=limit)
        if total is not None and part.size != total:
            raise AttemptError(f"{file.name} was cut after {part.size:,} of {total:,} bytes")
        if part.size == 0:
            raise AttemptError(f"{file.name} came empty")

    def _receive(self, response: httpx2.Response, part: PartialFile, task: Task, *, limit: int) -> None:
        window_start, window_bytes = self._monotonic(), 0
        for block in response.iter_raw():
            if part.size == 0:
                _check_start(block)
            if part.size + len(block) > limit:
                part.restart(Origin())
                raise TooLargeError(f"the body of {response.request.url} does not end after {limit:,} bytes; refused")
            part.write(block)
            task.advance(len(block))
            window_bytes += len(block)
            now = self._monotonic()
            if now - window_start >= STALL_SECONDS:
                if window_bytes < STALL_BYTES:
                    raise AttemptError(f"{window_bytes:,} bytes in {now - window_start:.0f} s: the download stalls")
                window_start, window_bytes = now, 0


def _begin(response: httpx2.Response, part: PartialFile) -> bool:
    """Make the partial file fit what the server is about to send; False where nothing is left to send.

    Raises:
        AttemptError: The answer does not continue what is here; the next attempt begins at the start.
    """
    start, total = _content_range(response)
    origin = Origin(
        etag=response.headers.get("ETag"), last_modified=response.headers.get("Last-Modified"), total_bytes=total
    )
    status = response.status_code
    if status == HTTPStatus.OK:
        part.restart(origin)
        return True
    if status == HTTPStatus.PARTIAL_CONTENT and start == part.size and not part.origin.is_other_than(origin):
        return True
    if status == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE and part.size and total == part.size:
        return False
    part.restart(Origin())
    raise AttemptError(f"the server cannot continue the file ({status}), or it changed; from the start")


def _content_range(response: httpx2.Response) -> tuple[int | None, int | None]:
    """First byte and total length of an answer, where it tells."""
    if response.status_code == HTTPStatus.OK:
        return 0, whole_number(response.headers.get("Content-Length"))
    match = _CONTENT_RANGE.fullmatch(response.headers.get("Content-Range", "").strip())
    if match is None:
        return None, None
    start, total = match.groups()
    return (int(start) if start else None), (int(total) if total != "*" else None)


def _check_start(block: bytes) -> None:
    if block[:2] == GZIP_MAGIC[: len(block)]:
        return
    if block.lstrip()[:1] == b"<":
        raise HtmlAnswerError(f"the server answered a page ({page_title(block)!r}) instead of the file")
    raise NotGzipAnswerError(f"the server sends something that is no gzip file; it begins with {block[:8]!r}")


def _size_limit(file: DumpFile) -> int:
    return MAX_FILE_BYTES if file.size_bytes is None else int(file.size_bytes * SIZE_SLACK) + (1 << 20)


def _gigabytes(size_bytes: int) -> str:
    return f"{size_bytes / (1 << 30):.1f} GB"
