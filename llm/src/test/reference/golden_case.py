"""What a golden fixture is: one tiny model, how it departs from the defaults and how it is written."""

from dataclasses import dataclass, field

PROMPT_LENGTHS = (1, 5, 19, 33)


@dataclass
class Case:
    """One model: how it departs from the defaults, and how it is written."""

    name: str
    model_type: str
    config: dict = field(default_factory=dict)
    rope: dict = field(default_factory=dict)
    legacy: bool = False  # write rope_theta and rope_scaling instead of rope_parameters
    legacy_key: str = "rope_type"  # or the older "type"
    max_shard_size: str = "1GB"
    prompt_lengths: tuple = PROMPT_LENGTHS
    put: dict = field(default_factory=dict)  # keys of config.json to write
    drop: tuple = ()  # keys of config.json to leave out: the reader must know their defaults
    merged: bool = False  # write the experts of a layer as one tensor, as transformers holds them
    attention: str = "eager"
    finish: tuple = ()  # names of functions in golden_formats, applied once the reference has run
    first_seed: int | None = None  # derived from the name when absent
    vocabulary: int = 31
    dtype: str = "bfloat16"  # of the weights that are stored; the reference computes in float32
    wrapper: "Wrapper | None" = None
    inputs: str = ""  # name of a function in golden_inputs that makes what goes with the embeddings


@dataclass(frozen=True)
class Wrapper:
    """How a vision-language checkpoint holds its text model."""

    model_type: str
    architecture: str
    prefix: str = "model.language_model."  # of the text model's weights
    head: str = "lm_head.weight"
    beside: tuple = ()  # (name, shape) of weights that are not the text model's
    flat: bool = False  # the text model's keys at the top level of config.json, without text_config
    tied: str = "text"  # which level says tie_word_embeddings: "text", "top" or "both"
    top: dict = field(default_factory=dict)  # further keys of the top level
