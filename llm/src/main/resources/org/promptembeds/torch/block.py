# What the blocks of a decoder have in common. TorchScript source, see decoder.py.


# Where attention finds the keys and values of the sequences.
class Regions(NamedTuple):
    sequences : List[int]  # per sequence: its queries, first slot and keys
    gather : Tensor  # ML, see regions.padding
    offsets : List[Tensor]  # see regions.offsets


# What all blocks of one step share.
class Context(NamedTuple):
    step : __torch__.step.Step
    rotations : List[Tensor]  # cosine and sine of each distinct rotary embedding: T 1 R
    arenas : List[Tensor]  # keys and values, one tensor for each block that keeps some: S rows width
    states : List[Tensor]  # recurrent state, for each tensor of a block: cells …
    regions : __torch__.block.Regions  # in the arenas
    age : Tensor  # M L
    packed : __torch__.block.Regions  # in copies of packed_slots, one sequence after another
    packed_slots : Tensor
    layer_inputs : Tensor  # T L W, see layer_inputs.py
    pending : List[__torch__.product.Product]  # one or none, to be added to the stream, see residual_fp8.py


def narrowed(c: __torch__.block.Context, rows: Tensor) -> __torch__.block.Context:
    """What blocks share in which each token is on its own, for some of the tokens."""
    inputs = c.layer_inputs
    if inputs.size(0) > 0:
        inputs = inputs.index_select(0, rows)

    pending : List[__torch__.product.Product] = []
    for product in c.pending:
        pending.append(__torch__.product.narrowed(product, rows))

    return __torch__.block.Context(
        c.step, c.rotations, c.arenas, c.states, c.regions, c.age, c.packed, c.packed_slots, inputs, pending)


class Block(Interface):
    def apply(self, h: Tensor, c: __torch__.block.Context) -> Tensor:
        """What the block says of the hidden states: T E, new memory."""
        pass

    def add_to(self, x: Tensor, h: Tensor, c: __torch__.block.Context, scale: float) -> Tensor:
        """Adds scale * apply(h) to the residual stream x, in place: T E."""
        pass

    def bind(self, weights: Dict[str, Tensor]) -> None:
        pass
