#!/bin/sh
# Tables of people, where the folder of samples is there: what each file is
# told to be, every row out or rejected, and how many rows have a name, an
# address, a number, not fewer than were reached.
. "${0%/*}/../lib.sh"
DATA=${KITH_DATA:-$ROOT/../shared/data}/contacts_csv
[ -d "$DATA" ] || {
	echo '1..0 # skip no samples of tables'
	exit 0
}
DATA=$(cd "$DATA" && pwd)
printf '# %-28s %-13s %5s %7s %5s %5s %5s\n' file format items rejects \
    name email tel

# table FILE FORMAT ITEMS RECORDS NAMES EMAILS TELS
table() {
	kith-ingest --rejects more "$DATA/$1" >native
	kith-normalize -C kith.yaml --rejects rejects native >records
	fields=$(jq -r -s '[length, (map(select(.from.name)) | length),
	    (map(select(.from.email)) | length),
	    (map(select(.from.tel)) | length)] | map(tostring) | join(" ")' records)
	format=$(jq -r .source.format native | sort -u)
	# shellcheck disable=SC2086
	printf '# %-28s %-13s %5d %7d %5d %5d %5d\n' "$1" "$format" \
	    "$(wc -l <native)" "$(cat more rejects | wc -l)" ${fields#* }
	is "$1" "$format $(wc -l <native) $fields" "$2 $3 $4 $5 $6 $7"
}
echo 'region: IN' >kith.yaml
table chatwoot/contacts.csv contacts-csv 25 25 25 25 25
table chatwoot/invalid_bytes.csv contacts-csv 2 2 2 2 0
table chatwoot/with_emoji.csv contacts-csv 1 1 1 0 0
table langchain/example-utf8.csv csv 10 0 0 0 0
table langchain/example-non-utf8.csv csv 10 0 0 0 0
is 'bytes of another charset' "$(kith-ingest "$DATA/chatwoot/invalid_bytes.csv" |
    kith-normalize | jq -r .from.name)" 'Jöhn Döe
Jane Smith'
is 'emoji' "$(kith-ingest "$DATA/chatwoot/with_emoji.csv" |
    kith-normalize | jq -r .from.name)" 'T 🏠 🔥 Test'
is 'Shift_JIS' "$(kith-ingest "$DATA/langchain/example-non-utf8.csv" |
    jq -r '.native | keys_unsorted[2]' | sort -u)" '顧客名'
done_testing
