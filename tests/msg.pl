# msg.pl [-4] [-s] [-d] FILE <DESCRIPTION: a message of Outlook's (.msg: MS-CFB,
# MS-OXMSG), written anew from what the lines say:
#	0037 text Re: offer	UTF-16;  text8 CP bytes of that charset
#	1000 text @FILE		what stands in the file
#	0E07 long 1		short, bool, time (2026-03-02T09:00:00Z), bytes
#	1009 rtf {\rtf1 ...	compressed by LZFu;  melarf not compressed
#	recip {  attach {	a storage, up to }
#	3701 message {		a message within
#	3701 storage {		another's object: NAME bytes ...
# \n \r \t \\ \xHH stand for themselves.  -4: sectors of 4096 bytes; -s: those of
# a stream lie in disorder; -d: a document that is no message, of NAME bytes ...
use strict;
use warnings;
use Encode;
use Time::Local;
my ($large, $scatter, $document);
while (@ARGV and $ARGV[0] =~ /^-(4|s|d)$/) {
	shift;
	$1 eq '4' ? ($large = 1) : $1 eq 's' ? ($scatter = 1) : ($document = 1);
}
my $out = shift or die "msg.pl: no file\n";
my %type = (short => 2, long => 3, bool => 0xb, int64 => 0x14, text => 0x1f,
	text8 => 0x1e, time => 0x40, bytes => 0x102, rtf => 0x102,
	mela => 0x102);
my @words = ("{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil " .
	"\\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbol" .
	"ArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par " .
	"\\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx");

sub slurp { open my $h, '<:raw', $_[0] or die "$_[0]: $!"; local $/; <$h> }
sub value {
	my $s = shift;
	return slurp($1) if $s =~ /^@(\S+)$/;
	my %c = (n => "\n", r => "\r", t => "\t", '\\' => '\\');
	$s =~ s/\\(x([0-9a-fA-F]{2})|[nrt\\])/defined $2 ? chr hex $2 : $c{$1}/ge;
	$s;
}
# LZFu, by the longest reference that is found.
sub crc {
	my $c = 0;
	for my $b (unpack 'C*', $_[0]) {
		$c ^= $b;
		$c = $c & 1 ? 0xedb88320 ^ $c >> 1 : $c >> 1 for 1 .. 8;
	}
	$c;
}
sub lzfu {
	my $s = shift;
	my ($all, $body, $i) = ($words[0] . $s, '', length $words[0]);
	my ($done, $flags, $tokens, $k) = (0, 0, '', 0);
	until ($done) {
		my ($from, $n) = (0, 0);
		for (my $m = 2; $m <= 17 and $i + $m <= length $all; $m++) {
			my $at = rindex $all, substr($all, $i, $m), $i - $m;
			last if $at < 0 or $i - $at >= 4096;
			($from, $n) = ($at, $m);
		}
		if ($i == length $all) {
			$tokens .= pack 'n', ($i % 4096) << 4;
			$flags |= 1 << $k;
			$done = 1;
		} elsif ($n >= 2) {
			$tokens .= pack 'n', ($from % 4096) << 4 | $n - 2;
			$flags |= 1 << $k;
			$i += $n;
		} else {
			$tokens .= substr $all, $i++, 1;
		}
		if (++$k == 8 or $done) {
			$body .= chr($flags) . $tokens;
			($flags, $tokens, $k) = (0, '', 0);
		}
	}
	pack('VVVV', 12 + length $body, length $s, 0x75465a4c, crc($body)) . $body;
}
sub filetime {
	$_[0] =~ /^(\d+)-(\d+)-(\d+)T(\d+):(\d+):(\d+)Z$/ or die "time $_[0]";
	(timegm($6, $5, $4, $3, $2 - 1, $1) + 11644473600) * 10000000;
}

