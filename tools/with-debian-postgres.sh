#!/bin/sh
# Run a command against a throw-away cluster of Debian's PostgreSQL 15:
#   tools/with-debian-postgres.sh pytest tests/db
# Sets OFFERPATH_TEST_DATABASE_URL (a plain role) and OFFERPATH_TEST_ADMIN_URL (a superuser).
set -eu
bin=/usr/lib/postgresql/15/bin
[ -x "$bin/initdb" ] || { echo "PostgreSQL 15 is not installed: apt install postgresql-15" >&2; exit 1; }
folder=$(mktemp -d)
as_postgres() { if [ "$(id -u)" = 0 ]; then setpriv --reuid=postgres --regid=postgres --clear-groups "$@"; else "$@"; fi; }
stop() { as_postgres "$bin/pg_ctl" -D "$folder/data" -m immediate stop >/dev/null 2>&1 || true; rm -rf "$folder"; }
trap stop EXIT
trap 'exit 130' INT TERM
[ "$(id -u)" != 0 ] || chown postgres "$folder"
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
password=$(python3 -c 'import secrets; print(secrets.token_hex(16))')
echo "$password" >"$folder/password"
chmod 644 "$folder/password"
as_postgres "$bin/initdb" -D "$folder/data" -U postgres --auth=scram-sha-256 --pwfile="$folder/password" --locale=C.UTF-8 --encoding=UTF8 >/dev/null
as_postgres "$bin/pg_ctl" -D "$folder/data" -w -s -l "$folder/log" \
  -o "-c listen_addresses=127.0.0.1 -c port=$port -c unix_socket_directories=$folder -c fsync=off" start
PGPASSWORD=$password as_postgres "$bin/psql" -q -h 127.0.0.1 -p "$port" -U postgres -d postgres -c \
  "create role offerpath login nosuperuser nobypassrls password '$password'" -c "create database offerpath owner offerpath"
export OFFERPATH_TEST_DATABASE_URL="postgresql://offerpath:$password@127.0.0.1:$port/offerpath"
export OFFERPATH_TEST_ADMIN_URL="postgresql://postgres:$password@127.0.0.1:$port/offerpath"
"$@"
