#!/bin/sh
# vCards as named programs write them, where the folder is there: every card
# is a contact with every mail address and number that stands in it.
. "${0%/*}/../lib.sh"
DATA=${KITH_DATA:-$ROOT/../shared/data}/vcard
[ -d "$DATA" ] || {
	echo '1..0 # skip no samples of vCards'
	exit 0
}
DATA=$(cd "$DATA" && pwd)

# values FILTER...: how many there are in all records.
values() {
	all=
	for filter; do
		all="$all${all:+, }(map([$filter] | map(select(.))) | flatten | length)"
	done
	jq -s "$all" records
}
other='(.data.other // {} | to_entries[]'
# cards FILE CARDS EMAILS NUMBERS
cards() {
	file=$DATA/ez-vcard/$1.vcf
	kith-ingest --rejects more "$file" >native
	kith-normalize -q --rejects rejects native >records
	cat more >>rejects
	values ".from.email, .data.emails[]?,
	    $other | select(.key | startswith(\"EMAIL\")).value)" \
	    ".from.tel, .data.tels[]?,
	    $other | select(.key | test(\"^(TEL|FAX|PAGER)\")).value)" >counts
	{
		read -r emails
		read -r tels
	} <counts
	printf '# %-52s %d cards %d addresses %2d numbers\n' "$1" \
	    "$(wc -l <records)" "$emails" "$tels"
	is "$1" "$(wc -l <records) $emails $tels $(wc -l <rejects)" "$2 $3 $4 0"
	is "  all that stand there" "$(grep -ciE '^BEGIN:VCARD' "$file") $(grep \
	    -ciE '^(item[0-9]+\.)?EMAIL[;:]' "$file") $(grep -ciE \
	    '^(item[0-9]+\.)?TEL[;:]' "$file")" "$2 $3 $4"
	is "  format" "$(sed -n 's/.*"source":{"format":"\([^"]*\)".*/\1/p' native | sort -u)" vcard
}
# who NAME: of the records in hand.
who() {
	is "  names" "$(jq -r .from.name records | paste -sd'|')" "$1"
}
cards John_Doe_ANDROID 6 5 9
is '  soft breaks' "$(jq -r .from.name records | sed -n 4p)" \
    'Ñ Ñ Ñ Ñ Ñ Ñ Ñ Ñ Ñ Ñ Ñ'
cards John_Doe_BLACK_BERRY 1 0 1
who 'John Doe'
cards John_Doe_EVOLUTION 1 1 2
who 'Mr. John Richter, James Doe Sr.'
cards John_Doe_GMAIL 1 1 2
cards John_Doe_IPHONE 1 1 7
who 'Mr. John Richter James Doe Sr.'
cards John_Doe_LOTUS_NOTES 1 2 2
cards John_Doe_MAC_ADDRESS_BOOK 1 1 7
cards John_Doe_MS_OUTLOOK 1 1 2
cards fullcontact 1 5 9
cards gmail-list 3 3 0
who 'Arnold Smith|Chris Beatle|Doug White'
cards gmail-single 1 1 2
cards gmail-single2 1 5 11
cards issue114 1 1 2
is '  numbers' "$(jq -c '[.from.tel, .data.tels[]]' records)" \
    '["+49123456789","+49987654321"]'
cards outlook-2003 1 1 4
cards outlook-2007 1 1 4
cards rfc2426-example 2 3 4
who 'Frank Dawson|Tim Howes'
cards rfc6350-example 1 1 2
cards thunderbird-MoreFunctionsForAddressBook-extension 1 5 5
done_testing
