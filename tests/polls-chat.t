#!/bin/sh
# Telegram, Matrix and Discord, asked for what is new: all of it, once, whatever
# breaks, and with the ids of their hooks and exports.
. "${0%/*}/lib.sh"
# shellcheck source=tests/api.sh
. "$TESTS/api.sh"
# shellcheck source=tests/hook.sh
. "$TESTS/hook.sh"

LIMIT=2
export LIMIT
# from REST...: the source @api.
from() { printf 'sources:\n  api: {tokenFile: token, %s}\n' "$1" >api.yaml; }
# FILTER over what the last poll wrote, as records.
records() { kith-normalize -q -C api.yaml "${2:-out}" | jq -r "$1"; }
# said FILE: the texts of messages, in their order.
said() { records 'select(.type == "message").text' "$@" | sort | paste -sd' '; }
# broken N WANT: from nothing, with each of so many requests broken; after the
# next poll all is there, and after one more nothing came twice.
broken() {
	i=1
	while [ $i -le "$1" ]; do
		rm -rf state
		rm -f gone
		echo $(($(wc -l <asked) + i)) >fail
		poll
		first=$rc
		mv out first.jsonl
		rm fail
		poll
		cat out >>first.jsonl
		is "broken at request $i of $1, and all is there once" \
		    "$first $rc $(said first.jsonl)" "75 0 $2"
		poll
		is "  and nothing more" "$rc $(cat out)" "0 "
		i=$((i + 1))
	done
}

# --- Telegram
echo 7:abc >token
# update ID KIND MESSAGE TEXT [CHAT]: adds one.
update() {
	[ -e updates.json ] || echo '[]' >updates.json
	jq -c --argjson id "$1" --arg kind "$2" --argjson n "$3" --arg text "$4" \
	    --argjson chat "${5:-{\"id\": 77, \"type\": \"private\", \"first_name\": \"Ana\"\}}" \
	    '. + [{update_id: $id, ($kind): ({message_id: $n, date: 1796029100, chat: $chat,
		from: {id: 77, is_bot: false, first_name: "Ana"}, text: $text}
		+ if $kind | startswith("edited") then {edit_date: 1796029160} else {} end)}]' \
	    updates.json >new && mv new updates.json
}
api_start telegram
from "service: telegram, url: \"$API/bot{secret}\""
for i in 1 2 3 4 5; do update 50$i message $i t$i; done
poll
is "Telegram: all pages" "$rc $(said)" "0 t1 t2 t3 t4 t5"
is "  the server has forgotten what was read" "$(cat gone)" 505
poll
is "  nothing new" "$rc $(cat out)" "0 "
update 506 message 6 t6
update 507 edited_message 2 t2b
poll
is "  what is new, and what was edited" "$rc $(said)" "0 t2b t6"
is "  an edit has its message's id" \
    "$(records 'select(.text == "t2b") | "\(.messageId) \(.keywords[0])"')" "77/2 edited"
broken 5 "t1 t2 t2b t3 t4 t5 t6"

# LIVE 10.7: whoever asks from a number never gets what is below again.
rm -rf state gone
poll
update 508 message 8 t8
# Who may not write a byte dies when the journal is written.
{
	(
		ulimit -f 0
		exec kith-ingest -C api.yaml -S state @api >/dev/null
	)
	rc=$?
} 2>/dev/null
is "killed with the answer in hand" "$rc" 153
is "  which the server was not told to forget" "$(cat gone)" 507
poll
is "  the same comes again" "$rc $(said)" "0 t8"
echo '[]' >updates.json
update 31 message 9 t9
poll
is "numbers that begin anew" "$rc $(said)" "0 t9"
update 32 message 10 t10
poll
is "  and go on" "$rc $(said)" "0 t10"

