# Attention over compressed keys and values (arXiv:2405.04434). TorchScript source, see decoder.py.
#
# Keys and values are never expanded: a query is taken into the space of what is compressed, and what
# attention says is taken out of it.
#
# Shapes:
#   T tokens of the step      E hidden size      S slots of the arena
#   H heads      C compressed size      P size without and R size with a position of a query or key
#   D size of a value


class Latent:
    path : str
    arena : int  # index of what is compressed
    rotation : int  # index of its rotary embedding, times two
    heads : int  # H
    rank : int  # C
    plain : int  # P
    rotary : int  # R
    value_dim : int  # D
    query_scaling : List[float]  # see positions.growth; otherwise empty
    query : __torch__.linear.Linear  # E to H(P+R)
    down : __torch__.linear.Linear  # E to C+R
    norm : __torch__.norm.Norm
    attend : __torch__.attend.Attend  # of H queries, C+R, to one key, whose first C are its value
    output : __torch__.linear.Linear  # HD to E
    keys : Tensor  # H P C
    values : Tensor  # H C D

    def apply(self, h: Tensor, c: __torch__.block.Context) -> Tensor:
        return self.output.apply(self.inner(h, c))

    def add_to(self, x: Tensor, h: Tensor, c: __torch__.block.Context, scale: float) -> Tensor:
        return self.output.add_to(x, self.inner(h, c), scale)

    def inner(self, h: Tensor, c: __torch__.block.Context) -> Tensor:
        """What attention says before the output projection: T HD."""
        H, C, P, R = self.heads, self.rank, self.plain, self.rotary
        q = self.query.apply(h).view([-1, H, P + R])  # T H P+R
        compressed = self.down.apply(h)  # T C+R
        placed = torch.cat([q.narrow(2, P, R), compressed.narrow(1, C, R)[:, None]], 1)  # T H+1 R
        __torch__.kernels.rotate(placed, c.rotations[self.rotation], c.rotations[self.rotation + 1])

        latent = self.norm.apply(compressed.narrow(1, 0, C).contiguous())  # T C
        arena = c.arenas[self.arena]
        kept = torch.cat([latent[:, None], placed.narrow(1, H, 1)], 2)  # T 1 C+R
        __torch__.kernels.store(kept, c.step.slots, arena)

        taken_in = torch.matmul(q.narrow(2, 0, P).transpose(0, 1), self.keys).transpose(0, 1)  # T H C
        q = torch.cat([taken_in, placed.narrow(1, 0, H)], 2)  # T H C+R
        if len(self.query_scaling) > 0:
            q.mul_(__torch__.positions.growth(c.step.positions, self.query_scaling).to(q.dtype))

        a = __torch__.attend.to_slots(self.attend, q, arena, c)  # T H C
        a = torch.matmul(a.transpose(0, 1), self.values)  # H T D
        return a.transpose(0, 1).reshape([-1, H * self.value_dim])

    def bind(self, weights: Dict[str, Tensor]) -> None:
        self.query.bind(weights)
        self.down.bind(weights)
        self.norm.bind(weights)
        self.attend.bind(weights)
        self.output.bind(weights)
        up = weights[self.path + "kv_up.weight"].view([self.heads, -1, self.rank])  # H P+D C
        self.keys = up.narrow(1, 0, self.plain)
        self.values = up.narrow(1, self.plain, self.value_dim).transpose(1, 2)
