# Conversations of Intercom, as the API answers with all their parts:
#	kith ingest -f json conversations.json | kith normalize --map intercom.jq
# The first message is `source`; what bots and campaigns wrote is automatic.
def html:
	gsub("<br */?>|</p>|</div>|</li>"; "\n") | gsub("<[^>]*>"; "")
	| gsub("&nbsp;"; " ") | gsub("&lt;"; "<") | gsub("&gt;"; ">")
	| gsub("&quot;"; "\"") | gsub("&#39;"; "'") | gsub("&amp;"; "&")
	| gsub("^\\s+|\\s+$"; "");
def address: {name, email, uri: (if .id then "chat:\(.id)" else null end)};
def files: [.attachments[]? | {name, type: .content_type, size: .filesize}]
	| if length > 0 then . else null end;

.native
| select(.source or .conversation_parts)
| . as $c
| (if .conversation_parts | type == "array" then .conversation_parts
	else .conversation_parts.conversation_parts end) as $parts
| (first(($c.source.author | objects), $c.contacts.contacts[]?
	| select(.type != "admin" and .type != "bot")) // {}) as $contact
| ((.source | objects
	| . + {id: "\(.id // "source")", created_at: $c.created_at,
		part_type: "source"}),
	$parts[]?)
| select(.body != null or (.attachments // [] | length) > 0)
| (.author.type == "admin" or .author.type == "bot"
	or .author.type == "team") as $ours
| (.part_type | . == "note" or . == "note_and_reopen") as $note
| (.author.type == "bot" or .delivered_as == "automated"
	or .delivered_as == "campaigns_initiated") as $machine
| {
	channel: (if $c.source.type == "email" then "ticket" else "chat" end),
	messageId: "\($c.id)/\(.id)",
	threadId: "\($c.id)",
	sentAt: (.created_at | todate),
	direction: (if $note then "internal" elif $ours then "outbound"
		else "inbound" end),
	from: (.author | address),
	to: (if $ours and ($note | not)
		then [$contact | address | select(.email or .uri)]
		else null end),
	subject: ((.subject // null | if . then html else null end)
		| if . == "" then null else . end),
	text: (if .body then .body | html else null end),
	attachments: files,
	keywords: ([(if $note then "private" else empty end),
		(if $machine then "automatic", "bot" else empty end),
		(if .redacted then "deleted" else empty end)]
		| if length > 0 then . else null end),
	data: {via: $c.source.type}
}
