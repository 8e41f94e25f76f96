#!/bin/sh
# Live sources: mailboxes on an IMAP server.  What comes is what is there, once;
# what is there stays as it is; what is killed or fails comes the next time.
. "${0%/*}/lib.sh"
. "$TESTS/dovecot.sh"
dovecot_there || {
	echo "1..0 # skip dovecot is not installed: scripts/setup --test-servers"
	exit 0
}
dovecot_start || exit 1
printf 'pw\n' >pw
chmod 600 pw

# read_mails NAME USER [OPTION ...]: a poll with a state of that name.
read_mails() {
	name=$1 user=$2
	shift 2
	kith ingest -S "state.$name" --password-file pw "$@" "imaps://$user@$IMAPS"
}
subjects() {
	jq -r '.native.text // (.native.base64 | @base64d) |
	    match("Subject: ([^\r\n]*)").captures[0].string' "$@" | sort
}
lamps() {
	for n in $(seq "$1" "$2"); do echo "lamp $n"; done | sort
}
# What a server keeps of mails: their names have the flags.
kept() {
	find "$MAILS/$1" -type f -path '*/[cn]*/*.M*' | sort
}

# --- what comes
dovecot_mails u1 INBOX 1 5
dovecot_mails u1 Sent 6 8
dovecot_mails u1 Other 9 9
mv "$MAILS/u1/Maildir/new/1772700002.M000002P1.host" \
    "$MAILS/u1/Maildir/cur/1772700002.M000002P1.host:2,RS"
kept u1 >before
read_mails a u1 >out.1
is "a poll reads INBOX and what was sent" "$(subjects out.1)" "$(lamps 1 8)"
kept u1 >after
ok "and changes nothing on the server" cmp before after
is "a mail's place is its folder, UIDVALIDITY and UID" \
    "$(jq -r '[.source.format, .source.file, (.source.at | split("/")[1])] |
	join(" ")' out.1 | sort | sed -n '1p;6p')" \
    "mail imaps://u1@$IMAPS/INBOX 1
mail imaps://u1@$IMAPS/Sent 1"
is "one that was read and answered elsewhere comes, too" \
    "$(kith normalize out.1 | jq -c 'select(.subject == "lamp 2").keywords')" \
    '["answered","seen"]'
is "a second poll reads nothing" "$(read_mails a u1)" ""
dovecot_mails u1 INBOX 10 12
is "then what is new" "$(read_mails a u1 | subjects)" "$(lamps 10 12)"
is "what went to a pipe comes again" "$(read_mails a u1 | subjects)" \
    "$(lamps 10 12)"
kith ingest -S state.a --done
is "until it is said to be done" "$(read_mails a u1)" ""
find "$MAILS/u1/Maildir/Sent" "$MAILS/u1/Maildir/.Sent/cur" \
    "$MAILS/u1/Maildir/.Sent/new" -type f -delete 2>/dev/null
