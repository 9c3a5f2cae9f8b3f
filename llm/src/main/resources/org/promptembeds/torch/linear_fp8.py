# Linear layers with weights of 8-bit floating-point numbers (E4M3) and a scale for each row, multiplied
# on CUDA with inputs that are quantised likewise, row by row. TorchScript source, see linear.py, whose
# shapes and interface these are.


class RowWise:
    path : str
    has_bias : bool
    weight : Tensor  # O I, float8
    scales : Tensor  # 1 O, float32
    bias : Tensor  # O
    one : Tensor  # float32

    def apply(self, x: Tensor) -> Tensor:
        return self.part(x, 0, self.weight.size(0))

    def part(self, x: Tensor, start: int, length: int) -> Tensor:
        codes, scales = __torch__.kernels.quantised(x)  # T I, T 1
        return self.multiply(codes, scales, start, length, x.dtype)

    def multiply(self, codes: Tensor, scales: Tensor, start: int, length: int, dtype: int) -> Tensor:
        """The same of an input that is quantised already: T length."""
        weight = self.weight.narrow(0, start, length)
        # Partial sums of fewer bits, which are those of e4m3 by far, take half of the time.
        y = torch._scaled_mm(
            codes, weight.t(), scales, self.scales.narrow(1, start, length), None, None, 15, True)
        y = y.to(dtype)
        return y.add_(self.bias.narrow(0, start, length)) if self.has_bias else y

    def product(self, codes: Tensor, scales: Tensor, dtype: int) -> __torch__.product.Product:
        """The same of all outputs. PyTorch multiplies few rows faster if it does not apply factors."""
        if codes.size(0) > 512 or dtype != 15 or self.has_bias:
            return __torch__.product.plain(self.multiply(codes, scales, 0, self.weight.size(0), dtype))

        y = torch._scaled_mm(codes, self.weight.t(), self.one, self.one, None, None, 15, True)
        return __torch__.product.Product(y, scales, self.scales.view([-1]))

    def splits(self) -> bool:
        return False

    def add_to(self, residual: Tensor, x: Tensor, scale: float) -> Tensor:
        return residual.add_(self.apply(x), alpha=scale)

    def bind(self, weights: Dict[str, Tensor]) -> None:
        self.weight = weights.pop(self.path + ".codes").view_copy(24)
        self.scales = weights.pop(self.path + ".scales").flatten()[None]
        self.one = torch.ones([], dtype=6, device=self.scales.device)
        if self.has_bias:
            self.bias = weights[self.path + ".bias"]
