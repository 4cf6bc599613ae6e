"""Whether an answer fits the item that it is given to."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from linernotes.domain.judgements import Answer
from linernotes.ports.review import ReviewItem, Row

ANSWERS = (Answer.SAME, Answer.DIFFERENT, Answer.NEW, Answer.SKIP)
"""What can be said of an item."""
_OF_PAIRS = (Answer.SAME, Answer.DIFFERENT)

Said = tuple[str, str, str, str | None]
"""What somebody said: item, its version, the answer, and the other source's id for `same` and `different`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """One answer."""

    item_id: UUID
    answer: Answer
    candidate: str | None = None
    """The other source's id of the record, for `same` and `different`."""
    version: str | None = None
    """The version of the item that the person saw; None to take it as it is."""
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Why a line of a sheet cannot be taken."""

    line: int
    what: str


def check(given: Given, item: ReviewItem) -> str | None:
    """Why an answer does not fit an item; None if it does."""
    if given.version is not None and given.version != item.version:
        return f"item {item.item_id} has changed since ({given.version}, now {item.version}); look at it again"
    if given.answer in _OF_PAIRS:
        known = [candidate.other_source_id for candidate in item.candidates]
        if given.candidate not in known:
            return f"{given.candidate or '(none)'} is no candidate of item {item.item_id}; it has {', '.join(known)}"
    return None


def check_all(
    rows: Sequence[Row], items: Mapping[str, ReviewItem], said: Collection[Said] = ()
) -> tuple[Sequence[tuple[Given, ReviewItem]], Sequence[Problem]]:
    """The answers of a sheet with their items, and what is wrong with its lines.

    Args:
        rows: Lines in which somebody answered.
        items: What is in the queue, by id.
        said: What stands already: such lines are passed over, since a match may have settled their items.
    """
    answers: dict[tuple[str, str | None], tuple[Given, ReviewItem]] = {}
    settled: dict[str, tuple[int, Given]] = {}
    problems = []
    for row in rows:
        if (row.item, row.version, row.answer, _chosen(row)) in said:
            continue
        given, problem = _read(row, items)
        if given is not None:
            problem = _contradiction(row, given, settled)
            answers[row.item, given.candidate] = (given, items[row.item])
        if problem:
            problems.append(Problem(line=row.line, what=problem))
    return list(answers.values()), problems


def _read(row: Row, items: Mapping[str, ReviewItem]) -> tuple[Given | None, str | None]:
    """The answer of a line, or what is wrong with it."""
    if row.answer not in ANSWERS:
        return None, f"judgement {row.answer!r} is none of {', '.join(ANSWERS)}"
    item = items.get(row.item)
    if item is None:
        return None, f"no item {row.item or '(none)'} waits for a person"
    answer = Answer(row.answer)
    given = Given(
        item_id=item.item_id,
        answer=answer,
        candidate=_chosen(row),
        version=row.version,
        reason=row.note or None,
    )
    problem = check(given, item)
    return (None, problem) if problem else (given, None)


def _chosen(row: Row) -> str | None:
    """The other source's id of the record that a line speaks of."""
    return (row.chosen or row.candidate) if row.answer in _OF_PAIRS else None


def _contradiction(row: Row, given: Given, settled: dict[str, tuple[int, Given]]) -> str | None:
    """What an earlier line says of the same item that cannot be true beside this one."""
    if given.answer is Answer.DIFFERENT:
        return None
    line, earlier = settled.setdefault(row.item, (row.line, given))
    if (earlier.answer, earlier.candidate) == (given.answer, given.candidate):
        return None
    return f"line {line} says {earlier.answer} of the same item"
