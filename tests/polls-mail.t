#!/bin/sh
# Mailboxes, Teams, Twilio and feeds that are asked for what is new: each service
# by its description and rules of its own.
. "${0%/*}/lib.sh"
. "$TESTS/api.sh"

LIMIT=3
export LIMIT
echo tok >token
# using REST: of the workspace, @api.
using() {
	printf 'sources:\n  api: {%s}\n' "$1" >api.yaml
	rm -rf state
}
# names: what the poll wrote, by subjects or texts.
names() {
	kith normalize out | jq -r 'select(.type == "message")
	    | .subject // .text' | sort | paste -sd' '
}
ids() { kith normalize "$1" | jq -r .id; }
# file_ids FILE: the same of a file as a service exports it.
file_ids() { kith ingest "$1" | kith normalize | jq -r .id; }
# fresh: nothing was read yet.
fresh() { rm -rf state; }
# broken N WANT COMMAND: whichever of N requests breaks, after the next poll all
# is there, and nothing twice.
broken() {
	i=0
	while [ $((i += 1)) -le "$1" ]; do
		fresh
		n=$(wc -l <asked)
		echo $((n + i)) >fail
		poll
		was=$rc
		mv out first
		rm fail
		poll
		cat first >>out
		is "broken at request $i, and all is there" \
		    "$was $rc $(names)" "75 0 $2"
	done
}

# mails N...: what gmail.json and graph.json are made of.
mail='"From: ann@x.example\r\nTo: desk@y.example\r\nSubject: s\(.)\r\nMessage-ID: <m\(.)@x.example>\r\nDate: Mon, 2 Nov 2026 10:00:00 +0000\r\n\r\nbytes \u00e4 \(.)\r\n"'
eml() { jq -nj "$1 | $mail" >"m$1.eml"; }
# gmail HISTORY N...: these are there, N by number N of the history.
gmail() {
	history=$1
	shift
	printf '%s\n' "$@" | jq -nc --arg h "$history" "{historyId: \$h, oldest: 0,
	    messages: [inputs | {id: \"f\(.)\", at: ., threadId: \"17a2b3c4d5e6f708\",
	    labelIds: [\"INBOX\", \"UNREAD\"], mail: ($mail)}]}" >gmail.json
}
change() { jq "$2" "$1" >new && mv new "$1"; }

api_start gmail
using "service: gmail, tokenFile: token, url: \"$API\""
gmail 5 1 2 3 4 5
poll
is "Gmail: all pages" "$rc $(names)" "0 s1 s2 s3 s4 s5"
is "  each asked for once" "$(grep -c format=raw asked)" 5
eml 3
is "  with the id of the same mail in a file" \
    "$(ids out | grep -cx "$(file_ids m3.eml)")" 1
is "  its thread as in Google's export, and its labels" \
    "$(kith normalize out | jq -c '[.threadId, .data.labels]' | sort -u)" \
    '["1703121267083114248",["Inbox"]]'
is "  and nothing beside the mail but these" "$(head -n 1 out |
    jq -j '.native | .bytes // .text // .base64' | wc -l)" "$(($(wc -l <m3.eml) + 2))"
poll
is "  nothing new" "$rc $(names)" "0 "
is "  by one request" "$(tail -n 1 asked | grep -c history)" 1
gmail 9 1 2 3 4 5 6 7 8 9
poll
is "  what is new, by pages" "$rc $(names)" "0 s6 s7 s8 s9"
gmail 15 1 2 3 4 5 6 7 8 9 10 11 12 13
change gmail.json '.messages[9].labelIds = ["SPAM"] | .messages[10].gone = true
    | .messages[11].labelIds = ["DRAFT"]'
poll
is "  without junk, and what is gone is no error" "$rc $(names)" "0 s12 s13"
is "  a draft is one" "$(kith normalize out |
    jq -r 'select(.subject == "s12").keywords[]')" draft
change gmail.json '.historyId = "17" | .freed = [{id: "f10", at: 16, from: "SPAM"}]'
poll
is "  taken out of junk" "$rc $(names)" "0 s10"
gmail 90 13 88 89 90
change gmail.json '.oldest = 50'
n=$(wc -l <asked)
poll
is "  too old: all is listed again, what is new read" "$rc $(names)" \
    "0 s88 s89 s90"
like "  which is said" "$(cat err)" 'all is read again'
is "  by their ids" "$(sed "1,${n}d" asked | grep -c format=raw)" 3
change gmail.json '.messages[0].mail = "none"'
poll
is "  and goes on from there" "$rc $(names)" "0 "
gmail 4 1 2 3 4
broken 7 "s1 s2 s3 s4"
# Nobody can write a label into a mail that has none.
fresh
change gmail.json '.messages[0] += {labelIds: [], mail: ("X-Gmail-Labels: Drafts\r\n"
    + .messages[0].mail)}'
