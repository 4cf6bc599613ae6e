"""A site that hands out the sample, and the undisturbed journey through it."""

from collections.abc import Iterator

import pytest
from pytest_httpserver import HTTPServer

from linernotes.sample import write_dumps
from tests.fakes.discogs import DumpSite
from tests.faults.journey import Journey
from tests.parsed_project import parsed_project, shared_folder

__all__ = ["journey", "parsed_project", "site_url"]


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
    """The undisturbed journey, shared between the processes of pytest-xdist."""
    folder = shared_folder(tmp_path_factory) / "journey"
    folder.mkdir(exist_ok=True)
    return Journey(folder, site_url)
