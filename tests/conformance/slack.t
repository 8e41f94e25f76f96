#!/bin/sh
# Slack samples, where the folder is there: every item comes out or is
# rejected, and the share of fields that agree with what the messages
# themselves say does not fall below what was reached.
. "${0%/*}/../lib.sh"
DATA=${KITH_DATA:-$ROOT/../shared/data}/slack
[ -d "$DATA" ] || {
	echo '1..0 # skip no Slack samples'
	exit 0
}
DATA=$(cd "$DATA" && pwd)

# items OPERAND: how many come out, and every one has a meaning.
items() {
	kith-ingest --rejects more "$DATA/$1" >native
	kith-normalize --rejects rejects native >records
	cat more >>rejects
	cat native >>all-native
	cat records >>all-records
	printf '# %-52s %5d items %5d rejects\n' "$1" "$(wc -l <native)" \
	    "$(wc -l <rejects)"
	is "$1" "$(wc -l <native) $(wc -l <records) $(wc -l <rejects)" \
	    "$2 $2 0"
}
items langchain/slack_export.zip 11
items zulip/dms.json 4
items zulip/messages/message_with_files_cut.json 1
items zulip/messages/message_with_links.json 1
items zulip/messages/message_with_workspace_mentions.json 1
items zulip/messages/normal_messages.json 2
items zulip/messages/normal_thread.json 4
items zulip/messages/thread_with_broadcast_reply.json 3
items zulip/test_slack_importer 6

# A folder of exports and single files is read as a whole too.
kith-ingest "$DATA" >whole 2>err
is 'all of it at once' "$(grep -c '"format":"slack"' whole)" 33

jq -c -n --slurpfile n all-native --slurpfile r all-records \
    '[$n, $r] | transpose' | jq -r -f "$TESTS/conformance/slack.jq" >table
awk -F'\t' '{ printf "# %-20s %5d of %5d  %5.1f %%\n", $1, $2, $3,
    100 * $2 / $3 }' table
while IFS='	' read -r name agree of; do
	is "$name" "$agree" "$of"
done <table
is 'figures' "$(wc -l <table)" 11

# text NAME WANT: what people read.
text() {
	is "text of $1" "$(kith-ingest "$DATA/zulip/messages/$1" |
	    kith-normalize | jq -r .text)" "$2"
}
link='Text with a link (https://chat.zulip.org/)'
text message_with_links.json "$link
$link
$link
$link
$link"
text message_with_workspace_mentions.json '@channel @here test mention'
text normal_messages.json '@U066MTL5U has joined the channel
@U061A5N1G: hey!'
is 'names of many scripts' "$(jq -r 'select(.type == "contact") | .from.name' \
    all-records | grep -c 'हिन्दी 汉语')" 1
done_testing
