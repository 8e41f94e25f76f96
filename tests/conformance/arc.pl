# The suite of ARC (one YAML document a group of tests) into a zone, checks for
# mailauth, and wants: name, tab, word.
#	arc.pl YAML-TOOL SUITE FOLDER
use strict;
use warnings;
use JSON::PP;

my ($tool, $suite, $to) = @ARGV;
my $json = JSON::PP->new->utf8->canonical;
open my $in, '<', $suite or die "$suite: $!";
my $text = do { local $/; <$in> };
my %records;
open my $checks, '>', "$to/checks" or die;
open my $wants, '>', "$to/wants" or die;
for my $doc (split /^---.*\n/m, $text) {
	next if $doc !~ /^tests:/m;
	# A literal text that begins with an empty line and ends there.
	$doc =~ s/^(    message: +)\|\n\n(?=    cv:)/$1"\\n"\n/mg;
	# One name for two tests.
	my %seen;
	$doc =~ s/^  (\w+):$/"  $1" . ($seen{$1}++ ? "_$seen{$1}" : '') . ":"/mge;
	open my $f, '>', "$to/yaml" or die;
	print $f $doc;
	close $f;
	my $d = $json->decode(scalar qx('$tool' <'$to/yaml'));
	for my $name (sort keys %{ $d->{tests} }) {
		my $t = $d->{tests}{$name};
		print $checks $json->encode({ check => 'arc', raw => $t->{message} }), "\n";
		# Where the last seal says cv=fail the draft had no word; RFC
		# 8617, 5.2, step 2, has one.
		my $cv = lc $t->{cv} =~ s/\s+//gr;
		print $wants "$name\t", $cv eq '' ? 'fail' : $cv, "\n";
	}
	$records{$_} = $d->{'txt-records'}{$_} for keys %{ $d->{'txt-records'} || {} };
}
open my $zone, '>', "$to/dns/root" or die;
print $zone ". 3600 IN SOA a. b. 1 3600 3600 3600 3600\n. 3600 IN NS a.\n";
for my $name (sort keys %records) {
	(my $v = $records{$name}) =~ s/(["\\])/\\$1/g;
	print $zone "$name. 3600 IN TXT ", join(' ', map { "\"$_\"" } $v =~ /(.{1,255})/gs), "\n";
}
