"""Files of libraries for tests: what dumps and tables look like."""

import io
import json
import tarfile
from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa

RHYTHM = (
    "mbid,submission_offset,bpm,bpm_histogram_first_peak_bpm_mean,bpm_histogram_first_peak_bpm_median,"
    "bpm_histogram_second_peak_bpm_mean,bpm_histogram_second_peak_bpm_median,danceability,onset_rate"
)
TONAL = "mbid,submission_offset,key_key,key_scale,tuning_frequency,tuning_equal_tempered_deviation"
"""The headings of the tables of features, as AcousticBrainz published them."""


def archive(path: Path, members: Mapping[str, bytes]) -> Path:
    """A `.tar.zst` of some files."""
    with pa.CompressedOutputStream(str(path), "zstd") as data, tarfile.open(fileobj=data, mode="w|") as tar:
        for name, body in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(body)
            tar.addfile(member, io.BytesIO(body))
    return path


def table(heading: str, *rows: str) -> bytes:
    """A table as AcousticBrainz writes it."""
    return "".join(f"{line}\r\n" for line in (heading, *rows)).encode()


def document(bpm: float = 130.0) -> bytes:
    """What AcousticBrainz says of one recording."""
    return json.dumps({"rhythm": {"bpm": bpm}, "tonal": {"key_key": "D", "key_scale": "minor"}}).encode()
