# A feed-forward block whose gate quantises what it leaves. TorchScript source, see feed_forward.py, whose
# shapes these are.


# down(activation(gate(h)) * up(h)).
class Gated:
    size : int  # F
    activation : int
    gate_up : __torch__.linear.Linear  # E to 2F
    down : __torch__.linear_fp8.RowWise  # F to E
    adapters : __torch__.lora.Adapters

    def apply(self, h: Tensor, c: __torch__.block.Context) -> Tensor:
        gate_up = self.gate_up.apply(h)  # T 2F
        codes, scales = __torch__.kernels.gated_codes(gate_up, self.size, self.activation)  # T F, T 1
        y = self.down.multiply(codes, scales, 0, self.down.weight.size(0), h.dtype)  # T E
        if self.adapters.active:
            self.adapters.add(y, (codes.float() * scales).to(h.dtype), self.down.path, 0, 1.0)

        return y

    def add_to(self, x: Tensor, h: Tensor, c: __torch__.block.Context, scale: float) -> Tensor:
        return x.add_(self.apply(h, c), alpha=scale)

    def bind(self, weights: Dict[str, Tensor]) -> None:
        self.gate_up.bind(weights)
        self.down.bind(weights)
