package org.promptembeds.serve;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;

/**
 * The bodies of requests, read from JSON.
 *
 * <p>A request is refused as soon as it becomes more than can be asked for: what is small as text
 * may be large in memory. Tensors are decoded while they are read.
 */
final class RequestJson {
  /** Deep enough for any message, and far from the end of the stack. */
  private static final int MAX_DEPTH = 64;

  /** More characters than the longest context takes. */
  static final int MAX_TEXT_CHARS = 16 << 20;

  private final JsonFactory factory =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxStringLength(MAX_TEXT_CHARS)
                  .maxNestingDepth(MAX_DEPTH)
                  .build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .build();
  private final ServedModel model;

  RequestJson(ServedModel model) {
    this.model = model;
  }

  /** Reads a line of a batch, but for its body. */
  BatchLine batchLine(byte[] line) {
    return BatchLine.read(factory, line);
  }

  /**
   * Reads the body of a line that there is no problem with.
   *
   * @throws ApiException if it is larger than any that can be done
   */
  ObjectNode batchBody(byte[] line, ByteBudget.Lease memory) {
    try (JsonParser parser = factory.createParser(line)) {
      BatchLine.seekBody(parser);
      return new RequestTree(parser, model, memory).read();
    } catch (IOException e) {
      throw ApiException.invalid(
          null, "the body cannot be read: " + RequestHead.shown(String.valueOf(e.getMessage())));
    }
  }

  /**
   * Reads a request.
   *
   * @throws ApiException if it is not one JSON object, or larger than any that can be done
   */
  ObjectNode read(InputStream bytes, ByteBudget.Lease memory) {
    try (JsonParser parser = factory.createParser(bytes)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw ApiException.invalid(null, "the request is not a JSON object");
      }

      ObjectNode object = new RequestTree(parser, model, memory).read();
      if (parser.nextToken() != null) {
        throw ApiException.invalid(null, "the request is not JSON: something follows the object");
      }

      return object;
    } catch (StreamConstraintsException e) {
      throw ApiException.invalid(
          null,
          "the request is larger than any that can be done: "
              + RequestHead.shown(e.getOriginalMessage()));
    } catch (JsonProcessingException e) {
      throw ApiException.invalid(
          null, "the request is not JSON: " + RequestHead.shown(e.getOriginalMessage()));
    } catch (IOException e) {
      // Broken UTF-8 or UTF-16: the bytes themselves are in memory.
      throw ApiException.invalid(
          null, "the request is not JSON: " + RequestHead.shown(String.valueOf(e.getMessage())));
    }
  }
}
