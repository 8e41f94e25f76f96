#!/bin/sh
# What an attacker tries to get in as somebody else.  Each attack worked once.
# The victim is Anna Keller: nothing of these joins her person or conversation,
# sees what is known of her, or takes her out of who waits.
. "${0%/*}/lib.sh"

cat >kith.yaml <<'Y'
us:
  emails: [help@lumen.example]
  domains: [lumen.example]
authserv: [mx.lumen.example, mx2.lumen.example]
region: DE
zone: Europe/Berlin
Y
KITH_CONFIG=$PWD/kith.yaml
export KITH_CONFIG

cat >anna.mbox <<'M'
From anna@posteo.example Mon Mar  2 08:00:00 2026
Received: from out.posteo.example (out.posteo.example [192.0.2.7])
 by mx.lumen.example; Mon, 2 Mar 2026 08:00:05 +0000
Authentication-Results: mx.lumen.example; dkim=pass (2048-bit key;
 unprotected) header.d=posteo.example header.b="Ab/c+="; dmarc=pass
 (p=reject) header.from=posteo.example
From: Anna Keller <anna@posteo.example>
To: help@lumen.example
Subject: My lamp
Date: Mon, 2 Mar 2026 08:00:00 +0000
Message-ID: <first@posteo.example>

It broke.  I live at Gartenweg 3.

From help@lumen.example Mon Mar  2 09:00:00 2026
From: Help <help@lumen.example>
To: Anna Keller <anna@posteo.example>
Subject: Re: My lamp
Date: Mon, 2 Mar 2026 09:00:00 +0000
Message-ID: <answer@lumen.example>
In-Reply-To: <first@posteo.example>

We send you another.
M
people() {
	kith ingest "$@" | kith normalize | kith identify | kith merge
}
anna=''
hers=''
of() { jq -r --arg a "$anna" --arg c "$hers" "select(.messageId == \"$1\") | $2"; }
anna=$(people anna.mbox | of first@posteo.example .person)
hers=$(people anna.mbox | of first@posteo.example .conversation)

# A mail with Anna's From and that header, written to forged.eml.
forge() {
	cat >forged.eml <<M
Received: from out.evil.example (out.evil.example [198.51.100.9])
 by mx.lumen.example; Tue, 3 Mar 2026 10:00:05 +0000
$1
To: help@lumen.example
Subject: Re: My lamp
Date: Tue, 3 Mar 2026 10:00:00 +0000
Message-ID: <f@evil.example>
In-Reply-To: <answer@lumen.example>
References: <first@posteo.example> <answer@lumen.example>

Send me all that we wrote, please.
M
}
from='From: Anna Keller <anna@posteo.example>'
# stays_out WHAT: forged.eml is not from Anna.
stays_out() {
	people anna.mbox forged.eml | kith recall >got
	if [ "$(of f@evil.example '[.person == $a, .conversation == $c,
	    .context.recent != null,
	    any(.ids[]?; .trust == "authenticated")] | any' <got)" = false ]; then
		pass "$1"
	else
		fail "$1"
		of f@evil.example '[.person, .conversation, .auth, .ids]' \
			<got | sed 's/^/# /'
	fi
}
# results WHAT FIELD...: Anna's From below these results of our server.
results() {
	what=$1
	shift
	forge "$(for field; do
		printf 'Authentication-Results: %s\n' "$field"
	done)
$from"
	stays_out "$what"
}

# Text that the sender chose, between the server's words.
results "an encoded word in a MAIL FROM" "mx.lumen.example; spf=pass \
smtp.mailfrom==?utf-8?q?x=3B_dmarc=3Dpass_y?=@evil.example; dmarc=none"
results "one in quotes" "mx.lumen.example; spf=pass \
smtp.mailfrom=\"=?utf-8?q?x=22=3B_dkim=3Dpass_header.d=3Dposteo.example=3B_y=3D=22?=\"@evil.example; \
dkim=none; dmarc=none header.from=posteo.example"
results "one in base64" "mx.lumen.example; spf=pass \
smtp.mailfrom==?us-ascii?B?eDsgZG1hcmM9cGFzcyB5?=@evil.example"
results "one in i= of a signature" "mx.lumen.example; dkim=pass \
header.d=evil.example header.i==?utf-8?q?x=3B_dmarc=3Dpass_header.from=3Dposteo.example_x.y=3D=22?=@evil.example; \
dmarc=fail (p=reject) header.from=posteo.example"
results "one in HELO" "mx.lumen.example; spf=none \
smtp.helo==?utf-8?q?x=3B_dkim=3Dpass_header.d=3Dposteo.example?="
results "one in a reason" "mx.lumen.example; dkim=fail \
reason=\"=?utf-8?q?x=22=3B_dmarc=3Dpass_x=3D=22?=\" header.d=evil.example"
results "one in a comment" "mx.lumen.example; spf=pass (domain of \
=?utf-8?q?x)=3B_dmarc=3Dpass_header.from=3Dposteo.example_(?=@evil.example) \
smtp.mailfrom=evil.example"
results "one in the first of two fields" "mx.lumen.example; spf=pass \
smtp.mailfrom==?utf-8?q?x=3B_dmarc=3Dpass_y?=@evil.example" \
	"mx.lumen.example; dkim=none; dmarc=fail header.from=posteo.example"
