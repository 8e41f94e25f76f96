#!/bin/sh
# Signed vCons: whose signature counts is what the workspace says, nothing in
# the vCon does, and what has none of theirs is a claim of whoever wrote it.
. "${0%/*}/lib.sh"
command -v openssl >/dev/null || {
	echo '1..0 # SKIP openssl is not installed'
	exit 0
}
jws() {
	perl "$TESTS/jws.pl" "$@"
}
# keys NAME ALGORITHM [OPTION]: NAME.key and NAME.pem.
keys() {
	name=$1
	shift
	openssl genpkey -algorithm "$@" -out "$name.key" 2>/dev/null
	openssl pkey -in "$name.key" -pubout -out "$name.pem"
}
keys rsa RSA
keys ec EC -pkeyopt ec_paramgen_curve:P-256
keys ed ed25519
keys other ed25519
cat >kith.yaml <<'Y'
us: {emails: [desk@example.com], tels: ["+49301234567"]}
region: DE
vcon: {keys: [rsa.pem, ec.pem, ed.pem]}
verified: [vcon.email]
Y
grep -v '^vcon:' kith.yaml >without.yaml
cat >call.json <<'J'
{"vcon":"0.4.0","uuid":"0197b5a1-0000-8000-8000-000000000001","created_at":"2025-06-01T10:00:00Z","parties":[{"tel":"+493055501234","mailto":"ana@riba.example","name":"Ana"},{"tel":"+49301234567","name":"Desk"}],"dialog":[{"type":"recording","start":"2025-06-01T09:58:00Z","duration":42,"parties":[0,1],"originator":0,"mediatype":"audio/x-wav","url":"https://pbx.example/1.wav","content_hash":"sha512-AA"},{"type":"text","start":"2025-06-01T10:00:00Z","parties":[0,1],"body":"Thanks!","mediatype":"text/plain","encoding":"none"}]}
J
# signed FILE [OPTION...]: what normalize makes of it, and what it refuses.
signed() {
	file=$1
	shift
	kith-ingest -f vcon "$file" |
		kith-normalize -C kith.yaml --rejects rejects "$@" 2>err
}
# tell FILE: status, algorithm, which signature, by which key; or why not.
tell() {
	rm -f rejects
	signed "$1" | jq -rs 'map(.data.signed | "\(.status) \(.alg) \(.signature) \(.key)") |
	    unique | join(", ") | select(. != "")'
	[ ! -s rejects ] || jq -r .reason rejects
}

# Each algorithm, in both forms.
for pair in RS256:rsa RS384:rsa RS512:rsa PS256:rsa PS384:rsa PS512:rsa \
	ES256:ec EdDSA:ed; do
	jws "${pair%:*}" "${pair#*:}.key" <call.json >>all
	jws -g "${pair%:*}" "${pair#*:}.key" <call.json >>all
	printf 'verified %s 0 %s.pem\n' "${pair%:*}" "${pair#*:}" \
	    "${pair%:*}" "${pair#*:}" >>want
done
is 'each algorithm, flattened and general' "$(signed all |
    jq -r 'select(.type == "call").data.signed |
	"\(.status) \(.alg) \(.signature) \(.key)"')" "$(cat want)"
jws -g EdDSA other.key -- RS256 - -- ES256 ec.key <call.json >several
is 'one good signature of several, and which' "$(tell several)" \
    'verified ES256 2 ec.pem'
is 'each record says so' "$(signed several | jq -c '[.type, .data.signed.status]')" \
    "$(printf '["call","verified"]\n["message","verified"]')"
jws EdDSA ed.key '"alg":"EdDSA","kid":"1"' <call.json >twice
is 'what the header says again' "$(tell twice)" 'verified EdDSA 0 ed.pem'
jq -c '.header = {alg: "EdDSA"} | .protected = "e30"' twice >moved
is 'what was not signed as it stands' "$(tell moved)" \
    'a signed vCon: signature: no key for EdDSA made it'

