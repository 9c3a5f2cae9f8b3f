    # ---- The most likely token ------------------------------------------------------------------

    def setup_argmax(self, dtype: int, B: int, V: int) -> Tensor:
        cuda = torch.device("cuda:0")
        logits = self.random([B, V], dtype)
        self.state = [
            logits, torch.full([B], -1, dtype=4, device=cuda), torch.full([B], -1, dtype=3, device=cuda),
            torch.arange(B, dtype=3, device=cuda), torch.arange(B, dtype=4, device=cuda) * 7,
            torch.arange(B, dtype=3, device=cuda) + 1, torch.full([3, B], -1, dtype=3, device=cuda),
            torch.zeros([1], dtype=3, device=cuda)]
        return self.none().cpu()

    def own_argmax(self, times: int) -> Tensor:
        s = self.state
        for i in range(times):
            ops.NAMESPACE.argmax(s[0], s[1], None, None, None, None, None, None)

        return torch.zeros([1], dtype=7)

    def advance(self, times: int) -> Tensor:
        s = self.state
        for i in range(times):
            ops.NAMESPACE.argmax(s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7])

        return torch.zeros([1], dtype=7)

    def stock_argmax(self, times: int) -> Tensor:
        for i in range(times):
            self.state[1] = self.state[0].float().argmax(-1)

        return torch.zeros([1], dtype=7)

    def best(self) -> Tensor:
        logits = self.state[0]
        ids = torch.arange(logits.size(1), device=torch.device("cuda:0"))[None]
        return torch.where(logits == logits.amax([1], True), ids, logits.size(1)).amin([1])

    def errors_argmax(self) -> Tensor:
        """Rows that are wrong."""
        self.own_argmax(2)
        return (self.state[1] != self.best()).sum().double()[None].cpu()

    def tokens_of_odd_rows(self) -> Tensor:
        """Of rows with NaN, infinity, nothing but -infinity, and -infinity but for token 7."""
        logits = self.state[0]
        logits[0, 3] = nan
        logits[1, 5] = inf
        logits[2].fill_(-inf)
        logits[3].fill_(-inf)
        logits[3, 7] = 1.0
        self.own_argmax(1)
        return self.state[1].double().cpu()

    def errors_advance(self, steps: int) -> Tensor:
        """Rows whose state is wrong after so many steps on."""
        logits, tokens, inputs, positions, slots, lengths, history, step = self.state
        best, rows = self.best(), torch.arange(logits.size(0), device=torch.device("cuda:0"))
        off = (tokens != best) | (inputs != best) | (step != steps)
        off = off | (positions != rows + steps) | (slots != 7 * rows + steps) | (lengths != rows + steps + 1)
        off = off | (history[:steps] != best[None]).any(0)
        return off.sum().double()[None].cpu()
