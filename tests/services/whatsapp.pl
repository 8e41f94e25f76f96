# Meta's Cloud API, as far as messages are sent by it: each is taken, and its
# text stands in ./sent.
use strict;
use warnings;
use JSON::PP;

my $n = 0;

return sub {
	my ($method, $path, $query, $headers, $body) = @_;
	my $message = JSON::PP->new->utf8->decode($body);

	return (401, {}, { error => { code => 190, message => 'no token' } })
	    if ($headers->{authorization} // '') ne 'Bearer EAAG';
	open my $f, '>>', 'sent' or die;
	print $f JSON::PP->new->utf8->canonical->encode($message), "\n";
	close $f;
	$n++;
	return (200, {}, { messaging_product => 'whatsapp',
		contacts => [{ input => $message->{to}, wa_id => $message->{to} }],
		messages => [{ id => "wamid.OUT$n" }] });
};
