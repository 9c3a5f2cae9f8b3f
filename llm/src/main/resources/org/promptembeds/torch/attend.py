# Attention of queries to the keys and values in the arena, by PyTorch's operators on any device.
# TorchScript source, see decoder.py.
#
# Shapes:
#   T tokens of the step      H query heads      K key/value heads      G = H / K      D head size
#   A rows of a slot: 2K, or K where keys are values, too      V size of a value, at most D
#   S slots of the arena      Q queries and C keys of one sequence
#   M single-token sequences taken together, L keys of the longest of them


class Attend(Interface):
    def single(self, q: Tensor, arena: Tensor, c: __torch__.block.Context) -> Tensor:
        """Attention of the single tokens taken together, each to its own slots, arena S A D: M H V."""
        pass

    def others(self, q: Tensor, arena: Tensor, c: __torch__.block.Context) -> Tensor:
        """The same of the tokens of the sequences that come behind them: T-M H V."""
        pass

    def mixed(self, q: Tensor, arena: Tensor, c: __torch__.block.Context) -> Tensor:
        """Attention of all tokens, of which there are single and other ones: T H V."""
        pass

    def bind(self, weights: Dict[str, Tensor]) -> None:
        pass


def to_slots(how: __torch__.attend.Attend, q: Tensor, arena: Tensor, c: __torch__.block.Context) -> Tensor:
    """Causal attention of every sequence to its own slots, arena S A D: T H V."""
    M, T = c.step.singles, q.size(0)
    if M == 0:
        return how.others(q, arena, c)

    return how.single(q, arena, c) if M == T else how.mixed(q, arena, c)


