#!/bin/sh
# Mail straight to the servers of its recipient's domain: which are tried, which
# never, and whose certificates count, with a DNS and mail servers on loopback.
. "${0%/*}/lib.sh"
# shellcheck source=tests/sink.sh
. "$ROOT/tests/sink.sh"
. "$ROOT/tests/dns.sh"
dns_there || {
	echo '1..0 # skip nsd is not installed: scripts/setup --test-servers'
	exit 0
}
openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem \
    -days 3650 -subj /CN=mx.sure.example \
    -addext subjectAltName=DNS:mx.sure.example 2>/dev/null
cat key.pem cert.pem >both.pem
spki=$(openssl x509 -in cert.pem -pubkey -noout |
    openssl pkey -pubin -outform DER | openssl dgst -sha256 -r | cut -d' ' -f1)
cert=$(openssl x509 -in cert.pem -outform DER | openssl dgst -sha256 -r |
    cut -d' ' -f1)

# zone: what the DNS says, now that the port is known.
zone() {
	mkdir -p dns
	cat >dns/root <<-ZONE
		. 60 IN SOA a. b. 1 60 60 60 60
		. 60 IN NS a.
		two.example. 60 IN MX 20 here.two.example.
		two.example. 60 IN MX 10 away.two.example.
		here.two.example. 60 IN A 127.0.0.1
		away.two.example. 60 IN A 127.0.0.9
		itself.example. 60 IN A 127.0.0.1
		null.example. 60 IN MX 0 .
		null.example. 60 IN A 127.0.0.1
		lost.example. 60 IN MX 10 gone.lost.example.
		sure.example. 60 IN MX 10 mx.sure.example.
		mx.sure.example. 60 IN A 127.0.0.1
		wrong.example. 60 IN MX 10 mx.wrong.example.
		mx.wrong.example. 60 IN A 127.0.0.1
		_$smtp._tcp.mx.wrong.example. 60 IN TLSA 3 1 1 $(printf '%064d' 0)
		mixed.example. 60 IN MX 10 mx.wrong.example.
		mixed.example. 60 IN MX 20 here.two.example.
		old.example. 60 IN MX 10 mx.old.example.
		mx.old.example. 60 IN A 127.0.0.1
		_$smtp._tcp.mx.old.example. 60 IN TLSA 1 1 1 $(printf '%064d' 0)
		other.example. 60 IN MX 10 mx.other.example.
		mx.other.example. 60 IN A 127.0.0.1
		_$smtp._tcp.mx.other.example. 60 IN TLSA 2 0 1 $cert
		_$smtp._tcp.mx.sure.example. 60 IN TLSA 3 1 1 $spki
	ZONE
	echo failing.example. >dns/failing
	dns_start dns
}
# transport KEYS...
transport() {
	cat >transports/mail.yaml <<-END
		kind: smtp
		channel: email
		url: mx:$smtp
		from: support@example.com
		tls: opportunistic
		$(printf '%s\n' "$@")
	END
}
# send DOMAIN: the delivery's status and reason.
send() {
	rm -rf state
	mails 1 ".to[0].email = \"ann@$1\"" >draft
	kith-reply --send -S state -C kith.yaml --now 2026-03-05T10:00:00Z draft \
	    2>err | jq -r '.delivery | [.status, .reason // "-"] | join(" ")'
}
printf 'us: {emails: [support@example.com]}\ntransports: transports\n' >kith.yaml
start_sink || exit 1
zone || exit 1
printf 'resolver: %s\n' "$DNS" >>kith.yaml
transport 'private: true'

is 'the second, where the first does not answer' "$(send two.example)" 'sent -'
ok 'has it' grep -q 'ann@two.example' taken
is 'the domain itself, where it names none' "$(send itself.example)" 'sent -'
is 'a domain that takes no mail' "$(send null.example)" \
    'failed the domain takes no mail (RFC 7505)'
is 'a domain that is none' "$(send none.example)" 'failed there is no such domain'
is 'servers without an address' "$(send lost.example)" \
    "failed the domain's mail servers have no address"
code 'no other run tries again' 1 kith-reply --send -S state -C kith.yaml draft
is 'where the DNS cannot say' "$(send failing.example)" \
    'failed the DNS does not say now who takes its mail'
rm -rf state
later() {
	kith-reply --send -S state -C kith.yaml --now "2026-03-$1T10:00:00Z" draft
}
code 'another run is asked for' 75 later 05
code 'and another' 75 later 06
code 'until nobody expects an answer any more' 1 later 12
mails 1 '.to[0].email = "ann@itself.example" | .reply.cc = [{email: "bo@two.example"}]' >draft
rm -rf state
like 'copies at other domains are refused' "$(kith-reply --send -S state \
    -C kith.yaml --now 2026-03-05T10:00:00Z draft | jq -r .delivery.reason)" \
    'by MX a mail goes to one$'
transport
like "a network's own addresses are none to send to" "$(send itself.example)" \
    '^failed not sent: .*address that is not allowed'

# What DNSSEC vouches for: a resolver that says so stands before the server.
start_sink -c both.pem || exit 1
zone || exit 1
perl "$ROOT/tests/validating.pl" "$DNS" >resolver &
validating=$!
trap 'kill $validating; dns_stop; stop_sink; cd /; rm -rf "$SCRATCH"' EXIT
within test -s resolver
sed -i "s/^resolver: .*/resolver: $(cat resolver)/" kith.yaml
transport 'private: true'
is 'a certificate that the DNS names' "$(send sure.example)" 'sent -'
like 'another one' "$(send wrong.example)" '^failed not sent: '
ok 'has nothing' sh -c '! grep -q ann@wrong.example taken'
like 'an authority whose certificate is for another host' \
    "$(send other.example)" '^failed not sent: '
is 'records of a use that mail has not' "$(send old.example)" 'sent -'
is 'no record, any certificate' "$(send itself.example)" 'sent -'
sed -i 's/^tls: .*/tls: required/' transports/mail.yaml
like 'required: a certificate that nobody knows' "$(send itself.example)" \
    '^failed not sent: '
is 'required, and the DNS names it' "$(send sure.example)" 'sent -'
sed -i "s/^resolver: .*/resolver: $DNS/" kith.yaml
transport 'private: true'
is 'without DNSSEC a record says nothing' "$(send wrong.example)" 'sent -'
start_sink || exit 1
zone || exit 1
kill $validating
perl "$ROOT/tests/validating.pl" "$DNS" >resolver2 &
validating=$!
within test -s resolver2
sed -i "s/^resolver: .*/resolver: $(cat resolver2)/" kith.yaml
transport 'private: true'
like 'a server that the DNS names and that has no TLS' "$(send sure.example)" \
    '^failed not sent: '
is 'another one of the domain, that it does not name' "$(send mixed.example)" \
    'sent -'

code 'a login needs a server that is named' 2 sh -c '
    echo secret >pw
    printf "kind: smtp\nchannel: email\nurl: mx\nfrom: a@b.example\nuser: u\npasswordFile: pw\n" >t.yaml
    exec kith-reply --send -S state -t t.yaml </dev/null'
stop_sink
done_testing