poll
is "  a label that the sender wrote is none" "$(kith normalize out |
    jq -r 'select(.subject == "s1") | .keywords[]?, .data.labels[]?')" ""
# A request in the midst: what comes while pages are read.
fresh
gmail 5 1 2 3 4 5
n=$(wc -l <asked)
echo $((n + 6)) >fail
poll
rm fail
mv out first
gmail 8 1 2 3 4 5 6 7 8
poll
cat first >>out
is "  what comes between the pages" "$rc $(names)" "0 s1 s2 s3 s4 s5 s6 s7 s8"
fresh
touch busy
poll
is "  403 for its rate is waited for" "$rc" 0
fresh
touch scope
poll
is "  403 for its scope rejects no mail" "$rc $(wc -l <err)" "2 1"
rm scope
: >slow
for i in 1 2 3 4 5 6; do poll; done
is "  429 neither, however often" "$rc $(wc -l <err)" "75 1"
rm slow
poll
is "  and all come later" "$rc $(names | wc -w)" "0 8"
using "service: gmail, tokenFile: token, account: ann@x.example, url: \"$API\""
poll
is "  of an account" "$rc $(names)" "0 s1 s2 s3 s4 s5 s6 s7 s8"
echo wrong >token
poll
like "  a token that is refused" "$rc $(cat err)" '^2 .*401'
# By OAuth: an access token that was taken back.
perl "$TESTS/oauth.pl" grants >port &
endpoint=$!
within test -s port
mkdir tokens
cat >tokens/api.json <<-JSON
	{"token_endpoint": "http://127.0.0.1:$(cat port)/token", "client_id": "c",
	 "client_secret": "s&3", "refresh_token": "r1"}
JSON
using "service: gmail, tokenFile: tokens/api.json, url: \"$API\""
echo a3 >good
poll
is "  401, then another access token" "$rc $(names)" \
    "0 s1 s2 s3 s4 s5 s6 s7 s8"
is "  whose refresh token is kept" "$(jq -r .refresh_token tokens/api.json)" r3
kill $endpoint
rm good
echo tok >token

