.native.tickets[] | {channel: "ticket", messageId: "\(.id)", sentAt: .created_at,
	text: .description}
