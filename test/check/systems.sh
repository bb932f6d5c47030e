#!/usr/bin/env bash
# doc/systems.md says of every statement about the four systems where it is tested or described.
exec "$(dirname "$0")/systems.py"
