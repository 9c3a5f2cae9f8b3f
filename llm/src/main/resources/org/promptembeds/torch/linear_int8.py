# Linear layers with weights of signed bytes and a scale for each row. TorchScript source, see
# linear.py, whose shapes and interface these are.


def packed(x: Tensor, weight: Tensor, scales: Tensor) -> Tensor:
    """x @ (weight * scales)', in bfloat16: T O.

    Reading weights is the cost of few rows. For many they are expanded, which then costs little.
    """
    narrow = x.to(15)
    if x.size(0) <= 16:
        return torch._weight_int8pack_mm(narrow.contiguous(), weight, scales)

    return torch.linear(narrow, weight.to(15)) * scales


# On a CPU.
class Packed:
    path : str
    has_bias : bool
    weight : Tensor  # O I, int8
    scales : Tensor  # O, bfloat16
    bias : Tensor  # O

    def apply(self, x: Tensor) -> Tensor:
        y = __torch__.linear_int8.packed(x, self.weight, self.scales).to(x.dtype)
        return y.add_(self.bias) if self.has_bias else y

    def part(self, x: Tensor, start: int, length: int) -> Tensor:
        weight, scales = self.weight.narrow(0, start, length), self.scales.narrow(0, start, length)
        y = __torch__.linear_int8.packed(x, weight, scales).to(x.dtype)
        return y.add_(self.bias.narrow(0, start, length)) if self.has_bias else y

    def splits(self) -> bool:
        return True

    def add_to(self, residual: Tensor, x: Tensor, scale: float) -> Tensor:
        return residual.add_(self.apply(x), alpha=scale)

    def bind(self, weights: Dict[str, Tensor]) -> None:
        self.weight = weights.pop(self.path + ".codes")
        self.scales = weights.pop(self.path + ".scales").flatten().to(15)
        if self.has_bias:
            self.bias = weights[self.path + ".bias"]


# Expanded at each use: half the memory of 16 bits, but no less to read.
class Expanded:
    path : str
    has_bias : bool
    weight : Tensor  # O I, int8
    scales : Tensor  # O
    bias : Tensor  # O

    def apply(self, x: Tensor) -> Tensor:
        return self.part(x, 0, self.weight.size(0))

    def part(self, x: Tensor, start: int, length: int) -> Tensor:
        weight = self.weight.narrow(0, start, length).to(x.dtype)
        y = torch.linear(x, weight).mul_(self.scales.narrow(0, start, length))
        return y.add_(self.bias.narrow(0, start, length)) if self.has_bias else y

    def splits(self) -> bool:
        return True

    def add_to(self, residual: Tensor, x: Tensor, scale: float) -> Tensor:
        return residual.add_(self.apply(x), alpha=scale)

    def bind(self, weights: Dict[str, Tensor]) -> None:
        self.weight = weights.pop(self.path + ".codes")
        self.scales = weights.pop(self.path + ".scales").flatten().to(weights["device"].dtype)
        if self.has_bias:
            self.bias = weights[self.path + ".bias"]
