# shellcheck shell=sh
# Gates: steps that all run, each with its time, and are told again at the end. For `make check` and `.ci/run`.

gates_told=""
gates_failed=0

# gate NAME COMMAND …: run the command, remember how it went, go on either way.
gate() {
    gate_name=$1
    shift
    printf '\n== %s: %s\n' "$gate_name" "$*"
    gate_began=$(date +%s)
    if "$@"; then gate_word=passed; else
        gate_word=FAILED
        gates_failed=$((gates_failed + 1))
    fi
    gate_took=$(($(date +%s) - gate_began))
    gates_told="$gates_told$(printf '  %-10s %-7s %4d s' "$gate_name" "$gate_word" "$gate_took")
"
}

# gates_end: tell how every gate went; fails if one failed.
gates_end() {
    printf '\n%s\n' "$gates_told"
    [ "$gates_failed" -eq 0 ]
}
