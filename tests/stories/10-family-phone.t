#!/bin/sh
# Story 10, the family phone: four people share one number and one of them
# shares an address with a colleague: they stay four people, and the output
# says which key was not believed and why.
. "${0%/*}/../lib.sh"
. "$TESTS/stories/exports.sh"

workspace >kith.yaml

# The contact list of the shop: the Lorenz family gave the number at home, and
# Jonas writes from the workshop's address, as his colleague Petra does.
cat >contacts.csv <<'X'
Name,E-mail 1 - Value,Phone 1 - Value
Marta Lorenz,marta.lorenz@posteo.example,+49 40 5550 1717
"Lorenz, Henrik",henrik@lorenz.example,040 55501717
Dr. Ida Lorenz,ida.lorenz@uni.example,+49 40 55501717
Jonas Lorenz,werft@bootsbau.example,+494055501717
Petra Wolters,werft@bootsbau.example,+49 40 5550 2929
M. Lorenz,marta.lorenz@posteo.example,
X
{
	mail 'Mon, 02 Feb 2026 09:00:00 +0100' 'Marta Lorenz <marta.lorenz@posteo.example>' \
		hallo@hafen.example 'Mooring' m1@posteo.example <<'X'
Is berth 12 free in May?
X
	mail 'Mon, 02 Feb 2026 10:00:00 +0100' 'Henrik <henrik@lorenz.example>' \
		hallo@hafen.example 'Invoice' h1@lorenz.example <<'X'
The invoice is wrong.
X
	mail 'Mon, 02 Feb 2026 11:00:00 +0100' 'Werft <werft@bootsbau.example>' \
		hallo@hafen.example 'Crane' w1@bootsbau.example <<'X'
We need the crane on Friday.
X
} >support.mbox
# A text message from the phone of all four, and one from Petra's.
cat >sms.xml <<'X'
<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>
<smses count="2">
  <sms protocol="0" address="+494055501717" date="1770030000000" type="1" subject="null" body="We are late today" toa="null" sc_toa="null" service_center="null" read="1" status="-1" locked="0" date_sent="1770029999000" sub_id="1" readable_date="02.02.2026 12:00:00" contact_name="Lorenz" />
  <sms protocol="0" address="+494055502929" date="1770033600000" type="1" subject="null" body="The crane is broken" toa="null" sc_toa="null" service_center="null" read="1" status="-1" locked="0" date_sent="1770033599000" sub_id="1" readable_date="02.02.2026 13:00:00" contact_name="(Unknown)" />
</smses>
X
# The tablet in the club's bar: Marta and Henrik both logged in there.
cat >tablet.jsonl <<'X'
{"type":"track","event":"Berth Viewed","messageId":"t1","timestamp":"2026-02-03T18:00:00.000Z","userId":"4711","anonymousId":"bar-tablet","context":{},"properties":{}}
{"type":"track","event":"Berth Viewed","messageId":"t2","timestamp":"2026-02-03T19:00:00.000Z","userId":"4712","anonymousId":"bar-tablet","context":{},"properties":{}}
{"type":"track","event":"Berth Viewed","messageId":"t3","timestamp":"2026-02-03T20:00:00.000Z","anonymousId":"bar-tablet","context":{},"properties":{}}
X

chain() {
	kith ingest "$@" | kith normalize -C kith.yaml |
		kith identify -C kith.yaml
}
chain contacts.csv support.mbox sms.xml tablet.jsonl >ids 2>err
kith merge -C kith.yaml ids >merged 2>notes

row() { jq -r "select(.type == \"contact\" and .from.name == \"$1\") | .person" merged; }
text() { jq -r "select(.text // \"\" | startswith(\"$1\")) | .person" merged; }
marta=$(row 'Marta Lorenz') henrik=$(row 'Lorenz, Henrik')
[ -n "$henrik" ] || henrik=$(row 'Henrik Lorenz')
ida=$(row 'Dr. Ida Lorenz') jonas=$(row 'Jonas Lorenz') petra=$(row 'Petra Wolters')
is "the four of the family are four people, and the colleague a fifth" \
	"$(printf '%s\n' "$marta" "$henrik" "$ida" "$jonas" "$petra" | grep '^p' | sort -u | wc -l)" 5
is "a second row of one of them is hers" "$(row 'M. Lorenz')" "$marta"
is "Marta's mail is Marta's" "$(text 'Is berth')" "$marta"
is "Henrik's mail is Henrik's" "$(text 'The invoice')" "$henrik"
for p in "$marta" "$henrik" "$ida" "$jonas"; do
	ok "a message from the phone of all is nobody's own" \
		test "$(text 'We are late')" != "$p"
done
ok "nor is a mail from the workshop Jonas's" test "$(text 'We need')" != "$jonas"
ok "or Petra's" test "$(text 'We need')" != "$petra"
is "her own number is hers" "$(text 'The crane')" "$petra"
like "the output says that the number is not believed, and why" "$(cat notes)" \
	'tel:\+494055501717 stands beside the names .* and .*: it joins nobody'
like "and the address" "$(cat notes)" \
	'email:werft@bootsbau.example stands beside the names "jonas lorenz" and "petra wolters"'
like "and the tablet" "$(cat notes)" \
	'cookie:bar-tablet would join user:4711 with user:4712'
is "three visits on the tablet are of three" \
	"$(jq -r 'select(.source.format == "segment") | .person' merged | sort -u | wc -l)" 3
like "--explain shows the chain that is not believed" \
	"$(kith merge -q --explain email:marta.lorenz@posteo.example henrik@lorenz.example ids)" \
	'tel:\+494055501717 stands beside'
# The order of the files does not matter, nor whether they came in one run.
chain tablet.jsonl sms.xml support.mbox contacts.csv >other 2>>err
people() { jq -r '[.id, .person] | join(" ")' | sort |
	awk '{ if (!($2 in n)) n[$2] = ++c; print $1, n[$2] }'; }
people <merged >want
kith merge -q other | people >got
ok "in any order" cmp got want
for f in support.mbox sms.xml contacts.csv tablet.jsonl; do
	chain $f 2>>err | kith merge -q -S state >/dev/null
done
kith merge -q -S state ids | people >got
ok "and file by file on a state" cmp got want
# An operator knows that one of them has the phone in the pocket.
echo '{"same":["email:ida.lorenz@uni.example","tel:+494055501717"]}' >links
is "an operator's word is believed" \
	"$(kith merge -q --links links ids | jq -r 'select(.text == "We are late today") | .person')" "$ida"
done_testing
