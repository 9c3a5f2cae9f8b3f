# x + block(norm(x)), in place, the norm quantised; what one block says is added by the norm of the next.
# TorchScript source, see residual.py, whose shapes and interface these are.


class Fused:
    path : str  # of the norm
    epsilon : float
    is_layer : bool  # by mean and deviation, not by RMS
    has_weight : bool
    has_bias : bool
    is_last : bool  # what follows adds nothing
    block : __torch__.block_fp8.Block
    weight : Tensor  # E
    bias : Tensor  # E

    def forward(self, x: Tensor, c: __torch__.block.Context) -> Tensor:
        weight : Optional[Tensor] = None
        bias : Optional[Tensor] = None
        if self.has_weight:
            weight = self.weight
        if self.has_bias:
            bias = self.bias

        if len(c.pending) > 0:
            codes, scales = __torch__.kernels.normed_sum(
                x, c.pending.pop(), weight, bias, self.epsilon, self.is_layer)
        else:
            codes, scales = __torch__.kernels.normed(x, weight, bias, self.epsilon, self.is_layer)

        added = self.block.of(codes, scales, x.dtype, c)
        if self.is_last:
            return x.add_(__torch__.product.applied(added))

        c.pending.append(added)
        return x

    def bind(self, weights: Dict[str, Tensor]) -> None:
        self.block.bind(weights)
        if self.has_weight:
            self.weight = weights[self.path + ".weight"]
        if self.has_bias:
            self.bias = weights[self.path + ".bias"]
