"""Makes hostile/: files that a tensor reader must refuse, and expected.json with what it must say.

    python generate_hostile.py OUTPUT_DIRECTORY

needs torch and numpy. Nothing here is dangerous to anything but a reader that trusts it; the code in
the pickles would only run `echo`.
"""

import io
import json
import pickle
import struct
import sys
import zipfile
from pathlib import Path

import numpy
import torch

REBUILD = b"ctorch._utils\n_rebuild_tensor_v2\n"
DICT = b"ccollections\nOrderedDict\n)R"


class Shell:
    def __reduce__(self):
        import os

        return os.system, ("echo executed",)


class Eval:
    def __reduce__(self):
        return eval, ("print('executed')",)


def text(value):
    value = value.encode()
    return b"X" + struct.pack("<I", len(value)) + value


def integer(value):
    data = value.to_bytes(8, "little", signed=True)
    return b"\x8a\x08" + data


def integers(*values):
    return b"(" + b"".join(map(integer, values)) + b"t"


def storage(key="0", elements=4, kind="FloatStorage"):
    return b"(" + text("storage") + b"ctorch\n%s\n" % kind.encode() + text(key) + text("cpu") + integer(elements) + b"tQ"


def tensor(sizes, strides, offset=0, stored=None, tail=b"\x89" + DICT):
    return REBUILD + b"(" + (stored or storage()) + integer(offset) + integers(*sizes) + integers(*strides) + tail + b"tR"


def short_text(value):
    return b"\x8c" + bytes([len(value)]) + value.encode()


