/** Examples and where they come from */
@NullMarked
package dev.parlance.data;

import org.jspecify.annotations.NullMarked;
