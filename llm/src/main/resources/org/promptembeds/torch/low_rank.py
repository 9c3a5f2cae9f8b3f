# A linear layer of low rank. TorchScript source, see linear.py, whose interface this is.


# up(norm(down(x))).
class LowRank:
    down : __torch__.linear.Linear
    norm : __torch__.norm.Norm
    up : __torch__.linear.Linear

    def apply(self, x: Tensor) -> Tensor:
        return self.up.apply(self.inner(x))

    def part(self, x: Tensor, start: int, length: int) -> Tensor:
        return self.up.part(self.inner(x), start, length)

    def splits(self) -> bool:
        return False

    def add_to(self, residual: Tensor, x: Tensor, scale: float) -> Tensor:
        return self.up.add_to(residual, self.inner(x), scale)

    def inner(self, x: Tensor) -> Tensor:
        return self.norm.apply(self.down.apply(x))

    def bind(self, weights: Dict[str, Tensor]) -> None:
        self.down.bind(weights)
        self.norm.bind(weights)
        self.up.bind(weights)
