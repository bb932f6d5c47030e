#!/usr/bin/env bash
# Every shell script passes shellcheck. SC2016 takes a backtick in a pattern for a command.
set -u

mapfile -t scripts < <(grep -rlE -m1 '^#!/(usr/bin/env bash|bin/sh|bin/bash)|^# shellcheck shell=' \
    --exclude-dir=build --exclude-dir=.git demo test .ci src 2>/dev/null)
shellcheck -x -e SC2016 "${scripts[@]}"
