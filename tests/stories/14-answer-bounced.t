#!/bin/sh
# Our answer bounces two days later.  The customer waits again since the first
# mail, the bounce stands in the conversation, and the next draft warns that
# this address is dead and offers the channel that works.
. "${0%/*}/../lib.sh"

cat >kith.yaml <<'Y'
us:
  emails: [ordini@frantoio.example]
  domains: [frantoio.example]
  tels: ["+390577555000"]
zone: Europe/Rome
region: IT
authserv: [mx.frantoio.example]
rules: rules.yaml
Y
cat >rules.yaml <<'Y'
version: 1
teams:
  banco: {members: [rita, ugo]}
service:
  normal: {first: 8h, next: 8h}
defaults: {queue: ordini, team: banco, priority: normal}
rules: []
Y
# lettera DAY-AND-TIME FROM TO ID SUBJECT [IN-REPLY-TO]: a mail of June.
lettera() {
	addr=$(printf '%s' "$2" | sed 's/.*<\(.*\)>/\1/')
	printf 'From %s Mon Jun  1 00:00:00 2026\n' "$addr"
	printf 'Authentication-Results: mx.frantoio.example; dkim=pass header.d=%s; dmarc=pass header.from=%s\n' "${addr#*@}" "${addr#*@}"
	printf 'From: %s\nTo: %s\nMessage-ID: <%s>\nSubject: %s\nDate: %s +0200\n' "$2" "$3" "$4" "$5" "$1"
	[ -z "${6-}" ] || printf 'In-Reply-To: <%s>\n' "$6"
	printf 'MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n'
	cat
	echo
}
# avviso DAY-AND-TIME ID ABOUT ACTION STATUS TEXT: the mail server's word on a
# mail to Chiara.
avviso() {
	cat <<-M
		From MAILER-DAEMON Mon Jun  1 00:00:00 2026
		Return-Path: <>
		From: Mail Delivery System <MAILER-DAEMON@mx.frantoio.example>
		To: ordini@frantoio.example
		Message-ID: <$2>
		Subject: Avviso
		Date: $1 +0200
		Auto-Submitted: auto-replied
		MIME-Version: 1.0
		Content-Type: multipart/report; report-type=delivery-status; boundary=R

		--R
		Content-Type: text/plain; charset=utf-8

		$6
		--R
		Content-Type: message/delivery-status

		Reporting-MTA: dns; mx.frantoio.example

		Final-Recipient: rfc822; chiara@bruni.example
		Action: $4
		Status: $5
		Diagnostic-Code: smtp; 550 $5 casella inesistente

		--R
		Content-Type: text/rfc822-headers

		Message-ID: <$3>
		From: ordini@frantoio.example
		To: chiara@bruni.example
		--R--

	M
}
domanda() {
	lettera 'Mon, 8 Jun 2026 09:00:00' 'Chiara Bruni <chiara@bruni.example>' \
		ordini@frantoio.example q1@bruni.example 'Ordine 31' <<'T'
Buongiorno, una delle bottiglie è arrivata rotta. Come facciamo?
T
	lettera 'Mon, 8 Jun 2026 09:30:00' 'Dino <dino@monti.example>' \
		ordini@frantoio.example q2@monti.example 'Orari' <<'T'
Siete aperti domenica?
T
	lettera 'Mon, 8 Jun 2026 11:00:00' 'Rita <ordini@frantoio.example>' \
		'Chiara Bruni <chiara@bruni.example>' a1@frantoio.example \
		'Re: Ordine 31' q1@bruni.example <<'T'
Gliene mandiamo una nuova domani.
T
	lettera 'Mon, 8 Jun 2026 11:10:00' 'Rita <ordini@frantoio.example>' \
		'Dino <dino@monti.example>' a2@frantoio.example \
		'Re: Orari' q2@monti.example <<'T'
Sì, fino alle 13.
T
	avviso 'Mon, 8 Jun 2026 15:00:00' d1@mx.frantoio.example \
		a1@frantoio.example delayed 4.4.1 'Il messaggio è in attesa.'
}
domanda >posta.mbox
cat >clienti.csv <<'C'
Nome,E-mail,Telefono
Chiara Bruni,chiara@bruni.example,+39 347 555 1234
C
cat >sms.xml <<'X'
<?xml version="1.0" encoding="UTF-8" standalone="yes" ?>
<smses count="2">
<sms address="+393475551234" date="1779696000000" type="1" body="Il corriere a che ora passa?" read="1" status="-1" contact_name="(Unknown)" />
<sms address="+393475551234" date="1779699600000" type="2" body="Verso le 15." read="1" status="-1" contact_name="(Unknown)" />
</smses>
X
catena() {
	kith ingest clienti.csv sms.xml posta.mbox | kith normalize -C kith.yaml |
		kith identify -C kith.yaml | kith merge -C kith.yaml |
		kith recall -C kith.yaml | kith route -C kith.yaml
}
catena >prima.jsonl 2>err
is "the pipeline is silent" "$(cat err)" ""
is "answered: nobody waits, a delay changes nothing" \
	"$(kith report unanswered -C kith.yaml --now 2026-06-09T08:00:00Z -f json prima.jsonl)" ""
