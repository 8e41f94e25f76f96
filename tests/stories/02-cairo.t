#!/bin/sh
# Story 2 in Arabic, in Africa/Cairo: the telephone rings, and the number stands
# in a CRM's table in Arabic, in the digits of its script.
. "${0%/*}/../lib.sh"

cat >kith.yaml <<'Y'
us:
  emails: [hello@aman.example]
  domains: [aman.example]
  tels: ["+20225550100"]
zone: Africa/Cairo
region: EG
state: state
Y
cat >crm.csv <<'C'
رقم العميل;الاسم الأول;اسم العائلة;البريد الإلكتروني;رقم الهاتف;طريقة التواصل المفضلة
C-1007;ليلى;منصور;laila@nour.example;٠١٠ ٥٥٥٠ ١٢٣٤;هاتف
C-1008;كريم;منصور;karim@nour.example;01055501235;بريد إلكتروني
C
cat >web.jsonl <<'J'
{"type":"identify","messageId":"i1","anonymousId":"c-55","userId":"u-31","timestamp":"2026-05-04T13:55:00+03:00","traits":{"email":"laila@nour.example"}}
{"type":"page","messageId":"p1","anonymousId":"c-55","userId":"u-31","timestamp":"2026-05-04T14:00:00+03:00","name":"الرئيسية","properties":{"url":"https://aman.example/ar/"}}
{"type":"page","messageId":"p2","anonymousId":"c-55","userId":"u-31","timestamp":"2026-05-04T14:01:00+03:00","name":"تأمين السيارات | أمان","properties":{"url":"https://aman.example/ar/car"}}
{"type":"page","messageId":"p3","anonymousId":"c-55","userId":"u-31","timestamp":"2026-05-04T14:06:00+03:00","name":"تأمين السيارات - مقارنة","properties":{"url":"https://aman.example/ar/car/compare","category":"تأمين السيارات"}}
J
kith ingest crm.csv web.jsonl | kith normalize -C kith.yaml |
	kith identify -C kith.yaml | kith merge -C kith.yaml >/dev/null 2>err
is "read without a word" "$(cat err)" ""
for form in 01055501234 '+20 10 5550 1234' ٠١٠٥٥٥٠١٢٣٤ '+٢٠ ١٠ ٥٥٥٠ ١٢٣٤' \
	00201055501234 tel:+20-10-5550-1234 C-1007; do
	is "who rings: $form" "$(kith recall -C kith.yaml --json --now 2026-05-04T12:00:00Z "$form" |
		jq -c '[.names[0], .preferred, (.interests | map([.topic, .count]))]')" \
		'["ليلى منصور","voice",[["تأمين السيارات",2]]]'
done
is "and he is somebody else" "$(kith recall -C kith.yaml --json 010-5550-1235 | jq -c '[.names, .preferred, .interests]')" \
	'[["كريم منصور"],"email",null]'
# The exchange's own table, in Arabic too: answered, an hour after the pages.
cat >calls.csv <<'C'
التاريخ,المتصل,المطلوب,المدة,الحالة
04/05/2026 15:00,٠١٠٥٥٥٠١٢٣٤,0225550100,65,تم الرد
13/05/2026 15:00,٠١٠٥٥٥٠١٢٣٤,0225550100,0,لم يتم الرد
C
kith ingest calls.csv | kith normalize -C kith.yaml | kith identify -C kith.yaml |
	kith merge -C kith.yaml | kith recall -C kith.yaml >calls
is "the calls: spoken on the fourth, missed on the thirteenth" \
	"$(jq -c '[.sentAt, .context.names[0], .asks, .why]' calls)" \
	'["2026-05-04T12:00:00Z","ليلى منصور",false,"spoke"]
["2026-05-13T12:00:00Z","ليلى منصور",true,null]'
done_testing
