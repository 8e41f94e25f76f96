# Signs the vCon on standard input as JWS, in the flattened form by one key and
# in the general one by several (RFC 7515, 7.2).
#	jws.pl [-g] ALG KEY.pem [HEADER [PROTECTED]] [-- ALG KEY.pem ...]
# HEADER and PROTECTED are members in JSON, of the header that is not signed and
# beside alg in the one that is; ALG alone signs nothing where KEY.pem is "-".
use strict;
use warnings;
use MIME::Base64 'encode_base64url';
use File::Temp 'tempfile';

my $general = @ARGV && $ARGV[0] eq '-g' ? shift : '';
my $payload = do { local $/; <STDIN> };
chomp $payload;
$payload = encode_base64url($payload);

sub run_openssl {
	my ($bytes, $how) = @_;
	my ($f, $file) = tempfile(UNLINK => 1);
	binmode $f;
	print $f $bytes;
	close $f;
	my $out = qx(openssl $how '$file');
	die "openssl failed" if $? != 0;
	return $out;
}

# The two numbers of a signature in DER, each of so many bytes.
sub numbers {
	my ($der, $bytes) = @_;
	my $at = ord(substr $der, 1, 1) == 0x81 ? 3 : 2;
	my $out = '';
	for (1, 2) {
		my $n = ord substr $der, $at + 1, 1;
		my $v = substr $der, $at + 2, $n;
		$v =~ s/^\0+//;
		$out .= ("\0" x ($bytes - length $v)) . $v;
		$at += 2 + $n;
	}
	return $out;
}

sub signature {
	my ($alg, $key, $text) = @_;
	return '' if $key eq '-';
	return run_openssl($text, "pkeyutl -sign -rawin -inkey '$key' -in")
	    if $alg =~ /^Ed/;
	my ($bits) = $alg =~ /(\d+)/;
	my $pss = $alg =~ /^PS/ ? '-sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:-1' : '';
	my $sig = run_openssl($text, "dgst -sha$bits -sign '$key' $pss");
	return $alg =~ /^ES/ ? numbers($sig, { 256 => 32, 384 => 48, 512 => 66 }->{$bits}) : $sig;
}

my (@out, @one);
for (@ARGV, '--') {
	push(@one, $_), next if $_ ne '--';
	my ($alg, $key, $header, $protected) = @one;
	my $head = encode_base64url('{"alg":"' . $alg . '"' .
	    ($protected ? ",$protected" : '') . '}');
	my $s = '"protected":"' . $head . '","signature":"' .
	    (encode_base64url(signature($alg, $key, "$head.$payload")) || 'AA') . '"';
	$s .= ",\"header\":{$header}" if $header;
	push @out, $s;
	@one = ();
}
print $general ? '{"payload":"' . $payload . '","signatures":[' .
    join(',', map "{$_}", @out) . "]}\n" : '{"payload":"' . $payload . "\",$out[0]}\n";
