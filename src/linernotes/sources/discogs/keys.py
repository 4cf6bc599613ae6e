"""What can be told of a record without parsing it: its id, and a hash of its bytes."""

import re

from xxhash import xxh3_64_intdigest

from linernotes.sources.discogs.tables import Entity


def hash_record(body: bytes | memoryview) -> int:
    """The XXH3 hash of a record's bytes, 64 bits without a secret (https://xxhash.com).

    It only ever meets the hash of the same record of another month, to tell whether the bytes are the same.
    """
    return xxh3_64_intdigest(body)


def key_pattern(entity: Entity) -> re.Pattern[bytes]:
    """Matches the beginning of a record: groups `tag` (where it begins), `id`, and `images` where it has some there.

    A record that it does not match is not bad for that: its id may stand somewhere else.
    """
    tag = entity.name
    if entity.record.attributes:
        images = r"(?:\s*<main_release>[^<]*</main_release>)?\s*(?P<images><images>)?"
        pattern = rf'\s*(?P<tag><){tag}\s(?:[^<>]*?\s)??id="(?P<id>[0-9]{{1,18}})"[^<>]*>{images}'
    else:
        images = r"(?:(?P<images><images>)[^<]*(?:<image\s[^<]*(?:</image>[^<]*)?)*</images>\s*)?"
        pattern = rf"\s*(?P<tag><){tag}>\s*{images}<id>(?P<id>[0-9]{{1,18}})</id>"
    return re.compile(pattern.encode())


def start_pattern(entity: Entity) -> re.Pattern[bytes]:
    """Matches where a record seems to begin; a label within a label has text only."""
    tag = entity.name
    is_nesting = any(row.tag == tag for child in entity.record.children for row in child.children)
    return re.compile((rf"<{tag}>\s*<(?!/)" if is_nesting else rf"<{tag}[\s/>]").encode())
