# Rooms of Matrix: Element's export in JSON, and events as servers answer:
#	kith ingest -f json export.json | kith normalize --map matrix.jq
# A large one: kith ingest --items messages export.json
# An edit is a later version of its message; what could not be decrypted has no
# text and data.encrypted.
# The quote that older clients write before an answer.
def answer: if startswith("> ")
	then split("\n") | . as $l
		| ([range(0; length) | select($l[.] | startswith(">") | not)]
			| first // 0) as $i
		| $l[$i:] | join("\n") | ltrimstr("\n")
	else . end;

(if .native.messages then .native else
	(.beside // {}) + {messages: [.native]} end) as $room
| $room.messages[]
| select(.type == "m.room.message" or .type == "m.sticker"
	or .type == "m.room.encrypted")
| .content."m.relates_to" as $rel
| (if $rel.rel_type == "m.replace" then $rel.event_id else null end) as $edits
| ((if $edits then .content."m.new_content" else null end) // .content) as $c
| ($c.msgtype // "" | . == "m.image" or . == "m.file" or . == "m.audio"
	or . == "m.video") as $file
| {
	channel: "matrix",
	messageId: ($edits // .event_id),
	threadId: ($rel | if .rel_type == "m.thread" then .event_id else null end),
	sentAt: (.origin_server_ts / 1000 | floor | todate),
	from: {name: .unsigned.displayname, uri: "matrix:\(.sender)"},
	to: (($room.room_id // .room_id) as $id
		| if $room.room_name or $id
			then [{name: $room.room_name,
				uri: (if $id then "matrix:\($id)" else null end)}]
			else null end),
	inReplyTo: ($rel."m.in_reply_to".event_id
		| if . then [.] else null end),
	text: (if $file and ($c.filename == null or $c.filename == $c.body)
		then null else $c.body
		| if . == null then null
			elif $rel."m.in_reply_to" then answer else . end end),
	attachments: (if $file
		then [{name: ($c.filename // $c.body), type: $c.info.mimetype,
			size: $c.info.size}]
		else null end),
	keywords: ([(if $edits then "edited" else empty end),
		(if .unsigned.redacted_because or .content == {}
			then "deleted" else empty end),
		(if $c.msgtype == "m.notice" then "automatic", "bot"
			else empty end)]
		| if length > 0 then . else null end),
	data: ({}
		+ (if $edits then {editedAt: (.origin_server_ts / 1000 | floor | todate)}
			else {} end)
		+ (if .type == "m.room.encrypted" and .content != {}
			then {encrypted: true} else {} end)
		| if . == {} then null else . end)
}
