# Linernotes. `make demo` and `make test` need git, make and Python 3.11 to 3.13, nothing else.
.POSIX:

VENV = .venv
BIN = $(VENV)/bin
PYTHON =
# In the order of the files, which begins with the slow ones; by number of tests, those would be left to one worker.
PYTEST_ARGS = -n logical --maxprocesses 8 --dist loadfile --no-loadscope-reorder
BASE = origin/main
UPGRADE =

INSTALLED = $(VENV)/.installed

help:
	@echo "make demo     pull, build, stage, validate and promote a bundled sample (60 s after the install)"
	@echo "make test     every test but the long ones, with the coverage and the proofs they give"
	@echo "make faults   the kill tests alone: a power cut at every failpoint"
	@echo "make check    format, lint, types, imports, SQL, shell, shape, docs: everything that needs no run"
	@echo "make coverage judge what the last 'make test' covered (95% of branches, domain 100%)"
	@echo "make proofs   is the table of the README what the last 'make test' showed?"
	@echo "make docs     write the generated pages and the table of the README again"
	@echo "make bench    speed and memory, beside a peer and the physical limit"
	@echo "make scale    two months of 2 million releases, step by step; a million tracks and artists matched"
	@echo "make soak     the long fault tests (50 kills)"
	@echo "make mutants  mutation tests on changed files of domain/ (BASE=commit, or BASE=all)"
	@echo "make format   put Python and SQL into shape"
	@echo "make lock     requirements.lock from pyproject.toml (UPGRADE=--upgrade for newer versions)"
	@echo "make clean    remove what these commands made; CLEAN=all also the environment"

install: $(INSTALLED)

$(INSTALLED): requirements.lock pyproject.toml tools/install.sh
	@PYTHON="$(PYTHON)" VENV="$(VENV)" tools/install.sh
	@touch $(INSTALLED)

demo: install
	@$(BIN)/liner demo

test: install
	@[ -z "$$LINERNOTES_PAGE_IS_READ" ] || \
	  { echo "a page runs the tests that run the page: put '<!-- not run: why -->' before its block" >&2; exit 2; }
	@rm -rf build/coverage build/coverage.json build/proofs.json
	@mkdir -p build/coverage
	@status=0; \
	$(BIN)/python -m coverage run -m pytest --proofs build/proofs.json --durations 10 $(PYTEST_ARGS) || status=$$?; \
	$(BIN)/python -m coverage combine --quiet && $(BIN)/python -m coverage json --quiet || status=$$?; \
	exit $$status

faults: install
	$(BIN)/python -m pytest tests/faults --durations 10

coverage: install
	@$(BIN)/python -m tools.coverage_gate build/coverage.json

proofs: install
	@$(BIN)/python -m tools.proofs check

check: install
	@BIN=$(BIN) tools/check.sh

docs: install
	@$(BIN)/python -m tools.references write
	@$(BIN)/python -m tools.proofs write

bench: install
	@for program in benchmarks/bench_*.py; do echo "== $$program"; $(BIN)/python "$$program" || exit 1; done

scale: install
	@$(BIN)/python benchmarks/scale.py
	@$(BIN)/python benchmarks/scale_matching.py
	@$(BIN)/python benchmarks/scale_catalogues.py

soak: install
	$(BIN)/python -m pytest -m soak --durations 10

mutants: install
	@$(BIN)/python -m tools.mutants $(BASE)

format: install
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format .
	@$(BIN)/python -m tools.sql fix

lock:
	@[ -x $(BIN)/uv ] || $(MAKE) install  # which a new dependency keeps from ending well before it is locked
	@$(BIN)/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes \
	  --only-binary :all: --no-emit-index-url --no-emit-find-links --no-strip-extras --no-annotate --quiet $(UPGRADE) \
	  --custom-compile-command "make lock" --output-file requirements.lock

clean:
	@rm -rf build dist mutants .linernotes-demo .coverage .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	@find src tools tests -type d -name __pycache__ -prune -exec rm -rf {} +
	@if [ "$(CLEAN)" = all ]; then rm -rf $(VENV); fi

.PHONY: help install demo test faults coverage proofs check docs bench scale soak mutants format lock clean
