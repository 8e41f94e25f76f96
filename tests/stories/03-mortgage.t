#!/bin/sh
# Web pages, one call, four mails over five weeks, from two addresses of one
# person: one person, one conversation, one interest, every channel shows the
# same picture.
. "${0%/*}/../lib.sh"
. "$TESTS/stories/exports.sh"

workspace >kith.yaml
cat >rules.yaml <<'Y'
version: 1
teams:
  credit: {members: [lea]}
service:
  normal: {first: 8h, next: 8h}
defaults: {queue: credit, team: credit, priority: normal}
Y
# The bank's own list knows both addresses and the number of the one person.
cat >contacts.csv <<'C'
First Name,Last Name,E-mail 1 - Value,E-mail 2 - Value,Phone 1 - Value
Nora,Brandt,nora@brandt.example,n.brandt@work.example,+49 170 5551234
C
# She reads about mortgages, then logs in.
cat >web.jsonl <<'J'
{"type":"page","messageId":"w1","anonymousId":"anon-nora","timestamp":"2026-02-02T19:00:00Z","receivedAt":"2026-02-02T19:00:01Z","name":"Mortgage rates","properties":{"url":"https://hafen.example/mortgage/rates","category":"mortgage"}}
{"type":"page","messageId":"w2","anonymousId":"anon-nora","timestamp":"2026-02-03T19:05:00Z","receivedAt":"2026-02-03T19:05:01Z","name":"Mortgage calculator","properties":{"url":"https://hafen.example/mortgage/calculator","category":"mortgage"}}
{"type":"identify","messageId":"w3","anonymousId":"anon-nora","userId":"u-4711","timestamp":"2026-02-03T19:06:00Z","receivedAt":"2026-02-03T19:06:01Z","traits":{"email":"nora@brandt.example","name":"Nora Brandt"}}
{"type":"page","messageId":"w4","anonymousId":"anon-nora","userId":"u-4711","timestamp":"2026-02-20T20:00:00Z","receivedAt":"2026-02-20T20:00:01Z","name":"Mortgage documents","properties":{"url":"https://hafen.example/mortgage/documents","category":"mortgage"}}
J
# One call, on 12 February.
printf '%s\n' '"","+491705551234","4940555000","from-trunk","""Nora Brandt"" <+491705551234>","SIP/trunk-1","SIP/lea-2","Dial","SIP/lea","2026-02-12 10:00:00","2026-02-12 10:00:09","2026-02-12 10:07:09",429,420,"ANSWERED","DOCUMENTATION","1770886800.1",""' >cdr.csv
{
	mail 'Thu, 05 Feb 2026 09:00:00 +0100' 'Nora Brandt <nora@brandt.example>' \
		hallo@hafen.example 'Baufinanzierung' n1@brandt.example <<'T'
Guten Tag, welche Unterlagen brauchen Sie für eine Baufinanzierung?
T
	mail 'Thu, 05 Feb 2026 11:00:00 +0100' 'Lea <lea@hafen.example>' 'Nora Brandt <nora@brandt.example>' \
		'Re: Baufinanzierung' l1@hafen.example n1@brandt.example none <<'T'
Guten Tag Frau Brandt, Gehaltsnachweise und Grundbuchauszug.
T
	mail 'Mon, 16 Feb 2026 13:00:00 +0100' 'N. Brandt <n.brandt@work.example>' \
		hallo@hafen.example 'Unterlagen' n2@work.example <<'T'
Anbei die Gehaltsnachweise, diesmal vom Büro aus.
T
	mail 'Wed, 25 Feb 2026 18:00:00 +0100' 'Nora Brandt <nora@brandt.example>' \
		hallo@hafen.example 'Re: Baufinanzierung' n3@brandt.example l1@hafen.example <<'T'
Der Grundbuchauszug kommt nächste Woche.
T
	mail 'Mon, 09 Mar 2026 08:00:00 +0100' 'N. Brandt <n.brandt@work.example>' \
		hallo@hafen.example 'Re: Baufinanzierung' n4@work.example n3@brandt.example <<'T'
Hier ist er. Wann hören wir von Ihnen?
T
} >box.mbox

pipeline contacts.csv web.jsonl cdr.csv box.mbox >triaged.jsonl 2>err
is "the pipeline is silent" "$(cat err)" ""
is "one person" "$(jq -r 'select(.person) | .person' triaged.jsonl | sort -u | wc -l | tr -d ' ')" 1
is "nothing of hers is without her" "$(jq -r 'select(.person == null) | .id' triaged.jsonl)" ""
is "mails and the call are one conversation" "$(jq -r 'select(.type == "message" or .type == "call") | .conversation' triaged.jsonl | sort -u | wc -l | tr -d ' ')" 1
is "one interest, seen from the pages" "$(jq -r 'select(.messageId == "n4@work.example") | .context.interests[].topic' triaged.jsonl)" mortgage
is "the call shows it too" "$(jq -r 'select(.type == "call") | .context.interests[0].topic' triaged.jsonl)" mortgage
is "and who calls" "$(jq -r 'select(.type == "call") | .context.names | index("Nora Brandt") != null' triaged.jsonl)" true
is "one waits, since the first mail that nobody answered; the call was a talk" "$(kith report unanswered -f json --now 2026-03-09T12:00:00Z triaged.jsonl | jq -r .waitingSince)" 2026-02-16T12:00:00Z
is "the timeline has every channel" "$(kith report timeline n.brandt@work.example -f json triaged.jsonl | jq -r .channel | sort -u | tr '\n' ' ' | grep -c 'email.*voice.*web')" 1
done_testing
