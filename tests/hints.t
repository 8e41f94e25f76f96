#!/bin/sh
# Hooks that are hints: what is followed beside the spool is asked for at once,
# where there is news, and the list is the truth.
. "${0%/*}/lib.sh"
# shellcheck source=tests/api.sh
. "$TESTS/api.sh"
# shellcheck source=tests/hook.sh
. "$TESTS/hook.sh"

LIMIT=10
export LIMIT
chain=
trap 'exec 3<&-; [ -z "$chain" ] || kill $chain 2>/dev/null; api_stop; cd /; rm -rf "$around"' EXIT
echo tok >token
echo s3cret >secret
# follow SERVICE REST: from now on, what comes on descriptor 3.
follow() {
	printf 'sources:\n  api: {service: %s, tokenFile: token, secretFile: secret, url: "%s/v1.0"%s}\nspool: spool\n' \
	    "$1" "$API" "${2-}" >kith.yaml
	rm -rf state spool lines
	kith ingest -C kith.yaml --hook-setup
	mkfifo lines
	kith ingest -C kith.yaml -S state --follow @api spool >lines 2>err &
	chain=$!
	exec 3<lines
}
unfollow() {
	kill "$chain"
	wait "$chain" 2>/dev/null
	chain=
	exec 3<&-
}
# news N: so many records.
news() {
	for _ in $(seq "$1"); do
		IFS= read -r line <&3
		printf '%s\n' "$line"
	done | jq -r '.native | .body.content // ((.text // .bytes // .base64) | scan("Subject: (s\\d+)")[0])' | sort | paste -sd' '
}
# hint ITEM...: a call of Graph's, each an object of JSON.
hint() {
	hook api "$(printf '%s\n' "$@" | jq -nc '{value: [inputs | {subscriptionId: "7f1",
	    clientState: "s3cret", changeType: "created"} + .]}')"
}
# settled: nothing was asked for a second and more.
settled() {
	last=-1
	while [ "$last" -ne "$(wc -l <asked)" ]; do
		last=$(wc -l <asked)
		sleep 1.3
	done
}

# mails N...: in the folders I and S by turns.
mails() {
	printf '%s\n' "$@" | jq -nc '{folders: ["I", "S" | {id: ., parentFolderId: "root"}],
	    junk: "J", deleted: "D", oldest: 0, messages: [inputs | {at: ., id: "m\(.)",
	    in: (if . % 2 == 1 then "I" else "S" end),
	    mail: "From: ann@x.example\r\nSubject: s\(.)\r\nMessage-ID: <m\(.)@x.example>\r\n\r\nx\r\n"}]}' >new.json
	mv new.json graph.json
}
mails 1 2
api_start graph_mail
follow graph_mail
is "mails that were there" "$(news 2)" "s1 s2"
settled
# A minute is between two polls.
mails 1 2 3 4
hint '{"resource": "Users/u/Messages/m3"}'
is "a hint is taken" "$status" 200
is "  and what it hints at is asked for" "$(news 2)" "s3 s4"
within all_taken
settled
is "  once" "$(sed '1,/Users/d' asked | grep -c 'm3/')" "0"
# Many hints, few polls: one a second at most.
n=$(wc -l <asked)
begun=$(date +%s)
mails 1 2 3 4 5 6 7
for _ in 1 2 3 4 5 6 7 8 9 10 11 12; do hint '{"resource": "Users/u/Messages/m7"}'; done
is "many hints" "$(news 3)" "s5 s6 s7"
settled
ok "  are few polls" [ "$(sed "1,${n}d" asked | grep -c 'mailFolders/junkemail')" \
    -le $(($(date +%s) - begun + 2)) ]
mails 1 2 3 4 5 6 7 8
hint '{"resource": "Users/u/Messages/m8"}' '{"lifecycleEvent": "reauthorizationRequired"}'
is "a hint beside what needs us" "$(news 1)" s8
within grep -q 'the subscription 7f1: reauthorizationRequired' err
is "  which is said, and kept aside" "$(find spool -name '*.aside*' | wc -l)" 1
# Where it fails a hint does not wear the server out.
echo wrong >good
hint '{"resource": "Users/u/Messages/m9"}'
within grep -q 401 err
rm good
mails 1 2 3 4 5 6 7 8 9
is "what failed is tried again" "$(news 1)" s9
unfollow
is "nothing else was said" "$(grep -c ': error: ' err)" 1

