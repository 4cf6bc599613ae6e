#!/bin/sh
# Make .venv with exactly the packages of requirements.lock and the project itself (editable).
# PYTHON=/path/to/python3.12 chooses the interpreter; the default is the first suitable one on the PATH.
set -eu

cd "$(dirname "$0")/.."
venv=${VENV:-.venv}
export PIP_DISABLE_PIP_VERSION_CHECK=1

# True for a Python that runs, is 3.11 to 3.13 and can make environments.
suits() {
    "$1" -c 'import ensurepip, sys, venv; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' >/dev/null 2>&1
}

find_python() {
    for candidate in ${PYTHON:-python3 python3.13 python3.12 python3.11}; do
        if suits "$candidate"; then
            command -v "$candidate"
            return
        fi
    done
    cat >&2 <<TEXT
No suitable Python among: ${PYTHON:-python3 python3.13 python3.12 python3.11}
Linernotes needs Python 3.11, 3.12 or 3.13 with the venv module (dbt-core does not run on 3.14 yet).
  Debian, Ubuntu:  apt install python3 python3-venv
  macOS:           brew install python@3.13
  somewhere else:  make PYTHON=/path/to/python3.13 …
TEXT
    return 1
}

if [ ! -x "$venv/bin/python" ] || ! suits "$venv/bin/python"; then
    python=$(find_python)
    echo "Making $venv with $("$python" --version) ($python)" >&2
    "$python" -m venv --clear "$venv"
fi

echo "Installing the packages of requirements.lock into $venv (about 250 MB; a minute or two the first time)" >&2
pip() { "$venv/bin/python" -m pip "$@"; }
uv() { "$venv/bin/uv" pip "$@" --quiet --python "$venv/bin/python"; }

# Wheels only: nothing is built, and no package runs code of its own while it is installed. The lock is complete.
# uv comes first, by the lock's own hashes, and installs the rest in a fraction of pip's time. It does not read pip's
# configuration: where it finds no package index, pip does it all.
sed -n '/^uv==/,/[^\\]$/p' requirements.lock >"$venv/uv.lock"
pip install -qq --no-deps --require-hashes --only-binary :all: -r "$venv/uv.lock"
if ! uv install --no-deps --require-hashes --only-binary :all: --compile-bytecode -r requirements.lock; then
    echo "uv cannot; pip does it" >&2
    pip install -qq --no-deps --require-hashes --only-binary :all: -r requirements.lock
fi
# hatchling, which builds the project, came with the lock: no build isolation, so nothing else is fetched.
pip install -qq --no-deps --no-build-isolation --no-index --editable .
pip check --quiet
