#!/bin/sh
# Both ways: what a service's hook brings is drafted, approved and sent by the
# service's transport; then its echo and its status come back, and its export of
# that evening.  All this is one message, and one answer.
. "${0%/*}/lib.sh"
# shellcheck source=tests/hook.sh
. "$TESTS/hook.sh"
# shellcheck source=tests/api.sh
. "$TESTS/api.sh"

LATER=2026-11-30T09:20:00Z
EVENING=2026-11-30T20:00:00Z
echo s3cret >secret
echo w0rd >word
mkdir transports
cat >kith.yaml <<'YAML'
us:
  emails: [help@lamp.example, kim@lamp.example]
  tels: ["+15550783881"]
  uris: ["matrix:@help:lamp.example"]
transports: transports
sources:
  sms: {service: twilio, secretFile: secret, hook: "https://a.example/hook/sms"}
  wa: {service: whatsapp_cloud, secretFile: secret, challengeFile: word}
  page: {service: messenger, secretFile: secret, challengeFile: word}
  insta: {service: instagram, secretFile: secret, challengeFile: word}
  chat: {service: chatwoot, secretFile: secret}
  front: {service: front, secretFile: secret}
  icom: {service: intercom, secretFile: secret}
  desk: {service: zendesk, secretFile: secret}
  fresh: {service: freshdesk, secretFile: secret}
  scout: {service: helpscout, secretFile: secret}
  team: {service: slack, secretFile: secret, account: T1}
  bot: {service: telegram, secretFile: secret}
spool: spool
YAML
kith ingest -C kith.yaml --hook-setup
api_start told