results "a quoted local part in a comment" "mx.lumen.example; spf=pass \
(domain of \"a); dkim=pass header.d=posteo.example; x=(\"@evil.example \
designates 198.51.100.9) smtp.mailfrom=evil.example; dmarc=none"
results "one that is escaped" "mx.lumen.example; spf=pass \
(domain of \\\"a\\); dmarc=pass header.from=posteo.example; x=(\\\"@evil.example) \
smtp.mailfrom=evil.example"
results "one that the server gave away" "mx.lumen.example; spf=pass \
smtp.mailfrom=\"a; dkim=pass header.d=posteo.example; x\"@evil.example"
results "its quotes end early" "mx.lumen.example; spf=pass \
smtp.mailfrom=\"a\" ; dkim=pass header.d=posteo.example y.z=\"@evil.example\"; dkim=none"
results "a space in HELO" "mx.lumen.example; spf=none \
smtp.helo=x;dmarc=pass; dmarc=none header.from=posteo.example"
results "comments without end" "mx.lumen.example; \
dkim=pass header.d=posteo.example ((((((((((((((((((((x))))))))))))))))))))"
results "more results than there are methods" "mx.lumen.example\
$(for i in $(seq 40); do printf '; x-%d=pass' "$i"; done); dkim=pass header.d=posteo.example"

# What the mail brought with it.
results "a second field of the server at the same hop" \
	"mx.lumen.example; spf=pass smtp.mailfrom=evil@evil.example" \
	"mx.lumen.example; dmarc=pass header.from=posteo.example"
results "one of another server of ours" \
	"mx.lumen.example; spf=pass smtp.mailfrom=evil@evil.example" \
	"mx2.lumen.example; dmarc=pass header.from=posteo.example"
results "signatures in the second" "mx.lumen.example; spf=none" \
	"MX.Lumen.Example; dkim=pass header.d=posteo.example"
ours='Authentication-Results: mx.lumen.example; spf=pass
 smtp.mailfrom=anna@posteo.example; dkim=pass header.d=posteo.example;'
forge "$ours dmarc=pass
Sender: Anna Keller <anna@posteo.example>"
stays_out "no From but a Sender"
forge "$ours dmarc=pass
From: <>
Sender: anna@posteo.example"
stays_out "an empty From"
forge "$ours dmarc=pass header.from=posteo.example
$from
From: evil@evil.example"
stays_out "two From fields"

# And what is true gets in.
forge "$ours dmarc=pass header.from=posteo.example
$from"
people anna.mbox forged.eml >got
is "with plain results she is Anna" \
	"$(of f@evil.example '[.person == $a, .conversation == $c] | all' <got)" true
forge "Authentication-Results: mx.lumen.example;
 dkim=pass header.i=@posteo.example header.s=s1 header.b=Ab/c+=;
 spf=pass (mx: domain of prvs=1=anna@posteo.example designates 192.0.2.7)
 smtp.mailfrom=\"prvs=1=anna@posteo.example\"; dmarc=pass (p=NONE dis=NONE)
 header.from=posteo.example
Authentication-Results: mx.lumen.example; iprev=pass policy.iprev=192.0.2.7
$from"
people anna.mbox forged.eml >got
is "so she is where they stand as big mailers write them" \
	"$(of f@evil.example '[.person == $a, .conversation == $c] | all' <got)" true
forge "Authentication-Results: mx.lumen.example; spf=pass
 smtp.mailfrom=\"=?utf-8?q?x?=\"@evil.example
$from"
is "the record says why a field says nothing" \
	"$(people forged.eml | jq -c .auth)" \
	'{"by":"mx.lumen.example","odd":"a quoted local part"}'
is "normalize keeps the field as it came" "$(kith ingest forged.eml |
	kith normalize | jq -r '.data.authenticationResults[0].value')" \
	'mx.lumen.example; spf=pass smtp.mailfrom="=?utf-8?q?x?="@evil.example'

# What only says that it is from us.
from_us() {
	forge "From: Help <help@lumen.example>"
	sed "s/^Received: .*/$1/; s/^ by mx.*/ $2; Tue, 3 Mar 2026 10:00:05 +0000/
		s/^To: .*/To: anna@posteo.example/" forged.eml >us.eml
	sed -n '1,/^It broke/p' anna.mbox >asks.mbox
	people asks.mbox us.eml >got
	kith report unanswered --older 1h --now 2026-03-05T10:00:00Z <got >.out
	echo $?
}
outside='Received: from out.evil.example (out.evil.example [198.51.100.9])'
is "mail from us that came from outside answers nobody" \
	"$(from_us "$outside" 'by mx.lumen.example')" 1
is "whatever it calls itself" "$(from_us \
	'Received: from localhost (out.evil.example [198.51.100.9])' \
	'by mx.lumen.example')" 1
is "by another host of ours" "$(from_us \
	'Received: from [127.0.0.1] (helo=localhost)' \
	'by in7.lumen.example with ESMTPS')" 1
is "that of somebody whom the server knew does" \
	"$(from_us "$outside" 'by mx.lumen.example with ESMTPSA')" 0
is "so does that of our own machines" "$(from_us \
	'Received: from web.lumen.example (web.lumen.example [10.0.0.7])' \
	'by mx.lumen.example with ESMTP')" 0

# Where the workspace names no server.
grep -v '^authserv' kith.yaml >no-server.yaml
no_server() { # FROM BY [RESULTS]
	KITH_CONFIG=$PWD/no-server.yaml from_us "$1" "$2" >.us
	[ $# -lt 3 ] || {
		{
			echo "$3"
			cat us.eml
		} >us2.eml
		mv us2.eml us.eml
		KITH_CONFIG=$PWD/no-server.yaml
		people asks.mbox us.eml >got 2>.err
		kith report unanswered -q --older 1h --now 2026-03-05T10:00:00Z \
			<got >.out
		echo $? >.us
		KITH_CONFIG=$PWD/kith.yaml
	}
	cat .us
}
is "without a named server a host in our domain is ours" \
	"$(no_server "$outside" 'by mx.lumen.example')" 1
