#!/bin/sh
# A mail stays unanswered for thirty hours; then the same customer writes on
# Slack, twice.  One conversation, one waiting customer, waiting since the
# mail, escalated, and the answer picks up where the mail left off.
. "${0%/*}/../lib.sh"
. "$TESTS/stories/exports.sh"

workspace >kith.yaml
cat >rules.yaml <<'Y'
version: 1
calendars:
  week: {zone: Europe/Berlin, hours: {mon-fri: "09:00-17:00"}}
teams:
  front: {members: [lea, tom], calendar: week}
service:
  normal: {first: 8h, next: 8h, calendar: week}
  urgent: {first: 1h, next: 1h, calendar: week}
defaults: {queue: inbox, team: front, priority: normal}
rules:
  - name: second chance
    if: '[.context.conversations[]? | .waitingSince // empty] | length > 0'
    then: {queue: escalated, priority: urgent}
Y
{
	mail 'Tue, 10 Feb 2026 09:15:00 +0100' 'Mirko Sand <mirko@sand.example>' \
		hallo@hafen.example 'Mühle mahlt zu grob' m1@sand.example <<'T'
Guten Tag,

meine Mühle K3 mahlt seit gestern nur noch grob. Seriennummer 4711-K3.
Was kann ich tun?

Mirko Sand
T
	mail 'Tue, 10 Feb 2026 09:20:00 +0100' 'Ina Roth <ina@roth.example>' \
		hallo@hafen.example 'Öffnungszeiten' i1@roth.example <<'T'
Haben Sie am Samstag offen?
T
	mail 'Tue, 10 Feb 2026 10:00:00 +0100' 'Lea <lea@hafen.example>' \
		'Ina Roth <ina@roth.example>' 'Re: Öffnungszeiten' \
		l1@hafen.example i1@roth.example none <<'T'
Ja, von 10 bis 14 Uhr.
T
} >box.mbox
mkdir -p slack/D0MIRKO
printf '[%s,%s]' "$(slack_user ULEA Lea lea@hafen.example)" \
	"$(slack_user UMIRKO 'Mirko S.' Mirko@Sand.example)" >slack/users.json
printf '[]' >slack/channels.json
printf '[{"id":"D0MIRKO","created":1770000000,"members":["ULEA","UMIRKO"]}]' >slack/dms.json
# 11 February, 15:15 and 15:45 in Berlin: thirty hours after the mail.
printf '[%s,%s]' \
	"$(slack_message UMIRKO 1770819300.000100 'Ich habe gestern wegen der Mühle geschrieben.')" \
	"$(slack_message UMIRKO 1770821100.000200 'Hallo? Noch jemand da?')" \
	>slack/D0MIRKO/2026-02-11.json

pipeline box.mbox slack >triaged.jsonl 2>err
is "the pipeline is silent" "$(cat err)" ""
is "mail and Slack are one conversation" "$(jq -r 'select(.direction == "inbound" and .from.name != "Ina Roth" and .type == "message") | .conversation' triaged.jsonl | sort | uniq -c | awk '{print $1}')" 3
is "of one person" "$(jq -r 'select(.type == "message" and (.from.name | startswith("Mirko"))) | .person' triaged.jsonl | sort -u | wc -l | tr -d ' ')" 1

report=$(kith report unanswered --older 24h --now 2026-02-11T15:00:00Z -f json -C kith.yaml triaged.jsonl)
is "exit 1: somebody waits longer than a day" $? 1
is "one waiting customer, not three" "$(printf '%s\n' "$report" | wc -l | tr -d ' ')" 1
is "waiting since the first mail" "$(printf '%s' "$report" | jq -r .waitingSince)" 2026-02-10T08:15:00Z
is "for thirty hours and three quarters" "$(printf '%s' "$report" | jq -r .waited)" 110700
is "business time: nine to five, two days" "$(printf '%s' "$report" | jq -r .waitedBusiness)" 53100
is "escalated" "$(printf '%s' "$report" | jq -r '.queue + " " + .priority')" "escalated urgent"
is "by the rule that says so" "$(jq -r 'select(.channel == "slack" and .route) | .route.rules[] | .rule' triaged.jsonl | sort -u)" "second chance"
is "the clock does not restart: due since the mail" "$(jq -r 'select(.channel == "slack" and .route) | .route.due' triaged.jsonl | sort -u)" 2026-02-10T09:15:00Z
is "the mail is in the context of the chat" "$(jq -r 'select(.channel == "slack" and .text == "Hallo? Noch jemand da?") | .context.recent[] | select(.channel == "email") | .text' triaged.jsonl | grep -c 4711-K3)" 1

cat >answer.md <<'T'
subject: Re: \(.subject // "Ihre Nachricht")

Hallo \(.from.name),
T
kith reply --draft answer.md -C kith.yaml --now 2026-02-11T15:00:00Z triaged.jsonl >drafts.jsonl
is "one draft, not three" "$(wc -l <drafts.jsonl | tr -d ' ')" 1
is "on the channel where they are now" "$(jq -r .channel drafts.jsonl)" slack
is "in the conversation that the mail began" "$(jq -r .conversation drafts.jsonl)" "$(jq -r 'select(.messageId == "m1@sand.example") | .conversation' triaged.jsonl)"

# The answer ends the wait, on whatever channel it goes.
printf '[%s,%s,%s]' \
	"$(slack_message UMIRKO 1770819300.000100 'Ich habe gestern wegen der Mühle geschrieben.')" \
	"$(slack_message UMIRKO 1770821100.000200 'Hallo? Noch jemand da?')" \
	"$(slack_message ULEA 1770822000.000300 'Bitte das Mahlwerk neu einsetzen, ich schicke ein Bild.')" \
	>slack/D0MIRKO/2026-02-11.json
pipeline box.mbox slack >answered.jsonl
code "after the answer nobody waits" 0 kith report unanswered --older 24h --now 2026-02-11T16:00:00Z answered.jsonl
is "first reply: since the mail" "$(kith report channels -f json answered.jsonl | jq -r 'select(.channel == "email") | .firstReplyP90')" 110700
done_testing
