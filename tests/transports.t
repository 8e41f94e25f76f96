#!/bin/sh
# The transport files that come with kith, each against a server that speaks
# its service's rules: one taken, one told to come again, one refused, one
# without an answer.
. "${0%/*}/lib.sh"
# shellcheck source=sink.sh
. "$TESTS/sink.sh"

T1=2024-05-01T00:00:00Z

# service NAME SECRET ADDRESS [FAULT...]: a fresh server and its transport.
service() {
	name=$1 secret=$2
	shift 2
	rm -rf state kept
	mkdir kept
	: >taken
	start_sink -d kept -a "$name" "$@"
	rm -f transports/*
	sed "s|https://[a-z0-9.]*|http://127.0.0.1:$http|; s|^parallel:.*|parallel: 1|
	  s|PHONE-NUMBER-ID|1|; s|^timeout.*||; s|^recipientPace:.*||" \
	    "$BUILD/share/kith/transports/$name.yaml" >"transports/$name.yaml"
	printf '%s\n' 'insecure: true' 'timeout: 1s' \
	    >>"transports/$name.yaml"
	for file in token secret key; do
		printf '%s\n' "$secret" >"transports/$name.$file"
	done
}
drafts() { # CHANNEL N ADDRESS
	mails "$2" | jq -c --arg c "$1" --argjson to "$3" '.channel = $c |
	  .reply.channel = $c | .to = [$to] | .from = {tel: "+4930999"} |
	  .threadId = (if $c == "matrix" then "!r:x.example" else "C1" end) |
	  del(.subject, .reply.subject) | .reply.format = "markdown" |
	  .reply.answersAt = "'$T1'" | .reply.body = "Hi **you** \(.id) <&" |
	  .text = "Hi you \(.id) <&"'
}
send() {
	kith-reply --now $T1 -q -t "transports/$name.yaml" --send -S state \
	    <in >out 2>err
}
ends() {
	jq -r '"\(.delivery.status) \(.delivery.attempts) \(.messageId // "-") \(
	  .delivery.reason // "" | sub("came: .*"; "came"))"' out
}
last() { tail -n 1 kept/1; }
anna='{"tel":"+493012345678"}'

service telegram tok:en no=2 429=3 drop=5
drafts telegram 4 '{"uri":"telegram:user42"}' >in
send
is "Telegram" "$(ends)" \
    "sent 1 7/1 
failed 1 - 403: Forbidden: bot was blocked by the user
sent 2 7/4 
ambiguous 1 - sent, and no answer came"
is "  its HTML" "$(last | jq -c '[.chat_id, .text]')" \
    '["42","Hi <b>you</b> m0 &lt;&amp;"]'
ok "  the token is nowhere" test -z "$(grep -l tok:en out err state/*)"

# The second finds its connection dead before anything is sent: it is tried
# again at once.  What the server may have, the third, is not.
service telegram tok:en lose=3
drafts telegram 4 '{"uri":"telegram:user42"}' >in
# A sanitizer's runtime wants to be loaded first, and has no leak to seek here.
LD_PRELOAD=$BUILD/tests/tools/fault.so FAULT_SEND=2 \
	ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=0 send
is "a kept connection that died: none is sent twice" "$(ends | cut -d' ' -f1)" \
    "sent
sent
ambiguous
sent"
ok "  and one died" grep -q '^fault: write 2 failed' err
is "  all others came once" \
    "$(tail -qn 1 kept/* | jq -r .text | grep -o 'm[0-9]' | tr '\n' ' ')" \
    "m0 m1 m3 "

service twilio AC1:tok:en no=2 429=3 5xx=5
drafts sms 4 "$anna" >in
send
is "Twilio" "$(ends)" \
    "sent 1 SM1 
failed 1 - 400: 21211: Invalid 'To' Phone Number
sent 2 SM4 
ambiguous 1 - 500: null: null"
is "  a form" "$(last)" \
    'To=%2B493012345678&From=%2B4930999&Body=Hi%20you%20m0%20%3C%26'
is "  its segments" "$(head -1 out | jq .delivery.segments)" 1

service whatsapp tok:en no=2 429=3 drop=5
drafts whatsapp 5 "$anna" | jq -c 'if .id == "m4" then
  .reply.whatsappTemplate = {name: "hello", parameters: ["Anna"]} else . end' >in
send
is "WhatsApp" "$(ends)" \
    "sent 1 wamid.1 
failed 1 - 400: 131047: Re-engagement
sent 2 wamid.4 
ambiguous 1 - sent, and no answer came
sent 1 wamid.6 "
is "  its marks" "$(last | jq -c .text.body)" '"Hi *you* m0 <&"'
is "  a template" "$(tail -n 1 kept/4 | jq -c .template)" \
    '{"name":"hello","language":{"code":"en"},"components":[{"type":"body","parameters":[{"type":"text","text":"Anna"}]}]}'

service matrix tok:en no=2 429=3 drop=5 5xx=6
drafts matrix 5 '{"uri":"matrix:!r:x.example"}' >in
send
is "Matrix" "$(ends)" \
    "sent 1 \$e1 
failed 1 - 403: M_FORBIDDEN: not in room
sent 2 \$e4 
failed 1 - sent, and no answer came
failed 1 - 500: null: oops"
now=2024-05-01T00:06:00Z
kith-reply --now $now -q -t transports/matrix.yaml --send -S state <in >out
is "  what had no answer is sent again, and folded" \
    "$(ends | cut -d' ' -f1-3 | sed -n 4,5p) $(sort taken | uniq -d)" \
    "sent 2 \$e5
sent 2 \$e8 "
is "  both texts" "$(last | jq -c '[.body, .formatted_body]')" \
    '["Hi you m0 <&","<p>Hi <strong>you</strong> m0 &lt;&amp;</p>\n"]'

service discord tok:en no=2 429=3 drop=5
drafts discord 4 '{"uri":"discord:7"}' >in
send
is "Discord: what had no answer is sent again at once, and folded" "$(ends)" \
    "sent 1 91 
failed 1 - 403: 50001: Missing Access
sent 2 94 
sent 2 95 "
is "  and came once" "$(sort taken | uniq -d)" ""
is "  its Markdown" "$(last | jq -c .content)" '"Hi **you** m0 \\<&"'

service webhook tok:en no=2 429=3 drop=5
drafts chat 4 '{"uri":"chat:7"}' >in
sed -i 's/^channel:.*/channel: chat/' transports/webhook.yaml
send
is "a web hook" "$(ends)" \
    "sent 1 h1 
failed 1 - 422: no such room
sent 2 h4 
failed 1 - sent, and no answer came"
if command -v openssl >/dev/null; then
	is "  signed" "$(sed -n 's/^X-Signature-256: \(.*\)\r$/\1/p' kept/1)" \
	    "sha256=$(tail -n 1 kept/1 | tr -d '\n' |
		openssl dgst -sha256 -hmac tok:en -r | cut -d' ' -f1)"
