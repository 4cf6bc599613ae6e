"""What can be wrong with a dump file as a whole; what is wrong with one record goes to quarantine instead."""

from linernotes.errors import FatalError


class NotGzipError(FatalError):
    """The file is not gzip-compressed."""


class HtmlPageError(NotGzipError):
    """A web page came instead of the dump."""


class TruncatedDumpError(FatalError):
    """The file ends before its gzip stream or its root element does."""


class CorruptDumpError(FatalError):
    """The compressed bytes contradict their checksum or their format."""


class GzipBombError(FatalError):
    """The file inflates to more than any dump would."""


class WrongRootError(FatalError):
    """The XML is no dump of the entity asked for."""


class DeclarationRefusedError(FatalError):
    """The XML declares a document type or entities; they are never read, let alone expanded."""


class RecordTooLargeError(FatalError):
    """One record is larger than any record may be."""


class DriftError(FatalError):
    """More of the file than allowed is unknown to this version of Linernotes."""


class TooManyBadRecordsError(FatalError):
    """More records than allowed had to be set aside."""
