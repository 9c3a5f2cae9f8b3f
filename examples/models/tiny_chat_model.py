"""A small Llama in plain PyTorch whose state dict has the names of Hugging Face's LlamaForCausalLM.

Letters in shapes: B sequences, S positions, D hidden size, H heads, K key/value heads, C head size, V vocabulary.
"""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn


@dataclass(frozen=True)
class LlamaSettings:
    """The shape of a Llama model; sizes are in elements."""

    vocab_size: int
    hidden_size: int = 192
    intermediate_size: int = 512
    layers: int = 6
    heads: int = 6
    kv_heads: int = 2
    max_positions: int = 512
    rope_theta: float = 10000.0
    rms_norm_eps: float = 1e-5

    @property
    def head_size(self) -> int:
        return self.hidden_size // self.heads

    def to_config(self, eos_token_id: int, pad_token_id: int) -> dict:
        """Returns the content of ``config.json``."""
        return {
            "architectures": ["LlamaForCausalLM"],
            "attention_bias": False,
            "attention_dropout": 0.0,
            "bos_token_id": None,
            "eos_token_id": eos_token_id,
            "head_dim": self.head_size,
            "hidden_act": "silu",
            "hidden_size": self.hidden_size,
            "initializer_range": 0.02,
            "intermediate_size": self.intermediate_size,
            "max_position_embeddings": self.max_positions,
            "mlp_bias": False,
            "model_type": "llama",
            "num_attention_heads": self.heads,
            "num_hidden_layers": self.layers,
            "num_key_value_heads": self.kv_heads,
            "pad_token_id": pad_token_id,
            "rms_norm_eps": self.rms_norm_eps,
            "rope_scaling": None,
            "rope_theta": self.rope_theta,
            "tie_word_embeddings": True,
            "torch_dtype": "bfloat16",
            "use_cache": True,
            "vocab_size": self.vocab_size,
        }


class RmsNorm(nn.Module):
    def __init__(self, size: int, eps: float):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(size))
        self.eps = eps

    def forward(self, x: Tensor) -> Tensor:
        x = x.float()
        return self.weight * (x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + self.eps))


