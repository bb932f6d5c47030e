#!/usr/bin/env bash
# The counting of tests counts what did not run, broke off or only skipped as a failure (test/run/totals.sh).
set -u
# shellcheck source=test/run/totals.sh
. test/run/totals.sh

log=$(mktemp)
trap 'rm -f "$log"' EXIT
wrong=0

# expect WANTED layer NAME STATUS, or expect WANTED run STATUS: standard input is the output of the tests.
expect() {
    local wanted=$1 got
    cat >"$log"
    case $2 in
    layer) got=$(count_layer "$3" "$log" "$4") ;;
    run) got=$(count_run "$log" "$3") ;;
    esac
    [ "$got" = "$wanted" ] || { echo "$*: got \"$got\" for:"; sed 's/^/  /' "$log"; wrong=1; }
}

expect '2 1 0' layer tap 1 <<<$'ok 1 - a\nnot ok 2 - b\nok 3 - c'
expect '1 0 1' layer tap 0 <<<$'ok 1 - a\nok 2 # skip no sessions'
expect '1 0 1' layer tap 0 <<<$'t/1.pl .. skipped: no nginx\nok 1 - a'
expect '0 1 1' layer tap 0 <<<'t/1.pl .. skipped: no nginx'
expect '1 1 0' layer tap 9 <<<'ok 1 - a'
expect '2 1 0' layer regress 1 <<<$'test a ... ok 1 ms\ntest b ... FAILED 1 ms\ntest c ... ok 1 ms'
expect '7 0 2' layer http 0 <<<$'ok 1\n7 passed, 0 failed, 2 skipped'
expect '0 1 2' layer http 0 <<<'0 passed, 0 failed, 2 skipped'
expect '0 1 0' layer http 0 <<<''
expect '1 0 0' layer build 0 <<<''
expect '0 1 0' layer build 2 <<<''

expect '9 0 2' run 0 <<<$'    3 passed, 1 failed\n9 passed, 0 failed, 2 skipped'
expect '9 0 0' run 0 <<<'9 passed, 0 failed'
expect '9 1 0' run 2 <<<'9 passed, 0 failed'
expect '9 3 0' run 1 <<<'9 passed, 3 failed'
expect '0 1 0' run 0 <<<'it broke off'
expect '0 1 0' run 137 <<<''

exit "$wrong"
