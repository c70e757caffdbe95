/** Runs a saved model */
@NullMarked
package dev.parlance.predict;

import org.jspecify.annotations.NullMarked;
