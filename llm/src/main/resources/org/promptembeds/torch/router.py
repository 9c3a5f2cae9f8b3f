# Which experts a token passes, and with which weights. TorchScript source, see decoder.py.
#
# Shapes:
#   T tokens of the step      E hidden size      X experts      C experts per token      G groups


class Router(Interface):
    def route(self, h: Tensor) -> Tuple[Tensor, Tensor]:
        """Weights, float32, and numbers of the experts of each token: T C each."""
        pass

    def bind(self, weights: Dict[str, Tensor]) -> None:
        pass


class Best:
    path : str
    per_token : int  # C
    scoring : int  # 0 softmax, 1 softmax over the chosen, 2 sigmoid
    has_bias : bool
    has_choice_bias : bool
    groups : int  # G; 1 for none
    chosen_groups : int
    sums_two : bool  # a group is worth the sum of its two best, otherwise its best
    renormalises : bool
    least_sum : float
    adds_least_sum : bool
    scaling : float
    norm : __torch__.norm.Norm  # of what the router sees
    input_scale : float
    has_expert_scales : bool
    weight : Tensor  # X E, float32
    bias : Tensor  # X, float32
    choice_bias : Tensor  # X, float32
    expert_scale : Tensor  # X, float32

    def route(self, h: Tensor) -> Tuple[Tensor, Tensor]:
        bias : Optional[Tensor] = None
        if self.has_bias:
            bias = self.bias

        seen = self.norm.apply(h).float()  # T E
        if self.input_scale != 1.0:
            seen = seen * self.input_scale

        scores = torch.linear(seen, self.weight, bias)  # T X
        if self.scoring == 0:
            scores = scores.softmax(-1)
        if self.scoring == 2:
            scores = torch.sigmoid(scores)

        choice = scores
        if self.has_choice_bias:
            choice = choice + self.choice_bias
        if self.groups > 1:
            choice = self.best_groups(choice)

        ids = choice.topk(self.per_token, -1)[1]  # T C
        chosen = scores.gather(1, ids)
        if self.scoring == 1:
            chosen = chosen.softmax(-1)
        if self.renormalises:
            total = chosen.sum([-1], True)
            total = total + self.least_sum if self.adds_least_sum else total.clamp(self.least_sum)
            chosen = chosen / total

        if self.has_expert_scales:
            chosen = chosen * self.expert_scale.index_select(0, ids.flatten()).view_as(chosen)

        return chosen * self.scaling, ids

    def best_groups(self, choice: Tensor) -> Tensor:
        """The choice with -inf outside the best groups: T X."""
        grouped = choice.view([choice.size(0), self.groups, -1])  # T G X/G
        worth = grouped.topk(2, -1)[0].sum([-1]) if self.sums_two else grouped.amax([-1])  # T G
        best = worth.topk(self.chosen_groups, -1)[1]
        left_out = torch.ones_like(worth, dtype=11).scatter(1, best, False)  # T G
        return grouped.masked_fill(left_out[:, :, None], -inf).view_as(choice)

    def bind(self, weights: Dict[str, Tensor]) -> None:
        self.weight = weights[self.path + "router.weight"]
        if self.has_bias:
            self.bias = weights[self.path + "router.bias"]
        self.norm.bind(weights)
        if self.has_expert_scales:
            self.expert_scale = weights[self.path + "expert_scale"]
        if self.has_choice_bias:
            self.choice_bias = weights[self.path + "choice_bias"]


# Two experts; each weighs what softmax gives it among those that come near it.
class SparseMixer:
    path : str
    jitter : float
    weight : Tensor  # X E, float32

    def route(self, h: Tensor) -> Tuple[Tensor, Tensor]:
        logits = torch.linear(h.float(), self.weight)  # T X
        first, first_id = logits.max(-1, True)  # T 1
        first_weight = self.near(logits, logits, first).softmax(-1).gather(1, first_id)
        rest = logits.scatter(1, first_id, -inf)
        second, second_id = rest.max(-1, True)
        second_weight = self.near(rest, logits, second).softmax(-1).gather(1, second_id)
        return torch.cat([first_weight, second_weight], 1), torch.cat([first_id, second_id], 1)

    def near(self, scores: Tensor, logits: Tensor, best: Tensor) -> Tensor:
        """Scores with -inf where the logit is too far from the best: T X."""
        far = (best - logits) / torch.maximum(logits.abs(), best) > 2.0 * self.jitter
        return scores.masked_fill(far, -inf)

    def bind(self, weights: Dict[str, Tensor]) -> None:
        self.weight = weights[self.path + "router.weight"]
