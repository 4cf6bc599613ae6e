"""Fields decided in SQL: a pattern says everything that is known of one field of one entity, and the domain decides it.

A pattern is two lines of JSON: `[policy, field, as of]`, and a list in any order of
`[place, provider, value, match, signal, observed at]`; times are microseconds since 1970. What is said alone has no
value in its pattern, so that a million such fields have few patterns.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from linernotes.domain.deciding import Observed, decide_field
from linernotes.domain.policy import Policy

DECISION = (
    "STRUCT(winner INTEGER, confidence DOUBLE, is_contested BOOLEAN, agreeing INTEGER, alike INTEGER,"
    " conflicting INTEGER)"
)
"""`winner` is the place of the observation that counts; NULL where none does."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def decide_pattern(pattern: str, *, policies: Mapping[str, Policy]) -> dict[str, Any]:
    """Which of the observations of a pattern counts, and how many of the others say what."""
    head, observations = pattern.split("\n")
    version, field, as_of = json.loads(head)
    observed = [
        Observed(
            provider=provider,
            value=value,
            match=match,
            signal=signal,
            observed_at=_moment(observed_at),
            evidence=f"{place:06}",
        )
        for place, provider, value, match, signal, observed_at in json.loads(observations)
    ]
    decision = decide_field(field, observed, policies[version], at=_moment(as_of))
    winner = decision.winner
    return {
        "winner": int(winner.evidence) if winner and winner.evidence else None,
        "confidence": winner.confidence if winner else None,
        "is_contested": decision.is_contested,
        "agreeing": len(decision.agreeing),
        "alike": len(decision.alike),
        "conflicting": len(decision.conflicting),
    }


def _moment(microseconds: int | None) -> datetime | None:
    return None if microseconds is None else _EPOCH + timedelta(microseconds=microseconds)
