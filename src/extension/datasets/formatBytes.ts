const units = ['kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

/** "12.4 MB": powers of 1000, at most one decimal, at least 0.1 kB so that a file never looks empty when it is not. */
export function formatBytes(bytes: number, locale: string): string {
  const power = bytes < 1000 ? 1 : Math.min(units.length, Math.floor(Math.log10(bytes) / 3));
  const format = new Intl.NumberFormat(locale, {
    style: 'unit',
    unit: units[power - 1] ?? 'kilobyte',
    unitDisplay: 'short',
    maximumFractionDigits: 1,
  });
  const value = bytes / 1000 ** power;
  return format.format(bytes === 0 ? 0 : Math.max(0.1, value));
}
