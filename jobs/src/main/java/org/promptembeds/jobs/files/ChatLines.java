package org.promptembeds.jobs.files;

import java.io.Serializable;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.TaskCompletionListener;
import org.promptembeds.model.PromptEmbedder;
import scala.Tuple2;

/**
 * Embeds the lines of one partition, one at a time, with a tokenizer and a mapped embedding table
 * of its own.
 *
 * @param model model directory, at the same path on every executor
 * @param input what messages call the file
 * @param chats counts the chats
 */
public record ChatLines(String model, String input, LongAccumulator chats)
    implements FlatMapFunction<Iterator<Tuple2<String, Long>>, ChatRow>, Serializable {
  @Override
  public Iterator<ChatRow> call(Iterator<Tuple2<String, Long>> lines) {
    PromptEmbedder embedder = PromptEmbedder.open(Path.of(model));
    TaskCompletionListener close = context -> embedder.close();
    TaskContext.get().addTaskCompletionListener(close);
    Iterable<Tuple2<String, Long>> once = () -> lines;
    Stream<ChatRow> rows =
        StreamSupport.stream(once.spliterator(), false)
            .filter(line -> !line._1().isBlank())
            .map(line -> embed(embedder, line._1(), line._2() + 1));
    return rows.iterator();
  }

  private ChatRow embed(PromptEmbedder embedder, String line, long number) {
    try {
      Chat chat = Chat.parse(line, number);
      ChatRow row = new ChatRow(chat.id(), chat.embed(embedder).toFloats(), chat.question());
      chats.add(1L);
      return row;
    } catch (RuntimeException e) {
      throw new FailedRowException("%s, line %d: %s".formatted(input, number, e.getMessage()), e);
    }
  }
}
