// Holds what run-batch wrote to the types of the openai package:
//
//   node batch-types.mjs RESULTS.jsonl [ERRORS.jsonl]
//
// Each line becomes a literal that the TypeScript compiler checks; faults are told with the line of the file. A file
// without lines has none.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import ts from "typescript";

const types = `
import type { ChatCompletion } from "openai/resources/chat/completions";
import type { Completion } from "openai/resources/completions";
import type { BatchError } from "openai/resources/batches";
import type { ErrorObject } from "openai/resources/shared";

interface Response<Status extends number, Body> { status_code: Status; request_id: string; body: Body }
interface Line<Answer, Fault> { id: string; custom_id: string | null; response: Answer; error: Fault }
type Refused = Response<400 | 404 | 429 | 500 | 503, { error: ErrorObject }>;
type Answered = Line<Response<200, ChatCompletion | Completion>, null>;
type Failed = Line<Refused, null> | Line<null, BatchError>;
const answered = <T extends Answered>(line: T) => line;
const failed = <T extends Failed>(line: T) => line;
const either = <T extends Answered | Failed>(line: T) => line;
`;

const [results, errors] = process.argv.slice(2);
assert.ok(results, "name the file of results, and that of errors if there is one");
const lines = (file, check) =>
  readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line, index) => ({ line: JSON.parse(line), check, at: `${file}:${index + 1}` }));
const all = errors && existsSync(errors) // which a run without errors does not write
  ? [...lines(results, "answered"), ...lines(errors, "failed")]
  : lines(results, "either");
const source = types + all.map(({ line, check }) => `${check}(${JSON.stringify(line)});`).join("\n");
const first = types.split("\n").length - 1;

const name = new URL("lines.ts", import.meta.url).pathname;
const options = { strict: true, noEmit: true, skipLibCheck: true, target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext, types: [] };
const host = ts.createCompilerHost(options);
const { fileExists, getSourceFile } = host;
host.fileExists = (file) => file === name || fileExists(file);
host.getSourceFile = (file, ...rest) =>
  file === name ? ts.createSourceFile(file, source, ts.ScriptTarget.ES2022) : getSourceFile(file, ...rest);
const faults = ts.getPreEmitDiagnostics(ts.createProgram([name], options, host));
for (const fault of faults) {
  const line = fault.file?.getLineAndCharacterOfPosition(fault.start).line;
  const at = all[line - first]?.at ?? fault.file?.fileName ?? "";
  console.error(`${at}: ${ts.flattenDiagnosticMessageText(fault.messageText, "\n  ")}`);
}
const kinds = all.map(({ line }) => line.response?.body.object ?? "error");
console.log(`${all.length} lines, ${[...new Set(kinds)].join(", ")}: ${faults.length} faults`);
process.exit(faults.length === 0 ? 0 : 1);
