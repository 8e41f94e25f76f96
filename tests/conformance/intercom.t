#!/bin/sh
# Tables that a pipeline made of Intercom, where the folder is there: rows that
# stand come out with author, time and words, older ones are left out.
. "${0%/*}/../lib.sh"
DATA=${KITH_DATA:-$ROOT/../shared/data}/intercom_csv/dbt_intercom
[ -d "$DATA" ] || {
	echo '1..0 # skip no Intercom samples'
	exit 0
}
DATA=$(cd "$DATA" && pwd)

# records WHAT WANT: types and how many of each.
records() {
	kith-ingest -q --rejects more "$DATA/$1" >native
	kith-normalize -q --rejects rejects native >records
	cat more >>rejects
	is "${1:-all}" "$(jq -r .type records | sort | uniq -c | tr -s ' \n' ' ')" "$2"
	is "${1:-all}: rejects" "$(cat rejects)" ""
}
records conversation_part_history_data.csv " 8 event 1 message "
is "who, when and what" \
	"$(jq -r '[.from.uri, .sentAt, .threadId, .data.subtype // .text] | @tsv' records)" \
	"$(tail -n +2 "$DATA/conversation_part_history_data.csv" | awk -F, -v OFS='\t' '{
		sub(" ", "T", $10)
		print "intercom:" $6, $10 "Z", $8, ($13 == "" ? $12 : $13) }')"
records conversation_history_data.csv " 2 message "
records contact_history_data.csv " 9 contact "
records admin_data.csv " 4 contact "
records "" " 22 contact 8 event 3 message "
done_testing
