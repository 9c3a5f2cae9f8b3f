# The KV arena, whose slots may be kept in eight bits. TorchScript source, see decoder.py.
#
# Numbers of eight bits are e4m3 (code 24), without a factor: what is above 448 becomes 448. They lie
# there as bytes (code 0), for PyTorch copies few of its operators to their own type.
#
# Shapes:
#   T rows      S slots of the arena      A rows of a slot      D their width


def store(rows: Tensor, slots: Tensor, arena: Tensor) -> None:
    """Writes rows, T A D, to their slots of the arena, S A D."""
    if arena.dtype == 0:
        rows = rows.clamp(-448.0, 448.0).to(24).view_copy(dtype=0)

    arena.index_copy_(0, slots, rows)


def read(arena: Tensor, slots: Tensor, dtype: int) -> Tensor:
    """Copies of slots of bytes, T, in a type of more bits: T A D."""
    return arena.index_select(0, slots).view_copy(dtype=24).to(dtype)
