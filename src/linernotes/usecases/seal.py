"""Seal: answers out of the journal into bronze, as two loads: what was received, and what it says.

What it says is committed first. Whatever breaks off, the next seal takes up: answers that are in no load of theirs are
sealed again, to the same records; those that are in one leave the journal.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import chain
from uuid import UUID

from linernotes import failpoints
from linernotes.domain.outcomes import Outcome
from linernotes.ports.answers import AnswerJournal, StoredAnswer
from linernotes.ports.leases import Leases
from linernotes.ports.loads import Load, LoadKind, Loads
from linernotes.ports.providers import MalformedAnswerError, Provider, Reading
from linernotes.ports.quarantine import ALL, Quarantine, QuarantinedRecord
from linernotes.ports.sealing import AnswerFiles, ObservedField, SealedFiles
from linernotes.usecases.pull_tools import loads_lease

SOURCE = "provider"


@dataclass(frozen=True, slots=True, kw_only=True)
class SealTools:
    """What sealing and reading again need."""

    journal: AnswerJournal
    files: AnswerFiles
    loads: Loads
    quarantine: Quarantine
    leases: Leases
    providers: Mapping[str, Provider]
    """By name; of what others answered nothing is read."""
    new_id: Callable[[], UUID]
    now: Callable[[], datetime]
    say: Callable[[str], None]
    wait_seconds: float = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """What came into bronze."""

    answers: int = 0
    observations: int = 0
    """Records: one for each answer and entity."""
    load_ids: tuple[UUID, ...] = ()


def seal(tools: SealTools, *, run_id: UUID) -> Sealed:
    """Bring every answer of the journal into bronze, and what it says; nothing where there is none."""
    with tools.leases.hold(loads_lease(SOURCE), wait_seconds=tools.wait_seconds, on_wait=tools.say):
        _forget_sealed(tools)
        answer_ids = [stored.answer_id for stored in tools.journal.unsealed()]
        if not answer_ids:
            return Sealed()
        known = set(answer_ids)  # what arrives meanwhile is for the next time

        def unsealed(wanted: Collection[UUID]) -> Iterator[StoredAnswer]:
            return (stored for stored in tools.journal.unsealed() if stored.answer_id in (wanted or known))

        observed = _commit_observations(tools, run_id, unsealed, {})
        load_id = tools.new_id()
        written = tools.files.write_answers(load_id, unsealed(known))
        received = tools.loads.commit(_load(tools, run_id, load_id, "answer", written))
        failpoints.hit("answers.sealed")
        tools.journal.seal(answer_ids)
    return replace(observed, answers=received.record_count, load_ids=(received.load_id, *observed.load_ids))


def reread(
    tools: SealTools, *, run_id: UUID, providers: Collection[str] = (), answer_ids: Collection[UUID] = ()
) -> Sealed:
    """Read every answer that bronze has again, by the readers as they are now; no provider is asked.

    Args:
        tools: What it touches.
        run_id: The run under way.
        providers: Whose answers; empty for all.
        answer_ids: These alone; empty for all.
    """
    with tools.leases.hold(loads_lease(SOURCE), wait_seconds=tools.wait_seconds, on_wait=tools.say):
        loads = _active(tools, "answer")

        def sealed(wanted: Collection[UUID]) -> Iterator[StoredAnswer]:
            return tools.files.answers(loads, providers=providers, answer_ids=wanted or answer_ids)

        return _commit_observations(tools, run_id, sealed, {"reread": sorted(providers) or "all"})


def read_again(stored: StoredAnswer, provider: Provider) -> Iterable[ObservedField]:
    """What an answer says of each entity that it is about, by the provider's reader as it is now."""
    try:
        reading = provider.read(stored.question, stored.answer)
    except MalformedAnswerError as error:
        reading = Reading(outcome=Outcome.MALFORMED, reason=str(error))
    for subject in stored.question.subjects:
        is_unknown = subject.entity_id in reading.unknown
        findings = [finding for finding in reading.findings if finding.entity_id == subject.entity_id]
        about = ObservedField(
            answer_id=stored.answer_id,
            provider=stored.question.provider,
            question=stored.question.fingerprint,
            entity_type=subject.entity_type,
            entity_id=subject.entity_id,
            outcome=Outcome.NOT_FOUND if is_unknown else reading.outcome,
            reason=reading.reason,
            extractor_version=provider.profile.extractor_version,
            observed_at=stored.answer.received_at,
        )
        if not findings:
            yield about
        for finding in findings:
            yield replace(about, field=finding.field, value=finding.value, match=finding.match, signal=finding.signal)


