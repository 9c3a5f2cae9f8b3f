// The kernels of a decoding step, compiled at run time for one model by NVRTC, without any header.
//
// Shapes, as in decoder.py:
//   T tokens of the step      M sequences with one token each      E hidden size      F feed-forward size
//   H query heads             K key/value heads                    G = H / K          D head size
//   R rotated part of D       S slots of the KV arena              V vocabulary
//
// Every parameter has eight bytes: a pointer, a long long or a double. Rows are contiguous; the
// distance between rows is a parameter wherever the tensor may be a part of a wider one.
//
// Macros: BF16 (1 bfloat16, 0 float16); for attention and rotate_and_store also HEAD_DIM, GROUP,
// KV_FP8 (1: the arena holds e4m3).

typedef unsigned int u32;
typedef unsigned short u16;
typedef unsigned char u8;
typedef long long i64;
typedef unsigned long long u64;

#define WARP 32
#define LOG2E 1.4426950408889634f
#define LOWEST -1e30f

// ---- Numbers of two bytes, and of one ---------------------------------------------------------

__device__ __forceinline__ float f16_to_float(u16 x) {
  float y;
  asm("cvt.f32.f16 %0, %1;" : "=f"(y) : "h"(x));
  return y;
}

__device__ __forceinline__ float to_float(u16 x) {
  return BF16 ? __int_as_float((u32)x << 16) : f16_to_float(x);
}

__device__ __forceinline__ u32 pack_f16(float low, float high) {
  u32 y;
  asm("cvt.rn.f16x2.f32 %0, %1, %2;" : "=r"(y) : "f"(high), "f"(low));
  return y;
}

__device__ __forceinline__ u32 pack(float low, float high) {
  if (!BF16) return pack_f16(low, high);
  u32 y;
  asm("cvt.rn.bf16x2.f32 %0, %1, %2;" : "=r"(y) : "f"(high), "f"(low));
  return y;
}

__device__ __forceinline__ u16 to_half(float x) { return (u16)pack(x, 0.f); }

__device__ __forceinline__ float low(u32 x) { return to_float((u16)x); }
__device__ __forceinline__ float high(u32 x) { return to_float((u16)(x >> 16)); }

#if __CUDA_ARCH__ >= 890
#define HAS_FP8 1
// e4m3, saturating at 448.
__device__ __forceinline__ u16 pack_fp8(float low, float high) {
  u16 y;
  asm("cvt.rn.satfinite.e4m3x2.f32 %0, %1, %2;" : "=h"(y) : "f"(high), "f"(low));
  return y;
}

__device__ __forceinline__ u32 fp8_to_f16(u16 x) {
  u32 y;
  asm("cvt.rn.f16x2.e4m3x2 %0, %1;" : "=r"(y) : "h"(x));
  return y;
}
#else
#define HAS_FP8 0
#endif

// ---- Reductions -------------------------------------------------------------------------------

__device__ __forceinline__ float warp_sum(float x) {
#pragma unroll
  for (int i = 16; i > 0; i >>= 1) x += __shfl_xor_sync(~0u, x, i);
  return x;
}

__device__ __forceinline__ float warp_max(float x) {
#pragma unroll
  for (int i = 16; i > 0; i >>= 1) x = fmaxf(x, __shfl_xor_sync(~0u, x, i));
  return x;
}

template <bool MAX>
__device__ __forceinline__ float block_reduce(float x) {
  __shared__ float parts[WARP];
  int warps = blockDim.x / WARP, lane = threadIdx.x % WARP;
  x = MAX ? warp_max(x) : warp_sum(x);
  if (warps == 1) return x;
  __syncthreads();  // parts may still be read by an earlier reduction
  if (lane == 0) parts[threadIdx.x / WARP] = x;
  __syncthreads();
  x = lane < warps ? parts[lane] : (MAX ? LOWEST : 0.f);
  return MAX ? warp_max(x) : warp_sum(x);
}

// ---- Eight numbers at a time ------------------------------------------------------------------

#define CHUNKS 4  // of eight numbers that a thread keeps of its row

struct Eight {
  float x[8];
};

__device__ __forceinline__ Eight load8(const u16* from) {
  uint4 v = *(const uint4*)from;
  Eight y;
  y.x[0] = low(v.x), y.x[1] = high(v.x), y.x[2] = low(v.y), y.x[3] = high(v.y);
  y.x[4] = low(v.z), y.x[5] = high(v.z), y.x[6] = low(v.w), y.x[7] = high(v.w);
  return y;
}

// Times a factor, and one for each of them.
__device__ __forceinline__ void scale8(Eight& y, float factor, const float* factors) {
  float4 a = ((const float4*)factors)[0], b = ((const float4*)factors)[1];
  y.x[0] *= factor * a.x, y.x[1] *= factor * a.y, y.x[2] *= factor * a.z, y.x[3] *= factor * a.w;
  y.x[4] *= factor * b.x, y.x[5] *= factor * b.y, y.x[6] *= factor * b.z, y.x[7] *= factor * b.w;
}

