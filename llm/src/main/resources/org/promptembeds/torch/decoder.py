# The decoder: one step of a decoder-only transformer over any mixture of prefill and decode.
#
# This is TorchScript source: TorchScriptArchive packs it as it is, PyTorch compiles it when the
# model is loaded, and TorchRunner calls its methods. Any ATen operator is `torch.name(...)`.
#
# Shapes:
#   T tokens of the step, all sequences one after another    N sequences of the step
#   E hidden size      F feed-forward size      V vocabulary      S slots of the KV arena
#   H query heads      K key/value heads        G = H / K         D head size    R rotated part of D
#   Q queries and C keys of one sequence        P prompt tokens   B rows that get a token
#   U rows drawn at random, of those B          M single-token sequences taken together, L the longest
#
# Dtype codes are PyTorch's: 3 int32, 4 int64, 5 float16, 6 float32, 7 float64, 15 bfloat16.


class Decoder(Module):
    __parameters__ = []
    __buffers__ = []
    training : bool
    device : str
    dtype : int
    flash : bool  # CUDA flash attention; otherwise scaled_dot_product_attention
    layers : int
    vocab : int
    hidden : int
    feed_forward : int
    heads : int
    kv_heads : int
    head_dim : int
    epsilon : float
    activation : int  # 0 silu, 1 gelu, 2 gelu with tanh, 3 relu
    qk_norm : bool
    windows : List[int]  # per layer: positions a query sees, itself included; 0 sees all
    inverse_frequencies : List[float]  # R / 2
    rope_factor : float  # on cosine and sine
    ntk : List[float]  # dynamic NTK: theta, factor, original length, R; otherwise empty
    weights : Dict[str, Tensor]  # while loading; the lists below share them
    embedding : List[Tensor]  # one: V E
    rope : List[Tensor]  # one: R/2
    input_norm : List[Tensor]  # per layer: E
    qkv : List[Tensor]  # per layer: (H+2K)D E
    qkv_bias : List[Optional[Tensor]]  # per layer: (H+2K)D
    head_norm : List[Tensor]  # per layer, if qk_norm: H+K D
    output : List[Tensor]  # per layer: HD E, transposed
    output_bias : List[Optional[Tensor]]  # per layer: E
    post_norm : List[Tensor]  # per layer: E
    gate_up : List[Tensor]  # per layer: 2F E
    gate_up_bias : List[Optional[Tensor]]  # per layer: 2F
    down : List[Tensor]  # per layer: F E, transposed
    down_bias : List[Optional[Tensor]]  # per layer: E
    final_norm : List[Tensor]  # one: E
    lm_head : List[Tensor]  # one: V E
    kv : List[Tensor]  # per layer: S 2K D, keys then values

    # ---- One step -------------------------------------------------------------------------------

    def step(self, plan: List[int], sizes: List[int], sequences: List[int],
             index: Tensor, embeds: Tensor, sampling: Tensor, biases: Tensor,
             penalties: Tensor) -> Tensor:
        """Chosen tokens, float64: B (1 + 1 + 2 top): id, log-probability, top ids, theirs.

        plan: max_queries, max_keys, singles, longest, embeds_dtype, top (see StepInput)
        sizes: lengths of the parts of index
        sequences: per sequence queries, first slot, keys
        index: int32, the parts one after another
        embeds: bytes of the prompt embeddings, P E of embeds_dtype
        sampling: float64, U 5: temperature, top_k, top_p, min_p, uniform
        biases: float64, one for each token that has one
        penalties: float64, B 3: repetition, frequency, presence; empty if no row has any
        """
        parts = torch.split_with_sizes(index.to(torch.device(self.device)), sizes)
        raw = self.forward(plan, sequences, parts, embeds)  # B V
        logits = raw
        if sizes[10] > 0:
            logits = __torch__.sampling.bias(logits, parts[10], parts[11], biases)

        if sizes[12] > 0:
            logits = __torch__.sampling.ban(logits, parts[12], parts[13])

        if sizes[14] > 0:
            logits = __torch__.sampling.penalise(
                logits, parts[14], parts[15], parts[16], penalties.view([-1, 3]))

        tokens = logits.argmax(-1)  # B
        if sizes[9] > 0:
            rows = parts[9].long()  # U
            drawn = logits if rows.size(0) == logits.size(0) else logits[rows]  # U V
            tokens[rows] = __torch__.sampling.draw(drawn, sampling.view([-1, 5]))  # U

        result = tokens.double()[:, None]  # B 1
        top = plan[5]
        if top >= 0:
            logprobs = raw.log_softmax(-1)  # B V
            chosen = logprobs.gather(1, tokens[:, None])  # B 1
            best, ids = logprobs.topk(top, -1)  # B top
            result = torch.cat([result, chosen.double(), ids.double(), best.double()], 1)

        return result.cpu()

    def logits(self, plan: List[int], sizes: List[int], sequences: List[int],
               index: Tensor, embeds: Tensor) -> Tensor:
        """Logits of the rows that get a token, before any sampling: B V, float32."""
        parts = torch.split_with_sizes(index.to(torch.device(self.device)), sizes)
        return self.forward(plan, sequences, parts, embeds).cpu()

    def forward(self, plan: List[int], sequences: List[int], parts: List[Tensor],
                embeds: Tensor) -> Tensor:
        token_ids, positions, slots, lengths = parts[0], parts[1], parts[2].long(), parts[3]  # T
        cu_queries, key_starts, key_lengths = parts[4], parts[5], parts[6]  # N+1, N+1, N
        prompt_rows, rows = parts[7].long(), parts[8]  # P, B
        self.move(parts[17].long(), parts[18].long())

        singles, longest = plan[2], plan[3]
        H, K, D = self.heads, self.kv_heads, self.head_dim
        x = self.inputs(token_ids, prompt_rows, embeds, plan[4])  # T E
        cos, sin = self.rotation(positions, lengths)  # T 1 R
        padded = 0 if self.flash else singles
        gather, age = self.padding(key_starts, key_lengths, padded, longest)  # ML, M L
        offsets = self.flash_offsets(cu_queries, key_starts, key_lengths, singles)

        for i in range(self.layers):
            h = torch.rms_norm(x, [self.hidden], self.input_norm[i], self.epsilon)  # T E
            qkv = torch.linear(h, self.qkv[i], self.qkv_bias[i]).view([-1, H + 2 * K, D])  # T H+2K D
            self.rotate(qkv.narrow(1, 0, H + K), i, cos, sin)
            self.kv[i].index_copy_(0, slots, qkv.narrow(1, H, 2 * K))
            q = qkv.narrow(1, 0, H)  # T H D
            if self.flash:
                a = self.flash_attention(q, i, plan, offsets)  # T H D
            else:
                a = self.attention(q, i, sequences, singles, gather, age)  # T H D

            x = self.project(x, a.reshape([-1, H * D]), self.output[i], self.output_bias[i])  # T E

            h = torch.rms_norm(x, [self.hidden], self.post_norm[i], self.epsilon)  # T E
            h = self.gated(h, i)  # T F
            x = self.project(x, h, self.down[i], self.down_bias[i])  # T E

        x = torch.rms_norm(x.index_select(0, rows), [self.hidden], self.final_norm[0], self.epsilon)  # B E
        return torch.linear(x, self.lm_head[0]).float()  # B V

    # ---- Its parts, in the order of use ---------------------------------------------------------

    def move(self, source: Tensor, target: Tensor) -> None:
        """Copies slots of the arena; all are read before any is written."""
        if source.size(0) > 0:
            for i in range(self.layers):
                self.kv[i].index_copy_(0, target, self.kv[i].index_select(0, source))

    def inputs(self, token_ids: Tensor, prompt_rows: Tensor, embeds: Tensor, dtype: int) -> Tensor:
        """Embedding rows of generated tokens, the caller's rows at prompt positions: T E."""
        if prompt_rows.size(0) == 0:
            return self.embedding[0].index_select(0, token_ids)  # T E

        prompt = embeds.to(torch.device(self.device)).view_copy(dtype)
        prompt = prompt.view([-1, self.hidden]).to(self.dtype)  # P E
        if prompt.size(0) == token_ids.size(0):
            return prompt

        x = self.embedding[0].index_select(0, token_ids)  # T E
        return x.index_copy_(0, prompt_rows, prompt)

    def rotation(self, positions: Tensor, lengths: Tensor) -> Tuple[Tensor, Tensor]:
        """Cosine and sine of each token's angles, the sine negated in the first half: each T 1 R."""
        frequencies = self.rope[0][None]  # 1 R/2
        if len(self.ntk) > 0:
            theta, factor, original, dim = self.ntk[0], self.ntk[1], self.ntk[2], self.ntk[3]
            length = lengths[:, None].double().clamp(original)  # T 1
            base = theta * (factor * length / original - (factor - 1.0)) ** (dim / (dim - 2.0))  # T 1
            pairs = torch.arange(0.0, dim, 2.0, dtype=7, device=torch.device(self.device))  # R/2
            frequencies = (base ** (-pairs / dim)).float()  # T R/2

        angles = positions[:, None].float() * frequencies  # T R/2
        cos, sin = angles.cos() * self.rope_factor, angles.sin() * self.rope_factor
        cos, sin = torch.cat([cos, cos], 1)[:, None], torch.cat([-sin, sin], 1)[:, None]  # T 1 R
        return cos.to(self.dtype), sin.to(self.dtype)

    def rotate(self, qk: Tensor, layer: int, cos: Tensor, sin: Tensor) -> None:
        """Normalises (if the model does) and rotates queries and keys, in place: T H+K D."""
        if self.qk_norm:
            qk.copy_(torch.rms_norm(qk, [self.head_dim], None, self.epsilon)).mul_(self.head_norm[layer])

        pairs = self.rope[0].size(0)
        rotated = qk if 2 * pairs == self.head_dim else qk.narrow(2, 0, 2 * pairs)  # T H+K R
        swapped = torch.cat([rotated.narrow(2, pairs, pairs), rotated.narrow(2, 0, pairs)], 2)  # T H+K R
        rotated.mul_(cos).addcmul_(swapped, sin)

    def flash_offsets(self, cu_queries: Tensor, key_starts: Tensor, key_lengths: Tensor,
                      singles: int) -> List[Tensor]:
        """Offsets of the M single tokens (M+1, M+1, M), then of the other sequences."""
        if singles == 0 or singles == key_lengths.size(0):
            return [cu_queries, key_starts, key_lengths, cu_queries, key_starts, key_lengths]

        return [cu_queries[:singles + 1], key_starts[:singles + 1], key_lengths[:singles],
                cu_queries[singles:] - singles, key_starts[singles:], key_lengths[singles:]]

    def flash_attention(self, q: Tensor, layer: int, plan: List[int], offsets: List[Tensor]) -> Tensor:
        """Causal attention of every sequence to its own slots, by CUDA's kernel: T H D.

        Single tokens have a call of their own, in which a key is read once for all the heads of its
        group; the kernel does so if no query is followed by another, and no window is set.
        """
        tokens, singles, window = q.size(0), plan[2], self.windows[layer]
        outputs : List[Tensor] = []
        if singles > 0:
            starts, lengths = offsets[1], offsets[2]  # M+1, M
            if window > 0:
                unseen = (lengths - window).clamp(0)  # M
                starts, lengths = starts + torch.constant_pad_nd(unseen, [0, 1]), lengths - unseen

            single = q if singles == tokens else q.narrow(0, 0, singles)  # M H D
            outputs.append(self.flash_call(single, layer, offsets[0], starts, lengths, 1, plan[3], -1))

        if singles < tokens:
            others = q if singles == 0 else q.narrow(0, singles, tokens - singles)
            outputs.append(self.flash_call(
                others, layer, offsets[3], offsets[4], offsets[5], plan[0], plan[1], window - 1))

        return outputs[0] if len(outputs) == 1 else torch.cat(outputs)

    def flash_call(self, q: Tensor, layer: int, cu_queries: Tensor, key_starts: Tensor,
                   key_lengths: Tensor, max_queries: int, max_keys: int, left: int) -> Tensor:
        K = self.kv_heads
        keys, values = self.kv[layer].narrow(1, 0, K), self.kv[layer].narrow(1, K, K)  # S K D
        return torch._flash_attention_forward(
            q, keys, values, cu_queries, key_starts, max_queries, max_keys, 0.0, True, False,
            scale=self.head_dim ** -0.5, window_size_left=left, window_size_right=-1 if left < 0 else 0,
            seqused_k=key_lengths)[0]

    def padding(self, key_starts: Tensor, key_lengths: Tensor, singles: int,
                longest: int) -> Tuple[Tensor, Tensor]:
        """For the first `singles` sequences: slots to gather (ML), and how old each key is (M L).

        The newest key has age 0; what lies past it has a negative age and the newest key's slot.
        """
        if singles == 0:
            return key_starts, key_starts

        starts, newest = key_starts[:singles, None], key_lengths[:singles, None] - 1  # M 1
        keys = torch.arange(longest, dtype=3, device=torch.device(self.device))[None]  # 1 L
        return (starts + torch.minimum(keys, newest)).flatten(), newest - keys

    def attention(self, q: Tensor, layer: int, sequences: List[int], singles: int, gather: Tensor,
                  age: Tensor) -> Tensor:
        """Causal attention of every sequence to its own slots: T H D."""
        kv, window = self.kv[layer], self.windows[layer]  # S 2K D
        outputs : List[Tensor] = []
        if singles > 0:
            outputs.append(self.attend_padded(q[:singles], kv.index_select(0, gather), window, age))

        row = singles
        for n in range(singles, len(sequences) // 3):
            queries, start, keys = sequences[3 * n], sequences[3 * n + 1], sequences[3 * n + 2]
            unseen = max(0, keys - queries - window + 1) if window > 0 else 0
            seen = kv[start + unseen:start + keys]  # C 2K D
            outputs.append(self.attend(q[row:row + queries], seen, window))
            row += queries

        return outputs[0] if len(outputs) == 1 else torch.cat(outputs)

    def attend(self, q: Tensor, kv: Tensor, window: int) -> Tensor:
        """One sequence, whose last query sits at its last key: Q H D.

        A KV head is a batch of the G query heads that share it, so that no key is copied.
        """
        Q, C, K, G = q.size(0), kv.size(0), self.kv_heads, self.heads // self.kv_heads
        q = q.view([Q, K, G, self.head_dim]).permute([1, 2, 0, 3])  # K G Q D
        k = kv[:, :K].permute([1, 0, 2])[:, None].expand([-1, G, -1, -1])  # K G C D
        v = kv[:, K:].permute([1, 0, 2])[:, None].expand([-1, G, -1, -1])  # K G C D
        sliding = 0 < window and window < C
        causal = Q > 1 and Q == C and not sliding
        mask : Optional[Tensor] = None
        if not causal and (Q > 1 or sliding):
            query = torch.arange(C - Q, C, device=torch.device(self.device))[:, None]  # Q 1
            key = torch.arange(C, device=torch.device(self.device))[None]  # 1 C
            mask = self.mask(query - key, window)  # Q C

        a = torch.scaled_dot_product_attention(q, k, v, mask, 0.0, causal, scale=self.head_dim ** -0.5)
        return a.permute([2, 0, 1, 3]).reshape([Q, self.heads, self.head_dim])  # Q H D

    def attend_padded(self, q: Tensor, kv: Tensor, window: int, age: Tensor) -> Tensor:
        """One query each of many sequences: M H D. The G queries of a KV head share its keys."""
        M, L, K = age.size(0), age.size(1), self.kv_heads
        q = q.view([M, K, self.heads // K, self.head_dim])  # M K G D
        kv = kv.view([M, L, 2 * K, self.head_dim]).transpose(1, 2)  # M 2K L D
        mask = self.mask(age, window)[:, None, None]  # M 1 1 L
        a = torch.scaled_dot_product_attention(
            q, kv[:, :K], kv[:, K:], mask, 0.0, False, scale=self.head_dim ** -0.5)  # M K G D
        return a.reshape([M, self.heads, self.head_dim])  # M H D

    def mask(self, age: Tensor, window: int) -> Tensor:
        """What to add to a score: 0 where a key of this age is seen, -inf elsewhere. Shape of age."""
        unseen = age < 0
        if window > 0:
            unseen = unseen | (age >= window)

        return torch.zeros_like(age, dtype=self.dtype).masked_fill_(unseen, -inf)

    def project(self, x: Tensor, a: Tensor, weight: Tensor, bias: Optional[Tensor]) -> Tensor:
        """Adds `a @ weight + bias` to the residual stream, in place: T E."""
        if bias is not None:
            x.add_(bias)

        return x.addmm_(a, weight)

    def gated(self, h: Tensor, layer: int) -> Tensor:
        """The up projection times the activated gate: T F.

        One product for few tokens, as reading the weights is its cost; two for many, for then each
        half is contiguous, and what follows is quicker.
        """
        F, weight, bias = self.feed_forward, self.gate_up[layer], self.gate_up_bias[layer]
        if h.size(0) <= 512:
            gate_up = torch.linear(h, weight, bias)  # T 2F
            return self.activate(gate_up.narrow(1, 0, F)).mul_(gate_up.narrow(1, F, F))

        gate_bias, up_bias = bias, bias  # F
        if bias is not None:
            gate_bias, up_bias = bias.narrow(0, 0, F), bias.narrow(0, F, F)

        gate = torch.linear(h, weight.narrow(0, 0, F), gate_bias)  # T F
        return self.activate(gate).mul_(torch.linear(h, weight.narrow(0, F, F), up_bias))

    def activate(self, gate: Tensor) -> Tensor:
        if self.activation == 0:
            return torch.silu(gate)
        if self.activation == 1:
            return torch.gelu(gate)
        if self.activation == 2:
            return torch.gelu(gate, approximate="tanh")

        return torch.relu(gate)

    # ---- Loading --------------------------------------------------------------------------------

    def probe(self, device: str, bytes: int) -> Tensor:
        """A block of memory; raises if the device is missing or has not so much memory free."""
        return torch.empty([bytes], dtype=0, device=torch.device(device))

    def place(self, device: str, dtype: int, flash: bool) -> None:
        """Decides where and in what precision everything below is made."""
        self.device = device
        self.dtype = dtype
        self.flash = flash

    def allocate(self, name: str, shape: List[int]) -> None:
        """Makes an uninitialised weight."""
        self.weights[name] = torch.empty(shape, dtype=self.dtype, device=torch.device(self.device))

    def randomise(self, name: str, shape: List[int], deviation: float) -> None:
        """Makes a random normal weight."""
        self.allocate(name, shape)
        self.weights[name].normal_(0.0, deviation)

    def fill(self, name: str, offset: int, data: Tensor, dtype: int) -> None:
        """Writes elements [offset, ...) of a weight from the bytes of elements of type dtype."""
        values = data.to(torch.device(self.device)).view_copy(dtype)
        self.weights[name].view([-1])[offset:offset + values.size(0)].copy_(values)

    def optional(self, name: str) -> Optional[Tensor]:
        result : Optional[Tensor] = None
        if name in self.weights:
            result = self.weights[name]

        return result

    def bind(self, tied: bool) -> None:
        """Puts the weights in their places, once all are filled."""
        w = self.weights
        self.rope.append(torch.tensor(self.inverse_frequencies, dtype=6, device=torch.device(self.device)))
        self.embedding.append(w["embedding"])
        self.final_norm.append(w["final_norm"])
        self.lm_head.append(w["embedding"] if tied else w["lm_head"])
        for i in range(self.layers):
            prefix = "{}.".format(i)
            self.input_norm.append(w[prefix + "input_norm"])
            self.qkv.append(w[prefix + "qkv"])
            self.qkv_bias.append(self.optional(prefix + "qkv_bias"))
            self.output.append(w[prefix + "output"].t())
            self.output_bias.append(self.optional(prefix + "output_bias"))
            self.post_norm.append(w[prefix + "post_norm"])
            self.gate_up.append(w[prefix + "gate_up"])
            self.gate_up_bias.append(self.optional(prefix + "gate_up_bias"))
            self.down.append(w[prefix + "down"].t())
            self.down_bias.append(self.optional(prefix + "down_bias"))
            if self.qk_norm:
                q = w[prefix + "q_norm"].expand([self.heads, -1])  # H D
                k = w[prefix + "k_norm"].expand([self.kv_heads, -1])  # K D
                self.head_norm.append(torch.cat([q, k]))

        w.clear()

    def allocate_kv(self, slots: int) -> None:
        """Makes the KV arena."""
        for i in range(self.layers):
            shape = [slots, 2 * self.kv_heads, self.head_dim]
            self.kv.append(torch.empty(shape, dtype=self.dtype, device=torch.device(self.device)))
