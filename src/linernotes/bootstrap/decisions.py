"""Decisions of a home: explained, locked by people."""

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from linernotes import __version__
from linernotes.bootstrap.core import Core, login, now
from linernotes.bootstrap.enrichment import Enrichment
from linernotes.bootstrap.providers import all_terms
from linernotes.domain.entities import EntityType
from linernotes.domain.fields import FIELDS
from linernotes.lake.explaining import LakeExplaining
from linernotes.lake.trials import LakeTrials
from linernotes.ports.policies import Lock
from linernotes.ports.replays import QueuedReplay, TargetLayer
from linernotes.usecases.explain import ExplainTools, Explanation, explain, explain_all, find_entity, read_field
from linernotes.usecases.provenance import to_prov
from linernotes.usecases.replay import ReplayOutcome, ReplayRequest, ReplayTools, Verification, replay, verify
from linernotes.usecases.replay_queue import ReplayQueueTools, queue_replay, work_off


class Decisions:
    """Why fields have their values."""

    def __init__(self, core: Core) -> None:
        self._core = core

    @contextlib.contextmanager
    def _explaining(self) -> Iterator[ExplainTools]:
        core = self._core
        with LakeExplaining.open(core.engine, core.answer_files, core.ledger.loads.find()) as explaining:
            yield ExplainTools(explaining=explaining, rules=core.decision_rules, terms=all_terms())

    def explain(self, entity: str, field: str, *, entity_type: EntityType | None) -> Explanation:
        """Why a field of an entity has its value."""
        with self._explaining() as tools:
            return explain(entity, field, tools, entity_type=entity_type)

    def provenance(self, entity: str, *, entity_type: EntityType | None) -> Mapping[str, object]:
        """Where every value of an entity comes from, as W3C PROV."""
        with self._explaining() as tools:
            return to_prov(explain_all(entity, tools, entity_type=entity_type), version=__version__)

    def lock(self, entity: str, field: str, value: str | None, *, entity_type: EntityType | None, reason: str) -> Lock:
        """Set a field of an entity."""
        return self._lock(entity, field, value, entity_type, reason, is_lifted=False)

    def lift(self, entity: str, field: str, *, entity_type: EntityType | None, reason: str) -> Lock:
        """Let the rules decide again."""
        return self._lock(entity, field, None, entity_type, reason, is_lifted=True)

    def _lock(
        self,
        entity: str,
        field: str,
        value: str | None,
        entity_type: EntityType | None,
        reason: str,
        *,
        is_lifted: bool,
    ) -> Lock:
        name, types = read_field(field, entity_type)
        with self._explaining() as tools:
            found = find_entity(entity, types, tools.explaining)
        made = Lock(
            lock_id=self._core.ledger.new_id(),
            entity_id=found.entity_id,
            field=f"{found.entity_type.value}.{name}",
            value=value,
            is_lifted=is_lifted,
            by=login(),
            reason=reason,
            locked_at=now(),
        )
        self._core.locks.add(made)
        return made

    def locks(self) -> Sequence[Lock]:
        """Locks in force."""
        return self._core.decision_rules.locks

    def replay(self, request: ReplayRequest, *, reason: str, apply: bool) -> ReplayOutcome:
        """Decide again by other rules."""
        return replay(request, self._replay_tools, by=login(), reason=reason, apply=apply)

    def verify(self, run_id: UUID | None) -> Verification:
        """Whether a build can be replayed to the letter."""
        return verify(run_id, self._replay_tools)

    def entity_id(self, entity: str, fields: Sequence[str]) -> UUID:
        """The id of the entity that a text means, of the types that have one of the fields."""
        types = {EntityType(name.partition(".")[0]) for name in fields or FIELDS}
        with self._explaining() as tools:
            return find_entity(entity, types, tools.explaining).entity_id

    def queued_replays(self) -> Sequence[QueuedReplay]:
        """Every replay that was asked for, oldest first."""
        return self._core.ledger.replays.all()

    def queue_replay(
        self, answers: Sequence[UUID], *, target_layer: TargetLayer, run_id: UUID | None, reason: str
    ) -> QueuedReplay:
        """Ask for answers to be read or decided again."""
        with self._queue_tools() as tools:
            return queue_replay(
                answers, tools, target_layer=target_layer, config_snapshot_run_id=run_id, by=login(), reason=reason
            )

    def work_off_replays(self) -> Sequence[QueuedReplay]:
        """Do the replays that wait."""
        with self._queue_tools() as tools:
            return work_off(tools)

    @contextlib.contextmanager
    def _queue_tools(self) -> Iterator[ReplayQueueTools]:
        core = self._core
        loads = core.ledger.loads.find()
        with self._explaining() as tools:

            def entity_now(entity_id: UUID) -> UUID:
                found = tools.explaining.find(str(entity_id))
                return found[0].entity_id if found else entity_id

            yield ReplayQueueTools(
                queue=core.ledger.replays,
                replay=self._replay_tools,
                find_answer=lambda answer_id: core.answer_files.answer(loads, answer_id),
                reread=lambda answer_ids: Enrichment(core).reread([], answer_ids=answer_ids),
                entity_now=entity_now,
            )

    @property
    def _replay_tools(self) -> ReplayTools:
        core = self._core
        return ReplayTools(
            policies=core.policy_tools,
            locks=core.locks,
            trials=LakeTrials(engine=core.engine),
            runs=core.ledger.runs,
            new_id=core.ledger.new_id,
            now=now,
        )
