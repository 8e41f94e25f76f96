# Signs the mail on standard input by DKIM, relaxed/relaxed: the field, then the
# mail.
#	sign.pl KEY.pem rsa|ed25519 DOMAIN SELECTOR [TAGS]
# TAGS such as "l=20; x=1" stand in the signature as they are; l= is heeded.
use strict;
use warnings;
use Digest::SHA 'sha256';
use MIME::Base64 'encode_base64';
use File::Temp 'tempfile';

my ($key, $kind, $domain, $selector, $tags) = @ARGV;
binmode $_ for *STDIN, *STDOUT;
my $mail = do { local $/; <STDIN> };
my ($head, $body) = split /\n\n/, $mail, 2;

sub relaxed {
	my ($name, $value) = split /:/, $_[0], 2;
	$value =~ s/\s+/ /g;
	$value =~ s/^ | $//g;
	return lc($name) . ":$value";
}

sub signed {
	my ($bytes) = @_;
	my ($f, $file) = tempfile(UNLINK => 1);
	binmode $f;
	print $f $kind eq 'rsa' ? $bytes : sha256($bytes);
	close $f;
	my $how = $kind eq 'rsa' ? "dgst -sha256 -sign '$key' '$file'"
	    : "pkeyutl -sign -inkey '$key' -rawin -in '$file'";
	my $out = qx(openssl $how);
	die "openssl failed" if $? != 0;
	return encode_base64($out, '');
}

my $hashed = join "\n", map { s/[ \t]+$//r =~ s/[ \t]+/ /gr } split /\n/, $body, -1;
$hashed =~ s/\n+\z//;
$hashed .= "\n" if $hashed ne '';
$hashed =~ s/\n/\r\n/g;
$hashed = substr $hashed, 0, $1 if ($tags // '') =~ /\bl=(\d+)/;

my @fields = $head =~ /^(\S+?:.*(?:\n[ \t].*)*)/mg;
my @names = grep { $head =~ /^\Q$_\E:/mi } qw(from to subject date message-id);
my $field = "DKIM-Signature: v=1; a=$kind-sha256; c=relaxed/relaxed;\n" .
    " d=$domain; s=$selector; h=" . join(':', @names) . ';' .
    ($tags ? " $tags;" : '') .
    "\n bh=" . encode_base64(sha256($hashed), '') . ";\n b=";
my $text = '';
for my $name (@names) {
	my ($one) = grep { /^\Q$name\E:/i } reverse @fields;
	$text .= relaxed($one) . "\r\n";
}
my $b = signed($text . relaxed($field));
$b =~ s/(.{70})/$1\n /g;
print "$field$b\n$mail";
