#!/bin/sh
# reply --send against a server that fails as it is told to.
. "${0%/*}/lib.sh"
# shellcheck source=sink.sh
. "$TESTS/sink.sh"

T1=2024-05-01T00:00:00Z
T2=2024-05-01T00:06:00Z

send() { # NOW [ARGUMENT...]
	now=$1
	shift
	# A web hook's programs take time, so it is there for chats alone.
	kith-reply --now "$now" -q -t transports/mail.yaml \
	    ${web:+-t transports/http.yaml} --send -S state "$@" >out 2>err
}
# How it ended for each draft: "0 sent 1" is number, status, attempts.
ends() {
	awk 'function get(name) {
		return match($0, "\"" name "\":\"?[a-z]*[0-9]*") ? substr($0,
		    RSTART + length(name) + 3, RLENGTH - length(name) - 3) : ""
	}
	{ c = get("conversation"); s = get("status"); gsub(/["c]/, "", c)
	    sub(/"/, "", s); print c, s, get("attempts") (/"retryAt"/ ? " again" : "") }' out
}
reset() {
	web=
	rm -rf state
	: >taken
}
http_transport() { # LINE...: a web hook
	cat >transports/http.yaml <<-END
		kind: http
		channel: chat
		url: http://127.0.0.1:$http/hook/\\(.conversation)
		insecure: true
		parallel: 1
		secretFile: token
		headers:
		  Authorization: 'Bearer \\(\$secret)'
		body: '{to: .to[0].uri, text: .reply.body, key: .reply.idempotencyKey}'
		success: .status == 200 and .body.ok
		id: .body.ts
		reason: .body.error
	END
	for line; do echo "$line" >>transports/http.yaml; done
	echo hush-hush >transports/token
}
chats() {
	web=1
	mails "$1" '.channel = "chat" | .reply.channel = "chat" |
	  del(.from) | .to = [{uri: "chat:\(.id)"}] | '"${2:-.}"
}

# --- mail, one fault after another ---------------------------------------
web='' PARALLEL=1
start_sink drop=1 4xx=2 5xx=3 rcpt=4 early=5 lose=6
http_transport
mails 8 >drafts
send $T1 <drafts
is "exit code: something is left to try again" $? 75
is "mail: each fault has its end" "$(ends)" "0 ambiguous 1
1 failed 1 again
2 failed 1
3 failed 1
4 failed 1 again
5 ambiguous 1
6 sent 1
7 sent 1"
like "the server's words are the reason" \
    "$(member reason)" "^550: 5.1.1 no such user here$"
is "what was taken" "$(awk '{ print $4 }' taken)" "<c0@example.org>
<c6@example.org>
<c7@example.org>"
send $T1 <drafts
is "at once again: nothing is tried before its time" "$(wc -l <taken)" 3
send $T2 <drafts
is "exit code: a person is needed" $? 1
is "later again: only what failed for a time" "$(ends)" "0 ambiguous 1
1 sent 2
2 failed 1
3 failed 1
4 sent 2
5 ambiguous 1
6 sent 1
7 sent 1"
is "nothing twice" "$(sort taken | uniq -d)" ""
is "a delivery comes out as it was" \
    "$(sed -n 7p out | sed 's/.*"at":"\([^"]*\)".*/\1/')" $T1
send $T2 --retry key2
is "--retry KEY: a person wants it again" "$(ends)" "2 sent 2"
send $T2 --retry all-failed
is "--retry all-failed" "$(ends)" "3 sent 2"
send $T2 --on-ambiguous resend </dev/null
is "--on-ambiguous resend" "$(ends)" "0 sent 2
5 sent 2"
is "--status: all of them" "$(kith-reply --status -S state | cut -d' ' -f1 |
    sort | uniq -c | sed 's/^ *//')" "1 STATE
8 sent"
is "--status --json: deliveries" "$(kith-reply --status --json -S state |
    grep -c '"delivery":{"status":"sent"')" 8
echo 'kind: pigeon' >pigeon.yaml
is "--status needs no transports" "$(kith-reply --status -S state -t pigeon.yaml |
    grep -c '^sent')" 8

reset
PARALLEL=1
start_sink drop=1
http_transport
mails 1 >drafts
send $T1 <drafts
send $T2 --on-ambiguous give-up <drafts
is "--on-ambiguous give-up" "$(ends)" "0 failed 1"
is "  was not sent again" "$(wc -l <taken)" 1

# --- what it says on the wire --------------------------------------------
reset
mkdir kept
start_sink -d kept
http_transport
mails 1 '.inReplyTo = ["q1@x.example"] | .references = ["q0@x.example",
  "q1@x.example"] | .reply.automatic = true' >drafts
send $T1 <drafts
is "automatic: null sender" "$(cut -d' ' -f3 taken)" "<>"
like "automatic: RFC 3834" "$(cat kept/1)" "^Auto-Submitted: auto-replied"
like "the thread goes on" "$(cat kept/1)" "^In-Reply-To: <q1@x.example>"
like "all of it" "$(cat kept/1)" "^References: <q0@x.example> <q1@x.example>"
is "delivery: an outbound message, automatic, no draft" \
    "$(jq -c '[.direction, .keywords, .sentAt, .text]' out)" \
    "[\"outbound\",[\"automatic\"],\"$T1\",\"Hello 0,\\nyours\"]"
is "the Message-ID is the record's" \
    "<$(member messageId)>" "$(cut -d' ' -f2 taken)"
if [ -x "$BUILD/bin/kith-ingest" ] && [ -x "$BUILD/bin/kith-normalize" ]; then
	id=$(kith-ingest kept/1 | kith-normalize | sed 's/^{"id":"\([^"]*\).*/\1/')
	is "ingested back it has the same id" "$id" \
	    "$(sed 's/^{"id":"\([^"]*\).*/\1/' out)"
fi
reset
echo 'unsubscribe: https://x.example/u?\(.to[0].email | @uri)' \
    >>transports/mail.yaml
mails 2 'if .id == "m1" then .reply.purpose = "marketing" else . end' >drafts
send $T1 <drafts
is "a solicitation says how to end them, an answer does not" \
    "$(grep -h '^List-' kept/* | tr -d '\r')" \
    "List-Unsubscribe: <https://x.example/u?c1%40example.org>
List-Unsubscribe-Post: List-Unsubscribe=One-Click"
: >taken
cp out deliveries
send $T1 <deliveries
ok "a delivery fed back passes as it is" cmp out deliveries
is "  and is not sent" "$(wc -l <taken)" 0

# --- over HTTP ------------------------------------------------------------
reset
start_sink drop=1 4xx=2 5xx=3 no=4 429=5 never=7
http_transport
chats 7 >drafts
send $T1 <drafts
is "HTTP: each fault has its end" "$(ends)" "0 ambiguous 1
1 failed 1
2 ambiguous 1
3 failed 1
4 sent 2
5 failed 1 again
6 sent 1"
is "Retry-After is heard" "$(sed -n 6p out | member retryAt -)" \
    2024-05-01T01:00:00Z
is "the channel's id is the message's" "$(sed -n 7p out | member messageId -)" \
    1700000000.000008
is "the URL is written per draft" "$(cut -d' ' -f3 taken)" "/hook/c0
/hook/c4
/hook/c6"
ok "the secret is nowhere" test -z "$(grep -l hush out err state/* taken)"

reset
start_sink half=1 old=2 chunked=3 huge=4 moved=5 cut4xx=6 reset=7
http_transport
chats 8 >drafts
send $T1 <drafts
is "answers of other kinds: broken off, HTTP/1.0, chunks, too long, a redirect, \
a broken no, a reset" "$(ends)" "0 ambiguous 1
1 sent 1
2 sent 1
3 ambiguous 1
4 failed 1
5 failed 1
6 ambiguous 1
7 sent 1"
is "  a redirect is not followed" "$(cut -d' ' -f3 taken | grep -c elsewhere)" 0

reset
PARALLEL=1
start_sink reset=1
http_transport
mails 2 >drafts
send $T1 <drafts
is "a reset after the dot" "$(ends)" "0 ambiguous 1
1 sent 1"

reset
start_sink drop=1 twice=1
http_transport 'idempotency: header'
chats 2 >drafts
send $T1 <drafts
is "folded doubles: an unknown end is another try" "$(ends)" "0 failed 1 again
1 sent 1"
send $T2 <drafts
is "  and the other side folds it" "$(ends) $(wc -l <taken)" "0 sent 2
1 sent 1 2"

reset
start_sink stall=1
http_transport 'timeout: 1s'
chats 1 >drafts
send $T1 <drafts
is "no answer in time: ambiguous" "$(ends)" "0 ambiguous 1"

# --- Slack, as it comes with kith ------------------------------------------
reset
rm -rf kept
mkdir kept
start_sink -d kept no=2 429=3 5xx=5
sed "s|https://slack.com|http://127.0.0.1:$http|; s|^parallel:.*|parallel: 1|
  s|^recipientPace:.*||" \
    "$BUILD/share/kith/transports/slack.yaml" >transports/http.yaml
echo 'insecure: true' >>transports/http.yaml
echo xoxb-hush >transports/slack.token
chats 4 '.channel = "slack" | .reply.channel = "slack" |
  .account = "T1" | .threadId = "C1/1690000000.000100" |
  .text = "a < b & c" | .reply.body = .text' >drafts
send $T1 <drafts
is "Slack: each fault has its end" "$(ends)" "0 sent 1
1 failed 1
2 sent 2
3 ambiguous 1"
is "  and its reason" "$(member reason)" \
    "200: channel_not_found
500: oops"
is "into the thread, with Slack's escapes" "$(tail -n 1 kept/1)" \
    '{"channel":"C1","thread_ts":"1690000000.000100","unfurl_links":false,"text":"a &lt; b &amp; c"}'
like "the token goes to Slack alone" "$(cat kept/1)" \
    "^Authorization: Bearer xoxb-hush"
ok "  and nowhere else" test -z "$(grep -l xoxb out err state/* taken)"
is "the message has the id that an export gives it" \
    "$(sed -n 1p out | jq -c '[.messageId, .text, .delivery.transport]')" \
    '["C1/1700000000.000001","a < b & c","http"]'

# --- one Markdown body, each channel's markup --------------------------------
reset
rm -rf kept
mkdir kept
start_sink -d kept
http_transport
marked() {
	mails 1 '.reply.format = "markdown" |
	  .reply.body = "Hello **Anna**,\n\n- <b>\n- [here](https://x.example/)" |
	  .text = "Hello Anna,\n\n- <b>\n- here (https://x.example/)"'
}
marked >drafts
send $T1 <drafts
is "Markdown by mail is sent" "$(ends)" "0 sent 1"
like "  as two parts" "$(cat kept/1)" "^Content-Type: multipart/alternative;"
ok "  one plain" grep -qF -- '- here (https://x.example/)' kept/1
like "  one HTML, safe" "$(tr -d '\n' <kept/1)" "<li>&lt;b&gt;</li>"
if [ -x "$BUILD/bin/kith-ingest" ] && [ -x "$BUILD/bin/kith-normalize" ]; then
	is "  which is read back as the text" \
	    "$(kith-ingest kept/1 | kith-normalize | member text -)" \
	    "$(member text)"
fi
reset
mails 1 '.reply.format = "markdown"' >drafts
send $T1 <drafts
like "without marks it is one part" "$(cat kept/2)" "^Content-Type: text/plain"
kith-reply --draft answer --now $T1 >drafts <<-'END'
	{"id":"m1","type":"message","channel":"email","direction":"inbound","receivedAt":"2024-05-01T00:00:00Z","from":{"email":"anna@example.org"},"subject":"a [link](http://x) *now*","text":"?","person":"p1","conversation":"c1"}
END
is "a customer's words are no marks" \
    "$(sed -n 's/.*"body":"[^}]*about \\"\([^}]*\)\\"\..*/\1/p' drafts)" \
    'a \\[link\\](http://x) \\*now\\*'
is "  and read as they were" \
    "$(sed -n 's/.*"text":"[^}]*about \\"\([^}]*\)\\"\..*"keywords.*/\1/p' drafts)" \
    'a [link](http://x) *now*'
check() { kith-reply -t transports/mail.yaml --now $T1 -q | jq -r '
  "\(.delivery.status) \(.delivery.reason // "")"'; }
ends_in() { # JQ: an edit of the draft, sent
	reset
	jq -c ".from = {email: \"support@example.com\"} | del(.reply.fill) |
	  $1" drafts >edited
	send $T1 <edited
	jq -r '"\(.delivery.status) \(.text | .[:5])"' out
}
subjects() { # SUBJECT...: those of the answers
	for s; do jq -cn --arg s "$s" '{id: "m1", type: "message",
	  channel: "email", direction: "inbound", conversation: "c1",
	  receivedAt: "2024-05-01T00:00:00Z", person: "p1", subject: $s,
	  from: {email: "anna@example.org"}, text: "?"}' |
	    kith-reply -q --draft answer | jq -r .subject; done
}
is "one mark of an answer, behind tags too, which stay" \
    "$(subjects "[EXT] Re: lamp" "Re: [users] AW: lamp" "[a] [b] SV: [c]Re[2]: x" \
	"[EXT] lamp" "[EXT] Fwd: Re: lamp" "[ext Re: lamp" "[] Re: lamp")" \
    "Re: [EXT] lamp
Re: [users] lamp
Re: [a] [b] [c] x
Re: [EXT] lamp
Re: [EXT] Fwd: Re: lamp
Re: [ext Re: lamp
Re: [] Re: lamp"
like "a frame that nobody filled in is refused" \
    "$(jq -c '.from.email = "support@example.com"' drafts | check)" \
    "^refused '.Write the answer here..' still stands in the body"
is "an edited text counts" "$(ends_in '.text = "Dear Anna"')" "sent Dear "
is "an edited body counts" "$(ends_in '.reply.body = "*Dear* Anna"')" \
    "sent Dear "
is "marks alone too" "$(ends_in '.reply.body |= "**" + .[:5] + "**" + .[5:]')" \
    "sent Hello"
is "both edited apart do not" \
    "$(jq -c '.text = "x" | .reply.body = "y"' drafts | check)" \
    "refused text and reply.body differ, and both were edited or it is not known which: make them say the same, or take one out"

# --- when it may leave (the rest: tests/unit/dispatch_preflight.c) -----------
sed 's/channel: chat/channel: sms/' transports/http.yaml >transports/sms.yaml
mails 2 '.channel = "sms" | .reply.channel = "sms" | del(.from, .subject) |
  .to = [{tel: "+493012345678"}] | .text = "Grüße" | .reply.body = .text |
  if .id == "m1" then .reply.purpose = "marketing" else . end' |
    kith-reply -t transports/sms.yaml --now 2024-05-01T20:30:00Z -q >out
is "segments are counted, and a solicitation waits for the day" \
    "$(jq -r '.delivery | "\(.status) \(.segments) \(.retryAt)"' out)" \
    "ready 1 null
refused 1 2024-05-02T06:00:00Z"

# --- what must not leave ---------------------------------------------------
reset
start_sink
http_transport
mails 12 '.to = [{email: "anna@example.org"}] |
  .reply.automatic = true' >drafts
send $T1 <drafts
is "a loop ends after ten" "$(ends | cut -d' ' -f2 | sort | uniq -c |
    sed 's/^ *//')" "2 refused
10 sent"
like "  and says so" "$(member reason)" "^a loop: 10 automatic"
send 2024-05-01T03:01:00Z <drafts
is "  until time has gone by" "$(wc -l <taken)" 12

reset
mails 3 '.reply.answers = "m1" | if .id == "m2"
  then .reply.approvedBy = "Kim" else . end' >d2
send $T1 <d2
is "one answer to a request, unless approved" "$(ends | cut -d' ' -f1,2)" \
    "0 sent
1 refused
2 sent"

reset
mails 1 '.route = {stakes: "high"} | .reply.automatic = true |
  .reply.approvedBy = "Kim"' >drafts
send $T1 <drafts
is "high stakes: no automatic reply, whoever approved it" \
    "$? $(ends | cut -d' ' -f2) $(wc -l <taken)" "1 refused 0"

reset
mails 1 >drafts
sed "s/http:.*hook/https:\\/\\/10.1.2.3\\/hook/; /insecure/d" \
    transports/http.yaml >transports/private.yaml
chats 1 | kith-reply -q -t transports/private.yaml --send -S state >out 2>err
like "an address of a private network" "$(member reason)" \
    "address that is not allowed"

reset
mails 2 >drafts
sed 's/^tls:.*/tls: required/' transports/mail.yaml >transports/tls.yaml
kith-reply --now $T1 -q -t transports/tls.yaml --send -S state <drafts >out 2>err
is "a server without TLS gets nothing where TLS is required" \
    "$? $(wc -l <taken) $(ends | tr '\n' ' ')" \
    "75 0 0 failed 1 again 1 failed 0 again "

reset
sed 's/^parallel:.*/parallel: 8\npace: 50\/s/' transports/mail.yaml \
    >transports/paced.yaml
mails 6 >drafts
before=$(date +%s%N)
kith-reply -q -t transports/paced.yaml --send -S state <drafts >out 2>err
after=$(date +%s%N)
ok "six at 50 a second take a tenth of a second" \
    test $(((after - before) / 1000000)) -ge 99
is "  and all arrive" "$(wc -l <taken)" 6

# --- order, once only, edits ----------------------------------------------
reset
mails 300 >drafts
PARALLEL=16
start_sink
http_transport
send $T1 <drafts
is "deliveries come in the drafts' order" "$(ends | cut -d' ' -f1)" \
    "$(seq 0 299)"
is "all arrived once" "$(sort -u taken | wc -l) $(wc -l <taken)" "300 300"
cat drafts drafts >both
send $T1 <both
is "drafts given twice and again" "$(wc -l <out) $(wc -l <taken)" "600 300"
reset
cat drafts drafts | send $T1
is "drafts twice in one run" "$(wc -l <out) $(wc -l <taken)" "600 300"

reset
PARALLEL=1
start_sink
stop_sink
mails 3 >drafts
send $T1 <drafts
is "nobody listens: exit code" $? 75
is "nobody listens: one try for all" "$(ends)" "0 failed 1 again
1 failed 0 again
2 failed 0 again"
start_sink
sed 's/Hello/Good day/g' drafts >edited
send $T1 <edited
is "an edit before its time is kept" \
    "$(wc -l <taken) $(member text | grep -c 'Good day')" "0 3"
send $T2 </dev/null
is "an edit before it left is sent" "$(member text | grep -c 'Good day')" 3
send $T2 <drafts
is "an edit after it left is refused" "$? $(grep -c '"status":"refused"' out)" \
    "1 3"

# --- a live pipeline --------------------------------------------------------
reset
mkfifo pipe
kith-reply -q -t transports/mail.yaml --send -S state <pipe >out 2>err &
live=$!
exec 3>pipe
mails 1 >&3
within [ -s out ]
is "a draft is sent though the pipe stays open" "$(ends)" "0 sent 1"
code "two runs on one outbox: later" 75 \
    kith-reply -q -t transports/mail.yaml --send -S state
exec 3>&-
wait $live

# --- errors ------------------------------------------------------------------
reset
mails 20 >drafts
kith-reply -q -t transports/mail.yaml --send -S state <drafts >/dev/full 2>err
is "a full disk is no success" $? 2
send $T1 <drafts
is "  and what was sent is not sent again" \
    "$(wc -l <out) $(sort taken | uniq -d)" "20 "
reset
kith-reply -q -t transports/mail.yaml --send -S state <drafts 2>err |
    true
send $T1 <drafts
is "a closed pipe neither" "$(wc -l <out) $(sort taken | uniq -d)" "20 "
reset
{
	echo 'not json'
	echo '[1,2]'
	echo '{"keywords":["draft"],"to":7,"reply":[],"text":{},"from":"x"}'
	echo '{"keywords":["draft"],"channel":5,"reply":{"to":[[[]]],"body":1}}'
	printf '{"keywords":["draft"],"text":"\377\376"}\n'
	printf '{"keywords":["draft"],"text":"a\000b"}\n'
	head -n 1 drafts
} >junk
send $T1 <junk
is "junk is rejected or refused, the rest is sent" \
    "$? $(ends | cut -d' ' -f2 | sort | uniq -c | tr -s ' \n' ' ')" \
    "1  2 refused 1 sent "
kith-reply -q --draft ack <junk >out 2>err
is "junk makes no drafts" "$? $(wc -l <out)" "1 0"
if [ "$(id -u)" -ne 0 ]; then
	mkdir -m 500 locked
	code "no rights on the state" 2 \
	    kith-reply -t transports/mail.yaml --send -S locked
fi
echo x >file
code "the state is no folder" 2 \
    kith-reply -t transports/mail.yaml --send -S file
mkdir garbage
head -c 5000 /dev/urandom >garbage/outbox.db
code "the outbox is none" 2 \
    kith-reply -t transports/mail.yaml --send -S garbage
mkdir other
sqlite3 other/outbox.db 'PRAGMA user_version = 99; CREATE TABLE entry(x)'
for mode in --send --status ''; do
	# shellcheck disable=SC2086 # no mode is no word
	kith-reply -q -t transports/mail.yaml $mode -S other </dev/null >out 2>err
	is "an outbox of another version${mode:+ by $mode}: refused" $? 2
	like "  and says whose it is" "$(cat err)" \
	    'outbox.db: made by .* version 99; .*name another folder with -S$'
done
bad() { # WHAT PATTERN LINE...
	what=$1 pattern=$2
	shift 2
	printf '%s\n' "$@" >bad.yaml
	kith-reply -t bad.yaml </dev/null >out 2>err
	is "$what: exit code" $? 2
	like "$what: says where" "$(cat err)" "$pattern"
}
bad "unknown key" "bad.yaml:3:1: 'colour' is not known for smtp" \
    "kind: smtp" "channel: email" "colour: red"
bad "no kind" "'kind' is smtp or http" "channel: email"
bad "an empty file" "bad.yaml:1:1: a map is meant"
bad "password in a URL" "use user and passwordFile" \
    "kind: smtp" "channel: email" "url: smtp://me:pw@mail.example.com"
bad "password in the clear" "needs 'tls: required'" \
    "kind: smtp" "channel: email" "url: smtp://mail.example.com" \
    "tls: none" "user: me" "passwordFile: pw"
bad "plain http" "https:// is meant" "kind: http" "channel: chat" \
    "url: http://chat.example.com/" "body: ."
bad "host from a draft" "the host must stand as it is" "kind: http" \
    "channel: chat" 'url: https://\(.to[0].uri)/' "body: ."
bad "bad jq" "bad.yaml:4:.*foo/0 is not defined" "kind: http" \
    "channel: chat" "url: https://chat.example.com/" "body: foo"
bad "body without key" "neither body nor url sends" "kind: http" \
    "channel: chat" "url: https://chat.example.com/" "body: ." \
    "idempotency: body"
bad "cc that no program sends" "neither body nor url sends .cc" "kind: http" \
    "channel: email" "url: https://mail.example.com/account" \
    "body: .account" "cc: true"
bad "cc of a chat" "cc goes by mail only" "kind: http" "channel: chat" \
    "url: https://chat.example.com/" "body: '{cc}'" "cc: true"
printf '%s\n' "kind: http" "channel: chat" "url: https://chat.example.com/" \
    "body: ." "secretFile: nothing" >bad.yaml
code "a missing secret file: when sending" 2 \
    kith-reply -t bad.yaml --send -S state2
code "  not when checking" 0 kith-reply -t bad.yaml

# --- one key, one text -----------------------------------------------------
start_sink
: >taken
mails 1 >ada
jq -c '.reply.body = "Something else." | .text = .reply.body' ada >ben
rm -rf state
send $T1 <ada
send $T1 <ben
is "another text under the key of a sent one: exit code" $? 1
like "  is refused, and not said to be sent" \
    "$(cut -c 1-2000 out | grep -c '"status":"refused"') $(cat out)" \
    "^1 .*same reply.idempotencyKey since 2024-05-01T00:00:00Z .sent"
is "  and is not sent" "$(wc -l <taken)" 1
jq -c '.to[0].email = "eve@example.org"' ada >eve
send $T1 <eve
like "  another recipient likewise" "$(cat out)" '"status":"refused"'
rm -rf state
cat ada ben >both
send $T1 <both
is "  in one run" "$? $(ends | cut -d' ' -f2 | tr '\n' ' ')" "1 sent refused "
send $T1 <ada
is "  the first again is known" "$? $(ends)" "0 0 sent 1"

# --- attachments -------------------------------------------------------------
reset
mkdir -p desk
echo hello >desk/a.pdf
mails 1 '.reply.attachments = [{name: "a.pdf", type: "application/pdf",
  file: "a.pdf"}]' >desk/drafts
send $T1 desk/drafts
is "attachments: beside the drafts" "$? $(ends)" "0 0 sent 1"
is "  with their hash" "$(jq -r '.reply.attachments[0].sha256' out)" \
    "$(sha256sum desk/a.pdf | cut -d' ' -f1)"
is "  nothing is kept once all is sent" "$(find state -path "*attachments/*")" ""
refused() { # WHAT PATTERN ATTACHMENT
	jq -c --argjson a "$3" '.id = "x" | .reply.idempotencyKey = "x" |
	  .reply.attachments = [$a]' desk/drafts >desk/bad
	send $T1 desk/bad
	is "attachment: $1: exit code" $? 1
	like "  and why" "$(member reason)" "$2"
}
refused "another file under the name" "there is no such file" '{"file":"b.pdf"}'
refused "above" "without '..'" '{"file":"../desk/a.pdf"}'
refused "absolute" "without '..'" '{"file":"/etc/passwd"}'
refused "only a blob" "its bytes are not here" '{"blobId":"b1","name":"a.pdf"}'
refused "no name, no file" "no file is named" '{}'
ln -s a.pdf desk/l.pdf
refused "a link" "no plain file" '{"file":"l.pdf"}'
mkdir -p away
echo secret >away/a.pdf
ln -s ../away desk/way
refused "a link on the way" "'way' in its name is no folder" \
    '{"file":"way/a.pdf"}'
mkfifo desk/pipe
refused "what would never end" "no plain file" '{"file":"pipe"}'
mkdir -p desk/sub
cp desk/a.pdf desk/sub
jq -c '.id = "s" | .reply.idempotencyKey = "s" |
  .reply.attachments[0].file = "./sub//a.pdf"' desk/drafts >desk/below
send $T1 desk/below
is "attachment: in a folder below" "$?" 0
refused "a bad type" "no media type" '{"file":"a.pdf","type":"a b"}'
echo other >desk/a.pdf
send $T1 desk/drafts
like "  other bytes under the same key" "$? $(member reason)" "^1 another text"
mv desk/a.pdf desk/gone.pdf
send $T1 desk/drafts
like "  none under the same key: what is known of it is said" \
    "$? $(member reason)" \
    "^1 attachment 'a.pdf': there is no such file; what stands .* since 2024-05-01T00:00:00Z .sent. cannot be compared"
mv desk/gone.pdf desk/a.pdf
reset
http_transport
chats 1 '.reply.attachments = [{file: "a.pdf"}]' >desk/drafts
send $T1 desk/drafts
like "attachments: a transport that sends none" "$? $(member reason)" \
    "^1 the draft has attachments, and http sends none"
http_transport "attachments: true"
sed "s/key: .reply.idempotencyKey/files: .reply.attachments/" \
    transports/http.yaml >t && mv t transports/http.yaml
send $T1 desk/drafts
is "  one that sends them" "$? $(ends)" "0 0 sent 1"

# --- who reads along, by a mail service over HTTP ----------------------------
reset
rm -rf kept
mkdir kept
start_sink -d kept
mail_service() { # LINE...
	http_transport "$@"
	sed 's/^channel: .*/channel: email/
	    s/^body: .*/body: "{to: .to[0].email, cc: [.cc[]?.email], text}"/' \
	    transports/http.yaml >transports/service.yaml
	http_transport
}
copied() { kith-reply --now $T1 -q -t transports/service.yaml "$@" >out 2>err; }
mails 1 '.reply.cc = [{email: "b@example.org"}]' >drafts
mail_service
copied drafts
like "cc: a service that is not said to take it" "$? $(member reason)" \
    "^1 the draft has cc, and service sends to its recipient alone"
