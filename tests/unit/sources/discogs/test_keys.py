"""What is told of a record without parsing it."""

import pytest

from linernotes.sources.discogs.keys import hash_record, key_pattern
from linernotes.sources.discogs.tables import ENTITIES


def test_the_hash_is_what_anybody_can_compute() -> None:
    assert hash_record(b"") == 0x2D06800538D394C2  # XXH3_64bits of nothing, https://xxhash.com


@pytest.mark.parametrize(
    ("entity", "record", "record_id", "has_images"),
    [
        ("release", b'<release id="12" status="Accepted"><images><image/></images>', "12", True),
        ("release", b'\n <release status="Accepted" id="12"><title>x</title>', "12", False),
        ("master", b'<master id="7"><main_release>9</main_release><images>', "7", True),
        ("master", b'<master id="7"><main_release>9</main_release><artists>', "7", False),
        ("artist", b'\n<artist><images><image type="primary"/></images><id>3</id>', "3", True),
        ("artist", b"<artist>\n  <id>3</id>", "3", False),
        ("label", b'<label><images>\n<image type="primary"></image>\n</images>\n<id>3</id>', "3", True),
    ],
)
def test_the_id_and_the_images_are_seen(entity: str, record: bytes, record_id: str, has_images: bool) -> None:
    found = key_pattern(ENTITIES[entity]).match(record)
    assert found
    assert found["id"] == record_id.encode()
    assert (found["images"] is not None) is has_images
    assert record[found.start("tag") :].startswith(f"<{entity}".encode())


@pytest.mark.parametrize(
    ("entity", "record"),
    [
        ("release", b'<release status="x"><title id="5">'),
        ("release", b'<release data-id="5">'),
        ("release", b'junk<release id="5">'),
        ("release", b'<release id="five">'),
        ("release", b'<release id="' + b"9" * 19 + b'">'),
        ("artist", b"<artist><members><id>5</id></members>"),
        ("label", b'<label><sublabels><label id="5">'),
    ],
)
def test_an_id_is_not_guessed(entity: str, record: bytes) -> None:
    assert key_pattern(ENTITIES[entity]).match(record) is None
