package dev.parlance.data;

/**
 * An example and where it stands.
 *
 * @param line physical line on which the row starts, from 1; lines inside quoted fields count too
 * @param example the example; its gold annotation is null where the file has no label for it
 */
public record Row(long line, Example example) {}