# All that is signed, and the signature, a byte at a time.
jws EdDSA ed.key '' '"typ":"vcon"' <call.json >good
perl -MJSON::PP -e '
	my $v = decode_json(<>);
	for my $member (qw(protected payload signature)) {
		for my $i (0 .. length($v->{$member}) - 1) {
			my %one = %$v;
			my $c = substr $one{$member}, $i, 1;
			# Letters whose values differ in the highest bit: the
			# lowest of the last one says nothing.
			(my $d = $c) =~ tr/A-Za-z0-9_-/g-z0-9_\-A-Za-f/;
			substr $one{$member}, $i, 1, $d;
			print encode_json(\%one), "\n";
		}
	}' good >changed
rm -f rejects
is 'no byte of it may differ' "$(signed changed | wc -l)" 0
is "  of $(wc -l <changed) changes" "$(wc -l <rejects)" "$(wc -l <changed)"

# What cannot be one: refused NAME VCON REASON, all of them read at once.
refused() {
	printf '%s\n' "$2" >>bad
	printf '%s: a signed vCon: %s\n' "$1" "$3" >>reasons
}
refused 'another key' "$(jws EdDSA other.key <call.json)" \
    'signature: no key for EdDSA made it'
refused 'no signature' "$(jws none - <call.json)" \
    'signature: alg none signs nothing'
refused 'a shared secret' "$(jws HS256 - <call.json)" \
    'signature: alg HS256 is made with a secret that both have, and proves nothing'
refused 'an algorithm that nobody knows' "$(jws ES256K - <call.json)" \
    'signature: alg ES256K is none of RS256, PS256, ES256, their longer forms, and EdDSA'
refused 'no algorithm' '{"payload":"e30","protected":"e30","signature":"AAAA"}' \
    'signature: it must name its alg'
refused 'an algorithm of a key that is not there' \
    "$(jws ES384 - <call.json)" 'signature: there is no key for ES384'
refused 'two algorithms' "$(jws EdDSA ed.key '"alg":"RS256"' <call.json)" \
    'signature: protected and header have two algs'
refused 'what must be understood' \
    "$(jws EdDSA ed.key '' '"crit":["b64"],"b64":false' <call.json)" \
    'signature: crit asks for what kith does not know'
refused 'both forms at once' "$(jws -g EdDSA ed.key <call.json |
	jq -c '.signature = .signatures[0].signature')" \
    'it must have either signatures or a signature'
refused 'no signatures' '{"payload":"e30","signatures":[]}' \
    'it must have either signatures or a signature'
refused 'nine of them' "$(jws -g EdDSA ed.key <call.json |
	jq -c '.signatures = [range(9) as $i | .signatures[0]]')" \
    'more than 8 signatures'
refused 'a header that is none' '{"payload":"e30","protected":"!","signature":"AAAA"}' \
    'signature: protected must be an object in base64url'
refused 'each says what is wrong with it' \
    "$(jws -g EdDSA other.key -- none - <call.json)" \
    'signatures[0]: no key for EdDSA made it; signatures[1]: alg none signs nothing'
jwk=$(openssl pkey -pubin -in other.pem -outform DER | tail -c 32 |
	perl -MMIME::Base64=encode_base64url -0777 -ne 'print encode_base64url($_)')
refused 'a key that it brings along' \
    "$(jws EdDSA other.key '' "\"jwk\":{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"$jwk\"}" <call.json)" \
    'signature: no key for EdDSA made it'
rm -f rejects
is 'nothing of what cannot be one' "$(signed bad | wc -l)" 0
is "  of $(wc -l <bad) kinds, with the reason" \
    "$(jq -r .reason rejects | paste -d '|' reasons - | sed 's/: .*|/: /')" \
    "$(cat reasons)"

# Certificates that it brings along: from an authority of ours, or another's.
authority() {
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
	    -keyout "$1.key" -out "$1.pem" -subj "/CN=Authority" -days 36500 \
	    -addext basicConstraints=critical,CA:TRUE 2>/dev/null
	openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
	    -keyout "$1-pbx.key" -out pbx.csr -subj "/CN=pbx.example" 2>/dev/null
	openssl x509 -req -in pbx.csr -CA "$1.pem" -CAkey "$1.key" \
	    -CAcreateserial -days 36500 -out "$1-pbx.pem" 2>/dev/null
}
# chain NAME: the certificate of its PBX as x5c.
chain() {
	printf '"x5c":["%s"]' \
	    "$(openssl x509 -in "$1-pbx.pem" -outform DER | openssl base64 -A)"
}
authority ours
authority theirs
sed 's/rsa.pem/ours.pem/' kith.yaml >with && mv with kith.yaml
# Made when the certificates are valid, which openssl lets begin now.
now=$(date -u +%Y-%m-%dT%H:%M:%SZ)
jq -c --arg now "$now" '.updated_at = $now' call.json >now.json
jws ES256 ours-pbx.key "$(chain ours)" <now.json >chained
is 'a certificate of an authority of ours' "$(tell chained)" \
    'verified ES256 0 ours.pem'
