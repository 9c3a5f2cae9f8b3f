# What blocks with recurrent state have in common. TorchScript source, see decoder.py.
#
# Shapes:
#   T tokens of the step      I channels      K width of the convolution      Q tokens of one sequence
#   M single-token sequences taken together; they come first
#   H heads      K size of a key, too      V size of a value      C tokens of a piece of a sequence


def convolve(x: Tensor, weight: Tensor, bias: Optional[Tensor], states: Tensor,
             step: __torch__.step.Step) -> Tensor:
    """Causal depthwise convolution of every sequence over its tokens: T I, float32.

    weight: I 1 K, float32; states: cells I K-1, the inputs before the step
    """
    x, M, sequences = x.float(), step.singles, step.sequences
    K = weight.size(2)
    outputs : List[Tensor] = []
    if M > 0:
        before = states.index_select(0, step.state_sources[:M])  # M I K-1
        window = torch.cat([before, x[:M, :, None]], 2)  # M I K
        states.index_copy_(0, step.state_targets[:M], window.narrow(2, 1, K - 1))
        y = (window * weight[:, 0]).sum(-1)  # M I
        outputs.append(y if bias is None else y + bias)

    row = M
    for n in range(M, len(sequences) // 3):
        Q = sequences[3 * n]
        before = states.index_select(0, step.state_sources[n:n + 1])  # 1 I K-1
        window = torch.cat([before, x[row:row + Q].t()[None]], 2)  # 1 I K-1+Q
        states.index_copy_(0, step.state_targets[n:n + 1], window.narrow(2, Q, K - 1))
        y = torch.conv1d(window, weight, bias, groups=weight.size(0))[0].t()  # Q I
        outputs.append(y)
        row += Q

    return outputs[0] if len(outputs) == 1 else torch.cat(outputs)


def remember(q: Tensor, k: Tensor, v: Tensor, decay: Tensor, beta: Optional[Tensor], states: Tensor,
             step: __torch__.step.Step) -> Tensor:
    """Linear attention with decay over the tokens of every sequence: T H V, float32.

    A head keeps a matrix S, K V. A token lets it fade, writes its value under its key and reads it with
    its query: S = exp(decay) S + k (x) v, y = q S. With beta, T H, it is the gated delta rule
    (arXiv:2412.06464): what is written is beta times the value less what the faded S has under the key.

    q, k: T H K; v: T H V; decay: T H, at most 0; states: cells H K V; all float32
    """
    M, sequences = step.singles, step.sequences
    outputs : List[Tensor] = []
    if M > 0:
        state = states.index_select(0, step.state_sources[:M])  # M H K V
        state = state * decay[:M].exp()[:, :, None, None]
        written = v[:M]  # M H V
        if beta is not None:
            seen = torch.matmul(k[:M, :, None], state)[:, :, 0]  # M H V
            written = (written - seen) * beta[:M, :, None]

        state = state + k[:M, :, :, None] * written[:, :, None]
        states.index_copy_(0, step.state_targets[:M], state)
        outputs.append(torch.matmul(q[:M, :, None], state)[:, :, 0])

    row = M
    for n in range(M, len(sequences) // 3):
        state = states.index_select(0, step.state_sources[n:n + 1])[0]  # H K V
        end = row + sequences[3 * n]
        while row < end:
            last = min(end, row + 64)
            piece : Optional[Tensor] = None
            if beta is not None:
                piece = beta[row:last].t()  # H C

            y, state = __torch__.recurrent.piece(
                q[row:last].transpose(0, 1), k[row:last].transpose(0, 1), v[row:last].transpose(0, 1),
                decay[row:last].t(), piece, state)
            outputs.append(y.transpose(0, 1))
            row = last

        states.index_copy_(0, step.state_targets[n:n + 1], state[None])

    return outputs[0].contiguous() if len(outputs) == 1 else torch.cat(outputs)


def piece(q: Tensor, k: Tensor, v: Tensor, decay: Tensor, beta: Optional[Tensor],
          state: Tensor) -> Tuple[Tensor, Tensor]:
    """Some tokens of one sequence by matrix products: what is read, H C V, and the new state, H K V."""
    faded = decay.cumsum(-1)  # H C
    between = (faded[:, :, None] - faded[:, None]).tril().exp().tril()  # H C C
    before = faded.exp()[:, :, None]  # H C 1
    written = v  # H C V
    if beta is not None:
        # What a token writes depends on what those before it wrote: a unit triangular system.
        products = torch.matmul(k * beta[:, :, None], k.transpose(1, 2)) * between  # H C C
        known = (v - torch.matmul(k * before, state)) * beta[:, :, None]  # H C V
        written = torch.linalg_solve_triangular(
            products.tril(-1), known, upper=False, left=True, unitriangular=True)

    scores = torch.matmul(q, k.transpose(1, 2)) * between  # H C C
    y = torch.matmul(q * before, state) + torch.matmul(scores, written)  # H C V
    rest = (faded[:, -1:] - faded).exp()[:, :, None]  # H C 1
    state = state * before[:, -1:] + torch.matmul((k * rest).transpose(1, 2), written)
    return y, state
