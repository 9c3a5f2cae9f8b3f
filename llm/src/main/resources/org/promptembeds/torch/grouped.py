# Softmax attention with grouped heads. TorchScript source, see decoder.py.
#
# Shapes:
#   T tokens of the step      E hidden size      S slots of the arena
#   H query heads      K key/value heads      D head size      N = H + 2K, and H more with a gate


class Grouped:
    path : str
    arena : int  # index of its keys and values
    rotation : int  # index of its rotary embedding, times two; -1 for none
    heads : int  # H
    kv_heads : int  # K
    head_dim : int  # D
    stores : bool  # whether it writes keys and values; otherwise an earlier block has
    keys_are_values : bool  # the projection of the keys is that of the values, too
    norms_values : bool  # by RMS without a weight
    norm_epsilon : float
    rotates_first : bool  # before normalising queries and keys
    gated : bool  # what attention says is multiplied by the sigmoid of a gate
    clip : float  # bound on queries, keys and values after their norm; 0 for none
    query_scaling : List[float]  # see positions.growth; otherwise empty
    qkv : __torch__.linear.Linear  # E to ND
    head_norm : __torch__.head_norm.HeadNorm
    attend : __torch__.attend.Attend
    output_norm : __torch__.norm.Norm
    output : __torch__.linear.Linear  # HD to E

    def apply(self, h: Tensor, c: __torch__.block.Context) -> Tensor:
        return self.output.apply(self.inner(h, c))

    def add_to(self, x: Tensor, h: Tensor, c: __torch__.block.Context, scale: float) -> Tensor:
        return self.output.add_to(x, self.inner(h, c), scale)

    def inner(self, h: Tensor, c: __torch__.block.Context) -> Tensor:
        """What attention says before the output projection: T HD."""
        H, K, D = self.heads, self.kv_heads, self.head_dim
        projected = self.qkv.apply(h).view([h.size(0), -1, D])  # T N D
        arena = c.arenas[self.arena]
        q = projected.narrow(1, 0, H)  # T H D
        if self.stores:
            qk = projected.narrow(1, 0, H + K)  # T H+K D
            kv = projected.narrow(1, H, K) if self.keys_are_values else projected.narrow(1, H, 2 * K)
            values = kv.narrow(1, kv.size(1) - K, K)  # T K D
            if self.keys_are_values:
                values = values.clone()
            if self.clip > 0.0:
                values.clamp_(-self.clip, self.clip)
            if self.norms_values:
                values = torch.rms_norm(values, [D], None, self.norm_epsilon)

            self.place(qk, c)
            if self.keys_are_values or self.norms_values:
                kv = torch.cat([qk.narrow(1, H, K), values], 1)  # T 2K D

            __torch__.kernels.store(kv, c.step.slots, arena)
        else:
            self.place(q, c)

        if len(self.query_scaling) > 0:
            q.mul_(__torch__.positions.growth(c.step.positions, self.query_scaling).to(q.dtype))

        a = __torch__.attend.to_slots(self.attend, q, arena, c).reshape([-1, H * D])  # T HD
        a = self.output_norm.apply(a)
        if self.gated:
            first = H + K if self.keys_are_values else H + 2 * K
            gate = projected.narrow(1, first, H).reshape([-1, H * D])
            a = a * torch.sigmoid(gate)

        return a

    def place(self, qk: Tensor, c: __torch__.block.Context) -> None:
        """Normalises queries and keys and tells them their positions, in place."""
        if not self.rotates_first:
            self.head_norm.apply(qk)
        if self.clip > 0.0:
            qk.clamp_(-self.clip, self.clip)
        if self.rotation >= 0:
            __torch__.kernels.rotate(qk, c.rotations[self.rotation], c.rotations[self.rotation + 1])
        if self.rotates_first:
            self.head_norm.apply(qk)

    def bind(self, weights: Dict[str, Tensor]) -> None:
        self.qkv.bind(weights)
        self.head_norm.bind(weights)
        self.attend.bind(weights)
        self.output_norm.bind(weights)
        self.output.bind(weights)
