# Memcached, from the Debian package. It keeps nothing: what it held is gone when it ends.

memcached_user() { if [ -n "$root" ]; then echo nobody; else id -un; fi; }
memcached_log() { echo "$1/log"; }
memcached_dsn() { echo "127.0.0.1:$1"; }

memcached_answers() {
	local line
	exec 8<>"/dev/tcp/127.0.0.1/$2" || return 1
	printf 'version\r\n' >&8
	IFS= read -r -t 2 line <&8
	exec 8>&-
	[[ $line = VERSION* ]]
} 2>/dev/null

memcached_install() { command -v memcached >/dev/null || packages memcached; }
memcached_prepare() { :; }

# It writes no pid file unless it is a daemon. The name is here so that the process shows whose it is.
memcached_command() {
	command=("$(command -v memcached)" -l 127.0.0.1 -p "$2" -U 0 -m 64 -P "$1/memcached.pid")
}
