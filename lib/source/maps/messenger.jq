# Messenger and Instagram: message_1.json and so on of a download.
#	kith ingest -f json message_1.json | kith normalize --map messenger.jq
# For Instagram put "instagram" below.  There are no ids of people: their names
# stand in from.name alone, and join nobody.
def channel: "messenger";

# Each byte of UTF-8 was written as a character of its own.
def continued: . >= 128 and . < 192;
def decoded:
	reduce .[] as $b ({out: [], need: 0, code: 0};
		if .need > 0 then
			if ($b | continued) then
				.code = .code * 64 + $b - 128 | .need -= 1
				| if .need == 0 then .out += [.code] else . end
			else error("not UTF-8") end
		elif $b < 128 then .out += [$b]
		elif $b >= 240 and $b < 245 then .need = 3 | .code = $b - 240
		elif $b >= 224 and $b < 240 then .need = 2 | .code = $b - 224
		elif $b >= 194 and $b < 224 then .need = 1 | .code = $b - 192
		else error("not UTF-8") end)
	| if .need > 0 then error("not UTF-8") else .out end;
def mend:
	if type != "string" or test("^[\\x00-\\x7f]*$") then .
	else . as $text
		| try (explode | if any(. > 255) then $text
			else decoded | implode end) catch $text
	end;

(if .native.messages then .native
	else .beside + {messages: [.native]} end)
| . as $chat
| .messages[]
| select(.timestamp_ms)
| {
	channel: channel,
	id: "\($chat.thread_path // $chat.title)/\(.timestamp_ms)/\(.sender_name)/\(.content)",
	threadId: ($chat.thread_path // $chat.title // null | mend),
	sentAt: (.timestamp_ms / 1000 | floor | todate),
	from: {name: (.sender_name | mend)},
	text: (.content | mend),
	attachments: ([(.photos, .videos, .audio_files, .files, .gifs)[]?
		| {name: .uri}] | if length > 0 then . else null end),
	keywords: (if .is_unsent then ["deleted"] else null end)
}