touch webhook
poll
like "a webhook is set" "$rc $(cat err)" '^2 .*a webhook is set.*deleteWebhook'
rm webhook
touch other
poll
like "somebody else asks" "$rc $(cat err)" '^75 .*somebody else reads'
rm other
echo 1 >busy
poll
is "a pause that the body names" "$rc" 0
echo 300 >busy
poll
like "  too long a one" "$rc $(cat err)" '^75 .*429 Too Many'
echo 7:wrong >token
poll
like "a wrong token" "$rc $(cat err)" '^2 .*401 Unauthorized'
is "  is not told" "$(grep -c wrong err)" 0
from "service: telegram, url: \"http://192.0.2.1/bot{secret}\""
poll
like "  and goes by https alone" "$rc $(cat err)" '^2 .*https://'
printf 'sources:\n  api: {service: telegram, url: "%s/bot{secret}"}\n' "$API" >api.yaml
poll
like "none" "$rc $(cat err)" '^2 .*no secret: tokenFile'

# One id by hook, poll and, where Telegram has one, export.
echo 7:abc >token
echo s3cret >secret
from "secretFile: secret, service: telegram, url: \"$API/bot{secret}\""
echo 'spool: spool' >>api.yaml
rm -rf state gone updates.json
update 601 message 5 hello
update 602 message 6 all '{"id": -1001234567890, "type": "supergroup", "title": "Desk"}'
poll
records '"\(.text) \(.id)"' | sort >by-poll
kith ingest -C api.yaml --hook-setup
jq -c '.[]' updates.json >bodies
while read -r body; do
	hook api "$body" HTTP_X_TELEGRAM_BOT_API_SECRET_TOKEN=s3cret
done <bodies
kith-ingest -C api.yaml spool >hooked
is "the ids are those of the hook" \
    "$(records '"\(.text) \(.id)"' hooked | sort)" "$(cat by-poll)"
cat >result.json <<'END'
{"name": "Desk", "type": "private_supergroup", "id": 1234567890, "messages": [
{"id": 6, "type": "message", "date": "2026-11-30T08:58:20", "date_unixtime": "1796029100",
 "from": "Ana", "from_id": "user77", "text": "all"}]}
END
kith-ingest result.json >exported
is "  and of a supergroup's export" "$(records '"\(.text) \(.id)"' exported)" \
    "$(grep ^all by-poll)"

sed 's/{tokenFile/{account: "7", tokenFile/' api.yaml >new && mv new api.yaml
kith ingest -C api.yaml --hook-setup
rm -rf state gone
poll
records '"\(.text) \(.id) \(.account)"' | sort >by-seven
is "another bot is another account, but in a supergroup" \
    "$rc $(cut -d" " -f1,3 by-seven | paste -sd" ") $(cut -d" " -f1,2 by-seven | comm -12 - by-poll)" \
    "0 all null hello 7 $(grep ^all by-poll)"
while read -r body; do
	hook api "$body" HTTP_X_TELEGRAM_BOT_API_SECRET_TOKEN=s3cret
done <bodies
kith-ingest -C api.yaml spool >hooked
is "  by its hook, too" "$(records '"\(.text) \(.id) \(.account)"' hooked | sort)" \
    "$(cat by-seven)"

