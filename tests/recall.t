#!/bin/sh
# What recall says beside a record is what a look-up says of that moment, from
# the stream or from the state.
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
	while IFS='	' read -r person at context; do
		printf '%s\n' "$context" | jq -c . >want
		kith-recall -S st --json --as-of "$at" "$person" |
			jq -c 'del(.person, .aliases, .asOf)' >got
		diff want got
	done
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
		"$(wc -l <all | tr -d ' ') $(differing <all)" \
		"$(jq -c 'select(.context)' one | wc -l | tr -d ' ') "
	rm -rf st kith.yaml in
done
done_testing
