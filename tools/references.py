"""The generated pages of docs/reference.

python -m tools.references write
python -m tools.references check    fail if a page is not what the program says now
"""

import sys
from collections.abc import Mapping
from pathlib import Path

from tools import cli_reference, provider_reference, settings_reference, table_reference

PROJECT = Path(__file__).parents[1]
REFERENCE = PROJECT / "docs" / "reference"
MODELS = PROJECT / "src" / "linernotes" / "lake" / "dbt" / "models"


def pages() -> Mapping[str, str]:
    """Every generated page, by file name."""
    from linernotes.bootstrap.providers import all_providers  # noqa: PLC0415 - as below
    from linernotes.cli.main import app  # noqa: PLC0415 - the program is imported only when its pages are asked for
    from linernotes.policies.documents import shipped_policies  # noqa: PLC0415 - as above
    from linernotes.settings import Settings  # noqa: PLC0415 - as above

    policy = shipped_policies()["default"]
    prefix, delimiter = Settings.model_config["env_prefix"], Settings.model_config["env_nested_delimiter"]
    return {
        "commands.md": cli_reference.render(app, name="liner"),
        "bronze.md": table_reference.render_bronze(),
        "discogs.md": table_reference.render_discogs(),
        "providers.md": provider_reference.render_index(all_providers()),
        **{
            f"providers/{provider.profile.name}.md": provider_reference.render_page(provider, policy)
            for provider in all_providers()
        },
        "silver.md": table_reference.render_models(MODELS),
        "settings.md": settings_reference.render(Settings, prefix=prefix, delimiter=delimiter or "__"),
    }


def stale(folder: Path, current: Mapping[str, str]) -> list[str]:
    """Names of the pages in `folder` that are missing or say something else."""
    return [
        name
        for name, text in current.items()
        if not (folder / name).is_file() or (folder / name).read_text(encoding="utf-8") != text
    ]


def main(action: str = "check") -> int:
    """Write or check the pages; 1 if one is stale or something is undocumented."""
    try:
        current = pages()
    except cli_reference.UndocumentedError as error:
        print(error, file=sys.stderr)
        return 1
    outdated = stale(REFERENCE, current)
    for name in outdated:
        if action == "write":
            (REFERENCE / name).parent.mkdir(exist_ok=True)
            (REFERENCE / name).write_text(current[name], encoding="utf-8")
            print(f"written: docs/reference/{name}")
        else:
            print(f"docs/reference/{name} is not what the program says: run `make docs`", file=sys.stderr)
    return 1 if outdated and action != "write" else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
