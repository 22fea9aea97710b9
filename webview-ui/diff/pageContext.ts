import type { DiffContent, DiffPage, DiffStrings } from '../../src/protocol/diffPage.ts';
import { fillText } from '../shared/fillText.ts';
import type { HostBridge } from '../shared/hostBridge.ts';

/** What every part of the page needs: the wire, the words, and how numbers are written. */
export interface PageContext {
  readonly bridge: HostBridge<DiffPage>;
  readonly content: DiffContent;
  readonly strings: DiffStrings;
  /** At most one decimal. */
  readonly n: (value: number) => string;
  /** Three decimals. */
  readonly precise: (value: number) => string;
  /** A share as percent, at most one decimal. */
  readonly percent: (share: number) => string;
  /** How far `to` lies from `from`, in percent with a sign; a dash when there is nothing to relate to. */
  readonly change: (from: number, to: number) => string;
  /** `to - from` with a sign, three decimals. */
  readonly difference: (from: number, to: number) => string;
  /** `to - from` in percent points, with a sign. */
  readonly shareDifference: (from: number, to: number) => string;
  readonly size: (bytes: number) => string;
  /** A sentence with its places filled; numbers are formatted. */
  readonly say: (sentence: string, ...values: readonly (string | number)[]) => string;
  /** Speaks a sentence to screen readers. */
  readonly announce: (sentence: string) => void;
  /** Shows what became of something that a button asked of the host. */
  readonly report: (error: unknown) => void;
}

/** Stands for a number that does not exist. */
const none = '–';
const units = ['kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

export function pageContext(
  bridge: HostBridge<DiffPage>,
  content: DiffContent,
  announce: (sentence: string) => void,
  report: (error: unknown) => void,
): PageContext {
  const { locale, strings } = content;
  const format = (options: Intl.NumberFormatOptions): ((value: number) => string) => {
    const made = new Intl.NumberFormat(locale, options);
    return (value) => made.format(value);
  };
  const n = format({ maximumFractionDigits: 1 });
  const signed = format({ minimumFractionDigits: 3, maximumFractionDigits: 3, signDisplay: 'exceptZero' });
  const relative = format({ style: 'percent', maximumFractionDigits: 1, signDisplay: 'exceptZero' });
  const points = format({ minimumFractionDigits: 1, maximumFractionDigits: 1, signDisplay: 'exceptZero' });
  return {
    bridge,
    content,
    strings,
    n,
    precise: format({ minimumFractionDigits: 3, maximumFractionDigits: 3 }),
    percent: format({ style: 'percent', maximumFractionDigits: 1 }),
    change: (from, to) => (from === 0 ? (to === 0 ? relative(0) : none) : relative(to / from - 1)),
    difference: (from, to) => signed(to - from),
    shareDifference: (from, to) => fillText(strings.shapes.points, points((to - from) * 100)),
    size: (bytes) => {
      const power = bytes < 1000 ? 1 : Math.min(units.length, Math.floor(Math.log10(bytes) / 3));
      const unit = units[power - 1] ?? 'kilobyte';
      return format({ style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: 1 })(bytes / 1000 ** power);
    },
    say: (sentence, ...values) => fillText(sentence, ...values.map((value) => (typeof value === 'number' ? n(value) : value))),
    announce,
    report,
  };
}
