
// ---- Attention of prompts ----------------------------------------------------------------------
//
// An item of work is one query head and 128 successive queries of one sequence, with the keys that these
// see, some at a time. A block takes items until there are none. Its first warp group brings queries,
// keys and values into shared memory, those of the next item, too, as soon as there is room; each of the
// other two multiplies 64 queries by wgmma. While the weighted values of some keys are added up, the
// scores of the next become weights.
//
// Shared memory holds matrices in blocks of ATOM columns, whose rows of ATOM_BYTES bytes lie one
// after another; 16-byte pieces are swizzled as wgmma asks for.

#if defined(HEAD_DIM) && defined(__CUDA_ARCH_FEAT_SM90_ALL)
#define ROWS 128
#define STEP (D <= 128 ? 128 : 64)  // keys at a time
#define STAGES 2
#define SETS (D <= 192 ? 2 : 1)  // of queries, for which there is room
#define ATOM (D % 64 == 0 ? 64 : D % 32 == 0 ? 32 : 16)
#define ATOM_BYTES (2 * ATOM)
#define ATOMS (D / ATOM)
#define PIECES (D / 8)  // of 16 bytes, in a row
#define SWIZZLE (ATOM == 64 ? 1ull : ATOM == 32 ? 2ull : 3ull)
#define TILE_BYTES (STEP * D * 2)
#define QUERY_BYTES (ROWS * D * 2)
#define WIDTH (D % 128 == 0 ? 128 : ATOM)  // of a product with values
#define WIDTHS (D / WIDTH)

#if BF16
#define WGMMA_TYPES ".f32.bf16.bf16 "
#else
#define WGMMA_TYPES ".f32.f16.f16 "
#endif

#define D8(x, i) \
  "+f"(x[i]), "+f"(x[i + 1]), "+f"(x[i + 2]), "+f"(x[i + 3]), "+f"(x[i + 4]), "+f"(x[i + 5]), "+f"(x[i + 6]), "+f"(x[i + 7])
#define D16(x, i) D8(x, i), D8(x, i + 8)
#define D32(x, i) D16(x, i), D16(x, i + 16)
#define D64(x) D32(x, 0), D32(x, 32)
#define R8 "%0,%1,%2,%3,%4,%5,%6,%7"
#define R16 R8 ",%8,%9,%10,%11,%12,%13,%14,%15"
#define R32 R16 ",%16,%17,%18,%19,%20,%21,%22,%23,%24,%25,%26,%27,%28,%29,%30,%31"
#define R64                                                                                              \
  R32 ",%32,%33,%34,%35,%36,%37,%38,%39,%40,%41,%42,%43,%44,%45,%46,%47,%48,%49,%50,%51,%52,%53,%54,%55" \
      ",%56,%57,%58,%59,%60,%61,%62,%63"

// c (64 N) = or += a (64 16), in shared memory, times the transpose of b (N 16).
#define SCORES(N, REGISTERS, OPERANDS, A, B, ADDS)                                       \
  asm volatile(                                                                          \
      "{\n.reg .pred adds;\nsetp.ne.b32 adds, " ADDS ", 0;\n"                            \
      "wgmma.mma_async.sync.aligned.m64n" N "k16" WGMMA_TYPES "{" REGISTERS "}, " A ", " B \
      ", adds, 1, 1, 0, 0;\n}"                                                           \
      : OPERANDS : "l"(a), "l"(b), "r"(adds))

__device__ __forceinline__ void wgmma_scores(float (&c)[64], u64 a, u64 b, int adds) {
  SCORES("128", R64, D64(c), "%64", "%65", "%66");
}

__device__ __forceinline__ void wgmma_scores(float (&c)[32], u64 a, u64 b, int adds) {
  SCORES("64", R32, D32(c, 0), "%32", "%33", "%34");
}

