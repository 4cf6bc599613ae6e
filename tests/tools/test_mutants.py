"""Survivors need a note; notes need a survivor."""

import pytest

from tools.mutants import Mutation, function_of, judge, mutation_of, read_notes

SHOWN = """# linernotes.domain.dumps.x_is_allowed__mutmut_3: survived
--- src/linernotes/domain/dumps.py
+++ src/linernotes/domain/dumps.py
@@ -1,4 +1,4 @@
 def is_allowed(before, after):
-    return after is before or after in _NEXT[before]
+    return after is before and after in _NEXT[before]
"""
MUTATION = Mutation(
    "dumps.is_allowed",
    "return after is before or after in _NEXT[before]",
    "return after is before and after in _NEXT[before]",
)


@pytest.mark.parametrize(
    ("name", "function"),
    [
        ("linernotes.domain.dumps.x_is_allowed__mutmut_3", "dumps.is_allowed"),
        ("linernotes.domain.dumps.x__next__mutmut_12", "dumps._next"),
        ("linernotes.domain.dumps.xǁListedDumpǁfind__mutmut_1", "dumps.ListedDump.find"),
    ],
)
def test_the_name_of_a_mutant_leads_to_its_function(name: str, function: str) -> None:
    assert function_of(name) == function


def test_a_mutation_is_told_by_what_it_changes() -> None:
    assert mutation_of("linernotes.domain.dumps.x_is_allowed__mutmut_3", SHOWN) == MUTATION


def test_a_row_of_the_notes_is_read_back_with_its_bars() -> None:
    mutation = Mutation("uuid7.next", "a | b", "a & b")
    assert read_notes(f"text\n{mutation.row('the bits never meet')}\n") == {mutation: "the bits never meet"}


def test_a_noted_survivor_is_fine() -> None:
    assert judge([MUTATION], [MUTATION], ["dumps"]) == []


def test_a_survivor_without_a_note_is_wrong() -> None:
    assert judge([MUTATION], [], ["dumps"]) == [f"survived: {MUTATION.row('why?')}"]


def test_a_note_on_a_killed_mutant_is_wrong() -> None:
    assert judge([], [MUTATION], ["dumps"]) == [f"killed or gone, remove its note: {MUTATION.row('…')}"]


def test_a_note_on_a_module_that_was_not_examined_stays() -> None:
    assert judge([], [MUTATION], ["dump", "names"]) == []