# --- Matrix
echo syt_1 >token
# room ID JOINED TEXT...: a room with these messages, TEXT or TEXT=EDITED, one
# place after the other.
echo 0 >pos
room() {
	id=$1 joined=$2
	shift 2
	printf '%s\n' "$@" | jq -nRc --arg id "$id" --argjson joined "$joined" --argjson at "$(cat pos)" '
	[inputs] | to_entries | map((.key + $at + 1) as $pos | (.value | split("=")) as $t
	| {pos: $pos, event_id: "$\($t[-1]):a", sender: "@ana:a", type: "m.room.message",
	  origin_server_ts: (1796029100000 + $pos * 1000),
	  content: ({msgtype: "m.text", body: $t[-1]} + if $t[1] then {body: "* \($t[1])",
	    "m.new_content": {msgtype: "m.text", body: $t[1]},
	    "m.relates_to": {rel_type: "m.replace", event_id: "$\($t[0]):a"}} else {} end)}) as $events
	| {($id): {joined: $joined, events: $events, state: [
	  {event_id: "$create\($id)", sender: "@bot:a", type: "m.room.create", state_key: "",
	   origin_server_ts: 1796029000000, content: {}},
	  {event_id: "$ana\($id)", sender: "@ana:a", type: "m.room.member", state_key: "@ana:a",
	   origin_server_ts: 1796029001000, content: {membership: "join", displayname: "Ana Riba"}}]}}' >one
	[ -e rooms.json ] || echo '{}' >rooms.json
	jq -c --slurpfile one one '(. * $one[0]) as $all | . as $old | $one[0] | keys[0] as $id
	    | $all | .[$id].events = (($old[$id].events // []) + $one[0][$id].events)' rooms.json >new
	mv new rooms.json
	echo $(($(cat pos) + $#)) >pos
}
api_start matrix
rm -rf state
from "service: matrix, url: \"$API\""
room '!desk:a' 0 m1 m2 m3 m4 m5 m6 m7
room '!shop:a' 0 s1
poll
is "Matrix: the first time, with what does not fit" "$rc $(said)" "0 m1 m2 m3 m4 m5 m6 m7 s1"
is "  who it is" "$(records '.from | select(.name).name' | sort -u)" "Ana Riba"
is "  and in which room" "$(records 'select(.text == "m1", .text == "s1").threadId' | sort | paste -sd' ')" \
    '!desk:a !shop:a'
is "  nobody is invited in" "$(grep -c asked asked)" 0
mv out first.jsonl
poll
is "  nothing new" "$rc $(cat out)" "0 "
room '!desk:a' 0 m8 m2=m2b
poll
is "  what is new, and what was edited" "$rc $(said)" "0 m2b m8"
is "  an edit has its message's id" \
    "$(records 'select(.text == "m2b") | "\(.messageId) \(.id)"')" \
    "$(records 'select(.text == "m2") | "\(.messageId) \(.id)"' first.jsonl)"
room '!desk:a' 0 m9
room '!shop:a' 0 s2 s3 s4 s5 s6 s7
poll
is "  a gap in a room" "$rc $(said)" "0 m9 s2 s3 s4 s5 s6 s7"
like "  up to where it was read" "$(cat asked)" 'messages.*&to=s10'
room '!new:a' "$(cat pos)" n1 n2 n3 n4 n5
poll
is "  a room that was joined since, from its beginning" "$rc $(said)" "0 n1 n2 n3 n4 n5"
broken 8 "m1 m2 m2b m3 m4 m5 m6 m7 m8 m9 n1 n2 n3 n4 n5 s1 s2 s3 s4 s5 s6 s7"
room '!shop:a' 0 s8 s9 s10 s11 s12
touch forbidden
poll
is "what is refused is a reject, and the rest is read" "$rc $(said)" "1 s11 s12"
like "  with the words" "$(cat err)" 'M_FORBIDDEN'
rm forbidden
touch busy
poll
is "a pause" "$rc" 0
room '!desk:a' 0 m10
echo t >epoch
poll
like "the server knows its tokens no more" "$rc $(cat err)" '^0 .*all is read again'
like "  what is new is there" "$(said)" 'm10'
like "  and it went to the beginning" "$(cat asked)" 'messages.*from=t1&'
poll
is "  and all is well" "$rc $(cat out)" "0 "
echo syt_2 >token
poll
like "a token that has ended" "$rc $(cat err)" '^2 .*M_UNKNOWN_TOKEN'
echo syt_1 >token
rm -rf state
from "service: matrix, url: \"$API\", places: [\"!shop:a\"]"
poll
is "one room alone" "$rc $(said)" "0 s1 s10 s11 s12 s2 s3 s4 s5 s6 s7 s8 s9"
jq -c '{room_name: "Shop", messages: [."!shop:a".events[] | del(.pos) + {room_id: "!shop:a"}]}' \
    rooms.json >export.json
kith-ingest export.json >exported
is "the ids are those of Element's export" \
    "$(records 'select(.type == "message") | "\(.text) \(.id)"' exported | sort)" \
    "$(records 'select(.type == "message") | "\(.text) \(.id)"' | sort)"

# --- Discord
echo abc >token
# channel ID FROM TO: numbered messages, one a minute.
channel() {
	[ -e discord.json ] || echo '{"messages": {}, "threads": [{"id": "30", "type": 11}], "channels":
	    [{"id": "10", "type": 0}, {"id": "19", "type": 4}, {"id": "20", "type": 0}, {"id": "40", "type": 0}]}' >discord.json
	jq -c --arg c "$1" --argjson from "$2" --argjson to "$3" '.messages[$c] += [range($from; $to + 1)
	    | {id: "14\($c)\(100000000 + . * 251658)000000", channel_id: $c, type: 0, content: "d\($c)-\(.)",
	      timestamp: "2026-11-30T08:58:20.123000+00:00", edited_timestamp: null,
	      author: {id: "55", username: "ana", global_name: "Ana"}, attachments: [], embeds: [],
	      mentions: [], mention_roles: [], pinned: false, mention_everyone: false, tts: false}]' \
	    discord.json >new && mv new discord.json
}
api_start discord
rm -rf state
from "service: discord, account: \"900\", url: \"$API/api\""
channel 10 1 250
channel 20 1 1
channel 30 1 2
poll
is "Discord: all pages" "$rc $(said | wc -w)" "0 253"
is "  of channels and threads that may be read" \
    "$(records .threadId | sort | uniq -c | awk '{print $2 "=" $1}' | paste -sd' ')" "10=250 20=1 30=2"
is "  of that server" "$(records .account | sort -u)" 900
is "  and no others" "$(grep -c 'channels/19/' asked)" 0
poll
is "  nothing new" "$rc $(cat out)" "0 "
channel 10 251 350
channel 20 2 2
poll
is "  what is new, a page to the byte" "$rc $(said | wc -w)" "0 101"
# edit WHICH FILTER: of channel 20.
edit() {
	jq -c --argjson n "$1" ".messages.\"20\"[\$n] |= ($2)" discord.json >new && mv new discord.json
}
edit 0 '.content = "new" | .edited_timestamp = "2026-11-30T09:10:00+00:00"'
edit 1 '.reactions = [{count: 1, emoji: {name: "x"}}]'
poll
is "  what was edited in the last hour" \
    "$rc $(records '"\(.text) \(.keywords[0]) \(.messageId)"')" "0 new edited 1420100251658000000"
poll
is "  once" "$rc $(cat out)" "0 "
jq -c '.messages |= {"20": []}' discord.json >new && mv new discord.json
channel 20 1 103
broken 6 "$(seq -f d20-%.0f 103 | sort | paste -sd' ')"
touch busy
poll
is "a pause that the body names" "$rc" 0
echo 0.2 >rate
poll
is "one that headers ask for" "$rc" 0
echo 90 >rate
from "service: discord, places: [\"20\"], url: \"$API/api\""
rm -rf state
poll
like "too long a one" "$rc $(cat err)" '^75 .*wait for more'
is "  what came before it is kept" "$(said | wc -w)" 100
rm rate
poll
is "  and the rest comes" "$rc $(said | wc -w)" "0 3"
jq -c '.messages = {}' discord.json >new && mv new discord.json
poll
like "a channel that may be read no more" "$rc $(cat err)" '^2 .*20: .*Missing Access'
from "service: discord, account: \"900\", url: \"$API/api\""
poll
like "  which a list does not hide" "$rc $(cat err)" '^2 .*20: .*Missing Access'
from "service: discord, url: \"$API/api\""
poll
like "neither server nor channels" "$rc $(cat err)" '^2 .*as account'
echo wrong >token
poll
from "service: discord, places: [\"20\"], url: \"$API/api\""
poll
like "a wrong token" "$rc $(cat err)" '^2 .*401'
echo abc >token
rm -rf state discord.json
channel 20 1 3
poll
jq -c '{guild: {id: "900", name: "Shop"}, channel: {id: "20", type: "GuildTextChat", name: "desk"},
    dateRange: {}, messages: [.messages."20"[] | {id, type: "Default", timestamp,
    timestampEdited: null, isPinned: false, content, author: {id: "55", name: "ana", isBot: false}}],
    messageCount: 3}' discord.json >export.json
kith-ingest export.json >exported
is "the ids are those of an export" "$(records '"\(.text) \(.id)"' exported | sort)" \
    "$(records '"\(.text) \(.id)"' | sort)"

done_testing
