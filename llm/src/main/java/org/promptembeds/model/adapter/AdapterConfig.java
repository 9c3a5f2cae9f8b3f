package org.promptembeds.model.adapter;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.promptembeds.model.config.ConfigReader;

/**
 * What {@code adapter_config.json} says of a LoRA adapter.
 *
 * @param rank of modules that {@code ranks} says nothing of
 * @param alpha likewise; the product of the matrices is multiplied by it and divided by the rank
 * @param rootOfRank whether it is divided by the square root of the rank instead (rsLoRA)
 */
record AdapterConfig(
    int rank,
    double alpha,
    boolean rootOfRank,
    ModulePatterns ranks,
    ModulePatterns alphas,
    TargetModules targets,
    TargetModules excluded) {
  /** Largest rank of a module. */
  static final int MOST_RANK = 256;

  static final String FILE = "adapter_config.json";

  private static final String MERGE =
      "merge it into the model with PEFT (merge_and_unload) and load the result as a model";

  /** Keys with values that change what the adapter computes, and why they are not taken. */
  private static final Map<String, String> REFUSED =
      Map.ofEntries(
          Map.entry("use_dora", "DoRA, which scales whole weights, is not computed per row"),
          Map.entry("modules_to_save", "copies of whole modules are not kept per row"),
          Map.entry("trainable_token_indices", "changed embeddings are not kept per row"),
          Map.entry("target_parameters", "matrices of experts are not adapted per row"),
          Map.entry("layer_replication", "repeated layers are another model"),
          Map.entry("lora_bias", "biases of adapters are not computed"),
          Map.entry("alora_invocation_tokens", "adapters that begin at a token are not computed"),
          Map.entry("use_qalora", "QA-LoRA pools its inputs, which is not computed"),
          Map.entry("use_bdlora", "block-diagonal adapters are not computed"),
          Map.entry("arrow_config", "routing among adapters is not computed"));

  /** Keys that are read, or that say only how the adapter was trained or made. */
  private static final Set<String> TAKEN =
      Set.of(
          "peft_type",
          "r",
          "lora_alpha",
          "use_rslora",
          "rank_pattern",
          "alpha_pattern",
          "target_modules",
          "exclude_modules",
          "bias",
          "init_lora_weights",
          "fan_in_fan_out",
          "lora_dropout",
          "base_model_name_or_path",
          "revision",
          "auto_mapping",
          "inference_mode",
          "task_type",
          "peft_version",
          "layers_to_transform",
          "layers_pattern",
          "megatron_config",
          "megatron_core",
          "loftq_config",
          "eva_config",
          "corda_config",
          "lora_ga_config",
          "qalora_group_size",
          "runtime_config",
          "ensure_weight_tying");

  /** Ways to begin the training that leave the model's own weights as they are. */
  private static final Set<String> INITIAL =
      Set.of("true", "false", "gaussian", "eva", "orthogonal");

  /**
   * Reads the file of an adapter.
   *
   * @param problems gets whatever is wrong with it
   * @throws org.promptembeds.generation.BackendException if it is not there or no JSON object
   */
  static AdapterConfig read(Path directory, List<String> problems) {
    JsonNode object = ConfigReader.readObject(directory.resolve(FILE));
    ConfigReader config = new ConfigReader(object);
    checkType(config);
    checkOthers(object, config);
    AdapterConfig read =
        new AdapterConfig(
            config.size("r", 8, MOST_RANK),
            config.positive("lora_alpha", 8),
            config.flag("use_rslora"),
            ModulePatterns.read(config, "rank_pattern"),
            ModulePatterns.read(config, "alpha_pattern"),
            TargetModules.read(config, "target_modules", true),
            TargetModules.read(config, "exclude_modules", false));
    config.problems().forEach(problem -> problems.add(FILE + ": " + problem));
    return read;
  }

  private static void checkType(ConfigReader config) {
    @Nullable String type = config.text("peft_type");
    if (!"LORA".equals(type)) {
      config.problem(
          "peft_type is %s, only LORA is computed per row%s"
              .formatted(
                  type,
                  type != null && type.contains("TUNING")
                      ? "; a soft prompt is given as soft_prompt"
                      : ": " + MERGE));
    }

    JsonNode bias = config.value("bias");
    if (bias != null && !bias.asText().equals("none")) {
      config.problem("bias is %s, only none is computed per row: %s".formatted(bias, MERGE));
    }

    JsonNode initial = config.value("init_lora_weights");
    if (initial != null && !INITIAL.contains(initial.asText())) {
      config.problem(
          "init_lora_weights is %s, which changed the weights of the model beneath: convert the adapter with PEFT (path_initial_model_for_weight_conversion of save_pretrained), or %s"
              .formatted(ConfigReader.shown(initial), MERGE));
    }
  }

  private static void checkOthers(JsonNode object, ConfigReader config) {
    for (Map.Entry<String, JsonNode> entry : object.properties()) {
      String key = entry.getKey();
      if (TAKEN.contains(key) || saysNothing(entry.getValue())) {
        continue;
      }

      String reason =
          REFUSED.getOrDefault(key, "this key is not known, and may change what is computed");
      config.problem(
          "%s is %s: %s; %s".formatted(key, ConfigReader.shown(entry.getValue()), reason, MERGE));
    }
  }

  private static boolean saysNothing(JsonNode value) {
    return value.isNull()
        || (value.isBoolean() && !value.booleanValue())
        || (value.isContainerNode() && value.isEmpty());
  }

  /** The rank that a module's matrices must have. */
  int rankOf(String module) {
    Double own = ranks.find(module);
    return own == null ? rank : (int) Math.round(own);
  }

  /** What the product of a module's matrices is multiplied by. */
  double scaleOf(String module) {
    Double own = alphas.find(module);
    int divisor = rankOf(module);
    return (own == null ? alpha : own) / (rootOfRank ? Math.sqrt(divisor) : divisor);
  }

  /** Whether a module is one of those that the adapter says it is for. */
  boolean targets(String module) {
    return targets.contains(module) && !excluded.contains(module);
  }
}
