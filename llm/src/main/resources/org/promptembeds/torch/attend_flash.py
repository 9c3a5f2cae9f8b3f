# Attention by the flash kernel that PyTorch has for CUDA. TorchScript source, see attend.py, whose
# shapes and interface these are.


# Without soft caps, sinks and chunks, in half precision.
class Flash:
    path : str
    kv_heads : int  # K
    window : int  # positions a query sees, itself included; 0 sees all
    scale : float
    alibi : List[float]  # slope of each head; otherwise empty
    slopes : Tensor  # H

    def single(self, q: Tensor, arena: Tensor, c: __torch__.block.Context) -> Tensor:
        """Single tokens have a call of their own, in which a key is read once for all the heads of its
        group; the kernel does so if no query is followed by another, and no window is set.
        """
        o, window = c.regions.offsets, self.window
        starts, lengths = o[1], o[2]  # M+1, M
        if window > 0:
            unseen = (lengths - window).clamp(0)  # M
            starts, lengths = starts + torch.constant_pad_nd(unseen, [0, 1]), lengths - unseen

        return self.call(q, arena, o[0], starts, lengths, 1, c.step.longest, -1)

    def others(self, q: Tensor, arena: Tensor, c: __torch__.block.Context) -> Tensor:
        step, o = c.step, c.regions.offsets
        return self.call(q, arena, o[3], o[4], o[5], step.max_queries, step.max_keys, self.window - 1)

    def call(self, q: Tensor, arena: Tensor, cu_queries: Tensor, key_starts: Tensor,
             key_lengths: Tensor, max_queries: int, max_keys: int, left: int) -> Tensor:
        K = self.kv_heads
        slopes : Optional[Tensor] = None
        if len(self.alibi) > 0:
            slopes = self.slopes

        keys, values = arena.narrow(1, 0, K), arena.narrow(1, K, K)  # S K D
        return torch._flash_attention_forward(
            q, keys, values, cu_queries, key_starts, max_queries, max_keys, 0.0, True, False,
            scale=self.scale, window_size_left=left, window_size_right=-1 if left < 0 else 0,
            seqused_k=key_lengths, alibi_slopes=slopes)[0]

    def mixed(self, q: Tensor, arena: Tensor, c: __torch__.block.Context) -> Tensor:
        M = c.step.singles
        rest = q.narrow(0, M, q.size(0) - M)
        return torch.cat([self.single(q.narrow(0, 0, M), arena, c), self.others(rest, arena, c)])

    def bind(self, weights: Dict[str, Tensor]) -> None:
        if len(self.alibi) > 0:
            self.slopes = torch.tensor(self.alibi, dtype=6, device=weights["device"].device)
