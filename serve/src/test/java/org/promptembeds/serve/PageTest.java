package org.promptembeds.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.promptembeds.tensor.TorchFormat;

/**
 * The page for people, in a browser where there is one. With {@code -Dpromptembeds.docs.write=true}
 * its picture in the documentation is taken.
 */
class PageTest {
  private static final Path PICTURE = Path.of("..", "docs", "images", "page.png");
  private static final String LAST_ANSWER = "[...document.querySelectorAll('.assistant')].at(-1)";

  /** Half a minute of requests, so that the picture has something to show. */
  private static final String OTHERS =
      """
      (async () => {
        const end = performance.now() + 30000;
        while (performance.now() < end) {
          const many = 1 + Math.round(7 * Math.sin(performance.now() / 4000) ** 2);
          const body = { prompt: Array(many).fill("<|user|>Where is bigger"), max_tokens: 24 };
          const answer = await fetch("/v1/completions",
              { method: "POST", body: JSON.stringify(body) });
          await answer.text();
        }
      })()""";

  private static TinyChatServer server;

  @TempDir private Path folder;

  @BeforeAll
  static void startServer() throws InterruptedException {
    server = new TinyChatServer(null);
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  private static URI page() {
    return URI.create(server.address().replaceFirst("/v1$", "/"));
  }

  private Chromium browse() throws IOException {
    Optional<Path> browser = Chromium.find();
    assumeTrue(browser.isPresent(), "no Chromium: install one, or name it by CHROMIUM");
    Chromium chromium =
        Chromium.open(browser.orElseThrow(), Files.createTempDirectory(folder, "browser"), page());
    chromium.await("document.getElementById('model').textContent === 'tiny-chat'");
    return chromium;
  }

  private static String answer(Chromium chromium) {
    chromium.await(LAST_ANSWER + "?.querySelector('.note')");
    return chromium.evaluate(LAST_ANSWER + ".querySelector('.said').textContent").asText();
  }

  private static void ask(Chromium chromium, String text) {
    int before = chromium.evaluate("document.querySelectorAll('.assistant').length").asInt();
    chromium.type("text", text);
    chromium.click("send");
    chromium.await("document.querySelectorAll('.assistant').length > " + before);
  }

  @Test
  void aChatGoesOnAndThePageTellsWhatTheServerDoes() throws IOException {
    try (Chromium chromium = browse()) {
      ask(chromium, TinyChatServer.QUESTION);
      assertThat(answer(chromium)).isEqualTo(TinyChatServer.ANSWER);
      ask(chromium, "Where is bigger, the moon or the sun?");
      assertThat(answer(chromium)).isNotBlank();

      chromium.await("document.getElementById('first-token').textContent.endsWith('s')");
      assertThat(chromium.text("state")).isEqualTo("serving");
      assertThat(chromium.text("slots")).matches("% of [0-9,]+ positions");
      assertThat(chromium.text("hidden")).isEqualTo("192");
      assertThat(chromium.complaints()).isEmpty();
      if (Boolean.getBoolean("promptembeds.docs.write")) {
        takePicture(chromium);
      }
    }
  }

  private void takePicture(Chromium chromium) throws IOException {
    chromium.choose("file", question());
    chromium.await("document.querySelectorAll('#attached .tensor').length === 1");
    chromium.click("send");
    assertThat(answer(chromium)).isEqualTo(TinyChatServer.ANSWER);
    chromium.evaluate(OTHERS);
    chromium.await("document.getElementById('running').textContent === '0'");
    Files.write(PICTURE, chromium.screenshot(1240, 850));
  }

  /** The embeddings of the question, in a file. */
  private Path question() throws IOException {
    return Files.write(
        folder.resolve("question.pt"), TorchFormat.write(server.embed(TinyChatServer.QUESTION)));
  }

  @Test
  void anAttachedTensorIsThePromptAndOneAtFaultIsToldOf() throws IOException {
    Path broken = Files.write(folder.resolve("broken.pt"), new byte[] {1, 2, 3});
    try (Chromium chromium = browse()) {
      chromium.choose("file", question());
      chromium.await("document.querySelectorAll('#attached .tensor').length === 1");
      chromium.click("send");

      assertThat(answer(chromium)).isEqualTo(TinyChatServer.ANSWER);
      assertThat(chromium.evaluate("document.querySelector('.user .tensor').textContent").asText())
          .startsWith("question.pt, ");
      assertThat(chromium.complaints()).isEmpty();

      chromium.choose("file", broken);
      chromium.await("document.querySelectorAll('#attached .tensor').length === 1");
      chromium.click("send");
      chromium.await(LAST_ANSWER + ".classList.contains('error')");
      assertThat(answer(chromium)).contains("messages[2].content[0].data");
    }
  }

  @Test
  void whatIsSaidIsTextAndThePolicyStopsScriptsOfOthers() throws IOException {
    try (Chromium chromium = browse()) {
      ask(chromium, "<img src=x onerror='window.stolen = 1'>");
      assertThat(answer(chromium)).isNotNull();
      chromium.evaluate(
          "{ const s = document.createElement('script'); s.textContent = 'window.stolen = 1';"
              + " document.body.append(s); }");

      assertThat(chromium.evaluate("window.stolen === undefined").asBoolean()).isTrue();
      assertThat(chromium.evaluate("document.querySelectorAll('.said img').length").asInt())
          .isZero();
      assertThat(chromium.complaints())
          .singleElement()
          .asString()
          .contains("Content Security Policy");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/, text/html; charset=utf-8",
    "/page.js, text/javascript; charset=utf-8",
    "/page.css, text/css; charset=utf-8",
    "/page.svg, image/svg+xml"
  })
  void filesNeedNoKeyAndAreNotThereWhenSwitchedOff(String path, String contentType) {
    try (ServerFixture fixture =
            new ServerFixture(
                new FakeBackend(request -> "ok"), o -> ServerFixture.withKey(o, "sk-1"));
        ServerFixture without =
            new ServerFixture(new FakeBackend(request -> "ok"), ServerOptions::withoutPage)) {
      HttpResponse<String> file = fixture.get(path);
      assertThat(file.statusCode()).isEqualTo(200);
      assertThat(file.headers().firstValue("Content-Type")).hasValue(contentType);
      assertThat(file.headers().firstValue("Content-Security-Policy").orElse(""))
          .contains("default-src 'none'", "script-src 'self'")
          .doesNotContain("unsafe");
      assertThat(file.body()).doesNotContain("style=", "onclick=", "innerHTML", "http-equiv");
      assertThat(without.get(path).statusCode()).isEqualTo(404);
    }
  }
}
