package org.promptembeds.jobs.batch;

import java.io.Serializable;
import org.promptembeds.options.BackendSpec;
import org.promptembeds.serve.chat.ChatParsers;

/**
 * The model that answers a batch.
 *
 * @param name what requests call it
 * @param backend how it runs
 * @param parsers how calls and thoughts are found in what it writes in chats
 */
public record BatchModel(String name, BackendSpec backend, ChatParsers parsers)
    implements Serializable {}
