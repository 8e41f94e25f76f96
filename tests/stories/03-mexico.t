#!/bin/sh
# Story 3 in Spanish, in America/Mexico_City: pages, a call, WhatsApp and mails
# over five weeks, the mobile written with 044, with 1, with neither.
. "${0%/*}/../lib.sh"
. "$TESTS/stories/exports.sh"
# shellcheck disable=SC2034 # mail() has it
SERVER=mx.casa.example

cat >kith.yaml <<'Y'
us:
  emails: [credito@casa.example]
  domains: [casa.example]
  tels: ["+525550001000"]
zone: America/Mexico_City
region: MX
authserv: [mx.casa.example]
rules: rules.yaml
Y
cat >rules.yaml <<'Y'
version: 1
teams:
  credito: {members: [lea]}
service:
  normal: {first: 8h, next: 8h}
defaults: {queue: credito, team: credito, priority: normal}
Y
cat >contactos.csv <<'C'
Nombre,Apellidos,Correo electrónico,Correo electrónico 2,Teléfono móvil
Nora,Ibarra,nora@ibarra.example,n.ibarra@obra.example,044 55 1234 5678
C
cat >web.jsonl <<'J'
{"type":"page","messageId":"w1","anonymousId":"anon-n","timestamp":"2026-02-02T19:00:00-06:00","name":"Créditos hipotecarios","properties":{"url":"https://casa.example/hipotecas","category":"hipotecas"}}
{"type":"page","messageId":"w2","anonymousId":"anon-n","timestamp":"2026-02-03T19:00:00-06:00","name":"Mi cuenta","properties":{"url":"https://casa.example/mi-cuenta"}}
{"type":"identify","messageId":"w3","anonymousId":"anon-n","userId":"u-4711","timestamp":"2026-02-03T19:06:00-06:00","traits":{"email":"nora@ibarra.example","name":"Nora Ibarra"}}
J
cat >llamadas.csv <<'C'
Fecha;Hora;Origen;Destino;Duración;Estado
12/02/2026;10:00:00 a. m.;55 1234 5678;5550001000;429;Contestada
13/02/2026;11:00:00 a. m.;5599990000;5550001000;0;No contestada
C
cat >'Chat de WhatsApp con +52 1 55 1234 5678.txt' <<'X'
16/2/2026, 1:00 p. m. - Los mensajes y las llamadas están cifrados de extremo a extremo. Nadie fuera de este chat puede leerlos.
16/2/2026, 1:00 p. m. - +52 1 55 1234 5678: Anexo los comprobantes de nómina
X
{
	mail 'Thu, 05 Feb 2026 09:00:00 -0600' 'Nora Ibarra <nora@ibarra.example>' \
		credito@casa.example 'Crédito' n1@ibarra.example <<'X'
Buenos días, ¿qué papeles necesito?
X
	mail 'Thu, 05 Feb 2026 11:00:00 -0600' 'Lea <lea@casa.example>' 'Nora Ibarra <nora@ibarra.example>' \
		'Re: Crédito' l1@casa.example n1@ibarra.example none <<'X'
Los recibos de nómina.
X
	mail 'Mon, 09 Mar 2026 08:00:00 -0600' 'N. Ibarra <n.ibarra@obra.example>' \
		credito@casa.example 'Re: Crédito' n4@obra.example l1@casa.example <<'X'
¿Ya tienen noticias?

El jue, 5 feb 2026 a las 11:00, Lea (<lea@casa.example>) escribió:

> Los recibos de nómina.
X
} >box.mbox
pipeline contactos.csv web.jsonl llamadas.csv box.mbox ./Chat*.txt >t.jsonl 2>err
is "read without a word" "$(cat err)" ""
jq -c 'select(.from.tel != "+525599990000" and .type != "event")' t.jsonl >hers
is "one person, with every form of her number" "$(jq -r .person hers | sort -u | wc -l)" 1
is "one conversation" "$(jq -r '.conversation // empty' hers | sort -u | wc -l)" 1
is "her interest, and no page of her own" "$(jq -c 'select(.channel == "whatsapp") | .context.interests | map(.topic)' hers)" '["hipotecas"]'
is "the call was a talk" "$(jq -r 'select(.type == "call") | .why' hers)" spoke
kith report unanswered -f json --now 2026-03-09T20:00:00Z t.jsonl >waiting
is "she waits once, since the chat that nobody answered; the missed call waits too" \
	"$(jq -r '.waitingSince + " " + .channel' waiting)" \
	'2026-02-13T17:00:00Z voice
2026-02-16T19:00:00Z email'
is "without what she quoted" "$(jq -r 'select(.messageId == "n4@obra.example") | .text' hers)" "¿Ya tienen noticias?"
done_testing
