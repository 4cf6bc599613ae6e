"""Settings: `liner.toml` of the home, overridden by `LINER_*` variables, checked and frozen."""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from linernotes import __version__
from linernotes.errors import WrongUsageError


class Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class LedgerSettings(Section):
    """`[ledger]`: where runs, loads and publications are recorded."""

    url: SecretStr | None = Field(
        default=None, description="PostgreSQL URL for teams; empty means ledger.db in the home."
    )


class LakeSettings(Section):
    """`[lake]`: silver and gold."""

    catalog: SecretStr | None = Field(
        default=None, description="PostgreSQL connection string of the catalog; empty means lake/catalog.sqlite."
    )
    memory_limit: str = Field(default="1GB", description="Memory that a build may use for data.")
    threads: int = Field(default=2, ge=1, description="Threads of the engine, where there is work for them.")
    keep_days: int = Field(
        default=30, ge=1, description="Days for which snapshots can be asked for; published ones stay in any case."
    )
    lock_wait_seconds: float = Field(default=600, ge=0, description="How long a second writer waits for the first.")


class DiscogsSettings(Section):
    """`[discogs]`: monthly dumps."""

    base_url: str = Field(
        default="https://data.discogs.com/", description="Index of the dumps: HTML or bucket listing."
    )
    other_hosts: tuple[str, ...] = Field(
        default=(), description="Hosts that downloads may be led to besides that of base_url."
    )
    user_agent: str = Field(default="linernotes", description="User-Agent of every request.")
    attempts: int = Field(default=5, ge=1, description="Attempts per file.")
    connect_timeout_seconds: float = Field(default=15, gt=0, description="Limit for opening a connection.")
    read_timeout_seconds: float = Field(default=60, gt=0, description="Limit for one read.")
    parse_threads: int = Field(default=2, ge=1, description="Threads that parse XML.")
    chunk_bytes: int = Field(default=6_000_000, ge=100_000, description="XML parsed at a time, in bytes.")
    drift_limit: float = Field(
        default=0.1, ge=0, le=1, description="Share of values in unknown places above which a dump is refused."
    )
    retention: Literal["months", "all", "debug"] = Field(
        default="months",
        description="Keep downloads of the last `keep_months` months, all, or all with temporary files.",
    )
    keep_months: int = Field(default=1, ge=0, description="Months of downloads to keep.")


class MusicBrainzSettings(Section):
    """`[musicbrainz]`: dumps, replication packets and databases."""

    reader: Literal["extension", "cursor"] = Field(
        default="extension",
        description="How a database is read: DuckDB's extension, or psycopg's cursor at a seventh of the rate.",
    )
    attempts: int = Field(default=5, ge=1, description="Failures in a row before a pull from a database gives up.")
    decode_threads: int = Field(default=2, ge=1, description="Threads that decode bzip2.")
    token: SecretStr | None = Field(
        default=None, description="MetaBrainz access token, with which replication packets are fetched."
    )
    packets_url: str = Field(
        default="https://metabrainz.org/api/musicbrainz/", description="Where replication packets are."
    )


class PublishSettings(Section):
    """`[publish]`: what goes to destinations."""

    scope: Literal["default", "all", "filter", "collection", "plays"] = Field(
        default="default", description="What is published; default is what the user owns or plays, else all."
    )
    filter: Mapping[str, object] = Field(
        default_factory=dict, description="With scope filter: genre, style, country, label, artist, year_from, year_to."
    )
    licence: Literal["any", "cc0"] = Field(
        default="any", description="cc0 leaves out what may not be published under it, such as genres by vote."
    )
    size_limit: str = Field(default="20GB", description="Refuse to stage a catalogue estimated larger than this.")
    keep_backups: int = Field(default=5, ge=1, description="Former generations and backups to keep.")
    fall_limit: float = Field(
        default=0.1, ge=0, le=1, description="Fall of a table's rows that validation reports as error."
    )
    mapping: Mapping[str, Mapping[str, str]] = Field(
        default_factory=dict, description="For a mirrored file: our column by table and column."
    )


