# Feed-forward blocks. TorchScript source, see decoder.py.
#
# Shapes:
#   T tokens of the step      E hidden size      F feed-forward size


# down(norm(activation(gate(h)) * up(h))).
class Gated:
    size : int  # F
    gate_scale : float
    activation : int
    gate_up : __torch__.linear.Linear  # E to 2F
    norm : __torch__.norm.Norm
    down : __torch__.linear.Linear  # F to E

    def apply(self, h: Tensor, c: __torch__.block.Context) -> Tensor:
        return self.down.apply(self.norm.apply(self.inner(h)))

    def add_to(self, x: Tensor, h: Tensor, c: __torch__.block.Context, scale: float) -> Tensor:
        return self.down.add_to(x, self.norm.apply(self.inner(h)), scale)

    def inner(self, h: Tensor) -> Tensor:
        """The up projection times the activated gate: T F.

        One product for few tokens, as reading the weights is its cost; two for many, for then each
        half is contiguous, and what follows is quicker.
        """
        F = self.size
        if self.gate_scale != 1.0:
            gate_up = self.gate_up.apply(h)  # T 2F
            scaled = gate_up.narrow(1, 0, F) * self.gate_scale
            return __torch__.activation.activate(scaled, self.activation).mul_(gate_up.narrow(1, F, F))

        if h.size(0) <= 512 or not self.gate_up.splits():
            return __torch__.kernels.gated(self.gate_up.apply(h), F, self.activation)

        gate, up = self.gate_up.part(h, 0, F), self.gate_up.part(h, F, F)  # T F
        return __torch__.kernels.gated_pair(gate, up, self.activation)

    def bind(self, weights: Dict[str, Tensor]) -> None:
        self.gate_up.bind(weights)
        self.norm.bind(weights)
        self.down.bind(weights)


# down(activation(up(h))).
class Plain:
    activation : int
    up : __torch__.linear.Linear  # E to F
    down : __torch__.linear.Linear  # F to E

    def apply(self, h: Tensor, c: __torch__.block.Context) -> Tensor:
        return self.down.apply(__torch__.activation.activate(self.up.apply(h), self.activation))

    def add_to(self, x: Tensor, h: Tensor, c: __torch__.block.Context, scale: float) -> Tensor:
        inner = __torch__.activation.activate(self.up.apply(h), self.activation)  # T F
        return self.down.add_to(x, inner, scale)

    def bind(self, weights: Dict[str, Tensor]) -> None:
        self.up.bind(weights)
        self.down.bind(weights)