# Everything that attention can be asked for.
class Reference:
    path : str
    heads : int  # H
    kv_heads : int  # K
    head_dim : int  # D
    value_dim : int  # V
    window : int  # positions a query sees, itself included; 0 sees all
    chunk : int  # queries see their own chunk of so many positions; 0 for no chunks
    scale : float
    soft_cap : float  # 0 for none
    spans : int  # 0 are not seen both ways, 1 are as far as the window reaches, 2 are as a whole
    has_sinks : bool
    alibi : List[float]  # slope of each head; otherwise empty
    sinks : Tensor  # H
    slopes : Tensor  # H

    def others(self, q: Tensor, arena: Tensor, c: __torch__.block.Context) -> Tensor:
        sequences, spanned = c.regions.sequences, c.step.ahead
        first = q.size(0) - spanned.size(0) if self.spans > 0 else q.size(0)  # of the spanned tokens
        outputs : List[Tensor] = []
        row = 0
        for n in range(c.step.singles, len(sequences) // 3):
            queries, start, keys = sequences[3 * n], sequences[3 * n + 1], sequences[3 * n + 2]
            unseen = max(0, keys - queries - self.window + 1) if self.window > 0 else 0
            if self.chunk > 0:
                unseen = max(unseen, (keys - queries) // self.chunk * self.chunk)

            seen = arena[start + unseen:start + keys]  # C A D
            ahead : Optional[Tensor] = None
            if row >= first:
                ahead = spanned[row - first:row - first + queries]  # Q

            outputs.append(self.sequence(q[row:row + queries], seen, keys, ahead))
            row += queries

        return outputs[0] if len(outputs) == 1 else torch.cat(outputs)

    def sequence(self, q: Tensor, kv: Tensor, keys: int, ahead: Optional[Tensor]) -> Tensor:
        """One sequence of so many keys, whose last query sits at its last key: Q H V.

        A KV head is a batch of the G query heads that share it, so that no key is copied.
        ahead: keys that a query sees behind its own, Q
        """
        Q, C, K, G = q.size(0), kv.size(0), self.kv_heads, self.heads // self.kv_heads
        q = q.view([Q, K, G, self.head_dim]).permute([1, 2, 0, 3])  # K G Q D
        k = kv[:, :K].permute([1, 0, 2])[:, None].expand([-1, G, -1, -1])  # K G C D
        v = self.values(kv, 1).permute([1, 0, 2])[:, None].expand([-1, G, -1, -1])  # K G C V
        sliding = (0 < self.window and self.window < C) or self.chunk > 0
        biased = len(self.alibi) > 0
        causal = Q > 1 and Q == C and not sliding and not biased and not self.is_special()
        causal = causal and ahead is None
        mask : Optional[Tensor] = None
        if not causal and (Q > 1 or sliding or biased):
            query = torch.arange(C - Q, C, device=q.device)[:, None]  # Q 1
            key = torch.arange(C, device=q.device)[None]  # 1 C
            mask = self.mask(query - key, query + (keys - C), self.spanned(ahead, C), q.dtype)  # Q C
            if biased:
                mask = self.bias(query - key, mask).view([K, G, Q, C])

        a = self.softmax(q, k, v, mask, self.sinks.view([K, -1, 1, 1]), causal)  # K G Q V
        return a.permute([2, 0, 1, 3]).reshape([Q, self.heads, self.value_dim])  # Q H V

    def values(self, kv: Tensor, dim: int) -> Tensor:
        """The values of slots, whose A rows are dimension dim: the same with K rows and V elements."""
        return kv.narrow(dim, kv.size(dim) - self.kv_heads, self.kv_heads).narrow(-1, 0, self.value_dim)

    def spanned(self, ahead: Optional[Tensor], keys: int) -> Optional[Tensor]:
        """Whether a query and a key are in the same span: Q C, for the last queries of so many keys. Spans
        begin and end within the queries."""
        if ahead is None:
            return None

        first = keys - ahead.size(0)
        last = torch.arange(first, keys, device=ahead.device) + ahead  # Q, the last row of its span
        return last[:, None] == torch.constant_pad_nd(last, [first, 0], -1)[None]

    def single(self, q: Tensor, arena: Tensor, c: __torch__.block.Context) -> Tensor:
        """One query each of many sequences: M H V. The G queries of a KV head share its keys."""
        M, L, K, G = c.age.size(0), c.age.size(1), self.kv_heads, self.heads // self.kv_heads
        q = q.view([M, K, G, self.head_dim])  # M K G D
        kv = arena.index_select(0, c.regions.gather).view([M, L, -1, self.head_dim]).transpose(1, 2)  # M A L D
        mask = self.mask(c.age, c.step.key_lengths[:M, None] - 1, None, q.dtype)  # M L
        if len(self.alibi) > 0:
            mask = self.bias(c.age, mask).transpose(0, 1).reshape([M, K, G, L])
        else:
            mask = mask[:, None, None]  # M 1 1 L

        v = self.values(kv, 1)  # M K L V
        a = self.softmax(q, kv[:, :K], v, mask, self.sinks.view([K, -1, 1]), False)  # M K G V
        return a.reshape([M, self.heads, self.value_dim])  # M H V

    def mask(self, age: Tensor, query: Tensor, spanned: Optional[Tensor], dtype: int) -> Tensor:
        """What to add to a score: 0 where a key of this age is seen by the query at this position, -inf
        elsewhere. Shape of age; query broadcasts to it. spanned: whether the two are in one span."""
        unseen = age < 0
        if spanned is not None and self.spans == 1:
            unseen = unseen & ~spanned
        if self.window > 0:
            unseen = unseen | (age >= self.window)
        if self.chunk > 0:
            unseen = unseen | (age > query % self.chunk)
        if spanned is not None and self.spans == 2:
            unseen = unseen & ~spanned

        return torch.zeros_like(age, dtype=dtype).masked_fill_(unseen, -inf)

    def bias(self, age: Tensor, mask: Tensor) -> Tensor:
        """The mask, X, with the linear bias of each head: H X."""
        slopes = self.slopes.view([-1, 1, 1])
        return (mask - slopes * age).to(mask.dtype)

    def is_special(self) -> bool:
        """Whether scores are more than scaled products."""
        return self.soft_cap > 0.0 or self.has_sinks

    def softmax(self, q: Tensor, k: Tensor, v: Tensor, mask: Optional[Tensor], sinks: Tensor,
                causal: bool) -> Tensor:
        """Attention over the last two dimensions: … Q V. Sinks broadcast to the scores."""
        if not self.is_special():
            return torch.scaled_dot_product_attention(q, k, v, mask, 0.0, causal, scale=self.scale)

        scores = torch.matmul(q, k.transpose(-1, -2)) * self.scale  # … Q C
        if self.soft_cap > 0.0:
            scores = torch.tanh(scores / self.soft_cap) * self.soft_cap
        if mask is not None:
            scores = scores + mask
        if self.has_sinks:
            scores = torch.cat([scores, sinks.to(scores.dtype).expand_as(scores.narrow(-1, 0, 1))], -1)
            weights = scores.softmax(-1, dtype=6).to(q.dtype)
            return torch.matmul(weights.narrow(-1, 0, k.size(-2)), v)

        return torch.matmul(scores.softmax(-1, dtype=6).to(q.dtype), v)

    def mixed(self, q: Tensor, arena: Tensor, c: __torch__.block.Context) -> Tensor:
        M = c.step.singles
        rest = q.narrow(0, M, q.size(0) - M)
        return torch.cat([self.single(q.narrow(0, 0, M), arena, c), self.others(rest, arena, c)])

    def bind(self, weights: Dict[str, Tensor]) -> None:
        self.sinks = weights["device"].new_zeros([self.heads])
        if self.has_sinks:
            self.sinks = weights[self.path + "sinks"]
        if len(self.alibi) > 0:
            self.slopes = torch.tensor(self.alibi, dtype=6, device=weights["device"].device)
