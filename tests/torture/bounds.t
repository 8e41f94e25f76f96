#!/bin/sh
# What nobody's export holds, and costs much: it is a reject, and soon.
# tests/unit/doubling* are the same for the time of all that reads text.
. "${0%/*}/../lib.sh"
# rejected WHAT WANT FILE...: how many items came out, and each reject's reason.
rejected() {
	what=$1 want=$2
	shift 2
	timeout 20 kith-ingest --rejects r "$@" >native 2>err
	rc=$?
	is "$what" "$rc $(wc -l <native | tr -d ' ')
$(jq -r '"\(.source.at) \(.reason)"' r)" "$want"
	rm -f r
}

# --- an element of XML: each attribute is compared with each
many() { seq "$1" "$2" | sed 's/.*/a&="1"/' | tr '\n' ' '; }
sms='<sms address="+491711234567" date="1772700000000" type="1" body="Hi"/>'
{
	echo '<smses count="3">'
	echo "$sms"
	echo "<sms $(many 1 200000) body=\"x\"/>"
	echo "$sms"
	echo '</smses>'
} >wide.xml
rejected "an element of 200,000 attributes" "1 2
#2 an element of more than 256 attributes (at byte 89)" wide.xml
{
	echo "<smses $(many 1 200000)>"
	echo "$sms"
	echo '</smses>'
} >root.xml
rejected "the root" "1 1
0 an element of more than 256 attributes" root.xml
{
	echo '<smses count="3">'
	echo "$sms"
	echo "<sms $(many 1 256)/>"
	echo "<sms $(many 1 257)/>"
	echo "<sms body='> > &quot; $(many 1 900 | tr -d '"')'/>"
	echo '</smses>'
} >edge.xml
rejected "256 are well, 257 are not, what a value holds is none" "1 3
#3 an element of more than 256 attributes (at byte 2293)" edge.xml
# A comment hides what is a tag.
{
	echo '<smses count="1">'
	echo "<!-- <sms ' --><other $(many 1 200000) b=\"'\" c=\">\"/>"
	echo "$sms"
	echo '</smses>'
} >comment.xml
ok "what a comment hides" timeout 20 sh -c '
	kith-ingest --rejects r comment.xml >native 2>err; [ $? -eq 1 ]'
is "what stands behind it is read" "$(wc -l <native | tr -d ' ')" 1

# --- archives: links and devices
mkdir -p box/team/general
printf 'From: a@riba.example\nSubject: x\n\nHi.\n' >box/a.eml
ln -s /etc/passwd box/b.eml
ln box/a.eml box/c.eml
mkfifo box/d
tar -cf box.tar -C box a.eml b.eml c.eml d
rejected "links and devices in an archive" "1 1
 'b.eml' is refused: a link or a device, no file
 'c.eml' is refused: a link or a device, no file
 'd' is refused: a link or a device, no file" box.tar
# A folder of a format behind a link is known as one, and each is said once.
echo '[{"id":"U1","name":"ana"}]' >box/team/users.json
echo '[{"id":"C1","name":"general","members":["U1"]}]' >box/team/channels.json
echo '[{"type":"message","user":"U1","ts":"1772700000.000100","text":"hi"}]' \
	>box/team/general/2026-03-05.json
ln -s /etc/passwd box/team/0
tar -cf team.tar -C box b.eml team/0 team/channels.json team/users.json team/general
kith-ingest --rejects r team.tar 2>err | kith-normalize >records
is "a Slack export among them" "$(jq -r 'select(.type == "message") | .text' records)
$(jq -r '"\(.source.file): \(.reason)"' r)" "hi
team.tar: 'b.eml' is refused: a link or a device, no file
team.tar: 'team/0' is refused: a link or a device, no file"
done_testing
