"""How quantised checkpoints hold a matrix, by each layout's own definition.

Every function takes a module's name and its weight, float32 [out, in], and returns the tensors that a
checkpoint has in its place and the weight that they stand for.
"""

import json

import torch

E2M1 = torch.tensor([0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0])
NF4 = torch.tensor(
    [
        -1.0, -0.6961928009986877, -0.5250730514526367, -0.39491748809814453, -0.28444138169288635,
        -0.18477343022823334, -0.09105003625154495, 0.0, 0.07958029955625534, 0.16093020141124725,
        0.24611230194568634, 0.33791524171829224, 0.44070982933044434, 0.5626170039176941,
        0.7229568362236023, 1.0,
    ]
)  # fmt: skip


def to_fp8(values):
    return values.clamp(-448, 448).to(torch.float8_e4m3fn)


def fp8_tensor(name, weight, inputs=True):
    scale = (weight.abs().max() / 448).reshape(1)
    codes = to_fp8(weight / scale)
    tensors = {name + ".weight": codes, name + ".weight_scale": scale}
    if inputs:
        tensors[name + ".input_scale"] = torch.ones(1)

    return tensors, codes.float() * scale


def fp8_channel(name, weight):
    scale = (weight.abs().amax(1, keepdim=True) / 448).bfloat16()
    codes = to_fp8(weight / scale.float())
    return {name + ".weight": codes, name + ".weight_scale": scale}, codes.float() * scale.float()


def spread_blocks(scale, size, shape):
    """A scale for each element."""
    return scale.repeat_interleave(size[0], 0).repeat_interleave(size[1], 1)[: shape[0], : shape[1]]