// c (64 N) = or += a (64 16), in registers, times b (16 N).
#define VALUES(N, REGISTERS, OPERANDS, A, B, ADDS)                                       \
  asm volatile(                                                                          \
      "{\n.reg .pred adds;\nsetp.ne.b32 adds, " ADDS ", 0;\n"                            \
      "wgmma.mma_async.sync.aligned.m64n" N "k16" WGMMA_TYPES "{" REGISTERS "}, {" A "}, " B \
      ", adds, 1, 1, 1;\n}"                                                              \
      : OPERANDS : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "l"(b), "r"(adds))

__device__ __forceinline__ void wgmma_values(float (&c)[64], const u32* a, u64 b, int adds) {
  VALUES("128", R64, D64(c), "%64,%65,%66,%67", "%68", "%69");
}

__device__ __forceinline__ void wgmma_values(float (&c)[32], const u32* a, u64 b, int adds) {
  VALUES("64", R32, D32(c, 0), "%32,%33,%34,%35", "%36", "%37");
}

__device__ __forceinline__ void wgmma_values(float (&c)[16], const u32* a, u64 b, int adds) {
  VALUES("32", R16, D16(c, 0), "%16,%17,%18,%19", "%20", "%21");
}

__device__ __forceinline__ void wgmma_values(float (&c)[8], const u32* a, u64 b, int adds) {
  VALUES("16", R8, D8(c, 0), "%8,%9,%10,%11", "%12", "%13");
}

// Registers must not be moved while a product is under way.
template <int N>
__device__ __forceinline__ void hold(float (&x)[N]) {
#pragma unroll
  for (int i = 0; i < N; i++) asm volatile("" : "+f"(x[i])::"memory");
}

__device__ __forceinline__ void wgmma_begin() { asm volatile("wgmma.fence.sync.aligned;" ::: "memory"); }
__device__ __forceinline__ void wgmma_submit() { asm volatile("wgmma.commit_group.sync.aligned;" ::: "memory"); }

// Waits until so many products at most are under way.
template <int N>
__device__ __forceinline__ void wgmma_wait() {
  asm volatile("wgmma.wait_group.sync.aligned %0;" ::"n"(N) : "memory");
}

__device__ __forceinline__ u32 shared_address(const void* x) { return (u32)__cvta_generic_to_shared(x); }

// A matrix in shared memory as wgmma sees it.
__device__ __forceinline__ u64 matrix(u32 address, u32 block_bytes) {
  u64 between_eights = 8 * ATOM_BYTES / 16;
  return (address & 0x3ffff) >> 4 | (u64)(block_bytes / 16) << 16 | between_eights << 32 | SWIZZLE << 62;
}

// Where piece `at` of a row lies in a matrix of so many rows.
__device__ __forceinline__ u32 piece(int rows, int row, int at) {
  u32 offset = row * ATOM_BYTES + at % (ATOM / 8) * 16;
  return at / (ATOM / 8) * rows * ATOM_BYTES + (offset ^ ((offset >> 7 & (ATOM / 8 - 1)) << 4));
}

__device__ __forceinline__ void barrier_make(u32 barrier, u32 arrivals) {
  asm volatile("mbarrier.init.shared::cta.b64 [%0], %1;" ::"r"(barrier), "r"(arrivals) : "memory");
}

__device__ __forceinline__ void barrier_arrive(u32 barrier) {
  asm volatile("mbarrier.arrive.shared::cta.b64 _, [%0];" ::"r"(barrier) : "memory");
}

__device__ __forceinline__ void barrier_wait(u32 barrier, u32 parity) {
  u32 done;
  do {
    asm volatile(
        "{\n.reg .pred p;\nmbarrier.try_wait.parity.shared::cta.b64 p, [%1], %2;\nselp.u32 %0, 1, 0, p;\n}"
        : "=r"(done) : "r"(barrier), "r"(parity) : "memory");
  } while (!done);
}

__device__ __forceinline__ void copy_piece(u32 to, const void* from) {
  asm volatile("cp.async.cg.shared.global [%0], [%1], 16;" ::"r"(to), "l"(from) : "memory");
}

// What was written before is seen by wgmma.
__device__ __forceinline__ void show_wgmma() { asm volatile("fence.proxy.async.shared::cta;" ::: "memory"); }

