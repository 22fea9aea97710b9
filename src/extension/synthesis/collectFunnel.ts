import { gateNames, type ReviewPage, type StagingCounts } from '../../protocol/synthesis.ts';
import type { FunnelView } from '../../protocol/synthesisPage.ts';
import type { Localize } from '../errors/errorCatalogue.ts';
import { gateLabel } from './methodWords.ts';

export interface FunnelInput {
  readonly counts: StagingCounts;
  /** Candidates by the gate that stopped them. */
  readonly gates: ReviewPage['facets']['gate'];
  /** Synthetic instances of the newest composition; undefined where there is none. */
  readonly merged: number | undefined;
}

/** Planned, generated, gated, accepted, merged: how many went how far. */
export function collectFunnel({ counts, gates, merged }: FunnelInput, t: Localize, locale: string): FunnelView {
  const n = new Intl.NumberFormat(locale);
  const { planned, made, failed, gated, accepted, rejected, pending } = counts;
  const steps = [
    { label: t('Planned'), count: planned, detail: '' },
    { label: t('Generated'), count: made, detail: failed === 0 ? '' : t('{0} failed', n.format(failed)) },
    { label: t('Gated'), count: gated, detail: t('through all gates') },
    { label: t('Accepted'), count: accepted, detail: t('{0} rejected, {1} wait', n.format(rejected), n.format(pending)) },
    { label: t('Merged'), count: merged ?? 0, detail: merged === undefined ? t('not composed yet') : t('in the newest composition') },
  ];
  return {
    caption: t('How many went how far'),
    steps: steps.map((step, i) => ({
      ...step,
      value: n.format(step.count),
      share: i === 0 || planned === 0 ? '' : t('{0} %', Math.floor((100 * step.count) / planned)),
    })),
    stopped: gateNames.flatMap((gate) => {
      const count = gates[gate] ?? 0;
      return count === 0 ? [] : [t('{0}: {1}', n.format(count), gateLabel(gate, t))];
    }),
    pending,
    accepted,
  };
}
