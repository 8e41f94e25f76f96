#!/bin/sh
# Servers of services, and what stands before them, that answer oddly: pages of
# HTML, half an answer, wrong lengths, gzip, statuses of all kinds, times to come
# again that are none.  Whichever answer that was, after the next polls all is
# there, and nothing twice.  KITH_WHOLE: of all kinds and services; ODD_ALL, too: at
# each request, which takes an hour.
. "${0%/*}/lib.sh"
# shellcheck source=tests/api.sh
. "$TESTS/api.sh"

BEGIN=1772442000
AC=AC00000000000000000000000000000001
data_slack() {
	jq -nc '{channels: [{id: "C1", is_member: true}], messages: {C1: [range(1; 8)
	    | {type: "message", user: "U1", ts: "100\(.).1", text: "t\(.)"}]}}
	    | .messages.C1[0] += {thread_ts: "1001.1", reply_count: 1, latest_reply: "1007.1"}
	    | .messages.C1[6] += {thread_ts: "1001.1"}' >slack.json
}
data_telegram() {
	jq -nc '[range(1; 8) | {update_id: (500 + .), message: {message_id: ., date: 1796029100,
	    chat: {id: 77, type: "private", first_name: "Ana"},
	    from: {id: 77, is_bot: false, first_name: "Ana"}, text: "t\(.)"}}]' >updates.json
}
data_matrix() {
	jq -nc '{"!d:a": {joined: 0, events: [range(1; 8) | {pos: ., event_id: "$\(.):a",
	    sender: "@ana:a", type: "m.room.message", origin_server_ts: (1796029100000 + . * 1000),
	    content: {msgtype: "m.text", body: "t\(.)"}}],
	    state: [{event_id: "$create", sender: "@bot:a", type: "m.room.create", state_key: "",
	    origin_server_ts: 1796029000000, content: {}}]}}' >rooms.json
	echo 7 >pos
}
data_discord() {
	jq -nc '{threads: [], channels: [{id: "10", type: 0}], messages: {"10": [range(1; 251)
	    | {id: "14\(100000000 + . * 251658)000000", channel_id: "10", type: 0, content: "t\(.)",
	      timestamp: "2026-11-30T08:58:20.123000+00:00", edited_timestamp: null,
	      author: {id: "55", username: "ana"}, attachments: [], embeds: [], mentions: [],
	      mention_roles: [], pinned: false, mention_everyone: false, tts: false}]}}' >discord.json
}
mail='"From: ann@x.example\r\nTo: desk@y.example\r\nSubject: t\(.)\r\nMessage-ID: <m\(.)@x.example>\r\nDate: Mon, 2 Nov 2026 10:00:00 +0000\r\n\r\nbytes \u00e4 \(.)\r\n"'
data_gmail() {
	jq -nc "{historyId: \"7\", oldest: 0, messages: [range(1; 6) | {id: \"f\(.)\", at: .,
	    threadId: \"17a2b3c4d5e6f708\", labelIds: [\"INBOX\"], mail: ($mail)}]}" >gmail.json
}
data_graph_mail() {
	jq -nc "{folders: [\"I\", \"J\", \"D\" | {id: ., parentFolderId: \"root\"}], junk: \"J\",
	    deleted: \"D\", oldest: 0, messages: [range(1; 6) | {at: ., id: \"a/\(.)=\", in: \"I\",
	    mail: ($mail)}]}" >graph.json
}
data_teams() {
	jq -nc '{chats: {"19:a@thread.v2": [range(1; 8)
	    | (. * 60 + 1700000000 | todate | rtrimstr("Z") + ".5Z") as $at
	    | {id: "\(.)", chatId: "19:a@thread.v2", messageType: "message", createdDateTime: $at,
	    lastModifiedDateTime: $at, from: {user: {id: "u", displayName: "Ann"}},
	    body: {contentType: "text", content: "t\(.)"}}]}, teams: {}}' >teams.json
}
data_twilio() {
	jq -nc '[range(1; 8) | {sid: "SM\(. + 10000)0000000000000000000000000000"[:34],
	    account_sid: "'"$AC"'", from: "+4930111", to: "+4930222", body: "t\(.)",
	    direction: "inbound", status: "received", num_media: "0",
	    date_sent: "Tue, 14 Nov 2023 22:13:20 +0000"}]' >twilio.json
}
data_desk() {
	printf '%s\n' 1=1,2o,3 2=4 3=4,5o,6,7o,8 4=9 5=9,10 |
		jq -nRc --argjson begin $BEGIN '{conversations: [inputs
	    | split("=") | (.[0] | tonumber) as $id
	    | [.[1] | split(",")[] | (rtrimstr("o") | tonumber) as $n
	      | {id: ($id * 1000 + $n), at: ($begin + $n * 60),
	        ours: endswith("o"), text: "c\($id) m\($n)"}] as $messages
	    | {id: $id, made: $messages[0].at, changed: $messages[-1].at,
	      messages: $messages}]}' >desk.json
}

