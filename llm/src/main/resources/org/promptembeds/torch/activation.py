# Activation functions by code. TorchScript source, see decoder.py.


def activate(x: Tensor, code: int) -> Tensor:
    """code: ordinal of the Activation of the model's specification. Shape of x."""
    if code == 0:
        return torch.silu(x)
    if code == 1:
        return torch.gelu(x)
    if code == 2:
        return torch.gelu(x, approximate="tanh")
    if code == 3:
        return torch.relu(x)
    if code == 4:
        return torch.relu(x).square()
    if code == 5:
        return x * torch.sigmoid(1.702 * x)
    if code == 6:
        return torch.sigmoid(x)
    if code == 7:
        return torch.tanh(x)

    return x.clone()
