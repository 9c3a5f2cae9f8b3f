# Features of a vision tower's inner layers, added to the stream. TorchScript source, see decoder.py.
#
# Shapes:
#   T tokens of the step      F of them with features      E hidden size


# What the prompts of the step add after one layer.
class Added:
    layer : int

    def forward(self, x: Tensor, c: __torch__.block.Context) -> Tensor:
        step = c.step
        if self.layer >= step.deepstack_layers:
            return x

        features = step.deepstack.view_copy(step.deepstack_dtype)
        features = features.view([step.deepstack_layers, -1, x.size(1)]).select(0, self.layer)  # F E
        return x.index_add_(0, step.deepstack_rows, features.to(x.dtype))

    def bind(self, weights: Dict[str, Tensor]) -> None:
        pass
