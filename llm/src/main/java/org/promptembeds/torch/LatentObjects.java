package org.promptembeds.torch;

import org.promptembeds.model.spec.Latent;

/**
 * The objects of {@code latent.py}.
 *
 * @param linears makes their linear layers
 * @param path of the block's weights, with a dot
 */
record LatentObjects(LinearObjects linears, String path) {
  /**
   * A block of latent attention.
   *
   * @param arena number of its arena
   * @param rotation place of its rotary embedding among the rotations
   */
  ScriptObject of(int arena, int rotation, Latent latent) {
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
        .with("query", query(latent))
        .with("down", linears.of(path + "kv_down", latent.bias()))
        .with("norm", NormObjects.of(path + "kv_down_norm", latent.norm()))
        .with("attend", attend(latent))
        .with("output", linears.of(path + "output", latent.bias()))
        .unset("keys", "values");
  }

  private ScriptObject query(Latent latent) {
    return latent.queryRank() == 0
        ? linears.of(path + "q", false)
        : ScriptObject.of("low_rank.LowRank")
            .with("down", linears.of(path + "q_down", latent.bias()))
            .with("norm", NormObjects.of(path + "q_down_norm", latent.norm()))
            .with("up", linears.of(path + "q_up", false));
  }

  /** All heads ask one key, whose first elements are its value. */
  private ScriptObject attend(Latent latent) {
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
