/** Named numbers that compare predictions with gold annotations. */
@NullMarked
package dev.parlance.metric;

import org.jspecify.annotations.NullMarked;
