# one comment of a ticket export
.native as $n |
{ channel: "ticket", account: "shop", messageId: $n.id, sentAt: $n.at,
  from: { name: $n.name, email: ($n.email | ascii_downcase) },
  to: [ { email: "care@lumenbikes.example" } ], subject: $n.subject, text: $n.body,
  keywords: (if $n.public == "false" then ["private"] else null end) }
