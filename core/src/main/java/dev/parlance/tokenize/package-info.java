/** Text to ids with offsets, and padded batches of them. */
@NullMarked
package dev.parlance.tokenize;

import org.jspecify.annotations.NullMarked;
