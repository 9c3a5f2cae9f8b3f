# Linear layers with weights of signed bytes on a CPU that multiplies bytes. Inputs are quantised to a
# byte and a scale for each row, on the way. TorchScript source, see linear.py, whose shapes and
# interface these are.


class Dynamic:
    path : str
    has_bias : bool
    weight : Tensor  # packed by oneDNN
    scales : Tensor  # O
    zeros : Tensor  # O, all 0
    bias : Tensor  # O

    def apply(self, x: Tensor) -> Tensor:
        scales = (x.abs().amax([1], True).float() / 127.0).clamp(1e-30)  # T 1
        # oneDNN has no fast product of signed bytes here: 128 is what stands for 0
        codes = torch.div(x, scales).round_().add_(128.0).to(0)  # T I
        y = ops.onednn.qlinear_pointwise(
            codes, 1.0, 128, self.weight, self.scales, self.zeros, None, 1.0, 0, 6, "none", [], "")
        y = y.mul_(scales)
        return y.add_(self.bias).to(x.dtype) if self.has_bias else y.to(x.dtype)

    def part(self, x: Tensor, start: int, length: int) -> Tensor:
        return self.apply(x).narrow(1, start, length).contiguous()

    def splits(self) -> bool:
        return False

    def add_to(self, residual: Tensor, x: Tensor, scale: float) -> Tensor:
        return residual.add_(self.apply(x), alpha=scale)

    def bind(self, weights: Dict[str, Tensor]) -> None:
        self.weight = ops.onednn.qlinear_prepack(weights.pop(self.path + ".codes"), None)
        self.scales = weights.pop(self.path + ".scales").flatten().contiguous()
        self.zeros = torch.zeros_like(self.scales, dtype=3)
        if self.has_bias:
            self.bias = weights[self.path + ".bias"]