def archive(body, members=(("data/0", bytes(16)),), method=zipfile.ZIP_STORED, extra=(), protocol=2):
    """A torch archive with this pickle, protocol header and STOP added."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as file:
        file.writestr("a/data.pkl", bytes([0x80, protocol]) + body + b".")
        for name, data in [*members, ("version", b"3\n"), *extra]:
            file.writestr("a/" + name, data)
    return buffer.getvalue()


def saved(value, **options):
    buffer = io.BytesIO()
    torch.save(value, buffer, **options)
    return buffer.getvalue()


def replaced(data, old, new):
    assert len(old) == len(new) and old in data
    return data.replace(old, new)


def npy(header, data=b"", version=1):
    header = header.encode()
    length = struct.pack("<H" if version == 1 else "<I", len(header))
    return b"\x93NUMPY" + bytes([version, 0]) + length + header + data


def safetensors(header, data=b""):
    header = header.encode()
    return struct.pack("<Q", len(header)) + header + data


def scripted():
    buffer = io.BytesIO()
    torch.jit.save(torch.jit.script(torch.nn.Linear(2, 2)), buffer)
    return buffer.getvalue()


def object_array():
    buffer = io.BytesIO()
    numpy.save(buffer, numpy.array([Shell()], dtype=object), allow_pickle=True)
    return buffer.getvalue()


def pickles():
    good = tensor((2, 2), (2, 1))
    yield "shell", pickle.dumps(Shell(), 2)[2:-1], "the global posix system is not allowed"
    yield "eval", pickle.dumps(Eval(), 2)[2:-1], "the global __builtin__ eval is not allowed"
    yield "memo-missing", b"h\x05", "recalls value 5, which it never kept"
    yield "mark-missing", b"t", "takes a value where there is none"
    yield "mark-as-value", b"((\x86", "takes a value where there is none"
    yield "two-values", good + b"N", "ends with 2 values"
    yield "no-values", b"", "ends with 0 values"
    yield "after-stop", good + b".N", "ends with 1 values and 2 bytes left"
    yield "long-integer", b"\x8a\xff" + bytes(255), "an integer has 255 bytes"
    yield "text-too-long", b"X\xff\xff\xff\xffabc", "4294967295 bytes are needed"
    yield "build", good + b"}b", "the opcode 0x62 is not allowed"
    yield "new-object", b"ctorch\nFloatStorage\n)\x81", "the opcode 0x81 is not allowed"
    yield "extension", b"\x82\x01", "the opcode 0x82 is not allowed"
    yield "list-in-itself", b"]q\x00h\x00a", "holds a collection where one tensor is expected"
    yield "dict-as-key", b"}}N" + b"s", "a key of a dict is neither"
    yield "call-a-storage", b"ctorch\nFloatStorage\n)R", "calls what is not a function"
    yield "persistent-id", text("storage") + b"Q", "a persistent id is not a storage"
    yield "storage-negative", tensor((2, 2), (2, 1), stored=storage(elements=-1)), "a persistent id is not a storage"
    yield "storage-missing", tensor((2, 2), (2, 1), stored=storage("../../x")), "storage ../../x is missing"
    yield "storage-short", tensor((2, 2), (2, 1), stored=storage(elements=1 << 40)), "should have 1099511627776 elements"
    yield "storage-other-type", tensor((2, 2), (2, 1), stored=storage(kind="HalfStorage")), "should have 4 elements of type FLOAT16"
    yield "storage-float8", tensor((2, 2), (2, 1), stored=storage(kind="Float8_e4m3fnStorage")), "the global torch Float8_e4m3fnStorage is not allowed"
    yield "size-huge", tensor((1 << 62, 4), (4, 1)), "is too large"
    yield "size-negative", tensor((-2, -2), (2, 1)), "a negative size or offset"
    yield "size-not-integer", REBUILD + b"(" + storage() + integer(0) + b"(" + text("2") + b"t" + integers(1) + b"\x89" + DICT + b"tR", "is not an integer"
    yield "stride-zero", tensor((1 << 20, 1 << 10), (0, 0)), "is too large: at most 2147483647 bytes"
    yield "stride-negative", tensor((2, 2), (-2, 1), offset=2), "negative strides are not read"
    yield "stride-overflow", tensor((3, 2), ((1 << 62), 1)), "is too large"
    yield "stride-missing", tensor((2, 2), (2,)), "each with a stride"
    yield "offset-negative", tensor((2, 2), (2, 1), offset=-1), "a negative size or offset"
    yield "offset-outside", tensor((2, 2), (2, 1), offset=1), "up to index 4, but there are only 4"
    yield "offset-huge", tensor((2, 2), (2, 1), offset=(1 << 63) - 1), "is too large"
    yield "many-dimensions", tensor((1,) * 100, (1,) * 100), "at most 8 dimensions"
    yield "hooks", tensor((2, 2), (2, 1), tail=b"\x89}" + text("hook") + b"Ns"), "called with unexpected arguments"
    yield "negated", tensor((2, 2), (2, 1), tail=b"\x89" + DICT + b"}" + text("neg") + b"\x88s"), "a tensor has metadata"
    yield "shell-4", pickle.dumps(Shell(), 4)[2:-1], "the global posix system is not allowed"
    yield "new-object-4", short_text("torch") + short_text("FloatStorage") + b"\x93)}\x92", "the opcode 0x92 is not allowed"
    yield "global-of-integers", b"K\x01K\x02\x93", "a global is named by something that is not text"
    yield "global-of-nothing", short_text("torch") + b"\x93", "takes a value where there is none"
    yield "frame-outside", b"\x95" + struct.pack("<Q", 1000) + good, "1000 bytes are needed"
    yield "frame-beyond-long", b"\x95" + b"\xff" * 8 + good, "18446744073709551615 bytes are needed"
    yield "memoize-nothing", b"\x94", "takes a value where there is none"
    yield "short-text-too-long", b"\x8c\xffabc", "255 bytes are needed"
    yield "expanded-outside", tensor((4, 2), (0, 4)), "up to index 4, but there are only 4"
    yield "dict-of-integers", b"}" + text("a") + b"K\x01s", "holds a collection where one tensor is expected"


def files():
    for name, body, refusal in pickles():
        yield f"pickle-{name}.pt", archive(body), refusal
    good = tensor((2, 2), (2, 1))
    plain = archive(good)

    x = torch.arange(4.0).reshape(2, 2)
    yield "sparse.pt", saved(x.to_sparse()), "sparse tensors are not read"
    yield "sparse-rows.pt", saved(x.to_sparse_csr()), "sparse tensors are not read"
    yield "quantised.pt", saved(torch.quantize_per_tensor(x, 0.1, 0, torch.quint8)), "quantised tensors are not read"
    yield "complex.pt", saved(x + 1j), "the global torch ComplexFloatStorage is not allowed"
    yield "float8.pt", saved(x.to(torch.float8_e4m3fn)), "tensors of float8 and other new types are not read"
    yield "meta.pt", saved(x.to("meta")), "_rebuild_meta_tensor_no_storage is not allowed"
    yield "expanded-far.pt", saved(x[:1, :1].expand(1 << 13, 1 << 12)), "takes more than 67108864 bytes: save them with .contiguous()"
    yield "integers.pt", saved(x.long()), "must be of a floating-point type, got INT64"
    yield "vector.pt", saved(x[0]), "embeddings must have the shape"
    yield "module.pt", saved(torch.nn.Linear(2, 2)), "is not allowed: only tensors are read"
    yield "scripted.pt", scripted(), "is compressed"
    yield "protocol-1.pt", archive(good, protocol=1), "does not begin with a protocol from 2 to 5"
    yield "protocol-6.pt", archive(good, protocol=6), "does not begin with a protocol from 2 to 5"
    yield "legacy-4.pt", saved(x, pickle_protocol=4, _use_new_zipfile_serialization=False), "the format of torch.save before PyTorch 1.6"
    yield "legacy.pt", saved(x, _use_new_zipfile_serialization=False), "the format of torch.save before PyTorch 1.6: load it with PyTorch and save it again"
    yield "shell.pkl", pickle.dumps(Shell(), 4), "a bare pickle"

    yield "zip-bomb.pt", archive(good, [("data/0", bytes(1 << 24))], zipfile.ZIP_DEFLATED), "is compressed"
    yield "zip-size-lie.pt", replaced(plain, struct.pack("<II", 16, 16), struct.pack("<II", 16, 1 << 30)), "is compressed"
    yield "zip-member-outside.pt", replaced(plain, struct.pack("<II", 16, 16), struct.pack("<II", 1 << 30, 1 << 30)), "the members end at"
    yield "zip-other-name.pt", plain.replace(b"a/data/0", b"b/data/0", 1), "has another name in its local header"
    yield "zip-twice.pt", replaced(archive(good, extra=[("datA/0", bytes(16))]), b"a/datA/0", b"a/data/0"), "is there twice"
    yield "zip-truncated.pt", plain[:-30], "without an end record"
    yield "zip-begin-only.pt", plain[:4], "without an end record"
    yield "zip-overlap.pt", overlapping(plain), "overlap"
    yield "zip-encrypted.pt", encrypted(plain), "is encrypted"
    yield "zip-many-entries.pt", plain[:-14] + struct.pack("<HH", 999, 999) + plain[-10:], "the zip directory has 999 entries"
    yield "zip-directory-outside.pt", plain[:-6] + struct.pack("<I", 1 << 31) + plain[-2:], "its end record is at"
    buffer = io.BytesIO()
    numpy.savez(buffer, x=x.numpy())
    yield "arrays.npz", buffer.getvalue(), "a zip archive that torch.save did not write"
    yield "two-pickles.pt", replaced(archive(good, extra=[("Xata.pkl", b"")]), b"a/Xata.pkl", b"b/data.pkl"), "it needs one */data.pkl"
    yield "big-endian.pt", archive(good, extra=[("byteorder", b"big")]), "only tensors of little-endian machines"

    shape = "'fortran_order': False, 'shape': (2, 2), }"
    yield "objects.npy", object_array(), "the npy type |O is not supported"
    yield "big-endian.npy", npy("{'descr': '>f4', " + shape, bytes(16)), "the npy type >f4 is not supported"
    yield "structured.npy", npy("{'descr': [('a', '<f4')], " + shape, bytes(16)), "the npy header must give descr"
    yield "code.npy", npy("{'descr': __import__('os'), " + shape, bytes(16)), "the npy header must give descr"
    yield "shape-huge.npy", npy("{'descr': '<f4', 'fortran_order': False, 'shape': (9223372036854775807, 4), }"), "is too large"
    yield "shape-beyond-long.npy", npy("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999, 4), }"), "is not a list of sizes"
    yield "shape-twice.npy", npy("{'descr': '<f4', 'shape': (1, 1), " + shape, bytes(16)), "gives shape twice"
    yield "truncated.npy", npy("{'descr': '<f4', " + shape, bytes(15)), "has 16 bytes, got 15"
    yield "trailing.npy", npy("{'descr': '<f4', " + shape, bytes(17)), "has 16 bytes, got 17"
    yield "version-9.npy", npy("{'descr': '<f4', " + shape, bytes(16), 9), "npy version 9 is not supported"
    yield "header-long.npy", npy("x" * 70000, version=2), "at most 65536 are read"
    yield "header-outside.npy", b"\x93NUMPY\x02\x00\xff\xff\xff\xff", "the npy header has 4294967295 bytes"
    yield "magic-only.npy", b"\x93NUMPY", "a truncated one"

    entry = '"%s":{"dtype":"F32","shape":[1,1],"data_offsets":[%d,%d]}'
    one = entry % ("a", 0, 4)
    yield "two.safetensors", safetensors("{" + one + "," + entry % ("b", 4, 8) + "}", bytes(8)), "holds 2 tensors"
    yield "twice.safetensors", safetensors("{" + one + "," + one + "}", bytes(4)), "\"a\" is given twice"
    yield "overlap.safetensors", safetensors("{" + one + "," + entry % ("b", 0, 4) + "}", bytes(4)), "an overlap"
    yield "hole.safetensors", safetensors("{" + entry % ("a", 4, 8) + "}", bytes(8)), "a hole"
    yield "outside.safetensors", safetensors("{" + one + "}", bytes(3)), "truncated"
    yield "deep.safetensors", safetensors('{"a":' * 5000), "nesting deeper than"
    yield "huge-header.safetensors", struct.pack("<Q", 1 << 62) + b"{}", "at most 100000000 is allowed"
    yield "float8.safetensors", safetensors('{"a":{"dtype":"F8_E4M3","shape":[1,1],"data_offsets":[0,1]}}', bytes(1)), "elements of type F8_E4M3 are not supported"

    yield "empty.bin", b"", "0 bytes that begin with nothing"
    yield "text.bin", b"embeddings", "neither torch.save nor safetensors nor npy"
    yield "picture.bin", b"\x89PNG\r\n\x1a\n" + bytes(16), "neither torch.save nor safetensors nor npy"


def directory_entry(data, name):
    """Start of a member's entry in the zip directory."""
    return data.rindex(name) - 46


def overlapping(data):
    """Data of one member that reaches into the next member's header."""
    at = directory_entry(data, b"a/data/0")
    return data[: at + 20] + struct.pack("<II", 50, 50) + data[at + 28 :]


def encrypted(data):
    at = directory_entry(data, b"a/data/0")
    return data[: at + 8] + b"\x01\x00" + data[at + 10 :]


def main(output):
    expected = {}
    for name, data, refusal in files():
        (output / name).write_bytes(data)
        expected[name] = refusal
    (output / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