is '  and whose it is' "$(signed chained | jq -r '.data.signed.subject' | uniq)" \
    'CN=pbx.example'
jws ES256 ours-pbx.key '' "$(chain ours)" <now.json >chained
is '  in the signed header, too' "$(tell chained)" 'verified ES256 0 ours.pem'
jws ES256 ours-pbx.key "$(chain ours)" <call.json >early
like '  before it was valid' "$(tell early)" \
    'x5c does not lead to a certificate of the keys: certificate is not yet valid'
jws ES256 theirs-pbx.key "$(chain theirs)" <now.json >foreign
like '  of another with the same name' "$(tell foreign)" \
    'x5c does not lead to a certificate of the keys: '
jws ES256 theirs-pbx.key "$(chain ours)" <now.json >beside
like '  of ours beside a signature of theirs' "$(tell beside)" \
    'it is not by the key of x5c\[0\]'

# What identify makes of it: never more than of the channel and of verified.
trusts() {
	kith-ingest -f vcon "$1" | kith-normalize -q -C "$2" |
		kith-identify -q -C "$2" |
		jq -r 'select(.type == "call") | [.ids[] | "\(.type) \(.trust)"] | sort | join(", ")'
}
jws EdDSA ed.key <call.json >good
jws EdDSA other.key <call.json >unknown
is 'verified: what the channel and the workspace vouch for' \
    "$(trusts good kith.yaml)" 'email operator, tel platform'
is 'the signature taken away: claims' "$(trusts call.json kith.yaml)" \
    'email claimed, tel claimed'
is 'without keys as ever' "$(trusts unknown without.yaml)" \
    "$(trusts call.json without.yaml)"
is '  and unverified' "$(kith-ingest -f vcon unknown |
    kith-normalize -q -C without.yaml | jq -r '.data.signed.status // empty')" \
    unverified
# Who writes a vCon that kith would have written says nothing of itself.
kith-ingest -f vcon good | kith-normalize -q -C kith.yaml |
    kith-report vcon --now 2026-11-01T00:00:00Z >ours
is 'records that kith wrote down' "$(grep -c '"status":"verified"' ours)" 1
is 'are verified no more' "$(trusts ours kith.yaml)" \
    'email claimed, tel claimed'
is '  nor said to be' "$(kith-ingest ours | kith-normalize -q -C without.yaml |
    grep -c '"verified"')" 0
jws EdDSA ed.key <ours >again
is '  until they are signed' "$(trusts again kith.yaml)" \
    'email operator, tel platform'
is '  by a key of ours' "$(tell again)" 'verified EdDSA 0 ed.pem'

# Keys are read before the walls stand, and all at once.
code 'behind the walls' 0 kith-normalize --sandbox=require -C kith.yaml /dev/null
kith-ingest good | kith-normalize --sandbox=require -C kith.yaml >walled 2>err
if grep -q 'this kernel has' err; then
	pass 'a key is at hand behind the walls # skip this kernel has none'
else
	is 'a key is at hand behind the walls' "$(grep -c '"verified"' walled)" 2
fi
echo 'vcon: {keys: [none.pem]}' >bad.yaml
code 'a key that is not there' 2 kith-normalize -C bad.yaml good
like '  is said' "$(cat "$SCRATCH/.err")" 'vcon.keys: .*none.pem'
echo 'vcon: {keys: [ed.key]}' >bad.yaml
code 'a private key' 2 kith-normalize -C bad.yaml good
like '  is said' "$(cat "$SCRATCH/.err")" 'vcon.keys: ed.key: a private key'
echo 'vcon: {key: ed.pem}' >bad.yaml
code 'a key that is none of the workspace' 2 kith-normalize -C bad.yaml good
like '  is said' "$(cat "$SCRATCH/.err")" "unknown key 'key' in vcon; did you mean 'keys'"
done_testing