# graph N...: in the folders I and S by turns.
graph() {
	printf '%s\n' "$@" | jq -nc "{folders: [\"I\", \"J\", \"D\", \"S\",
	    {id: \"J1\", parentFolderId: \"J\"} | if type == \"string\" then
	    {id: ., parentFolderId: \"root\"} else . end], junk: \"J\",
	    deleted: \"D\", oldest: 0, messages: [inputs | {at: ., id: \"a/\(.)=\",
	    in: (if . % 2 == 1 then \"I\" else \"S\" end), mail: ($mail)}]}" >graph.json
}
api_start graph_mail
using "service: graph_mail, tokenFile: token, url: \"$API/v1.0\""
graph 1 2 3 4 5 6 7 8 9
change graph.json '.messages += [{at: 20, id: "j", in: "J", mail: "x"},
    {at: 20, id: "k", in: "J1", mail: "x"}, {at: 20, id: "d", in: "D", mail: "x"}]'
poll
is "Graph: all pages of all folders" "$rc $(names)" \
    "0 s1 s2 s3 s4 s5 s6 s7 s8 s9"
is "  but junk and deleted" "$(jq -r .source.file out | sort -u | paste -sd' ')" \
    "@api/I @api/S"
is "  with the id of the same mail in a file" \
    "$(ids out | grep -cx "$(file_ids m3.eml)")" 1
is "  byte for byte" "$(kith ingest m3.eml | jq -c .native)" \
    "$(jq -c 'select(.native | tostring | contains("m3@")).native' out)"
poll
is "  nothing new" "$rc $(names)" "0 "
graph 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18
change graph.json '.messages[9].isDraft = true | .messages[10].gone = true
    | .messages[0].at = 30 | .messages[1] += {in: "I", at: 31}'
poll
is "  what is new: no draft, not what was removed, changed or moved" \
    "$rc $(names)" "0 s12 s13 s14 s15 s16 s17 s18"
change graph.json '.messages[9] += {isDraft: false, at: 40}'
poll
is "  a draft that was sent" "$rc $(names)" "0 s10"
graph 1 2 50 51
change graph.json '.oldest = 45'
poll
is "  too old: all is listed again, what is new read" "$rc $(names)" "0 s50 s51"
like "  which is said" "$(cat err)" 'all is read again'
graph 1 2 3 4
broken 10 "s1 s2 s3 s4"
fresh
echo '{}' >only
poll
like "  a folder that has no id does not keep it asking" "$rc $(cat err)" '^2 .*has no id'
rm only
using "service: graph_mail, tokenFile: token, account: desk@x.example, places: [I], url: \"$API/v1.0\""
poll
is "  of an account, one folder" "$rc $(names)" "0 s1 s3"

# teams: messages by minute; team: posts, PARENT:REPLY for replies.
message='{id: "\(.)", messageType: "message", createdDateTime: $created,
    lastModifiedDateTime: $changed, from: {user: {id: "u", displayName: "Ann"}},
    body: {contentType: "text", content: "t\(.)"}}'
when='def when: (. * 60 + 1700000000 | todate | rtrimstr("Z") + ".5Z");
    def at($created; $changed): '$message';
    def chat($id): at(when; when) + {chatId: $id};
    def post($c; $r): at(when; when)
        + {channelIdentity: {teamId: "T1", channelId: $c}, replyToId: $r};'
teams() { jq -n "$when $1" >teams.json; }
api_start teams
using "service: teams, tokenFile: token, url: \"$API/v1.0\""
teams '{chats: {"19:a@thread.v2": [range(7) | chat("19:a@thread.v2")],
    "19:b@thread.v2": [range(20; 22) | chat("19:b@thread.v2")]},
    teams: {T1: {"19:c@thread.tacv2": [range(30; 35)
    | post("19:c@thread.tacv2"; null)]}, T2: {}}}'
poll
is "Teams: all pages of chats and channels" "$rc $(names)" \
    "0 t0 t1 t2 t20 t21 t3 t30 t31 t32 t33 t34 t4 t5 t6"
is "  by their place" "$(jq -r .source.file out | sort -u | paste -sd' ')" \
    "@api/19:a@thread.v2 @api/19:b@thread.v2 @api/T1/19:c@thread.tacv2"
jq '{value: .chats["19:a@thread.v2"]}' teams.json >export.json
is "  with the ids that an export has" "$(file_ids export.json | sort)" \
    "$(kith normalize out | jq -r 'select(.source.file
    == "@api/19:a@thread.v2").id' | sort)"
poll
is "  nothing new" "$rc $(names)" "0 "
change teams.json "$when"' .chats["19:a@thread.v2"] += [range(40; 44)
    | chat("19:a@thread.v2")] | .teams.T1["19:c@thread.tacv2"][0].replies =
    [range(50; 52) | post("19:c@thread.tacv2"; "30")]
    | .chats["19:a@thread.v2"][2].body.content = "edited"
    | .chats["19:a@thread.v2"][2].lastModifiedDateTime = (60 | when)'
poll
is "  what is new, what was edited, replies to an old post" "$rc $(names)" \
    "0 edited t40 t41 t42 t43 t50 t51"
like "  asked for by time" "$(grep 'chats.*filter' asked | tail -n 1)" \
    'filter=lastModifiedDateTime%20gt%202023'
fresh
teams '{chats: {"19:a@thread.v2": [range(7) | chat("19:a@thread.v2")]},
    teams: {T1: {"19:c@thread.tacv2": [range(30; 35)
    | post("19:c@thread.tacv2"; null)]}}}'
broken 8 "t0 t1 t2 t3 t30 t31 t32 t33 t34 t4 t5 t6"
# A hole, and what is new above it.
using "service: teams, tokenFile: token, account: u, url: \"$API/v1.0\", places: [\"19:a@thread.v2\"]"
teams '{chats: {"19:a@thread.v2": [range(2) | chat("19:a@thread.v2")]}}'
poll
teams '{chats: {"19:a@thread.v2": [range(22) | chat("19:a@thread.v2")]}}'
n=$(wc -l <asked)
echo $((n + 3)) >fail
poll
is "  broken off" "$rc $(names | wc -w) $(kith ingest -S state --status |
    cut -f4 | tail -n 1)" "75 6 1"
