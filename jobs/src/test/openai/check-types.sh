#!/usr/bin/env bash
# Compares the answers of run-batch with the types of the npm package openai:
#
#   jobs/src/test/openai/check-types.sh results.jsonl
#
# Needs node and npm; without them nothing is compared, which is not an error.
set -euo pipefail
command -v npm >/dev/null || { echo "check-types.sh: skipped, there is no npm"; exit 0; }
results="$(cd -- "$(dirname -- "$1")" && pwd)/$(basename -- "$1")"
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-fund --no-audit openai@6 typescript@5 >/dev/null
node - "$results" >answers.ts <<'JS'
const types = {'chat.completion': 'OpenAI.Chat.Completions.ChatCompletion', text_completion: 'OpenAI.Completions.Completion'};
const lines = require('fs').readFileSync(process.argv[2], 'utf8').trim().split('\n').map(line => JSON.parse(line));
console.log("import type OpenAI from 'openai';");
for (const [i, line] of lines.entries()) {
  if (typeof line.id !== 'string' || !('custom_id' in line) || !('error' in line)) throw new Error(`line ${i + 1}`);
  const body = line.response && line.response.body;
  const type = !line.response
    ? '{ code: string; message: string }'
    : body.error ? '{ error: OpenAI.ErrorObject }' : types[body.object];
  console.log(`export const answer${i}: ${type} = ${JSON.stringify(line.response ? body : line.error)};`);
}
JS
npx tsc --noEmit --strict --skipLibCheck --module nodenext --moduleResolution nodenext answers.ts
echo "$(wc -l <"$results") answers are of the types of openai $(node -p "JSON.parse(require('fs').readFileSync('node_modules/openai/package.json')).version")"
