#!/bin/sh
# The main job on the starter corpus: build, search, report, check, repeats. Changes nothing but index/.
set -eu
kb=$1
step() { printf '\n\033[1m$ kb %s\033[0m\n' "$*" | sed 's/ --home \.//'; }
run() { step "$@"; "$kb" --home . "$@"; }

echo "The starter corpus is fiction: 12 invented reviews, 192 recommendations."
run build
run search 'MARAC GP' --limit 3
run search 'nobody came to the door' --area Wychlow --limit 2
run report themes --by sector | head -40
run check 'GPs should tell MARAC what they know of a patient and be told what was decided' --except wychlow-11
run repeated --json | "$(dirname "$kb")/python" scripts/repeats_in_brief.py
cat <<'END'

That was the main job. Next, with your own action plan:

  . .venv/bin/activate
  kb init mine --empty && cd mine
  kb add /path/to/plan.docx --dry-run     what would be stored
  kb add /path/to/plan.docx && kb build
  kb search "…"        kb report progress        kb check "…"

README.md has a five-minute tour; kb --help lists every command.
END
