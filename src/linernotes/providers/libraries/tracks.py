"""Files about tracks that are known by artist and title alone."""

from linernotes.domain.names import name_key
from linernotes.domain.titles import split_title


def track_key(artist: str, title: str) -> str:
    """The same for spellings of the same artist and title, whatever the version and whoever the guests."""
    return f"{name_key(artist)}\n{name_key(split_title(title)['base'])}"
