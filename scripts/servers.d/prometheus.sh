# Prometheus, from the Debian package, with the program promtool. It scrapes the targets that files in its folder name, so that a test adds
# its own: the data source name holds that folder.

prometheus_user() { if [ -n "$root" ]; then echo nobody; else id -un; fi; }
prometheus_log() { echo "$1/log"; }
prometheus_dsn() { echo "http://127.0.0.1:$1?targets=$home/prometheus/targets"; }
prometheus_answers() { open_port "$2" && promtool query instant "http://127.0.0.1:$2" "vector(1)" >/dev/null 2>&1; }

prometheus_install() {
	if ! command -v prometheus promtool >/dev/null; then packages prometheus; fi
}
prometheus_tools() { prometheus_install; } # promtool checks the rules that we ship

prometheus_prepare() {
	mkdir -p "$1/targets" "$1/data"
	[ -z "$root" ] || chown nobody "$1/data"
	cat >"$1/prometheus.yml" <<-YAML
		global: {scrape_interval: 1s}
		scrape_configs:
		  - job_name: tests
		    file_sd_configs: [{files: ["$1/targets/*.json"], refresh_interval: 1s}]
	YAML
}

prometheus_command() {
	command=("$(command -v prometheus)" --config.file="$1/prometheus.yml" --storage.tsdb.path="$1/data" --storage.tsdb.retention.time=1d
		--web.listen-address="127.0.0.1:$2" --log.level=warn)
}
