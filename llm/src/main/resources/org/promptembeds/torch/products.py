# Matrix products of tokens with the weights of their experts. TorchScript source, see decoder.py.
#
# Shapes:
#   A assignments of tokens to experts, sorted by expert      X experts      I inputs      O outputs


class Products(Interface):
    def segments(self, sorted: Tensor, count: int) -> Tensor:
        """What multiply needs to know of the experts of A sorted assignments, of so many experts."""
        pass

    def multiply(self, x: Tensor, weight: Tensor, segments: Tensor) -> Tensor:
        """x, A I, each row times the weight of its expert, X O I: A O."""
        pass


# One product for each expert that was chosen; segments are on the CPU: expert and number of rows.
class Sorted:
    def segments(self, sorted: Tensor, count: int) -> Tensor:
        experts, inverse, counts = torch.unique_consecutive(sorted, False, True)
        return torch.stack([experts, counts], 1).cpu()

    def multiply(self, x: Tensor, weight: Tensor, segments: Tensor) -> Tensor:
        result = x.new_empty([x.size(0), weight.size(1)])  # A O
        row = 0
        for i in range(segments.size(0)):
            expert, rows = int(segments[i, 0]), int(segments[i, 1])
            torch.mm(x.narrow(0, row, rows), weight[expert].t(), out=result.narrow(0, row, rows))
            row += rows

        return result
