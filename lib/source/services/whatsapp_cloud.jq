# What a webhook of WhatsApp's Cloud API brings, item by item
# (whatsapp_cloud.yaml), as records.
def number: if . == null then null else "+" + gsub("[^0-9]"; "") end;
def when: if . == null then null else tonumber | todate end;
def some: with_entries(select(.value != null));

def words:
	.text.body // .button.text
	// .interactive.button_reply.title // .interactive.list_reply.title
	// .image.caption // .video.caption // .document.caption
	// (if .location then [.location.name, .location.address,
		"\(.location.latitude), \(.location.longitude)"]
		| map(select(. != null)) | join("\n") else null end)
	// (if .contacts then [.contacts[] | .name.formatted_name
		// .name.first_name // empty] | join(", ") else null end)
	// (if .order then [.order.product_items[]?
		| "\(.quantity) \(.product_retailer_id)"] | join("\n")
		else null end);

def files:
	[(.image, .audio, .video, .document, .sticker) | select(. != null)
		| {name: (.filename // .id), type: .mime_type} | some]
	| if length == 0 then null else . end;

.native as $n
| ($n.metadata.display_phone_number | number) as $us
| ($n.message // $n.echo) as $m
| if $m != null and (($m.type // "") | IN("reaction", "system") | not) then {
	type: "message",
	channel: "whatsapp",
	account: $us,
	direction: (if $n.echo then "outbound" else "inbound" end),
	messageId: $m.id,
	sentAt: ($m.timestamp | when),
	from: (if $n.echo then {tel: $us}
		else {name: $n.contact.profile.name, tel: ($m.from | number)} | some
		end),
	to: [{tel: (if $n.echo then ($m.to | number) else $us end)}],
	text: ($m | words),
	inReplyTo: (if $m.context.id then [$m.context.id] else null end),
	attachments: ($m | files),
	data: ({
		forwarded: $m.context.forwarded,
		referral: $m.referral,
		payload: ($m.button.payload // $m.interactive.button_reply.id
			// $m.interactive.list_reply.id)
	} | some | if . == {} then null else . end)
} elif $m != null then {
	type: "event",
	channel: "whatsapp",
	account: $us,
	messageId: $m.id,
	sentAt: ($m.timestamp | when),
	from: {tel: ($m.from | number)},
	inReplyTo: (if $m.reaction.message_id then [$m.reaction.message_id]
		else null end),
	text: ($m.reaction.emoji // $m.system.body),
	data: {subtype: $m.type}
} elif $n.status then $n.status as $s | {
	type: "event",
	channel: "whatsapp",
	account: $us,
	messageId: "\($s.id)/\($s.status)",
	sentAt: ($s.timestamp | when),
	from: {tel: ($s.recipient_id | number)},
	data: (if $s.status | IN("sent", "delivered", "read", "failed") then {
			act: "receipt",
			status: $s.status,
			about: [$s.id],
			code: ($s.errors[0].code? | if . then tostring else null end),
			reason: ($s.errors[0] | .error_data.details? // .title?)
		} | some
		else {subtype: $s.status, about: [$s.id]} end)
} else {
	type: "event",
	channel: "whatsapp",
	account: $us,
	data: ({subtype: $n.field, value: $n.value} | some)
} end
| some
