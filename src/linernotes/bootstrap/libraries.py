"""Libraries of a home: which there are, and what comes into them."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from linernotes import __version__
from linernotes.bootstrap.core import Core, now
from linernotes.bootstrap.providers import all_providers
from linernotes.lake.library import LakeLibraries
from linernotes.ports.libraries import Librarian, LibraryFile
from linernotes.ports.providers import Asking
from linernotes.providers.libraries.acousticbrainz import AcousticBrainzFiles
from linernotes.providers.libraries.asking import LibraryAsker
from linernotes.providers.libraries.digest import digest
from linernotes.providers.libraries.geonames import GeoNamesFiles
from linernotes.providers.libraries.lyrics import LyricsFiles
from linernotes.providers.libraries.mixesdb import MixesDbFiles
from linernotes.usecases.libraries import AddedFile, LibraryTools, add_files, remove_file


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """The library of one provider."""

    provider: str
    takes: str
    """Which files, in words."""
    files: Sequence[LibraryFile]


def all_librarians() -> Mapping[str, Librarian]:
    """Those there are, by provider."""
    librarians: Sequence[Librarian] = (AcousticBrainzFiles(), GeoNamesFiles(), LyricsFiles(), MixesDbFiles())
    return {librarian.provider: librarian for librarian in librarians}


class HomeLibraries:
    """The libraries of a home."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._files = LakeLibraries(folder=core.home.libraries)

    def all(self) -> Sequence[Library]:
        """Every library, with its files."""
        profiles = [provider.profile for provider in all_providers() if provider.profile.library]
        files = self._files.all()
        return [
            Library(
                provider=profile.name,
                takes=profile.library,
                files=[file for file in files if file.provider == profile.name],
            )
            for profile in profiles
        ]

    def names(self) -> frozenset[str]:
        """The providers whose library has a file."""
        return self._files.providers()

    def add(self, provider: str, paths: Sequence[Path], *, dry_run: bool) -> Sequence[AddedFile]:
        """Take files into a library."""
        return add_files(provider, paths, self._tools, dry_run=dry_run)

    def remove(self, provider: str, name: str) -> None:
        """Let go of a file."""
        remove_file(provider, name, self._tools)

    @contextmanager
    def asking(self, provider: str) -> Iterator[Asking]:
        """What answers out of a library, for the block."""

        def files() -> Sequence[str]:
            return [f"{file.name} {file.sha256}" for file in self._files.all(provider)]

        with self._files.reading(provider) as find:
            yield LibraryAsker(all_librarians()[provider], find, files=files, now=now)

    @property
    def _tools(self) -> LibraryTools:
        ledger = self._core.ledger
        return LibraryTools(
            librarians=all_librarians(),
            libraries=self._files,
            unknown=ledger.unknown_entities,
            leases=ledger.leases,
            runs=ledger.runs,
            digest=digest,
            now=now,
            progress=self._core.progress,
            code_version=__version__,
            settings=self._core.settings_recorded,
        )
