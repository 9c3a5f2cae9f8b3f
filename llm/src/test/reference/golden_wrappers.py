"""The fixtures of vision-language checkpoints: their text half, stored as the whole model stores it."""

from golden_case import Case, Wrapper
from golden_families import DELTA_NET, EXPERTS, GROUPED, LATENT, LLAMA4_SCALING, ROUTED, SLIDING_FULL, WIDE, YARN_MSCALE

OLD = {"prefix": "language_model.model.", "head": "language_model.lm_head.weight"}
OLD_BESIDE = (
    ("vision_tower.vision_model.embeddings.patch_embedding.weight", (8, 3, 2, 2)),
    ("vision_tower.vision_model.encoder.layers.0.self_attn.q_proj.weight", (8, 8)),
    ("multi_modal_projector.linear_1.weight", (24, 8)),
)
NEW_BESIDE = (
    ("model.vision_tower.encoder.layers.0.self_attn.q_proj.weight", (8, 8)),
    ("model.multi_modal_projector.linear_1.weight", (24, 8)),
)
VISUAL = (
    ("visual.patch_embed.proj.weight", (8, 3, 2, 2, 2)),
    ("visual.blocks.0.attn.qkv.weight", (24, 8)),
    ("visual.merger.mlp.0.weight", (8, 8)),
)
NEW_VISUAL = tuple(("model." + name, shape) for name, shape in VISUAL)
NEXT_TOKEN = (("mtp.fc.weight", (24, 48)), ("mtp.layers.0.self_attn.q_proj.weight", (8, 24)))
MROPE = {"mrope_section": [2, 1, 1]}
INTERLEAVED = {**MROPE, "mrope_interleaved": True}
HYBRID = {**DELTA_NET, "layer_types": ["linear_attention", "full_attention"]}
LOCAL_GLOBAL = {
    "head_dim": 8,
    "sliding_window": 6,
    "layer_types": SLIDING_FULL,
    "tie_word_embeddings": True,
}
GEMMA3 = {
    **LOCAL_GLOBAL,
    "query_pre_attn_scalar": 8,
    "rope_parameters": {
        "sliding_attention": {"rope_type": "default", "rope_theta": 100.0},
        "full_attention": {"rope_type": "linear", "factor": 8.0, "rope_theta": 5000.0},
    },
}
GEMMA4 = {**LOCAL_GLOBAL, "global_head_dim": 16, "hidden_size_per_layer_input": 0}
LLAMA4 = {
    "head_dim": 8,
    "intermediate_size": 8,
    "intermediate_size_mlp": 16,
    "num_local_experts": 4,
    "no_rope_layers": [1, 0],
    "attention_chunk_size": 8,
    "floor_scale": 8,
}
VL_MOE = {**EXPERTS, **GROUPED, "num_experts": 4, "mlp_only_layers": [0]}

