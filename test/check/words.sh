#!/usr/bin/env bash
# The tree speaks of the product: no path of a developer's machine, no address of a package registry.
set -u

found=$(grep -rnIE --exclude-dir=.git --exclude-dir=.demo --exclude-dir=.check --exclude-dir=.bench \
    --exclude-dir=.versions --exclude-dir=build --exclude=words.sh \
    -e '/w''ork/[a-z]|/home/[a-z]|/Users/[a-z]+/(src|code|Documents)|/tmp/[a-z]+_[a-z]' \
    -e '\.\./sha''red' \
    -e 'https?://(deb|registry|files|proxy|repo1?|static)\.[a-z]+\.(org|com|io)' .)
[ -z "$found" ] || { echo "$found"; exit 1; }