fi

# Answers to what came by a service, which go into its thread.
threads() { # CHANNEL TO
	drafts "$1" 4 "$2" | jq -c --arg s "$name" '.reply.service = $s |
	  .threadId = "35"'
}
for x in messenger:55:m_ instagram:55:i_; do
	service "${x%%:*}" tok:en no=2 429=3 drop=5
	sed -i '/^account:/d' "transports/$name.yaml"
	threads "$name" "{\"uri\":\"$name:55\"}" >in
	send
	is "$name" "$(ends)" \
	    "sent 1 ${x##*:}1 
failed 1 - 400: 10: outside of allowed window
sent 2 ${x##*:}4 
ambiguous 1 - sent, and no answer came"
	jq -c '.to[0].uri = "intercom:55" | .reply.idempotencyKey += "x"' in | head -n 1 >other
	like "  a person of another service" \
	    "$(kith-reply --now $T1 -q -t "transports/$name.yaml" --send -S state <other |
	    jq -r .delivery.reason)" 'no person of'
done
# desk ID REASON: all with an answer, and none with another's words.
desk() {
	threads ticket '{"uri":"'"$name"':8"}' >in
	send
	is "$name" "$(ends)" "sent 1 ${1}1 
failed 1 - $2
sent 2 ${1}4 
ambiguous 1 - sent, and no answer came"
	jq -c '.reply.service = "other" | .reply.idempotencyKey += "x"' in | head -n 1 >other
	like "  another service's draft" \
	    "$(kith-reply --now $T1 -q -t "transports/$name.yaml" --send -S state <other |
	    jq -r .delivery.reason)" '^no (transport|address)'
}
service zendesk tok:en no=2 429=3 drop=5
desk 50 '422: RecordInvalid: closed'
jq -c '.threadId = "2603.1.ab1" | .reply.idempotencyKey += "y"' in | head -n 1 >other
is "  a chat is no ticket" "$(kith-reply --now $T1 -q -t transports/zendesk.yaml \
    --send -S state <other | jq -r .delivery.status)" failed
service intercom tok:en no=2 429=3 drop=5
desk 35/1 '404: not_found: gone'
service freshdesk tok:en no=2 429=3 drop=5
desk 35/7 '400: Validation failed: body too long'
service front tok:en no=2 429=3 drop=5
desk uid:u '404: Not found: gone'
service chatwoot tok:en no=2 429=3 drop=5
sed -i 's/ACCOUNT-ID/1/' transports/chatwoot.yaml
desk 12 '404: Resource could not be found'
service teams tok:en no=2 429=3 drop=5
threads teams '{"uri":"teams:8"}' >in
send
is "Teams" "$(ends)" "sent 1 35/171 
failed 1 - 403: Forbidden: no member
sent 2 35/174 
ambiguous 1 - sent, and no answer came"

# --- pace ---------------------------------------------------------------------
service webhook tok:en
echo 'recipientPace: 4/s' >>transports/webhook.yaml
{
	drafts chat 3 '{"uri":"chat:7"}'
	drafts chat 4 '{"uri":"chat:8"}' | tail -n 1 |
		jq -c '.reply.idempotencyKey = "other"'
} >in
before=$(date +%s%N)
send
after=$(date +%s%N)
ok "three to one recipient at four a second take half a second" \
    test $(((after - before) / 1000000)) -ge 499
is "another need not wait for them" "$(awk '{ print $2 }' taken)" "key0
other
key1
key2"
code "a pace over several seconds" 0 sh -c "
  sed 's/4.s/1\/6s/' transports/webhook.yaml >transports/slow.yaml
  kith-reply -t transports/slow.yaml </dev/null"
for file in "$BUILD"/share/kith/transports/*.yaml; do
	code "${file##*/} as it comes" 0 kith-reply -t "$file"
done
stop_sink
done_testing
