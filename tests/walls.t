#!/bin/sh
# The walls of --sandbox: what stands in each tool, by trying to cross it from
# inside when the tool reads its first byte, as whoever had taken it over would.
. "${0%/*}/lib.sh"
cross=$BUILD/tests/tools/cross.so
cp -R "$TESTS/demo/." .
KITH_NOW=2026-03-05T12:00:00Z
export KITH_NOW
kith ingest support.mbox slack-export >native 2>/dev/null
kith normalize -C kith.yaml native >messages
kith identify -C kith.yaml messages >identified
kith merge identified >merged
kith recall merged >known
kith route -r rules.yaml known >routed
kith reply -C kith.yaml --draft ack --now 2026-03-04T12:00:00Z routed >drafts
mkdir elsewhere st
echo secret >elsewhere/secret

code "--sandbox takes one of three words" 2 kith merge --sandbox=maybe identified
like "  which are named" "$(cat "$SCRATCH/.err")" 'auto, require'
for tool in ingest normalize identify merge recall report; do
	set --
	[ $tool != report ] || set -- summary
	code "$tool without walls" 0 "kith-$tool" "$@" --sandbox=off /dev/null
done

walls=$("$BUILD/tests/tools/walls" 2>&1 | tr '\n' ' ')
skip=
case $walls in
"files calls ") ;;
*)
	code "what this kernel has not is not required of it" 2 \
		kith merge --sandbox=require identified
	like "  and it says what that is" "$(cat "$SCRATCH/.err")" 'this kernel has'
	skip="this kernel has no such wall"
	;;
esac
[ -z "${KITH_SANITIZED-}" ] || skip="sanitizers want to be the first that is loaded"
if [ -n "$skip" ]; then
	echo "# SKIP crossing the walls: $skip"
	pass "no walls are crossed # SKIP $skip"
	done_testing
fi

# crosses WHAT INPUT STATE NETWORK COMMAND...: what came of each try.  STATE and
# NETWORK are what is meant to: crossed or EACCES, crossed or EPERM.
crosses() {
	name=$1 input=$2 state=$3 net=$4
	shift 4
	rm -f elsewhere/made st/made
	CROSS_READ=elsewhere/secret CROSS_LIST=elsewhere \
		CROSS_WRITE=elsewhere/made CROSS_STATE=st/made \
		LD_PRELOAD=$cross "$@" --sandbox=require <"$input" 2>err >out
	want="read EACCES list EACCES write EACCES state $state socket $net"
	[ "$net" = EPERM ] || want="$want connect ECONNREFUSED listen EPERM"
	is "$name: no file, no socket, no program but those that are meant" \
		"$(sed -n 's/^cross: //p' err | tr '\n' ' ')" \
		"$want fork crossed type EPERM exec $exec "
	[ ! -e elsewhere/made ] || fail "$name made a file elsewhere"
}
no=EACCES yes=crossed alone=EPERM exec=EPERM
# It starts readpst, where that is there, and nothing else.
[ -z "$(command -v readpst)" ] || exec=EACCES
crosses ingest support.mbox $no $alone kith-ingest -S st
printf 'pw\n' >password
chmod 600 password
crosses "ingest URL" support.mbox $yes crossed kith-ingest -S st \
	--password-file password - imaps://desk@localhost:1
exec=EPERM
crosses normalize native $no $alone kith-normalize -C kith.yaml -S st
crosses identify messages $no $alone kith-identify -C kith.yaml -S st
crosses "identify --verify" messages $yes crossed kith-identify \
	-C kith.yaml -S st --verify --resolver 127.0.0.1
crosses merge identified $yes $alone kith-merge -S st
crosses "merge --follow" identified $yes $alone kith-merge -S st --follow
crosses "merge without a state" identified $no $alone kith-merge
crosses recall merged $yes $alone kith-recall -S st
crosses route known $yes $alone kith-route -S st -r rules.yaml
crosses "route --overdue" known $yes $alone kith-route -S st -r rules.yaml --overdue
crosses "route --explain" known $yes $alone kith-route -S st -r rules.yaml --explain x
crosses report routed $no $alone kith-report -S st summary
crosses "reply --draft" routed $yes $alone kith-reply -S st --draft ack

# Drafts may have attachments, which lie beside them or below: where they come
# from standard input, in the current folder.
mkdir beside
mv elsewhere st beside
cd beside || exit 1
said=$(CROSS_READ=elsewhere/secret CROSS_WRITE=elsewhere/made \
	LD_PRELOAD=$cross kith-reply --sandbox=require 2>&1 >/dev/null <../drafts)
