#!/bin/sh
# What recall says beside a record is what a look-up says of that moment, from
# the stream or from the state; and a number finds the same person in both.
. "${0%/*}/lib.sh"

# Each record's person and the last moment before it, beside its context.
moments() {
	jq -r 'select(.context) | [.person,
	    (.receivedAt // .sentAt | sub("[.][0-9]+"; "") | fromdate - 1 |
		todate | sub("Z$"; ".999999Z")),
	    (.context | del(.asOf) | tojson)] | join("\t")' "$1"
}

# The look-ups that differ from the contexts.
differing() {
	cut -f3 "$1" | jq -c . >want
	while IFS='	' read -r person at _; do
		kith-recall -S st --json --as-of "$at" "$person"
	done <"$1" | jq -c 'del(.person, .aliases, .asOf)' >got
	diff want got
}

for name in context interests consent; do
	cp "$TESTS/golden/recall/$name"/* .
	if [ -e kith.yaml ]; then kith-identify -C kith.yaml <in; else
		kith-identify <in; fi | kith-merge -S st >merged
	kith-recall merged >one
	kith-recall -S st merged >two
	ok "$name: from the state as from the stream" cmp one two
	moments one >all
	is "$name: as of each record, the look-up is its context" \
		"$(wc -l <all | tr -d ' ') $(differing all)" \
		"$(jq -c 'select(.context)' one | wc -l | tr -d ' ') "
	rm -rf st kith.yaml in
done

# A number as people of its country write it, and as others do.
cat >in <<'EOF'
{"id":"ma","type":"message","channel":"whatsapp","direction":"inbound","sentAt":"2026-01-01T00:00:00Z","from":{"name":"Bia","tel":"+552176543210"},"text":"oi"}
{"id":"mb","type":"message","channel":"sms","direction":"inbound","sentAt":"2026-01-02T00:00:00Z","from":{"name":"Ugo","tel":"+390255512345"},"text":"ciao"}
{"id":"mc","type":"message","channel":"sms","direction":"inbound","sentAt":"2026-01-03T00:00:00Z","from":{"name":"Olga","tel":"+74955551234"},"text":"?"}
{"id":"md","type":"message","channel":"sms","direction":"inbound","sentAt":"2026-01-04T00:00:00Z","from":{"name":"Cal","tel":"+12125550199"},"text":"hi"}
{"id":"me","type":"message","channel":"sms","direction":"inbound","sentAt":"2026-01-05T00:00:00Z","from":{"name":"Kim","tel":"+41795551234"},"text":"hoi"}
{"id":"mf","type":"message","channel":"sms","direction":"inbound","sentAt":"2026-01-06T00:00:00Z","from":{"name":"Lee","tel":"+43795551234"},"text":"hey"}
EOF
kith-identify <in | kith-merge -S st >merged

# Who the number names, by the stream and by the state.
who() {
	echo "region: $1" >region.yaml
	for from in merged "-S st"; do
		# shellcheck disable=SC2086
		kith-recall -C region.yaml --json "$2" $from 2>err |
			sed -n 's/.*"names":\["\([^"]*\)".*/\1/p'
		sed -n 's/.* names several people.*/several/p' err
	done | uniq -c | awk '{ print $1, $2 }'
}
while IFS='|' read -r region typed name; do
	is "$region: $typed" "$(who "$region" "$typed")" "2 $name"
done <<'EOF'
BR|(21) 9 7654-3210|Bia
BR|021 7654-3210|Bia
BR|0 21 21 97654-3210|Bia
PT|+55 21 7654-3210|Bia
IT|02 5551 2345|Ugo
IT|+39 (0)2 5551 2345|Ugo
SE|02 5551 2345|Ugo
RU|8 (495) 555-12-34|Olga
DE|8 (495) 555-12-34|Olga
US|1-212-555-0199|Cal
US|(212) 555-0199|Cal
GB|011 7 495 5551234|Olga
CH|079 555 12 34|Kim
AT|079 555 12 34|Lee
DE|079 555 12 34|several
EOF
# A switchboard asks, one after the other, and sees what merge brings meanwhile.
said() {
	printf '{"id":"%s","type":"message","channel":"email","direction":"inbound","sentAt":"2026-01-0%sT00:00:00Z","from":{"name":"%s","email":"%s"},"text":"hello"}\n' "$@" |
		kith-identify -q | kith-merge -q -S board 2>/dev/null >>merged
}
: >merged
said m1 1 Ana ana@lumen.example
mkfifo asks
kith-recall -S board --keys -q asks >answers &
exec 3>asks
answered() { [ "$(wc -l <answers)" -eq "$1" ]; }
echo ' Ana <ana@lumen.example> ' >&3
ok 'a line is answered at once' within answered 1
echo ben@lumen.example >&3
ok 'who is not known, too' within answered 2
said m2 2 Ben ben@lumen.example
echo ben@lumen.example >&3
ok 'who came meanwhile' within answered 3
exec 3>&-
wait
is 'a line each' "$(jq -r '[.who, .person != null, .names[]?] | join(" ")' answers)" \
	'Ana <ana@lumen.example> true Ana
ben@lumen.example false
ben@lumen.example true Ben'
said m3 3 Ann ana@lumen.example
is 'as of then' "$(echo ana@lumen.example | kith-recall -S board --keys --as-of 2026-01-02T00:00:00Z | jq -c .names)" '["Ana"]'

# Everybody is whom look-ups find, and what they say.
kith-recall -S board --people --now 2026-02-01T00:00:00Z >all
for who in ana ben; do
	kith-recall -S board --json --now 2026-02-01T00:00:00Z "$who@lumen.example"
done | sort >want
ok 'everybody' sh -c 'sort all | cmp - want'
cat >segments.yaml <<'EOF'
segments:
  late: .context.firstSeen > "2026-01-01T12:00:00Z"
EOF
is 'of a segment' "$(kith-recall -S board --people --segments segments.yaml --segment late | jq -r '.names[0] + .segments[0]')" Benlate
is 'and of then' "$(kith-recall -S board --people --as-of 2026-01-01T12:00:00Z | jq -r '.names[]')" Ana
code 'no such segment' 2 kith-recall -S board --people --segments segments.yaml --segment early
like 'is named' "$(cat .err)" 'segments.yaml: has no segment early'
code 'a segment of whom' 2 kith-recall --segments segments.yaml --segment late merged
code 'of which state' 2 kith-recall --keys merged
echo 'region: DE' >region.yaml
is 'several are one line' "$(echo '079 555 12 34' | kith-recall -C region.yaml -S st --keys | jq -r '.who, .several')" \
	"$(printf '%s\n' '079 555 12 34'; kith-recall -C region.yaml -S st '079 555 12 34' 2>&1 | sed 's/^kith-recall: fatal: //')"
done_testing
