#!/bin/sh
# The n-th write of each tool in each mode fails: never exit 0, and what is
# counted as out did leave.  With input from a file, and from a pipe that lets
# the tool wait before each read, so that it writes what it holds.
# FAULTS="N ..." and ERRORS="ENOSPC ..." try more: tests/torture/write-long.sh.
. "${0%/*}/../lib.sh"
LIBRARY=$BUILD/tests/tools/fault.so
FAULTS=${FAULTS:-1 3}
ERRORS=${ERRORS:-}
KITH_NOW=2026-03-05T12:00:00Z
export KITH_NOW
unset ASAN_OPTIONS
ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=0
export ASAN_OPTIONS
cp -R "$TESTS/demo/." .
kith ingest support.mbox slack-export >native 2>/dev/null
kith normalize -C kith.yaml native >messages
kith identify -C kith.yaml messages >identified
kith merge -S st identified >merged
kith recall merged >known
kith route -r rules.yaml known >routed
kith reply -C kith.yaml --draft ack --now 2026-03-04T12:00:00Z routed >drafts
echo '{"a":' >no-record
cat >map.jq <<'END'
{id: .source.at, channel: "form", text: "x"}
END
cat >segments.yaml <<'END'
segments: {all: true}
END
cat >cases <<'END'
{"name":"a complaint","record":{"type":"message","direction":"inbound"},"expect":{"team":"support"}}
END
mode=

# once N ERROR COMMAND...: one run; sets $rc and $fault.
once() {
	n=$1 error=$2
	shift 2
	FAULT_N=$n FAULT_ERROR=$error FAULT_BYTES=200 LD_PRELOAD=$LIBRARY \
		"$@" >out 2>err
	rc=$?
	fault=
	while read -r a b _; do
		if [ "$a $b" = "fault: write" ]; then fault=yes; fi
	done <err
}

# counted: as many lines left as the sums say.
counted() {
	said=$(sed -n 's/.*: in [0-9]*, out \([0-9]*\), rejected.*/\1/p' err)
	[ "$said" = "$(wc -l <out | tr -d ' ')" ]
}

# every WHAT COMMAND...: each of the faults; the first is always met.
every() {
	what=$1
	bad='' met=''
	shift
	set -- "$@"
	for n in $FAULTS; do
		case $n in
		*[147]) kinds=${ERRORS:-ENOSPC} ;;
		*[258]) kinds=${ERRORS:-EIO} ;;
		*) kinds=${ERRORS:-EPIPE} ;;
		esac
		for kind in $kinds; do
			once "$n" "$kind" "$@"
			if [ -z "$fault" ]; then break 2; fi
			met=yes
			if [ "$rc" -ne 2 ]; then bad="$bad $n:$kind:exit-$rc"; fi
			if [ "$mode" = records ] && ! counted; then
				bad="$bad $n:$kind:said-$said"
			fi
		done
	done
	is "$what" "${met:-nothing-written}$bad" yes
}

# file WHAT COMMAND...: the input is a file.  pipe WHAT INPUT COMMAND...: a
# pipe, which is waited for.
file() { every "$@"; }
pipe() {
	what=$1 input=$2
	shift 2
	# shellcheck disable=SC2016
	every "$what, waiting" sh -c 'input=$1; shift
		unset LD_PRELOAD; cat "$input" |
		LD_PRELOAD=$LIBRARY FAULT_SLOW=700 "$@"' sh "$input" "$@"
}
export LIBRARY
filter() { # WHAT INPUT COMMAND...: both ways
	what=$1 input=$2
	shift 2
	file "$what" "$@" "$input"
	pipe "$what" "$input" "$@"
}

# --- records
mode=records
filter "ingest" support.mbox kith-ingest -v
pipe "ingest --format" support.mbox kith-ingest -v --format mail
file "ingest of a folder" kith-ingest -v slack-export
filter "normalize" native kith-normalize -v -C kith.yaml
filter "normalize --map" native kith-normalize -v --map map.jq
filter "identify" messages kith-identify -v -C kith.yaml
filter "merge" identified kith-merge -v
filter "merge --follow" identified kith-merge -v --follow
file "merge -S" kith-merge -v -S st2 identified
pipe "merge --follow -S" identified kith-merge -v --follow -S st3
filter "recall" merged kith-recall -v
pipe "recall -S" merged kith-recall -v -S st
filter "route" known kith-route -v -r rules.yaml
pipe "route -S" known kith-route -v -r rules.yaml -S st4
file "route --overdue" kith-route -v -r rules.yaml --overdue known
file "reply --draft" kith-reply -v -C kith.yaml --draft ack --now 2026-03-04T12:00:00Z routed
filter "reply" drafts kith-reply -v -C kith.yaml

