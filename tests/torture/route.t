#!/bin/sh
# kith-route under bad input, bad rule files, bad states, kills.
. "${0%/*}/../lib.sh"
cat >rules.yaml <<'RULES'
version: 1
calendars: {office: {zone: Europe/Berlin, hours: {mon-fri: "09:00-17:00"}}}
teams: {support: {members: [ada, ben, cy], calendar: office}}
service: {normal: {first: 4h}}
defaults: {team: support}
rules: [{match: [cancel*, "/order \\d+/"], then: {queue: orders}}]
RULES
# 4000 records of 500 conversations, a third of them answers.
awk 'BEGIN { for (i = 0; i < 4000; i++) {
	printf "{\"id\":\"m%04d\",\"type\":\"message\",\"channel\":\"email\",", i
	printf "\"direction\":\"%s\",", i % 3 == 2 ? "outbound" : "inbound"
	printf "\"sentAt\":\"2026-01-%02dT%02d:%02d:00Z\",", 5 + i / 1440,
	    i / 60 % 24, i % 60
	printf "\"text\":\"order %d, please\",\"conversation\":\"c%03d\"}\n",
	    i, i * 7 % 500
} }' >in.jsonl

# --- the rule file ---
rules() { # what it is, what is said; the file on standard input
	cat >bad.yaml
	said=$2
	code "$1: exit 2" 2 kith-route -r bad.yaml in.jsonl
	like "$1: says so" "$(cat .err)" "$said"
}
rules "no YAML" 'bad.yaml:2:[0-9]+: not YAML' <<'E'
version: [1
rules: 2]: 3
E
rules "a list" 'bad.yaml:1:1: no rule file' <<'E'
- version
E
rules "empty" 'bad.yaml:1:1: no rule file' </dev/null
rules "an alias bomb" 'too many nodes' <<'E'
a: &a [x,x,x,x,x,x,x,x,x]
b: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]
c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]
d: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]
e: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]
f: &f [*e,*e,*e,*e,*e,*e,*e,*e,*e]
E
awk 'BEGIN { for (i = 0; i < 100; i++) printf "- "; print "x" }' >deep
rules "too deep" 'nested too deep' <deep
printf 'version: 1\nrules: [\377]\n' >latin
rules "not UTF-8" 'not text in UTF-8' <latin
rules "a program that reads on" 'bad.yaml:2:[0-9]+: .*input' <<'E'
version: 1
rules: [{if: "input | .a", then: {queue: x}}]
E
rules "a monstrous pattern" 'bad.yaml:2:[0-9]+: .*1000' <<'E'
version: 1
rules: [{match: "/((a{1000}){1000}){1000}/", then: {queue: x}}]
E
rules "no such calendar file" 'none.ics: No such file' <<'E'
version: 1
calendars: {a: {zone: UTC, hours: {mon: "09:00-10:00"}, holidays: none.ics}}
E
code "a missing rule file" 2 kith-route -r none.yaml in.jsonl
code "a folder as rule file" 2 kith-route -r . in.jsonl
code "no rule file at all" 2 kith-route in.jsonl
like "names the mend" "$(cat .err)" 'give one with -r FILE'
# How long a program may take is held by the unit tests; this one just fails.
cat >fails.yaml <<'E'
version: 1
rules: [{if: "error(\"x\")", then: {queue: x}}]
E
head -n 1 in.jsonl >one.jsonl
code "a program that fails counts as not holding" 0 \
	kith-route -r fails.yaml one.jsonl
like "and is said" "$(cat .err)" 'warning: rule #1 of line 2 does not hold'

# --- the records ---
{
	echo 'not json'
	echo '[1]'
	echo '"text"'
	echo '{"id":"a","direction":"inbound","type":"message"'
	printf '{"text":"a\000b"}\n'
	printf '{"text":"\377"}\n'
	echo '{"id":3,"type":["message"],"direction":"inbound","conversation":{},"text":7,"subject":null,"keywords":"x","sentAt":"never","from":[],"context":1}'
	echo '{"id":"b","type":"message","direction":"inbound","sentAt":"9999-12-31T23:59:59Z","conversation":""}'
	echo '{"id":"c","type":"message","direction":"inbound","sentAt":"0001-01-01T00:00:00Z","conversation":"z"}'
	echo '{"id":"d","type":"message","direction":"inbound","text":"\ud800 cancel","conversation":"z"}'
} >odd.jsonl
code "odd records: exit 1" 1 kith-route -r rules.yaml --rejects rej odd.jsonl
is "all of them are somewhere" \
	"$(cat .out rej | wc -l | tr -d ' ')" 10
