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
done_testing
