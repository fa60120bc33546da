# Redis, from the Debian package that holds the program alone. What it acknowledged is in its file, so that kill -9 loses nothing; it does
# not wait for the disk.

redis_user() { if [ -n "$root" ]; then echo nobody; else id -un; fi; }
redis_log() { echo "$1/log"; }
redis_dsn() { echo "redis://127.0.0.1:$1/0"; }

redis_answers() {
	local line
	exec 8<>"/dev/tcp/127.0.0.1/$2" || return 1
	printf 'PING\r\n' >&8
	IFS= read -r -t 2 line <&8
	exec 8>&-
	[ "$line" = $'+PONG\r' ]
} 2>/dev/null

redis_install() { command -v redis-server >/dev/null || packages redis-server; }

redis_prepare() {
	mkdir -p "$1/data"
	[ -z "$root" ] || chown nobody "$1/data"
}

# Without --set-proc-title no, the process would not show whose it is.
redis_command() {
	command=("$(command -v redis-server)" --bind 127.0.0.1 --port "$2" --dir "$1/data" --save '' --appendonly yes --appendfsync no
		--set-proc-title no --databases 16)
}
