# Intercom: the search for conversations, and one with its parts, with
# tests/services/Desk.pm.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/services";
use Desk;
use JSON::PP;

sub author {
	return $_[0] ? { type => 'admin', id => '9', name => 'Ben', email => 'ben@lamp.example' }
	    : { type => 'user', id => 'u1', name => 'Ana', email => 'ana@riba.example' };
}

# Links to files end by themselves.
my $signed = 0;

sub file {
	$signed++;
	return { type => 'upload', name => 'a.png', filesize => 70,
		url => "https://files.example/a.png?expires=$signed" };
}

sub whole {
	my $c = shift;
	my ($first, @rest) = @{ $c->{messages} };
	return {
		type => 'conversation', id => "$c->{id}", created_at => $c->{made},
		updated_at => $c->{changed}, title => undef, state => 'open',
		source => {
			type => 'email', id => "$first->{id}", subject => "about $c->{id}",
			body => "<p>$first->{text}</p>", author => author($first->{ours}),
			attachments => [file()], delivered_as => 'customer_initiated',
		},
		contacts => { type => 'contact.list', contacts => [{ type => 'contact', id => 'u1' }] },
		statistics => { count_conversation_parts => scalar @rest },
		conversation_parts => {
			type => 'conversation_part.list',
			conversation_parts => [map { +{
				type => 'conversation_part', id => "$_->{id}", part_type => 'comment',
				body => "<p>$_->{text}</p>", created_at => $_->{at}, updated_at => $_->{at},
				author => author($_->{ours}), attachments => [file()],
			} } @rest],
		},
	};
}

return sub {
	my ($method, $path, $query, $headers, $body) = @_;
	my @wrong = trouble($path);

	return @wrong if @wrong;
	return (401, {}, { errors => [{ code => 'unauthorized' }] })
	    if ($headers->{authorization} // '') ne 'Bearer s3cret'
	    || ($headers->{'intercom-version'} // '') eq '';
	if ($method eq 'GET' && $path =~ m{^/conversations/(\d+)$}) {
		my $c = conversation($1) or return (404, {}, { errors => [] });
		return (200, {}, whole($c));
	}
	return (404, {}, '') if $path ne '/conversations/search' || $method ne 'POST';
	my $asks = JSON::PP->new->decode($body);
	my ($field, $operator, $value) = @{ $asks->{query} }{qw(field operator value)};
	return (400, {}, { errors => [{ code => 'parameter_invalid' }] })
	    if $field ne 'updated_at' || $operator ne '>' || ref $value
	    || $asks->{sort}{order} ne 'ascending';
	my @list = sort { $a->{changed} <=> $b->{changed} || $a->{id} <=> $b->{id} }
	    grep { $_->{changed} > $value } conversations();
	my ($after, $id) = split /-/, $asks->{pagination}{starting_after} // '0-0';
	my ($next, @part) = page(0, grep {
		$_->{changed} > $after || ($_->{changed} == $after && $_->{id} > $id)
	} @list);
	my @found = map { my $c = whole($_); delete $c->{conversation_parts}; $c } @part;
	return (200, {}, {
		type => 'conversation.list', conversations => \@found,
		pages => { type => 'pages', defined $next
			? (next => { starting_after => "$part[-1]{changed}-$part[-1]{id}" }) : () },
	});
};
