#!/bin/sh
# Rows of people without a common key: merge --link.
. "${0%/*}/lib.sh"
link=$BUILD/tests/tools/linkage

# rows FILE: a table as merge reads it.
rows() {
	kith ingest -f contacts_csv "$1" | kith normalize | kith identify
}
# people FILE: row and person, of what merge wrote.
people() {
	jq -r '[.data.row,.person]|@tsv' "$1" | sort
}

# The doubles in the CRM: a typo, a maiden name, a moved flat; a father and his
# son at one address.
cp "$TESTS/examples/crm.csv" .
rows crm.csv >crm.jsonl
kith merge --link crm.jsonl >crm.out 2>crm.err
people crm.out >crm.people
is "three rows are one person" \
	"$(awk '$1 < 4 { print $2 }' crm.people | sort -u | wc -l)" 1
is "and father and son are two, as are all others" \
	"$(awk '$1 > 3 { print $2 }' crm.people | sort -u | wc -l)" 5
is "every row comes out" "$(wc -l <crm.people)" 8
id() {
	jq -r --arg row "$1" 'select(.data.row == $row) | .id' crm.out
}
kith merge --link --explain "$(id 1)" "$(id 2)" crm.jsonl >explained
like "the weights are shown" "$(cat explained)" \
	'givenName +katharina \| katarina: a letter off, \+'
like "with their sum and the threshold" "$(cat explained)" \
	'sum .*, a probability of .*joins'

# A verdict survives every run, and takes back what was linked.
printf '{"different":["%s","%s"]}\n' "$(id 1)" "$(id 3)" >links
kith merge --link --links links crm.jsonl 2>verdict.err | people /dev/stdin >verdict
is "who is different stays apart" \
	"$(awk '$1 == 1 || $1 == 3 { print $2 }' verdict | sort -u | wc -l)" 2
printf '{"same":["%s","%s"]}\n' "$(id 4)" "$(id 5)" >links
kith merge --link --links links crm.jsonl 2>/dev/null | people /dev/stdin >verdict
is "who is the same is one" \
	"$(awk '$1 == 4 || $1 == 5 { print $2 }' verdict | sort -u | wc -l)" 1

kith merge --link --explain "$(id 1)" "$(id 2)" crm.jsonl >explained
like "and the links that joined them" "$(cat explained)" \
	'  --  .*linked, weight \+.*model [0-9a-f]{12}\)'

# Who would have more addresses than one person has.
{
	echo id,first name,last name,date of birth,email,city
	for i in 1 2 3 4 5 6; do
		echo "$i,Annika,Radbyworth,1980-04-03,a$i@w$i.example,Leeds"
	done
	cat <<EOF
7,Paul,Oakden,1970-12-30,p@seven.example,York
8,Jane,Marsh,1960-11-20,j@eight.example,Hull
9,Rita,Long,1961-10-21,r@nine.example,Bath
EOF
} >many.csv
rows many.csv >many.jsonl
kith merge --link many.jsonl 2>many.err | people /dev/stdin >many
is "five addresses are one person's, a sixth is not" \
	"$(awk '$1 < 7 { print $2 }' many | sort | uniq -c |
		awk '{ print $1 }' | sort | tr '\n' ' ')" "1 5 "
like "which a line says" "$(cat many.err)" 'not linked .*more addresses'
is "but for who wants the best guess" \
	"$(kith merge -q --link=.45 many.jsonl | people /dev/stdin |
		awk '$1 < 7 { print $2 }' | sort -u | wc -l)" 1

# The workspace's word.
printf 'link: 0.9\nmodel: kept.json\n' >kith.yaml
kith merge -q -C kith.yaml many.jsonl >by.workspace
kith merge -q --link many.jsonl | cmp -s - by.workspace
is "link: of the workspace stands for --link" $? 0
ok "and model: for --model" test -s kept.json
kith merge -q -C kith.yaml -S kept many.jsonl >/dev/null
is "with a state it does not count" $? 0
printf 'link: much\n' >bad.yaml
kith merge -C bad.yaml many.jsonl >/dev/null 2>err
like "it is a probability" "$(cat err)" "link: 'much' is not a probability"
rm -f kith.yaml kept.json

# Dates with slashes, of which one shows that the day stands first.
cat >slashes.csv <<EOF
id,first name,last name,date of birth,city
1,Anna,Radby,03/04/1980,Leeds
2,Anna,Radby,1980-04-03,Leeds
3,Paul,Oakden,31/12/1970,York
EOF
rows slashes.csv | kith merge -q --link | people /dev/stdin >slashes
is "and two rows are one, whose date is" \
	"$(awk '$1 < 3 { print $2 }' slashes | sort -u | wc -l)" 1

