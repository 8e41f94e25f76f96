#!/bin/sh
# Hooks by the CGI: whose are taken, what is answered, what is kept, and what
# becomes of it, whatever fails meanwhile.
. "${0%/*}/lib.sh"
# shellcheck source=tests/hook.sh
. "$ROOT/tests/hook.sh"

echo s3cret >secret
echo older >old
echo w0rd >word
cat >kith.yaml <<'END'
sources:
  team: {service: slack, secretFile: [secret, old], account: T1}
  chat: {service: chatwoot, secretFile: secret}
  sms: {service: twilio, secretFile: secret, hook: "https://a.example/hook/sms"}
  port: {service: twilio, secretFile: secret, hook: "https://a.example:8443/hook/port"}
  bot: {service: telegram, secretFile: secret}
  desk: {service: zendesk, secretFile: secret}
  front: {service: front, secretFile: secret}
  icom: {service: intercom, secretFile: secret}
  scout: {service: helpscout, secretFile: secret}
  tawk: {service: tawkto, secretFile: secret}
  fresh: {service: freshdesk, secretFile: secret}
  own: {service: ./own.yaml, secretFile: secret, challengeFile: word}
  keyed: {service: ./keyed.yaml, secretFile: public}
  wa: {service: whatsapp_cloud, secretFile: secret, challengeFile: word}
  page: {service: messenger, secretFile: secret, challengeFile: word}
  insta: {service: instagram, secretFile: secret, challengeFile: word}
  help: {service: graph_mail, secretFile: [secret, old], tokenFile: secret}
  chats: {service: teams, secretFile: secret, tokenFile: secret}
  google: {service: gmail, secretFile: secret, tokenFile: secret}
  mail: {url: "imaps://desk@mail.example.com"}
spool: spool
END
cat >own.yaml <<'END'
version: ours
format: json
hook:
  header: webhook-signature
  prefix: v1,
  several: true
  coding: base64
  signed: "{header:webhook-id}.{time}.{body}"
  time: {header: webhook-timestamp, tolerance: 60}
  secret: {prefix: whsec_}
  challenge:
    - {query: hub.mode, is: subscribe, word: hub.verify_token, answer: {query: hub.challenge}}
    - {query: validationToken, answer: {query: validationToken}}
    - {json: type, is: "1", answer: {text: '{"type":1}'}}
END
cat >keyed.yaml <<'END'
format: json
hook:
  header: X-Signature-Ed25519
  algorithm: ed25519
  coding: hex
  signed: "{time}{body}"
  time: {header: X-Signature-Timestamp}
  secret: {coding: hex}
END
openssl genpkey -algorithm ed25519 -out key.pem
openssl pkey -in key.pem -pubout -outform DER | tail -c 32 | od -An -v -tx1 |
    tr -d ' \n' >public

# Without a conf nobody is taken, and the service comes again.
hook team '{}'
is 'no conf' "$status" 503
like 'when to come again' "$(cat .answer)" '^Retry-After: 30'
like 'with what is missing' "$(cat .log)" 'hook.conf: No such file'
ok 'the setup' kith ingest -C kith.yaml --hook-setup
is 'nobody else reads it' "$(stat -c %a spool spool/hook.conf | xargs)" '700 600'

# Setup says all that is wrong at once, and leaves what is there.
before=$(sha256sum <spool/hook.conf)
echo 's3"cret' >odd
cat >wrong.yaml <<'END'
sources:
  a: {service: slack}
  b: {service: slck, secretFile: secret}
  c: {service: twilio, secretFile: secret}
  d: {service: slack, secretFile: nowhere}
  e: {service: ./own.yaml, secretFile: secret}
  f: {service: ./keyed.yaml, secretFile: secret}
  g: {service: graph_mail, secretFile: odd}
spool: spool
END
code 'a wrong setup' 2 kith ingest -C wrong.yaml --hook-setup
is 'with all faults' "$(sed 's/^kith-ingest: [a-z]*: //' .err)" \
'@a: secretFile is missing: the file of what signs its hooks
@b: no service is called '\''slck'\''; kith-services(5) lists them, and says how to describe one
@c: hook is missing: our address as twilio calls it, such as https://www.example.com/hook/c
@d: nowhere: No such file or directory
@e: challengeFile is missing: the word that was given to the service with our address
@f: secret: the secret must be hex of 32 bytes
@g: odd: the secret must be letters, digits and -._~ alone: all else may be written in several ways in JSON'
is 'and the old conf' "$(sha256sum <spool/hook.conf)" "$before"