__device__ __forceinline__ void store8(u16* to, const Eight& y) {
  uint4 v;
  v.x = pack(y.x[0], y.x[1]), v.y = pack(y.x[2], y.x[3]);
  v.z = pack(y.x[4], y.x[5]), v.w = pack(y.x[6], y.x[7]);
  *(uint4*)to = v;
}

__device__ __forceinline__ void round8(Eight& y) {
#pragma unroll
  for (int j = 0; j < 8; j++) y.x[j] = to_float(to_half(y.x[j]));
}

#if HAS_FP8
__device__ __forceinline__ void store8_fp8(u8* to, const Eight& y, float factor) {
  uint2 v;
  v.x = pack_fp8(y.x[0] * factor, y.x[1] * factor) | (u32)pack_fp8(y.x[2] * factor, y.x[3] * factor) << 16;
  v.y = pack_fp8(y.x[4] * factor, y.x[5] * factor) | (u32)pack_fp8(y.x[6] * factor, y.x[7] * factor) << 16;
  *(uint2*)to = v;
}
#endif

// Writes a row that the block holds: as it is, or as e4m3 with the factor that undoes it in scales.
__device__ __forceinline__ void store_row(
    const Eight (&y)[CHUNKS], int chunks, void* out, float* scales, bool fp8, i64 row, i64 columns) {
#if HAS_FP8
  if (fp8) {
    float largest = 0.f;
#pragma unroll
    for (int i = 0; i < CHUNKS; i++) {
      if (threadIdx.x + i * blockDim.x < chunks) {
#pragma unroll
        for (int j = 0; j < 8; j++) largest = fmaxf(largest, fabsf(y[i].x[j]));
      }
    }
    largest = fmaxf(block_reduce<true>(largest), 1e-12f);
    if (threadIdx.x == 0) scales[row] = largest / 448.f;
    float factor = 448.f / largest;
#pragma unroll
    for (int i = 0; i < CHUNKS; i++) {
      int at = threadIdx.x + i * blockDim.x;
      if (at < chunks) store8_fp8((u8*)out + row * columns + 8 * at, y[i], factor);
    }
    return;
  }
#endif
#pragma unroll
  for (int i = 0; i < CHUNKS; i++) {
    int at = threadIdx.x + i * blockDim.x;
    if (at < chunks) store8((u16*)out + row * columns + 8 * at, y[i]);
  }
}

// ---- Norms ------------------------------------------------------------------------------------

// out = norm(x) * (offset + weight) + bias, a block per row of E <= 8 CHUNKS blockDim.x numbers. With
// `added`, x is first replaced by x + added, which is multiplied by factors of its rows and columns if
// there are some. layer: subtract the mean. wide: the weight is float32. fp8: out is e4m3 with a factor
// per row in scales.
extern "C" __global__ void __launch_bounds__(1024) normalise(
    u16* x, i64 x_stride, const u16* added, i64 added_stride, const void* weight, i64 wide,
    const u16* bias, void* out, float* scales, i64 columns, i64 layer, i64 fp8, double epsilon,
    double offset, const float* row_factors, const float* column_factors) {
  i64 row = blockIdx.x;
  int chunks = (int)columns / 8;
  x += row * x_stride;
  Eight v[CHUNKS];
  float sum = 0.f;
#pragma unroll
  for (int i = 0; i < CHUNKS; i++) {
    int at = threadIdx.x + i * blockDim.x;
    if (at < chunks) {
      v[i] = load8(x + 8 * at);
      if (added) {
        Eight a = load8(added + row * added_stride + 8 * at);
        if (column_factors) scale8(a, row_factors[row], column_factors + 8 * at);
#pragma unroll
        for (int j = 0; j < 8; j++) v[i].x[j] += a.x[j];
        round8(v[i]);
        store8(x + 8 * at, v[i]);
      }
#pragma unroll
      for (int j = 0; j < 8; j++) sum += layer ? v[i].x[j] : v[i].x[j] * v[i].x[j];
    }
  }
  sum = block_reduce<false>(sum);
  float mean = 0.f;
  if (layer) {
    mean = sum / columns;
    sum = 0.f;
#pragma unroll
    for (int i = 0; i < CHUNKS; i++) {
      if (threadIdx.x + i * blockDim.x < chunks) {
#pragma unroll
        for (int j = 0; j < 8; j++) {
          float difference = v[i].x[j] - mean;
          sum += difference * difference;
        }
      }
    }
    sum = block_reduce<false>(sum);
  }
  float factor = rsqrtf(sum / columns + (float)epsilon);
#pragma unroll
  for (int i = 0; i < CHUNKS; i++) {
    int at = threadIdx.x + i * blockDim.x;
    if (at < chunks) {
      Eight w, b;
      if (weight) {
        w = wide ? ((const Eight*)weight)[at] : load8((const u16*)weight + 8 * at);
      }
      if (bias) b = load8(bias + 8 * at);
#pragma unroll
      for (int j = 0; j < 8; j++) {
        float y = (v[i].x[j] - mean) * factor;
        if (weight) y *= w.x[j] + (float)offset;
        v[i].x[j] = bias ? y + b.x[j] : y;
      }
    }
  }
  store_row(v, chunks, out, scales, fp8, row, columns);
}

