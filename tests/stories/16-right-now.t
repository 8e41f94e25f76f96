#!/bin/sh
# Story 16, right now: a WhatsApp message comes by hook while the same customer's
# mail is fetched by IMAP.  Within a second both are one conversation in the right
# queue, an approved draft goes out by WhatsApp, the receipt says read, and what
# the channels export in the evening adds nothing.
. "${0%/*}/../lib.sh"
. "$TESTS/stories/exports.sh"
# shellcheck source=../hook.sh
. "$TESTS/hook.sh"
# shellcheck source=../dovecot.sh
. "$TESTS/dovecot.sh"
# shellcheck source=../api.sh
. "$TESTS/api.sh"
if ! dovecot_there; then
	echo '1..0 # SKIP dovecot is not here: scripts/setup --test-servers'
	exit 0
fi
if [ -n "${KITH_SANITIZED-}" ]; then
	echo '1..0 # SKIP a second is not long with sanitizers'
	exit 0
fi
dovecot_start || exit 1
api_start whatsapp
trap 'exec 3<&-; kill $chain 2>/dev/null; api_stop; dovecot_stop; cd /; rm -rf "$around"' EXIT
chain=

# The company's files.
workspace >kith.yaml
echo '{"same":["email:ines@adler.example","tel:+491515550101"]}' >links.jsonl
echo pw >desk.pw
echo s3cret >app.secret
echo verify >word
echo 'links: [links.jsonl]' >>kith.yaml
cp kith.yaml plain.yaml
cat >>kith.yaml <<END
state: state
transports: transports
sources:
  desk: {url: "imaps://u1@$IMAPS", passwordFile: desk.pw, folders: [INBOX]}
  wa: {service: whatsapp_cloud, secretFile: app.secret, challengeFile: word}
spool: spool
END
cat >rules.yaml <<'END'
version: 1
defaults: {queue: support}
rules:
  - name: invoices
    match: [invoice]
    then: {queue: billing}
END
ok "the spool is set up" kith ingest -C kith.yaml --hook-setup

# message TEXT ID [NUMBER]: she writes by WhatsApp, or another.  whole BODY: what
# Meta calls us with.
whole() {
	printf '{"object":"whatsapp_business_account","entry":[{"id":"B1","changes":[{"field":"messages","value":{"metadata":{"display_phone_number":"4940555000","phone_number_id":"P1"},%s}}]}]}' "$1"
}
meta() {
	hook wa "$1" HTTP_X_HUB_SIGNATURE_256="sha256=$(printf %s "$1" | mac sha256 s3cret)"
}
message() {
	whole "$(printf '"contacts":[{"profile":{"name":"Ines"},"wa_id":"%s"}],"messages":[{"from":"%s","id":"%s","timestamp":"%s","type":"text","text":{"body":"%s"}}]' \
		"${3:-491515550101}" "${3:-491515550101}" "$2" "$(date +%s)" "$1")"
}
# mailed SUBJECT TEXT ID: or by mail.
mailed() {
	mails=$((mails + 1))
	dovecot_mails u1 INBOX $mails $mails "$(echo "$2" |
		mail "$(date -R)" 'Ines Adler <ines@adler.example>' \
			hallo@hafen.example "$1" "$3" | sed 1d)"
}
dovecot_folder u1 INBOX >/dev/null
mails=0

# The whole of it, as it runs at the company.
mkfifo routed
kith ingest -C kith.yaml --follow @desk spool 2>ingest.err |
	kith normalize -C kith.yaml | kith identify -C kith.yaml |
	kith merge -C kith.yaml --follow -S state |
	kith recall -C kith.yaml | kith route -C kith.yaml -S state >routed &
chain=$!
exec 3<routed
# next [FILE]: the record that comes next, and how long it took, in milliseconds.
next() {
	begun=$(date +%s%N)
	line=
	IFS= read -r line <&3
	took=$((($(date +%s%N) - begun) / 1000000))
	printf '%s\n' "$line" >>"${1:-live.jsonl}"
}
# soon WHAT: what came last took less than a second, or, where the machine was
# busy with something else, what others write now does.
soon() {
	kept=$line
	for try in 1 2 3 4 5; do
		[ "$took" -lt 1000 ] && break
		meta "$(message "Try $try?" "wamid.TRY$try" 49151555020"$try")"
		next /dev/null
	done
	line=$kept
	ok "$1 ($took ms)" test "$took" -lt 1000
}
one() { printf '%s\n' "$line" | jq -r "$1"; }

