"""What can be told of a record without parsing it: its id, and a hash of its bytes."""

import re

from isal import isal_zlib

from linernotes.sources.discogs.tables import Entity


def hash_record(body: bytes | memoryview) -> int:
    """A 64-bit hash of a record's bytes: CRC-32 (RFC 1952) above Adler-32 (RFC 1950).

    It only ever meets the hash of the same record of another month, to tell whether the bytes are the same. Both sums
    come from isal at 0.03 CPU s per 100 MB of releases, where BLAKE2b takes 0.13 and SHA-256 0.09.
    """
    return isal_zlib.crc32(body) << 32 | isal_zlib.adler32(body)


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
