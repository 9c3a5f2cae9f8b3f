package org.promptembeds.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a server lists at {@code /models}: the names that {@code #NAME} may be. */
final class ModelNames {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MOST_SHOWN = 10;

  private ModelNames() {}

  /**
   * Why a server answered that there is nothing where a completion was asked for.
   *
   * @param server its address
   * @param model the name it was asked for
   * @param reason what it said
   * @param list its answer at {@code /models}; null if there was none
   */
  static String explain(
      String server, String model, String reason, @Nullable HttpResponse<byte[]> list) {
    List<String> names = list == null || list.statusCode() != 200 ? List.of() : names(list.body());
    if (names.isEmpty()) {
      return "%s: %s: the address must end where /completions follows, such as http://HOST:PORT/v1"
          .formatted(server, reason);
    }

    return names.contains(model)
        ? "%s: %s, though it lists the model %s".formatted(server, reason, model)
        : "the server at %s has no model '%s', only %s: put one of these after #"
            .formatted(server, model, shown(names));
  }

  private static String shown(List<String> names) {
    String first = String.join(", ", names.subList(0, Math.min(MOST_SHOWN, names.size())));
    return names.size() <= MOST_SHOWN
        ? first
        : "%s and %d others".formatted(first, names.size() - MOST_SHOWN);
  }

  private static List<String> names(byte[] body) {
    List<String> names = new ArrayList<>();
    try {
      for (JsonNode model : JSON.readTree(body).path("data")) {
        names.add(model.path("id").asText());
      }
    } catch (IOException e) {
      return List.of(); // no list of models
    }

    return names;
  }
}
