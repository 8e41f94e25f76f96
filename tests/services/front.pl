# Front: events, the newest first, with links to a server of the company, with
# tests/services/Desk.pm.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/services";
use Desk;

sub event {
	my $m = shift;
	my $c = $m->{of};
	return {
		_links => { self => "https://riba.api.frontapp.com/events/evt_$m->{id}" },
		id => "evt_$m->{id}", type => $m->{ours} ? 'outbound' : 'inbound',
		emitted_at => $m->{at} + 0.25,
		conversation => {
			_links => { self => "https://riba.api.frontapp.com/conversations/cnv_$c->{id}" },
			id => "cnv_$c->{id}", subject => "about $c->{id}", status => 'assigned',
			recipient => { handle => 'ana@riba.example', role => 'from' },
			last_message => { id => "msg_$c->{messages}[-1]{id}" },
		},
		source => { _meta => { type => 'inboxes' }, data => [{ id => 'inb_1', name => 'Help' }] },
		target => { _meta => { type => 'message' }, data => {
			id => "msg_$m->{id}", type => 'email', is_inbound => yes(!$m->{ours}),
			created_at => $m->{at} + 0.125, body => "<p>$m->{text}</p>",
			recipients => [{ handle => 'ana@riba.example', role => $m->{ours} ? 'to' : 'from' }],
		} },
	};
}

return sub {
	my ($method, $path, $query, $headers) = @_;
	my @wrong = trouble($path);

	return @wrong if @wrong;
	return (401, {}, { _error => { status => 401 } })
	    if ($headers->{authorization} // '') ne 'Bearer s3cret';
	return (404, {}, '') if $path ne '/events';
	# A token stands for the event behind which its page begins.
	my ($types, $after, $before, $at, $id) = $query->{page_token}
	    ? split /-/, $query->{page_token}[0]
	    : (join(',', @{ $query->{'q[types][]'} }), $query->{'q[after]'}[0] // 0,
		$query->{'q[before]'}[0] // 9e9, 9e9, 0);
	my @list = grep {
		my $t = $_->{emitted_at};
		$t > $after && $t < $before && ($t < $at || ($t == $at && $_->{id} lt $id))
	} sort { $b->{emitted_at} <=> $a->{emitted_at} || $b->{id} cmp $a->{id} }
	    grep { ",$types," =~ /,$_->{type},/ } map { event($_) } messages();
	my ($next, @part) = page(0, @list);
	return (200, {}, {
		_pagination => { next => defined $next
			? "https://riba.api.frontapp.com/events?page_token=$types-$after-$before-"
			    . "$part[-1]{emitted_at}-$part[-1]{id}" : undef },
		_results => \@part,
	});
};
