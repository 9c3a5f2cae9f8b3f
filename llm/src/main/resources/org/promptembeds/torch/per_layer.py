# The block that adds a token's own embedding of the layer. TorchScript source, see decoder.py.
#
# Shapes:
#   T tokens of the step      E hidden size      W width of the embedding


# projection(activation(gate(h)) * embedding).
class Gate:
    layer : int
    activation : int
    gate : __torch__.linear.Linear  # E to W
    projection : __torch__.linear.Linear  # W to E

    def apply(self, h: Tensor, c: __torch__.block.Context) -> Tensor:
        return self.projection.apply(self.inner(h, c))

    def add_to(self, x: Tensor, h: Tensor, c: __torch__.block.Context, scale: float) -> Tensor:
        return self.projection.add_to(x, self.inner(h, c), scale)

    def inner(self, h: Tensor, c: __torch__.block.Context) -> Tensor:
        """The activated gate times the embedding: T W."""
        gate = __torch__.activation.activate(self.gate.apply(h), self.activation)
        return gate * c.layer_inputs.select(1, self.layer)

    def bind(self, weights: Dict[str, Tensor]) -> None:
        self.gate.bind(weights)
        self.projection.bind(weights)
