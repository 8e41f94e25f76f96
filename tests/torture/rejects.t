#!/bin/sh
# --rejects takes the place of what is in its file; but a run that fails
# before it begins, or whose own files that would spoil, leaves all as it was.
. "${0%/*}/../lib.sh"

# keeps WHAT COMMAND...: exit 2 and `kept` is as it was; in a file too.
words='{"id":"m1","type":"message","words":"nobody has them twice"}'
keeps() {
	what=$1
	shift
	printf '%s\n' "$words" >kept
	"$@" >.out 2>.err </dev/null
	rc=$?
	is "$what" "$rc $(cat kept)" "2 $words"
}
# refuses WHAT COMMAND...: likewise, and says so in one sentence.
refuses() {
	keeps "$@"
	like "  is said" "$(cat .err)" \
		"^kith-[a-z]*: fatal: --rejects .*(would be lost|elsewhere)"
	is "  once" "$(grep -c fatal .err)" 1
}

cat >rules.yaml <<'END'
version: 1
rules:
  - {channel: email, then: {queue: desk}}
END
printf "segments:\n  mail: .record.channel == \"email\"\n" >segments.yaml
printf "subject: Hello\n\nHello\n" >hello.md
mkdir folder
echo 'us: {}' >kith.yaml

# --- mistakes in the arguments: every tool
for tool in ingest normalize identify merge recall route reply report; do
	keeps "$tool: an unknown option" \
		kith-$tool --rejects kept --no-such-option
	keeps "$tool: a workspace file that is not there" \
		kith-$tool --rejects kept -C nowhere.yaml
done
keeps 'normalize: an unknown format' kith-normalize --rejects kept -f none
keeps 'normalize: two modes' \
	kith-normalize --rejects kept --schema --list-formats
keeps 'normalize: no map' kith-normalize --rejects kept -m nowhere.jq
keeps 'ingest: an unknown format' kith-ingest --rejects kept -f none
keeps 'identify: no patterns' kith-identify --rejects kept --patterns no
keeps 'merge: a wrong window' kith-merge --rejects kept --window 7
keeps 'merge: --explain without B' kith-merge --rejects kept --explain a@x.org
keeps 'recall: a wrong half-life' kith-recall --rejects kept --half-life 0s
keeps 'recall: no segments' kith-recall --rejects kept --segments no
keeps 'route: no rules' kith-route --rejects kept
keeps 'route: two modes' \
	kith-route --rejects kept -r rules.yaml --check --overdue
keeps 'reply: no template' kith-reply --rejects kept --draft no/where
keeps 'reply: no state' kith-reply --rejects kept --send
keeps 'report: an unknown report' kith-report --rejects kept nothing
keeps 'report: no rules' kith-report --rejects kept summary -r no
keeps 'report: a diff of one' kith-report --rejects kept diff kept

# --- its own input, by any name
ln -s kept alias
ln -f kept hard 2>/dev/null
every() { # every WHAT FILE REJECTS
	refuses "ingest: $1" kith-ingest --rejects "$3" "$2"
	refuses "normalize: $1" kith-normalize --rejects "$3" "$2"
	refuses "identify: $1" kith-identify --rejects "$3" "$2"
	refuses "merge: $1" kith-merge --rejects "$3" "$2"
	refuses "merge --follow: $1" kith-merge --follow --rejects "$3" "$2"
	refuses "merge --explain: $1" \
		kith-merge --rejects "$3" --explain email:a@x.org \
		email:b@x.org "$2"
	refuses "recall: $1" kith-recall --rejects "$3" "$2"
	refuses "recall WHO: $1" kith-recall --rejects "$3" a@x.org "$2"
	for mode in '' '--explain m1' --overdue; do
		# shellcheck disable=SC2086
		refuses "route $mode: $1" \
			kith-route -r rules.yaml $mode --rejects "$3" "$2"
	done
	for mode in '' '--draft ./hello.md' '--approve --by kim' '--send'; do
		# shellcheck disable=SC2086
		refuses "reply $mode: $1" \
			kith-reply -S st $mode --rejects "$3" "$2"
	done
	refuses "report: $1" kith-report summary --rejects "$3" "$2"
	refuses "report diff: $1" kith-report diff "$2" "$2" --rejects "$3"
}
every 'the input' kept kept
refuses 'by another way' kith-merge --rejects folder/../kept kept
refuses 'by a symbolic link' kith-merge --rejects alias kept
refuses 'the other way' kith-merge --rejects kept alias
rm -f hard
printf '%s\n' "$words" >kept && ln kept hard
refuses 'by a second name' kith-merge --rejects hard kept
refuses 'the second of two' kith-merge --rejects kept kith.yaml kept
refuses 'standard input' sh -c 'kith-merge --rejects kept <kept'
refuses 'standard input, named' sh -c 'kith-merge --rejects kept - <kept'
refuses 'standard output' sh -c 'kith-merge --rejects kept 1<>kept'
printf '%s\n' "$words" >kept
# shellcheck disable=SC2094
kith-merge --rejects kept </dev/null 2>>kept
is 'standard error' "$?" 2
is '  what is in it stays' "$(head -n 1 kept)" "$words"

