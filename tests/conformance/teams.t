#!/bin/sh
# Samples of Microsoft Teams, where the folder is there: every message comes
# out, with its author, time and place, what the system says as an event.
. "${0%/*}/../lib.sh"
DATA=${KITH_DATA:-$ROOT/../shared/data}/teams
[ -d "$DATA" ] || {
	echo '1..0 # skip no samples of Teams'
	exit 0
}
DATA=$(cd "$DATA" && pwd)

find "$DATA" -name '*.json' | sort >files
while read -r file; do
	name=${file#"$DATA"/}
	kith-ingest --rejects more "$file" >native
	kith-normalize -q --rejects rejects native >records
	cat more >>rejects
	want=$(jq length "$file")
	got="$(wc -l <native) $(wc -l <records) $(wc -l <rejects)"
	printf '# %-40s %s items, records, rejects\n' "$name" "$got"
	is "$name" "$got" "$want $want 0"
	is "format of $name" "$(jq -r .source.format native | sort -u)" teams
	is "who, when and where of $name" \
		"$(jq -c '[.messageId, .threadId, .from.uri, .from.name, .sentAt[0:19]]' records)" \
		"$(jq -c '.[] | (.From.User // .EventDetail.Initiator.User) as $u
			| [.ChatId + "/" + .Id, .ChatId, "teams:" + $u.Id,
				$u.DisplayName, .CreatedDateTime[0:19]]' "$file")"
	is "what is an event in $name" "$(jq -r .type records)" \
		"$(jq -r '.[] | if .MessageType == "message" then "message"
			else "event" end' "$file")"
	is "what was edited in $name" \
		"$(jq -c '.keywords // [] | index("edited") != null' records)" \
		"$(jq -c '.[] | .LastEditedDateTime != null' "$file")"
done <files
ok "a message in the files of both is one" jq -se '
	(map(select(.type == "message") | .id) | unique | length) ==
	(map(select(.type == "message")) | length)' records
done_testing
