# Exports for the stories, as the channels write them.
# shellcheck shell=sh
SERVER=mx.hafen.example

# mail WHEN(RFC 5322 date) FROM TO SUBJECT MESSAGE-ID [IN-REPLY-TO] [AUTH]: a
# mail in mboxrd on standard output, body from standard input.  AUTH: pass,
# fail, none; inbound mail carries what the receiving server (SERVER) wrote.
mail() {
	addr=$(printf '%s' "$2" | sed 's/.*<\(.*\)>/\1/')
	domain=${addr#*@}
	printf 'From %s Thu Jan  1 00:00:00 2026\n' "$addr"
	case ${7:-pass} in
	pass) printf 'Authentication-Results: %s; spf=pass smtp.mailfrom=%s;\n dkim=pass header.d=%s; dmarc=pass header.from=%s\n' "$SERVER" "$addr" "$domain" "$domain" ;;
	fail) printf 'Authentication-Results: %s; spf=fail smtp.mailfrom=%s;\n dkim=none; dmarc=fail header.from=%s\n' "$SERVER" "$addr" "$domain" ;;
	esac
	printf 'From: %s\nTo: %s\nSubject: %s\nMessage-ID: <%s>\nDate: %s\n' \
		"$2" "$3" "$4" "$5" "$1"
	[ -z "${6-}" ] || printf 'In-Reply-To: <%s>\nReferences: <%s>\n' "$6" "$6"
	printf 'MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n'
	sed 's/^\(>*From \)/>\1/'
	printf '\n\n'
}

# slack_user ID NAME EMAIL: a row of users.json.
slack_user() {
	printf '{"id":"%s","team_id":"THAFEN","name":"%s","deleted":false,"real_name":"%s","is_bot":false,"updated":1770000000,"profile":{"real_name":"%s","display_name":"%s","email":"%s"}}' \
		"$1" "$1" "$2" "$2" "$2" "$3"
}

# slack_message USER TS TEXT: a message of a day file.
slack_message() {
	printf '{"type":"message","user":"%s","ts":"%s","text":"%s"}' "$1" "$2" "$3"
}

# workspace: kith.yaml of the company in the stories.
workspace() {
	cat <<'Y'
us:
  emails: [hallo@hafen.example]
  domains: [hafen.example]
  tels: ["+4940555000"]
zone: Europe/Berlin
region: DE
authserv: [mx.hafen.example]
rules: rules.yaml
Y
}

# pipeline EXPORT...: raw files to triaged records.
pipeline() {
	kith ingest "$@" | kith normalize -C kith.yaml |
		kith identify -C kith.yaml | kith merge -C kith.yaml |
		kith recall -C kith.yaml | kith route -C kith.yaml
}
