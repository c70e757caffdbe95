/**
 * Trains the linear model: multinomial logistic regression over sparse features, in Java alone. Read
 * {@link dev.parlance.train.linear.LinearFit} first.
 *
 * <pre>{@code
 * LinearFit fit = LinearFit.over(features, targets, sampleWeights, labels, config, parallel);
 * LinearModel model = fit.with(1.0, FitListener.NONE);
 * LinearOnnx.write(model, directory.resolve("model.onnx"));
 * }</pre>
 *
 * <p>Nothing here touches libtorch, so that a linear model is trained in seconds. No reading of data and no bundles go here.
 */
@NullMarked
package dev.parlance.train.linear;

import org.jspecify.annotations.NullMarked;
