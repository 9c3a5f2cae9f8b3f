# Fused steps by PyTorch's own operators, on any device. TorchScript source, see decoder.py.
# kernels_cuda.py, with the same functions, may take the place of this file.
#
# Shapes:
#   T tokens of the step      E normalised size      F feed-forward size
#   H query heads      K key/value heads      D head size      R rotated part of D      S slots


def rms(x: Tensor, weight: Tensor, epsilon: float) -> Tensor:
    """x / rms(x) * weight: shape of x."""
    return torch.rms_norm(x, [x.size(-1)], weight, epsilon)


def precise_rms(x: Tensor, weight: Tensor, epsilon: float) -> Tensor:
    """x / rms(x) * weight in float32, weight float32: shape of x."""
    return torch.rms_norm(x.float(), [x.size(-1)], weight, epsilon).to(x.dtype)


def gated(gate_up: Tensor, size: int, activation: int) -> Tensor:
    """activation(gate) * up of gate_up, T 2F: T F."""
    gate = __torch__.activation.activate(gate_up.narrow(1, 0, size), activation)
    return gate.mul_(gate_up.narrow(1, size, size))


def layer_norm(x: Tensor, weight: Optional[Tensor], bias: Optional[Tensor], epsilon: float) -> Tensor:
    """(x - mean) / deviation * weight + bias: shape of x."""
    return torch.layer_norm(x, [x.size(-1)], weight, bias, epsilon)


def gated_pair(gate: Tensor, up: Tensor, activation: int) -> Tensor:
    """activation(gate) * up, both T F; gate may be overwritten: T F."""
    return __torch__.activation.activate(gate, activation).mul_(up)


def rotate(qk: Tensor, cos: Tensor, sin: Tensor) -> None:
    """Rotates the first R elements of each head in place: T H+K D. cos, sin: T 1 R, sin negated in the
    first half."""
    pairs = cos.size(2) // 2
    rotated = qk if 2 * pairs == qk.size(2) else qk.narrow(2, 0, 2 * pairs)  # T H+K R
    swapped = torch.cat([rotated.narrow(2, pairs, pairs), rotated.narrow(2, 0, pairs)], 2)  # T H+K R
    rotated.mul_(cos).addcmul_(swapped, sin)


def store(kv: Tensor, slots: Tensor, arena: Tensor) -> None:
    """Writes keys and values, T 2K D, to their slots of the arena, S 2K D."""
    __torch__.arena.store(kv, slots, arena)


def most_likely(logits: Tensor) -> Tensor:
    """The first token of the largest logit of each row, B V; see sampling.where_finite: B."""
    return __torch__.sampling.where_finite(logits, logits.argmax(-1))


def quantised(x: Tensor) -> Tuple[Tensor, Tensor]:
    """x, T I, as 8-bit floating-point numbers (E4M3) and a scale for each row: T I, T 1, float32."""
    scales = (x.abs().amax([1], True).float() / 448.0).clamp(1e-30)  # T 1
    return (x / scales).clamp(-448.0, 448.0).to(24), scales


def normed(x: Tensor, weight: Optional[Tensor], bias: Optional[Tensor], epsilon: float,
           is_layer: bool) -> Tuple[Tensor, Tensor]:
    """The layer norm of x, T I, or its RMS norm, quantised: T I, T 1."""
    wide = x.float()
    if is_layer:
        wide = torch.layer_norm(wide, [x.size(1)], None, None, epsilon)
    else:
        wide = torch.rms_norm(wide, [x.size(1)], None, epsilon)

    if weight is not None:
        wide = wide * weight.float()
    if bias is not None:
        wide = wide + bias.float()

    return __torch__.kernels.quantised(wide)


def normed_sum(x: Tensor, added: __torch__.product.Product, weight: Optional[Tensor],
               bias: Optional[Tensor], epsilon: float, is_layer: bool) -> Tuple[Tensor, Tensor]:
    """The same of x + added, which x becomes."""
    x.add_(__torch__.product.applied(added))
    return __torch__.kernels.normed(x, weight, bias, epsilon, is_layer)


def gated_product(p: __torch__.product.Product, size: int, activation: int) -> Tuple[Tensor, Tensor]:
    """activation(gate) * up of p, T 2F, quantised: T F, T 1."""
    return __torch__.kernels.gated_codes(__torch__.product.applied(p), size, activation)


def gated_codes(gate_up: Tensor, size: int, activation: int) -> Tuple[Tensor, Tensor]:
    """activation(gate) * up of gate_up, T 2F, quantised: T F, T 1."""
    return __torch__.kernels.quantised(__torch__.kernels.gated(gate_up, size, activation))


def draw(logits: Tensor, params: Tensor) -> Tensor:
    """Token ids drawn from rows of logits, U V; params: see sampling.draw: U."""
    return __torch__.sampling.draw(logits, params)


def choose(logits: Tensor, params: Tensor) -> Tensor:
    """Tokens of rows of which some may have temperature 0, as params, B 5, say: B."""
    tokens = __torch__.kernels.most_likely(logits)
    rows = (params[:, 0] > 0).nonzero()[:, 0]
    drawn = __torch__.sampling.draw(logits.index_select(0, rows).float(), params.index_select(0, rows).cpu())
    return torch.where(tokens < 0, tokens, tokens.index_copy(0, rows, drawn))
