/** Numbers for people: grouped digits, shares as percent, three significant decimals where needed. */
export function count(value: number): string {
  return new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 }).format(value);
}

export function decimal(value: number, digits = 1): string {
  return new Intl.NumberFormat('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value);
}

/** A real threshold: whole when it is, else two decimals. */
export function threshold(value: number | null): string {
  if (value === null) return '-';
  return Number.isInteger(value) ? count(value) : decimal(value, 2);
}

export function percent(share: number): string {
  return `${decimal(share * 100, 1)} %`;
}

export function bytes(value: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let unit = 0;
  let scaled = value;
  while (scaled >= 1000 && unit < units.length - 1) {
    scaled /= 1000;
    unit++;
  }
  return `${unit === 0 ? scaled : decimal(scaled, 1)} ${units[unit]}`;
}

/** Control characters, and the marks that turn the direction of text: they could rewrite what the terminal shows. */
const unsafe = /[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** Makes text from a dataset safe to print: unsafe characters become visible escapes, long text is cut. */
export function printable(text: string, most = 60): string {
  const clean = text.replace(unsafe, (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`);
  const units = Array.from(clean);
  return units.length > most ? `${units.slice(0, most - 1).join('')}…` : clean;
}

/** Columns padded to their widest cell; the first is left-aligned, the others right-aligned. */
export function table(rows: readonly (readonly string[])[], indent = '  '): string {
  const widths: number[] = [];
  for (const row of rows) for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, width(cell));
  return rows
    .map(
      (row) =>
        indent +
        row
          .map((cell, i) =>
            i === 0 ? cell + ' '.repeat((widths[i] ?? 0) - width(cell)) : ' '.repeat((widths[i] ?? 0) - width(cell)) + cell,
          )
          .join('  ')
          .trimEnd(),
    )
    .join('\n');
}

/** Columns that a terminal gives the text: wide East Asian characters and emoji take two. */
function width(text: string): number {
  let columns = 0;
  for (const each of text)
    columns += /\p{M}|\u200d|\ufe0f/u.test(each)
      ? 0
      : /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Extended_Pictographic}/u.test(
            each,
          )
        ? 2
        : 1;
  return columns;
}
