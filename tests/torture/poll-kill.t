#!/bin/sh
# Kills polls of a service at system calls of all kinds, and a refresh of its
# token; after the next run all that the service has is there, and behind merge
# nothing twice.  KITH_WHOLE: at many more calls.
. "${0%/*}/../lib.sh"
# shellcheck source=../api.sh
. "$TESTS/api.sh"

if [ -n "${KITH_SANITIZED-}" ]; then
	echo '1..0 # SKIP who is killed says nothing to sanitizers: tests/polls.t'
	exit 0
fi
if ! strace -f -qq -o trace -e trace=none true 2>/dev/null; then
	echo "1..0 # SKIP strace cannot trace here"
	exit 0
fi
echo xoxb-1 >token
seq 1 9 | jq -nRc '[inputs | {type: "message", user: "U\(tonumber % 3)",
    ts: "170000000\(.).000100", text: "at \(.)"}]
    | .[0] += {thread_ts: .[0].ts, reply_count: 1, latest_reply: .[8].ts}
    | .[8] += {thread_ts: .[0].ts}
    | {channels: [{id: "C1", is_member: true}], messages: {C1: .}}' >slack.json
LIMIT=3
export LIMIT
api_start slack
printf 'sources:\n  api: {service: slack, tokenFile: token, url: "%s/api"}\n' \
    "$API" >api.yaml
people() { kith-normalize -C api.yaml "$1" | kith-identify -C api.yaml | kith-merge 2>/dev/null; }
poll
is "a whole poll" "$rc $(wc -l <out)" "0 9"
people out | jq -r .id | sort >all
is "  of so many messages" "$(wc -l <all)" 9

# try CALL N: a run into a file that is killed there, and one more.
try() {
	rm -rf state
	strace -f -qq -o trace -e trace="$1" -e inject="$1:signal=SIGKILL:when=$2" \
	    kith-ingest -C api.yaml -S state @api >killed 2>/dev/null || :
	grep -q SIGKILL trace && kills=$((kills + 1))
	poll
	[ "$rc" -eq 0 ] || echo "the second run: $rc: $(cat err)"
	# Who was killed may leave half a line.
	grep '}}$' killed >both
	cat out >>both
	people both | jq -r .id | sort >got
	cmp -s all got || echo "$(wc -l <got) messages"
	poll
	[ ! -s out ] || echo "and once more: $(wc -l <out)"
}
kills=0
if [ -n "${KITH_WHOLE-}" ]; then
	points='write:1:1:9 fsync:1:1:18 fdatasync:1:1:3 rename:1:1:6 mkdir:1:1:5 sendto:1:1:6 recvfrom:1:1:6 all:300:9:1100'
else
	points='write:2:3:8 fsync:3:5:16 fdatasync:1:1:2 rename:2:2:4 recvfrom:2:3:5 all:640:160:960'
fi
for point in $points; do
	IFS=: read -r call n step last <<-END
		$point
	END
	wrong=
	while [ "$n" -le "$last" ]; do
		try "$call" "$n" >wrong
		[ -s wrong ] && wrong="$wrong $n: $(head -1 wrong)"
		n=$((n + step))
	done
	is "killed at $call: nothing lost, nothing twice" "$wrong" ""
done
ok "  and it was killed" test "$kills" -gt 8

# In a pipe, whose end says that all is well.
rm -rf state
for i in 1 2 3; do
	(kith-ingest -C api.yaml -S state @api | head -c 700 >part.$i) 2>/dev/null
done
kith-ingest -C api.yaml -S state @api 2>/dev/null | cat >part.4
is "a pipe that breaks: all comes once more" "$(wc -l <part.4)" 9
kith-ingest -C api.yaml -S state --done
kith-ingest -C api.yaml -S state @api | cat >part.5
is "  and after --done no more" "$(cat part.5)" ""

# Two at once: one of them has it, the other says so.
rm -rf state
echo 6 >busy
kith-ingest -C api.yaml -S state @api >one 2>/dev/null &
first=$!
within test ! -e busy
poll
like "another has it" "$rc $(cat err)" '^75 '
wait "$first"
is "  and reads all of it" "$(wc -l <one)" 9
done_testing
