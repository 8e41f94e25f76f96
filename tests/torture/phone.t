#!/bin/sh
# Chats, phone backups, calls and address books that are cut off anywhere, or
# hold bytes that do not belong there: no crash, nothing lost in silence.
. "${0%/*}/../lib.sh"
NORMALIZE=$TESTS/golden/normalize

# sums COMMAND...: in = out + rejected, as -v says, and it ends by itself.
sums() {
	"$@" -v >out 2>err
	rc=$?
	sed -n 's/.*: in \([0-9]*\), out \([0-9]*\), rejected \([0-9]*\).*/\1 \2 \3/p' \
	    err | tail -1 >sums
	read -r in out rejected <sums
	[ "$rc" -le 2 ] && [ "$in" -eq $((out + rejected)) ] &&
	    [ "$(wc -l <out)" -eq "$out" ]
}

# cuts FORMAT FILE: whole up to a byte, for some 15 of them.
cuts() {
	size=$(wc -c <"$2")
	at=1
	bad=0
	: >native
	while [ "$at" -lt "$size" ]; do
		head -c "$at" "$2" >./cut
		sums kith-ingest --format "$1" cut || bad=$((bad + 1))
		cat out >>native
		at=$((at + size / 15 + 1))
	done
	sums kith-normalize native || bad=$((bad + 1))
	is "$1 cut off anywhere" "$bad" 0
}
cuts whatsapp "$NORMALIZE/whatsapp-shop/chats/WhatsApp Chat with Anna Beispiel.txt"
cuts sms-xml "$NORMALIZE/sms-xml/phone.xml"
cuts asterisk-cdr "$NORMALIZE/asterisk-cdr/calls/linked.csv"
cuts vcard "$NORMALIZE/vcard/cards.vcf"

# A text that is none of them, by force.
head -c 100000 /dev/zero >zeros
printf '%100000s' '' | tr ' ' '<' >angles
printf '%100000s' '' | tr ' ' '[' >brackets
for f in whatsapp sms-xml asterisk-cdr vcard; do
	for file in zeros angles brackets; do
		if sums kith-ingest --format $f $file; then
			pass "$file as $f"
		else
			fail "$file as $f"
		fi
	done
done

# Every line begins a message, none ends: time stays linear.
yes '1/1/20, 10:00 - ' | head -n 20000 >chat.txt
ok 'twenty thousand empty messages' sums kith-ingest --format whatsapp chat.txt
is '  none is lost' "$in" 20000
# Every item is broken: each costs itself and no more.
{
	echo '<smses count="20000">'
	yes '<sms a="1" a="2" date="1" />' | head -n 20000
	echo '</smses>'
} >broken.xml
ok 'twenty thousand broken SMS' sums kith-ingest --rejects rejects broken.xml
is '  each is rejected' "$(wc -l <rejects)" 20000
# A name for every character reference, and one inside the other.
{
	echo '<!DOCTYPE smses [<!ENTITY a "aaaaaaaaaa">'
	b=a
	for c in b c d e f g h i; do
		echo "<!ENTITY $c \"&$b;&$b;&$b;&$b;&$b;&$b;&$b;&$b;&$b;&$b;\">"
		b=$c
	done
	echo ']><smses><sms date="1700000000000" type="1" body="&i;" /></smses>'
} >laughs.xml
ok 'entities in entities' sums kith-ingest laughs.xml
is '  stay what they are' "$(jq -r .native.sms.body out)" '&i;'
# An attachment past what the parser takes goes round it.
{
	printf '<smses><mms date="1700000000000" msg_box="1" address="1"><parts>'
	printf '<part ct="image/jpeg" cl="a.jpg" data="'
	head -c 12000000 /dev/zero | tr '\0' A
	printf '" /></parts></mms></smses>'
} >large.xml
ok 'an attachment of nine megabytes' sums kith-ingest large.xml
is '  with all its bytes' "$(kith-normalize -q out | jq '.attachments[0].size')" 9000000
ok 'the same past --max-item' sums kith-ingest --max-item 1M large.xml
is '  is rejected' "$rejected" 1
done_testing
