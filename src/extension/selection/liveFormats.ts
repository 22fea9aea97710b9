import type { SeriesRole } from '../../protocol/selectionPage.ts';
import type { Localize } from '../errors/errorCatalogue.ts';

/** How the words and numbers of the live view are written. */
export interface Formats {
  readonly t: Localize;
  /** At most one decimal. */
  readonly n: (value: number) => string;
  /** Two decimals. */
  readonly d: (value: number) => string;
  /** Three significant digits for small numbers, whole ones from 1000: a scaled tau is rarely an integer. */
  readonly significant: (value: number) => string;
  /** A share as percent, at most one decimal. */
  readonly percent: (share: number) => string;
}

export function liveFormats(t: Localize, locale: string): Formats {
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  const decimal = new Intl.NumberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  const threeDigits = new Intl.NumberFormat(locale, { maximumSignificantDigits: 3 });
  const share = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 });
  return {
    t,
    n: (value) => whole.format(value),
    d: (value) => decimal.format(value),
    significant: (value) => (value >= 1000 ? whole : threeDigits).format(value),
    percent: (value) => share.format(value),
  };
}

/** Stands for a number that does not exist. */
export const none = '–';

export function shareOf(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

/** Localised name of a series. */
export function seriesLabel(role: SeriesRole, t: Localize): string {
  const labels: Readonly<Record<SeriesRole, string>> = { before: t('Before'), after: t('After'), control: t('Random control') };
  return labels[role];
}
