# What blocks with recurrent state have in common. TorchScript source, see decoder.py.
#
# Shapes:
#   T tokens of the step      I channels      K width of the convolution      Q tokens of one sequence
#   M single-token sequences taken together; they come first


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
