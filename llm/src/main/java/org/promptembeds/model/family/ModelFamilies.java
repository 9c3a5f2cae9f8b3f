package org.promptembeds.model.family;

import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** The supported model types. */
public final class ModelFamilies {
  private static final SortedMap<String, ModelFamily> BY_TYPE = new TreeMap<>();

  static {
    add(new ApertusFamily());
    add(new ArceeFamily());
    add(new BitNetFamily());
    add(new BloomFamily());
    add(new Cohere2Family());
    add(new CohereFamily());
    add(new DeepSeekV2Family());
    add(new DeepSeekV3Family("deepseek_v3"));
    add(new DeepSeekV3Family("kimi_k2"));
    add(new DiffLlamaFamily());
    add(new Dots1Family());
    add(new Ernie45Family());
    add(new Ernie45MoeFamily());
    add(new Exaone4Family());
    add(new FalconFamily());
    add(new FalconH1Family());
    add(new Gemma2Family());
    add(new Gemma3Family());
    add(new Gemma4Family());
    add(new GemmaFamily());
    add(new Glm4Family());
    add(new Glm4MoeFamily());
    add(new Glm4MoeLiteFamily());
    add(new GlmFamily());
    add(new Gpt2Family());
    add(new GptBigCodeFamily());
    add(new GptJFamily());
    add(new GptNeoFamily());
    add(new GptNeoxFamily());
    add(new GptOssFamily());
    add(new GraniteFamily());
    add(new GraniteMoeHybridFamily());
    add(new GraniteMoeFamily());
    add(new HeliumFamily());
    add(new HunyuanFamily());
    add(new JambaFamily());
    add(new Lfm2Family());
    add(new LlamaFamily());
    add(new Mamba2Family());
    add(new MambaFamily());
    add(new MiniMaxFamily());
    add(new Llama4TextFamily());
    add(new MiniMaxM2Family());
    add(new Ministral3Family());
    add(new MinistralFamily());
    add(new Mistral4Family());
    add(new MistralFamily());
    add(new MixtralFamily());
    add(new MptFamily());
    add(new MuseGlimmerFamily());
    add(new NemotronFamily());
    add(new NemotronHFamily());
    add(new Olmo2Family());
    add(new Olmo3Family());
    add(new OlmoFamily());
    add(new OlmoeFamily());
    add(new OptFamily());
    add(new PersimmonFamily());
    add(new Phi3Family());
    add(new PhimoeFamily());
    add(new PhiFamily());
    add(new Qwen2Family());
    add(new Qwen2MoeFamily());
    add(new Qwen35Family());
    add(new Qwen35MoeFamily());
    add(new Qwen3Family());
    add(new Qwen3MoeFamily());
    add(new Qwen3NextFamily());
    add(new SeedOssFamily());
    add(new SmolLm3Family());
    add(new StableLmFamily());
    add(new Starcoder2Family());
    add(new XglmFamily());
    VisionTexts.all().forEach(ModelFamilies::add);
  }

  private ModelFamilies() {}

  private static void add(ModelFamily family) {
    BY_TYPE.put(family.modelType(), family);
  }

  public static Optional<ModelFamily> find(String modelType) {
    return Optional.ofNullable(BY_TYPE.get(modelType));
  }

  public static Set<String> modelTypes() {
    return BY_TYPE.keySet();
  }
}
