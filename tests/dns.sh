# A server of the DNS on loopback, nsd(8), for tests: after lib.sh.
#	dns_start FOLDER	the folder has zone files: root for ".", and NAME
#				for each other zone; what `failing` names, a
#				line each, are zones that it fails to serve
# It sets DNS to its address and port, and stops with the test.
# shellcheck shell=sh
dns_there() {
	PATH=$PATH:/usr/sbin:/usr/local/sbin command -v nsd >/dev/null
}
dns_config() {
	cat <<CONF
server:
	ip-address: 127.0.0.1@$2
	database: ""
	username: ""
	server-count: 1
	rrl-ratelimit: 0
	zonesdir: "$1"
	zonelistfile: "$1/.list"
	xfrdfile: ""
	xfrdir: "$1"
	pidfile: "$1/.pid"
	logfile: "$1/.log"
	hide-version: yes
	round-robin: no
remote-control:
	control-enable: no
CONF
	for zone in "$1"/*; do
		name=${zone##*/}
		[ "$name" != failing ] || continue
		[ "$name" != root ] || name=.
		printf 'zone:\n\tname: "%s"\n\tzonefile: "%s"\n' "$name" "$zone"
	done
	[ ! -e "$1/failing" ] || while read -r name; do
		printf 'zone:\n\tname: "%s"\n\trequest-xfr: 127.0.0.1@1 NOKEY\n' \
		    "$name"
	done <"$1/failing"
}
# A port that nobody has, until nsd has it.
dns_port() {
	perl -MIO::Socket::INET -e 'my $s = IO::Socket::INET->new(Proto => "udp",
	    LocalAddr => "127.0.0.1") or die; print $s->sockport'
}
dns_stop() {
	[ -z "${DNS_PID-}" ] || { kill "$DNS_PID"; wait "$DNS_PID"; } 2>/dev/null || :
	DNS_PID=
}
dns_start() {
	dns_stop
	folder=$(cd "$1" && pwd)
	for _ in 1 2 3 4 5; do
		port=$(dns_port)
		DNS=127.0.0.1:$port
		dns_config "$folder" "$port" >"$folder/.conf"
		PATH=$PATH:/usr/sbin:/usr/local/sbin nsd -d -c "$folder/.conf" \
		    >"$folder/.out" 2>&1 &
		DNS_PID=$!
		trap 'dns_stop; cd /; rm -rf "$SCRATCH"' EXIT
		tries=0
		while [ $((tries += 1)) -lt 1000 ] && kill -0 "$DNS_PID"; do
			dns_answers && return 0
			sleep 0.01
		done 2>/dev/null
		dns_stop
	done
	cat "$folder/.out" "$folder/.log" >&2
	return 1
}
dns_answers() {
	perl -MIO::Socket::INET -e '
	    my $s = IO::Socket::INET->new(Proto => "udp", PeerAddr => shift);
	    $s->send(pack("n6", 7, 0, 1, 0, 0, 0) . "\0" . pack("n2", 6, 1));
	    my $set = ""; vec($set, fileno $s, 1) = 1;
	    exit 1 if !select($set, undef, undef, 0.2);
	    my $b; exit !defined $s->recv($b, 512) || ord(substr $b, 3) & 15' \
	    "$DNS"
}
