package org.promptembeds.model.spec;

/**
 * Softmax attention whose query heads share key/value heads in groups (arXiv:2305.13245).
 *
 * @param heads query heads
 * @param kvHeads key and value heads; divides {@code heads}
 * @param headDim width of a head
 * @param qkvBias whether the query, key and value projections have biases
 * @param outputBias whether the output projection has one
 * @param headNorm of queries and keys
 * @param valueNorm of the values of each head; RMS without a weight, or none
 * @param positions how keys know where they are
 * @param window positions a query sees including itself; 0 sees all
 * @param chunk queries see keys of their own chunk of so many positions alone; 0 for no chunks
 * @param scale factor on scores
 * @param softCap scores become {@code cap * tanh(score / cap)}; 0 leaves them
 * @param sinks whether each head has a learned logit that takes part in the softmax without a value
 * @param gated whether the output is multiplied by the sigmoid of a gate, one per element of a head
 * @param keysAreValues whether the projection of the keys serves as that of the values
 * @param sharedWith rank, among the decoder's mixers, of the earlier one whose keys and values are
 *     used; -1 if it has its own
 * @param queryScaling by position, after everything else
 * @param clip bound on queries, keys and values, after their norm; 0 for none
 * @param outputNorm of what the heads say, before the output projection
 * @param spans how far rows of a span see one another both ways
 */
public record Grouped(
    int heads,
    int kvHeads,
    int headDim,
    boolean qkvBias,
    boolean outputBias,
    HeadNormSpec headNorm,
    NormSpec valueNorm,
    Positions positions,
    int window,
    int chunk,
    double scale,
    double softCap,
    boolean sinks,
    boolean gated,
    boolean keysAreValues,
    int sharedWith,
    QueryScaling queryScaling,
    double clip,
    NormSpec outputNorm,
    SpanSight spans)
    implements MixerSpec {
  /** Rank that stands for keys and values of one's own. */
  public static final int OWN = -1;

  public Grouped {
    if (kvHeads < 1 || heads % kvHeads != 0) {
      throw new IllegalArgumentException(
          "%d key/value heads do not divide %d query heads".formatted(kvHeads, heads));
    }
  }

  /** Plain attention without positions, scores scaled by {@code headDim ^ -0.5}. */
  public static Builder builder(int heads, int kvHeads, int headDim) {
    return new Builder(heads, kvHeads, headDim);
  }

  @Override
  public StateLayout state() {
    return sharedWith == OWN ? StateLayout.perPosition(2 * kvHeads, headDim) : StateLayout.NONE;
  }

  @Override
  public <T> T accept(BlockVisitor<T> visitor) {
    return visitor.grouped(this);
  }

  /** Heads in the rows of the fused projection: queries, keys, values, gates. */
  public int projectedHeads() {
    int own = sharedWith == OWN ? (keysAreValues ? kvHeads : 2 * kvHeads) : 0;
    return heads + own + (gated ? heads : 0);
  }

  /** Collects what departs from plain attention. */
  public static final class Builder {
    private final int heads;
    private final int kvHeads;
    private final int headDim;
    private boolean qkvBias;
    private boolean outputBias;
    private HeadNormSpec headNorm = HeadNormSpec.NONE;
    private NormSpec valueNorm = NormSpec.NONE;
    private Positions positions = Positions.NONE;
    private int window;
    private int chunk;
    private double scale;
    private double softCap;
    private boolean sinks;
    private boolean gated;
    private boolean keysAreValues;
    private int sharedWith = OWN;
    private QueryScaling queryScaling = QueryScaling.NONE;
    private double clip;
    private NormSpec outputNorm = NormSpec.NONE;
    private SpanSight spans = SpanSight.NONE;

    private Builder(int heads, int kvHeads, int headDim) {
      this.heads = heads;
      this.kvHeads = kvHeads;
      this.headDim = headDim;
      this.scale = Math.pow(headDim, -0.5);
    }

    public Builder biases(boolean qkv, boolean output) {
      qkvBias = qkv;
      outputBias = output;
      return this;
    }

    public Builder headNorm(HeadNormSpec norm) {
      headNorm = norm;
      return this;
    }

    public Builder valueNorm(NormSpec norm) {
      valueNorm = norm;
      return this;
    }

    public Builder positions(Positions newPositions) {
      positions = newPositions;
      return this;
    }

    public Builder window(int positionsSeen) {
      window = positionsSeen;
      return this;
    }

    public Builder chunk(int length) {
      chunk = length;
      return this;
    }

    public Builder scale(double factor) {
      scale = factor;
      return this;
    }

    public Builder softCap(double cap) {
      softCap = cap;
      return this;
    }

    public Builder sinks(boolean value) {
      sinks = value;
      return this;
    }

    public Builder gated(boolean value) {
      gated = value;
      return this;
    }

    public Builder keysAreValues(boolean value) {
      keysAreValues = value;
      return this;
    }

    public Builder sharedWith(int mixer) {
      sharedWith = mixer;
      return this;
    }

    public Builder queryScaling(QueryScaling scaling) {
      queryScaling = scaling;
      return this;
    }

    public Builder clip(double bound) {
      clip = bound;
      return this;
    }

    public Builder outputNorm(NormSpec norm) {
      outputNorm = norm;
      return this;
    }

    public Builder spans(SpanSight sight) {
      spans = sight;
      return this;
    }

    public Grouped build() {
      return new Grouped(
          heads,
          kvHeads,
          headDim,
          qkvBias,
          outputBias,
          headNorm,
          valueNorm,
          positions,
          window,
          chunk,
          scale,
          softCap,
          sinks,
          gated,
          keysAreValues,
          sharedWith,
          queryScaling,
          clip,
          outputNorm,
          spans);
    }
  }
}
