"""The README's table says what the tests showed, no more."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tools.proofs import BEGIN, END, Claims, Untried, WrongProofsError, left_out, put, read_claims, table
from tools.proofs_plugin import Proof

PROJECT = Path(__file__).parents[2]
CLAIMS = Claims(works=["Resume", "Load"], untried=[Untried("Download from Discogs", "a server on this machine")])


def proof(test: str, outcome: str = "passed", *, real: bool = False) -> Proof:
    return Proof(test=test, outcome=outcome, real=real)


def test_the_table_tells_three_states_in_the_order_of_the_claims() -> None:
    proofs = {"Load": [proof("a"), proof("b", real=True)], "Resume": [proof("c", "failed")]}
    assert table(CLAIMS, proofs).splitlines()[2:] == [
        "| Resume | **fails** | 1 test |",
        "| Load | works | 2 tests, 1 of them on real input |",
        "| Download from Discogs | **never run for real** | a server on this machine |",
    ]


def test_a_test_without_its_real_input_neither_adds_nor_takes_away() -> None:
    here = {"Load": [proof("a", "skipped", real=True)], "Resume": [proof("c")]}
    there = {"Load": [proof("a", "passed", real=True)], "Resume": [proof("c")]}
    assert table(CLAIMS, here) == table(CLAIMS, there)
    assert left_out(here) == ["a"]


def test_another_skipped_test_proves_nothing() -> None:
    assert "| Load | **fails** |" in table(CLAIMS, {"Load": [proof("a", "skipped")], "Resume": [proof("c")]})


def test_a_claim_without_a_test_is_refused() -> None:
    with pytest.raises(WrongProofsError, match="no test proves it: Load"):
        table(CLAIMS, {"Resume": [proof("a")]})


def test_a_test_of_an_unlisted_claim_is_refused() -> None:
    with pytest.raises(WrongProofsError, match=r"not in docs/claims\.toml, but proved by a test: Lod"):
        table(CLAIMS, {"Resume": [proof("a")], "Load": [proof("b")], "Lod": [proof("c")]})


def test_the_table_is_put_between_the_markers_and_nothing_else_changes() -> None:
    before = f"above\n{BEGIN}\nold\n{END}\nbelow\n"
    assert put(before, "new") == f"above\n{BEGIN}\nnew\n{END}\nbelow\n"
    assert put(put(before, "new"), "new") == put(before, "new")


def test_a_readme_without_markers_is_refused() -> None:
    with pytest.raises(WrongProofsError, match="lacks the lines"):
        put("above\n", "new")


def test_claims_are_read_from_toml() -> None:
    text = 'works = ["Load"]\n[[never_run_for_real]]\nclaim = "Download"\ninstead = "loopback"\n'
    assert read_claims(text) == Claims(works=["Load"], untried=[Untried("Download", "loopback")])


PROVING_TESTS = """
import pytest

@pytest.mark.proves("Load", real=True)
@pytest.mark.parametrize("number", [1, 2])
def test_a(number):
    assert number == 1

@pytest.mark.proves("Load")
@pytest.mark.proves("Resume")
def test_b():
    pass

@pytest.fixture
def broken():
    yield
    raise ValueError

@pytest.mark.proves("Resume")
def test_c(broken):
    pass

@pytest.mark.proves("Resume")
def test_d():
    pytest.skip("not here")

def test_e():
    pass
"""


@pytest.fixture
def tests_that_prove(tmp_path: Path) -> Path:
    (tmp_path / "test_it.py").write_text(PROVING_TESTS, encoding="utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("workers", [(), ("-n", "1")])
def test_outcomes_are_recorded_by_claim_worst_parameter_first(workers: tuple[str, ...], tests_that_prove: Path) -> None:
    command = [sys.executable, "-m", "pytest", "-p", "tools.proofs_plugin", "--proofs", "out/proofs.json", *workers]
    environment = os.environ | {"PYTHONPATH": str(PROJECT)}
    subprocess.run(command, cwd=tests_that_prove, env=environment, capture_output=True, check=False)
    recorded = json.loads((tests_that_prove / "out" / "proofs.json").read_text(encoding="utf-8"))
    assert recorded == {
        "Load": [proof("test_it.py::test_a", "failed", real=True), proof("test_it.py::test_b")],
        "Resume": [
            proof("test_it.py::test_b"),
            proof("test_it.py::test_c", "failed"),
            proof("test_it.py::test_d", "skipped"),
        ],
    }
