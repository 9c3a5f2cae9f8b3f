package org.promptembeds.jobs.options;

import java.util.ListResourceBundle;
import org.promptembeds.options.Option;

/** The help of {@link ModelOptions}: what the reference says of the configuration's options. */
public final class ModelOptionsHelp extends ListResourceBundle {
  /** The name that commands refer to this by. */
  public static final String NAME = "org.promptembeds.jobs.options.ModelOptionsHelp";

  @Override
  protected Object[][] getContents() {
    return ModelOptions.names().stream()
        .map(name -> new Object[] {name, help(ModelOptions.configured(name))})
        .toArray(Object[][]::new);
  }

  /** One option's sentence and default, with what picocli would interpret made plain. */
  public static String help(Option<?> option) {
    String sentence = option.doc().replace("`", "").replace("%", "%%");
    return "%s Default: %s.".formatted(sentence, option.defaultValue());
  }
}