# --- a file in a folder that is read
mkdir -p box/deep
printf 'From: a@example.org\nSubject: Hi\n\nHello\n' >box/deep/1.eml
cp box/deep/1.eml box/before
code 'ingest: a file of the folder that is read' 2 \
	kith-ingest --rejects box/deep/1.eml box
ok '  stays' cmp box/deep/1.eml box/before
code 'ingest: a new one in it' 2 kith-ingest --rejects box/rejects box
like '  is said' "$(cat .err)" 'would be read; write it elsewhere'
code 'beside it' 0 kith-ingest --rejects box.rejects box

# --- files that options and the workspace name
mv kept was
for own in rules.yaml segments.yaml hello.md kith.yaml links patterns.yaml \
	map.jq cases.jsonl mail.yaml; do
	[ -e $own ] || echo '# nothing' >$own
	cp $own before
	printf 'links: links\npatterns: patterns.yaml\n' >ws.yaml
	case $own in
	rules.yaml) set -- route -r $own ;;
	segments.yaml) set -- recall --segments $own ;;
	hello.md) set -- reply --draft ./$own ;;
	kith.yaml) set -- merge -C $own ;;
	links) : >links && : >before && set -- normalize -C ws.yaml ;;
	patterns.yaml) set -- normalize -C ws.yaml ;;
	map.jq) echo . >map.jq && echo . >before && set -- normalize -m $own ;;
	cases.jsonl) set -- route -r rules.yaml --test $own ;;
	mail.yaml)
		printf 'kind: smtp\nchannel: email\nurl: smtp://127.0.0.1\n' \
			>$own
		echo 'from: a@example.org' >>$own
		cp $own before
		set -- reply -t $own
		;;
	esac
	tool=$1
	shift
	code "$tool: $own" 2 kith-"$tool" --rejects $own "$@" was
	like '  is said' "$(cat .err)" 'would be lost; name another file'
	ok '  stays' cmp $own before
done

# --- the state
printf '%s\n' '{"id":"m1","type":"message","channel":"email",
"direction":"inbound","sentAt":"2026-03-04T12:00:00Z","from":
{"email":"a@x.org"},"ids":[]}' | tr -d '\n' >records
kith-merge -q -S st records >/dev/null
code 'a file of the state' 2 kith-merge -S st --rejects st/people.db records
like '  is said' "$(cat .err)" 'a file of st, which would be lost'
is '  stays' "$(sqlite3 st/people.db 'PRAGMA integrity_check')" ok
code 'rejects may lie in its folder' 1 \
	sh -c 'echo nothing | kith-merge -S st --rejects st/rejects'
cp st/rejects first
code '  and their successors' 1 \
	sh -c 'echo nothing | kith-merge -S st --rejects st/rejects'
ok '  alike' cmp first st/rejects

head -c 4000 /dev/zero >st/rejects
cat first >>st/rejects
code '  also of one that the power went in' 1 \
	sh -c 'echo nothing | kith-merge -S st --rejects st/rejects'
ok '  alike' cmp first st/rejects

# --- what is no mistake
printf 'old\nolder\n' >kept
code 'a good run' 1 sh -c 'echo nothing | kith-identify --rejects kept'
is '  takes its place' "$(wc -l <kept)" 1
code 'a pipe that is standard output too' 1 \
	sh -c 'echo nothing | { kith-identify --rejects /dev/stdout; echo $? >rc; } |
	cat >out; grep -q reason out && exit $(cat rc)'
code 'no file at all' 1 \
	sh -c 'echo nothing | kith-identify --rejects /dev/null'
done_testing
