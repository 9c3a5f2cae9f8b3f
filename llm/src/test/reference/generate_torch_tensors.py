"""Makes tensors/: tensors as PyTorch, NumPy and safetensors write them, and expected.json.

    python generate_torch_tensors.py OUTPUT_DIRECTORY

needs torch, numpy and safetensors. expected.json gives for each file its type, shape and values.
"""

import io
import json
import sys
import zipfile
from pathlib import Path

import numpy
import torch
from safetensors.torch import save_file

DTYPES = {
    "FLOAT64": torch.float64,
    "FLOAT32": torch.float32,
    "FLOAT16": torch.float16,
    "BFLOAT16": torch.bfloat16,
}


def values(*shape):
    """Small multiples of 1/4, which every type holds exactly, and some special values."""
    count = torch.Size(shape).numel()
    tensor = (torch.arange(count, dtype=torch.float64) - count // 2) / 4
    if count > 3:
        tensor[1], tensor[2], tensor[3] = float("inf"), -0.0, float("nan")
    return tensor.reshape(shape)


def torch_cases():
    for name, dtype in DTYPES.items():
        yield f"{name.lower()}.pt", values(3, 5).to(dtype)
        yield f"{name.lower()}-transposed.pt", values(5, 3).to(dtype).t()
    matrix = values(6, 8).float()
    yield "every-second.pt", matrix[::2, 1::2]
    yield "rows-of-larger.pt", matrix[2:4]
    yield "one-row.pt", matrix[3:4].t()[2:7].t()
    yield "leading-one.pt", values(1, 4, 3).to(torch.bfloat16)
    yield "leading-one-strided.pt", values(1, 3, 4).half().transpose(1, 2)
    yield "no-rows.pt", torch.zeros(0, 5)
    yield "expanded.pt", values(1, 6).float().expand(40, 6)
    yield "expanded-leading.pt", values(3, 4).half().expand(1, 3, 4)
    yield "expanded-both.pt", torch.tensor(0.25).expand(6, 7)
    yield "rows-of-huge.pt", values(900, 2).float()[700:703]
    yield "odd-storage.pt", torch.arange(26, dtype=torch.uint8)[:24].view(torch.float32).reshape(2, 3)
    yield "requires-grad.pt", values(2, 3).float().requires_grad_()
    yield "parameter.pt", torch.nn.Parameter(values(2, 3).float())


def as_older_version(tensor):
    """The archive that PyTorch 1.x writes: no byte order, storages named by their address."""
    buffer = io.BytesIO()
    torch.save(tensor, buffer)
    result = io.BytesIO()
    with zipfile.ZipFile(buffer) as new, zipfile.ZipFile(result, "w") as old:
        pickled = new.read("archive/data.pkl").replace(b"X\x01\x00\x00\x000", b"X\x0e\x00\x00\x0094312345678912")
        old.writestr("archive/data.pkl", pickled)
        old.writestr("archive/data/94312345678912", new.read("archive/data/0"))
        old.writestr("archive/version", b"2\n")
    return result.getvalue()


def save(path, tensor):
    if path.suffix == ".safetensors":
        save_file({"embeds": tensor.contiguous()}, path, metadata={"format": "pt"})
    else:
        torch.save(tensor, path)


def main(output):
    expected = {}

    def expect(name, tensor):
        tensor = torch.as_tensor(tensor).detach()
        dtype = next(name for name, dtype in DTYPES.items() if dtype == tensor.dtype)
        shape = list(tensor.shape[1:] if tensor.dim() == 3 else tensor.shape)
        expected[name] = {
            "dtype": dtype,
            "shape": shape,
            "values": [str(float(value)) for value in tensor.reshape(-1)],
        }

    for name, tensor in torch_cases():
        save(output / name, tensor)
        expect(name, tensor)
    for name, dtype in DTYPES.items():
        tensor = values(3, 5).to(dtype)
        save(output / f"{name.lower()}.safetensors", tensor)
        expect(f"{name.lower()}.safetensors", tensor)
    for name in ["FLOAT64", "FLOAT32", "FLOAT16"]:
        array = values(3, 5).to(DTYPES[name]).numpy()
        numpy.save(output / f"{name.lower()}.npy", array)
        expect(f"{name.lower()}.npy", array)
    fortran = numpy.asfortranarray(values(1, 3, 5).float().numpy())
    numpy.save(output / "fortran.npy", fortran)
    expect("fortran.npy", fortran.copy(order="C"))
    with open(output / "version-2.npy", "wb") as file:
        array = values(2, 2).float().numpy()
        numpy.lib.format.write_array(file, array, version=(2, 0))
        expect("version-2.npy", array)

    matrix = values(3, 5).float()
    (output / "older.pt").write_bytes(as_older_version(matrix))
    expect("older.pt", matrix)

    for protocol in [3, 4, 5]:
        torch.save(matrix, output / f"protocol-{protocol}.pt", pickle_protocol=protocol)
        expect(f"protocol-{protocol}.pt", matrix)

    first, second = values(2, 3).float(), values(3, 2).half()
    torch.save({"first": first, "second": second, "again": first.t()}, output / "dict.pt")
    torch.save([first, second], output / "list.pt")
    torch.save((first, second), output / "tuple.pt")
    torch.save({"first": first, "list": second}, output / "dict-4.pt", pickle_protocol=4)
    shared = values(60, 20).float()
    torch.save([shared[start:] for start in range(60)], output / "suffixes.pt")
    (output / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
