#!/bin/sh
# Story 12 in Thai, in Asia/Bangkok, with WhatsApp in years of the Buddha and a
# table of calls: WhatsApp answers in nine hours, the others in one.
. "${0%/*}/../lib.sh"
. "$TESTS/stories/exports.sh"
# shellcheck disable=SC2034 # mail() has it
SERVER=mx.ran.example

cat >kith.yaml <<'Y'
us:
  emails: [sawasdee@ran.example]
  domains: [ran.example]
  tels: ["+6625550100"]
  uris: ["whatsapp:ร้าน"]
zone: Asia/Bangkok
region: TH
authserv: [mx.ran.example]
rules: rules.yaml
Y
cat >rules.yaml <<'Y'
version: 1
calendars:
  bkk: {zone: Asia/Bangkok, hours: {mon-fri: "08:00-20:00"}}
Y
for day in 03 04 05; do
	mail "Tue, $day Mar 2026 09:00:00 +0700" "สมชาย $day <s$day@thanon.example>" \
		sawasdee@ran.example "คำสั่งซื้อ $day" "a$day@thanon.example" <<X
พัสดุถึงไหนแล้วคะ
X
	mail "Tue, $day Mar 2026 10:00:00 +0700" 'Noi <noi@ran.example>' "S <s$day@thanon.example>" \
		"Re: คำสั่งซื้อ" "r$day@ran.example" "a$day@thanon.example" none <<X
วันนี้ค่ะ
X
done >box.mbox
for n in 1 2 3; do
	printf '%s/3/2569 11:00 - +66 81 555 010%s: สวัสดีครับ มีของไหม\n%s/3/2569 20:00 - ร้าน: มีค่ะ\n' \
		$((n + 2)) $n $((n + 2)) >"แชท WhatsApp กับ +66 81 555 010$n.txt"
done
{
	echo '<smses count="6">'
	for n in 1 2 3; do
		ms=$(((1772323200 + 86400 * (n + 1) + 25200) * 1000))
		printf '<sms address="08255501%s0" date="%s" type="1" body="เปิดกี่โมง" />\n<sms address="+668255501%s0" date="%s" type="2" body="เก้าโมงค่ะ" />\n' \
			$n $ms $n $((ms + 3600000))
	done
	echo '</smses>'
} >sms.xml
cat >calls.csv <<'C'
วันที่,ต้นทาง,ปลายทาง,ระยะเวลา,สถานะ
03/03/2026 13:00,0835550101,025550100,20,ไม่ได้รับสาย
03/03/2026 14:00,025550100,0835550101,80,รับสาย
04/03/2026 13:00,0835550102,025550100,20,ไม่ได้รับสาย
04/03/2026 14:00,025550100,0835550102,80,รับสาย
13/03/2026 13:00,0835550103,025550100,20,ไม่ได้รับสาย
13/03/2026 14:00,025550100,0835550103,80,รับสาย
C
kith ingest box.mbox ./แชท*.txt sms.xml calls.csv | kith normalize -C kith.yaml |
	kith identify -C kith.yaml | kith merge -C kith.yaml >m.jsonl 2>err
is "read without a word" "$(cat err)" ""
report() { kith report channels -C kith.yaml --now 2026-03-16T12:00:00Z "$@" m.jsonl; }
is "WhatsApp takes nine hours, the others one" \
	"$(report -f json | jq -r '[.channel, .requests, .firstReplyBusinessMedian, .waiting] | map(tostring) | join(" ")' | sort)" \
	'email 3 3600 0
sms 3 3600 0
voice 3 3600 0
whatsapp 3 32400 0'
is "at a glance" "$(report | grep '████████████████' | cut -d' ' -f1)" whatsapp
is "and the conversations behind it" "$(report -f json --why | jq -r 'select(.channel == "whatsapp") | .why[]' | sort)" \
	"$(jq -r 'select(.channel == "whatsapp" and .type == "message") | .conversation' m.jsonl | sort -u)"
done_testing
