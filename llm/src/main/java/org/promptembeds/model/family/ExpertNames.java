package org.promptembeds.model.family;

import org.promptembeds.model.family.WeightNames.Part;

/** The ways in which checkpoints name the weights of experts, on top of Llama's names. */
final class ExpertNames {
  private ExpertNames() {}

  /** Below {@code mlp}, one tensor for each expert or all of them in one. */
  static final WeightNames QWEN =
      WeightNames.LLAMA
          .with("feed_forward.router", "mlp.gate")
          .with(
              "feed_forward.experts.gate_up",
              "mlp.experts.{expert}.gate_proj",
              "mlp.experts.{expert}.up_proj")
          .or("feed_forward.experts.gate_up", merged("mlp.experts.gate_up_proj"))
          .with("feed_forward.experts.down", "mlp.experts.{expert}.down_proj")
          .or("feed_forward.experts.down", merged("mlp.experts.down_proj"))
          .with(
              "feed_forward.shared.gate_up",
              "mlp.shared_expert.gate_proj",
              "mlp.shared_expert.up_proj")
          .with("feed_forward.shared.down", "mlp.shared_expert.down_proj")
          .with("feed_forward.shared_gate", "mlp.shared_expert_gate");

  /** DeepSeek's: the shared block has another name, and the router a bias on its choice. */
  static final WeightNames DEEPSEEK =
      QWEN.with("feed_forward.choice_bias", "mlp.gate.e_score_correction_bias")
          .with(
              "feed_forward.shared.gate_up",
              "mlp.shared_experts.gate_proj",
              "mlp.shared_experts.up_proj")
          .with("feed_forward.shared.down", "mlp.shared_experts.down_proj");

  /** Mixtral's: {@code w1} is the gate, {@code w3} the other, {@code w2} the second projection. */
  static final WeightNames MIXTRAL =
      QWEN.with("feed_forward.router", "block_sparse_moe.gate")
          .or("feed_forward.router", new Part("mlp.gate", Transform.NONE))
          .with(
              "feed_forward.experts.gate_up",
              "block_sparse_moe.experts.{expert}.w1",
              "block_sparse_moe.experts.{expert}.w3")
          .or("feed_forward.experts.gate_up", merged("mlp.experts.gate_up_proj"))
          .with("feed_forward.experts.down", "block_sparse_moe.experts.{expert}.w2")
          .or("feed_forward.experts.down", merged("mlp.experts.down_proj"));

  /** A tensor of all experts, whose name has no {@code .weight}. */
  static Part merged(String name) {
    return new Part(name + WeightNames.WHOLE, Transform.NONE);
  }
}
