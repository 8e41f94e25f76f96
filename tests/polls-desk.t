#!/bin/sh
# Helpdesks that are asked for what is new, each by its description and a server
# of its own: pages, what changes while they are read, what breaks, and that a
# message has one id however it comes.
. "${0%/*}/lib.sh"
. "$TESTS/api.sh"
# shellcheck source=tests/hook.sh
. "$TESTS/hook.sh"

LIMIT=2
export LIMIT
BEGIN=1772442000 # 2026-03-02T09:00:00Z

# desk CONVERSATION=MESSAGE[,MESSAGE...] ...: what there is, in the order of time
# of the messages, each as MINUTE or, by us, MINUTEo.  A conversation with a * was
# made with its first message and changed with its last.
desk() {
	printf '%s\n' "$@" | jq -nRc --argjson begin $BEGIN '{conversations: [inputs
	    | split("=") | (.[0] | tonumber) as $id
	    | [.[1] | split(",")[] | (rtrimstr("o") | tonumber) as $n
	      | {id: ($id * 1000 + $n), at: ($begin + $n * 60),
	        ours: endswith("o"), text: "c\($id) m\($n)"}] as $messages
	    | {id: $id, made: $messages[0].at, changed: $messages[-1].at,
	      messages: $messages}]}'
}
ids() { jq -r '[.conversations[].messages[].text] | sort | join("|")' desk.json; }
# texts [FILE...]: what was said, each once, by the ids of records.
texts() {
	kith-normalize "${@:-out}" 2>/dev/null |
	    jq -rs '[.[] | select(.type == "message")] | unique_by(.id) | [.[].text]
	        | sort | join("|")'
}
twice() {
	kith-normalize "$@" 2>/dev/null | kith-identify 2>/dev/null |
	    kith-merge 2>/dev/null | jq -r 'select(.type == "message") | .id' |
	    sort | uniq -d | wc -l
}
# again: as at first; request N from here on is $((asked + N)).
again() {
	rm -rf state
	asked=$(wc -l <asked)
	[ "$service" != helpscout ] || asked=$((asked - $(grep -c oauth2 asked)))
}

many='1=1,2o,3 2=4 3=4,5o,6,7o,8 4=9 5=9,10'
each() {
	service=$1 second=$2
	rm -rf state
	api_start "$service"
	yaml
	# shellcheck disable=SC2086 # words
	desk $many >desk.json
	poll
	is "$service: all pages" "$rc $(texts)" "0 $(ids)"
	is "$service: each with one id" "$(kith-normalize out | jq -r 'select(.type ==
	    "message") | .id' | sort | uniq -d | wc -l) $(twice out)" "0 0"
	poll
	is "$service: nothing new" "$rc $(wc -l <out)" "0 0"
	desk 1=1,2o,3 2=4,20o 3=4,5o,6,7o,8 4=9 5=9,10 6=21 >desk.json
	poll
	is "$service: what is new alone" "$rc $(texts)" "0 c2 m20|c6 m21"
	poll
	is "$service: and then nothing" "$rc $(wc -l <out)" "0 0"

	# Each request breaks once.
	total=$(again_poll)
	lost=0
	i=1
	while [ $i -le "$total" ]; do
		again
		echo $((asked + i)) >fail
		poll
		[ "$rc" -eq 75 ] || lost=$((lost + 1))
		mv out first
		rm fail
		poll
		[ "$rc $(texts first out)" = "0 $(ids)" ] || lost=$((lost + 1))
		i=$((i + 1))
	done
	is "$service: broken at each of $total requests, and all is there" $lost 0

	# What was listed or is to be changes while pages are read.
	lost=0
	i=2
	while [ $i -le "$total" ]; do
		again
		desk 1=1,2o,3 2=4,20o 3=4,5o,6,7o,8 4=9 5=9,10 6=21 >desk.json
		case $((i % 4)) in
		0) desk 1=1,2o,3,30 2=4,20o 3=4,5o,6,7o,8 4=9 5=9,10 6=21 ;;
		*) desk 1=1,2o,3 2=4,20o 3=4,5o,6,7o,8 4=9,30 5=9,10 6=21,30 7=30 ;;
		esac >next.json
		echo $((asked + i)) >change
		poll
		mv out first
		rm -f change
		[ "$rc" -eq 0 ] || lost=$((lost + 1))
		poll
		[ "$rc $(texts first out)" = "0 $(ids)" ] || {
			lost=$((lost + 1))
			echo "# at $i: $(texts first out)"
		}
		i=$((i + 2))
	done
	is "$service: changed while it is read, and all is there" $lost 0

	again
	touch busy
	poll
	is "$service: told to wait" "$rc $(texts)" "0 $(ids)"
	again
	chmod 600 token
	cp token good
	sed -i 's/s3cret/s3cres/; s/word/wort/' token
	poll
	is "$service: refused" "$rc $(wc -l <out)" "2 0"
	cp good token
	[ -z "$second" ] || seconds
}
again_poll() {
	again
	poll
	now=$(wc -l <asked)
	[ "$service" != helpscout ] || now=$((now - $(grep -c oauth2 asked)))
	echo $((now - asked))
}
# seconds: second requests, of conversation 3, fail.
seconds() {
	again
	echo "404 9 $second" >refuse
	poll --rejects rejects
	# A ticket's first words stand in the list.
	gone=$(ids | sed 's/c3 [^|]*|//g')
	[ "$service" != freshdesk ] || gone=$(ids | sed 's/c3 m[5-8]|//g')
	is "$service: an item that is gone" "$rc $(texts)" "1 $gone"
	like "$service: is a reject that holds it" "$(cat rejects)" '(about 3|"id..:3,)'
	rm -f refuse
	again
	echo "500 1 $second" >refuse
	poll
	code=$rc
	mv out first
	poll
	is "$service: one that fails once comes later" "$code $rc $(texts first out)" \
	    "75 0 $(ids)"
	is "$service: and nothing twice" "$(twice first out)" 0
	rm -f refuse
}
# patience: of an item nothing is said by who is asked too often.
patience() {
	again
	echo "429 6 $second" >refuse
	codes=
	: >first
	for _ in 1 2 3 4 5 6 7; do
		poll --rejects rejects
		codes="$codes $rc"
		cat out >>first
	done
	is "$service: told to wait for long, six times" "$codes $(texts first)" \
	    " 75 75 75 75 75 75 0 $(ids)"
}

