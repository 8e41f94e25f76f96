#!/bin/sh
# Live sources by OAuth: access tokens by a refresh token that is replaced each
# time, and is in its file before it is needed.
. "${0%/*}/lib.sh"
. "$TESTS/dovecot.sh"
dovecot_there || {
	echo "1..0 # skip dovecot is not installed: scripts/setup --test-servers"
	exit 0
}
perl "$TESTS/oauth.pl" grants >port &
endpoint=$!
within test -s port
port=$(cat port)
# serve MECHANISM ...: a server that knows tokens, and no password.
serve() {
	cat >"$around/oauth.ext" <<-CONF
		tokeninfo_url = http://127.0.0.1:$port/tokeninfo?access_token=
		username_attribute = email
		active_attribute = active
		active_value = true
	CONF
	dovecot_start "auth_mechanisms = $*" 'passdb {' ' driver = oauth2' \
	    ' mechanisms = xoauth2 oauthbearer' " args = $around/oauth.ext" '}'
	cat >kith.yaml <<-YAML
		sources:
		  desk: {url: "imaps://u1@$IMAPS", tokenFile: tokens/desk.json}
	YAML
}
serve oauthbearer || exit 1
dovecot_mails u1 INBOX 1 5
mkdir tokens
umask 077
token() {
	cat >tokens/desk.json <<-JSON
		{"token_endpoint": "http://127.0.0.1:$port/token", "client_id": "c",
		 "client_secret": "s&3", "refresh_token": "$1", "mine": [1, 2]}
	JSON
}
desk() {
	kith ingest -C kith.yaml -S "state.$1" @desk
}
token r1
is "OAUTHBEARER" "$(desk a | wc -l)" 5
is "the refresh token was replaced, and what else is there stays" \
    "$(jq -c '[.refresh_token, .mine]' tokens/desk.json)" '["r2",[1,2]]'
is "the new one is good" "$(desk b | wc -l)" 5
dovecot_stop
serve xoauth2 || exit 1
is "XOAUTH2" "$(desk c | wc -l)" 5
echo 9 >grants
code "a refresh token that is void" 2 desk d
like "is said, with what to do" "$(cat .err)" \
    "desk.json: the refresh token is no good any more: get a new one"
token r9
chmod 500 tokens
if [ "$(id -u)" -ne 0 ]; then
	code "one that cannot be kept" 2 desk e
	is "nothing was read by it" "$(cat .out)" ""
fi
chmod 700 tokens
echo 9 >grants
is "another one" "$(desk f | wc -l)" 5
echo "{\"token_endpoint\": \"http://127.0.0.1:$port/token\", \"client_id\": \"c\", \"client_secret\": \"s&3\"}" >tokens/desk.json
cp tokens/desk.json before.json
is "by the client's secret alone" "$(desk i | wc -l)" 5
ok "its file stays as it is" cmp before.json tokens/desk.json
sed -i 's/s&3/s/' tokens/desk.json
code "a wrong one" 2 desk j
like "is said" "$(cat .err)" "desk.json: the token endpoint refuses: invalid_client"
token r9
kill $endpoint
code "nobody there" 75 desk g
echo '{"client_id": "c"}' >tokens/desk.json
code "what is missing in the file" 2 desk h
like "is said" "$(cat .err)" "desk.json: has no token_endpoint"
done_testing
