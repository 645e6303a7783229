#!/bin/sh
# The main job on the starter corpus: build, search, report, check, repeats. It changes only index/.
set -eu
kb=$1
run() {
  printf '\n\033[1m$ kb'
  for word in "$@"; do case $word in *" "*) printf " '%s'" "$word" ;; *) printf ' %s' "$word" ;; esac; done
  printf '\033[0m\n'
  "$kb" --home . "$@"
}

mkdir -p demo
echo "The starter corpus is fiction: every review in it is invented."
run build
run search 'MARAC GP' --limit 3
run search '"route by which"' --year 2016..2018
run report themes --by sector -o demo/themes.html
run report themes | sed -n '12,40p'
run check 'Social workers should draw up a genogram in every complicated family, and keep it current'
run repeated -o demo/repeated.docx
run repeated | sed -n '12,47p'
cat <<'END'

That was the main job. Its reports are in demo/. Next, with your own action plan:

  . .venv/bin/activate
  kb init mine --empty && cd mine
  kb add /path/to/plan.docx --dry-run     # what would be stored
  kb add /path/to/plan.docx && kb build
  kb search "…"        kb report progress        kb check "…"
  kb serve                                # the same in a browser, for this machine alone

README.md has a five-minute tour; kb --help lists every command.
END
