#!/bin/sh
# A billing question turns into a technical one and moves to another team.  The
# next person sees the whole story on every channel, the customer is not asked
# twice, and the clock does not restart.
. "${0%/*}/../lib.sh"
. "$TESTS/stories/exports.sh"

workspace >kith.yaml
cat >rules.yaml <<'Y'
version: 1
calendars:
  week: {zone: Europe/Berlin, hours: {mon-fri: "09:00-17:00"}}
teams:
  billing: {members: [lea], calendar: week}
  technical: {members: [tom, uwe], calendar: week}
service:
  normal: {first: 8h, next: 8h, calendar: week}
defaults: {queue: inbox, team: billing, priority: normal}
rules:
  - name: technical
    match: [firmware, firmwaren, error code, "/E-\\d{2}/"]
    then: {queue: bench, team: technical}
  - name: invoice
    match: [invoice, faktura, charged]
    then: {queue: invoices, team: billing}
Y
{
	mail 'Mon, 09 Mar 2026 10:00:00 +0100' 'Pär Ek <par@ek.example>' \
		hallo@hafen.example 'Charged twice' p1@ek.example <<'T'
Hello,

invoice 7731 was charged twice. My customer number is 90210.

Pär Ek
T
	mail 'Mon, 09 Mar 2026 11:30:00 +0100' 'Lea <lea@hafen.example>' \
		'Pär Ek <par@ek.example>' 'Re: Charged twice' \
		l1@hafen.example p1@ek.example none <<'T'
Hello Pär, the second charge is on its way back.
T
	mail 'Tue, 10 Mar 2026 09:30:00 +0100' 'Pär Ek <par@ek.example>' \
		hallo@hafen.example 'Re: Charged twice' p2@ek.example l1@hafen.example <<'T'
Thank you. Now the machine shows error code E-17 since the firmware update.
T
} >box.mbox
mkdir -p slack/D0PAR
printf '[%s,%s]' "$(slack_user ULEA Lea lea@hafen.example)" \
	"$(slack_user UPAR 'Pär Ek' par@ek.example)" >slack/users.json
printf '[]' >slack/channels.json
printf '[{"id":"D0PAR","created":1770000000,"members":["ULEA","UPAR"]}]' >slack/dms.json
# 10 March 2026, 10:45 in Berlin.
printf '[%s]' "$(slack_message UPAR 1773135900.000100 'Any news about E-17?')" \
	>slack/D0PAR/2026-03-10.json

pipeline box.mbox slack >triaged.jsonl 2>err
is "the pipeline is silent" "$(cat err)" ""
of() { jq -r "select(.messageId == \"$1\" or .text == \"$1\") | $2" triaged.jsonl; }
is "first it is billing's" "$(of p1@ek.example '"\(.route.team) \(.route.assignee)"')" "billing lea"
is "then it is technical" "$(of p2@ek.example .route.team)" technical
is "the record says who had it" "$(of p2@ek.example '"\(.route.handedFrom.team) \(.route.handedFrom.assignee)"')" "billing lea"
is "one conversation" "$(jq -r 'select(.type == "message") | .conversation' triaged.jsonl | sort -u | wc -l | tr -d ' ')" 1
is "the chat stays with the person who has it now" "$(of 'Any news about E-17?' .route.assignee)" "$(of p2@ek.example .route.assignee)"
is "they see the whole story" "$(of 'Any news about E-17?' '[.context.recent[].channel] | join(" ")')" "email email email"
is "the customer number with it: nobody asks again" "$(of 'Any news about E-17?' '[.context.recent[].text] | join(" ")' | grep -c 90210)" 1
is "the clock: from the technical mail, not from the chat" "$(of 'Any news about E-17?' .route.due)" "$(of p2@ek.example .route.due)"
is "due one working day after that mail" "$(of p2@ek.example .route.due)" 2026-03-11T08:30:00Z
is "one waits, since the mail" "$(kith report unanswered -f json --now 2026-03-10T12:00:00Z triaged.jsonl | jq -r '.waitingSince + " " + .assignee')" "2026-03-10T08:30:00Z $(of p2@ek.example .route.assignee)"
like "--explain says why it moved" "$(kith route -C kith.yaml --explain "$(of p2@ek.example .id)" triaged.jsonl)" 'technical'
done_testing
