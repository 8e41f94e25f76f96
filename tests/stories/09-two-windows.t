#!/bin/sh
# Story 9, two windows: a customer chats with an agent while looking at an
# order page.  recall on the chat shows the page that is open now and the
# order's state.
. "${0%/*}/../lib.sh"
. "$TESTS/stories/exports.sh"

cat >kith.yaml <<'Y'
us:
  emails: [hallo@hafen.example]
  domains: [hafen.example]
zone: Europe/Berlin
Y
cat >orders.csv <<'C'
Name,Email,Financial Status,Fulfillment Status,Currency,Total,Created at,Lineitem quantity,Lineitem name,Lineitem sku,Id
#3001,lea@park.example,paid,partial,EUR,80.00,2026-05-30 10:00:00 +0200,2,Lampe Nord,LN-1,770001
#3002,lea@park.example,refunded,unfulfilled,EUR,20.00,2026-05-31 10:00:00 +0200,1,Kabel,KA-1,770002
#3003,ole@park.example,paid,fulfilled,EUR,20.00,2026-05-31 11:00:00 +0200,1,Kabel,KA-1,770003
C
cat >web.jsonl <<'J'
{"type":"identify","messageId":"i1","anonymousId":"c-7","userId":"u-7","timestamp":"2026-06-01T11:50:00Z","receivedAt":"2026-06-01T11:50:01Z","traits":{"email":"lea@park.example","name":"Lea Park"}}
{"type":"page","messageId":"p1","anonymousId":"c-7","userId":"u-7","timestamp":"2026-06-01T11:55:00Z","receivedAt":"2026-06-01T11:55:01Z","name":"Your orders","properties":{"url":"https://hafen.example/account/orders"}}
{"type":"page","messageId":"p2","anonymousId":"c-7","userId":"u-7","timestamp":"2026-06-01T12:01:00Z","receivedAt":"2026-06-01T12:01:01Z","name":"Order 3001","properties":{"url":"https://hafen.example/account/orders/3001?tab=parcels"}}
{"type":"page","messageId":"p3","anonymousId":"c-8","timestamp":"2026-06-01T12:02:00Z","receivedAt":"2026-06-01T12:02:01Z","name":"Order 3003","properties":{"url":"https://hafen.example/account/orders/3003"}}
{"type":"page","messageId":"p4","anonymousId":"c-7","userId":"u-7","timestamp":"2026-06-01T12:04:00Z","receivedAt":"2026-06-01T12:04:01Z","name":"Order 3002","properties":{"url":"https://hafen.example/account/orders/3002"}}
J
# The chat, where both sit in one workspace.
mkdir -p slack/help
printf '[%s,%s]' "$(slack_user U1 Agent agent@hafen.example)" \
	"$(slack_user U2 Lea lea@park.example)" >slack/users.json
echo '[{"id":"C1","name":"help","members":["U1","U2"]}]' >slack/channels.json
# 12:00, 12:02:30, 12:03, 12:05 and 13:00 on the first of June.
printf '[%s,%s,%s,%s,%s]' \
	"$(slack_message U2 1780315200.000100 'Hello')" \
	"$(slack_message U2 1780315350.000100 'Where is the rest?')" \
	"$(slack_message U1 1780315380.000100 'I am looking')" \
	"$(slack_message U2 1780315500.000100 'And this one?')" \
	"$(slack_message U2 1780318800.000100 'Are you still there?')" \
	>slack/help/2026-06-01.json
kith ingest orders.csv web.jsonl slack | kith normalize -C kith.yaml |
	kith identify -C kith.yaml | kith merge -C kith.yaml -S state |
	kith recall -C kith.yaml -S state >all.jsonl 2>err
is "all is read without a word" "$(cat err)" ""
at() { jq -c "select(.text == \"$1\") | $2" all.jsonl; }
is "before the order page: the list" "$(at Hello '[.context.now.page, .context.now.order]')" \
	'["Your orders",null]'
is "the page that is open now" "$(at 'Where is the rest?' '.context.now | [.at, .channel, .page]')" \
	'["2026-06-01T12:01:00Z","web","Order 3001"]'
is "and the order's state" "$(at 'Where is the rest?' .context.now.order)" \
	'{"number":"#3001","status":"partial"}'
is "the agent's answer sees it too" "$(at 'I am looking' .context.now.order.number)" '"#3001"'
is "the next page, the next order" "$(at 'And this one?' .context.now.order)" \
	'{"number":"#3002","status":"refunded"}'
is "an hour later no page is open" "$(at 'Are you still there?' .context.now)" null
is "own pages are no interests" "$(at 'Are you still there?' .context.interests)" null
is "at the prompt, while they chat" \
	"$(kith recall -S state --as-of 2026-06-01T12:03:00Z lea@park.example | grep '^  now')" \
	'  now       2026-06-01 12:01Z  web  Order 3001  https://hafen.example/account/orders/3001?tab=parcels  (order #3001: partial)'
is "what somebody else looks at is theirs" \
	"$(kith recall -S state --json --as-of 2026-06-01T12:03:00Z cookie:c-8 | jq -c '[.now.page, .now.order]')" \
	'["Order 3003",null]'
done_testing
