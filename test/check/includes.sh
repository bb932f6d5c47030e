#!/usr/bin/env bash
# Modules include only what stands below them:
#
#   core <- util <- schema <- filter <- patch <- resource <- { auth <- oauth, tenant, bulk } <- http <- scim.c
#           util <- jwt <- auth
#   core <- bridge
#
# A module's one public header is <module>/<module>.h (in core and util each file has its own); files
# named *_int.h are for their own module. core sees no server header; core.h alone chooses between
# postgres.h and postgres_fe.h.
set -u

# What each module may include, itself and the headers beside scim.c understood.
may_include() {
    case $1 in
        core) echo ;;
        bridge | util) echo core ;;
        schema) echo core util ;;
        filter) echo core util schema ;;
        patch) echo core util schema filter ;;
        resource) echo core util schema filter patch ;;
        jwt) echo core util ;;
        tenant | bulk) echo core util schema filter patch resource ;;
        auth) echo core util schema filter patch resource jwt ;;
        oauth) echo core util schema filter patch resource jwt auth ;;
        http) echo core util schema filter patch resource jwt auth oauth tenant bulk ;;
        *) return 1 ;;
    esac
}

# Prints the module of the header $2 as included by a file of module $1; nothing for headers that are
# not ours.
module_of() {
    case $2 in
        */*) [ ! -f "src/$2" ] || dirname "$2" ;;
        *) [ ! -f "src/$1/$2" ] || echo "$1" ;;
    esac
}

check_file() {
    local file=$1 module header target allowed
    module=$(basename "$(dirname "$file")")
    if ! allowed=$(may_include "$module"); then
        echo "$file: module $module is not in the list of test/check/includes.sh"
        return
    fi
    while read -r header; do
        target=$(module_of "$module" "$header")
        case " $module $allowed " in
            *" ${target:-$module} "*) ;;
            *) echo "$file: $module must not include $header" ;;
        esac
        case $header in
            */*_int.h) [ "$target" = "$module" ] || echo "$file: $header is internal" ;;
        esac
        case $target in
            "$module" | core | util | '') ;;
            *) [ "$header" = "$target/$target.h" ] || echo "$file: $header is not $target's header" ;;
        esac
        case $file:$header in
            src/core/core.h:postgres.h) ;;
            src/core/*:postgres.h | src/core/*:fmgr.h | src/core/*:utils/* | src/core/*:executor/*)
                echo "$file: core must not see the server's $header" ;;
        esac
    done < <(sed -n 's/^[ \t]*#[ \t]*include[ \t]*"\([^"]*\)".*/\1/p' "$file")
}

found=$(for file in src/*/*.[ch]; do check_file "$file"; done)
[ -z "$found" ] || { echo "$found"; exit 1; }
