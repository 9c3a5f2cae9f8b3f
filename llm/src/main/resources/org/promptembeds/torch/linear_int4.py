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


def places(codes: Tensor) -> Tensor:
    """Where packing for CUDA takes the half bytes of a tile of 8 rows and 128 columns from: 1024.

    Codes are anything on the device. What is packed are the three digits, of base 16, of each place.
    """
    place = torch.arange(1024, dtype=3, device=codes.device)
    found = torch.zeros_like(place)
    for digit in range(3):
        digits = place.bitwise_right_shift(4 * digit).bitwise_and(15).to(0).view([8, 128])
        halves = digits.view([8, 64, 2])
        joined = halves.select(2, 0).bitwise_left_shift(4).bitwise_or(halves.select(2, 1))
        packed = torch._convert_weight_to_int4pack(joined.contiguous(), 8)
        found += __torch__.linear_int4.tiles(packed).flatten().int().bitwise_left_shift(4 * digit)

    return found


def tiles(packed: Tensor) -> Tensor:
    """The half bytes of what is packed for CUDA, tile by tile, uint8: tiles 1024."""
    shifts = torch.arange(0, 32, 4, dtype=3, device=packed.device)
    words = packed.view([-1, 128, 1])
    return words.bitwise_right_shift(shifts).bitwise_and(15).to(0).view([-1, 1024])


# On CUDA. Few rows read the packed weight; for many it is expanded.
class Cuda:
    path : str
    has_bias : bool
    group : int
    weight : Tensor  # packed
    scales : Tensor  # G O 2
    order : Tensor  # of the half bytes of a tile as they are packed: 1024
    bias : Tensor  # O

    def apply(self, x: Tensor) -> Tensor:
        if x.size(0) <= 320:
            y = torch._weight_int4pack_mm(x.contiguous(), self.weight, self.group, self.scales)
        else:
            y = torch.linear(x, self.expanded())

        return y.add_(self.bias) if self.has_bias else y

    def expanded(self) -> Tensor:
        """The weight in bfloat16: O I."""
        rows = self.scales.size(1)
        tiles = __torch__.linear_int4.tiles(self.weight).index_select(1, self.order)
        codes = tiles.view([rows // 8, -1, 8, 128]).transpose(1, 2).reshape([rows, -1, self.group])
        factors = self.scales.transpose(0, 1)[:, :, :, None]  # O G 2 1
        weight = codes.to(15).sub_(8.0).mul_(factors.select(2, 0)).add_(factors.select(2, 1))  # O G group
        return weight.view([rows, -1])

    def part(self, x: Tensor, start: int, length: int) -> Tensor:
        return self.apply(x).narrow(1, start, length).contiguous()

    def splits(self) -> bool:
        return False

    def add_to(self, residual: Tensor, x: Tensor, scale: float) -> Tensor:
        return residual.add_(self.apply(x), alpha=scale)

    def bind(self, weights: Dict[str, Tensor]) -> None:
        codes = weights.pop(self.path + ".codes")
        # of each place of a tile, in rows and columns, the place that it is packed in
        self.order = __torch__.linear_int4.places(codes).argsort()
        self.weight = torch._convert_weight_to_int4pack(codes, 8)
        scales, zeros = weights.pop(self.path + ".scales"), weights.pop(self.path + ".zeros")
        self.scales = __torch__.linear_int4.factors(scales, zeros, 15)
        if self.has_bias:
            self.bias = weights[self.path + ".bias"]
