# A mixture of experts. TorchScript source, see decoder.py.
#
# Shapes:
#   T tokens of the step      E hidden size      X experts      C experts per token      A = T C
#   F inner size of an expert      O = 2F with a gate, otherwise F      L width of what experts see


class Experts:
    path : str
    count : int  # X
    size : int  # F
    activation : int
    gated : bool
    has_bias : bool
    limit : float  # of the gate and the other projection, see clamped; 0 for none
    scales_input : bool  # by the weights, which otherwise multiply the output
    has_shared : bool
    has_shared_gate : bool
    passage : __torch__.passage.Passage
    router : __torch__.router.Router
    first : __torch__.products.Products  # L to O
    down : __torch__.products.Products  # F to L
    shared : __torch__.block.Block
    first_bias : Tensor  # X O
    down_bias : Tensor  # X L
    shared_gate : Tensor  # 1 E

    def apply(self, h: Tensor, c: __torch__.block.Context) -> Tensor:
        weights, ids = self.router.route(h)  # T C
        C = ids.size(1)
        sorted, order = ids.flatten().sort()  # A
        tokens = order // C
        scale = weights.flatten().index_select(0, order)[:, None].to(h.dtype)  # A 1
        x = self.passage.enter(h).index_select(0, tokens)  # A L
        if self.scales_input:
            x = x * scale

        segments = self.first.segments(sorted, self.count)
        y = self.down.multiply(self.inner(x, sorted, segments), segments)  # A L
        if self.has_bias:
            y = y + self.down_bias.index_select(0, sorted)
        if not self.scales_input:
            y = y * scale

        # Each token's experts are added in one order, whatever else is in the step.
        places = torch.empty_like(order).scatter_(0, order, torch.arange(order.size(0), device=order.device))
        y = y.index_select(0, places).view([-1, C, y.size(1)]).sum([1])  # T L
        y = self.passage.leave(y)  # T E
        return y + self.shared_part(h, c) if self.has_shared else y

    def inner(self, x: Tensor, sorted: Tensor, segments: Tensor) -> Tensor:
        """Between the two projections: A F."""
        y = self.first.multiply(x, segments)  # A O
        if self.has_bias:
            y = y + self.first_bias.index_select(0, sorted)
        if not self.gated:
            return __torch__.activation.activate(y, self.activation)
        if self.limit > 0.0:
            return self.clamped(y.narrow(1, 0, self.size), y.narrow(1, self.size, self.size))

        return __torch__.kernels.gated(y, self.size, self.activation)

    def clamped(self, gate: Tensor, up: Tensor) -> Tensor:
        """(up + 1) * gate * sigmoid(1.702 gate), both bounded first: A F."""
        gate, up = gate.clamp(None, self.limit), up.clamp(-self.limit, self.limit)
        return (up + 1.0) * __torch__.activation.activate(gate, self.activation)

    def shared_part(self, h: Tensor, c: __torch__.block.Context) -> Tensor:
        y = self.shared.apply(h, c)
        if self.has_shared_gate:
            y = y * torch.sigmoid(torch.linear(h, self.shared_gate))

        return y

    def add_to(self, x: Tensor, h: Tensor, c: __torch__.block.Context, scale: float) -> Tensor:
        return x.add_(self.apply(h, c), alpha=scale)

    def bind(self, weights: Dict[str, Tensor]) -> None:
        name = self.path + ("experts.gate_up" if self.gated else "experts.up")
        self.passage.bind(weights)
        self.router.bind(weights)
        self.shared.bind(weights)
        self.first.bind(weights)
        self.down.bind(weights)
        if self.has_bias:
            self.first_bias = weights[name + ".bias"].squeeze(-1)
            self.down_bias = weights[self.path + "experts.down.bias"].squeeze(-1)
        if self.has_shared_gate:
            self.shared_gate = weights[self.path + "shared_gate.weight"]


# In the place of a block that is not there.
class Nothing:
    def apply(self, h: Tensor, c: __torch__.block.Context) -> Tensor:
        return h

    def add_to(self, x: Tensor, h: Tensor, c: __torch__.block.Context, scale: float) -> Tensor:
        return x

    def bind(self, weights: Dict[str, Tensor]) -> None:
        pass
