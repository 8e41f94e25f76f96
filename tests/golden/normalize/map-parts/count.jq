.native.rooms[] | .id as $room | .posts | to_entries[] | {channel: "chat", messageId: "\($room)/\(.key)", sentAt: (.value.at | todate), from: {name: .value.by}, text: (.value.say | ascii_downcase)}
