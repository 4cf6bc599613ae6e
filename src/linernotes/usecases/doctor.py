"""Doctor: look at everything that could be wrong, and say what to do."""

from collections.abc import Mapping

from linernotes.errors import LinernotesError
from linernotes.ports.health import Check, Probe


def examine(probes: Mapping[str, Probe]) -> tuple[Check, ...]:
    """One check per probe, in order; a probe that fails is a check that is not well."""
    return tuple(_examined(name, probe) for name, probe in probes.items())


def _examined(name: str, probe: Probe) -> Check:
    try:
        return probe()
    except LinernotesError as error:
        found, _, advice = str(error).partition("; ")
        return Check(name=name, is_ok=False, found=found, advice=advice)
