#!/bin/sh
# Servers that fall silent: nobody waits for them longer than they should, nothing
# is lost, and hooks that are taken beside them come meanwhile.
. "${0%/*}/lib.sh"
. "$TESTS/dovecot.sh"
. "$TESTS/hook.sh"
dovecot_there || {
	echo "1..0 # skip dovecot is not installed: scripts/setup --test-servers"
	exit 0
}
dovecot_start || exit 1
printf 'pw\n' >pw
printf 's3cret\n' >secret
chmod 600 pw secret
perl "$TESTS/frozen.pl" "${IMAPS#*:}" port 2>proxy.err &
proxy=$!
trap 'kill $proxy 2>/dev/null; dovecot_stop; cd /; rm -rf "$around"' EXIT
within test -s port
FROZEN=localhost:$(cat port)

freeze() {
	echo "$1" >freeze.new
	mv freeze.new freeze
}
# Time of who was started with it: as ever, 10 times, 100 times, 1000 times.
FAST=$PWD/fast
export FAST
printf 0 >fast
speed() {
	printf '%s' "$1" 1<>fast
}
fast=$BUILD/tests/tools/fast.so
subjects() {
	jq -r '.native.text | match("Subject: ([^\r\n]*)").captures[0].string' \
	    "$@" | sort
}
lamps() {
	for n in $(seq "$1" "$2"); do echo "lamp $n"; done | sort
}
comes() {
	[ "$(wc -l <"$2")" -ge "$1" ]
}

# --- hooks beside a server that is silent from the beginning
cat >kith.yaml <<YAML
sources:
  desk: {url: "imaps://u1@$FROZEN/INBOX", passwordFile: pw}
  team: {service: slack, secretFile: secret, account: T1}
  blog: {service: feed, url: "https://$FROZEN/feed"}
spool: spool
YAML
ok "the setup" kith ingest -C kith.yaml --hook-setup
freeze yes
# beside SOURCE: what is beside one that hangs comes, and a signal ends it.
beside() {
	kith-ingest -C kith.yaml -S "state.$1" --follow "@$1" spool >"out.$1" \
	    2>"err.$1" &
	follower=$!
	sleep 0.5
	begun=$(date +%s)
	slack "$(message "first $1" "17960291$2.000100")"
	ok "$1 hangs: a hook comes" within comes 1 "out.$1"
	slack "$(message "second $1" "17960292$2.000100")"
	ok "and another" within comes 2 "out.$1"
	within all_taken
	kill -TERM $follower
	wait $follower
	is "a signal ends it well" "$?$(cat "err.$1")" 0
	took=$(($(date +%s) - begun))
	ok "within seconds, not a minute ($took)" [ $took -lt 20 ]
}
beside desk 94
beside blog 95
is "it was no failure of theirs" \
    "$(kith ingest -S state.desk --status 2>/dev/null |
    sed 1d | cut -f2,5)" "never	"
freeze no

[ -z "${KITH_SANITIZED-}" ] || {
	echo "# SKIP time that passes faster: sanitizers want to be loaded first"
	done_testing
}

# poll NAME [OPTION ...]: one whose time may be faster.
poll() {
	LD_PRELOAD=$fast kith-ingest -S "state.$1" --password-file pw \
	    "imaps://$2@$FROZEN/INBOX"
}

# --- a server that takes a connection and says nothing
dovecot_mails u2 INBOX 1 3
freeze yes
speed 2
poll silent u2 >out.2 2>err.2
is "who says nothing is not waited for" "$?$(wc -c <out.2)" 750
like "and that is said" "$(cat err.2)" 'u2@.*\(|time'
is "the status says so" "$(kith ingest -S state.silent --status |
    sed 1d | cut -f2)" never
speed 0
freeze no
is "then all of it comes" "$(poll silent u2 | subjects)" "$(lamps 1 3)"

# --- in the middle of a mail
dovecot_mails u3 INBOX 1 50 "$(printf 'From: ana@riba.example\r\nMessage-ID: <%%d@riba.example>\r\nSubject: lamp %%d\r\n\r\n'; head -c 60000 /dev/zero | tr '\0' x)"
freeze 1000000
rm -f silent
poll middle u3 >out.3 2>err.3 &
poller=$!
within test -e silent
speed 2
wait $poller
is "who falls silent in a mail is not waited for" $? 75
like "and that is said" "$(cat err.3)" 'said nothing for 60 seconds'
speed 0
freeze no
poll middle u3 >out.4
is "then all of it comes" "$(cat out.3 out.4 | subjects | uniq)" "$(lamps 1 50)"
is "and is one record each" "$(cat out.3 out.4 | kith normalize |
    kith identify | kith merge 2>/dev/null | wc -l)" 50

# --- somebody who follows
dovecot_mails u4 INBOX 1 2
LD_PRELOAD=$fast kith-ingest -S state.follow --follow --password-file pw \
    "imaps://u4@$FROZEN/INBOX" >out.5 2>err.5 &
follower=$!
ok "it reads what is there" within comes 2 out.5
sleep 0.3
freeze yes
dovecot_mails u4 INBOX 3 3
speed 3
ok "a connection that is dead without a word is found out" \
    within grep -q 'said nothing for 30 seconds' err.5
is "what came then is not there yet" "$(wc -l <out.5)" 2
speed 1
freeze no
ok "when all is well it comes" within comes 3 out.5
ok "and that is said" within grep -q 'reads again' err.5
speed 0
freeze yes
sleep 0.1
dovecot_mails u4 INBOX 4 4
freeze no
speed 3
died() { [ "$(grep -c 'said nothing for 30 seconds' err.5)" -ge 2 ]; }
within died
speed 1
ok "a connection that died, and no other is hindered" within comes 4 out.5
speed 0
kill -TERM $follower
wait $follower
is "a signal ends it well" $? 0
is "all came once" "$(subjects out.5)" "$(lamps 1 4)"
is "and is done" "$(poll follow u4 2>&1)" ""
done_testing