__device__ __forceinline__ float power_of_two(float x) {
  float y;
  asm("ex2.approx.ftz.f32 %0, %1;" : "=f"(y) : "f"(x));
  return y;
}

// Two numbers of e4m3, the high bytes of each half of x, in half precision.
__device__ __forceinline__ u32 widen(u32 x) {
#if BF16
  u32 y = (x & 0x80008000u) | (x >> 4 & 0x07f007f0u);
  asm("mul.rn.bf16x2 %0, %0, %1;" : "+r"(y) : "r"(0x7b807b80u));  // exponents begin elsewhere: 2^120
  return y;
#else
  return fp8_to_f16((u16)__byte_perm(x, 0, 0x4431));
#endif
}

// Where an item's queries and keys are.
struct Item {
  int head, sequence, first_row, queries, first;  // query of the sequence
  int position, begin, tiles;  // of the first query, of the first key
};

struct Work {
  const kv_t* rows;  // of keys, or of values
  i64 stride;
  int begin, last;  // keys
};

// Part at + 128 i of a tile whose rows have PER of them: its row, and where its piece `first` lies. If
// parts of a thread lie in one column, they are as far apart in shared memory as their rows.
template <int PER>
struct Part {
  static constexpr bool COLUMN = 128 % PER == 0 && 128 / PER % 8 == 0;
  int row, column;
  u32 place;
  __device__ __forceinline__ Part(int at, int i, int pieces) {
    if (COLUMN) {
      row = at / PER + i * (128 / PER), column = at % PER;
      place = piece(STEP, at / PER, column * pieces) + i * (128 / PER) * ATOM_BYTES;
    } else {
      row = (at + 128 * i) / PER, column = (at + 128 * i) % PER;
      place = piece(STEP, row, column * pieces);
    }
  }
};

#define LOADS ((STEP * D / 16 + 127) / 128)  // of 16 numbers of e4m3, for a thread

struct Bytes {
  uint4 x[LOADS];
};

// Thread `at` of 128 fetches its part of the keys of a tile.
__device__ __forceinline__ void fetch(Bytes& bytes, const Work& work, int tile, int at) {
#pragma unroll
  for (int i = 0; i < LOADS; i++) {
    Part<D / 16> part(at, i, 2);
    if (part.row >= STEP) break;
    i64 key = min(work.begin + tile * STEP + part.row, work.last);
    const void* from = work.rows + key * work.stride + part.column * 16;
    asm volatile("ld.global.nc.v4.b32 {%0, %1, %2, %3}, [%4];"  // not before what precedes it
                 : "=r"(bytes.x[i].x), "=r"(bytes.x[i].y), "=r"(bytes.x[i].z), "=r"(bytes.x[i].w) : "l"(from));
  }
}

__device__ __forceinline__ void store_piece(u32 to, u32 a, u32 b, u32 c, u32 d) {
  asm volatile("st.shared.v4.b32 [%0], {%1, %2, %3, %4};" ::"r"(to), "r"(a), "r"(b), "r"(c), "r"(d) : "memory");
}

// The same two words of e4m3 as a piece of eight numbers.
__device__ __forceinline__ void widen_piece(u32 to, u32 low_word, u32 high_word) {
  store_piece(
      to, widen(__byte_perm(low_word, 0, 0x1404)), widen(__byte_perm(low_word, 0, 0x3424)),
      widen(__byte_perm(high_word, 0, 0x1404)), widen(__byte_perm(high_word, 0, 0x3424)));
}

__device__ __forceinline__ void put(const Bytes& bytes, u32 tile, int at) {
#pragma unroll
  for (int i = 0; i < LOADS; i++) {
    Part<D / 16> part(at, i, 2);
    if (part.row >= STEP) break;
    widen_piece(tile + part.place, bytes.x[i].x, bytes.x[i].y);
    widen_piece(tile + (part.place ^ 16), bytes.x[i].z, bytes.x[i].w);  // its neighbour, swizzled alike
  }
}