# It takes a while until all of them have started.
mailed 'A chair' 'Have you a chair for me?' c1@adler.example
next
is "her first mail is there" "$(one '[.channel, .route.queue] | join(" ")')" \
	"email support"

message 'My invoice of May is wrong.' wamid.IN1 >first.json
meta "$(cat first.json)"
is "Meta's call is taken" "$status" 200
next
soon "WhatsApp within a second"
is "  in the right queue" "$(one '[.channel, .route.queue, .text] | join(" ")')" \
	"whatsapp billing My invoice of May is wrong."
conversation=$(one .conversation)
person=$(one .person)
mailed 'My invoice' 'Here it is once more.' i1@adler.example
next
soon "the mail within a second"
is "  is the same person" "$(one .person)" "$person"
is "  and the same conversation" "$(one .conversation)" "$conversation"

meta "$(message 'Have you seen it?' wamid.IN2)"
next
is "and once more by WhatsApp" "$(one '[.channel, .conversation] | join(" ")')" \
	"whatsapp $conversation"

# The answer, by WhatsApp, where she wrote last; Kim approves its words.
mkdir transports
echo EAAG >transports/whatsapp.token
sed "s|https://graph.facebook.com/v23.0/PHONE-NUMBER-ID|$API/v23.0/P1|" \
	"$ROOT/lib/reply/transports/whatsapp.yaml" >transports/whatsapp.yaml
echo 'insecure: true' >>transports/whatsapp.yaml
printf '\nIt is mended, and on its way.\n' >answer.md
kith-reply -C kith.yaml -S state --draft ./answer.md live.jsonl >drafts
is "one draft, by WhatsApp" \
	"$(jq -r '[.channel, .reply.to[].tel] | join(" ")' drafts)" \
	"whatsapp +491515550101"
kith-reply --approve --by Kim drafts >approved
kith-reply -C kith.yaml -S state --send approved >sent.jsonl
is "it goes out" "$(jq -r '[.delivery.status, .messageId] | join(" ")' sent.jsonl)" \
	"sent wamid.OUT1"
is "  as it was approved" "$(jq -r .text.body sent)" 'It is mended, and on its way.'

# The receipt, by hook.
meta "$(whole "$(printf '"statuses":[{"id":"wamid.OUT1","status":"read","timestamp":"%s","recipient_id":"491515550101"}]' "$(date +%s)")")"
next
is "the receipt says read" "$(one '[.type, .data.status] | join(" ")')" \
	"event read"
kith-merge -C plain.yaml live.jsonl sent.jsonl >whole.jsonl
is "  of our answer, in its conversation" \
	"$(jq -r 'select(.type == "event") | .conversation' whole.jsonl)" \
	"$(jq -r 'select(.messageId == "wamid.OUT1") | .conversation' whole.jsonl)"
sums() { kith-merge -C plain.yaml "$@" | kith-report -C plain.yaml -f json summary,unanswered,channels; }
sums live.jsonl sent.jsonl >before
is "nobody waits" "$(jq -r 'select(.report == "unanswered")' before)" ""

# The evening: the mailbox as a file, and Meta's calls once more.
kill -TERM "$(pgrep -P $$ kith-ingest || pgrep -f "ingest.*@desk spool")" 2>/dev/null
cat <&3 >rest
wait "$chain"
is "what ran ends well" "$? $(cat rest ingest.err)" "0 "
ok "and has left" kith ingest -C kith.yaml -S state --done
for one in "$MAILS"/u1/Maildir/*/*.host*; do
	printf 'From a Thu Jan  1 00:00:00 2026\n'
	cat "$one"
	echo
done >evening.mbox
meta "$(cat first.json)"
kith ingest -C kith.yaml evening.mbox spool | kith normalize -C kith.yaml |
	kith identify -C kith.yaml | kith merge -C kith.yaml -S state >evening.jsonl
is "the channels' exports of the evening have it all" \
	"$(jq -r .messageId evening.jsonl | sort | paste -sd' ')" \
	"c1@adler.example i1@adler.example wamid.IN1"
sums live.jsonl sent.jsonl evening.jsonl >after
is "  and add nothing" "$(cat after)" "$(cat before)"
done_testing