is "the ones that are no records are rejected" \
	"$(wc -l <rej | tr -d ' ')" 6
awk 'BEGIN { printf "{\"id\":\"x\",\"type\":\"message\",\"direction\":\"inbound\",\"text\":\""
	for (i = 0; i < 100000; i++) printf "cancel order 12 "
	print "\"}" }' >long.jsonl
code "a long text" 0 kith-route -r rules.yaml long.jsonl
code "one longer than allowed is rejected" 1 \
	kith-route -r rules.yaml --max-line 1M long.jsonl
for f in in odd; do
	is "/dev/full gives 2 ($f)" "$(
		kith-route -r rules.yaml $f.jsonl >/dev/full 2>/dev/null
		echo $?)" 2
done
# More findings than are written at once, and all of them warnings.
{
	printf 'version: 1\nrules:\n'
	awk 'BEGIN { for (i = 0; i < 300; i++)
		printf "- {name: %d%0900d, then: {stop: false}}\n", i, 0 }'
} >many.yaml
kith-route -r many.yaml --check >/dev/full 2>.err
is "many warnings to /dev/full, too" "$?" 2
is "and says what and where" "$(cat .err)" \
	"kith-route: fatal: standard output: No space left on device"
is "--check to /dev/full gives 2" "$(
	kith-route -r bad.yaml --check >/dev/full 2>/dev/null
	echo $?)" 2
is "a closed pipe ends it quietly" "$(
	{ kith-route -r rules.yaml in.jsonl 2>err; } | head -n 1 | wc -l
	cat err)" 1

# --- the state ---
kith-route -r rules.yaml in.jsonl >whole.jsonl
: >file
code "a state that is a file" 2 kith-route -r rules.yaml -S file in.jsonl
code "a state below a file" 2 kith-route -r rules.yaml -S file/x in.jsonl
mkdir other
echo 'this is no database at all, whatever its name says' >other/work.db
code "a state that is no database" 2 kith-route -r rules.yaml -S other in.jsonl
like "says so" "$(cat .err)" 'other/work.db: '
is "and does not touch it" "$(wc -l <other/work.db | tr -d ' ')" 1
if [ "$(id -u)" -ne 0 ]; then
	mkdir shut
	chmod 500 shut
	code "no rights on the state" 2 kith-route -r rules.yaml -S shut in.jsonl
fi

mkfifo pipe
kith-route -r rules.yaml -S state <pipe >/dev/null &
first=$!
exec 3>pipe
within [ -e state/work.db ]
code "two runs at once: the second may try again" 75 \
	kith-route -r rules.yaml -S state in.jsonl
exec 3>&-
wait $first
is "the first ends well" $? 0

# Killed somewhere in the middle, run again from the start: the same bytes,
# and open work as after one run.
kith-route -r rules.yaml -S calm in.jsonl | cmp -s - whole.jsonl
is "a state changes nothing" $? 0
same=0
for n in 1 300 1700 3999; do
	rm -rf killed
	mkfifo p$n
	kith-route -r rules.yaml -S killed <p$n >part &
	pid=$!
	exec 3>p$n
	head -n $n in.jsonl >&3
	within [ -e killed/work.db ]
	kill -9 $pid
	wait $pid 2>/dev/null
	exec 3>&-
	kith-route -r rules.yaml -S killed in.jsonl | cmp -s - whole.jsonl &&
		same=$((same + 1))
done
is "four kills change nothing" $same 4
for s in calm killed; do
	kith-route -r rules.yaml -S $s --overdue --now 2027-01-01T00:00:00Z \
		</dev/null >$s.late
done
ok "nor what is open" cmp calm.late killed.late
done_testing
