# Residual connections: how blocks change the stream. TorchScript source, see decoder.py.
#
# Shapes:
#   T tokens of the step      E hidden size


class Residual(Interface):
    def forward(self, x: Tensor, c: __torch__.block.Context) -> Tensor:
        """The new stream: T E; x may be overwritten."""
        pass

    def bind(self, weights: Dict[str, Tensor]) -> None:
        pass


# x + scale * block(norm(x)), in place.
class Simple:
    norm : __torch__.norm.Norm
    block : __torch__.block.Block
    scale : float

    def forward(self, x: Tensor, c: __torch__.block.Context) -> Tensor:
        return self.block.add_to(x, self.norm.apply(x), c, self.scale)

    def bind(self, weights: Dict[str, Tensor]) -> None:
        self.norm.bind(weights)
        self.block.bind(weights)


# scale * output_norm(block(input_scale * input_norm(x))), a term of a sum.
class Branch:
    input_norm : __torch__.norm.Norm
    input_scale : float
    block : __torch__.block.Block
    output_norm : __torch__.norm.Norm
    scale : float

    def scaled(self, h: Tensor) -> Tensor:
        return h * self.input_scale if self.input_scale != 1.0 else h

    def bind(self, weights: Dict[str, Tensor]) -> None:
        self.input_norm.bind(weights)
        self.block.bind(weights)
        self.output_norm.bind(weights)


# stream_norm(carry_scale * carried + scale * norm(sum of the branches)).
class Sum:
    branches : List[__torch__.residual.Branch]
    norm : __torch__.norm.Norm
    scale : float
    carries_normed : bool
    carry_scale : float
    stream_norm : __torch__.norm.Norm

    def forward(self, x: Tensor, c: __torch__.block.Context) -> Tensor:
        first = self.branches[0]
        h = first.input_norm.apply(x)  # T E
        carried = h if self.carries_normed else x
        total = first.output_norm.apply(first.block.apply(first.scaled(h), c))
        if first.scale != 1.0:
            total = total * first.scale

        for i in range(1, len(self.branches)):
            branch = self.branches[i]
            y = branch.output_norm.apply(branch.block.apply(branch.scaled(branch.input_norm.apply(x)), c))
            total = total.add(y, alpha=branch.scale)

        total = self.norm.apply(total)
        if self.carry_scale != 1.0:
            carried = carried * self.carry_scale

        return self.stream_norm.apply(carried.add(total, alpha=self.scale))

    def bind(self, weights: Dict[str, Tensor]) -> None:
        for branch in self.branches:
            branch.bind(weights)

        self.norm.bind(weights)
        self.stream_norm.bind(weights)
