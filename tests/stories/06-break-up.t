#!/bin/sh
# "I am cancelling and my lawyer will call you": seen as high stakes by rule,
# gets a person and a call, and no automatic reply can be sent, whatever the
# template says.
. "${0%/*}/../lib.sh"
. "$TESTS/stories/exports.sh"

workspace >kith.yaml
cat >rules.yaml <<'Y'
version: 1
calendars:
  week: {zone: Europe/Berlin, hours: {mon-fri: "09:00-17:00"}}
teams:
  front: {members: [lea, tom], calendar: week}
  care: {members: [eva], calendar: week}
service:
  normal: {first: 8h, next: 8h, calendar: week}
  urgent: {first: 1h, next: 1h, calendar: week}
defaults: {queue: inbox, team: front, priority: normal}
rules:
  - name: break-up
    match: [cancelling, lawyer, "/kündig\\w*/", "/avocat\\w*/"]
    then: {queue: retention, team: care, priority: urgent, human: true, stakes: high, replyOn: voice, stop: true}
Y
mkdir -p slack/general
printf '[%s,%s,%s]' "$(slack_user ULEA Lea lea@hafen.example)" \
	"$(slack_user UKIM 'Kim Ode' kim@ode.example)" \
	"$(slack_user UPIA 'Pia Lund' pia@lund.example)" >slack/users.json
printf '[{"id":"C0GEN","name":"general","members":["ULEA","UKIM","UPIA"]}]' >slack/channels.json
printf '[%s,%s]' \
	"$(slack_message UKIM 1770819300.000100 'I am *cancelling* and my lawyer will call you')" \
	"$(slack_message UPIA 1770819400.000100 'When do you open on Saturday?')" \
	>slack/general/2026-02-11.json
mail 'Wed, 11 Feb 2026 10:00:00 +0100' 'Jean Petit <jean@petit.example>' \
	hallo@hafen.example 'Mon abonnement' j1@petit.example >box.mbox <<'T'
Je résilie. Mon avocate vous appellera.
T
pipeline slack box.mbox >triaged.jsonl

route() { jq -r "select(.from.name == \"$1\" and .type == \"message\") | .route | $2" triaged.jsonl; }
is "chat: high stakes" "$(route 'Kim Ode' '.stakes')" high
is "chat: a person" "$(route 'Kim Ode' '"\(.human) \(.assignee)"')" "true eva"
is "chat: a call" "$(route 'Kim Ode' .replyOn)" voice
is "the rule and its line" "$(route 'Kim Ode' '.rules[0] | "\(.rule) \(.line)"')" "break-up 12"
is "mail, in another language" "$(route 'Jean Petit' '"\(.stakes) \(.queue)"')" "high retention"
is "a question about Saturday is none" "$(route 'Pia Lund' '"\(.stakes // "no") \(.queue)"')" "no inbox"

cat >ack.md <<'T'
subject: We have your message
automatic: yes

Hello \(.from.name), we will answer soon.
T
mkdir transports
for channel in slack email voice; do
	cat >transports/$channel.yaml <<Y
kind: http
channel: $channel
url: "http://127.0.0.1:9/"
insecure: true
body: '{text: .text}'
Y
done
echo 'transports: transports' >>kith.yaml
kith reply --draft ack.md -C kith.yaml --now 2026-02-11T15:00:00Z triaged.jsonl >drafts.jsonl
kith reply -C kith.yaml --now 2026-02-11T15:00:00Z drafts.jsonl >checked.jsonl
is "the check says exit 1" $? 1
is "no draft of high stakes is ready" "$(jq -r 'select(.route.stakes == "high" and .delivery.status != "refused") | .id' checked.jsonl)" ""
is "both are refused, in words" "$(jq -r 'select(.route.stakes == "high") | .delivery.reason' checked.jsonl | grep -c -E 'stakes|person|approv')" 2
is "the harmless one is ready" "$(jq -r 'select(.route.stakes != "high") | .delivery.status' checked.jsonl)" ready

# Even with --send: refused before any socket is opened.
code "--send refuses them too" 1 sh -c 'jq -c "select(.route.stakes == \"high\")" drafts.jsonl |
	kith reply --send -S state -C kith.yaml --now 2026-02-11T15:00:00Z >sent.jsonl'
is "nothing was sent" "$(jq -r .delivery.status sent.jsonl | sort -u)" refused
done_testing
