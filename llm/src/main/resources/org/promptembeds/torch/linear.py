# Linear layers. TorchScript source, see decoder.py. A weight format is a class.
#
# Shapes:
#   T rows      I inputs      O outputs


class Linear(Interface):
    def apply(self, x: Tensor) -> Tensor:
        """x @ weight' + bias: T O."""
        pass

    def part(self, x: Tensor, start: int, length: int) -> Tensor:
        """Outputs [start, start + length) of apply, contiguous: T length."""
        pass

    def splits(self) -> bool:
        """Whether a part costs no more than its share."""
        pass

    def add_to(self, residual: Tensor, x: Tensor, scale: float) -> Tensor:
        """Adds scale * apply(x) to the residual stream, in place: T O."""
        pass

    def bind(self, weights: Dict[str, Tensor]) -> None:
        pass


# A weight in the model's own type.
class Dense:
    path : str
    has_bias : bool
    weight : Tensor  # O I
    transposed : Tensor  # I O, the same memory
    bias : Tensor  # O

    def apply(self, x: Tensor) -> Tensor:
        bias : Optional[Tensor] = None
        if self.has_bias:
            bias = self.bias

        return torch.linear(x, self.weight, bias)

    def part(self, x: Tensor, start: int, length: int) -> Tensor:
        bias : Optional[Tensor] = None
        if self.has_bias:
            bias = self.bias.narrow(0, start, length)

        return torch.linear(x, self.weight.narrow(0, start, length), bias)

    def splits(self) -> bool:
        return True

    def add_to(self, residual: Tensor, x: Tensor, scale: float) -> Tensor:
        if self.has_bias:
            residual.add_(self.bias, alpha=scale)

        return residual.addmm_(x, self.transposed, alpha=scale)

    def bind(self, weights: Dict[str, Tensor]) -> None:
        self.weight = weights[self.path + ".weight"]
        self.transposed = self.weight.t()
        if self.has_bias:
            self.bias = weights[self.path + ".bias"]