dovecot_mails u1 Sent 13 13
is "mails that are gone do not matter" "$(read_mails a u1 | subjects)" "lamp 13"
cat "$MAILS"/u1/Maildir/[cn]*/*M000001P1* >one.eml
is "an id is that of the same mail in a file" \
    "$(kith ingest one.eml | kith normalize | jq -r .id)" \
    "$(kith normalize out.1 | jq -r 'select(.subject == "lamp 1").id')"

# --- folders
read_mails b u1 >/dev/null
is "a folder in the url" \
    "$(kith ingest -S state.c --password-file pw "imaps://u1@$IMAPS/Other" |
	subjects)" "lamp 9"
dovecot_mails u1 "Entw&APw-rfe.a b" 14 14
cat >kith.yaml <<YAML
sources:
  desk:
    url: imaps://u1@$IMAPS
    passwordFile: pw
    folders: [INBOX, "Entwürfe/*"]
  sent: {url: "imaps://u1@$IMAPS", passwordFile: pw, folders: ["S*"]}
YAML
kith ingest -C kith.yaml -S state.d @desk >out.2
is "patterns in UTF-8, with slashes" "$(subjects out.2)" \
    "$({ lamps 1 5; lamps 10 12; lamps 14 14; } | sort)"
is "which records show" "$(jq -r .source.file out.2 | sort -u)" \
    "imaps://u1@$IMAPS/Entwürfe/a b
imaps://u1@$IMAPS/INBOX"
is "all sources" "$(kith ingest -C kith.yaml -S state.e @all | wc -l)" 10
code "a folder that is not there" 2 kith ingest -S state.f --password-file pw \
    "imaps://u1@$IMAPS/None"
like "is said" "$(cat .err)" "no folder 'None'"

# --- what is odd
dovecot_mails u2 INBOX 1 1 "$(printf 'Subject: lamp %%d\r\n\r\nk5 OK done\r\n* BYE\r\nk6 OK done\r\nk7 OK done\r\n* 1 FETCH (UID 9 BODY[] {3}\r\nabc)\r\n)\r\n')"
dovecot_mails u2 INBOX 2 2 "$(printf 'Subject: lamp %%d\r\n\r\n\377\001\r\n')"
dovecot_mails u2 INBOX 3 3 "$(printf 'Subject: lamp %%d\n\nno id, no cr\n')"
dovecot_mails u2 INBOX 4 4 "$(printf 'Subject: lamp %%d\r\n\r\n'; head -c 70000 /dev/zero | tr '\0' x)"
dovecot_mails u2 INBOX 5 5
read_mails g u2 --max-item 64K --rejects rejects >out.3
is "a mail that is too large is rejected" $? 1
is "a mail with lines of a server, or bytes of any kind, or no id" \
    "$(subjects out.3)" "$(printf 'lamp %s\n' 1 2 3 5)"
is "the reject has its place and its first bytes" \
    "$(jq -r '[.source.file, (.source.at | split("/")[1]), .line[0:15]] |
	join(" ")' rejects)" "imaps://u2@$IMAPS/INBOX 4 Subject: lamp 4"
like "and its size" "$(jq -r .reason rejects)" "a mail of 700[0-9]* bytes"
is "the cursor passes it" "$(read_mails g u2 --max-item 64K)" ""
dovecot_mails u2 INBOX 6 55
read_mails g u2 >/dev/null
is "mails of one second, without ids, and in two mailboxes" \
    "$({ read_mails h u2; read_mails i u1; } | wc -l)" 64

# --- another UIDVALIDITY
kith ingest -S state.g --done
dovecot_stop
rm -f "$MAILS"/u2/Maildir/dovecot*
dovecot_again "$server"
read_mails g u2 >out.4 2>err
is "another UIDVALIDITY: all is read again" "$(wc -l <out.4)" 55
like "and said" "$(cat err)" "INBOX.*UIDVALIDITY is another"
is "once" "$(read_mails g u2)" ""

# --- errors
echo wrong >wrong
chmod 600 wrong
code "a wrong password" 2 kith ingest -S state.j --password-file wrong \
    "imaps://u1@$IMAPS"
like "with the server's words" "$(cat .err)" "login refused: .*[Aa]uth"
code "nobody there" 75 kith ingest -S state.k --password-file pw \
    "imaps://u1@localhost:1"
code "another's certificate" 2 env SSL_CERT_FILE=/dev/null kith ingest \
    -S state.k --password-file pw "imaps://u1@$IMAPS"
code "a certificate of another name" 2 kith ingest -S state.k \
    --password-file pw "imaps://u1@127.0.0.1:${IMAPS#*:}"
is "STARTTLS" "$(kith ingest -S state.l --password-file pw \
    "imap://u1@$IMAP/Other" | subjects)" "lamp 9"
code "no state" 2 kith ingest --password-file pw "imaps://u1@$IMAPS"
code "no password" 2 env HOME=/nowhere kith ingest -S state.m "imaps://u1@$IMAPS"
code "a password in the url" 2 kith ingest -S state.m "imaps://u1:pw@$IMAPS"
mkdir home
echo "machine localhost login u1 password pw" >home/.netrc
is "a password in ~/.netrc" "$(HOME=$PWD/home kith ingest -S state.n \
    "imaps://u1@$IMAPS/Other" | subjects)" "lamp 9"
cat >>kith.yaml <<YAML
  gone: {url: "imaps://u1@localhost:1", passwordFile: pw}
YAML
code "one that is not there does not keep the others from it" 75 \
    kith ingest -C kith.yaml -S state.o @gone @desk
is "which are read" "$(wc -l <.out)" 9
kith ingest -S state.o --status >status
is "the status says so" $? 1
like "of the one" "$(cat status)" "^@gone	never	0	0	.* ago: .*localhost"
like "and of the other" "$(cat status)" "^@desk	[0-9]+s ago	[09]	0	$"

# --- POP3
dovecot_mails u6 INBOX 1 5
dovecot_mails u6 INBOX 6 6 "$(printf 'Subject: lamp %%d\r\n\r\n.\r\n..x\r\n+OK\r\nend')"
dovecot_mails u6 INBOX 7 7 "$(printf 'Subject: lamp %%d\r\n\r\n'; head -c 70000 /dev/zero | tr '\0' x)"
kept u6 >before
# pop NAME [OPTION ...]
pop() {
	name=$1
	shift
	kith ingest -S "state.$name" --password-file pw --max-item 64K \
	    "$@" "pop3s://u6@$POP3S"
}
pop pop --rejects rejects >out.pop
is "POP3: a mail that is too large is rejected" $? 1
is "the others are there" "$(subjects out.pop)" "$(lamps 1 6)"
is "with the dots that they had" "$(jq -r 'select(.native.text |
    test("lamp 6")).native.text | split("\r\n")[2:5] | join(" ")' out.pop)" \
    ". ..x +OK"
kept u6 >after
# What a server takes in goes from new to cur, whoever looks.
is "no mail is gone, or has another flag" \
    "$(sed 's|.*/||; s/:2,$//' after)" "$(sed 's|.*/||' before)"
