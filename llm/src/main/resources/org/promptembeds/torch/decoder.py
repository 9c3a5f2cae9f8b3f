# The decoder: one step of a decoder-only transformer over any mixture of prefill and decode.
#
# This is TorchScript source: TorchScriptArchive packs it with the files of the blocks that a model
# needs, PyTorch compiles them when the model is loaded, and TorchRunner calls the methods. Any ATen
# operator is `torch.name(...)`. Java builds the objects from the model's specification: see
# DecoderObjects.
#
# Shapes:
#   T tokens of the step, all sequences one after another    N sequences of the step
#   E hidden size      V vocabulary      S slots of the KV arena      B rows that get a token
#   U rows drawn at random, of those B      Q tokens of prompts that are scored
#   M single-token sequences taken together, L keys of the longest of them
#
# Dtype codes are PyTorch's: 3 int32, 4 int64, 5 float16, 6 float32, 7 float64, 15 bfloat16.


class Decoder(Module):
    __parameters__ = []
    __buffers__ = []
    training : bool
    device : str
    dtype : int
    pads : bool  # whether some block takes single tokens together, see regions.padding
    flash : bool  # whether some block asks for offsets
    packs : bool  # whether some block attends to copies of keys, see regions.packed
    packs_singles : bool  # of single tokens, too
    tied : bool
    head_projects : bool  # from the hidden size to the width of an embedding
    logit_scale : float
    soft_cap : float  # 0 for none
    embedding : __torch__.embedding.Embedding
    layer_inputs : __torch__.layer_inputs.LayerInputs
    rotaries : List[__torch__.positions.Rotary]
    residuals : List[__torch__.residual.Residual]  # in order, as far as tokens see others
    closing : List[__torch__.residual.Residual]  # those behind, in which each is on its own
    final_norm : __torch__.norm.Norm
    weights : Dict[str, Tensor]  # while loading; the blocks share them
    watched : List[Tensor]  # while loading: whether elements are finite
    arenas : List[Tensor]
    states : List[Tensor]
    last_tokens : List[Tensor]  # that of the last step's tokens, int32
    uploads : Dict[int, Tensor]  # bytes of prompt embeddings
    graph_parts : Dict[int, Tensor]  # by rows
    graph_draws : Dict[int, Tensor]
    graph_tokens : Dict[int, Tensor]
    graph_pins : List[Tensor]
    choice : __torch__.choice.Choice
    adapters : __torch__.lora.Adapters
    head : __torch__.linear.Linear  # W to V
    head_projection : Tensor  # W E

    # ---- One step -------------------------------------------------------------------------------

    def step(self, ints: List[int], tensors: List[Tensor]) -> Tensor:
        """Chosen tokens, of which the id is negative where there is nothing to choose from: see
        sampling.where_finite and where_allowed; then log-probabilities: see StepAnswer; float64.

        ints, tensors: see StepInput
        """
        return self.choose(ints, tensors).cpu()

    def upload(self, slot: int, bytes: Tensor) -> None:
        """Copies prompt embeddings to the device, for submit with the same slot."""
        self.uploads[slot].narrow(0, 0, bytes.size(0)).copy_(bytes, True)

    def allocate_upload(self, slot: int, size: int) -> None:
        """Makes room for so many bytes of prompt embeddings."""
        self.uploads[slot] = torch.empty([size], dtype=0, device=torch.device(self.device))

    def submit(self, slot: int, ints: List[int], tensors: List[Tensor], result: Tensor) -> None:
        """The same as step, but the result goes to the host's memory once the device is there; prompt
        embeddings, if there are some, were uploaded."""
        if slot in self.uploads and tensors[1].size(0) > 1:
            tensors[1] = self.uploads[slot].narrow(0, 0, tensors[1].size(0))

        chosen = self.choose(ints, tensors)
        if chosen.size(0) > 0:
            result.copy_(chosen, True)

    def choose(self, ints: List[int], tensors: List[Tensor]) -> Tensor:
        step = __torch__.step.unpack(ints, tensors, torch.device(self.device))
        B, Q = step.sampled_rows.size(0), step.scored_rows.size(0)
        x = self.stream(step)  # B+Q E
        raw = self.logits_of(x.narrow(0, 0, B))  # B V
        tells = step.logprob_rows.size(0) + Q > 0
        if self.choice.is_plain(step) and step.drawn_rows.size(0) == 0 and not tells:
            tokens = __torch__.kernels.most_likely(raw)
            self.keep(tokens)
            return tokens.double()

        raw = raw.float()
        logits = self.choice.adjusted(raw, step)
        tokens = logits.argmax(-1)  # B
        if step.drawn_rows.size(0) > 0:
            rows = step.drawn_rows.long()  # U
            drawn = logits if rows.size(0) == logits.size(0) else logits[rows]  # U V
            tokens[rows] = __torch__.kernels.draw(drawn, step.sampling.view([-1, 5]))  # U

        self.keep(tokens)
        allowed = __torch__.sampling.where_allowed(logits, tokens)
        result = [__torch__.sampling.where_finite(raw, allowed).double()]
        if step.logprob_rows.size(0) > 0:
            result.append(self.choice.logprobs(raw, tokens, step).flatten())

        for i in range((Q + 127) // 128):
            count = min(128, Q - 128 * i)
            scored = self.logits_of(x.narrow(0, B + 128 * i, count)).float()  # 128 V
            ids = step.scored_ids.narrow(0, 128 * i, count).long()
            result.append(__torch__.choice.told(scored, ids, step.prompt_top).flatten())

        return torch.cat(result)

    def logits(self, ints: List[int], tensors: List[Tensor]) -> Tensor:
        """Logits of the rows that get a token, before any sampling: B V, float32."""
        step = __torch__.step.unpack(ints, tensors, torch.device(self.device))
        return self.forward(step).float().cpu()

    def forward(self, step: __torch__.step.Step) -> Tensor:
        """Logits of the rows that get a token, before any sampling: B V."""
        return self.logits_of(self.stream(step).narrow(0, 0, step.sampled_rows.size(0)))

    def logits_of(self, x: Tensor) -> Tensor:
        """Logits of rows of the stream, B E: B V."""
        return self.project(self.final_norm.apply(x))

    def stream(self, step: __torch__.step.Step) -> Tensor:
        """The stream behind the last layer where it is read, at the B sampled and the Q scored rows: B+Q E."""
        self.choice.learn(step)
        if step.token_sources.size(0) > 0:
            known = torch.cat([self.last_tokens[0], step.token_ids])
            step.token_ids.copy_(known.index_select(0, step.token_sources))

        if step.move_sources.size(0) > 0:
            self.move(step.move_sources.long(), step.move_targets.long())

        self.choice.note(step)
        self.adapters.start(step)
        rotations : List[Tensor] = []
        for rotary in self.rotaries:
            cos, sin = rotary.rotation(step, self.dtype)
            rotations.append(cos)
            rotations.append(sin)

        regions, age = __torch__.regions.whole(step, self.pads, self.flash)
        packed, slots = regions, step.slots
        first = 0 if self.packs_singles else step.singles
        if self.packs and first < step.key_lengths.size(0):
            packed, slots = __torch__.regions.packed(step, first, self.pads, self.flash)

        x = self.embedding.inputs(step, self.dtype)  # T E
        pending : List[__torch__.product.Product] = []
        c = __torch__.block.Context(
            step, rotations, self.arenas, self.states, regions, age, packed, slots,
            self.layer_inputs.of(x, step), pending)
        for residual in self.residuals:
            x = residual.forward(x, c)

        return self.close(x, c)

    def close(self, x: Tensor, c: __torch__.block.Context) -> Tensor:
        """The same of the stream, T E, behind the last block in which tokens see others."""
        rows = c.step.sampled_rows
        if c.step.scored_rows.size(0) > 0:
            rows = torch.cat([rows, c.step.scored_rows])  # B+Q

        T = x.size(0)
        if rows.size(0) < T:
            c = __torch__.block.narrowed(c, rows)
            self.adapters.narrow(rows, T)
            x = x.index_select(0, rows)

        if rows.size(0) > 0:
            for residual in self.closing:
                x = residual.forward(x, c)

        return x if rows.size(0) < T else x.index_select(0, rows)

    def project(self, x: Tensor) -> Tensor:
        """Logits of rows of the normalised stream, B E: B V, float32 if they are more than a product."""
        if self.head_projects:
            x = torch.linear(x, self.head_projection)

        logits = self.head.apply(x)  # B V
        if self.logit_scale != 1.0:
            logits = logits.float() * self.logit_scale
        if self.soft_cap > 0.0:
            logits = torch.tanh(logits.float() / self.soft_cap) * self.soft_cap

        return logits

    def keep(self, tokens: Tensor) -> None:
        """Keeps the tokens, B, for the next step, which may be submitted before they are known."""
        count = min(tokens.size(0), self.last_tokens[0].size(0))
        self.last_tokens[0].narrow(0, 0, count).copy_(tokens.narrow(0, 0, count).clamp(min=0))

    def move(self, source: Tensor, target: Tensor) -> None:
        """Copies slots of the arenas and their tokens; all are read before any is written."""
        for arena in self.arenas:
            arena.index_copy_(0, target, arena.index_select(0, source))

        tokens = self.choice.tokens
        tokens.index_copy_(0, target, tokens.index_select(0, source))

    # ---- Steps captured as graphs, see StepGraphs -------------------------------------------------

    def graph_reserve(self, pieces: int, bytes: int) -> None:
        """Takes memory for the current stream: small pieces, two to a segment, and one large piece."""
        device = torch.device(self.device)
        for i in range(2 * pieces):
            self.graph_pins.append(torch.empty([1048576], dtype=0, device=device))

        self.graph_pins.append(torch.empty([bytes], dtype=0, device=device))

    def graph_pin(self) -> None:
        """Gives it back to the stream's pool but for a pin in each segment, so that none can go away."""
        self.graph_pins.pop()
        pins : List[Tensor] = []
        for i in range(len(self.graph_pins) // 2):
            pins.append(self.graph_pins[2 * i + 1])

        self.graph_pins = pins
        self.graph_pins.append(torch.empty([2097152], dtype=0, device=torch.device(self.device)))

    def graph_inputs(self, rows: int, size: int) -> None:
        """Makes what graphs of so many rows read and write: int32 parts, what is drawn how, and tokens."""
        device = torch.device(self.device)
        self.graph_parts[rows] = torch.empty([size], dtype=3, device=device)
        self.graph_draws[rows] = torch.empty([rows, 5], dtype=7, device=device)
        self.graph_tokens[rows] = torch.empty([rows], dtype=4, device=device)

    def graph_fill(self, rows: int, parts: Tensor, draws: Tensor) -> None:
        self.graph_parts[rows].copy_(parts, True)
        if draws.size(0) > 1:
            self.graph_draws[rows].copy_(draws.view([-1, 5]), True)

    def graph_step(self, rows: int, ints: List[int], draws: bool) -> None:
        """A step of single tokens from graph_parts, and graph_draws if some are drawn, to graph_tokens."""
        parts = self.graph_parts[rows]
        nothing = parts.narrow(0, 0, 0)
        tensors = [parts, nothing, nothing]
        for i in range(8):
            tensors.append(torch.zeros([0], dtype=7))

        step = __torch__.step.unpack(ints, tensors, torch.device(self.device))
        logits = self.forward(step)
        if draws:
            tokens = __torch__.kernels.choose(logits, self.graph_draws[rows])
        else:
            tokens = __torch__.kernels.most_likely(logits)

        self.graph_tokens[rows].copy_(tokens)
        self.keep(tokens)

    def graph_take(self, rows: int, tokens: Tensor) -> None:
        """Copies the tokens, B, to the host's memory."""
        tokens.copy_(self.graph_tokens[rows], True)

    def graph_drop(self) -> None:
        self.graph_parts.clear()
        self.graph_draws.clear()
        self.graph_tokens.clear()
        self.graph_pins.clear()

    # ---- Loading --------------------------------------------------------------------------------

    def allocate(self, name: str, shape: List[int], dtype: int) -> None:
        """Makes an uninitialised weight."""
        self.weights[name] = torch.empty(shape, dtype=dtype, device=torch.device(self.device))

    def randomise(self, name: str, shape: List[int], deviation: float, dtype: int) -> None:
        """Makes a random normal weight."""
        self.allocate(name, shape, dtype)
        self.weights[name].normal_(0.0, deviation)

    def fill(self, name: str, offset: int, data: Tensor, dtype: int, size: int) -> None:
        """Writes elements [offset, ...) of a weight from the bytes of elements of type dtype.

        A GPU may still be reading data in locked memory when this returns.
        size: bytes of an element
        """
        target = self.weights[name].view([-1]).narrow(0, offset, data.size(0) // size)
        if self.device != "cpu":
            there = torch.empty([data.size(0)], dtype=0, device=target.device)
            data = there.copy_(data, True)
        if target.dtype == dtype:
            torch.view_copy(data, dtype, out=target)
        else:
            target.copy_(torch.view_copy(data, dtype))

    def scramble(self, name: str, shape: List[int], dtype: int) -> None:
        """Makes a weight of random bytes below 120, which are numbers in every format."""
        self.allocate(name, shape, dtype)
        self.weights[name].random_(0, 120)

    def watch(self, name: str, offset: int, count: int) -> None:
        """Notes whether count elements of a weight from offset on are neither NaN nor infinite."""
        flat = self.weights[name].view([-1]).narrow(0, offset, count)
        self.watched.append(__torch__.loading.is_finite(flat))

    def watched_results(self) -> Tensor:
        """What was noted, in order: bool."""
        results = torch.stack(self.watched).cpu() if len(self.watched) > 0 else torch.zeros([0], dtype=11)
        self.watched.clear()
        return results

    def settle(self, staged: str, name: str, row: int, transposed: bool, order: List[int],
               plus: float) -> None:
        """Moves a staged weight into rows [row, ...) of another, on the way transposing its last two
        dimensions, putting its rows into an order (empty: as they are) and adding a number."""
        value = __torch__.loading.turned(self.weights.pop(staged), transposed, order)
        __torch__.loading.settle(value, self.weights[name], row, plus)

    def quantise(self, staged: str, name: str, row: int, transposed: bool, order: List[int],
                 group: int) -> None:
        """Moves a staged matrix into rows [row, ...) of one of few bits, on the way as settle does.

        group: see quantise.codes
        """
        value = __torch__.loading.turned(self.weights.pop(staged), transposed, order)
        __torch__.loading.quantise(value, self.weights, name, row, group)

    def merge(self, path: str) -> None:
        """Adds the product of the weights `up`, O R, and `down`, R I, to the matrix of a layer."""
        self.weights[path + ".weight"].addmm_(self.weights.pop("up"), self.weights.pop("down"))

    def put_adapter(self, adapter: int, path: str) -> None:
        """Makes the weights `down` and `up` an adapter's for a layer."""
        self.adapters.put(adapter, path, self.weights.pop("down"), self.weights.pop("up"))

    def drop_adapter(self, adapter: int) -> None:
        self.adapters.drop(adapter)

    def bind(self) -> None:
        """Puts the weights in their places, once all are filled."""
        w = self.weights
        device = torch.device(self.device)
        w["device"] = torch.empty([0], dtype=self.dtype, device=device)
        self.embedding.bind(w)
        self.layer_inputs.bind(w)
        self.final_norm.bind(w)
        for residual in self.residuals:
            residual.bind(w)

        for residual in self.closing:
            residual.bind(w)

        for rotary in self.rotaries:
            rotary.bind(self.device)

        if self.tied:
            w["head.weight"] = w["embedding.weight"]

        self.head.bind(w)
        if self.head_projects:
            self.head_projection = w["head.projection.weight"]

        w.clear()

    def allocate_arena(self, slots: int, rows: int, width: int, dtype: int) -> None:
        """Makes the arena of the next block that keeps something per position."""
        device = torch.device(self.device)
        self.arenas.append(torch.empty([slots, rows, width], dtype=dtype, device=device))

    def allocate_tokens(self, count: int, slots: int) -> None:
        """Makes room for the tokens that a step hands to the next, and for those of all slots."""
        device = torch.device(self.device)
        self.last_tokens.append(torch.zeros([count], dtype=3, device=device))
        self.choice.allocate(slots, device)

    def allocate_state(self, shape: List[int]) -> None:
        """Makes the next tensor of recurrent state, its first dimension the cells."""
        self.states.append(torch.zeros(shape, dtype=6, device=torch.device(self.device)))
