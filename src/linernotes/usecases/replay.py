"""Replay: decide again by another policy or as of another time, offline; show what would change, and let it decide.

Nothing is asked and nothing of what was observed is changed: a replay that is applied is a further generation, from
which the next build decides.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from linernotes.domain.fields import FIELDS
from linernotes.errors import WrongUsageError
from linernotes.ports.explaining import Trial, Trials
from linernotes.ports.policies import Generation, Locks
from linernotes.ports.runs import Run, Runs, RunStatus
from linernotes.usecases.policies import PolicyTools, find_policy, rules_as_of, rules_in_force

_MANY = 10**6


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayTools:
    """What replaying needs."""

    policies: PolicyTools
    locks: Locks
    trials: Trials
    runs: Runs
    new_id: Callable[[], UUID]
    now: Callable[[], datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayRequest:
    """By what to decide again, and what."""

    run_id: UUID | None = None
    """By the policy, and as of the time, of an earlier run."""
    policy: str | None = None
    """By a policy; that which decides now where none is named."""
    as_of: datetime | None = None
    fields: Sequence[str] = ()
    """`<entity type>.<field>`; empty for all."""
    entity_ids: Sequence[UUID] = ()
    """Empty for all."""
    example_count: int = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayOutcome:
    """What a replay decides otherwise."""

    policy: str
    as_of: datetime | None
    fields: tuple[str, ...]
    entity_ids: tuple[UUID, ...]
    trial: Trial
    generation_id: UUID | None = None
    """The generation that decides from the next build on; None in a dry run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """Whether a build can be replayed to the letter."""

    run_id: UUID
    snapshot_id: int
    policy: str
    is_identical: bool

    @property
    def exit_status(self) -> int:
        """1 where it cannot."""
        return 0 if self.is_identical else 1


def replay(request: ReplayRequest, tools: ReplayTools, *, by: str, reason: str, apply: bool = False) -> ReplayOutcome:
    """Decide again, and tell what would be another value.

    Args:
        request: By what, and what.
        tools: What it touches.
        by: Who asks.
        reason: Why; kept with the generation.
        apply: Let it decide from the next build on.

    Raises:
        WrongUsageError: There is no such policy, run or field, or nothing was built yet.
    """
    for name in request.fields:
        if name not in FIELDS:
            raise WrongUsageError(f"no field {name!r}; there are {', '.join(FIELDS)}")
    policy, as_of = _by_what(request, tools)
    generation = Generation(
        generation_id=tools.new_id(),
        policy_version=policy,
        as_of=as_of,
        fields=tuple(request.fields),
        entity_ids=tuple(request.entity_ids),
        by=by,
        reason=reason,
        made_at=tools.now(),
    )
    rules = rules_in_force(tools.policies, tools.locks.all(), also=[generation])
    trial = tools.trials.run(rules, example_count=request.example_count)
    if apply:
        tools.policies.policies.add(find_policy(tools.policies, policy))
        tools.policies.generations.add(generation)
    return ReplayOutcome(
        policy=policy,
        as_of=as_of,
        fields=generation.fields,
        entity_ids=generation.entity_ids,
        trial=trial,
        generation_id=generation.generation_id if apply else None,
    )


def verify(run_id: UUID | None, tools: ReplayTools) -> Verification:
    """Decide a build again from what it had, by the rules of its time, and compare every column.

    Args:
        run_id: The build; None for the last.
        tools: What it touches.

    Raises:
        WrongUsageError: It is no complete build, or its snapshot has expired.
    """
    builds = tools.runs.latest(limit=_MANY, use_case="build", status=RunStatus.SUCCEEDED)
    found = next((run for run in builds if run_id in (None, run.run_id) and run.snapshot_id is not None), None)
    if found is None or found.snapshot_id is None:
        raise WrongUsageError(f"{run_id or 'there'} is no complete build; `liner runs` lists them")
    rules = rules_as_of(tools.policies, tools.locks.all(), found.started_at)
    return Verification(
        run_id=found.run_id,
        snapshot_id=found.snapshot_id,
        policy=rules.generations[0].policy_version,
        is_identical=tools.trials.reproduces(rules, snapshot_id=found.snapshot_id),
    )


def _by_what(request: ReplayRequest, tools: ReplayTools) -> tuple[str, datetime | None]:
    """The version of a policy, and a time."""
    if request.run_id is None:
        return find_policy(tools.policies, request.policy or "active").version, request.as_of
    run = find_run(request.run_id, tools.runs)
    rules = rules_as_of(tools.policies, [], run.started_at)
    policy = find_policy(tools.policies, request.policy).version if request.policy else None
    return policy or rules.generations[0].policy_version, request.as_of or run.started_at


def find_run(run_id: UUID, runs: Runs) -> Run:
    """A run by its id.

    Raises:
        WrongUsageError: There is none.
    """
    for run in runs.latest(limit=_MANY):
        if run.run_id == run_id:
            return run
    raise WrongUsageError(f"no run {run_id}; `liner runs` lists them")
