.native.rooms[] | .id as $room | .posts[] | {channel: "chat", messageId: "\($room)/\(.n)", sentAt: (.at | todate), from: {name: .by, email: null}, to: [{name: null}], text: (.say | ascii_downcase)}
