/** What a model is asked to do */
@NullMarked
package dev.parlance.task;

import org.jspecify.annotations.NullMarked;
