package org.promptembeds.remote;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A model on one or several servers: {@code http://host:port/v1#model-name}, or several such
 * addresses, comma-separated, of which the last or every one carries the name.
 *
 * @param bases addresses that {@code /completions} is appended to, without query and fragment
 * @param name what the servers call the model
 */
public record RemoteModel(List<URI> bases, String name) {
  private static final Pattern ADDRESS = Pattern.compile("(?i)https?://.*");

  public RemoteModel {
    bases = List.copyOf(bases);
  }

  /** Whether {@code model} is an address and not a directory. */
  public static boolean isRemote(String model) {
    return ADDRESS.matcher(model.strip()).matches();
  }

  /**
   * Reads addresses.
   *
   * @throws IllegalArgumentException if they are malformed, name no model or several, or carry
   *     credentials
   */
  public static RemoteModel parse(String model) {
    List<URI> bases = new ArrayList<>();
    Set<String> names = new LinkedHashSet<>();
    for (String part : model.split(",", -1)) {
      URI uri = uri(part.strip());
      bases.add(base(uri));
      if (uri.getFragment() != null && !uri.getFragment().isEmpty()) {
        names.add(uri.getFragment());
      }
    }

    if (names.size() != 1) {
      throw new IllegalArgumentException(
          "remote model %s names %s: append #NAME, as the server's /v1/models lists it"
              .formatted(bases, names.isEmpty() ? "no model" : "several models " + names));
    }

    return new RemoteModel(bases, names.iterator().next());
  }

  private static URI uri(String address) {
    URI uri;
    try {
      uri = new URI(address);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(
          "remote model address is malformed at character %d: %s"
              .formatted(e.getIndex(), e.getReason()),
          e);
    }

    if (uri.getRawUserInfo() != null || uri.getRawQuery() != null) {
      // The address itself is not shown: it is where a secret may be.
      throw new IllegalArgumentException(
          "a remote model address must hold neither user nor query: put the key into the environment variable PROMPT_EMBEDS_API_KEY");
    }

    if (uri.getHost() == null || !isRemote(address)) {
      throw new IllegalArgumentException(
          "remote model address %s must be http://HOST[:PORT]/v1#NAME or https://…"
              .formatted(address));
    }

    return uri;
  }

  private static URI base(URI uri) {
    String path = uri.getRawPath().replaceAll("/+$", "");
    return URI.create(uri.getScheme() + "://" + uri.getRawAuthority() + path);
  }
}
