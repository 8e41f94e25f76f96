#!/bin/sh
# A sample of Signal's chats as text, where the folder is there: every message
# of what chat-miner expects comes out with its author, time and text.
. "${0%/*}/../lib.sh"
DATA=${KITH_DATA:-$ROOT/../shared/data}/signal_txt
[ -d "$DATA" ] || {
	echo '1..0 # skip no samples of Signal'
	exit 0
}
DATA=$(cd "$DATA" && pwd)/chat-miner

kith-ingest --rejects more "$DATA/test_export.txt" >native
kith-normalize -q --rejects rejects native >records
cat more >>rejects
want=$(jq length "$DATA/target.json")
printf '# %s records of %s, %s rejects\n' "$(wc -l <records)" "$want" \
	"$(wc -l <rejects)"
is "items, records, rejects" \
	"$(wc -l <native) $(wc -l <records) $(wc -l <rejects)" "$want $want 0"
is "format" "$(jq -r .source.format native | sort -u)" signal
is "who, when, what" \
	"$(jq -c '[.sentAt[0:19], .from.name, (.text | gsub("\n"; " "))]' records | sort)" \
	"$(jq -c '.[] | [.timestamp, .author, .message]' "$DATA/target.json" | sort)"
done_testing
