# shellcheck shell=bash
# totals.sh: what the output of tests amounts to. Whatever cannot be read, or has tested nothing, is a failure.

# Prints "passed failed skipped" of the output of layer $1 in file $2, which ended with status $3.
# Counts the layer's own line of totals, else TAP lines and those of pg_regress. The layers build and
# start have no tests: each counts as one. Any other in which nothing passed has failed, and so has one
# that only skipped.
count_layer() {
    awk -v layer="$1" -v status="$3" '
        /^[0-9]+ passed, [0-9]+ failed/ { totals = $0 }
        /\.\. skipped: / || /^ *ok [0-9]*.*# (SKIP|skip)/ { s++; next }
        /^not ok / || /^test .* \.\.\. FAILED/ || /^     .* \.\.\. FAILED/ { f++ }
        /^ok / || /^test .* \.\.\. ok/ || /^     .* \.\.\. ok/ { p++ }
        END {
            if (totals) { split(totals, n, " "); p = n[1]; f = n[3]; s = n[5] }
            if (status != 0 && !f) f = 1
            if (!p && !f) { if (layer ~ /^(build|start)$/) p = 1; else f = 1 }
            print p + 0, f + 0, s + 0
        }' "$2"
}

# Prints the lines of file $1 that say what was skipped, and why.
skipped_lines() {
    grep -E '^skip|\.\. skipped: |^ *ok .*# (SKIP|skip)' "$1" || true
}

# Prints "passed failed skipped" of a run of layers in file $1, which ended with status $2.
count_run() {
    local p='' f='' s=''
    read -r p f s < <(sed -nE 's/^([0-9]+) passed, ([0-9]+) failed(, ([0-9]+) skipped)?$/\1 \2 \4/p' "$1") || true
    if [ -z "$p" ]; then p=0 f=1; fi
    if [ "$2" -ne 0 ] && [ "$f" -eq 0 ]; then f=1; fi
    echo "$p $f ${s:-0}"
}