// The first warp group: brings one tile of keys or values, once its place is empty.
__device__ __forceinline__ void bring(const Work& work, int tile, u32 to, u32 full, u32 empty, u32 parity, int at) {
#if KV_FP8
  Bytes bytes;
  fetch(bytes, work, tile, at);
  barrier_wait(empty, parity);
  put(bytes, to, at);
  show_wgmma();
  barrier_arrive(full);
#else
  barrier_wait(empty, parity);
#pragma unroll 4
  for (int i = 0; i < STEP * PIECES / 128; i++) {
    Part<PIECES> part(at, i, 1);
    i64 key = min(work.begin + tile * STEP + part.row, work.last);
    copy_piece(to + part.place, work.rows + key * work.stride + part.column * 8);
  }
  asm volatile("cp.async.mbarrier.arrive.noinc.shared::cta.b64 [%0];" ::"r"(full) : "memory");
#endif
}

// Scores of rows g and g + 8 of a warp become weights relative to the highest score so far; less: what
// that makes of earlier ones.
__device__ __forceinline__ void soften(
    float (&s)[STEP / 2], float (&highest)[2], float (&total)[2], float (&less)[2], float unit) {
#pragma unroll
  for (int i = 0; i < 2; i++) {
    float most = highest[i];
#pragma unroll
    for (int j = 0; j < STEP / 8; j++) most = fmaxf(most, fmaxf(s[4 * j + 2 * i], s[4 * j + 2 * i + 1]));
    most = fmaxf(most, __shfl_xor_sync(~0u, most, 1));
    most = fmaxf(most, __shfl_xor_sync(~0u, most, 2));
    less[i] = power_of_two((highest[i] - most) * unit);
    highest[i] = most;
    float shift = most * unit, sum = 0.f;
#pragma unroll
    for (int j = 0; j < STEP / 8; j++) {
      float a = power_of_two(fmaf(s[4 * j + 2 * i], unit, -shift));
      float b = power_of_two(fmaf(s[4 * j + 2 * i + 1], unit, -shift));
      s[4 * j + 2 * i] = a, s[4 * j + 2 * i + 1] = b;
      sum += a + b;
    }
    total[i] = total[i] * less[i] + sum;
  }
}

// Scores of a tile: begun, not awaited.
__device__ __forceinline__ void begin_scores(float (&s)[STEP / 2], u32 queries, u32 keys) {
  hold(s);
  wgmma_begin();
#pragma unroll
  for (int k = 0; k < D / 16; k++) {
    int atom = k / (ATOM / 16), within = k % (ATOM / 16) * 32;
    wgmma_scores(
        s, matrix(queries + atom * ROWS * ATOM_BYTES + within, 16),
        matrix(keys + atom * STEP * ATOM_BYTES + within, 16), k > 0);
  }
  wgmma_submit();
}

// The weighted values of a tile, added up: begun, not awaited.
__device__ __forceinline__ void begin_values(
    float (&o)[WIDTHS][WIDTH / 2], const u32 (&weights)[STEP / 4], u32 values, int adds) {
#pragma unroll
  for (int w = 0; w < WIDTHS; w++) hold(o[w]);
  wgmma_begin();
#pragma unroll
  for (int k = 0; k < STEP / 16; k++) {
#pragma unroll
    for (int w = 0; w < WIDTHS; w++) {
      u32 at = values + w * (WIDTH / ATOM) * STEP * ATOM_BYTES + k * 16 * ATOM_BYTES;
      wgmma_values(o[w], weights + 4 * k, matrix(at, STEP * ATOM_BYTES), adds || k > 0);
    }
  }
  wgmma_submit();
}

// Which scores count, and what they are.
struct Sight {
  int first_query;  // position of row g
  int window;
  float unit, cap_factor, cap;

  __device__ __forceinline__ void apply(float (&s)[STEP / 2], int first_key, bool masks) const {
    if (cap > 0) {
#pragma unroll
      for (int i = 0; i < STEP / 2; i++) s[i] = cap * tanhf(s[i] * cap_factor);
    }
    if (!masks) return;
    int c = threadIdx.x % 4;
#pragma unroll
    for (int i = 0; i < STEP / 2; i++) {
      int age = first_query + i % 4 / 2 * 8 - (first_key + i / 4 * 8 + 2 * c + i % 2);
      if (age < 0 || (window > 0 && age >= window)) s[i] = -__int_as_float(0x7f800000);
    }
  }
};