# Entries: { name, kind, data | kids }.
sub storage {
	my ($name, $head, $plain) = @_;
	my (@kids, $numbers, %count);
	$numbers = '';
	while (defined(my $line = <STDIN>)) {
		chomp $line;
		$line =~ s/^\s+//;
		next if $line =~ /^(#|$)/;
		last if $line eq '}';
		if ($line =~ /^(recip|attach) \{$/) {
			push @kids, storage(sprintf('__%s_version1.0_#%08X', $1,
				$count{$1}++), 8);
			next;
		}
		if ($line =~ /^(\S+) (message|storage) \{$/) {
			push @kids, storage("__substg1.0_${1}000D",
				$2 eq 'message' ? 24 : 8, $2 eq 'storage');
			$numbers .= pack 'vvVVV', 0xd, hex $1, 6, 0xffffffff, 1;
			next;
		}
		my ($id, $type, $v) = split / /, $line, 3;
		$v = '' unless defined $v;
		my $page;
		($page, $v) = split / /, $v, 2 if $type eq 'text8';
		$v = value($v);
		if ($plain) {
			push @kids, { name => $id, kind => 2, data => $v };
			next;
		}
		my $t = $type{$type} or die "type $type";
		my $tag = pack 'vvV', $t, hex $id, 6;
		if ($t < 0x15) {
			$numbers .= $tag . pack 'q<', $v;
		} elsif ($t == 0x40) {
			$numbers .= $tag . pack 'q<', filetime($v);
		} else {
			$v = encode('UTF-16LE', decode('UTF-8', $v)) if $t == 0x1f;
			$v = encode($page, decode('UTF-8', $v)) if $t == 0x1e;
			$v = lzfu($v) if $type eq 'rtf';
			$v = pack('VVVV', 12 + length $v, length $v, 0x414c454d, 0)
				. $v if $type eq 'mela';
			$numbers .= $tag . pack 'VV', length($v) +
				($t == 0x1f ? 2 : $t == 0x1e ? 1 : 0), 0;
			push @kids, { name => sprintf('__substg1.0_%s%04X', $id, $t),
				kind => 2, data => $v };
		}
	}
	unshift @kids, { name => '__properties_version1.0', kind => 2,
		data => "\0" x 8 . pack('VVVV', map { $_ || 0 } $count{recip},
			$count{attach}, $count{recip}, $count{attach}) x
			($head > 8) . "\0" x ($head == 32 ? 8 : 0) . $numbers }
		unless $plain;
	return { name => $name, kind => 1, kids => \@kids };
}
my $root = storage('Root Entry', 32, $document);
$root->{kind} = 5;

# Directory: ids in the order in which they are met, siblings a balanced tree.
my @entries = ($root);
sub tree {
	my @k = @_;
	return 0xffffffff unless @k;
	my $middle = splice @k, @k / 2, 1;
	my $half = int((@k + 1) / 2);
	$middle->{left} = tree(@k[0 .. $half - 1]);
	$middle->{right} = tree(@k[$half .. $#k]);
	$middle->{id};
}
for (my $i = 0; $i < @entries; $i++) {
	my $e = $entries[$i];
	$e->{id} = $i;
	$e->{left} = $e->{right} = 0xffffffff unless $i;
	next unless $e->{kids};
	my @sorted = sort { length $a->{name} <=> length $b->{name} or
		uc $a->{name} cmp uc $b->{name} } @{ $e->{kids} };
	$_->{id} = @entries, push @entries, $_ for @sorted;
}
for my $e (@entries) {
	$e->{child} = $e->{kids} ? tree(sort { length $a->{name} <=>
		length $b->{name} or uc $a->{name} cmp uc $b->{name} }
		@{ $e->{kids} }) : 0xffffffff;
}

# Sectors.
my $size = $large ? 4096 : 512;
my (@sectors, @fat, $mini, @minifat);
sub chain {
	my ($bytes, $list, $table, $n) = @_;
	my @parts = unpack "(a$n)*", $bytes;
	return 0xfffffffe unless @parts;
	my $from = @$list;
	my @place = map { $from + $_ } 0 .. $#parts;
	@place = reverse @place if $scatter;
	for my $i (0 .. $#parts) {
		$list->[$place[$i]] = $parts[$i] . "\0" x ($n - length $parts[$i]);
		$table->[$place[$i]] = $i < $#parts ? $place[$i + 1] : 0xfffffffe;
	}
	$place[0];
}
my @mini;
for my $e (grep { $_->{kind} == 2 } @entries) {
	$e->{size} = length $e->{data};
	$e->{start} = $e->{size} < 4096 ?
		chain($e->{data}, \@mini, \@minifat, 64) :
		chain($e->{data}, \@sectors, \@fat, $size);
}
$root->{size} = 64 * @mini;
$root->{start} = chain(join('', @mini), \@sectors, \@fat, $size);
my $minifat = chain(pack('V*', @minifat), \@sectors, \@fat, $size);
my $directory = '';
for my $e (@entries) {
	my $name = encode('UTF-16LE', $e->{name}) . "\0\0";
	$directory .= pack('a64vCCVVV', $name, length $name, $e->{kind}, 1,
		@$e{qw(left right child)}) . "\0" x 36 .
		pack 'VVV', defined $e->{start} ? $e->{start} : 0,
			$e->{size} || 0, 0;
}
my $first = chain($directory, \@sectors, \@fat, $size);
my $each = $size / 4;
my ($fats, $difats) = (0, 0);
for (1 .. 9) {
	$fats = int((@sectors + $fats + $difats + $each - 1) / $each);
	$difats = $fats <= 109 ? 0 : int(($fats - 109 + $each - 2) / ($each - 1));
}
my @fatat = map { @sectors + $_ } 0 .. $fats - 1;
my @difatat = map { @sectors + $fats + $_ } 0 .. $difats - 1;
push @fat, (0xfffffffd) x $fats, (0xfffffffc) x $difats;
push @fat, 0xffffffff while @fat < $fats * $each;
my $table = pack 'V*', @fat;
push @sectors, unpack "(a$size)*", $table;
my @rest = @fatat > 109 ? @fatat[109 .. $#fatat] : ();
for my $i (0 .. $difats - 1) {
	my @part = splice @rest, 0, $each - 1;
	push @part, 0xffffffff while @part < $each - 1;
	push @sectors, pack 'V*', @part,
		$i < $difats - 1 ? $difatat[$i + 1] : 0xfffffffe;
}
my @head = @fatat > 109 ? @fatat[0 .. 108] : @fatat;
push @head, 0xffffffff while @head < 109;
open my $h, '>:raw', $out or die "$out: $!";
print $h pack('a8x16vvvvvx6VVVVVVVVV', "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3e,
	$large ? 4 : 3, 0xfffe, $large ? 12 : 9, 6,
	$large ? int((length($directory) + $size - 1) / $size) : 0, $fats, $first,
	0, 4096, $minifat, int((4 * @minifat + $size - 1) / $size),
	$difats ? $difatat[0] : 0xfffffffe, $difats), pack('V*', @head),
	"\0" x ($size - 512), @sectors;
close $h or die "$out: $!";
