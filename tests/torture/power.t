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
perl "$TESTS/torture/power.pl" "$BUILD/tests/tools/power.so" <runs
rc=$?
stop_sink
dns_stop
exit $rc