cd ..
mv beside/elsewhere beside/st .
is "reply reads what lies beside its drafts, and writes nothing there" \
	"$(printf '%s\n' "$said" | sed -n 's/^cross: //p' | head -n 2 | tr '\n' ' ')" \
	"read crossed write EACCES "

# Those that send need a server.
printf '%s\n' 'kind: smtp' 'channel: email' 'url: smtp://127.0.0.1:9' \
	'tls: none' >mail.yaml
LD_PRELOAD=$cross kith-reply -S sent -t mail.yaml --send --sandbox=require \
	<drafts 2>err >out
is "reply --send: sockets that connect, and no program" \
	"$(sed -n 's/^cross: //p' err | tr '\n' ' ')" \
	"socket crossed connect ECONNREFUSED listen EPERM fork crossed type EPERM exec EPERM "

# Not even the chance to look at the parent.
is "an attack on another process ends it" \
	"$(CROSS_DEADLY=1 CROSS=$cross sh -c 'LD_PRELOAD=$CROSS kith-merge <identified
		kill -l "$?"' 2>/dev/null)" SYS

# What works on lines holds two pipes; which zone a time is in stands in them.
CROSS_WORKER=1 CROSS_READ=native CROSS_LIST=. CROSS_WRITE=elsewhere/made \
	CROSS_STATE=st/made LD_PRELOAD=$cross kith-normalize -C kith.yaml -S st \
	--sandbox=require native 2>err >out
is "a worker has no file, no socket, no program, no process" \
	"$(sed -n 's/^cross: //p' err | tr '\n' ' ')" \
	"files 2 read EACCES list EACCES write EACCES state EACCES socket EPERM fork EPERM type EPERM exec EPERM "

# One that dies costs the line that it died of.
kith normalize --sandbox=off -C kith.yaml native >whole
awk 'NR == 3 || NR == 17 { sub(/"text":"/, "\"text\":\"DIE-HERE ") } { print }' \
	native >killers
sed '3d; 17d' native | kith normalize --sandbox=off -C kith.yaml >rest
for how in fault memory; do
	DIE=$how LD_PRELOAD=$cross kith-normalize -C kith.yaml -v --rejects bad \
		killers >out 2>err
	is "a worker that dies ($how): some was rejected" $? 1
	ok "  the others come out as ever, in their order" cmp rest out
	is "  the rejects say which lines" "$(jq -r .source.at bad | tr '\n' ' ')" "3 17 "
	ok "  and hold them" sh -c 'jq -r .line bad >bytes
		sed -n "3p; 17p" killers | cmp - bytes'
	like "  the sums are right" "$(cat err)" \
		"in $(wc -l <native), out $(wc -l <rest), rejected 2\$"
done
like "a worker that has not enough memory: the reason" "$(jq -r .reason bad)" \
	'^the process that read it ran out of memory$'
sed -n 3p killers | DIE=fault LD_PRELOAD=$cross kith-normalize >out 2>err
like "one that dies of a fault: the reason" "$(cat err)" \
	'stdin:1: error: the process that read it died of a signal: '
# So does one that never answers.
awk 'NR == 3 { sub(/"text":"/, "\"text\":\"DIE-HERE ") } { print }' native >never-answers
sed 3d native | kith normalize --sandbox=off -C kith.yaml >rest
HURRY=1 DIE=turn LD_PRELOAD=$cross kith-normalize -C kith.yaml --rejects bad \
	never-answers >out 2>err
is "a worker that never answers: some was rejected" $? 1
ok "  the others come out" cmp rest out
is "  the reject says which line, and why" \
	"$(jq -r '.source.at + " " + .reason' bad)" \
	"3 the process that read it gave no answer for 60 seconds"
ok "  it does not stay" within sh -c \
	"! grep -sqz '^[n]ever-answers' /proc/[0-9]*/cmdline"
{
	sed 1q native
	sleep 1.5
	sed 1d native
} | HURRY=1 LD_PRELOAD=$cross kith-normalize -C kith.yaml >out 2>err
ok "input that comes slowly is no hang" cmp whole out
DIE=nonsense LD_PRELOAD=$cross kith-normalize killers >out 2>err
is "a worker that says what cannot be ends the run" \
	"$? $(sed -n 's/.*fatal: //p' err)" \
	"2 a worker's reply makes no sense; the run ends"
# What unpacks holds two pipes and the archive.
tar -cf plain.tar native
CROSS_WORKER=1 CROSS_READ=native CROSS_LIST=. CROSS_WRITE=elsewhere/made \
	LD_PRELOAD=$cross kith-ingest --sandbox=require plain.tar 2>err >out
