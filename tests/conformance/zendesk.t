#!/bin/sh
# Zendesk's samples, where the folders are there: answers of the API and the
# tables that pipelines make of it come out as what they are, without a reject.
. "${0%/*}/../lib.sh"
DATA=${KITH_DATA:-$ROOT/../shared/data}
[ -d "$DATA/zendesk" ] || {
	echo '1..0 # skip no Zendesk samples'
	exit 0
}
DATA=$(cd "$DATA" && pwd)

# records FILE WANT: types and how many of each.
records() {
	kith-ingest -q --rejects more "$DATA/$1" >native
	kith-normalize -q --rejects rejects native >records
	cat more >>rejects
	is "$1" "$(jq -r .type records | sort | uniq -c | tr -s ' \n' ' ')" "$2"
	is "$1: rejects" "$(cat rejects)" ""
	is "$1: formats" "$(jq -r .source.format native | sort -u)" "${3-zendesk}"
}
for file in "$DATA"/zendesk/*.json; do
	name=${file##*/}
	case $name in
	*_Request_*.0.json | *_Ticket_*tickets*.0.json | valid_ticket.*)
		records "zendesk/$name" " 100 message " ;;
	*_Request_*.1.json) records "zendesk/$name" " 1 message " ;;
	*Audit*) records "zendesk/$name" " 2 event 22 message " ;;
	*_User_*.0.json) records "zendesk/$name" " 33 contact " ;;
	*_User_*.1.json) records "zendesk/$name" " 1 contact " ;;
	*TicketField* | *TicketMetric* | *uploads.[01].json)
		records "zendesk/$name" "" ;;
	ticket_inline*) records "zendesk/$name" " 3 message " ;;
	*) records "zendesk/$name" " 1 message " ;;
	esac
done
tables=zendesk_csv/dbt_zendesk
[ -d "$DATA/$tables" ] && {
	records $tables " 20 contact 43 event 37 message "
	records $tables/ticket_comment_data.csv " 20 message "
	is "what comments say" "$(jq -r .text records | sort)" \
		"$(tail -n +2 "$DATA/$tables/ticket_comment_data.csv" | cut -d, -f3 | sort)"
	records $tables/ticket_data.csv " 10 message "
	records $tables/user_data.csv " 10 contact "
	records $tables/ticket_tag_data.csv "" ""
}
done_testing
