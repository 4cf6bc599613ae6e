"""A site that hands out the sample, and the undisturbed journeys through it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock
from pytest_httpserver import HTTPServer

from linernotes.sample import write_dumps, write_musicbrainz
from tests.fakes.discogs import DumpSite
from tests.faults.journey import BOTH_SOURCES, DISCOGS, Journey
from tests.parsed_project import parsed_project, shared_folder
from tests.sheets import fill

__all__ = ["journey", "journey_of_both", "parsed_project", "site_url"]

ANSWERS = {"Brian Eno": "same", "Ralf Hütter": "different", "Bill Evans": "new"}


@pytest.fixture(scope="session")
def site_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a site on loopback with both months of the sample."""
    folder = tmp_path_factory.mktemp("dumps")
    write_dumps(folder)
    site = DumpSite({path.name: path.read_bytes() for path in folder.iterdir()})
    with HTTPServer(host="127.0.0.1") as server:
        yield site.serve_html(server)


@pytest.fixture(scope="session")
def journey(tmp_path_factory: pytest.TempPathFactory, site_url: str) -> Journey:
    """The undisturbed journey of Discogs, shared between the processes of pytest-xdist."""
    folder = shared_folder(tmp_path_factory) / "journey"
    folder.mkdir(exist_ok=True)
    return Journey(folder, DISCOGS, {"site": site_url})


@pytest.fixture(scope="session")
def journey_of_both(tmp_path_factory: pytest.TempPathFactory, site_url: str) -> Journey:
    """The undisturbed journey of both sources with people's answers, shared between the processes of pytest-xdist."""
    folder = shared_folder(tmp_path_factory) / "journey of both"
    dumps, sheet = folder / "musicbrainz", folder / "answers.csv"
    journey = Journey(folder, BOTH_SOURCES, {"site": site_url, "musicbrainz": str(dumps), "sheet": str(sheet)})
    with FileLock(f"{folder}.lock"):
        if not sheet.exists():
            folder.mkdir()
            write_musicbrainz(dumps)
            _answer(journey, sheet)
    return journey


def _answer(journey: Journey, sheet: Path) -> None:
    """Write the sheet that answers what the first build leaves open."""
    home = journey.copy_before(journey.step("answer"), sheet.parent / "asked")
    exported = home.run("review", "export", str(sheet))
    assert exported.status == 0, exported
    fill(sheet, ANSWERS)
