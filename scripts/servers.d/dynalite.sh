# dynalite, a server of the DynamoDB protocol over LevelDB, from npm. It keeps every acknowledged write, also through kill -9. It has
# conditional writes, queries and scans with segments; it has no transactions and no expiry.

dynalite_version=4.0.0
dynalite_variable=DUALGEN_DYNAMO
dynalite_log() { echo "$1/log"; }
dynalite_dsn() { echo "http://127.0.0.1:$1"; }

dynalite_answers() {
	local line
	exec 8<>"/dev/tcp/127.0.0.1/$2" || return 1
	printf 'GET / HTTP/1.0\r\n\r\n' >&8
	IFS= read -r -t 2 line <&8
	exec 8>&-
	[[ $line = HTTP/1.?\ 200* ]]
} 2>/dev/null

dynalite_install() {
	command -v node >/dev/null || packages nodejs
	command -v npm >/dev/null || packages npm
	local lib=$home/dynalite/lib-$dynalite_version
	[ ! -e "$lib/.complete" ] || return 0
	say "fetching dynalite $dynalite_version with npm"
	mkdir -p "$lib"
	npm install --silent --no-fund --no-audit --prefix "$lib" "dynalite@$dynalite_version" >&2 || die "npm could not fetch dynalite"
	touch "$lib/.complete"
}

dynalite_prepare() { mkdir -p "$1/data"; }

dynalite_command() {
	command=("$(command -v node)" --require "$here/servers.d/dynalite-aborted.js" "$home/dynalite/lib-$dynalite_version/node_modules/dynalite/cli.js" --host 127.0.0.1 --port "$2" --path "$1/data"
		--createTableMs 10 --deleteTableMs 10 --updateTableMs 10)
}
