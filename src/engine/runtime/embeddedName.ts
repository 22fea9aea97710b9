/**
 * Parquet rows may hold the bytes of their pictures. In a row's text such a picture is its stored path, or, without one, this name:
 * `row-000012-image-0` is the first picture of column `image` in row 12 (0-based). Nested columns join their names by `-`, nested lists
 * their positions.
 */
export function embeddedName(row: number, columnPath: readonly string[], positions: readonly number[]): string {
  const place = positions.length === 0 ? '0' : positions.join('-');
  return `row-${String(row).padStart(6, '0')}-${columnPath.join('-')}-${place}`;
}
