"""What measures the matcher; it needs no home."""

import resource
import sys
import time

from linernotes.bootstrap.core import now
from linernotes.lake.blocking import GramBlocking
from linernotes.ports.progress import Progress
from linernotes.sources.datasets import CsvDatasets
from linernotes.usecases.evaluate import MatchingEvaluation

_BYTES_PER_UNIT = 1 if sys.platform == "darwin" else 1024


def matching_evaluation(progress: Progress) -> MatchingEvaluation:
    """The evaluation over files of this machine."""
    return MatchingEvaluation(
        datasets=CsvDatasets(),
        blocking=GramBlocking(),
        this_year=now().year,
        cpu_time=time.process_time,
        peak_mb=_peak_mb,
        progress=progress,
    )


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _BYTES_PER_UNIT / 1e6
