# Zendesk: tickets by the incremental export, whose token is how many changes were
# read, and their comments, with tests/services/Desk.pm.  Where ./forgotten is
# there the next cursor is not known.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/services";
use Desk;
use MIME::Base64;

sub ticket {
	my $c = shift;
	return {
		id => $c->{id}, url => "https://lamp.zendesk.com/api/v2/tickets/$c->{id}.json",
		created_at => iso($c->{made}), updated_at => iso($c->{changed}),
		generated_timestamp => $c->{changed}, subject => "about $c->{id}",
		description => $c->{messages}[0]{text}, requester_id => 7,
		submitter_id => 7, assignee_id => 9, via => { channel => 'email' },
		status => $c->{status} // 'open',
	};
}

sub comment {
	my $m = shift;
	return {
		id => $m->{id}, type => 'Comment', author_id => $m->{ours} ? 9 : 7,
		body => $m->{text}, plain_body => $m->{text}, public => yes(1),
		created_at => iso($m->{at}), via => { channel => 'email' },
	};
}

sub comments {
	my ($id, $query) = @_;
	my $c = conversation($id) or return (404, {}, { error => 'RecordNotFound' });
	my ($next, @part) =
	    page($query->{'page[after]'}[0] // 0, @{ $c->{messages} });

	return (200, {}, {
		comments => [map { comment($_) } @part],
		users => [
			{ id => 7, name => 'Ana', email => 'ana@riba.example', role => 'end-user',
			    last_login_at => iso(time) },
			{ id => 9, name => 'Ben', email => 'ben@lamp.example', role => 'agent' },
		],
		meta => { has_more => yes(defined $next), after_cursor => $next },
	});
}

return sub {
	my ($method, $path, $query, $headers) = @_;
	my @wrong = trouble($path);

	return @wrong if @wrong;
	return (401, {}, { error => "Couldn't authenticate you" })
	    if ($headers->{authorization} // '') ne
	    'Basic ' . encode_base64('ben@lamp.example/token:s3cret', '');
	return comments($1, $query) if $path =~ m{/api/v2/tickets/(\d+)/comments\.json$};
	return (404, {}, '') if $path ne '/api/v2/incremental/tickets/cursor.json';
	return (422, {}, { error => 'InvalidValue', description => 'Invalid cursor' })
	    if $query->{cursor} && main::once('forgotten');
	return (422, {}, { error => 'start_time' })
	    if !$query->{cursor} && !$query->{start_time};
	my @list = sort { $a->{changed} <=> $b->{changed} || $a->{id} <=> $b->{id} }
	    conversations();
	my ($after, $id) = split /-/, $query->{cursor}[0] // '0-0';
	@list = grep {
		$_->{changed} > $after || ($_->{changed} == $after && $_->{id} > $id)
	} @list;
	my ($next, @part) = page(0, @list);
	($after, $id) = @{ $part[-1] }{ 'changed', 'id' } if @part;
	return (200, {}, {
		tickets => [map { ticket($_) } @part], after_cursor => "$after-$id",
		end_of_stream => yes(!defined $next),
	});
};