__device__ __forceinline__ void pack_weights(const float (&s)[STEP / 2], u32 (&weights)[STEP / 4]) {
#pragma unroll
  for (int i = 0; i < STEP / 4; i++) weights[i] = pack(s[2 * i], s[2 * i + 1]);
}

// The next item: false if there is none. Those of a sequence's last queries, which see most, come first.
__device__ __forceinline__ bool next_item(
    Item& item, const int* cu_queries, const int* lengths, int heads, int sequences, int blocks, int window, u32* next) {
  while (true) {
    i64 at = atomicAdd(next, 1);
    if (at >= (i64)blocks * sequences * heads) return false;
    item.head = (int)(at % heads), at /= heads;
    item.sequence = (int)(at % sequences), at /= sequences;
    item.first_row = cu_queries[item.sequence];
    item.queries = cu_queries[item.sequence + 1] - item.first_row;
    int mine = (item.queries + ROWS - 1) / ROWS;
    if (at >= mine) continue;
    item.first = (mine - 1 - (int)at) * ROWS;
    int keys = lengths[item.sequence];
    item.position = keys - item.queries + item.first;
    item.begin = window > 0 ? max(0, item.position - window + 1) : 0;
    item.tiles = (min(keys, item.position + ROWS) - item.begin + STEP - 1) / STEP;
    return true;
  }
}

// Barriers of what is brought: full when it is there, empty when it is used.
struct Exchange {
  u32 full, empty;
  __device__ __forceinline__ u32 full_at(int i) const { return full + 8 * i; }
  __device__ __forceinline__ u32 empty_at(int i) const { return empty + 8 * i; }
};
#endif

