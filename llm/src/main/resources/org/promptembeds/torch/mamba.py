# The selective state space mixer of Mamba 1 (arXiv:2312.00752). TorchScript source, see decoder.py.
#
# Shapes:
#   T tokens of the step      E hidden size      I inner size      N state size      R rank of the step size
#   M single-token sequences taken together; they come first


class Mamba:
    path : str
    state : int  # index of its states: inputs of the convolution, then I N
    size : int  # I
    state_size : int  # N
    rank : int  # R
    has_conv_bias : bool
    input : __torch__.linear.Linear  # E to input and gate, 2I
    parameters : __torch__.linear.Linear  # I to step size, key and query, R + 2N
    step_size : __torch__.linear.Linear  # R to I
    output : __torch__.linear.Linear  # I to E
    size_norm : __torch__.norm.Norm  # of R
    key_norm : __torch__.norm.Norm  # of N
    query_norm : __torch__.norm.Norm  # of N
    weight : Tensor  # I 1 width, float32
    bias : Tensor  # I, float32
    decay : Tensor  # I N, float32
    skip : Tensor  # I, float32

    def apply(self, h: Tensor, c: __torch__.block.Context) -> Tensor:
        return self.output.apply(self.inner(h, c))

    def add_to(self, x: Tensor, h: Tensor, c: __torch__.block.Context, scale: float) -> Tensor:
        return self.output.add_to(x, self.inner(h, c), scale)

    def inner(self, h: Tensor, c: __torch__.block.Context) -> Tensor:
        """What the mixer says, T I."""
        projected = self.input.apply(h)  # T 2I
        bias : Optional[Tensor] = None
        if self.has_conv_bias:
            bias = self.bias

        x = torch.silu(__torch__.recurrent.convolve(
            projected.narrow(1, 0, self.size), self.weight, bias, c.states[self.state], c.step))  # T I
        parameters = self.parameters.apply(x.to(h.dtype))  # T R+2N
        size = self.step_size.apply(self.size_norm.apply(parameters.narrow(1, 0, self.rank)))  # T I
        k = self.key_norm.apply(parameters.narrow(1, self.rank, self.state_size)).float()  # T N
        q = self.query_norm.apply(
            parameters.narrow(1, self.rank + self.state_size, self.state_size)).float()
        y = self.scan(x, torch.softplus(size.float()), k, q, c) + x * self.skip
        return (y * torch.silu(projected.narrow(1, self.size, self.size).float())).to(h.dtype)

    def scan(self, x: Tensor, size: Tensor, k: Tensor, q: Tensor, c: __torch__.block.Context) -> Tensor:
        """S = exp(size decay) S + size x (x) k, y = S q, over the tokens of every sequence: T I."""
        step, states = c.step, c.states[self.state + 1]
        M, sequences = step.singles, step.sequences
        written = size * x  # T I
        outputs : List[Tensor] = []
        if M > 0:
            state = states.index_select(0, step.state_sources[:M])  # M I N
            state = state * (size[:M, :, None] * self.decay).exp() + written[:M, :, None] * k[:M, None]
            states.index_copy_(0, step.state_targets[:M], state)
            outputs.append(torch.matmul(state, q[:M, :, None])[:, :, 0])

        row = M
        for n in range(M, len(sequences) // 3):
            state = states.index_select(0, step.state_sources[n:n + 1])[0]  # I N
            for i in range(row, row + sequences[3 * n]):
                state = state * (size[i, :, None] * self.decay).exp() + written[i, :, None] * k[i]
                outputs.append(torch.mv(state, q[i])[None])

            states.index_copy_(0, step.state_targets[n:n + 1], state[None])
            row += sequences[3 * n]

        return outputs[0] if len(outputs) == 1 else torch.cat(outputs)

    def bind(self, weights: Dict[str, Tensor]) -> None:
        self.input.bind(weights)
        self.parameters.bind(weights)
        self.step_size.bind(weights)
        self.output.bind(weights)
        self.size_norm.bind(weights)
        self.key_norm.bind(weights)
        self.query_norm.bind(weights)
        self.weight = weights[self.path + "conv.weight"]
        if self.has_conv_bias:
            self.bias = weights[self.path + "conv.bias"]
        self.decay = -weights[self.path + "A_log"].exp()
        self.skip = weights[self.path + "D"]