is "what reads an archive has no other file, no socket, no program" \
	"$(sed -n 's/^cross: //p' err | head -n 8 | tr '\n' ' ')" \
	"files 3 read EPERM list EPERM write EPERM socket EPERM fork EPERM type EPERM exec EPERM "
gzip -k plain.tar
CROSS_WORKER=1 CROSS_READ=native LD_PRELOAD=$cross kith-ingest \
	--sandbox=require <plain.tar.gz 2>err >out
is "what reads what is compressed has none at all" \
	"$(sed -n 's/^cross: //p' err | head -n 2 | tr '\n' ' ')" "files 2 read EPERM "
mkdir mails
for n in 1 2 3; do
	printf 'From: ana@riba.example\nMessage-ID: <%s@riba.example>\n\nx\n' $n
	[ $n != 2 ] || head -c 500000 /dev/zero | tr '\0' '\n'
	[ $n != 2 ] || echo DIE-HERE
	[ $n != 2 ] || head -c 500000 /dev/zero | tr '\0' '\n'
done | awk '/^From: / { n++ } { print > ("mails/" n ".eml") }'
(cd mails && tar -cf ../mails.tar 1.eml 2.eml 3.eml)
DIE=fault LD_PRELOAD=$cross kith-ingest -v --rejects bad mails.tar >out 2>err
is "an entry that what unpacks dies of: some was rejected" $? 1
is "  the entries before and behind it are read" \
	"$(jq -r .source.file out | tr '\n' ' ')" "mails.tar/1.eml mails.tar/3.eml "
is "  and it is the reject" "$(jq -r '.source.file + " " + .reason' bad |
	sed 's/ of a signal.*//')" \
	"mails.tar/2.eml the process that unpacks it died"
HURRY=1 DIE=turn LD_PRELOAD=$cross kith-ingest --rejects bad mails.tar >out 2>err
is "one that it hangs at: the others are read" \
	"$? $(jq -r .source.file out | tr '\n' ' ')" "1 mails.tar/1.eml mails.tar/3.eml "
is "  and it is the reject" "$(jq -r '.source.file + " " + .reason' bad)" \
	"mails.tar/2.eml the process that unpacks it gave no answer for 60 seconds"
head -c 600000 /dev/urandom >mails/long
(cd mails && tar -czf ../long.tgz 1.eml long 3.eml)
HURRY=1 DIE=slow LD_PRELOAD=$cross kith-ingest long.tgz >out 2>err
like "an entry that is long to pass over is no hang" \
	"$(jq -r .source.file out | tr '\n' ' ')" '^long.tgz/1.eml long.tgz/3.eml $'
rm mails/long
cp mails/2.eml mails/DIE-HERE
gzip mails/DIE-HERE mails/1.eml mails/3.eml
rm mails/2.eml
DIE=fault LD_PRELOAD=$cross kith-ingest --rejects bad mails >out 2>err
is "a compressed file that it dies of: the others are read" \
	"$? $(jq -r .source.file out | tr '\n' ' ')" \
	"1 mails/1.eml.gz mails/3.eml.gz "
like "  and it is the reject" "$(jq -r '.source.file + " " + .reason' bad)" \
	'^mails/DIE-HERE.gz .*the process that unpacks it died of a signal: '
HURRY=1 DIE=sleep LD_PRELOAD=$cross kith-ingest --rejects bad mails >out 2>err
is "one that it hangs at: the others are read" \
	"$? $(jq -r .source.file out | tr '\n' ' ')" \
	"1 mails/1.eml.gz mails/3.eml.gz "
# What reads XML has two pipes, and its file by one of them.
"$BUILD/tests/tools/corpus" sms 3000 >sms.xml
CROSS_WORKER=1 CROSS_READ=native CROSS_LIST=. CROSS_WRITE=elsewhere/made \
	LD_PRELOAD=$cross kith-ingest --sandbox=require sms.xml 2>err >out
is "what reads XML has no file, no socket, no program" \
	"$(sed -n 's/^cross: //p' err | tr '\n' ' ')" \
	"files 2 read EACCES list EACCES write EACCES socket EPERM fork EPERM type EPERM exec EPERM "
kith ingest -v --sandbox=off sms.xml >whole 2>whole.err
ok "and it reads the same" cmp whole out
kith ingest -v sms.xml 2>err | cmp -s - whole
is "  with the same sums" "$(cat err)" "$(cat whole.err)"
# What reads a database has that file, its log, and two pipes.
sqlite3 chat.db <"$TESTS/golden/ingest/imessage/chat.sql" >/dev/null
sqlite3 chat.db 'PRAGMA wal_autocheckpoint = 0' \
	"UPDATE message SET text = 'x' WHERE ROWID = 1" \
	'.shell cp chat.db-wal kept' >/dev/null
