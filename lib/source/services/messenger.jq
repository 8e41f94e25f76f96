# What a webhook of Messenger or Instagram brings, item by item
# (messenger.yaml, instagram.yaml), as records.
def some: with_entries(select(.value != null));
def when:
	if . == null then null
	else (. / 1000 | floor | todate | rtrimstr("Z")) + "."
		+ ("00\(. % 1000)" | .[-3:]) + "Z" end;

.native as $n
| (if $n.object == "instagram" then "instagram" else "messenger" end) as $channel
| def person: if . == null then null else {uri: "\($channel):\(.)"} end;
  ($n.event // {}) as $e
| {
	channel: $channel,
	account: $n.page,
	sentAt: ($e.timestamp | when),
	from: ($e.sender.id | person)
} as $head
| if $e.message then $e.message as $m | $head + {
	type: "message",
	direction: (if $m.is_echo then "outbound" else "inbound" end),
	messageId: $m.mid,
	to: [$e.recipient.id | person | select(. != null)],
	text: $m.text,
	inReplyTo: (if $m.reply_to.mid then [$m.reply_to.mid] else null end),
	attachments: ([$m.attachments[]? | {type: (.type // "file"),
		name: (.title // .payload.title // .type)} | some]
		| if length == 0 then null else . end),
	keywords: (if $m.is_deleted then ["deleted"] else null end),
	data: ({payload: $m.quick_reply.payload, metadata: $m.metadata}
		| some | if . == {} then null else . end)
} elif $e.postback then $head + {
	type: "message",
	direction: "inbound",
	messageId: $e.postback.mid,
	to: [$e.recipient.id | person | select(. != null)],
	text: $e.postback.title,
	data: ({payload: $e.postback.payload} | some)
} elif $e.delivery then $head + {
	type: "event",
	data: ({act: "receipt", status: "delivered", about: $e.delivery.mids,
		before: (if $e.delivery.mids then null
			else $e.delivery.watermark | when end)} | some)
} elif $e.read then $head + {
	type: "event",
	data: ({act: "receipt", status: "read",
		about: (if $e.read.mid then [$e.read.mid] else null end),
		before: ($e.read.watermark | when)} | some)
} else $head + {
	type: "event",
	data: ({subtype: (($e | keys_unsorted - ["sender", "recipient",
		"timestamp"])[0] // $n.change.field),
		value: ($n.change.value // $e.reaction // $e.referral)} | some)
} end
| some
