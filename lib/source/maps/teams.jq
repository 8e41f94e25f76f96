# Messages of Microsoft Teams, as Graph answers (value) or exports them:
#	kith ingest --items value messages.json | kith normalize --map teams.jq
def html:
	gsub("<br */?>|</p>|</div>"; "\n") | gsub("<[^>]*>"; "")
	| gsub("&nbsp;"; " ") | gsub("&lt;"; "<") | gsub("&gt;"; ">")
	| gsub("&quot;"; "\"") | gsub("&amp;"; "&") | gsub("^\\s+|\\s+$"; "");
# PascalCase in exports, camelCase from Graph.
def small: walk(if type == "object"
	then with_entries(.key |= (.[:1] | ascii_downcase) + .[1:]) else . end);

(.native | small)
| select(.messageType == "message" and .from.user)
| {
	channel: "teams",
	messageId: .id,
	threadId: (.chatId // .channelIdentity.channelId // .replyToId),
	sentAt: .createdDateTime,
	from: {name: .from.user.displayName, uri: "teams:\(.from.user.id)"},
	text: (if .body.contentType == "html" or .body.contentType == 1
		then .body.content | html else .body.content end),
	inReplyTo: (if .replyToId then [.replyToId] else null end),
	attachments: ([.attachments[]? | select(.name) | {name}]
		| if length > 0 then . else null end),
	keywords: (if .deletedDateTime then ["deleted"] else null end)
}
