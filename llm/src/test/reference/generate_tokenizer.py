"""Makes tokenizer/tokenizer.json and tokenizer/expected.json: a tiny byte-level tokenizer and its answers.

    python generate_tokenizer.py OUTPUT_DIRECTORY

needs tokenizers. The file asks for truncation to 4 tokens and for padding, which must have no
effect; the answers are made without them.
"""

import json
import sys
from pathlib import Path

from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers

TEXTS = ["hello world, the world says hello", "grüße, 世界 😀", " two  spaces\nand a line"]


def main(output):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=300,
        special_tokens=["<s>", "<|end|>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(TEXTS * 3, trainer)
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A", special_tokens=[("<s>", tokenizer.token_to_id("<s>"))]
    )
    expected = []
    for text in TEXTS + ["", "a<|end|>b", "x" * 3000]:
        ids = tokenizer.encode(text).ids
        expected.append(
            {
                "text": text,
                "ids": ids,
                "plainIds": tokenizer.encode(text, add_special_tokens=False).ids,
                "decoded": tokenizer.decode(ids, skip_special_tokens=True),
            }
        )
    tokenizer.enable_truncation(4)
    tokenizer.enable_padding(length=10)
    tokenizer.save(str(output / "tokenizer.json"), pretty=False)
    (output / "expected.json").write_text(json.dumps(expected) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
