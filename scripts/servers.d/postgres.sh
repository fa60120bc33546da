# Postgres, from the Debian package. It does not run as root, so root becomes the user that the package made.

postgres_bin() { find /usr/lib/postgresql -path '*/bin/postgres' 2>/dev/null | sort -V | tail -n 1 | xargs -r dirname; }
postgres_user() { if [ -n "$root" ]; then echo postgres; else id -un; fi; }
postgres_signal() { echo INT; } # "fast": roll back what runs, write everything, stop
postgres_install() { [ -n "$(postgres_bin)" ] || packages postgresql; }
# A test starts a PgBouncer of its own. The server can be used without.
postgres_tools() { command -v pgbouncer >/dev/null || [ -x /usr/sbin/pgbouncer ] || (packages pgbouncer) || say "no pgbouncer: its test will fail"; }
postgres_log() { echo "$1/log"; }
postgres_dsn() { echo "postgres://postgres@127.0.0.1:$1/postgres?sslmode=disable"; }
postgres_answers() { "$(postgres_bin)/pg_isready" -q -h 127.0.0.1 -p "$2" -U postgres; }

postgres_prepare() {
	[ ! -e "$1/data/.complete" ] || return 0
	rm -rf "$1/data" # of an initdb that was interrupted
	as "$(postgres_user)" "$(postgres_bin)/initdb" -D "$1/data" -U postgres --auth=trust -E UTF8 --locale=C.UTF-8 >"$1/initdb.log" 2>&1 ||
		die "initdb failed, see $1/initdb.log"
	as "$(postgres_user)" touch "$1/data/.complete"
}

postgres_command() {
	command=("$(postgres_bin)/postgres" -D "$1/data" -p "$2" -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=300)
}
