#!/bin/sh
# Services that are asked for what is new, by their descriptions: pages, holes,
# cursors, what fails.  The rules are Slack's.
. "${0%/*}/lib.sh"
. "$TESTS/api.sh"

echo xoxb-1 >token
yaml() {
	printf 'sources:\n  api: {service: slack, tokenFile: token, account: T1, url: "%s/api"}\n' \
	    "$API" >api.yaml
}
# slack TS...: messages with these times; NEW as parent:reply.
slack() {
	printf '%s\n' "$@" | jq -nRc '[inputs | split(":") | {type: "message",
	    user: "U1", ts: .[-1], text: "at \(.[-1])"}
	    + if length > 1 then {thread_ts: .[0]} else {} end] as $all
	    | {channels: [{id: "C1", is_member: true}, {id: "C9", is_member: false}],
	    messages: {C1: [$all[] | .ts as $ts
	    | [$all[] | select(.thread_ts == $ts) | .ts] as $replies
	    | if ($replies | length) > 0 then . + {thread_ts: $ts,
	      reply_count: ($replies | length), latest_reply: ($replies | max)}
	      else . end]}}' >slack.json
}
texts() { jq -r '.native.message.text | ltrimstr("at ")' out | sort | paste -sd' '; }

LIMIT=2
export LIMIT
api_start slack
yaml
slack 1000.1 1001.1 1002.1 1003.1 1004.1
poll
is "all pages" "$rc $(texts)" "0 1000.1 1001.1 1002.1 1003.1 1004.1"
is "  of the places that it is in" "$(grep -c C9 asked)" 0
is "  by their place" "$(jq -r .source.file out | sort -u)" @api/C1
poll
is "nothing new" "$rc $(texts)" "0 "
slack 1000.1 1001.1 1002.1 1003.1 1004.1 1005.1
poll
is "what is new" "$rc $(texts)" "0 1005.1"
like "  since a week before the last" "$(tail -n 4 asked)" 'oldest=0.1'

# LIVE 10.8: both by lists alone.
slack 1000.1 1001.1 1002.1 1003.1 1004.1 1005.1 1000.1:1006.1
poll
is "a reply to an old message" "$rc $(texts)" "0 1000.1 1006.1"
slack 1000.1 1001.1 1002.1 1003.1 1004.1 1005.1 1000.1:1006.1 \
    1000.1:1007.1 1001.1:1008.1
poll
is "the first reply to an old one, and one more" "$rc $(texts)" \
    "0 1000.1 1001.1 1007.1 1008.1"
jq '.messages.C1[2].text = "at edited"' slack.json >new && mv new slack.json
poll
is "what was changed comes again" "$rc $(texts)" "0 edited"

# A poll that breaks between the newest and what was known.
rm -rf state
slack 1000.1 1001.1
poll
slack 1000.1 1001.1 1002.1 1003.1 1004.1 1005.1 1006.1
n=$(wc -l <asked)
echo $((n + 3)) >fail
poll
is "broken off: what came" "$rc $(texts)" "75 1005.1 1006.1"
like "  is said" "$(cat err)" '^kith-ingest: @api: error: C1: '
is "  with a hole" "$(kith-ingest -S state --status | cut -f4 | tail -n 1)" 1
like "  in the status, which is not well" \
    "$(kith-ingest -S state --status | cut -f5)" 'ago: C1: '
rm fail
slack 1000.1 1001.1 1002.1 1003.1 1004.1 1005.1 1006.1 1007.1
poll
is "the hole is closed, and what is new" "$rc $(texts)" \
    "0 1002.1 1003.1 1004.1 1007.1"
like "  from where it was" "$(cat asked)" 'latest=1005.1'
is "  none is left" "$(kith-ingest -S state --status | cut -f4,5 | tail -n 1)" "0	"

# Whatever request breaks: after the next poll all is there.
for i in 1 2 3 4 5 6; do
	rm -rf state
	n=$(wc -l <asked)
	echo $((n + i)) >fail
	poll
	mv out first
	rm fail
	poll
	cat first >>out
	is "broken at request $i, and all is there" "$rc $(texts | tr ' ' '\n' |
	    sort -u | wc -l)" "0 8"
