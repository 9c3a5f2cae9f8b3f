# Rotary embedding. TorchScript source, see decoder.py.
#
# Shapes:
#   T tokens of the step      R rotated part of a head


# Frequencies of one rotary embedding, and how they depend on the length of a row.
class Rotary:
    inverse_frequencies : List[float]  # R / 2
    long_frequencies : List[float]  # for rows longer than long_from; otherwise empty
    long_from : int
    factor : float  # on cosine and sine
    long_factor : float  # the same for rows longer than long_from
    ntk : List[float]  # dynamic NTK: theta, factor, original length, R; otherwise empty
    axes : List[int]  # per pair: which of three positions turns it; empty if there is one position
    frequencies : Tensor  # R/2
    long : Tensor  # R/2
    axis : Tensor  # R/2

    def bind(self, device: str) -> None:
        self.frequencies = torch.tensor(self.inverse_frequencies, dtype=6, device=torch.device(device))
        self.long = torch.tensor(self.long_frequencies, dtype=6, device=torch.device(device))
        self.axis = torch.tensor(self.axes, dtype=4, device=torch.device(device))

    def rotation(self, step: __torch__.step.Step, dtype: int) -> Tuple[Tensor, Tensor]:
        """Cosine and sine of each token's angles, the sine negated in the first half: each T 1 R."""
        frequencies = self.frequencies[None]  # 1 R/2
        if len(self.ntk) > 0:
            theta, factor, original, dim = self.ntk[0], self.ntk[1], self.ntk[2], self.ntk[3]
            length = step.lengths[:, None].double().clamp(original)  # T 1
            base = theta * (factor * length / original - (factor - 1.0)) ** (dim / (dim - 2.0))  # T 1
            pairs = torch.arange(0.0, dim, 2.0, dtype=7, device=self.frequencies.device)  # R/2
            frequencies = (base ** (-pairs / dim)).float()  # T R/2
        elif len(self.long_frequencies) > 0:
            frequencies = torch.where(step.lengths[:, None] > self.long_from, self.long[None], frequencies)

        if len(self.axes) > 0 and step.axes.size(0) > 0:
            turned = step.axes.view([-1, 3]).index_select(1, self.axis).float()  # T R/2
            angles = turned * frequencies
        else:
            angles = step.positions[:, None].float() * frequencies  # T R/2

        cos, sin = angles.cos(), angles.sin()
        if len(self.long_frequencies) > 0:
            factor = torch.where(step.lengths[:, None] > self.long_from, self.long_factor, self.factor)  # T 1
            cos, sin = cos * factor, sin * factor
        else:
            cos, sin = cos * self.factor, sin * self.factor

        cos, sin = torch.cat([cos, cos], 1)[:, None], torch.cat([-sin, sin], 1)[:, None]  # T 1 R
        return cos.to(dtype), sin.to(dtype)


def growth(positions: Tensor, scaling: List[float]) -> Tensor:
    """By what queries at positions, T, grow: 1 + beta * log(1 + floor((position + shift) / span)) with
    the three numbers of scaling: T 1 1, float32."""
    beta, span, shift = scaling[0], scaling[1], scaling[2]
    periods = torch.floor((positions.float() + shift) / span)
    return (1.0 + beta * torch.log1p(periods))[:, None, None]
