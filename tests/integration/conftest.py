"""Homes with the real dump files and with the bundled sample, pulled and built by the command `liner`."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock

from linernotes.sample import write_dumps, write_musicbrainz
from tests.enriched_homes import KNOWN, enrich
from tests.faults.liner import Home
from tests.parsed_project import parsed_project, shared_folder
from tests.services import PROVIDERS, Services, services

__all__ = ["both_sources", "enriched", "parsed_project", "real_dumps", "real_home", "web"]


@pytest.fixture(scope="session")
def both_sources(tmp_path_factory: pytest.TempPathFactory, parsed_project: None) -> Home:
    """A home with a month of both sources from the bundled sample, built once for all processes; tests take a copy."""
    folder = shared_folder(tmp_path_factory) / "both_sources"
    home = Home(folder / "home")
    with FileLock(f"{folder}.lock"):
        if not folder.exists():
            write_dumps(folder / "discogs")
            archives = [part for path in write_musicbrainz(folder / "mb")[1] for part in ("--dump", str(path))]
            assert home.run("pull", "discogs", "--from", str(folder / "discogs"), "--month", "2024-12").status in {0, 3}
            assert home.run("pull", "musicbrainz", *archives).status == 0
            assert home.run("build").status == 0
    return home


@pytest.fixture
def web() -> Iterator[Services]:
    """Web services on loopback, as providers are asked in tests."""
    with services() as served:
        yield served


@pytest.fixture(scope="session")
def enriched(both_sources: Home, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home that asked every provider about a few entities, built once for all processes; tests take a copy."""
    folder = shared_folder(tmp_path_factory) / "enriched"
    home = Home(folder / "home")
    with FileLock(f"{folder}.lock"):
        if not folder.exists():
            both_sources.copy(home.path)
            with services() as web:
                assert enrich(home, web, "--all", *KNOWN, on=PROVIDERS).status == 0
            assert home.run("build").status == 0
    return home


@pytest.fixture(scope="session")
def real_dumps(shared_data: Path) -> Path:
    """The folder of the real dump files."""
    return shared_data / "discogs"


@pytest.fixture(scope="session")
def real_home(tmp_path_factory: pytest.TempPathFactory, real_dumps: Path) -> Home:
    """A home with the real dumps in silver and gold; tests that change it take a copy."""
    home = Home(tmp_path_factory.mktemp("real") / "home")
    pulled = home.run("pull", "discogs", "--from", str(real_dumps))
    assert pulled.status == 0, pulled
    built = home.run("build")
    assert built.status == 0, built
    return home