done

# A list of places has those that others may read.
rm -rf state
jq '.channels += [{id: "C2", is_member: true}]' slack.json >new && mv new slack.json
poll
is "a place that is not to be read is passed over" "$rc $(texts | wc -w)" "0 8"
jq '.messages = {}' slack.json >new && mv new slack.json
poll
like "  but not one that was read before" "$rc $(cat err)" '^2 .*C1: .*403 Not yours'

# As hooks bring it, unless the description says more.
slack 1000.1 1001.1 1002.1
jq '.messages.C1[1].text = null' slack.json >new && mv new slack.json
own() {
	rm -rf state
	cat >own.yaml <<-END
		format: slack
		items: |
		  select(.text != null) | {channel_id: "C1", messages: [.]}
		  # Nothing else.
		poll:
		  auth: {header: Authorization, value: "Bearer {secret}"}
		  cursor: {kind: token, value: '0'}
		  list: |
		    {path: "/conversations.history", query: {channel: "C1",
		      oldest: .since, cursor: .page}}
		  items: .answer.messages[]
		  next: .answer.response_metadata.next_cursor | select(. != "")
		  errors: .answer | select(.ok == false) | .error
		$1
	END
	printf 'sources:\n  api: {service: ./own.yaml, tokenFile: token, url: "%s/api"}\n' \
	    "$API" >api.yaml
}
own
poll
is "items of polls are those of hooks" "$rc $(texts)" "1 1000.1 1002.1"
like "  where that finds any" "$(cat err)" 'items: finds nothing in it'
own "  rate: '90'"
poll
is "who may not ask again soon keeps what was answered" "$rc $(texts)" "75 1002.1"
like "  and says so" "$(cat err)" 'asks to wait for more'
own
jq -n --arg url "$API/token" '{token_endpoint: $url, client_id: "c", refresh_token: "r"}' >token
touch expired
poll
is "a token that is too old is replaced before it is an error" "$rc $(texts)" "1 1000.1 1002.1"
yaml
echo xoxb-1 >token

# What the service says.
touch busy
poll
is "429: it waits, and goes on" "$rc" 0
echo wrong >token
poll
is "a token that is refused" "$rc" 2
like "  with the service's words" "$(cat err)" 'the service answers: invalid_auth'
chmod 644 token
poll
like "a secret that everybody can read" "$rc $(cat err)" '^2 '
rm token
poll
like "no secret" "$rc $(cat err)" '^2 .*No such file'
printf 'sources:\n  api: {service: slack, url: "%s/api"}\n' "$API" >api.yaml
poll
like "  none named" "$rc $(cat err)" '^2 .*tokenFile'
(umask 077 && echo xoxb-1 >token)
printf 'sources:\n  api: {service: slack, tokenFile: token, url: "http://192.0.2.1/api"}\n' >api.yaml
poll
like "a secret goes by https alone" "$rc $(cat err)" '^2 .*https://'
printf 'sources:\n  api: {service: tawkto}\n' >api.yaml
poll
like "a service that only calls" "$rc $(cat err)" '^2 .*cannot be asked'
yaml
api_stop
poll
like "nobody answers" "$rc $(cat err)" '^75 '

# Items that are asked for one by one, since an hour before the last.
mkdir api
cat >list.yaml <<'END'
format: json
poll:
  cursor: {kind: time, order: newest, overlap: 3600}
  list: '{path: "/list", query: {since: .since}}'
  items: .answer[]
  item: '.item | {at, once: .id, get: {path: "/\(.id)"}}'
  more:
    items: '{read: {id: .answer.id}}'
    gone: .status == 404 and .item.id == "x"
  errors: 'select(.status == 404) | {why: "none", stop: true}'
