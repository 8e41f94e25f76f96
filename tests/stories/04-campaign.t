#!/bin/sh
# A message goes out to 500 people on mail, SMS and direct message.  Replies
# come back on whichever channel, some on another one than they were reached
# on, some only "STOP".  Each reply is with its person and the campaign; the
# STOPs are honoured; none is unanswered in the report; each one that needs a
# person is in a person's queue.
. "${0%/*}/../lib.sh"
. "$TESTS/stories/exports.sh"

workspace >kith.yaml
cat >rules.yaml <<'Y'
version: 1
teams:
  spring: {members: [lea, tom, uwe], assign: round-robin}
service:
  normal: {first: 8h, next: 8h}
defaults: {queue: spring-sale, team: spring, priority: normal}
Y

# The company's list: everybody's address and number.
awk 'BEGIN {
	print "Customer ID,First Name,Last Name,E-mail,Phone"
	for (i = 1; i <= 500; i++)
		printf "K%04d,Vorname%d,Name%d,k%d@post%d.example,+49151%07d\n", i, i, i, i, i % 40, 1000000 + i
}' >kunden.csv

# 1..200 by mail, 201..400 by SMS, 401..500 on Slack.  10 March 2026, 9:00 UTC.
awk 'BEGIN {
	for (i = 1; i <= 200; i++) {
		printf "From hallo@hafen.example Tue Mar 10 09:00:00 2026\n"
		printf "From: Hafen <hallo@hafen.example>\nTo: k%d@post%d.example\n", i, i % 40
		printf "Subject: Unser Fruehling\nMessage-ID: <spring.%d@hafen.example>\n", i
		printf "Date: Tue, 10 Mar 2026 09:00:00 +0000\n\nAlles neu macht der Mai.\n\n"
	}
	# Twenty answer by mail; two are only away.
	for (i = 1; i <= 22; i++) {
		printf "From k%d@post%d.example Tue Mar 10 12:00:00 2026\n", i, i % 40
		printf "Authentication-Results: mx.hafen.example; dmarc=pass header.from=post%d.example\n", i % 40
		printf "From: Name%d <k%d@post%d.example>\nTo: hallo@hafen.example\n", i, i, i % 40
		printf "Subject: Re: Unser Fruehling\nMessage-ID: <answer.%d@post%d.example>\n", i, i % 40
		printf "In-Reply-To: <spring.%d@hafen.example>\n", i
		if (i > 20) printf "Auto-Submitted: auto-replied\n"
		printf "Date: Tue, 10 Mar 2026 12:00:%02d +0000\n\nGibt es das auch in Blau?\n\n", i
	}
	# Three who were reached on Slack answer by mail.
	for (i = 401; i <= 403; i++) {
		printf "From k%d@post%d.example Tue Mar 10 13:00:00 2026\n", i, i % 40
		printf "Authentication-Results: mx.hafen.example; dmarc=pass header.from=post%d.example\n", i % 40
		printf "From: Name%d <k%d@post%d.example>\nTo: hallo@hafen.example\n", i, i, i % 40
		printf "Subject: Fruehling\nMessage-ID: <answer.%d@post%d.example>\n", i, i % 40
		printf "Date: Tue, 10 Mar 2026 13:00:%02d +0000\n\nIch nehme zwei.\n\n", i - 400
	}
}' >box.mbox
# SMS: sent to 200; ten answer, eight say STOP; five who got a mail write one.
awk 'BEGIN {
	at = 1773133200
	print "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\" ?>"
	print "<smses count=\"223\">"
	for (i = 201; i <= 400; i++)
		printf "<sms address=\"0151%07d\" date=\"%d000\" type=\"2\" body=\"Hafen: Alles neu macht der Mai. STOP beendet.\" />\n", 1000000 + i, at
	for (i = 201; i <= 210; i++)
		printf "<sms address=\"+49151%07d\" date=\"%d000\" type=\"1\" body=\"Was kostet das?\" />\n", 1000000 + i, at + 7200 + i
	for (i = 211; i <= 218; i++)
		printf "<sms address=\"+49151%07d\" date=\"%d000\" type=\"1\" body=\"%s\" />\n", 1000000 + i, at + 7200 + i, i % 2 ? "STOP" : "Stop."
	for (i = 101; i <= 105; i++)
		printf "<sms address=\"+49 151 %07d\" date=\"%d000\" type=\"1\" body=\"Zur Mail: ja bitte\" />\n", 1000000 + i, at + 9000 + i
	print "</smses>"
}' >sms.xml
mkdir slack
awk 'BEGIN {
	printf "[{\"id\":\"ULEA\",\"team_id\":\"THAFEN\",\"name\":\"lea\",\"profile\":{\"real_name\":\"Lea\",\"email\":\"lea@hafen.example\"}}"
	for (i = 401; i <= 500; i++)
		printf ",{\"id\":\"U%d\",\"team_id\":\"THAFEN\",\"name\":\"k%d\",\"profile\":{\"real_name\":\"Name%d\",\"email\":\"k%d@post%d.example\"}}", i, i, i, i, i % 40
	printf "]"
}' >slack/users.json
awk 'BEGIN {
	printf "["
	for (i = 401; i <= 500; i++)
		printf "%s{\"id\":\"D%d\",\"members\":[\"ULEA\",\"U%d\"]}", (i > 401 ? "," : ""), i, i
	printf "]"
}' >slack/dms.json
printf '[]' >slack/channels.json
i=401
while [ $i -le 500 ]; do
	mkdir slack/D$i
	answer=
	[ $i -ge 404 ] && [ $i -le 407 ] &&
		answer=",{\"type\":\"message\",\"user\":\"U$i\",\"ts\":\"17731404$((i - 400 + 10)).000100\",\"text\":\"Wann kommt es?\"}"
	printf '[{"type":"message","user":"ULEA","ts":"1773133200.000%s","text":"Alles neu macht der Mai."}%s]' \
		$i "$answer" >slack/D$i/2026-03-10.json
	i=$((i + 1))