def _commit_observations(
    tools: SealTools,
    run_id: UUID,
    answers: Callable[[Collection[UUID]], Iterator[StoredAnswer]],
    report: Mapping[str, object],
) -> Sealed:
    """Commit what answers say, if there are any; those that cannot be read are set aside, those that can wait no more.

    Args:
        tools: What it touches.
        run_id: The run under way.
        answers: Answers of some ids; of no id all of them.
        report: Kept with the load.
    """
    found = answers(())
    first = next(found, None)
    if first is None:
        return Sealed()
    read = _Read(waiting={one.quarantine_id for one in tools.quarantine.find(source=SOURCE, limit=ALL)})
    load_id = tools.new_id()
    written = tools.files.write_observations(load_id, read.observe(chain([first], found), tools.providers))
    set_aside = (_set_aside(one, read.unread[one.answer_id], load_id) for one in answers(read.unread.keys()))
    load = _load(tools, run_id, load_id, "observation", written)
    load = replace(load, report=report, quarantined_count=len(read.unread))
    tools.loads.commit(load, quarantined=set_aside if read.unread else ())
    for answer_id in read.mended:
        tools.quarantine.resolve(answer_id, resolution="retried")
    return Sealed(observations=load.record_count, load_ids=(load_id,))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """What became of answers as they were read."""

    waiting: Collection[UUID]
    """Those that were set aside before."""
    unread: dict[UUID, str] = field(default_factory=dict)
    """Why some cannot be read."""
    mended: set[UUID] = field(default_factory=set)
    """Those that waited and can be read now."""

    def observe(self, answers: Iterable[StoredAnswer], providers: Mapping[str, Provider]) -> Iterator[ObservedField]:
        """What answers say."""
        for stored in answers:
            provider = providers.get(stored.question.provider)
            if provider is None:
                continue
            for observed in read_again(stored, provider):
                if observed.outcome is Outcome.MALFORMED:
                    self.unread[stored.answer_id] = observed.reason
                elif stored.answer_id in self.waiting:
                    self.mended.add(stored.answer_id)
                yield observed


def _set_aside(stored: StoredAnswer, reason: str, load_id: UUID) -> QuarantinedRecord:
    return QuarantinedRecord(
        quarantine_id=stored.answer_id,
        load_id=load_id,
        source=SOURCE,
        entity=stored.question.provider,
        record_id=str(stored.answer_id),
        reason="malformed_answer",
        detail=reason,
        body=stored.answer.body,
        created_at=stored.answer.received_at,
    )


def _load(tools: SealTools, run_id: UUID, load_id: UUID, entity: str, written: SealedFiles) -> Load:
    return Load(
        load_id=load_id,
        source=SOURCE,
        entity=entity,
        version=tools.now().date(),
        kind=LoadKind.ADDITION,
        is_verified=False,
        file_name="journal",
        file_sha256=None,
        record_count=written.record_count,
        landed_count=written.record_count,
        report={},
        run_id=run_id,
        files=written.files,
    )


def _forget_sealed(tools: SealTools) -> None:
    """Let go of answers that a load has, whose seal broke off before it could."""
    for load in _active(tools, "answer")[-1:]:
        tools.journal.seal(tools.files.answer_ids(load))


def _active(tools: SealTools, entity: str) -> Sequence[Load]:
    loads = tools.loads.find(source=SOURCE, is_active=True)
    return sorted((load for load in loads if load.entity == entity), key=lambda load: load.load_id)
