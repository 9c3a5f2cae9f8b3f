# Where attention finds keys and values. TorchScript source, see decoder.py, whose shapes these are.


def padding(step: __torch__.step.Step, key_starts: Tensor, pads: bool) -> Tuple[Tensor, Tensor]:
    """For the single tokens taken together: slots to gather (ML), and how old each key is (M L).

    The newest key has age 0; what lies past it has a negative age and the newest key's slot.
    """
    M = step.singles
    if not pads or M == 0:
        return key_starts, key_starts

    starts, newest = key_starts[:M, None], step.key_lengths[:M, None] - 1  # M 1
    keys = torch.arange(step.longest, dtype=3, device=key_starts.device)[None]  # 1 L
    return (starts + torch.minimum(keys, newest)).flatten(), newest - keys


def offsets(step: __torch__.step.Step, key_starts: Tensor, flash: bool) -> List[Tensor]:
    """Offsets of the M single tokens (M+1, M+1, M), then of the other sequences."""
    cu_queries, key_lengths, M = step.cu_queries, step.key_lengths, step.singles
    if not flash or M == 0 or M == key_lengths.size(0):
        return [cu_queries, key_starts, key_lengths, cu_queries, key_starts, key_lengths]

    return [cu_queries[:M + 1], key_starts[:M + 1], key_lengths[:M],
            cu_queries[M:] - M, key_starts[M:], key_lengths[M:]]


def whole(step: __torch__.step.Step, pads: bool, flash: bool) -> Tuple[__torch__.block.Regions, Tensor]:
    """Where the sequences lie in the arenas, and how old keys are, see padding."""
    gather, age = __torch__.regions.padding(step, step.key_starts, pads)
    offsets = __torch__.regions.offsets(step, step.key_starts, flash)
    return __torch__.block.Regions(step.sequences, gather, offsets), age


def packed(step: __torch__.step.Step, first: int, pads: bool,
           flash: bool) -> Tuple[__torch__.block.Regions, Tensor]:
    """The slots that sequences [first, N) would have if they lay one after another, and where these are."""
    N = step.key_lengths.size(0)
    sequences = step.sequences[:]
    total = 0
    for n in range(first, N):
        sequences[3 * n + 1] = total
        total += sequences[3 * n + 2]

    lengths = step.key_lengths[first:]  # N - first
    ends = lengths.cumsum(0)
    begins = ends - lengths
    away = torch.repeat_interleave(step.key_starts[first:N] - begins, lengths, output_size=total)
    starts = torch.cat([begins, ends[-1:]]).int()
    starts = torch.constant_pad_nd(starts, [first, 0])  # N + 1
    gather, age = __torch__.regions.padding(step, starts, pads)
    offsets = __torch__.regions.offsets(step, starts, flash)
    packed = __torch__.block.Regions(sequences, gather, offsets)
    return packed, away + torch.arange(total, device=step.key_starts.device)
