package org.promptembeds.serve;

import static org.promptembeds.serve.DevTools.parameters;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A browser without a window, and one page in it. */
final class Chromium implements AutoCloseable {
  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");
  private static final String LISTENING = "DevTools listening on ";

  private final Process process;
  private final DevTools tools;

  private Chromium(Process process, DevTools tools) {
    this.process = process;
    this.tools = tools;
  }

  /** The browser that {@code CHROMIUM} names, or one of the {@code PATH}; empty without one. */
  static Optional<Path> find() {
    String named = System.getenv("CHROMIUM");
    if (named != null) {
      return Optional.of(Path.of(named));
    }

    return Stream.of(System.getenv().getOrDefault("PATH", "").split(":", -1))
        .flatMap(folder -> NAMES.stream().map(name -> Path.of(folder, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** Starts {@code browser}, which keeps its files in {@code folder}, and opens {@code address}. */
  static Chromium open(Path browser, Path folder, URI address) throws IOException {
    Process process =
        new ProcessBuilder(
                browser.toString(),
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-background-networking",
                "--no-first-run",
                "--hide-scrollbars",
                "--remote-debugging-port=0",
                "--user-data-dir=" + folder,
                "about:blank")
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    Chromium chromium = new Chromium(process, new DevTools(address(process)));
    chromium.enter(address);
    return chromium;
  }

  /** Where the browser listens, as it says; what else it says is read and forgotten. */
  private static URI address(Process process) throws IOException {
    BufferedReader lines = process.errorReader(StandardCharsets.UTF_8);
    List<String> said = new ArrayList<>();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.startsWith(LISTENING)) {
        Thread reading = new Thread(() -> skip(lines), "chromium-messages");
        reading.setDaemon(true);
        reading.start();
        return URI.create(line.substring(LISTENING.length()));
      }

      said.add(line);
    }

    throw new IOException("the browser does not start: " + String.join("\n", said));
  }

  private static void skip(BufferedReader lines) {
    try {
      lines.transferTo(Writer.nullWriter());
    } catch (IOException e) {
      // The browser has ended.
    }
  }

  private void enter(URI address) {
    JsonNode target = tools.call("Target.createTarget", parameters().put("url", "about:blank"));
    String id = target.path("targetId").asText();
    JsonNode session =
        tools.call("Target.attachToTarget", parameters().put("targetId", id).put("flatten", true));
    tools.enter(session.path("sessionId").asText());
    for (String domain : List.of("Page", "Runtime", "Log", "DOM")) {
      tools.call(domain + ".enable", parameters());
    }

    tools.call("Page.navigate", parameters().put("url", address.toString()));
    await("document.readyState === 'complete' && location.href === '%s'".formatted(address));
  }

  List<String> complaints() {
    return tools.complaints();
  }

  /** What an expression of the page's language is, promises awaited. */
  JsonNode evaluate(String expression) {
    JsonNode told =
        tools.call(
            "Runtime.evaluate",
            parameters()
                .put("expression", expression)
                .put("awaitPromise", true)
                .put("returnByValue", true));
    if (told.has("exceptionDetails")) {
      throw new AssertionError(expression + ": " + told.get("exceptionDetails"));
    }

    return told.path("result").path("value");
  }

  /** Waits until {@code condition} holds in the page. */
  void await(String condition) {
    evaluate(
        """
        new Promise(resolve => {
          const look = setInterval(() => { if (%s) { clearInterval(look); resolve(); } }, 10);
        })"""
            .formatted(condition));
  }

  String text(String id) {
    return evaluate("document.getElementById('%s').textContent".formatted(id)).asText();
  }

  void type(String id, String text) {
    evaluate("document.getElementById('%s').focus()".formatted(id));
    tools.call("Input.insertText", parameters().put("text", text));
  }

  void click(String id) {
    evaluate("document.getElementById('%s').click()".formatted(id));
  }

  /** Chooses a file where the page asks for one. */
  void choose(String id, Path file) {
    JsonNode root = tools.call("DOM.getDocument", parameters()).path("root");
    JsonNode input =
        tools.call(
            "DOM.querySelector",
            parameters().put("nodeId", root.path("nodeId").asInt()).put("selector", "#" + id));
    var chosen = parameters().put("nodeId", input.path("nodeId").asInt());
    chosen.putArray("files").add(file.toAbsolutePath().toString());
    tools.call("DOM.setFileInputFiles", chosen);
  }

  /** A picture of the page at a size of pixels, as PNG. */
  byte[] screenshot(int width, int height) {
    tools.call(
        "Emulation.setDeviceMetricsOverride",
        parameters()
            .put("width", width)
            .put("height", height)
            .put("deviceScaleFactor", 1)
            .put("mobile", false));
    JsonNode shot = tools.call("Page.captureScreenshot", parameters().put("format", "png"));
    return Base64.getDecoder().decode(shot.path("data").asText());
  }

  @Override
  public void close() {
    tools.close();
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    try {
      process.waitFor();
      process.getInputStream().close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
