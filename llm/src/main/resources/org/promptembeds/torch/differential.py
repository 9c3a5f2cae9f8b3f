# Differential attention (arXiv:2410.05258). TorchScript source, see decoder.py.
#
# Shapes:
#   T tokens of the step      E hidden size
#   H query heads      K key/value heads      D head size


class Differential:
    path : str
    arena : int  # index of its keys and values
    rotation : int  # index of its rotary embedding, times two
    heads : int  # H
    kv_heads : int  # K
    head_dim : int  # D
    start : float  # added to the learned lambda
    epsilon : float
    qkv : __torch__.linear.Linear  # E to (H+2K)D
    attend : __torch__.attend.Attend  # of heads of size 2D
    output : __torch__.linear.Linear  # HD to E
    factor : Tensor  # 1, lambda

    def apply(self, h: Tensor, c: __torch__.block.Context) -> Tensor:
        return self.output.apply(self.inner(h, c))

    def add_to(self, x: Tensor, h: Tensor, c: __torch__.block.Context, scale: float) -> Tensor:
        return self.output.add_to(x, self.inner(h, c), scale)

    def inner(self, h: Tensor, c: __torch__.block.Context) -> Tensor:
        """What attention says before the output projection: T HD."""
        H, K, D = self.heads, self.kv_heads, self.head_dim
        projected = self.qkv.apply(h).view([h.size(0), -1, D])  # T H+2K D
        qk = projected.narrow(1, 0, H + K)  # T H+K D
        __torch__.kernels.rotate(qk, c.rotations[self.rotation], c.rotations[self.rotation + 1])
        qk = torch.constant_pad_nd(qk, [0, D])  # T H+K 2D
        kv = torch.cat([qk.narrow(1, H, K), self.wide(projected.narrow(1, H + K, K))], 1)  # T 2K 2D
        arena = c.arenas[self.arena]
        __torch__.kernels.store(kv, c.step.slots, arena)
        a = __torch__.attend.to_slots(self.attend, qk.narrow(1, 0, H).contiguous(), arena, c)  # T H 2D
        first, second = a.narrow(1, 0, H // 2), a.narrow(1, H // 2, H // 2)  # T H/2 2D
        difference = first - self.factor.to(a.dtype) * second
        normed = torch.rms_norm(difference, [2 * D], None, self.epsilon)
        return (normed * (1.0 - self.start)).reshape([-1, H * D])

    def wide(self, v: Tensor) -> Tensor:
        """Values of twice the width, each head's followed by those of the head half of all heads on,
        and all of them twice: T K 2D."""
        half = self.kv_heads // 2
        pairs = torch.cat([v.narrow(1, 0, half), v.narrow(1, half, half)], 2)  # T K/2 2D
        return torch.cat([pairs, pairs], 1)

    def bind(self, weights: Dict[str, Tensor]) -> None:
        self.qkv.bind(weights)
        self.attend.bind(weights)
        self.output.bind(weights)
        p = self.path
        first = torch.exp((weights[p + "lambda_q1"] * weights[p + "lambda_k1"]).sum())
        second = torch.exp((weights[p + "lambda_q2"] * weights[p + "lambda_k2"]).sum())
        self.factor = first - second + self.start
