# The feed-forward block with xIELU (arXiv:2411.13010). TorchScript source, see decoder.py.
#
# Shapes:
#   T tokens of the step      E hidden size      F feed-forward size


# down(xielu(up(h))).
class Xielu:
    path : str
    up : __torch__.linear.Linear  # E to F
    down : __torch__.linear.Linear  # F to E
    above : Tensor  # 1, factor on squares
    below : Tensor  # 1, factor on exponentials
    beta : Tensor  # 1, factor on what goes through
    limit : Tensor  # 1, just below zero

    def apply(self, h: Tensor, c: __torch__.block.Context) -> Tensor:
        return self.down.apply(self.activate(self.up.apply(h)))

    def add_to(self, x: Tensor, h: Tensor, c: __torch__.block.Context, scale: float) -> Tensor:
        return self.down.add_to(x, self.activate(self.up.apply(h)), scale)

    def activate(self, y: Tensor) -> Tensor:
        """Shape of y."""
        x = y.float()
        grown = self.above * x * x
        decayed = (torch.expm1(torch.minimum(x, self.limit)) - x) * self.below
        return (torch.where(x > 0, grown, decayed) + self.beta * x).to(y.dtype)

    def bind(self, weights: Dict[str, Tensor]) -> None:
        self.up.bind(weights)
        self.down.bind(weights)
        self.beta = weights[self.path + "beta"]
        self.limit = weights[self.path + "eps"]
        self.above = torch.softplus(weights[self.path + "alpha_p"])
        self.below = self.beta + torch.softplus(weights[self.path + "alpha_n"])
