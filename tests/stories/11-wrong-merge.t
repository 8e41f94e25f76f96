#!/bin/sh
# Story 11, the wrong merge undone: an operator's earlier "same person" turns
# out wrong.  One line in the links file takes it back: the messages part
# again, ids of both survive, and a re-run of everything gives the same.
. "${0%/*}/../lib.sh"
. "$TESTS/stories/exports.sh"

workspace >kith.yaml
{
	mail 'Mon, 02 Mar 2026 09:00:00 +0100' 'Jan Petersen <jan.petersen@posteo.example>' \
		hallo@hafen.example 'Winter storage' j1@posteo.example <<'X'
Is there room for a second boat?
X
	mail 'Mon, 02 Mar 2026 12:00:00 +0100' 'Jan Petersen <j.petersen@reederei.example>' \
		hallo@hafen.example 'Cancellation' r1@reederei.example <<'X'
I cancel the berth for my company.
X
	mail 'Tue, 03 Mar 2026 09:00:00 +0100' 'Hafen <hallo@hafen.example>' \
		'Jan Petersen <jan.petersen@posteo.example>' 'Re: Winter storage' \
		a1@hafen.example j1@posteo.example none <<'X'
Yes, hall 3.
X
	mail 'Wed, 04 Mar 2026 09:00:00 +0100' 'Jan Petersen <jan.petersen@posteo.example>' \
		hallo@hafen.example 'Re: Winter storage' j2@posteo.example a1@hafen.example <<'X'
I take it.
X
} >first.mbox
{
	mail 'Thu, 05 Mar 2026 09:00:00 +0100' 'Jan Petersen <j.petersen@reederei.example>' \
		hallo@hafen.example 'Cancellation' r2@reederei.example <<'X'
Did you get my cancellation?
X
} >second.mbox

ids() {
	kith ingest "$@" | kith normalize -C kith.yaml |
		kith identify -C kith.yaml
}
ids first.mbox >first && ids second.mbox >second
merge() { kith merge -q -C kith.yaml "$@"; }
who() { jq -r "select(.text // \"\" | startswith(\"$1\")) | .person"; }
where() { jq -r "select(.text // \"\" | startswith(\"$1\")) | .conversation"; }

# Before anybody said anything: two people.
merge -S state first >apart
jan=$(who 'Is there' <apart) firm=$(who 'I cancel' <apart)
ok "two people of one name" test "$jan" != "$firm"

# The operator says that they are one.
echo '{"same":["email:jan.petersen@posteo.example","email:j.petersen@reederei.example"],"by":"ada"}' >links
merge -S state --links links first second >together
is "one person" "$(jq -r .person together | sort -u)" "$jan"
is "in one conversation from now on" "$(where 'Did you' <together)" \
	"$(where 'I take' <together)"
is "the younger id finds the older one's person" \
	"$(kith recall -S state "$firm")" "$(kith recall -S state "$jan")"
like "and --explain says on whose word" \
	"$(merge -S state --links links --explain jan.petersen@posteo.example j.petersen@reederei.example)" \
	'the links file says so'

# It was wrong: one line takes it back.
echo '{"different":["email:jan.petersen@posteo.example","email:j.petersen@reederei.example"],"why":"father and son"}' >>links
merge -S state --links links first second >parted
is "Jan's messages are Jan's" \
	"$(who 'Is there' <parted; who 'Yes, hall' <parted; who 'I take' <parted)" \
	"$(printf '%s\n' "$jan" "$jan" "$jan")"
is "the company's have their old person" \
	"$(who 'I cancel' <parted; who 'Did you' <parted)" \
	"$(printf '%s\n' "$firm" "$firm")"
ok "their conversations part" test "$(where 'Did you' <parted)" != "$(where 'I take' <parted)"
is "each goes on by itself" "$(where 'Did you' <parted)" "$(where 'I cancel' <parted)"
merge -S state --links links first second >again
ok "a re-run gives the same" cmp parted again
merge --links links second first >fresh
ok "and so does everything from the start, without a state" cmp parted fresh
merge -S new --links links first second >fresh
ok "or with a new one" cmp parted fresh
like "and it is said that the word was taken back" \
	"$(kith merge --links links first 2>&1 >/dev/null)" \
	'are not joined: the links file keeps their people apart'

# The same by ids: of the two people, or of two messages.
a=$(jq -r 'select(.text // "" | startswith("Is there")) | .id' apart)
b=$(jq -r 'select(.text // "" | startswith("I cancel")) | .id' apart)
for pair in "\"$jan\",\"$firm\"" "\"$a\",\"$b\""; do
	head -n 1 links >by-id
	merge -S s2 first >/dev/null
	merge -S s2 --links by-id first second >/dev/null
	echo "{\"different\":[$pair]}" >>by-id
	merge -S s2 --links by-id first second >got
	ok "undone by ids: $pair" cmp parted got
	rm -rf s2
done
done_testing
