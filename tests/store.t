#!/bin/sh
# What is kept in memory and what is kept in a state is kept alike: the same
# records with and without one, at once, in pieces and again, give the same
# bytes.
. "${0%/*}/lib.sh"
KITH_NOW=2026-03-04T12:00:00Z
export KITH_NOW
cp -R "$TESTS/demo/." .
{
	kith ingest support.mbox
	kith ingest slack-export
} 2>/dev/null | kith normalize -C kith.yaml | kith identify -C kith.yaml >demo.in
for dir in "$TESTS"/golden/merge/*/; do
	name=${dir%/}
	[ ! -e "$dir/in" ] || cp "$dir/in" "${name##*/}.in"
done
# We write to a place where the last one to speak was kept apart.
message() {
	printf '{"id":"%s","type":"message","channel":"slack","account":"T1","direction":"%s","sentAt":"2026-03-01T10:0%s:00Z","from":{"uri":"slack:T1/%s"},"to":[{"uri":"slack:T1/C1"}],"messageId":"%s","text":"t","ids":[%s]%s}\n' \
		"m$1" "$2" "$1" "$3" "$1" "$4" "$5"
}
{
	message 1 inbound U1 '{"type":"slack","value":"T1/U1","trust":"platform","from":"from"}'
	message 2 inbound U2 '{"type":"slack","value":"T1/U2","trust":"platform","from":"from"}' ',"inReplyTo":["1"]'
	message 3 outbound U9 ''
} >place.in

# same WHAT FILE FILE
same() {
	if cmp -s "$2" "$3"; then pass "$1"; else
		fail "$1"
		diff "$2" "$3" | head -4 | sed 's/^/# /'
	fi
}
# pieces COMMAND...: runs it on each third of the file `whole`.
pieces() {
	rm -f piece.*
	split -n l/3 whole piece.
	for p in piece.*; do
		"$@" "$p" 2>/dev/null
	done
}
for in in *.in; do
	name=${in%.in}
	rm -rf state follow
	kith merge "$in" >memory 2>/dev/null
	kith merge -S state "$in" >kept 2>/dev/null
	same "merge, $name: with a state as without" kept memory
	kith merge -S state "$in" >again 2>/dev/null
	same "merge, $name: the same again on that state" again kept
	kith merge --follow "$in" >memory 2>/dev/null
	kith merge --follow -S follow "$in" >kept 2>/dev/null
	same "merge --follow, $name: with a state as without" kept memory
done
is "who was kept apart does not lead an answer away" \
	"$(kith merge place.in | sed -n '1p;3p' |
		sed 's/.*"conversation":"\([^"]*\)".*/\1/' | uniq | wc -l)" 1

kith merge demo.in >merged
grep -v '"quarantine"' merged | sed 's/,"person":"[^"]*","conversation":"[^"]*"//' >whole
kith merge whole >memory
pieces kith merge -S pieces >kept
same "merge: in three runs as in one" kept memory

kith merge -S known demo.in >/dev/null
kith recall merged >recalled
kith recall -S known merged >kept
same "recall: with a state as without" kept recalled
cp merged whole
pieces kith recall -S known >kept
same "recall: in three runs as in one" kept recalled

for rules in rules.yaml none.yaml; do
	echo 'version: 1' >none.yaml
	rm -rf work
	kith route -C kith.yaml -r $rules recalled >memory
	kith route -C kith.yaml -r $rules -S work recalled >kept
	same "route, $rules: with a state as without" kept memory
	kith route -C kith.yaml -r $rules -S work recalled >again
	same "route, $rules: the same again on that state" again kept
	kith route -C kith.yaml -r $rules --overdue recalled >memory
	kith route -C kith.yaml -r $rules --overdue -S work >kept </dev/null
	same "route --overdue, $rules: with a state as without" kept memory
	rm -rf work
	cp recalled whole
	kith route -C kith.yaml -r $rules recalled >memory
	pieces kith route -C kith.yaml -r $rules -S work >kept
	same "route, $rules: in three runs as in one" kept memory
done
# A line of the state's acts that the power went in is none; a file of one's own
# is to be mended.
ids=$(sed -n "s/.*\"conversation\":\"\([^\"]*\)\".*/\1/p" recalled | sort -u)
act() { kith-route -q -S torn --act snooze "$1" --until 2026-05-01T00:00:00Z --by kim; }
act "$(echo "$ids" | sed -n 1p)" >/dev/null
{
	printf '{"id":"mxx","type":"event",'
	head -c 700 /dev/zero
	printf '"}}\n'
} >>torn/acts.jsonl
act "$(echo "$ids" | sed -n 2p)" >/dev/null
code 'a torn act is none' 0 kith-merge -q -S torn
is 'what stands before and after it holds' "$(grep -c snooze .out)" 2
code 'in a file of ones own it is a mistake' 2 kith-merge -q --acts torn/acts.jsonl /dev/null
done_testing
