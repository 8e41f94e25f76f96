# Tickets of a shop: one row, one message.
.native | {
	channel: "ticket", account: "shop", messageId: .id, sentAt: .at,
	from: {name, email: (.email | ascii_downcase)},
	to: [{email: "care@lumenbikes.example"}],
	subject, text: .body,
	keywords: (if .public == "false" then ["private"] else null end)
}
