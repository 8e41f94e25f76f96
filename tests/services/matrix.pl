# A homeserver of Matrix: /sync and /rooms/ID/messages over ./rooms.json,
# {"!room:a": {"state": [...], "events": [...]}}, where an event has its place in
# the one order of all by "pos", which a client does not see.  Tokens are "sPOS".
# LIMIT is how many events a timeline or a page has.  With ./busy one request is
# told to wait; of ./epoch is what the tokens begin with.
use strict;
use warnings;
use JSON::PP;

sub refused {
	my ($status, $code, %more) = @_;
	return ($status, {}, { errcode => $code, error => "No: $code", %more });
}

sub shown {
	my ($room, @events) = @_;
	return [map {
		my %e = (%$_, $room ? (room_id => $room) : ());
		delete $e{pos};
		\%e
	} @events];
}

sub room {
	my ($room, $since, $limit, $epoch) = @_;
	my @new = grep { $_->{pos} > $since } @{ $room->{events} };
	# Who joined after it has not seen what was before, nor its state.
	my $fresh = $since < ($room->{joined} // 0) || !$since;
	@new = @{ $room->{events} } if $fresh;
	my $limited = @new > $limit;
	my @state = $fresh ? @{ $room->{state} // [] } : ();
	splice @new, 0, @new - $limit if $limited;
	return undef if !@new && !@state && !$room->{unread};
	return {
		timeline => {
			events => shown('', @new),
			limited => $limited ? JSON::PP::true : JSON::PP::false,
			prev_batch => $epoch . (@new ? $new[0]{pos} - 1 : $since),
		},
		state => { events => shown('', @state) },
		ephemeral => { events => [] },
		unread_notifications => { notification_count => 0 },
	};
}

return sub {
	my ($method, $path, $query, $headers) = @_;
	my $rooms = decode_json(now('rooms.json'));
	my $limit = $ENV{LIMIT} || 100;
	my $epoch = now('epoch', 's');
	my $token = sub {
		my $t = shift // return 0;
		return $t =~ /^\Q$epoch\E(\d+)$/ ? $1 : undef;
	};

	return refused(401, 'M_UNKNOWN_TOKEN')
	    if ($headers->{authorization} // '') ne 'Bearer syt_1';
	return refused(429, 'M_LIMIT_EXCEEDED', retry_after_ms => 300) if once('busy');
	if ($path eq '/_matrix/client/v3/sync') {
		my $since = $token->($query->{since}[0])
		    // return refused(400, 'M_UNKNOWN');
		my $filter = decode_json($query->{filter}[0]);
		my %only = map { $_ => 1 } @{ $filter->{room}{rooms} // [keys %$rooms] };
		my (%join, $last);
		$last = $since;
		for my $id (keys %$rooms) {
			for (@{ $rooms->{$id}{events} }) {
				$last = $_->{pos} if $_->{pos} > $last;
			}
			my $shown = room($rooms->{$id}, $since, $limit, $epoch);
			$join{$id} = $shown if $shown && $only{$id};
		}
		return (200, {}, { next_batch => "$epoch$last",
			rooms => { join => \%join, invite => { '!asked:a' => {} } } });
	}
	my ($id) = $path =~ m{^/_matrix/client/v3/rooms/([^/]+)/messages$}
	    or return refused(404, 'M_UNRECOGNIZED');
	$id =~ s/%([0-9A-F]{2})/chr hex $1/ge;
	return refused(403, 'M_FORBIDDEN') if -e 'forbidden';
	my ($from, $to) = map { $token->($query->{$_}[0])
	    // return refused(400, 'M_UNKNOWN') } qw(from to);
	my @old = reverse grep { $_->{pos} <= $from && $_->{pos} > $to }
	    @{ $rooms->{$id}{events} };
	my $more = @old > $limit;
	splice @old, $limit if $more;
	# The end is told by there being none, which may take an empty page.
	return (200, {}, { start => $query->{from}[0], chunk => shown($id, @old),
		@old ? (end => $epoch . ($old[-1]{pos} - 1)) : () });
};
