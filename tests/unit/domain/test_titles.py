from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linernotes.domain.titles import split_title


def split(base: str, *, feat: tuple[str, ...] = (), version: str | None = None, remaster: int | None = None) -> Any:
    return {"base": base, "feat": list(feat), "version": version, "remaster": remaster}


@pytest.mark.parametrize(
    ("title", "parts"),
    [
        ("Song", split("Song")),
        (" Song ", split("Song")),
        ("Song (Radio Edit)", split("Song", version="radio edit")),
        ("7(Live)", split("7", version="live")),
        ("Song [Kyau & Albert Remix]", split("Song", version="kyau and albert remix")),
        ("Song (Someone's (Late) Mix)", split("Song", version="someones late mix")),
        ("Song – Live", split("Song", version="live")),
        ("Song — Acoustic", split("Song", version="acoustic")),
        ("Song-Live", split("Song-Live")),
        ("Song (Live) (Acoustic)", split("Song", version="live, acoustic")),
        ("One - Two - Live", split("One - Two", version="live")),
        ("Live (Demo) - One", split("Live (Demo) - One")),
        ("Song (Album Version)", split("Song")),
        ("Song (Part 1)", split("Song (Part 1)")),
        ("(Live)", split("(Live)")),
        (" - Live", split("- Live")),
        ("Song Live)", split("Song Live)")),
        ("Song ()", split("Song ()")),
        ("(I Can't Get No) Satisfaction", split("(I Can't Get No) Satisfaction")),
        ("", split("")),
    ],
)
def test_version_at_the_end_is_taken_off(title: str, parts: Any) -> None:
    assert split_title(title) == parts


@pytest.mark.parametrize(
    ("title", "parts"),
    [
        ("Song (2011 Remaster)", split("Song", remaster=2011)),
        ("Song (Remastered)", split("Song")),
        ("Song - Digitally Remastered in 1999", split("Song", remaster=1999)),
        ("Song - 2003 Digital Remaster Edition", split("Song", remaster=2003)),
        ("Song - The Remastered Version", split("Song")),
        ("Song - Mono / Remastered 2009", split("Song", version="mono", remaster=2009)),
        ("Song (2001 Remaster / Mono Mix)", split("Song", version="mono mix", remaster=2001)),
        ("Song (Remastered 2009) (Remastered 2015)", split("Song", remaster=2009)),
        ("Song (Remastered 1809)", split("Song (Remastered 1809)")),
        ("Song (Remastering Lives)", split("Song (Remastering Lives)")),
    ],
)
def test_remaster_is_the_same_recording(title: str, parts: Any) -> None:
    assert split_title(title) == parts


@pytest.mark.parametrize(
    ("title", "parts"),
    [
        ("Song (feat. A)", split("Song", feat=("A",))),
        ("Song ft. A & B, C", split("Song", feat=("A", "B", "C"))),
        ("Song  feat. A", split("Song", feat=("A",))),
        ("Song FEAT A (Live)", split("Song", feat=("A",), version="live")),
        ("Song feat. A [feat. B]", split("Song", feat=("A", "B"))),
        ("Song (feat. A) [feat. B]", split("Song", feat=("A", "B"))),
        ("Song (featuring A feat. B)", split("Song", feat=("A feat. B",))),
        ("Song feat. & ", split("Song", feat=("&",))),
        ("Defeat. It", split("Defeat. It")),
        ("Feat. A", split("Feat. A")),
        ("Song feat.", split("Song feat.")),
    ],
)
def test_guests_are_told_apart_from_the_title(title: str, parts: Any) -> None:
    assert split_title(title) == parts


@given(st.text(st.sampled_from("ab ()[]-–, &live mix feat.2009remaster")))
def test_what_is_left_of_a_title_begins_it(title: str) -> None:
    assert title.strip().startswith(split_title(title)["base"])
