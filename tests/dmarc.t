#!/bin/sh
# DMARC by RFC 9989: whose organization a domain is of, by the walk up the DNS,
# and which policy a mail that fails gets.
. "${0%/*}/lib.sh"
. "$ROOT/tests/dns.sh"
dns_there || {
	echo '1..0 # skip nsd is not installed: scripts/setup --test-servers'
	exit 0
}
mkdir dns
{
	echo '. 60 IN SOA a. b. 1 60 60 60 60'
	echo '. 60 IN NS a.'
	# Whatever name sends is allowed to.
	for d in org.example b.org.example evil.example bank one.bank two.bank \
	    x.one.bank far.example sub.part.example part.example gov.example; do
		echo "$d. 60 IN TXT \"v=spf1 +all\""
	done
	cat <<-'ZONE'
		_dmarc.org.example. 60 IN TXT "v=DMARC1; p=reject; sp=quarantine; np=none"
		a.org.example. 60 IN A 192.0.2.1
		_dmarc.bank. 60 IN TXT "v=DMARC1; p=reject; psd=y"
		_dmarc.part.example. 60 IN TXT "v=DMARC1; p=none"
		_dmarc.sub.part.example. 60 IN TXT "v=DMARC1; p=reject; psd=n"
		_dmarc.far.example. 60 IN TXT "v=DMARC1; p=reject"
		_dmarc.test.example. 60 IN TXT "v=DMARC1; p=reject; t=y"
		_dmarc.mild.example. 60 IN TXT "v=DMARC1; p=quarantine; t=y"
		_dmarc.twice.example. 60 IN TXT "v=DMARC1; p=reject"
		_dmarc.twice.example. 60 IN TXT "v=DMARC1; p=none"
		_dmarc.beside.example. 60 IN TXT "v=DMARC1; p=reject"
		_dmarc.beside.example. 60 IN TXT "something else"
		_dmarc.wrong.example. 60 IN TXT "v=DMARC1; p=rejekt"
		_dmarc.told.example. 60 IN TXT "v=DMARC1; p=rejekt; rua=mailto:a@told.example"
		_dmarc.bare.example. 60 IN TXT "v=DMARC1"
		_dmarc.small.example. 60 IN TXT "v=dmarc1; p=reject"
		_dmarc.late.example. 60 IN TXT "p=reject; v=DMARC1"
		_dmarc.old.example. 60 IN TXT "v=DMARC1; p=reject; pct=0; ri=9; fo=x"
		_dmarc.strict.example. 60 IN TXT "v=DMARC1; p=reject; aspf=s"
		sub.strict.example. 60 IN TXT "v=spf1 +all"
	ZONE
} >dns/root
echo _dmarc.down.example. >dns/failing
dns_start dns || exit 1

# says WHAT AUTHOR SENDER WANT
says() {
	printf '{"check":"dmarc","domain":"%s","sender":"x@%s","address":"192.0.2.9","helo":"h.example","raw":"From: a@%s\\n\\nx"}\n' \
	    "$2" "$3" "$2" >ask
	is "$1" "$("$BUILD/tests/tools/mailauth" "$DNS" <ask | tr '\t' ' ')" "$4"
}
says 'the organization itself' org.example org.example 'pass none'
says 'two below one organization' a.org.example b.org.example 'pass none'
says 'somebody else: sp= of one below' a.org.example evil.example 'fail quarantine'
says 'p= of the organization' org.example evil.example 'fail reject'
says 'np= of a name that is not there' gone.org.example evil.example 'fail none'
says 'two below a public suffix' one.bank two.bank 'fail reject'
says 'one below is its own organization' x.one.bank one.bank 'pass none'
says 'the suffix is nobody'"'"'s organization' one.bank bank 'fail reject'
says 'psd=n parts what is below' sub.part.example part.example 'fail reject'
says 'and what is above' part.example sub.part.example 'fail none'
says 'eleven labels' a.b.c.d.e.f.g.h.i.far.example far.example 'pass none'
says 'without a policy' evil.example evil.example 'none none'
says 't=y: one step less' test.example evil.example 'fail quarantine'
says 't=y of quarantine' mild.example evil.example 'fail none'
says 'two records are none' twice.example evil.example 'none none'
says 'other texts do not count' beside.example evil.example 'fail reject'
says 'no such policy' wrong.example evil.example 'none none'
says 'no such policy, and reports are asked for' told.example evil.example 'fail none'
says 'no policy at all' bare.example evil.example 'fail none'
says 'a version in small letters' small.example evil.example 'none none'
says 'a version that is not first' late.example evil.example 'none none'
says 'tags of old do nothing' old.example evil.example 'fail reject'
says 'strict' strict.example sub.strict.example 'fail reject'
says 'the DNS cannot say' down.example evil.example 'temperror none'
done_testing
