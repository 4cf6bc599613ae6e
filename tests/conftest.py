"""What every test may ask for."""

from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]
SHARED = PROJECT.parent / "shared"

pytest_plugins = (
    "tools.proofs_plugin",
    "tests.postgres",
    "tests.musicbrainz_kit",
    "tests.ledgers",
    "tests.destinations",
)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real input beside the project; tests on it are left out, and say so, where it does not exist."""
    if not SHARED.is_dir():
        pytest.skip("no real input beside this clone (../shared)")
    return SHARED / "data"