done

pipeline kunden.csv box.mbox sms.xml slack >triaged.jsonl 2>err
is "the pipeline is silent" "$(cat err)" ""
jq -c 'select(.type == "message")' triaged.jsonl >m.jsonl
is "500 were written to" "$(jq -r 'select(.direction == "outbound") | .id' m.jsonl | wc -l | tr -d ' ')" 500
is "each is one person with one campaign conversation" "$(jq -r 'select(.direction == "outbound") | .person' m.jsonl | sort -u | wc -l | tr -d ' ') $(jq -r 'select(.direction == "outbound") | .conversation' m.jsonl | sort -u | wc -l | tr -d ' ')" "500 500"
is "52 came back" "$(jq -r 'select(.direction == "inbound") | .id' m.jsonl | wc -l | tr -d ' ')" 52
jq -r 'select(.direction == "outbound") | "\(.person) \(.conversation)"' m.jsonl | sort >campaign
jq -r 'select(.direction == "inbound") | "\(.person) \(.conversation)"' m.jsonl | sort -u >back
is "each reply is with its person and the campaign" "$(comm -23 back campaign)" ""
is "also who changed the channel" "$(jq -r 'select(.direction == "inbound" and (.text | startswith("Zur Mail"))) | .conversation' m.jsonl | sort -u | wc -l | tr -d ' ')" 5

kith report unanswered -f json --now 2026-03-10T18:00:00Z triaged.jsonl >waiting.jsonl
is "who asked waits: 20 mails, 5 + 10 SMS, 3 mails for Slack, 4 on Slack" "$(wc -l <waiting.jsonl | tr -d ' ')" 42
is "no STOP and no machine waits" "$(jq -r 'select(.subject | test("(?i)stop")) | .name' waiting.jsonl)" ""
is "each is in a person's queue" "$(jq -r 'select(.assignee == null or .queue != "spring-sale") | .conversation' waiting.jsonl)" ""
is "shared out evenly" "$(jq -r .assignee waiting.jsonl | sort | uniq -c | awk '{print $1}' | sort | tr '\n' ' ')" "14 14 14 "

# STOP is honoured on that channel at once.
mkdir transports
cat >transports/sms.yaml <<'Y'
kind: http
channel: sms
url: "http://127.0.0.1:9/"
insecure: true
body: '{text: .text}'
Y
echo 'transports: transports' >>kith.yaml
stopped=$(jq -r 'select(.text == "STOP") | .person' m.jsonl | head -n 1)
printf "\\nHallo.\\n" >hello.md
# One of those who said STOP asks something by mail afterwards: consent is by
# channel, so a draft by SMS is refused and one by mail is not.
jq -c --arg p "$stopped" 'select(.person == $p)' triaged.jsonl >one.jsonl
{
	cat one.jsonl
	jq -c 'select(.text == "STOP") | del(.asks, .why) | .id = "mlater" | .text = "Doch noch eine Frage" | .sentAt = "2026-03-10T20:00:00Z"' one.jsonl
} | kith recall | kith reply --draft ./hello.md -C kith.yaml --now 2026-03-10T21:00:00Z >draft.jsonl
kith reply -C kith.yaml --now 2026-03-10T21:00:00Z draft.jsonl >checked.jsonl
like "an SMS to who said STOP is refused" "$(jq -r '.delivery.status + " " + .delivery.reason' checked.jsonl)" 'refused.*(opt|STOP|consent)'
done_testing