is "what the mailbox's own server found is believed against it" \
	"$(no_server "$outside" 'by mx.host.example' \
	'Authentication-Results: mx.host.example; dkim=none; dmarc=fail header.from=lumen.example')" 1
is "and where it passed it is ours" "$(no_server "$outside" 'by mx.host.example' \
	'Authentication-Results: mx.host.example; dmarc=pass header.from=lumen.example')" 0
like "in silence" "$(grep -c 'from us from outside' .err)" '^0$'
is "what nothing is known of counts" "$(no_server "$outside" 'by mx.host.example' \
	'X-Nothing: here')" 0
like "and that is said, with the line to write" "$(cat .err)" \
	'mx.host.example had mail from us from outside, .* authserv: \[mx.host.example\]'
is "results that came with it say nothing" "$(no_server "$outside" 'by mx.host.example' \
	"$(printf 'Received: from a (a.evil.example [198.51.100.9]) by mx.host.example; Tue, 3 Mar 2026 10:00:06 +0000\nAuthentication-Results: mx.host.example; dmarc=pass header.from=lumen.example')" \
	>/dev/null; grep -c 'from us from outside' .err)" 1

# What customers type into a shop or a page.
cat >shop.json <<'J'
{"customers":[{"id":88,"email":"eve@evil.example","first_name":"Eve","orders_count":1,"total_spent":"1","verified_email":true},
 {"id":89,"email":"anna@posteo.example","first_name":"Eve","orders_count":1,"total_spent":"1","verified_email":false}]}
J
cat >orders.json <<'J'
{"orders":[{"id":4507,"name":"#1002","order_number":1002,"email":"anna@posteo.example","created_at":"2026-03-03T10:00:00Z","total_price":"1.00","currency":"EUR","financial_status":"paid","customer":{"id":88,"email":"eve@evil.example"},"line_items":[{"id":1,"name":"x","quantity":1,"price":"1.00"}]}]}
J
people anna.mbox shop.json orders.json >got
is "an order's mail address joins its buyer to nobody" \
	"$(jq -c --arg a "$anna" 'select(.type == "order") |
	[.person != $a, .claims[0].person == $a]' <got)" '[true,true]'
is "nor does a customer's that the shop did not verify" \
	"$(jq -c --arg a "$anna" 'select(.from.uri == "shopify:89") |
	[.person != $a, .claims[0].person == $a]' <got)" '[true,true]'
sed 's/"eve@evil.example"}/"anna@posteo.example","verified_email":false}/' \
	orders.json >same.json
is "nor where nobody verified that of the account" \
	"$(people anna.mbox same.json | jq -c --arg a "$anna" \
	'select(.type == "order") | .person != $a')" true
sed 's/"eve@evil.example"}/"anna@posteo.example","verified_email":true}/' \
	orders.json >same.json
is "but where it is the account's own" \
	"$(people anna.mbox same.json | jq -c --arg a "$anna" \
	'select(.type == "order") | .person == $a')" true
echo '{"customers":[{"id":90,"email":"eve@evil.example","phone":"+491701234567","verified_email":true,"orders_count":1,"total_spent":"1"}]}' >phone.json
cat >hers.xml <<'X'
<?xml version='1.0' encoding='UTF-8'?>
<smses count="1"><sms address="+491701234567" date="1772700000000" type="1" body="Hello" /></smses>
X
is "a number that a shop's customer typed is claimed" \
	"$(people hers.xml phone.json | jq -sc '[(map(.person) | unique | length),
	any(.[]; .channel == "store" and .claims != null)]')" '[2,true]'
printf 'Timestamp,Full name,Email Address,Phone number,Customer number,Your message\n2026/03/01 10:00:00,Eve,anna@posteo.example,+49 170 1234567,K-7,hi\n' >answers.csv
printf 'Name,E-Mail,Telefon,Kundennummer\nAnna Keller,anna@posteo.example,+49 170 1234567,K-7\n' >crm.csv
is "what was typed into a form is claimed, what we keep is not" \
	"$(kith ingest answers.csv crm.csv | kith normalize | kith identify |
	jq -c '[.ids[] | .type + " " + .trust]')" \
	"$(printf '%s\n' '["email claimed","tel claimed"]' \
	'["customer operator","email operator","tel operator"]')"
cat kith.yaml - >verified.yaml <<'Y'
verified: [shopify.email]
Y
is "what the workspace says that the shop verifies joins" \
	"$(kith ingest anna.mbox orders.json | kith normalize |
	kith identify -C verified.yaml | kith merge |
	jq --arg a "$anna" 'select(.type == "order") | .person == $a')" true
echo 'verified: [shopify]' >bad.yaml
code "verified needs a field" 2 kith identify -C bad.yaml anna.mbox
echo 'verified: [shopify.name]' >bad.yaml
code "that there is" 2 kith identify -C bad.yaml anna.mbox
like "and says which" "$(cat .err)" 'must end with .email, .tel or .number'

# Channels and keys that anybody can forge.
trust() {
	kith identify "$@" | jq -r '.ids[0].trust'
}
sms='{"type":"message","channel":"sms","from":{"tel":"+4915112345678"}}'
slack='{"type":"message","channel":"slack","from":{"uri":"slack:T1/U2","email":"a@b.example"}}'
is "a number is believed" "$(echo "$sms" | trust)" platform
is "unless the channel is spoofable" "$(echo "$sms" | trust --spoofable sms)" claimed
is "or the type of key" "$(echo "$sms" | trust --spoofable tel)" claimed
is "so is any platform's id" "$(echo "$slack" | trust --spoofable slack)" claimed
is "and address" "$(echo "$slack" | kith identify --spoofable email |
	jq -r '.ids[] | select(.type == "email").trust')" claimed
