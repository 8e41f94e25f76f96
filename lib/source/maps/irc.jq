# A log of IRC, "[2026-03-02 10:05:00] <nick> text" a line, times in UTC:
#	kith ingest -f lines channel.log | kith normalize --map irc.jq
(.native.text // empty)
| capture("^\\[?(?<day>[0-9]{4}-[0-9]{2}-[0-9]{2})[ T](?<time>[0-9]{2}:[0-9]{2}(:[0-9]{2})?)\\]?\\s+<[@+ ]?(?<nick>[^>]+)> (?<text>.*)$")
| {
	channel: "irc",
	sentAt: "\(.day)T\(.time)\(if .time | length == 5 then ":00" else "" end)Z",
	from: {name: .nick, uri: "irc:\(.nick)"},
	text
}
