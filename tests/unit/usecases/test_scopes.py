"""The scope of a publication, from settings."""

import pytest

from linernotes.errors import WrongUsageError
from linernotes.ports.destinations import Scope, ScopeKind
from linernotes.usecases.scopes import choose_scope

BOTH = frozenset({ScopeKind.COLLECTION, ScopeKind.PLAYS})


def test_all_is_all() -> None:
    assert choose_scope("all", {}) == Scope()


@pytest.mark.parametrize(
    ("available", "kind"),
    [
        (frozenset(), ScopeKind.ALL),
        (frozenset({ScopeKind.PLAYS}), ScopeKind.PLAYS),
        (frozenset({ScopeKind.COLLECTION}), ScopeKind.COLLECTION),
        (BOTH, ScopeKind.COLLECTION),
    ],
)
def test_the_default_is_what_is_owned_else_played_else_all(available: frozenset[ScopeKind], kind: ScopeKind) -> None:
    assert choose_scope("default", {}, available=available).kind is kind


@pytest.mark.parametrize("kind", ["collection", "plays"])
def test_a_scope_without_its_source_is_refused_with_the_next_step(kind: str) -> None:
    with pytest.raises(WrongUsageError, match=f"no {kind} was brought in yet.*use scope all"):
        choose_scope(kind, {})


@pytest.mark.parametrize("kind", ["collection", "plays"])
def test_a_scope_with_its_source_is_taken(kind: str) -> None:
    assert choose_scope(kind, {}, available=BOTH).kind == kind


def test_a_filter_is_read_field_by_field() -> None:
    wanted = {
        "genre": ["Jazz", "Blues"],
        "style": "Hard Bop",
        "country": "US",
        "label": ["Blue Note"],
        "artist": "Art Blakey",
        "year_from": 1955,
        "year_to": "1967",
    }
    assert choose_scope("filter", wanted) == Scope(
        kind=ScopeKind.FILTER,
        genres=("Jazz", "Blues"),
        styles=("Hard Bop",),
        countries=("US",),
        labels=("Blue Note",),
        artists=("Art Blakey",),
        first_year=1955,
        last_year=1967,
    )


def test_a_filter_is_of_no_matter_to_another_scope() -> None:
    assert choose_scope("all", {"genre": "Jazz"}) == Scope()


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ({}, "needs a filter"),
        ({"gender": "Jazz"}, "no field 'gender'; it has: genre"),
        ({"genre": 5}, "genre = 5"),
        ({"genre": []}, "genre = "),
        ({"genre": ["Jazz", " "]}, "genre = "),
        ({"year_from": "recently"}, "year_from = 'recently'"),
        ({"year_to": True}, "year_to = True"),
        ({"year_to": 1959.5}, "year_to = 1959.5"),
    ],
)
def test_a_filter_that_is_not_understood_is_refused(wanted: dict[str, object], message: str) -> None:
    with pytest.raises(WrongUsageError, match=message):
        choose_scope("filter", wanted)


def test_an_unknown_scope_is_refused_with_those_there_are() -> None:
    with pytest.raises(WrongUsageError, match="default, all, filter, collection, plays"):
        choose_scope("everything", {})


@pytest.mark.parametrize(
    ("scope", "text"),
    [
        (Scope(), "all"),
        (Scope(kind=ScopeKind.FILTER, genres=("Jazz", "Blues"), first_year=1959), "filter genre=Jazz|Blues year=1959-"),
        (Scope(kind=ScopeKind.FILTER, labels=("Svek",), last_year=1999), "filter label=Svek year=-1999"),
        (Scope(kind=ScopeKind.FILTER, first_year=1998, last_year=1999), "filter year=1998-1999"),
    ],
)
def test_a_scope_is_told_in_one_line(scope: Scope, text: str) -> None:
    assert scope.text == text
