# Matrix products of tokens with the weights of their experts, in one launch and without asking the
# host. TorchScript source, see products.py, whose shapes and interface these are. PyTorch has the
# operator from 2.8 on.


# Segments are where the rows of each expert end.
class Grouped:
    path : str
    weight : Tensor  # X O I

    def segments(self, sorted: Tensor, count: int) -> Tensor:
        experts = torch.arange(count, dtype=sorted.dtype, device=sorted.device)
        return torch.searchsorted(sorted, experts, right=True).int()

    def multiply(self, x: Tensor, segments: Tensor) -> Tensor:
        return torch._grouped_mm(x, self.weight.transpose(1, 2), segments)

    def bind(self, weights: Dict[str, Tensor]) -> None:
        self.weight = weights[self.path + ".weight"]
