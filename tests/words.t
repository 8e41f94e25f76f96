#!/bin/sh
# Lists that are searched by halves stand in the order of their bytes.
. "${0%/*}/lib.sh"
lists=$(perl -0ne '
	while (/static const char \*const (\w+)\[\] = \{(.*?)\};/sg) {
		my ($name, $body, @words) = ($1, $2);
		while ($body =~ /((?:"(?:[^"\\]|\\.)*"\s*)+)/g) {
			my $word = $1;
			$word =~ s/"\s*"//g;
			$word =~ s/^\s*"|"\s*$//g;
			$word =~ s/\\x(..)/chr(hex $1)/ge;
			push @words, $word;
		}
		my @sorted = sort @words;
		print "$name\n" if "@sorted" ne "@words";
		$n++;
	}
	print "no lists\n" if !$n' "$ROOT/lib/people/guards.c")
is "the lists of guards" "$lists" ""
done_testing
