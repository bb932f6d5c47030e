#!/usr/bin/env bash
# pg_dump leaves out the rows of an extension's tables and the counters of its sequences unless the
# script marks them, so every table and every sequence, identity ones included, is marked.
set -u

script=$(cat sql/[0-9]*.sql)
marked() { grep -qE "pg_extension_config_dump\('$1'" <<<"$script"; }
status=0

while read -r table; do
    marked "$table" || { echo "table $table is not marked for pg_dump"; status=1; }
done < <(sed -nE 's/^CREATE (UNLOGGED )?TABLE (scim\.[a-z_]+).*/\2/p; s/^CREATE SEQUENCE (scim\.[a-z_]+).*/\1/p' <<<"$script")

# A serial or identity column's sequence is named after table and column.
while read -r sequence; do
    marked "$sequence" || { echo "sequence $sequence is not marked for pg_dump"; status=1; }
done < <(awk '
    /^CREATE TABLE / { split($3, name, "("); table = name[1] }
    /GENERATED (ALWAYS|BY DEFAULT) AS IDENTITY|[ \t](big|small)?serial[ ,]/ { print table "_" $1 "_seq" }
    ' <<<"$script")
exit $status
