#!/bin/sh
# vCons of vcon-server, where the folder is there: every valid one gives a
# record for each dialog with its parties, time, duration and transcript, and
# every invalid one is refused with a reason.
. "${0%/*}/../lib.sh"
DATA=${KITH_DATA:-$ROOT/../shared/data}/vcon/vcon-server
[ -d "$DATA" ] || {
	echo '1..0 # skip no samples of vCons'
	exit 0
}
DATA=$(cd "$DATA" && pwd)
kith-ingest -q "$DATA"/*.json >native
kith-normalize -q --rejects rejects native >records
printf '# valid: %s items, %s records, %s rejects\n' "$(wc -l <native)" \
    "$(wc -l <records)" "$(wc -l <rejects)"
is 'all are told' "$(jq -r .source.format native | sort -u)" vcon
is 'a record each dialog' "$(wc -l <records) $(wc -l <rejects)" \
    "$(cat "$DATA"/*.json | jq -s 'map(.dialog | length) | add') 0"
is 'whose thread is the vCon' "$(jq -r .threadId records)" \
    "$(cat "$DATA"/*.json | jq -r '.uuid as $u | .dialog[] | $u')"
is 'who called whom, how long' \
    "$(jq -c '[.from.tel, .to[].tel, .data.duration]' records)" \
    "$(cat "$DATA"/*.json | jq -c '. as $v | .dialog[] |
	[(.parties[] | $v.parties[.].tel), .duration]')"
is 'when' "$(jq -r '.sentAt[:19]' records)" \
    "$(cat "$DATA"/*.json | jq -r '.dialog[].start[:19]')"
is 'what was said' \
    "$(jq -r 'select(.text != null) | .text | split("\n") | length' records)" \
    "$(cat "$DATA"/*.json | jq -r '.analysis[] |
	select(.type == "transcript") | .body |
	if type == "array" then map(.message | split("\n")[]) | length
	else 1 end')"
for file in "$DATA"/invalid/*.json; do
	kith-ingest -q "$file" | kith-normalize -q --rejects rejects >records
	printf '# %-40s %s\n' "${file##*/}" "$(jq -r .reason rejects)"
	is "${file##*/}" "$(wc -l <records) $(wc -l <rejects)" '0 1'
done
done_testing
