"""A LoRA adapter of the example model, written without PEFT."""

import json
import math
import os
import struct

HIDDEN_SIZE = 192
RANK = 1


def write_adapter(folder: str) -> None:
    """Writes an adapter of rank 1 that changes the output of attention in the first layer."""
    config = {"peft_type": "LORA", "r": RANK, "lora_alpha": 8, "target_modules": ["o_proj"]}
    with open(os.path.join(folder, "adapter_config.json"), "w") as file:
        json.dump(config, file)
    module = "base_model.model.model.layers.0.self_attn.o_proj."
    waves = [math.sin(i) for i in range(HIDDEN_SIZE)]
    tensors = {module + "lora_A.weight": (RANK, HIDDEN_SIZE), module + "lora_B.weight": (HIDDEN_SIZE, RANK)}
    header, data = {}, b""
    for name, shape in tensors.items():
        begin, data = len(data), data + struct.pack(f"<{HIDDEN_SIZE}f", *waves)
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [begin, len(data)]}
    head = json.dumps(header).encode()
    with open(os.path.join(folder, "adapter_model.safetensors"), "wb") as file:
        file.write(struct.pack("<Q", len(head)) + head + data)
