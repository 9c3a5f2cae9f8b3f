package org.promptembeds.sql.execution;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.TaskContext;
import org.apache.spark.TaskKilledException;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.jspecify.annotations.Nullable;
import org.promptembeds.executor.ByteBudget;
import org.promptembeds.options.ExecutionLimits;

/**
 * The rows of one partition on their way: submits as many as the executor's budget of bytes admits,
 * and hands them on in the order they came.
 *
 * <p>Confined to the task's thread, but for {@link InFlight#ended}, which the threads that finish
 * rows run.
 */
final class GenerationTask implements Iterator<InternalRow>, AutoCloseable {
  /** What a row costs besides its data: objects, queue entries, the result. */
  private static final long ROW_OVERHEAD_BYTES = 4096;

  /** How long a killed task, which Spark need not interrupt, may keep its rows. */
  private static final long KILL_CHECK_MILLIS = 100;

  private final RowNames names;
  private final Iterator<InternalRow> input;
  private final List<CallEvaluator> evaluators;
  private final RowAssembler assembler;
  private final TaskContext context;
  private final TaskMeter meter;
  private final ByteBudget.Account budget;
  private final ArrayDeque<InFlight> inFlight = new ArrayDeque<>();
  private final Semaphore endedRows = new Semaphore(0);
  private @Nullable InFlight next; // read, and waiting to be admitted
  private boolean isInputEnded;
  private long rowNumber;

  GenerationTask(
      RowNames names,
      Iterator<InternalRow> input,
      List<CallEvaluator> evaluators,
      RowAssembler assembler,
      ExecutionLimits limits,
      TaskContext context,
      TaskMeter meter) {
    this.names = names;
    this.input = input;
    this.evaluators = evaluators;
    this.assembler = assembler;
    this.context = context;
    this.meter = meter;
    this.budget = ByteBudget.shared().open(limits.maxInFlightBytes());
  }

  @Override
  public boolean hasNext() {
    admit();
    while (inFlight.isEmpty() ? next != null : !inFlight.element().isDone()) {
      awaitEndOfSomeRow();
      admit();
    }

    return !inFlight.isEmpty();
  }

  @Override
  public InternalRow next() {
    if (!hasNext()) {
      throw new NoSuchElementException("no more rows in partition " + names.partition());
    }

    InFlight row = inFlight.remove();
    budget.release(row.keptBytes());
    return assembler.assemble(row.name, row.kept, row.calls);
  }

  /** Submits rows for as long as there are any and the budget allows it. */
  private void admit() {
    while (next != null || hasInput()) {
      InFlight row = next == null ? read(input.next()) : next;
      if (!budget.tryReserve(row.keptBytes() + row.embedsBytes)) {
        next = row;
        return;
      }

      next = null;
      inFlight.add(row);
      row.submit();
    }
  }

  /** Asks the input no more once it has ended: Spark's iterators add up their time then. */
  private boolean hasInput() {
    isInputEnded = isInputEnded || !input.hasNext();
    return !isInputEnded;
  }

  private InFlight read(InternalRow row) {
    String name = names.of(rowNumber++, row);
    List<RowCall> calls =
        evaluators.stream().map(evaluator -> evaluator.prepare(name, row)).toList();
    return new InFlight(name, assembler.keep(row), calls);
  }

  /** Waits until a row has ended, or a moment, so that a killed task notices. */
  private void awaitEndOfSomeRow() {
    long start = System.nanoTime();
    try {
      if (endedRows.tryAcquire(KILL_CHECK_MILLIS, TimeUnit.MILLISECONDS)) {
        endedRows.drainPermits();
      }

      context.killTaskIfInterrupted();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TaskKilledException("interrupted while waiting for generated rows");
    } finally {
      meter.waited(System.nanoTime() - start);
    }
  }

  /** Gives up on rows that nobody will ask for and frees their part of the budget. */
  @Override
  public void close() {
    inFlight.forEach(row -> row.calls.forEach(RowCall::cancel));
    inFlight.clear();
    budget.close();
  }

  /** A row under way. */
  private final class InFlight {
    private final String name;
    private final UnsafeRow kept;
    private final List<RowCall> calls;
    private final long embedsBytes;
    private final AtomicInteger running;

    private InFlight(String name, UnsafeRow kept, List<RowCall> calls) {
      this.name = name;
      this.kept = kept;
      this.calls = calls;
      this.embedsBytes = calls.stream().mapToLong(RowCall::byteCount).sum();
      this.running = new AtomicInteger(calls.size());
    }

    /** Bytes held until the row is handed on. */
    private long keptBytes() {
      return ROW_OVERHEAD_BYTES + kept.getSizeInBytes();
    }

    private void submit() {
      calls.forEach(call -> call.submit(this::ended));
    }

    private void ended() {
      if (running.decrementAndGet() == 0) {
        budget.release(embedsBytes);
        endedRows.release();
      }
    }

    private boolean isDone() {
      return calls.stream().allMatch(RowCall::isDone);
    }
  }
}
