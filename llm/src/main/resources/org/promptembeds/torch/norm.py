# Normalisation over the last dimension. TorchScript source, see decoder.py.
#
# Shapes:
#   X any leading dimensions      E normalised size


class Norm(Interface):
    def apply(self, x: Tensor) -> Tensor:
        """The normalised x, a new tensor unless nothing is done: X E."""
        pass

    def bind(self, weights: Dict[str, Tensor]) -> None:
        pass


class Identity:
    path : str

    def apply(self, x: Tensor) -> Tensor:
        return x

    def bind(self, weights: Dict[str, Tensor]) -> None:
        pass


# x / rms(x) * weight, rounded before the weight is applied.
class Rms:
    path : str
    epsilon : float
    weight : Tensor  # E

    def apply(self, x: Tensor) -> Tensor:
        return __torch__.kernels.rms(x, self.weight, self.epsilon)

    def bind(self, weights: Dict[str, Tensor]) -> None:
        self.weight = weights[self.path + ".weight"]


# x / rms(x) * weight, rounded after the weight is applied.
class PreciseRms:
    path : str
    epsilon : float
    weight : Tensor  # E, float32

    def apply(self, x: Tensor) -> Tensor:
        return __torch__.kernels.precise_rms(x, self.weight, self.epsilon)

    def bind(self, weights: Dict[str, Tensor]) -> None:
        self.weight = weights[self.path + ".weight"]


# x / rms(x).
class WeightlessRms:
    path : str
    epsilon : float

    def apply(self, x: Tensor) -> Tensor:
        return torch.rms_norm(x, [x.size(-1)], None, self.epsilon)

    def bind(self, weights: Dict[str, Tensor]) -> None:
        pass


# (x - mean) / deviation * weight + bias.
class Layer:
    path : str
    epsilon : float
    has_weight : bool
    has_bias : bool
    weight : Tensor  # E
    bias : Tensor  # E

    def apply(self, x: Tensor) -> Tensor:
        weight : Optional[Tensor] = None
        bias : Optional[Tensor] = None
        if self.has_weight:
            weight = self.weight
        if self.has_bias:
            bias = self.bias

        return __torch__.kernels.layer_norm(x, weight, bias, self.epsilon)

    def bind(self, weights: Dict[str, Tensor]) -> None:
        if self.has_weight:
            self.weight = weights[self.path + ".weight"]
        if self.has_bias:
            self.bias = weights[self.path + ".bias"]


# x * factor.
class Scale:
    path : str
    factor : Tensor  # 1

    def apply(self, x: Tensor) -> Tensor:
        return x * self.factor

    def bind(self, weights: Dict[str, Tensor]) -> None:
        self.factor = weights[self.path]
