"""Make Discogs dumps of any size: invented records, but true to the real ones in shape, counts and lengths.

The same arguments give the same bytes. Counts per record follow the quantiles of the dumps of August 2020; names are
made of syllables. All four files of a month agree with each other, and every later month derives from the one before:
some records changed, some gone, some new, and from the second month on in the format of December 2024.

    python benchmarks/generate_discogs.py --folder build/dumps --releases 100000 --months 2
"""

import argparse
import hashlib
import multiprocessing
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from isal import igzip

FIRST_YEAR = 2024
"""The first month is November."""
ENTITIES = ("label", "artist", "master", "release")
SHARE = {"artist": 0.53, "label": 0.124, "master": 0.134, "release": 1.0}
"""Records per release, as in the dump of March 2026."""
ABSENT_ARTISTS = {194: "Various", 355: "Unknown Artist"}
NAMELESS_LABEL = 212
BLOCK_BYTES = 1 << 20
MASK = (1 << 64) - 1

# Quantiles (every twentieth) of the dumps of August 2020; the last is the largest, for one in 200.
TRACKS = (1, 2, 2, 2, 2, 3, 4, 4, 5, 6, 8, 9, 10, 10, 12, 12, 13, 14, 16, 20, 267)
IMAGES = (0, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 4, 4, 4, 5, 7, 86)
CREDITS = (0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 2, 2, 3, 4, 5, 6, 8, 11, 17, 56)
IDENTIFIERS = (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 4, 5, 6, 50)
VIDEOS = (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 5, 7, 11, 34)
COMPANIES = (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 2, 2, 3, 4, 5, 7, 37)
FEW_IMAGES = (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 2, 86)
STYLES = (0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 4)
DESCRIPTIONS = (0, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 4, 31)
NOTE_WORDS = (0, 0, 0, 0, 0, 0, 0, 0, 3, 4, 6, 8, 10, 13, 16, 20, 26, 33, 46, 70, 700)
VIDEO_WORDS = (0, 0, 0, 1, 4, 7, 10, 13, 18, 23, 28, 33, 39, 41, 41, 42, 42, 42, 42, 42, 42)

GENRES = ("Rock", "Electronic", "Pop", "Folk, World, &amp; Country", "Classical", "Jazz", "Funk / Soul", "Hip Hop")
STYLE_NAMES = ("House", "Synth-pop", "Ambient", "Pop Rock")
FORMATS = ("Vinyl", "Vinyl", "Vinyl", "CD", "CD", "File", "Cassette", "CDr", "Box Set", "Shellac")
DESCRIBED = ("Album", "LP", '12"', "45 RPM", '7"', "Single", "Compilation", "Reissue", "Promo", "Stereo", "EP", "Mono")
ROLES = ("Written-By", "Producer", "Mixed By", "Engineer", "Artwork", "Guitar", "Drums", "Music By [All Tracks By]")
QUALITIES = ("Needs Vote", "Needs Vote", "Needs Vote", "Correct", "Complete and Correct", "Needs Minor Changes")
COUNTRIES = ("US", "UK", "Germany", "Japan", "France", "Italy", "Netherlands", "Europe", "Sweden", "Jamaica")
IDENTIFIER_TYPES = ("Matrix / Runout", "Matrix / Runout", "Barcode", "Rights Society", "Other", "Label Code")
COMPANY_ROLES = ("Recorded At", "Published By", "Pressed By", "Phonographic Copyright (p)", "Copyright (c)")
ONSETS = ("b", "br", "d", "f", "g", "k", "l", "m", "n", "p", "r", "s", "st", "t", "v", "w", "z", "h", "j", "ch")
VOWELS = (*"aeioua" * 5, "ä", "é")
CODAS = ("", "", "", "n", "r", "l", "s", "m", "ck", "th")


