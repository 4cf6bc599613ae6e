"""The commands around policies, as a person uses them."""

from pathlib import Path

import pytest

from tests.faults.liner import Home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def test_a_policy_is_exported_changed_imported_and_activated(home: Home, tmp_path: Path) -> None:
    path = tmp_path / "mine.yml"
    assert home.run("policy", "export", str(path)).status == 0
    path.write_text(path.read_text().replace("acousticbrainz, min_confidence: 0.3", "acousticbrainz"))
    assert "is in order" in home.run("policy", "import", str(path), "--dry-run").stdout
    imported = home.run("policy", "import", str(path), "--json").document
    shown = home.run("policy", "diff", "default", "mine").stdout
    assert "waterfalls.recording.key.acousticbrainz        place 3, min_confidence 0.3  place 3" in shown
    assert home.run("policy", "activate", "mine", "--reason", "loud").status == 0
    listed = home.run("policy", "list", "--json").document
    assert [(line["name"], line["is_active"]) for line in listed] == [
        ("mine", True),
        ("default", False),
        ("classic", False),
    ]
    assert home.run("policy", "show", "--json").document["version"] == imported["version"]
    assert home.run("policy", "activate", "default", "--json").document["name"] == "default"


def test_a_policy_is_changed_in_the_editor(home: Home, tmp_path: Path) -> None:
    editor = tmp_path / "editor"
    editor.write_text("#!/bin/sh\nsed -i.bak 's/beatport: 0.98/beatport: 0.97/' \"$1\"\n")
    editor.chmod(0o700)
    edited = home.run("policy", "edit", "classic", "--name", "mine", env={"EDITOR": str(editor), "VISUAL": ""})
    assert "confidence.key.beatport        0.98    0.97" in edited.stdout
    assert "(mine) is kept" in edited.stdout
    unchanged = home.run("policy", "edit", env={"EDITOR": "true", "VISUAL": ""})
    assert unchanged.stdout == "they decide the same\n"
    assert len(home.run("policy", "list", "--json").document) == 3


@pytest.mark.parametrize("editor", ["false", "/none", "'"])
def test_an_editor_that_does_not_work_is_told(home: Home, editor: str) -> None:
    failed = home.run("policy", "edit", env={"EDITOR": editor, "VISUAL": ""})
    assert failed.status == 2
    assert "does not work" in failed.stderr
    assert "set EDITOR" in failed.stderr


def test_what_is_no_policy_is_one_clear_line(home: Home, tmp_path: Path) -> None:
    (tmp_path / "bad.yml").write_text("waterfalls: {recording.smell: []}")
    failed = home.run("policy", "import", str(tmp_path / "bad.yml"))
    assert failed.status == 2
    assert "waterfalls.recording.smell: no such field" in failed.stderr
    assert len(failed.stderr.splitlines()) == 1
