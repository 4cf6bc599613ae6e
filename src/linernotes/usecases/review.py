"""Review: what a machine could not decide is asked, answered, taken back, and counted."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import inf
from pathlib import Path
from uuid import UUID

from linernotes.domain.calibration import Proposal, ScoreBin, bins_of, propose
from linernotes.domain.judgements import FIELD, Answer, Judgement, in_force, is_of_field, standing
from linernotes.domain.match_policy import FEATURES, MatchPolicy, Part
from linernotes.errors import WrongUsageError
from linernotes.ports.review import Candidate, Judgements, ReviewItem, ReviewQueue, ReviewSheets
from linernotes.usecases.review_answers import Given, Problem, Said, check, check_all

ENTITY_TYPES = (*FEATURES, FIELD)
"""What can be reviewed: records by their type, and fields."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewTools:
    """What reviewing needs."""

    queue: ReviewQueue
    judgements: Judgements
    sheets: ReviewSheets
    policy: MatchPolicy
    new_id: Callable[[], UUID]
    now: Callable[[], datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """An item with what each feature says of each candidate."""

    item: ReviewItem
    parts: Sequence[Sequence[Part]]
    """By candidate; empty where nothing was compared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What came of answers."""

    judgements: Sequence[Judgement]
    """What was recorded, or would be; what somebody had said already is not said again."""
    problems: Sequence[Problem] = ()
    """Why nothing was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeStats:
    """What people said of one entity type."""

    answers: Mapping[str, int]
    """Events in force by answer."""
    bins: Sequence[ScoreBin]
    proposals: Sequence[Proposal]


def waiting(
    tools: ReviewTools, *, entity_types: Collection[str] = ENTITY_TYPES, limit: int | None = None
) -> Sequence[ReviewItem]:
    """Items that nobody has answered in the version they have, that on which most hangs first.

    Raises:
        WrongUsageError: Nothing was built yet.
    """
    answered = standing(tools.judgements.all())
    most = None if limit is None else limit + len({event.item_id for event in answered})
    found = tools.queue.items(entity_types=entity_types, limit=most)
    left = sorted((item for item in found if not _is_answered(item, answered)), key=lambda item: -item.downstream)
    return left[:limit]


def explain(tools: ReviewTools, item_id: UUID) -> Explained:
    """One item, feature by feature.

    Raises:
        WrongUsageError: It is not in the queue.
    """
    item = _find(tools, item_id)
    parts = [
        tools.policy.explain(item.entity_type, candidate.pattern) if candidate.pattern else ()
        for candidate in item.candidates
    ]
    return Explained(item=item, parts=parts)


def decide(tools: ReviewTools, given: Given, *, by: str, dry_run: bool = False) -> Decided:
    """Record one answer.

    Raises:
        WrongUsageError: The item is not in the queue or changed, or the answer does not fit it.
    """
    item = _find(tools, given.item_id)
    problem = check(given, item)
    if problem:
        raise WrongUsageError(problem)
    return _record(tools, [(given, item)], by=by, dry_run=dry_run)


def undo(tools: ReviewTools, judgement_id: UUID, *, by: str, reason: str | None = None) -> Judgement:
    """Take a judgement back.

    Raises:
        WrongUsageError: There is none of that id, or it was taken back already.
    """
    events = tools.judgements.all()
    event = next((event for event in events if event.judgement_id == judgement_id), None)
    if event is None:
        raise WrongUsageError(f"no judgement {judgement_id}; see `liner review log`")
    if event.answer is not Answer.UNDO and event not in standing(events):
        raise WrongUsageError(f"judgement {judgement_id} was taken back already")
    taken_back = Judgement(
        judgement_id=tools.new_id(),
        entity_type=event.entity_type,
        source=event.source,
        source_id=event.source_id,
        other_source=event.other_source,
        other_source_id=event.other_source_id,
        answer=Answer.UNDO,
        item_id=event.item_id,
        item_version=event.item_version,
        score=None,
        reason=reason,
        decided_by=by,
        decided_at=tools.now(),
        supersedes=judgement_id,
    )
    tools.judgements.add([taken_back])
    return taken_back


def export_sheet(tools: ReviewTools, path: Path, *, entity_types: Collection[str], limit: int | None) -> int:
    """Write the items that wait as a sheet, and answer how many."""
    items = waiting(tools, entity_types=entity_types, limit=limit)
    tools.sheets.write(path, items)
    return len(items)


def import_sheet(tools: ReviewTools, path: Path, *, by: str, dry_run: bool) -> Decided:
    """Record the answers of a sheet, all of them or, if one line has a problem, none.

    Raises:
        WrongUsageError: The file is not there, or lacks a column.
        FatalError: It is no CSV in UTF-8.
    """
    rows = tools.sheets.read(path)
    items = {str(item.item_id): item for item in tools.queue.items(entity_types=ENTITY_TYPES)} if rows else {}
    answers, problems = check_all(rows, items, _said(tools))
    if problems:
        return Decided(judgements=(), problems=problems)
    return _record(tools, answers, by=by, dry_run=dry_run)


def count(tools: ReviewTools) -> Mapping[str, TypeStats]:
    """What people said, by entity type: how often they confirm which scores, and the limits that would follow."""
    events = standing(tools.judgements.all())
    stats = {}
    for entity_type in ENTITY_TYPES:
        own = [event for event in events if _type_of(event) == entity_type]
        answers = {answer.value: sum(event.answer is answer for event in own) for answer in Answer}
        bins = bins_of(in_force(own))
        stats[entity_type] = TypeStats(
            answers={answer: number for answer, number in answers.items() if number},
            bins=bins,
            proposals=propose(bins, tools.policy.entities[entity_type]) if bins else [],
        )
    return stats


def _type_of(event: Judgement) -> str:
    return FIELD if is_of_field(event.entity_type) else event.entity_type


def _find(tools: ReviewTools, item_id: UUID) -> ReviewItem:
    found = tools.queue.items(entity_types=ENTITY_TYPES, item_id=item_id)
    if not found:
        raise WrongUsageError(f"no item {item_id} waits for a person; see `liner review list`")
    return found[0]


def _is_answered(item: ReviewItem, answered: Sequence[Judgement]) -> bool:
    """Whether the next match will settle it, or nobody wants to be asked again."""
    own = [event for event in answered if (event.item_id, event.item_version) == (item.item_id, item.version)]
    different = {event.other_source_id for event in own if event.answer is Answer.DIFFERENT}
    return any(event.answer is not Answer.DIFFERENT for event in own) or (
        different >= {candidate.other_source_id for candidate in item.candidates}
    )


def _record(tools: ReviewTools, answers: Sequence[tuple[Given, ReviewItem]], *, by: str, dry_run: bool) -> Decided:
    """Record answers in one transaction, but for those that stand already: a second time changes nothing."""
    said = _said(tools)
    new = [
        _judgement(tools, given, item, by)
        for given, item in answers
        if (str(item.item_id), item.version, given.answer, given.candidate) not in said
    ]
    if not dry_run:
        tools.judgements.add(new)
    return Decided(judgements=new)


def _said(tools: ReviewTools) -> Collection[Said]:
    """What stands already."""
    return {
        (str(event.item_id), event.item_version, event.answer, event.other_source_id)
        for event in standing(tools.judgements.all())
    }


def _judgement(tools: ReviewTools, given: Given, item: ReviewItem, by: str) -> Judgement:
    candidate = _candidate(item, given.candidate)
    weighed = max(item.candidates, key=_score) if given.answer is Answer.NEW else candidate
    return Judgement(
        judgement_id=tools.new_id(),
        entity_type=item.entity_type,
        source=item.source,
        source_id=item.source_id,
        other_source=(candidate or item.candidates[0]).other_source,
        other_source_id=candidate.other_source_id if candidate else None,
        answer=given.answer,
        item_id=item.item_id,
        item_version=item.version,
        score=weighed.score if weighed else None,
        reason=given.reason,
        decided_by=by,
        decided_at=tools.now(),
    )


def _score(candidate: Candidate) -> float:
    return -inf if candidate.score is None else candidate.score


def _candidate(item: ReviewItem, source_id: str | None) -> Candidate | None:
    return next((candidate for candidate in item.candidates if candidate.other_source_id == source_id), None)
