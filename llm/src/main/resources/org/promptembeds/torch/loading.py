# Weights on their way to their places. TorchScript source, see decoder.py.


def is_finite(flat: Tensor) -> Tensor:
    """Whether all elements are neither NaN nor infinite, looked at a piece at a time: bool."""
    piece, count = 33554432, flat.size(0)
    finite = torch.isfinite(flat.narrow(0, 0, min(piece, count))).all()
    for start in range(piece, count, piece):
        part = flat.narrow(0, start, min(piece, count - start))
        finite.logical_and_(torch.isfinite(part).all())

    return finite


def turned(value: Tensor, transposed: bool, order: List[int]) -> Tensor:
    """The last two dimensions transposed, the rows in an order (empty: as they are)."""
    if transposed and value.dim() > 1:
        value = value.transpose(-1, -2)
    if len(order) > 0:
        index = torch.tensor(order, dtype=4, device=value.device)
        value = value.index_select(1 if value.dim() == 3 else 0, index)

    return value


def put(rows: Tensor, target: Tensor, row: int) -> None:
    """Writes rows [row, ...) of a weight, those of all experts one after another."""
    target.view([-1, rows.size(1)]).narrow(0, row, rows.size(0)).copy_(rows)


def settle(value: Tensor, target: Tensor, row: int, plus: float) -> None:
    """Writes rows [row, ...) of a weight, with a number added."""
    if plus != 0.0:
        value = value + plus

    width = target.size(-1) if target.dim() > 1 else 1
    __torch__.loading.put(value.reshape([-1, width]), target, row)


def quantise(value: Tensor, weights: Dict[str, Tensor], name: str, row: int, group: int) -> None:
    """Writes rows [row, ...) of a weight of few bits, made a piece at a time: see quantise.codes."""
    rows = value.reshape([-1, value.size(-1)])
    piece = max(1, 4194304 // rows.size(1))
    for start in range(0, rows.size(0), piece):
        part = rows.narrow(0, start, min(piece, rows.size(0) - start)).float()
        codes, scales, zeros = __torch__.quantise.codes(part, group)
        __torch__.loading.put(codes, weights[name + ".codes"], row + start)
        __torch__.loading.put(scales, weights[name + ".scales"], row + start)
        if group > 0:
            __torch__.loading.put(zeros, weights[name + ".zeros"], row + start)
