#!/bin/sh
# Exports as other programs save them again say what they said: in a list that
# an object wraps, members in another order, without what is null, with other
# blanks, with the line ends of Windows, compressed.
. "${0%/*}/lib.sh"

# Records of a file, without where they stood.
records() {
	kith-ingest -q "$1" 2>/dev/null | kith-normalize -q 2>/dev/null |
		jq -cS 'del(.source)' | LC_ALL=C sort
}

same() { # what file other
	records "$2" >want
	records "$3" >got
	if [ -s want ] && cmp -s want got; then
		pass "$1"
	else
		fail "$1"
		diff want got | cut -c1-300 | head -6 | sed 's/^/# /'
	fi
}

# These are one value, whose parts make their ids together, or have none.
skipped() {
	case $1/$2 in
	slack/* | json/* | crm/hubspot.json | jcard/cards.json | discord/messages.json | \
		push/list.json | push/bigquery.jsonl | dialogue/named.json | dialogue/shared.jsonl | \
		weblog/access.json | push/events.jsonl) return 0 ;;
	esac
	return 1
}

for file in "$TESTS"/formats/*/*.json "$TESTS"/formats/*/*.jsonl; do
	name=$(basename "$(dirname "$file")")
	base=${file##*/}
	skipped "$name" "$base" && continue
	# A file's name is a part of what some exports say.
	mkdir -p sorted nulls
	jq -cS . "$file" >"sorted/$base" || continue
	same "$name/$base: sorted, with other blanks" "$file" "sorted/$base"
done

# Lists of items, in an object of any name.
for file in discord/api.json freshdesk/tickets.json teams/messages.json \
	twilio/calls.json dialpad/calls.jsonl \
	connect/records.json front/events.jsonl vcon/vcons.jsonl \
	zendesk/tickets.jsonl signal/received.jsonl \
	mail_events/sendgrid.json intercom/hooks.jsonl; do
	[ -f "$TESTS/formats/$file" ] || continue
	base=${file##*/}
	for list in data items records results; do
		mkdir -p "$list"
		jq -cs --arg list "$list" '{total: 3, ($list):
			(if (.[0] | type) == "array" then .[0] else . end),
			has_more: false}' "$TESTS/formats/$file" >"$list/$base"
	done
	same "$file in data" "$TESTS/formats/$file" "data/$base"
	same "$file in results" "$TESTS/formats/$file" "results/$base"
done
mkdir deep
jq -c '{status: "ok", response: {items: .}}' \
	"$TESTS/formats/discord/api.json" >deep/api.json
same "in an object in the object" \
	"$TESTS/formats/discord/api.json" deep/api.json
is "--why names the list" "$(kith-ingest --why -q deep/api.json |
	sed -n '1s/^.*: //p; 2p')" "discord
	items stand in the list response/items"
is "-f reads it, too" "$(kith-ingest -f discord -q deep/api.json |
	jq -r .source.at | head -1)" "response/items#1"

# Nothing is lost in silence.
jq -cs '{data: .}' "$TESTS/formats/chatwoot/hooks.jsonl" >hooks.json
is "a list where none should be is an item or a reject" \
	"$(kith-ingest -q hooks.json 2>&1 | wc -l | tr -d ' ')" 1

# The line ends of Windows, in text of several lines.
for file in signal/older.txt xmpp/mam.xml "irc/#kith.log"; do
	base=${file##*/}
	mkdir -p signal "one/$(dirname "$file")"
	sed 's/\r$//' "$TESTS/formats/$file" >"signal/$base"
	sed 's/\r$//; s/$/\r/' "$TESTS/formats/$file" \
		>"one/$(dirname "$file")/$base"
	mkdir -p "two/$(dirname "$file")"
	cp "signal/$base" "two/$(dirname "$file")/$base"
	same "$file, lines of Windows" "two/$(dirname "$file")/$base" \
		"one/$(dirname "$file")/$base"
done
# The name within the name tells.
file=irc.libera.#kith.weechatlog
gzip -c "$TESTS/formats/irc/$file" >"$file.gz"
is "$file.gz is told" "$(kith-ingest -q "$file.gz" |
	jq -r .source.format | sort -u)" irc
done_testing
