#!/bin/sh
# kith-hook behind the web servers of kith-hook(1), as its manual sets them up:
# what the server makes of a request, many at once, and clients that are slow,
# cut off or too large.
. "${0%/*}/lib.sh"
# shellcheck source=tests/hook.sh
. "$ROOT/tests/hook.sh"
PATH=$PATH:/usr/sbin
command -v curl >/dev/null || {
	echo '1..0 # skip curl is not installed'
	exit 0
}
servers=
command -v lighttpd >/dev/null && servers=lighttpd
command -v nginx >/dev/null && command -v fcgiwrap >/dev/null &&
    command -v spawn-fcgi >/dev/null && servers="$servers nginx"
[ -n "$servers" ] || {
	echo '1..0 # skip no web server is installed: scripts/setup --test-servers'
	exit 0
}

echo s3cret >secret
cat >kith.yaml <<'END'
sources:
  team: {service: slack, secretFile: secret}
  sms: {service: twilio, secretFile: secret, hook: "https://a.example/hook/sms"}
  help: {service: graph_mail, secretFile: secret}
  google: {service: gmail, secretFile: secret}
spool: spool
END
kith ingest -C kith.yaml --hook-setup
# From the manual, with this machine's places.
example() {
	sed -n "/^$1/,/^\.Ed/p" "$ROOT/man/kith-hook.1" | sed '1,/^\.Bd/d; /^\.Ed/d' |
	    sed "s,/usr/local/bin,$BUILD/bin,; s,/var/spool/kith,$SCRATCH/spool,
		s,/run/kith.sock,$SCRATCH/fcgi.sock,"
}
free_port() {
	perl -MIO::Socket::INET -e 'print IO::Socket::INET->new(Listen => 1,
		LocalAddr => "127.0.0.1")->sockport'
}
start() {
	port=$(free_port)
	case $1 in
	lighttpd)
		{
			echo "server.document-root = \"$SCRATCH\""
			echo "server.port = $port"
			echo 'server.bind = "127.0.0.1"'
			echo "server.breakagelog = \"$SCRATCH/log\""
			echo "server.errorlog = \"$SCRATCH/server.log\""
			example 'With lighttpd'
		} >lighttpd.conf
		lighttpd -D -f lighttpd.conf 2>server.err &
		server=$!
		;;
	nginx)
		spawn-fcgi -n -s "$SCRATCH/fcgi.sock" -- "$(command -v fcgiwrap)" -f -c 4 2>log >fcgi.out &
		fcgi=$!
		{
			[ "$(id -u)" -ne 0 ] || echo 'user root;'
			echo "daemon off; pid $SCRATCH/nginx.pid; error_log $SCRATCH/server.log;"
			echo 'events {}'
			echo "http { access_log off; client_body_temp_path $SCRATCH/t1; fastcgi_temp_path $SCRATCH/t2;"
			echo "proxy_temp_path $SCRATCH/t3; uwsgi_temp_path $SCRATCH/t4; scgi_temp_path $SCRATCH/t5;"
			echo "server { listen 127.0.0.1:$port;"
			example 'With nginx' | sed "s,include fastcgi_params,include /etc/nginx/fastcgi_params,"
			echo '} }'
		} >nginx.conf
		nginx -p "$SCRATCH" -c "$SCRATCH/nginx.conf" 2>server.err &
		server=$!
		;;
	esac
	within curl -s -o .out "http://127.0.0.1:$port/"
}
stop() {
	kill "$server"
	wait "$server" 2>/dev/null
	[ -z "${fcgi-}" ] || { kill "$fcgi"; wait "$fcgi" 2>/dev/null; }
	server='' fcgi=''
}
server='' fcgi=''
# shellcheck disable=SC2154 # of lib.sh
trap '[ -z "$server" ] || stop; cd /; rm -rf "$around"' EXIT

# post SOURCE BODYFILE [CURL OPTION...]: $status
post() {
	where=$1 file=$2
	shift 2
	status=$(curl -s -o .answer -w '%{http_code}' --max-time 30 --data-binary "@$file" \
	    -H "Content-Type: ${type:-application/json}" "$@" "http://127.0.0.1:$port/hook/$where")
}
# signed BODY: as Slack does now, the headers in files for curl.
signed() {
	now=$(date +%s)
	printf %s "$1" >body
	mac=$(printf %s "v0:$now:$1" | mac sha256 s3cret)
	printf 'X-Slack-Request-Timestamp: %s\nX-Slack-Signature: v0=%s\n' "$now" "$mac" >headers
}

