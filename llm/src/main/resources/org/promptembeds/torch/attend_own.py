# Attention by kernels of our own, on CUDA in half precision. TorchScript source, see attend.py, whose
# shapes and interface these are; `ops.own` as in kernels_cuda.py.


# Of single tokens, without chunks and linear biases.
class Singles:
    path : str
    heads : int  # H
    window : int  # positions a query sees, itself included; 0 sees all
    scale : float
    soft_cap : float  # 0 for none
    has_sinks : bool
    rest : __torch__.attend.Attend  # for sequences of more tokens
    sinks : Tensor  # H, float32

    def single(self, q: Tensor, arena: Tensor, c: __torch__.block.Context) -> Tensor:
        sinks : Optional[Tensor] = None
        if self.has_sinks:
            sinks = self.sinks

        out = torch.empty(q.size(), dtype=q.dtype, device=q.device)
        ops.own.attention(q, arena, c.step.key_starts, c.step.key_lengths, out, sinks,
                          self.window, self.scale, self.soft_cap, c.step.shared_starts,
                          c.step.shared_lengths)
        return out

    def others(self, q: Tensor, arena: Tensor, c: __torch__.block.Context) -> Tensor:
        return self.rest.others(q, arena, c)

    def mixed(self, q: Tensor, arena: Tensor, c: __torch__.block.Context) -> Tensor:
        M = c.step.singles
        rest = q.narrow(0, M, q.size(0) - M)
        return torch.cat([self.single(q.narrow(0, 0, M), arena, c), self.others(rest, arena, c)])

    def bind(self, weights: Dict[str, Tensor]) -> None:
        self.rest.bind(weights)
        if self.has_sinks:
            self.sinks = weights[self.path + "sinks"].float()


# Of all tokens, likewise.
class All:
    path : str
    heads : int  # H
    window : int  # positions a query sees, itself included; 0 sees all
    scale : float
    soft_cap : float  # 0 for none
    has_sinks : bool
    sinks : Tensor  # H, float32

    def single(self, q: Tensor, arena: Tensor, c: __torch__.block.Context) -> Tensor:
        out = torch.empty(q.size(), dtype=q.dtype, device=q.device)
        self.to_singles(q, arena, out, c)
        return out

    def others(self, q: Tensor, arena: Tensor, c: __torch__.block.Context) -> Tensor:
        out = torch.empty(q.size(), dtype=q.dtype, device=q.device)
        self.to_others(q, arena, out, c)
        return out

    def mixed(self, q: Tensor, arena: Tensor, c: __torch__.block.Context) -> Tensor:
        out = torch.empty(q.size(), dtype=q.dtype, device=q.device)
        M, rest = c.step.singles, q.size(0) - c.step.singles
        self.to_singles(q.narrow(0, 0, M), arena, out.narrow(0, 0, M), c)
        self.to_others(q.narrow(0, M, rest), arena, out.narrow(0, M, rest), c)
        return out

    def to_singles(self, q: Tensor, arena: Tensor, out: Tensor, c: __torch__.block.Context) -> None:
        ops.own.attention(q, arena, c.step.key_starts, c.step.key_lengths, out, self.optional_sinks(),
                          self.window, self.scale, self.soft_cap, c.step.shared_starts,
                          c.step.shared_lengths)

    def to_others(self, q: Tensor, arena: Tensor, out: Tensor, c: __torch__.block.Context) -> None:
        o = c.regions.offsets
        ops.own.prompt_attention(q, arena, o[3], o[4], o[5], out, self.optional_sinks(),
                                 c.step.max_queries, self.window, self.scale, self.soft_cap)

    def optional_sinks(self) -> Optional[Tensor]:
        sinks : Optional[Tensor] = None
        if self.has_sinks:
            sinks = self.sinks

        return sinks

    def bind(self, weights: Dict[str, Tensor]) -> None:
        if self.has_sinks:
            self.sinks = weights[self.path + "sinks"].float()
