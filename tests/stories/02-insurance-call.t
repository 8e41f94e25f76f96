#!/bin/sh
# Story 2, the insurance call: a logged-in customer reads about car insurance
# on the web; an hour later a phone rings.  kith recall +1... answers at once
# who it is and that it is about car insurance.  The number is known only from
# a CRM contact row.
. "${0%/*}/../lib.sh"

cat >kith.yaml <<'Y'
us:
  emails: [hallo@hafen.example]
  domains: [hafen.example]
zone: America/New_York
region: US
authserv: [mx.hafen.example]
state: state
Y
cat >crm.csv <<'C'
Customer Number,First Name,Last Name,Email,Phone,Preferred channel,Plan
C-1007,Rosa,Diaz,rosa@diaz.example,(212) 555-0147,Phone,gold
C-1008,Paul,Diaz,paul@diaz.example,(212) 555-0148,Email,basic
C
cat >web.jsonl <<'J'
{"type":"identify","messageId":"i1","anonymousId":"c-55","userId":"u-31","timestamp":"2026-05-04T13:55:00Z","receivedAt":"2026-05-04T13:55:01Z","traits":{"email":"rosa@diaz.example"}}
{"type":"page","messageId":"p1","anonymousId":"c-55","userId":"u-31","timestamp":"2026-05-04T14:00:00Z","receivedAt":"2026-05-04T14:00:01Z","name":"Home","properties":{"url":"https://hafen.example/"}}
{"type":"page","messageId":"p2","anonymousId":"c-55","userId":"u-31","timestamp":"2026-05-04T14:01:00Z","receivedAt":"2026-05-04T14:01:01Z","name":"Car insurance | Hafen","properties":{"url":"https://hafen.example/insurance/car"}}
{"type":"page","messageId":"p3","anonymousId":"c-55","userId":"u-31","timestamp":"2026-05-04T14:06:00Z","receivedAt":"2026-05-04T14:06:01Z","name":"Car insurance - compare","properties":{"url":"https://hafen.example/insurance/car/compare","category":"Insurance > Car insurance"}}
{"type":"page","messageId":"p4","anonymousId":"c-56","userId":"u-32","timestamp":"2026-05-04T14:07:00Z","receivedAt":"2026-05-04T14:07:01Z","name":"Household insurance","properties":{"url":"https://hafen.example/insurance/household"}}
J
kith ingest crm.csv web.jsonl | kith normalize -C kith.yaml |
	kith identify -C kith.yaml | kith merge -C kith.yaml >/dev/null 2>err
is "the exports are read without a word" "$(cat err)" ""
# The phone rings.
ring() { kith recall -C kith.yaml --now 2026-05-04T15:00:00Z "$@"; }
page=$(ring +12125550147)
like "who it is" "$page" '^Rosa Diaz  p'
like "what it is about" "$page" '^  interest  Car insurance: 2 times'
like "and how she wants to be written to" "$page" '^  prefers   voice, as stated$'
is "as JSON" "$(ring --json +12125550147 | jq -c '[.names[0], .interests[0].topic, .traits.Plan]')" \
	'["Rosa Diaz","Car insurance","gold"]'
for form in '(212) 555-0147' '1-212-555-0147' '212.555.0147' \
	tel:+12125550147 '+1 212 555 0147' C-1007 rosa@diaz.example u-31 c-55 \
	'Rosa <ROSA@diaz.example>'; do
	like "by $form" "$(ring "$form")" '^Rosa Diaz  p'
done
like "her husband is somebody else" "$(ring +12125550148)" '^Paul Diaz  p'
is "who knows nothing of insurance" "$(ring --json +12125550148 | jq -c .interests)" null
code "a number that nobody has" 1 kith recall -C kith.yaml +12125550149
is "and the day before nothing was known of an interest" \
	"$(ring --json --as-of 2026-05-03T00:00:00Z +12125550147 | jq -c .interests)" null
done_testing
