#!/bin/sh
# Messenger and Instagram samples, where the folder is there: every message of
# what chat-miner expects comes out with its author, time and text, and every
# file without a reject.
. "${0%/*}/../lib.sh"
DATA=${KITH_DATA:-$ROOT/../shared/data}/messenger
[ -d "$DATA" ] || {
	echo '1..0 # skip no Messenger samples'
	exit 0
}
DATA=$(cd "$DATA" && pwd)

# items FILE CHANNEL: each message of the file comes out, on this channel.
items() {
	want=$(jq '.messages | length' "$DATA/$1")
	kith-ingest --rejects more "$DATA/$1" >native
	kith-normalize -q --rejects rejects native >records
	cat more >>rejects
	got="$(wc -l <native) $(wc -l <records) $(wc -l <rejects)"
	printf '# %-36s %s items, records, rejects\n' "$1" "$got"
	is "$1" "$got" "$want $want 0"
	is "format and channel of $1" \
		"$(jq -r .source.format native | sort -u) $(jq -r .channel records | sort -u)" \
		"messenger $2"
}
# expected FILE HOURS PROGRAM: what stands there, in times of a zone that many
# hours before UTC, one more in summer where it is not UTC, is among the records.
expected() {
	is "what $1 says" "$(jq -nc --slurpfile r records --rawfile t "$DATA/$1" \
		--argjson h "$2" "$3"'
		| . - [$r[] | [(.sentAt | sub("\\.[0-9]+"; "") | fromdate
			| . + 3600 * (if $h == 0 then 0 else $h + (strftime("%m") | if . > "03" and . < "10" then 1 else 0 end) end)
			| strftime("%Y-%m-%dT%H:%M:%S")), .from.name, .text]]')" "[]"
}
items chat-miner/instagram/test_export.json instagram
expected chat-miner/instagram/target.json 0 \
	'[$t | fromjson | .[] | [.timestamp, .author, .message]]'
items chat-miner-2022/facebook/testlog.json messenger
expected chat-miner-2022/facebook/target.json 0 '[$t | fromjson | .[]
	| [(.datetime / 1000 | floor | strftime("%Y-%m-%dT%H:%M:%S")), .author, .message]]'
items chat-miner-2023-11/instagram/testlog.json instagram
expected chat-miner-2023-11/instagram/testlog_target.csv 1 '[$t | split("\n")[1:][] | select(. != "") / ","
	| [(.[0][0:19] | sub(" "; "T")), .[1],
		(.[2] | select(test("^(disappearingmessage|sent[a-z]+)$") | not))] | select(length == 3)]'
expected chat-miner-2023-11/instagram/testlog_target.csv 1 '[$t | split("\n")[1:][] | select(. != "") / ","
	| select(.[2] | test("^(disappearingmessage|sent(audio|video|photo))$"))
	| [(.[0][0:19] | sub(" "; "T")), .[1], null]]'
items langchain/facebook_chat.json messenger
done_testing