card='{"type":"contact","from":{"tel":"+4915112345678","email":"a@b.example"}}'
printf '%s\n' "$sms" "$card" | kith identify -v >/dev/null 2>.err
like "that numbers beside other keys are believed is said once" \
	"$(grep -c spoofable: .err)" '^1$'
printf 'spoofable: []\n' >none.yaml
printf '%s\n' "$sms" "$card" | kith identify -v -C none.yaml >/dev/null 2>.err
like "a word on it ends that" "$(grep -c spoofable: .err)" '^0$'

# What was sent within an export is no source, and what was typed no message.
hers='06/03/2026, 10:00 - +49 170 1234567: My address is Gartenweg 3'
evil='WhatsApp Chat with +49 151 9999999.txt'
printf '%s\n' "$hers" '06/03/2026, 10:01 - Help: ok' \
	>'WhatsApp Chat with +49 170 1234567.txt'
third() {
	printf '%s\n' '06/03/2026, 11:00 - +49 151 9999999: hello' \
		'06/03/2026, 11:01 - Help: hi' \
		'06/03/2026, 11:02 - +49 151 9999999: see below' "$@" >"$evil"
	kith ingest "WhatsApp Chat with +49 170 1234567.txt" "$evil" |
		kith normalize | kith identify | kith merge |
		jq -c 'select(.source.file == $f) | [.from.tel // .from.name, .text]' \
			--arg f "$evil" | tail -n +3
}
is "a line within a message is text" \
	"$(third '06/03/2026, 11:03 - +49 170 1234567: And the number?')" \
	'["+491519999999","see below\n06/03/2026, 11:03 - +49 170 1234567: And the number?"]'
is "whoever it names, however often" "$(third \
	'06/03/2026, 11:03 - Anna Keller: And the number?' \
	'06/03/2026, 11:04 - Anna Keller: Please' '06/03/2026, 11:04 - Ben: Yes' \
	'06/03/2026, 11:05 - Help: no' | cut -d, -f1)" \
	"$(printf '%s\n' '["+491519999999"' '["Help"')"
# Under our name: an iPhone's file shows where messages end, Android's does not.
ours() { # FILE LINE...: who said what, behind a customer's first line
	to=$1
	shift
	printf '%s\n' "$@" >"$to"
	kith ingest -v "$to" 2>.err | kith normalize | jq -r '[.direction[:1],
		.from.name // .from.tel, .text] | join(" ")'
}
two='WhatsApp Chat with +49 151 8888888.txt'
is "a line of ours whose clock went back is the customer's text" "$(ours "$two" \
	'06/03/2026, 11:00 - +49 151 8888888: hello' \
	'06/03/2026, 11:01 - Help: hi' \
	'07/03/2026, 12:30 - +49 151 8888888: you said' \
	'06/03/2026, 11:05 - Help: we pay it all' \
	'07/03/2026, 12:40 - Help: no' | tail -n +3)" \
	"$(printf '%s\n' 'i +491518888888 you said' \
	'06/03/2026, 11:05 - Help: we pay it all' 'o Help no')"
like "what cannot be told is said" "$(cat .err)" \
	'they may have typed there'
is "a clock that goes back an hour in autumn is a clock" "$(ours "$two" \
	'25/10/2026, 02:50 - +49 151 8888888: hello' \
	'25/10/2026, 02:05 - Help: hi' \
	'25/10/2026, 02:50 - +49 151 8888888: thanks' | cut -c1-6 | paste -sd,)" \
	'i +491,o Help,i +491'
is "two of us are both us" "$(ours "$two" \
	'06/03/2026, 11:00 - +49 151 8888888: hello' \
	'06/03/2026, 11:01 - Help: hi' \
	'06/03/2026, 08:01 - Help: later' | cut -c1-6 | paste -sd,)" \
	'i +491,o Help,o Help'
printf '[06.03.26, 11:00:01] +49 151 7777777: hello\r\n[06.03.26, 11:00:20] Help: hi\r\n[06.03.26, 11:01:00] +49 151 7777777: and\n[06.03.26, 11:01:30] Help: all is done\r\n' \
	>_chat.txt
mkdir iphone
perl "$TESTS/pack.pl" 'iphone/WhatsApp Chat - +49 151 7777777.zip' _chat.txt
is "an iPhone's line within a message is text, in silence" \
	"$(kith ingest iphone 2>.err | kith normalize | jq -r .direction |
	paste -sd,; cat .err)" 'inbound,outbound,inbound'

printf 'Name,Email,Phone\nAnna,eve@evil.example,+49 170 1234567\n' >contacts.csv
cp contacts.csv 00000003-people.csv
third '06/03/2026, 11:03 - +49 151 9999999: contacts.csv (file attached)' >/dev/null
perl "$TESTS/pack.pl" chat.zip contacts.csv "$evil"
formats() { kith ingest "$@" 2>.err | jq -r .source.format | sort -u; }
is "a table of contacts that was sent is none" "$(formats chat.zip)" whatsapp
mkdir unpacked
cp contacts.csv "$evil" unpacked
is "nor where the archive was unpacked" "$(formats unpacked)" whatsapp
cp contacts.csv unpacked/people.csv
is "but a folder of many things is that" "$(formats unpacked)" \
	"$(printf 'contacts-csv\nwhatsapp')"
cp "$evil" _chat.txt
perl "$TESTS/pack.pl" ios.zip _chat.txt 00000003-people.csv \
	'WhatsApp Chat with +49 170 1234567.txt'
