#!/bin/sh
# Tools in the wrong order, and files that are none of ours: each says what is
# missing, and passes nothing on as if all were well.
. "${0%/*}/lib.sh"
KITH_NOW=2026-03-04T12:00:00Z
export KITH_NOW
cp -R "$TESTS/demo/." .
kith ingest support.mbox >native
kith normalize -C kith.yaml native >messages
kith identify -C kith.yaml messages >identified
kith merge identified >merged

# early WHAT RC PATTERN COMMAND...: stderr has the pattern, once or a few times.
early() {
	what=$1 want=$2 pattern=$3
	shift 3
	"$@" >out 2>err
	rc=$?
	is "$what: exit code" "$rc" "$want"
	like "$what: says what to do" "$(cat err)" "$pattern"
	ok "$what: no flood" test "$(wc -l <err)" -le 23
}
for tool in identify merge recall "route -r rules.yaml" reply \
	"reply --draft ack" "report summary"; do
	# shellcheck disable=SC2086
	early "ingest | $tool" 1 "error: not normalized yet: run kith normalize" \
		kith $tool native
	case $tool in
	report*) ;;
	*) is "ingest | $tool: nothing is passed on" "$(cat out)" "" ;;
	esac
done
early "normalize | merge" 0 "run them through kith identify first" kith merge messages
for tool in recall "route -r rules.yaml" "reply --draft ack" "report channels"; do
	# shellcheck disable=SC2086
	early "identify | $tool" 0 "kith identify and kith merge first" \
		kith $tool identified
done
early "reply without drafts" 0 "kith reply --draft TEMPLATE makes them" kith reply merged
early "normalize of an export" 1 "exports go through kith ingest first" \
	kith normalize support.mbox
early "ingest | ingest | normalize" 1 "give those to kith normalize" \
	sh -c 'kith ingest native | kith normalize'
early "ingest of records" 1 "give those to kith normalize" \
	sh -c 'kith ingest merged | kith normalize'
kith recall merged >recalled 2>err
is "the right order says nothing" "$(cat err)" ""
for tool in "merge -S st" recall "route -r rules.yaml" "report summary"; do
	# shellcheck disable=SC2086
	kith $tool </dev/null >/dev/null 2>err
	is "nor does an empty night: $tool" "$?$(cat err)" 0
done
done_testing