class EnrichmentSettings(Section):
    """`[enrichment]`: how providers are asked."""

    user_agent: str = Field(
        default=f"linernotes/{__version__}",
        description="User-Agent of every request; MusicBrainz asks for an address at which you can be reached in it.",
    )
    attempts: int = Field(default=4, ge=1, description="Attempts per question.")
    connect_timeout_seconds: float = Field(default=10, gt=0, description="Limit for opening a connection.")
    read_timeout_seconds: float = Field(default=30, gt=0, description="Limit for one read.")
    longest_wait_seconds: float = Field(
        default=120, ge=0, description="A provider that wants to be left alone for longer is asked another time."
    )
    subjects_per_batch: int = Field(default=50, ge=1, description="Entities that one process takes at a time.")


class LineageSettings(Section):
    """`[lineage]`: what was done, as OpenLineage events."""

    file: Path | None = Field(
        default=None, description="Where events are appended, below the home or anywhere; unset for none."
    )
    namespace: str = Field(default="linernotes", description="Of jobs and tables in the events.")


class ProviderSettings(Section):
    """`[providers.<name>]`: one provider, such as `[providers.deezer]`."""

    is_on: bool | None = Field(
        default=None, description="Whether it is asked; unset leaves that to its terms (`liner providers`)."
    )
    secret: SecretStr | None = Field(
        default=None, description="Its key or token; where it wants client id and secret, both with a colon between."
    )
    address: str | None = Field(default=None, description="Its base URL; unset for its own.")
    token_address: str | None = Field(
        default=None, description="Where client id and secret are exchanged for a token; unset for its own."
    )
    requests_per_second: float | None = Field(
        default=None, gt=0, description="At most; unset for what it allows. For a mirror of your own."
    )
    requests_per_run: int | None = Field(default=None, ge=0, description="At most; unset for any number.")
    requests_per_day: int | None = Field(default=None, ge=0, description="At most, in UTC; unset for any number.")
    cost_per_request: float = Field(
        default=0.0, ge=0, description="What a request costs you, in a currency of yours; `liner providers` adds it up."
    )


class Settings(BaseSettings):
    """Everything a user may set, in sections as in `liner.toml`."""

    model_config = SettingsConfigDict(
        env_prefix="LINER_",
        env_nested_delimiter="__",
        frozen=True,
        extra="forbid",
        nested_model_default_partial_update=True,
    )

    home: Path = Field(default=Path(".linernotes"), description="The folder that holds everything.")
    ledger: LedgerSettings = LedgerSettings()
    lake: LakeSettings = LakeSettings()
    discogs: DiscogsSettings = DiscogsSettings()
    musicbrainz: MusicBrainzSettings = MusicBrainzSettings()
    publish: PublishSettings = PublishSettings()
    enrichment: EnrichmentSettings = EnrichmentSettings()
    lineage: LineageSettings = LineageSettings()
    providers: Mapping[str, ProviderSettings] = Field(default_factory=dict, description="By name of the provider.")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Order of precedence: what the command line says, the environment, `liner.toml`."""
        file = TomlConfigSettingsSource(settings_cls, toml_file=init_settings().get("home", Path()) / "liner.toml")
        return init_settings, env_settings, file


def find_home(*, chosen: Path | None, environment: Mapping[str, str], folder: Path) -> Path:
    """The home in force: `--home`, then LINER_HOME, then a folder with `liner.toml`, then `.linernotes` here."""
    if chosen is not None:
        return chosen.absolute()
    if environment.get("LINER_HOME"):
        return Path(environment["LINER_HOME"]).absolute()
    if (folder / "liner.toml").is_file():
        return folder.absolute()
    return (folder / ".linernotes").absolute()


def load_settings(home: Path) -> Settings:
    """The settings of a home.

    Raises:
        WrongUsageError: `liner.toml` or a variable holds something that is no setting, or has a wrong value.
    """
    try:
        return Settings(home=home)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        name = ".".join(str(part) for part in first["loc"])
        raise WrongUsageError(
            f"setting {name}: {first['msg']}; see {home / 'liner.toml'} and LINER_* variables"
        ) from None
    except (ValueError, OSError) as error:
        raise WrongUsageError(f"cannot read {home / 'liner.toml'}: {error}") from error
