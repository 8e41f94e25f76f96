#!/bin/sh
# Freshdesk's samples, where the folder is there: every conversation once, with
# its author, time and words; what a chat repeats of the ticket is not doubled.
. "${0%/*}/../lib.sh"
DATA=${KITH_DATA:-$ROOT/../shared/data}/freshdesk/chatwoot
[ -d "$DATA" ] || {
	echo '1..0 # skip no Freshdesk samples'
	exit 0
}
DATA=$(cd "$DATA" && pwd)

# read_in FILE: records of it, and no reject.
read_in() {
	kith-ingest -q --rejects more "$DATA/$1" >native
	kith-normalize -q --rejects rejects native >records
	cat more >>rejects
	is "$1: rejects" "$(cat rejects)" ""
	is "$1: format" "$(jq -r .source.format native)" freshdesk
}
# Who said what when, of the conversations in FILE.
said='.conversations[] | [.body_text, .created_at, .incoming, .private]'
got='select(.messageId | test("/3")) | [.text, .sentAt,
	.direction == "inbound", .direction == "internal"]'
for file in ticket web_chat_ticket; do
	read_in ${file}_with_conversations.json
	is "what $file says" "$(jq -c "$got" records)" \
		"$(jq -c "$said" "$DATA/${file}_with_conversations.json")"
done
is "the description of the chat is its first message" "$(wc -l <records)" 6
read_in contact.json
is "the contact" "$(jq -c '[.type, .from.email, .data.emails]' records)" \
	'["contact","customer@example.com",["billing@example.com"]]'
done_testing
