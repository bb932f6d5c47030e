# shellcheck shell=bash
# A private PostgreSQL with the bridge in front of it, all of it in one folder.
#
# Sourced by demo/up, test/run/check, test/run/versions and test/bench/run, which differ only in the
# folder and in what they do with the running service. The folder holds:
#   pg/        a copy of the packaged PostgreSQL, so that installing the extension touches nothing else
#   data/      the cluster              run/     its socket and the pid files
#   nginx.conf module/ bin/             what nginx and the supervisor run from
#   log/       one file each for PostgreSQL, nginx and the supervisor
#
# PostgreSQL refuses to run as root; as root all servers run as the user in $run_as.

top=$(cd -P "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
umask 022

say() { printf '%s\n' "$*"; }
die() { printf '%s\n' "$*" >&2; exit 1; }

# --- packages ---------------------------------------------------------------------------------

# The packages of "$@" that this machine lacks.
missing_packages() {
    local package
    for package; do
        [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] ||
            printf '%s ' "$package"
    done
}

# Prints the word that makes apt-get work here: nothing as root, "sudo" where that works. A password
# is asked for only if somebody sits at the terminal.
root_prefix() {
    [ "$(id -u)" -ne 0 ] || return 0
    command -v sudo >/dev/null || return 1
    if [ -t 0 ]; then sudo -v; else sudo -n true 2>/dev/null; fi || return 1
    echo sudo
}

# Installs what is missing of "$@", or says which line would.
need_packages() {
    local list prefix
    command -v dpkg-query >/dev/null ||
        die "This is no Debian system. Install the counterparts of these packages by hand: $*"
    list=$(missing_packages "$@")
    [ -n "$list" ] || return 0
    say "Missing packages: $list"
    if ! prefix=$(root_prefix); then
        die "Neither root nor sudo. Run this, then try again:
    apt-get update && apt-get install --no-install-recommends -y $list"
    fi
    say "Installing them with apt-get; this takes a minute."
    # shellcheck disable=SC2086 # both are lists of words
    { $prefix apt-get -qq update &&
        $prefix env DEBIAN_FRONTEND=noninteractive \
            apt-get -qq -y install --no-install-recommends $list; } >/dev/null ||
        die "apt-get failed."
    [ -z "$(missing_packages "$@")" ] || die "Still missing: $(missing_packages "$@")"
}

# What building and running the service takes.
need_service_packages() {
    need_packages gcc libc6-dev make curl libssl-dev libpq-dev nginx nginx-dev \
        postgresql postgresql-server-dev-all
}

# --- folder and user --------------------------------------------------------------------------

# Chooses the user for the servers of folder $top/$1: the caller; as root the folder's owner, the
# caller of sudo, or the packaged server's own user.
choose_user() {
    run_as=
    [ "$(id -u)" -eq 0 ] || return 0
    run_as=$(stat -Lc %U "$top/$1" 2>/dev/null || echo "${SUDO_USER:-postgres}")
    [ "$run_as" != root ] || run_as=postgres
}

# Becomes a command run as the user of the servers, from a folder that this user can enter.
exec_as_user() {
    cd "$dir" || exit
    [ -n "$run_as" ] || exec "$@"
    exec setpriv --reuid="$run_as" --regid="$(id -g "$run_as")" --init-groups env HOME="$dir" "$@"
}

as_user() { (exec_as_user "$@"); }

# Can the user of the servers enter the clone, and does a socket path under it fit into sockaddr_un?
usable_place() {
    [ "${#1}" -le 70 ] || return 1
    [ -z "$run_as" ] || (dir=/ && as_user test -x "$1")
}

# Makes the folder $top/$1 and sets $dir to its real path. A clone that the servers cannot reach, as
# one in /root, gets a link to a folder in /var/tmp instead.
open_folder() {
    local link=$top/$1
    if [ -L "$link" ] && [ ! -d "$link" ]; then rm -f "$link"; fi
    if [ ! -d "$link" ]; then
        if usable_place "$top"; then
            mkdir "$link"
        else
            ln -s "$(mktemp -d "/var/tmp/scim$1.XXXXXX")" "$link"
            say "The servers cannot use this clone's folder; $1 is a link to $(readlink "$link")."
        fi
    fi
    dir=$(cd -P "$link" && pwd)
    chmod 700 "$dir"
    mkdir -p "$dir/run" "$dir/log" "$dir/module" "$dir/bin"
    [ -z "$run_as" ] || chown "$run_as" "$dir" "$dir/run" "$dir/log"
}

# --- build and install ------------------------------------------------------------------------

# The pg_config of a server with development files: PG_CONFIG, or the newest that is installed.
find_pg_config() {
    local candidate
    for candidate in "${PG_CONFIG:-pg_config}" \
        $(printf '%s\n' /usr/lib/postgresql/*/bin/pg_config | sort -rV); do
        if [ -f "$("$candidate" --pgxs 2>/dev/null)" ]; then
            system_pg_config=$candidate
            return
        fi
    done
    die "No pg_config with PGXS found. Set PG_CONFIG."
}

# Copies the packaged PostgreSQL into the folder. Its programs find their files relative to
# themselves, so the copy is a complete installation; headers stay where they are.
copy_postgres() {
    local path stamp
    find_pg_config
    pg_bin=$dir/pg$("$system_pg_config" --bindir)
    stamp=$("$system_pg_config" --version)
    if [ "$(cat "$dir/pg/version" 2>/dev/null)" != "$stamp" ]; then
        rm -rf "$dir/pg"
        for path in bindir pkglibdir sharedir; do
            path=$("$system_pg_config" --$path)
            mkdir -p "$(dirname "$dir/pg$path")"
            [ -d "$dir/pg$path" ] || cp -R "$path" "$dir/pg$path"
        done
        rm -rf "$dir/pg$("$system_pg_config" --pkglibdir)/bitcode"
        path=$("$system_pg_config" --includedir)
        mkdir -p "$(dirname "$dir/pg$path")"
        ln -s "$path" "$dir/pg$path"
        echo "$stamp" >"$dir/pg/version"
    fi
    PG_CONFIG=$pg_bin/pg_config
}

# Builds the extension and the bridge in the tree $1 and installs both into the folder. Further
# arguments go to make.
build_into_folder() {
    build_extension "$@" && build_bridge "$@"
}

build_extension() {
    local tree=$1
    shift
    make -s -C "$tree" all with_llvm=no PG_CONFIG="$system_pg_config" "$@" &&
        make -s -C "$tree" install with_llvm=no PG_CONFIG="$PG_CONFIG" "$@"
}

# The module is installed as a new file, as nginx may have the old one mapped.
build_bridge() {
    local tree=$1
    shift
    make -s -C "$tree/src/bridge" PG_CONFIG="$system_pg_config" "$@" >&2 &&
        install -m 644 "$tree/src/bridge/build/ngx_http_scim_module.so" "$dir/module/"
}

# Copies the sources, without what was built or what belongs to private servers, into $dir/tree.
copy_tree() {
    rm -rf "$dir/tree"
    mkdir "$dir/tree"
    tar -C "$top" -cf - --exclude=./.git --exclude=./.demo --exclude=./.check --exclude=./.bench --exclude=./.versions \
        --exclude='*.o' --exclude='*.so' --exclude='*.d' --exclude='*.bc' --exclude=__pycache__ \
        --exclude=build --exclude='./sql/scim--*.sql' --exclude=./results \
        --exclude=./tmp_check --exclude=./output_iso . | tar -C "$dir/tree" -xf -
    [ -z "$run_as" ] || chown -R "$run_as" "$dir"
}

# --- cluster and bridge -----------------------------------------------------------------------

# Makes the cluster if there is none, and writes its settings, which hold for every start. Tokens are
# parameters of statements, so parameters stay out of the log.
make_cluster() {
    if [ ! -f "$dir/data/PG_VERSION" ]; then
        rm -rf "$dir/data"
        as_user "$pg_bin/initdb" -D "$dir/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 \
            >"$dir/log/initdb.log" || die "initdb failed, see $dir/log/initdb.log"
        echo "include '../postgresql.conf'" >>"$dir/data/postgresql.conf"
    fi
    cat >"$dir/postgresql.conf" <<CONF
# Written by every start. Reachable through the socket alone, by whoever may enter this folder.
listen_addresses = ''
unix_socket_directories = '$dir/run'
unix_socket_permissions = 0700
port = $PGPORT
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
log_line_prefix = '%m [%p] '
CONF
    chmod 644 "$dir/postgresql.conf"
}

# The first loopback port from $1 on that nobody listens on.
free_port() {
    local port=$1
    while (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do port=$((port + 1)); done
    echo "$port"
}

# Settles the bridge's port, the last one used if it is still free, and writes nginx.conf.
make_bridge() {
    http_port=$(free_port "$(cat "$dir/port" 2>/dev/null || echo "$1")")
    echo "$http_port" >"$dir/port"
    sed -e "s|@DIR@|$dir|g; s|@PORT@|$http_port|g; s|@PGPORT@|$PGPORT|g" \
        "$top/demo/nginx.conf" >"$dir/nginx.conf"
    chmod 644 "$dir/nginx.conf"
    PATH=$PATH:/usr/sbin as_user nginx -t -q -p "$dir" -c "$dir/nginx.conf" \
        -e "$dir/log/nginx-error.log" || die "nginx does not take $dir/nginx.conf"
}

# Is a supervisor at work? It holds the lock as long as it lives.
service_running() { [ -e "$dir/lock" ] && ! flock -n "$dir/lock" true; }

# Starts the supervisor, in a session of its own so that a Ctrl-C at the terminal does not reach it,
# and waits until PostgreSQL takes connections. The supervisor runs from a copy: the clone may change
# under it, or be out of the user's reach.
start_service() {
    install -m 755 "$top/demo/supervise" "$dir/bin/supervise"
    : >>"$dir/lock"
    [ -z "$run_as" ] || chown "$run_as" "$dir/lock"
    (exec_as_user setsid "$dir/bin/supervise" "$dir" "$pg_bin") \
        </dev/null >>"$dir/log/supervisor.log" 2>&1 &
    # shellcheck disable=SC2034 # demo/up waits for it
    supervisor=$!
    wait_for PostgreSQL postgresql.log as_user "$pg_bin/pg_isready" -q -h "$dir/run" -p "$PGPORT"
}

# Waits for the bridge to reach a database that has the extension.
wait_for_bridge() {
    wait_for "The bridge" nginx-error.log \
        curl -sf -o /dev/null "http://127.0.0.1:$http_port/-/ready"
}

# Repeats a command until it succeeds; $1 and the log $2 are named if it never does.
wait_for() {
    local what=$1 log=$2 tries=0
    shift 2
    until "$@" >/dev/null 2>&1; do
        tries=$((tries + 1))
        if [ "$tries" -gt 300 ]; then
            tail -n 20 "$dir/log/$log" >&2
            stop_service
            die "$what did not start, see $dir/log/$log"
        fi
        sleep 0.2
    done
}

# Stops the supervisor and with it both servers, then whatever an earlier, killed supervisor left.
stop_service() {
    if service_running; then
        kill -TERM "$(cat "$dir/run/supervisor.pid")"
        while service_running; do sleep 0.1; done
    fi
    [ ! -x "$dir/bin/supervise" ] || as_user "$dir/bin/supervise" "$dir"
}

# psql as administrator, quiet, stopping at the first error.
sql() {
    as_user "$pg_bin/psql" -X -q -A -t -v ON_ERROR_STOP=1 -h "$dir/run" -p "$PGPORT" -U postgres \
        -d "$PGDATABASE" "$@"
}

# Makes the database, the extension and the bridge's role, or brings them up to date. The checksum
# tells a development build whose objects changed under the same version number.
make_database() {
    local stamp
    stamp=$(cat "$("$PG_CONFIG" --sharedir)"/extension/scim--*.sql | cksum)
    if [ -z "$(sql -d postgres -c \
        "SELECT 1 FROM pg_catalog.pg_database WHERE datname = '$PGDATABASE'")" ]; then
        sql -d postgres -c "CREATE DATABASE \"$PGDATABASE\""
        echo "$stamp" >"$dir/installed"
    fi
    if [ "$(cat "$dir/installed" 2>/dev/null)" != "$stamp" ]; then
        stop_service
        die "The data under $dir were made by another build of this version.
Remove that folder to start afresh."
    fi
    sql <<'SQL'
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS scim CASCADE;
ALTER EXTENSION scim UPDATE;
SELECT 'CREATE ROLE scim_bridge LOGIN IN ROLE scim_service'
 WHERE pg_catalog.to_regrole('scim_bridge') IS NULL \gexec
SQL
}