EMPTY_TAGS = ("id", "anv", "join", "role", "tracks", "position", "duration", "profile", "title", "description", "catno")
"""What stood empty before December 2024, and is left out since."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """One month of generated dumps."""

    releases: int
    """Of the first month."""
    number: int = 1
    """1 for the first month; later ones derive from it."""
    seed: int = 1
    is_new_era: bool = False
    """As from December 2024: no images, no empty tags, no ids of unlinked credits."""
    changed: float = 0.02
    gone: float = 0.005
    added: float = 0.01
    """Shares per month after the first."""
    series: float = 0.0
    """Share of releases that are part of a series; only the format from December 2024 has them."""

    def first_count(self, entity: str) -> int:
        """Records of an entity in the first month."""
        return max(20, round(self.releases * SHARE[entity]))

    def last_id(self, entity: str) -> int:
        """The largest id of an entity."""
        first = self.first_count(entity)
        return first + round(first * self.added) * (self.number - 1)

    def version(self, entity: str, record_id: int) -> int | None:
        """How often a record has changed; None if it is gone."""
        salt = (ENTITIES.index(entity) + 1) * 0x632BE59BD9B4E019 + self.seed
        version = 0
        for number in range(2, self.number + 1):
            draw = _mix(record_id + salt * number) / MASK
            if draw < self.gone:
                return None
            version += draw < self.gone + self.changed
        return version


def _mix(number: int) -> int:
    """A hash of an integer (splitmix64, https://prng.di.unimi.it/splitmix64.c)."""
    number = (number * 0x9E3779B97F4A7C15) & MASK
    number = ((number ^ (number >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    number = ((number ^ (number >> 27)) * 0x94D049BB133111EB) & MASK
    return number ^ (number >> 31)


class Records:
    """The records of one month as XML."""

    def __init__(self, month: Month) -> None:
        self.month = month
        self._words = [_encoded(word, is_new_era=month.is_new_era) for word in _make_words(month.seed)]
        self._random = random.Random()
        self._artists_in_all = month.first_count("artist")
        self._empty = dict.fromkeys(EMPTY_TAGS, "") if month.is_new_era else {tag: f"<{tag}/>" for tag in EMPTY_TAGS}
        # A few artists have most of the credits; their names need not be made each time.
        self._names = {number: self._artist_name(number) for number in range(min(self._artists_in_all, 60_000))}

    def record(self, entity: str, record_id: int, version: int) -> str:
        """One record on its line."""
        make: Callable[[int, int, Callable[[], float]], str] = getattr(self, f"_{entity}")
        self._random.seed(record_id * 8 + ENTITIES.index(entity) + self.month.seed * 0x9E3779B9)
        return make(record_id, version, self._random.random)

    # Names, known from the id alone

    def _artist_name(self, record_id: int) -> str:
        if record_id in ABSENT_ARTISTS:
            return ABSENT_ARTISTS[record_id]
        number = _mix(record_id + 11)
        name = f"{self._words[number % 5987]} {self._words[(number >> 20) % 5987]}"
        return f"{name} ({2 + number % 7})" if number % 11 == 0 else name

    def _label_name(self, record_id: int) -> str:
        number = _mix(record_id + 22)
        return f"{self._words[number % 5987]} {('Records', 'Music', 'Recordings', 'Sound')[number % 4]}"

    def _title(self, release_id: int) -> str:
        number = _mix(release_id + 33)
        count = 1 + number % 4
        return " ".join([self._words[(number >> (12 * at)) % 5987] for at in range(count)])

    def _text(self, pick: Callable[[], float], count: int) -> str:
        words = self._words  # some are used far more often than others, so that it compresses as the real dumps do
        return " ".join([words[int(pick() ** 4 * 5987)] for _ in range(count)])

    # Parts

    def _tag(self, name: str, text: str) -> str:
        """A text element; empty ones are left out since December 2024."""
        return f"<{name}>{text}</{name}>" if text else self._empty[name]

    def _list(self, name: str, items: Sequence[str]) -> str:
        return f"<{name}>{''.join(items)}</{name}>" if items else ""

    def _images(self, pick: Callable[[], float], counts: Sequence[int]) -> str:
        """Made after everything else, so that the eras differ in nothing but images."""
        if self.month.is_new_era:
            return ""
        return self._list("images", [
            f'<image type="{"secondary" if at else "primary"}" uri="" uri150="" width="600" '
            f'height="{int(150 + pick() * 450)}"/>'
            for at in range(_quantile(counts, pick))
        ])  # fmt: skip

    def _urls(self, pick: Callable[[], float], share: float) -> str:
        if pick() > share:
            return ""
        return self._list(
            "urls", [f"<url>https://example.org/{int(pick() * 1e9)}</url>" for _ in range(1 + int(pick() * 3))]
        )

    def _credit(self, pick: Callable[[], float], role: str, *, join: str = "") -> str:
        draw = pick()
        record_id = 0 if role and draw < 0.01 else 1 + int(pick() ** 3 * self._artists_in_all)
        name = self._names.get(record_id) or self._artist_name(record_id)
        empty = self._empty
        return (
            f"<artist>{f'<id>{record_id}</id>' if record_id or empty['id'] else ''}<name>{name}</name>"
            f"{f'<anv>{name.split()[0]}</anv>' if 0.3 < draw < 0.57 else empty['anv']}"
            f"{f'<join>{join}</join>' if join else empty['join']}"
            f"{f'<role>{role}</role>' if role else empty['role']}{empty['tracks']}</artist>"
        )

    def _artists(self, pick: Callable[[], float], record_id: int) -> str:
        if record_id % 14 == 0:
            rest = "".join([self._empty[tag] for tag in ("anv", "join", "role", "tracks")])
            return f"<artists><artist><id>194</id><name>Various</name>{rest}</artist></artists>"
        count = 1 if pick() < 0.84 else 2 + int(pick() * 2)
        credited = [self._credit(pick, "", join="&amp;" if at < count - 1 else "") for at in range(count)]
        return self._list("artists", credited)

    def _videos(self, pick: Callable[[], float]) -> str:
        return self._list("videos", [
            f'<video src="https://www.youtube.com/watch?v={int(pick() * 1e15):x}" '
            f'duration="{65535 if pick() < 0.0005 else int(90 + pick() * 500)}" embed="true">'
            f'{self._tag("title", self._text(pick, 4))}'
            f'{self._tag("description", self._text(pick, _quantile(VIDEO_WORDS, pick)))}</video>'
            for _ in range(_quantile(VIDEOS, pick))
        ])  # fmt: skip

    def _tracks(self, pick: Callable[[], float], record_id: int, count: int) -> list[str]:
        has_artists, has_credits, has_durations = pick() < 0.14, pick() < 0.4, pick() < 0.6
        tracks = []
        for at in range(count):
            if count > 5 and at == 0 and record_id % 29 == 0:
                heading = f"<title>{self._text(pick, 2)}</title>"
                tracks.append(f"<track>{self._empty['position']}{heading}{self._empty['duration']}</track>")
                continue
            duration = f"{int(1 + pick() * 8)}:{int(10 + pick() * 49)}" if has_durations else ""
            parts = [self._tag("position", str(at + 1)), f"<title>{self._text(pick, 1 + int(pick() * 4))}</title>"]
            parts.append(self._tag("duration", duration))
            if has_artists:
                parts.append(f"<artists>{self._credit(pick, '')}</artists>")
            if has_credits:
                credited = [self._credit(pick, ROLES[int(pick() * 8)]) for _ in range(int(pick() * 4))]
                parts.append(self._list("extraartists", credited))
            if record_id % 37 == 0 and at == count - 1:
                parts.append(self._list("sub_tracks", self._tracks(pick, 1, 2 + int(pick() * 4))))
            tracks.append(f"<track>{''.join(parts)}</track>")
        return tracks

    # Records

    def _artist(self, record_id: int, version: int, pick: Callable[[], float]) -> str:
        members = [record_id + step for step in (1, 2, 3)] if record_id % 10 == 0 else []
        groups = [record_id - record_id % 10] if record_id > 10 and record_id % 10 in (1, 2, 3) else []
        alias = {5: record_id + 1, 6: record_id - 1}.get(record_id % 10)
        names = {
            member: f'<name id="{member}">{self._artist_name(member)}</name>'
            for member in (*members, *groups, alias or 0)
        }
        bare = "" if self.month.is_new_era else "<id>{}</id>"
        profile = self._text(pick, int(pick() * 30)) if pick() < 0.3 else ""
        inside = [
            f"<id>{record_id}</id><name>{self._artist_name(record_id)}</name>",
            f"<realname>{self._text(pick, 2)}</realname>" if pick() < 0.25 else "",
            self._tag("profile", profile + f" [a{record_id}] Revision {version}." if version else profile),
            f"<data_quality>{QUALITIES[int(pick() * 6)]}</data_quality>",
            self._urls(pick, 0.2),
            self._list("namevariations", [f"<name>{self._text(pick, 2)}</name>" for _ in range(int(pick() * 1.8))]),
            self._list("aliases", [names[alias]] if alias else []),
            self._list("members", [bare.format(member) + names[member] for member in members]),
            self._list("groups", [names[group] for group in groups]),
        ]
        return f"<artist>{self._images(pick, FEW_IMAGES)}{''.join(inside)}</artist>\n"

    def _label(self, record_id: int, version: int, pick: Callable[[], float]) -> str:
        sublabels = [record_id + step for step in (1, 2)] if record_id % 20 == 0 else []
        parent = record_id - record_id % 20 if record_id % 20 in (1, 2) and record_id > 20 else 0
        contact = self._text(pick, int(pick() * 14)) if pick() < 0.2 else ""
        contact += f"&#13;\nRevision {version}" if version else ""
        inside = [
            f"<id>{record_id}</id>",
            "" if record_id == NAMELESS_LABEL else f"<name>{self._label_name(record_id)}</name>",
            f"<contactinfo>{contact}</contactinfo>" if contact else "",
            f"<profile>{self._text(pick, int(pick() * 40))}</profile>" if pick() < 0.2 else "",
            f"<data_quality>{QUALITIES[int(pick() * 6)]}</data_quality>",
            f'<parentLabel id="{parent}">{self._label_name(parent)}</parentLabel>' if parent else "",
            self._urls(pick, 0.25),
            self._list("sublabels", [f'<label id="{one}">{self._label_name(one)}</label>' for one in sublabels]),
        ]
        return f"<label>{self._images(pick, FEW_IMAGES)}{''.join(inside)}</label>\n"

    def _master(self, record_id: int, version: int, pick: Callable[[], float]) -> str:
        main_release = 7 * (record_id - 1) + 1
        genre = GENRES[int(pick() * 8)]
        inside = [
            self._artists(pick, record_id),
            f"<genres><genre>{genre}</genre></genres>",
            self._list("styles", [f"<style>{one}</style>" for one in STYLE_NAMES[: _quantile(STYLES, pick)]]),
            f"<year>{0 if pick() < 0.04 else int(1955 + pick() * 70)}</year><title>{self._title(main_release)}</title>",
            f"<notes>Revision {version}</notes>" if version else "",
            f"<data_quality>{QUALITIES[int(pick() * 6)]}</data_quality>",
            self._videos(pick),
        ]
        head = f'<master id="{record_id}"><main_release>{main_release}</main_release>'
        return f"{head}{self._images(pick, IMAGES)}{''.join(inside)}</master>\n"

    def _release(self, record_id: int, version: int, pick: Callable[[], float]) -> str:
        genre = GENRES[int(pick() * 8)]
        tracks = self._tracks(pick, record_id, _quantile(TRACKS, pick))
        roles = [self._credit(pick, ROLES[int(pick() * 8)]) for _ in range(_quantile(CREDITS, pick))]
        identifiers = [self._identifier(pick) for _ in range(_quantile(IDENTIFIERS, pick))]
        if version:  # a change takes a track and a credit away, or adds an identifier
            tracks, roles = (tracks[:-1] or tracks, roles[:-1]) if (record_id + version) % 2 else (tracks, roles)
            identifiers = identifiers if (record_id + version) % 2 else [*identifiers, self._identifier(pick)]
        inside = [
            self._artists(pick, record_id),
            f"<title>{self._title(record_id)}</title>",
            self._labels(pick, record_id),
            self._list("extraartists", roles),
            self._formats(pick, record_id),
            f"<genres><genre>{genre}</genre></genres>",
            self._list("styles", [f"<style>{one}</style>" for one in STYLE_NAMES[: _quantile(STYLES, pick)]]),
            f"<country>{COUNTRIES[int(pick() * 10)]}</country>" if pick() < 0.97 else "",
            f"<released>{_released(pick)}</released>" if pick() < 0.88 else "",
            self._notes(pick, record_id, version),
            f"<data_quality>{QUALITIES[int(pick() * 6)]}</data_quality>",
            self._master_id(record_id),
            self._list("tracklist", tracks),
            self._list("identifiers", identifiers),
            self._videos(pick),
            self._companies(pick),
        ]
        images = self._images(pick, IMAGES)
        inside[2] += self._series(pick)
        return f'<release id="{record_id}" status="Accepted">{images}{"".join(inside)}</release>\n'

    def _identifier(self, pick: Callable[[], float]) -> str:
        description = f' description="{self._text(pick, 2)}"' if pick() < 0.57 else ""
        return f'<identifier type="{IDENTIFIER_TYPES[int(pick() * 6)]}"{description} value="{int(pick() * 1e13)}"/>'

    def _labels(self, pick: Callable[[], float], record_id: int) -> str:
        one = 1 + int(pick() ** 2 * self.month.first_count("label"))
        catno = f"{chr(65 + one % 26)}{chr(65 + one // 26 % 26)} {int(pick() * 900)}"
        label = f'<label name="{self._label_name(one)}" catno="{catno}" id="{one}"/>'
        return f"<labels>{label * (2 if record_id % 97 == 0 else 1)}</labels>"

    def _series(self, pick: Callable[[], float]) -> str:
        if pick() >= self.month.series or not self.month.is_new_era:
            return ""
        number = int(pick() * 9999)
        return f'<series><series name="{self._text(pick, 2)}" catno="{number}" id="{number}"/></series>'

    def _formats(self, pick: Callable[[], float], record_id: int) -> str:
        described = [
            f"<description>{DESCRIBED[int(pick() * 12)]}</description>" for _ in range(_quantile(DESCRIPTIONS, pick))
        ]
        inside = self._list("descriptions", described)
        quantity = "9" * 52 if record_id % 50_021 == 0 else 1 + int(pick() ** 6 * 4)
        return (
            f'<formats><format name="{FORMATS[int(pick() * 10)]}" qty="{quantity}" text="">{inside}</format></formats>'
        )

    def _notes(self, pick: Callable[[], float], record_id: int, version: int) -> str:
        notes = self._text(pick, _quantile(NOTE_WORDS, pick))
        if record_id % 9973 == 0:
            notes += "\x1f" if record_id % 2 else "&#x1F;"
        if version:
            notes += f"&#13;\nRevision {version}."
        return f"<notes>{notes}</notes>" if notes else ""

    def _master_id(self, record_id: int) -> str:
        master, position = divmod(record_id - 1, 7)
        if position < 2 + master % 3 and master < self.month.first_count("master"):
            return f'<master_id is_main_release="{"false" if position else "true"}">{master + 1}</master_id>'
        return ""

    def _companies(self, pick: Callable[[], float]) -> str:
        companies = []
        for _ in range(_quantile(COMPANIES, pick)):
            one, kind = 1 + int(pick() * self.month.first_count("label")), int(pick() * 5)
            catno = self._tag("catno", str(one) if pick() < 0.1 else "")
            companies.append(
                f"<company><id>{one}</id><name>{self._label_name(one)}</name>{catno}"
                f"<entity_type>{kind + 13}</entity_type><entity_type_name>{COMPANY_ROLES[kind]}</entity_type_name>"
                f"<resource_url>https://api.discogs.com/labels/{one}</resource_url></company>"
            )
        return self._list("companies", companies)


def _quantile(counts: Sequence[int], pick: Callable[[], float]) -> int:
    draw = pick()
    return counts[20] if draw > 0.995 else counts[int(draw * 20)]


def _released(pick: Callable[[], float]) -> str:
    year = int(1955 + pick() * 70)
    return str(year) if pick() < 0.6 else f"{year}-{int(pick() * 13):02}-00"


def _make_words(seed: int) -> list[str]:
    maker = random.Random(seed)
    words = []
    for _ in range(5987):
        count = maker.choice((1, 2, 2, 3))
        count = maker.choice((1, 2, 2, 3))
        syllables = [maker.choice(ONSETS) + maker.choice(VOWELS) + maker.choice(CODAS) for _ in range(count)]
        words.append("".join(syllables).capitalize())
    words[::67] = ["&"] * len(words[::67])
    return words


def _encoded(word: str, *, is_new_era: bool) -> str:
    """As the dump writes it: before December 2024 in ASCII, with references."""
    word = word.replace("&", "&amp;")
    return word if is_new_era else word.encode("ascii", "xmlcharrefreplace").decode()


def lines(month: Month, entity: str) -> Iterator[str]:
    """The whole file, in pieces."""
    records = Records(month)
    yield f"<{entity}s>\n"
    for record_id in range(1, month.last_id(entity) + 1):
        if entity == "artist" and record_id in ABSENT_ARTISTS:
            continue
        version = month.version(entity, record_id)
        if version is not None:
            yield records.record(entity, record_id, version)
    yield f"</{entity}s>\n"


def write_file(path: Path, month: Month, entity: str) -> int:
    """Write one file, gzip-compressed at a low level; answer the bytes of XML in it."""
    xml_bytes = size = 0
    block: list[str] = []
    path.parent.mkdir(parents=True, exist_ok=True)
    with igzip.open(path, "wb", compresslevel=3) as file:
        for line in lines(month, entity):
            block.append(line)
            size += len(line)
            if size > BLOCK_BYTES:
                xml_bytes += file.write("".join(block).encode())
                block, size = [], 0
        return xml_bytes + int(file.write("".join(block).encode()))


def months(first: Month, count: int) -> list[tuple[date, Month]]:
    """The first month and those after it, which are in the format of December 2024."""
    days = [date(FIRST_YEAR + (9 + at) // 12, (9 + at) % 12 + 1, 1) for at in range(1, count + 1)]
    return [
        (day, replace(first, number=number, is_new_era=first.is_new_era or number > 1))
        for number, day in enumerate(days, start=1)
    ]


def write_months(folder: Path, first: Month, count: int, *, only: Sequence[str] = ENTITIES) -> dict[str, int]:
    """Write the dumps of some months with their checksums; answer the bytes of XML by file."""
    work = [
        (folder / f"discogs_{day:%Y%m%d}_{entity}s.xml.gz", month, entity)
        for day, month in months(first, count)
        for entity in only
    ]
    with multiprocessing.Pool(min(len(work), multiprocessing.cpu_count())) as pool:
        sizes = pool.starmap(write_file, work, chunksize=1)
    for day, _ in months(first, count):
        listed = [path for path, _, _ in work if f"{day:%Y%m%d}" in path.name]
        sums = "".join(f"{_sha256(path)} *{path.name}\n" for path in listed)
        (folder / f"discogs_{day:%Y%m%d}_CHECKSUM.txt").write_text(sums)
    return {path.name: size for (path, _, _), size in zip(work, sizes, strict=True)}


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def main() -> None:
    """Write what is asked for and tell how large it is."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--releases", type=int, default=10_000)
    parser.add_argument("--months", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--new-era", action="store_true", help="the first month too is as from December 2024")
    parser.add_argument("--changed", type=float, default=0.02)
    parser.add_argument("--gone", type=float, default=0.005)
    parser.add_argument("--added", type=float, default=0.01)
    parser.add_argument("--series", type=float, default=0.0)
    parser.add_argument("--only", nargs="+", choices=ENTITIES, default=ENTITIES)
    asked = parser.parse_args()
    first = Month(
        releases=asked.releases, seed=asked.seed, is_new_era=asked.new_era, changed=asked.changed, gone=asked.gone,
        added=asked.added, series=asked.series,
    )  # fmt: skip
    for name, size in write_months(asked.folder, first, asked.months, only=asked.only).items():
        print(f"{name}  {size / 1e6:,.1f} MB of XML, {(asked.folder / name).stat().st_size / 1e6:,.1f} MB")


if __name__ == "__main__":
    main()
