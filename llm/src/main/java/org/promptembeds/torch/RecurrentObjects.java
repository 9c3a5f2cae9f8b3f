package org.promptembeds.torch;

import org.promptembeds.model.spec.DeltaNet;
import org.promptembeds.model.spec.Lightning;
import org.promptembeds.model.spec.Mamba;
import org.promptembeds.model.spec.Mamba2;
import org.promptembeds.model.spec.ShortConvolution;

/**
 * The TorchScript objects of recurrent blocks.
 *
 * @param linears makes their linear layers
 * @param path of the block's weights, with a dot
 * @param state number of the block's first state
 */
record RecurrentObjects(LinearObjects linears, String path, int state) {
  ScriptObject shortConvolution(ShortConvolution block) {
    return object("short_convolution.ShortConvolution")
        .with("has_bias", block.bias())
        .with("input", linears.of(path + "input", block.bias()))
        .with("output", linears.of(path + "output", block.bias()))
        .unset("weight", "bias");
  }

  ScriptObject deltaNet(DeltaNet block) {
    return object("delta_net.DeltaNet")
        .with("key_heads", block.keyHeads())
        .with("heads", block.heads())
        .with("key_dim", block.keyDim())
        .with("value_dim", block.valueDim())
        .with("epsilon", block.epsilon())
        .with("input", linears.of(path + "input", false))
        .with("rates", linears.of(path + "rates", false))
        .with("output", linears.of(path + "output", false))
        .unset("weight", "decay", "decay_bias", "norm");
  }

  ScriptObject mamba2(Mamba2 block) {
    return object("mamba2.Mamba2")
        .with("heads", block.heads())
        .with("head_dim", block.headDim())
        .with("groups", block.groups())
        .with("state_size", block.stateSize())
        .with("has_conv_bias", block.convBias())
        .with(
            "norm_kind",
            switch (block.norm()) {
              case NONE -> 0;
              case AFTER_GATE -> 1;
              case BEFORE_GATE -> 2;
            })
        .with("norm_groups", block.normGroups())
        .with("epsilon", block.epsilon())
        .with("scales", block.scales().stream().mapToDouble(Double::doubleValue).toArray())
        .with("input", linears.of(path + "input", block.inputBias()))
        .with("output", linears.of(path + "output", block.outputBias()))
        .unset("weight", "bias", "decay", "decay_bias", "skip", "norm", "factors");
  }

  ScriptObject mamba(Mamba block) {
    return object("mamba.Mamba")
        .with("size", block.size())
        .with("state_size", block.stateSize())
        .with("rank", block.rank())
        .with("has_conv_bias", block.convBias())
        .with("input", linears.of(path + "input", block.bias()))
        .with("parameters", linears.of(path + "parameters", false))
        .with("step_size", linears.of(path + "step_size", true))
        .with("output", linears.of(path + "output", block.bias()))
        .with("size_norm", NormObjects.of(path + "size_norm", block.norm()))
        .with("key_norm", NormObjects.of(path + "key_norm", block.norm()))
        .with("query_norm", NormObjects.of(path + "query_norm", block.norm()))
        .unset("weight", "bias", "decay", "skip");
  }

  ScriptObject lightning(Lightning block) {
    return object("lightning.Lightning")
        .with("heads", block.heads())
        .with("head_dim", block.headDim())
        .with("epsilon", block.epsilon())
        .with("slopes", block.slopes().stream().mapToDouble(Double::doubleValue).toArray())
        .with("qkv", linears.of(path + "qkv", false))
        .with("gate", linears.of(path + "gate", false))
        .with("output", linears.of(path + "output", false))
        .unset("norm", "decay");
  }

  private ScriptObject object(String type) {
    return ScriptObject.of(type).with("path", path).with("state", state);
  }
}
