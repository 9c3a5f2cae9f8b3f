# What a device can do at most: products and copies of large tensors. TorchScript source, see decoder.py.
# Letters: n rows and columns of a square matrix, b bytes.


class Ceilings(Module):
    __parameters__ = []
    __buffers__ = []
    training : bool
    matrix : Tensor
    product : Tensor
    block : Tensor
    copied : Tensor

    def prepare(self, device: str, dtype: int, size: int, bytes: int) -> int:
        """Makes what is multiplied and copied, of numbers that differ: zeros take less power."""
        place = torch.device(device)
        self.matrix = torch.randn([size, size], dtype=dtype, device=place)  # n, n
        self.product = torch.mm(self.matrix, self.matrix)  # n, n
        self.block = torch.ones([bytes], dtype=0, device=place)  # b
        self.copied = torch.empty([bytes], dtype=0, device=place)  # b
        return 0

    def multiply(self, times: int) -> float:
        """Multiplies so often; returns when it is done."""
        for i in range(times):
            torch.mm(self.matrix, self.matrix, out=self.product)
        return float(self.product[0][0].item())

    def copy(self, times: int) -> float:
        """Copies so often; returns when it is done."""
        for i in range(times):
            self.copied.copy_(self.block)
        return float(self.copied[0].item())