# Teams says where: that chat, that channel alone.
when='def chat($id; $n): ($n * 60 + 1700000000 | todate | rtrimstr("Z") + ".5Z") as $at
	| {id: "\($n)", messageType: "message", createdDateTime: $at,
	    lastModifiedDateTime: $at, from: {user: {id: "u", displayName: "Ann"}},
	    body: {contentType: "text", content: "t\($n)"}}
	  + if $id | startswith("19:c") then {channelIdentity: {teamId: "T1", channelId: $id}}
	    else {chatId: $id} end;'
# chats A B C: so many messages in two chats and a channel.
chats() {
	jq -nc --argjson a "$1" --argjson b "$2" --argjson c "$3" "$when"'
	    {chats: {"19:a@thread.v2": [range($a) | chat("19:a@thread.v2"; .)],
	    "19:b@thread.v2": [range(20; 20 + $b) | chat("19:b@thread.v2"; .)]},
	    teams: {T1: {"19:c@thread.tacv2": [range(40; 40 + $c)
	    | chat("19:c@thread.tacv2"; .)]}}}' >new.json
	mv new.json teams.json
}
chats 2 1 1
api_start teams
follow teams
is "chats that were there" "$(news 4)" "t0 t1 t20 t40"
settled
n=$(wc -l <asked)
chats 3 2 2
hint "{\"resource\": \"chats('19:a@thread.v2')/messages('2')\"}"
is "a hint of a chat" "$(news 1)" t2
settled
is "  by one request" "$(sed "1,${n}d" asked | sed 's/?.*//')" \
    "GET /v1.0/chats/19%3Aa%40thread.v2/messages"
n=$(wc -l <asked)
hint "{\"resource\": \"teams('T1')/channels('19:c@thread.tacv2')/messages('41')/replies('9')\"}" \
    "{\"resource\": \"chats('19:a@thread.v2')/messages('2')\"}"
is "of a channel and a chat" "$(news 1)" t41
settled
is "  by two" "$(sed "1,${n}d" asked | wc -l)" 2
hint '{"lifecycleEvent": "missed"}'
is "some were missed: all is asked for" "$(news 1)" t21
settled
chats 4 2 2
n=$(wc -l <asked)
hint "{\"resource\": \"chats('19:zz@thread.v2')/messages('1')\"}"
within all_taken
settled
is "of a chat that is none" "$(sed "1,${n}d" asked | wc -l)" 1
unfollow
follow teams ', places: ["19:a@thread.v2"]'
is "those that the workspace names" "$(news 4)" "t0 t1 t2 t3"
settled
n=$(wc -l <asked)
hint "{\"resource\": \"chats('19:b@thread.v2')/messages('1')\"}"
within all_taken
settled
is "  and no others" "$(sed "1,${n}d" asked)" ""
unfollow

# A spool alone: nothing asks, and that is said.
mkfifo alone
kith ingest -C kith.yaml --follow spool >alone 2>err &
chain=$!
exec 3<alone
hint '{"lifecycleEvent": "missed"}' && hint '{"lifecycleEvent": "missed"}'
within all_taken
unfollow
is "nobody follows it" "$(grep -c '@api has news, and is not followed' err)" 1

# A description that says less or more than it can.
bad() {
	printf 'format: json\nhook:\n  algorithm: equal\n  %s\n' "$2" >own.yaml
	printf 'sources:\n  api: {service: ./own.yaml, secretFile: secret}\nspool: spool\n' >own.kith.yaml
	code "$1" 2 kith ingest -C own.kith.yaml --hook-setup
	like "  which is said" "$(cat .err)" "$3"
}
bad 'no place' 'coding: text' 'own.yaml:.* hook needs the header'
bad 'two places' 'header: X
  member: y' 'hook needs the header'
bad 'a list without its member' 'header: X
  list: value' 'list needs the member'
bad 'a prefix of a member' 'member: x
  prefix: v1' 'a member is the secret as it is'
bad 'a hint without a poll' 'header: X
  hint: "true"' 'hint needs poll'
bad 'an answer from no body' 'header: X
  challenge: [{post: a, answer: {json: b}}]' 'post is answered before'
bad 'a time of nothing' 'header: X
  time: {header: Y}' 'with algorithm: equal nothing is signed'
done_testing
