#!/bin/sh
# Samples of SMS Backup & Restore, where the folder is there: every SMS, MMS
# and call that the file holds is counted and has a meaning.
. "${0%/*}/../lib.sh"
DATA=${KITH_DATA:-$ROOT/../shared/data}/sms_xml
[ -d "$DATA" ] || {
	echo '1..0 # skip no samples of SMS Backup & Restore'
	exit 0
}
DATA=$(cd "$DATA" && pwd)

# items FILE ITEMS RECORDS REJECTS: as many items as the file has elements;
# how many of them have a meaning; how much is said to be broken.
items() {
	kith-ingest -q --rejects more "$DATA/$1" >native 2>err
	kith-normalize --rejects rejects native >records 2>>err
	cat more >>rejects
	there=$(grep -c '<\(sms\|mms\|call\) ' "$DATA/$1")
	printf '# %-44s %3d elements %3d records %d rejects\n' "$1" "$there" \
	    "$(wc -l <records)" "$(wc -l <rejects)"
	is "$1" "$there $(wc -l <records) $(wc -l <rejects)" "$2 $3 $4"
	is "format of $1" "$(jq -r .source.format native | sort -u |
	    head -1)" "${5-sms-xml}"
}
# field FILTER WANT: of the records in hand.
field() {
	is "  $1" "$(jq -r "$1" records | sort | uniq -c |
	    sed 's/^ *//' | tr '\n' ' ')" "$2"
}
items shruggietech/edge_cases.xml 4 4 0
is '  text' "$(jq -r 'select(.direction == "outbound").text' records)" \
    "Hello 🌍 — this has «special» chars & symbols < > \" '"
# One whose tag never closes and whose date is none, and the end is missing.
items shruggietech/malformed.xml 1 0 2
items shruggietech/minimal_calls.xml 1 1 0
field '"\(.type) \(.from.tel) \(.data.duration)"' '1 call +15551234567 125 '
items shruggietech/minimal_mms.xml 1 1 0
field '"\(.text) \(.subject) \([.attachments[].size])"' \
    '1 Hello from MMS! Test MMS Subject [70] '
items shruggietech/minimal_sms.xml 1 1 0
items shruggietech/mixed.xml 4 4 0
field '.direction' '2 inbound 2 outbound '
items sms-backup-reader-2/corrupt_attachments.xml 2 2 0
field '.data.damaged[0]' '1 corrupt.file 1 corrupt_image.png '
items sms-backup-reader-2/empty.xml 0 0 0 ''
items sms-backup-reader-2/sample_mms.xml 4 4 0
field '[.attachments[].type] | first' \
    '1 application/pdf 1 audio/mp3 1 image/png 1 video/mp4 '
items sms-backup-reader-2/sample_small.xml 7 7 0
field '.channel' '2 mms 5 sms '
# Cut off in its last MMS, which comes out as far as it goes; that is said.
items sms-backup-reader-2/sms_and_mms.xml 50 50 1
field '.channel' '9 mms 41 sms '
field 'select(.keywords) | .keywords[0]' '1 truncated '
is '  groups' "$(jq -r 'select((.to | length) + (.cc | length) > 2) | 1' \
    records | wc -l)" 4
items sms-backup-reader-2/sms_small.xml 12 12 0
done_testing
