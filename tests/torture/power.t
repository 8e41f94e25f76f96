#!/bin/sh
# The power goes while a tool writes to its state: on every disk that this could
# leave, the tool runs again, nothing is lost, and nothing is done twice.
# tests/torture/power.pl says how; here a few disks of each,
# POWER_CUTS=0 POWER_DISKS=0 all, POWER_ONLY=REGEX some.
. "${0%/*}/../lib.sh"
# shellcheck source=../sink.sh
. "$TESTS/sink.sh"
# shellcheck source=../dns.sh
. "$TESTS/dns.sh"
# shellcheck source=../hook.sh
. "$TESTS/hook.sh"
# shellcheck source=../dovecot.sh
. "$TESTS/dovecot.sh"
KITH_NOW=2026-03-05T12:00:00Z
export KITH_NOW
[ -z "${KITH_SANITIZED-}" ] || {
	echo "1..0 # SKIP sanitizers have to be loaded first"
	exit 0
}
cp -R "$TESTS/demo/." .
kith ingest support.mbox slack-export 2>/dev/null |
	kith normalize -C kith.yaml | kith identify -C kith.yaml >identified
kith merge identified >merged
kith recall merged >known

# Two nights: in the second there is more to say than fits between two commits,
# rows join people of the first, and operators decide.
jq -cn 'def key(n): {type: "slack", value: "T1/U\(n)", trust: "platform"};
	def line(n; ids; text): {id: "m\(n)", type: "message", channel: "chat",
	    direction: "inbound",
	    sentAt: (1714550000 + 60 * n | todate), ids: ids, text: text};
	range(0; 8) | line(.; [key(. % 4)]; "as it was")' >first.in
jq -cn 'def key(n): {type: "slack", value: "T1/U\(n)", trust: "platform"};
	def line(n; ids; text): {id: "m\(n)", type: "message", channel: "chat",
	    direction: "inbound",
	    sentAt: (1714550000 + 60 * n | todate), ids: ids, text: text};
	(range(0; 3) | line(.; [key(. % 4)]; "as it is now")),
	(range(8; 20) | line(.; [key(. % 4)]; "x" * 20000)),
	({id: "r1", type: "contact", channel: "chat", direction: "inbound",
	  sentAt: "2024-05-02T00:00:00Z", ids: [key(1), key(2)]})' >second.in
{
	cat first.in
	jq -cn '"x" * 3000 | ., ., .'
} >wrong.in
mkdir -p none one/st
kith merge -q -S one/st first.in >first.out
conversation=$(sed -n 's/.*"conversation":"\([^"]*\)".*/\1/p' first.out | head -1)
person=$(sed -n 's/.*"person":"\([^"]*\)".*/\1/p' first.out | head -1)
kith route --act "done" "$conversation" --by kim >>second.in
long=$(jq -rn '"so it was " * 500')
cp -R one two
kith route -q -S two/st --act snooze "$conversation" --by kim \
	--until 2026-04-01T00:00:00Z >/dev/null

# run WHAT CHECK START INPUT COMMAND...
run() {
	(IFS='	'; printf '%s\n' "$*") >>runs
}
run "merge -S" same none second.in kith-merge -q --memory 1M -S disk/st
run "merge -S, what it knows" same one second.in kith-merge -q --memory 1M -S disk/st
run "merge --follow -S" events one second.in kith-merge -q --follow -S disk/st
run "merge --follow -S to a file" filed one second.in kith-merge -q --follow -S disk/st
run "merge -S --rejects" same one wrong.in kith-merge -q -S disk/st --rejects disk/st/rejects
run "route --act" line one "" kith-route -S disk/st --act "done" "$conversation" --note "$long"
run "route --act, the second" line two "" kith-route -S disk/st --act reopen "$conversation" --note "$long"
run "route -S" same none known kith-route -q -r rules.yaml -S disk/st
run "recall -S WHO of merge's" opens none second.in kith-merge -q -S disk/st '|' kith-recall -S disk/st "$person"
run "recall -S of merge's" opens one second.in kith-merge -q -S disk/st '|' kith-recall -S disk/st first.out
# Of the first run the other side takes one later, and of one it says nothing.
start_sink 4xx=3 drop=6
mails 24 >drafts
echo invoice >invoice.txt
mails 4 '.reply.attachments = [{name: "a.txt", type: "text/plain", file: "invoice.txt"}]' >files
for drafts in drafts files; do
	run "reply --send, $drafts" send none $drafts kith-reply -q -t transports/mail.yaml --send -S disk/st
done
if dns_there; then
	mkdir dns
	cat >dns/root <<-END
		. 60 IN SOA a. b. 1 60 60 60 60
		. 60 IN NS a.
		shop.example. 60 IN TXT "v=spf1 ip4:198.51.100.0/24 -all"
		_dmarc.shop.example. 60 IN TXT "v=DMARC1; p=reject"
	END
	dns_start dns || exit 1
	cat >mail <<-END
		Return-Path: <anna@shop.example>
		Received: from a (a [198.51.100.7]) by mx.us.example with ESMTP id 1; Thu, 5 Mar 2026 10:00:00 +0000
		From: anna@shop.example
		To: care@us.example
		Date: Thu, 5 Mar 2026 09:59:00 +0000
		Message-ID: <1@shop.example>

		Is the lamp there?
	END
	cat >verify.yaml <<-END
		us: {emails: [care@us.example]}
		authserv: [mx.us.example]
		verify: true
	END
	kith-ingest -f mail mail | kith-normalize -C verify.yaml >mails
	run "identify --verify -S" bytes none mails kith-identify -q -C verify.yaml --resolver "$DNS" -S disk/st
