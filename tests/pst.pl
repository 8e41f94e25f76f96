# pst.pl [-c METHOD] FILE <DESCRIPTION: a mailbox of Outlook's (.pst: MS-PST, in
# Unicode), written anew.  A line is a folder ("folder NAME", in the one above
# it by a tab before it for each level) or begins an entry of the last one
# ("entry CLASS"), and "PROPERTY TYPE VALUE" are its properties, as in msg.pl.
# -c: how it says that it is encrypted.
use strict;
use warnings;
use Encode;
use Time::Local;
my $crypt = 0;
($crypt) = (splice @ARGV, 0, 2)[1] if @ARGV and $ARGV[0] eq '-c';
my $out = shift or die "pst.pl: no file\n";
my %type = (long => 3, bool => 0xb, text => 0x1f, time => 0x40, bytes => 0x102);
my (@nodes, @blocks);

sub value {
	my $s = shift;
	my %c = (n => "\n", r => "\r", t => "\t", '\\' => '\\');
	$s =~ s/\\(x([0-9a-fA-F]{2})|[nrt\\])/defined $2 ? chr hex $2 : $c{$1}/ge;
	$s;
}
sub filetime {
	$_[0] =~ /^(\d+)-(\d+)-(\d+)T(\d+):(\d+):(\d+)Z$/ or die "time $_[0]";
	pack 'q<', (timegm($6, $5, $4, $3, $2 - 1, $1) + 11644473600) * 10000000;
}

# A property context (2.3.3): a heap with a tree of properties.
sub context {
	my @properties = sort { $a->[0] <=> $b->[0] } @_;
	my ($records, @heap) = ('', '', '');
	for (@properties) {
		my ($id, $type, $bytes) = @$_;
		my $value = $bytes;
		if ($type == 3 or $type == 0xb) {
			$value = pack 'V', $bytes;
		} elsif (length $bytes) {
			push @heap, $bytes;
			$value = pack 'V', @heap << 5;
		} else {
			$value = pack 'V', 0;
		}
		$records .= pack('vv', $id, $type) . $value;
	}
	$heap[0] = pack 'CCCCV', 0xb5, 2, 6, 0, 2 << 5;
	$heap[1] = $records;
	my ($body, @at) = ('');
	for (@heap) {
		push @at, 12 + length $body;
		$body .= $_;
	}
	push @at, 12 + length $body;
	$body .= "\0" if length($body) % 2;
	pack('vCCVx4', 12 + length $body, 0xec, 0xbc, 1 << 5) . $body .
		pack 'vvv*', scalar @heap, 0, @at;
}
sub node {
	my ($nid, $parent, @properties) = @_;
	push @blocks, context(@properties);
	push @nodes, [$nid, 4 * @blocks, $parent];
}
sub text { [$_[0], 0x1f, encode('UTF-16LE', decode('UTF-8', $_[1]))] }

node(0x21, 0, text(0x3001, 'Mailbox'), [0x35df, 3, 0x89],
	[0x35e0, 0x102, "\0" x 4 . 'kith-own-fixture' . pack 'V', 0x8022]);
my ($folder, $entry, @above) = (0x8022, 0x200004, 0x8022);
sub folder {
	my ($nid, $parent, $name) = @_;
	node($nid, $parent, text(0x3001, $name), [0x3602, 3, 1],
		[0x3603, 3, 0], [0x360a, 0xb, 1]);
}
folder(0x122, 0x122, 'Root');
folder(0x8022, 0x122, 'Top of Personal Folders');
my @properties;
sub finish {
	node($entry += 0x20, $above[-1], @properties) if @properties;
	@properties = ();
}
while (defined(my $line = <STDIN>)) {
	chomp $line;
	if ($line =~ /^(\t*)folder (.*)/) {
		finish();
		my $depth = 1 + length $1;
		splice @above, $depth;
		push @above, $folder += 0x20;
		folder($folder, $above[-2], $2);
	} elsif ($line =~ /^\s*entry (\S+)/) {
		finish();
		@properties = text(0x1a, $1);
	} elsif ($line =~ /^\s*([0-9A-F]{4}) (\w+) (.*)/) {
		my ($id, $type, $v) = (hex $1, $type{$2} || die($2), value($3));
		push @properties, $type == 0x1f ? text($id, $v) :
			[$id, $type, $type == 0x40 ? filetime($v) : $v];
	} elsif ($line =~ /^\s*[^#\s]/) {
		die "pst.pl: $line\n";
	}
}
finish();

# Blocks behind the header, then the two trees, of one level or two.
my ($body, @at) = ('');
sub place {
	my ($bytes, $trailer) = @_;
	my $n = -(length($bytes) + 16) % 64;
	my $at = 0x4600 + length $body;
	$body .= $bytes . "\0" x $n . $trailer;
	$at;
}
for my $i (0 .. $#blocks) {
	my $b = $blocks[$i];
	die "pst.pl: an entry is too large\n" if length $b > 8176;
	push @at, place($b, pack 'vvVQ<', length $b, 0, 0, 4 * ($i + 1));
}
my $page = 4 * @blocks + 4;
sub page {
	my ($kind, $level, $size, @entries) = @_;
	my $room = int(488 / $size);
	my $bid = $page += 4;
	$body .= "\0" x (-length($body) % 512);
	my $at = place(join('', @entries) . "\0" x (488 - $size * @entries) .
		pack('CCCCx4', scalar @entries, $room, $size, $level),
		pack 'CCvVQ<', $kind, $kind, 0, 0, $bid);
	($bid, $at);
}
sub btree {
	my ($kind, $size, @entries) = @_;
	my $room = int(488 / $size);
	return page($kind, 0, $size, @entries) if @entries <= $room;
	my @upper;
	while (my @part = splice @entries, 0, $room) {
		my $key = substr $part[0], 0, 8;
		push @upper, $key . pack 'Q<Q<', page($kind, 0, $size, @part);
	}
	page($kind, 1, 24, @upper);
}
my ($nbt, $nbtat) = btree(0x81, 32, map { pack 'Q<Q<Q<VV', $_->[0], $_->[1], 0,
	$_->[2], 0 } sort { $a->[0] <=> $b->[0] } @nodes);
my ($bbt, $bbtat) = btree(0x80, 24, map { pack 'Q<Q<vvV', 4 * ($_ + 1),
	$at[$_], length $blocks[$_], 2, 0 } 0 .. $#blocks);
my $end = 0x4600 + length $body;
my $head = pack('a4Va2vvCCVVQ<Q<V', '!BDN', 0, 'SM', 23, 19, 1, 1, 0, 0, 0,
	$page + 4, 1) . pack('V*', (0x400) x 32) . "\0" x 8 .
	pack('VQ<Q<Q<Q<Q<Q<Q<Q<CCv', 0, $end, 0x4400, 0, 0, $nbt, $nbtat, $bbt,
		$bbtat, 2, 0, 0);
$head .= "\0" x (0x200 - length $head) . pack 'CC', 0x80, $crypt;
open my $h, '>:raw', $out or die "$out: $!";
print $h $head, "\0" x (0x4600 - length $head), $body;
close $h or die "$out: $!";
