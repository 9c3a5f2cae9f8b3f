    # ---- Attention of prompts -------------------------------------------------------------------

    def setup_prompts(self, dtype: int, float8: int, D: int, G: int, K: int, N: int, longest: int,
                      cached: int) -> Tensor:
        """Up to so many queries of a sequence, behind up to so many keys that are there already; all
        as many, behind none, if cached is -1."""
        cuda, room = torch.device("cuda:0"), longest + max(cached, 0) + 3
        queries = torch.randint(1, longest + 1, [N], dtype=3, device=cuda)
        queries[0] = longest
        if cached < 0:
            queries.fill_(longest)

        lengths = queries + torch.randint(0, max(cached, 0) + 1, [N], dtype=3, device=cuda)
        starts = torch.arange(N + 1, dtype=3, device=cuda) * room
        kv = torch.randn([N * room, 2 * K, D], dtype=dtype, device=cuda)
        slots = torch.arange(N * room, device=cuda)
        unused = slots % room >= lengths[slots // room]
        kv.masked_fill_(unused[:, None, None], nan)
        if float8 > 0:
            kv = kv.to(24)

        cu = torch.constant_pad_nd(queries.cumsum(0), [1, 0]).int()
        T = int(cu[N])
        q = self.random([T, (G + 2) * K, D], dtype).narrow(1, 0, G * K)
        out = torch.full([T, G * K, D], nan, dtype=dtype, device=cuda)
        self.state = [q, kv, cu, starts, lengths, out, self.random([G * K], 6)]
        return self.none().cpu()

    def own_prompts(self, window: int, soft_cap: float, with_sinks: int, longest: int, times: int) -> Tensor:
        q, kv, cu, starts, lengths, out, s = self.state
        sinks : Optional[Tensor] = None
        if with_sinks > 0:
            sinks = s

        for i in range(times):
            ops.NAMESPACE.prompt_attention(
                q, kv, cu, starts, lengths, out, sinks, longest, window, q.size(2) ** -0.5, soft_cap)

        return torch.zeros([1], dtype=7)

    def stock_prompts(self, window: int, longest: int, times: int) -> Tensor:
        q, kv, cu, starts, lengths, out, s = self.state
        K = kv.size(1) // 2
        for i in range(times):
            self.state[5] = torch._flash_attention_forward(
                q, kv.narrow(1, 0, K), kv.narrow(1, K, K), cu, starts, longest, kv.size(0), 0.0, True, False,
                scale=q.size(2) ** -0.5, window_size_left=window - 1, window_size_right=-1 if window == 0 else 0,
                seqused_k=lengths)[0]

        return torch.zeros([1], dtype=7)

    def errors_prompts(self, window: int, soft_cap: float, with_sinks: int, longest: int) -> Tensor:
        q, kv, cu, starts, lengths, out, sinks = self.state
        self.own_prompts(window, soft_cap, with_sinks, longest, 1)
        H, D, K = q.size(1), q.size(2), kv.size(1) // 2
        G = H // K
        references : List[Tensor] = []
        for n in range(lengths.size(0)):
            first, last, start, L = int(cu[n]), int(cu[n + 1]), int(starts[n]), int(lengths[n])
            Q = last - first
            seen = kv[start:start + L].float().double()
            x = q[first:last].double().view([Q, K, G, D]).permute([1, 2, 0, 3])  # K G Q D
            scores = x.matmul(seen[:, :K].permute([1, 2, 0])[:, None]) * D ** -0.5  # K G Q L
            if soft_cap > 0.0:
                scores = (scores / soft_cap).tanh() * soft_cap

            age = torch.arange(L - Q, L, device=q.device)[:, None] - torch.arange(L, device=q.device)[None]
            unseen = age < 0
            if window > 0:
                unseen = unseen | (age >= window)

            scores = scores.masked_fill(unseen, -inf)
            if with_sinks > 0:
                scores = torch.cat([scores, sinks.double().view([K, G, 1, 1]).expand([-1, -1, Q, -1])], 3)

            weights = scores.softmax(-1)[:, :, :, :L]
            y = weights.matmul(seen[:, K:].permute([1, 0, 2])[:, None])  # K G Q D
            references.append(y.permute([2, 0, 1, 3]).reshape([Q, H, D]))

        reference = torch.cat(references)
        own, stock = self.error(out, reference), self.none()
        if soft_cap == 0.0 and with_sinks == 0 and kv.dtype == q.dtype and D % 8 == 0:
            self.stock_prompts(window, longest, 1)
            stock = self.error(self.state[5], reference)
            self.state[5] = out

        return torch.cat([own, stock]).cpu()
