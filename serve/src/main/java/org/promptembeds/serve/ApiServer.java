package org.promptembeds.serve;

/**
 * An HTTP server that speaks OpenAI's Completions and Chat Completions APIs.
 *
 * <p>Connections live on event loops, which never wait; requests are read, and their prompts
 * embedded, on workers; tokens are chosen on the backend's own thread. It owns the model and closes
 * it.
 */
public final class ApiServer implements AutoCloseable {
  /** Longest wait for requests that were told to stop. */
  private static final int STOP_SECONDS = 5;

  private final Service service;
  private final Listening listening;

  ApiServer(Service service, Listening listening) {
    this.service = service;
    this.listening = listening;
  }

  /**
   * Starts to serve {@code model}, which is closed with the server.
   *
   * @throws IllegalStateException if the address cannot be listened at
   */
  public static ApiServer start(ServedModel model, ServerOptions options)
      throws InterruptedException {
    return Listening.bind(options).serve(model);
  }

  /** The port that is listened at. */
  public int port() {
    return listening.port();
  }

  Service service() {
    return service;
  }

  /**
   * Stops listening, lets requests under way come to their end within the drain timeout, ends those
   * that do not with an error, and closes the model.
   */
  @Override
  public void close() {
    listening.stop();
    service.places().drain(service.options().timeouts().drain());
    listening.tellStopped();
    service.places().await(STOP_SECONDS);
    service.workers().stop();
    listening.close();
    service.model().backend().close();
    service.model().encoder().close();
  }
}
