# FerretDB, a server of the MongoDB protocol over SQLite files, built from its Go module (servers.d/ferretdb).

ferretdb_variable=DUALGEN_MONGO
ferretdb_log() { echo "$1/log"; }
ferretdb_dsn() { echo "mongodb://127.0.0.1:$1"; }
ferretdb_answers() { open_port "$2"; }
ferretdb_program() { echo "$home/ferretdb/ferretdb-$(cat "$here"/servers.d/ferretdb/* | sha256sum | cut -c1-12)"; }

ferretdb_install() {
	local program
	program=$(ferretdb_program)
	[ ! -x "$program" ] || return 0
	command -v go >/dev/null || die "FerretDB is built with Go, and there is none"
	say "building FerretDB; this takes a minute"
	mkdir -p "$home/ferretdb"
	go -C "$here/servers.d/ferretdb" build -o "$program.new" . >&2 || die "Go could not build FerretDB"
	mv "$program.new" "$program"
}

ferretdb_prepare() { mkdir -p "$1/data"; }
ferretdb_command() { command=("$(ferretdb_program)" "127.0.0.1:$2" "$1/data"); }
