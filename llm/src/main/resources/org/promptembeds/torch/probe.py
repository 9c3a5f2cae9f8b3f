# Asks whether a device is there. TorchScript source, see decoder.py.


class Probe(Module):
    __parameters__ = []
    __buffers__ = []
    training : bool

    def allocate(self, device: str, bytes: int) -> Tensor:
        """A block of memory; raises if the device is missing or has not so much memory free."""
        return torch.empty([bytes], dtype=0, device=torch.device(device))
