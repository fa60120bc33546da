# What the servers have in common. Each server is a set of functions: NAME_install, NAME_prepare DIR PORT, NAME_command
# DIR PORT (fills the array command), NAME_answers DIR PORT, NAME_dsn PORT, NAME_log DIR; and, where they differ,
# NAME_variable (the environment variable, else DUALGEN_NAME), NAME_tools (what tests need beside the server), NAME_user (whom root
# becomes), NAME_signal (what stops it) and NAME_ready (once, after the first start).

# lock waits for every other run of this script on the same folder.
lock() {
	mkdir -p "$home"
	chmod 755 "$home"
	exec 9>"$home/lock"
	flock -n 9 || { say "waiting for another run of this script"; flock 9; }
}

port() { cat "$home/$1/port"; }
pid() { cat "$home/$1/pid"; }

# running NAME: the process we started is still there. A pid that another program has by now does not count.
running() {
	local id line
	id=$(pid "$1" 2>/dev/null) || return 1
	for _ in $(seq 100); do
		line=$(tr '\0' ' ' 2>/dev/null <"/proc/$id/cmdline") || return 1
		[ -z "$line" ] || break
		# It has no command line for a moment while it becomes another program, and for ever once it is dead.
		! grep -q '^State:[[:space:]]*[ZX]' "/proc/$id/status" 2>/dev/null || return 1
		sleep 0.05
	done
	[[ $line = *"$home/$1/"* ]]
}

# await NAME SECONDS: it answers, before its time is over and while it lives.
await() {
	local end=$((SECONDS + $2))
	while running "$1" && ((SECONDS < end)); do
		! "$1_answers" "$home/$1" "$(port "$1")" || return 0
		sleep 0.2
	done
	return 1
}

# as USER COMMAND…: as that user when root, else as ourselves.
as() {
	local user=$1
	shift
	if [ -n "$root" ] && [ "$user" != root ]; then (cd / && runuser -u "$user" -- "$@"); else "$@"; fi
}

user_of() { if declare -F "$1_user" >/dev/null; then "$1_user"; else id -un; fi; }

# open_port PORT: something listens there.
open_port() { (: >"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

free_port() {
	local candidate
	for _ in $(seq 100); do
		candidate=$((20000 + RANDOM % 10000))
		if ! open_port "$candidate"; then
			echo "$candidate"
			return
		fi
	done
	die "no free port between 20000 and 29999"
}

# start NAME: a free port may be taken by another before the server has it, so a start that fails is tried again.
start() {
	local name=$1 dir=$home/$1 user attempt
	user=$(user_of "$name")
	mkdir -p "$dir"
	[ -z "$root" ] || chown "$user" "$dir"
	for attempt in 1 2 3; do
		if [ ! -s "$dir/port" ] || open_port "$(cat "$dir/port")"; then free_port >"$dir/port"; fi
		"${name}_prepare" "$dir" "$(cat "$dir/port")"
		launch "$name" "$dir" "$user"
		if await "$name" 120; then
			! declare -F "${name}_ready" >/dev/null || "${name}_ready" "$dir"
			say "$name: started on port $(cat "$dir/port")"
			return
		fi
		if running "$name"; then
			say "$name: attempt $attempt did not answer"
			stop "$name"
		else
			wait "$launched" || say "$name: attempt $attempt ended with exit status $?"
		fi
		sleep 2 # what is left of a killed server may still hold its data
	done
	tail -n 20 "$dir/log" "$("${name}_log" "$dir")" >&2 || true
	die "$name does not start; its logs are in $dir"
}

# launch leaves the server running on its own, without our lock. launched is its process.
launch() {
	local name=$1 dir=$2 user=$3 command=()
	"${name}_command" "$dir" "$(cat "$dir/port")"
	if [ -n "$root" ] && [ "$user" != root ]; then command=(setpriv --reuid="$user" --regid="$(id -g "$user")" --init-groups "${command[@]}"); fi
	(cd "$dir" && exec setsid "${command[@]}" 9>&- >>"$dir/log" 2>&1 </dev/null) &
	launched=$!
	echo "$launched" >"$dir/pid"
	# Until it becomes the server, the new process looks like this script, and so like a server that has ended.
	for _ in $(seq 200); do
		if running "$name" || ! kill -0 "$launched" 2>/dev/null; then break; fi
		sleep 0.05
	done
}

stop() {
	local id
	id=$(pid "$1")
	kill -s "$(if declare -F "$1_signal" >/dev/null; then "$1_signal"; else echo TERM; fi)" "$id"
	for _ in $(seq 150); do
		running "$1" || break
		sleep 0.2
	done
	if running "$1"; then
		say "$1: does not stop, killed"
		kill -KILL "$id"
	fi
	rm -f "$home/$1/pid"
}

# packages NAME…: install Debian packages, or say which ones an administrator should.
packages() {
	local apt=()
	if ! command -v apt-get >/dev/null; then die "install what these Debian packages hold, then try again: $*"; fi
	if [ -z "$root" ]; then
		command -v sudo >/dev/null && sudo -n true 2>/dev/null ||
			die "these packages are missing, and installing them needs root: sudo apt-get install $*"
		apt=(sudo -n)
	fi
	say "installing $*"
	apt+=(env DEBIAN_FRONTEND=noninteractive apt-get -q -y)
	"${apt[@]}" update >&2 || say "apt-get update failed; trying with the lists that are there"
	"${apt[@]}" install --no-install-recommends "$@" >&2 || die "could not install: $*"
}
