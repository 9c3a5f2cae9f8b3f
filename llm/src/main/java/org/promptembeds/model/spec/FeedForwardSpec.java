package org.promptembeds.model.spec;

/** A block that works on each position alone. */
public sealed interface FeedForwardSpec extends BlockSpec
    permits Gated, Plain, Xielu, Experts, PerLayerInput {}
