"""A home with the real dump files, pulled and built by the command `liner`."""

from pathlib import Path

import pytest

from tests.faults.liner import Home
from tests.parsed_project import parsed_project

__all__ = ["parsed_project", "real_dumps", "real_home"]


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
