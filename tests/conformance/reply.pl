# reply.pl TRIM DATA: trims every sample and prints one line each, "PART equal"
# or "PART differs: NAME".  The table of what the parser's own tests expect
# (name|first line|last line|expression that must not match) is read from
# standard input.
use strict;
use warnings;

my ($trim, $data) = @ARGV;
my $trimmer = "$data/email_reply_trimmer";

sub slurp {
	open my $f, '<:raw', $_[0] or die "$_[0]: $!";
	local $/;
	return scalar <$f>;
}

# Without white space at the ends of lines and of the text, empty lines single.
sub squeeze {
	my $s = shift;
	$s =~ s/[ \t\r]+$//mg;
	$s =~ s/\n{3,}/\n\n/g;
	$s =~ s/^\s+|\s+$//g;
	return $s;
}

sub letters {
	my $s = join '', @_;
	$s =~ s/\s+//g;
	return join '', sort split //, $s;
}

sub parts {
	my @parts = split /\f\n/, qx('$trim' all <'$_[0]'), -1;
	die "$_[0]: exit $?" if $? || @parts != 4;
	return @parts[0 .. 2];
}

sub say_equal {
	my ($part, $equal, $name) = @_;
	print $equal ? "$part equal\n" : "$part differs: $name\n";
}

for my $file (sort glob "$trimmer/emails/*.txt") {
	my ($name) = $file =~ m{([^/]+)$};
	my ($text, $quoted, $signature) = parts($file);
	say_equal('trimmed',
	    squeeze($text) eq squeeze(slurp("$trimmer/trimmed/$name")), $name);
	say_equal('elided', letters($quoted, $signature) eq
	    letters(slurp("$trimmer/elided/$name")), $name);
	say_equal('kept', letters($text, $quoted, $signature) eq
	    letters(slurp($file)), $name);
	my $embedded = "$trimmer/embedded/$name";
	say_equal('embedded', index(squeeze($quoted),
	    squeeze(slurp($embedded))) >= 0, $name) if -e $embedded;
}
while (my $line = <STDIN>) {
	chomp $line;
	my ($name, $first, $last, $absent) = split /\|/, $line;
	my ($text) = parts("$data/email_reply_parser/$name.txt");
	my @lines = split /\n/, squeeze($text);
	say_equal('parser', $lines[0] eq $first && $lines[-1] eq $last &&
	    $text !~ /$absent/, $name);
}
