#!/bin/sh
# Story 1, the basketball hoop: somebody looks at basketball hoops for three
# days, on a laptop (one cookie) and in the phone app (another id), logs in on
# each once, then buys one with the same mail address.  Before the order,
# recall shows one person with that interest, seen on both devices; after it,
# the order is known, the interest is settled, and a newsletter draft to this
# person is told so.
. "${0%/*}/../lib.sh"
. "$TESTS/stories/exports.sh"

workspace | sed '/^rules/d' >kith.yaml
# A stranger looks at hoops too and buys nothing.
cat >web.jsonl <<'J'
{"type":"page","messageId":"w1","anonymousId":"laptop-81","timestamp":"2026-04-13T18:00:00Z","receivedAt":"2026-04-13T18:00:01Z","name":"Basketball hoops","properties":{"url":"https://hafen.example/c/basketball-hoops","title":"Basketball hoops | Hafen"}}
{"type":"track","messageId":"w2","anonymousId":"laptop-81","event":"Product Viewed","timestamp":"2026-04-13T18:04:00Z","receivedAt":"2026-04-13T18:04:01Z","properties":{"product_id":"507","sku":"HP-72","category":"Basketball hoops","name":"Hoop Pro 72","price":349,"url":"https://hafen.example/p/hoop-pro-72"}}
{"type":"page","messageId":"w3","anonymousId":"laptop-81","timestamp":"2026-04-13T18:09:00Z","receivedAt":"2026-04-13T18:09:01Z","name":"Login","properties":{"url":"https://hafen.example/login"}}
{"type":"identify","messageId":"w4","anonymousId":"laptop-81","userId":"u-9","timestamp":"2026-04-13T18:10:00Z","receivedAt":"2026-04-13T18:10:01Z","traits":{"email":"jonas@weber.example","name":"Jonas Weber"}}
{"type":"screen","messageId":"a1","anonymousId":"phone-17","timestamp":"2026-04-14T07:30:00Z","receivedAt":"2026-04-14T07:30:01Z","name":"Basketball Hoop","properties":{}}
{"type":"identify","messageId":"a2","anonymousId":"phone-17","userId":"u-9","timestamp":"2026-04-14T07:31:00Z","receivedAt":"2026-04-14T07:31:01Z","context":{"device":{"type":"ios"}}}
{"type":"page","messageId":"x1","anonymousId":"other-3","timestamp":"2026-04-14T09:00:00Z","receivedAt":"2026-04-14T09:00:01Z","name":"Basketball hoops","properties":{"url":"https://hafen.example/c/basketball-hoops"}}
{"type":"track","messageId":"a3","anonymousId":"phone-17","userId":"u-9","event":"Product Viewed","timestamp":"2026-04-15T07:40:00Z","receivedAt":"2026-04-15T07:40:01Z","properties":{"product_id":"507","category":"Basketball hoops","name":"Hoop Pro 72"}}
J
cat >orders.csv <<'C'
Name,Email,Financial Status,Paid at,Fulfillment Status,Currency,Subtotal,Shipping,Taxes,Total,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Id
#2044,jonas@weber.example,paid,2026-04-15 20:00:00 +0200,unfulfilled,EUR,374.00,0.00,59.71,374.00,2026-04-15 20:00:00 +0200,1,Hoop Pro 72 - Schwarz,349.00,HP-72,550044
#2044,,,,,,,,,,,1,Netz,25.00,NE-1,
#2045,mia@other.example,paid,2026-04-15 21:00:00 +0200,fulfilled,EUR,25.00,0.00,3.99,25.00,2026-04-15 21:00:00 +0200,1,Netz,25.00,NE-1,550045
C
{
	mail 'Wed, 15 Apr 2026 12:00:00 +0200' 'Jonas Weber <jonas@weber.example>' \
		hallo@hafen.example 'Maße' j1@weber.example <<'T'
Wie hoch ist der Hoop Pro 72?
T
	mail 'Fri, 17 Apr 2026 09:00:00 +0200' 'Jonas Weber <jonas@weber.example>' \
		hallo@hafen.example 'Danke' j2@weber.example <<'T'
Ist er schon unterwegs?
T
} >box.mbox
kith ingest web.jsonl orders.csv box.mbox | kith normalize -C kith.yaml |
	kith identify -C kith.yaml >identified.jsonl 2>err
is "the exports are read without a word" "$(cat err)" ""
kith merge -C kith.yaml -S state identified.jsonl |
	kith recall -C kith.yaml -S state >all.jsonl
at() { jq -c "select(.messageId == \"$1\" or .subject == \"$1\") | $2" all.jsonl; }

is "the cookie, the app and the mail are one person" \
	"$(jq -r 'select(.from.email == "jonas@weber.example" or (.ids // [] |
		any(.value | test("laptop-81|phone-17|^u-9")))) | .person' all.jsonl | sort -u | wc -l)" 1
is "before the order: that interest" "$(at 'Maße' '.context.interests | map(.topic)')" \
	'["Basketball hoops"]'
is "seen on both devices" "$(at 'Maße' '.context.interests[0].channels')" '["web","app"]'
is "four looks" "$(at 'Maße' '.context.interests[0].count')" 4
is "nothing settles it yet" "$(at 'Maße' '.context.interests[0].settledBy')" null
is "after it: settled, by that order" \
	"$(at Danke '.context.interests | map([.topic, .settledBy])')" \
	'[["Basketball hoops","#2044"]]'
is "the order is known" \
	"$(at Danke '.context.orders | map([.number, .total, .currency, .status, (.items | map(.name))])')" \
	'[["#2044","374.00","EUR","paid",["Hoop Pro 72 - Schwarz","Netz"]]]'
is "the stranger's interest is nobody's order" \
	"$(kith recall -S state --json cookie:other-3 --now 2026-04-18T00:00:00Z |
		jq -c '[.interests[0].settledBy, .orders]')" '[null,null]'
is "at the prompt the same, by the order's number" \
	"$(kith recall -S state --json 2044 --now 2026-04-18T00:00:00Z | jq -c '[.names[0], .interests[0].settledBy]')" \
	'["Jonas Weber","#2044"]'
is "as it was before the order" \
	"$(kith recall -S state --json --as-of 2026-04-15T12:00:00Z jonas@weber.example | jq -c '[.interests[0].settledBy, .orders]')" \
	'[null,null]'
# The newsletter: a template is told of both.
cat >hoops.md <<'T'
subject: \(if .context.interests[0].settledBy then "Enjoy it" else "Still looking?" end)

\(.context.interests[0].topic): \(if .context.interests[0].settledBy then "ordered as " + .context.interests[0].settledBy else "have a look" end)
T
is "a draft is told that it is settled" \
	"$(kith reply -C kith.yaml --draft ./hoops.md --now 2026-04-17T08:00:00Z all.jsonl |
		jq -r 'select(.to[0].email == "jonas@weber.example") | .subject + " / " + .text')" \
	"Enjoy it / Basketball hoops: ordered as #2044"
done_testing
