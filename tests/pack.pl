# pack.pl ZIP FILE...: a zip of stored files.
use strict;
use warnings;
my ($out, @files) = @ARGV;
my ($body, $directory, $crc32) = ('', '');
sub crc {
	my $c = 0xffffffff;
	for my $b (unpack 'C*', $_[0]) {
		$c ^= $b;
		$c = $c & 1 ? 0xedb88320 ^ $c >> 1 : $c >> 1 for 1 .. 8;
	}
	return $c ^ 0xffffffff;
}
for my $f (@files) {
	my $bytes = "\0\1\2 unknown";
	if (open my $h, '<:raw', $f) { local $/; $bytes = <$h>; }
	my @common = (20, 0, 0, 0, 0x5c65, crc($bytes), length $bytes,
		length $bytes, length $f, 0);
	$directory .= pack('VvvvvvvVVVvvvvvVV', 0x02014b50, 20, @common,
		0, 0, 0, 0, length $body) . $f;
	$body .= pack('VvvvvvVVVvv', 0x04034b50, @common) . $f . $bytes;
}
open my $h, '>:raw', $out or die $!;
print $h $body, $directory, pack('VvvvvVVv', 0x06054b50, 0, 0,
	scalar @files, scalar @files, length $directory, length $body, 0);
