#!/bin/sh
# Story 6 in Polish, in Europe/Warsaw, on Slack and by SMS: words with endings,
# in capitals, and typed without their marks.
. "${0%/*}/../lib.sh"
. "$TESTS/stories/exports.sh"

cat >kith.yaml <<'Y'
us:
  emails: [czesc@rower.example]
  domains: [rower.example]
  tels: ["+48225550100"]
zone: Europe/Warsaw
region: PL
rules: rules.yaml
transports: transports
Y
cat >rules.yaml <<'Y'
version: 1
teams:
  front: {members: [ola]}
  care: {members: [ewa]}
service:
  normal: {first: 8h, next: 8h}
  urgent: {first: 1h, next: 1h}
defaults: {queue: inbox, team: front, priority: normal}
rules:
  - name: zerwanie
    match: [rezygnuję, "/wypowiada\\w*/", "/prawni\\w*/"]
    then: {queue: retention, team: care, priority: urgent, human: true, stakes: high, replyOn: voice, stop: true}
Y
mkdir -p slack/general transports
printf '[%s,%s,%s]' "$(slack_user UOLA Ola ola@rower.example)" \
	"$(slack_user UKIM 'Łukasz Żak' lukasz@zak.example)" \
	"$(slack_user UPIA Zofia zofia@las.example)" >slack/users.json
printf '[{"id":"C0GEN","name":"general","members":["UOLA","UKIM","UPIA"]}]' >slack/channels.json
printf '[%s,%s]' \
	"$(slack_message UKIM 1770819300.000100 '*Rezygnuję* z umowy, mój adwokat zadzwoni :rage:')" \
	"$(slack_message UPIA 1770819400.000100 'Czy jesteście otwarci w sobotę?')" \
	>slack/general/2026-02-11.json
cat >sms.xml <<'X'
<smses count="2">
<sms address="601555012" date="1770820000000" type="1" body="WYPOWIADAM umowe" />
<sms address="601555013" date="1770820100000" type="1" body="rezygnuje, moi prawnicy sie odezwa" />
</smses>
X
for c in slack sms voice; do
	printf 'kind: http\nchannel: %s\nurl: "http://127.0.0.1:9/"\ninsecure: true\nbody: "{text: .text}"\n' $c >transports/$c.yaml
done
pipeline slack sms.xml >t.jsonl
is "three break up: a person, a call, high stakes" \
	"$(jq -r 'select(.route.stakes == "high") | "\(.channel) \(.route.assignee) \(.route.human) \(.route.replyOn)"' t.jsonl | sort | uniq -c | awk '{$1 = $1}; 1')" \
	'1 slack ewa true voice
2 sms ewa true voice'
is "a question about Saturday is none" "$(jq -r 'select(.from.name == "Zofia" and .type == "message") | .route.queue' t.jsonl)" inbox
printf 'subject: x\nautomatic: yes\n\nDzień dobry, wkrótce odpowiemy.\n' >ack.md
kith reply --draft ./ack.md -C kith.yaml --now 2026-02-11T15:00:00Z t.jsonl >drafts.jsonl
code "no automatic answer goes to any of them" 1 \
	sh -c 'jq -c "select(.route.stakes == \"high\")" drafts.jsonl |
	kith reply --send -S state -C kith.yaml --now 2026-02-11T15:00:00Z >sent.jsonl'
is "all three are refused" "$(jq -r .delivery.status sent.jsonl | tr '\n' ' ')" "refused refused refused "
done_testing