def fp8_blocks(name, weight, size, suffix):
    rows, columns = weight.shape
    height, width = -(-rows // size[0]), -(-columns // size[1])
    scale = torch.empty(height, width)
    for i in range(height):
        for j in range(width):
            block = weight[i * size[0] : (i + 1) * size[0], j * size[1] : (j + 1) * size[1]]
            scale[i, j] = block.abs().max() / 448

    full = spread_blocks(scale, size, weight.shape)
    codes = to_fp8(weight / full)
    return {name + ".weight": codes, name + suffix: scale}, codes.float() * full


def int8_channel(name, weight):
    scale = weight.abs().amax(1, keepdim=True) / 127
    codes = torch.round(weight / scale).clamp(-127, 127).to(torch.int8)
    return {name + ".weight": codes, name + ".weight_scale": scale}, codes.float() * scale


def bnb_int8(name, weight):
    largest = weight.abs().amax(1)
    codes = torch.round(weight * 127 / largest[:, None]).to(torch.int8)
    tensors = {name + ".weight": codes, name + ".SCB": largest, name + ".weight_format": torch.zeros((), dtype=torch.uint8)}
    return tensors, codes.float() * largest[:, None] / 127


def pack_rows(codes, bits):
    """Words of 32 bits along the last dimension, the lowest bits first; the last word is filled up."""
    per_word = 32 // bits
    codes = torch.nn.functional.pad(codes.long(), (0, -codes.shape[-1] % per_word))
    codes = codes.reshape(*codes.shape[:-1], -1, per_word)
    words = (codes << (torch.arange(per_word) * bits)).sum(-1)
    return torch.where(words >= 2**31, words - 2**32, words).int()


def affine(weight, bits, groups, symmetric):
    """Codes from 0 on, [out, in], and scales and zeros, [out, groups]; group of each column given."""
    most, count = 2**bits - 1, int(groups.max()) + 1
    scales = torch.empty(weight.shape[0], count)
    zeros = torch.full((weight.shape[0], count), 2 ** (bits - 1))
    for group in range(count):
        part = weight[:, groups == group]
        if symmetric:
            scales[:, group] = part.abs().amax(1) / (2 ** (bits - 1) - 1)
        else:
            low, high = part.amin(1).clamp(max=0), part.amax(1).clamp(min=0)
            scales[:, group] = (high - low) / most
            # 15 and 255 are left out: the first version of GPTQ stores one less
            zeros[:, group] = torch.round(-low / scales[:, group]).clamp(1, most).int()

    scales = scales.half().float()
    codes = (torch.round(weight / scales[:, groups]) + zeros[:, groups]).clamp(0, most).int()
    return codes, scales, zeros, (codes - zeros[:, groups]) * scales[:, groups]


def neighbours(columns, size):
    return torch.arange(columns) // size


def shuffled(columns, size):
    generator = torch.Generator().manual_seed(columns)
    return neighbours(columns, size)[torch.randperm(columns, generator=generator)]


def packed(name, weight, bits, size, symmetric=True, order=False):
    columns = weight.shape[1]
    groups = shuffled(columns, size) if order else neighbours(columns, size)
    codes, scales, zeros, values = affine(weight, bits, groups, symmetric)
    tensors = {
        name + ".weight_packed": pack_rows(codes, bits),
        name + ".weight_scale": scales.half(),
        name + ".weight_shape": torch.tensor(weight.shape),
    }
    if not symmetric:
        tensors[name + ".weight_zero_point"] = pack_rows(zeros.t(), bits).t()
    if order:
        tensors[name + ".weight_g_idx"] = groups.int()

    return tensors, values


def gptq(name, weight, bits, size, version=1, symmetric=False, order=False):
    columns = weight.shape[1]
    groups = shuffled(columns, size) if order else neighbours(columns, size)
    codes, scales, zeros, values = affine(weight, bits, groups, symmetric)
    stored = zeros.t() - (1 if version == 1 else 0)
    tensors = {
        name + ".qweight": pack_rows(codes, bits).t(),
        name + ".qzeros": pack_rows(stored, bits),
        name + ".scales": scales.t().half(),
        name + ".g_idx": groups.int(),
    }
    return tensors, values


def awq(name, weight, size):
    codes, scales, zeros, values = affine(weight, 4, neighbours(weight.shape[1], size), False)
    order = torch.tensor([0, 2, 4, 6, 1, 3, 5, 7])

    def pack(numbers):  # [in, out]
        return pack_rows(numbers.reshape(numbers.shape[0], -1, 8)[:, :, order].flatten(1), 4)

    tensors = {name + ".qweight": pack(codes.t()), name + ".qzeros": pack(zeros.t()), name + ".scales": scales.t().half()}
    return tensors, values


def to_e2m1(values):
    """Codes of the nearest numbers."""
    codes = (values.abs()[..., None] - E2M1).abs().argmin(-1)
    return codes + 8 * (values < 0)


def pairs(codes):
    return (codes[..., ::2] | codes[..., 1::2] << 4).to(torch.uint8)


def from_e2m1(codes):
    return torch.where(codes >= 8, -E2M1[codes % 8], E2M1[codes % 8])


def mx_groups(weight):
    """Codes [..., in/32, 32] and exponents [..., in/32]."""
    grouped = weight.unflatten(-1, (-1, 32))
    exponent = torch.floor(torch.log2(grouped.abs().amax(-1))) - 2
    codes = to_e2m1(grouped / 2 ** exponent[..., None])
    values = from_e2m1(codes) * 2 ** exponent[..., None]
    return codes, (exponent + 127).to(torch.uint8), values.flatten(-2)


def mxfp4_packed(name, weight):
    codes, exponents, values = mx_groups(weight)
    return {name + ".weight_packed": pairs(codes.flatten(-2)), name + ".weight_scale": exponents}, values


def mxfp4_experts(name, weight):
    """Of all experts, [experts, in, out] as transformers holds them."""
    codes, exponents, values = mx_groups(weight.transpose(1, 2).contiguous())
    return {name + "_blocks": pairs(codes), name + "_scales": exponents}, values.transpose(1, 2).contiguous()


def nvfp4(name, weight, modelopt):
    whole = weight.abs().max() / (6 * 448)
    grouped = weight.unflatten(-1, (-1, 16))
    scales = to_fp8(grouped.abs().amax(-1) / 6 / whole)
    full = scales.float()[..., None] * whole
    codes = to_e2m1(grouped / full)
    values = (from_e2m1(codes) * full).flatten(-2)
    if modelopt:
        tensors = {name + ".weight": pairs(codes.flatten(-2)), name + ".weight_scale_2": whole}
    else:
        tensors = {name + ".weight_packed": pairs(codes.flatten(-2)), name + ".weight_global_scale": (1 / whole).reshape(1)}
        values = (from_e2m1(codes) * (scales.float()[..., None] / (1 / whole))).flatten(-2)

    return tensors | {name + ".weight_scale": scales}, values


def nf4(name, weight, nested):
    blocks = weight.reshape(-1, 64)
    largest = blocks.abs().amax(1)
    state = {"quant_type": "nf4", "blocksize": 64, "dtype": "float32", "shape": list(weight.shape)}
    tensors = {name + ".weight.quant_map": NF4.clone()}
    if nested:
        table = torch.cat([-torch.linspace(1, 1 / 127, 127), torch.linspace(0, 1, 129)])
        offset = largest.mean()
        groups = (largest - offset).split(256)
        outer = torch.stack([group.abs().max() for group in groups])
        codes = torch.cat([((g / o)[:, None] - table).abs().argmin(1) for g, o in zip(groups, outer, strict=True)])
        largest = torch.cat([table[c] * o for c, o in zip(codes.split(256), outer, strict=True)]) + offset
        state |= {"nested_blocksize": 256, "nested_offset": offset.item(), "nested_dtype": "float32"}
        tensors[name + ".weight.absmax"] = codes.to(torch.uint8)
        tensors[name + ".weight.nested_absmax"] = outer
        tensors[name + ".weight.nested_quant_map"] = table.clone()
    else:
        tensors[name + ".weight.absmax"] = largest

    codes = ((blocks / largest[:, None])[..., None] - NF4).abs().argmin(-1)
    flat = codes.flatten()
    tensors[name + ".weight"] = (flat[::2] << 4 | flat[1::2]).to(torch.uint8)[:, None]
    text = torch.tensor(list(json.dumps(state).encode()), dtype=torch.uint8)
    tensors[name + ".weight.quant_state.bitsandbytes__nf4"] = text
    return tensors, (NF4[codes] * largest[:, None]).reshape(weight.shape)
