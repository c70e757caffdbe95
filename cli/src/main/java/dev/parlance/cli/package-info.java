/** x. */
@NullMarked
package dev.parlance.cli;

import org.jspecify.annotations.NullMarked;
