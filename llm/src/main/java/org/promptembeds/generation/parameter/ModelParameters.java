package org.promptembeds.generation.parameter;

import java.util.List;

/** Parameters that say which model, or what change of it, generates. */
public final class ModelParameters {
  public static final Parameter<String> LORA =
      Parameter.optional(
              "lora",
              ValueType.TEXT,
              "adapters/sql",
              "LoRA adapter of PEFT that changes the model for the row: directory (path or URI), or"
                  + " a name of `loraModules`; of a server the name of a model that it lists, which"
                  + " requests have as their `model`. NULL is none.")
          .checked(Checks::isNotBlank);

  static final List<Parameter<?>> ALL = List.of(LORA);

  private ModelParameters() {}
}