// ---- Activations ------------------------------------------------------------------------------

// kind: 0 silu, 1 gelu, 2 gelu with tanh, 3 relu, 4 square of relu, 5 quick gelu, 6 sigmoid, 7 tanh,
// else nothing
__device__ __forceinline__ float activate(float x, int kind) {
  if (kind == 0) return x / (1.f + __expf(-x));
  if (kind == 1) return 0.5f * x * (1.f + erff(x * 0.70710678f));
  if (kind == 2) return 0.5f * x * (1.f + tanhf(0.79788456f * (x + 0.044715f * x * x * x)));
  if (kind == 3) return fmaxf(x, 0.f);
  if (kind == 4) return fmaxf(x, 0.f) * fmaxf(x, 0.f);
  if (kind == 5) return x / (1.f + __expf(-1.702f * x));
  if (kind == 6) return 1.f / (1.f + __expf(-x));
  return kind == 7 ? tanhf(x) : x;
}

// factors: of the gate's columns; those of up begin `apart` later.
__device__ __forceinline__ Eight gated8(
    const u16* gate, const u16* up, int kind, float factor, const float* factors, i64 apart) {
  Eight y = load8(gate);
  if (factors) scale8(y, factor, factors);
#pragma unroll
  for (int j = 0; j < 8; j++) y.x[j] = activate(y.x[j], kind);
  if (up) {
    Eight u = load8(up);
    if (factors) scale8(u, factor, factors + apart);
#pragma unroll
    for (int j = 0; j < 8; j++) y.x[j] *= u.x[j];
  }
  return y;
}

// out = activation(gate) * up, T F; without `up` the activation alone. A thread makes eight numbers.
extern "C" __global__ void __launch_bounds__(256) gated(
    const u16* gate, i64 gate_stride, const u16* up, i64 up_stride, u16* out, i64 rows, i64 columns,
    i64 kind) {
  i64 chunks = columns / 8, at = blockIdx.x * (i64)blockDim.x + threadIdx.x;
  if (at >= rows * chunks) return;
  i64 row = at / chunks, column = 8 * (at - row * chunks);
  const u16* other = up ? up + row * up_stride + column : up;
  store8(out + row * columns + column, gated8(gate + row * gate_stride + column, other, (int)kind, 1.f, nullptr, 0));
}

// The same as e4m3 with a factor per row: a block per row of F <= 8 CHUNKS blockDim.x numbers. Gate and
// up are multiplied by factors of their rows and of their 2 F columns if there are some.
extern "C" __global__ void __launch_bounds__(1024) gated_fp8(
    const u16* gate, i64 gate_stride, const u16* up, i64 up_stride, u8* out, float* scales, i64 columns,
    i64 kind, const float* row_factors, const float* column_factors) {
  i64 row = blockIdx.x;
  int chunks = (int)columns / 8;
  Eight v[CHUNKS];
#pragma unroll
  for (int i = 0; i < CHUNKS; i++) {
    int at = threadIdx.x + i * blockDim.x;
    if (at < chunks) {
      const u16* other = up ? up + row * up_stride + 8 * at : up;
      v[i] = gated8(
          gate + row * gate_stride + 8 * at, other, (int)kind, column_factors ? row_factors[row] : 1.f,
          column_factors ? column_factors + 8 * at : nullptr, columns);
    }
  }
  store_row(v, chunks, out, scales, true, row, columns);
}

// ---- The most likely token --------------------------------------------------------------------

// Order of floats as unsigned numbers; NaN is above all, as in PyTorch.
__device__ __forceinline__ u32 ordered(float x) {
  u32 bits = __float_as_uint(x);
  return bits & 0x80000000u ? ~bits : bits | 0x80000000u;
}

__device__ __forceinline__ u64 better(u64 best, float x, i64 index) {
  u64 key = (u64)(isnan(x) ? ~0u : ordered(x)) << 32 | (0xffffffffu - (u32)index);
  return key > best ? key : best;
}

