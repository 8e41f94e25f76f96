#!/bin/sh
# Twilio's tables as a mirror of its API writes them, where the folder of
# samples is there: every message and call, and nothing of the other tables but
# a count.
. "${0%/*}/../lib.sh"
DATA=${KITH_DATA:-$ROOT/../shared/data}/twilio_csv
[ -d "$DATA" ] || {
	echo '1..0 # skip no Twilio samples'
	exit 0
}
DATA=$(cd "$DATA" && pwd)/dbt_twilio

# rows FILE RECORDS: each row an item; how many records, as what.
rows() {
	want=$(($(wc -l <"$DATA/$1") - 1))
	[ -z "$(tail -c 1 "$DATA/$1")" ] || want=$((want + 1))
	kith-ingest --rejects more "$DATA/$1" >native
	kith-normalize -q --rejects rejects native >records
	cat more >>rejects
	got="$(jq -r .source.format native | sort | uniq -c | xargs)"
	printf '# %-40s %s, %s records, %s rejects\n' "$1" "$got" \
	    "$(wc -l <records)" "$(wc -l <rejects)"
	is "$1" "$got $(wc -l <records) $(wc -l <rejects)" "$want twilio $2 0"
}
rows twilio_message_data.csv 10
is "messages: what of them is known" \
    "$(jq -c '[.type, .channel, .direction, .account, .from.tel, .to[0].tel,
	(.sentAt != null), .data.status]' records | sort | uniq -c | xargs)" \
    '10 [message,sms,outbound,+15555555555,+15555555555,+15555555555,true,delivered]'
rows twilio_call_data.csv 9
is "calls: what became of them" \
    "$(jq -r '[.type, .channel, .direction, .data.disposition] | join(" ")' \
	records | sort | uniq -c | xargs)" '9 call voice inbound no answer'
rows twilio_address_data.csv 0
rows twilio_incoming_phone_number_data.csv 0
rows twilio_messaging_service_data.csv 0
rows twilio_account_history_data.csv 0
rows twilio_usage_record_data.csv 0
done_testing
