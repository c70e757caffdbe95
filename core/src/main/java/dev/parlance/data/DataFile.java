package dev.parlance.data;

/**
 * The file that examples came from, for provenance.
 *
 * @param name path as given by the user, or {@code standard input}
 * @param bytes size as stored, packed if it was
 * @param sha256 hash of the stored bytes, lower-case hexadecimal
 */
public record DataFile(String name, long bytes, String sha256) {}
