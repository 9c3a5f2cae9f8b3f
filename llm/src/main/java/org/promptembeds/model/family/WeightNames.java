package org.promptembeds.model.family;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.model.spec.Grouped;

/**
 * What the checkpoints of a family call the parts of each weight.
 *
 * <p>A weight is known by its role: {@code embedding}, {@code norm}, {@code head}, and in a layer a
 * branch and what it is there, for instance {@code attention.qkv}. Names lie below the decoder's
 * prefix, those of layers below a layer's, and end in {@code .weight} or {@code .bias} as the
 * weight does. A name in which {@code {expert}} stands is one tensor per expert.
 *
 * @param prefix of the decoder, such as {@code model.}
 * @param layer prefix of a layer below it, with {@code {layer}} in the place of its number
 * @param parts for a role, the ways in which checkpoints hold it: the first that is there is taken
 * @param skipped expressions for whole names of tensors that checkpoints hold beside the decoder
 */
public record WeightNames(
    String prefix, String layer, Map<String, List<List<Part>>> parts, List<String> skipped) {
  /** Marks a name that lies beside the decoder, not below its prefix. */
  private static final String BESIDE = "/";

  /** At the end of a name that gets no {@code .weight}. */
  static final String WHOLE = "!";

  /**
   * A tensor of a checkpoint.
   *
   * @param name without {@code .weight} or {@code .bias}
   * @param transform on its way into the weight
   */
  public record Part(String name, Transform transform) {}

  /** The names that Llama made common. */
  public static final WeightNames LLAMA =
      new WeightNames("model.", "layers.{layer}.", Map.of(), List.of())
          .with("embedding", "embed_tokens")
          .with("norm", "norm")
          .with("head", "/lm_head")
          .with("attention.norm", "input_layernorm")
          .with("attention.qkv", "self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj")
          .with("attention.q_norm", "self_attn.q_norm")
          .with("attention.k_norm", "self_attn.k_norm")
          .with("attention.output", "self_attn.o_proj")
          .with("feed_forward.norm", "post_attention_layernorm")
          .with("feed_forward.gate_up", "mlp.gate_proj", "mlp.up_proj")
          .with("feed_forward.up", "mlp.up_proj")
          .with("feed_forward.down", "mlp.down_proj");

  /** A role whose parts are stacked as they are. */
  public WeightNames with(String role, String... names) {
    return with(role, Transform.NONE, names);
  }

  /** A role whose parts are transformed alike and stacked. */
  public WeightNames with(String role, Transform transform, String... names) {
    return with(role, Stream.of(names).map(name -> new Part(name, transform)).toArray(Part[]::new));
  }

  /** A role whose parts are stacked. */
  public WeightNames with(String role, Part... newParts) {
    Map<String, List<List<Part>>> copy = new LinkedHashMap<>(parts);
    copy.put(role, List.of(List.of(newParts)));
    return new WeightNames(prefix, layer, copy, skipped);
  }

  /** Another way in which checkpoints hold a role. */
  public WeightNames or(String role, Part... newParts) {
    Map<String, List<List<Part>>> copy = new LinkedHashMap<>(parts);
    List<List<Part>> ways = new ArrayList<>(copy.getOrDefault(role, List.of()));
    ways.add(List.of(newParts));
    copy.put(role, List.copyOf(ways));
    return new WeightNames(prefix, layer, copy, skipped);
  }

  /**
   * The same names, where queries and keys hold the pairs that are rotated as neighbours.
   *
   * @param spec the decoder, whose attention tells heads and their rotated part
   */
  public WeightNames rotatingNeighbours(DecoderSpec spec) {
    Grouped attention = spec.attention();
    Transform halves = Transform.rotaryHalves(attention.headDim(), spec.rotaryDim());
    List<Part> qkv = parts.getOrDefault("attention.qkv", List.of()).get(0);
    return with(
        "attention.qkv",
        new Part(qkv.get(0).name(), halves),
        new Part(qkv.get(1).name(), halves),
        qkv.get(2));
  }

  /** The same names, where blocks are normalised behind and not before. */
  WeightNames normsAfterBlocks() {
    return with("attention.output_norm", "post_attention_layernorm")
        .with("feed_forward.output_norm", "post_feedforward_layernorm");
  }

  /** The same names, where blocks are normalised before and behind. */
  WeightNames normsAroundBlocks() {
    return normsAfterBlocks().with("feed_forward.norm", "pre_feedforward_layernorm");
  }

  /** The same names, beside which checkpoints hold tensors whose names match an expression. */
  public WeightNames skipping(String expression) {
    List<String> all = Stream.concat(skipped.stream(), Stream.of(expression)).toList();
    return new WeightNames(prefix, layer, parts, all);
  }

  /**
   * The same names, beside which checkpoints hold layers that predict further tokens and are
   * numbered after the decoder's.
   */
  WeightNames skippingLayersAbove(DecoderSpec spec) {
    String own =
        IntStream.range(0, spec.layers().size())
            .mapToObj(Integer::toString)
            .collect(Collectors.joining("|"));
    return skipping("(.*\\.)?layers\\.(?!(%s)\\.)\\d+\\..*".formatted(own));
  }

  /** Whether a tensor is none of the decoder's. */
  public boolean skips(String name) {
    return skipped.stream().anyMatch(name::matches);
  }

  /** The same names below other prefixes. */
  public WeightNames under(String newPrefix, String newLayer) {
    return new WeightNames(newPrefix, newLayer, parts, skipped);
  }

  /**
   * The ways in which checkpoints hold a weight, names whole.
   *
   * @param actualPrefix of the decoder in the checkpoint at hand
   * @param layerNumber -1 outside the layers
   * @param role without {@code .weight} and {@code .bias}
   * @param suffix {@code .weight}, {@code .bias} or nothing
   * @throws IllegalStateException if the family has no name for the role
   */
  public List<List<Part>> of(String actualPrefix, int layerNumber, String role, String suffix) {
    List<List<Part>> ways = parts.get(role);
    if (ways == null) {
      throw new IllegalStateException("the family names no weight for " + role);
    }

    String below = layerNumber < 0 ? "" : layer.replace("{layer}", Integer.toString(layerNumber));
    return ways.stream()
        .map(way -> way.stream().map(part -> whole(actualPrefix, below, part, suffix)).toList())
        .toList();
  }

  /** A merged tensor's name has no {@code .weight}; its bias ends in {@code _bias}. */
  private static Part whole(String actualPrefix, String below, Part part, String suffix) {
    String name =
        part.name().startsWith(BESIDE)
            ? part.name().substring(BESIDE.length())
            : actualPrefix + below + part.name();
    String whole =
        name.endsWith(WHOLE)
            ? name.substring(0, name.length() - WHOLE.length())
                + (suffix.equals(".weight") ? "" : suffix.replace('.', '_'))
            : name + suffix;
    return new Part(whole, part.transform());
  }
}
