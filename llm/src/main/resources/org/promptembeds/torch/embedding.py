# The first residual stream: tokens and prompt embeddings. TorchScript source, see decoder.py.
#
# Shapes:
#   T tokens of the step      P of them prompt positions      W width of an embedding      E hidden size


class Embedding:
    width : int  # W
    token_scale : float  # rounded to the model's type
    token_norm : __torch__.norm.Norm
    input_scale : float
    projects : bool
    positions : int  # 0 none, 1 learned, 2 sinusoidal
    rows : int  # of the table of positions
    offset : int  # row of position 0
    norm : __torch__.norm.Norm
    table : Tensor  # V W
    projection : Tensor  # E W
    places : Tensor  # rows E

    def inputs(self, step: __torch__.step.Step, dtype: int) -> Tensor:
        """The stream that the first layer sees: T E, new memory."""
        x = self.mixture(step, dtype)  # T W
        if self.input_scale != 1.0:
            x = x * self.input_scale
        if self.projects:
            x = torch.linear(x, self.projection)
        if self.positions > 0:
            x = x + self.places.index_select(0, step.positions + self.offset)

        return self.norm.apply(x)

    def mixture(self, step: __torch__.step.Step, dtype: int) -> Tensor:
        """Rows of the table for tokens, the caller's rows at prompt positions: T W."""
        if step.prompt_rows.size(0) == 0:
            return self.lookup(step.token_ids)

        prompt = step.embeds.view_copy(step.embeds_dtype).view([-1, self.width]).to(dtype)  # P W
        if prompt.size(0) == step.token_ids.size(0):
            return prompt

        x = self.lookup(step.token_ids)
        return x.index_copy_(0, step.prompt_rows, prompt)

    def lookup(self, token_ids: Tensor) -> Tensor:
        x = self.table.index_select(0, token_ids)
        if self.token_scale != 1.0:
            x = x.mul_(self.token_scale)

        return self.token_norm.apply(x)

    def bind(self, weights: Dict[str, Tensor]) -> None:
        self.table = weights["embedding.weight"]
        self.token_norm.bind(weights)
        self.norm.bind(weights)
        if self.projects:
            self.projection = weights["embedding.projection.weight"]
        if self.positions == 1:
            self.places = weights["embedding.positions.weight"]
        if self.positions == 2:
            self.places = self.sinusoids(weights["device"])

    def sinusoids(self, like: Tensor) -> Tensor:
        """fairseq's table: sines of all frequencies, then cosines; the odd column is zero."""
        half = self.norm_width() // 2
        step = torch.log(torch.tensor(10000.0, dtype=6, device=like.device)) / (half - 1)
        frequencies = torch.exp(torch.arange(half, dtype=6, device=like.device) * -step)
        angles = torch.arange(self.rows, dtype=6, device=like.device)[:, None] * frequencies[None]
        table = torch.cat([angles.sin(), angles.cos()], 1)
        table = torch.constant_pad_nd(table, [0, self.norm_width() - 2 * half])
        return table.to(like.dtype)

    def norm_width(self) -> int:
        return self.projection.size(0) if self.projects else self.width
