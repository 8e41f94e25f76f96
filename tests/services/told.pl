# A service that answers as the file `told.json` says, {"status":,"headers":,
# "body":}, and keeps what it was asked in `asked.json`: {"method":,"path":,
# "headers":,"body":}, the body as JSON where it is that.
use strict;
use warnings;
use JSON::PP;

my $json = JSON::PP->new->utf8->canonical->allow_nonref;

return sub {
	my ($method, $path, $query, $headers, $body) = @_;
	my $sent = eval { $json->decode($body) } // $body;

	open my $to, '>', 'asked.json' or die;
	print $to $json->encode({
		method => $method,
		path => $path,
		headers => $headers,
		body => $sent,
	}), "\n";
	close $to;
	open my $from, '<', 'told.json' or die;
	my $answer = $json->decode(do { local $/; <$from> });
	return ($answer->{status}, $answer->{headers} // {}, $answer->{body});
};
