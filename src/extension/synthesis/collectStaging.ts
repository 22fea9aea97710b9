import { type ReviewPage, type StagingSummary, synthesisMethods } from '../../protocol/synthesis.ts';
import type { Localize } from '../errors/errorCatalogue.ts';
import { plainText } from '../plainText.ts';
import { collectFunnel } from './collectFunnel.ts';
import { methodLabel } from './methodWords.ts';

/** A staging folder as the view shows it. */
export interface StagingHeading {
  readonly label: string;
  readonly description: string;
  readonly tooltip: readonly string[];
  /** `staging` and what can be done with it, for menus: `staging;accepted;`. */
  readonly contextValue: string;
  readonly icon: string;
  readonly spoken: string;
}

/** One row below a staging folder. */
export interface StagingRow {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly tooltip: string;
  readonly icon: string;
  readonly kind: 'fact' | 'group' | 'dataset';
  readonly rows?: readonly StagingRow[];
}

export function collectStagingHeading(staging: StagingSummary, t: Localize, locale: string): StagingHeading {
  const { format } = new Intl.NumberFormat(locale);
  const { made, pending, accepted, rejected, planned, gated, failed } = staging.counts;
  const name = plainText(fileName(staging.dataset), 80);
  const counts =
    pending > 0 ? t('{0} made · {1} pending', format(made), format(pending)) : t('{0} made · {1} accepted', format(made), format(accepted));
  return {
    label: name,
    description: counts,
    tooltip: [
      staging.path,
      t('Made from {0}', name),
      t('Planned {0}, made {1}, failed {2}', format(planned), format(made), format(failed)),
      t('Through all gates {0}', format(gated)),
      t('Pending {0}, accepted {1}, rejected {2}', format(pending), format(accepted), format(rejected)),
    ],
    contextValue: `staging;${accepted > 0 ? 'accepted;' : ''}`,
    icon: pending > 0 ? 'bell-dot' : 'beaker',
    spoken: t('Staging folder of {0}, {1}', name, counts),
  };
}

/** The rows below a staging folder: its dataset, by which methods it was made, how many went how far. */
export function collectStaging(
  staging: StagingSummary,
  facets: ReviewPage['facets'],
  merged: number | undefined,
  t: Localize,
  locale: string,
): readonly StagingRow[] {
  const { format } = new Intl.NumberFormat(locale);
  const dataset = plainText(fileName(staging.dataset), 80);
  const funnel = collectFunnel({ counts: staging.counts, gates: facets.gate, merged }, t, locale);
  const methods = synthesisMethods.flatMap((method) => {
    const count = facets.method[method] ?? 0;
    return count === 0 ? [] : [row(`method.${method}`, methodLabel(method, t), format(count), 'wand')];
  });
  const icons = ['list-ordered', 'sparkle', 'filter', 'check', 'git-merge'];
  return [
    { ...row('dataset', t('Dataset'), dataset, 'database', 'dataset'), tooltip: staging.dataset },
    ...(methods.length === 0 ? [] : [{ ...row('methods', t('Methods'), format(methods.length), 'wand', 'group'), rows: methods }]),
    ...funnel.steps.map(({ label, value, detail }, i) =>
      row(`step.${i}`, label, detail === '' ? value : t('{0} · {1}', value, detail), icons[i] ?? 'circle-outline'),
    ),
    ...(funnel.stopped.length === 0
      ? []
      : [
          {
            ...row('gates', t('Stopped by gates'), format(funnel.stopped.length), 'circle-slash', 'group'),
            rows: funnel.stopped.map((sentence, i) => row(`gate.${i}`, sentence, '', 'circle-slash')),
          },
        ]),
  ];
}

function row(id: string, label: string, value: string, icon: string, kind: StagingRow['kind'] = 'fact'): StagingRow {
  return { id, label, value, tooltip: value === '' ? label : `${label}: ${value}`, icon, kind };
}

function fileName(path: string): string {
  return path.split(/[\\/]/).pop() ?? path;
}
