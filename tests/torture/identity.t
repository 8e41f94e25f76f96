#!/bin/sh
# identify, merge and recall under bad luck: full disks, closed pipes, locks,
# states that are none, kills at any moment, input that is no input.
. "${0%/*}/../lib.sh"

# people N: N records of ten people on two channels.
people() {
	awk -v n="$1" 'BEGIN {
		for (i = 0; i < n; i++) {
			p = (i * 7) % 10
			t = sprintf("2024-05-%02dT%02d:%02d:00Z", 1 + i / 1440, (i / 60) % 24, i % 60)
			if (i % 3)
				printf "{\"id\":\"m%d\",\"type\":\"message\",\"channel\":\"slack\",\"account\":\"T1\",\"direction\":\"inbound\",\"sentAt\":\"%s\",\"from\":{\"uri\":\"slack:T1/U%d\",\"email\":\"p%d@x.org\"},\"text\":\"hello %d\",\"messageId\":\"C1/%d\"}\n", i, t, p, p, i, i
			else
				printf "{\"id\":\"m%d\",\"type\":\"message\",\"channel\":\"email\",\"direction\":\"inbound\",\"sentAt\":\"%s\",\"from\":{\"email\":\"p%d@x.org\"},\"text\":\"hello %d\",\"messageId\":\"i%d\",\"inReplyTo\":[\"i%d\"]}\n", i, t, p, i, i, i - 30
		}
	}' | kith-identify
}

people 600 >ids
kith-merge ids >whole
for tool in identify merge recall; do
	code "$tool: a full disk is exit 2" 2 sh -c "kith-$tool whole >/dev/full"
	code "$tool: nothing in is nothing out" 0 "kith-$tool" /dev/null
	code "$tool: a closed pipe ends it" 0 sh -c "kith-$tool whole | head -1"
done
code "merge -S: a full disk is exit 2" 2 sh -c "kith-merge -S full ids >/dev/full"
kith-merge -S full ids >out
ok "and the state is usable afterwards" cmp out whole
code "look-up: a full disk is exit 2" 2 \
	sh -c "kith-recall -S full p1@x.org >/dev/full"

# States that are none.
echo text >file
code "merge: a file for a folder" 2 kith-merge -S file ids
code "recall: a file for a folder" 2 kith-recall -S file whole
mkdir junk
yes junk | head -c 100000 >junk/people.db
code "merge: a state that is no database" 2 kith-merge -S junk ids
code "recall: likewise" 2 kith-recall -S junk whole
ok "which stays as it was" sh -c 'yes junk | head -c 100000 | cmp - junk/people.db'
if [ "$(id -u)" -ne 0 ]; then
	mkdir closed && chmod 500 closed
	code "merge: no rights on the state" 2 kith-merge -S closed ids
	chmod 700 closed
fi
mkdir other
sqlite3 other/people.db 'PRAGMA user_version = 99; CREATE TABLE t(x);'
code "merge: a state of another version" 2 kith-merge -S other ids
like "says the mend" "$(kith-merge -S other ids 2>&1)" 'version 99; .*name another folder with -S$'
code "who only reads it refuses it, too" 2 kith-recall -S other whole
like "with the same sentence" "$(kith-recall -S other p1@x.org 2>&1)" \
	'other/people.db: made by .* version 99; .*name another folder with -S$'
mkdir empty && : >empty/people.db
code "recall: a state that was never made" 2 kith-recall -S empty whole
like "says so" "$(kith-recall -S empty whole 2>&1)" 'people.db: empty: the run '

# Two at once.
kith-merge -S st ids >/dev/null
code "a second run has to wait" 75 \
	flock st/people.lock kith-merge -S st ids
code "recall reads meanwhile" 0 \
	flock st/people.lock kith-recall -S st p1@x.org

# Events that could not leave are told by the run that can, once each.  More
# of them than the output holds, so that it is written amid them.
awk 'function key(type, value) {
		return "{\"type\":\"" type "\",\"value\":\"" value \
		    "\",\"trust\":\"platform\"}"
	}
	function record(type, n, ids) {
		printf "{\"id\":\"%s%s\",\"type\":\"%s\"," \
		    "\"channel\":\"chat\",\"direction\":\"inbound\"," \
		    "\"sentAt\":\"2024-05-01T00:00:00Z\",\"ids\":[%s]}\n", \
		    substr(type, 1, 1), n, type, ids
	}
	BEGIN { for (i = 100; i < 500; i++) {
		a = key("email", i "@x.org")
		b = key("slack", "T1/U" i)
		record("message", i "a", a)
		record("message", i "b", b)
		record("contact", i, a "," b)
	} }' >joins
follow() { kith-merge -q -S "$1" --follow "${2:-joins}"; }
told() { sed -n 's/^{"id":"\([^"]*\)".*personMerged.*}$/\1/p' "$@" | sort; }
kept() { sqlite3 "$1/people.db" 'SELECT count(*) FROM events'; }
follow whole.st >all
told all >events
is "as many events as people that became one" "$(wc -l <events)" 400
is "none of them is kept when it has left" "$(kept whole.st)" 0
for run in 1 2; do
	code "full disk, run $run" 2 sh -c 'kith-merge -q -S full.st --follow joins >/dev/full'
