#!/bin/sh
# Signatures of DKIM over the samples of dkimpy, where they are at hand: the
# examples of RFC 6376 and 8463, and what becomes of one with other key records.
. "${0%/*}/../lib.sh"
. "$ROOT/tests/dns.sh"
DATA=${KITH_DATA:-$ROOT/../shared/data}/mailauth/dkim
[ -d "$DATA" ] || {
	echo '1..0 # skip no samples of DKIM'
	exit 0
}
dns_there || {
	echo '1..0 # skip nsd is not installed: scripts/setup --test-servers'
	exit 0
}
DATA=$(cd "$DATA" && pwd)
mkdir dns

# says WHAT WORDS MAIL NAME=FILE...: that its signatures say so where the files
# are the key records of these names.
says() {
	what=$1 want=$2 mail=$3
	shift 3
	echo '. 60 IN SOA a. b. 1 60 60 60 60' >dns/root
	echo '. 60 IN NS a.' >>dns/root
	for key; do
		perl -0777 -ne 'BEGIN { $name = shift } s/\s+$//;
		    print "$name. 60 IN TXT ",
			join(" ", map { "\"$_\"" } /(.{1,255})/gs), "\n"' \
		    "${key%%=*}" "${key#*=}" >>dns/root
	done
	dns_start dns || exit 1
	jq -Rs '{check: "dkim", raw: .}' -c "$mail" |
	    "$BUILD/tests/tools/mailauth" "$DNS" >got
	is "$what" "$(cat got)" "$want"
}

ed=brisbane._domainkey.football.example.com
rsa=test._domainkey.football.example.com
echo 'v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=' >ed.txt
signed=$DATA/rfc6376.signed.msg
says 'RFC 8463, A.3: both hold' 'pass pass' \
    "$signed" "$ed=ed.txt" "$rsa=$DATA/test.txt"
says 'a key record without k=' 'permerror pass' \
    "$signed" "$rsa=$DATA/test2.txt"
says 'a kind of key that nobody knows' 'pass permerror' \
    "$signed" "$ed=ed.txt" "$rsa=$DATA/badk.txt"
says 'a version that is none' 'pass permerror' \
    "$signed" "$ed=ed.txt" "$rsa=$DATA/badversion.txt"
says 'a key that is for reports on TLS' 'pass permerror' \
    "$signed" "$ed=ed.txt" "$rsa=$DATA/test_tlsrpt.txt"
says 'a key that is cut' 'pass permerror' \
    "$signed" "$ed=ed.txt" "$rsa=$DATA/test_bad.txt"
sed 's/^We lost/They lost/' "$signed" >other
says 'another body' 'fail fail' other "$ed=ed.txt" "$rsa=$DATA/test.txt"
sed 's/^Subject: Is/Subject: Was/' "$signed" >other
says 'another subject' 'fail fail' other "$ed=ed.txt" "$rsa=$DATA/test.txt"
# h= names the field twice, and it was there once.
sed 's/^To:/Subject: first\
To:/' "$signed" >other
says 'a second subject' 'fail fail' other "$ed=ed.txt" "$rsa=$DATA/test.txt"
says "Exim's sample" pass "$DATA/ed25519test2.msg" \
    "sed._domainkey.test.ex=$DATA/eximtest.dns"
for unsigned in test.message ed25519test.msg test_nofrom.message rfc6376.msg; do
	says "$unsigned has none" none "$DATA/$unsigned"
done
for old in message.mbox test2.message; do
	says "$old: the key is gone" permerror "$DATA/$old"
done
done_testing
