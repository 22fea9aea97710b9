import type { ReviewContent, ReviewPageWire, ReviewStrings } from '../../src/protocol/reviewPage.ts';
import { fillText } from '../shared/fillText.ts';
import type { HostBridge } from '../shared/hostBridge.ts';
import { keyNames, type ReviewCommand } from './keys.ts';

/** What every part of the page needs: the wire, the words, and how numbers are written. */
export interface PageContext {
  readonly bridge: HostBridge<ReviewPageWire>;
  readonly content: ReviewContent;
  readonly strings: ReviewStrings;
  /** At most four decimals. */
  readonly n: (value: number) => string;
  /** A sentence with its places filled; numbers are formatted. */
  readonly say: (sentence: string, ...values: readonly (string | number)[]) => string;
  /** A label with the key that does the same. */
  readonly withKey: (label: string, command: ReviewCommand) => string;
  /** Speaks a sentence to screen readers. */
  readonly announce: (sentence: string) => void;
  /** Tells the host and the log. */
  readonly report: (error: unknown) => void;
}

export function pageContext(
  bridge: HostBridge<ReviewPageWire>,
  content: ReviewContent,
  announce: (sentence: string) => void,
  report: (error: unknown) => void,
): PageContext {
  const format = new Intl.NumberFormat(content.locale, { maximumFractionDigits: 4 });
  const n = (value: number): string => format.format(value);
  return {
    bridge,
    content,
    strings: content.strings,
    n,
    say: (sentence, ...values) => fillText(sentence, ...values.map((value) => (typeof value === 'number' ? n(value) : value))),
    withKey: (label, command) => fillText(content.strings.header.withKey, label, keyNames[command]),
    announce,
    report,
  };
}