extern "C" __global__ void __launch_bounds__(384, 1) prompt_attention(
    const u16* q, i64 q_stride, const void* kv, const int* cu_queries, const int* starts, const int* lengths,
    u16* out, u32* counters, const float* sinks, i64 heads, i64 kv_heads, i64 sequences, i64 blocks, i64 window,
    double scale, double soft_cap) {
#if defined(HEAD_DIM) && defined(__CUDA_ARCH_FEAT_SM90_ALL)
  extern __shared__ u8 room[];
  __shared__ u64 barriers[4 * STAGES + 8];
  __shared__ Item items[2];
  const u32 query_room = (shared_address(room) + 1023) & ~1023u;
  const u32 key_room = query_room + SETS * QUERY_BYTES, value_room = key_room + STAGES * TILE_BYTES;
  const u32 first_barrier = shared_address(barriers);
  const Exchange of_keys = {first_barrier, first_barrier + 8 * STAGES};
  const Exchange of_values = {first_barrier + 16 * STAGES, first_barrier + 24 * STAGES};
  const Exchange of_queries = {first_barrier + 32 * STAGES, first_barrier + 32 * STAGES + 16};
  const Exchange of_items = {first_barrier + 32 * STAGES + 32, first_barrier + 32 * STAGES + 48};
  if (threadIdx.x == 0) {
    for (int i = 0; i < STAGES; i++) {
      barrier_make(of_keys.full_at(i), 128), barrier_make(of_keys.empty_at(i), 8);
      barrier_make(of_values.full_at(i), 128), barrier_make(of_values.empty_at(i), 8);
    }
    for (int i = 0; i < 2; i++) {
      barrier_make(of_queries.full_at(i), 128), barrier_make(of_queries.empty_at(i), 8);
      barrier_make(of_items.full_at(i), 1), barrier_make(of_items.empty_at(i), 12);
    }
  }
  __syncthreads();

  if (threadIdx.x < 128) {
#if KV_FP8
    asm volatile("setmaxnreg.dec.sync.aligned.u32 104;");
#else
    asm volatile("setmaxnreg.dec.sync.aligned.u32 56;");
#endif
    const i64 stride = 2 * kv_heads * D;
    int brought = 0;  // tiles
    for (int count = 0;; count++) {
      int place = count % 2;
      if (threadIdx.x == 0) {
        Item next;
        if (!next_item(
                next, cu_queries, lengths, (int)heads, (int)sequences, (int)blocks, (int)window, counters)) {
          next.tiles = 0;
        }
        barrier_wait(of_items.empty_at(place), (count / 2 & 1) ^ 1);
        items[place] = next;
        barrier_arrive(of_items.full_at(place));
      }
      barrier_wait(of_items.full_at(place), count / 2 & 1);
      const Item item = items[place];
      __syncwarp();
      if (threadIdx.x % WARP == 0) barrier_arrive(of_items.empty_at(place));
      if (item.tiles == 0) break;

      int set = count % SETS;
      barrier_wait(of_queries.empty_at(set), (count / SETS & 1) ^ 1);
      const u16* from = q + (i64)item.first_row * q_stride + item.head * D;
#pragma unroll 4
      for (int i = threadIdx.x; i < ROWS * PIECES; i += 128) {
        i64 row = min(item.first + i / PIECES, item.queries - 1);
        copy_piece(
            query_room + set * QUERY_BYTES + piece(ROWS, i / PIECES, i % PIECES),
            from + row * q_stride + i % PIECES * 8);
      }
      asm volatile("cp.async.mbarrier.arrive.noinc.shared::cta.b64 [%0];" ::"r"(of_queries.full_at(set)) : "memory");

      Work keys;
      keys.rows = (const kv_t*)kv + starts[item.sequence] * stride + item.head / G * D;
      keys.stride = stride, keys.begin = item.begin, keys.last = lengths[item.sequence] - 1;
      Work values = keys;
      values.rows += kv_heads * D;
      for (int tile = 0; tile < item.tiles; tile++, brought++) {
        u32 stage = brought % STAGES, parity = (brought / STAGES & 1) ^ 1;
        bring(keys, tile, key_room + stage * TILE_BYTES, of_keys.full_at(stage), of_keys.empty_at(stage), parity, threadIdx.x);
        bring(values, tile, value_room + stage * TILE_BYTES, of_values.full_at(stage), of_values.empty_at(stage), parity, threadIdx.x);
      }
    }
    asm volatile("cp.async.wait_all;" ::: "memory");
    if (threadIdx.x == 0) {
      __threadfence();
      if (atomicAdd(counters + 1, 1) + 1 == gridDim.x) counters[0] = counters[1] = 0;  // as they were
    }
  } else {
#if KV_FP8
    asm volatile("setmaxnreg.inc.sync.aligned.u32 200;");
#else
    asm volatile("setmaxnreg.inc.sync.aligned.u32 224;");
#endif
    const int group = threadIdx.x / 128 - 1, at = threadIdx.x % 128, lane = threadIdx.x % WARP;
    const int row = at / WARP * 16 + lane / 4;  // and row + 8, of the 64
    int used = 0;  // tiles
    for (int count = 0;; count++) {
      int place = count % 2, set = count % SETS;
      barrier_wait(of_items.full_at(place), count / 2 & 1);
      const Item item = items[place];
      __syncwarp();
      if (lane == 0) barrier_arrive(of_items.empty_at(place));
      if (item.tiles == 0) break;

      const u32 my_queries = query_room + set * QUERY_BYTES + 64 * group * ATOM_BYTES;
      Sight sight;
      sight.first_query = item.position + 64 * group + row;
      sight.window = (int)window;
      sight.cap = soft_cap > 0 ? (float)soft_cap * LOG2E : 0.f;
      sight.cap_factor = soft_cap > 0 ? (float)(scale / soft_cap) : 0.f;
      sight.unit = soft_cap > 0 ? 1.f : (float)scale * LOG2E;
      const int lowest = item.position + 64 * group, latest = lowest + 63;  // queries of this group

      float s[STEP / 2], o[WIDTHS][WIDTH / 2];
      u32 weights[STEP / 4];
      float highest[2] = {LOWEST, LOWEST}, total[2] = {0.f, 0.f}, less[2];
      u32 stage = used % STAGES;
      barrier_wait(of_queries.full_at(set), count / SETS & 1);
      barrier_wait(of_keys.full_at(stage), used / STAGES & 1);
      show_wgmma();
      begin_scores(s, my_queries, key_room + stage * TILE_BYTES);
      wgmma_wait<0>();
      hold(s);
      if (lane == 0) barrier_arrive(of_keys.empty_at(stage));
      sight.apply(s, item.begin, item.begin + STEP - 1 > lowest || (window > 0 && item.begin <= latest - (int)window));
      soften(s, highest, total, less, sight.unit);
      pack_weights(s, weights);
      for (int tile = 1; tile < item.tiles; tile++) {
        u32 before = stage, parity_before = used / STAGES & 1;
        used++;
        stage = used % STAGES;
        barrier_wait(of_keys.full_at(stage), used / STAGES & 1);
        show_wgmma();
        begin_scores(s, my_queries, key_room + stage * TILE_BYTES);
        barrier_wait(of_values.full_at(before), parity_before);
        show_wgmma();
        begin_values(o, weights, value_room + before * TILE_BYTES, tile > 1);
        wgmma_wait<1>();
        hold(s);
        if (lane == 0) barrier_arrive(of_keys.empty_at(stage));
        int first_key = item.begin + tile * STEP;
        sight.apply(s, first_key, first_key + STEP - 1 > lowest || (window > 0 && first_key <= latest - (int)window));
        soften(s, highest, total, less, sight.unit);
        wgmma_wait<0>();
#pragma unroll
        for (int w = 0; w < WIDTHS; w++) hold(o[w]);
        if (lane == 0) barrier_arrive(of_values.empty_at(before));
#pragma unroll
        for (int w = 0; w < WIDTHS; w++) {
#pragma unroll
          for (int i = 0; i < WIDTH / 2; i++) o[w][i] *= less[i % 4 / 2];
        }
        pack_weights(s, weights);
      }
      barrier_wait(of_values.full_at(stage), used / STAGES & 1);
      used++;
      show_wgmma();
      begin_values(o, weights, value_room + stage * TILE_BYTES, item.tiles > 1);
      wgmma_wait<0>();
#pragma unroll
      for (int w = 0; w < WIDTHS; w++) hold(o[w]);
      if (lane == 0) barrier_arrive(of_values.empty_at(stage));

      // The output takes the place of the queries, and goes in whole rows from there.
#pragma unroll
      for (int i = 0; i < 2; i++) {
        total[i] += __shfl_xor_sync(~0u, total[i], 1);
        total[i] += __shfl_xor_sync(~0u, total[i], 2);
        if (sinks) total[i] += power_of_two(sinks[item.head] * LOG2E - highest[i] * sight.unit);
        float whole = 1.f / total[i];
#pragma unroll
        for (int j = 0; j < D / 8; j++) {
          float* two = o[8 * j / WIDTH] + 8 * j % WIDTH / 2 + 2 * i;
          u32 to = my_queries + piece(ROWS, row + 8 * i, j) + lane % 4 * 4;
          asm volatile("st.shared.b32 [%0], %1;" ::"r"(to), "r"(pack(two[0] * whole, two[1] * whole)) : "memory");
        }
      }
      asm volatile("bar.sync %0, 128;" ::"r"(1 + group) : "memory");
      for (int i = at; i < 64 * PIECES; i += 128) {
        int query = item.first + 64 * group + i / PIECES;
        if (query >= item.queries) break;
        uint4 x;
        asm volatile("ld.shared.v4.b32 {%0, %1, %2, %3}, [%4];"
                     : "=r"(x.x), "=r"(x.y), "=r"(x.z), "=r"(x.w)
                     : "r"(my_queries + piece(ROWS, i / PIECES, i % PIECES)) : "memory");
        *(uint4*)(out + ((i64)(item.first_row + query) * heads + item.head) * D + i % PIECES * 8) = x;
      }
      __syncwarp();
      if (lane == 0) barrier_arrive(of_queries.empty_at(set));
    }
  }
#endif
}
