    # ---- Products whose factors kernels apply ----------------------------------------------------

    def factors(self, T: int, columns: int) -> Tuple[Tensor, Tensor]:
        cuda = torch.device("cuda:0")
        return torch.rand([T, 1], device=cuda) + 0.5, torch.rand([columns], device=cuda) + 0.5

    def errors_norm_of_sum(self, layer: int) -> Tensor:
        """Of the norm, and of x + added with factors."""
        x, added, weight, b, out, s = self.state
        before = x.clone()
        rows, columns = self.factors(x.size(0), x.size(1))
        bias : Optional[Tensor] = None
        scales : Optional[Tensor] = None
        if layer > 0:
            bias = b

        if out.dtype != x.dtype:
            scales = s

        ops.NAMESPACE.normalise(x, added, weight, bias, out, scales, layer > 0, 1e-5, 0.0, rows, columns)
        sum = before.double() + added.double() * rows.double() * columns.double()
        if layer > 0:
            reference = torch.layer_norm(x.double(), [x.size(1)], weight.double(), b.double(), 1e-5)
        else:
            reference = torch.rms_norm(x.double(), [x.size(1)], weight.double(), 1e-5)

        own = out.double()
        if out.dtype != x.dtype:
            own = own * s.double()

        return torch.cat([self.error(own, reference), self.none(), self.error(x, sum)]).cpu()

    def errors_gated_of_product(self, kind: int) -> Tensor:
        gate_up, out, scales = self.state
        F = out.size(1)
        rows, columns = self.factors(out.size(0), 2 * F)
        ops.NAMESPACE.gated(
            gate_up.narrow(1, 0, F), gate_up.narrow(1, F, F), out, scales, kind, rows, columns)
        wide = gate_up.double() * rows.double() * columns.double()
        reference = self.activated(wide.narrow(1, 0, F), kind) * wide.narrow(1, F, F)
        return torch.cat([self.error(out.double() * scales.double(), reference), self.none()]).cpu()

    def errors_rotation_of_product(self) -> Tensor:
        qkv, kv, slots, cos, sin, bias, norm = self.state
        rows, columns = self.factors(qkv.size(0), qkv.size(1) * qkv.size(2))
        wide = qkv.double() * rows.double()[:, :, None] * columns.double().view([-1, qkv.size(2)])
        reference = self.rotated(wide, cos.double(), sin.double(), None, 0)
        heads = qkv.size(1) - kv.size(1)
        ops.NAMESPACE.rotate_and_store(
            qkv, kv, slots, cos, sin, None, None, heads, False, 1e-6, 0.0, rows, columns)
        own = torch.cat([qkv.narrow(1, 0, heads).double(), kv.float().index_select(0, slots).double()], 1)
        return torch.cat([self.error(own, reference), self.none()]).cpu()
