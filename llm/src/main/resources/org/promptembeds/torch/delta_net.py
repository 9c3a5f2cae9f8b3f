# The gated delta net of Qwen 3.5 (arXiv:2412.06464). TorchScript source, see decoder.py.
#
# Shapes:
#   T tokens of the step      E hidden size      I channels of the convolution, 2 A K + H V
#   A key heads      H value heads      K size of a key      V size of a value


class DeltaNet:
    path : str
    state : int  # index of its states: inputs of the convolution, then the matrices of the heads
    key_heads : int  # A
    heads : int  # H
    key_dim : int  # K
    value_dim : int  # V
    epsilon : float
    input : __torch__.linear.Linear  # E to queries, keys, values and gates: I + HV
    rates : __torch__.linear.Linear  # E to 2H: how much is written, how fast it fades
    output : __torch__.linear.Linear  # HV to E
    weight : Tensor  # I 1 width, float32
    decay : Tensor  # H, float32
    decay_bias : Tensor  # H, float32
    norm : Tensor  # V, float32

    def apply(self, h: Tensor, c: __torch__.block.Context) -> Tensor:
        return self.output.apply(self.inner(h, c))

    def add_to(self, x: Tensor, h: Tensor, c: __torch__.block.Context, scale: float) -> Tensor:
        return self.output.add_to(x, self.inner(h, c), scale)

    def inner(self, h: Tensor, c: __torch__.block.Context) -> Tensor:
        """What the heads say, T HV."""
        A, H, K, V = self.key_heads, self.heads, self.key_dim, self.value_dim
        T, channels = h.size(0), 2 * A * K + H * V
        projected = self.input.apply(h)  # T I+HV
        mixed = torch.silu(__torch__.recurrent.convolve(
            projected.narrow(1, 0, channels), self.weight, None, c.states[self.state], c.step))  # T I
        q = self.unit(mixed.narrow(1, 0, A * K).view([T, A, K])) * K ** -0.5
        k = self.unit(mixed.narrow(1, A * K, A * K).view([T, A, K]))
        v = mixed.narrow(1, 2 * A * K, H * V).view([T, H, V])
        rates = self.rates.apply(h).float()  # T 2H
        beta = torch.sigmoid(rates.narrow(1, 0, H))
        decay = self.decay * torch.softplus(rates.narrow(1, H, H) + self.decay_bias)  # T H
        y = __torch__.recurrent.remember(
            q.repeat_interleave(H // A, 1), k.repeat_interleave(H // A, 1), v, decay, beta,
            c.states[self.state + 1], c.step)  # T H V
        gate = projected.narrow(1, channels, H * V).view([T, H, V]).float()
        y = torch.rms_norm(y, [V], self.norm, self.epsilon) * torch.silu(gate)
        return y.view([T, H * V]).to(h.dtype)

    def unit(self, x: Tensor) -> Tensor:
        """x over its length: shape of x."""
        return x * torch.rsqrt(x.square().sum([-1], True) + 1e-6)

    def bind(self, weights: Dict[str, Tensor]) -> None:
        self.input.bind(weights)
        self.rates.bind(weights)
        self.output.bind(weights)
        self.weight = weights[self.path + "conv.weight"]
        self.decay = -weights[self.path + "A_log"].exp()
        self.decay_bias = weights[self.path + "dt_bias"]
        self.norm = weights[self.path + "gated_norm.weight"]
