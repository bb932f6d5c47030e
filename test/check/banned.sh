#!/usr/bin/env bash
# Functions that overflow, abort or allocate past PostgreSQL, and version tests outside src/compat.h.
set -u

status=0

# No line of the files "$3..." outside comments may match $1; $2 says what to do instead.
ban() {
    local pattern=$1 instead=$2 found
    shift 2
    found=$(grep -nHE "$pattern" "$@" | grep -vE '^[^:]*:[0-9]+:[[:space:]]*(\*|/\*|//)')
    if [ -n "$found" ]; then
        printf '%s\n  %s\n' "$found" "$instead"
        status=1
    fi
}

mapfile -t all < <(find src -name '*.[ch]' -not -path 'src/bridge/build/*')
mapfile -t module < <(find src -name '*.[ch]' -not -path 'src/bridge/*')
mapfile -t server < <(printf '%s\n' "${module[@]}" | grep -v '^src/core/')
mapfile -t not_compat < <(printf '%s\n' "${all[@]}" | grep -v '^src/compat\.h$')

ban '\<(strcpy|strcat|sprintf|vsprintf|strtok|atoi|atol|gets|alloca)[[:space:]]*\(' \
    'Use a bounded function.' "${all[@]}"
ban '\<(malloc|calloc|realloc|free|strdup)[[:space:]]*\(' 'Use palloc.' "${server[@]}" # core also builds for programs
ban '\<static[[:space:]]+char[[:space:]]+[a-z_]+\[[^]]*\];' 'No static buffers.' "${all[@]}"
ban '\<elog\((NOTICE|WARNING|INFO|LOG)' 'Use ereport with a SQLSTATE.' "${module[@]}"
ban '\<goto\>' 'goto is for one clean-up label in the bridge.' "${module[@]}"
ban '\<PG_VERSION_NUM\>' 'Version tests belong into src/compat.h.' "${not_compat[@]}"
exit $status
