# A linear layer whose input is normalised and quantised in one step, and which adapters may change.
# TorchScript source, see linear.py, whose interface this is, linear_normed.py and lora.py.


class Adapted:
    path : str
    linear : __torch__.linear_normed.Normed
    adapters : __torch__.lora.Adapters

    def apply(self, x: Tensor) -> Tensor:
        return self.part(x, 0, self.linear.linear.weight.size(0))

    def part(self, x: Tensor, start: int, length: int) -> Tensor:
        y = self.linear.part(x, start, length)
        if self.adapters.active:
            codes, scales = self.linear.quantised(x)
            self.adapters.add(y, (codes.float() * scales).to(x.dtype), self.path, start, 1.0)

        return y

    def splits(self) -> bool:
        return False

    def add_to(self, residual: Tensor, x: Tensor, scale: float) -> Tensor:
        return residual.add_(self.apply(x), alpha=scale)

    def bind(self, weights: Dict[str, Tensor]) -> None:
        self.linear.bind(weights)
