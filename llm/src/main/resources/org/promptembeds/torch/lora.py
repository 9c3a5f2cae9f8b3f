# LoRA adapters (arXiv:2106.09685): products of low rank that are added to linear layers, for the rows
# of a step that ask for one. TorchScript source, see linear.py, whose interface `Adapted` has.
#
# Many rows of an adapter are multiplied with its matrices alone. Few rows of several adapters are
# multiplied with the matrices of all of them, stacked, and what is not a row's own is left out: reading
# the matrices is the cost then, and the number of kernels does not grow with that of the adapters.
#
# Shapes:
#   T rows of the step      A those with an adapter, by adapter      I inputs      O outputs
#   R rank; stacked, that of all adapters of the step together


# The adapters on the device, and which rows of the step have one. All layers share one object.
class Adapters:
    active : bool  # whether some row of the step has an adapter
    downs : Dict[int, Dict[str, Tensor]]  # by adapter and path of the layer: R I
    ups : Dict[int, Dict[str, Tensor]]  # O R, scaled
    adapters : List[int]  # of the step
    counts : List[int]  # rows of each
    all : bool  # whether the rows are all of the step, in its order
    apart : bool  # whether each adapter's rows are multiplied apart
    narrowed : bool  # whether rows are left out: then those without an adapter count, too
    rows : Tensor  # A
    owners : Tensor  # A 1, place of each row's adapter; -1 for none
    stacked : List[int]  # the adapters that are stacked
    stacked_downs : Dict[str, Tensor]  # R I
    stacked_ups : Dict[str, Tensor]  # O R
    stacked_owners : Dict[str, Tensor]  # R

    def start(self, step: __torch__.step.Step) -> None:
        """Takes note of a step's rows."""
        A = step.adapted_rows.size(0)
        self.active = A > 0
        if A == 0:
            return

        adapters : List[int] = []
        counts : List[int] = []
        for i in range(step.adapters.size(0) // 2):
            adapters.append(int(step.adapters[2 * i]))
            counts.append(int(step.adapters[2 * i + 1]))

        self.adapters = adapters
        self.counts = counts
        self.narrowed = False
        self.all = step.all_adapted != 0
        self.rows = step.adapted_rows.long()
        self.apart = len(adapters) == 1 or A >= 32 * len(adapters)
        if not self.apart:
            self.owners = self.places()[:, None]
            if self.stacked != adapters:
                self.unstack()
                self.stacked = adapters

    def places(self) -> Tensor:
        """The place of the adapter of each row that has one: A."""
        device = self.rows.device
        places = torch.arange(len(self.adapters), device=device)
        lengths = torch.tensor(self.counts, dtype=4, device=device)
        return torch.repeat_interleave(places, lengths, output_size=self.rows.size(0))

    def narrow(self, rows: Tensor, count: int) -> None:
        """Takes note that what follows sees some rows alone, of so many."""
        if self.active:
            owners = torch.full([count], -1, dtype=4, device=rows.device)
            owners.index_copy_(0, self.rows, self.places())
            self.owners = owners.index_select(0, rows)[:, None]
            self.narrowed = True

    def add(self, y: Tensor, x: Tensor, path: str, start: int, scale: float) -> None:
        """Adds scale times what the adapters make of x, T I, to y: outputs from start on of the layer."""
        touched = False
        for adapter in self.adapters:
            if path in self.downs[adapter]:
                touched = True

        if not touched:
            return

        if self.narrowed:
            self.add_to_owned(y, x, path, start, scale)
        elif self.all:
            self.add_to_rows(y, x, path, start, scale)
        else:
            rows = y.index_select(0, self.rows)  # A O
            self.add_to_rows(rows, x.index_select(0, self.rows), path, start, scale)
            y.index_copy_(0, self.rows, rows)

    def add_to_rows(self, y: Tensor, x: Tensor, path: str, start: int, scale: float) -> None:
        """The same for the rows with an adapter, A O."""
        if not self.apart:
            self.stack(path)
            inner = torch.linear(x, self.stacked_downs[path])  # A R
            inner = inner.masked_fill_(self.owners != self.stacked_owners[path], 0.0)
            up = self.stacked_ups[path].narrow(0, start, y.size(1))
            y.addmm_(inner, up.t(), alpha=scale)
            return

        first = 0
        for i in range(len(self.adapters)):
            downs, ups = self.downs[self.adapters[i]], self.ups[self.adapters[i]]
            if path in downs:
                inner = torch.linear(x.narrow(0, first, self.counts[i]), downs[path])
                up = ups[path].narrow(0, start, y.size(1))
                y.narrow(0, first, self.counts[i]).addmm_(inner, up.t(), alpha=scale)

            first += self.counts[i]

    def add_to_owned(self, y: Tensor, x: Tensor, path: str, start: int, scale: float) -> None:
        """The same for rows of which some have an adapter, few: what is not a row's own is left out."""
        for i in range(len(self.adapters)):
            downs, ups = self.downs[self.adapters[i]], self.ups[self.adapters[i]]
            if path in downs:
                inner = torch.linear(x, downs[path]).masked_fill_(self.owners != i, 0.0)
                up = ups[path].narrow(0, start, y.size(1))
                y.addmm_(inner, up.t(), alpha=scale)

    def stack(self, path: str) -> None:
        """Puts the matrices of a layer of all adapters of the step together, if they are not yet."""
        if path in self.stacked_downs:
            return

        downs : List[Tensor] = []
        ups : List[Tensor] = []
        owners : List[Tensor] = []
        for i in range(len(self.adapters)):
            matrices = self.downs[self.adapters[i]]
            if path in matrices:
                down = matrices[path]
                downs.append(down)
                ups.append(self.ups[self.adapters[i]][path])
                owners.append(torch.full([down.size(0)], i, dtype=4, device=down.device))

        self.stacked_downs[path] = torch.cat(downs)
        self.stacked_ups[path] = torch.cat(ups, 1)
        self.stacked_owners[path] = torch.cat(owners)

    def unstack(self) -> None:
        self.stacked = self.stacked[:0]
        self.stacked_downs.clear()
        self.stacked_ups.clear()
        self.stacked_owners.clear()

    def put(self, adapter: int, path: str, down: Tensor, up: Tensor) -> None:
        """Takes what an adapter has for a layer: R I, O R."""
        if adapter not in self.downs:
            downs : Dict[str, Tensor] = {}
            ups : Dict[str, Tensor] = {}
            self.downs[adapter] = downs
            self.ups[adapter] = ups

        self.downs[adapter][path] = down
        self.ups[adapter][path] = up

    def drop(self, adapter: int) -> None:
        """Lets go of an adapter."""
        if adapter in self.downs:
            self.downs.pop(adapter)
            self.ups.pop(adapter)

        self.unstack()


# A linear layer that adapters may change.
class Adapted:
    path : str
    linear : __torch__.linear.Linear
    adapters : __torch__.lora.Adapters

    def apply(self, x: Tensor) -> Tensor:
        y = self.linear.apply(x)  # T O
        if self.adapters.active:
            self.adapters.add(y, x, self.path, 0, 1.0)

        return y

    def part(self, x: Tensor, start: int, length: int) -> Tensor:
        y = self.linear.part(x, start, length)  # T length
        if self.adapters.active:
            self.adapters.add(y, x, self.path, start, 1.0)

        return y

    def splits(self) -> bool:
        return self.linear.splits()

    def add_to(self, residual: Tensor, x: Tensor, scale: float) -> Tensor:
        y = self.linear.add_to(residual, x, scale)  # T O
        if self.adapters.active:
            self.adapters.add(y, x, self.path, 0, scale)

        return y

    def bind(self, weights: Dict[str, Tensor]) -> None:
        self.linear.bind(weights)
