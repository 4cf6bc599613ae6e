"""AcousticBrainz: tempo and key as software heard them, by the MBID of the recording. The service has ended: it is
answered from files of its dumps, or by a mirror of yours (`address`).

https://acousticbrainz.org/download
"""

from collections.abc import Iterable, Sequence
from urllib.parse import quote

from linernotes.domain.entities import EntityType
from linernotes.domain.harmony import parse_key
from linernotes.domain.identification import Described, identified
from linernotes.domain.outcomes import Outcome
from linernotes.ports.providers import Answer, Finding, Profile, Question, Rate, Reading, Subject, Terms
from linernotes.providers.reading import Body, described, found, parse_body, read_status, tempo

_LONGEST_SECONDS = 1e6
"""Eleven days; more is no length, and infinity no number of milliseconds."""


class _Rhythm(Body):
    bpm: float | None = None


class _Tonal(Body):
    key_key: str | None = None
    key_scale: str | None = None
    key_strength: float | None = None


class _AudioProperties(Body):
    length: float | None = None


class _Metadata(Body):
    audio_properties: _AudioProperties | None = None


class _LowLevel(Body):
    rhythm: _Rhythm | None = None
    tonal: _Tonal | None = None
    metadata: _Metadata | None = None


class AcousticBrainz:
    """Answers by MBID."""

    profile = Profile(
        name="acousticbrainz",
        address="https://acousticbrainz.org",
        fields=("recording.tempo_bpm", "recording.key"),
        terms=Terms(licence="CC0", storage="all of it", url="https://acousticbrainz.org/download", is_cc0=True),
        rate=Rate(requests=10, seconds=10),
        library="the archives of low-level data, or of its features rhythm and tonal, from"
        " <https://acousticbrainz.org/download>",
        is_proven=True,
    )

    def ask(self, subjects: Sequence[Subject]) -> Iterable[Question]:
        """One question for each recording with an MBID."""
        for subject in subjects:
            mbid = subject.identifiers.get("mbid")
            if subject.entity_type is EntityType.RECORDING and mbid:
                yield Question(
                    provider="acousticbrainz",
                    path=f"/api/v1/{quote(mbid, safe='')}/low-level",
                    subjects=(subject,),
                )

    def read(self, question: Question, answer: Answer) -> Reading:
        """What was heard; the strength of a key says how sure the software was."""
        if by_status := read_status(answer):
            return by_status
        heard = parse_body(answer, _LowLevel)
        (subject,) = question.subjects
        match = identified(described(subject), Described(duration_ms=_length_ms(heard)))
        findings = found(subject, {"tempo_bpm": tempo(heard.rhythm.bpm if heard.rhythm else None)}, match=match)
        if heard.tonal:
            findings += _key(subject, heard.tonal, match)
        return Reading(outcome=Outcome.OK, findings=findings)


def _length_ms(heard: _LowLevel) -> int | None:
    properties = heard.metadata.audio_properties if heard.metadata else None
    length = properties.length if properties else None
    return round(length * 1000) if length and length < _LONGEST_SECONDS else None


def _key(subject: Subject, tonal: _Tonal, match: float) -> tuple[Finding, ...]:
    key = f"{tonal.key_key or ''} {tonal.key_scale or ''}".strip()
    if parse_key(key) is None or not tonal.key_scale:
        return ()
    signal = min(max(tonal.key_strength if tonal.key_strength is not None else 1.0, 0.0), 1.0)
    return (Finding(entity_id=subject.entity_id, field="key", value=key, match=match, signal=signal),)
