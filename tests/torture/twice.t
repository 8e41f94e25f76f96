#!/bin/sh
# Every tool runs twice on one state, with a rule file that is empty, minimal
# and full: no run ends by a signal, and the second says what the first said.
. "${0%/*}/../lib.sh"
KITH_NOW=2026-03-05T12:00:00Z
export KITH_NOW
cp -R "$TESTS/demo/." .
kith ingest support.mbox slack-export >native 2>/dev/null
kith normalize -C kith.yaml native >messages
kith identify -C kith.yaml messages >identified

# twice WHAT RC COMMAND...: both runs end so; sets first and second.
twice() {
	what=$1 want=$2
	shift 2
	code "$what" "$want" "$@"
	mv .out first
	code "$what, again" "$want" "$@"
	mv .out second
}
same() { ok "$what: the same bytes" cmp first second; }

printf '' >empty.yaml
printf 'version: 1\n' >minimal.yaml
printf 'version: 1\ndefaults: {queue: inbox}\n' >nobody.yaml
{
	printf 'version: 1\nrules:\n'
	for i in $(seq 200); do
		printf ' - {name: r%d, match: [w%d], then: {queue: q%d, ' \
			"$i" "$i" "$i"
		printf 'assignee: a%d, priority: urgent, stop: true}}\n' "$i"
	done
} >many.yaml
seq 200 | awk '{
	printf "{\"id\":\"m%d\",\"type\":\"message\",\"channel\":\"email\",", $1
	printf "\"direction\":\"inbound\",\"conversation\":\"c%d\",", $1
	printf "\"sentAt\":\"2026-01-05T08:00:00Z\",\"text\":\"w%d\"}\n", $1
}' >words

twice ingest 0 kith-ingest -S st support.mbox
same
twice normalize 0 kith-normalize -S st -C kith.yaml native
same
twice identify 0 kith-identify -S st -C kith.yaml messages
same
twice "merge --follow" 0 kith-merge -S st-follow --follow identified
twice merge 0 kith-merge -S st -C kith.yaml identified
same
mv first merged
twice recall 0 kith-recall -S st merged
same
mv first known
twice "route, an empty file of rules" 2 kith-route -S st-e -r empty.yaml known
twice "route, a minimal one" 0 kith-route -S st-m -r minimal.yaml known
same
twice "route, a full one" 0 kith-route -S st -r rules.yaml known
same
mv first routed
twice "route, nobody is assigned" 0 kith-route -S st-n -r nobody.yaml words
sed 's/"id":"m/"id":"n/' words >"more"
twice "route, nobody was assigned" 0 kith-route -S st-n -r nobody.yaml more
twice "route, many words" 0 kith-route -S st-w -r many.yaml words
same
twice "route, other records behind them" 0 kith-route -S st-w -r many.yaml known
twice "route, more of the conversations" 0 kith-route -S st-w -r many.yaml more
is "as they stood" "$(grep -c '"assignee":"a' first)" 200
twice "reply --draft" 0 kith-reply -C kith.yaml -S st --draft ack --now 2026-03-04T12:00:00Z routed
same
mv first drafts
twice "reply --send" 1 kith-reply -S st --send drafts
twice "reply --status" 0 kith-reply -S st --status
same
for kind in summary channels unanswered sla journeys; do
	twice "report $kind" 0 kith-report -S st -r rules.yaml "$kind" routed
	same
done

# All of them on one state and one workspace, which names the file of rules.
cp rules.yaml full.yaml
for rules in empty minimal full; do
	sed '/^rules:/d; /^state:/d' kith.yaml >"ws-$rules.yaml"
	echo "rules: $rules.yaml" >>"ws-$rules.yaml"
	set -- -C "ws-$rules.yaml" -S "one-$rules"
	ends=0
	[ "$rules" != empty ] || ends=2
	twice "$rules: ingest" 0 kith-ingest "$@" support.mbox slack-export
	same
	twice "$rules: normalize" 0 kith-normalize "$@" native
	same
	twice "$rules: identify" 0 kith-identify "$@" messages
	same
	twice "$rules: merge" 0 kith-merge "$@" identified
	same
	mv first merged
	twice "$rules: recall" 0 kith-recall "$@" merged
	same
	mv first known
	twice "$rules: route" $ends kith-route "$@" known
	same
	[ "$rules" = empty ] || mv first routed
	twice "$rules: reply --draft" 0 kith-reply "$@" --draft ack \
	    --now 2026-03-04T12:00:00Z routed
	same
	twice "$rules: reply --status" 0 kith-reply "$@" --status
	same
	for kind in summary unanswered sla; do
		twice "$rules: report $kind" 0 kith-report "$@" "$kind" routed
		same
	done
done
done_testing