rm fail
teams '{chats: {"19:a@thread.v2": [range(24) | chat("19:a@thread.v2")]}}'
n=$(wc -l <asked)
poll
is "  the hole is closed" "$rc $(names | wc -w) $(kith ingest -S state --status |
    cut -f4 | tail -n 1)" "0 16 0"
like "  from where it was" "$(sed "1,${n}d" asked)" 'Time%20lt%202023'

# twilio DAY N...: messages of one second of that day.
twilio() {
	day=$1
	shift
	printf '%s\n' "$@" | jq -nc --argjson day "$day" '[inputs | . as $n | {
	    sid: "SM\($n + 10000)0000000000000000000000000000"[:34],
	    account_sid: "'"$AC"'", from: "+4930111", to: "+4930222", body: "w\($n)",
	    direction: "inbound", status: "received", num_media: "0",
	    date_sent: ($day * 86400 + 1700000000
	    | strftime("%a, %d %b %Y %H:%M:%S +0000"))}]' >twilio.json
}
AC=AC00000000000000000000000000000001
echo secret >token
api_start twilio
using "service: twilio, tokenFile: token, account: $AC, url: \"$API\""
# shellcheck disable=SC2046 # each is a number
twilio 0 $(seq 1 25)
poll
is "Twilio: all pages" "$rc $(names | wc -w)" "0 25"
# LIVE 10.5: the rest of what has this second.
# shellcheck disable=SC2046
twilio 0 $(seq 1 50)
poll
is "  50 of one second, a poll in their midst" "$rc $(names | wc -w)" "0 25"
poll
is "  nothing new" "$rc $(names)" "0 "
like "  by the day before" "$(tail -n 1 asked)" 'DateSent%3E=2023-11-13'
change twilio.json '.[3].status = "read"'
poll
is "  what became of one is the same message, changed" \
    "$rc $(names) $(jq -r .native.status out)" "0 w4 read"
id=$(ids out)
sid=$(jq -r '.[3].sid' twilio.json)
printf '2023-11-14T22:13:20Z MessageSid=%s&AccountSid=%s&From=%%2B4930111&To=%%2B4930222&Body=w4&SmsStatus=received&NumMedia=0\n' \
    "$sid" "$AC" >form
is "  its id is the hook's" "$(kith ingest -f twilio form >out.form; ids out.form)" "$id"
cp twilio.json old.json
twilio 9 60 61 62 63 64 65 66
jq -s add old.json twilio.json >new && mv new twilio.json
n=$(wc -l <asked)
echo $((n + 2)) >fail
poll
is "  broken off" "$rc $(names)" "75 w60 w61 w62"
rm fail
poll
is "  and all is there" "$rc $(names)" "0 w63 w64 w65 w66"
twilio 0 1 2 3 4 5
broken 2 "w1 w2 w3 w4 w5"
using "service: twilio, tokenFile: token, url: \"$API\""
poll
like "  an account that is missing" "$rc $(cat err)" '^2 .*needs its account'
using "service: twilio, tokenFile: token, account: $AC, url: \"$API\""
echo wrong >token
poll
like "  a token that is refused" "$rc $(cat err)" '^2 .*Authenticate'

# feed N...: entries.
feed() {
	printf '%s\n' "$@" | jq -Rnr '"<rss version=\"2.0\"><channel><title>f</title>",
	    (inputs | "<item><guid isPermaLink=\"false\">g\(.)</guid>
	    <title>e\(.)</title></item>"), "</channel></rss>"' >feed.xml
}
api_start feed
using "service: feed, url: \"$API/feed\""
feed 1 2
echo '"one"' >etag
poll
is "a feed" "$rc $(names)" "0 e1 e2"
is "  with the ids of its file" "$(file_ids feed.xml)" "$(ids out)"
feed 1 2 3
poll
is "  304: not read" "$rc $(names)" "0 "
echo '"two"' >etag
poll
is "  when it was changed all of it" "$rc $(names)" "0 e1 e2 e3"
: >etag
poll
is "  without an ETag the same again is nothing" "$rc $(names)" "0 "
using "service: feed, url: \"$API/old\""
poll
is "  that has moved" "$rc $(names)" "0 e1 e2 e3"
using "service: feed, url: \"$API/gone\""
poll
like "  that is gone" "$rc $(cat err)" '^2 .*gone for good'
done_testing
