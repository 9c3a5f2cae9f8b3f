# Attention of single tokens by a kernel of our own, on CUDA in half precision. TorchScript source, see
# attend.py, whose shapes and interface these are; `ops.own` as in kernels_cuda.py.


# Without chunks and linear biases.
class Own:
    path : str
    heads : int  # H
    window : int  # positions a query sees, itself included; 0 sees all
    scale : float
    soft_cap : float  # 0 for none
    has_sinks : bool
    rest : __torch__.attend.Attend  # for sequences of more tokens
    sinks : Tensor  # H, float32

    def single(self, q: Tensor, arena: Tensor, c: __torch__.block.Context) -> Tensor:
        sinks : Optional[Tensor] = None
        if self.has_sinks:
            sinks = self.sinks

        out = torch.empty(q.size(), dtype=q.dtype, device=q.device)
        ops.own.attention(q, arena, c.step.key_starts, c.step.key_lengths, out, sinks,
                          self.window, self.scale, self.soft_cap, c.step.shared_starts,
                          c.step.shared_lengths)
        return out

    def others(self, q: Tensor, arena: Tensor, c: __torch__.block.Context) -> Tensor:
        return self.rest.others(q, arena, c)

    def bind(self, weights: Dict[str, Tensor]) -> None:
        self.rest.bind(weights)
        if self.has_sinks:
            self.sinks = weights[self.path + "sinks"].float()
