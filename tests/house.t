#!/bin/sh
# The house stays in order: arrows, libraries, options against manuals, what a
# tool links.
. "${0%/*}/lib.sh"
cd "$ROOT" || exit 1

ok "arrows between rooms, one module a library" scripts/arrows "$BUILD"
ok "no circle inside a room" scripts/circles "$BUILD"

is "kith-architecture(7) has the table of scripts/arrows" \
	"$(sed -n '/^\.Bd -literal -offset indent/,/^\.Ed/p' man/kith-architecture.7 | sed '1d;$d')" \
	"$(sed -n "/^table='/,/^'/p" scripts/arrows | sed '1d;$d')"

# A test that may not be run would be left out without a word.
is "every test can be run" "$(find tests -name '*.t' ! -perm -100)" ""

# What developers' pages name is there.  Words in capitals stand for a name:
# the folder before them counts.  What a command of the page makes is not asked
# for, but for programs.
for page in hacking architecture security; do
	missing=
	for word in $(sed 's/\\&//g; s/[()"=]/ /g' "man/kith-$page.7" | tr ' ' '\n' |
		sed -n 's|\(.*\)/[A-Z].*|\1|; s|^\$PWD/||
			/^[.a-z]*\/[^ ]*[a-z*]$/p' | sort -u); do
		case $word in
		build/bin/* | build/tests/*) word=$BUILD${word#build} ;;
		build/*) continue ;;
		esac
		# The shell finds what a pattern means.
		# shellcheck disable=SC2086
		set -- $word
		[ -e "$1" ] || missing="$missing $word"
	done
	is "every path that kith-$page(7) names is there" "$missing" ""
done
# Up to its section on what is not defended.
is "every promise of kith-security(7) names what tests it" \
	"$(sed '/^\.Sh WHAT IS NOT/,$d' man/kith-security.7 | awk '
		/^\.It/ && open { print }
		/^\.It/ { open = 1 }
		/^\.Pq Pa (tests|lib|\.ci)\// { open = 0 }
		END { if (open) print "the last" }')" ""

# Of two functions with one name the linker would take either.
nm -g --defined-only "$BUILD/libkith.a" 2>/dev/null | awk 'NF == 3' >"$SCRATCH/names"
is "no name is defined twice in the library" \
	"$(awk '$2 ~ /^[TDBR]$/ { print $3 }' "$SCRATCH/names" | sort | uniq -d)" ""

is "no function is defined in two modules" \
	"$(awk '$2 ~ /[TDB]/ && $3 !~ /^_Z/ { print $3 }' "$SCRATCH/names" | sort | uniq -d)" ""

# Where the processor knows it, an indirect jump lands only where one may.
# The property says so of each object, the code of the functions themselves.
# shellcheck disable=SC2317
guarded() {
	case $(uname -m) in
	x86_64) readelf -n "$BUILD/obj/lib/core/buf.o" | grep -q 'IBT, SHSTK' &&
		objdump --disassemble=main --no-show-raw-insn "$BUILD/bin/kith-route" |
		grep -A1 '<main>:' | grep -q endbr64 ;;
	*) true ;;
	esac
}
if [ -z "${KITH_SANITIZED-}" ]; then
	ok "programs are guarded against stray jumps" guarded
fi

for prog in "$BUILD"/bin/kith-*; do
	tool=${prog##*/kith-}
	man=man/kith-$tool.1
	ok "$tool has a manual" test -e "$man"
	"$prog" --completions >"$SCRATCH/options"
	# Of the manual, and behind it of kith(1), what stands in them.
	said=$(awk -F'\t' '
		FILENAME == "-" { if ($2 != "-") names[$2] = ++n; next }
		{
			text = text $0 "\n"
			if (FILENAME == "man/kith.1")
				next
			while (match($0, /Fl Fl [a-z][a-z-]*/)) {
				name = substr($0, RSTART + 6, RLENGTH - 6)
				if (!(name in names) && !told[name]++)
					unknown = unknown " --" name
				$0 = substr($0, RSTART + RLENGTH)
			}
		}
		END {
			for (name in names)
				if (!index(text, "Fl Fl " name))
					missing = missing " --" name
			print missing "|" unknown
		}' - "$man" man/kith.1 <"$SCRATCH/options")
	is "$tool: every option stands in its manual or in kith(1)" "${said%|*}" ""
	is "$tool: its manual names no option that is not there" "${said#*|}" ""
	code "$tool --help" 0 "$prog" --help
	is "$tool --help fits 80 columns" "$(awk 'length > 79' "$SCRATCH/.out")" ""
	is "$tool: its manual opens with the line that --help has of it" \
		"$(sed -n 's/^\.Nd //p' "$man")" "$(sed -n 2p "$SCRATCH/.out")"
	code "$tool --version" 0 "$prog" --version
	code "$tool refuses an unknown option" 2 "$prog" --no-such-option
done

# What is in a table stands in a manual.
missing=
for name in $(kith-report 2>&1 | sed 's/.*report? //; s/;.*//; s/ [A-Z]*//g; s/,/ /g'); do
	grep -q "^\.It Cm $name\b" man/kith-report.1 || missing="$missing $name"
done
is "kith-report(1) has every report" "$missing" ""
missing=
for file in lib/reply/transports/*.yaml; do
	grep -q "^\.Pa ${file##*/}" man/kith-transports.5 || missing="$missing $file"
done
is "kith-transports(5) names every file that comes along" "$missing" ""
missing=
for file in lib/source/services/*.yaml; do
	grep -q "^\.It Pa ${file##*/}" man/kith-services.5 || missing="$missing $file"
done
is "kith-services(5) names every file that comes along" "$missing" ""

# links PROGRAM LIBRARY: a tool that does not need a library does not load it.
# shellcheck disable=SC2317
spared() {
	ldd "$BUILD/bin/kith-$1" | grep -q "$2" && return 1
	return 0
}
ok "route does not load libcurl" spared route libcurl
ok "normalize does not load GLib" spared normalize libglib
ok "recall does not load Hyperscan" spared recall libhs
ok "ingest does not load libcurl" spared ingest libcurl
ok "recall does not load libarchive before it meets what is compressed" spared recall libarchive
# Sanitizers are libraries.
[ -n "${KITH_SANITIZED-}" ] || ok "hook loads no library but libc's" \
	test "$(ldd "$BUILD/bin/kith-hook" | grep -cvE 'linux-vdso|libc\.so|ld-linux|libcrypto')" -eq 0
ok "compile_commands.json says how each file is compiled" \
	jq -e 'map(.command) | length > 100 and all(contains("-Ilib"))' \
	"$BUILD/compile_commands.json"
# Who packages kith sees the library that the others load at run time.
needed=$(readelf -d "$BUILD/bin/kith-ingest" | sed -n 's/.*NEEDED.*\[\(libarchive[^]]*\)\].*/\1/p')
is "ingest links libarchive, the same as the other tools load" \
	"$(grep -a -o -m1 'libarchive\.so\.[0-9]*' "$BUILD/bin/kith-recall" | head -n 1)" "$needed"
ok "and it is one" test -n "$needed"
done_testing
