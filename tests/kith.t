#!/bin/sh
# kith itself: its list of tools is what the tools say of themselves, and it
# runs each of them.
. "${0%/*}/lib.sh"

kith --help >list
is "kith --help fits 80 columns" "$(awk 'length > 79' list)" ""
for prog in "$BUILD"/bin/kith-*; do
	tool=${prog##*/kith-}
	about=$("$prog" --help | sed -n 2p)
	is "kith --help and kith-$tool --help say the same of it" \
		"$(sed -n "s/^  $tool  *//p" list)" "$about"
	code "kith $tool is kith-$tool" 0 kith "$tool" --version
	like "kith $tool is kith-$tool" "$(cat .out)" "^kith-$tool [0-9]"
done
done_testing
