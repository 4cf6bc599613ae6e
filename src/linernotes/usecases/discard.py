"""Discard: withdraw a load, so that the next build makes silver what it would be without it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from linernotes.errors import WrongUsageError
from linernotes.ports.leases import Leases
from linernotes.ports.loads import Load, Loads
from linernotes.ports.runs import Runs
from linernotes.usecases.chain import read_chain, withdraw
from linernotes.usecases.pull_tools import loads_lease
from linernotes.usecases.running import recorded


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscardedLoad:
    """One load that was withdrawn."""

    load_id: UUID
    entity: str
    version: str
    landed: int
    """Records that leave silver, or fall back to what an earlier load says of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscardOutcome:
    """What was withdrawn, newest first; nothing where it was withdrawn before."""

    loads: tuple[DiscardedLoad, ...]

    @property
    def exit_status(self) -> int:
        """Always 0."""
        return 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscardTools:
    """Everything discarding touches."""

    loads: Loads
    runs: Runs
    leases: Leases
    code_version: str
    settings: Mapping[str, object]
    say: Callable[[str], None]
    wait_seconds: float = 600


def discard(load_id: UUID, tools: DiscardTools, *, with_later: bool = False) -> DiscardOutcome:
    """Withdraw a load; its files stay in bronze. Pulling the month again loads it anew.

    Increments hold only what changed since the load before them, so a load that later increments build on
    is withdrawn only together with them (`with_later`); without it, records that changed in this load and
    not after would keep values that nothing in silver comes from.

    Raises:
        WrongUsageError: No such load, or later increments build on it.
        TransientError: Somebody else is loading from the same source.
    """
    found = _find(load_id, tools.loads)
    if found.discarded_at is not None:
        return DiscardOutcome(loads=())
    with (
        recorded(tools.runs, "discard", code_version=tools.code_version, settings=tools.settings) as run,
        tools.leases.hold(loads_lease(found.source), wait_seconds=tools.wait_seconds, on_wait=tools.say),
    ):
        chain = read_chain(tools.loads, source=found.source, entity=found.entity)
        later = chain.dependants(load_id)
        if later and not with_later:
            raise WrongUsageError(
                f"load {load_id} ({found.entity}s of {found.version}) is what {len(later)} later loads build on, "
                f"up to {later[-1].version}; --with-later withdraws them too, and pulling those months loads them anew"
            )
        withdrawn = [gone for load in (*reversed(later), found) for gone in withdraw(tools.loads, load)]
        run.counters["discarded"] = len(withdrawn)
    return DiscardOutcome(
        loads=tuple(
            DiscardedLoad(
                load_id=load.load_id, entity=load.entity, version=load.version.isoformat(), landed=load.landed_count
            )
            for load in withdrawn
        )
    )


def _find(load_id: UUID, loads: Loads) -> Load:
    for load in loads.find():
        if load.load_id == load_id:
            return load
    raise WrongUsageError(f"no load {load_id}; `liner status --json` lists them")
