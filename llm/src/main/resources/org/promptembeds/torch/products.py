# Matrix products of tokens with the weights of their experts. TorchScript source, see decoder.py.
#
# Shapes:
#   A assignments of tokens to experts, sorted by expert      X experts      I inputs      O outputs


class Products(Interface):
    def segments(self, sorted: Tensor, count: int) -> Tensor:
        """What multiply needs to know of the experts of A sorted assignments, of so many experts."""
        pass

    def multiply(self, x: Tensor, segments: Tensor) -> Tensor:
        """x, A I, each row times the weight of its expert: A O."""
        pass

    def bind(self, weights: Dict[str, Tensor]) -> None:
        pass


def counted(sorted: Tensor) -> Tensor:
    """Experts that were chosen, and how often, on the CPU: so many, 2."""
    experts, inverse, counts = torch.unique_consecutive(sorted, False, True)
    return torch.stack([experts, counts], 1).cpu()


# One product for each expert that was chosen.
class Sorted:
    path : str
    weight : Tensor  # X O I

    def segments(self, sorted: Tensor, count: int) -> Tensor:
        return __torch__.products.counted(sorted)

    def multiply(self, x: Tensor, segments: Tensor) -> Tensor:
        result = x.new_empty([x.size(0), self.weight.size(1)])  # A O
        row = 0
        for i in range(segments.size(0)):
            expert, rows = int(segments[i, 0]), int(segments[i, 1])
            torch.mm(x.narrow(0, row, rows), self.weight[expert].t(), out=result.narrow(0, row, rows))
            row += rows

        return result

    def bind(self, weights: Dict[str, Tensor]) -> None:
        self.weight = weights[self.path + ".weight"]


# The same with a linear layer for each expert, of whatever format.
class Each:
    path : str
    experts : List[__torch__.linear.Linear]  # X

    def segments(self, sorted: Tensor, count: int) -> Tensor:
        return __torch__.products.counted(sorted)

    def multiply(self, x: Tensor, segments: Tensor) -> Tensor:
        results : List[Tensor] = []
        row = 0
        for i in range(segments.size(0)):
            expert, rows = int(segments[i, 0]), int(segments[i, 1])
            results.append(self.experts[expert].apply(x.narrow(0, row, rows)))
            row += rows

        return torch.cat(results)  # A O

    def bind(self, weights: Dict[str, Tensor]) -> None:
        for part in [".codes", ".scales", ".zeros"]:
            if self.path + part in weights:
                whole = weights.pop(self.path + part)  # X …
                for i in range(whole.size(0)):
                    weights[self.path + "." + str(i) + part] = whole[i]

        for expert in self.experts:
            expert.bind(weights)
