#!/bin/sh
# Story 9 in French, in America/Toronto, on Telegram: the page that is open, by
# the order's number with and without what the shop sets before it.
. "${0%/*}/../lib.sh"
maps=$BUILD/share/kith/maps

cat >kith.yaml <<'Y'
us:
  emails: [bonjour@lampe.example]
  uris: ["telegram:user900"]
zone: America/Toronto
region: CA
links: links.jsonl
Y
echo '{"same":["email:lea@parc.example","telegram:user77"]}' >links.jsonl
cat >orders.json <<'J'
{"orders":[{"id":770001,"name":"LQ-3001","email":"lea@parc.example","created_at":"2026-05-30T10:00:00-04:00","currency":"CAD","total_price":"80.00","financial_status":"paid","fulfillment_status":"partial","order_status_url":"https://lampe.example/1/orders/x","customer":{"id":5,"email":"lea@parc.example","first_name":"Léa","last_name":"Côté"},"line_items":[{"name":"Lampe Boréale","sku":"LB-1","quantity":2,"price":"40.00"}]},
{"id":770002,"name":"LQ-3002","email":"lea@parc.example","created_at":"2026-05-31T10:00:00-04:00","currency":"CAD","total_price":"20.00","financial_status":"refunded","order_status_url":"https://lampe.example/1/orders/x","customer":{"id":5,"email":"lea@parc.example"},"line_items":[{"name":"Câble","sku":"CA-1","quantity":1,"price":"20.00"}]}]}
J
cat >web.jsonl <<'J'
{"type":"identify","messageId":"i1","anonymousId":"c-7","userId":"u-7","timestamp":"2026-06-01T07:50:00-04:00","traits":{"email":"lea@parc.example","name":"Léa Côté"}}
{"type":"page","messageId":"p1","anonymousId":"c-7","userId":"u-7","timestamp":"2026-06-01T07:55:00-04:00","name":"Mes commandes","properties":{"url":"https://lampe.example/fr/compte/commandes"}}
{"type":"page","messageId":"p2","anonymousId":"c-7","userId":"u-7","timestamp":"2026-06-01T08:01:00-04:00","name":"Commande LQ-3001","properties":{"url":"https://lampe.example/fr/compte/commandes/LQ-3001?onglet=colis"}}
{"type":"page","messageId":"p3","anonymousId":"c-7","userId":"u-7","timestamp":"2026-06-01T08:04:00-04:00","name":"Commande n° 3002","properties":{"url":"https://lampe.example/fr/compte/commandes/3002"}}
J
cat >result.json <<'J'
{"name":"Léa","type":"personal_chat","id":77,"messages":[
{"id":1,"type":"message","date":"2026-06-01T08:00:00","date_unixtime":"1780315200","from":"Léa","from_id":"user77","text":"Bonjour"},
{"id":2,"type":"message","date":"2026-06-01T08:02:30","date_unixtime":"1780315350","from":"Léa","from_id":"user77","text":"Où est le reste ?"},
{"id":3,"type":"message","date":"2026-06-01T08:03:00","date_unixtime":"1780315380","from":"Lampe","from_id":"user900","reply_to_message_id":2,"text":["Je regarde ",{"type":"bold","text":"tout de suite"}]},
{"id":4,"type":"message","date":"2026-06-01T08:05:00","date_unixtime":"1780315500","from":"Léa","from_id":"user77","text":"Et celle-ci ?"},
{"id":5,"type":"message","date":"2026-06-01T09:00:00","date_unixtime":"1780318800","from":"Léa","from_id":"user77","text":"Encore là ?"}]}
J
{
	kith ingest orders.json web.jsonl | kith normalize -C kith.yaml
	kith ingest -f json result.json | kith normalize -C kith.yaml --map "$maps/telegram.jq"
} | kith identify -C kith.yaml | kith merge -C kith.yaml | kith recall -C kith.yaml >all 2>err
is "read without a word" "$(cat err)" ""
at() { jq -c "select(.text == \"$1\") | $2" all; }
is "the list of orders" "$(at Bonjour '[.context.now.page, .context.now.order]')" '["Mes commandes",null]'
is "the order that is open" "$(at 'Où est le reste ?' .context.now.order)" '{"number":"LQ-3001","status":"partial"}'
is "our answer sees it" "$(at 'Je regarde tout de suite' '[.direction, .context.now.order.number]')" '["outbound","LQ-3001"]'
is "the next one, which the page calls by its digits" "$(at 'Et celle-ci ?' .context.now.order)" '{"number":"LQ-3002","status":"refunded"}'
is "an hour later no page is open, and none of them is an interest" \
	"$(at 'Encore là ?' '[.context.now, .context.interests]')" '[null,null]'
done_testing
