#!/bin/sh
# Our own check of senders, from mails to what identify says of them: with keys
# of our own, a zone of our own, and a server of the DNS on loopback.
. "${0%/*}/lib.sh"
. "$ROOT/tests/dns.sh"
dns_there || {
	echo '1..0 # skip nsd is not installed: scripts/setup --test-servers'
	exit 0
}
{
	openssl genrsa -out rsa.pem 2048
	openssl genpkey -algorithm ed25519 -out ed.pem
} 2>/dev/null
rsa=$(openssl pkey -in rsa.pem -pubout -outform DER | base64 -w 0)
ed=$(openssl pkey -in ed.pem -pubout -outform DER | tail -c 32 | base64 -w 0)
mkdir dns
cat >dns/root <<ZONE
. 60 IN SOA a. b. 1 60 60 60 60
. 60 IN NS a.
shop.example. 60 IN TXT "v=spf1 ip4:198.51.100.0/24 -all"
_dmarc.shop.example. 60 IN TXT "v=DMARC1; p=reject"
one._domainkey.shop.example. 60 IN TXT "v=DKIM1; p=$(printf %s "$rsa" | cut -c1-200)" "$(printf %s "$rsa" | cut -c201-)"
two._domainkey.news.shop.example. 60 IN TXT "v=DKIM1; k=ed25519; p=$ed"
strict.example. 60 IN TXT "v=spf1 include:shop.example -all"
_dmarc.strict.example. 60 IN TXT "v=DMARC1; p=none; adkim=s; aspf=s"
two._domainkey.sub.strict.example. 60 IN TXT "k=ed25519; p=$ed"
plain.example. 60 IN TXT "v=spf1 ip4:198.51.100.7 ~all"
us.example. 60 IN TXT "v=spf1 -all"
_dmarc.us.example. 60 IN TXT "v=DMARC1; p=reject"
evil.example. 60 IN TXT "v=spf1 +all"
ZONE
cat >kith.yaml <<'YAML'
us:
  emails: [care@us.example]
authserv: [mx.us.example]
verify: true
YAML

