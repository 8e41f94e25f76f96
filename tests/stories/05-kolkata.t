#!/bin/sh
# Story 5 in Hindi, in Asia/Kolkata, half an hour beside the full hour: a mail
# stays unanswered, then come two SMS and a message on WhatsApp.
. "${0%/*}/../lib.sh"
. "$TESTS/stories/exports.sh"
# shellcheck disable=SC2034 # mail() has it
SERVER=mx.kitab.example

cat >kith.yaml <<'Y'
us:
  emails: [sahayata@kitab.example]
  tels: ["+918005550100"]
  uris: ["whatsapp:Kitab"]
zone: Asia/Kolkata
region: IN
authserv: [mx.kitab.example]
rules: rules.yaml
Y
cat >rules.yaml <<'Y'
version: 1
calendars:
  week: {zone: Asia/Kolkata, hours: {mon-sat: "10:00-18:00"}}
teams:
  front: {members: [asha, ravi], calendar: week}
service:
  normal: {first: 8h, next: 8h, calendar: week}
  urgent: {first: 1h, next: 1h, calendar: week}
defaults: {queue: inbox, team: front, priority: normal}
rules:
  - name: second chance
    if: '[.context.conversations[]? | .waitingSince // empty] | length > 0'
    then: {queue: escalated, priority: urgent}
Y
cat >contacts.vcf <<'V'
BEGIN:VCARD
VERSION:3.0
FN:मीरा शर्मा
N:शर्मा;मीरा;;;
TEL;TYPE=CELL:०९८७६५ ४३२१०
EMAIL:meera@sharma.example
END:VCARD
V
mail 'Tue, 10 Feb 2026 09:15:00 +0530' 'मीरा शर्मा <meera@sharma.example>' \
	sahayata@kitab.example 'किताब फटी हुई आई' m1@sharma.example >box.mbox <<'X'
ऑर्डर 4711 की किताब फटी हुई आई है। मैं क्या करूँ?
X
cat >sms.xml <<'X'
<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>
<smses count="2">
<sms address="+919876543210" date="1770801300000" type="1" subject="null" body="मैंने कल किताब के बारे में लिखा था।" />
<sms address="9876543210" date="1770803100000" type="1" subject="null" body="कोई है?" />
</smses>
X
cat >'WhatsApp Chat with +91 98765 43210.txt' <<'X'
11/02/26, 3:30 pm - Messages and calls are end-to-end encrypted. Only people in this chat can read, listen to, or share them.
11/02/26, 3:30 pm - +91 98765 43210: IMG-20260211-WA0001.jpg (file attached)
फोटो भेज रही हूँ
X
pipeline contacts.vcf box.mbox sms.xml ./WhatsApp*.txt >t.jsonl 2>err
is "read without a word" "$(cat err)" ""
is "one conversation on three channels" "$(jq -r 'select(.type == "message") | .conversation' t.jsonl | sort -u | wc -l)" 1
report=$(kith report unanswered --older 24h -f json -C kith.yaml --now 2026-02-11T11:00:00Z t.jsonl)
is "exit 1: somebody waits longer than a day" $? 1
is "one customer, since the mail, in the hours of Kolkata" \
	"$(printf '%s\n' "$report" | jq -c '[.name, .waitingSince, .waitedBusiness, .queue, .requests]')" \
	'["मीरा शर्मा","2026-02-10T03:45:00Z",52200,"escalated",4]'
is "due since the mail: an hour of work, from ten" "$(printf '%s\n' "$report" | jq -r .due)" 2026-02-10T05:30:00Z
is "the picture is of the message" "$(jq -c 'select(.channel == "whatsapp" and .type == "message") | [.text, .attachments[0].name]' t.jsonl)" \
	'["फोटो भेज रही हूँ","IMG-20260211-WA0001.jpg"]'
is "the mail is before whoever answers" "$(jq -r 'select(.channel == "whatsapp") | .context.recent[]? | select(.channel == "email") | .text' t.jsonl | grep -c 4711)" 1
done_testing
