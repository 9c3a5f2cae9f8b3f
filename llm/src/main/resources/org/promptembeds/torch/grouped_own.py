# Softmax attention with grouped heads whose queries and keys are normalised, rotated and stored in one
# step of our own. TorchScript source, see grouped.py, whose shapes these are; `ops.own` as in
# kernels_cuda.py.


# What lies between the two linear layers.
class Core:
    path : str
    arena : int  # index of its keys and values
    rotation : int  # index of its rotary embedding, times two
    heads : int  # H
    kv_heads : int  # K
    head_dim : int  # D
    has_norm : bool
    epsilon : float
    attend : __torch__.attend.Attend
    norm : Tensor  # H+K D

    def after(self, projection: __torch__.product.Product, c: __torch__.block.Context) -> Tensor:
        """What attention says of queries, keys and values, T ND: T HD."""
        H, K, D = self.heads, self.kv_heads, self.head_dim
        projected = projection.values.view([-1, H + 2 * K, D])  # T N D
        arena = c.arenas[self.arena]
        cos, sin = c.rotations[self.rotation], c.rotations[self.rotation + 1]  # T 1 R
        pairs = cos.size(2) // 2
        norm : Optional[Tensor] = None
        if self.has_norm:
            norm = self.norm

        ops.own.rotate_and_store(
            projected, arena, c.step.slots, cos.select(1, 0).narrow(1, 0, pairs),
            sin.select(1, 0).narrow(1, pairs, pairs), None, norm, H, False, self.epsilon, 0.0,
            projection.rows, projection.columns)
        q = projected.narrow(1, 0, H)
        return __torch__.attend.to_slots(self.attend, q, arena, c).reshape([-1, H * D])

    def bind(self, weights: Dict[str, Tensor]) -> None:
        self.attend.bind(weights)
        if self.has_norm:
            q, k = weights[self.path + "q_norm.weight"], weights[self.path + "k_norm.weight"]
            D = self.head_dim
            self.norm = torch.cat([
                q.view([-1, D]).expand([self.heads, D]), k.view([-1, D]).expand([self.kv_heads, D])])


# Keys and values of its own, heads alone normalised (by RMS), rotary positions, and nothing else.
class Fused:
    qkv : __torch__.linear.Linear  # E to ND
    core : __torch__.grouped_own.Core
    output : __torch__.linear.Linear  # HD to E

    def apply(self, h: Tensor, c: __torch__.block.Context) -> Tensor:
        return self.output.apply(self.inner(h, c))

    def add_to(self, x: Tensor, h: Tensor, c: __torch__.block.Context, scale: float) -> Tensor:
        return self.output.add_to(x, self.inner(h, c), scale)

    def inner(self, h: Tensor, c: __torch__.block.Context) -> Tensor:
        """What attention says before the output projection: T HD."""
        return self.core.after(__torch__.product.plain(self.qkv.apply(h)), c)

    def bind(self, weights: Dict[str, Tensor]) -> None:
        self.qkv.bind(weights)
        self.core.bind(weights)
        self.output.bind(weights)
