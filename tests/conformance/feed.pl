# Usage: perl feed.pl RECORDS FILE...: what each of feedparser's files expects
# of its entries, in the comment that it begins with, against the records.
# Prints "ok", "not ok" with both, or "other" for what is not compared.
use strict;
use warnings;
use utf8;
use JSON::PP;

binmode STDOUT, ':utf8';
my %records;
open my $in, '<', shift or die;
while (<$in>) {
	my $r = decode_json($_);
	push @{$records{$r->{source}{file}}}, $r;
}

# A string of Python.
sub literal {
	my $s = shift;
	return undef unless $s =~ /^[ur]*("""|'''|'|")(.*)\1\s*$/s;
	$s = $2;
	my %named = (n => "\n", t => "\t", r => "\r");
	$s =~ s/\\(u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))/
	    defined $2 ? chr hex $2 : defined $3 ? chr hex $3 :
	    $named{$4} \/\/ $4/ges;
	return $s;
}

sub squeezed { my $s = shift // ''; $s =~ s/\s+/ /g; $s =~ s/^ | $//g; $s }

# HTML as text, as far as these files need it.
sub shown {
	my $s = shift;
	$s =~ s/<!?\/?[a-zA-Z-][^>]*>/ /g;
	my %named = (lt => '<', gt => '>', amp => '&', quot => '"', apos => "'",
	    nbsp => ' ');
	$s =~ s/&(?:#x([0-9a-fA-F]+)|#([0-9]+)|([a-z]+));/
	    defined $1 ? chr hex $1 : defined $2 ? chr $2 :
	    $named{$3} \/\/ "&$3;"/ge;
	return $s;
}

sub same {
	my ($got, $want) = @_;
	my $text = squeezed($got);
	(my $bare = $text) =~ s/ //g;
	for my $form ($want, shown($want), shown(shown($want))) {
		(my $wanted = squeezed($form)) =~ s/ //g;
		return 1 if $bare eq $wanted;
	}
	return 0;
}

my %field = (
	title => sub { $_[0]{subject} },
	link => sub { $_[0]{data}{link} },
	id => sub { $_[0]{messageId} }, guid => sub { $_[0]{messageId} },
	summary => sub { $_[0]{data}{summary} // $_[0]{text} },
	description => sub { $_[0]{data}{summary} // $_[0]{text} },
	content => sub { $_[0]{text} },
	author => sub { my $f = $_[0]{from}; my ($n, $m) = @$f{qw(name email)};
		defined $n && defined $m ? "$n ($m)" : $n // $m },
	'author_detail/name' => sub { $_[0]{from}{name} },
	'author_detail/email' => sub { $_[0]{from}{email} },
	'author_detail/url' => sub { $_[0]{data}{authorUrl} },
	'authors/name' => sub { $_[0]{from}{name} },
	'authors/email' => sub { $_[0]{from}{email} },
	updated => sub { $_[0]{data}{updatedAt} // $_[0]{sentAt} },
	published => sub { $_[0]{sentAt} }, created => sub { $_[0]{sentAt} },
);

for my $path (@ARGV) {
	open my $f, '<', $path or die "$path: $!";
	local $/;
	my $text = <$f>;
	(my $show = $path) =~ s/.*feedparser\///;
	unless ($text =~ /Expect:\s*(?:not )?(?:bozo and )?(.*?)\s*(?:-->|\n)/s) {
		print "other $show\n";
		next;
	}
	for my $expect (split / and (?=\(?entries\[)/, $1) {
	if ($expect !~ /^entries\[(-?\d+)\](?:\.|\[')(\w+)(?:'\])?(?:\[0\])?(?:\['(\w+)'\])? == (.*)$/s) {
		print "other $show: $expect\n";
		next;
	}
	my ($i, $name, $below, $value) = ($1, $2, $3, $4);
	my $parsed = $name =~ s/_parsed$//;
	$name =~ s/_detail$// if ($below // '') eq 'value';
	$below = undef if ($below // '') eq 'value';
	$name .= "/$below" if defined $below;
	my $want = literal($value);
	if ($parsed && $value =~ /^\((\d+), (\d+), (\d+), (\d+), (\d+), (\d+)/) {
		$want = sprintf '%04d-%02d-%02dT%02d:%02d:%02dZ', $1, $2, $3, $4, $5, $6;
	}
	# A picture, a drawing and a formula are no text.
	if (!defined $want || !$field{$name} || $want =~ /^<(?:img|svg|math)/) {
		print "other $show: $expect\n";
		next;
	}
	# A date as it stood, of RFC 822.
	my %month = (Jan => 1, Dec => 12);
	$want = sprintf '%04d-%02d-%02dT%sZ', $3, $month{$2}, $1, $4
	    if $want =~ /^\w+, (\d+) (Jan|Dec) (\d{4}) ([0-9:]+) GMT$/;
	my $r = ($records{$path} // [])->[$i];
	my $got = $r ? $field{$name}->($r) : undef;
	my $ok = same($got // '', $want);
	printf "%s %s: %s%s\n", $ok ? 'ok' : 'not ok', $show, $name,
	    $ok ? '' : sprintf ': got %s, want %s', $got // 'nothing', $want;
	}
}
