#!/bin/sh
# Story 4 in Portuguese, in America/Sao_Paulo: a campaign on WhatsApp and SMS,
# with and without the ninth digit; who wants out says so in Portuguese.
. "${0%/*}/../lib.sh"
. "$TESTS/stories/exports.sh"

cat >kith.yaml <<'Y'
us:
  emails: [oi@praia.example]
  tels: ["+551140001000"]
  uris: ["whatsapp:Praia"]
zone: America/Sao_Paulo
region: BR
rules: rules.yaml
Y
cat >rules.yaml <<'Y'
version: 1
teams:
  verao: {members: [lia, davi], assign: round-robin}
service:
  normal: {first: 8h, next: 8h}
defaults: {queue: verao, team: verao, priority: normal}
Y
awk 'BEGIN {
	print "Código do cliente;Nome;Sobrenome;E-mail;Celular"
	for (i = 1; i <= 8; i++)
		printf "K%d;Nome%d;Silva%d;k%d@p%d.example;(11) 9 8000-100%d\n", i, i, i, i, i, i
}' >clientes.csv
# chat N TEXT...: the campaign to number N, and what came back.
chat() {
	f="Conversa do WhatsApp com +55 11 98000-100$1.txt"
	printf '10/03/2026 09:00 - As mensagens e ligações são protegidas com a criptografia de ponta a ponta. Ninguém fora desta conversa pode ler ou ouvi-las.\n' >"$f"
	printf '10/03/2026 09:00 - Praia: Chegou o verão! Responda PARE para não receber mais.\n' >>"$f"
	[ -z "${2-}" ] || printf '10/03/2026 11:0%s - +55 11 98000-100%s: %s\n' "$1" "$1" "$2" >>"$f"
}
chat 1 'Tem azul?'
chat 2 'Pare por favor'
chat 3 'Muito obrigada! 👍'
chat 4
cat >sms.xml <<'X'
<smses count="7">
<sms address="+55 11 8000-1005" date="1773144000000" type="2" body="Praia: Chegou o verao! SAIR p/ cancelar" />
<sms address="+5511980001006" date="1773144000000" type="2" body="Praia: Chegou o verao! SAIR p/ cancelar" />
<sms address="11980001007" date="1773144000000" type="2" body="Praia: Chegou o verao! SAIR p/ cancelar" />
<sms address="+551180001005" date="1773145000000" type="1" body="SAIR" />
<sms address="+5511980001006" date="1773145100000" type="1" body="Quanto custa?" />
<sms address="+5511980001007" date="1773145200000" type="1" body="Não quero mais receber mensagens" />
<sms address="+5511980001004" date="1773145300000" type="1" body="Vi no WhatsApp: ainda tem?" />
</smses>
X
pipeline clientes.csv ./Conversa*.txt sms.xml >t.jsonl 2>err
is "read without a word" "$(cat err)" ""
is "seven were written to, each a person of the list" \
	"$(jq -r 'select(.direction == "outbound") | .person' t.jsonl | sort -u | wc -l) $(jq -r 'select(.type == "contact") | .person' t.jsonl | sort -u | wc -l)" "7 8"
is "each reply is in the campaign's conversation, also on another channel" \
	"$(jq -r 'select(.type == "message") | .conversation' t.jsonl | sort -u | wc -l)" 7
is "who asks waits, with somebody's name on it" \
	"$(kith report unanswered -f json --now 2026-03-10T18:00:00Z t.jsonl | jq -r '.name + " " + .assignee' | sort)" \
	'Nome1 Silva1 lia
Nome4 Silva4 davi
Nome6 Silva6 lia'
is "the others do not: they want out, or thank" \
	"$(jq -r 'select(.asks == false) | .why' t.jsonl | sort | uniq -c | awk '{print $1, $2}' | tr '\n' ' ')" "1 courtesy 3 optout "
is "and are in the ledger" "$(kith report consent -f json t.jsonl | jq -r '.channel + " " + .status + " " + .words' | sort)" \
	'sms out Não quero mais receber mensagens
sms out SAIR
whatsapp out Pare por favor'
done_testing
