#!/bin/sh
# Completions in the shells themselves: bash, and zsh and fish where they are.
# A case is a line as typed so far, and the one word that Tab must make of its
# end; ~ stands where nothing may be offered.
. "${0%/*}/lib.sh"
unset XDG_DATA_HOME XDG_CONFIG_HOME
HOME=$SCRATCH
export HOME
KITH_BUILD=$BUILD "$ROOT/scripts/completions" prefix
ok "all three are written" test -s prefix/share/bash-completion/completions/kith \
	-a -s prefix/share/zsh/site-functions/_kith \
	-a -s prefix/share/fish/vendor_completions.d/kith.fish
mkdir work work/state
cd work || exit 1
touch support.mbox "my notes.txt" rules.yaml
cat >../cases <<'CASES'
kith mer|merge
kith nor|normalize
kith help transp|transports
kith report --form|--format
kith-report --form|--format
kith report --format js|json
kith report -f prom|prometheus
kith report --format=js|json
kith report summary --by prio|priority
kith report unans|unanswered
kith report sil|silent
kith report summary,unans|summary,unanswered
kith report unanswered rul|rules.yaml
kith reply --send --on-ambiguous gi|give-up
kith reply --dra|--draft
kith reply --draft rem|reminder
kith reply --draft ack --sil|--silent
kith-reply --draft answ|answer
kith ingest --format whats|whatsapp
kith ingest supp|support.mbox
kith ingest my|my notes.txt
kith merge -S st|state
kith merge --links rul|rules.yaml
kith-route -r rul|rules.yaml
kith route --now rul|~
kith merge --zz|~
CASES

# check SHELL: the words that it gave, one a line, against the cases.
check() {
	while IFS='|' read -r line want; do
		[ "$want" != "~" ] || want=
		IFS= read -r got <&3 || got="(nothing)"
		is "$1: $line" "$got" "$want"
	done <../cases 3<"../$1"
}

cat >../ask.bash <<'BASH'
source ../prefix/share/bash-completion/completions/kith-reply
while IFS='|' read -r line _; do
	# As readline cuts it: = is a word.
	read -ra COMP_WORDS <<<"${line//=/ = }"
	COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
	COMPREPLY=()
	[[ $(complete -p "${COMP_WORDS[0]}") == *"-F _kith "* ]] && _kith
	echo "${COMPREPLY[*]}"
done <../cases
BASH
bash ../ask.bash >../bash 2>../bash.err
check bash
is "bash: no noise" "$(grep -v compopt ../bash.err)" ""

if command -v fish >/dev/null; then
	cat >../ask.fish <<'FISH'
while read -d '|' line _
	echo (complete -C "$line" | string replace -r '\t.*' '' |
		string replace -r '^--format=' '' | string trim -r -c / | string join ' ')
end <../cases
FISH
	XDG_DATA_DIRS=$SCRATCH/prefix/share fish ../ask.fish 2>../fish.err |
		sed 's/\\ / /g' >../fish
	check fish
	is "fish: no noise" "$(cat ../fish.err)" ""
else
	pass "fish # SKIP no fish here"
fi

if command -v zsh >/dev/null; then
	cat >../inner.zsh <<'ZSH'
PROMPT= RPROMPT=
fpath=(../prefix/share/zsh/site-functions $fpath)
autoload -Uz compinit && compinit -u -D
setopt no_beep no_list_beep no_auto_menu no_always_last_prompt no_auto_remove_slash
zstyle ':completion:*' format ''
zstyle ':completion:*' list-prompt ''
unsetopt auto_list
ask() {
	local typed=$BUFFER
	zle complete-word
	print -r -- "$BUFFER" >>../zsh.lines
	BUFFER=
	zle -I
	print '<done>'
}
zle -N ask
bindkey '^I' ask
bindkey '^X' send-break
print ready
ZSH
	cat >../ask.zsh <<'ZSH'
zmodload zsh/zpty
TERM=dumb zpty -b shell zsh -f -i
zpty -w shell 'source ../inner.zsh; : > ../zsh.lines'
zpty -r -m shell out '*ready*' || exit 1
while IFS='|' read -r line _; do
	zpty -n -w shell "$line"$'\t'
	zpty -r -m shell out '*<done>*'
done <../cases
zpty -w shell 'print al''l asked; exit'
zpty -r -m shell out '*all asked*'
zpty -d shell
ZSH
	: >../zsh.lines
	zsh -f ../ask.zsh >../zsh.err 2>&1
	while IFS='|' read -r line want <&3; do
		IFS= read -r got || got="(nothing)"
		# A sign that more may follow.
		got=${got% } got=${got%[/,=]}
		if [ "$got" = "$line" ]; then
			echo
		else
			# The same beginning, and the word completed.
			begin=${line% *}
			got=${got#"$begin "}
			printf '%s\n' "${got#--format=}" | sed 's/\\ / /g'
		fi
	done <../zsh.lines 3<../cases >../zsh
	check zsh
else
	pass "zsh # SKIP no zsh here"
fi
done_testing
