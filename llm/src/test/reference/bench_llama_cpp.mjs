// Measures llama.cpp, through node-llama-cpp, on a GGUF file: tokens a second of decoding 1, 8 and 32 sequences together, and of
// one prompt.
// Usage: node bench_llama_cpp.mjs FILE [THREADS] [PROMPT] [STEPS], after `npm install node-llama-cpp`.
import {getLlama} from "node-llama-cpp";

const [file, threads = "2", prompt = "64", steps = "24"] = process.argv.slice(2);
const llama = await getLlama({gpu: false, build: "never", logLevel: "error"});
const model = await llama.loadModel({modelPath: file});
const prefill = 256;

function tokens(count, seed) {
  return Array.from({length: count}, (_, i) => 100 + ((seed * 7919 + i * 104729) % 100000));
}

/** Reads a prompt and its first token; what is returned generates `count` more. */
async function begin(sequence, prompt, count) {
  const output = sequence.evaluate(prompt, {temperature: 0, yieldEogToken: true});
  await output.next();
  return async () => {
    for (let i = 0; i < count; i++) {
      await output.next();
    }
  };
}

for (const batch of [1, 8, 32]) {
  const context = await model.createContext({
    contextSize: Number(prompt) + Number(steps) + 16, sequences: batch, threads: Number(threads), batchSize: 512, flashAttention: true
  });
  const sequences = Array.from({length: batch}, () => context.getSequence());
  const runs = await Promise.all(sequences.map((sequence, i) => begin(sequence, tokens(Number(prompt), i), Number(steps))));
  const start = performance.now();
  await Promise.all(runs.map((run) => run()));
  const millis = (performance.now() - start) / Number(steps);
  console.log(`${file} batch ${batch}: ${millis.toFixed(1)} ms a step, ${(1000 * batch / millis).toFixed(1)} tokens/s`);
  await context.dispose();
}

const context = await model.createContext({contextSize: prefill + 64, sequences: 1, threads: Number(threads), batchSize: 512});
const sequence = context.getSequence();
await sequence.evaluateWithoutGeneratingNewTokens(tokens(16, 5));
const start = performance.now();
await (await sequence.evaluate(tokens(prefill, 3), {temperature: 0})).next();
const millis = performance.now() - start;
console.log(`${file} prefill ${prefill}: ${millis.toFixed(0)} ms, ${(1000 * prefill / millis).toFixed(0)} tokens/s`);
process.exit(0);