# yaml: a workspace with the service.
yaml() {
	case $service in
	zendesk) printf 'ben@lamp.example/token:s3cret\n' >token ;;
	helpscout) printf '{"token_endpoint": "%s/v2/oauth2/token", "client_id": "app", "client_secret": "word"}\n' "$API" >token ;;
	*) echo s3cret >token ;;
	esac
	printf 'sources:\n  api: {service: %s, tokenFile: token, account: "1", url: "%s"}\n' \
	    "$service" "$API" >api.yaml
}

# id TEXT [FILE...]: of the records that say so.
id() {
	text=$1
	shift
	kith-normalize "$@" 2>/dev/null | jq -r --arg text "$text" \
	    'select(.text == $text) | .id' | sort -u | paste -sd' '
}
# same TEXT BODY VARIABLE...: what is said in conversation 1 has one id by poll,
# by the export ./export.json, and, of a hook with this body, by it.
same() {
	word=$1 sent=$2
	shift 2
	hook api "$sent" "$@"
	kith ingest -C hooks.yaml spool >hooked 2>/dev/null
	kith ingest -f "$service" export.json >exported
	is "$service: '$word' by poll, hook and export" \
	    "$status $(id "$word" out) $(id "$word" hooked)" \
	    "200 $(id "$word" exported) $(id "$word" exported)"
	like "$service: which is there" "$(id "$word" out)" '^m[a-z0-9]{20,}$'
}
# one: conversation 1 by poll, into ./out, and a spool for its hooks.
one() {
	echo h00k >hook.secret
	printf 'sources:\n  api: {service: %s, secretFile: hook.secret, url: "%s"}\nspool: spool\n' \
	    "$service" "$API" >hooks.yaml
	rm -rf spool
	kith ingest -C hooks.yaml --hook-setup
	again
	desk 1=1,2o,3 >desk.json
	poll
}

each zendesk 'tickets/3/'
patience
one
ticket='"id":1,"subject":"about 1","url":"https://lamp.zendesk.com/api/v2/tickets/1.json","via":{"channel":"email"},"requester_id":7,"submitter_id":7,"created_at":"2026-03-02T09:01:00Z","status":"open"'
comment() {
	printf '{"id":%s,"author_id":7,"plain_body":"%s","public":true,"created_at":"2026-03-02T09:0%s:00Z"}' \
	    "$1" "$2" "${2#c1 m}"
}
printf '{%s,"description":"c1 m1","comments":[%s,%s]}\n' "$ticket" \
    "$(comment 1001 'c1 m1')" "$(comment 1003 'c1 m3')" >export.json
