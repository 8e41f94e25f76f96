#!/bin/sh
# Several sources that are followed, of which some have servers that take a
# connection and never say a word: the others are read meanwhile, and a signal
# ends all of them.
. "${0%/*}/lib.sh"
# shellcheck source=tests/api.sh
. "$TESTS/api.sh"

# Who comes is not even accepted.
# shellcheck disable=SC2016
perl -MIO::Socket::INET -e '$s = IO::Socket::INET->new(Listen => 64,
    LocalAddr => "127.0.0.1") or die; open $f, ">", "mute.new"; print $f $s->sockport;
    close $f; rename "mute.new", "mute"; sleep 600' &
mute=$!
follower=
trap '[ -z "$follower" ] || kill "$follower"; kill "$mute"; api_stop; cd /; rm -rf "$around"' EXIT
within test -e mute
port=$(cat mute)
cat >list.yaml <<'END'
format: json
poll:
  every: 1
  cursor: {kind: number}
  list: '{path: "/list", query: {since: .since}}'
  items: .answer[]
  item: '.item | {at: .id, read: .}'
END
mkdir api
# list N: so many items.
list() {
	jq -nc --argjson n "$1" '[range(1; $n + 1) | {id: .}]' >new
	mv new api/list
}
list 3
api_start files
echo pw >pw
cat >api.yaml <<END
sources:
  first: {service: ./list.yaml, url: "http://127.0.0.1:$port"}
  mail: {url: "imaps://u@127.0.0.1:$port", passwordFile: pw}
  post: {url: "pop3s://u@127.0.0.1:$port", passwordFile: pw}
  api: {service: ./list.yaml, url: "$API"}
END
comes() { [ "$(wc -l <out)" -ge "$1" ]; }
begun=$(date +%s)
kith-ingest -C api.yaml -S state --follow @all >out 2>err &
follower=$!
ok "what answers is read" within comes 3
list 5
ok "  and read again" within comes 5
took=$(($(date +%s) - begun))
ok "  before the others are given up ($took s)" test "$took" -lt 30
is "  of which nothing was said" "$(cat err)" ""
sleep 2
is "  each once" "$(jq -r '"\(.source.file) \(.native.id)"' out | sort | paste -sd' ')" \
    "$(seq -f '@api %.0f' 5 | paste -sd' ')"
begun=$(date +%s)
kill -TERM "$follower"
wait "$follower"
is "a signal ends it" $? 0
follower=
took=$(($(date +%s) - begun))
ok "  at once ($took s)" test "$took" -lt 8
kith-ingest -S state --status >status
is "what was cut off is no failure" "$? $(cut -f5 status | sort -u | xargs)" "0 ERROR"

# Without --follow those that failed come last.
turns() {
	printf 'sources:\n  a: {service: ./list.yaml, url: "%s"}\n  b: {service: ./list.yaml, url: "%s"}\n' \
	    "$1" "$other" >turns.yaml
	kith-ingest -q -C turns.yaml -S turns @all 2>err | jq -r .source.file | uniq | paste -sd' '
}
other=$API another=$api_pid
api_pid=
api_start files
is "one that fails" "$(turns http://127.0.0.1:1)" @b
kith-ingest -S turns --done
list 6
is "  is read behind the others" "$(turns "$API")" "@b @a"
kith-ingest -S turns --done
list 7
is "  until it is well" "$(turns "$API")" "@a @b"
api_stop
API=$other api_pid=$another

# A reader that ends.
list 8
mkfifo lines
kith-ingest -C api.yaml -S state --follow @first @api >lines 2>err &
follower=$!
head -n 2 <lines >got
list 9
wait "$follower"
is "a reader that ends, ends it" "$? $(wc -l <got)" "141 2"
follower=
done_testing
