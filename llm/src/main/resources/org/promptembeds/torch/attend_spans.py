# Attention of models in which spans of rows may see one another both ways. TorchScript source, see
# attend.py, whose shapes and interface these are.


# What is fast, and what knows spans for the steps that have some.
class Spanned:
    plain : __torch__.attend.Attend
    spanned : __torch__.attend.Attend

    def single(self, q: Tensor, arena: Tensor, c: __torch__.block.Context) -> Tensor:
        return self.plain.single(q, arena, c)

    def others(self, q: Tensor, arena: Tensor, c: __torch__.block.Context) -> Tensor:
        if c.step.ahead.size(0) > 0:
            return self.spanned.others(q, arena, c)

        return self.plain.others(q, arena, c)

    def mixed(self, q: Tensor, arena: Tensor, c: __torch__.block.Context) -> Tensor:
        M = c.step.singles
        rest = q.narrow(0, M, q.size(0) - M)
        return torch.cat([self.single(q.narrow(0, 0, M), arena, c), self.others(rest, arena, c)])

    def bind(self, weights: Dict[str, Tensor]) -> None:
        self.plain.bind(weights)
        self.spanned.bind(weights)
