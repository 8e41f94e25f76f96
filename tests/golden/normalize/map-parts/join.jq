.native.rooms[] | {channel: "chat", messageId: .id, sentAt: (.posts[-1].at | todate), from: {name: "room"}, text: ([.posts[] | .say | ascii_downcase] | join(" "))}
