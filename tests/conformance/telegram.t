#!/bin/sh
# Telegram samples, where the folder is there: every message of what chat-miner
# expects comes out with its author, time and text, and every file without a
# reject.
. "${0%/*}/../lib.sh"
DATA=${KITH_DATA:-$ROOT/../shared/data}/telegram
[ -d "$DATA" ] || {
	echo '1..0 # skip no Telegram samples'
	exit 0
}
DATA=$(cd "$DATA" && pwd)

# items FILE WANT: how many come out, as what.
items() {
	kith-ingest --rejects more "$DATA/$1" >native
	kith-normalize -q --rejects rejects native >records
	cat more >>rejects
	got="$(wc -l <native) $(wc -l <records) $(wc -l <rejects)"
	printf '# %-36s %s items, records, rejects\n' "$1" "$got"
	is "$1" "$got" "$2 $2 0"
	is "format of $1" "$(jq -r .source.format native | sort -u)" telegram
}
for file in test_single_export test_batch_export; do
	items "chat-miner/$file.json" 2
	is "what $file says" \
		"$(jq -c '[.sentAt[0:19], .from.name, .text]' records)" \
		"$(jq -c '.[] | [.timestamp, .author, .message]' "$DATA/chat-miner/target.json")"
done
items langchain/result.json 4
items langchain/telegram.json "$(jq '.messages | length' "$DATA/langchain/telegram.json")"
items langchain/telegram_channel.json "$(jq length "$DATA/langchain/telegram_channel.json")"
done_testing
