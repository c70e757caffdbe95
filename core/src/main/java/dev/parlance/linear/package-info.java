/**
 * Text as sparse features: TF-IDF of n-grams of words and characters, for the linear model. Read
 * {@link dev.parlance.linear.TfIdf} first.
 *
 * <pre>{@code
 * TfIdf tfIdf = TfIdf.fit(examples, LinearConfig.defaults(), 2, parallel);
 * FeatureVector features = tfIdf.transform("a gorgeous, witty film");
 * String name = tfIdf.feature(features.ids()[0]).text();
 * }</pre>
 *
 * <p>No labels, no weights and no training go here.
 */
@NullMarked
package dev.parlance.linear;

import org.jspecify.annotations.NullMarked;