# call SOURCE BODY: signed as the source's service does.
call() {
	case $1 in
	sms) # the names sorted, each with its value
		set -- "$1" "$2" CONTENT_TYPE=application/x-www-form-urlencoded \
		    HTTP_X_TWILIO_SIGNATURE="$(printf 'https://a.example/hook/sms%s' "$(
			printf %s "$2" | tr '&' '\n' | LC_ALL=C sort | tr -d '=\n' |
			sed 's/%2B/+/g')" | mac64 sha1 s3cret)" ;;
	wa | page | insta)
		set -- "$1" "$2" HTTP_X_HUB_SIGNATURE_256="sha256=$(
			printf %s "$2" | mac sha256 s3cret)" ;;
	chat)
		set -- "$1" "$2" HTTP_X_CHATWOOT_TIMESTAMP=$NOW \
		    HTTP_X_CHATWOOT_SIGNATURE="sha256=$(
			printf %s "$NOW.$2" | mac sha256 s3cret)" ;;
	front)
		set -- "$1" "$2" HTTP_X_FRONT_REQUEST_TIMESTAMP="${NOW}000" \
		    HTTP_X_FRONT_SIGNATURE="$(
			printf %s "${NOW}000:$2" | mac64 sha256 s3cret)" ;;
	icom)
		set -- "$1" "$2" HTTP_X_HUB_SIGNATURE="sha1=$(
			printf %s "$2" | mac sha1 s3cret)" ;;
	desk)
		set -- "$1" "$2" \
		    HTTP_X_ZENDESK_WEBHOOK_SIGNATURE_TIMESTAMP=2026-11-30T09:00:00Z \
		    HTTP_X_ZENDESK_WEBHOOK_SIGNATURE="$(
			printf %s "2026-11-30T09:00:00Z$2" | mac64 sha256 s3cret)" ;;
	fresh) set -- "$1" "$2" HTTP_X_KITH_SECRET=s3cret ;;
	scout)
		set -- "$1" "$2" HTTP_X_HELPSCOUT_SIGNATURE="$(
			printf %s "$2" | mac64 sha1 s3cret)" ;;
	team)
		set -- "$1" "$2" HTTP_X_SLACK_REQUEST_TIMESTAMP=$NOW \
		    HTTP_X_SLACK_SIGNATURE="v0=$(
			printf %s "v0:$NOW:$2" | mac sha256 s3cret)" ;;
	bot) set -- "$1" "$2" HTTP_X_TELEGRAM_BOT_API_SECRET_TOKEN=s3cret ;;
	esac
	hook "$@"
	[ "$status" = 200 ] || fail "$1: the hook: $status $(cat .log)"
}
# take [INGEST-ARGUMENT...]: through the pipeline, on to all.jsonl; what this
# brought is in new.jsonl.
take() {
	[ $# -gt 0 ] || set -- spool
	kith ingest -C kith.yaml "$@" >items.jsonl
	[ -s items.jsonl ] || fail "$name: nothing came"
	kith normalize -q -C kith.yaml <items.jsonl |
	kith identify -q -C kith.yaml >came.jsonl
	kith merge -q -C kith.yaml -S state <came.jsonl >new.jsonl
	cat new.jsonl >>all.jsonl
	cat came.jsonl >>whole.jsonl
}
# begin NAME SECRET [SED]: a new day, with the service's transport alone.
begin() {
	name=$1
	rm -rf state transports/* spool/*.hook
	: >all.jsonl
	: >whole.jsonl
	sed "s|https://[a-z0-9.]*|$API|; $3" \
	    "$BUILD/share/kith/transports/$name.yaml" >"transports/$name.yaml"
	echo 'insecure: true' >>"transports/$name.yaml"
	for file in token secret key; do
		printf '%s\n' "$2" >"transports/$name.$file"
	done
}
# answer STATUS BODY [HEADERS]
answer() {
	printf '{"status":%s,"headers":%s,"body":%s}\n' "$1" "${3:-"{}"}" "$2" >told.json
}
# send: who waits is answered by a draft that kim approved.
send() {
	kith reply -q -C kith.yaml --now $LATER --draft answer all.jsonl >draft.jsonl
	jq -c '.reply.body = "It is on its *way*." | .reply.format = "markdown" |
	    .text = "It is on its way." | del(.reply.drafted)' draft.jsonl |
	kith reply -q -C kith.yaml --now $LATER --approve --by kim >approved.jsonl
	rm -f asked.json
	kith reply -q -C kith.yaml --now $LATER --send -S state approved.jsonl \
	    >sent.jsonl 2>send.err
	is "$name: it goes out" \
	    "$(jq -r '.delivery | "\(.status)\(.reason // "" | if . == "" then . else " " + . end)"' sent.jsonl)" sent
	kith merge -C kith.yaml -S state <sent.jsonl >>all.jsonl
	messages >before
	cat sent.jsonl >>whole.jsonl
}
# asked JQ WANT: what the service was asked.
asked() {
	is "$name: as the service has it" "$(jq -cS "$1" asked.json)" "$(printf %s "$2" | jq -cS .)"
}
messages() { jq -r 'select(.type == "message") | .id' all.jsonl | sort -u; }
standing() { # FILE
	kith report -q summary --now "$EVENING" -f json "$1" |
	jq -c '[.answers, .waiting]'
}
# same WHAT: whatever came since, no new message.
same() {
	is "$name: $1 is the same message" "$(messages)" "$(cat before)"
}
# one WHAT: whatever came since, one message of ours, which is one answer.
one() {
	same "$1"
	is "$name: $1: one answer, nobody waits" "$(standing all.jsonl)" "[1,0]"
	kith merge -q -C kith.yaml <whole.jsonl >once.jsonl
	is "$name: $1: in one run the same" "$(standing once.jsonl)" "[1,0]"
}
# became WORD: what was sent was reported to have become.
became() {
	is "$name: what became of it" "$(jq -r 'select(.type == "event" and .data.act == "receipt") |
	    "\(.data.status) \(.conversation == $sent[0].conversation)"' \
	    --slurpfile sent sent.jsonl new.jsonl)" "$1 true"
}

# --- WhatsApp ---------------------------------------------------------------
wa() {
	printf '{"object":"whatsapp_business_account","entry":[{"id":"B1","changes":[{"field":"%s","value":{"metadata":{"display_phone_number":"1 555-078-3881","phone_number_id":"1"},%s}}]}]}' "$1" "$2"
}
begin whatsapp tok 's|PHONE-NUMBER-ID|1|'
call wa "$(wa messages '"contacts":[{"profile":{"name":"Ana"},"wa_id":"4915112345678"}],"messages":[{"from":"4915112345678","id":"wamid.A","timestamp":"1796029100","type":"text","text":{"body":"Where is it?"}}]')"
take
answer 200 '{"messages":[{"id":"wamid.B"}]}'
send
asked '[.path, .body.to, .body.text.body]' '["/v23.0/1/messages","4915112345678","It is on its _way_."]'
call wa "$(wa messages '"statuses":[{"id":"wamid.B","status":"delivered","timestamp":"1796030410","recipient_id":"4915112345678"}]')"
take
became delivered
one 'its status'
call wa "$(wa smb_message_echoes '"message_echoes":[{"from":"15550783881","to":"4915112345678","id":"wamid.B","timestamp":"1796030401","type":"text","text":{"body":"It is on its _way_."}}]')"
take
one 'its echo'

# --- Messenger and Instagram --------------------------------------------------
event() { # OBJECT ACCOUNT EVENT
	printf '{"object":"%s","entry":[{"id":"%s","messaging":[%s]}]}' "$1" "$2" "$3"
}
begin messenger tok 's|PAGE-ID|P1|'
call page "$(event page P1 '{"sender":{"id":"55"},"recipient":{"id":"P1"},"timestamp":1796029100123,"message":{"mid":"m_1","text":"Where is it?"}}')"
take
answer 200 '{"recipient_id":"55","message_id":"m_2"}'
send
asked '[.path, .body.recipient.id, .body.messaging_type, .body.message.text, (.body.message.metadata | test("^k"))]' \
    '["/v23.0/me/messages","55","RESPONSE","It is on its way.",true]'
call page "$(event page P1 '{"sender":{"id":"P1"},"recipient":{"id":"55"},"timestamp":1796030400123,"message":{"mid":"m_2","text":"It is on its way.","is_echo":true,"app_id":7,"metadata":"k"}}')"
take
one 'its echo'
call page "$(event page P1 '{"sender":{"id":"55"},"recipient":{"id":"P1"},"timestamp":1796030402000,"delivery":{"mids":["m_2"],"watermark":1796030401003}}')"
take
became delivered
call page "$(event page P1 '{"sender":{"id":"55"},"recipient":{"id":"P1"},"timestamp":1796030402000,"read":{"watermark":1796030401003}}')"
take
became read
one 'its watermark'

begin instagram tok 's|ACCOUNT-ID|I1|'
call insta "$(event instagram I1 '{"sender":{"id":"77"},"recipient":{"id":"I1"},"timestamp":1796029100123,"message":{"mid":"i_1","text":"Where is it?"}}')"
take
answer 200 '{"recipient_id":"77","message_id":"i_2"}'
send
asked '[.path, .body.recipient.id, .body.message.text]' '["/v23.0/me/messages","77","It is on its way."]'
call insta "$(event instagram I1 '{"sender":{"id":"I1"},"recipient":{"id":"77"},"timestamp":1796030400123,"message":{"mid":"i_2","text":"It is on its way.","is_echo":true}}')"
take
one 'its echo'
call insta "$(event instagram I1 '{"sender":{"id":"77"},"recipient":{"id":"I1"},"timestamp":1796030402000,"read":{"mid":"i_2"}}')"
take
became read
one 'its receipt'

# --- Twilio ----------------------------------------------------------------------
begin twilio AC1:tok
call sms 'From=%2B4915112345678&To=%2B15550783881&Body=Where&MessageSid=SM00000000000000000000000000000001&AccountSid=AC00000000000000000000000000000001&SmsStatus=received'
take
answer 201 '{"sid":"SM00000000000000000000000000000002","status":"queued"}'
send
asked '[.path, .body]' '["/2010-04-01/Accounts/AC1/Messages.json","To=%2B4915112345678&From=%2B15550783881&Body=It%20is%20on%20its%20way."]'
call sms 'MessageSid=SM00000000000000000000000000000002&MessageStatus=delivered&To=%2B4915112345678&From=%2B15550783881&AccountSid=AC00000000000000000000000000000001'
take
became delivered
one 'its callback'
echo '{"messages":[{"sid":"SM00000000000000000000000000000002","account_sid":"AC00000000000000000000000000000001","from":"+15550783881","to":"+4915112345678","body":"It is on its way.","direction":"outbound-api","status":"delivered","date_created":"Mon, 30 Nov 2026 09:20:00 +0000","date_sent":"Mon, 30 Nov 2026 09:20:01 +0000","num_media":"0","num_segments":"1"}]}' >list.json
take -f twilio list.json
one 'the list'

# --- Chatwoot ---------------------------------------------------------------------
chatwoot() { # EVENT ID TYPE WORDS AT MORE
	printf '{"event":"%s","id":%s,"message_type":"%s","content":"%s","content_type":"text","private":false,"created_at":"%s","conversation":{"id":9,"channel":"Channel::WebWidget","inbox_id":3,"meta":{"sender":{"id":4,"name":"Ana","type":"contact"}}},"inbox":{"id":3,"name":"Web"},"account":{"id":1,"name":"A"},%s}' "$@"
}
ana='"sender":{"id":4,"name":"Ana","type":"contact"}'
kim='"sender":{"id":5,"name":"Kim","email":"kim@lamp.example","type":"user"}'
begin chatwoot tok 's|ACCOUNT-ID|1|'
call chat "$(chatwoot message_created 11 incoming 'Where is it?' '2026-11-30 08:58:20 UTC' "$ana")"
take
answer 200 '{"id":12,"content":"It is on its *way*.","message_type":1,"conversation_id":9,"private":false}'
send
asked '[.path, .headers.api_access_token, .body]' \
    '["/api/v1/accounts/1/conversations/9/messages","tok",{"content":"It is on its *way*.","message_type":"outgoing","private":false}]'
call chat "$(chatwoot message_created 12 outgoing 'It is on its *way*.' '2026-11-30 09:20:01 UTC' "$kim")"
take
one 'its echo'
echo '{"meta":{},"payload":[{"id":12,"content":"It is on its *way*.","inbox_id":3,"conversation_id":9,"message_type":1,"created_at":1796030401,"private":false,"content_type":"text",'"$kim"'}]}' >list.json
take -f chatwoot list.json
one 'the list'
call chat "$(chatwoot message_updated 12 outgoing 'It is on its *way*.' '2026-11-30 09:20:01 UTC' "$kim"',"updated_at":"2026-11-30 09:25:01 UTC","status":"failed","content_attributes":{"external_error":"gone"}')"
take
became failed
is "$name: they wait again" "$(standing all.jsonl)" "[0,1]"

# --- Front ----------------------------------------------------------------------------
front() { # TYPE ID AT TARGET
	printf '{"type":"%s","payload":{"_links":{"self":"https://riba.api.frontapp.com/events/%s"},"id":"%s","type":"%s","emitted_at":%s,"conversation":{"id":"cnv_1","subject":"Lamp","status":"assigned","recipient":{"handle":"noa@lind.example","role":"from"}},"target":{"_meta":{"type":"message"},"data":%s}}}' "$1" "$2" "$2" "$1" "$3" "$4"
}
ours='"id":"msg_2","message_uid":"u2","type":"email","subject":"Re: Lamp","is_inbound":false,"created_at":1796030405,"author":null,"recipients":[{"handle":"help@lamp.example","role":"from"},{"handle":"noa@lind.example","role":"to"}],"body":"<p>It is on its <em>way</em>.</p>"'
begin front tok
call front "$(front inbound evt_1 1796029100.5 '{"id":"msg_1","message_uid":"u1","type":"email","is_inbound":true,"created_at":1796029100,"recipients":[{"name":"Noa","handle":"noa@lind.example","role":"from"},{"handle":"help@lamp.example","role":"to"}],"body":"<p>Where is it?</p>"}')"
take
answer 202 '{"status":"accepted","message_uid":"u2"}'
send
asked '[.path, .body]' '["/conversations/cnv_1/messages",{"body":"<p>It is on its <em>way</em>.</p>\n","text":"It is on its way.","options":{"archive":false}}]'
call front "$(front outbound evt_2 1796030406 "{$ours}")"
take
one 'its echo'
echo '{"_results":[{"_links":{"self":"https://riba.api.frontapp.com/messages/msg_2","related":{"conversation":"https://riba.api.frontapp.com/conversations/cnv_1"}},'"$ours"'}]}' >list.json
take -f front list.json
one 'the list'
call front "$(front sending_error evt_3 1796030500 "{$ours,\"error_type\":\"not_delivered\"}")"
take
became failed

# --- Intercom --------------------------------------------------------------------------
begun='"source":{"type":"conversation","id":"s1","body":"<p>Where is it?</p>","author":{"type":"user","id":"u1","name":"Uma"}}'
part='{"type":"conversation_part","id":"8","part_type":"comment","body":"<p>It is on its <em>way</em>.</p>","created_at":1796030401,"author":{"type":"admin","id":"25","name":"Kim","email":"kim@lamp.example"}}'
note='{"type":"conversation_part","id":"9","part_type":"note","body":"<p>psst</p>","created_at":1796030402,"author":{"type":"admin","id":"25"}}'
intercom() { # TOPIC PARTS
	printf '{"type":"notification_event","app_id":"lamp1","topic":"%s","id":"notif_1","created_at":1796030402,"data":{"item":{"type":"conversation","id":"147","created_at":1796029100,%s,"conversation_parts":{"conversation_parts":[%s]}}}}' "$1" "$begun" "$2"
}
begin intercom tok 's|ADMIN-ID|25|'
call icom "$(intercom conversation.user.created '')"
take
answer 200 "{\"type\":\"conversation\",\"id\":\"147\",\"conversation_parts\":{\"conversation_parts\":[$part,$note]}}"
send
asked '[.path, .headers."intercom-version", .body]' '["/conversations/147/reply","2.16",{"message_type":"comment","type":"admin","admin_id":"25","body":"<p>It is on its <em>way</em>.</p>\n"}]'
call icom "$(intercom conversation.admin.replied "$part")"
take
one 'its echo'
echo "{\"type\":\"conversation\",\"id\":\"147\",\"created_at\":1796029100,$begun,\"conversation_parts\":{\"conversation_parts\":[$part]}}" >list.json
take -f intercom list.json
one 'the list'

# --- Zendesk ----------------------------------------------------------------------------
zendesk() { # COMMENT WORDS AUTHOR
	printf '{"type":"zen:event-type:ticket.comment_added","id":"ev%s","time":"%s","detail":{"id":"35","requester_id":"8","status":"OPEN","subject":"Broken","description":"It broke","created_at":"2026-11-30T08:59:00Z"},"event":{"comment":{"id":"%s","body":"%s","is_public":true,"author":{"id":"%s","name":"%s","is_staff":%s}}}}' "$1" "$4" "$1" "$2" "$3" "$5" "$6"
}
begin zendesk kim@lamp.example/token:tok
call desk "$(zendesk 501 'It broke' 8 2026-11-30T08:59:00Z Ana false)"
take
answer 200 '{"ticket":{"id":35},"audit":{"id":7,"events":[{"id":502,"type":"Comment","public":true,"body":"It is on its way."},{"id":503,"type":"Change"}]}}'
send
asked '[.method, .path, .headers.authorization, .body]' \
    '["PUT","/api/v2/tickets/35","Basic a2ltQGxhbXAuZXhhbXBsZS90b2tlbjp0b2s=",{"ticket":{"comment":{"public":true,"html_body":"<p>It is on its <em>way</em>.</p>\n"}}}]'
call desk "$(zendesk 502 'It is on its way.' 9 2026-11-30T09:20:01Z Kim true)"
take
one 'its echo'
echo '{"ticket":{"id":35,"subject":"Broken","requester_id":8,"created_at":"2026-11-30T08:59:00Z","status":"open","description":"It broke"},"users":[{"id":9,"role":"agent","name":"Kim"},{"id":8,"role":"end-user","name":"Ana"}],"comments":[{"id":501,"author_id":8,"plain_body":"It broke","public":true,"created_at":"2026-11-30T08:59:00Z"},{"id":502,"author_id":9,"plain_body":"It is on its way.","public":true,"created_at":"2026-11-30T09:20:01Z"}]}' >list.json
take -f zendesk list.json
one 'the list'

# --- Freshdesk --------------------------------------------------------------------------
begin freshdesk tok
fresh() { # PARTS
	printf '[{"id":5,"subject":"Late","description_text":"Where is it?","source":2,"requester_id":1002,"requester":{"email":"ana@riba.example"},"created_at":"2026-11-30T08:59:00Z","conversations":[%s]}]' "$1"
}
fresh '' >list.json
take -f freshdesk list.json
answer 201 '{"id":77,"ticket_id":5,"body":"<p>It is on its way.</p>","created_at":"2026-11-30T09:20:01Z"}'
send
asked '[.path, .body]' '["/api/v2/tickets/5/reply",{"body":"<p>It is on its <em>way</em>.</p>\n"}]'
fresh '{"id":77,"body_text":"It is on its way.","incoming":false,"private":false,"user_id":9,"to_emails":["ana@riba.example"],"created_at":"2026-11-30T09:20:01Z"}' >list.json
take -f freshdesk list.json
one 'the list'

# --- Help Scout -------------------------------------------------------------------------
thread() { # ID TYPE BODY BY AT
	printf '{"id":%s,"type":"%s","state":"published","body":"%s","source":{"type":"email","via":"%s"},"customer":{"id":88,"first":"Ana","email":"ana@riba.example"},"createdBy":%s,"createdAt":"%s"}' "$@"
}
asks=$(thread 506 customer 'Where is it?' customer '{"id":88,"type":"customer","email":"ana@riba.example"}' 2026-11-30T08:59:00Z)
says=$(thread 507 message 'It is on its <em>way</em>.' user '{"id":7,"type":"user","first":"Kim","email":"kim@lamp.example"}' 2026-11-30T09:20:01Z)
helpscout() {
	printf '{"id":2010,"number":12,"type":"email","status":"active","subject":"Late","mailboxId":9,"createdAt":"2026-11-30T08:59:00Z","createdBy":{"id":88,"type":"customer","email":"ana@riba.example"},"primaryCustomer":{"id":88,"type":"customer","first":"Ana","email":"ana@riba.example"},"_embedded":{"threads":[%s]}}' "$1"
}
begin helpscout tok
call scout "$(helpscout "$asks")"
take
answer 201 '""' '{"Resource-ID":"507"}'
send
asked '[.path, .body]' '["/v2/conversations/2010/reply",{"customer":{"id":88},"text":"<p>It is on its <em>way</em>.</p>\n","draft":false}]'
call scout "$(helpscout "$says,$asks")"
take
one 'its echo'

# --- Slack ------------------------------------------------------------------------------
begin slack tok
call team "$(message 'where is it?' 1796029100.000100)"
take
answer 200 '{"ok":true,"channel":"C1","ts":"1796030400.000200"}'
send
asked '[.path, .body]' '["/api/chat.postMessage",{"channel":"C1","thread_ts":"1796029100.000100","unfurl_links":false,"text":"It is on its _way_."}]'
call team '{"type":"event_callback","team_id":"T1","event":{"type":"message","channel":"C1","user":"U9","bot_id":"B9","text":"It is on its _way_.","ts":"1796030400.000200","thread_ts":"1796029100.000100","team":"T1"}}'
take
same 'its echo'

# --- Telegram ---------------------------------------------------------------------------
begin telegram tok
call bot '{"update_id":1,"message":{"message_id":5,"date":1796029100,"chat":{"id":77,"type":"private","first_name":"Ana"},"from":{"id":77,"is_bot":false,"first_name":"Ana"},"text":"Where is it?"}}'
take
answer 200 '{"ok":true,"result":{"message_id":6,"date":1796030400,"chat":{"id":77,"type":"private"}}}'
send
asked '[.path, .body.chat_id, .body.text]' '["/bottok/sendMessage","77","It is on its <i>way</i>."]'
echo '{"name":"Ana","type":"personal_chat","id":77,"messages":[{"id":6,"type":"message","date_unixtime":"1796030400","from":"Lamp","from_id":"user99","text":"It is on its way."}]}' >list.json
take -f telegram list.json
same 'the export'

# --- Matrix, Discord, Teams -------------------------------------------------------------
matrix() { # ID SENDER WORDS AT
	printf '{"type":"m.room.message","room_id":"!r:x.example","sender":"%s","content":{"msgtype":"m.text","body":"%s"},"origin_server_ts":%s,"event_id":"%s"}\n' "$2" "$3" "$4" "$1"
}
# shellcheck disable=SC2016 # ids of Matrix begin so
begin matrix tok 's|matrix:@support:matrix.example.com|matrix:@help:lamp.example|'
matrix "\$1" @uma:ridge.example 'Where is it?' 1796029100000 >list.json
take -f matrix list.json
answer 200 '{"event_id":"$2"}'
send
asked '[.method, (.path | sub("/k[^/]*$"; "/KEY") | sub("%21"; "!")), .body.formatted_body]' \
    '["PUT","/_matrix/client/v3/rooms/!r%3Ax.example/send/m.room.message/KEY","<p>It is on its <em>way</em>.</p>\n"]'
matrix "\$2" @help:lamp.example 'It is on its way.' 1796030400000 >list.json
take -f matrix list.json
one 'its echo'

discord() { # ID AUTHOR WORDS AT
	printf '{"t":"MESSAGE_CREATE","op":0,"d":{"type":0,"content":"%s","timestamp":"%s","id":"%s","channel_id":"500","guild_id":"100","author":{"id":"%s","username":"uma"}}}\n' "$3" "$4" "$1" "$2"
}
begin discord tok
discord 1477900000000000031 7 'Where is it?' 2026-11-30T08:59:00Z >list.json
take -f discord list.json
answer 200 '{"id":"1477900000000000032"}'
send
asked '[.path, .body.content]' '["/api/v10/channels/500/messages","It is on its *way*."]'
discord 1477900000000000032 8 'It is on its *way*.' 2026-11-30T09:20:00Z >list.json
take -f discord list.json
same 'its echo'

teams() { # ID USER NAME WORDS AT
	printf '[{"id":"%s","messageType":"message","chatId":"19:a_b@unq.gbl.spaces","createdDateTime":"%s","from":{"user":{"id":"%s","displayName":"%s"}},"body":{"contentType":"html","content":"%s"}}]' "$1" "$5" "$2" "$3" "$4"
}
begin teams tok
teams 1796029100000 a Ana 'Where is it?' 2026-11-30T08:59:00Z >list.json
take -f teams list.json
answer 201 '{"id":"1796030400000","chatId":"19:a_b@unq.gbl.spaces"}'
send
asked '[(.path | sub("%3A"; ":") | sub("%40"; "@")), .body]' \
    '["/v1.0/chats/19:a_b@unq.gbl.spaces/messages",{"body":{"contentType":"html","content":"<p>It is on its <em>way</em>.</p>\n"}}]'
teams 1796030400000 b Kim 'It is on its way.' 2026-11-30T09:20:00Z >list.json
take -f teams list.json
same 'its echo'

api_stop
done_testing