# A message of each service.
slack "$(message 'where is it?' 1796029190.000100)"
is 'Slack' "$status$said" 200
hook chat '{"event":"message_created","id":11,"content":"Hi","message_type":"incoming","content_type":"text","created_at":"2026-03-03 13:05:57 UTC","private":false,"sender":{"id":4,"name":"Ana","type":"contact"},"conversation":{"id":9,"channel":"Channel::WebWidget"},"inbox":{"id":3,"name":"Web"},"account":{"id":1,"name":"A"}}' \
    HTTP_X_CHATWOOT_TIMESTAMP=$NOW
is 'a signature is missing' "$status" 401
like 'which is said' "$(cat .log)" 'the header X-Chatwoot-Signature is missing'
hook chat "$body" HTTP_X_CHATWOOT_TIMESTAMP=$NOW \
    HTTP_X_CHATWOOT_SIGNATURE="sha256=$(printf %s "$NOW.$body" | mac sha256 s3cret)"
is 'Chatwoot' "$status" 200
form='From=%2B14155550100&To=%2B18005550100&Body=hello+there&MessageSid=SM00000000000000000000000000000001&AccountSid=AC00000000000000000000000000000001'
signed='AccountSidAC00000000000000000000000000000001Bodyhello thereFrom+14155550100MessageSidSM00000000000000000000000000000001To+18005550100'
type=CONTENT_TYPE='application/x-www-form-urlencoded; charset=UTF-8'
twilio() {
	hook "$1" "$form" "$type" QUERY_STRING="$3" \
	    HTTP_X_TWILIO_SIGNATURE="$(printf %s "$2$signed" | mac64 sha1 s3cret)"
}
twilio sms https://a.example/hook/sms ''
is 'Twilio' "$status" 200
twilio sms https://a.example:443/hook/sms ''
is 'with the port' "$status" 200
twilio sms "https://a.example/hook/sms?o='x'" "o=%27x%27"
is 'with a quote in the query' "$status" 200
twilio port https://a.example/hook/port ''
is 'without the port' "$status" 200
twilio sms https://b.example/hook/sms ''
is 'of another address' "$status" 401
like 'which is said, without the secret' "$(cat .log)" \
    '^kith-hook: error: /hook/sms: the signature in X-Twilio-Signature does not fit: \{url\}\{form\} by sha1, .* url https://a.example/hook/sms$'
json='{"EventType":"x"}'
sum=$(printf %s "$json" | sha256sum | cut -d' ' -f1)
hook sms "$json" QUERY_STRING="bodySHA256=$sum" HTTP_X_TWILIO_SIGNATURE="$(
    printf %s "https://a.example/hook/sms?bodySHA256=$sum" | mac64 sha1 s3cret)"
is 'Twilio, JSON' "$status" 200
hook sms "$json " QUERY_STRING="bodySHA256=$sum" HTTP_X_TWILIO_SIGNATURE="$(
    printf %s "https://a.example/hook/sms?bodySHA256=$sum" | mac64 sha1 s3cret)"
is 'another body' "$status" 401
# Fields that come twice count once; ten thousand of them hide none.
many=$(yes '&A=1' | head -n 10000 | tr -d '\n')
hook sms "A=1$many&B=evil" "$type" HTTP_X_TWILIO_SIGNATURE="$(
    printf %s https://a.example/hook/smsA1 | mac64 sha1 s3cret)"
is 'a field behind ten thousand' "$status" 401
hook bot '{"update_id":1,"message":{"message_id":5,"date":1796029100,"chat":{"id":77,"type":"private","first_name":"Ana"},"from":{"id":77,"is_bot":false,"first_name":"Ana","last_name":"Riba"},"text":"hello"}}' \
    HTTP_X_TELEGRAM_BOT_API_SECRET_TOKEN=s3cret
is 'Telegram' "$status" 200
hook bot "$body" HTTP_X_TELEGRAM_BOT_API_SECRET_TOKEN=s3cres
is 'another word' "$status" 401
hook desk '{"type":"zen:event-type:ticket.comment_added","id":"ev1","time":"2026-11-25T05:09:27Z","detail":{"id":"35","requester_id":"8","status":"OPEN","subject":"Broken"},"event":{"comment":{"id":"501","body":"It broke","is_public":true,"author":{"id":"8","name":"Ana"}}}}'
zendesk=$body
hook desk "$zendesk" HTTP_X_ZENDESK_WEBHOOK_SIGNATURE_TIMESTAMP=2026-11-25T05:09:27Z \
    HTTP_X_ZENDESK_WEBHOOK_SIGNATURE="$(printf %s "2026-11-25T05:09:27Z$zendesk" | mac64 sha256 s3cret)"
