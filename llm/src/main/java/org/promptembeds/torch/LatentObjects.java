package org.promptembeds.torch;

import org.promptembeds.model.spec.Latent;

/** The objects of {@code latent.py}. */
final class LatentObjects {
  private LatentObjects() {}

  /**
   * A block of latent attention.
   *
   * @param path of its weights, with a dot
   * @param arena number of its arena
   * @param rotation place of its rotary embedding among the rotations
   */
  static ScriptObject of(String path, int arena, int rotation, Latent latent) {
    return ScriptObject.of("latent.Latent")
        .with("path", path)
        .with("arena", arena)
        .with("rotation", rotation)
        .with("heads", latent.heads())
        .with("rank", latent.rank())
        .with("plain", latent.plain())
        .with("rotary", latent.rotary())
        .with("value_dim", latent.valueDim())
        .with("query_scaling", BlockObjects.queryScaling(latent.queryScaling()))
        .with("query", query(path, latent))
        .with("down", BlockObjects.linear(path + "kv_down", latent.bias()))
        .with("norm", NormObjects.of(path + "kv_down_norm", latent.norm()))
        .with("attend", attend(path, latent))
        .with("output", BlockObjects.linear(path + "output", latent.bias()))
        .unset("keys", "values");
  }

  private static ScriptObject query(String path, Latent latent) {
    return latent.queryRank() == 0
        ? BlockObjects.linear(path + "q", false)
        : ScriptObject.of("low_rank.LowRank")
            .with("down", BlockObjects.linear(path + "q_down", latent.bias()))
            .with("norm", NormObjects.of(path + "q_down_norm", latent.norm()))
            .with("up", BlockObjects.linear(path + "q_up", false));
  }

  /** All heads ask one key, whose first elements are its value. */
  private static ScriptObject attend(String path, Latent latent) {
    return ScriptObject.of("attend.Reference")
        .with("path", path)
        .with("heads", latent.heads())
        .with("kv_heads", 1)
        .with("head_dim", latent.width())
        .with("value_dim", latent.rank())
        .with("window", 0)
        .with("chunk", 0)
        .with("scale", latent.scale())
        .with("soft_cap", 0.0)
        .with("spans", 0)
        .with("has_sinks", false)
        .with("alibi", new double[0])
        .unset("sinks", "slopes");
  }
}
