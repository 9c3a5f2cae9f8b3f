package org.promptembeds.serve;

import org.promptembeds.generation.Client;

/**
 * Who asks.
 *
 * @param client what tells clients apart, with whom others share the model: the number of an API
 *     key, else an address
 * @param memory what the request may hold
 */
record Requester(Client client, ByteBudget.Lease memory) {}
