# Help Scout: conversations with their threads by their time of change, which
# stands in none of them, with tests/services/Desk.pm.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/services";
use Desk;

my %ana = (id => 88, type => 'customer', first => 'Ana', email => 'ana@riba.example');

sub thread {
	my $m = shift;
	return {
		id => $m->{id}, type => $m->{ours} ? 'message' : 'customer', status => 'active',
		state => 'published', body => "<p>$m->{text}</p>", source => { type => 'email' },
		customer => \%ana, createdAt => iso($m->{at}), to => [], cc => [], bcc => [],
		createdBy => $m->{ours} ? { id => 7, type => 'user', first => 'Ben' } : \%ana,
		_embedded => { attachments => [] },
	};
}

sub whole {
	my $c = shift;
	return {
		id => $c->{id}, number => $c->{id} + 100, threads => scalar @{ $c->{messages} },
		type => 'email', status => 'active', subject => "about $c->{id}", mailboxId => 9,
		createdAt => iso($c->{made}), primaryCustomer => \%ana, tags => [],
		customerWaitingSince => { friendly => time },
		_embedded => { threads => [map { thread($_) } reverse @{ $c->{messages} }] },
	};
}

return sub {
	my ($method, $path, $query, $headers, $body) = @_;
	if ($path eq '/v2/oauth2/token') {
		return (400, {}, { error => 'unsupported_grant_type' })
		    if $body !~ /grant_type=client_credentials/;
		return (401, {}, { error => 'invalid_client' })
		    if $body !~ /client_id=app/ || $body !~ /client_secret=word/;
		return (200, {}, { token_type => 'bearer', access_token => 's3cret', expires_in => 172800 });
	}
	my @wrong = trouble($path);

	return @wrong if @wrong;
	return (401, {}, { error => 'invalid_token' })
	    if ($headers->{authorization} // '') ne 'Bearer s3cret';
	return (404, {}, '') if $path ne '/v2/conversations' || $query->{embed}[0] ne 'threads'
	    || $query->{sortOrder}[0] ne 'desc';
	my $since = $query->{modifiedSince}[0] // '';
	my @list = sort { $b->{changed} <=> $a->{changed} || $b->{id} <=> $a->{id} }
	    grep { iso($_->{changed}) ge $since } conversations();
	my $number = $query->{page}[0] // 1;
	my ($next, @part) = page(($number - 1) * size(), @list);
	my $pages = int((@list + size() - 1) / size());
	return (200, {}, {
		@list ? (_embedded => { conversations => [map { whole($_) } @part] }) : (),
		page => { size => size(), totalElements => scalar @list, totalPages => $pages,
			number => $number + 0 },
	});
};
