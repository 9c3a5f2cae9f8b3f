# A linear layer with weights of 8-bit floating-point numbers whose input is normalised and quantised in
# one step. TorchScript source, see linear.py, whose shapes and interface these are.


class Normed:
    path : str  # of the norm
    epsilon : float
    is_layer : bool  # by mean and deviation, not by RMS
    has_weight : bool
    has_bias : bool
    linear : __torch__.linear_fp8.RowWise
    weight : Tensor  # I
    bias : Tensor  # I

    def apply(self, x: Tensor) -> Tensor:
        return self.part(x, 0, self.linear.weight.size(0))

    def part(self, x: Tensor, start: int, length: int) -> Tensor:
        codes, scales = self.quantised(x)
        return self.linear.multiply(codes, scales, start, length, x.dtype)

    def quantised(self, x: Tensor) -> Tuple[Tensor, Tensor]:
        """The norm of x, T I: T I, T 1."""
        weight : Optional[Tensor] = None
        bias : Optional[Tensor] = None
        if self.has_weight:
            weight = self.weight
        if self.has_bias:
            bias = self.bias

        return __torch__.kernels.normed(x, weight, bias, self.epsilon, self.is_layer)

    def splits(self) -> bool:
        return False

    def add_to(self, residual: Tensor, x: Tensor, scale: float) -> Tensor:
        return residual.add_(self.apply(x), alpha=scale)

    def bind(self, weights: Dict[str, Tensor]) -> None:
        self.linear.bind(weights)
        if self.has_weight:
            self.weight = weights[self.path + ".weight"]
        if self.has_bias:
            self.bias = weights[self.path + ".bias"]
