"""How sure an observation is: what its provider is usually worth in this field, times what is special about it."""

from dataclasses import dataclass

_PLACES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Confidence:
    """The factors of a confidence, each 0.0 to 1.0."""

    base: float
    """Of the provider and the field; policy."""
    match: float = 1.0
    """How surely the answer is about the entity that was asked for: 1.0 for an identifier, less for a search."""
    signal: float = 1.0
    """What the provider itself says of the value, such as AcousticBrainz's `key_strength`."""

    def __post_init__(self) -> None:
        """Refuse what is no share.

        Raises:
            ValueError: A factor is below 0, above 1 or not a number.
        """
        for name in ("base", "match", "signal"):
            if not 0.0 <= getattr(self, name) <= 1.0:
                raise ValueError(f"the factor {name!r} of a confidence is {getattr(self, name)}, not 0 to 1")

    @property
    def value(self) -> float:
        """The product, to four places, so that it is the same wherever it is worked out."""
        return round(self.base * self.match * self.signal, _PLACES)