is "nor a chat within a chat" "$(kith ingest ios.zip 2>.err |
	jq -r .source.file | sort -u)" ios.zip/_chat.txt
third '06/03/2026, 11:03 - +49 151 9999999: WhatsApp Chat with +49 170 1234567.txt (file attached)' >/dev/null
printf '%s\n' "06/03/2026, 12:00 - +49 170 1234567: $evil (file attached)" \
	>>'WhatsApp Chat with +49 170 1234567.txt'
perl "$TESTS/pack.pl" "${evil%.txt}.zip" \
	'WhatsApp Chat with +49 170 1234567.txt' "$evil"
is "though it names the one that it came in" \
	"$(kith ingest "${evil%.txt}.zip" 2>.err | jq -r .source.file | sort -u)" \
	"${evil%.txt}.zip/$evil"

mkdir -p slack/general slack/__uploads/F1 slack/__uploads/F2 slack/__uploads/F3
echo '[{"id":"C1","name":"general","members":["U2"]}]' >slack/channels.json
echo '[{"id":"U2","team_id":"T9","name":"p","profile":{"real_name":"P","email":"p@posteo.example"}}]' >slack/users.json
echo '[{"type":"message","user":"U2","team":"T9","ts":"1772532000.000100","text":"hi"}]' \
	>slack/general/2026-03-03.json
cp contacts.csv slack/__uploads/F1
sed 's/p@posteo/eve@evil/' slack/users.json >slack/__uploads/F2/users.json
sed 's/"hi"/"I am P"/' slack/general/2026-03-03.json >slack/__uploads/F3/2026-03-03.json
cp contacts.csv slack/general
kith ingest -v slack >got 2>.err
is "what was uploaded is no contact, no user, no day" \
	"$(jq -r .source.file got | sort)" "$(printf '%s\n' slack/channels.json \
	slack/general/2026-03-03.json slack/users.json)"
like "it is counted" "$(cat .err)" 'files of messages 3'
like "and what lies elsewhere is said" "$(cat .err)" \
	'slack/general/contacts.csv: error: lies in an export'

# Exports that are a file with folders beside it: what lies in these was sent,
# and stays so in an archive, whatever lies around.  Each is FORMAT FILE FOLDER.
formats=$TESTS/formats
sent() {
	rm -rf sent sent.tar
	mkdir -p "sent/here/$(dirname "$2")" "sent/here/$3"
	cp "$formats/$1" "sent/here/$2"
	cp contacts.csv anna.mbox "$formats/$1" "sent/here/$3"
	(cd "sent/here/$3" && tar -cf more.tar contacts.csv anna.mbox &&
		rm anna.mbox)
	cp claimed.mbox sent/ours.mbox
	tar -cf sent.tar sent
	kith ingest -v sent sent.tar 2>.err | jq -r .source.file | uniq
	grep -o 'files of messages [0-9]*' .err
}
only() {
	printf '%s\n' "sent/here/$1" sent/ours.mbox \
		"sent.tar/sent/here/$1" sent.tar/sent/ours.mbox |
		LC_ALL=C sort
	echo 'files of messages 6'
}
sed '/^Authentication/,/header.from/d' anna.mbox >claimed.mbox
while read -r from file folder; do
	is "what was sent by ${from%%/*} is none of ours" \
		"$(sent "$from" "$file" "$folder" | LC_ALL=C sort)" \
		"$(only "$file" | LC_ALL=C sort)"
done <<-'END'
	telegram/result.json result.json files
	telegram/result.json result.json chats/chat_1/photos
	discord/help.json help.json help.json_Files
	matrix/export.json export.json files
	signal/older.txt chat.md media
	skype/messages.json messages.json media
	messenger/message_1.json message_1.json photos
	x/direct-messages.js direct-messages.js direct_messages_media
	slack/2026-03-04.json C1.json C1
END
like "--why says so" "$(kith ingest --why sent)" \
	'sent/here/C1/contacts.csv: was sent in a message'
sent telegram/result.json result.json files >.out
mv sent/here/files sent/here/ours
is "in another folder it is a source for itself" \
	"$(kith ingest sent 2>/dev/null | jq -r .source.file | sort -u |
	grep -c here/ours)" 4
# What is only claimed joins nobody, and is told.
sed 's/first@posteo/later@posteo/' claimed.mbox | sed '/^From help/,$d' >later.mbox
people claimed.mbox later.mbox >got
claimant=$(of first@posteo.example .person <got)
is "who claims the same address twice is one" \
	"$(of later@posteo.example .person <got)" "$claimant"
people anna.mbox later.mbox >got
is "but nobody else, once somebody has it" \
	"$(of later@posteo.example '[.person == $a, .claims[0].person == $a]' \
	<got | jq -c .)" '[false,true]'
is "and no line is missing where nothing is verified" "$(kith ingest later.mbox |
	kith normalize -C verified.yaml | KITH_CONFIG='' kith identify -v 2>&1 >.out |
	grep -c 'write authserv')" 1

# Where nobody is verified at all, each tool that goes by it says so, once.
sed 's/^authserv.*//' kith.yaml >open.yaml
kith ingest claimed.mbox | kith normalize | kith identify -C open.yaml >claims
kith merge <claims >merged 2>/dev/null
printf "version: 1\nrules: []\n" >rules.yaml
printf "subject: Hello\n\nHello\n" >hello
kith route -r rules.yaml <merged >routed 2>/dev/null
says() { # TOOL...: how often, and with what exit code
	KITH_CONFIG=open.yaml kith "$@" >.out 2>.err
	echo "$? $(grep -c 'nobody who wrote is verified' .err)"
}
is "merge says that nobody is verified" "$(says merge claims)" '0 1'
like "and what to write where" "$(cat .err)" \
	'open.yaml: nobody who wrote .* write authserv: \[YOUR SERVER\], or verify: true$'
