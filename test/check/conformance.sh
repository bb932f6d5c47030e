#!/usr/bin/env bash
# doc/conformance.md lists every rule with the tests that name it, and is not out of date.
exec "$(dirname "$0")/conformance.py"
