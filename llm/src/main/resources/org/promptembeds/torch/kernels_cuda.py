# Fused steps by kernels of our own on CUDA, in half precision: the twin of kernels.py, whose shapes
# and functions these are. Its name `ops.own` stands for the namespace of our operators. Rows that the
# kernels do not take, as their length is no multiple of eight, are left to PyTorch.


def takes(x: Tensor) -> bool:
    half = x.dtype == 5 or x.dtype == 15
    return half and x.size(-1) % 8 == 0 and x.size(-1) <= 32768 and x.is_contiguous()


def rms(x: Tensor, weight: Tensor, epsilon: float) -> Tensor:
    if not __torch__.kernels.takes(x):
        return torch.rms_norm(x, [x.size(-1)], weight, epsilon)

    out = torch.empty_like(x)
    E = x.size(-1)
    ops.own.normalise(x.view([-1, E]), None, weight, None, out.view([-1, E]), None, False, epsilon, 0.0)
    return out


def precise_rms(x: Tensor, weight: Tensor, epsilon: float) -> Tensor:
    if not __torch__.kernels.takes(x):
        return torch.rms_norm(x.float(), [x.size(-1)], weight, epsilon).to(x.dtype)

    return __torch__.kernels.rms(x, weight, epsilon)


def layer_norm(x: Tensor, weight: Optional[Tensor], bias: Optional[Tensor], epsilon: float) -> Tensor:
    if not __torch__.kernels.takes(x):
        return torch.layer_norm(x, [x.size(-1)], weight, bias, epsilon)

    out = torch.empty_like(x)
    E = x.size(-1)
    ops.own.normalise(x.view([-1, E]), None, weight, bias, out.view([-1, E]), None, True, epsilon, 0.0)
    return out


def gated(gate_up: Tensor, size: int, activation: int) -> Tensor:
    gate, up = gate_up.narrow(1, 0, size), gate_up.narrow(1, size, size)
    if not __torch__.kernels.takes(gate_up) or size % 8 != 0:
        return __torch__.activation.activate(gate, activation).mul_(up)

    out = torch.empty([gate.size(0), size], dtype=gate.dtype, device=gate.device)
    ops.own.gated(gate, up, out, None, activation)
    return out


def gated_pair(gate: Tensor, up: Tensor, activation: int) -> Tensor:
    if not __torch__.kernels.takes(gate):
        return __torch__.activation.activate(gate, activation).mul_(up)

    out = torch.empty_like(gate)
    ops.own.gated(gate, up, out, None, activation)
    return out


def rotate(qk: Tensor, cos: Tensor, sin: Tensor) -> None:
    pairs = cos.size(2) // 2
    rotated = qk if 2 * pairs == qk.size(2) else qk.narrow(2, 0, 2 * pairs)  # T H+K R
    swapped = torch.cat([rotated.narrow(2, pairs, pairs), rotated.narrow(2, 0, pairs)], 2)  # T H+K R
    rotated.mul_(cos).addcmul_(swapped, sin)


def store(kv: Tensor, slots: Tensor, arena: Tensor) -> None:
    __torch__.arena.store(kv, slots, arena)


def most_likely(logits: Tensor) -> Tensor:
    tokens = torch.empty([logits.size(0)], dtype=4, device=logits.device)
    ops.own.argmax(logits, tokens, None, None, None, None, None, None)
    return tokens


def quantised(x: Tensor) -> Tuple[Tensor, Tensor]:
    if __torch__.kernels.takes(x):
        codes = torch.empty(x.size(), dtype=24, device=x.device)
        scales = torch.empty([x.size(0), 1], dtype=6, device=x.device)
        ops.own.gated(x, None, codes, scales, 8)  # no activation
        return codes, scales

    scales = (x.abs().amax([1], True).float() / 448.0).clamp(1e-30)  # T 1
    return (x / scales).clamp(-448.0, 448.0).to(24), scales


def normed(x: Tensor, weight: Optional[Tensor], bias: Optional[Tensor], epsilon: float,
           is_layer: bool) -> Tuple[Tensor, Tensor]:
    codes = torch.empty(x.size(), dtype=24, device=x.device)
    scales = torch.empty([x.size(0), 1], dtype=6, device=x.device)
    ops.own.normalise(x, None, weight, bias, codes, scales, is_layer, epsilon, 0.0)
    return codes, scales


def normed_sum(x: Tensor, added: __torch__.product.Product, weight: Optional[Tensor],
               bias: Optional[Tensor], epsilon: float, is_layer: bool) -> Tuple[Tensor, Tensor]:
    codes = torch.empty(x.size(), dtype=24, device=x.device)
    scales = torch.empty([x.size(0), 1], dtype=6, device=x.device)
    ops.own.normalise(x, added.values, weight, bias, codes, scales, is_layer, epsilon, 0.0, added.rows, added.columns)
    return codes, scales


def gated_product(p: __torch__.product.Product, size: int, activation: int) -> Tuple[Tensor, Tensor]:
    gate_up = p.values
    codes = torch.empty([gate_up.size(0), size], dtype=24, device=gate_up.device)
    scales = torch.empty([gate_up.size(0), 1], dtype=6, device=gate_up.device)
    ops.own.gated(
        gate_up.narrow(1, 0, size), gate_up.narrow(1, size, size), codes, scales, activation, p.rows, p.columns)
    return codes, scales


def gated_codes(gate_up: Tensor, size: int, activation: int) -> Tuple[Tensor, Tensor]:
    codes = torch.empty([gate_up.size(0), size], dtype=24, device=gate_up.device)
    scales = torch.empty([gate_up.size(0), 1], dtype=6, device=gate_up.device)
    ops.own.gated(
        gate_up.narrow(1, 0, size), gate_up.narrow(1, size, size), codes, scales, activation)
    return codes, scales


def draw(logits: Tensor, params: Tensor) -> Tensor:
    return __torch__.kernels.choose(logits, params.to(logits.device))


def choose(logits: Tensor, params: Tensor) -> Tensor:
    tokens = torch.empty([logits.size(0)], dtype=4, device=logits.device)
    ops.own.sample(logits, params, tokens)
    return tokens
