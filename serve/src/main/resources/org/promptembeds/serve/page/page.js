// The page of `prompt-embeds serve`: what /metrics and /v1/models tell, and a chat.
const POLL_MILLIS = 1000;
const SAMPLES = 60;
const PREFIX = "prompt_embeds_";

const element = (id) => document.getElementById(id);
const show = (id, text) => { element(id).textContent = text; };
const headers = () => (element("key").value ? { Authorization: `Bearer ${element("key").value}` } : {});

// ---- What the server does

/** Values of Prometheus' text format by name, summed over labels. */
function readMetrics(text) {
  const values = new Map();
  for (const line of text.split("\n")) {
    const match = /^(\w+)(?:\{.*\})? (\S+)$/.exec(line);
    if (match) {
      values.set(match[1], (values.get(match[1]) ?? 0) + Number(match[2]));
    }
  }
  return (name) => values.get(PREFIX + name) ?? 0;
}

function milliseconds(metric, name) {
  const count = metric(`${name}_seconds_count`);
  if (count === 0) {
    return "–";
  }
  const mean = (1000 * metric(`${name}_seconds_sum`)) / count;
  return mean < 1000 ? `${mean.toFixed(mean < 10 ? 1 : 0)} ms` : `${(mean / 1000).toFixed(2)} s`;
}

const rates = [];
let last = null;

function showMetrics(metric) {
  const now = { time: performance.now(), tokens: metric("engine_generated_tokens_total") };
  if (last !== null) {
    rates.push(Math.max(0, (1000 * (now.tokens - last.tokens)) / (now.time - last.time)));
    rates.splice(0, rates.length - SAMPLES);
  }
  last = now;
  show("rate", Math.round(rates.at(-1) ?? 0).toLocaleString("en"));
  drawRates();
  const use = metric("kv_cache_usage_ratio");
  show("kv", (100 * use).toFixed(use > 0 && use < 0.1 ? 1 : 0));
  show("slots", `% of ${metric("kv_cache_slots").toLocaleString("en")} positions`);
  element("kv-meter").value = use;
  show("running", metric("sequences_running"));
  show("waiting", metric("sequences_waiting"));
  const asked = metric("prefix_cache_queries_total");
  show("prefix", asked ? `${((100 * metric("prefix_cache_hits_total")) / asked).toFixed(0)} %` : "–");
  show("preemptions", metric("engine_preemptions_total"));
  show("first-token", milliseconds(metric, "time_to_first_token"));
  show("inter-token", milliseconds(metric, "inter_token_latency"));
  show("latency", milliseconds(metric, "e2e_request_latency"));
}

function drawRates() {
  const canvas = element("chart");
  const pen = canvas.getContext("2d");
  const most = Math.max(1, ...rates);
  show("most", `most ${Math.round(most).toLocaleString("en")}`);
  const x = (i) => (canvas.width * (SAMPLES - rates.length + i)) / (SAMPLES - 1);
  const y = (rate) => canvas.height - 3 - ((canvas.height - 8) * rate) / most;
  pen.clearRect(0, 0, canvas.width, canvas.height);
  pen.strokeStyle = pen.fillStyle = getComputedStyle(canvas).color;
  pen.lineWidth = 3;
  pen.lineJoin = "round";
  pen.beginPath();
  rates.forEach((rate, i) => pen.lineTo(x(i), y(rate)));
  pen.stroke();
  if (rates.length > 1) {
    pen.lineTo(x(rates.length - 1), canvas.height);
    pen.lineTo(x(0), canvas.height);
    pen.globalAlpha = 0.15;
    pen.fill();
    pen.globalAlpha = 1;
  }
}

function showState(text, kind) {
  show("state", text);
  element("state").className = `state ${kind}`;
}

async function poll() {
  try {
    const response = await fetch("/metrics");
    showMetrics(readMetrics(await response.text()));
    showState("serving", "ok");
  } catch {
    showState("out of reach", "bad");
  }
  setTimeout(poll, POLL_MILLIS);
}

let modelName = null;

async function findModel() {
  show("base", `${location.origin}/v1`);
  const response = await fetch("/v1/models", { headers: headers() });
  if (response.status === 401) {
    element("key-form").hidden = false;
    return;
  }
  const model = (await response.json()).data[0];
  modelName = model.id;
  document.title = `${model.id} – prompt-embeds`;
  show("model", model.id);
  show("context", `${model.max_model_len.toLocaleString("en")} tokens`);
  show("hidden", model.hidden_size.toLocaleString("en"));
}

// ---- The chat

let conversation = [];
let tensors = [];
let running = null;

async function base64(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const pieces = [];
  for (let i = 0; i < bytes.length; i += 0x6000) {
    pieces.push(btoa(String.fromCharCode(...bytes.subarray(i, i + 0x6000))));
  }
  return pieces.join("");
}