# mail FROM ADDRESS SENDER: as our server took it in from there.
mail() {
	cat <<-MAIL
		Return-Path: <$3>
		Received: from helo.example (helo.example [$2]) by mx.us.example (Postfix)
		 with ESMTP id 1; Thu, 5 Mar 2026 10:00:00 +0000
	MAIL
	letter "$1"
}
letter() {
	cat <<-MAIL
		From: $1
		To: care@us.example
		Subject: The lamp
		Date: Thu, 5 Mar 2026 09:59:00 +0000
		Message-ID: <$(printf %s "$1" | cksum | tr -d ' ')@mail.example>

		Is the lamp there?
		Anna
	MAIL
}
# signed KEY KIND DOMAIN SELECTOR [TAGS]
signed() {
	perl "$ROOT/tests/sign.pl" "$@"
}
# records FILE...: the mails as records.
records() {
	kith-ingest -f mail "$@" | kith-normalize -C kith.yaml --now 2026-03-06
}
verify() {
	kith-identify -C kith.yaml --now 2026-03-06 --resolver "$DNS" "$@"
}
# says WHAT WANT FILE [OPTIONS]: results and the author's trust.
says() {
	what=$1 want=$2 file=$3
	shift 3
	got=$(records "$file" | verify "$@" 2>err |
	    jq -r '[.auth.spf, .auth.dkim, .auth.dmarc, .auth.arc,
	        (.ids[0].trust // "-")] | map(. // "-") | join(" ")')
	is "$what" "$got" "$want"
}
dns_start dns || exit 1

mail anna@shop.example 198.51.100.7 anna@shop.example >spf
says 'the envelope is the author'"'"'s' 'pass none pass none authenticated' spf
mail anna@shop.example 203.0.113.9 anna@shop.example >forged
says 'another network' 'fail none fail none claimed' forged
mail anna@shop.example 203.0.113.9 x@evil.example >forged
says 'the envelope is somebody else'"'"'s' 'pass none fail none claimed' forged
{
	mail anna@shop.example 203.0.113.9 anna@shop.example | sed 3q
	echo 'Received: from a (a [198.51.100.7]) by mx.us.example; Thu, 5 Mar 2026 09:00:00 +0000'
	letter anna@shop.example
} >forged
says 'a field of ours that came with the mail' 'fail none fail none claimed' forged
{
	mail anna@shop.example 198.51.100.7 anna@shop.example | sed 1d | sed 's/mx.us/mx.other/'
} >forged
says 'a server that nobody named' 'none none none none claimed' forged
{
	echo 'Received: from x (x [203.0.113.9]) by mx.other.example; Thu, 5 Mar 2026 10:00:00 +0000'
	mail anna@shop.example 198.51.100.7 anna@shop.example
} >forged
says 'another server had it from outside' 'none none none none claimed' forged

letter anna@shop.example | signed rsa.pem rsa shop.example one >dkim
says 'RSA' 'none pass pass none authenticated' dkim
letter anna@shop.example | signed ed.pem ed25519 news.shop.example two >dkim
says 'Ed25519, by a domain below' 'none pass pass none authenticated' dkim
letter anna@strict.example | signed ed.pem ed25519 sub.strict.example two >dkim
says 'the same where it must be the domain itself' 'none pass none none claimed' dkim
mail anna@strict.example 198.51.100.7 anna@strict.example >spf2
says 'an include' 'pass none pass none authenticated' spf2
letter anna@shop.example | signed rsa.pem rsa shop.example one >dkim
sed 's/lamp there/money there/' dkim >changed
says 'another body' 'none fail none none claimed' changed
sed 's/^Subject: .*/Subject: The money/' dkim >changed
says 'another subject' 'none fail none none claimed' changed
sed 's/$/\r/' dkim >crlf
says 'line ends as they travel' 'none pass pass none authenticated' crlf
letter anna@shop.example | signed rsa.pem rsa shop.example one 'l=20' >part
says 'more than what was signed' 'none policy none none claimed' part
letter anna@shop.example | signed rsa.pem rsa shop.example one 'x=1700000000' >old
says 'over, when it came' 'none permerror none none claimed' old
letter anna@shop.example | signed rsa.pem rsa shop.example gone >lost
says 'no such key' 'none permerror none none claimed' lost
letter anna@shop.example | signed rsa.pem rsa evil.example one >lost
says 'a domain of somebody else' 'none permerror none none claimed' lost
sed 's/^To:/From: bob@evil.example\
To:/' dkim >two
says 'two authors' 'none none none none claimed' two
mail anna@plain.example 198.51.100.7 anna@plain.example >plain
says 'no policy: the envelope speaks' 'pass none none none authenticated' plain
mail anna@none.example 198.51.100.7 anna@none.example >nothing
says 'nothing at all' 'none none none none claimed' nothing

# What our server said stands.
{
	echo 'Authentication-Results: mx.us.example; dmarc=fail header.from=shop.example'
	cat spf
} >said
says 'the server that saw it says fail' '- - fail - claimed' said

# Mail of ours: in a folder of sent mail, and from outside.
letter care@us.example | sed 's/^To: .*/To: anna@shop.example/' >sent
is 'a letter that we sent is ours' "$(records sent | verify |
    jq -r '[.auth.by, .auth.author, .ids[0].trust] | join(" ")')" \
    'kith pass operator'
mail care@us.example 203.0.113.9 care@us.example |
    sed 's/^To: .*/To: anna@shop.example/' >sent
is 'one that came in with our name is not' "$(records sent | verify |
    jq -r '[.auth.dmarc, .auth.author // "-", .ids[0].trust] | join(" ")')" \
    'fail - mentioned'

# The raw mail: normalize keeps it, identify takes it out.
is 'normalize keeps the mail' "$(records spf | jq 'has("native")')" true
is 'identify takes it out' "$(records spf | verify | jq 'has("native")')" false
is '--keep-native leaves it' \
    "$(records spf | verify -k | jq -r '.native.text | length > 100')" true
is 'a second run says the same' "$(records spf | verify -k | verify)" \
    "$(records spf | verify)"
records spf | jq -c 'del(.native)' >bare
is 'without it nothing is checked' "$(verify <bare 2>err | jq -c .auth)" \
    '{"spf":"none","dkim":"none","dmarc":"none","arc":"none","by":"kith"}'
like 'which is said' "$(cat err)" 'not checked for want of the raw mail: 1;'
printf '\377\376 latin\n' >>spf
is 'bytes that are no UTF-8' "$(records spf | jq -r '.native | keys[0]') $(records spf |
    verify | jq -r .auth.dmarc)" 'base64 pass'

# Between runs.
for f in spf2 dkim plain forged; do cat $f >mail.$f; done
records mail.* >all
verify -S state <all >first
dns_stop
is 'the next run needs no server' "$(verify -S state <all)" "$(cat first)"
like 'what it knows is text' "$(sqlite3 state/dns.db \
    "SELECT data FROM answers WHERE name = 'shop.example'")" '^v=spf1 ip4'
says 'without a server nothing passes' 'none none none none claimed' mail.dkim
like 'which is said once' "$(cat err)" 'no server of the DNS answers'

code 'a resolver is an address' 2 kith-identify --verify --resolver dns.example all
code 'that needs --verify' 2 kith-identify --resolver "$DNS" all
done_testing
