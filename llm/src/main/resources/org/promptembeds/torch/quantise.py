# Weights of few bits made of floating-point numbers, on the device: number for number what Quantizer
# makes on the host. TorchScript source, see decoder.py.
#
# Shapes:
#   R rows      I columns      G groups of a row, of I / G columns each


def codes(x: Tensor, group: int) -> Tuple[Tensor, Tensor, Tensor]:
    """Codes (R I, of half bytes R I/2), scales (R G) and what stands for the code 8 (R G, or empty).

    x: R I, float32
    group: columns of a group of half bytes; 0 for e4m3, -1 for signed bytes, each with a scale a row
    """
    if group > 0:
        return __torch__.quantise.halves(x, group)

    return __torch__.quantise.e4m3(x) if group == 0 else __torch__.quantise.signed(x)


def over(x: Tensor, divisor: float) -> Tensor:
    """A quotient; a number that is no tensor would be multiplied with by its inverse on a GPU."""
    return x / torch.full_like(x, divisor)


def inverse(scales: Tensor) -> Tensor:
    return torch.where(scales == 0.0, scales, torch.ones_like(scales) / scales)


def e4m3(x: Tensor) -> Tuple[Tensor, Tensor, Tensor]:
    scales = __torch__.quantise.over(x.abs().amax([-1], True), 448.0)  # R 1
    scaled = torch.where(scales == 0.0, torch.zeros_like(x), x / scales)
    return torch.view_copy(scaled.clamp(-448.0, 448.0).to(24), 0), scales, scales[:0]


def signed(x: Tensor) -> Tuple[Tensor, Tensor, Tensor]:
    scales = __torch__.quantise.over(x.abs().amax([-1], True), 127.0)  # R 1
    return torch.round(x * __torch__.quantise.inverse(scales)).clamp(-127.0, 127.0).to(1), scales, scales[:0]


def halves(x: Tensor, group: int) -> Tuple[Tensor, Tensor, Tensor]:
    R, I = x.size(0), x.size(1)
    grouped = x.reshape([R, I // group, group])
    low = grouped.amin([-1], True).clamp(max=0.0)  # R G 1
    scales = __torch__.quantise.over(grouped.amax([-1], True).clamp(min=0.0) - low, 15.0)
    inverses = __torch__.quantise.inverse(scales)
    zeros = torch.round(-low * inverses)
    codes = (torch.round(grouped * inverses) + zeros).clamp(0.0, 15.0).to(0).view([R, I // 2, 2])
    pairs = codes.select(-1, 0) * 16 + codes.select(-1, 1)  # R I/2
    return pairs, scales.squeeze(-1), ((8.0 - zeros) * scales).squeeze(-1)
