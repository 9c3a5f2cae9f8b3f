/**
 * What models write in chats: thoughts, calls of tools and answers, taken apart while they come,
 * and the forms that hold them to it. Knows no HTTP; depends on {@code generation}, {@code model}
 * and Jackson.
 */
@NullMarked
package org.promptembeds.serve.chat;

import org.jspecify.annotations.NullMarked;