# The trap world, in a small size: who may not be joined is not.
"$TESTS/world.pl" --people 1240 --traps 40 --seed 11 --truth truth.tsv >world.csv
rows world.csv >world.jsonl
kith merge -q --link world.jsonl >world.out
people world.out >world.people
wrong=$(sort truth.tsv | join -t "$(printf '\t')" - world.people |
	awk -F '\t' '{ if (!(($3, $2) in seen)) { seen[$3, $2]; n[$3]++ } }
		END { for (p in n) if (n[p] > 1) w += n[p]; print w + 0 }')
ok "at most 2 of 1,240 people are joined wrongly (here $wrong)" \
	test "$wrong" -le 2
same=$(sort truth.tsv | join -t "$(printf '\t')" - world.people |
	awk -F '\t' '{ n[$2]++; if (!(($3, $2) in s)) { s[$3, $2]; c[$2]++ } }
		END { for (p in n) if (n[p] > 1) { all++; one += c[p] == 1 }
			print int(100 * one / all) }')
ok "and of those with several rows half are one (here $same %)" \
	test "$same" -ge 50
like "alike people are shown beside" "$(jq -c '.likely // empty' world.out | head -n 1)" \
	'"probability":0\.[0-9]+'
kith merge -q --link=.45 world.jsonl | people /dev/stdin >all.people
ok "--link=.45 joins more" test "$(cut -f 2 all.people | sort -u | wc -l)" -lt \
	"$(cut -f 2 world.people | sort -u | wc -l)"

# Of tables with names whole and in parts, pairs of rows that are one: F1, in
# thousandths, of rows and their people.
f1() {
	sort truth.six | join -t "$(printf '\t')" - "$1" |
		awk -F '\t' 'function c(n) { return n * (n - 1) / 2 }
		{ t[$2]++; g[$3]++; b[$2 SUBSEP $3]++ }
		END { for (x in t) all += c(t[x]); for (x in g) got += c(g[x])
			for (x in b) both += c(b[x])
			print int(1000 * 2 * both / (all + got)) }'
}
"$TESTS/world.pl" --people 1500 --traps 0 --seed 12 --truth truth.six >six.csv
rows six.csv >six.jsonl
kith merge -q --link=.45 six.jsonl | people /dev/stdin >six.people
f1=$(f1 six.people)
ok "it is .945 or more (here .$f1)" test "$f1" -ge 945

jq -c 'del(.data.givenName, .data.familyName)' six.jsonl |
	kith merge -q --link=.45 | people /dev/stdin >whole.people
f1=$(f1 whole.people)
ok "and where all names are whole as well (here .$f1)" test "$f1" -ge 945

# Whatever the order, the slices and the threads.
rev_lines() {
	awk '{ v[NR] = $0 } END { for (i = NR; i > 0; i--) print v[i] }' "$1"
}
rev_lines world.jsonl >turned.jsonl
kith merge -q --link turned.jsonl | cmp -s - world.out
is "the order changes nothing" $? 0
split -l 700 world.jsonl part.
kith merge -q --link part.* | cmp -s - world.out
is "nor how they are cut" $? 0
jq -r '[.id, .data.givenName, .data.familyName, .from.name, .data.birthDate,
	.from.email, .from.tel // .data.number, .data.house, .data.street,
	.data.street2, .data.city, .data.postcode, .data.state, .data.ident,
	.data.gender, .data.category] | map(. // "") | @tsv' world.jsonl >world.tsv
"$link" -j 1 -p .9 <world.tsv >one
"$link" -j 3 -p .9 <world.tsv | cmp -s - one
is "nor how many threads there are" $? 0

is "the report counts all rows" \
	"$(kith report linkage -f json world.out | jq -s 'map(.allRows) | add')" \
	"$(wc -l <world.out)"
is "and lists each doubt once" \
	"$(kith report linkage --doubtful -f json world.out | wc -l)" \
	"$(jq -r '.person as $p | (.likely // [])[] | [$p, .person] | sort | @tsv' \
		world.out | sort -u | wc -l)"

# A model that is kept gives the same, and is used as it is.
kith merge -q --link --model m.json world.jsonl | cmp -s - world.out
is "who keeps the model gets the same" $? 0
ok "it is JSON" jq -e '.rules | length > 5' m.json
cp m.json kept.json
kith report linkage --model m.json --against m.json -f json world.out >model.report
is "the report shows the pairs of the model by weight" \
	"$(jq -s 'map(select(.report == "linkageWeights").pairs) | add >= 10000' \
		model.report)" true
is "and that it has not changed against itself" \
	"$(jq -r 'select(.report == "linkageFields").drift' model.report |
		sort -u)" "+0.00"
ok "and what was compared" jq -es \
	'map(select(.report == "linkageRules" and .pairs > 0)) | length > 5' model.report
is "weights rise" "$(jq -r 'select(.report == "linkageWeights").bits' model.report)" \
	"$(jq -r 'select(.report == "linkageWeights").bits' model.report | sort -n)"
kith report linkage --model m.json -f html world.out >model.html
like "as a page with charts" "$(tr '\n' ' ' <model.html)" '<svg.*Pairs by weight.*<svg'
kith merge -q --link --model m.json world.jsonl | cmp -s - world.out
is "and so does who loads it" $? 0
ok "which leaves it as it is" cmp m.json kept.json
jq '.shares.same = 1e-12' m.json >doubt.json
kith merge -q --link --model doubt.json world.jsonl | people /dev/stdin >doubt
ok "what stands in it counts" test "$(cut -f 2 doubt | sort -u | wc -l)" -gt \
	"$(cut -f 2 world.people | sort -u | wc -l)"
echo '{"version":1}' >bad.json
kith merge --link --model bad.json crm.jsonl >/dev/null 2>err
is "what is no model is an error" $? 2
like "with the mend" "$(cat err)" 'bad.json: no model .*take it away'

kith merge -S state --link crm.jsonl >/dev/null 2>err
is "with a state it says that it cannot" $? 2
like "and what to do" "$(cat err)" 'leave -S out'
kith merge --link=2 crm.jsonl >/dev/null 2>err
is "a probability is asked for" $? 2
done_testing
