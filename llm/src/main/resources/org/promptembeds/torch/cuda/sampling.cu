
// ---- Tokens drawn at random --------------------------------------------------------------------
//
// A block draws the token of a row without sorting it: what top_k and top_p leave are the tokens of
// at least some logit, which is found by bisection among the few best, kept in shared memory, or
// where these are not enough among all. Follows the order and the types of sampling.py.

#define DRAWERS 1024
#define BEST 4096   // logits kept in shared memory
#define STEPS 8     // distances from the highest logit, one of which those are within
#define SLACK 1e-4  // of weights added up in float32

struct Mass {
  int count;
  double weight;
};

// The sum over the block, the same in all threads.
__device__ __forceinline__ Mass block_sum(Mass x) {
  __shared__ int counts[WARP];
  __shared__ double weights[WARP];
#pragma unroll
  for (int i = 16; i > 0; i >>= 1) {
    x.count += __shfl_xor_sync(~0u, x.count, i);
    x.weight += __shfl_xor_sync(~0u, x.weight, i);
  }
  __syncthreads();
  if (threadIdx.x % WARP == 0) counts[threadIdx.x / WARP] = x.count, weights[threadIdx.x / WARP] = x.weight;
  __syncthreads();
  x.count = counts[threadIdx.x % WARP], x.weight = weights[threadIdx.x % WARP];
#pragma unroll
  for (int i = 16; i > 0; i >>= 1) {
    x.count += __shfl_xor_sync(~0u, x.count, i);
    x.weight += __shfl_xor_sync(~0u, x.weight, i);
  }
  return x;
}

// The sum of the threads before this one.
__device__ __forceinline__ Mass block_before(Mass x) {
  __shared__ int counts[WARP];
  __shared__ double weights[WARP];
  int lane = threadIdx.x % WARP, warp = threadIdx.x / WARP;
  Mass up = x;
#pragma unroll
  for (int i = 1; i < WARP; i *= 2) {
    int count = __shfl_up_sync(~0u, up.count, i);
    double weight = __shfl_up_sync(~0u, up.weight, i);
    if (lane >= i) up.count += count, up.weight += weight;
  }
  __syncthreads();
  if (lane == WARP - 1) counts[warp] = up.count, weights[warp] = up.weight;
  __syncthreads();
  Mass before = {0, 0.0};
  for (int w = 0; w < warp; w++) before.count += counts[w], before.weight += weights[w];
  int count = __shfl_up_sync(~0u, up.count, 1);
  double weight = __shfl_up_sync(~0u, up.weight, 1);
  if (lane > 0) before.count += count, before.weight += weight;
  return before;
}

struct Row {
  const void* logits;
  bool wide;
  int columns, shift;  // of an ordered number, by which it loses bits that the type has not
  float highest, temperature, least;

  __device__ __forceinline__ float logit(int i) const {
    return wide ? ((const float*)logits)[i] : to_float(((const u16*)logits)[i]);
  }
  __device__ __forceinline__ u32 key(float x) const { return ordered(x) >> shift; }
  __device__ __forceinline__ float of(u32 key) const {
    u32 bits = key << shift;
    return __uint_as_float(bits & 0x80000000u ? bits ^ 0x80000000u : ~(bits | ((1u << shift) - 1)));
  }
  __device__ __forceinline__ float weight(float x) const {
    float score = __fdiv_rn(x - highest, temperature);
    return score < least ? 0.f : expf(score);
  }
};

// Tokens whose key is at least `key`, of those kept in shared memory or of all (kept < 0).
__device__ Mass at_least(const Row& row, const u32* best, int kept, u32 key) {
  Mass sum = {0, 0.0};
  int all = kept < 0 ? row.columns : kept;
  for (int i = threadIdx.x; i < all; i += DRAWERS) {
    u32 mine = kept < 0 ? row.key(row.logit(i)) : best[i];
    if (mine >= key) sum.count++, sum.weight += row.weight(row.of(mine));
  }
  return block_sum(sum);
}

// The largest key of at least which there are so many tokens, or so much weight; what they are in `there`.
__device__ u32 bisect(const Row& row, const u32* best, int kept, u32 low, u32 high, int count, double weight, Mass& there) {
  there = at_least(row, best, kept, low);
  while (low < high) {
    u32 middle = low + (high - low + 1) / 2;
    Mass sum = at_least(row, best, kept, middle);
    if (sum.count >= count && sum.weight >= weight) {
      low = middle;
      there = sum;
    } else {
      high = middle - 1;
    }
  }
  return low;
}