for name in $servers; do
	rm -f spool/*.hook spool/*.aside
	start "$name"
	signed "$(message "by $name" 1796029190.000100)"
	post team body -H @headers
	is "$name: taken" "$status $(wc -c <.answer) $(taken)" '200 0 1'
	is "$name: to the last byte" "$(sed 1d spool/*.hook | cmp - body && echo same)" same
	post team body -H @headers -H 'Transfer-Encoding: chunked'
	is "$name: in chunks" "$status $(taken)" '200 2'
	printf ' ' >>body
	post team body -H @headers
	is "$name: changed" "$status $(taken)" '401 2'
	ok "$name: its log says why" within grep -q 'does not fit: v0:{time}:{body} by sha256' log server.log
	head -c 5000000 /dev/zero >large
	post team large -H @headers
	is "$name: too large" "$status" 413
	post nobody body
	is "$name: nobody" "$status" 404
	status=$(curl -s -o .answer -w '%{http_code}' "http://127.0.0.1:$port/hook/team?x=1")
	is "$name: GET" "$status" 405
	# The address as it is from the outside is signed, not this one.
	printf 'Body=hi' >body
	type=application/x-www-form-urlencoded
	post "sms?x=a%27b" body \
	    -H "X-Twilio-Signature: $(printf %s "https://a.example/hook/sms?x=a%27bBodyhi" | mac64 sha1 s3cret)"
	type=
	is "$name: Twilio's form" "$status $(taken)" '200 3'
	# Graph asks by a POST; of one without a length lighttpd answers 411 itself.
	for body in none '' '{}'; do
		set -- -X POST
		[ "$body" = none ] || set -- -d "$body"
		[ "$name $body" != 'lighttpd none' ] || continue
		status=$(curl -s -D heads -o .answer -w '%{http_code}' --max-time 30 "$@" -H 'Content-Type: text/plain' \
		    "http://127.0.0.1:$port/hook/help?validationToken=Validation%3a+Testing+client%2b+Request-Id%3a+52-9")
		is "$name: Graph's challenge, its body $body" "$status $(cat .answer) $(taken)" \
		    '200 Validation: Testing client+ Request-Id: 52-9 3'
		like "$name:   as text" "$(cat heads)" '^Content-Type: text/plain'
	done
	printf '{"value":[{"clientState":"s3cret"},{"clientState":"s3cret"}]}' >body
	post help body
	is "$name: a hint" "$status $(wc -c <.answer) $(taken)" '200 0 4'
	sed -i 's/s3cret"}]/s3creT"}]/' body
	post help body
	is "$name: not all of it ours" "$status $(taken)" '401 4'
	post 'google?token=s3cret' body
	is "$name: a token in the address" "$status $(taken)" '200 5'
	post 'google?token=s3creT' body
	is "$name: another" "$status $(taken)" '401 5'
	find spool -name '*.hook' -exec grep -qE '^kith-hook 1 (help|google) ' {} \; -exec rm {} +
	# A client that goes away in its body.
	signed "$(message 'cut off' 1796029190.000200)"
	# shellcheck disable=SC2016
	perl -MIO::Socket::INET -e 'my $s = IO::Socket::INET->new(PeerAddr => "127.0.0.1:$ARGV[0]");
		print $s "POST /hook/team HTTP/1.1\r\nHost: a\r\nContent-Length: 500\r\n\r\n{\"a\"";' "$port"
	post team body -H @headers
	is "$name: after one that was cut off" "$status $(taken)" '200 4'
	# A slow one, a few bytes at a time.
	signed "$(message 'slow' 1796029190.000300)"
	# shellcheck disable=SC2016
	status=$(perl -MIO::Socket::INET -e 'my ($port, $body, $headers) = @ARGV;
		open my $f, "<", $body; my $b = join "", <$f>; open $f, "<", $headers;
		my $h = join "", map { s/\n/\r\n/r } <$f>;
		my $s = IO::Socket::INET->new(PeerAddr => "127.0.0.1:$port"); $s->autoflush(1);
		print $s "POST /hook/team HTTP/1.0\r\nHost: a\r\n${h}Content-Length: " . length($b) . "\r\n\r\n";
		for (my $i = 0; $i < length $b; $i += 40) { print $s substr $b, $i, 40; select undef, undef, undef, 0.02 }
		my $l = <$s>; print $l =~ / (\d+)/;' "$port" body headers)
	is "$name: a slow one" "$status $(taken)" '200 5'
	# Many at once, each twice: as many files as were answered by 200.
	rm -f spool/*.hook
	: >config
	for i in $(seq 40); do
		signed "$(message "many $((i / 2))" "1796029190.$(printf %06d $((i / 2)))")"
		mv body "body.$i"
		{
			[ "$i" -eq 1 ] || echo next
			echo "url = \"http://127.0.0.1:$port/hook/team\""
			echo "data-binary = \"@body.$i\""
			sed 's/.*/header = "&"/' headers
			echo 'header = "Content-Type: application/json"'
			echo 'output = ".answer"'
			# shellcheck disable=SC2028 # curl's own
			echo 'write-out = "%{http_code}\n"'
			echo silent
		} >>config
	done
	is "$name: many at once" "$(curl -Z --parallel-max 8 -K config 2>/dev/null | sort | uniq -c | xargs) $(taken)" '40 200 40'
	is "$name: merged, once each" "$(kith ingest -C kith.yaml spool >native; kith normalize native | kith identify | kith merge 2>/dev/null | wc -l) $(taken)" '21 0'
	stop
done
done_testing
