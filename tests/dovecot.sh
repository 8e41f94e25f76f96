# An IMAP and POP3 server on loopback, dovecot(8), for tests: after lib.sh.
#	dovecot_start [LINE ...]	lines of its configuration beside ours
# It sets IMAPS, IMAP, POP3S and POP3 to HOST:PORT, MAILS to the folder in which
# each user has a Maildir, SSL_CERT_FILE to who signed its certificate, and stops
# with the test.  Every user's password is pw.
# shellcheck shell=sh
dovecot_there() {
	PATH=$PATH:/usr/sbin:/usr/local/sbin command -v dovecot >/dev/null &&
		[ -e /usr/lib/dovecot/imap ] && [ -e /usr/lib/dovecot/pop3 ]
}
# Ports that nobody has, until dovecot has them.
dovecot_ports() {
	perl -MIO::Socket::INET -e 'my @s = map { IO::Socket::INET->new(
	    LocalAddr => "127.0.0.1", Listen => 1) or die } 1 .. 4;
	    print join " ", map { $_->sockport } @s'
}
dovecot_certificate() {
	openssl req -x509 -newkey rsa:2048 -nodes -days 36500 -batch \
	    -subj /CN=localhost -addext subjectAltName=DNS:localhost \
	    -keyout "$1/key.pem" -out "$1/cert.pem" 2>/dev/null
	chmod 600 "$1/key.pem"
}
# As root mails are somebody else's, since it serves none of root's.
dovecot_users() {
	if [ "$(id -u)" -eq 0 ]; then
		echo "first_valid_uid = 1"
		owner=mail
	else
		cat <<-CONF
			default_internal_user = $(id -un)
			default_internal_group = $(id -gn)
			default_login_user = $(id -un)
			service anvil { 
			 chroot =
			}
			service imap-login { 
			 chroot =
			}
			service pop3-login { 
			 chroot =
			}
		CONF
		owner=$(id -un)
	fi
}
dovecot_config() {
	cat <<CONF
base_dir = $1/run
state_dir = $1/run
log_path = $1/log
protocols = imap pop3
listen = 127.0.0.1
ssl = yes
ssl_cert = <$1/cert.pem
ssl_key = <$1/key.pem
auth_mechanisms = plain login
mail_location = maildir:~/Maildir
mail_fsync = never
auth_failure_delay = 0
namespace inbox { 
 inbox = yes
 mailbox Sent {
  special_use = \\Sent
 }
}
passdb { 
 driver = static
 args = password=pw
}
service imap-login { 
 inet_listener imap { 
  port = $2
 }
 inet_listener imaps { 
  port = $3
 }
}
service pop3-login { 
 inet_listener pop3 { 
  port = $4
 }
 inet_listener pop3s { 
  port = $5
 }
}
CONF
	dovecot_users
	cat <<CONF
userdb { 
 driver = static
 args = uid=$owner gid=$(id -gn "$owner") home=$1/home/%u
}
CONF
}
dovecot_stop() {
	[ -z "${DOVECOT-}" ] || {
		kill "$(cat "$DOVECOT/run/master.pid")"
		within test ! -e "$DOVECOT/run/master.pid"
	} 2>/dev/null || :
	DOVECOT=
}
# The server of dovecot_start once more, with its mails and ports.
dovecot_again() {
	DOVECOT=$1
	PATH=$PATH:/usr/sbin:/usr/local/sbin dovecot -c "$DOVECOT/conf" \
	    >"$DOVECOT/out" 2>&1 </dev/null
}
dovecot_start() {
	# shellcheck disable=SC2154 # of lib.sh
	server=$around/dovecot
	mkdir -p "$server/home"
	chmod 711 "$around" "$server"
	dovecot_certificate "$server"
	trap 'dovecot_stop; cd /; rm -rf "$around"' EXIT
	for _ in 1 2 3 4 5; do
		# shellcheck disable=SC2046
		set -- $(dovecot_ports) "$@"
		dovecot_config "$server" "$1" "$2" "$3" "$4" >"$server/conf"
		IMAP=localhost:$1 IMAPS=localhost:$2
		POP3=localhost:$3 POP3S=localhost:$4
		shift 4
		[ $# -eq 0 ] || printf '%s\n' "$@" >>"$server/conf"
		dovecot_again "$server" && break
		cat "$server/out" >&2
		DOVECOT=
	done
	MAILS=$server/home
	SSL_CERT_FILE=$server/cert.pem
	export SSL_CERT_FILE IMAP IMAPS POP3 POP3S
	chown "$owner" "$MAILS"
	[ -n "$DOVECOT" ]
}
# dovecot_folder USER FOLDER: where its mails lie, made if it is not there.
dovecot_folder() {
	dir=$MAILS/$1/Maildir
	[ "$2" = INBOX ] || dir=$dir/.$2
	for at in "$MAILS/$1" "$MAILS/$1/Maildir" "$dir" "$dir/cur" "$dir/new" \
		"$dir/tmp"; do
		[ -d "$at" ] || { mkdir "$at" && chown "$owner" "$at"; }
	done
	printf '%s\n' "$dir"
}
# dovecot_mails USER FOLDER FROM TO [MAIL]: mails of that number, as a text with
# %d for the number has it, or a short one.
dovecot_mails() {
	dir=$(dovecot_folder "$1" "$2")
	perl -e 'my ($dir, $tag, $from, $to, $form) = @ARGV;
	    $form //= "From: Ana <ana\@riba.example>\r\nTo: desk\@lamp.example\r\n"
		. "Message-ID: <%d\@$tag.example>\r\nSubject: lamp %d\r\n"
		. "Date: Thu, 05 Mar 2026 10:00:00 +0000\r\n\r\nLamp %d?\r\n";
	    for my $n ($from .. $to) {
		(my $mail = $form) =~ s/%d/$n/g;
		my $name = sprintf "%d.M%06dP1.host", 1772700000 + $n, $n;
		open my $f, ">", "$dir/tmp/$name" or die "$dir: $!";
		print $f $mail; close $f;
		chmod 0666, "$dir/tmp/$name";
		rename "$dir/tmp/$name", "$dir/new/$name" or die $!;
	    }' "$dir" "$(echo "$1.$2" | tr -cd 'a-zA-Z0-9.')" "$3" "$4" ${5+"$5"}
}
