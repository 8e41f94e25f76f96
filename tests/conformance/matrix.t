#!/bin/sh
# The events that Matrix's specification shows, where the folder is there: each
# of a room comes out as one record, by its sender, at its time.
. "${0%/*}/../lib.sh"
DATA=${KITH_DATA:-$ROOT/../shared/data}/matrix/matrix-spec
[ -d "$DATA" ] || {
	echo '1..0 # skip no events of the specification'
	exit 0
}
DATA=$(cd "$DATA" && pwd)

# They are JSON, and each names what it is made from.
: >events
for file in "$DATA"/*.yaml; do
	grep -q '"\$ref"' "$file" || continue
	jq -c --slurpfile state "$DATA/core/state_event.json" \
		--slurpfile room "$DATA/core/room_event.json" \
		--slurpfile member "$DATA/m.room.member.yaml" '
		."$ref" as $ref
		| if $ref == "core/room_event.json" then $room[0] + .
			elif $ref == "core/state_event.json"
			then $room[0] + $state[0] + .
			elif $ref == "m.room.member.yaml"
			then $room[0] + $state[0] + $member[0] + .
			else empty end
		| del(."$ref")' "$file" >>events
done
want=$(wc -l <events)
kith-ingest --rejects more events >native
kith-normalize -q --rejects rejects native >records
cat more >>rejects
printf '# %s events of the specification, %s records, %s rejects\n' "$want" \
	"$(wc -l <records)" "$(wc -l <rejects)"
ok "there are events" test "$want" -gt 40
is "events, records, rejects" \
	"$(wc -l <native) $(wc -l <records) $(wc -l <rejects)" "$want $want 0"
is "their format" "$(jq -r .source.format native | sort -u)" matrix
is "who and where" "$(jq -c '[.from.uri, .threadId, .sentAt]' records)" \
	"$(jq -c '["matrix:" + .sender, .room_id,
		(.origin_server_ts / 1000 | floor | todate[:-1] + ".653Z")]' events)"
is "messages are messages" \
	"$(jq -r 'select(.type == "message") | .text // .attachments[0].name' records)" \
	"$(jq -r 'select(.type == "m.room.message" or .type == "m.sticker"
			or .type == "m.room.encrypted")
		| select(.content.msgtype != "m.key.verification.request")
		| .content.body' events)"
is "all others are events, under their type" \
	"$(jq -r 'select(.type != "message") | .data.subtype' records)" \
	"$(jq -r 'select((.type == "m.room.message" or .type == "m.sticker"
			or .type == "m.room.encrypted") and
			.content.msgtype != "m.key.verification.request" | not)
		| .type' events)"
done_testing
