# Tickets of Freshdesk with their conversations, as the API answers for one
# ticket (include=conversations,requester), or both in one object; many in a
# list or one a line:
#	kith ingest -f json tickets.json | kith normalize --map freshdesk.jq
# What stands in the conversations as the ticket's first words, too, is left out.
def html:
	gsub("<br */?>|</p>|</div>|</li>"; "\n") | gsub("<[^>]*>"; "")
	| gsub("&nbsp;"; " ") | gsub("&lt;"; "<") | gsub("&gt;"; ">")
	| gsub("&quot;"; "\"") | gsub("&amp;"; "&");
def text: (.body_text // .description_text
	// ((.body // .description // "") | html)) | gsub("^\\s+|\\s+$"; "");
# "Ana Ruiz" <ana@riba.example>, or the address alone.
def address: if . == null or . == "" then {}
	else capture("^\\s*\"?(?<name>[^\"<]*?)\"?\\s*<(?<email>[^>]+)>\\s*$")
		// {email: .} end;
def one($list): if $list | length > 0 then $list else null end;

.native
| . as $whole
| (.ticket // .) as $t
| ({uri: "ticket:\($t.requester_id // $t.requester.id)"}
	+ ($t.requester // {} | {name, email, tel: (.mobile // .phone)})
	| with_entries(select(.value != null))) as $asks
| ($t | {id: "first", incoming: true, user_id: .requester_id, created_at,
	description_text, description, attachments}) as $first
| ($first, (($whole.conversations // $t.conversations // [])[]
	| select((.incoming and text == ($first | text)) | not)))
| {
	channel: "ticket",
	messageId: "\($t.id)/\(.id)",
	threadId: "\($t.id)",
	sentAt: .created_at,
	direction: (if .private then "internal" elif .incoming then "inbound"
		else "outbound" end),
	from: (if .incoming and .user_id == $t.requester_id then $asks
		else {uri: "ticket:\(.user_id)"} + (.from_email | address) end),
	to: (if .private then null
		elif .incoming then one([.to_emails[]? | address])
		else (one([.to_emails[]? | address]) // [$asks]) end),
	cc: one([.cc_emails[]? | address]),
	subject: $t.subject,
	text: text,
	attachments: one([.attachments[]? | {name, type: .content_type, size}]),
	keywords: one([(if .private then "private" else empty end),
		(if $t.spam then "junk" else empty end),
		(if $t.deleted then "deleted" else empty end)])
}