LLAVA = Wrapper("llava", "LlavaForConditionalGeneration", **OLD, beside=OLD_BESIDE)
LLAVA_NEW = Wrapper("llava", "LlavaForConditionalGeneration", beside=NEW_BESIDE)
PIXTRAL = Wrapper(
    "llava",
    "LlavaForConditionalGeneration",
    **OLD,
    beside=(
        ("vision_tower.patch_conv.weight", (8, 3, 2, 2)),
        ("vision_tower.ln_pre.weight", (8,)),
        ("vision_tower.transformer.layers.0.attention.q_proj.weight", (8, 8)),
        ("multi_modal_projector.linear_1.weight", (24, 8)),
        ("multi_modal_projector.linear_1.bias", (24,)),
    ),
)
LLAVA_NEXT = Wrapper(
    "llava_next",
    "LlavaNextForConditionalGeneration",
    **OLD,
    beside=OLD_BESIDE + (("image_newline", (24,)),),
)
MISTRAL3 = Wrapper(
    "mistral3",
    "Mistral3ForConditionalGeneration",
    **OLD,
    beside=(
        ("vision_tower.patch_conv.weight", (8, 3, 2, 2)),
        ("vision_tower.transformer.layers.0.attention.q_proj.weight", (8, 8)),
        ("multi_modal_projector.norm.weight", (8,)),
    ),
)
GEMMA3_WRAPPER = Wrapper(
    "gemma3",
    "Gemma3ForConditionalGeneration",
    **OLD,
    beside=OLD_BESIDE[:2] + (("multi_modal_projector.mm_input_projection_weight", (8, 24)),),
)
GEMMA4_WRAPPER = Wrapper(
    "gemma4",
    "Gemma4ForConditionalGeneration",
    beside=(
        ("model.vision_tower.patch_embedder.input_proj.weight", (8, 12)),
        ("model.embed_vision.embedding_projection.weight", (24, 8)),
        ("model.audio_tower.layers.0.norm_out.weight", (8,)),
    ),
)
PALIGEMMA = Wrapper("paligemma", "PaliGemmaForConditionalGeneration", **OLD, beside=OLD_BESIDE)
QWEN2_VL = Wrapper("qwen2_vl", "Qwen2VLForConditionalGeneration", "model.", beside=VISUAL, flat=True, tied="top")
QWEN2_5_VL = Wrapper("qwen2_5_vl", "Qwen2_5_VLForConditionalGeneration", "model.", beside=VISUAL, flat=True, tied="top")
QWEN2_5_VL_NEW = Wrapper("qwen2_5_vl", "Qwen2_5_VLForConditionalGeneration", beside=NEW_VISUAL, tied="top")
QWEN3_VL = Wrapper(
    "qwen3_vl",
    "Qwen3VLForConditionalGeneration",
    beside=NEW_VISUAL + (("model.visual.deepstack_merger_list.0.norm.weight", (8,)),),
    tied="both",
)
QWEN3_VL_MOE = Wrapper("qwen3_vl_moe", "Qwen3VLMoeForConditionalGeneration", beside=NEW_VISUAL, tied="both")
QWEN3_5 = Wrapper("qwen3_5", "Qwen3_5ForConditionalGeneration", beside=NEW_VISUAL + NEXT_TOKEN, tied="both")
QWEN3_5_MOE = Wrapper("qwen3_5_moe", "Qwen3_5MoeForConditionalGeneration", beside=NEW_VISUAL + NEXT_TOKEN, tied="both")
INTERNVL = Wrapper(
    "internvl",
    "InternVLForConditionalGeneration",
    **OLD,
    beside=(
        ("vision_tower.embeddings.cls_token", (1, 1, 8)),
        ("vision_tower.encoder.layer.0.attention.q_proj.weight", (8, 8)),
        ("multi_modal_projector.linear_1.weight", (24, 32)),
    ),
)
IDEFICS3 = Wrapper(
    "idefics3",
    "Idefics3ForConditionalGeneration",
    "model.text_model.",
    beside=(
        ("model.vision_model.embeddings.patch_embedding.weight", (8, 3, 2, 2)),
        ("model.connector.modality_projection.proj.weight", (24, 32)),
    ),
)
SMOLVLM = Wrapper(
    "smolvlm", "SmolVLMForConditionalGeneration", "model.text_model.", beside=IDEFICS3.beside, tied="both"
)
LLAMA4_WRAPPER = Wrapper(
    "llama4",
    "Llama4ForConditionalGeneration",
    **OLD,
    beside=(
        ("vision_model.patch_embedding.linear.weight", (8, 12)),
        ("multi_modal_projector.linear_1.weight", (24, 8)),
    ),
)
GLM4V = Wrapper("glm4v", "Glm4vForConditionalGeneration", beside=NEW_VISUAL, tied="top")
LFM2_VL = Wrapper("lfm2_vl", "Lfm2VlForConditionalGeneration", beside=NEW_BESIDE)
AYA_VISION = Wrapper("aya_vision", "AyaVisionForConditionalGeneration", **OLD, beside=OLD_BESIDE)
MUSE_GLIMMER = Wrapper(
    "muse_glimmer",
    "MuseGlimmerForConditionalGeneration",
    beside=(
        ("model.vision_tower.layers.0.norm1.weight", (8,)),
        ("model.vision_projection.weight", (24, 8)),
    ),
)

KIMI_K25 = Wrapper(
    "kimi_k25",
    "KimiK25ForConditionalGeneration",
    **OLD,
    beside=(
        ("vision_tower.encoder.blocks.0.norm0.weight", (8,)),
        ("mm_projector.proj.0.weight", (24, 8)),
    ),
)

