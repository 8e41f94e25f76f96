# Chatwoot: conversations by their last activity, in pages that shift, and the
# messages of each, the last of them first, with tests/services/Desk.pm.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/services";
use Desk;

my %ana = (id => 12, name => 'Ana', email => 'ana@riba.example', phone_number => undef);

sub conversation_of {
	my $c = shift;
	return {
		id => $c->{id}, account_id => 1, inbox_id => 4, status => 'open', can_reply => yes(1),
		meta => { channel => 'Channel::WebWidget', sender => { %ana, availability_status => time },
			assignee => { id => 3, name => 'Ben' } },
		messages => [message($c, $c->{messages}[-1])], created_at => $c->{made},
		last_activity_at => $c->{changed}, timestamp => $c->{changed}, unread_count => 0,
	};
}

sub message {
	my ($c, $m) = @_;
	return {
		id => $m->{id}, content => $m->{text}, inbox_id => 4, conversation_id => $c->{id},
		message_type => $m->{ours} ? 1 : 0, content_type => 'text', private => yes(0),
		status => 'sent', content_attributes => {}, created_at => $m->{at}, source_id => undef,
		sender => $m->{ours}
		    ? { id => 3, name => 'Ben', type => 'user', availability_status => time }
		    : { %ana, type => 'contact', thumbnail => '' },
	};
}

return sub {
	my ($method, $path, $query, $headers) = @_;
	my @wrong = trouble($path);

	return @wrong if @wrong;
	return (401, {}, { errors => ['Invalid Access Token'] })
	    if ($headers->{api_access_token} // '') ne 's3cret';
	if ($path =~ m{^/api/v1/accounts/1/conversations/(\d+)/messages$}) {
		my $c = conversation($1) or return (404, {}, { error => 'Resource could not be found' });
		my $before = $query->{before}[0] // 9e9;
		my @part = grep { $_->{id} < $before } @{ $c->{messages} };
		splice @part, 0, -20 if @part > 20;
		return (200, {}, { meta => { labels => [] },
			payload => [map { message($c, $_) } @part] });
	}
	return (404, {}, '') if $path ne '/api/v1/accounts/1/conversations';
	my @list = sort { $b->{changed} <=> $a->{changed} || $b->{id} <=> $a->{id} } conversations();
	my (undef, @part) = page((($query->{page}[0] // 1) - 1) * size(), @list);
	return (200, {}, { data => { meta => { all_count => scalar @list },
		payload => [map { conversation_of($_) } @part] } });
};
