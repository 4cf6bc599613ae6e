"""Musical keys in Camelot notation (`8A` is A minor, `8B` C major), and how well two of them mix.

Notation: https://mixedinkey.com/camelot-wheel/
"""

import re

_PITCH_CLASS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
"""Semitones above C. German H is not among them: where it is used, B means B flat, and nobody can tell."""
_SIGNS = {"#": 1, "♯": 1, "sharp": 1, "b": -1, "♭": -1, "flat": -1}
_MODES = {"": "B", "maj": "B", "major": "B", "dur": "B", "m": "A", "min": "A", "minor": "A", "moll": "A"}
_WHEEL = 12
_OPEN_KEY_OFFSET = 7
"""Open Key counts from C major, which is 8 on the Camelot wheel."""
_MINOR_TO_RELATIVE_MAJOR = 3
"""Semitones."""
_PARALLEL = {"A": 3, "B": 9}
"""Steps of the wheel from a minor key to the major key on the same note, and back."""

_CAMELOT = re.compile(r"(0?[1-9]|1[0-2])([AaBb])")
_OPEN_KEY = re.compile(r"(0?[1-9]|1[0-2])([md])")
# A bare small letter is left unknown: minor in German writing, major elsewhere.
_NAME = re.compile(
    r"(?P<note>[A-G])(?:\s?(?P<sign>[#♯♭b]|sharp|flat))?(?:\s?(?P<mode>m|maj|major|min|minor|dur|moll))?"
)


def parse_key(text: str | None) -> str | None:
    """The Camelot key of `8A`, `1m` (Open Key), `F♯ minor`, `Gbm` or `A moll`; None for anything else."""
    if text is None:
        return None
    text = text.strip()
    if found := _CAMELOT.fullmatch(text):
        return _camelot(int(found[1]), found[2].upper())
    if found := _OPEN_KEY.fullmatch(text):
        return _camelot(int(found[1]) + _OPEN_KEY_OFFSET, "A" if found[2] == "m" else "B")
    if found := _NAME.fullmatch(text):
        return _from_pitch_class(
            _PITCH_CLASS[found["note"]] + _SIGNS.get(found["sign"], 0), _MODES[found["mode"] or ""]
        )
    return None


def to_open_key(key: str) -> str:
    """The Open Key name of a Camelot key: `1m` is A minor, `1d` C major."""
    number, mode = _split(key)
    return f"{(number - 1 - _OPEN_KEY_OFFSET) % _WHEEL + 1}{'m' if mode == 'A' else 'd'}"


def key_from_spotify(key: int | None, mode: int | None) -> str | None:
    """The Camelot key of Spotify's pitch class (0 is C, -1 unknown) and mode (1 major, 0 minor)."""
    if key is None or not 0 <= key < _WHEEL or mode not in (0, 1):
        return None
    return _from_pitch_class(key, "B" if mode else "A")


def harmonic_level(key: str, following: str) -> int:
    """How well a track in one Camelot key can follow another.

    3: the same key. 2: a step on the wheel, or the relative key. 1: two or seven steps up (a rise in energy), the
    parallel key, or a step with a change of mode. 0: they clash.
    """
    (number, mode), (next_number, next_mode) = _split(key), _split(following)
    steps = (next_number - number) % _WHEEL
    if mode == next_mode:
        return {0: 3, 1: 2, 11: 2, 2: 1, 7: 1}.get(steps, 0)
    return 2 if steps == 0 else int(steps in {1, 11, _PARALLEL[mode]})


def shift_key(key: str, semitones: int) -> str:
    """The key after its pitch is shifted; a semitone up is seven steps of the wheel."""
    number, mode = _split(key)
    return _camelot(number + 7 * semitones, mode)


def _from_pitch_class(pitch_class: int, mode: str) -> str:
    major = pitch_class + (_MINOR_TO_RELATIVE_MAJOR if mode == "A" else 0)
    return _camelot(8 + 7 * major, mode)


def _camelot(number: int, mode: str) -> str:
    return f"{(number - 1) % _WHEEL + 1}{mode}"


def _split(key: str) -> tuple[int, str]:
    return int(key[:-1]), key[-1]
