# Blocks whose linear layers all have weights of 8-bit floating-point numbers. TorchScript source, see
# block.py.
#
# Shapes:
#   T tokens of the step      E hidden size      I inputs


class Block(Interface):
    def of(self, codes: Tensor, scales: Tensor, dtype: int, c: __torch__.block.Context) -> __torch__.product.Product:
        """What the block says of quantised hidden states, T E and T 1: T E."""
        pass

    def bind(self, weights: Dict[str, Tensor]) -> None:
        pass


class Attention:
    qkv : __torch__.linear_fp8.RowWise  # E to ND
    core : __torch__.grouped_own.Core
    output : __torch__.linear_fp8.RowWise  # HD to E

    def of(self, codes: Tensor, scales: Tensor, dtype: int, c: __torch__.block.Context) -> __torch__.product.Product:
        a = self.core.after(self.qkv.product(codes, scales, dtype), c)  # T HD
        codes, scales = __torch__.kernels.quantised(a)
        return self.output.product(codes, scales, dtype)

    def bind(self, weights: Dict[str, Tensor]) -> None:
        self.qkv.bind(weights)
        self.core.bind(weights)
        self.output.bind(weights)


# down(activation(gate(h)) * up(h)).
class Gated:
    size : int  # F
    activation : int
    gate_up : __torch__.linear_fp8.RowWise  # E to 2F
    down : __torch__.linear_fp8.RowWise  # F to E

    def of(self, codes: Tensor, scales: Tensor, dtype: int, c: __torch__.block.Context) -> __torch__.product.Product:
        gate_up = self.gate_up.product(codes, scales, dtype)  # T 2F
        codes, scales = __torch__.kernels.gated_product(gate_up, self.size, self.activation)
        return self.down.product(codes, scales, dtype)

    def bind(self, weights: Dict[str, Tensor]) -> None:
        self.gate_up.bind(weights)
        self.down.bind(weights)
