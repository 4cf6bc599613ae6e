"""Blocks of a page are found, run and compared as a reader would."""

import os
import sys
from pathlib import Path

import pytest

from tools.doc_blocks import Block, read_blocks
from tools.doc_runner import FailedBlockError, Place, agrees, reader_environment, run_block, steps

PAGE = Path("page.md")


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(folder=tmp_path, scratch=tmp_path, environment=reader_environment(os.environ, tmp_path))


def block(language: str, text: str) -> Block:
    return Block(page=PAGE, line=1, language=language, text=text)


def test_a_block_knows_its_language_line_and_text() -> None:
    found = list(read_blocks("# Title\n\n```console\n$ true\n```\n", PAGE))
    assert found == [Block(page=PAGE, line=3, language="console", text="$ true")]


def test_a_block_in_a_list_loses_its_indent() -> None:
    assert [b.text for b in read_blocks("1. Do\n\n   ```sh\n   if true; then\n     :\n   fi\n   ```\n", PAGE)] == [
        "if true; then\n  :\nfi"
    ]


def test_a_fence_inside_a_longer_fence_is_text() -> None:
    assert [b.language for b in read_blocks("````text\n```sh\nfalse\n```\n````\n", PAGE)] == ["text"]


def test_only_the_line_right_before_a_block_leaves_it_out() -> None:
    text = "<!-- not run: needs a mail server -->\n```sh\nfalse\n```\n\n```sh\ntrue\n```\n"
    assert [b.reason for b in read_blocks(text, PAGE)] == ["needs a mail server", None]


def test_leaving_a_block_out_takes_a_reason() -> None:
    assert [b.reason for b in read_blocks("<!-- not run: -->\n```sh\nfalse\n```\n", PAGE)] == [None]


def test_commands_go_on_after_a_greater_sign_and_own_what_follows() -> None:
    found = steps("$ echo a \\\n> b\na b\n\n$ true\n")
    assert [(s.command, s.expected) for s in found] == [("echo a \\\nb", "a b"), ("true", "")]


@pytest.mark.parametrize(
    ("expected", "actual"),
    [
        ("a\nb", "a  \nb\n\n"),
        ("took ... s", "took 1.25 s"),
        ("first\n...\nlast", "first\n1\n2\nlast"),
        ("first\n...\nlast", "first\nlast"),
        ("...", ""),
        ("a.c (x)", "a.c (x)"),
    ],
)
def test_output_agrees(expected: str, actual: str) -> None:
    assert agrees(expected, actual)


@pytest.mark.parametrize(
    ("expected", "actual"),
    [
        ("a", "a\nb"),
        ("a.c", "abc"),
        ("took ... s", "took 1.25\ns"),
        ("first\n...\nlast", "first\n1"),
        ("a\nb", "a b"),
    ],
)
def test_output_disagrees(expected: str, actual: str) -> None:
    assert not agrees(expected, actual)


def test_a_console_block_that_keeps_its_word_passes(place: Place) -> None:
    run_block(block("console", "$ word=heard\n$ echo $word; echo two\nheard\n...\n$ echo not compared"), place)


def test_a_console_block_with_other_output_fails(place: Place) -> None:
    with pytest.raises(FailedBlockError, match=r"page\.md:1: echo b(?s:.*)the page says\na\n"):
        run_block(block("console", "$ echo b\na"), place)


def test_a_failing_command_fails_the_block_even_if_a_later_one_succeeds(place: Place) -> None:
    with pytest.raises(FailedBlockError, match="exit status 1: false"):
        run_block(block("console", "$ false\n$ true"), place)


def test_a_page_may_show_errors_or_leave_them_out(place: Place) -> None:
    run_block(block("console", "$ echo out; echo log >&2\nout\n$ echo out; echo error >&2\nout\nerror"), place)


def test_what_hangs_is_ended_with_all_it_started(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tools.doc_runner.TIME_LIMIT_SECONDS", 0.2)
    with pytest.raises(FailedBlockError, match="not done after"):
        run_block(block("sh", "sleep 60; true"), place)


def test_a_page_may_show_that_a_command_fails(place: Place) -> None:
    run_block(block("console", "$ sh -c 'exit 3'\n$ echo $?\n3\n$ true"), place)


@pytest.mark.parametrize("command", ["sh -c 'exit 2'", "true"])
def test_another_exit_status_than_the_page_shows_fails_the_block(command: str, place: Place) -> None:
    with pytest.raises(FailedBlockError, match="exit status"):
        run_block(block("console", f"$ {command}\n$ echo $?\n3"), place)


def test_a_shell_that_dies_in_the_middle_fails_the_block(place: Place) -> None:
    with pytest.raises(FailedBlockError, match="exit status unknown: exit 0"):
        run_block(block("console", "$ exit 0\n$ true"), place)


def test_a_console_block_without_a_command_fails(place: Place) -> None:
    with pytest.raises(FailedBlockError, match="without a line"):
        run_block(block("console", "liner status"), place)


@pytest.mark.parametrize(
    ("language", "text"), [("sh", "false\ntrue"), ("sh", "echo $unset"), ("python", "1 / 0"), ("json", "{'a': 1}")]
)
def test_a_wrong_block_fails(language: str, text: str, place: Place) -> None:
    with pytest.raises(FailedBlockError, match="exit status"):
        run_block(block(language, text), place)


@pytest.mark.parametrize(("language", "text"), [("sh", "true"), ("python", "print('x')"), ("json", '{"a": 1}')])
def test_a_right_block_passes(language: str, text: str, place: Place) -> None:
    run_block(block(language, text), place)


def test_a_reader_has_our_programs_and_none_of_our_variables(tmp_path: Path) -> None:
    outer = {"PATH": "/bin", "LINER_LAKE__THREADS": "1", "MAKEFLAGS": "n", "LANG": "C.UTF-8"}
    found = reader_environment(outer, tmp_path)
    assert found["PATH"].startswith(str(Path(sys.executable).parent))
    assert {name for name in found if name.startswith(("LINER_", "MAKE"))} == {"LINER_HOME"}
    assert found["LANG"] == "C.UTF-8"


def test_settings_on_a_page_are_accepted_by_the_program(place: Place) -> None:
    run_block(block("toml", "[lake]\nthreads = 1\n"), place)


def test_settings_that_do_not_exist_fail_the_page(place: Place) -> None:
    with pytest.raises(FailedBlockError, match="thread_count"):
        run_block(block("toml", "[lake]\nthread_count = 1\n"), place)
