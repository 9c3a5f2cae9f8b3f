# The state space mixer of Mamba 2 (arXiv:2405.21060). TorchScript source, see decoder.py.
#
# Shapes:
#   T tokens of the step      E hidden size      I inner size, H V      J channels of the convolution, I + 2 G N
#   H heads      V size of a head      G groups of heads      N state size


class Mamba2:
    path : str
    state : int  # index of its states: inputs of the convolution, then the matrices of the heads
    heads : int  # H
    head_dim : int  # V
    groups : int  # G
    state_size : int  # N
    has_conv_bias : bool
    norm_kind : int  # 0 none, 1 of the gated output, 2 of the output, which is then gated
    norm_groups : int  # parts of the inner size that are normalised apart
    epsilon : float
    scales : List[float]  # on gate, input, key, query and step size of the projection; otherwise empty
    input : __torch__.linear.Linear  # E to gate, I; J; and step sizes, H
    output : __torch__.linear.Linear  # I to E
    weight : Tensor  # J 1 width, float32
    bias : Tensor  # J, float32
    decay : Tensor  # H, float32
    decay_bias : Tensor  # H, float32
    skip : Tensor  # H, float32
    norm : Tensor  # I, float32
    factors : Tensor  # I + J + H

    def apply(self, h: Tensor, c: __torch__.block.Context) -> Tensor:
        return self.output.apply(self.inner(h, c))

    def add_to(self, x: Tensor, h: Tensor, c: __torch__.block.Context, scale: float) -> Tensor:
        return self.output.add_to(x, self.inner(h, c), scale)

    def inner(self, h: Tensor, c: __torch__.block.Context) -> Tensor:
        """What the heads say, T I."""
        T, H, V, G, N = h.size(0), self.heads, self.head_dim, self.groups, self.state_size
        I = H * V
        projected = self.input.apply(h)  # T I+J+H
        if len(self.scales) > 0:
            projected = projected * self.factors

        bias : Optional[Tensor] = None
        if self.has_conv_bias:
            bias = self.bias

        mixed = torch.silu(__torch__.recurrent.convolve(
            projected.narrow(1, I, I + 2 * G * N), self.weight, bias, c.states[self.state], c.step))  # T J
        x = mixed.narrow(1, 0, I).view([T, H, V])
        k = mixed.narrow(1, I, G * N).view([T, G, N]).repeat_interleave(H // G, 1)  # T H N
        q = mixed.narrow(1, I + G * N, G * N).view([T, G, N]).repeat_interleave(H // G, 1)
        size = torch.softplus(projected.narrow(1, 2 * I + 2 * G * N, H).float() + self.decay_bias)  # T H
        y = __torch__.recurrent.remember(
            q, k, x * size[:, :, None], size * self.decay, None, c.states[self.state + 1], c.step)
        y = (y + x * self.skip[:, None]).view([T, I])
        return self.gate(y, projected.narrow(1, 0, I).float()).to(h.dtype)

    def gate(self, y: Tensor, z: Tensor) -> Tensor:
        """The normalised and gated output: T I."""
        if self.norm_kind == 0:
            return y * torch.silu(z)
        if self.norm_kind == 1:
            return self.normalise(y * torch.silu(z))

        return self.normalise(y) * torch.silu(z)

    def normalise(self, y: Tensor) -> Tensor:
        parts = y.view([y.size(0), self.norm_groups, -1])
        return torch.rms_norm(parts, [parts.size(2)], None, self.epsilon).view_as(y) * self.norm

    def bind(self, weights: Dict[str, Tensor]) -> None:
        self.input.bind(weights)
        self.output.bind(weights)
        self.weight = weights[self.path + "conv.weight"]
        if self.has_conv_bias:
            self.bias = weights[self.path + "conv.bias"]
        self.decay = -weights[self.path + "A_log"].exp()
        self.decay_bias = weights[self.path + "dt_bias"]
        self.skip = weights[self.path + "D"]
        if self.norm_kind > 0:
            self.norm = weights[self.path + "gated_norm.weight"]
        if len(self.scales) > 0:
            I, J = self.heads * self.head_dim, self.groups * self.state_size
            parts : List[Tensor] = []
            sizes = [I, I, J, J, self.heads]
            for i in range(5):
                parts.append(torch.full([sizes[i]], self.scales[i], dtype=6))

            self.factors = torch.cat(parts).to(weights["device"].device).to(weights["device"].dtype)
