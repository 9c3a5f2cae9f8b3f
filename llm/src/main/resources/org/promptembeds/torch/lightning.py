# The linear attention of MiniMax-01 (arXiv:2501.08313). TorchScript source, see decoder.py.
#
# Shapes:
#   T tokens of the step      E hidden size      H heads      D size of a head


class Lightning:
    path : str
    state : int  # index of its state: the matrices of the heads
    heads : int  # H
    head_dim : int  # D
    epsilon : float
    slopes : List[float]  # H: how fast each head forgets
    qkv : __torch__.linear.Linear  # E to 3HD
    gate : __torch__.linear.Linear  # E to HD
    output : __torch__.linear.Linear  # HD to E
    norm : Tensor  # HD
    decay : Tensor  # H, float32

    def apply(self, h: Tensor, c: __torch__.block.Context) -> Tensor:
        return self.output.apply(self.inner(h, c))

    def add_to(self, x: Tensor, h: Tensor, c: __torch__.block.Context, scale: float) -> Tensor:
        return self.output.add_to(x, self.inner(h, c), scale)

    def inner(self, h: Tensor, c: __torch__.block.Context) -> Tensor:
        """What the heads say, T HD."""
        T, H, D = h.size(0), self.heads, self.head_dim
        qkv = torch.silu(self.qkv.apply(h)).view([T, 3, H, D]).float()
        y = __torch__.recurrent.remember(
            qkv[:, 0], qkv[:, 1], qkv[:, 2], self.decay.expand([T, H]), None, c.states[self.state], c.step)
        y = torch.rms_norm(y.view([T, H * D]).to(h.dtype), [H * D], self.norm, self.epsilon)
        return torch.sigmoid(self.gate.apply(h)) * y

    def bind(self, weights: Dict[str, Tensor]) -> None:
        self.qkv.bind(weights)
        self.gate.bind(weights)
        self.output.bind(weights)
        self.norm = weights[self.path + "inner_norm.weight"]
        self.decay = -torch.tensor(self.slopes, dtype=6, device=weights["device"].device)
