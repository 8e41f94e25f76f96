#!/bin/sh
# Somebody adds a channel, as kith-hacking(7) tells: in a copy of the tree with
# what is built, a row, a folder and a line of the formats' table.  A message of
# it goes through all eight tools to a report.
. "${0%/*}/lib.sh"
given=$TESTS/channel

# Another build's flags would have to be known here.
if [ -n "${KITH_SANITIZED-}" ] || [ ! -e "$BUILD/obj/lib/record/channels.o" ]; then
	echo "1..0 # SKIP there is no ordinary build to add to"
	exit 0
fi
# The copy keeps its times, so that only what changed is compiled.
unset MAKEFLAGS MFLAGS MAKELEVEL
mkdir -p tree/build
(cd "$ROOT" && cp -a Makefile bin lib man scripts "$SCRATCH/tree")
cp -a "$BUILD/obj" "$BUILD/gen" "$BUILD/libkith.a" tree/build
cp -r "$given/pigeon" tree/lib/source
awk -v row="$(cat "$given/row")" '/\.name = "" }/ { print row } { print }' \
	"$ROOT/lib/record/channels.c" >tree/lib/record/channels.c
sed 's/^\(	FORMAT(\)mail) .*/&\n\1pigeon) \\/' "$ROOT/lib/source/formats.c" \
	>tree/lib/source/formats.c
ok "a row, a folder and a line build" make -C tree -s -j2 B=build all
is "nothing else is compiled" "$(find tree/build/obj -name '*.o' -newer tree/lib/source/formats.c |
	sed 's/.*\///' | sort | tr '\n' ' ')" "channels.o formats.o pigeon.o "
PATH=$SCRATCH/tree/build/bin:$PATH
cp -r "$given"/* .

# What is made from the row.
like "--list-channels" "$(kith-normalize --list-channels)" \
	'^pigeon +pigeon: +carrier pigeons$'
ok "the schema" sh -c "kith-normalize --schema |
	jq -e '.properties.channel.enum | index(\"pigeon\")'"
ok "a rule may name it" kith-route --check -r rules.yaml

# All eight tools.
kith-ingest pigeons.jsonl >1
is "ingest" "$(jq -r .source.format 1 | sort -u)" pigeon
kith-normalize -C kith.yaml 1 >2
is "normalize" "$(jq -r '"\(.channel) \(.direction)"' 2 | sort -u)" \
	"pigeon inbound"
kith-identify -C kith.yaml 2 >3
is "identify: the platform knows its users" \
	"$(jq -r '.ids[] | "\(.type):\(.value) \(.trust)"' 3 | sort -u)" \
	"pigeon:coop7 platform
pigeon:coop9 platform"
kith-merge -C kith.yaml 3 >4
is "merge: two people" "$(jq -r .person 4 | sort -u | wc -l | tr -d ' ')" 2
is "  twelve days are within a letter's window" \
	"$(jq -r 'select(.from.name == "coop7") | .conversation' 4 | sort -u | wc -l | tr -d ' ')" 1
kith-recall 4 >5
is "recall: where they were met" \
	"$(jq -r 'select(.text | startswith("It has")) | .context |
		"\(.preferred) \(.channels[0].channel)"' 5)" "pigeon pigeon"
kith-route -C kith.yaml -r rules.yaml 5 >6
is "route" "$(jq -r '"\(.route.queue) \(.route.replyOn)"' 6 | sort -u)" \
	"loft pigeon"
now=2026-03-16T00:00:00Z
kith-reply -C kith.yaml --now "$now" -d ack 6 >7
is "reply: drafts, also for who wrote END in a letter" \
	"$(jq -r '"\(.channel) \(.to[0].uri)"' 7)" "pigeon pigeon:coop7
pigeon pigeon:coop9"
is "  which are too long for a bird" "$(kith-reply -C kith.yaml --now "$now" 7 |
	jq -r '"\(.delivery.status): \(.delivery.reason)"' | head -n 1)" \
	"refused: the body has 166 bytes; pigeon takes 120"
is "  else ready" "$(jq -c '.reply.body = "Soon." | del(.text)' 7 |
	kith-reply -C kith.yaml --now "$now" | jq -r .delivery.status | sort -u)" \
	ready
like "report: who waits" "$(kith-report unanswered --now "$now" 6)" \
	'coop7 +pigeon +Where is my order\? +loft'
like "  by channel" "$(kith-report channels --now "$now" 6)" '^pigeon +4 '
done_testing