is 'Zendesk' "$status" 200
front() {
	hook front "$1" HTTP_X_FRONT_REQUEST_TIMESTAMP="$2" \
	    HTTP_X_FRONT_SIGNATURE="$(printf %s "$2:$1" | mac64 sha256 s3cret)"
}
front "{\"type\":\"inbound_received\",\"payload\":$(jq -c 'select(.type == "inbound")' "$TESTS/formats/front/events.jsonl" | head -n 1)}" "${NOW}000"
is 'Front, milliseconds' "$status" 200
front "$body" "$NOW"
is 'and no seconds' "$status" 401
hook icom "$(head -n 1 "$TESTS/formats/intercom/hooks.jsonl")"
hook icom "$body" HTTP_X_HUB_SIGNATURE="sha1=$(printf %s "$body" | mac sha1 s3cret)"
is 'Intercom' "$status" 200
scout=$(jq -c . "$TESTS/formats/helpscout/conversations.json" | head -n 1)
hook scout "$scout" HTTP_X_HELPSCOUT_SIGNATURE="$(printf %s "$scout" | mac64 sha1 s3cret)"
is 'Help Scout' "$status" 200
tawk=$(head -n 1 "$TESTS/formats/tawkto/hooks.jsonl")
hook tawk "$tawk" HTTP_X_TAWK_SIGNATURE="$(printf %s "$tawk" | mac sha1 s3cret)"
is 'tawk.to' "$status" 200
hook fresh '{"ticket":{"id":5,"subject":"Late","description":"Where is it?","source":2,"requester":{"email":"ana@riba.example"}}}' \
    HTTP_X_KITH_SECRET=s3cret
is 'Freshdesk' "$status" 200
# meta SOURCE BODY
meta() {
	hook "$1" "$2" HTTP_X_HUB_SIGNATURE_256="sha256=$(printf %s "$2" | mac sha256 s3cret)"
}
meta wa '{"object":"whatsapp_business_account","entry":[{"id":"B1","changes":[
{"field":"messages","value":{"metadata":{"display_phone_number":"1 555-078-3881"},
 "contacts":[{"profile":{"name":"Ana"},"wa_id":"16505551234"}],
 "messages":[{"from":"16505551234","id":"wamid.A","timestamp":"1796029100","type":"text","text":{"body":"In blue?"},"context":{"id":"wamid.Z"}},
  {"from":"16505551234","id":"wamid.B","timestamp":"1796029101","type":"image","image":{"id":"I1","mime_type":"image/jpeg","caption":"so"}},
  {"from":"16505551234","id":"wamid.C","timestamp":"1796029102","type":"reaction","reaction":{"message_id":"wamid.Z","emoji":"x"}}],
 "statuses":[{"id":"wamid.S","status":"failed","timestamp":"1796029103","recipient_id":"16505551234","errors":[{"code":131047,"title":"Re-engagement message"}]},
  {"id":"wamid.T","status":"read","timestamp":"1796029104","recipient_id":"16505551234"}]}},
{"field":"account_update","value":{"event":"X"}}]}]}'
is 'WhatsApp' "$status" 200
meta page '{"object":"page","entry":[{"id":"P1","messaging":[
{"sender":{"id":"55"},"recipient":{"id":"P1"},"timestamp":1796029100123,"message":{"mid":"m_1","text":"Hello?","reply_to":{"mid":"m_0"}}},
{"sender":{"id":"55"},"recipient":{"id":"P1"},"timestamp":1796029102000,"read":{"watermark":1796029101003}}],
"standby":[{"sender":{"id":"P1"},"recipient":{"id":"55"},"timestamp":1796029101003,"message":{"mid":"m_2","text":"Yes","is_echo":true}}]}]}'
is 'Messenger' "$status" 200
meta insta '{"object":"instagram","entry":[{"id":"I1","messaging":[{"sender":{"id":"77"},"recipient":{"id":"I1"},"timestamp":1796029100123,"message":{"mid":"m_9","is_deleted":true}}]}]}'
is 'Instagram' "$status" 200
standard() {
	hook own "$1" HTTP_WEBHOOK_ID=msg_1 HTTP_WEBHOOK_TIMESTAMP="${2:-$NOW}" \
	    HTTP_WEBHOOK_SIGNATURE="v1a,xx v1,AAAA v1,$(
		printf %s "msg_1.${2:-$NOW}.$1" | mac64 sha256 s3cret)"
}
standard '{"a":1}'
is 'a description of our own: one of several signatures' "$status" 200
printf %s "$NOW{\"b\":1}" >text
openssl pkeyutl -sign -inkey key.pem -rawin -in text -out sig
hook keyed '{"b":1}' HTTP_X_SIGNATURE_TIMESTAMP=$NOW \
    HTTP_X_SIGNATURE_ED25519="$(od -An -v -tx1 sig | tr -d ' \n')"
