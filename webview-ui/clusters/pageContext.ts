import type { ClustersContent, ClustersPage, ClustersStrings } from '../../src/protocol/clustersPage.ts';
import { fillText } from '../shared/fillText.ts';
import type { HostBridge } from '../shared/hostBridge.ts';

/** What every part of the page needs: the wire, the words, and how numbers are written. */
export interface PageContext {
  readonly bridge: HostBridge<ClustersPage>;
  readonly content: ClustersContent;
  readonly strings: ClustersStrings;
  /** At most one decimal. */
  readonly n: (value: number) => string;
  /** Four significant digits. */
  readonly short: (value: number) => string;
  /** A share as percent, at most one decimal. */
  readonly percent: (share: number) => string;
  /** A sentence with its places filled; numbers are formatted. */
  readonly say: (sentence: string, ...values: readonly (string | number)[]) => string;
  /** Speaks a sentence to screen readers. */
  readonly announce: (sentence: string) => void;
  /** Shows what became of something that was asked of the host. */
  readonly report: (error: unknown) => void;
}

/** Stands for a number that does not exist. */
export const noNumber = '–';

export function pageContext(
  bridge: HostBridge<ClustersPage>,
  content: ClustersContent,
  announce: (sentence: string) => void,
  report: (error: unknown) => void,
): PageContext {
  const format = (options: Intl.NumberFormatOptions): ((value: number) => string) => {
    const made = new Intl.NumberFormat(content.locale, options);
    return (value) => (Number.isFinite(value) ? made.format(value) : noNumber);
  };
  const n = format({ maximumFractionDigits: 1 });
  return {
    bridge,
    content,
    strings: content.strings,
    n,
    short: format({ maximumSignificantDigits: 4 }),
    percent: format({ style: 'percent', maximumFractionDigits: 1 }),
    say: (sentence, ...values) => fillText(sentence, ...values.map((value) => (typeof value === 'number' ? n(value) : value))),
    announce,
    report,
  };
}
