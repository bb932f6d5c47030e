#!/usr/bin/env bash
# doc/profiles.md lists every switch as it is, with a test of it; no profile and no client has code of its own.
set -u

"$(dirname "$0")/profiles.py" || exit

# What an identity provider or a profile is called has no place in the sources: they differ by switches.
names='okta|entra|azure|onelogin|jumpcloud|pingone|google|cyberark|rippling|sailpoint|cloudsso|aliyun|alibaba|"(aws|ram|asa|strict)"'
found=$(grep -rniE --include='*.[ch]' --include='*.def' --exclude-dir=build "$names" src | grep -vE ':[0-9]+:[[:space:]]*(\*|/\*|//)')
[ -z "$found" ] || { printf '%s\n  Make it a switch.\n' "$found"; exit 1; }