# --- text for people, and look-ups
mode=text
someone=$(sed -n 's/.*"person":"\([^"]*\)".*/\1/p' merged | head -n 1)
message=$(sed -n 's/^{"id":"\([^"]*\)".*/\1/p' known | head -n 1)
file "ingest --list-formats" kith-ingest --list-formats
file "normalize --list-formats" kith-normalize --list-formats
file "normalize --schema" kith-normalize --schema
file "merge --explain" kith-merge --explain "$someone" "$someone" identified
file "merge -S --explain" kith-merge -S st --explain "$someone" "$someone"
file "recall WHO" kith-recall "$someone" merged
pipe "recall WHO" merged kith-recall "$someone"
file "recall WHO --json" kith-recall --json "$someone" merged
file "recall -S WHO" kith-recall -S st "$someone"
file "recall --check" kith-recall --segments segments.yaml --check
sed 's/^defaults:.*/defaults: {team: nobody}/' rules.yaml >wrong.yaml
file "route --check" kith-route -r wrong.yaml --check
filter "route --explain" known kith-route -r rules.yaml --explain "$message"
file "route --test" kith-route -r rules.yaml --test cases
for kind in summary channels unanswered sla journeys; do
	file "report $kind" kith-report "$kind" routed
done
pipe "report" routed kith-report summary
for format in json csv html prometheus; do
	file "report -f $format" kith-report -f "$format" summary,channels routed
done
file "report --define" kith-report --define summary routed
file "report timeline" kith-report timeline "$someone" routed
file "report diff" kith-report diff routed routed
mkdir box
kith-reply -C kith.yaml -S box --send </dev/null >/dev/null 2>&1
file "reply --status" kith-reply -C kith.yaml -S box --status

# --- rejects
for tool in ingest normalize identify merge "merge --follow" recall \
	"route -r rules.yaml" reply "report summary" "recall $someone" \
	"merge --explain a:b c:d" "report diff routed"; do
	rm -f rejects
	input=no-record
	if [ "$tool" = ingest ]; then input=wrong.yaml; fi
	# shellcheck disable=SC2086
	FAULT_FILE=$PWD/rejects every "$tool --rejects" \
		kith-${tool%% *} --rejects rejects ${tool#"${tool%% *}"} $input
done

# --- a reader that went away: filters die of it, as filters do
mkfifo gone
gone() { # WHAT COMMAND...
	what=$1
	shift
	head -c 0 <gone &
	exec 4>gone
	wait
	code "$what: nobody reads" 141 sh -c '"$@" >&4' sh "$@"
	exec 4>&-
}
gone ingest kith-ingest support.mbox
gone normalize kith-normalize native
gone identify kith-identify messages
gone merge kith-merge identified
gone recall kith-recall merged
gone "recall WHO" kith-recall "$someone" merged
gone route kith-route -r rules.yaml known
gone "reply --draft" kith-reply -C kith.yaml --draft ack --now 2026-03-04T12:00:00Z routed
gone reply kith-reply -C kith.yaml drafts
gone "reply --status" kith-reply -C kith.yaml -S box --status
gone report kith-report summary routed

# --- a live export: what is there is written, though the pipe stays open
mkfifo live
lines=2
came() { [ "$(wc -l <came)" -ge "$1" ]; }
live() { # WHAT OPTION...: $lines are written of live-head
	what=$1
	shift
	: >came
	kith-ingest "$@" <live >came 2>/dev/null &
	exec 3>live
	cat live-head >&3
	within came "$lines"
	is "$what" "$(wc -l <came | tr -d ' ')" "$lines"
	exec 3>&-
	wait
}
printf 'a,b\n1,2\n3,4\n5,' >live-head
live "rows of a live table whose format is named" --format csv
head -n 60 support.mbox >live-head
live "mails of a live mailbox that is told by its beginning"
wide() { # ORDER: live-head as Windows writes it, cut within a character
	printf '\357\273\277%s' "$(cat live-head)" | iconv -f UTF-8 -t "$1" >wide
	head -c -1 wide >live-head
}
printf 'a,b\n1,\342\202\254\n3,\360\237\232\262\n5,6\n' >live-head
wide UTF-16LE
live "rows of one in UTF-16" --format csv
printf 'BEGIN:VCARD\nFN:A\nEND:VCARD\nBEGIN:VCARD\nFN:B\nEND:VCARD\nBEGIN:\n' \
	>live-head
wide UTF-16BE
live "cards in UTF-16 that are told by their beginning"
done_testing
