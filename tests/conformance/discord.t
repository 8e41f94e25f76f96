#!/bin/sh
# Discord samples, where the folder is there: every message comes out with its
# id, author, time, text and what it answers.
. "${0%/*}/../lib.sh"
DATA=${KITH_DATA:-$ROOT/../shared/data}/discord
[ -d "$DATA" ] || {
	echo '1..0 # skip no Discord samples'
	exit 0
}
for file in "$DATA"/*/*.json; do
	name=${file#"$DATA"/}
	want=$(jq '.messages | length' "$file")
	kith-ingest --rejects more "$file" >native
	kith-normalize -q --rejects rejects native >records
	cat more >>rejects
	got="$(wc -l <native) $(wc -l <records) $(wc -l <rejects)"
	printf '# %-36s %s items, records, rejects\n' "$name" "$got"
	is "$name" "$got" "$want $want 0"
	is "format of $name" "$(jq -r .source.format native | sort -u)" discord
	is "what $name says" \
		"$(jq -c '[.messageId, .sentAt, .from.uri, .from.name, .text, .inReplyTo[0], .data.editedAt]' records)" \
		"$(jq -c 'def utc: if . then sub("\\+00:00$"; "Z") else . end;
			.messages[] | [.id, (.timestamp | utc), "discord:" + .author.id, .author.name, .content,
				.reference.messageId, (.timestampEdited | utc)]' "$file")"
done
done_testing
