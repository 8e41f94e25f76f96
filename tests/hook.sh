# What services do when they call a hook: source after lib.sh.  A request is
#	hook SOURCE BODY [VARIABLE=VALUE...]
# by the CGI, its answer's status in $status, what the server logs in .log.
# shellcheck shell=sh disable=SC2034
# Secrets that others can read are refused.
umask 077

# mac HASH KEY: the HMAC of standard input, in hexadecimal; mac64 in base64.
mac() { openssl dgst "-$1" -hmac "$2" -r | cut -d' ' -f1; }
mac64() { openssl dgst "-$1" -hmac "$2" -binary | base64 -w0; }

# hook SOURCE BODY [VARIABLE=VALUE...]
hook() {
	source=$1 body=$2
	shift 2
	printf %s "$body" >.body
	# shellcheck disable=SC2086 # a program and its words
	env -i KITH_SPOOL="$SCRATCH/spool" PATH_INFO="/hook/$source" \
	    ${PRELOAD+LD_PRELOAD="$PRELOAD"} REQUEST_METHOD=POST CONTENT_TYPE=application/json \
	    CONTENT_LENGTH="$(wc -c <.body)" KITH_NOW=2026-11-30T09:00:00Z \
	    "$@" ${UNDER:-} "$BUILD/bin/kith-hook" <.body >.answer 2>.log
	status=$(sed -n 's/^Status: \([0-9]*\).*/\1/p' .answer)
	said=$(sed '1,/^\r*$/d' .answer)
}
NOW=1796029200 # KITH_NOW

# slack BODY [TIME [KEY]]: signed as Slack does.
slack() {
	hook team "$1" HTTP_X_SLACK_REQUEST_TIMESTAMP="${2:-$NOW}" \
	    HTTP_X_SLACK_SIGNATURE="v0=$(printf %s "v0:${2:-$NOW}:$1" |
		mac sha256 "${3:-s3cret}")"
}
message() {
	printf '{"type":"event_callback","team_id":"T1","event":{"type":"message","channel":"C1","user":"U1","text":"%s","ts":"%s","team":"T1"}}' "$1" "$2"
}
# taken: bodies that are in the spool.
taken() { find spool -name '*.hook' | wc -l; }
all_taken() { [ "$(taken)" -eq 0 ]; }
