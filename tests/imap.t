#!/bin/sh
# What becomes of mails on an IMAP server after they were read: other flags, and
# that they are gone.  And what a mail brings with it from there.
. "${0%/*}/lib.sh"
. "$TESTS/dovecot.sh"
dovecot_there || {
	echo "1..0 # skip dovecot is not installed: scripts/setup --test-servers"
	exit 0
}
dovecot_start || exit 1
printf 'pw\n' >pw
chmod 600 pw
unset KITH_NOW

# flags add|remove|replace USER UID FLAG: as a mail program does it.
flags() {
	doveadm -c "$DOVECOT/conf" flags "$1" -u "$2" "$4" \
	    mailbox "${5-INBOX}" uid "$3" 2>>doveadm.err
}
expunge() {
	doveadm -c "$DOVECOT/conf" expunge -u "$1" mailbox INBOX uid "$2" \
	    2>>doveadm.err
}
# poll USER [OPTION ...]: what is new, and is done.
poll() {
	user=$1
	shift
	kith ingest -S "state.$user" --password-file pw "$@" \
	    "imaps://$user@$IMAPS" && kith ingest -S "state.$user" --done
}
# What a poll gave: subject and keywords.
told() {
	kith normalize "$@" | jq -c '[.subject, .keywords,
	    (.data.updatedAt != null)]'
}
through() {
	kith normalize "$1" | kith identify | kith merge -S "$2" 2>>err
}
at_once() {
	cat "$@" | kith normalize | kith identify | kith merge 2>>err
}
# Whose mail waits in what merge wrote.
waiting() {
	cat "$@" | kith report unanswered -f json 2>>err | jq -r .subject |
	    sort | paste -sd,
}
# mails FROM TO: each is from somebody else.
mails() {
	dovecot_mails u1 INBOX "$1" "$2" "$(printf 'From: ana%%d@riba.example\r\nTo: desk@lamp.example\r\nMessage-ID: <%%d@riba.example>\r\nSubject: lamp %%d\r\nDate: Thu, 05 Mar 2026 10:00:00 +0000\r\n\r\nLamp?\r\n')"
}

# --- what comes with a mail
mails 1 4
dovecot_mails u1 INBOX 5 5 "$(printf 'From: ana@riba.example\r\nTo: desk@lamp.example\r\nMessage-ID: <no-date@riba.example>\r\nSubject: lamp %%d\r\n\r\nLamp?\r\n')"
find "$MAILS/u1/Maildir/new" -type f -exec touch -d 2026-02-05T09:46:41Z {} +
flags add u1 5 '\Answered \Seen $Forwarded'
poll u1 >out.1
is "flags and the server's time come with a mail" \
    "$(jq -c 'select(.source.at | endswith("/5")).native |
	[(.imapFlags | sort), .internalDate, .flagsAt]' out.1)" \
    '[["$Forwarded","\\Answered","\\Seen"],"2026-02-05T09:46:41Z",null]'
through out.1 merged.1 >merged.out
is "and reach its record" \
    "$(jq -c 'select(.subject == "lamp 5") |
	[(.keywords | sort), .receivedAt, .asks]' merged.out)" \
    '[["answered","seen"],"2026-02-05T09:46:41Z",true]'
is "all wait" "$(waiting merged.out)" "lamp 1,lamp 2,lamp 3,lamp 4,lamp 5"

# --- what becomes of it
flags add u1 1 '\Seen'
is "that it was read is no news" "$(poll u1)" ""
flags add u1 1 '$Junk'
flags add u1 2 '\Deleted'
flags add u1 3 '\Answered'
mails 6 6
poll u1 >out.2
is "junk, deleted, answered: it comes again, beside what is new" \
    "$(told out.2 | sort)" \
    '["lamp 1",["seen","junk"],true]
["lamp 2",["deleted"],true]
["lamp 3",["answered"],true]
["lamp 6",null,false]'
is "once" "$(poll u1)" ""
through out.2 merged.1 >merged.2
is "merge takes it for what was known later of the same mail" \
    "$(jq -c 'select(.subject != "lamp 6") |
	[.subject, .asks, .why, .keywords]' merged.2 | sort)" \
    '["lamp 1",false,"junk",["seen","junk","updated"]]
["lamp 2",false,"deleted",["deleted","updated"]]
["lamp 3",true,null,["answered","updated"]]'
is "with the same ids, persons and conversations" \
    "$(cat merged.out merged.2 | jq -r '[.id, .person, .conversation] |
	join(" ")' | sort -u | wc -l)" 6
is "who wrote junk, or what was deleted, waits no more" \
    "$(waiting merged.out merged.2)" "lamp 3,lamp 4,lamp 5,lamp 6"
flags remove u1 1 '$Junk'
flags remove u1 2 '\Deleted'
poll u1 >out.3
is "no junk after all, and taken out again" "$(told out.3 | sort)" \
    '["lamp 1",["seen"],true]
["lamp 2",null,true]'
through out.3 merged.1 >merged.3
all="lamp 1,lamp 2,lamp 3,lamp 4,lamp 5,lamp 6"
is "they wait again" "$(waiting merged.out merged.2 merged.3)" "$all"
printf 'version: 1\nrules:\n  - {name: desk, channel: email, then: {queue: desk}}\n' >rules.yaml
routed() {
	kith route -r rules.yaml -S routes "$1" 2>>err >"routed.$1"
}
for i in out 2 3; do routed "merged.$i"; done
is "also where rules put them, by a state" \
    "$(jq -r 'select(.route) | .subject' routed.merged.3 | sort | paste -sd,)" \
    "lamp 1,lamp 2"
