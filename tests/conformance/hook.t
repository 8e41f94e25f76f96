#!/bin/sh
# Signatures that others published, where they are at hand: each is taken, and
# with any byte of body or signature changed refused.
. "${0%/*}/../lib.sh"
# shellcheck source=tests/hook.sh
. "$ROOT/tests/hook.sh"
DATA=${KITH_DATA:-$ROOT/../shared/data}/live/hooks/vectors.json
[ -f "$DATA" ] || {
	echo '1..0 # skip no vectors of hooks'
	exit 0
}
cat >standard-webhooks.yaml <<'END'
format: json
hook:
  header: webhook-signature
  prefix: v1,
  several: true
  coding: base64
  signed: "{header:webhook-id}.{time}.{body}"
  time: {header: webhook-timestamp, tolerance: 300}
  secret: {coding: base64, prefix: whsec_}
END
echo x >word
vectors=$(jq length "$DATA")
{
	echo 'sources:'
	i=0
	while [ "$i" -lt "$vectors" ]; do
		jq -j ".[$i].secret" "$DATA" >"secret$i"
		service=$(jq -r ".[$i].service | {meta: \"messenger\",
			\"standard-webhooks\": \"./standard-webhooks.yaml\"}[.] // ." "$DATA")
		url=$(jq -r ".[$i].url // \"https://a.example\" | split(\"?\")[0]" "$DATA")
		echo "  v$i: {service: $service, secretFile: secret$i, challengeFile: word, hook: \"$url\"}"
		i=$((i + 1))
	done
	echo 'spool: spool'
} >kith.yaml
kith ingest -C kith.yaml --hook-setup || exit 1

# vector I BODY [FLIP]: as it is, or with that byte of the signature changed.
vector() {
	i=$1 body=$2
	set --
	while IFS='	' read -r name value; do
		set -- "$@" "$name=$value"
	done <headers
	at=$(jq -r ".[$i] | (.now // (.headers[\"X-Chatwoot-Timestamp\"] | numbers, strings | tonumber)
		// (.headers[\"X-Front-Request-Timestamp\"] | numbers, strings | tonumber / 1000) // 0) | todate" "$DATA" | head -n 1)
	query=$(jq -r ".[$i].url // \"\" | split(\"?\")[1] // \"\"" "$DATA")
	hook "v$i" "$body" CONTENT_TYPE="$(jq -r ".[$i] | .headers[\"Content-Type\"] //
		(if .service == \"twilio\" then \"application/x-www-form-urlencoded\" else \"application/json\" end)" "$DATA")" \
	    QUERY_STRING="$query" "$@" KITH_NOW="${at:-1970-01-01T00:00:00Z}"
}
# headers FLIP: of vector $i as variables; FLIP changes the last letter but two
# of each signature.
headers() {
	jq -r --argjson flip "$1" ".[$i].headers | to_entries[] |
		[\"HTTP_\" + (.key | ascii_upcase | gsub(\"-\"; \"_\")),
		(if \$flip and (.key | test(\"ignature\$|ignature-256\$\")) then
		.value[:-5] + (if .value[-5:-4] == \"0\" then \"1\" else \"0\" end) + .value[-4:]
		else .value end)] | @tsv" "$DATA" >headers
}
i=0
while [ "$i" -lt "$vectors" ]; do
	what_of="$(jq -r ".[$i] | \"\(.service) \(.note // \"\")\"" "$DATA")"
	n=$i
	body=$(jq -r ".[$i].body" "$DATA")
	headers false
	vector "$n" "$body"
	is "$n $what_of" "$status" 200
	vector "$n" "x$body"
	is "$n $what_of, another body" "$status" 401
	vector "$n" "$(jq -r ".[$n].body" "$DATA")x"
	is "$n $what_of, a longer one" "$status" 401
	headers true
	vector "$n" "$(jq -r ".[$n].body" "$DATA")"
	is "$n $what_of, another signature" "$status" 401
	i=$((n + 1))
done
done_testing
