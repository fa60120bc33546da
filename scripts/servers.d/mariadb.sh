# MariaDB, from the Debian packages that hold the programs alone (no system service).

mariadb_user() { if [ -n "$root" ]; then echo nobody; else id -un; fi; }
mariadb_log() { echo "$1/log"; }
mariadb_dsn() { echo "root@tcp(127.0.0.1:$1)/test?parseTime=true"; }
mariadb_client() { mariadb --no-defaults -h 127.0.0.1 -P "$(cat "$1/port")" -u root "${@:2}"; }
mariadb_answers() { mariadb_client "$1" -e 'SELECT 1' >/dev/null 2>&1; }
mariadb_ready() { mariadb_client "$1" -e 'CREATE DATABASE IF NOT EXISTS test CHARACTER SET utf8mb4'; }

mariadb_install() {
	if ! command -v mariadbd mariadb mariadb-install-db >/dev/null; then packages mariadb-server-core mariadb-client-core; fi
}

mariadb_prepare() {
	[ ! -e "$1/data/.complete" ] || return 0
	rm -rf "$1/data" # of an installation that was interrupted
	as "$(mariadb_user)" mkdir "$1/data"
	as "$(mariadb_user)" mariadb-install-db --no-defaults --datadir="$1/data" --auth-root-authentication-method=normal --skip-test-db \
		--skip-name-resolve >"$1/install.log" 2>&1 || die "mariadb-install-db failed, see $1/install.log"
	as "$(mariadb_user)" touch "$1/data/.complete"
}

mariadb_command() {
	command=("$(command -v mariadbd)" --no-defaults --datadir="$1/data" --bind-address=127.0.0.1 --port="$2" --socket="$1/data/socket"
		--skip-name-resolve --max-connections=1000)
}