END
rm -rf state
api_start files
printf 'sources:\n  api: {service: ./list.yaml, url: "%s"}\n' "$API" >api.yaml
# list ID...: what is there, all of the same second.
list() {
	printf '%s\n' "$@" | jq -nRc '[inputs
	    | {id: ., at: "2026-11-02T10:00:00Z"}]' >api/list
}
gets() { tail -n "+$((n + 1))" asked | grep -vc /list; }
for i in a b c d; do echo "{\"id\": \"$i\"}" >api/$i; done
list a b
n=0
poll
is "one by one" "$rc $(jq -r .native.id out | paste -sd' ')" "0 a b"
list c b x a d
n=$(wc -l <asked)
poll
is "  what is new, without what is no more" \
    "$rc $(jq -r .native.id out | paste -sd' ')" "0 c d"
is "  and that alone is asked for" "$(gets)" 3
like "  since an hour before the last" "$(cat asked)" \
    'since=2026-11-02T09%3A00%3A00Z'
echo '[1]' >api/e
list e f g
echo '{"id": "g"}' >api/g
poll
is "  what stops all rejects none" "$rc $(jq -r .native.id out)" "2 "
echo '{"id": "f"}' >api/f
poll
is "  and all is there when that is mended, but what is none" \
    "$rc $(jq -r .native.id out | paste -sd' ') $(grep -c error err)" "1 f g 1"

# One whose answer is larger than any may be.
echo '{"id": "i"}' >api/i
head -c 68000000 /dev/zero >api/h
list h i
poll --rejects rejects
is "  of one that is too large nothing comes, and the next does" \
    "$rc $(jq -r .native.id out) $(jq -r '.reason, .line' rejects | cut -c 1-22 | paste -sd' ')" \
    '1 i the answer has more th {"id":"h","at":"2026-1'
poll
is "  and not again" "$rc $(cat out)" "0 "
rm api/h

# 304 says that there is no news, whatever tells how far a list was read; and a
# time to come again may be a date.
for cursor in 'kind: time' 'kind: time, order: newest' 'kind: number' \
    'kind: number, order: newest'; do
	at='"2026-11-02T10:00:00Z"'
	case $cursor in *number*) at=5 ;; esac
	cat >list.yaml <<-END
		format: json
		poll:
		  cursor: {$cursor}
		  list: '{path: "/list", headers: {"If-Modified-Since": .done}}'
		  items: if .answer == "" then error("304 is no list") else .answer[] end
		  item: '{at: .item.at, read: .item}'
	END
	rm -rf state api/since
	echo "[{\"id\": \"a\", \"at\": $at}]" >api/list
	poll
	is "$cursor: what is there" "$rc $(jq -r .native.id out)" "0 a"
	echo 304 >status
	poll
	is "  304: no news, and no hole" "$rc $(cat out err)$(kith-ingest -S state --status |
	    cut -f4 | tail -n 1)" "0 0"
	rm status
	poll
	is "  and so it goes on" "$rc $(cat out err)" "0 "
done
echo 'Sun, 06 Nov 1994 08:49:38 GMT' >after
echo 503 >status
begun=$(date +%s)
poll
is "a date to come again, by the service's clock" "$rc" 0
ok "  is waited for" [ $(($(date +%s) - begun)) -ge 2 ]
echo 'Sun, 06 Nov 1994 08:51:37 GMT' >after
echo 503 >status
poll
like "  not for minutes" "$rc $(cat err)" '^75 .*asks to wait 121 seconds'
rm -f status after

# A path that goes on with the host's name is another server's.
cat >far.yaml <<'END'
format: json
poll:
  auth: {header: Authorization, value: "Bearer {secret}"}
  list: '{path: .place}'
END
for path in .evil.example/x @evil.example/x '0/x'; do
	printf 'sources:\n  api: {service: ./far.yaml, tokenFile: token, url: "http://127.0.0.1:1", places: ["%s"]}\n' \
	    "$path" >api.yaml
	poll
	like "the secret does not go to http://127.0.0.1:1$path" "$rc $(cat err)" \
	    '^2 .*another server'
done
cat >>far.yaml <<'END'
  cursor: {kind: time}
  item: '{at: .item.at}'
  gap: .status == 410
END
poll
like "gap goes with a token alone" "$rc $(cat err)" '^2 .*gap goes with a token'

done_testing
