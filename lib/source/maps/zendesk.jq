# Tickets of Zendesk with their comments: the account's export in JSON (a ticket
# a line), or ticket, comments and users as the API answers in one object:
#	kith ingest -f json tickets.json | kith normalize --map zendesk.jq
# Of a large list: kith ingest --items tickets tickets.json
# Agents are told by their role; without one who asked is the customer.
def somebody($users; $ticket):
	. as $id
	| first(($users[]?, ($ticket | .requester, .submitter, .assignee,
		.collaborator[]?))
		| objects | select(.id == $id)) // {id: $id};
def address($house):
	{name, email, tel: .phone, uri: "ticket:\($house)/\(.id)"};
def text: .plain_body // .body // .description
	| if . == null then null else gsub("\r\n"; "\n") end;

.native
| (.ticket // .) as $ticket
| (.users // $ticket.users // []) as $users
| ($ticket.url // "" | capture("//(?<house>[^./]+)").house // "zendesk") as $house
| ($ticket.requester_id // $ticket.requester.id) as $asks
| (.comments // $ticket.comments
	// [$ticket | {id: "first", author_id: ($ticket.submitter_id // $asks),
		body: .description, created_at, public: true}])[]
| (.author_id | somebody($users; $ticket)) as $author
| {
	channel: "ticket",
	account: $house,
	messageId: "\($ticket.id)/\(.id)",
	threadId: "\($ticket.id)",
	sentAt: .created_at,
	direction: (if .public == false then "internal"
		elif $author.role == "end-user" or .author_id == $asks
		then "inbound"
		elif $author.role != null then "outbound" else null end),
	from: ($author | address($house)),
	to: (if .public == false then null
		elif .author_id == $asks
		then (if $ticket.recipient then [{email: $ticket.recipient}]
			else null end)
		else [$asks | somebody($users; $ticket) | address($house)] end),
	subject: ($ticket.subject // $ticket.raw_subject),
	text: text,
	attachments: ([.attachments[]?
		| {name: .file_name, type: .content_type, size}]
		| if length > 0 then . else null end),
	keywords: ([(if .public == false then "private" else empty end),
		(if $ticket.status == "deleted" then "deleted" else empty end)]
		| if length > 0 then . else null end)
}