// tokens[row] = the first index of the largest logit, or -2 if that is not finite. gridDim.x blocks share a row, and the last of
// them to end decides: best and done hold zero per row before and after. With `positions` the row
// goes on to its next token: positions, slots and lengths count up, and the token is put at
// history[*step * gridDim.y + row], where the last row counts *step up.
extern "C" __global__ void __launch_bounds__(256) argmax(
    const void* logits, i64 stride, i64 columns, i64 wide, u64* best, u32* done, i64* tokens,
    int* inputs, int* positions, i64* slots, int* lengths, int* history, u32* rows_done, int* step) {
  __shared__ u64 parts[WARP];
  i64 row = blockIdx.y, vectors = columns / 8;
  u64 key = 0;
  const u16* half = (const u16*)logits + row * stride;
  const float* full = (const float*)logits + row * stride;
  if (wide) {
    for (i64 i = blockIdx.x * 256 + threadIdx.x; i < columns; i += 256 * gridDim.x) {
      key = better(key, full[i], i);
    }
  } else if (stride % 8 == 0) {
    for (i64 i = blockIdx.x * 256 + threadIdx.x; i < vectors; i += 256 * gridDim.x) {
      Eight v = load8(half + 8 * i);
#pragma unroll
      for (int j = 0; j < 8; j++) key = better(key, v.x[j], 8 * i + j);
    }
    i64 rest = 8 * vectors + threadIdx.x;
    if (blockIdx.x == 0 && rest < columns) key = better(key, to_float(half[rest]), rest);
  } else {
    for (i64 i = blockIdx.x * 256 + threadIdx.x; i < columns; i += 256 * gridDim.x) {
      key = better(key, to_float(half[i]), i);
    }
  }
#pragma unroll
  for (int i = 16; i > 0; i >>= 1) {
    u64 other = __shfl_xor_sync(~0u, key, i);
    key = other > key ? other : key;
  }
  if (threadIdx.x % WARP == 0) parts[threadIdx.x / WARP] = key;
  __syncthreads();
  if (threadIdx.x > 0) return;
  for (int i = 1; i < 256 / WARP; i++) key = parts[i] > key ? parts[i] : key;
  atomicMax(best + row, key);
  __threadfence();
  if (atomicAdd(done + row, 1) + 1 < gridDim.x) return;
  __threadfence();
  key = atomicExch(best + row, 0ull);
  done[row] = 0;
  u32 value = (u32)(key >> 32);
  bool finite = value > ordered(-__int_as_float(0x7f800000)) && value < ordered(__int_as_float(0x7f800000));
  int token = finite ? (int)(0xffffffffu - (u32)key) : -2;
  tokens[row] = token;
  if (!positions) return;
  inputs[row] = max(token, 0);
  positions[row]++;
  slots[row]++;
  lengths[row]++;
  history[*(volatile int*)step * (i64)gridDim.y + row] = token;
  __threadfence();
  if (atomicAdd(rows_done, 1) + 1 < gridDim.y) return;
  *rows_done = 0;
  *(volatile int*)step = *(volatile int*)step + 1;
}

#ifdef HEAD_DIM
#define D HEAD_DIM
#define G GROUP

#if KV_FP8
typedef u8 kv_t;
#else
typedef u16 kv_t;
#endif

// ---- Rotation of queries and keys, and their way into the arena --------------------------------

__device__ __forceinline__ float number(const void* x, i64 at, bool wide) {
  return wide ? ((const float*)x)[at] : to_float(((const u16*)x)[at]);
}

// One warp per token and head of qkv (T H+2K D): multiplies by factors of rows and of columns (H+2K D)
// if there are some, adds the bias, normalises queries and keys (rms,
// times the weight of the head), rotates their first 2 `pairs` numbers, leaves queries where they
// are and puts keys and values into their slot of the arena (S 2K D). interleaved: numbers 2j and
// 2j+1 are a pair, otherwise j and j + pairs. cos and sin: rows of `pairs` numbers, float32 if wide.
extern "C" __global__ void __launch_bounds__(256) rotate_and_store(
    u16* qkv, i64 stride, kv_t* kv, const i64* slots, const void* cos, const void* sin,
    i64 angle_stride, i64 wide, const u16* bias, const void* head_norm, i64 norm_wide, i64 tokens, i64 heads, i64 kv_heads, i64 pairs,
    i64 interleaved, double epsilon, double offset, const float* row_factors, const float* column_factors) {
  __shared__ float shared[8][D];
  i64 item = blockIdx.x * 8ll + threadIdx.x / WARP;
  int lane = threadIdx.x % WARP;
  i64 all = heads + 2 * kv_heads;
  if (item >= tokens * all) return;
  i64 token = item / all, head = item - token * all;
  u16* row = qkv + token * stride + head * D;
  float* v = shared[threadIdx.x / WARP];
  bool value = head >= heads + kv_heads;
  float squares = 0.f;
  for (int d = 2 * lane; d < D; d += 2 * WARP) {
    u32 two = *(const u32*)(row + d);
    float a = low(two), b = high(two);
    if (column_factors) {
      float2 factors = *(const float2*)(column_factors + head * D + d);
      a *= row_factors[token] * factors.x, b *= row_factors[token] * factors.y;
    }
    if (bias) {
      u32 more = *(const u32*)(bias + head * D + d);
      a += low(more), b += high(more);
    }
    v[d] = a, v[d + 1] = b;
    squares += a * a + b * b;
  }
  if (head_norm && !value) {
    float factor = rsqrtf(warp_sum(squares) / D + (float)epsilon);
    for (int d = 2 * lane; d < D; d += 2 * WARP) {
      i64 at = head * D + d;
      v[d] *= factor * (number(head_norm, at, norm_wide) + (float)offset);
      v[d + 1] *= factor * (number(head_norm, at + 1, norm_wide) + (float)offset);
    }
  }
  __syncwarp();
  kv_t* slot = kv + (slots[token] * 2 * kv_heads + head - heads) * D;
  for (int d = 2 * lane; d < D; d += 2 * WARP) {
    float y[2];
#pragma unroll
    for (int j = 0; j < 2; j++) {
      int at = d + j;
      y[j] = v[at];
      if (!value && at < 2 * pairs) {
        int pair = interleaved ? at / 2 : at < pairs ? at : at - (int)pairs;
        int partner = interleaved ? at ^ 1 : at < pairs ? at + (int)pairs : at - (int)pairs;
        bool first = interleaved ? at % 2 == 0 : at < pairs;
        i64 angle = token * angle_stride + pair;
        float s = number(sin, angle, wide) * v[partner];
        y[j] = y[j] * number(cos, angle, wide) + (first ? -s : s);
      }
    }
    u32 two = pack(y[0], y[1]);
    if (head < heads) {
      *(u32*)(row + d) = two;
    } else {
#if KV_FP8
      *(u16*)(slot + d) = pack_fp8(low(two), high(two));
#else
      *(u32*)(slot + d) = two;
#endif
    }
  }
}

