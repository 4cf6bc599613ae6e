"""Review and policies for matching, of a home."""

from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from uuid import UUID

from linernotes.bootstrap.core import Core, login, now
from linernotes.domain.judgements import Judgement
from linernotes.lake.counts import LakeCounter
from linernotes.lake.review_queue import LakeReviewQueue
from linernotes.ports.review import PolicyInForce, ReviewItem
from linernotes.sources.review_sheets import CsvReviewSheets
from linernotes.usecases import match_policies, review
from linernotes.usecases.review_answers import Given


class Review:
    """What a person is asked and says."""

    def __init__(self, core: Core) -> None:
        self._core = core

    @cached_property
    def _tools(self) -> review.ReviewTools:
        return review.ReviewTools(
            queue=LakeReviewQueue(engine=self._core.engine, policy=self._core.decision_rules.widest_policy),
            judgements=self._core.ledger.judgements,
            sheets=CsvReviewSheets(),
            policy=self._core.match_policy,
            new_id=self._core.ledger.new_id,
            now=now,
        )

    def waiting(self, *, entity_types: Collection[str], limit: int) -> Sequence[ReviewItem]:
        """Items that nobody has answered, that on which most hangs first."""
        return review.waiting(self._tools, entity_types=entity_types, limit=limit)

    def explain(self, item_id: UUID) -> review.Explained:
        """One item, feature by feature."""
        return review.explain(self._tools, item_id)

    def decide(self, given: Given, *, by: str | None, dry_run: bool) -> review.Decided:
        """Record one answer."""
        return review.decide(self._tools, given, by=by or login(), dry_run=dry_run)

    def undo(self, judgement_id: UUID, *, by: str | None, reason: str | None) -> Judgement:
        """Take a judgement back."""
        return review.undo(self._tools, judgement_id, by=by or login(), reason=reason)

    def export_sheet(self, path: Path, *, entity_types: Collection[str], limit: int | None) -> int:
        """Write what waits as a sheet."""
        return review.export_sheet(self._tools, path, entity_types=entity_types, limit=limit)

    def import_sheet(self, path: Path, *, by: str | None, dry_run: bool) -> review.Decided:
        """Record the answers of a sheet."""
        return review.import_sheet(self._tools, path, by=by or login(), dry_run=dry_run)

    def stats(self) -> Mapping[str, review.TypeStats]:
        """What people said, and what would follow."""
        return review.count(self._tools)

    def log(self, *, limit: int) -> Sequence[Judgement]:
        """Every event, newest first."""
        return self._core.ledger.judgements.all()[::-1][:limit]


class MatchPolicies:
    """How machines match."""

    def __init__(self, core: Core) -> None:
        self._core = core

    @cached_property
    def _tools(self) -> match_policies.PolicyTools:
        return match_policies.PolicyTools(
            policies=self._core.ledger.match_policies,
            counter=LakeCounter(engine=self._core.engine),
            new_id=self._core.ledger.new_id,
            now=now,
        )

    def show(self) -> match_policies.PolicyChange:
        """The shipped policy, and the one in force."""
        return match_policies.show(self._tools)

    def history(self) -> Sequence[PolicyInForce]:
        """Policies that were put in force, newest first."""
        return self._core.ledger.match_policies.history()

    def learn(self, *, dry_run: bool) -> match_policies.PolicyChange:
        """Learn weights from this home's pairs."""
        return match_policies.learn_policy(self._tools, dry_run=dry_run)

    def set_limits(self, limits: Sequence[str], *, dry_run: bool) -> match_policies.PolicyChange:
        """Set limits."""
        return match_policies.set_limits(self._tools, limits, dry_run=dry_run)

    def use(self, version: str, *, dry_run: bool) -> match_policies.PolicyChange:
        """Go back to a policy."""
        return match_policies.use_policy(self._tools, version, dry_run=dry_run)
