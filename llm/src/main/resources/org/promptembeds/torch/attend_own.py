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

    def attend(self, q: Tensor, arena: Tensor, c: __torch__.block.Context) -> Tensor:
        singles = c.step.singles
        if singles == 0:
            return self.rest.others(q, arena, c)

        sinks : Optional[Tensor] = None
        if self.has_sinks:
            sinks = self.sinks

        single = q.narrow(0, 0, singles)  # M H D
        out = torch.empty([singles, q.size(1), q.size(2)], dtype=q.dtype, device=q.device)
        ops.own.attention(single, arena, c.step.key_starts, c.step.key_lengths, out, sinks,
                          self.window, self.scale, self.soft_cap)
        if singles == q.size(0):
            return out

        return torch.cat([out, self.rest.others(q.narrow(0, singles, q.size(0) - singles), arena, c)])

    def others(self, q: Tensor, arena: Tensor, c: __torch__.block.Context) -> Tensor:
        return self.rest.others(q, arena, c)

    def bind(self, weights: Dict[str, Tensor]) -> None:
        self.rest.bind(weights)
        if self.has_sinks:
            self.sinks = weights[self.path + "sinks"].float()
