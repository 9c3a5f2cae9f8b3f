# Linear layers with weights of half bytes, a scale and a zero for each group of a row. TorchScript
# source, see linear.py, whose shapes and interface these are.
#
# Shapes:
#   G groups of a row


def unpacked(codes: Tensor) -> Tensor:
    """Codes of half bytes, O I/2, the first of two in the upper half: O I, from 0 to 15."""
    halves = torch.stack([codes.bitwise_right_shift(4), codes.bitwise_and(15)], -1)
    return halves.flatten(-2)


def factors(scales: Tensor, zeros: Tensor, dtype: int) -> Tensor:
    """Scales and zeros, O G, as the operators take them: G O 2."""
    return torch.stack([scales, zeros], -1).transpose(0, 1).to(dtype).contiguous()


def expanded(codes: Tensor, scales: Tensor, group: int) -> Tensor:
    """The weight of codes O I/2 and scales G O 2, in their type: O I."""
    q = __torch__.linear_int4.unpacked(codes).to(scales.dtype) - 8.0
    grouped = q.view([q.size(0), -1, group])  # O G group
    s = scales.transpose(0, 1)  # O G 2
    return torch.addcmul(s.narrow(2, 1, 1), grouped, s.narrow(2, 0, 1)).view_as(q)


# On a CPU.
class Cpu:
    path : str
    has_bias : bool
    group : int
    weight : Tensor  # packed
    scales : Tensor  # G O 2
    bias : Tensor  # O

    def apply(self, x: Tensor) -> Tensor:
        y = torch._weight_int4pack_mm_for_cpu(x.to(15).contiguous(), self.weight, self.group, self.scales)
        y = y.to(x.dtype)
        return y.add_(self.bias) if self.has_bias else y

    def part(self, x: Tensor, start: int, length: int) -> Tensor:
        return self.apply(x).narrow(1, start, length).contiguous()

    def splits(self) -> bool:
        return False

    def add_to(self, residual: Tensor, x: Tensor, scale: float) -> Tensor:
        return residual.add_(self.apply(x), alpha=scale)

    def bind(self, weights: Dict[str, Tensor]) -> None:
        codes = __torch__.linear_int4.unpacked(weights.pop(self.path + ".codes")).int()
        self.weight = torch._convert_weight_to_int4pack_for_cpu(codes, 1)
        scales, zeros = weights.pop(self.path + ".scales"), weights.pop(self.path + ".zeros")
        self.scales = __torch__.linear_int4.factors(scales, zeros, 15)
        if self.has_bias:
            self.bias = weights[self.path + ".bias"]


# On CUDA. Few rows read the packed weight; for many it is expanded.
class Cuda:
    path : str
    has_bias : bool
    group : int
    weight : Tensor  # packed
    scales : Tensor  # G O 2
    bias : Tensor  # O

    def apply(self, x: Tensor) -> Tensor:
        y = torch._weight_int4pack_mm(x.contiguous(), self.weight, self.group, self.scales)
        return y.add_(self.bias) if self.has_bias else y

    def part(self, x: Tensor, start: int, length: int) -> Tensor:
        return self.apply(x).narrow(1, start, length).contiguous()

    def splits(self) -> bool:
        return False

    def add_to(self, residual: Tensor, x: Tensor, scale: float) -> Tensor:
        return residual.add_(self.apply(x), alpha=scale)

    def bind(self, weights: Dict[str, Tensor]) -> None:
        self.weight = torch._convert_weight_to_int4pack(weights.pop(self.path + ".codes"), 8)
        scales, zeros = weights.pop(self.path + ".scales"), weights.pop(self.path + ".zeros")
        self.scales = __torch__.linear_int4.factors(scales, zeros, 15)
        if self.has_bias:
            self.bias = weights[self.path + ".bias"]
