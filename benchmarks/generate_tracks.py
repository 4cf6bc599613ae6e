"""Make records of the same songs in five sources, each with habits and errors of its own, and the truth about them.

The same arguments give the same bytes. Words follow Zipf's law over a vocabulary that grows with the square root of the
number of songs, so that rare words stay rare at any size.

    python benchmarks/generate_tracks.py --records 200000 --file build/tracks.csv
"""

import argparse
import csv
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

HEADER = ("truth", "source", "id", "number", "title", "length", "artist", "album", "year", "language")
SOURCES = 5
COPIES = (1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 4, 5)
"""In how many sources a song is."""
TRACKS_OF_ALBUM, ALBUMS_OF_ARTIST = 11, 3
LANGUAGES = ("English", "English", "English", "German", "Spanish", "French", "Japanese", "Portuguese")
VOWELS, CONSONANTS = "aeiouäé", "bcdfghjklmnprstvwz"
ERRORS, MISSING, WRONG_COLUMN = 0.12, 0.04, 0.002
"""Shares of the texts with a typing error, of the values that are missing, and of the rows that stand a column off."""


@dataclass(frozen=True, slots=True)
class Song:
    """What is true of a song."""

    number: int
    title: str
    seconds: int
    artist: str
    album: str
    year: int
    language: str


Row = tuple[str, str, str, str, str, str, str]
"""Number, title, length, artist, album, year and language, as a source writes them."""


def brackets(song: Song) -> Row:
    clock = f"{song.seconds // 60:02}:{song.seconds % 60:02}"
    return f"{song.number:03}", f"{song.title} ({song.album})", clock, song.artist, song.album, str(song.year), ""


def artist_first(song: Song) -> Row:
    title = f"{song.artist} - {song.title}"
    return str(song.number), title, str(song.seconds), "", song.album, f"{song.year % 100:02}", song.language


def album_last(song: Song) -> Row:
    title = f"{song.title} - {song.album}"
    return str(song.number), title, f"{song.seconds / 60:.3f}", song.artist, "", f"'{song.year % 100:02}", song.language


def number_first(song: Song) -> Row:
    length = f"{song.seconds // 60}m {song.seconds % 60}sec"
    title, album = f"{song.number:03}-{song.title}", f"{song.album} ({song.year})"
    return str(song.number), title, length, song.artist, album, "null", f"{song.language[:3]}."


def plain(song: Song) -> Row:
    row = (song.title, str(song.seconds * 1000 + song.number), song.artist, song.album, str(song.year), song.language)
    return str(song.number), *row


DIALECTS: tuple[Callable[[Song], Row], ...] = (brackets, artist_first, album_last, number_first, plain)


def songs(count: int, chance: random.Random) -> Iterator[Song]:
    """Songs by album by artist."""
    words = [
        "".join(chance.choice(CONSONANTS) + chance.choice(VOWELS) for _ in range(chance.randint(1, 4)))
        for _ in range(int(60 * count**0.5))
    ]
    weights = list(accumulate(1 / rank for rank in range(1, len(words) + 1)))

    def phrase(longest: int) -> str:
        return " ".join(chance.choices(words, cum_weights=weights, k=chance.randint(1, longest))).capitalize()

    artist = album = language = ""
    year = 0
    for number in range(count):
        if number % (TRACKS_OF_ALBUM * ALBUMS_OF_ARTIST) == 0:
            artist, language = phrase(3), chance.choice(LANGUAGES)
        if number % TRACKS_OF_ALBUM == 0:
            album, year = phrase(5), chance.randint(1960, 2025)
        yield Song(1 + number % TRACKS_OF_ALBUM, phrase(5), chance.randint(60, 420), artist, album, year, language)


def with_errors(row: Row, chance: random.Random) -> Sequence[str]:
    """A row as somebody typed it."""
    values = [value if chance.random() >= MISSING else "" for value in row]
    for at in (1, 3, 4):
        if chance.random() < ERRORS and len(values[at]) > 1:
            place = chance.randrange(len(values[at]) - 1)
            text = values[at]
            values[at] = chance.choice(
                (
                    text[:place] + text[place + 1] + text[place] + text[place + 2 :],
                    text[:place] + text[place + 1 :],
                    text[:place] + text[place] * 2 + text[place + 1 :],
                )
            )
    return values


def rows(records: int, seed: int) -> Iterator[Sequence[str]]:
    """The records, song by song."""
    chance = random.Random(seed)
    count = records * len(COPIES) // sum(COPIES)
    for truth, song in enumerate(songs(count, chance)):
        for source in chance.sample(range(SOURCES), chance.choice(COPIES)):
            values = with_errors(DIALECTS[source](song), chance)
            identifier = f"{'abcde'[source]}{truth:08}"
            row = [identifier, *values] if chance.random() >= WRONG_COLUMN else ["", identifier, *values[:-1]]
            yield str(truth), str(source + 1), *row


def main() -> None:
    """Write one file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=20_000, help="about so many")
    parser.add_argument("--file", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    arguments.file.parent.mkdir(parents=True, exist_ok=True)
    with arguments.file.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(HEADER)
        table.writerows(rows(arguments.records, arguments.seed))


if __name__ == "__main__":
    main()
