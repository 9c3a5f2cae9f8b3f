package org.promptembeds.model.quantization;

/**
 * Rows of a matrix in the layout of a format, ready to be copied to where the model runs.
 *
 * @param codes bytes of the elements, row by row: of {@code int8} and {@code fp8} one each, of
 *     {@code int4} half a one, the first of two in the upper half
 * @param scales of the groups, row by row
 * @param zeros of {@code int4}, in the place of the code 8, row by row; otherwise empty
 */
public record MatrixRows(byte[] codes, float[] scales, float[] zeros) {}