is "two answers" "$(kith report summary -f json prima.jsonl | jq .answers)" 3

# Two days later.
{
	domanda
	avviso 'Wed, 10 Jun 2026 11:00:00' d2@mx.frantoio.example \
		a1@frantoio.example failed 5.1.1 'Il messaggio non è stato consegnato.'
} >posta.mbox
catena >dopo.jsonl
row=$(kith report unanswered -C kith.yaml --now 2026-06-10T10:00:00Z -f json dopo.jsonl)
is "one waits again, since her first mail" \
	"$(printf '%s\n' "$row" | jq -r '[.name, .waitingSince, .subject] | join(", ")')" \
	"Chiara Bruni, 2026-06-08T07:00:00Z, Ordine 31"
is "the answer counts for nothing" \
	"$(kith report summary -f json --now 2026-06-10T10:00:00Z dopo.jsonl | jq .answers)" 2
is "the bounce stands in her conversation" \
	"$(jq -r 'select(.messageId == "d2@mx.frantoio.example") | .conversation' dopo.jsonl)" \
	"$(jq -r 'select(.messageId == "q1@bruni.example") | .conversation' dopo.jsonl)"
is "and asks for nothing itself" \
	"$(jq -c 'select(.messageId == "d2@mx.frantoio.example") | .asks' dopo.jsonl)" false
code "the gate says so" 1 kith report unanswered -q --older 24h -C kith.yaml --now 2026-06-10T10:00:00Z dopo.jsonl

kith reply -C kith.yaml --draft answer --now 2026-06-10T10:00:00Z dopo.jsonl >bozza.jsonl
is "one draft, for her alone" "$(jq -r '.to[0].email' bozza.jsonl)" chiara@bruni.example
is "it warns that the address is dead" \
	"$(jq -r '.reply.bounced[] | .address + " " + .code' bozza.jsonl)" "chiara@bruni.example 5.1.1"
is "and offers the channel that works" \
	"$(jq -c '.reply.offers' bozza.jsonl)" '[{"channel":"sms","to":{"tel":"+393475551234"}}]'
cat >mail.yaml <<'Y'
kind: smtp
channel: email
url: smtp://127.0.0.1:9
tls: none
from: ordini@frantoio.example
Y
cat >sms.yaml <<'Y'
kind: http
channel: sms
url: "http://127.0.0.1:9/"
insecure: true
body: "{to: .to[0].tel, text: .text}"
from: "+390577555000"
Y
jq -c '.reply.body = "Arriva domani." | .text = .reply.body' bozza.jsonl >scritta.jsonl
like "sent as it is, it is refused, and says what may work" \
	"$(kith reply -q -C kith.yaml -t mail.yaml -t sms.yaml --now 2026-06-10T10:00:00Z scritta.jsonl | jq -r '.delivery | .status + ": " + .reason')" \
	'^refused: the last message to chiara@bruni.example came back, .*; sms \+393475551234 may work$'
jq -c '.reply.offers[0] as $o | .channel = $o.channel | .to = [$o.to] |
	del(.subject, .from, .messageId, .inReplyTo, .references, .account) | .reply |= (.channel = $o.channel | .to = [$o.to] | del(.subject, .bounced, .offers, .cc, .idempotencyKey))' \
	scritta.jsonl >altra.jsonl
is "sent the other way, it is ready" \
	"$(kith reply -q -C kith.yaml -t mail.yaml -t sms.yaml --now 2026-06-10T10:00:00Z altra.jsonl | jq -r '.delivery | .status + (.reason // "")')" ready

# She writes from there: the address works again.
lettera 'Thu, 11 Jun 2026 09:00:00' 'Chiara Bruni <chiara@bruni.example>' \
	ordini@frantoio.example q3@bruni.example 'Re: Ordine 31' q1@bruni.example >>posta.mbox <<'T'
La casella era piena. Ci siete?
T
catena >infine.jsonl
kith reply -C kith.yaml --draft answer --now 2026-06-11T10:00:00Z infine.jsonl >bozza.jsonl
is "once she writes from there the draft warns no more" \
	"$(jq -c '[.to[0].email, .reply.bounced, .reply.offers]' bozza.jsonl)" '["chiara@bruni.example",null,null]'
is "she waits since the first mail still" \
	"$(kith report unanswered -C kith.yaml --now 2026-06-11T10:00:00Z -f json infine.jsonl | jq -r .waitingSince)" 2026-06-08T07:00:00Z
done_testing