done
follow full.st >out
is "the run after two full disks tells each event once" "$(told out)" "$(cat events)"
is "and keeps none" "$(kept full.st)" 0
follow full.st >out
is "nor does the next one tell any" "$(told out)" ""
for n in 1 2 3 4; do
	: >part
	for run in 1 2; do
		FAULT_N=$n LD_PRELOAD=$BUILD/tests/tools/fault.so \
			kith-merge -q -S "$n.st" --follow joins >>part 2>/dev/null
	done
	follow "$n.st" >>part
	is "two failing writes, each the ${n}th: each event once" \
		"$(told part)" "$(cat events)"
done
# All have left while it waits for more; then there are new ones.
mkfifo fifo
kith-merge -q -S slow.st --follow <fifo >live &
lives() { [ "$(wc -l <live)" -eq "$1" ]; }
exec 3>fifo
n=0
while [ $n -lt 6 ]; do
	n=$((n + 1))
	sed -n ${n}p joins >&3
	within lives $((n + n / 3))
done
exec 3>&-
wait
is "what is told bit by bit is told once" "$(told live)" "$(head -8 all | told)"
is "and is not kept" "$(kept slow.st)" 0

# Killed at any moment: the next run makes it whole.
n=0
for after in 0 0.002 0.004 0.007 0.01 0.013 0.017 0.02 0.025 0.03 0.04 0.05 0.07 0.1; do
	: >part
	kith-merge -S kill ids >part &
	pid=$!
	perl -e "select undef, undef, undef, $after"
	kill -9 $pid 2>/dev/null
	wait $pid 2>/dev/null
	n=$((n + 1))
	if [ -s kill/people.db ]; then
		sqlite3 kill/people.db 'PRAGMA integrity_check' >check 2>&1
		[ "$(cat check)" = ok ] || fail "whole after kill $n"
	fi
	# What came out was in the state before.
	head -n "$(grep -c '' part)" whole >want
	ids_out=$(tr -d '\0' <part | sed -n 's/.*"id":"\(m[0-9]*\)".*"conversation".*/\1/p' | tail -1)
	[ -z "$ids_out" ] ||
		[ -n "$(sqlite3 kill/people.db "SELECT 1 FROM messages WHERE id = '$ids_out'")" ] ||
		fail "written before it was kept: $ids_out"
	[ $((n % 5)) -ne 0 ] || rm -rf kill
done
kith-merge -S kill ids >out
ok "after $n kills the result is the same" cmp out whole
kith-merge -S kill ids >out
ok "and again" cmp out whole

# Input that is none.
printf 'null\n7\n"x"\n[]\n{}\n{"id":7}\n{"id":""}\n{"id":"a\\u0000b"}\n\0\n{"id":"m\377"}\n' >bad
code "merge: ten lines that are no record" 1 kith-merge -q --rejects r bad
is "each is rejected" "$(wc -l <r)" 10
deep=$(printf '%0300d' 0 | sed 's/0/[/g')
code "a value nested too deep" 1 sh -c "echo '{\"id\":\"m1\",\"ids\":$deep' | kith-merge -q"
printf '{"id":"m1","ids":{"type":"email"},"from":[],"to":{"a":1},"inReplyTo":{"x":[1]},"references":"r","threadId":9,"messageId":[1],"sentAt":{},"channel":7,"data":3,"type":"message","direction":"outbound"}\n' >odd
for tool in identify merge recall; do
	code "$tool: members of the wrong types" 0 sh -c "kith-$tool odd | jq -e .id"
done
awk 'BEGIN { printf "{\"id\":\"m1\",\"type\":\"message\",\"channel\":\"email\",\"direction\":\"inbound\",\"from\":{\"email\":\"a@x.org\"},\"to\":["
	for (i = 0; i < 50000; i++) printf "%s{\"email\":\"b%d@x.org\"}", i ? "," : "", i
	printf "],\"references\":[\"r0\""
	for (i = 1; i < 50000; i++) printf ",\"r%d\"", i
	print "]}" }' >wide
code "50000 recipients and references" 0 sh -c 'kith-identify wide | kith-merge | kith-recall >o; [ "$(jq ".ids | length" o)" -eq 64 ]'
long=$(awk 'BEGIN { for (i = 0; i < 5000; i++) printf "a" }')
printf '{"id":"m1","type":"message","channel":"email","direction":"inbound","from":{"email":"%s@x.org","uri":"slack:%s"}}\n' "$long" "$long" >long
is "an address past all limits is no key" "$(kith-identify long | jq -c .ids)" null

# Texts made to cost: addresses, numbers and escapes without end.
awk 'BEGIN { printf "{\"id\":\"m1\",\"text\":\""
	for (i = 0; i < 400000; i++) printf "a@b@"
	for (i = 0; i < 100000; i++) printf "0171 %07d ", i
	for (i = 0; i < 100000; i++) printf "+49 (0)30 %07d, ", i
	for (i = 0; i < 100000; i++) printf "\\u00a0-.((("
	print "\",\"signature\":[[[]]]}" }' >costly
echo 'region: DE' >region.yaml
printf '%s\n' '- {type: n, pattern: "([0-9]+ *)+x", fields: text}' \
	'- {type: m, pattern: "(?:a|b|@)+$", fields: [text, id.x, signature.0]}' >costly.yaml
code "texts made to cost" 0 timeout 20 sh -c \
	'kith-identify -q -C region.yaml --patterns costly.yaml costly >o; [ "$(jq ".ids | length" o)" -le 32 ]'
printf '{"id":"m1","channel":"sms","from":{"tel":"%s"},"data":{"userId":"%s","tels":["%s"]}}\n' "$long" "$long" "+$long" >long
is "nor is a number or an id" "$(kith-identify -C region.yaml long | jq -c .ids)" null
done_testing