// ---- Attention of single queries ---------------------------------------------------------------
//
// A block of four warps takes one sequence, one KV head with its G query heads, and one range of
// keys; the warps take tiles of 16 keys (32 where these have few bytes) in turn. Scores are made transposed, keys by queries, so
// that 16 keys and 8 queries fill a matrix product: numbers go from memory into the registers that
// mma.sync wants, with the order of head dimensions and of keys permuted alike on both sides. Lane
// 4 g + c holds of each tile
//   keys:    numbers 32 j + 8 c ... + 7 of keys g and g + 8
//   values:  numbers 64 j + 8 g ... + 7 of keys 2 c, 2 c + 1, 2 c + 8 and 2 c + 9
//   scores:  keys g and g + 8 of queries 2 c and 2 c + 1
//   output:  numbers 64 j + 8 g + i of queries 2 c and 2 c + 1

#define WARPS 4
#define PARTS (D * sizeof(kv_t) <= 128 ? 2 : 1)  // of 16 keys, in a tile
#define TILE (16 * PARTS)
#define QUERIES ((G + 7) / 8)  // eights of queries
#define ARITHMETIC_F16 (!BF16 || KV_FP8)

#define K64 (D / 32)      // parts of 32 numbers of a key: 16 bytes a lane (8 in fp8)
#define K_REST (D % 32)   // 0 or 16
#define V64 (D / 64)
#define V_REST (D % 64)   // 0, 16, 32 or 48

__device__ __forceinline__ void mma(float (&c)[4], u32 a0, u32 a1, u32 a2, u32 a3, u32 b0, u32 b1) {
#if ARITHMETIC_F16
  asm volatile(
      "mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};"
      : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3]) : "r"(a0), "r"(a1), "r"(a2), "r"(a3), "r"(b0), "r"(b1));
#else
  asm volatile(
      "mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};"
      : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3]) : "r"(a0), "r"(a1), "r"(a2), "r"(a3), "r"(b0), "r"(b1));
#endif
}

__device__ __forceinline__ u32 pack_arithmetic(float low, float high) {
  return ARITHMETIC_F16 ? pack_f16(low, high) : pack(low, high);
}

__device__ __forceinline__ u32 transpose(u32 x) {
  u32 y;
  asm("movmatrix.sync.aligned.m8n8.trans.b16 %0, %1;" : "=r"(y) : "r"(x));
  return y;
}

// N numbers of the arena as they lie there, and as pairs of half precision.
template <int N>
struct Raw {
#if KV_FP8
  u32 x[(N + 3) / 4];
  __device__ __forceinline__ void load(const kv_t* from) {
    if (N == 8) {
      uint2 v = __ldg((const uint2*)from);
      x[0] = v.x, x[(N + 3) / 4 - 1] = v.y;
    } else if (N == 4) {
      x[0] = __ldg((const u32*)from);
    } else {
      x[0] = __ldg((const u16*)from);
    }
  }
  __device__ __forceinline__ u32 pair(int i) const { return fp8_to_f16((u16)(x[i / 2] >> 16 * (i % 2))); }
#else
  u32 x[N / 2];
  __device__ __forceinline__ void load(const kv_t* from) {
    if (N == 8) {
      uint4 v = __ldg((const uint4*)from);
      x[0] = v.x, x[1] = v.y, x[N / 2 - 2] = v.z, x[N / 2 - 1] = v.w;
    } else if (N == 4) {
      uint2 v = __ldg((const uint2*)from);
      x[0] = v.x, x[N / 2 - 1] = v.y;
    } else {
      x[0] = __ldg((const u32*)from);
    }
  }
  __device__ __forceinline__ u32 pair(int i) const { return x[i]; }
#endif
};

struct Keys {
  Raw<8> whole[2][K64 ? K64 : 1];
  Raw<4> rest[2];  // used if K_REST
  __device__ __forceinline__ void load(const kv_t* base, i64 stride, int first, int last, int lane) {
#pragma unroll
    for (int h = 0; h < 2; h++) {
      const kv_t* key = base + min(first + lane / 4 + 8 * h, last) * stride;
#pragma unroll
      for (int j = 0; j < K64; j++) whole[h][j].load(key + 32 * j + 8 * (lane % 4));
      if (K_REST) rest[h].load(key + 32 * K64 + 4 * (lane % 4));
    }
  }
};

