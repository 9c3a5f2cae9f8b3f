# What the choice of tokens keeps on the device from step to step. TorchScript source, see decoder.py.
#
# Shapes:
#   B rows that get a token      V vocabulary      K rows that a mask, bias or penalty is for, or with log-probabilities
#   C masks, biases or lists that are new      W int32 numbers of 32 tokens each      D tokens of a bias or list
#   J tokens that count for penalties, of all rows


class Choice:
    masks : Tensor  # of constant masks, by place: a bit for each token that is allowed, int32
    bias_ids : Tensor  # of biases, by place: their tokens
    bias_values : Tensor
    lists : Tensor  # of lists of tokens, by place
    tokens : Tensor  # by slot of the KV arena: the token that was computed there, or -1, int32

    def allocate(self, slots: int, device: Device) -> None:
        self.tokens = torch.zeros([slots], dtype=3, device=device)
        self.masks = torch.zeros([0, 0], dtype=3, device=device)
        self.bias_ids = torch.zeros([0, 0], dtype=4, device=device)
        self.bias_values = torch.zeros([0, 0], dtype=6, device=device)
        self.lists = torch.zeros([0, 0], dtype=4, device=device)

    def learn(self, step: __torch__.step.Step) -> None:
        """Takes over the masks, biases and lists that come with a step."""
        C = step.new_masks.size(0)
        if C > 0:
            bits = step.new_mask_bits.view([C, -1])  # C W
            self.masks = __torch__.choice.grown(self.masks, step.mask_places, bits.size(1))
            self.masks.index_copy_(0, step.new_masks.long(), bits)

        C = step.new_biases.size(0)
        if C > 0:
            places = step.new_biases.long()
            ids = step.new_bias_ids.view([C, -1]).long()  # C D
            values = step.new_bias_values.to(ids.device).float().view([C, -1])  # C D
            self.bias_ids = __torch__.choice.grown(self.bias_ids, step.bias_places, ids.size(1))
            self.bias_values = __torch__.choice.grown(
                self.bias_values, step.bias_places, ids.size(1))
            rest = [0, self.bias_ids.size(1) - ids.size(1)]
            self.bias_ids.index_copy_(0, places, torch.constant_pad_nd(ids, rest))
            self.bias_values.index_copy_(0, places, torch.constant_pad_nd(values, rest))

        C = step.new_lists.size(0)
        if C > 0:
            ids = step.new_list_ids.view([C, -1]).long()  # C D
            self.lists = __torch__.choice.grown(self.lists, step.list_places, ids.size(1))
            ids = torch.constant_pad_nd(ids, [0, self.lists.size(1) - ids.size(1)])
            self.lists.index_copy_(0, step.new_lists.long(), ids)

    def note(self, step: __torch__.step.Step) -> None:
        """Keeps the tokens of a step in their slots, as the arena keeps keys and values."""
        ids = step.token_ids
        if step.prompt_rows.size(0) > 0:
            ids = ids.index_copy(0, step.prompt_rows, step.prompt_tokens)

        self.tokens.index_copy_(0, step.slots, ids)

    def is_plain(self, step: __torch__.step.Step) -> bool:
        """Whether tokens are chosen of logits as they are."""
        changed = step.biased_rows.size(0) + step.banned_rows.size(0) + step.penalised_rows.size(0)
        return changed + step.masked_rows.size(0) + step.bound_rows.size(0) == 0

    def adjusted(self, logits: Tensor, step: __torch__.step.Step) -> Tensor:
        """The logits that tokens are chosen of, float32: B V."""
        if step.biased_rows.size(0) > 0:
            places = step.biased_places.long()  # K
            ids, values = self.bias_ids[places], self.bias_values[places]  # K D
            rows = step.biased_rows.long()[:, None].expand_as(ids)
            logits = logits.index_put([rows, ids], values, True)

        if step.banned_rows.size(0) > 0:
            logits = __torch__.sampling.ban(logits, step.banned_rows, step.banned_ids)

        if step.bound_rows.size(0) > 0:
            masks = self.masks.index_select(0, step.bound_places)  # K W
            logits = __torch__.sampling.mask(logits, step.bound_rows, masks)

        if step.masked_rows.size(0) > 0:
            logits = __torch__.sampling.mask(logits, step.masked_rows, step.masks)

        if step.penalised_rows.size(0) > 0:
            logits = self.penalised(logits, step)

        return logits

    def penalised(self, logits: Tensor, step: __torch__.step.Step) -> Tensor:
        """The logits less what tokens lose that their rows have already: B V.

        As in vLLM: a logit above 0 is divided by repetition, any other multiplied; then frequency
        comes off for each time the token was generated, then presence. Tokens of the prompt that
        were not generated are met by repetition alone.
        """
        J, V = step.penalised_tokens, logits.size(1)
        lengths = step.penalised_lengths.long()  # K
        K = lengths.size(0)
        owners = torch.arange(K, device=logits.device)
        owner = torch.repeat_interleave(owners, lengths, output_size=J)  # J
        begins = lengths.cumsum(0) - lengths  # K
        place = torch.arange(J, device=logits.device) - begins[owner]  # J, within its row
        ids = self.tokens.index_select(0, step.penalised_starts[owner] + place).long()  # J, or -1
        generated = (place >= step.penalised_prompts[owner]).float()  # J
        known = ids >= 0  # J
        cell = torch.where(known, owner * V + ids, K * V)  # J; the last is of no token
        counts = torch.zeros([K * V + 1], dtype=6, device=logits.device)
        count = counts.scatter_add_(0, cell, generated)[cell]  # J

        p = step.penalties.to(logits.device).float().view([-1, 3])[owner]  # J 3
        cell = torch.where(known, step.penalised_rows.long()[owner] * V + ids, logits.numel())
        all = torch.constant_pad_nd(logits.flatten(), [0, 1])  # BV+1, new memory
        x = all[cell]  # J
        x = torch.where(x > 0, x / p[:, 0], x * p[:, 0])
        x = x - p[:, 1] * count - p[:, 2] * (count > 0).float()
        all.scatter_(0, cell, x)  # what a token is met by twice is the same
        return all.narrow(0, 0, logits.numel()).view_as(logits)


    def logprobs(self, logits: Tensor, tokens: Tensor, step: __torch__.step.Step) -> Tensor:
        """Of the rows with log-probabilities the chosen token's, its rank, the top ids, theirs, and
        those of listed tokens, float64: K (1 + 1 + 2 top + listed)."""
        rows = step.logprob_rows.long()
        logits = logits[rows]  # K V
        told = __torch__.choice.told(logits, tokens[rows], step.top)
        if step.listed == 0:
            return told

        ids = self.lists.index_select(0, step.listed_places).narrow(1, 0, step.listed)  # K listed
        return torch.cat([told, logits.log_softmax(-1).gather(1, ids).double()], 1)


def told(logits: Tensor, tokens: Tensor, top: int) -> Tensor:
    """Log-probabilities of tokens, their ranks, the top ids and theirs, float64: K (1 + 1 + 2 top)."""
    logprobs = logits.log_softmax(-1)  # K V
    chosen = logprobs.gather(1, tokens[:, None].clamp(min=0))  # K 1
    rank = (logprobs >= chosen).sum([-1], True)  # K 1
    best, ids = logprobs.topk(top, -1)  # K top
    return torch.cat([chosen.double(), rank.double(), ids.double(), best.double()], 1)


def grown(table: Tensor, rows: int, columns: int) -> Tensor:
    """The table with at least so many rows and columns, zeros where it had none."""
    if rows > table.size(0):
        rows = max(rows, 2 * table.size(0))

    more = [0, max(0, columns - table.size(1)), 0, max(0, rows - table.size(0))]
    return torch.constant_pad_nd(table, more)
