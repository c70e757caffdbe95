/** x. */
@NullMarked
package dev.parlance.train;

import org.jspecify.annotations.NullMarked;