is "all of it in one run is the same" \
    "$(at_once out.1 out.2 out.3 | waiting)" "$all"
is "and of the first two" \
    "$(at_once out.1 out.2 | waiting)" "lamp 3,lamp 4,lamp 5,lamp 6"
is "what came, once" \
    "$(at_once out.1 out.2 out.3 |
	jq -r 'select((.keywords // []) | index("updated") | not).id' |
	sort | uniq -d | wc -l)" 0

# --- what is gone
expunge u1 4
expunge u1 5
is "what is gone is no news" "$(poll u1)" ""
mails 7 7
is "what comes then is" "$(poll u1 | told)" '["lamp 7",null,false]'
is "and who wrote it waits as before" "$(kith merge -S merged.1 </dev/null
    waiting merged.out merged.2 merged.3)" "$all"

# --- a server that cannot say what is gone, and one that counts no changes
# can CAPABILITY ...: it says that it can no more.
can() {
	dovecot_stop
	{
		grep -v ^imap_capability "$server/conf"
		echo "imap_capability = IMAP4rev1 IDLE $*"
	} >conf
	cp conf "$server/conf"
	dovecot_again "$server"
}
can CONDSTORE
is "with CONDSTORE alone: nothing is new" "$(poll u1)" ""
flags add u1 3 '$Junk'
is "other flags are" "$(poll u1 | told)" '["lamp 3",["answered","junk"],true]'
is "once" "$(poll u1)" ""
can
flags add u1 6 '$Junk'
mails 8 8
is "with neither: what is new comes, flags do not" "$(poll u1 | told)" \
    '["lamp 8",null,false]'
can CONDSTORE QRESYNC
is "they do when it can again" "$(poll u1 | told)" \
    '["lamp 6",["junk"],true]'
# As a cursor was before flags were looked at.
sed -i 's/ m[0-9]* *[^"]*"/"/' state.u1/live/*/cursor
flags add u1 7 '\Draft'
is "flags that nobody knows are taken as they are" "$(poll u1)" ""
flags remove u1 7 '\Draft'
flags add u1 8 '\Deleted'
is "and what becomes of them is told" "$(poll u1 | told | sort)" \
    '["lamp 7",null,true]
["lamp 8",["deleted"],true]'

# --- moved
# moved FROM USER TO: all, as somebody does it in a mail program.
moved() {
	doveadm -c "$DOVECOT/conf" move -u "$2" "$3" mailbox "$1" all 2>>doveadm.err
}
mail3='From: cy%d@riba.example\r\nTo: desk@lamp.example\r\nMessage-ID: <cy%d@riba.example>\r\nSubject: move %d\r\nDate: Thu, 05 Mar 2026 10:00:00 +0000\r\n\r\nLamp?\r\n'
dovecot_mails u3 INBOX 1 2 "$(printf %b "$mail3")"
for folder in Junk Later; do dovecot_folder u3 $folder >/dev/null; done
cat >kith.yaml <<YAML
sources:
  desk: {url: "imaps://u3@$IMAPS", passwordFile: pw, folders: [INBOX, Junk, Later]}
YAML
poll3() {
	kith ingest -C kith.yaml -S state.u3 @desk && kith ingest -S state.u3 --done
}
find "$MAILS/u3/Maildir" -type f -name '*.host*' -exec touch -d 2026-02-05T09:46:41Z {} +
poll3 >moved.1
through moved.1 merged.u3 >moved.out
is "two wait" "$(waiting moved.out)" "move 1,move 2"
moved INBOX u3 Junk
poll3 >moved.2
through moved.2 merged.u3 >moved.in
is "moved to junk: a later version says so" \
    "$(jq -c '[.subject, .asks, .why, .keywords]' moved.in | sort)" \
    '["move 1",false,"junk",["junk","updated"]]
["move 2",false,"junk",["junk","updated"]]'
is "and nobody waits" "$(waiting moved.out moved.in)" ""
moved Junk u3 Later
poll3 >moved.3
through moved.3 merged.u3 >moved.back
is "and out again: they wait again" "$(waiting moved.out moved.in moved.back)" \
    "move 1,move 2"
moved Later u3 INBOX
poll3 >moved.4
through moved.4 merged.u3 >moved.again
is "to where they were" "$(waiting moved.out moved.in moved.back moved.again)" \
    "move 1,move 2"
dovecot_mails u3 INBOX 3 3 "$(printf %b "$mail3")"
is "what is new was moved from nowhere" "$(poll3 | told)" '["move 3",null,false]'

# --- as it happens
comes() {
	[ "$(wc -l <"$2")" -ge "$1" ]
}
dovecot_mails u2 INBOX 1 2
kith-ingest -S state.u2 --follow --password-file pw "imaps://u2@$IMAPS/INBOX" \
    >out.4 2>err.4 &
follower=$!
ok "it reads what is there" within comes 2 out.4
# A server says nothing of what came before it was waited for.
flag_until() {
	flags add u2 1 '\Answered'
	sleep 0.2
	comes 3 out.4 || {
		flags remove u2 1 '\Answered'
		false
	}
}
ok "and a flag, as the server says so" within flag_until
kill -TERM $follower
wait $follower
is "which ends well" "$?$(cat err.4)" 0
done_testing
