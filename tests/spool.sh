# A spool of hooks without kith-hook: source after lib.sh.
#	spool_new N [FROM]	./spool, as --hook-setup makes it of ./hooks.yaml,
#				and in it N bodies of Slack's, from that number on
#	spool_ids FILE		the ids of what merge makes of native records, one a
#				line, those that come twice too
# shellcheck shell=sh
cat >hooks.yaml <<'END'
sources:
  team: {service: slack, secretFile: secret, account: T1}
spool: spool
END
(umask 077 && echo s3cret >secret)
spool_new() {
	rm -rf spool
	kith-ingest -C hooks.yaml --hook-setup
	spool_more "$@"
}
spool_more() {
	perl -e 'my ($n, $from) = @ARGV;
	    for my $i ($from .. $from + $n - 1) {
		my $name = sprintf "%017d-1-%08x.hook", 1796029200000000 + $i, $i;
		open my $f, ">", "spool/$name" or die "$name: $!";
		printf $f "kith-hook 1 team 2026-11-30T09:00:00.%06dZ application/json\n" .
		    "{\"type\":\"event_callback\",\"team_id\":\"T1\",\"event\":{\"type\":" .
		    "\"message\",\"channel\":\"C1\",\"user\":\"U1\",\"text\":\"at %d\"," .
		    "\"ts\":\"17000000%02d.%06d\",\"team\":\"T1\"}}", $i, $i, $i % 100, $i;
	    }' "$1" "${2:-1}"
}
# What was cut off is a line that does not end as one does.
spool_ids() {
	grep '}}$' "$1" | kith-normalize -C hooks.yaml | kith-identify |
		kith-merge 2>/dev/null | jq -r .id | sort
}
# Bodies that are in the spool, whatever was done with them.
spooled() { find spool -name '[0-9]*' | wc -l; }
