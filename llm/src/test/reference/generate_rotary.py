"""Makes rotary/expected.json: inverse frequencies of rotary embeddings by Hugging Face transformers.

    python generate_rotary.py OUTPUT_FILE

needs torch and transformers >= 5. Each case is a configuration and what the reference makes of it.
"""

import copy
import json
import sys

from transformers import LlamaConfig
from transformers.models.llama.modeling_llama import LlamaRotaryEmbedding


def case(name, head_dim, max_positions, parameters, dialect="rope_parameters", **keys):
    config = {
        "model_type": "llama",
        "vocab_size": 8,
        "hidden_size": 4 * head_dim,
        "intermediate_size": 8,
        "num_hidden_layers": 1,
        "num_attention_heads": 4,
        "head_dim": head_dim,
        "max_position_embeddings": max_positions,
        dialect: parameters,
        **keys,
    }
    arguments = {key: value for key, value in copy.deepcopy(config).items() if key != "model_type"}
    rotary = LlamaRotaryEmbedding(LlamaConfig(**arguments))
    return {
        "name": name,
        "config": config,
        "inverseFrequencies": [float(frequency) for frequency in rotary.inv_freq],
        "attentionFactor": float(rotary.attention_scaling),
    }


def rope(rope_type, theta, **parameters):
    return {"rope_type": rope_type, "rope_theta": theta, **parameters}


LLAMA3 = {"low_freq_factor": 1.0, "high_freq_factor": 4.0}

CASES = [
    case("default", 128, 4096, rope("default", 10000.0)),
    case("default-500k", 64, 8192, rope("default", 500000.0)),
    case("default-1m", 96, 8192, rope("default", 1000000)),
    case("linear", 64, 4096, rope("linear", 10000.0, factor=2.5)),
    case("linear-type", 80, 4096, {"type": "linear", "factor": 4}, "rope_scaling", rope_theta=12345.678),
    case("dynamic", 128, 2048, rope("dynamic", 10000.0, factor=1.1)),
    case("dynamic-type", 32, 64, {"type": "dynamic", "factor": 2.0}, "rope_scaling", rope_theta=10000.0),
    case("llama3", 128, 131072, rope("llama3", 500000.0, factor=8.0, original_max_position_embeddings=8192, **LLAMA3)),
    case(
        "llama3-scaling",
        64,
        131072,
        {"rope_type": "llama3", "factor": 32.0, "original_max_position_embeddings": 8192, **LLAMA3},
        "rope_scaling",
        rope_theta=500000.0,
    ),
    case(
        "llama3-odd-factors",
        16,
        256,
        rope(
            "llama3",
            10000.0,
            factor=3.0,
            low_freq_factor=1.5,
            high_freq_factor=3.7,
            original_max_position_embeddings=64,
        ),
    ),
    case("llama3-no-original", 32, 256, rope("llama3", 10000.0, factor=3.0, **LLAMA3)),
    case("yarn", 128, 131072, rope("yarn", 1000000.0, factor=4.0, original_max_position_embeddings=32768)),
    case("yarn-factor-wins", 128, 32768, rope("yarn", 1000000.0, factor=4.0, original_max_position_embeddings=32768)),
    case(
        "yarn-mscale",
        64,
        163840,
        rope(
            "yarn",
            10000.0,
            factor=40,
            original_max_position_embeddings=4096,
            mscale=0.707,
            mscale_all_dim=0.9,
            beta_fast=32,
            beta_slow=1,
        ),
    ),
    case(
        "yarn-mscale-alone",
        64,
        163840,
        rope("yarn", 10000.0, factor=40, original_max_position_embeddings=4096, mscale=0.707),
    ),
    case(
        "yarn-attention-factor",
        64,
        1024,
        rope(
            "yarn",
            10000.0,
            factor=4.0,
            original_max_position_embeddings=256,
            attention_factor=0.75,
            beta_fast=16.0,
            beta_slow=2.0,
        ),
    ),
    case(
        "yarn-no-truncate",
        64,
        131072,
        rope("yarn", 150000.0, factor=32.0, original_max_position_embeddings=4096, truncate=False),
    ),
    case("yarn-no-original", 64, 4096, rope("yarn", 10000.0, factor=2.0)),
    case(
        "yarn-original-outside",
        64,
        4096,
        rope("yarn", 10000.0, factor=2.0, original_max_position_embeddings=512),
        original_max_position_embeddings=1024,
    ),
]

if __name__ == "__main__":
    with open(sys.argv[1], "w") as file:
        json.dump(CASES, file, indent=1)
        file.write("\n")
