import type { RunSummary } from '../../protocol/runs.ts';
import type { Localize } from '../errors/errorCatalogue.ts';
import { plainText } from '../plainText.ts';
import { collectRunHeading } from '../runs/collectRun.ts';

/** What a composition can begin with: everything, or what a finished run kept. */
export interface SelectionChoice {
  readonly label: string;
  readonly description: string;
  /** Instances that are kept. */
  readonly kept: number;
  /** Absent: every instance. */
  readonly manifest?: string;
}

/** Finished runs of the dataset as it is now, newest first, after everything. @param instances of the dataset */
export function selectionChoices(
  runs: readonly RunSummary[],
  dataset: string,
  instances: number,
  t: Localize,
  locale: string,
): readonly SelectionChoice[] {
  const { format } = new Intl.NumberFormat(locale);
  return [
    { label: t('Every instance'), description: t('{0} instances, synthetic ones are added', format(instances)), kept: instances },
    ...runs.flatMap((run) => {
      const kept = run.facts?.counts.kept;
      const isOf = run.dataset === dataset && (run.command === 'rebalance' || run.command === 'select');
      if (!isOf || run.manifestState !== 'present' || kept === undefined) return [];
      const { label, description } = collectRunHeading(run, t, locale);
      return [{ label, description, kept, manifest: run.manifest }];
    }),
  ];
}

/** Volumes that can be reached exactly. */
export interface FeasibleVolumes {
  /** All kept instances, no synthetic one. */
  readonly smallest: number;
  /** All kept instances and every accepted candidate. */
  readonly largest: number;
}

/** Why a volume cannot be reached, with what can; undefined when it can. */
export function volumeProblem(text: string, { smallest, largest }: FeasibleVolumes, t: Localize, locale: string): string | undefined {
  const { format } = new Intl.NumberFormat(locale);
  const volume = Number(text.trim());
  if (text.trim() === '' || !Number.isSafeInteger(volume) || volume < 1)
    return t('Write a whole number from {0} to {1}.', format(smallest), format(largest));
  if (volume < smallest)
    return t('{0} instances are kept already, so the smallest volume is {0}. Choose a smaller selection for less.', format(smallest));
  if (volume > largest)
    return t(
      'The largest volume is {0}: {1} kept and {2} accepted. Accept or make more for more.',
      format(largest),
      format(smallest),
      format(largest - smallest),
    );
  return undefined;
}

/** A volume, and why it cannot be had where it cannot. */
export interface VolumeChoice {
  readonly label: string;
  readonly description: string;
  readonly volume: number | 'keep' | 'ask';
  readonly isFeasible: boolean;
}

export function volumeChoices(instances: number, feasible: FeasibleVolumes, t: Localize, locale: string): readonly VolumeChoice[] {
  const { format } = new Intl.NumberFormat(locale);
  const problem = volumeProblem(String(instances), feasible, t, locale);
  return [
    {
      label: t('As many as the source: {0}', format(instances)),
      description: problem ?? t('{0} kept, {1} synthetic', format(feasible.smallest), format(instances - feasible.smallest)),
      volume: 'keep',
      isFeasible: problem === undefined,
    },
    ...(feasible.largest === instances
      ? []
      : [
          {
            label: t('As many as possible: {0}', format(feasible.largest)),
            description: t('{0} kept, {1} synthetic', format(feasible.smallest), format(feasible.largest - feasible.smallest)),
            volume: feasible.largest,
            isFeasible: true,
          },
        ]),
    {
      label: t('A number…'),
      description: t('from {0} to {1}', format(feasible.smallest), format(feasible.largest)),
      volume: 'ask',
      isFeasible: true,
    },
  ];
}

/** A finished composition in a sentence. */
export function composedSentence(
  report: { readonly output: string; readonly volume: number; readonly kept: number; readonly synthetic: number },
  t: Localize,
  locale: string,
): string {
  const { format } = new Intl.NumberFormat(locale);
  const name = plainText(report.output.split(/[\\/]/).pop() ?? '', 80);
  return t(
    'Wrote {0}: {1} instances, {2} kept and {3} synthetic.',
    name,
    format(report.volume),
    format(report.kept),
    format(report.synthetic),
  );
}
