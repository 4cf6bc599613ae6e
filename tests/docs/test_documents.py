"""The pages keep their word: every block is run as a reader would run it, those of docs/ in an empty folder."""

import os
import re
import shutil
from pathlib import Path

import pytest

from tools.doc_blocks import PROJECT, RUN, SHOWN, Block, pages, read_blocks
from tools.doc_runner import READING, FailedBlockError, Place, reader_environment, run_block

if READING in os.environ:
    pytest.exit("a page runs these tests, and they would run the page: put '<!-- not run: … -->' before its block", 2)

DEMO = "liner demo"
LINK = re.compile(r"\[[^\]]*\]\((?!https?://|#)([^)#\s]+)[^)]*\)")


def text_of(page: Path) -> str:
    return (PROJECT / page).read_text(encoding="utf-8")


def blocks_of(page: Path) -> list[Block]:
    return list(read_blocks(text_of(page), page))


def is_run(block: Block) -> bool:
    return block.language in RUN and block.reason is None


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the demo ran, which takes longest of all that pages do: there, it finds everything done."""
    folder = tmp_path_factory.mktemp("demo")
    place = Place(folder=folder, scratch=folder, environment=reader_environment(os.environ, folder))
    run_block(Block(page=Path("docs"), line=0, language="sh", text=DEMO), place)
    return folder


PAGES_WITH_COMMANDS = [page for page in pages() if any(map(is_run, blocks_of(page)))]


@pytest.mark.parametrize("page", PAGES_WITH_COMMANDS, ids=str)
def test_a_page_does_what_it_says(page: Path, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    folder = tmp_path if page.parts[0] == "docs" else PROJECT
    place = Place(folder=folder, scratch=tmp_path, environment=reader_environment(os.environ, tmp_path))
    blocks = list(filter(is_run, blocks_of(page)))
    if any(f"$ {DEMO}" in block.text.splitlines() for block in blocks):
        shutil.copytree(request.getfixturevalue("demo"), folder, dirs_exist_ok=True)
    try:
        for block in blocks:
            run_block(block, place)
    except FailedBlockError as error:
        raise pytest.fail.Exception(str(error), pytrace=False) from None


@pytest.mark.parametrize("page", pages(), ids=str)
def test_every_block_says_what_it_is(page: Path) -> None:
    assert [block.where for block in blocks_of(page) if block.language not in RUN | SHOWN] == []


@pytest.mark.parametrize("page", pages(), ids=str)
def test_links_inside_the_project_lead_somewhere(page: Path) -> None:
    targets = LINK.findall(text_of(page))
    assert [target for target in targets if not (PROJECT / page.parent / target).exists()] == []
