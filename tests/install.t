#!/bin/sh
# make install and make uninstall: what is put where, for whom, and that it
# runs from there and is gone afterwards.
. "${0%/*}/lib.sh"
umask 077
prefix="$SCRATCH/a prefix"
built() {
	make -s -C "$ROOT" B="$BUILD" PREFIX="$prefix" "$@" 2>&1
}
like "it says where things are" "$(built install)" "a prefix"
find "a prefix" -type f -o -type l | sort >files
for f in bin/kith bin/kith-merge share/man/man1/kith.1 share/man/man5/kith-rules.5 \
	share/man/man7/kith-formats.7 share/kith/templates/ack.md share/kith/templates/reminder.md \
	share/kith/maps/telegram.jq share/kith/transports/webhook.yaml share/zsh/site-functions/_kith \
	share/bash-completion/completions/kith-merge \
	share/fish/vendor_completions.d/kith-merge.fish; do
	ok "$f" test -e "a prefix/$f"
done
is "others can read all of it" "$(find "a prefix" ! -type l ! -perm -044)" ""
is "others can run the programs" "$(find "a prefix/bin" -type f ! -perm -055)" ""

# From there alone: no source, no build, hardly an environment.
bare() {
	env -i PATH=/usr/bin:/bin "$@"
}
cp -R "$TESTS/demo/." .
bare "a prefix/bin/kith" ingest support.mbox | bare "a prefix/bin/kith" normalize -C kith.yaml |
	bare "a prefix/bin/kith-identify" -C kith.yaml | bare "a prefix/bin/kith-merge" >merged
ok "the installed programs run" test -s merged
bare "a prefix/bin/kith" reply --draft ack --now 2026-03-04T12:00:00Z merged >drafts 2>err
ok "the installed templates are found" test -s drafts
is "and nothing is said" "$(cat err)" ""
mkdir fake
printf '#!/bin/sh\nprintf "%%s\\n" "$@"\n' >fake/man
chmod +x fake/man
like "kith help opens the installed manual" \
	"$(PATH=$SCRATCH/fake:/usr/bin:/bin "a prefix/bin/kith" help rules)" \
	"/a prefix/bin/../share/man/man5/kith-rules.5$"

echo mine >"a prefix/share/man/man1/mine.1"
built uninstall
is "uninstalled: nothing of ours is left" "$(find "a prefix" ! -type d)" \
	"a prefix/share/man/man1/mine.1"
mkdir dest
prefix=/usr
built install DESTDIR="$SCRATCH/dest" >/dev/null
is "DESTDIR holds the same, under PREFIX" \
	"$(cd dest/usr && find . -type f -o -type l | sort)" \
	"$(sed 's,^a prefix,.,' files | sort)"
is "and nothing in it names DESTDIR" "$(grep -rl "$SCRATCH" dest/usr/share)" ""
done_testing
