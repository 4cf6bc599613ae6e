"""What a provider allows is asked of it, once in a month, and never assumed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from linernotes.domain.standing import ProviderState, Standing
from linernotes.errors import FatalError
from linernotes.ports.providers import Answer, Provider, Question
from linernotes.ports.standing import Capability
from linernotes.providers.deezer import Deezer
from linernotes.providers.spotify import Spotify
from linernotes.usecases.asking import AskingTools, Budget
from linernotes.usecases.capability import PROBED_AGAIN_AFTER, as_known, probed
from tests.fakes.enrichment import FakeAnswers, FakeCapabilities, FakeProviderDays, FakeStandings

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
RUN = UUID(int=7)


class Line:
    """A provider that answers a probe with a status, or does not answer."""

    def __init__(self, status: int | None) -> None:
        self.status = status
        self.asked: list[Question] = []

    def ask(self, question: Question) -> Answer:
        self.asked.append(question)
        if self.status is None:
            raise FatalError("no token")
        return Answer(status=self.status, headers={}, body=b"{}", received_at=NOW)

    def wait(self) -> None:
        return None


def tools(line: Line, provider: Provider | None = None) -> AskingTools:
    return AskingTools(
        provider=provider or Spotify(),
        asking=line,
        turns=line,
        journal=FakeAnswers(),
        find_sealed=lambda _fingerprints, _since: {},
        standings=FakeStandings(),
        new_id=lambda: UUID(int=1),
        now=lambda: NOW,
        sleep=lambda _seconds: None,
        jitter=lambda: 0.5,
        code_version="1",
        days=FakeProviderDays(),
    )


def quota(asking: AskingTools) -> int:
    """How many artists are asked for at once: it tells which quota is believed."""
    return asking.provider.profile.batch_size


@pytest.mark.parametrize(("status", "said", "batch"), [(200, "extended", 50), (403, "dev", 1)])
def test_it_is_asked_and_remembered_with_its_evidence(status: int, said: str, batch: int) -> None:
    line, capabilities = Line(status), FakeCapabilities()
    asking = tools(line)
    assert quota(probed(asking, capabilities, run_id=RUN)) == batch
    assert capabilities.all()["spotify"] == Capability(provider="spotify", capability=said, probed_at=NOW)
    assert [(one.run_id, one.question, one.answer.status) for one in asking.journal.unsealed()] == [
        (RUN, Spotify().probe, status)
    ]
    assert asking.budget.spent == 1
    assert quota(probed(asking, capabilities, run_id=RUN)) == batch
    assert len(line.asked) == 1


@pytest.mark.parametrize("status", [None, 401, 429, 500])
def test_what_says_nothing_of_it_leaves_it_as_it_was(status: int | None) -> None:
    line, capabilities = Line(status), FakeCapabilities()
    assert quota(probed(tools(line), capabilities, run_id=RUN)) == 1
    assert capabilities.all() == {}
    old = Capability(provider="spotify", capability="extended", probed_at=NOW - PROBED_AGAIN_AFTER - timedelta(days=1))
    capabilities.put(old)
    assert quota(probed(tools(line), capabilities, run_id=RUN)) == 50
    assert (capabilities.all()["spotify"], len(line.asked)) == (old, 2)


def test_nobody_is_probed_who_is_to_be_left_alone_or_has_nothing_to_tell() -> None:
    line = Line(200)
    parked = tools(line)
    until = NOW + timedelta(hours=1)
    parked.standings.put(Standing(provider="spotify", state=ProviderState.PARKED, until=until, changed_at=NOW))
    assert quota(probed(parked, FakeCapabilities(), run_id=RUN)) == 1
    deezer = tools(line, Deezer())
    assert probed(deezer, FakeCapabilities(), run_id=RUN) is deezer
    assert line.asked == []


def test_a_probe_is_paid_for() -> None:
    line = Line(200)
    assert quota(probed(replace(tools(line), budget=Budget(per_run=0)), FakeCapabilities(), run_id=RUN)) == 1
    assert line.asked == []


def test_what_is_known_is_believed_before_anybody_is_asked() -> None:
    capabilities = FakeCapabilities()
    assert as_known(Spotify(), capabilities).profile.batch_size == 1
    capabilities.put(Capability(provider="spotify", capability="extended", probed_at=NOW))
    assert as_known(Spotify(), capabilities).profile.batch_size == 50
    assert as_known(Deezer(), capabilities).profile.name == "deezer"
