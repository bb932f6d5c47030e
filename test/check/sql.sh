#!/usr/bin/env bash
# Rules for the installation script, checked on its parse tree. Debian's python3 has pglast.
set -u
exec /usr/bin/python3 "$(dirname "$0")/sql_rules.py" sql/[0-9]*.sql
