# A helpdesk that kith does not know: one object a ticket, its posts in a list.
.native as $ticket
| $ticket.posts[]
| {
	channel: "ticket",
	messageId: "\($ticket.no)/\(.no)",
	threadId: "\($ticket.no)",
	sentAt: .when,
	direction: (if .by == "agent" then "outbound" else "inbound" end),
	from: {name: .who, email: .mail},
	subject: $ticket.title,
	text: .body
}