is "so does recall" "$(says recall merged)" '0 1'
is "so does route" "$(says route -r rules.yaml merged)" '0 1'
is "so does report" "$(says report summary routed)" '0 1'
is "so does reply" "$(says reply --draft ./hello routed)" '0 1'
is "but not with -q" "$(says merge -q claims)" '0 0'
people anna.mbox >got
is "nor where somebody is" "$(says report summary got)" '0 0'
kith ingest claimed.mbox | kith normalize | kith identify >claims
kith merge claims >.out 2>.err
like "who names a server is told to look at it" "$(cat .err)" \
	'write authserv as the server has itself'

# What a site sends of who is logged in, which anybody can send to its
# collector who knows an id.
event() { # ID DAY USER COOKIE TRAITS
	printf '{"type":"identify","messageId":"%s","timestamp":"2026-02-%sT10:00:00Z","userId":"%s","anonymousId":"%s","traits":{%s}}\n' "$@"
}
mail() { # NAME ADDRESS: NAME.eml is from that address, and proved
	sed '/^From help/,$d' anna.mbox |
		sed "s/anna@posteo.example/$2/; s/posteo.example/${2#*@}/g; s/first/$1/" >"$1.eml"
}
mail evil eve@evil.example
{
	event s1 10 anna-7 aaa '"email":"anna@posteo.example","phone":"+491701234567"'
	event s2 11 anna-7 bbb '"email":"eve@evil.example","phone":"+491519999999"'
} >site.jsonl
# Are Eve's mail and both events Anna's?
whose() { # MERGE...
	kith ingest anna.mbox evil.eml "$site" | kith normalize |
		kith identify | "$@" >got 2>.err
	jq -sc '(map({(.messageId): .person}) | add) as $p |
		[$p["evil@evil.example"], $p.s1, $p.s2] |
		map(. == $p["first@posteo.example"])' got
}
site=site.jsonl
is "her profile is hers, and what is put there later is not" \
	"$(whose kith merge)" '[false,true,true]'
is "but is shown" "$(jq -c 'select(.claims) | [.claims[].key]' got)" \
	'["email:eve@evil.example","tel:+491519999999"]'
like "and said" "$(cat .err)" \
	'email:eve@evil.example stands in the profile of user:anna-7, who has email:anna@posteo.example'
known=$(jq -r 'select(.messageId == "first@posteo.example").person' got)
is "nor is it known of her" "$(kith recall <got | jq -s --arg a "$known" \
	'any(.[]; .person == $a and (.context.ids | index("email:eve@evil.example")))')" \
	false
sed -n '2p;1p' site.jsonl | sort -r >turned.jsonl
site=turned.jsonl
is "in any order" "$(whose kith merge)" '[false,true,true]'
site=site.jsonl
is "each as it comes" "$(whose kith merge --follow)" '[false,true,true]'
rm -rf st
head -1 site.jsonl >one.jsonl
site=one.jsonl whose kith merge -S st >/dev/null
is "in another run" "$(site=site.jsonl whose kith merge -S st)" \
	'[false,true,true]'
printf 'id,name,email,user_id\n1,Anna Keller,anna@posteo.example,user:anna-7\n' >crm.csv
event s0 01 anna-7 ccc '"email":"eve@evil.example"' >early.jsonl
jq -nc '{id: "crm1", type: "contact", channel: "store",
	from: {name: "Anna Keller", email: "anna@posteo.example"},
	data: {uris: ["user:anna-7"]}}' >crm.jsonl
own() { # EVENTS: is Eve's mail, or the user id, Anna's?
	{
		kith ingest anna.mbox evil.eml "$1" | kith normalize
		cat crm.jsonl
	} | kith identify | kith merge 2>.err |
		jq -sc '(map({(.messageId // .id): .person}) | add) as $p |
		[$p["evil@evil.example"], $p.crm1] |
		map(. == $p["first@posteo.example"])'
}
is "whom we know gets no address by it, however early" \
	"$(own early.jsonl)" '[false,true]'
event s3 12 eve-1 ddd '"email":"anna@posteo.example"' >takes.jsonl
is "nor takes somebody with another id what is hers" \
	"$(own takes.jsonl)" '[false,true]'
for user in null undefined '{{user.id}}' anonymous; do
	event s4 12 "$user" eee '"email":"anna@posteo.example"' >site.jsonl
	is "an id that is none has no profile: $user" \
		"$(people anna.mbox site.jsonl | jq -sc --arg a "$anna" \
		'map(select(.type == "contact").person == $a)')" '[false]'
done
event s5 12 anna-7 fff '"email":"anna@posteo.example"' >site.jsonl
site() { # OPTION...: is the event Anna's?
	kith ingest anna.mbox site.jsonl | kith normalize | kith identify "$@" |
		kith merge | jq -s --arg a "$anna" \
		'any(.[]; .type == "contact" and .person == $a)'
}
is "where user ids can be forged nobody has one" \
	"$(site --spoofable user)" false
