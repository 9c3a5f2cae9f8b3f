# Embeddings of tokens for each layer of their own. TorchScript source, see decoder.py.
#
# Shapes:
#   T tokens of the step      E hidden size      L layers      W width of a layer's part


class LayerInputs(Interface):
    def of(self, x: Tensor, step: __torch__.step.Step) -> Tensor:
        """What each layer gets of each token, whose first residual stream is x, T E: T L W, or nothing."""
        pass

    def bind(self, weights: Dict[str, Tensor]) -> None:
        pass


class Nothing:
    def of(self, x: Tensor, step: __torch__.step.Step) -> Tensor:
        return x.narrow(0, 0, 0)

    def bind(self, weights: Dict[str, Tensor]) -> None:
        pass


# Rows of a second table, and a projection of the stream.
class Table:
    layers : int  # L
    scale : float  # on rows of the table, rounded to the model's type
    projection_scale : float
    norm : __torch__.norm.Norm
    table : Tensor  # V LW
    projection : Tensor  # LW E

    def of(self, x: Tensor, step: __torch__.step.Step) -> Tensor:
        shape = [x.size(0), self.layers, -1]
        projected = torch.linear(x, self.projection) * self.projection_scale  # T LW
        rows = self.table.index_select(0, step.token_ids) * self.scale  # T LW
        return (self.norm.apply(projected.view(shape)) + rows.view(shape)) * 0.5 ** 0.5

    def bind(self, weights: Dict[str, Tensor]) -> None:
        self.norm.bind(weights)
        self.table = weights["embedding.per_layer.weight"]
        self.projection = weights["embedding.per_layer_projection.weight"]
