# Own kernels beside PyTorch's operators and beside float64; NAMESPACE stands for that of the operators.
#
# Shapes as in kernels.cu. Methods named setup_ make random tensors, own_ and stock_ run an operator
# so many times, and errors_ return |own - reference| / |reference| and the same of stock (-1 if there
# is no such operator).


class Script(Module):
    __parameters__ = []
    __buffers__ = []
    training : bool
    state : List[Tensor]

    def error(self, x: Tensor, reference: Tensor) -> Tensor:
        x, reference = x.double(), reference.double()
        return (torch.norm(x - reference) / torch.norm(reference).clamp(min=1e-30))[None]

    def random(self, sizes: List[int], dtype: int) -> Tensor:
        return torch.randn(sizes, device=torch.device("cuda:0")).to(dtype)

    def none(self) -> Tensor:
        return torch.full([1], -1.0, dtype=7, device=torch.device("cuda:0"))

    def copy_rate(self, bytes: int, times: int) -> Tensor:
        if len(self.state) != 2:
            self.state = [self.random([bytes // 2], 15), self.random([bytes // 2], 15)]

        for i in range(times):
            self.state[1].copy_(self.state[0])

        return torch.zeros([1], dtype=7)

    # ---- Attention of single queries ------------------------------------------------------------

    def setup_attention(self, dtype: int, float8: int, D: int, G: int, K: int, M: int, longest: int,
                        equal: int) -> Tensor:
        cuda, room = torch.device("cuda:0"), longest + 3
        lengths = torch.randint(1, longest + 1, [M], dtype=3, device=cuda)
        if equal > 0:
            lengths.fill_(longest)
        else:
            lengths[0] = longest

        starts = torch.arange(M + 1, dtype=3, device=cuda) * room
        kv = torch.randn([M * room, 2 * K, D], dtype=dtype, device=cuda)
        slots = torch.arange(M * room, device=cuda)
        unused = slots % room >= lengths[slots // room]
        kv.masked_fill_(unused[:, None, None], nan)
        if float8 > 0:
            kv = kv.to(24)

        q = self.random([M, (G + 2) * K, D], dtype).narrow(1, 0, G * K)
        out = torch.full([M, G * K, D], nan, dtype=dtype, device=cuda)
        self.state = [q, kv, starts, lengths, out, self.random([G * K], 6)]
        return self.none().cpu()

    def own_attention(self, window: int, soft_cap: float, with_sinks: int, times: int) -> Tensor:
        q, kv, starts, lengths, out, s = self.state
        sinks : Optional[Tensor] = None
        if with_sinks > 0:
            sinks = s

        for i in range(times):
            ops.NAMESPACE.attention(
                q, kv, starts, lengths, out, sinks, window, q.size(2) ** -0.5, soft_cap, None, None)

        return torch.zeros([1], dtype=7)

    def setup_shared(self, count: int) -> Tensor:
        """Lets every other sequence, behind setup_attention, begin with the same count keys, and puts
        these behind the others'."""
        q, kv, starts, lengths, out, sinks = self.state
        M, cuda = q.size(0), torch.device("cuda:0")
        block = kv.narrow(0, 0, count).clone()
        shared = torch.minimum(lengths - 1, torch.full_like(lengths, count))
        shared = shared * (torch.arange(M, dtype=3, device=cuda) % 2)
        keys = torch.arange(count, device=cuda)[None].expand([M, -1])
        there = keys < shared[:, None]
        kv.index_copy_(0, (starts[:M, None] + keys)[there], block.index_select(0, keys[there]))
        gone = there & (keys < shared[:, None] // 16 * 16)
        self.state = [
            q, torch.cat([kv, block]), starts, lengths, out, sinks,
            torch.full_like(lengths, kv.size(0)), shared, (starts[:M, None] + keys)[gone]]
        return self.none().cpu()

    def own_shared(self, window: int, times: int) -> Tensor:
        s = self.state
        for i in range(times):
            ops.NAMESPACE.attention(
                s[0], s[1], s[2], s[3], s[4], None, window, s[0].size(2) ** -0.5, 0.0, s[6], s[7])

        return torch.zeros([1], dtype=7)

    def errors_shared(self) -> Tensor:
        """Of what is read in one place, beside what each sequence reads of its own: with a window, then of
        all, when nothing is left of its own."""
        s = self.state
        errors : List[Tensor] = []
        for window in [25, 0]:
            ops.NAMESPACE.attention(
                s[0], s[1], s[2], s[3], s[4], None, window, s[0].size(2) ** -0.5, 0.0, None, None)
            expected = s[4].clone()
            s[4].fill_(nan)
            if window == 0:
                s[1].index_fill_(0, s[8], nan)

            self.own_shared(window, 2)
            errors.append(self.error(s[4], expected))

        return torch.cat(errors)

    def flash(self, window: int, longest: int) -> Tensor:
        q, kv, starts, lengths, out, s = self.state
        K = kv.size(1) // 2
        if window > 0:
            unseen = (lengths - window).clamp(0)
            starts, lengths = starts + torch.constant_pad_nd(unseen, [0, 1]), lengths - unseen

        cu = torch.arange(q.size(0) + 1, dtype=3, device=torch.device("cuda:0"))
        return torch._flash_attention_forward(
            q, kv.narrow(1, 0, K), kv.narrow(1, K, K), cu, starts, 1, longest, 0.0, True, False,
            scale=q.size(2) ** -0.5, window_size_left=-1, window_size_right=-1, seqused_k=lengths)[0]

    def stock_attention(self, window: int, longest: int, times: int) -> Tensor:
        for i in range(times):
            self.state[4] = self.flash(window, longest)

        return torch.zeros([1], dtype=7)

    def errors_attention(self, window: int, soft_cap: float, with_sinks: int) -> Tensor:
        q, kv, starts, lengths, out, sinks = self.state
        self.own_attention(window, soft_cap, with_sinks, 2)
        M, H, D, K = q.size(0), q.size(1), q.size(2), kv.size(1) // 2
        G, L = H // K, int(lengths.max())
        keys = torch.arange(L, device=torch.device("cuda:0"))[None]
        newest = lengths[:, None] - 1
        gather = (starts[:M, None] + torch.minimum(keys, newest)).flatten()
        seen = kv.float().index_select(0, gather).double().view([M, L, 2 * K, D])
        scores = q.double().view([M, K, G, D]).matmul(seen[:, :, :K].permute([0, 2, 3, 1])) * D ** -0.5
        if soft_cap > 0.0:
            scores = (scores / soft_cap).tanh() * soft_cap

        age = newest - keys
        unseen = age < 0
        if window > 0:
            unseen = unseen | (age >= window)

        scores = scores.masked_fill(unseen[:, None, None], -inf)
        if with_sinks > 0:
            scores = torch.cat([scores, sinks.double().view([1, K, G, 1]).expand([M, -1, -1, -1])], 3)

        weights = scores.softmax(-1)[:, :, :, :L]
        reference = weights.matmul(seen[:, :, K:].permute([0, 2, 1, 3])).view([M, H, D])
        stock = self.none()
        if soft_cap == 0.0 and with_sinks == 0 and kv.dtype == q.dtype and D % 8 == 0:
            stock = self.error(self.flash(window, L), reference)

        return torch.cat([self.error(out, reference), stock]).cpu()

    # ---- Norms ----------------------------------------------------------------------------------

    def setup_norm(self, dtype: int, float8: int, T: int, E: int, wide: int) -> Tensor:
        cuda = torch.device("cuda:0")
        out = torch.full([T, E], nan, dtype=dtype, device=cuda)
        if float8 > 0:
            out = out.to(24)

        self.state = [
            self.random([T, E + 16], dtype).narrow(1, 8, E) + 0.5, self.random([T, E], dtype),
            self.random([E], 6 if wide > 0 else dtype), self.random([E], dtype), out, torch.full([T, 1], nan, device=cuda)]
        return self.none().cpu()

    def own_norm(self, with_added: int, layer: int, offset: float, times: int) -> Tensor:
        x, y, weight, b, out, s = self.state
        added : Optional[Tensor] = None
        bias : Optional[Tensor] = None
        scales : Optional[Tensor] = None
        if with_added > 0:
            added = y

        if layer > 0:
            bias = b

        if out.dtype != x.dtype:
            scales = s

        for i in range(times):
            ops.NAMESPACE.normalise(x, added, weight, bias, out, scales, layer > 0, 1e-5, offset)

        return torch.zeros([1], dtype=7)

    def stock_norm(self, layer: int, times: int) -> Tensor:
        x, y, weight, bias, out, s = self.state
        for i in range(times):
            if layer > 0:
                self.state[4] = torch.layer_norm(x, [x.size(1)], weight, bias, 1e-5)
            else:
                self.state[4] = torch.rms_norm(x, [x.size(1)], weight, 1e-5)

        return torch.zeros([1], dtype=7)

    def errors_norm(self, with_added: int, layer: int, offset: float) -> Tensor:
        x, added, weight, bias, out, scales = self.state
        before = x.clone()
        self.own_norm(with_added, layer, offset, 1)
        expected = before + added if with_added > 0 else before
        wrong = (x != expected).sum().double()[None]
        wide = expected.double()
        if layer > 0:
            reference = torch.layer_norm(wide, [x.size(1)], weight.double() + offset, bias.double(), 1e-5)
            stock = torch.layer_norm(expected, [x.size(1)], (weight + offset).to(x.dtype), bias, 1e-5)
        else:
            reference = torch.rms_norm(wide, [x.size(1)], weight.double() + offset, 1e-5)
            stock = torch.rms_norm(expected.to(weight.dtype), [x.size(1)], weight + offset, 1e-5)

        own = out.double()
        if out.dtype != x.dtype:
            return torch.cat([self.error(own * scales.double(), reference), self.none(), wrong]).cpu()

        if offset != 0.0:
            return torch.cat([self.error(own, reference), self.none(), wrong]).cpu()

        return torch.cat([self.error(own, reference), self.error(stock, reference), wrong]).cpu()

    # ---- Gated activations ----------------------------------------------------------------------

    def setup_gated(self, dtype: int, float8: int, T: int, F: int) -> Tensor:
        cuda = torch.device("cuda:0")
        out = torch.full([T, F], nan, dtype=dtype, device=cuda)
        if float8 > 0:
            out = out.to(24)

        self.state = [self.random([T, 2 * F], dtype), out, torch.full([T, 1], nan, device=cuda)]
        return self.none().cpu()

    def own_gated(self, kind: int, with_up: int, times: int) -> Tensor:
        gate_up, out, s = self.state
        F = out.size(1)
        up : Optional[Tensor] = None
        scales : Optional[Tensor] = None
        if with_up > 0:
            up = gate_up.narrow(1, F, F)

        if out.dtype != gate_up.dtype:
            scales = s

        gate = gate_up.narrow(1, 0, F)
        for i in range(times):
            ops.NAMESPACE.gated(gate, up, out, scales, kind)

        return torch.zeros([1], dtype=7)

    def activated(self, x: Tensor, kind: int) -> Tensor:
        if kind == 0:
            return torch.silu(x)

        if kind == 1:
            return torch.gelu(x)

        if kind == 2:
            return torch.gelu(x, approximate="tanh")

        if kind == 3:
            return torch.relu(x)

        if kind == 4:
            return torch.relu(x).square()

        if kind == 5:
            return x * torch.sigmoid(1.702 * x)

        if kind == 6:
            return torch.sigmoid(x)

        return torch.tanh(x) if kind == 7 else x.clone()

    def stock_gated(self, kind: int, times: int) -> Tensor:
        gate_up, out, s = self.state
        F = out.size(1)
        for i in range(times):
            self.activated(gate_up.narrow(1, 0, F), kind).mul_(gate_up.narrow(1, F, F))

        return torch.zeros([1], dtype=7)

    def errors_gated(self, kind: int, with_up: int) -> Tensor:
        gate_up, out, scales = self.state
        F = out.size(1)
        self.own_gated(kind, with_up, 1)
        gate, up = gate_up.narrow(1, 0, F), gate_up.narrow(1, F, F)
        reference = self.activated(gate.double(), kind)
        stock = self.activated(gate, kind)
        if with_up > 0:
            reference = reference * up.double()
            stock = stock * up

        own = out.double()
        if out.dtype != gate_up.dtype:
            return torch.cat([self.error(own * scales.double(), reference), self.none()]).cpu()

        return torch.cat([self.error(own, reference), self.error(stock, reference)]).cpu()

    # ---- Rotation, and the way into the arena ---------------------------------------------------

    def setup_rotation(self, dtype: int, float8: int, D: int, G: int, K: int, T: int, pairs: int,
                       wide: int) -> Tensor:
        cuda = torch.device("cuda:0")
        kv = torch.full([2 * T + 5, 2 * K, D], nan, dtype=dtype, device=cuda)
        if float8 > 0:
            kv = kv.to(24)

        slots = torch.randperm(2 * T + 5, device=cuda)[:T].contiguous()
        angles = torch.rand([T, pairs], device=cuda) * 6.28
        both = torch.stack([angles.cos(), angles.sin()]).to(6 if wide > 0 else dtype)
        self.state = [
            self.random([T, (G + 2) * K, D], dtype), kv, slots, both[0], both[1],
            self.random([(G + 2) * K, D], dtype), self.random([(G + 1) * K, D], 6 if wide > 0 else dtype)]
        return self.none().cpu()

    def own_rotation(self, interleaved: int, with_bias: int, with_norm: int, offset: float,
                     times: int) -> Tensor:
        qkv, kv, slots, cos, sin, b, n = self.state
        bias : Optional[Tensor] = None
        norm : Optional[Tensor] = None
        if with_bias > 0:
            bias = b

        if with_norm > 0:
            norm = n

        heads = qkv.size(1) - kv.size(1)
        for i in range(times):
            ops.NAMESPACE.rotate_and_store(
                qkv, kv, slots, cos, sin, bias, norm, heads, interleaved > 0, 1e-6, offset)

        return torch.zeros([1], dtype=7)

    def rotated(self, qkv: Tensor, cos: Tensor, sin: Tensor, norm: Optional[Tensor], interleaved: int) -> Tensor:
        """As the decoder does it, in the type of qkv: T H+2K D."""
        K2 = self.state[1].size(1)
        qk, v = qkv.narrow(1, 0, qkv.size(1) - K2 // 2), qkv.narrow(1, qkv.size(1) - K2 // 2, K2 // 2)
        pairs = cos.size(1)
        if norm is not None:
            qk = torch.rms_norm(qk, [qk.size(2)], None, 1e-6) * norm.to(qk.dtype)

        x = qk.narrow(2, 0, 2 * pairs)
        cos, sin = cos[:, None].to(qkv.dtype), sin[:, None].to(qkv.dtype)
        if interleaved > 0:
            even, odd = x[:, :, 0::2], x[:, :, 1::2]
            x = torch.stack([even * cos - odd * sin, odd * cos + even * sin], 3).flatten(2)
        else:
            a, b = x.narrow(2, 0, pairs), x.narrow(2, pairs, pairs)
            x = torch.cat([a * cos - b * sin, b * cos + a * sin], 2)

        return torch.cat([torch.cat([x, qk.narrow(2, 2 * pairs, qk.size(2) - 2 * pairs)], 2), v], 1)

    def stock_rotation(self, times: int) -> Tensor:
        qkv, kv, slots, cos, sin, b, n = self.state
        heads, pairs = qkv.size(1) - kv.size(1), cos.size(1)
        cos = torch.cat([cos, cos], 1)[:, None].to(qkv.dtype)
        sin = torch.cat([-sin, sin], 1)[:, None].to(qkv.dtype)
        for i in range(times):
            qk = qkv.narrow(1, 0, heads + kv.size(1) // 2)
            swapped = torch.cat([qk.narrow(2, pairs, pairs), qk.narrow(2, 0, pairs)], 2)
            qk.mul_(cos).addcmul_(swapped, sin)
            kv.index_copy_(0, slots, qkv.narrow(1, heads, kv.size(1)))

        return torch.zeros([1], dtype=7)

    def errors_rotation(self, interleaved: int, with_bias: int, with_norm: int, offset: float) -> Tensor:
        qkv, kv, slots, cos, sin, bias, n = self.state
        before = qkv.clone()
        norm : Optional[Tensor] = None
        wide_norm : Optional[Tensor] = None
        if with_norm > 0:
            norm = n + offset
            wide_norm = n.double() + offset

        wide = before.double()
        if with_bias > 0:
            wide = wide + bias.double()
            before = before + bias

        reference = self.rotated(wide, cos.double(), sin.double(), wide_norm, interleaved)
        stock = self.rotated(before, cos, sin, norm, interleaved)
        self.own_rotation(interleaved, with_bias, with_norm, offset, 1)
        heads = qkv.size(1) - kv.size(1)
        arena = kv.float()
        own = torch.cat([qkv.narrow(1, 0, heads).double(), arena.index_select(0, slots).double()], 1)
        written = (~arena.isnan()).sum().double()[None] / float(kv.size(1) * kv.size(2))
        other = self.error(stock, reference)
        if kv.dtype != qkv.dtype:
            other = self.none()

        return torch.cat([self.error(own, reference), other, written - float(slots.size(0))]).cpu()