cp kept chat.db-wal
CROSS_WORKER=1 CROSS_READ=native CROSS_LIST=. CROSS_WRITE=elsewhere/made \
	CROSS_STATE=st/made LD_PRELOAD=$cross kith-ingest --sandbox=require chat.db 2>err >out
is "what reads a database has no other file, no socket, no program" \
	"$(sed -n 's/^cross: //p' err | tr '\n' ' ')" \
	"files 4 read EACCES list EACCES write EACCES state EACCES socket EPERM fork EPERM type EPERM exec EPERM "
kith ingest --sandbox=off chat.db >whole
kith ingest chat.db >out
ok "  and it reads the same" cmp whole out
sqlite3 chat.db "UPDATE message SET text = 'DIE-HERE' WHERE ROWID = 20"
DIE=fault LD_PRELOAD=$cross kith-ingest -v --rejects bad chat.db >out 2>err
is "a database that it dies of is a reject" \
	"$? $(jq -r '.source.file + " " + .reason' bad | sed 's/ of a signal.*//')" \
	"1 chat.db the process that read it died"
kith ingest -v --sandbox=off sms.xml >whole 2>whole.err
awk 'NR == 2500 { sub(/body="/, "body=\"DIE-HERE ") } { print }' sms.xml >die.xml
DIE=fault LD_PRELOAD=$cross kith-ingest -v --rejects bad die.xml >out 2>err
is "XML that it dies of costs the rest of its file" \
	"$? $(jq -r '.source.file + " " + .reason' bad | sed 's/ of a signal.*//')" \
	"1 die.xml the process that read it died"
n=$(wc -l <out)
ok "  what came before it is there" test "$n" -gt 500 -a "$n" -lt 2500
ok "  and whole" sh -c 'head -n '"$n"' whole | sed "s/sms[.]xml/die.xml/" |
	cmp - out'
HURRY=1 DIE=turn LD_PRELOAD=$cross kith-ingest -v --rejects bad die.xml >out 2>err
is "XML that it hangs at costs the rest of its file, too" \
	"$? $(jq -r '.source.file + " " + .reason' bad)" \
	"1 die.xml the process that read it gave no answer for 60 seconds"
ok "rejects and long lines stand in their order" sh -c '
	{ sed -n 1p native; echo x; sed -n 2p native; echo y
		head -c 9999999 /dev/zero | tr "\0" z; echo; } >mixed
	for walls in off auto; do
		kith normalize --max-line 1M --sandbox=$walls mixed >$walls.out 2>$walls.err
	done
	cmp off.out auto.out && cmp off.err auto.err && [ -s auto.err ]'
# A live pipe has no delay.
mkfifo live
kith normalize -C kith.yaml <live >out &
exec 9>live
sed -n 1p native >&9
ok "a line comes out before the next goes in" within test -s out
exec 9>&-
wait

# Without walls all is as ever.
CROSS_READ=elsewhere/secret LD_PRELOAD=$cross kith-merge --sandbox=off \
	<identified >out 2>err
like "--sandbox=off: nothing stands" "$(cat err)" '^cross: read crossed'

# What the operator names is read before, wherever it lies; operands and the
# workspace's files behind the walls, through links too.
mkdir far
mv native messages far
ln -s ../far/native elsewhere/link
ok "an operand is read through a link" kith normalize --sandbox=require elsewhere/link
gzip -k far/native
ok "what is compressed, whose library comes late" \
	kith normalize --sandbox=require far/native.gz
ok "a pipe that has a name" sh -c \
	'mkfifo p; cat far/native >p & kith normalize --sandbox=require p; wait'
ok "standard input by its name" sh -c \
	'kith normalize --sandbox=require /dev/stdin <far/native'
kith merge -S far/state --sandbox=require identified >out
ok "a state elsewhere" test -s far/state/people.db
# In a first run of a pipeline the state is made when recall has its walls.
mkfifo q
kith recall -S late <q >out 2>err &
exec 9>q
within test -d late
kith merge -S late identified >late.merged
cat late.merged >&9
exec 9>&-
wait
ok "a state that merge makes later is read" sh -c \
	'[ ! -s err ] && kith recall -S late late.merged | cmp - out'
cp -R slack-export far/export
ln -s "$PWD/elsewhere/secret" far/export/linked
kith ingest --sandbox=require far/export >out 2>err
like "a link in an export is not followed" "$(cat err)" 'linked: error: a link'
done_testing
