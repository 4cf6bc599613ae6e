"""Landing single records: a small dump file of their own goes the way of every dump file."""

import gzip
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from linernotes.ports.landing import Landed, Lander
from linernotes.ports.progress import Progress
from linernotes.sources.discogs.tables import ENTITIES


class SingleRecordLander:
    """Lands records that stand outside a dump, such as those taken out of quarantine."""

    def __init__(self, lander: Lander, *, scratch: Path) -> None:
        self._lander = lander
        self._scratch = scratch

    def land_records(self, bodies: Sequence[bytes], *, entity: str, load_id: UUID, progress: Progress) -> Landed:
        """Write the records to bronze; those that cannot be read come back as quarantined."""
        root = ENTITIES[entity].root.encode()
        self._scratch.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=self._scratch) as folder:
            path = Path(folder) / f"{entity}s.xml.gz"
            path.write_bytes(gzip.compress(b"<%s>\n%s\n</%s>\n" % (root, b"\n".join(bodies), root)))
            return self._lander.land(path, entity=entity, load_id=load_id, previous_hashes=(), progress=progress)
