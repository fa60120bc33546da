# Cassandra from the jars that Maven fetches. Cassandra 5.0 runs on Java 17 or 11, not on newer ones.

cassandra_version=5.0.6
cassandra_log() { echo "$1/system.log"; }
cassandra_dsn() { echo "127.0.0.1:$1"; }

# An open port is not enough: the node must speak its protocol. It is sent OPTIONS (version 4, opcode 5), and answers
# with a frame of version 4.
cassandra_answers() {
	local first
	exec 8<>"/dev/tcp/127.0.0.1/$2" || return 1
	printf '\x04\x00\x00\x00\x05\x00\x00\x00\x00' >&8
	first=$(timeout 2 head -c 1 <&8 | od -An -tx1)
	exec 8>&-
	[ "$first" = " 84" ]
} 2>/dev/null

# cassandra_java prints a Java that will do, or nothing.
cassandra_java() {
	local java
	for java in "${CASSANDRA_JAVA_HOME:-/none}/bin/java" "${JAVA_HOME:-/none}/bin/java" "$(command -v java)" /usr/lib/jvm/*/bin/java; do
		if [ -x "$java" ] && "$java" -version 2>&1 | grep -qE 'version "(17|11)\.'; then
			echo "$java"
			return
		fi
	done
}

cassandra_install() {
	[ -n "$(cassandra_java)" ] || packages openjdk-17-jre-headless
	[ -n "$(cassandra_java)" ] || die "Cassandra needs Java 17: set CASSANDRA_JAVA_HOME"
	local lib=$home/cassandra/lib-$cassandra_version
	[ ! -e "$lib/.complete" ] || return 0
	command -v mvn >/dev/null || packages maven
	say "fetching Cassandra $cassandra_version with Maven"
	mkdir -p "$lib"
	sed "s/@VERSION@/$cassandra_version/" "$here/servers.d/cassandra-pom.xml" >"$lib/pom.xml"
	mvn -q -B -f "$lib/pom.xml" dependency:copy-dependencies -DoutputDirectory="$lib" -DincludeScope=runtime >&2 ||
		die "Maven could not fetch Cassandra"
	touch "$lib/.complete"
}

# One node is a cluster of its own, unless CASSANDRA_STORAGE_PORT and CASSANDRA_SEEDS (host:port,…) say which node it is of
# which cluster. CASSANDRA_YAML is added to its configuration, CASSANDRA_OPTIONS to those of Java.
cassandra_prepare() {
	local dir=$1 cql=$2 storage=${CASSANDRA_STORAGE_PORT:-}
	[ -n "$storage" ] || storage=$(free_port)
	mkdir -p "$dir/conf" "$dir/data"
	sed -e "s|@DIR@|$dir|g" -e "s/@CQL@/$cql/g" -e "s/@STORAGE@/$storage/g" -e "s/@SEEDS@/${CASSANDRA_SEEDS:-127.0.0.1:$storage}/g" \
		"$here/servers.d/cassandra.yaml" >"$dir/conf/cassandra.yaml"
	printf '%s\n' "${CASSANDRA_YAML:-}" >>"$dir/conf/cassandra.yaml"
	sed -e "s|@DIR@|$dir|g" "$here/servers.d/cassandra-logback.xml" >"$dir/conf/logback.xml"
}

cassandra_command() {
	local dir=$1 lib=$1/lib-$cassandra_version opened
	command=("$(cassandra_java)" -Xms512m -Xmx1g -Xss512k -XX:+UseG1GC)
	# What Cassandra reaches into; the modules are named one by one in its own start script, too.
	for opened in java.base/jdk.internal.misc java.base/jdk.internal.ref java.base/sun.nio.ch java.management.rmi/com.sun.jmx.remote.internal.rmi \
		java.rmi/sun.rmi.registry java.rmi/sun.rmi.server java.sql/java.sql java.base/java.lang.ref java.base/java.lang.reflect jdk.unsupported/sun.misc; do
		command+=(--add-exports "$opened=ALL-UNNAMED")
	done
	for opened in java.base/java.lang.module java.base/jdk.internal.loader java.base/jdk.internal.ref java.base/jdk.internal.reflect \
		java.base/jdk.internal.math java.base/jdk.internal.module java.base/jdk.internal.util.jar jdk.management/com.sun.management.internal \
		java.base/sun.nio.ch java.base/java.io java.base/java.nio java.base/java.lang java.base/java.util java.base/java.util.concurrent \
		java.base/java.util.concurrent.atomic java.base/java.net; do
		command+=(--add-opens "$opened=ALL-UNNAMED")
	done
	# shellcheck disable=SC2206
	command+=(-Djdk.attach.allowAttachSelf=true "-Dcassandra.config=file://$dir/conf/cassandra.yaml" "-Dcassandra.storagedir=$dir/data"
		"-Dlogback.configurationFile=$dir/conf/logback.xml" -Dcassandra-foreground=yes -Dcassandra.skip_wait_for_gossip_to_settle=0
		-Dcassandra.ring_delay_ms=1 ${CASSANDRA_OPTIONS:-} -cp "$dir/conf:$lib/*" org.apache.cassandra.service.CassandraDaemon)
}
