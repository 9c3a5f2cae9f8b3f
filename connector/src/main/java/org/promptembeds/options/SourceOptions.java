package org.promptembeds.options;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.promptembeds.generation.parameter.ValueType;
import org.promptembeds.generation.setting.SettingType;

/** Options of the data source {@code prompt-embeds}, for reading and for writing. */
public final class SourceOptions {
  public static final Option<String> PATH =
      new Option<>(
          "path",
          ValueType.TEXT,
          null,
          "File, directory (read with its subdirectories) or glob pattern; written to: a directory.");
  public static final Option<String> PATHS =
      new Option<>("paths", ValueType.TEXT, null, "JSON array of further paths to read.");
  public static final Option<String> FILE_FORMAT =
      new Option<>(
          "fileFormat",
          SettingType.oneOf("auto", "arrow", "safetensors", "torch", "npy"),
          "auto",
          "Format of the files; `auto` goes by a file's extension when reading and is `arrow` when"
              + " writing, which `npy` is not for.");
  public static final Option<String> MODE =
      new Option<>(
          "mode",
          SettingType.oneOf("failfast", "permissive", "dropmalformed"),
          "failfast",
          "What a malformed tensor or file does when read: fails the query, becomes a row with NULL"
              + " embeds and the reason in the error column, or is left out.");
  public static final Option<String> ERROR_COLUMN =
      new Option<>(
          "columnNameOfCorruptRecord",
          ValueType.TEXT,
          "error",
          "Column that `PERMISSIVE` puts reasons in.");
  public static final Option<String> EMBEDS_COLUMN =
      new Option<>(
          "embedsColumn", ValueType.TEXT, "embeds", "Column of Arrow files that becomes `embeds`.");
  public static final Option<Integer> HIDDEN_SIZE =
      new Option<>(
          "hiddenSize",
          SettingType.atLeast(0),
          "0",
          "Length of the vectors in flat embeddings whose file or row does not say it; 0: unknown.");
  public static final Option<String> PATH_GLOB_FILTER =
      new Option<>(
          "pathGlobFilter",
          ValueType.TEXT,
          null,
          "Reads only files whose name matches this pattern.");
  public static final Option<Long> SPLIT_BYTES =
      new Option<>(
          "splitBytes",
          SettingType.BYTES,
          "128m",
          "Most bytes of files that one partition reads, unless a single tensor is larger.");
  public static final Option<Long> BATCH_BYTES =
      new Option<>(
          "batchBytes",
          SettingType.BYTES,
          "32m",
          "Most bytes of embeddings in one batch read or record batch written, unless a single row"
              + " is larger.");
  public static final Option<Integer> MAX_FILES_PER_TRIGGER =
      new Option<>(
          "maxFilesPerTrigger",
          SettingType.atLeast(0),
          "0",
          "Most files that a batch of a stream takes, the oldest first; 0: all there are.");
  public static final Option<String> DTYPE =
      new Option<>(
          "dtype",
          SettingType.oneOf("float32", "float16", "bfloat16"),
          "float32",
          "Type of the elements written.");

  /** Every option, in the order of the reference. */
  public static final OptionSet OPTIONS =
      new OptionSet(
          "option of data source prompt-embeds",
          List.of(
              PATH,
              PATHS,
              FILE_FORMAT,
              MODE,
              ERROR_COLUMN,
              EMBEDS_COLUMN,
              HIDDEN_SIZE,
              PATH_GLOB_FILTER,
              SPLIT_BYTES,
              BATCH_BYTES,
              MAX_FILES_PER_TRIGGER,
              DTYPE));

  /** Keys that Spark itself adds for a table of a catalog. */
  private static final Set<String> TABLE_PROPERTIES =
      Set.of(
          "provider",
          "owner",
          "location",
          "external",
          "comment",
          "collation",
          "is_managed_location",
          "transient_lastddltime",
          "serialization.format");

  private static final List<String> FILE_SYSTEM_PREFIXES = List.of("fs.", "dfs.", "hadoop.");

  private final Map<String, String> values = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

  /**
   * Options as given; keys are case-insensitive.
   *
   * @throws IllegalArgumentException naming every unknown key and every bad value
   */
  public SourceOptions(Map<String, String> given) {
    List<String> problems = new ArrayList<>();
    given.forEach(
        (key, value) -> {
          if (!isOfSpark(key) && !isOfFileSystem(key)) {
            check(key, value).ifPresent(problems::add);
          }
        });
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", problems));
    }

    values.putAll(given);
  }

  private static Optional<String> check(String key, String value) {
    try {
      OPTIONS.require(key).parse(value);
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  private static boolean isOfSpark(String key) {
    String lower = key.toLowerCase(Locale.ROOT);
    return TABLE_PROPERTIES.contains(lower) || lower.startsWith("option.");
  }

  /** Whether a key is a setting of a Hadoop file system, such as {@code fs.s3a.endpoint}. */
  public static boolean isOfFileSystem(String key) {
    String lower = key.toLowerCase(Locale.ROOT);
    return FILE_SYSTEM_PREFIXES.stream().anyMatch(lower::startsWith);
  }

  /** The value given, or the default of an option that has one. */
  public <T> T value(Option<T> option) {
    return find(option).orElseGet(option::parsedDefault);
  }

  /** The value given, if one was. */
  public <T> Optional<T> find(Option<T> option) {
    return Optional.ofNullable(values.get(option.key())).map(option::parse);
  }
}
