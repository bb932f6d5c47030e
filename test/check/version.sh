#!/usr/bin/env bash
# The version lives in scim.control; META.json (which wants three numbers) and CHANGELOG.md follow.
set -u

version=$(sed -n "s/^default_version = '\(.*\)'/\1/p" scim.control)
status=0
[ -n "$version" ] || { echo "scim.control has no default_version"; exit 1; }

# The last "version" there is that of the META format.
while read -r found; do
    [ "$found" = "$version.0" ] || { echo "META.json: $found, not $version.0"; status=1; }
done < <(sed -n 's/^ *"version": "\([0-9.]*\)".*/\1/p' META.json | sed '$d')
grep -q "\"file\": \"sql/scim--$version.sql\"" META.json ||
    { echo "META.json: the file is not sql/scim--$version.sql"; status=1; }
newest=$(sed -n 's/^## \([0-9.]*\).*/\1/p' CHANGELOG.md | head -n 1)
[ "$newest" = "$version" ] || { echo "CHANGELOG.md: newest is $newest, not $version"; status=1; }
exit $status
