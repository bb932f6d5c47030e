# shellcheck shell=bash
# load.sh: makes the data of a benchmark; for test/bench/run, which has sql() and top.

# Runs load function $1 for numbers 1 to $2 of directory "bench" in two sessions.
in_halves() {
    local half=$(($2 / 2)) other
    half=$((half - half % 100))
    sql -c "SELECT bench.$1('bench', 1, $half)" >/dev/null &
    other=$!
    sql -c "SELECT bench.$1('bench', $half + 1, $2)" >/dev/null
    wait "$other"
}

# Directory "bench" has all users, a team for each, and groups of 10, 1,000 ... up to 100,000 members; "small"
# the same for 1,000 users; "created" takes what workloads create.
load_data() {
    local size=$1 members
    # shellcheck disable=SC2154
    sql -f "$top/test/bench/load/functions.sql"
    sql >/dev/null <<SQL
INSERT INTO bench.variable VALUES ('size', '$size'), ('tenth', '$((size / 10))');
SELECT scim_create_directory(name, settings => '{"cursor_timeout": 36000}')
  FROM unnest(ARRAY['bench', 'small', 'created']) name;
SELECT bench.load_users('small', 1, 1000), bench.number_users('small');
SELECT bench.load_users('created', 1, 100), bench.number_users('created');
SELECT bench.load_teams('small', 1, 1000);
SQL
    in_halves load_users "$size"
    sql -c "SELECT bench.number_users('bench')" -c "VACUUM ANALYZE" >/dev/null
    in_halves load_teams "$size"
    for members in 10 1000 10000 100000; do
        [ "$members" -gt "$size" ] || sql >/dev/null <<SQL
INSERT INTO bench.variable
SELECT 'group$members', bench.load_group('bench', 'Group of $members', 1, $members);
INSERT INTO bench.variable VALUES ('biggest', '$members')
ON CONFLICT (name) DO UPDATE SET value = excluded.value;
SQL
    done
    sql -f "$top/test/bench/load/plain.sql"
    sql -c "VACUUM ANALYZE" -c CHECKPOINT
}
