#!/bin/sh
# reply --send to a real mail server, Postfix, on this machine: what it takes,
# puts off, refuses, and finds too large.
. "${0%/*}/../lib.sh"
# shellcheck source=../sink.sh
. "$TESTS/sink.sh"
PATH=$PATH:/usr/sbin:/sbin
if ! command -v postfix >/dev/null; then
	echo '1..0 # SKIP postfix is not installed (scripts/setup --test-servers)'
	exit 0
elif [ "$(id -u)" -ne 0 ]; then
	echo '1..0 # SKIP postfix needs root'
	exit 0
fi

# A Postfix of the test's own, on a free port, which delivers into a folder: its
# daemons are other users, who get there.
umask 022
port=$(perl -MIO::Socket::INET -e 'print IO::Socket::INET->new(
    Listen => 1, LocalAddr => "127.0.0.1")->sockport')
home=$SCRATCH/postfix
mkdir -p "$home/etc" "$home/data" "$home/queue" "$home/mail"
chmod 711 "$around"
chown postfix "$home/data"
chown nobody "$home/mail"
nobody=$(id -u nobody)
cat >"$home/etc/main.cf" <<END
compatibility_level = 3.6
queue_directory = $home/queue
data_directory = $home/data
mail_owner = postfix
setgid_group = postdrop
daemon_directory = /usr/lib/postfix/sbin
command_directory = /usr/sbin
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mx.example.com
mydestination =
maillog_file = $home/log
maillog_file_prefixes = $home
smtputf8_enable = yes
message_size_limit = 20000
virtual_mailbox_domains = example.org
virtual_mailbox_base = $home/mail
virtual_mailbox_maps = static:all/
virtual_minimum_uid = 1
virtual_uid_maps = static:$nobody
virtual_gid_maps = static:$nobody
smtpd_recipient_restrictions = check_recipient_access
 regexp:$home/etc/access, reject_unauth_destination
END
cat >"$home/etc/access" <<'END'
/^grey@/ 450 4.2.0 Greylisted, see you in five minutes
/^gone@/ 550 5.1.1 No such user
END
cat >"$home/etc/master.cf" <<END
127.0.0.1:$port inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
error unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
proxymap unix - - n - - proxymap
postlog unix-dgram n - n - 1 postlogd
END
stop() { postfix -c "$home/etc" stop >/dev/null 2>&1; }
trap 'stop; cd /; rm -rf "$SCRATCH"' EXIT
postfix -c "$home/etc" start >"$SCRATCH/started" 2>&1 || {
	fail "postfix starts"
	sed 's/^/# /' "$SCRATCH/started" >&2
	done_testing
}

mkdir transports
cat >transports/mail.yaml <<END
kind: smtp
channel: email
url: smtp://127.0.0.1:$port
from: support@example.com
tls: none
END
send() { # NOW
	kith-reply --now "$1" -q -t transports/mail.yaml --send -S state \
	    <drafts >out 2>err
}
mails 60 'if .id == "m7" then .to[0].email = "grey@example.org"
  elif .id == "m8" then .to[0].email = "gone@example.org"
  elif .id == "m9" then .to[0].email = "anna@elsewhere.example"
  elif .id == "m10" then .text = "x" * 30000 | .reply.body = .text
  elif .id == "m11" then .text = "Grüße\n.\n..\nFrom me" | .reply.body = .text
  elif .id == "m12" then .reply.automatic = true
  else . end' >drafts
send 2024-05-01T00:00:00Z
is "exit code: something is left to try again" $? 75
is "sixty mails, of which four are not taken" "$(grep -o '"status":"[a-z]*"' out |
    sort | uniq -c | tr -s ' ')" ' 4 "status":"failed"
 56 "status":"sent"'
is "in the server's words" "$(member reason | sed 's/ *<.*>: */ /')" \
    "450: 4.2.0 Recipient address rejected: Greylisted, see you in five minutes
550: 5.1.1 Recipient address rejected: No such user
554: 5.7.1 Relay access denied
552: 5.3.4 Message size exceeds fixed limit"
is "only the first may be tried again" "$(grep -c retryAt out)" 1
sed 's/^..grey.*//' "$home/etc/access" >access
cat access >"$home/etc/access"
postfix -c "$home/etc" reload 2>/dev/null
send 2024-05-01T00:06:00Z
is "which it is, and taken" "$(grep -c '"status":"sent"' out)" 57
# Delivery is behind the answer: wait for the queue to be empty.
delivered() {
	[ "$(find "$home/mail/all/new" -type f 2>/dev/null | wc -l)" -ge 57 ]
}
within delivered
is "all of them are delivered" "$(find "$home/mail/all/new" -type f | wc -l)" 57
is "each once" "$(cat "$home"/mail/all/new/* | grep -ic '^message-id:') $(cat \
    "$home"/mail/all/new/* | grep -i '^message-id:' | sort -u | wc -l)" "57 57"
kith ingest "$home"/mail/all | kith normalize >back
is "and are read back with the ids that the deliveries have" \
    "$(sed 's/^{"id":"\([^"]*\).*/\1/' back | sort | cksum)" \
    "$(grep '"status":"sent"' out | sed 's/^{"id":"\([^"]*\).*/\1/' |
	sort | cksum)"
is "dots and a From at the start of a line are as they were" \
    "$(grep -F 'c11@' back | member text -)" 'Grüße\n.\n..\nFrom me'
is "an automatic one has no sender" "$(grep -l 'c12@' "$home"/mail/all/new/* |
    xargs grep -h '^Return-Path')" "Return-Path: <>"
done_testing