is "a second poll reads nothing" "$(pop pop)" ""
dovecot_mails u6 INBOX 8 8
is "then what is new" "$(pop pop | subjects)" "lamp 8"
is "by STLS" "$(kith ingest -S state.stls --password-file pw \
    "pop3://u6@$POP3" | wc -l)" 8
code "a wrong password" 2 kith ingest -S state.pop2 --password-file wrong \
    "pop3s://u6@$POP3S"
like "with the server's words" "$(cat .err)" "login refused: .*[Aa]uth"
code "POP3 has no folders" 2 kith ingest -S state.pop2 --password-file pw \
    "pop3s://u6@$POP3S/Sent"

# --- following
# comes N FILE: so many lines are there.
comes() {
	[ "$(wc -l <"$2")" -ge "$1" ]
}
dovecot_mails u4 INBOX 1 2
kith-ingest -S state.p --follow --password-file pw \
    "imaps://u4@$IMAPS/INBOX" >out.5 2>err.5 &
follower=$!
ok "it reads what is there" within comes 2 out.5
dovecot_mails u4 INBOX 3 3
ok "and what comes, as the server says so" within comes 3 out.5
code "another that would read it" 75 kith ingest -S state.p \
    --password-file pw "imaps://u4@$IMAPS/INBOX"
dovecot_stop
ok "a server that goes away is said" within grep -q 'u4@.*\(ended\|lost\|ends\|connect\)' err.5
dovecot_mails u4 INBOX 4 4
dovecot_again "$server"
ok "when it is back, it reads on" within comes 4 out.5
ok "and says so" within grep -q 'reads again' err.5
kill -TERM $follower
wait $follower
is "a signal ends it well" $? 0
is "all came once" "$(subjects out.5)" "$(lamps 1 4)"
is "and to a file, which is done" "$(kith ingest -S state.p \
    --password-file pw "imaps://u4@$IMAPS/INBOX")" ""
kith-ingest -S state.q --follow --password-file wrong "imaps://u4@$IMAPS" \
    >out.6 2>err.6
is "a login that is refused ends it" $? 2

# --- a state that is full
dovecot_mails u5 INBOX 1 300
(
	ulimit -f 20
	trap '' XFSZ
	kith-ingest -S state.r --password-file pw "imaps://u5@$IMAPS" 2>err.7 |
	    cat >/dev/null
)
like "a full disk is said" "$(cat err.7)" "fatal: .*File too large"
is "and nothing is missing afterwards" \
    "$(read_mails r u5 | subjects | uniq)" "$(lamps 1 300)"
kith ingest -S state.r --done
read_mails r u5 >/dev/full 2>err.8
is "an output that is full" "$?" 0
dovecot_mails u5 INBOX 301 301
read_mails r u5 >/dev/full 2>err.8
is "an output that is full" "$?" 2
is "comes the next time" "$(read_mails r u5 | subjects)" "lamp 301"

# --- kills
dovecot_mails u3 INBOX 1 1500
last=12
[ -z "${KITH_WHOLE-}" ] || last=100
for i in $(seq $last); do
	kith-ingest -S state.kill --password-file pw "imaps://u3@$IMAPS" \
	    >"out.kill.$i" 2>/dev/null &
	sleep "0.$((20 + i * 37 % 80))"
	kill -9 $! 2>/dev/null
	wait $! 2>/dev/null
done
read_mails kill u3 >out.kill.end 2>err
rc=$?
echo "# $(cat out.kill.[0-9]* | wc -l) lines by those that were killed"
is "after kills: well again" "$rc$(cat err)" 0
cat out.kill.* | grep -a '"}}$' | jq -R 'fromjson? // empty' -c >whole
is "and nothing is missing" "$(subjects whole | uniq)" "$(lamps 1 1500)"
is "and nothing is left" "$(read_mails kill u3)" ""
done_testing
