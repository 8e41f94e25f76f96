#!/bin/sh
# pomoc@ is a Google Group, serwis@ a Mailman list that rewrites From, and
# half of the customers come through the web site's form.  Each customer is
# seen as themselves, waits, and is answered at their own address; the
# company's newsletter and a foreign list wait for nobody.
. "${0%/*}/../lib.sh"

cat >kith.yaml <<'Y'
us:
  emails: [pomoc@rower.example, sklep@rower.example]
  domains: [rower.example]
  lists: [serwis@listy.rower.example]
zone: Europe/Warsaw
region: PL
authserv: [mx.rower.example]
rules: rules.yaml
Y
cat >rules.yaml <<'Y'
version: 1
calendars:
  sklep: {zone: Europe/Warsaw, hours: {mon-sat: "10:00-18:00"}}
teams:
  sklep: {members: [kasia, marek], calendar: sklep}
service:
  normal: {first: 4h, next: 4h}
defaults: {queue: sklep, team: sklep, priority: normal}
rules: []
Y

# letter DOMAIN FROM TO ID TIME SUBJECT [FIELD ...]: a mail as our server kept
# it, text from standard input.
letter() {
	domain=$1
	printf 'From listy@%s Tue Mar  3 00:00:00 2026\n' "$domain"
	printf 'Authentication-Results: mx.rower.example; spf=pass smtp.mailfrom=x@%s; dkim=pass header.d=%s; dmarc=pass header.from=%s\n' "$domain" "$domain" "$domain"
	printf 'From: %s\nTo: %s\nMessage-ID: <%s>\nDate: Tue, 3 Mar 2026 %s +0100\nSubject: %s\n' "$2" "$3" "$4" "$5" "$6"
	shift 6
	[ $# -eq 0 ] || printf '%s\n' "$@"
	printf 'MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n'
	cat
	echo
}
group='List-ID: <pomoc.rower.example>'
{
	# The group, once with the author in From, once with itself.
	letter wp.example 'Ewa Nowak <ewa@wp.example>' pomoc@rower.example \
		e1@wp.example 09:00:00 'Hamulec' "$group" 'Precedence: list' \
		'Mailing-list: list pomoc@rower.example; contact pomoc+owners@rower.example' \
		'X-Google-Group-Id: 77' 'List-Unsubscribe: <mailto:googlegroups-manage+77+unsubscribe@googlegroups.com>' <<'T'
Hamulec piszczy. Co robić?
T
	letter rower.example "'Jan Zając' via Pomoc <pomoc@rower.example>" \
		pomoc@rower.example j1@zajac.example 09:10:00 'Faktura' \
		"$group" 'Precedence: list' 'Reply-To: Jan Zając <jan@zajac.example>' \
		'X-Original-From: Jan Zając <jan@zajac.example>' \
		'Mailing-list: list pomoc@rower.example' <<'T'
Na fakturze jest zły adres.
T
	# Mailman with from_is_list, two authors behind one address.
	for who in 'Ola Lis|ola@lis.example|09:20:00|Dzwonek?' 'Piotr Kos|piotr@kos.example|09:30:00|Kiedy przegląd?'; do
		IFS='|' read -r name addr at text <<-W
			$who
		W
		echo "$text" | letter listy.rower.example \
			"$name przez Serwis <serwis@listy.rower.example>" \
			serwis@listy.rower.example "m-$addr" "$at" '[Serwis] pytanie' \
			"Reply-To: $name <$addr>" 'Precedence: list' \
			'X-Mailman-Version: 3.3.8' 'List-Id: Serwis <serwis.listy.rower.example>'
	done
	# The form on the web site sends from our own address.
	letter rower.example 'Strona WWW <sklep@rower.example>' \
		sklep@rower.example f1@www.rower.example 10:00:00 'Formularz kontaktowy' \
		'Reply-To: Anna Sowa <anna@sowa.example>' 'X-Mailer: PHPMailer 6.9' <<'T'
Imię: Anna Sowa
E-mail: anna@sowa.example

Czy macie rower w rozmiarze S?
T
	letter rower.example 'Strona WWW <sklep@rower.example>' \
		sklep@rower.example f2@www.rower.example 10:30:00 'Formularz kontaktowy' \
		'Reply-To: Tomasz Bąk <tomek@bak.example>' 'X-Mailer: PHPMailer 6.9' <<'T'
Imię: Tomasz Bąk
E-mail: tomek@bak.example

Gdzie jest moja paczka?
T
	# Our newsletter goes to them all, and one list is not ours.
	for addr in ewa@wp.example jan@zajac.example anna@sowa.example; do
		letter rower.example 'Rower <sklep@rower.example>' "$addr" \
			"n-$addr" 11:00:00 'Wiosna!' 'Precedence: bulk' \
			'List-Unsubscribe: <mailto:wypisz@rower.example>' <<'T'
Wiosenna promocja: dętki -20%.
T
	done
	letter kluby.example 'Zenon <zenon@kluby.example>' ludzie@kluby.example \
		z1@kluby.example 11:30:00 '[ludzie] Kto jedzie w sobotę?' \
		'Precedence: list' 'List-Id: <ludzie.kluby.example>' 'List-Post: <mailto:ludzie@kluby.example>' <<'T'
Kto jedzie w sobotę?
T
	# Kasia answers one of the form's two.
	letter rower.example 'Kasia <kasia@rower.example>' 'Anna Sowa <anna@sowa.example>' \
		k1@rower.example 12:00:00 'Re: Formularz kontaktowy' \
		'In-Reply-To: <f1@www.rower.example>' <<'T'
Tak, mamy dwa.
T
} >poczta.mbox

kith ingest poczta.mbox | kith normalize -C kith.yaml |
	kith identify -C kith.yaml | kith merge -C kith.yaml |
	kith recall -C kith.yaml | kith route -C kith.yaml >triaged.jsonl 2>err
is "the pipeline is silent" "$(cat err)" ""

# Each as themselves.
is "who asks: six people by their own addresses" \
	"$(jq -r 'select(.asks) | .from.email' triaged.jsonl | tr '\n' ' ')" \
	"ewa@wp.example jan@zajac.example ola@lis.example piotr@kos.example anna@sowa.example tomek@bak.example "
is "by their own names, without what carried them" \
	"$(jq -r 'select(.asks) | .from.name' triaged.jsonl | tr '\n' ',')" \
	"Ewa Nowak,Jan Zając,Ola Lis,Piotr Kos,Anna Sowa,Tomasz Bąk,"
is "six people" "$(jq -r 'select(.asks) | .person' triaged.jsonl | sort -u | wc -l | tr -d ' ')" 6
is "six conversations" "$(jq -r 'select(.asks) | .conversation' triaged.jsonl | sort -u | wc -l | tr -d ' ')" 6
is "what others wrote in their name is claimed, what they sent is not" \
	"$(jq -r 'select(.asks) | .ids[] | select(.from == "from.email") | .trust' triaged.jsonl | tr '\n' ' ')" \
	"authenticated claimed claimed claimed claimed claimed "
is "who carried it is kept" \
	"$(jq -r 'select(.sender) | .sender.email' triaged.jsonl | sort | uniq -c | awk '{print $1, $2}' | tr '\n' ',')" \
	"1 pomoc@rower.example,2 serwis@listy.rower.example,2 sklep@rower.example,"

# Each waits, unless answered.
is "five wait, since they wrote" \
	"$(kith report unanswered -C kith.yaml --now 2026-03-03T12:00:00Z -f json triaged.jsonl | jq -r '[.name, .waitingSince[11:16]] | join(" ")' | tr '\n' ',')" \
	"Ewa Nowak 08:00,Jan Zając 08:10,Ola Lis 08:20,Piotr Kos 08:30,Tomasz Bąk 09:30,"
is "the foreign list waits for nobody, and says why" \
	"$(jq -r 'select(.from.name == "Zenon") | [.asks, .why, .route] | tojson' triaged.jsonl)" \
	'[false,"list",null]'
is "the newsletter is ours, and answers nobody" \
	"$(jq -r 'select(.subject == "Wiosna!") | .direction' triaged.jsonl | sort | uniq -c | awk '{print $1, $2}')" \
	"3 outbound"
kith report summary -f json --now 2026-03-03T12:00:00Z triaged.jsonl >sums
is "inbound is who asks and the list" \
	"$(jq -r '[.inbound, .asking, .whyList, .waiting, .answers] | map(tostring) | join(" ")' sums)" \
	"7 6 1 5 1"

# Each is answered at their own address.
kith reply -C kith.yaml --draft answer --now 2026-03-03T12:00:00Z triaged.jsonl >drafts.jsonl
is "five drafts, to their own addresses" \
	"$(jq -r '.to | map(.email) | join("+")' drafts.jsonl | sort | tr '\n' ' ')" \
	"ewa@wp.example jan@zajac.example ola@lis.example piotr@kos.example tomek@bak.example "
is "none to us or to what carried it" \
	"$(jq -r '(.to + (.cc // []))[] | select(.email | endswith("rower.example")) | .email' drafts.jsonl)" ""
is "by their names" "$(jq -r '.text | split("\n")[0]' drafts.jsonl | grep -c via)" 0
done_testing