// tokens[row]: where params (B 5: temperature, top_k, top_p, min_p, uniform) has a temperature of 0
// the first index of the largest logit, otherwise drawn; -2 if the largest is not finite.
extern "C" __global__ void __launch_bounds__(DRAWERS) sample(
    const void* logits, i64 stride, i64 columns, i64 wide, const double* params, i64* tokens) {
  __shared__ u32 best[BEST];
  __shared__ u64 keys[WARP];
  __shared__ int found, token, beyond;
  const double* p = params + 5 * blockIdx.x;
  Row row;
  row.wide = wide;
  row.logits = (const char*)logits + blockIdx.x * stride * (wide ? 4 : 2);
  row.columns = (int)columns;
  row.shift = wide ? 0 : BF16 ? 16 : 13;

  u64 first = 0;
  for (int i = threadIdx.x; i < row.columns; i += DRAWERS) first = better(first, row.logit(i), i);
#pragma unroll
  for (int i = 16; i > 0; i >>= 1) {
    u64 other = __shfl_xor_sync(~0u, first, i);
    first = other > first ? other : first;
  }
  if (threadIdx.x % WARP == 0) keys[threadIdx.x / WARP] = first;
  if (threadIdx.x == 0) found = 0, token = -1, beyond = 0x7fffffff;
  __syncthreads();
  for (int w = 0; w < DRAWERS / WARP; w++) first = keys[w] > first ? keys[w] : first;
  u32 value = (u32)(first >> 32);
  bool finite = value > ordered(-__int_as_float(0x7f800000)) && value < ordered(__int_as_float(0x7f800000));
  if (!finite || p[0] == 0.0) {
    if (threadIdx.x == 0) tokens[blockIdx.x] = finite ? (i64)(0xffffffffu - (u32)first) : -2;
    return;
  }

  u32 high = value >> row.shift, least = 0;
  row.highest = row.of(high);
  row.temperature = (float)p[0];
  row.least = p[3] > 0.0 ? (float)log(p[3]) : -__int_as_float(0x7f800000);
  int top_k = p[1] > 0.0 && p[1] < row.columns ? (int)p[1] : 0;
  int ties = 0x7fffffff;  // of the least key that are kept, those of the lowest ids
  if (top_k > 0 || p[2] < 1.0) {
    // Those within some distance of the highest.
    int counts[STEPS] = {};
    float weights[STEPS] = {};
    const u32 steps[STEPS] = {16, 32, 64, 96, 128, 192, 256, 384};
    Mass all = {0, 0.0};
    for (int i = threadIdx.x; i < row.columns; i += DRAWERS) {
      float x = row.logit(i);
      u32 distance = (value - ordered(x)) >> 16;
      float w = row.weight(x);
      all.weight += w;
#pragma unroll
      for (int j = 0; j < STEPS; j++) {
        if (distance < steps[j]) counts[j]++, weights[j] += w;
      }
    }
    all = block_sum(all);
    int kept = -1;
    u32 low = 0, within = 0;
#pragma unroll
    for (int j = 0; j < STEPS; j++) {
      Mass sum = block_sum({counts[j], weights[j]});
      bool enough = top_k > 0 ? sum.count >= top_k : sum.weight >= (p[2] + SLACK) * all.weight;
      if (kept < 0 && enough && sum.count <= BEST) kept = sum.count, within = steps[j];
    }
    if (kept >= 0) {
      for (int i = threadIdx.x; i < row.columns; i += DRAWERS) {
        u32 key = ordered(row.logit(i));
        if ((value - key) >> 16 < within) best[atomicAdd(&found, 1)] = key >> row.shift;
      }
      __syncthreads();
      u32 bound = value - min(value, within << 16);
      low = bound >> row.shift;
    }

    Mass there;
    if (top_k > 0) {
      least = bisect(row, best, kept, low, high, top_k, 0.0, there);
      all = there;
      low = least;
    }
    if (p[2] < 1.0) {
      double wanted = p[2] * all.weight;
      least = bisect(row, best, kept, low, high, 1, wanted, there);
      Mass above = at_least(row, best, kept, least + 1);
      float w = row.weight(row.of(least));
      double missing = w > 0.f ? ceil((wanted - above.weight) / w) : 1.0;
      ties = (int)fmin(fmax(missing, above.count > 0 ? 0.0 : 1.0), 2147483647.0);
    }
  }

  // A thread's tokens follow one another, so that weights add up in the order of ids.
  int each = (row.columns + DRAWERS - 1) / DRAWERS;
  int begin = min((int)threadIdx.x * each, row.columns), end = min(begin + each, row.columns);
  Mass mine = {0, 0.0};
  double tie = row.weight(row.of(least));
  for (int i = begin; i < end; i++) {
    float x = row.logit(i);
    u32 key = row.key(x);
    if (key > least) mine.weight += row.weight(x);
    if (key == least) mine.count++;
  }
  Mass before = block_before(mine);
  int left = max(0, min(ties - before.count, mine.count));
  Mass sum = {0, mine.weight + (left > 0 ? left * tie : 0.0)};
  double total = block_sum(sum).weight;
  double running = block_before(sum).weight;
  double target = total * p[4];
  int last = -1;
  if (sum.weight > 0.0) {
    for (int i = begin; i < end; i++) {
      float x = row.logit(i);
      u32 key = row.key(x);
      double w = key > least ? (double)row.weight(x) : key == least && left-- > 0 ? tie : 0.0;
      if (w <= 0.0) continue;
      running += w;
      last = i;
      if (running > target) break;
    }
  }
  // The first that goes beyond the target, or else the last that has any weight.
  if (last >= 0 && running > target) atomicMin(&beyond, last);
  if (last >= 0) atomicMax(&token, last);
  __syncthreads();
  if (threadIdx.x == 0) tokens[blockIdx.x] = beyond == 0x7fffffff ? token : beyond;
}
