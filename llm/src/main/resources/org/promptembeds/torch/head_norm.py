# Normalisation of queries and keys. TorchScript source, see decoder.py.
#
# Shapes:
#   T tokens of the step      H query heads      K key/value heads      D head size


class HeadNorm(Interface):
    def apply(self, qk: Tensor) -> None:
        """Normalises queries and keys in place: T H+K D."""
        pass

    def bind(self, weights: Dict[str, Tensor]) -> None:
        pass


class Identity:
    path : str

    def apply(self, qk: Tensor) -> None:
        pass

    def bind(self, weights: Dict[str, Tensor]) -> None:
        pass


# Each head by itself, by RMS or by mean and variance.
class PerHead:
    path : str
    heads : int  # H
    kv_heads : int  # K
    head_dim : int  # D
    epsilon : float
    is_rms : bool
    has_weight : bool
    has_bias : bool
    precise : bool  # the weight is applied in float32
    weight : Tensor  # H+K D
    bias : Tensor  # H+K D

    def apply(self, qk: Tensor) -> None:
        x = qk.float() if self.precise else qk
        if self.is_rms:
            x = torch.rms_norm(x, [x.size(-1)], None, self.epsilon)
        else:
            x = torch.layer_norm(x, [x.size(-1)], None, None, self.epsilon)

        if self.has_weight:
            x = x.mul_(self.weight)
        if self.has_bias:
            x = x.add_(self.bias)

        qk.copy_(x)

    def bind(self, weights: Dict[str, Tensor]) -> None:
        if self.has_weight:
            self.weight = self.joined(weights, ".weight")
        if self.has_bias:
            self.bias = self.joined(weights, ".bias")

    def joined(self, weights: Dict[str, Tensor], kind: str) -> Tensor:
        H, K, D = self.heads, self.kv_heads, self.head_dim
        parts = [weights[self.path + "q_norm" + kind].view([-1, D]).expand([H, D])]
        if K > 0:
            parts.append(weights[self.path + "k_norm" + kind].view([-1, D]).expand([K, D]))

        return torch.cat(parts)


# All heads of the queries together, and all heads of the keys, by RMS.
class Whole:
    path : str
    heads : int
    kv_heads : int
    epsilon : float
    precise : bool  # the weight is applied in float32
    q_weight : Tensor  # HD
    k_weight : Tensor  # KD

    def apply(self, qk: Tensor) -> None:
        H, K = self.heads, self.kv_heads
        self.part(qk.narrow(1, 0, H), self.q_weight)
        if K > 0:
            self.part(qk.narrow(1, H, K), self.k_weight)

    def part(self, x: Tensor, weight: Tensor) -> None:
        flat = x.flatten(1).float() if self.precise else x.flatten(1)
        flat = torch.rms_norm(flat, [weight.size(0)], weight, self.epsilon)
        x.copy_(flat.view_as(x))

    def bind(self, weights: Dict[str, Tensor]) -> None:
        self.q_weight = weights[self.path + "q_norm.weight"]
        if self.kv_heads > 0:
            self.k_weight = weights[self.path + "k_norm.weight"]
