# Linear layers with weights in the model's own type that oneDNN has put into the order in which it reads
# them, on a CPU. TorchScript source, see linear.py, whose shapes and interface these are.


class Packed:
    path : str
    has_bias : bool
    weight : Tensor  # packed
    bias : Tensor  # O

    def apply(self, x: Tensor) -> Tensor:
        bias : Optional[Tensor] = None
        if self.has_bias:
            bias = self.bias

        return ops.mkldnn._linear_pointwise(x.contiguous(), self.weight, bias, "none", [], "")

    def part(self, x: Tensor, start: int, length: int) -> Tensor:
        return self.apply(x).narrow(1, start, length).contiguous()

    def splits(self) -> bool:
        return False

    def add_to(self, residual: Tensor, x: Tensor, scale: float) -> Tensor:
        return residual.add_(self.apply(x), alpha=scale)

    def bind(self, weights: Dict[str, Tensor]) -> None:
        self.weight = ops.mkldnn._reorder_linear_weight(weights.pop(self.path + ".weight"), None)
        if self.has_bias:
            self.bias = weights[self.path + ".bias"]
