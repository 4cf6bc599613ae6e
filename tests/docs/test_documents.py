"""The pages keep their word: every block is run as a reader would run it, those of docs/ in an empty folder."""

import os
import re
from pathlib import Path

import pytest

from tools.doc_blocks import PROJECT, RUN, SHOWN, Block, pages, read_blocks
from tools.doc_runner import READING, FailedBlockError, Place, reader_environment, run_block

if READING in os.environ:
    pytest.exit("a page runs these tests, and they would run the page: put '<!-- not run: … -->' before its block", 2)

LINK = re.compile(r"\[[^\]]*\]\((?!https?://|#)([^)#\s]+)[^)]*\)")


def text_of(page: Path) -> str:
    return (PROJECT / page).read_text(encoding="utf-8")


def blocks_of(page: Path) -> list[Block]:
    return list(read_blocks(text_of(page), page))


def is_run(block: Block) -> bool:
    return block.language in RUN and block.reason is None


PAGES_WITH_COMMANDS = [page for page in pages() if any(map(is_run, blocks_of(page)))]


@pytest.mark.parametrize("page", PAGES_WITH_COMMANDS, ids=str)
def test_a_page_does_what_it_says(page: Path, tmp_path: Path) -> None:
    folder = tmp_path if page.parts[0] == "docs" else PROJECT
    place = Place(folder=folder, scratch=tmp_path, environment=reader_environment(os.environ, tmp_path))
    try:
        for block in filter(is_run, blocks_of(page)):
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
