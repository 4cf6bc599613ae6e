"""The dbt project as dbt reads it, once for all test processes of a session: in a new home that takes seconds."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock

from linernotes.lake.dbt_run import Dbt
from linernotes.lake.project import PROJECT

PARSED = "PARSED_PROJECT"
NAME = "partial_parse.msgpack"


def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that the processes of pytest-xdist share."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session", autouse=True)
def parsed_project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Read the project before the first test of a folder in which homes are built."""
    folder = shared_folder(tmp_path_factory) / "parsed"
    with FileLock(f"{folder}.lock"):
        if not folder.exists():
            Dbt(project=PROJECT, target=folder, logs=folder).parse()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(PARSED, str(folder / NAME))
        yield


def bring_parsed(target: Path) -> None:
    """Give dbt's folder in a home what dbt would make there first; it reads anew what changed since."""
    if PARSED in os.environ and not (target / NAME).exists():
        target.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(os.environ[PARSED], target / NAME)