class Attention(nn.Module):
    def __init__(self, s: LlamaSettings):
        super().__init__()
        self.heads, self.kv_heads, self.head_size = s.heads, s.kv_heads, s.head_size
        self.q_proj = nn.Linear(s.hidden_size, s.heads * s.head_size, bias=False)
        self.k_proj = nn.Linear(s.hidden_size, s.kv_heads * s.head_size, bias=False)
        self.v_proj = nn.Linear(s.hidden_size, s.kv_heads * s.head_size, bias=False)
        self.o_proj = nn.Linear(s.heads * s.head_size, s.hidden_size, bias=False)

    def forward(self, x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
        batch, length, _ = x.shape
        q = self.q_proj(x).view(batch, length, self.heads, self.head_size).transpose(1, 2)  # B H S C
        k = self.k_proj(x).view(batch, length, self.kv_heads, self.head_size).transpose(1, 2)  # B K S C
        v = self.v_proj(x).view(batch, length, self.kv_heads, self.head_size).transpose(1, 2)  # B K S C
        q, k = _rotate(q, cos, sin).to(v.dtype), _rotate(k, cos, sin).to(v.dtype)
        group = self.heads // self.kv_heads
        k, v = k.repeat_interleave(group, 1), v.repeat_interleave(group, 1)  # B H S C
        out = F.scaled_dot_product_attention(q, k, v, is_causal=True)  # B H S C
        return self.o_proj(out.transpose(1, 2).reshape(batch, length, -1))  # B S D


class Mlp(nn.Module):
    def __init__(self, s: LlamaSettings):
        super().__init__()
        self.gate_proj = nn.Linear(s.hidden_size, s.intermediate_size, bias=False)
        self.up_proj = nn.Linear(s.hidden_size, s.intermediate_size, bias=False)
        self.down_proj = nn.Linear(s.intermediate_size, s.hidden_size, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        return self.down_proj(F.silu(self.gate_proj(x)) * self.up_proj(x))


class Layer(nn.Module):
    def __init__(self, s: LlamaSettings):
        super().__init__()
        self.self_attn = Attention(s)
        self.mlp = Mlp(s)
        self.input_layernorm = RmsNorm(s.hidden_size, s.rms_norm_eps)
        self.post_attention_layernorm = RmsNorm(s.hidden_size, s.rms_norm_eps)

    def forward(self, x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
        x = x + self.self_attn(self.input_layernorm(x), cos, sin)
        return x + self.mlp(self.post_attention_layernorm(x))


class Decoder(nn.Module):
    def __init__(self, s: LlamaSettings):
        super().__init__()
        self.embed_tokens = nn.Embedding(s.vocab_size, s.hidden_size)
        self.layers = nn.ModuleList(Layer(s) for _ in range(s.layers))
        self.norm = RmsNorm(s.hidden_size, s.rms_norm_eps)
        frequencies = s.rope_theta ** -(torch.arange(0, s.head_size, 2).float() / s.head_size)  # C/2
        angles = torch.arange(s.max_positions).float()[:, None] * frequencies  # S C/2
        angles = torch.cat((angles, angles), dim=-1)  # S C
        self.register_buffer("cos", angles.cos(), persistent=False)
        self.register_buffer("sin", angles.sin(), persistent=False)

    def forward(self, tokens: Tensor) -> Tensor:
        length = tokens.shape[1]
        x = self.embed_tokens(tokens)  # B S D
        for layer in self.layers:
            x = layer(x, self.cos[:length], self.sin[:length])

        return self.norm(x)


class Llama(nn.Module):
    """The language model; the output layer shares the weights of the embedding."""

    def __init__(self, settings: LlamaSettings):
        super().__init__()
        self.settings = settings
        self.model = Decoder(settings)
        self.apply(self._initialise)
        for layer in self.model.layers:
            for projection in (layer.self_attn.o_proj, layer.mlp.down_proj):
                nn.init.normal_(projection.weight, std=0.02 / (2 * settings.layers) ** 0.5)

    @staticmethod
    def _initialise(module: nn.Module) -> None:
        if isinstance(module, (nn.Linear, nn.Embedding)):
            nn.init.normal_(module.weight, std=0.02)

    def forward(self, tokens: Tensor) -> Tensor:
        """Returns the logits, B S V, of the token after each position of ``tokens``, B S."""
        return F.linear(self.model(tokens), self.model.embed_tokens.weight)

    @torch.no_grad()
    def greedy(self, prompts: list[list[int]], end: int, max_new: int = 64) -> list[list[int]]:
        """Returns the greedy continuation of each prompt, up to and with ``end``; every prompt is computed anew
        at each step, in fp32, right-padded, so that neither a cache nor the batch can change a token."""
        device = self.model.embed_tokens.weight.device
        lengths = torch.tensor([len(prompt) for prompt in prompts], device=device)  # B
        width = max(map(len, prompts)) + max_new
        tokens = torch.full((len(prompts), width), end, dtype=torch.long)
        for row, prompt in enumerate(prompts):
            tokens[row, : len(prompt)] = torch.tensor(prompt)

        tokens = tokens.to(device)  # B S
        done = torch.zeros_like(lengths, dtype=torch.bool)  # B
        rows = torch.arange(len(prompts), device=device)
        for step in range(max_new):
            hidden = self.model(tokens[:, : int(lengths.max()) + step])  # B S D
            last = hidden[rows, lengths + step - 1]  # B D
            best = F.linear(last, self.model.embed_tokens.weight).argmax(-1)  # B
            best = torch.where(done, torch.full_like(best, end), best)
            tokens[rows, lengths + step] = best
            done |= best == end
            if bool(done.all()):
                break

        answers = []
        for row, prompt in enumerate(prompts):
            answer = tokens[row, len(prompt) : len(prompt) + max_new].tolist()
            answers.append(answer[: answer.index(end) + 1] if end in answer else answer)

        return answers


def _rotate(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """Returns x, B H S C, with the rotary position embedding of angles S C."""
    left, right = x.float().chunk(2, dim=-1)
    return x.float() * cos + torch.cat((-right, left), dim=-1) * sin