zendesk() {
	same "$1" "$2" HTTP_X_ZENDESK_WEBHOOK_SIGNATURE_TIMESTAMP=2026-03-02T09:04:00Z \
	    HTTP_X_ZENDESK_WEBHOOK_SIGNATURE="$(printf %s "2026-03-02T09:04:00Z$2" |
		mac64 sha256 h00k)"
}
# What a trigger sends, and what an event does.
zendesk 'c1 m1' "{\"ticket\":{$ticket},\"comments\":[$(comment 1001 'c1 m1')]}"
zendesk 'c1 m3' "{\"ticket\":{$ticket},\"comments\":[$(comment 1003 'c1 m3')]}"
for n in 1 3; do
	zendesk "c1 m$n" '{"type":"zen:event-type:ticket.comment_added","id":"e'$n'","time":"2026-03-02T09:0'$n':00.5Z","detail":{"id":"1","requester_id":"7","submitter_id":"7","status":"OPEN","subject":"about 1","description":"c1 m1","created_at":"2026-03-02T09:01:00Z","via":{"channel":"email"}},"event":{"comment":{"id":"100'$n'","body":"c1 m'$n'","is_public":true,"author":{"id":"7","name":"Ana"}}}}'
done
touch forgotten
desk 1=1,2o,3 2=30 >desk.json
poll
is "zendesk: a cursor that is not known: what is new" "$rc $(texts)" "0 c2 m30"
like "zendesk: and that is said" "$(cat err)" 'all is read again'
desk 1=1,2o,3 >desk.json
jq '.conversations[0] += {status: "deleted", changed: 1772445000}' desk.json >new && mv new desk.json
poll
is "zendesk: a ticket that was deleted" "$rc $(kith-normalize out | jq -c '[.text, .keywords]')" \
    '0 ["c1 m1",["deleted"]]'

each intercom 'conversations/3$'
one
conversation='"type":"conversation","id":"1","created_at":1772442060,"source":{"type":"email","id":"1001","body":"<p>c1 m1</p>","author":{"type":"user","id":"u1","name":"Ana"}},"conversation_parts":{"conversation_parts":[{"type":"conversation_part","id":"1003","part_type":"comment","body":"c1 m3","created_at":1772442180,"author":{"type":"user","id":"u1","name":"Ana"}}]}'
printf '{"type":"conversation.list","conversations":[{%s}]}\n' "$conversation" >export.json
event="{\"type\":\"notification_event\",\"app_id\":\"l\",\"topic\":\"conversation.user.replied\",\"id\":\"n1\",\"data\":{\"type\":\"notification_event_data\",\"item\":{$conversation}}}"
for text in 'c1 m1' 'c1 m3'; do
	same "$text" "$event" HTTP_X_HUB_SIGNATURE="sha1=$(printf %s "$event" | mac sha1 h00k)"
done
# Alone they are what they are in their conversation.
is "intercom: a part of it knows what the whole does" \
    "$(kith-normalize out | jq -cS 'select(.id) | [.channel, .subject, .threadId, .direction, ([.from, .to[]?] | .[].email // empty)]')" \
'["email","about 1","intercom:1","inbound","ana@riba.example"]
["email","about 1","intercom:1","outbound","ben@lamp.example","ana@riba.example"]
["email","about 1","intercom:1","inbound","ana@riba.example"]'

each freshdesk 'tickets/3/'
one
ticket='"id":1,"subject":"about 1","source":1,"requester_id":1001,"created_at":"2026-03-02T09:01:00Z"'
printf '[{"ticket":{%s,"description_text":"c1 m1","fr_escalated":false},"conversations":[{"id":1003,"body_text":"c1 m3","incoming":true,"private":false,"user_id":1001,"created_at":"2026-03-02T09:03:00Z"}]}]\n' \
    "$ticket" >export.json
same 'c1 m1' "{\"ticket\":{$ticket,\"description\":\"c1 m1\",\"requester\":{\"email\":\"ana@riba.example\"}}}" \
    HTTP_X_KITH_SECRET=h00k
is "freshdesk: a reply by poll and export" "$(id 'c1 m3' out)" "$(id 'c1 m3' exported)"
is "freshdesk: it knows what its ticket does" \
    "$(kith-normalize out | jq -cS '[.channel, .subject, .threadId, .direction, ([.from, .to[]?] | .[].email // empty)]')" \
