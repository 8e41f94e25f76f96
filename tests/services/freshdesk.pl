# Freshdesk: tickets by their time of change, the conversations of each, and the
# Link header, with tests/services/Desk.pm.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/services";
use Desk;
use MIME::Base64;

my $signed = 0;

sub ticket {
	my $c = shift;
	$signed++;
	return {
		id => $c->{id}, subject => "about $c->{id}", source => 1, status => 2, priority => 1,
		description => "<p>$c->{messages}[0]{text}</p>",
		description_text => $c->{messages}[0]{text}, requester_id => 1001,
		requester => { id => 1001, name => 'Ana', email => 'ana@riba.example' },
		responder_id => 501, spam => yes(0), created_at => iso($c->{made}),
		updated_at => iso($c->{changed}), support_email => 'care@lamp.example',
		attachments => [{ id => 1, name => 'a.pdf', size => 10,
			attachment_url => "https://files.example/a.pdf?expires=$signed" }],
	};
}

sub conversation_of {
	my ($c, $m) = @_;
	return {
		id => $m->{id}, ticket_id => $c->{id}, body => "<p>$m->{text}</p>",
		body_text => $m->{text}, incoming => yes(!$m->{ours}), private => yes(0),
		user_id => $m->{ours} ? 501 : 1001, source => 0, attachments => [],
		created_at => iso($m->{at}), updated_at => iso($m->{at}),
	};
}

# The whole of the answer, with the link to the next page.
sub answer {
	my ($headers, $path, $query, @list) = @_;
	my $number = $query->{page}[0] // 1;
	my ($next, @part) = page(($number - 1) * size(), @list);
	my $link = join '&', map { "$_=" . join ',', @{ $query->{$_} } }
	    grep { $_ ne 'page' } sort keys %$query;

	return (200, defined $next ? { Link => "<http://$headers->{host}$path?$link&page="
		    . ($number + 1) . '>; rel="next"' } : {}, \@part);
}

return sub {
	my ($method, $path, $query, $headers) = @_;
	my @wrong = trouble($path);

	return @wrong if @wrong;
	return (401, {}, { code => 'invalid_credentials' })
	    if ($headers->{authorization} // '') ne 'Basic ' . encode_base64('s3cret:X', '');
	if ($path =~ m{^/api/v2/tickets/(\d+)/conversations$}) {
		my $c = conversation($1) or return (404, {}, '');
		my (undef, @rest) = @{ $c->{messages} };
		return answer($headers, $path, $query, map { conversation_of($c, $_) } @rest);
	}
	return (404, {}, '') if $path ne '/api/v2/tickets' || !$query->{updated_since}
	    || $query->{order_type}[0] ne 'asc';
	return (400, {}, { description => 'Validation failed' })
	    if ($query->{page}[0] // 1) > 300;
	my $since = $query->{updated_since}[0];
	my @list = sort { $a->{changed} <=> $b->{changed} || $a->{id} <=> $b->{id} }
	    grep { iso($_->{changed}) gt $since } conversations();
	return answer($headers, $path, $query, map { ticket($_) } @list);
};