struct Values {
  Raw<8> whole[4][V64 ? V64 : 1];
  Raw<4> rest32[4];  // used if V_REST >= 32
  Raw<2> rest16[4];  // used if V_REST % 32
  __device__ __forceinline__ void load(const kv_t* base, i64 stride, int first, int last, int lane) {
#pragma unroll
    for (int h = 0; h < 4; h++) {
      int key = first + 2 * (lane % 4) + h % 2 + 8 * (h / 2);
      const kv_t* value = base + min(key, last) * stride;
#pragma unroll
      for (int j = 0; j < V64; j++) whole[h][j].load(value + 64 * j + 8 * (lane / 4));
      if (V_REST >= 32) rest32[h].load(value + 64 * V64 + 4 * (lane / 4));
      if (V_REST % 32) rest16[h].load(value + D - 16 + 2 * (lane / 4));
    }
  }
};

// Where 16 keys are read, from `first` on: elsewhere if all of them are there.
#define BEGINNING(base, first) (base) + ((first) + 16 <= shared ? away : 0), stride, first

#define OUTPUTS (D / 16)  // products of 16 output numbers

// Adds a product of two numbers per lane and key: o += (v0[i], v1[i]; v2[i], v3[i]) times weights.
template <int N>
__device__ __forceinline__ void add_values(
    float (*out)[QUERIES][4], const Raw<N>& v0, const Raw<N>& v1, const Raw<N>& v2, const Raw<N>& v3,
    const u32 (&weights)[QUERIES][2]) {
#pragma unroll
  for (int i = 0; i < N / 2; i++) {
    u32 x0 = v0.pair(i), x1 = v1.pair(i), x2 = v2.pair(i), x3 = v3.pair(i);
    u32 a0 = __byte_perm(x0, x1, 0x5410), a1 = __byte_perm(x0, x1, 0x7632);
    u32 a2 = __byte_perm(x2, x3, 0x5410), a3 = __byte_perm(x2, x3, 0x7632);
#pragma unroll
    for (int n = 0; n < QUERIES; n++) mma(out[i][n], a0, a1, a2, a3, weights[n][0], weights[n][1]);
  }
}

// Which head dimension is the first of the two that product `i` holds in lanes of row g.
__device__ __forceinline__ int dimension(int i, int g) {
  if (i < 4 * V64) return 64 * (i / 4) + 8 * g + 2 * (i % 4);
  i -= 4 * V64;
  if (V_REST >= 32 && i < 2) return 64 * V64 + 4 * g + 2 * i;
  return D - 16 + 2 * g;
}

// Output numbers d and d + 1 of query n of a block, of all queries and keys that it saw.
struct Partial {
  float highest[QUERIES * 8];
  float total[QUERIES * 8];
  float out[QUERIES * 8][D];
};