WRAPPERS = [
    Case(
        "llava",
        "llama",
        GROUPED,
        wrapper=LLAVA,
        legacy=True,
        drop=("rms_norm_eps", "hidden_act", "tie_word_embeddings"),
    ),
    Case("llava-tied", "llama", {"tie_word_embeddings": True}, wrapper=LLAVA_NEW),
    Case("llava-mistral", "mistral", {"sliding_window": None}, wrapper=LLAVA),
    Case(
        "llava-next", "mistral", {**GROUPED, "sliding_window": 7}, wrapper=LLAVA_NEXT, legacy=True, drop=("hidden_act",)
    ),
    Case("llava-next-qwen2", "qwen2", {}, wrapper=LLAVA_NEXT),
    Case(
        "pixtral",
        "mistral",
        {**GROUPED, "head_dim": 8, "sliding_window": None},
        wrapper=PIXTRAL,
        legacy=True,
        drop=("hidden_act",),
    ),
    Case("mistral3", "mistral", {**GROUPED, "sliding_window": None}, wrapper=MISTRAL3, legacy=True),
    Case(
        "mistral3-ministral3",
        "ministral3",
        {"head_dim": 8, "tie_word_embeddings": True},
        LLAMA4_SCALING,
        wrapper=MISTRAL3,
    ),
    Case(
        "paligemma",
        "gemma",
        {"head_dim": 8, "tie_word_embeddings": True},
        wrapper=PALIGEMMA,
        legacy=True,
        drop=("tie_word_embeddings", "hidden_act"),
    ),
    Case(
        "paligemma-prefix",
        "gemma2",
        {"head_dim": 8, "tie_word_embeddings": True, "sliding_window": 64},
        wrapper=PALIGEMMA,
        inputs="prefix",
    ),
    Case(
        "gemma3",
        "gemma3_text",
        GEMMA3,
        wrapper=GEMMA3_WRAPPER,
        drop=("tie_word_embeddings", "rms_norm_eps", "hidden_activation"),
    ),
    Case(
        "gemma3-spans", "gemma3_text", {**GEMMA3, "num_hidden_layers": 2}, wrapper=GEMMA3_WRAPPER, inputs="gemma3_spans"
    ),
    Case(
        "gemma4",
        "gemma4_text",
        {**GEMMA4, "final_logit_softcapping": 12.0},
        wrapper=GEMMA4_WRAPPER,
        drop=("per_layer_config",),
        put={"global_head_dim": 16},
    ),
    Case(
        "gemma4-spans",
        "gemma4_text",
        {**GEMMA4, "use_bidirectional_attention": "vision"},
        wrapper=GEMMA4_WRAPPER,
        inputs="gemma4_spans",
        drop=("per_layer_config",),
        put={"global_head_dim": 16},
    ),
    Case("qwen2-vl", "qwen2_vl_text", {}, MROPE, wrapper=QWEN2_VL, legacy=True, legacy_key="type", inputs="mrope"),
    Case(
        "qwen2-5-vl",
        "qwen2_5_vl_text",
        {**WIDE, "tie_word_embeddings": True},
        MROPE,
        wrapper=QWEN2_5_VL,
        legacy=True,
        legacy_key="type",
        inputs="mrope",
    ),
    Case("qwen2-5-vl-text-only", "qwen2_5_vl_text", {}, MROPE, wrapper=QWEN2_5_VL_NEW),
    Case(
        "qwen3-vl",
        "qwen3_vl_text",
        {"head_dim": 8, "tie_word_embeddings": True},
        INTERLEAVED,
        wrapper=QWEN3_VL,
        inputs="mrope",
    ),
    Case(
        "qwen3-vl-deepstack",
        "qwen3_vl_text",
        {**GROUPED, "num_hidden_layers": 3, "intermediate_size": 16},
        INTERLEAVED,
        wrapper=QWEN3_VL,
        inputs="deepstack",
        legacy=True,
    ),
    Case("qwen3-vl-moe", "qwen3_vl_moe_text", VL_MOE, INTERLEAVED, wrapper=QWEN3_VL_MOE, inputs="mrope"),
    Case(
        "qwen3-5",
        "qwen3_5_text",
        HYBRID,
        {"partial_rotary_factor": 0.5, **INTERLEAVED},
        wrapper=QWEN3_5,
        inputs="mrope",
    ),
    Case(
        "qwen3-5-moe",
        "qwen3_5_moe_text",
        {**HYBRID, **EXPERTS, "num_experts": 4, "shared_expert_intermediate_size": 8, "tie_word_embeddings": True},
        {"partial_rotary_factor": 0.5, **INTERLEAVED},
        wrapper=QWEN3_5_MOE,
        merged=True,
    ),
    Case("internvl-qwen2", "qwen2", {}, wrapper=INTERNVL, legacy=True),
    Case("internvl-qwen3", "qwen3", {"head_dim": 8, "tie_word_embeddings": True}, wrapper=INTERNVL),
    Case("idefics3", "llama", {}, wrapper=IDEFICS3, legacy=True, drop=("model_type",)),
    Case("smolvlm", "llama", {"tie_word_embeddings": True, **GROUPED}, wrapper=SMOLVLM),
    Case("llama4", "llama4_text", LLAMA4, wrapper=LLAMA4_WRAPPER),
    Case(
        "glm4v",
        "glm4v_text",
        {**WIDE},
        {"partial_rotary_factor": 0.5, "mrope_section": [1, 1, 0]},
        wrapper=GLM4V,
        inputs="mrope",
    ),
    Case(
        "glm4v-legacy",
        "glm4v_text",
        {"hidden_size": 32, "num_attention_heads": 2},
        {"partial_rotary_factor": 0.5, "mrope_section": [2, 1, 1]},
        wrapper=GLM4V,
        inputs="mrope",
        legacy=True,
    ),
    Case(
        "lfm2-vl",
        "lfm2",
        {"layer_types": ["conv", "full_attention"], "block_auto_adjust_ff_dim": False, "tie_word_embeddings": True},
        wrapper=LFM2_VL,
    ),
    Case(
        "aya-vision",
        "cohere2",
        {"sliding_window": 6, "layer_types": SLIDING_FULL, "logit_scale": 0.6, "tie_word_embeddings": True},
        wrapper=AYA_VISION,
    ),
    Case(
        "kimi-k25",
        "deepseek_v3",
        {**LATENT, **ROUTED, "n_group": 1, "topk_group": 1},
        YARN_MSCALE,
        wrapper=KIMI_K25,
        legacy=True,
        legacy_key="type",
        put={"model_type": "kimi_k2"},
    ),
    Case(
        "muse-glimmer",
        "muse_glimmer_text",
        {"head_dim": 8, "sliding_window": 6, "qk_scale_factor": 2.0, "output_multiplier": 0.9},
        wrapper=MUSE_GLIMMER,
    ),
]
