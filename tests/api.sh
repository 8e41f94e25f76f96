# A service's API on loopback, tests/api.pl: source after lib.sh.
#	api_start NAME		the rules of tests/services/NAME.pl
# sets API to its url and writes what it is asked to ./asked; stops with the test.
# shellcheck shell=sh
umask 077
api_pid=
api_stop() {
	[ -z "$api_pid" ] || kill "$api_pid" 2>/dev/null
	api_pid=
}
api_start() {
	api_stop
	rm -f api.port
	: >asked
	perl "$TESTS/api.pl" "$TESTS/services/$1.pl" api.port asked </dev/null >api.log 2>&1 &
	api_pid=$!
	n=0
	while [ ! -e api.port ] && [ $n -lt 100 ]; do
		sleep 0.05
		n=$((n + 1))
	done
	API=http://127.0.0.1:$(cat api.port)
}
trap 'api_stop; cd /; rm -rf "$around"' EXIT
# poll [OPTION...]: the source @api, of which nothing comes twice: what it wrote
# is in ./out, its code in $rc.
# shellcheck disable=SC2120
poll() {
	rc=0
	kith-ingest -C api.yaml -S state "$@" @api >out 2>err || rc=$?
}
