"""The home: one folder that holds everything Linernotes keeps."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Home:
    """Where each thing of a home is."""

    root: Path

    @property
    def ledger(self) -> Path:
        """Runs, loads, publications: the SQLite ledger."""
        return self.root / "ledger.db"

    @property
    def lake(self) -> Path:
        """Silver and gold: catalog and Parquet data."""
        return self.root / "lake"

    @property
    def extensions(self) -> Path:
        """The extension directory of DuckDB."""
        return self.root / "lake" / "extensions"

    @property
    def bronze(self) -> Path:
        """Records as received."""
        return self.root / "bronze"

    @property
    def downloads(self) -> Path:
        """Files fetched from sources."""
        return self.root / "downloads"

    @property
    def production(self) -> Path:
        """The published SQLite catalogue, by generation."""
        return self.root / "production"

    @property
    def backups(self) -> Path:
        """Copies of mirrored files, taken before they are changed."""
        return self.root / "backups"

    @property
    def logs(self) -> Path:
        """Log files of runs and of dbt."""
        return self.root / "logs"

    @property
    def locks(self) -> Path:
        """Locks between processes."""
        return self.root / "locks"

    @property
    def turns(self) -> Path:
        """When providers were asked: the SQLite file of their rates."""
        return self.root / "turns.db"

    @property
    def libraries(self) -> Path:
        """What files that the user brought say, by provider that is answered from them."""
        return self.root / "libraries"

    @property
    def models(self) -> Path:
        """The user's own dbt models."""
        return self.root / "models"

    @property
    def docs(self) -> Path:
        """The lineage site that `liner docs` makes."""
        return self.root / "docs"
