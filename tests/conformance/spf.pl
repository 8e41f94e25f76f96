# A suite of SPF (YAML documents, each with tests and zonedata) into a folder a
# document: dns/ for tests/dns.sh, checks for mailauth, wants with the names and
# results that are allowed, tab, the explanation.
#	spf.pl YAML-TOOL SUITE FOLDER
use strict;
use warnings;
use JSON::PP;

my ($tool, $suite, $to) = @ARGV;
my $json = JSON::PP->new->utf8->canonical;

sub slurp { open my $f, '<', $_[0] or die "$_[0]: $!"; local $/; <$f> }

sub json_of {
	my $text = shift;
	open my $f, '>', "$to/.yaml" or die;
	print $f $text;
	close $f;
	return $json->decode(scalar qx('$tool' <'$to/.yaml'));
}

sub list { my $v = shift; return ref $v eq 'ARRAY' ? @$v : ($v) }

# A name or text as zone files write it.
sub escaped {
	my ($s, $name) = @_;
	utf8::encode($s);
	$s =~ s/([^!#-\[\]-~ ])/sprintf '\\%03d', ord $1/ge;
	$s =~ s/ /\\032/g if $name;
	$s =~ s/;/\\;/g if $name;
	return $s;
}

sub txt {
	my $s = join '', @_;
	utf8::encode($s);
	my @parts = $s =~ /(.{1,255})/gs;
	@parts = ('') if !@parts;
	return join ' ', map {
		my $p = $_;
		$p =~ s/([^!#-\[\]-~ ])/sprintf '\\%03d', ord $1/ge;
		"\"$p\""
	} @parts;
}

my $soa = '3600 IN SOA a. b. 1 3600 3600 3600 3600';
my $n = 0;
for my $doc (split /^---.*\n/m, slurp($suite)) {
	next if $doc !~ /^tests:/m;
	# A folded text without a line, which not every reader takes.
	$doc =~ s/^( +)(\w+): >-\n(?=\1\w)/$1$2: ""\n/mg;
	my $d = json_of($doc);
	my $dir = sprintf '%s/%02d', $to, ++$n;
	mkdir $_ for $dir, "$dir/dns";
	my (%lines, %failing);
	for my $name (keys %{ $d->{zonedata} }) {
		my @records = list($d->{zonedata}{$name});
		my $has_txt = grep { ref && exists $_->{TXT} } @records;
		next if grep { length > 63 || $_ eq '' } split /\./, $name =~ s/\.$//r, -1;
		(my $owner = escaped(lc $name, 1)) =~ s/\.?$/./;
		my @out;
		for my $r (@records) {
			if (!ref $r) { $failing{$owner} = 1; next }
			my ($type, $v) = %$r;
			if ($type eq 'SPF') { next if $has_txt; $type = 'TXT' }
			elsif ($type eq 'TXT') { next if !ref $v && $v eq 'NONE' }
			$v = $type eq 'TXT' ? txt(list($v))
			    : $type eq 'MX' ? "$v->[0] " . (escaped($v->[1], 1) =~ s/\.?$/./r)
			    : $type =~ /^(CNAME|PTR)$/ ? escaped($v, 1) =~ s/\.?$/./r
			    : $v;
			push @out, "$owner 3600 IN $type $v";
		}
		push @{ $lines{$owner} }, @out;
	}
	# What has an answer has it; the rest of the name is not asked for.
	delete $failing{$_} for grep { @{ $lines{$_} // [] } } keys %failing;
	open my $f, '>', "$dir/dns/failing" or die;
	print $f "$_\n" for sort keys %failing;
	close $f;
	my %files = ('root' => [". $soa", '. 3600 IN NS a.']);
	for my $owner (sort keys %lines) {
		my $below = grep { $owner ne $_ && $owner =~ /\.\Q$_\E$/ } keys %failing;
		(my $file = $owner) =~ s/\.$//;
		push @{ $files{$file} }, "$owner $soa", "$owner 3600 IN NS a." if $below;
		push @{ $files{ $below ? $file : 'root' } }, @{ $lines{$owner} };
	}
	for my $file (keys %files) {
		open $f, '>', "$dir/dns/$file" or die;
		print $f "$_\n" for @{ $files{$file} };
		close $f;
	}
	open my $checks, '>', "$dir/checks" or die;
	open my $wants, '>:utf8', "$dir/wants" or die;
	for my $name (sort keys %{ $d->{tests} }) {
		my $t = $d->{tests}{$name};
		# pyspf's own modes: the modifier default= of an old draft,
		# which RFC 7208, 6, has as one that nobody knows.
		next if defined $t->{strict} && $suite =~ m{/test\.yml$};
		print $checks $json->encode({ check => 'spf', address => $t->{host},
		    helo => $t->{helo}, sender => $t->{mailfrom} }), "\n";
		my $why = $t->{explanation} // '-';
		print $wants "$name\t", join('|', list($t->{result})), "\t$why\n";
	}
}
