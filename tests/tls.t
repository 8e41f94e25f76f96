#!/bin/sh
# reply --send over TLS, with certificates of the test's own: what is right is
# sent, what is not gets nothing, and the reason says which.
. "${0%/*}/lib.sh"
# shellcheck source=sink.sh
. "$TESTS/sink.sh"
command -v openssl >/dev/null || {
	echo '1..0 # SKIP openssl is not installed'
	exit 0
}
T1=2024-05-01T00:00:00Z

key() { # FILE: a key and a request for localhost
	openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \
	    -keyout "$1.key" -out "$1.csr" -subj "/CN=localhost" 2>/dev/null
}
signed() { # CA DAYS FILE: the server's key and certificate in FILE
	openssl x509 -req -in server.csr -CA "$1.pem" -CAkey "$1.key" \
	    -days "$2" -extfile names -out "$3" 2>/dev/null
	cat server.key >>"$3"
}
echo 'subjectAltName=DNS:localhost' >names
key server
for ca in ca stranger; do
	key $ca
	openssl req -x509 -key $ca.key -subj "/CN=$ca" -days 2 \
	    -out $ca.pem 2>/dev/null
done
signed ca 2 good.pem
# Zero days: over when the second has passed.
signed ca 0 expired.pem
signed stranger 2 unknown.pem

# transports HOST: by STARTTLS, by SMTPS and by HTTPS.
transports() {
	rm -f transports/*
	printf 'hush-hush\n' >transports/password
	for kind in starttls smtps; do
		cat >transports/$kind.yaml <<-END
			kind: smtp
			channel: email
			account: $kind
			from: support@example.com
			user: support@example.com
			passwordFile: password
			caFile: $SCRATCH/ca.pem
			timeout: 5s
		END
	done
	echo "url: smtp://$1:$smtp" >>transports/starttls.yaml
	echo "url: smtps://$1:$smtps" >>transports/smtps.yaml
	cat >transports/https.yaml <<-END
		kind: http
		channel: chat
		url: https://$1:$http/hook
		private: true
		caFile: $SCRATCH/ca.pem
		body: '{key: .reply.idempotencyKey}'
		timeout: 5s
	END
}
send() {
	rm -rf state
	: >taken
	kith-reply --now $T1 -q -t transports/starttls.yaml \
	    -t transports/smtps.yaml -t transports/https.yaml --send -S state \
	    <drafts >out 2>err
}
# What became of each, without the host, which is checked apart.
ends() {
	sed 's/.*"delivery":{"status":"\([a-z]*\)".*"transport":"\([a-z]*\)"/\2 \1 /
	  s/ ,.*"reason":"\([^"]*\)".*retryAt.*/ again: \1/; s/ ,.*//' out
}
mails 3 'if .id == "m0" then .account = "starttls"
  elif .id == "m1" then .account = "smtps"
  else .channel = "chat" | .reply.channel = "chat" | del(.from, .subject) |
    .to = [{uri: "chat:1"}] end' >drafts

login=$(printf '\0support@example.com\0hush-hush' | base64)
start_sink -c good.pem -u "$login"
transports localhost
send
is "a certificate that is right, and a login" "$? $(ends)" "0 starttls sent
smtps sent
https sent"
is "  and all arrived" "$(wc -l <taken)" 3
ok "  the password is nowhere" test -z "$(grep -l hush out err state/*)"
echo 'guess' >transports/password
send
is "a wrong password: the server's words, and a later run tries again" \
    "$? $(ends)" \
    "75 starttls failed again: not sent: login denied: 535 5.7.8 who are you?
smtps failed again: not sent: login denied: 535 5.7.8 who are you?
https sent"

# refused WHAT REASON: by all three, and nothing arrived.
refused() {
	send
	is "$1" "$? $(ends | sort | uniq -c | wc -l) $(ends |
	    sed 's/^[a-z]* //;s/ipv4 address/host name/' | sort -u) $(wc -l <taken)" "75 3 $2 0"
}
transports 127.0.0.1
refused "a name that the certificate has not" "failed again: not sent: SSL: no \
alternative certificate subject name matches target host name '127.0.0.1'"
for wrong in expired unknown; do
	start_sink -c $wrong.pem
	transports localhost
	refused "a certificate that is $wrong" "failed again: not sent: SSL \
certificate problem: $(case $wrong in
	expired) echo certificate has expired ;;
	unknown) echo unable to get local issuer certificate ;;
	esac)"
done
start_sink
transports localhost
head -n 1 drafts >first
mv first drafts
send
is "a server without TLS" "$? $(ends) $(wc -l <taken)" \
    "75 starttls failed again: not sent: STARTTLS not supported. 0"
stop_sink
done_testing
