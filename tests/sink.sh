# A mail and web server of tests/tools/sink.c for shell tests: source after
# lib.sh.  start_sink [ARGUMENT...] sets $smtp, $http and $sink.
# shellcheck shell=sh
SINK=$BUILD/tests/tools/sink
# Secrets that others can read are refused.
umask 077
sink=

start_sink() {
	stop_sink
	rm -f ports
	mkfifo ports
	"$SINK" -l taken "$@" >ports &
	sink=$!
	{
		read -r _ smtp
		read -r _ http
		read -r _ smtps
	} <ports
	: "${smtp:?}" "${http:?}" "${smtps:?}"
	mkdir -p transports
	cat >transports/mail.yaml <<-END
		kind: smtp
		channel: email
		url: smtp://127.0.0.1:$smtp
		from: support@example.com
		tls: none
		parallel: ${PARALLEL:-4}
	END
}

stop_sink() {
	[ -z "$sink" ] || kill "$sink"
	[ -z "$sink" ] || wait "$sink" 2>/dev/null
	sink=
}

# mails N [JQ]: drafts of as many mails, each to its own customer, through JQ.
mails() {
	jq -cn --argjson n "$1" 'range($n) | "Hello \(.),\nyours" as $body |
	  {id: "m\(.)", type: "message", channel: "email",
	   direction: "outbound", from: {email: "support@example.com"},
	   to: [{email: "c\(.)@example.org"}], subject: "Re: question \(.)",
	   text: $body, keywords: ["draft"], conversation: "c\(.)",
	   reply: {channel: "email", body: $body, idempotencyKey: "key\(.)"}} |
  '"${2:-.}"
}
# member NAME [FILE]: the string that each line has under this name.
member() {
	sed -n 's/.*"'"$1"'":"\([^"]*\)".*/\1/p' "${2:-out}"
}