is 'Ed25519' "$status" 200
hook keyed '{"b":2}' HTTP_X_SIGNATURE_TIMESTAMP=$NOW \
    HTTP_X_SIGNATURE_ED25519="$(od -An -v -tx1 sig | tr -d ' \n')"
is 'of another text' "$status" 401

# Graph: the secret is in each item of the body, and the challenge in the query of
# a POST, without a length.
graph() {
	jq -nc '{value: [$ARGS.positional[] | {subscriptionId: "7f1", changeType: "created",
	    clientState: ., resource: "Users/u/Messages/AAMk", resourceData: {id: "AAMk"}}]}' --args "$@"
}
kept=$(taken)
hook help '' CONTENT_LENGTH='' CONTENT_TYPE='text/plain; charset=utf-8' \
    QUERY_STRING='validationToken=Validation%3a+Testing+client+application+reachability+for+subscription+Request-Id%3a+522a8e7e-096a'
is 'the challenge of Graph' "$status $said" \
    '200 Validation: Testing client application reachability for subscription Request-Id: 522a8e7e-096a'
like 'is text' "$(cat .answer)" '^Content-Type: text/plain'
like 'and no other' "$(cat .answer)" '^X-Content-Type-Options: nosniff'
hook help "$(graph wrong)" QUERY_STRING='validationToken=x%3Cscript%3E'
is 'no markup' "$status" 401
hook help "$(graph wrong)" QUERY_STRING='validationToken=x'
is 'nothing is kept with it' "$status $said $(($(taken) - kept))" '200 x 0'
hook team '{}' QUERY_STRING='validationToken=x'
is 'and others have none' "$status" 401
hook help "$(graph s3cret)"
is 'one item' "$status$said $(($(taken) - kept))" '200 1'
hook help "$(graph s3cret older s3cret)"
is 'all fit' "$status$said $(($(taken) - kept))" '200 2'
for states in 'wrong' 's3cret wrong' 'wrong s3cret' 's3cret s3cret s3crets' 'S3cret' ''; do
	# shellcheck disable=SC2086 # each is one
	hook help "$(graph $states)"
	is "not all: $states" "$status $(($(taken) - kept))" '401 2'
done
like 'which is said, without it' "$(cat .log)" \
    '/hook/help: the member clientState of what is in value is not the secret everywhere$'
