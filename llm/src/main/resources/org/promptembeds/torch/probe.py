# Asks whether a device is there. TorchScript source, see decoder.py.


class Probe(Module):
    __parameters__ = []
    __buffers__ = []
    training : bool

    def allocate(self, device: str, bytes: int) -> Tensor:
        """A block of memory; raises if the device is missing or has not so much memory free."""
        return torch.empty([bytes], dtype=0, device=torch.device(device))

    def multiply_float8(self, device: str) -> Tensor:
        """A product of 8-bit floating-point numbers; raises if the device has none."""
        x = torch.ones([16, 16], dtype=15, device=torch.device(device)).to(24)
        scales = torch.ones([16, 1], dtype=6, device=torch.device(device))
        return torch._scaled_mm(x, x.t(), scales, scales.t(), None, None, 15)
