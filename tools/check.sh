#!/bin/sh
# Everything about the code and the docs that shows without running them. BIN is the folder of the environment's programs.
set -u

cd "$(dirname "$0")/.." || exit 2
BIN=${BIN:-.venv/bin}
. tools/gates.sh

gate format "$BIN/ruff" format --check --quiet .
gate lint "$BIN/ruff" check --quiet .
gate types "$BIN/mypy"
gate imports "$BIN/lint-imports" --no-cache --no-logo
gate shape "$BIN/python" -m tools.shape
gate sql "$BIN/python" -m tools.sql lint
if [ -x "$BIN/shellcheck" ]; then
    gate shell "$BIN/shellcheck" -x tools/*.sh .ci/run
else
    gate shell echo "left out: there is no shellcheck wheel for this machine"
fi
gate docs "$BIN/python" -m tools.references check
gate blocks "$BIN/python" -m tools.doc_blocks list
gates_end
