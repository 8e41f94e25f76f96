#!/bin/sh
# Mailboxes of Outlook: what readpst makes of one that is our own; and, by a
# program in its place, what happens where it goes wrong.
. "${0%/*}/lib.sh"
mkdir without with
ln -s "$(command -v sh)" without/sh
cp "$BUILD/tests/tools/readpst" with/readpst
cp "$TESTS/pst/mailbox.txt" .
perl "$TESTS/pst.pl" old.pst <mailbox.txt

# gone: nothing is left of the folders that were made.
gone() {
	[ -z "$(ls "$TMPDIR")" ]
}

ingest=$(command -v kith-ingest)
PATH=$SCRATCH/without "$ingest" old.pst >out 2>err
is "without readpst a mailbox is a reject that says what to install" \
	"$? $(cat err)" "1 kith-ingest: old.pst: error: an Outlook mailbox is read \
by readpst, which is not there: install pst-utils"

if command -v readpst >/dev/null; then
	code "a mailbox" 0 kith-ingest --sandbox=require -v old.pst
	cp "$SCRATCH/.out" whole
	like "  what was left out is counted" "$(cat "$SCRATCH/.err")" \
		'in 6, out 6, rejected 0, entries that readpst left out 1$'
	is "  each mail says where it lay" \
		"$(jq -r '.source.format + " " + .source.file' whole)" \
		"vcard old.pst/Mailbox/Contacts/1.vcf
mail old.pst/Mailbox/Deleted Items/1.eml
mail old.pst/Mailbox/Inbox/2.eml
mail old.pst/Mailbox/Inbox/3.eml
mail old.pst/Mailbox/Inbox/Orders/1.eml
mail old.pst/Mailbox/Papierkorb/1.eml"
	kith-normalize whole >messages
	is "  what was thrown away is deleted" "$(jq -r \
		'select((.keywords // []) | index("deleted")).subject' messages |
		tr '\n' ' ')" "Gone Weg "
	is "  who sent it" "$(jq -r 'select(.type == "message") |
		.from.email // "nobody"' messages | tr '\n' ' ')" \
		"ana@riba.example uma@ridge.example ivo@shop.example nobody ana@riba.example "
	ok "  the folder is gone" gone
	kith-ingest old.pst | cmp -s - whole
	is "the same mailbox, the same items" $? 0
	mkdir box
	cp old.pst box/inner.ost
	gzip -k old.pst
	perl "$TESTS/pack.pl" all.zip old.pst
	# Another file's name, and else the same.
	same() {
		jq -c .native | cmp -s - natives
	}
	jq -c .native whole >natives
	ok "from a pipe" sh -c 'kith-ingest <old.pst >out'
	ok "  the same" same <out
	for f in box old.pst.gz all.zip; do
		kith-ingest --sandbox=require $f >out
		ok "from $f the same" same <out
	done
	kith-ingest --sandbox=off old.pst >out
	ok "without walls the same" cmp out whole
	perl "$TESTS/pst.pl" -c 2 locked.pst <mailbox.txt
	head -c 18000 old.pst >cut.pst
	printf '!BDNrest' >short.pst
	code "what is encrypted, cut off or no mailbox" 1 kith-ingest locked.pst \
		cut.pst short.pst old.pst
	is "  is said" "$(sed 's/it is damaged.*//' "$SCRATCH/.err")" \
		"kith-ingest: locked.pst: error: readpst cannot read it: 
kith-ingest: cut.pst: error: readpst cannot read it: 
kith-ingest: short.pst: error: readpst cannot read it: "
	ok "  and the others are read" cmp "$SCRATCH/.out" whole
	ok "  the folders are gone" gone
else
	echo "# SKIP readpst is not here: scripts/setup --test-servers installs it"
	pass "real mailboxes # SKIP readpst is not here"
fi

if [ -n "${KITH_SANITIZED-}" ]; then
	pass "a readpst that goes wrong # SKIP sanitizers want /proc"
	done_testing
fi

# how WORD: a mailbox of which the program in its place does that.
how() {
	printf '!BDN....SM......%s\n' "$1" >"$1.pst"
}
for word in die hang fill fail cross well; do how $word; done
PATH=$SCRATCH/with:$PATH
export PATH
cross=$BUILD/tests/tools/cross.so
echo secret >cross.pst.beside
walls=$("$BUILD/tests/tools/walls" 2>&1 | tr '\n' ' ')
if [ "$walls" = "files calls " ]; then
	kith-ingest --sandbox=require cross.pst >out 2>err
	is "it has its file and its folder, and nothing else" \
		"$(kith-normalize out | jq -r .subject)" \
		"file crossed beside EACCES read EACCES list EACCES write EACCES \
change EACCES socket EPERM fork EPERM exec EACCES"
else
	pass "its walls # SKIP this kernel has no such wall"
fi
code "one that goes well" 0 kith-ingest -v well.pst
like "  what it left out" "$(cat "$SCRATCH/.err")" 'left out 2$'
is "  MAILER-DAEMON is nobody" "$(jq -r .native.text "$SCRATCH/.out" |
	sed -n 1p)" "Message-ID: <1@x.example>"
code "one that dies" 1 kith-ingest die.pst
like "  is said" "$(cat "$SCRATCH/.err")" \
	'^kith-ingest: die.pst: error: readpst died of a signal: .*; what it had written is read'
is "  what it had written is read" "$(jq -r .source.file "$SCRATCH/.out")" \
	die.pst/Box/1.eml
code "one that fails" 1 kith-ingest fail.pst
like "  is said in its words" "$(cat "$SCRATCH/.err")" 'it says: Cannot go on$'
code "one that fills the disk" 1 kith-ingest fill.pst
ok "nothing is left" gone
like "  is stopped" "$(cat "$SCRATCH/.err")" \
	'error: readpst wrote more than 10 times as much as it read'
HURRY=1 LD_PRELOAD=$cross kith-ingest hang.pst >out 2>err
is "one that hangs" "$? $(sed 's/;.*//' err)" \
	"1 kith-ingest: hang.pst: error: readpst did nothing for 60 seconds"
ok "nothing is left" gone
ok "nobody stays" sh -c "! grep -sqz '[h]ang.pst' /proc/[0-9]*/cmdline"

# Whatever ends us.
for signal in TERM HUP KILL; do
	setsid kith-ingest hang.pst >out 2>err &
	pid=$!
	within test -n "$(sleep 0.3; ls "$TMPDIR")" || fail "no folder"
	kill -$signal $pid
	wait $pid 2>/dev/null
	ok "killed by $signal, nothing is left" within sh -c '[ -z "$(ls "$TMPDIR")" ]'
	ok "  and nobody stays" within sh -c \
		"! grep -sqz '[h]ang.pst' /proc/[0-9]*/cmdline"
done
TMPDIR=$SCRATCH/nowhere kith-ingest well.pst >out 2>err
is "no place for the folder" "$? $(sed 's/.*nowhere/nowhere/' err)" \
	"2 nowhere: no folder can be made there; TMPDIR names another place"
done_testing
