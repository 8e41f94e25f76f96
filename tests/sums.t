#!/bin/sh
# Nothing from outside is dropped without a reason: over the records of all
# goldens, as they are and as merge decides, inbound = asking + what does not
# ask, by reason; and inbound is what came, counted by other means.
. "${0%/*}/lib.sh"

# From outside, messages and calls, each id once.
came() {
	jq -rs '[.[] | objects | select((.type == "message" or .type == "call") and
		.direction == "inbound") | .id] |
		(map(select(. != null)) | unique | length) +
		(map(select(. == null)) | length)' "$1"
}
# The sums of a summary, as machines and as people get it.
sums() {
	kith-report summary -f json --now 2040-01-01T00:00:00Z "$1" 2>/dev/null |
		jq -r '[.inbound, .asking + ([to_entries[] |
			select(.key | startswith("why")) | .value] | add)] | @tsv'
	kith-report summary --define --now 2040-01-01T00:00:00Z "$1" 2>/dev/null |
		awk '$1 == "inbound" { inbound = $2 }
			$1 == "asking" || $1 == "not:" { sum += $NF }
			END { print inbound + 0 "\t" sum + 0 }'
}
# Ids of one golden are not another's.
jq -Rc '(input_filename | sub(".*/golden/"; "") | sub("/in$"; ":")) as $name |
	fromjson? | objects | if .id then .id |= $name + tostring else . end |
	if .conversation then .conversation |= $name + . else . end' \
	 "$TESTS"/golden/identify/*/in "$TESTS"/golden/merge/*/in \
	"$TESTS"/golden/recall/*/in "$TESTS"/golden/reply/*/in \
	"$TESTS"/golden/report/*/in "$TESTS"/golden/route/*/in >all
kith-identify <all 2>/dev/null | kith-merge >merged 2>/dev/null
for records in all merged; do
	sums "$records" >got
	n=$(came "$records")
	is "$records: inbound is what came, and what asks and what does not, by reason" \
		"$(cat got)" "$n	$n
$n	$n"
	ok "$records: there was much" test "$n" -gt 300
done
done_testing
