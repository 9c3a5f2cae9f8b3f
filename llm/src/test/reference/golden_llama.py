"""The fixtures of the first four families. Their seeds follow from their places in the list."""

from golden_case import Case

LLAMA3 = {
    "rope_type": "llama3",
    "factor": 8.0,
    "low_freq_factor": 1.0,
    "high_freq_factor": 4.0,
    "original_max_position_embeddings": 32,
}
YARN = {"rope_type": "yarn", "factor": 4.0, "original_max_position_embeddings": 32}
DYNAMIC = {"rope_type": "dynamic", "factor": 2.0}

ORIGINAL = [
    Case("llama", "llama"),
    Case("llama-tied-legacy", "llama", {"num_key_value_heads": 4, "tie_word_embeddings": True}, legacy=True),
    Case(
        "llama-odd-heads-biases",
        "llama",
        {
            "hidden_size": 40,
            "num_attention_heads": 5,
            "num_key_value_heads": 1,
            "head_dim": 12,
            "attention_bias": True,
            "mlp_bias": True,
            "hidden_act": "gelu_pytorch_tanh",
        },
    ),
    Case("llama-linear-legacy", "llama", rope={"rope_type": "linear", "factor": 2.0}, legacy=True, legacy_key="type"),
    Case("llama-llama3", "llama", {"num_hidden_layers": 3}, rope=LLAMA3, max_shard_size="40KB"),
    Case("llama-llama3-legacy", "llama", {"tie_word_embeddings": True}, rope=LLAMA3, legacy=True),
    Case("llama-yarn", "llama", rope=YARN),
    Case(
        "llama-dynamic",
        "llama",
        {"max_position_embeddings": 24},
        rope=DYNAMIC,
        prompt_lengths=(5, 19, 24, 37),
    ),
    Case("mistral", "mistral", {"sliding_window": None, "head_dim": 8}, max_shard_size="40KB"),
    Case(
        "mistral-sliding",
        "mistral",
        {"hidden_size": 36, "num_attention_heads": 6, "num_key_value_heads": 3, "head_dim": 8, "sliding_window": 7},
        legacy=True,
    ),
    Case("qwen2-tied", "qwen2", {"tie_word_embeddings": True}, max_shard_size="40KB"),
    Case(
        "qwen2-sliding",
        "qwen2",
        {"num_hidden_layers": 3, "use_sliding_window": True, "sliding_window": 6, "max_window_layers": 1},
    ),
    Case(
        "qwen2-yarn-legacy",
        "qwen2",
        {"hidden_size": 24, "num_attention_heads": 3, "num_key_value_heads": 3},
        rope=YARN,
        legacy=True,
    ),
    Case(
        "qwen3-odd-heads-tied",
        "qwen3",
        {"num_attention_heads": 3, "num_key_value_heads": 1, "head_dim": 16, "tie_word_embeddings": True},
    ),
    Case(
        "qwen3-layer-types",
        "qwen3",
        {
            "num_hidden_layers": 3,
            "use_sliding_window": True,
            "sliding_window": 5,
            "max_window_layers": 3,
            "layer_types": ["sliding_attention", "full_attention", "sliding_attention"],
            "attention_bias": True,
            "head_dim": 10,
        },
    ),
    Case(
        "qwen3-dynamic-legacy",
        "qwen3",
        {"max_position_embeddings": 20, "head_dim": 12},
        rope=DYNAMIC,
        legacy=True,
        prompt_lengths=(3, 15, 31),
    ),
]

for index, case in enumerate(ORIGINAL):
    case.first_seed = 1000 * index
    case.vocabulary = 151
    case.dtype = "float32"
