# What rspamd's tests expect of mails, as checks for mailauth, a zone, and wants:
# name, tab, the words that are allowed.
#	rspamd.pl SAMPLES FOLDER
use strict;
use warnings;
use JSON::PP;

my ($from, $to) = @ARGV;
my $json = JSON::PP->new->utf8->canonical;

sub slurp { open my $f, '<:raw', $_[0] or die "$_[0]: $!"; local $/; <$f> }

# Symbols that say what SPF, DKIM, ARC and DMARC found, and our words for it.
my %symbols = (
	DMARC_POLICY_ALLOW => [ 'dmarc', 'pass' ],
	DMARC_POLICY_SOFTFAIL => [ 'dmarc', 'fail none' ],
	DMARC_POLICY_QUARANTINE => [ 'dmarc', 'fail quarantine' ],
	DMARC_POLICY_REJECT => [ 'dmarc', 'fail reject' ],
	DMARC_DNSFAIL => [ 'dmarc', 'temperror' ],
	DMARC_NA => [ 'dmarc', 'none' ],
	R_SPF_ALLOW => [ 'spf', 'pass' ],
	R_SPF_PLUSALL => [ 'spf', 'pass' ],
	R_SPF_FAIL => [ 'spf', 'fail' ],
	R_SPF_DNSFAIL => [ 'spf', 'temperror' ],
	R_SPF_PERMFAIL => [ 'spf', 'permerror' ],
	R_SPF_NA => [ 'spf', 'none' ],
	R_DKIM_ALLOW => [ 'dkim', 'pass' ],
	R_DKIM_REJECT => [ 'dkim', 'fail' ],
	R_DKIM_PERMFAIL => [ 'dkim', 'permerror' ],
	R_DKIM_TEMPFAIL => [ 'dkim', 'temperror' ],
	R_DKIM_NA => [ 'dkim', 'none' ],
	ARC_ALLOW => [ 'arc', 'pass' ],
	ARC_INVALID => [ 'arc', 'fail' ],
);
# What the RFCs say otherwise.
my %newer = (
	# RFC 9989 has no pct.
	'DMARC PCT ZERO REJECT' => 'fail reject',
	'DMARC PCT ZERO SP QUARANTINE' => 'fail quarantine',
	# RFC 9989, 4.10.2: without a record at the domain above, the author's
	# own domain is the organization; a list of suffixes says otherwise.
	'DMARC SUBDOMAIN PASS DKIM RELAXED ALIGNMENT' => 'fail reject',
	'DMARC SUBDOMAIN PASS SPF RELAXED ALIGNMENT' => 'fail reject',
	# RFC 7208, 5.2: an include of a domain without a record.
	'SPF FAIL UNRESOLVEABLE INCLUDE' => 'permerror',
	# RFC 7208, 4.6.4: ten terms that ask; rspamd's limit is 30.
	'SPF ALLOW DNS REQUESTS AT LIMIT' => 'permerror',
);

my @dns = map { $json->decode($_) } split /\n/, slurp("$from/dns.jsonl");
my %known = map { lc $_->{name} => 1 } @dns;

# Is the key of one of its signatures at hand?
sub has_key {
	my ($head) = @_;
	for ($head =~ /^(?:DKIM-Signature|ARC-(?:Seal|Message-Signature)):(.*)/mgi) {
		my ($d) = /\bd\s*=\s*([^;\s]+)/;
		my ($s) = /[;\s]s\s*=\s*([^;\s]+)/;
		return 1 if $known{ lc "$s._domainkey.$d" };
	}
	return 0;
}

open my $checks, '>', "$to/checks" or die;
open my $wants, '>:utf8', "$to/wants" or die;
for (split /\n/, slurp("$from/expected.tsv")) {
	my ($file, $test, $mail, $args, $assertion, $value) = split /\t/;
	my ($symbol) = split / \| /, $value // '';
	my $want = $symbols{$symbol // ''} or next;
	my $path = "$from/$mail";
	$path = "$from/misc/$mail" if !-e $path;
	my $raw = slurp($path);
	my %arg = map { split /=/, $_, 2 } split / /, $args;
	my ($head) = split /\r?\n\r?\n/, $raw, 2;
	$head =~ s/\r?\n[ \t]+/ /g;
	my ($domain) = $head =~ /^From:.*@([^\s>,]+)/mi;
	my ($kind, $word) = @$want;
	if ($kind =~ /dkim|arc/ && $word =~ /pass|fail/ && $assertion !~ /Not/ &&
	    $head =~ /^DKIM|^ARC/mi && !has_key($head)) {
		print "# $test: the key is not at hand\n";
		next;
	}
	$word = $newer{$test} if $newer{$test};
	$word = "!$word" if $assertion =~ /Do Not/;
	my $sender = ($arg{From} // '') =~ s/^<>$//r;
	# Where another server handed it over the address is in Received.
	($arg{IP}, $sender) = ('37.48.67.26', 'root@external.com')
	    if $test eq 'SPF EXTERNAL RELAY';
	print $checks $json->encode({
		check => $kind,
		raw => join('', map { chr } unpack 'C*', $raw),
		address => $arg{IP} // '',
		sender => $sender,
		helo => $arg{Helo} // '',
		domain => lc($domain // ''),
	}), "\n";
	print $wants "$test ($symbol)\t$word\n";
}

my (%lines, %failing);
for my $r (@dns) {
	my $owner = lc "$r->{name}.";
	if ($r->{rcode} eq 'timeout') { $failing{$owner} = 1; next }
	for my $v (@{ $r->{replies} }) {
		# An address of rspamd's own writing.
		next if uc $r->{type} eq 'A' && $v !~ /^[\d.]+$/;
		my $type = uc $r->{type};
		if ($type eq 'TXT') {
			my $s = $v;
			utf8::encode($s);
			$s = join ' ', map { s/(["\\])/\\$1/gr =~ s/^|$/"/gr }
			    $s eq '' ? '' : $s =~ /(.{1,255})/gs;
			push @{ $lines{$owner} }, "$owner 60 IN TXT $s";
		} else {
			$v .= '.' if $type =~ /MX|PTR/ && $v !~ /\.$/;
			push @{ $lines{$owner} }, "$owner 60 IN $type $v";
		}
	}
}
mkdir "$to/dns";
open my $f, '>', "$to/dns/failing" or die;
print $f "$_\n" for sort keys %failing;
close $f;
open $f, '>', "$to/dns/root" or die;
print $f ". 60 IN SOA a. b. 1 60 60 60 60\n. 60 IN NS a.\n";
print $f map { "$_\n" } @{ $lines{$_} } for sort keys %lines;
close $f;
