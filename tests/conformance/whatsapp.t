#!/bin/sh
# WhatsApp samples, where the folder is there: every message of what
# chat-miner expects comes out with its author, time and text, and every file
# without a reject.
. "${0%/*}/../lib.sh"
DATA=${KITH_DATA:-$ROOT/../shared/data}/whatsapp
[ -d "$DATA" ] || {
	echo '1..0 # skip no WhatsApp samples'
	exit 0
}
DATA=$(cd "$DATA" && pwd)

# items FILE ITEMS MESSAGES: how many come out, and of which type.
items() {
	kith-ingest --rejects more "$DATA/$1" >native
	kith-normalize -q --rejects rejects native >records
	cat more >>rejects
	got="$(wc -l <native) $(jq -c 'select(.type == "message")' records |
	    wc -l) $(wc -l <rejects)"
	printf '# %-44s %s items, messages, rejects\n' "$1" "$got"
	is "$1" "$got" "$2 $3 0"
	is "format of $1" "$(sed -n 's/.*"source":{"format":"\([^"]*\)".*/\1/p' native | sort -u)" whatsapp
}
# A record as the expectation writes it: text on one line, numbers as digits.
theirs='def flat: gsub("[ \u00a0\u202f]*[\n ][ \u00a0\u202f]*"; " ")
    | gsub("\u00a0"; " ");
  def author: if test("^\\+[0-9 ]+$") then gsub(" "; "") else . end;'
# found NAME WANT: of the expected lines (in `want`) how many are there.
found() {
	jq -c "$theirs"' [.sentAt[0:19], ((.from.name // .from.tel // "System")
	    | author), ((.text // "<Disappearing Message>") | flat)]' records |
	    sort >have
	sort want >wanted
	n=$(comm -12 have wanted | wc -l)
	printf '# %-44s %d of %d\n' "$1" "$n" "$(wc -l <wanted)"
	comm -13 have wanted | sed 's/^/# missing: /'
	is "$1" "$n" "$2"
}

for form in '[mmddyy]_24hrs' ddmmyy_24hrs mmddyy_24hrs mmddyyyy_12hrs \
    yyyymmdd_24hrs; do
	items "chat-miner/test_$form.txt" 9 6
	jq -c '.[] | [.timestamp, .author, .message]' \
	    "$DATA/chat-miner/target.json" >want
	found "$form" 6
done
# chat-miner's tables of 2023: CSV, whose quotes hold commas.
while read -r name all messages; do
	items "chat-miner-2023-11/test_$name.txt" "$all" "$messages"
	kith-ingest "$DATA/chat-miner-2023-11/test_${name}_target.csv" |
	    jq -c "$theirs"' .native | [(.timestamp | sub(" "; "T")),
		(.author | author), (.message | flat)]' >want
	found "$name" "$all"
done <<'T'
dateformat1 10 6
dateformat2 4 4
dateformat3 4 4
dateformat4 4 4
dateformat5 4 4
dateformat6 4 4
unicode 3 3
T
items langchain/ios_whatsapp_chat.txt 12 11
is 'left-out images' "$(jq -c 'select(.data.omitted)' records | wc -l)" 3
items langchain/mixed_whatsapp_chat.txt 10 10
is 'forms in one file' "$(jq -r '.sentAt[0:16]' records | tr '\n' ' ')" \
    "2023-05-05T15:48 2021-11-08T09:41 2023-01-23T03:19 2023-01-23T03:22 2021-01-24T12:41 2023-05-04T16:13 2022-07-19T23:32 2022-07-20T11:32 2023-04-20T09:42 2023-06-29T00:16 "
done_testing
