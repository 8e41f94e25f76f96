def post($names; $room): {channel: "chat", messageId: "\($room)/\(.n)", sentAt: (.at | todate), from: {name: $names[.by // ""]}, text: .say};
def names: map({key: .id, value: .name}) | from_entries;
.native |
if .users then (.users | names) as $names | .messages[] | post($names; "team")
elif .rooms then .rooms[] | (.members | names) as $names | .id as $room | .posts[] | post($names; $room)
else .rows[][] | post({}; "rows") end
