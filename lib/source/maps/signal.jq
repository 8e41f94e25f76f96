# What signal-cli receives, JSON a line ("signal-cli -o json receive"):
#	kith ingest -f json signal.jsonl | kith normalize --map signal.jq
def time: . / 1000 | floor | todate;

.native.envelope
| . as $e
| (if .dataMessage.message then .dataMessage
	elif .syncMessage.sentMessage.message then .syncMessage.sentMessage
	else empty end)
| {
	channel: "signal",
	id: "\($e.sourceUuid // $e.sourceNumber // $e.source)/\(.timestamp // $e.timestamp)",
	threadId: .groupInfo.groupId,
	sentAt: ((.timestamp // $e.timestamp) | time),
	from: {name: $e.sourceName,
		tel: ($e.sourceNumber // (if ($e.source // "" | startswith("+"))
			then $e.source else null end)),
		uri: (if $e.sourceUuid then "signal:\($e.sourceUuid)"
			else null end)},
	to: (if .destinationNumber // .destinationUuid
		then [{tel: .destinationNumber,
			uri: (if .destinationUuid
				then "signal:\(.destinationUuid)"
				else null end)}]
		else null end),
	text: .message,
	attachments: ([.attachments[]?
		| {name: (.filename // .id), type: .contentType, size}]
		| if length > 0 then . else null end)
}