copied --send -S state drafts
like "  likewise when it is sent" "$? $(member reason)" "^1 the draft has cc"
is "  nothing went" "$(wc -l <taken)" 0
mail_service "cc: true"
copied drafts
is "cc: one that is" "$? $(jq -r .delivery.status out)" "0 ready"
is "  the check gives the draft back, not what the service sees" \
    "$(jq -c '[has("rendered"), .cc, .reply.cc]' out)" \
    '[false,null,[{"email":"b@example.org"}]]'
copied --send -S state drafts
is "  and it gets them" "$? $(tail -n 1 kept/1 | jq -c '[.to, .cc]')" \
    '0 ["c0@example.org",["b@example.org"]]'

# What waits to be tried again has its files in the state.
rm -rf state
start_sink 4xx=1
mails 1 '.reply.attachments = [{file: "a.pdf"}]' >desk/drafts
send $T1 desk/drafts
rm desk/a.pdf
is "attachments: kept for another try" "$(find state/attachments -type f | wc -l)" 1
start_sink
send $T2 </dev/null
is "  and sent by it" "$? $(ends) $(find state -path "*attachments/*" | wc -l)" "0 0 sent 2 0"

# A draft that failed for good keeps its own files and nobody else's, and what
# a run left that was killed goes with the next one.
rm -rf state
start_sink 5xx=2
echo one >desk/1.txt
echo two >desk/2.txt
mails 2 '.reply.attachments = [{file: "\(.id[1:] | tonumber + 1).txt"}]' >desk/drafts
send $T1 desk/drafts
is "attachments: kept for what a person may retry, and no others" \
    "$? $(ends) $(ls state/attachments)" "1 0 sent 1
1 failed 1 $(sha256sum <desk/2.txt | cut -d' ' -f1)"
echo left >"state/attachments/$(echo left | sha256sum | cut -d' ' -f1)"
send $T2 </dev/null
is "  what an earlier run left goes" "$(cat state/attachments/*)" two
send $T2 --retry key1
is "  with the last one the folder, too" \
    "$? $(ends) $(find state -name attachments)" "0 1 sent 2 "

# --- the last look -----------------------------------------------------------
reset
start_sink
record() { # ID TIME DIRECTION TEXT [JQ]
	jq -cn --arg id "$1" --arg at "2024-05-01T$2Z" --arg d "$3" \
	    --arg text "$4" '{id: $id, type: "message", channel: "ticket",
	      threadId: "T1", sentAt: $at, text: $text, direction: $d} |
	    if $d == "outbound" then .from = {name: "Kim",
	      email: "kim@example.com"} | .to = [{email: "ana@example.org"}]
	    else .from = {email: "ana@example.org"} |
	      .to = [{email: "kim@example.com"}] end |
	  '"${5:-.}"
}
echo 'us: {emails: [kim@example.com]}' >us.yaml
chain() {
	kith-identify -q -C us.yaml "$@" | kith-merge -q -S state |
	    kith-recall -q -S state
}
record m1 08:00:00 inbound "Where is it?" >first
chain first | kith-reply -q -C us.yaml --draft answer |
    jq -c '.text = "It left." | .reply.body = .text | del(.threadId) |
      .channel = "email" | .reply.channel = "email" | .from = {} |
      .to = [{email: "ana@example.org"}] | .reply.to = .to' >drafts
kith-reply -q --approve --by Kim drafts >approved
look() { # WHAT PATTERN
	send 2024-05-01T12:00:00Z approved
	is "last look: $1: exit code" $? 1
	like "  who, and when" "$(member reason)" "$2"
	kith-reply -q -t transports/mail.yaml -S state approved >out
	like "  the check says it, too" "$(member reason)" "$2"
}
{
	record n1 08:05:00 outbound "Our news" '.keywords = ["bulk"]'
	record n2 08:06:00 outbound "" \
		'.type = "call" | .data.disposition = "no-answer"'
	record n3 08:07:00 outbound "On its way." '.messageId = "n3@us"'
	record n4 08:08:00 inbound "" '.keywords = ["bounce"] |
	    .data = {act: "receipt", status: "failed", about: ["n3@us"]}'
} >others
chain others >/dev/null
is "last look: a mailing, a call in vain and what came back answer nothing" \
    "$(kith-reply -q -t transports/mail.yaml -S state approved | jq -r .delivery.status)" ready
record m2 08:10:00 inbound "Hello?" >second
chain second >/dev/null
look "the customer wrote" \
    "ana@example.org wrote again after .*, 2024-05-01T08:10:00Z"
record m3 08:20:00 outbound "Tomorrow." >third
chain third >/dev/null
look "one of us answered" "answered after .*, 2024-05-01T08:20:00Z"
is "last look: nothing was sent" "$(wc -l <taken)" 0
jq -c '.reply.seen = "m3"' approved >knew
send 2024-05-01T12:00:00Z knew
is "  what knew it is" "$(wc -l <taken)" 1

# --- what came back since ----------------------------------------------------
# What a mail of ours went to, by its receipts.
back() { # ID TIME STATUS [DATA]
	jq -cn --arg id "$1" --arg at "2024-05-01T$2Z" --arg s "$3" \
	    --argjson more "${4:-{\}}" '{id: $id, type: "event",
	      channel: "email", direction: "inbound", sentAt: $at, data:
	      ({act: "receipt", status: $s, about: ["a@example.com"]} + $more)}'
}
ana='{"recipients":["ANA@example.org"]}'
record m3 08:20:00 outbound "Tomorrow." '.channel = "email" |
  .messageId = "a@example.com"' >third
state() { # LINES: the state, of the first mail and these
	rm -rf state
	cat first third >all
	cat >>all
	chain all >/dev/null
}
jq -c '.reply.seen = "m3"' approved >drafts
came() { # WHAT REASON [DRAFTS]
	kith-reply -q -t transports/mail.yaml -S state "${3:-drafts}" >out
	is "came back since: $1" "$(member reason)" "$2"
}
dead="what went to ana@example.org came back after this was drafted, 2024-05-01T09:00:00Z"
state </dev/null
came "nothing" ""
back e1 09:00:00 failed "$ana" | state
came "by its recipients" "$dead"
back e1 09:00:00 failed | state
came "that of its conversation" "$dead"
back e1 09:00:00 failed '{"recipients":["other@example.org"]}' | state
came "another's" ""
back e1 09:00:00 delayed "$ana" | state
came "only late" ""
{
	back e1 09:00:00 failed "$ana"
	back e2 10:00:00 delivered "$ana"
} | state
came "delivered later" ""
{
	back e1 09:00:00 failed "$ana"
	record m4 10:00:00 inbound "Thanks" '.keywords = ["automatic"]'
} | state
came "written from later" ""
back e1 09:00:00 failed "$ana" | state
jq -c '.reply.bounced = [{address: "ana@example.org",
  at: "2024-05-01T09:00:00Z"}]' drafts >knew
came "the draft knew, and was approved" "" knew
jq -c '.reply.seen = "e1"' drafts >knew
came "the draft had seen it" "" knew
send 2024-05-01T12:00:00Z drafts
is "  and it is not sent" "$? $(member reason)" "1 $dead"

# What went to many is no answer.
record m5 09:30:00 outbound "Sale!" '.keywords = ["bulk"]' | state
came "a mailing is no answer" ""
rm -rf state

# --- more than a mail has in copy ---------------------------------------------
record m1 08:00:00 inbound "Where is it?" '.channel = "email" | .account = "kim@example.com" |
  .messageId = "q@x.example" | .cc = [range(60) | {email: "p\(.)@example.net"}]' >first
chain first | kith-reply -q -C us.yaml --draft answer >drafts
is "the 51st on is left out, and said so" \
    "$(jq -c '[(.reply.cc, .cc, .reply.leftOut | length), .reply.leftOut[0].email]' drafts)" \
    '[50,50,10,"p50@example.net"]'
record m1 08:00:00 inbound "Where is it?" >first
rm -rf state

# --- private notes -------------------------------------------------------------
reset
start_sink
record m2 08:10:00 internal "She is a known troublemaker. Be brief." \
    '.keywords = ["private"]' >note
record m3 08:20:00 inbound "Hello?" '.data.note = "Watch out."' >third
printf 'format: text\n\n%s\n' \
    '\(.data.note // "-") \([.context.recent[].text] | join(" "))' >leak.txt
printf 'internal: yes\n' | cat - leak.txt >house.txt
chain first note third >all
like "a template sees no private note" \
    "$(kith-reply -q -C us.yaml -d ./leak.txt all | jq -r .text)" \
    "^- Where is it"
like "  unless it says internal" \
    "$(kith-reply -q -C us.yaml -d ./house.txt all | jq -r .text)" \
    "^Watch out.*troublemaker"
kith-reply -q -C us.yaml -d answer all |
    jq -c '.text = "We: she is  a known TROUBLEMAKER." | .reply.body = .text |
      del(.threadId) | .channel = "email" | .reply.channel = "email" |
      .from = {} | .to = [{email: "ana@example.org"}] | .reply.to = .to' >drafts
send 2024-05-01T12:00:00Z drafts
like "a draft that quotes one is refused" "$? $(member reason)" \
    "^1 it quotes the private note of 2024-05-01T08:10:00Z"

# --- programs in the check --------------------------------------------------
http_transport
sed 's/^body: .*/body: "error(\\"no place\\")"/' transports/http.yaml >t &&
    mv t transports/http.yaml
chats 1 >drafts
kith-reply -q -t transports/http.yaml drafts >out 2>err
like "the check runs the transport's programs" "$? $(member reason)" \
    "^1 http: .*no place"

# --- what cannot be looked at is not taken for what is not there ---------------
reset
mkdir unseen
ln -s people.db unseen/people.db
mails 1 >drafts
code "no last look: nothing is sent" 2 \
    kith-reply -t transports/mail.yaml --send -S unseen drafts
like "  which is said" "$(cat .err)" 'unseen/people.db: Too many levels'
mkdir unseen2
ln -s outbox.db unseen2/outbox.db
code "nor is an outbox missing" 2 kith-reply -S unseen2 --status
mkdir own
ln -s answer own/answer
printf 'templates: own\n' | cat us.yaml - >own.yaml
code "nor a template of one's own" 2 kith-reply -C own.yaml -d answer all
like "  which is said" "$(cat .err)" 'own/answer: Too many levels'
stop_sink
done_testing