function tensorLabel(tensor) {
  const label = document.createElement("span");
  label.className = "tensor";
  label.textContent = `${tensor.name}, ${Math.ceil(tensor.size / 1024).toLocaleString("en")} KiB`;
  return label;
}

function showAttached() {
  element("attached").replaceChildren(
    ...tensors.map((tensor) => {
      const item = document.createElement("li");
      const label = tensorLabel(tensor);
      const remove = document.createElement("button");
      remove.type = "button";
      remove.textContent = "×";
      remove.setAttribute("aria-label", `Remove ${tensor.name}`);
      remove.addEventListener("click", () => {
        tensors = tensors.filter((other) => other !== tensor);
        showAttached();
      });
      label.append(remove);
      item.append(label);
      return item;
    }),
  );
}

function addMessage(kind, text, attached = []) {
  const item = document.createElement("li");
  item.className = kind;
  const said = document.createElement("div");
  said.className = "said";
  said.append(...attached.map(tensorLabel), text);
  item.append(said);
  element("messages").append(item);
  element("hint").hidden = true;
  item.scrollIntoView({ block: "end" });
  return { item, said };
}

function note(item, text) {
  const line = document.createElement("div");
  line.className = "note";
  line.textContent = text;
  item.append(line);
}

/** The events of a stream of server-sent events, without its end. */
async function* events(body) {
  let held = "";
  for await (const piece of body.pipeThrough(new TextDecoderStream())) {
    held += piece;
    const whole = held.split("\n\n");
    held = whole.pop();
    for (const event of whole) {
      const data = event.replace(/^data: /, "");
      if (data !== "[DONE]") {
        yield JSON.parse(data);
      }
    }
  }
}

function request() {
  return {
    model: modelName,
    messages: conversation,
    temperature: Number(element("temperature").value),
    max_tokens: Number(element("max-tokens").value),
    stream: true,
    stream_options: { include_usage: true },
  };
}

async function answer(signal) {
  const begun = performance.now();
  const { item, said } = addMessage("assistant growing", "");
  let first = null;
  let text = "";
  let usage = null;
  let reason = null;
  try {
    const response = await fetch("/v1/chat/completions", {
      method: "POST",
      headers: { "Content-Type": "application/json", ...headers() },
      body: JSON.stringify(request()),
      signal,
    });
    if (!response.ok) {
      throw new Error((await response.json()).error.message);
    }
    for await (const event of events(response.body)) {
      if (event.error) {
        throw new Error(event.error.message);
      }
      usage = event.usage ?? usage;
      const choice = event.choices[0];
      reason = choice?.finish_reason ?? reason;
      if (choice?.delta?.content) {
        first ??= performance.now();
        text += choice.delta.content;
        said.textContent = text;
        item.scrollIntoView({ block: "end" });
      }
    }
    const seconds = (performance.now() - begun) / 1000;
    const firstMillis = Math.round((first ?? performance.now()) - begun);
    note(item, `${usage.prompt_tokens} + ${usage.completion_tokens} tokens, first after ` +
      `${firstMillis} ms, ${(usage.completion_tokens / seconds).toFixed(1)} tokens/s` +
      (reason === "length" ? ", cut at max tokens" : ""));
  } catch (error) {
    if (signal.aborted) {
      note(item, "stopped");
    } else {
      item.classList.add("error");
      said.textContent = text === "" ? error.message : text;
      note(item, text === "" ? "failed" : error.message);
    }
  }
  item.classList.remove("growing");
  return text;
}

async function send() {
  const text = element("text").value;
  if (running !== null || (text.trim() === "" && tensors.length === 0)) {
    return;
  }
  const attached = tensors;
  const parts = attached.map((tensor) => ({ type: "prompt_embeds", data: tensor.data }));
  if (text !== "") {
    parts.push({ type: "text", text });
  }
  const turns = conversation;
  turns.push({ role: "user", content: attached.length === 0 ? text : parts });
  addMessage("user", text, attached);
  tensors = [];
  showAttached();
  element("text").value = "";
  running = new AbortController();
  element("send").disabled = true;
  element("stop").hidden = false;
  const said = await answer(running.signal);
  if (said === "") {
    turns.pop();
  } else {
    turns.push({ role: "assistant", content: said });
  }
  running = null;
  element("send").disabled = false;
  element("stop").hidden = true;
}

element("form").addEventListener("submit", (event) => {
  event.preventDefault();
  send();
});
element("text").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    send();
  }
});
element("file").addEventListener("change", async () => {
  for (const file of element("file").files) {
    tensors.push({ name: file.name, size: file.size, data: await base64(file) });
  }
  element("file").value = "";
  showAttached();
});
element("stop").addEventListener("click", () => running?.abort());
element("clear").addEventListener("click", () => {
  running?.abort();
  conversation = [];
  element("messages").replaceChildren();
  element("hint").hidden = false;
});
element("key").addEventListener("change", findModel);
element("key-form").addEventListener("submit", (event) => event.preventDefault());

findModel();
poll();
