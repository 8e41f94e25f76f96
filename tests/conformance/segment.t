#!/bin/sh
# Segment calls, where the folder of samples is there: every call out, and
# what it becomes.
. "${0%/*}/../lib.sh"
DATA=${KITH_DATA:-$ROOT/../shared/data}/segment
[ -d "$DATA" ] || {
	echo '1..0 # skip no Segment samples'
	exit 0
}
DATA=$(cd "$DATA" && pwd)
printf '# %-44s %5s %7s %-9s %4s %4s\n' file items rejects type who when

# calls FILE ITEMS TYPE: each has an id, somebody and a time.
calls() {
	kith-ingest --rejects more "$DATA/$1" >native
	kith-normalize --rejects rejects native >records
	jq -r '.source.format + " " + .type, (select(.from.uri) | "who"),
	    (select(.sentAt) | "when")' records >told
	who=$(grep -cx who told)
	when=$(grep -cx when told)
	type=$(grep -vx 'who\|when' told | sort -u)
	printf '# %-44s %5d %7d %-9s %4d %4d\n' "$1" "$(wc -l <native)" \
	    "$(cat more rejects | wc -l)" "${type#* }" "$who" "$when"
	is "$1" "$(wc -l <native) $(wc -l <records) $who $when $type" \
	    "$2 $2 $2 $2 segment $3"
}
calls analytics-go/test-context-track.json 1 event
calls analytics-go/test-enqueue-alias.json 1 contact
calls analytics-go/test-enqueue-group.json 1 event
calls analytics-go/test-enqueue-identify.json 1 contact
calls analytics-go/test-enqueue-page.json 1 visit
calls analytics-go/test-enqueue-screen.json 1 visit
calls analytics-go/test-enqueue-track.json 1 event
calls analytics-go/test-integrations-track.json 1 event
calls analytics-go/test-interval-track.json 1 event
calls analytics-go/test-many-track.json 3 event
calls analytics-go/test-messageid-track.json 1 event
calls analytics-go/test-timestamp-track.json 1 event
is 'an alias has both ids' "$(kith-ingest \
    "$DATA/analytics-go/test-enqueue-alias.json" | kith-normalize |
    kith-identify | jq -r '.ids[].value' | tr '\n' ' ')" 'B A '
done_testing
