if .native.id == "1" then error("not this one")
elif .native.id == "2" then 3
elif .native.id == "3" then {text: "no channel"}
elif .native.id == "4" then {channel: "email", from: {email: "nobody"}}
elif .native.id == "5" then empty
elif .native.id == "6" then {channel: "email", id: 6, text: "one"}, {channel: "email", id: "6b", sentAt: "2024-06-03T10:00:00+02:00"}
elif .native.id == "7" then {channel: "email", id: "7a"}, {channel: "nowhere", id: "7b"}
elif .native.id == "8" then {id: "maaaaaaaaaaaaaaaaaaaaaaaaaa", type: "call", channel: "voice", direction: "outbound", source: "mine", native: 1, text: null}
else {channel: "email", text: .native.id} end
