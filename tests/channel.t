#!/bin/sh
# Somebody adds a channel, as kith-hacking(7) tells: in a copy of the tree with
# what is built, a row and a folder.  A message of it goes through all eight tools to a report.
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
ok "a row and a folder build" make -C tree -s -j2 B=build LDFLAGS=-Wl,-S all
is "nothing else is compiled" "$(find tree/build/obj -name '*.o' -newer tree/lib/record/channels.c |
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
kith-ingest pigeons.jsonl >native
is "ingest" "$(jq -r .source.format native | sort -u)" pigeon
kith-normalize -C kith.yaml native >messages
is "normalize" "$(jq -r '"\(.channel) \(.direction)"' messages | sort -u)" \
	"pigeon inbound"
kith-identify -C kith.yaml messages >identified
is "identify: the platform knows its users" \
	"$(jq -r '.ids[] | "\(.type):\(.value) \(.trust)"' identified | sort -u)" \
	"pigeon:coop7 platform
pigeon:coop9 platform"
kith-merge -C kith.yaml identified >merged
is "merge: two people" "$(jq -r .person merged | sort -u | wc -l | tr -d ' ')" 2
is "  twelve days are within a letter's window" \
	"$(jq -r 'select(.from.name == "coop7") | .conversation' merged | sort -u | wc -l | tr -d ' ')" 1
kith-recall merged >recalled
is "recall: where they were met" \
	"$(jq -r 'select(.text | startswith("It has")) | .context |
		"\(.preferred) \(.channels[0].channel)"' recalled)" "pigeon pigeon"
kith-route -C kith.yaml -r rules.yaml recalled >routed
is "route" "$(jq -r '"\(.route.queue) \(.route.replyOn)"' routed | sort -u)" \
	"loft pigeon"
now=2026-03-16T00:00:00Z
kith-reply -C kith.yaml --now "$now" -d ack routed >drafts
is "reply: drafts, also for who wrote END in a letter" \
	"$(jq -r '"\(.channel) \(.to[0].uri)"' drafts)" "pigeon pigeon:coop7
pigeon pigeon:coop9"
is "  which are too long for a bird" "$(kith-reply -C kith.yaml --now "$now" drafts |
	jq -r '"\(.delivery.status): \(.delivery.reason)"' | head -n 1)" \
	"refused: the body has 166 bytes; pigeon takes 120"
is "  else ready" "$(jq -c '.reply.body = "Soon." | del(.text)' drafts |
	kith-reply -C kith.yaml --now "$now" | jq -r .delivery.status | sort -u)" \
	ready
like "report: who waits" "$(kith-report unanswered --now "$now" routed)" \
	'coop7 +pigeon +Where is my order\? +loft'
like "  by channel" "$(kith-report channels --now "$now" routed)" '^pigeon +4 '
done_testing