extern "C" __global__ void __launch_bounds__(32 * WARPS, D * QUERIES <= 128 ? 3 : 2) attention(
    const u16* q, i64 q_stride, const kv_t* kv, const int* starts, const int* lengths, u16* out,
    float* partial, u32* done, const float* sinks, i64 kv_heads, i64 window, double scale,
    double soft_cap, const int* shared_starts, const int* shared_lengths) {
  __shared__ Partial merged;
  __shared__ float warp_highest[WARPS][QUERIES * 8];
  __shared__ float warp_total[WARPS][QUERIES * 8];
  __shared__ u32 order;
  const int splits = gridDim.x, split = blockIdx.x, head = blockIdx.y, sequence = blockIdx.z;
  const int warp = threadIdx.x / WARP, lane = threadIdx.x % WARP, g = lane / 4, c = lane % 4;
  const int length = lengths[sequence];
  const int begin = window > 0 && length > window ? length - (int)window : 0;
  const int tiles = (length - begin + TILE - 1) / TILE;
  const int per_split = max((tiles + splits - 1) / splits, WARPS);
  const int used = max((tiles + per_split - 1) / per_split, 1);
  if (split >= used) return;

  const i64 stride = 2 * kv_heads * D;
  const kv_t* keys = kv + (i64)starts[sequence] * stride + head * D;
  const kv_t* values = keys + kv_heads * D;
  // Keys that lie elsewhere, too, in one place for all that begin alike: there caches find them.
  const int shared = shared_lengths ? shared_lengths[sequence] : 0;
  const i64 away = shared > 0 ? ((i64)shared_starts[sequence] - starts[sequence]) * stride : 0;
  const int last = max(length - 1, 0);
  const int end_tile = min((split + 1) * per_split, tiles);
  int tile = split * per_split + warp;

  Keys k[PARTS];
  Values v[PARTS];
  if (tile < end_tile) {
#pragma unroll
    for (int p = 0; p < PARTS; p++) k[p].load(BEGINNING(keys, begin + tile * TILE + 16 * p), last, lane);
#pragma unroll
    for (int p = 0; p < PARTS; p++) v[p].load(BEGINNING(values, begin + tile * TILE + 16 * p), last, lane);
  }

  u32 query[QUERIES][K64 * 4 + 2];
#pragma unroll
  for (int n = 0; n < QUERIES; n++) {
    int row = 8 * n + g;
    const u16* from = q + sequence * q_stride + ((i64)head * G + row) * D;
#pragma unroll
    for (int j = 0; j < K64; j++) {
      uint4 x = row < G ? *(const uint4*)(from + 32 * j + 8 * c) : make_uint4(0, 0, 0, 0);
      query[n][4 * j] = x.x, query[n][4 * j + 1] = x.y, query[n][4 * j + 2] = x.z, query[n][4 * j + 3] = x.w;
    }
    if (K_REST) {
      uint2 x = row < G ? *(const uint2*)(from + 32 * K64 + 4 * c) : make_uint2(0, 0);
      query[n][4 * K64] = x.x, query[n][4 * K64 + 1] = x.y;
    }
#if KV_FP8 && BF16
#pragma unroll
    for (int j = 0; j < K64 * 4 + 2; j++) {
      if (j < 4 * K64 || K_REST) query[n][j] = pack_f16(low(query[n][j]), high(query[n][j]));
    }
#endif
  }

  float o[OUTPUTS][QUERIES][4] = {};
  float highest[QUERIES][2], total[QUERIES][2];
#pragma unroll
  for (int n = 0; n < QUERIES; n++) {
    highest[n][0] = highest[n][1] = LOWEST;
    total[n][0] = total[n][1] = 0.f;
  }
  const float factor = soft_cap > 0 ? (float)(scale / soft_cap) : (float)scale * LOG2E;
  const float cap = (float)soft_cap * LOG2E;

  for (; tile < end_tile; tile += WARPS) {
    float s[PARTS][QUERIES][4] = {};
#pragma unroll
    for (int p = 0; p < PARTS; p++) {
#pragma unroll
      for (int j = 0; j < K64; j++) {
        const Raw<8>&low_key = k[p].whole[0][j], &high_key = k[p].whole[1][j];
        u32 a[4], b[4];
#pragma unroll
        for (int i = 0; i < 4; i++) a[i] = low_key.pair(i), b[i] = high_key.pair(i);
#pragma unroll
        for (int n = 0; n < QUERIES; n++) {
          mma(s[p][n], a[0], b[0], a[1], b[1], query[n][4 * j], query[n][4 * j + 1]);
          mma(s[p][n], a[2], b[2], a[3], b[3], query[n][4 * j + 2], query[n][4 * j + 3]);
        }
      }
      if (K_REST) {
#pragma unroll
        for (int n = 0; n < QUERIES; n++) {
          mma(s[p][n], k[p].rest[0].pair(0), k[p].rest[1].pair(0), k[p].rest[0].pair(1), k[p].rest[1].pair(1),
              query[n][4 * K64], query[n][4 * K64 + 1]);
        }
      }
    }
    const int first = begin + tile * TILE;
    if (tile + WARPS < end_tile) {
#pragma unroll
      for (int p = 0; p < PARTS; p++) k[p].load(BEGINNING(keys, first + WARPS * TILE + 16 * p), last, lane);
    }

    u32 weights[PARTS][QUERIES][2];
#pragma unroll
    for (int n = 0; n < QUERIES; n++) {
#pragma unroll
      for (int p = 0; p < PARTS; p++) {
#pragma unroll
        for (int i = 0; i < 4; i++) {
          s[p][n][i] *= factor;
          if (soft_cap > 0) s[p][n][i] = cap * tanhf(s[p][n][i]);
          if (first + 16 * p + g + 8 * (i / 2) >= length) s[p][n][i] = -__int_as_float(0x7f800000);
        }
      }
#pragma unroll
      for (int i = 0; i < 2; i++) {
        float most = highest[n][i];
#pragma unroll
        for (int p = 0; p < PARTS; p++) most = fmaxf(most, fmaxf(s[p][n][i], s[p][n][i + 2]));
#pragma unroll
        for (int shift = 4; shift < WARP; shift *= 2) {
          most = fmaxf(most, __shfl_xor_sync(~0u, most, shift));
        }
        float less = exp2f(highest[n][i] - most);
        highest[n][i] = most;
        total[n][i] *= less;
#pragma unroll
        for (int p = 0; p < PARTS; p++) {
          s[p][n][i] = exp2f(s[p][n][i] - most);
          s[p][n][i + 2] = exp2f(s[p][n][i + 2] - most);
          total[n][i] += s[p][n][i] + s[p][n][i + 2];
        }
#pragma unroll
        for (int m = 0; m < OUTPUTS; m++) o[m][n][i] *= less, o[m][n][i + 2] *= less;
      }
#pragma unroll
      for (int p = 0; p < PARTS; p++) {
        weights[p][n][0] = transpose(pack_arithmetic(s[p][n][0], s[p][n][1]));
        weights[p][n][1] = transpose(pack_arithmetic(s[p][n][2], s[p][n][3]));
      }
    }

#pragma unroll
    for (int p = 0; p < PARTS; p++) {
      const Values& x = v[p];
#pragma unroll
      for (int j = 0; j < V64; j++) {
        add_values(o + 4 * j, x.whole[0][j], x.whole[1][j], x.whole[2][j], x.whole[3][j], weights[p]);
      }
      if (V_REST >= 32) {
        add_values(o + 4 * V64, x.rest32[0], x.rest32[1], x.rest32[2], x.rest32[3], weights[p]);
      }
      if (V_REST % 32) {
        add_values(o + OUTPUTS - 1, x.rest16[0], x.rest16[1], x.rest16[2], x.rest16[3], weights[p]);
      }
    }
    if (tile + WARPS < end_tile) {
#pragma unroll
      for (int p = 0; p < PARTS; p++) v[p].load(BEGINNING(values, first + WARPS * TILE + 16 * p), last, lane);
    }
  }

  // The warps' results become one.
#pragma unroll
  for (int n = 0; n < QUERIES; n++) {
#pragma unroll
    for (int i = 0; i < 2; i++) {
#pragma unroll
      for (int shift = 4; shift < WARP; shift *= 2) total[n][i] += __shfl_xor_sync(~0u, total[n][i], shift);
      if (g == 0) {
        warp_highest[warp][8 * n + 2 * c + i] = highest[n][i];
        warp_total[warp][8 * n + 2 * c + i] = total[n][i];
      }
    }
  }
  __syncthreads();
  if (threadIdx.x < QUERIES * 8) {
    float most = LOWEST, sum = 0.f;
    for (int w = 0; w < WARPS; w++) most = fmaxf(most, warp_highest[w][threadIdx.x]);
    for (int w = 0; w < WARPS; w++) {
      float less = exp2f(warp_highest[w][threadIdx.x] - most);
      sum += warp_total[w][threadIdx.x] * less;
      warp_highest[w][threadIdx.x] = less;
    }
    merged.highest[threadIdx.x] = most;
    merged.total[threadIdx.x] = sum;
  }
  __syncthreads();
  for (int w = 0; w < WARPS; w++) {
    if (warp == w) {
#pragma unroll
      for (int n = 0; n < QUERIES; n++) {
#pragma unroll
        for (int m = 0; m < OUTPUTS; m++) {
          int d = dimension(m, g);
#pragma unroll
          for (int i = 0; i < 4; i++) {
            int row = 8 * n + 2 * c + i % 2;
            float y = o[m][n][i] * warp_highest[w][row];
            float* to = &merged.out[row][d + i / 2];
            *to = w == 0 ? y : *to + y;
          }
        }
      }
    }
    __syncthreads();
  }

  const i64 unit = (i64)sequence * kv_heads + head;
  u16* target = out + (sequence * kv_heads + head) * G * D;
  if (used == 1) {
    for (int at = 2 * threadIdx.x; at < G * D; at += 2 * 32 * WARPS) {
      int row = at / D, d = at % D;
      float sum = merged.total[row];
      if (sinks) sum += exp2f(sinks[head * G + row] * LOG2E - merged.highest[row]);
      float whole = 1.f / sum;
      *(u32*)(target + at) = pack(merged.out[row][d] * whole, merged.out[row][d + 1] * whole);
    }
    return;
  }

  // The last block of the unit merges what all of its blocks left in `partial`.
  const int width = G * (D + 2);
  float* mine = partial + (unit * splits + split) * width;
  for (int at = threadIdx.x; at < G * D; at += 32 * WARPS) mine[at] = merged.out[at / D][at % D];
  if (threadIdx.x < G) {
    mine[G * D + 2 * threadIdx.x] = merged.highest[threadIdx.x];
    mine[G * D + 2 * threadIdx.x + 1] = merged.total[threadIdx.x];
  }
  __threadfence();
  __syncthreads();
  if (threadIdx.x == 0) order = atomicAdd(done + unit, 1);
  __syncthreads();
  if (order + 1 < used) return;
  __threadfence();
  if (threadIdx.x == 0) done[unit] = 0;
  const float* all = partial + unit * splits * width;
  for (int at = 2 * threadIdx.x; at < G * D; at += 2 * 32 * WARPS) {
    int row = at / D;
    float most = sinks ? sinks[head * G + row] * LOG2E : LOWEST;
    for (int w = 0; w < used; w++) most = fmaxf(most, __ldcg(all + w * width + G * D + 2 * row));
    float sum = sinks ? exp2f(sinks[head * G + row] * LOG2E - most) : 0.f, a = 0.f, b = 0.f;
    for (int w = 0; w < used; w++) {
      const float* from = all + w * width;
      float less = exp2f(__ldcg(from + G * D + 2 * row) - most);
      sum += less * __ldcg(from + G * D + 2 * row + 1);
      float2 two = __ldcg((const float2*)(from + at));
      a += less * two.x, b += less * two.y;
    }
    *(u32*)(target + at) = pack(a / sum, b / sum);
  }
}
#endif
