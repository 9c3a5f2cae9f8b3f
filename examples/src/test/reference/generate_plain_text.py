"""Writes what plain text generation answers to the questions of the example chats, for PlainTextTest.

Needs torch, transformers (tried with 2.13 and 5.17) and nothing of this project but its files. Chats of one message are
rendered by the model's template, turned into token ids, and continued greedily in float32.
"""

import json
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

EXAMPLES = Path(__file__).parents[3]
MODEL = EXAMPLES / "models" / "tiny-chat"
TARGET = EXAMPLES / "src" / "test" / "resources" / "plain_text.jsonl"
COUNT = 40

tokenizer = AutoTokenizer.from_pretrained(MODEL)
model = AutoModelForCausalLM.from_pretrained(MODEL, dtype=torch.float32, attn_implementation="eager")
chats = [json.loads(line)["messages"] for line in (EXAMPLES / "data" / "chats.jsonl").read_text().splitlines()]
chats = [messages for messages in chats if len(messages) == 1][:COUNT]
with TARGET.open("w", encoding="utf-8") as out:
    for messages in chats:
        text = tokenizer.apply_chat_template(messages, add_generation_prompt=True, tokenize=False)
        ids = tokenizer(text, add_special_tokens=False, return_tensors="pt").input_ids
        made = model.generate(ids, max_new_tokens=64, do_sample=False)[0, ids.shape[1] :].tolist()
        line = {
            "question": messages[0]["content"],
            "prompt": text,
            "prompt_token_ids": ids[0].tolist(),
            "token_ids": made,
            "text": tokenizer.decode(made, skip_special_tokens=True),
        }
        out.write(json.dumps(line) + "\n")
