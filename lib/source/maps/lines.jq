# A chat's log, "02.03.2026 10:05 | Anna Example | text" a line.
.native.text
| capture("^(?<time>[0-9. :]+) \\| (?<name>[^|]+) \\| (?<text>.*)$")
| {
	channel: "chat",
	sentAt: .time,
	from: {name, uri: ("chat:" + .name)},
	text
}