hook help "$(graph s3cret | jq -c '.value += [{}]')"
is 'one without' "$status" 401
hook help "$(graph s3cret | jq -c '.value[0] |= (.resourceData.clientState = .clientState | del(.clientState))')"
is 'in another place' "$status" 401
# Any byte of either changed; and any byte at all is no crash, and makes no item
# fit that does not.
body=$(graph s3cret s3cret)
wrong=0 other=0
for i in $(seq 0 $((${#body} - 1))); do
	changed=$(printf %s "$body" | perl -pe 'substr($_, '"$i"', 1) ^= "\x01"')
	hook help "$changed"
	case $status in
	200)
		[ "$(printf %s "$changed" | jq -c '[.value[].clientState] | unique')" = '["s3cret"]' ] ||
			wrong=$((wrong + 1))
		;;
	401) other=$((other + 1)) ;;
	*) wrong=$((wrong + 1)) ;;
	esac
done
is 'a byte changed anywhere' "$wrong" 0
ok 'most are refused' [ "$other" -gt 60 ]
hook google '{"message":{"data":"e30="},"subscription":"s"}' QUERY_STRING='token=s3cret'
is 'Gmail' "$status$said" 200
hook google "$body" QUERY_STRING='token=s3cres'
is 'another token' "$status" 401
hook google "$body"
is 'none' "$status" 401
like 'which is said' "$(cat .log)" 'the parameter token is missing'
find spool -name '*.hook' -newer spool/hook.conf -exec grep -lE '^kith-hook 1 (help|google) ' {} + >hints
ok 'they are hints' [ -s hints ]
ok 'which are nothing without somebody who asks' kith ingest -C kith.yaml --rejects rejects \
    "$(mkdir -p other && cp spool/hook.conf other && xargs -a hints mv -t other && echo other)"
is '  and no items' "$(cat .ok) $(find other -name '*.hook' | wc -l) $(find other -name '*.aside' | wc -l)" ' 0 0'

# Times, and secrets while they are changed.
slack '{"c":1}' $((NOW - 299))
is 'five minutes ago' "$status" 200
slack '{"c":1}' $((NOW - 301))
is 'longer ago' "$status" 401
like 'which is said' "$(cat .log)" 'is 301 seconds from ours, more than 300'
slack '{"c":1}' $((NOW + 301))
is 'from tomorrow' "$status" 401
slack '{"c":2}' $NOW older
is 'the older secret' "$status" 200
slack '{"c":3}' $NOW oldest
is 'none of them' "$status" 401

# What is asked at set-up is answered, and not kept.
kept=$(taken)
slack '{"token":"x","challenge":"3eZbrw1aBm2rZgRN","type":"url_verification"}'
is 'the challenge of Slack' "$status $said" '200 3eZbrw1aBm2rZgRN'
slack '{"challenge":"<script>","type":"url_verification"}'
is 'nothing that is a page' "$status$said" 200
hook front '{"type":"sync"}' HTTP_X_FRONT_CHALLENGE=abc123
is 'of Front' "$status $said" '200 abc123'
standard '{"type":1}'
is 'with a text' "$status $said" '200 {"type":1}'
hook own '' REQUEST_METHOD=GET \
    QUERY_STRING='hub.mode=subscribe&hub.verify_token=w0rd&hub.challenge=1158201444'
is 'by a query' "$status $said" '200 1158201444'
hook own '' REQUEST_METHOD=GET \
    QUERY_STRING='hub.mode=subscribe&hub.verify_token=word&hub.challenge=1158201444'
is 'whose word is wrong' "$status" 403
hook own '' REQUEST_METHOD=GET QUERY_STRING='validationToken=Val%3a+d'
is 'decoded' "$status $said" '200 Val: d'
hook own '' REQUEST_METHOD=GET QUERY_STRING='validationToken=%3cVal%3e'
is 'but no markup' "$status" 405
hook own '' REQUEST_METHOD=GET QUERY_STRING='validationToken=a%0ab'
is 'in one line' "$status" 405
hook own '' REQUEST_METHOD=GET QUERY_STRING='validationToken=Val%3ad'
is 'as it is' "$status $said" '200 Val:d'
hook icom '' REQUEST_METHOD=HEAD
is 'is anybody there?' "$status$said" 200
hook icom '' REQUEST_METHOD=GET
is 'no list' "$status" 405
is 'all that was kept is one' "$(($(taken) - kept))" 1

# What is no request.
slack '{}'
hook nobody '{}'
is 'no such source' "$status" 404
hook ../team '{}'
is 'the last part of the path counts' "$status" 401
hook '' '{}'
is 'none' "$status" 404
hook team '{}' CONTENT_LENGTH=
is 'no length' "$status" 411
hook team '{}' CONTENT_LENGTH=-1
is 'no number' "$status" 400
hook team '{}' CONTENT_LENGTH=99999999999999999999
is 'too much of a number' "$status" 413
hook team '{}' CONTENT_LENGTH=4194305
is 'too large' "$status" 413
hook team '{}' CONTENT_LENGTH=3
is 'cut off' "$status" 400
hook team "$(printf 'x\nv0=abc')" PATH_INFO="$(printf '/hook/\033[2Jteam')"
like 'the log is text' "$(cat .log)" '^kith-hook: error: /hook/.u001b|^kith-hook: error: [^[:cntrl:]]*$'

# One byte changed anywhere: refused.
body=$(message 'one byte' 1796029191.000100)
good="v0=$(printf %s "v0:$NOW:$body" | mac sha256 s3cret)"
wrong=0
for i in 0 1 17 40 90 120; do
	changed=$(printf %s "$body" | perl -pe 'substr($_, '$i', 1) ^= "\x01"')
	hook team "$changed" HTTP_X_SLACK_REQUEST_TIMESTAMP=$NOW HTTP_X_SLACK_SIGNATURE="$good"
	[ "$status" = 401 ] || wrong=$((wrong + 1))
done
for i in 0 3 30 66; do
	hook team "$body" HTTP_X_SLACK_REQUEST_TIMESTAMP=$NOW \
	    HTTP_X_SLACK_SIGNATURE="$(printf %s "$good" | perl -pe 'substr($_, '$i', 1) ^= "\x01"')"
	[ "$status" = 401 ] || wrong=$((wrong + 1))
done
hook team "$body" HTTP_X_SLACK_REQUEST_TIMESTAMP=$((NOW + 1)) HTTP_X_SLACK_SIGNATURE="$good"
[ "$status" = 401 ] || wrong=$((wrong + 1))
is 'a byte of body, signature or time' "$wrong" 0

# Into records, and the spool is empty.
code 'they are taken' 1 kith ingest -C kith.yaml spool --rejects rejects
mv .out native
is 'from each' "$(jq -r '.source | "\(.file | split("/")[0]) \(.format)"' native | sort | uniq -c | awk '{print $2, $3, $1}')" \
'@bot telegram 1
@chat chatwoot 1
@desk zendesk 1
@fresh freshdesk 1
@front front 1
@icom intercom 1
@insta json 1
@keyed json 1
@own json 1
@page json 3
@port twilio 1
@scout helpscout 4
@sms twilio 3
@tawk tawkto 1
@team slack 1
@wa json 6'
is 'what nobody knows is kept aside' "$(find spool -name '*.aside' | wc -l) $(wc -l <rejects) $(taken)" '5 5 0'
is 'with its body' "$(cat spool/*.aside | grep -c '^{')" 5
is 'they mean something' "$(kith normalize -q -C kith.yaml native 2>/dev/null |
    jq -r 'select(.type == "message" and .direction == "inbound") | "\(.channel) \(.text)"' | sort -u | grep -E 'where is it|hello|It broke|Hi$')" \
'chat Hi
slack where is it?
sms hello there
telegram hello
ticket It broke'
is 'Meta means something, too' "$(kith normalize -q -C kith.yaml native 2>/dev/null |
    jq -r 'select(.account | IN("+15550783881", "P1", "I1")) | select(.sentAt) |
	[.channel, .type, .direction, .sentAt, (.from.tel // .from.uri), .from.name, .text, .inReplyTo[0]?,
	 .data.status, .data.about[0]?, .data.before, .data.code, .keywords[0]?] |
	map(select(. != null)) | join(" ")')" \
'whatsapp message inbound 2026-11-30T08:58:20Z +16505551234 Ana In blue? wamid.Z
whatsapp message inbound 2026-11-30T08:58:21Z +16505551234 Ana so
whatsapp event inbound 2026-11-30T08:58:22Z +16505551234 x wamid.Z
whatsapp event inbound 2026-11-30T08:58:23Z +16505551234 failed wamid.S 131047
whatsapp event inbound 2026-11-30T08:58:24Z +16505551234 read wamid.T
messenger message inbound 2026-11-30T08:58:20.123Z messenger:55 Hello? m_0
messenger event inbound 2026-11-30T08:58:22Z messenger:55 read 2026-11-30T08:58:21.003Z
messenger message outbound 2026-11-30T08:58:21.003Z messenger:P1 Yes
instagram message inbound 2026-11-30T08:58:20.123Z instagram:77 deleted'
is 'without the workspace nothing does' "$(kith normalize -q native 2>/dev/null | grep -c '"channel":"whatsapp"')" 0
ok 'nothing is left to take' kith ingest -C kith.yaml spool
is 'of nothing' "$(cat .ok)" ''

# Doubled: both are kept, and merge writes one.
for i in 1 2; do slack "$(message 'twice' 1796029192.000100)"; done
is 'two of one' "$(taken)" 2
is 'are one' "$(kith ingest -C kith.yaml spool | kith normalize | kith identify | kith merge 2>/dev/null | wc -l)" 1
like 'the status counts them' "$(kith ingest -C kith.yaml --status | tail -n 1)" \
    '^.*spool	-	2	0	the oldest came [0-9]+s ago; [0-9] that are no items: '
ok 'and have done their work' kith ingest -C kith.yaml --done

# Who cannot write has nobody let go.
slack "$(message 'full' 1796029193.000100)"
code 'a full disk' 2 sh -c 'kith ingest -C kith.yaml spool >/dev/full'
is 'it stays' "$(taken)" 1
code 'a source that has gone' 1 kith ingest --rejects rejects spool
is 'stays, too' "$(find spool -name '*.aside' | wc -l)" 6

# --follow: what comes, while it comes.
mkfifo lines
kith ingest -C kith.yaml --follow spool >lines &
follow=$!
exec 3<lines
slack "$(message 'first' 1796029194.000100)"
read -r line <&3
like 'at once' "$line" first
slack "$(message 'second' 1796029195.000100)"
read -r line <&3
like 'one by one' "$line" second
code 'two at a time' 75 kith ingest -C kith.yaml spool
kill "$follow"
wait "$follow" 2>/dev/null
exec 3<&-
is 'nothing is left' "$(kith ingest --done spool; find spool -name '[0-9]*' ! -name '*.aside')" ''
code 'no spool' 2 kith ingest --follow .
code 'nothing to follow' 2 kith ingest --follow

# The conf: older than the workspace file, damaged, of another version, seen by
# others.
touch -d '+1 minute' kith.yaml
slack '{}'
is 'an old conf' "$status" 503
like 'which is said' "$(cat .log)" "hook.conf is older than .*/kith.yaml; run 'kith ingest --hook-setup' again"
touch -d '-1 minute' kith.yaml
sed -i 's/tolerance 300/tolerance 900/' spool/hook.conf
slack '{}'
is 'a changed one' "$status" 503
sed -i '1s/1/2/' spool/hook.conf
slack '{}'
is 'one of another version' "$status" 503
ok 'the setup again' kith ingest -C kith.yaml --hook-setup
chmod 644 spool/hook.conf
slack '{}'
is 'one that all can read' "$status" 503
chmod 600 spool/hook.conf
hook team '{}' KITH_SPOOL=spool
is 'a spool that moves with us' "$status" 503

# A disk that fails at any moment: 200 says that it is there, whole.
rm -f spool/*.hook
bad=0 runs=0
for kind in write sync name open close full; do
	for n in 1 2 3 4 5 6; do
		rm -f spool/*.hook spool/.*.new
		PRELOAD=$BUILD/tests/tools/nth.so
		body=$(message "$kind $n" 1796029196.000100)
		hook team "$body" NTH_KIND=$kind NTH=$n HTTP_X_SLACK_REQUEST_TIMESTAMP=$NOW \
		    HTTP_X_SLACK_SIGNATURE="v0=$(printf %s "v0:$NOW:$body" | mac sha256 s3cret)"
		unset PRELOAD
		runs=$((runs + 1))
		for f in spool/*.hook; do
			[ ! -e "$f" ] || sed 1d "$f" | cmp -s - .body || bad=$((bad + 1))
		done
		if [ "$status" = 200 ] && [ "$(taken)" -ne 1 ]; then bad=$((bad + 1)); fi
		if [ "$status" = 503 ] && [ "$(taken)" -ne 0 ]; then bad=$((bad + 1)); fi
	done
done
is "what fails, $runs times" "$bad" 0

if strace -f -qq -o trace -e trace=none true 2>/dev/null; then
	bad=0 runs=0
	for call in openat write fsync renameat renameat2 close; do
		for n in 1 2 3 4 5 6 7; do
			rm -f spool/*.hook spool/.*.new
			body=$(message "$call $n" 1796029197.000100)
			UNDER="$(command -v strace) -f -qq -o $SCRATCH/trace -e inject=$call:signal=KILL:when=$n"
			hook team "$body" HTTP_X_SLACK_REQUEST_TIMESTAMP=$NOW \
			    HTTP_X_SLACK_SIGNATURE="v0=$(printf %s "v0:$NOW:$body" | mac sha256 s3cret)"
			UNDER=
			runs=$((runs + 1))
			for f in spool/*.hook; do
				[ ! -e "$f" ] || sed 1d "$f" | cmp -s - .body || bad=$((bad + 1))
			done
			if [ "$status" = 200 ] && [ "$(taken)" -ne 1 ]; then bad=$((bad + 1)); fi
		done
	done
	is "a kill, $runs times" "$bad" 0
fi
done_testing