'["email","about 1","freshdesk:1","inbound","ana@riba.example","care@lamp.example"]
["email","about 1","freshdesk:1","outbound","ana@riba.example"]
["email","about 1","freshdesk:1","inbound","ana@riba.example","care@lamp.example"]'
# Four pages of one second, with others before and after.
again
desk 1=1 2=5 3=5 4=5 5=5 6=5 7=5 8=5 9=6 >desk.json
poll
is "freshdesk: many within one second" "$rc $(texts)" "0 $(ids)"

each front ''
one
jq -nc '{_pagination: {next: null}, _results: [[1, 3][] | {id: "msg_100\(.)", type: "email",
    is_inbound: true, created_at: (1772442000.125 + 60 * .), body: "<p>c1 m\(.)</p>",
    recipients: [{handle: "ana@riba.example", role: "from"}], _links: {self:
    "https://riba.api.frontapp.com/messages/msg_100\(.)"}}]}' >export.json
event=$(jq -nc '{type: "inbound_received", payload: {id: "evt_9", type: "inbound", emitted_at:
    1772442180.25, conversation: {id: "cnv_1", subject: "about 1", status: "archived"},
    target: {_meta: {type: "message"}, data: {id: "msg_1003", type: "email", is_inbound: true,
    created_at: 1772442180.125, body: "<p>c1 m3</p>",
    recipients: [{handle: "ana@riba.example", role: "from"}]}}}}')
same 'c1 m3' "$event" HTTP_X_FRONT_REQUEST_TIMESTAMP="${NOW}000" \
    HTTP_X_FRONT_SIGNATURE="$(printf %s "${NOW}000:$event" | mac64 sha256 h00k)"

each chatwoot 'conversations/3/'
one
jq -nc '{data: {payload: [{id: 1, inbox_id: 4, can_reply: true, status: "open",
    meta: {channel: "Channel::WebWidget", sender: {id: 12, name: "Ana"}}, messages: [{id: 1003,
    content: "c1 m3", inbox_id: 4, conversation_id: 1, message_type: 0, content_type: "text",
    content_attributes: {}, created_at: 1772442180, sender: {id: 12, type: "contact"}}]}]}}' \
    >export.json
event='{"event":"message_created","id":1003,"content":"c1 m3","message_type":"incoming","content_type":"text","created_at":"2026-03-02 09:03:00 UTC","private":false,"sender":{"id":12,"name":"Ana","type":"contact"},"conversation":{"id":1,"channel":"Channel::WebWidget"},"inbox":{"id":4,"name":"Web"},"account":{"id":1,"name":"A"}}'
same 'c1 m3' "$event" HTTP_X_CHATWOOT_TIMESTAMP="$NOW" \
    HTTP_X_CHATWOOT_SIGNATURE="sha256=$(printf %s "$NOW.$event" | mac sha256 h00k)"
again
desk "1=$(seq -s, 1 45)" 2=50 >desk.json
poll
is "chatwoot: the messages of a long one" "$rc $(texts)" "0 $(ids)"
desk "1=$(seq -s, 1 45),60" 2=50 >desk.json
poll
is "chatwoot: and what is new in it" "$rc $(texts)" "0 c1 m60"
sed -i 's/, account: "1"//' api.yaml
poll
like "chatwoot: without account" "$rc $(cat err)" '^2 .*the source needs account'

each helpscout ''
one
jq -nc '{_embedded: {threads: [{id: 1003, type: "customer", status: "active", state: "published",
    body: "c1 m3", source: {type: "email", via: "customer"}, customer: {id: 88, first: "Ana"},
    createdBy: {id: 88, type: "customer"}, createdAt: "2026-03-02T09:03:00Z"}]},
    _links: {self: {href: "https://api.helpscout.net/v2/conversations/1/threads/"}}}' >export.json
event=$(jq -nc '{id: 1, number: 101, type: "email", status: "active", subject: "about 1",
    mailboxId: 9, createdAt: "2026-03-02T09:01:00Z", primaryCustomer: {id: 88, first: "Ana"},
    _embedded: {threads: [{id: 1003, type: "customer", body: "c1 m3", createdBy: {id: 88,
    type: "customer"}, createdAt: "2026-03-02T09:03:00Z"}]}}')
same 'c1 m3' "$event" HTTP_X_HELPSCOUT_SIGNATURE="$(printf %s "$event" | mac64 sha1 h00k)"
done_testing