echo 'verified: [segment.email]' | cat kith.yaml - >verified2.yaml
{
	event s1 10 anna-7 aaa '"email":"anna@posteo.example"'
	event s2 11 anna-7 bbb '"email":"anna@work.example"'
} >site.jsonl
mail work anna@work.example
is "an address that the site verifies is hers, though she had one" \
	"$(kith ingest anna.mbox work.eml site.jsonl | kith normalize |
	kith identify -C verified2.yaml | kith merge |
	jq -sc 'map(.person) | unique | length')" 1
{
	event s1 10 anna-7 kiosk '"email":"anna@posteo.example"'
	event s2 11 eve-1 kiosk '"email":"eve@evil.example"'
} >site.jsonl
site=site.jsonl
is "who shares a browser shares no more" "$(whose kith merge)" \
	'[false,true,false]'
{
	event s1 10 anna-7 aaa '"email":"anna@posteo.example"'
	printf '{"type":"track","event":"Order Completed","messageId":"%s","timestamp":"2026-02-%s:00Z",%s,"properties":{"orderId":"1001","total":"5"}}\n' \
		o1 10T11:00 '"userId":"anna-7"' o2 11T10:00 '"anonymousId":"evil"' \
		o3 11T11:00 '"userId":"eve-1"'
} >site.jsonl
is "an order that a page tells of is of who was there, whatever its number" \
	"$(people site.jsonl | jq -sc '(map({(.messageId): .person}) | add) as $p |
	[$p.o1, $p.o2, $p.o3] | map(. == $p.s1)')" '[true,false,false]'
# Another workspace's masters write what they like into its people's profiles.
mkdir -p shared/general
echo '[{"id":"C1","name":"general","members":["U2","U9"]}]' >shared/channels.json
echo '[{"id":"U2","team_id":"T9","name":"p","profile":{"real_name":"P","email":"p@posteo.example"}},
 {"id":"U9","team_id":"T66","name":"e","is_stranger":true,"profile":{"real_name":"E","email":"anna@posteo.example"}}]' >shared/users.json
echo '[{"type":"message","user":"U9","team":"T66","ts":"1772532000.000100","text":"send me all"},
 {"type":"message","user":"U2","team":"T9","ts":"1772532001.000100","text":"hi"}]' \
	>shared/general/2026-03-03.json
is "a stranger's address in a workspace is claimed" \
	"$(people anna.mbox shared | jq -rc --arg a "$anna" \
	'select(.from.email == "anna@posteo.example" and .channel == "slack") |
	[.type, .person == $a, .claims[0].person == $a]')" \
	"$(printf '%s\n' '["message",false,true]' '["contact",false,true]' | sort)"
is "one of ours has theirs" "$(people shared | jq -rs 'map(select(
	.from.email == "p@posteo.example") | .ids[] |
	select(.type == "email").trust) | unique | join(" ")')" platform
sed 's/^us:/us:\n  uris: ["whatsapp:Help"]/' kith.yaml >wa.yaml
printf '%s\n' '06/03/2026, 11:00 - ~ Anna: hello' '06/03/2026, 11:01 - Help: hi' \
	'06/03/2026, 11:02 - Ben: well' '06/03/2026, 11:03 - ~ Help: all is done' \
	>'WhatsApp Chat with Lamps.txt'
is "who calls themselves as we do is not us" \
	"$(kith ingest 'WhatsApp Chat with Lamps.txt' |
	kith normalize -C wa.yaml | jq -r '.direction[:1]' | paste -sd ' ')" 'i o i i'

# Nobody makes themselves unanswerable, or writes where they should not.
umask 022
name='{"type":"identify","messageId":"s1","timestamp":"2026-03-01T10:00:00Z","userId":"u","traits":{"email":"p@posteo.example","name":"A\\nB"}}'
is "a name is one line" \
	"$(echo "$name" | kith ingest | kith normalize | jq -c .from.name)" '"A B"'
echo tok >tok
cat >hook.yaml <<'Y'
kind: http
channel: chat
url: http://127.0.0.1:9/rooms/\(.threadId)/messages
secretFile: tok
headers:
  Authorization: 'Bearer \($secret)'
body: '{text: .reply.body}'
insecure: true
timeout: 2s
Y
sends() { # THREAD
	rm -rf outbox
	jq -nc --arg t "$1" '{id: "d1", type: "message", channel: "chat",
	direction: "outbound", threadId: $t, from: {uri: "chat:us"},
	to: [{uri: "chat:u1"}], text: "hi", keywords: ["draft"],
	conversation: "c", reply: {channel: "chat", body: "hi",
	idempotencyKey: "k1"}}' |
		kith reply --send -S outbox -t hook.yaml -q 2>.err |
		jq -r .delivery.reason
}
code "a secret that everybody can read is refused" 2 \
	kith reply --send -S outbox -t hook.yaml
like "with what to do" "$(cat .err)" 'chmod o= tok'
chmod 640 tok
like "one for a group is read" \
	"$(sends r1)" 'onnect'
for thread in '../../admin?x=1#' .. . %2e%2E a/b 'a?b' 'a&b=c' 'a#b'; do
	like "no thread leads out of the URL: $thread" "$(sends "$thread")" \
		"lead out of the URL"
done
sed -i 's/threadId/threadId | @uri/' hook.yaml
like "what is written for URLs does not" "$(sends 'a/b?c&d=e')" 'onnect'

esc=$(printf '\033]0;owned\007\302\2332J\342\200\256')
jq -nc --arg n "Eve$esc" '{id: "m1", type: "message", channel: "email",
	direction: "inbound", sentAt: "2026-03-01T10:00:00Z", person: "p1",
	conversation: "c1", asks: true, text: "hi", subject: $n,
	from: {name: $n, email: "eve@evil.example"}}' >eve.jsonl
for format in csv json table; do
	kith report unanswered --format $format --now 2026-03-05T10:00:00Z \
		<eve.jsonl >got 2>.err
	ok "$format says who" grep -q Eve got
	ok "$format writes nothing to the terminal" sh -c \
		'! LC_ALL=C grep -q "$(printf "\033\|\007\|\302\233\|\342\200\256")" got'
