#!/usr/bin/env bash
# The reference names all there is: every public function with its signature, every setting, error,
# table and view; the switches are profiles.py's. And what the pages name exists: links, files, and in
# doc/architecture.md functions.
# shellcheck disable=SC2016 # backticks are those of Markdown
set -u
cd "$(dirname "$0")/../.." || exit

# Signatures of the public functions, one a line, blanks made single.
signatures() {
    cat sql/[0-9]*.sql | sed 's/--.*//' | tr -s ' \n' ' ' |
        grep -oE 'CREATE FUNCTION pg_catalog\.[^;$]* LANGUAGE' |
        sed -E 's/CREATE FUNCTION pg_catalog\.//; s/ LANGUAGE$//; s/\( /(/; s/ \)/)/'
}

check_functions() {
    local signature
    while read -r signature; do
        grep -qxF "$signature" doc/scim.md || echo "doc/scim.md lacks the function $signature"
    done < <(signatures)
    grep -E '^scim_[a-z_]+\(.*\) RETURNS ' doc/scim.md | while read -r signature; do
        signatures | grep -qxF "$signature" || echo "doc/scim.md has a function that is gone: $signature"
    done
}

check_settings() {
    grep -oE '"scim\.[a-z_]+",' src/scim.c | tr -d '",' | sort -u | while read -r name; do
        grep -q "^| \`$name\` |" doc/scim.md || echo "doc/scim.md lacks the setting $name"
    done
}

check_errors() {
    local sqlstate http scimtype
    while IFS=' ,()' read -r _ _ sqlstate http scimtype _; do
        case $scimtype in
            NULL) scimtype='' ;;
            *) scimtype="\`${scimtype//\"/}\` " ;;
        esac
        grep -q "^| \`${sqlstate//\"/}\` | $http | $scimtype|" doc/scim.md ||
            echo "doc/scim.md lacks the error ${sqlstate//\"/} with status $http and ${scimtype:-no scimType}"
    done < <(grep '^SCIM_ERROR(' src/core/errors.def)
}

check_relations() {
    grep -hoE '^CREATE (TABLE|VIEW) scim\.[a-z_]+' sql/[0-9]*.sql | while read -r _ _ name; do
        grep -qE "^\|.*\`$name\`" doc/scim.md || echo "doc/scim.md lacks the table or view $name"
    done
}

# The pages of the tree.
pages() {
    find . -name '*.md' -not -path './.*' -not -path '*/build/*' | sed 's|^\./||'
}

# The anchors of a page, as hosts of repositories make them of headings.
anchors() {
    sed -n '/^```/,/^```/d; s/^##* //p' "$1" | tr '[:upper:]' '[:lower:]' |
        sed -E 's/[^a-z0-9 _-]//g; s/ /-/g'
}

# A relative link [..](page#anchor) leads somewhere.
check_links() {
    local page link target
    pages | while read -r page; do
        sed '/^```/,/^```/d' "$page" | grep -oE '\]\([^) ]+\)' | sed 's/^](//; s/)$//' | while read -r link; do
            case $link in
                *://* | mailto:*) continue ;;
            esac
            target=$page
            [ -z "${link%%#*}" ] || target=$(dirname "$page")/${link%%#*}
            if [ ! -e "$target" ]; then
                echo "$page: nothing at $link"
            elif [ "$link" != "${link#*#}" ]; then
                anchors "$target" | grep -qx -- "${link#*#}" || echo "$page: no heading for $link"
            fi
        done
    done
}

# A file or folder named in backticks is there. A dot leads to a folder that a command makes.
check_files() {
    local page name
    pages | while read -r page; do
        sed '/^```/,/^```/d' "$page" | grep -oE '`(demo|doc|sql|src|test)/[A-Za-z0-9_./-]+`' | tr -d '`' |
            grep -v '/build/' | while read -r name; do
            [ -e "$name" ] || echo "$page: there is no $name"
        done
    done
}

check_named_functions() {
    local name
    grep -oE '`[a-z_]+\(\)`' doc/architecture.md | tr -d '`()' | sort -u | while read -r name; do
        grep -rqw --include='*.[ch]' --exclude-dir=build "$name" src ||
            echo "doc/architecture.md: there is no function $name"
    done
}

found=$(check_functions; check_settings; check_errors; check_relations
    check_links; check_files; check_named_functions)
[ -z "$found" ] || { echo "$found"; exit 1; }