fi

# Live sources.  What they wrote is appended to, as cron has it.
# shellcheck source=../api.sh
. "$TESTS/api.sh"
mkdir live token
: >live/out
cp -R live spooled
: >token/out
mkdir token/tokens
# Telegram's, which forgets what it gave when it is asked for more.
seq 501 507 | jq -nc '[inputs | {update_id: ., message: {message_id: ., date: 1796029100,
    chat: {id: 77, type: "private", first_name: "Ana"},
    from: {id: 77, is_bot: false, first_name: "Ana"}, text: "t\(.)"}}]' >updates.json
echo 7:abc >bot
LIMIT=3
export LIMIT
api_start telegram
telegram=$api_pid
printf 'sources:\n  bot: {service: telegram, tokenFile: bot, url: "%s/bot{secret}"}\n' "$API" >bot.yaml
api_pid=
run "ingest of a service" live live "" kith-ingest -q -C bot.yaml -S disk/st @bot
# Microsoft's mails, whose refresh tokens are good for one use.
seq 1 4 | jq -nc '{folders: [{id: "I", parentFolderId: "root"}], junk: "J", deleted: "D",
    oldest: 0, messages: [inputs | {at: ., id: "a\(.)=", in: "I",
	mail: ("From: a@b.example\r\nTo: c@d.example\r\nMessage-ID: <m\(.)@b.example>\r\n"
	    + "Date: Thu, 05 Mar 2026 10:0\(.):00 +0000\r\nSubject: s\(.)\r\n\r\nLamp?\r\n")}]}' >graph.json
perl "$TESTS/oauth.pl" grants good >granting &
granting=$!
within test -s granting
printf '{"token_endpoint": "http://127.0.0.1:%s/token", "client_id": "c", "client_secret": "s&3", "refresh_token": "r1"}\n' \
    "$(cat granting)" >token/tokens/desk.json
api_start graph_mail
printf 'sources:\n  desk: {service: graph_mail, tokenFile: disk/tokens/desk.json, url: "%s/v1.0", places: [I]}\n' \
    "$API" >desk.yaml
run "ingest by a token that is replaced" live token "" kith-ingest -q -C desk.yaml -S disk/st @desk
# Bodies of hooks: of two batches.
# shellcheck source=../spool.sh
. "$TESTS/spool.sh"
spool_new 258
cp -R spool spooled/spool
cat >append.pl <<'END'
# As a program that goes on behind half a line, and whose end says that all is on
# the disk.
use IO::Handle;
open my $f, '+>>', 'disk/out' or die;
seek $f, -1, 2;
read $f, my $last, 1;
syswrite $f, "\n" if defined $last && $last ne "\n" && -s $f;
while (<STDIN>) { syswrite $f, $_ or die }
$f->sync or die;
END
run "ingest of a spool to a file" live spooled "" kith-ingest -q -C hooks.yaml disk/spool
run "ingest of a spool in a pipe, and --done" piped spooled "" bash -o pipefail -c \
    'kith-ingest -q -C hooks.yaml disk/spool | perl append.pl && kith-ingest --done disk/spool'
run "ingest of a service in a pipe, and --done" piped live "" bash -o pipefail -c \
    'kith-ingest -q -C bot.yaml -S disk/st @bot | perl append.pl && kith-ingest -S disk/st --done'
[ "${POWER_DISKS-}" != 0 ] || run "ingest --follow of a spool" live spooled "" bash -c \
    'kith-ingest -q -C hooks.yaml --follow disk/spool & p=$!; sleep 0.5; kill $p; wait $p'
# A hook.
spool_new 0
mkdir hooked
cp -R spool hooked/spool
body='{"type":"event_callback","team_id":"T1","event":{"type":"message","channel":"C1","user":"U1","text":"hello","ts":"1796029190.000100","team":"T1"}}'
printf %s "$body" >body
run "kith-hook" hook hooked body env KITH_SPOOL="$SCRATCH/disk/spool" \
    KITH_NOW=2026-11-30T09:00:00Z \
    PATH_INFO=/hook/team REQUEST_METHOD=POST CONTENT_TYPE=application/json \
    CONTENT_LENGTH="$(wc -c <body)" HTTP_X_SLACK_REQUEST_TIMESTAMP=1796029200 \
    HTTP_X_SLACK_SIGNATURE="v0=$(printf %s "v0:1796029200:$body" | mac sha256 s3cret)" kith-hook
if dovecot_there && dovecot_start; then
	dovecot_mails u1 INBOX 1 4
	dovecot_mails u1 Sent 5 6
	printf 'pw\n' >pw
	printf 'sources:\n  mail: {url: "imaps://u1@%s", passwordFile: pw}\n' "$IMAPS" >imap.yaml
	run "ingest of a mailbox" live live "" kith-ingest -q -C imap.yaml -S disk/st @mail
fi
# shellcheck disable=SC2154 # of lib.sh
trap 'dovecot_stop; kill "$telegram" "$granting" "$api_pid" 2>/dev/null; cd /; rm -rf "$around"' EXIT
perl "$TESTS/torture/power.pl" "$BUILD/tests/tools/power.so" <runs
rc=$?
stop_sink
dns_stop
exit $rc
