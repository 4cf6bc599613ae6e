"""Monthly dumps: which one to take, and how its work may proceed."""

from enum import StrEnum


class DumpState(StrEnum):
    NOT_STARTED = "not_started"
    DOWNLOADING = "downloading"
    READY_FOR_PROCESSING = "ready_for_processing"
    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"
