import type { InstancesContent, InstancesPage, InstancesStrings } from '../../src/protocol/instancesPage.ts';
import { fillText } from '../shared/fillText.ts';
import type { HostBridge } from '../shared/hostBridge.ts';

/** What every part of the page needs: the wire, the words, and how numbers are written. */
export interface PageContext {
  readonly bridge: HostBridge<InstancesPage>;
  readonly content: InstancesContent;
  readonly strings: InstancesStrings;
  /** A number in the language of the editor. */
  readonly n: (value: number) => string;
  /** A sentence with its places filled; numbers are formatted. */
  readonly say: (sentence: string, ...values: readonly (string | number)[]) => string;
  /** Speaks a sentence to screen readers. */
  readonly announce: (sentence: string) => void;
  /** Shows an error that no other place shows, and tells it to the host. */
  readonly report: (error: unknown) => void;
}

export function pageContext(
  bridge: HostBridge<InstancesPage>,
  content: InstancesContent,
  announce: (sentence: string) => void,
  report: (error: unknown) => void,
): PageContext {
  const format = new Intl.NumberFormat(content.locale);
  const n = (value: number): string => format.format(value);
  return {
    bridge,
    content,
    strings: content.strings,
    n,
    say: (sentence, ...values) => fillText(sentence, ...values.map((value) => (typeof value === 'number' ? n(value) : value))),
    announce,
    report,
  };
}
