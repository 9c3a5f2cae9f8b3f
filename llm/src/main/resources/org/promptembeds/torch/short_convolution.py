# Gated short convolution. TorchScript source, see decoder.py.
#
# Shapes:
#   T tokens of the step      E hidden size      K width of the convolution


class ShortConvolution:
    path : str
    state : int  # index of its state
    has_bias : bool
    input : __torch__.linear.Linear  # E to 3E
    output : __torch__.linear.Linear  # E to E
    weight : Tensor  # E 1 K, float32
    bias : Tensor  # E, float32

    def apply(self, h: Tensor, c: __torch__.block.Context) -> Tensor:
        return self.output.apply(self.inner(h, c))

    def add_to(self, x: Tensor, h: Tensor, c: __torch__.block.Context, scale: float) -> Tensor:
        return self.output.add_to(x, self.inner(h, c), scale)

    def inner(self, h: Tensor, c: __torch__.block.Context) -> Tensor:
        before, after, x = self.input.apply(h).chunk(3, -1)  # T E
        bias : Optional[Tensor] = None
        if self.has_bias:
            bias = self.bias

        y = __torch__.recurrent.convolve(before * x, self.weight, bias, c.states[self.state], c.step)
        return after * y.to(after.dtype)

    def bind(self, weights: Dict[str, Tensor]) -> None:
        self.input.bind(weights)
        self.output.bind(weights)
        self.weight = weights[self.path + "conv.weight"]
        if self.has_bias:
            self.bias = weights[self.path + "conv.bias"]
