# How a row's next token is chosen from its logits. TorchScript source, see decoder.py; the functions
# keep no state and know nothing of the model.
#
# Shapes:
#   B rows that get a token      U rows drawn at random, of those B      V vocabulary
#   N blocks of 512 tokens       C most likely tokens that are looked at first
#   K rows some of whose tokens are not allowed      W int32 numbers of 32 tokens each


def ban(logits: Tensor, rows: Tensor, ids: Tensor) -> Tensor:
    """Makes token ids[j] impossible in row rows[j]: B V."""
    logits = logits.clone()
    logits[rows.long(), ids.long()] = -inf
    return logits


def mask(logits: Tensor, rows: Tensor, masks: Tensor) -> Tensor:
    """Makes tokens impossible in row rows[k] whose bit in masks[k], int32, K W, is not set: B V."""
    rows = rows.long()  # K
    bits = masks.view_copy(0).view([rows.size(0), -1, 1])  # K 4W 1, uint8
    powers = torch.tensor([1, 2, 4, 8, 16, 32, 64, 128], dtype=0, device=masks.device)
    allowed = (torch.bitwise_and(bits, powers) != 0).flatten(1)[:, :logits.size(1)]  # K V
    all = rows.size(0) == logits.size(0)
    masked = torch.where(allowed, logits if all else logits[rows], -inf)  # K V
    if all:
        return masked

    logits = logits.clone()
    logits[rows] = masked
    return logits


def where_finite(logits: Tensor, tokens: Tensor) -> Tensor:
    """The tokens, B, but -2 in rows of logits, B V, that hold NaN or have no finite maximum: B."""
    highest = logits.amax([-1])  # B, NaN if there is one
    return torch.where(highest - highest == 0, tokens, -2)


def where_allowed(logits: Tensor, tokens: Tensor) -> Tensor:
    """The tokens, B, but -3 in rows of logits, B V, that are all minus infinity: B."""
    return torch.where(logits.amax([-1]) == -inf, -3, tokens)


def draw(logits: Tensor, params: Tensor) -> Tensor:
    """Token ids drawn by inverse CDF over ids in ascending order: U.

    params: float64 on the CPU, U 5: temperature, top_k, top_p, min_p, uniform. As in vLLM:
    temperature, then min_p, then top_k and top_p.
    """
    vocab = logits.size(1)
    p = params.to(logits.device)
    scores = (logits - logits.amax([1], True)) / p[:, 0:1].float()  # U V, at most 0
    if bool((params[:, 3] > 0).any()):
        scores = scores.masked_fill(scores < p[:, 3:4].log().float(), -inf)

    top_k, top_p = params[:, 1], params[:, 2]
    truncated = ((top_k > 0) & (top_k < vocab)) | (top_p < 1)  # U
    if bool(truncated.all()):
        return __torch__.sampling.draw_best(scores, params)

    tokens = __torch__.sampling.pick(scores, p[:, 4:5])  # U
    if bool(truncated.any()):
        rows = truncated.nonzero()[:, 0].to(logits.device)
        tokens[rows] = __torch__.sampling.draw_best(scores[rows], params[truncated])

    return tokens


def pick(scores: Tensor, uniform: Tensor) -> Tensor:
    """Token whose part of the cumulative distribution holds `uniform`, U 1, of all of it: U.

    The block of 512 tokens comes first, then the token in it, so that no running sum over the
    vocabulary is needed.
    """
    weights = scores.exp()  # U V
    weights = torch.constant_pad_nd(weights, [0, -weights.size(1) % 512])
    blocks = weights.view([weights.size(0), -1, 512])  # U N 512
    sums = blocks.sum([-1], dtype=7).cumsum(-1)  # U N
    target = sums[:, -1:] * uniform  # U 1
    block = __torch__.sampling.first_above(sums, target)  # U 1
    before = torch.constant_pad_nd(sums, [1, 0]).gather(1, block)  # U 1
    inside = blocks.gather(1, block[:, :, None].expand([-1, -1, 512]))[:, 0].double()  # U 512
    token = __torch__.sampling.first_above(inside.cumsum(-1) + before, target)  # U 1
    return (512 * block + token)[:, 0]


def first_above(sums: Tensor, target: Tensor) -> Tensor:
    """Index of the first of the ascending sums above the target, or else of the first of the highest: U 1."""
    return torch.minimum((sums <= target).sum([-1], True), (sums < sums[:, -1:]).sum([-1], True))


def draw_best(scores: Tensor, params: Tensor) -> Tensor:
    """Tokens drawn from those that top_k and top_p leave: U. params: on the CPU, see draw.

    They are mostly among the C best, which are far cheaper to find than to sort all; a row whose
    are not is sorted.
    """
    vocab = scores.size(1)
    C = min(1024, vocab)
    best, ids = scores.topk(C, -1)  # U C
    all_have_few = bool(((params[:, 1] > 0) & (params[:, 1] <= C)).all())
    p = params.to(scores.device)
    top_k, top_p, uniform = p[:, 1:2].long(), p[:, 2:3], p[:, 4:5]  # U 1
    top_k = torch.where(top_k > 0, top_k, vocab)
    has_few = top_k <= C  # U 1
    least = best.gather(1, top_k.clamp(max=C) - 1).masked_fill(~has_few, -inf)  # U 1
    weights = best.double().exp().masked_fill(best < least, 0.0)  # U C
    everything = weights.sum([-1], True)  # U 1
    if not all_have_few:
        everything = torch.where(has_few, everything, scores.exp().sum([-1], True, dtype=7))

    before = weights.cumsum(-1) - weights  # U C, of all better tokens together
    dropped = before >= top_p * everything
    dropped[:, 0] = False
    weights = weights.masked_fill(dropped, 0.0)
    ids, order = ids.sort(-1)  # U C
    sums = weights.gather(1, order).cumsum(-1)
    index = __torch__.sampling.first_above(sums, sums[:, -1:] * uniform)  # U 1
    tokens = ids.gather(1, index)[:, 0]  # U
    if C == vocab:
        return tokens

    ends = torch.where(has_few, best[:, -1:] < least, (top_k == vocab) & dropped[:, -1:])[:, 0]  # U
    if not bool(ends.all()):
        rows = (~ends).nonzero()[:, 0]
        kept = __torch__.sampling.truncate(scores[rows], top_k[rows], top_p[rows])
        tokens[rows] = __torch__.sampling.pick(kept, uniform[rows])

    return tokens


def truncate(scores: Tensor, top_k: Tensor, top_p: Tensor) -> Tensor:
    """Keeps the top_k best scores, ties included, and of them the top_p nucleus: U V."""
    ranked, ids = scores.sort(-1, True)  # U V
    ranked = ranked.masked_fill(ranked < ranked.gather(1, top_k.clamp(max=scores.size(1)) - 1), -inf)
    probability = ranked.softmax(-1, dtype=7)  # U V
    before = probability.cumsum(-1) - probability  # U V, of all better tokens together
    dropped = (before >= top_p) | (ranked == -inf)
    dropped[:, 0] = False
    return scores.masked_fill(dropped.scatter(1, ids, dropped), -inf)
