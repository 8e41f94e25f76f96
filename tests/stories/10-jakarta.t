#!/bin/sh
# Story 10 in Indonesian, in Asia/Jakarta, from phone's address books (vCard 2.1
# to 4.0): a family's number in four writings, titles before their names.
. "${0%/*}/../lib.sh"
. "$TESTS/stories/exports.sh"
# shellcheck disable=SC2034 # mail() has it
SERVER=mx.kopi.example

cat >kith.yaml <<'Y'
us:
  emails: [halo@kopi.example]
  uris: ["whatsapp:Kopi"]
zone: Asia/Jakarta
region: ID
authserv: [mx.kopi.example]
Y
card() {
	printf 'BEGIN:VCARD\r\nVERSION:%s\r\nFN:%s\r\nTEL%s\r\n' "$1" "$2" "$3"
	[ -z "${4-}" ] || printf 'EMAIL:%s\r\n' "$4"
	printf 'END:VCARD\r\n'
}
{
	card 2.1 'Ibu Sri Wijaya' ';CELL:0812-5550-1717' sri@wijaya.example
	card 3.0 'Bpk. Agus Wijaya' ';TYPE=CELL:+62 812 5550 1717' agus@wijaya.example
	card 4.0 'Dewi Wijaya' ';VALUE=uri:tel:+62-812-5550-1717' dewi@kampus.example
	card 3.0 'Budi Wijaya' ':081255501717' bengkel@perahu.example
	card 3.0 'Putri Lestari' ':0812 5550 2929' bengkel@perahu.example
	card 3.0 'Sri Wijaya' ':0812-5550-3131' SRI@wijaya.example
	card 3.0 'Bapak Joko Susilo' ':0812 5550 4444'
	card 3.0 'Joko Susilo' ':+62 812-5550-4444'
} >kontak.vcf
{
	mail 'Mon, 02 Feb 2026 09:00:00 +0700' 'Sri Wijaya <sri@wijaya.example>' \
		halo@kopi.example 'Kursi' m1@wijaya.example <<'X'
Apakah meja 12 kosong?
X
	mail 'Mon, 02 Feb 2026 10:00:00 +0700' 'Bengkel <bengkel@perahu.example>' \
		halo@kopi.example 'Pesanan' m2@perahu.example <<'X'
Kami pesan lima.
X
} >box.mbox
# chat NUMBER TEXT
chat() {
	printf '02/02/26 12.00 - Pesan dan panggilan dienkripsi secara end-to-end. Hanya orang dalam chat ini yang bisa membaca, mendengarkan, atau membagikannya.\n02/02/26 12.01 - %s: %s\n02/02/26 12.05 - Kopi: Baik\n' \
		"$1" "$2" >"Chat WhatsApp dengan $1.txt"
}
chat '+62 812-5550-1717' 'Kami terlambat'
chat '+62 812-5550-2929' 'Mesinnya rusak'
kith ingest kontak.vcf box.mbox ./Chat*.txt | kith normalize -C kith.yaml |
	kith identify -C kith.yaml | kith merge -C kith.yaml >m 2>notes
row() { jq -r "select(.type == \"contact\" and .from.name == \"$1\") | .person" m; }
text() { jq -r "select(.text // \"\" | startswith(\"$1\")) | .person" m; }
is "four of the family and a colleague are five" \
	"$({ row 'Ibu Sri Wijaya'; row 'Bpk. Agus Wijaya'; row 'Dewi Wijaya'; row 'Budi Wijaya'; row 'Putri Lestari'; } | sort -u | wc -l)" 5
is "she and her second card are one" "$(row 'Ibu Sri Wijaya')" "$(row 'Sri Wijaya')"
is "a title makes no second person of one number" "$(row 'Bapak Joko Susilo')" "$(row 'Joko Susilo')"
is "her mail is hers" "$(text Apakah)" "$(row 'Ibu Sri Wijaya')"
is "the message from the number of all is nobody's of them" \
	"$(jq -r 'select(.type == "contact") | .person' m | grep -c "$(text 'Kami terlambat')")" 0
is "nor is the workshop's mail" \
	"$(jq -r 'select(.type == "contact") | .person' m | grep -c "$(text 'Kami pesan')")" 0
is "a number of one's own is" "$(text Mesinnya)" "$(row 'Putri Lestari')"
like "and it is said why" "$(cat notes)" 'tel:\+6281255501717 stands beside the names .* joins nobody'
done_testing
