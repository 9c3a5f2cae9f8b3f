# Attention to keys and values of eight bits by operators that know none: they are copied, one
# sequence after another, in the type of the queries. TorchScript source, see attend.py, whose shapes
# and interface these are.


class Packed:
    rest : __torch__.attend.Attend

    def single(self, q: Tensor, arena: Tensor, c: __torch__.block.Context) -> Tensor:
        return self.rest.single(q, self.keys(q, arena, c), self.context(c))

    def others(self, q: Tensor, arena: Tensor, c: __torch__.block.Context) -> Tensor:
        return self.rest.others(q, self.keys(q, arena, c), self.context(c))

    def keys(self, q: Tensor, arena: Tensor, c: __torch__.block.Context) -> Tensor:
        return __torch__.arena.read(arena, c.packed_slots, q.dtype)

    def context(self, c: __torch__.block.Context) -> __torch__.block.Context:
        return __torch__.block.Context(
            c.step, c.rotations, c.arenas, c.states, c.packed, c.age, c.packed, c.packed_slots,
            c.layer_inputs, c.pending)

    def mixed(self, q: Tensor, arena: Tensor, c: __torch__.block.Context) -> Tensor:
        M = c.step.singles
        rest = q.narrow(0, M, q.size(0) - M)
        return torch.cat([self.single(q.narrow(0, 0, M), arena, c), self.others(rest, arena, c)])

    def bind(self, weights: Dict[str, Tensor]) -> None:
        self.rest.bind(weights)
