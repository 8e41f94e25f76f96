#!/bin/sh
# One of six channels answers in nine hours at the median, the others in one.
# The report shows it at a glance, in business hours of the team's zone, and
# lists the conversations behind it.
. "${0%/*}/../lib.sh"
. "$TESTS/stories/exports.sh"

cat >kith.yaml <<'Y'
us:
  emails: [hallo@hafen.example]
  domains: [hafen.example]
  tels: ["+4940555000"]
  uris: ["whatsapp:Hafen Service"]
zone: Europe/Lisbon
region: PT
authserv: [mx.hafen.example]
rules: rules.yaml
Y
cat >rules.yaml <<'Y'
version: 1
calendars:
  lisbon: {zone: Europe/Lisbon, hours: {mon-fri: "08:00-20:00"}}
Y

# Mail: asked at 9, answered at 10, on three days (Lisbon is UTC in March).
for day in 03 04 05; do
	mail "Tue, $day Mar 2026 09:00:00 +0000" "Ana $day <ana$day@rua.example>" \
		hallo@hafen.example "Pedido $day" "a$day@rua.example" <<T
Onde está o pedido $day?
T
	mail "Tue, $day Mar 2026 10:00:00 +0000" 'Rui <rui@hafen.example>' \
		"Ana <ana$day@rua.example>" "Re: Pedido $day" "r$day@hafen.example" "a$day@rua.example" none <<T
Chega hoje.
T
done >box.mbox

# Slack: the same, in threads.
mkdir -p slack/ajuda
printf '[%s,%s]' "$(slack_user URUI Rui rui@hafen.example)" \
	"$(slack_user UBEA Bea bea@loja.example)" >slack/users.json
printf '[{"id":"C0AJUDA","name":"ajuda","members":["URUI","UBEA"]}]' >slack/channels.json
{
	sep='['
	for day in 3 4 5; do
		ts=$((1772323200 + 86400 * (day - 1) + 32400)) # 9:00 UTC
		printf '%s{"type":"message","user":"UBEA","ts":"%s.000100","thread_ts":"%s.000100","text":"Stock?"}' "$sep" $ts $ts
		sep=,
		printf ',{"type":"message","user":"URUI","ts":"%s.000100","thread_ts":"%s.000100","parent_user_id":"UBEA","text":"Sim"}' $((ts + 3600)) $ts
	done
	printf ']'
} >slack/ajuda/2026-03-03.json

# WhatsApp: asked at 11, answered at 12.
for n in 1 2 3; do
	d=0$((n + 2))/03/2026
	printf '%s, 11:00 - +351 91 000 000%s: Olá, ainda há bilhetes?\n' "$d" $n >"WhatsApp Chat with +351 91 000 000$n.txt"
	printf '%s, 12:00 - Hafen Service: Sim, há.\n' "$d" >>"WhatsApp Chat with +351 91 000 000$n.txt"
done

# SMS: asked at 14, answered at 15.
{
	printf '<?xml version="1.0" encoding="UTF-8" standalone="yes" ?>\n<smses count="6">\n'
	for n in 1 2 3; do
		ms=$(((1772323200 + 86400 * (n + 1) + 50400) * 1000))
		printf '<sms protocol="0" address="+35192000000%s" date="%s" type="1" body="A que horas abrem?" read="1" status="-1" />\n' $n $ms
		printf '<sms protocol="0" address="+35192000000%s" date="%s" type="2" body="Às nove." read="1" status="-1" />\n' $n $((ms + 3600000))
	done
	printf '</smses>\n'
} >sms.xml

# Web form, a table of the shop's own: answered after nine hours, from 9 to 18.
{
	echo 'when,who,mail,side,ticket,text'
	for n in 1 2 3; do
		echo "2026-03-0$((n + 2))T09:00:00Z,Caio $n,caio$n@mar.example,in,F$n,Quero trocar o tamanho"
		echo "2026-03-0$((n + 2))T18:00:00Z,Rui,caio$n@mar.example,out,F$n,Feito"
	done
} >form.csv
cat >form.jq <<'J'
.native | {type: "message", channel: "form", id: null, sentAt: .when, threadId: .ticket, text}
	+ if .side == "in" then {direction: "inbound", from: {name: .who, uri: "form:\(.mail)"}, to: [{email: "hallo@hafen.example"}]}
	  else {direction: "outbound", from: {name: .who, email: "rui@hafen.example"}, to: [{uri: "form:\(.mail)"}]} end
	| del(.id)
J
# Chat on the web page, JSON of the widget: one hour.
for n in 1 2 3; do
	printf '{"at":"2026-03-0%sT16:00:00Z","visitor":"v%s","from":"visitor","body":"Alguém aí?"}\n' $((n + 2)) $n
	printf '{"at":"2026-03-0%sT17:00:00Z","visitor":"v%s","from":"agent","body":"Sim!"}\n' $((n + 2)) $n
done >chat.jsonl
cat >chat.jq <<'J'
.native | {type: "message", channel: "chat", sentAt: .at, threadId: .visitor, text: .body}
	+ if .from == "visitor" then {direction: "inbound", from: {uri: "cookie:\(.visitor)"}}
	  else {direction: "outbound", from: {name: "Rui"}, to: [{uri: "cookie:\(.visitor)"}]} end
J
{
	kith ingest box.mbox slack ./WhatsApp*.txt sms.xml | kith normalize -C kith.yaml
	kith ingest form.csv | kith normalize -C kith.yaml --map form.jq
	kith ingest chat.jsonl | kith normalize -C kith.yaml --map chat.jq
} >messages.jsonl 2>err
is "six exports are read in silence" "$(cat err)" ""
kith identify -C kith.yaml messages.jsonl | kith merge -C kith.yaml >merged.jsonl
is "six channels" "$(jq -r 'select(.type == "message") | .channel' merged.jsonl | sort -u | tr '\n' ' ')" "chat email form slack sms whatsapp "

kith report channels -C kith.yaml -f json --why --now 2026-03-09T12:00:00Z merged.jsonl >channels.jsonl
is "the form takes nine hours at the median" "$(jq -r 'select(.channel == "form") | .firstReplyBusinessMedian' channels.jsonl)" 32400
is "all others take one" "$(jq -r 'select(.channel != "form") | .firstReplyBusinessMedian' channels.jsonl | sort | uniq -c | awk '{print $1, $2}')" "5 3600"
is "the conversations behind it" "$(jq -r 'select(.channel == "form") | .why[]' channels.jsonl | sort)" "$(jq -r 'select(.channel == "form") | .conversation' merged.jsonl | sort -u)"
is "at a glance: the longest bar is the form's" "$(kith report channels -C kith.yaml --now 2026-03-09T12:00:00Z merged.jsonl | grep '████████████████' | cut -d' ' -f1)" form
like "and on the page" "$(kith report channels -C kith.yaml -f html --now 2026-03-09T12:00:00Z merged.jsonl)" 'class="name">form<'

# The same hours in another zone's calendar are another figure.
sed 's|{zone: Europe/Lisbon, hours: {mon-fri: "08:00-20:00"}}|{zone: America/New_York, hours: {mon-fri: "08:00-12:00"}}|' rules.yaml >ny.yaml
is "in New York's morning the nine hours are four" "$(kith report channels -r ny.yaml -f json --now 2026-03-09T12:00:00Z merged.jsonl | jq -r 'select(.channel == "form") | .firstReplyBusinessMedian')" 14400
done_testing
