r"""The plain form of a record, as a regular expression that one linear pass decides.

A record that matches is well-formed, holds no element, attribute or text that our tables do not read,
no character that XML 1.0 forbids, and nothing two XML parsers could read differently. Everything else
goes to the careful reader. So one pass (0.2 CPU s per 100 MB) stands for the tag census, the search
for control characters, the refusal of declarations and the check of nesting together. Elements come in
any order; a value that comes twice is left to xml2arrow, which refuses it.

The syntax is that of RE2 (https://github.com/google/re2/wiki/Syntax), on bytes; the nesting of the format is bounded,
so the language is regular.
"""

from functools import cache

from linernotes.sources.discogs.tables import ENTITIES, RECORD_ID, Element

_SPACE = r"[ \t\n]*"
_DECIMAL = r"9|1[03]|3[2-9]|[4-9][0-9]|[1-9][0-9]{2,3}|[1-57-9][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|[1-9][0-9]{5}"
_HEXADECIMAL = (
    r"[2-9A-F][0-9A-F]|[1-9A-F][0-9A-F]{2}|[1-9A-E][0-9A-F]{3}|F(?:[0-9A-E][0-9A-F]|F[0-9A-E])[0-9A-F]|1[0-9A-F]{4}"
)
_ESCAPED = rf"&(?:amp|lt|gt|quot|apos|#(?:{_DECIMAL}|x(?:{_HEXADECIMAL})));"
_NOT_FFFE = r"\xef(?:[^\xbf]|\xbf[^\xbe\xbf])"  # the UTF-8 bytes of U+FFFE and U+FFFF, which XML 1.0 forbids
# No carriage return, which parsers fold, and no `>`, which some parsers refuse after `]]`.
_CHARACTER = rf"(?:[^<&>\xef\x00-\x08\x0b-\x1f]|{_ESCAPED}|{_NOT_FFFE})"
# No white space but blanks: parsers turn it into blanks.
_VALUE = rf'"(?:[^<&"\xef\x00-\x1f]|{_ESCAPED}|{_NOT_FFFE})*"'
_END = "</[a-zA-Z_]+>"  # xml2arrow compares end tags with start tags
_ID = r"[0-9]{1,18}"


def _attributes(element: Element) -> str:
    """Known attributes in any order."""
    names = "|".join(name for name, column in element.attributes.items() if column != RECORD_ID)
    known = [rf"(?:{names})={_VALUE}"] if names else []
    known += [f'{name}="{_ID}"' for name, column in element.attributes.items() if column == RECORD_ID]
    return rf"(?: (?:{'|'.join(known)}))*" if known else ""


def _inside(element: Element) -> str:
    """What may stand between the tags of an element that has others in it."""
    kinds_of_row = sum(child.table is not None for child in element.children)
    needs_text = element.table is None and kinds_of_row > 1  # told apart later by whose text is there
    texts = [child for child in element.children if not child.children and not child.attributes and child.text_column]
    plain_texts = [child.tag for child in texts if child.text_column != RECORD_ID and not needs_text]
    others = [_element(child, needs_text=needs_text) for child in element.children if child.tag not in plain_texts]
    if plain_texts:
        tags = "|".join(plain_texts)
        others.append(rf"<(?:(?:{tags}) ?/>|(?:{tags})>{_CHARACTER}*{_END})")
    return rf"{_SPACE}(?:(?:{'|'.join(others)}){_SPACE})*"


def _element(element: Element, *, needs_text: bool) -> str:
    opening = element.tag + _attributes(element)
    if element.text_column == RECORD_ID:
        return rf"<{opening}>{_ID}{_END}"
    if needs_text:
        return rf"<{opening}>{_CHARACTER}+{_END}"
    if not element.children and element.text_column is None:
        return rf"<{opening}(?: ?/>|>{_END})"
    inside = rf"{_CHARACTER}*" if element.text_column else _inside(element)
    return rf"<{opening}(?: ?/>|>{inside}{_END})"


@cache
def plain_record(entity: str) -> str:
    """A pattern that matches a whole record in its plain form, with the white space before it."""
    record = ENTITIES[entity].record
    return rf"\A{_SPACE}<{record.tag}{_attributes(record)}>{_inside(record)}{_END}\z"
