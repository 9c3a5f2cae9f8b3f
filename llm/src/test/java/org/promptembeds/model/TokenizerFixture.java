package org.promptembeds.model;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Small tokenizers of the kinds that models have, written for tests. */
final class TokenizerFixture {
  static final JsonMapper MAPPER = new JsonMapper();
  static final String GPT_2 =
      "{'type': 'ByteLevel', 'add_prefix_space': false, 'trim_offsets': true, 'use_regex': true}";
  static final String LLAMA_3 =
      "{'type': 'Sequence', 'pretokenizers': [{'type': 'Split', 'pattern': {'Regex':"
          + " \"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\\\r\\\\n\\\\p{L}\\\\p{N}]?\\\\p{L}+|\\\\p{N}{1,3}| ?[^\\\\s\\\\p{L}\\\\p{N}]+[\\\\r\\\\n]*|\\\\s*[\\\\r\\\\n]+|\\\\s+(?!\\\\S)|\\\\s+\"},"
          + " 'behavior': 'Isolated', 'invert': false}, {'type': 'ByteLevel', 'add_prefix_space':"
          + " false, 'trim_offsets': true, 'use_regex': false}]}";
  static final String PREPENDED =
      "{'type': 'Sequence', 'normalizers': [{'type': 'Prepend', 'prepend': '\u2581'}, {'type':"
          + " 'Replace', 'pattern': {'String': ' '}, 'content': '\u2581'}]}";
  static final String METASPACE =
      "{'type': 'Metaspace', 'replacement': '\u2581', 'prepend_scheme': 'first', 'split': false}";

  private TokenizerFixture() {}

  /** JSON with single quotes for double ones, except in strings that have double quotes. */
  static ObjectNode json(String text) throws IOException {
    return (ObjectNode)
        MAPPER
            .reader()
            .with(com.fasterxml.jackson.core.JsonParser.Feature.ALLOW_SINGLE_QUOTES)
            .readTree(text);
  }

  /** BPE with bytes and merges that join words, spaces and what is between them. */
  static ObjectNode byteLevel(String preTokenizer) throws IOException {
    ObjectNode root = empty();
    root.set("pre_tokenizer", json(preTokenizer));
    root.set("decoder", json(GPT_2));
    ObjectNode vocabulary = vocabulary(root);
    for (char c = 0; c < 512; c++) {
      if (ByteAlphabet.byteOf(c) >= 0) {
        add(vocabulary, String.valueOf(c));
      }
    }

    merge(
        root,
        List.of(
            "t h",
            "h e",
            "th e",
            "\u0120 a",
            "\u0120 t",
            "a b",
            "\u0120t he",
            "\u0120 \u0120",
            "1 2",
            "\u010a \u010a",
            ". .",
            "\u0120a b"));
    return root;
  }

  /** BPE as SentencePiece's, with a mark for spaces, bytes for what is unknown. */
  static ObjectNode marked(List<String> merges) throws IOException {
    ObjectNode root = empty();
    ObjectNode model = (ObjectNode) root.get("model");
    model.put("unk_token", "<unk>").put("fuse_unk", true).put("byte_fallback", true);
    ObjectNode vocabulary = vocabulary(root);
    for (int b = 0; b < 256; b++) {
      add(vocabulary, "<0x%02X>".formatted(b));
    }

    "\u2581abcdefgh.,!\n12".chars().forEach(c -> add(vocabulary, Character.toString(c)));
    merge(root, merges);
    return root;
  }

  private static ObjectNode empty() throws IOException {
    ObjectNode root =
        json(
            "{'version': '1.0', 'truncation': null, 'padding': null, 'normalizer': null,"
                + " 'pre_tokenizer': null, 'decoder': null, 'added_tokens': [], 'model': {'type':"
                + " 'BPE', 'dropout': null, 'unk_token': null, 'continuing_subword_prefix': null,"
                + " 'end_of_word_suffix': null, 'fuse_unk': false, 'byte_fallback': false,"
                + " 'vocab': {}, 'merges': []}}");
    for (String token : List.of("<unk>", "<s>", "<|x_y|>")) {
      int id = add(vocabulary(root), token);
      root.withArray("added_tokens")
          .add(
              json(
                  ("{'id': %d, 'content': '%s', 'single_word': false, 'lstrip': false, 'rstrip':"
                          + " false, 'normalized': false, 'special': true}")
                      .formatted(id, token)));
    }

    root.set(
        "post_processor",
        json(
            "{'type': 'TemplateProcessing', 'single': [{'SpecialToken': {'id': '<s>', 'type_id':"
                + " 0}}, {'Sequence': {'id': 'A', 'type_id': 0}}], 'pair': [{'Sequence': {'id':"
                + " 'A', 'type_id': 0}}], 'special_tokens': {'<s>': {'id': '<s>', 'ids': [1],"
                + " 'tokens': ['<s>']}}}"));
    return root;
  }

  private static ObjectNode vocabulary(ObjectNode root) {
    return (ObjectNode) root.get("model").get("vocab");
  }

  private static int add(ObjectNode vocabulary, String token) {
    int id = vocabulary.size();
    vocabulary.put(token, id);
    return id;
  }

  private static void merge(ObjectNode root, List<String> merges) {
    for (String merge : merges) {
      ((ObjectNode) root.get("model")).withArray("merges").add(merge);
      String token = merge.replace(" ", "");
      if (!vocabulary(root).has(token)) {
        add(vocabulary(root), token);
      }
    }
  }

  static Path write(Path directory, ObjectNode root) throws IOException {
    return Files.write(directory.resolve("tokenizer.json"), MAPPER.writeValueAsBytes(root));
  }
}
