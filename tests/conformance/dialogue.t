#!/bin/sh
# Dialogues of ABCD, where the folder is there: each turn comes out as what it
# is, in order, with its words.
. "${0%/*}/../lib.sh"
DATA=${KITH_DATA:-$ROOT/../shared/data}/dialogues
[ -d "$DATA" ] || {
	echo '1..0 # skip no dialogues'
	exit 0
}
DATA=$(cd "$DATA" && pwd)

sample=$DATA/abcd/abcd_sample.json
kith-ingest --rejects rejects "$sample" >native
kith-normalize -q --rejects more native >records
is "nothing rejected" "$(cat rejects more | wc -l)" 0
is "format" "$(jq -r .source.format native | sort -u)" dialogue
jq -r '[.threadId, .text] | @tsv' records >got
jq -r '.[] | .convo_id as $id | .original[] | [($id | tostring), .[1]] | @tsv' "$sample" >want
ok "words in their order" cmp got want
jq -r 'if .type == "event" then "action" elif .direction == "inbound"
	then "customer" else "agent" end' records >got
jq -r '.[].original[][0]' "$sample" >want
ok "who speaks" cmp got want
kith-identify -q records | kith-merge -q | jq -r '[.threadId, .data.turn] | @tsv' |
	sort -s -k 1,1 >merged
sort -s -k 1,1 -k 2,2n merged >want
ok "merge keeps the order" cmp merged want
for other in guidelines kb ontology; do
	is "$other is none" "$(kith-ingest "$DATA/abcd/$other.json" | jq -r .source.format)" json
done
done_testing
