"""MetaBrainz' live data feed: replication packets, one an hour, for those who have a token.

Described at https://musicbrainz.org/doc/Live_Data_Feed; a packet that does not exist yet is answered with 404.
"""

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from pydantic import SecretStr

from linernotes import failpoints
from linernotes.errors import FatalError
from linernotes.ports.progress import Progress
from linernotes.sources.musicbrainz.disk import storage_errors
from linernotes.wire.retrying import AttemptError, Retries
from linernotes.wire.web import MissingFileError, Web, page_title

MAX_PACKET_BYTES = 1 << 30
"""Far more than what changes in an hour."""
_BZIP2 = b"BZh"


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveDataFeed:
    """The feed, as one holder of a token sees it."""

    web: Web
    base_url: str
    token: SecretStr
    retries: Retries

    def fetch(self, folder: Path, *, after: int, progress: Progress) -> None:
        """Bring the packets that follow into a folder, in order, until there is none yet.

        Raises:
            FatalError: The feed refuses, answers something else, or the disk is full.
            TransientError: It does not answer.
        """
        sequence = after + 1
        with progress.task("replication packets from the feed", unit="packets") as task:
            while self.retries.run(partial(self._fetch, sequence, folder)):
                task.advance()
                sequence += 1

    def _fetch(self, sequence: int, folder: Path) -> bool:
        """Bring one packet; False where there is none yet."""
        target = folder / f"replication-{sequence}-v2.tar.bz2"
        part = target.with_name(f"{target.name}.part")
        size = 0
        try:
            url = f"{self.base_url.rstrip('/')}/{target.name}?token={self.token.get_secret_value()}"
            with storage_errors(target), self.web.get(url) as response, part.open("wb") as file:
                for block in response.iter_raw():
                    if size == 0 and not block.startswith(_BZIP2[: len(block)]):
                        raise AttemptError(f"the feed answered {page_title(block)!r} instead of {target.name}")
                    size += file.write(block)
                    if size > MAX_PACKET_BYTES:
                        raise FatalError(f"{target.name} does not end after {MAX_PACKET_BYTES:,} bytes; refused")
        except MissingFileError:
            return False
        if size == 0:
            raise AttemptError(f"{target.name} came empty")
        failpoints.hit("packet.rename.before")
        part.replace(target)
        failpoints.hit("packet.rename.after")
        return True
