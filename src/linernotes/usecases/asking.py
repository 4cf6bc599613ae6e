"""Asking a provider one question: in its turn, again where that may help; what it answers is kept, then read."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from linernotes.domain.outcomes import Outcome
from linernotes.domain.standing import ProviderState, Standing, after
from linernotes.domain.waiting import backoff_seconds
from linernotes.errors import FatalError, TransientError
from linernotes.ports.answers import AnswerJournal, StoredAnswer
from linernotes.ports.providers import Answer, Asking, MalformedAnswerError, Provider, Question, Reading, Turns
from linernotes.ports.standing import ProviderDay, ProviderDays, Standings

_AGAIN = (Outcome.TRANSIENT, Outcome.QUOTA)
"""What another attempt may mend."""


class ParkedError(TransientError):
    """The provider is to be left alone for longer than anybody waits."""


@dataclass(slots=True, kw_only=True)
class Budget:
    """How many requests one run, and one day of all runs, may spend on a provider; None for any number."""

    per_run: int | None = None
    per_day: int | None = None
    cost_per_request: float = 0.0
    """In the user's currency."""
    spent: int = 0
    """Requests of this run."""

    @property
    def cost(self) -> float:
        """What this run spent."""
        return self.spent * self.cost_per_request


@dataclass(frozen=True, slots=True, kw_only=True)
class AskingTools:
    """What asking one provider needs."""

    provider: Provider
    asking: Asking
    turns: Turns
    journal: AnswerJournal
    find_sealed: Callable[[Collection[str], datetime], Mapping[str, StoredAnswer]]
    """Answers that are in bronze: the newest to each of some questions, received then or later, by fingerprint."""
    standings: Standings
    new_id: Callable[[], UUID]
    now: Callable[[], datetime]
    sleep: Callable[[float], object]
    jitter: Callable[[], float]
    """A random number from 0 to 1."""
    code_version: str
    days: ProviderDays
    budget: Budget = field(default_factory=Budget)
    attempts: int = 4
    longest_wait_seconds: float = 120.0
    """A provider that is to be left alone for longer ends the work, which goes on another time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One question, its answer as it was read, and when that came."""

    question: Question
    reading: Reading
    received_at: datetime


def kept_answers(questions: Sequence[Question], tools: AskingTools, *, since: datetime) -> Mapping[str, StoredAnswer]:
    """The answers that came since a time, by fingerprint, whether they are in the journal yet or in bronze already."""
    # the journal first: an answer leaves it when bronze has it
    waiting = {one.fingerprint: tools.journal.find(one, since=since) for one in questions}
    kept = {fingerprint: stored for fingerprint, stored in waiting.items() if stored is not None}
    missing = waiting.keys() - kept.keys()
    return {**(tools.find_sealed(missing, since) if missing else {}), **kept}


def ask(question: Question, tools: AskingTools, *, run_id: UUID, kept: StoredAnswer | None = None) -> Asked:
    """Ask a question, or read the answer that was kept.

    Returns:
        What the answer means. `transient` or `quota` where every attempt came to nothing.

    Raises:
        ParkedError: The provider is to be left alone for longer than `longest_wait_seconds`.
    """
    if kept is not None:
        asked = _read(tools.provider, question, kept.answer)
        if asked.reading.outcome not in _AGAIN:
            return asked
    for attempt in range(1, tools.attempts + 1):
        _wait_until_ready(tools)
        asked = _ask_once(question, tools, run_id)
        if asked.reading.outcome not in _AGAIN:
            break
        if attempt < tools.attempts and asked.reading.wait_seconds is None:
            tools.sleep(backoff_seconds(attempt, retry_after_seconds=None, jitter=tools.jitter()))
    return asked


def _wait_until_ready(tools: AskingTools) -> None:
    """Wait until the provider may be asked, if that is soon."""
    standing = _standing(tools)
    if standing.may_be_asked(tools.now()) or standing.until is None:
        return
    wait = (standing.until - tools.now()).total_seconds()
    if wait > tools.longest_wait_seconds:
        what = "does not answer us" if standing.state is ProviderState.REFUSED else "is to be left alone"
        raise ParkedError(
            f"{standing.provider} {what} ({standing.reason}) until {standing.until:%Y-%m-%d %H:%M} UTC;"
            " run the same command then, what was answered is kept"
        )
    tools.sleep(wait)


def _ask_once(question: Question, tools: AskingTools, run_id: UUID) -> Asked:
    spend(tools)
    tools.turns.wait()
    began = tools.now()
    try:
        answer = tools.asking.ask(question)
    except TransientError as error:
        asked = _failed(question, Outcome.TRANSIENT, error, tools)
    except MalformedAnswerError as error:
        asked = _failed(question, Outcome.MALFORMED, error, tools)
    except FatalError as error:  # no token, or a host that is not its own: the other providers may still be asked
        asked = _failed(question, Outcome.REFUSED, error, tools)
    else:
        tools.journal.add(
            StoredAnswer(
                answer_id=tools.new_id(),
                run_id=run_id,
                question=question,
                answer=answer,
                collector_version=tools.code_version,
                cost=tools.budget.cost_per_request,
            )
        )
        asked = _read(tools.provider, question, answer)
    seconds = (tools.now() - began).total_seconds()
    _remember(asked.reading, tools, began.date(), seconds)
    return asked


def spend(tools: AskingTools) -> None:
    """Count a request before it is made.

    Raises:
        ParkedError: What the run or the day may spend is spent.
    """
    name, budget, today = tools.provider.profile.name, tools.budget, tools.now().date()
    if budget.per_run is not None and budget.spent >= budget.per_run:
        raise ParkedError(
            f"{name}: the {budget.per_run} requests that a run may make are made; run the same command again to go on,"
            f" or set providers.{name}.requests_per_run"
        )
    if budget.per_day is not None:
        asked = (day.requests for day in tools.days.find(since=today) if day.provider == name)
        if sum(asked) >= budget.per_day:
            raise ParkedError(
                f"{name}: the {budget.per_day} requests of this day (UTC) are made; run the same command tomorrow,"
                f" or set providers.{name}.requests_per_day"
            )
    budget.spent += 1


def _failed(question: Question, outcome: Outcome, error: Exception, tools: AskingTools) -> Asked:
    """What came to nothing before there was an answer."""
    return Asked(question=question, reading=Reading(outcome=outcome, reason=str(error)), received_at=tools.now())


def _read(provider: Provider, question: Question, answer: Answer) -> Asked:
    try:
        reading = provider.read(question, answer)
    except MalformedAnswerError as error:
        reading = Reading(outcome=Outcome.MALFORMED, reason=str(error))
    return Asked(question=question, reading=reading, received_at=answer.received_at)


def _remember(reading: Reading, tools: AskingTools, day: date, seconds: float) -> None:
    name, cost = tools.provider.profile.name, tools.budget.cost_per_request
    tools.days.add(ProviderDay(provider=name, day=day, outcome=reading.outcome, requests=1, cost=cost, seconds=seconds))
    tools.standings.put(
        after(
            _standing(tools),
            reading.outcome,
            now=tools.now(),
            reason=reading.reason,
            wait_seconds=reading.wait_seconds,
        )
    )


def _standing(tools: AskingTools) -> Standing:
    name = tools.provider.profile.name
    known = tools.standings.all().get(name)
    return known or Standing(provider=name, state=ProviderState.READY, changed_at=tools.now())