# What came, by the texts of messages, each once by its id.
texts() {
	kith-normalize -q "$@" 2>/dev/null | jq -rs '[.[] | select(.type == "message")]
	    | unique_by(.id) | [.[] | .subject as $s | if .channel == "email"
	    and ($s | test("^t[0-9]")? // false) then $s else .text end] | sort | join("|")'
}
twice() {
	kith-normalize -q "$@" | kith-identify -q | kith-merge -q 2>/dev/null |
		jq -r 'select(.type == "message") | .id' | sort | uniq -d | wc -l
}
token() {
	case $1 in
	slack) echo xoxb-1 ;;
	telegram) echo 7:abc ;;
	matrix) echo syt_1 ;;
	discord) echo abc ;;
	gmail | graph_mail | teams) echo tok ;;
	twilio) echo secret ;;
	zendesk) echo ben@lamp.example/token:s3cret ;;
	helpscout) printf '{"token_endpoint": "%s/v2/oauth2/token", "client_id": "app", "client_secret": "word"}\n' "$API" ;;
	*) echo s3cret ;;
	esac >token
}
yaml() {
	more='account: "1", '
	path=
	case $1 in
	slack) path=/api more='account: T1, ' ;;
	telegram) path='/bot{secret}' more= ;;
	discord) path=/api more='account: "900", ' ;;
	graph_mail | teams) path=/v1.0 more= ;;
	twilio) more="account: $AC, " ;;
	gmail | matrix) more= ;;
	esac
	printf 'sources:\n  api: {service: %s, tokenFile: token, %surl: "%s%s"}\n' \
		"$1" "$more" "$API" "$path" >api.yaml
}
again() {
	rm -rf state gone
	rm -f odd
}

# try N KIND: a poll in which request N is answered so, and two more.
try() {
	again
	echo "$(($(wc -l <asked) + $1)) $2" >odd
	poll
	codes=$rc
	cp out got
	for _ in 1 2; do
		rm -f odd
		poll
		codes="$codes $rc"
		cat out >>got
	done
	[ "$(texts got)" = "$all" ] && [ ! -s out ] && [ "$rc" = 0 ] && [ "$(twice got)" = 0 ] ||
		wrong="$wrong $1($codes)"
}

if [ -n "${KITH_WHOLE-}${ODD_ALL-}" ]; then
	kinds='html proxy empty null half end longer chunk chunks gzip gunzip none moved
		busy error away timeout conflict early nothing after-past after-word
		after-minus after-part after-none after-large'
	services='slack telegram matrix discord gmail graph_mail teams twilio zendesk
		intercom freshdesk front chatwoot helpscout'
else
	kinds='html null half chunk chunks gunzip none moved early nothing'
	services='slack matrix gmail graph_mail zendesk'
fi
turn=0
for service in ${ODD_SERVICES:-$services}; do
	LIMIT=3
	export LIMIT
	api_start "$service"
	token "$service"
	yaml "$service"
	case $service in
	zendesk | intercom | freshdesk | front | chatwoot | helpscout) data_desk ;;
	*) "data_$service" ;;
	esac
	again
	asked=$(wc -l <asked)
	poll
	all=$(texts out)
	total=$(($(wc -l <asked) - asked))
	ok "$service: all, by $total requests" test "$rc" -eq 0 -a -n "$all"
	for kind in ${ODD_KINDS:-$kinds}; do
		# What is no JSON is whole wherever it ends.
		case $service,$kind in graph_mail,half | graph_mail,end | graph_mail,gunzip | graph_mail,null) continue ;; esac
		first=1 last=$total wrong=
		if [ -z "${ODD_ALL-}" ]; then
			first=$((turn % total + 1))
			last=$first
			turn=$((turn + 1))
		fi
		i=$first
		while [ "$i" -le "$last" ]; do
			try "$i" "$kind"
			i=$((i + 1))
		done
		is "$service: $kind" "$wrong" ""
	done
done
done_testing