done
is "JSON says the same" "$(kith report unanswered --format json \
	--now 2026-03-05T10:00:00Z <eve.jsonl | jq -c --arg n "Eve$esc" \
	'[.. | strings | select(. == $n)] | length > 0')" true

# Records that no normalize has read, from somebody's own map.
worst=$(printf '=1+1\033]0;owned\007\302\2332J\342\200\256\r\nBcc: eve@evil.example\302\205\342\200\250"')
jq -nc --arg n "$worst" '{id: "m1", type: "message", channel: "email",
	account: "help@lumen.example", direction: "inbound",
	sentAt: "2026-03-01T10:00:00Z", from: {name: $n, email: "eve@evil.example"},
	to: [{email: "help@lumen.example", name: $n}], cc: [{name: $n,
	email: "x@evil.example"}], text: $n, subject: $n, messageId: "m1@evil"}' |
	kith identify -q | kith merge -q | kith route -q -r rules.yaml >worst.jsonl
printf 'subject: Re: \\(.subject)\n\nHello \\(.from.name),\n\nwe look.\n' >hello2
printf 'internal: yes\nsubject: Re: \\(.subject)\n\nHello \\(.from.name)\n' >hello3
printf 'kind: smtp\nchannel: email\nurl: smtp://127.0.0.1:9\nfrom: help@lumen.example\ntls: none\n' >mail.yaml
for template in hello2 hello3; do
	kith reply --draft ./$template --now 2026-03-05T10:00:00Z worst.jsonl \
		>drafts 2>.err
	is "$template: whoever they say they are, they are answered" \
		"$(kith reply -q -t mail.yaml --now 2026-03-05T10:00:00Z \
		<drafts | jq -r .delivery.status)" ready
	is "and each is on a line of its own" \
		"$(jq -c '[.to[0].name, .cc[0].name, .subject] |
		map(. // "" | test("[\\p{Cc}\u2028\u202e]"))' drafts)" "[false,false,false]"
	is "the greeting, too" "$(jq -r .reply.body drafts | grep -c 'Bcc: eve.*"')" 1
done
for report in unanswered summary,channels silent "timeline eve@evil.example" consent; do
	for format in table csv html json; do
		# shellcheck disable=SC2086 # words
		kith report $report --format $format -q \
			--now 2026-03-05T10:00:00Z worst.jsonl |
			sed "s/$(printf "\\r")$//" >got
		ok "report $report as $format steers no terminal" sh -c \
			'! LC_ALL=C grep -q "$(printf "\033\|\007\|\r\|\302\233\|\342\200\256")" got'
	done
done
is "a row of CSV is a line, and no formula" "$(kith report unanswered -q \
	--format csv --now 2026-03-05T10:00:00Z worst.jsonl | sed 1d |
	grep -c "^[^\"]*\"'=1+1.*\"'=1+1")" 1
kith recall -q eve@evil.example worst.jsonl >got
kith route -q -r rules.yaml --explain m1 worst.jsonl >>got
kith merge -q --explain eve@evil.example "email:$(printf 'a\033@b')" worst.jsonl >>got 2>&1
ok "nor does what is told of one" sh -c \
	'! LC_ALL=C grep -q "$(printf "\033\|\007\|\r\|\302\233\|\342\200\256")" got'

echo x | kith normalize --rejects bad >/dev/null 2>&1
is "rejects are for us alone" "$(stat -c %a bad)" 600
chmod 644 bad
echo x | kith normalize --rejects bad >/dev/null 2>&1
is "also where the file was there" "$(stat -c %a bad)" 600
mkdir state elsewhere
people anna.mbox >got
kith merge -S st got >/dev/null
for file in st/*; do
	case $file in *.db) ln -s "$PWD/elsewhere/x" "state/${file#st/}" ;; esac
done
code "a state that is a link elsewhere is not followed" 2 \
	kith merge -S state got
is "and nothing is written there" "$(ls elsewhere)" ""
# Links that lead a state, an outbox or rejects elsewhere.
mkdir real open
people anna.mbox >got
ln -s real own
code "a link of ours to the state is followed" 0 kith merge -S own got
ok "to where it leads" test -e real/people.db
chmod 1777 open
ln -s ../real open/state
code "one where everybody may put one is not" 2 kith merge -S open/state got
like "which is said" "$(cat .err)" 'open/state: a link where everybody'
for run in 'recall -S open/state got' 'report --rejects open/bad summary got' \
	'reply --send -S open/state -t mail.yaml' 'route --act done c1 -S open/state' \
	'merge -S open/state/sub got'; do
	ln -sf ../real/bad open/bad
	# shellcheck disable=SC2086 # words
	code "nor by $run" 2 kith $run
	like "for that reason" "$(cat .err)" 'a link where everybody'
done
ok "nothing was written through it" test ! -e real/bad
if [ "$(id -u)" = 0 ] && chown -h 12345 own 2>/dev/null; then
	code "nor is one of somebody else" 2 kith merge -S own got
	like "which is said, too" "$(cat .err)" "own: a link of somebody else's"
	code "nor one behind a link of ours" 2 sh -c 'ln -s own two
		kith merge -S two got'
fi
mkdir dbstate jstate
ln -s ../real/people.db dbstate/people.db
code "a database that is a link is not read" 2 kith recall -S dbstate got
like "and that is why" "$(cat .err)" 'a link, which is not followed'
echo '{"id":"m1","type":"event","channel":"desk","sentAt":"2026-10-06T09:00:00Z","from":{"name":"kim"},"data":{"act":"done","conversation":"c1"}}' >acts
ln -s ../acts jstate/acts.jsonl
code "nor acts" 2 kith merge -S jstate got
like "for the same" "$(cat .err)" 'acts.jsonl: a link, which is not followed'

done_testing
