#!/usr/bin/env bash
# Files of at most 600 lines, functions of at most 100 lines and complexity 15. Generated tables and
# the data of tests are exempt.
set -u

status=0

while read -r lines file; do
    [ "$file" != total ] || continue
    if [ "$lines" -gt 600 ]; then
        echo "$file: $lines lines, at most 600"
        status=1
    fi
done < <(find Makefile demo test/check test/run test/bench src sql test/http test/t \
    \( -name '*.[ch]' -o -name '*.sql' -o -name '*.py' -o -name '*.sh' -o -name '*.pl' \
    -o -name Makefile \) -not -path '*/build/*' -not -name 'scim--*.sql' -exec wc -l {} + 2>/dev/null)

# pmccabe prints: modified complexity, complexity, statements, first line, lines, file(line): name
while IFS=$'\t' read -r complexity _ _ _ lines where; do
    if [ "$lines" -gt 100 ]; then
        echo "$where: $lines lines, at most 100"
        status=1
    elif [ "$complexity" -gt 15 ]; then
        echo "$where: complexity $complexity, at most 15"
        status=1
    fi
done < <(find src -name '*.c' -not -path '*/build/*' -exec pmccabe {} +)
exit $status
