import { perspectives } from '../../protocol/perspectives.ts';
import type { RebalancePlan } from '../../protocol/plan.ts';
import type { LiveView } from '../../protocol/selectionPage.ts';
import type { WhatIfReport } from '../../protocol/whatIf.ts';
import { perspectiveTitle } from '../perspectiveTitle.ts';
import type { Formats } from './liveFormats.ts';

type Note = LiveView['notes'][number];

/** Longer or shorter than this factor is worth a sentence. */
const lengthBias = 1.01;
/** From this share of tail entities on, most of the vocabulary is rare enough for a free pass. */
const freePassShare = 0.5;

/** What the figures alone would not say; each sentence only where it applies. */
export function collectNotes(report: WhatIfReport, plan: RebalancePlan, formats: Formats): readonly Note[] {
  return [
    ...guarantee(report, formats),
    ...scaledThresholds(report, plan, formats),
    ...textOnly(report, plan, formats),
    ...freePass(report, formats),
    ...lengths(report, formats),
    ...sampler(plan, formats),
    ...overrides(report, formats),
    ...leftOut(report, formats),
  ];
}

/** ADR specification 2.1: only with one perspective enough and no thinning is a tail entity a ticket for certain. */
function guarantee(report: WhatIfReport, { t, percent }: Formats): readonly Note[] {
  const notes: Note[] = [];
  if (report.minPerspectives > 1)
    notes.push({
      id: 'guarantee.minPerspectives',
      text: t('At least {0} perspectives must pass, so a tail entity no longer keeps its instance for certain.', report.minPerspectives),
    });
  if (report.alpha < 1)
    notes.push({
      id: 'guarantee.alpha',
      text: t('Alpha keeps {0} of what passes, so a tail entity no longer keeps its instance for certain.', percent(report.alpha)),
    });
  return notes;
}

function scaledThresholds(report: WhatIfReport, plan: RebalancePlan, { t, significant }: Formats): readonly Note[] {
  if (report.target === undefined) return [];
  const notes: Note[] = [];
  if (report.target.by === 'mass' && Object.keys(plan.tau ?? {}).length > 0)
    notes.push({ id: 'target.mass', text: t('The target moves the masses: thresholds that you fixed do not count until it is off.') });
  for (const perspective of perspectives) {
    const { tau, boundary } = report.perspectives[perspective] ?? { tau: null, boundary: null };
    if (tau === null || boundary === null || tau === boundary) continue;
    const factor = significant(tau / boundary);
    notes.push({
      id: 'target.scaled',
      text:
        tau < boundary
          ? t(
              'The target scales every τ, here by {0}. Entities between the scaled τ and the line count as tail but are not kept for certain.',
              factor,
            )
          : t('The target scales every τ, here by {0}. Some entities above the line are kept for certain too.', factor),
    });
    break;
  }
  return notes;
}

function textOnly(report: WhatIfReport, plan: RebalancePlan, { t, n }: Formats): readonly Note[] {
  const source = report.sources.find((one) => one.source === 'text-only');
  if (source === undefined || source.before === 0 || (plan.protect ?? []).some(({ kind }) => kind === 'text-only')) return [];
  const isPossible = report.minPerspectives <= ['token', 'interrogation'].filter((name) => name in report.perspectives).length;
  return [
    {
      id: 'textOnly',
      text: isPossible
        ? t(
            '{0} text-only instances have no image, so they can pass only through token and interrogation: {1} stay, by chance {2}. Protect them if they must.',
            n(source.before),
            n(source.after),
            n(source.control),
          )
        : t(
            '{0} text-only instances can never pass with these perspectives; {1} stay. Protect them if they must.',
            n(source.before),
            n(source.after),
          ),
    },
  ];
}

/** Typos, glued words and names occur once, are tail, and keep their instance. */
function freePass(report: WhatIfReport, { t, percent }: Formats): readonly Note[] {
  const [first] = perspectives.flatMap((perspective) => {
    const part = report.perspectives[perspective];
    const hasHapax = part !== undefined && part.before.curve.at(-1)?.frequency === 1;
    return hasHapax && part.before.tailEntityShare >= freePassShare ? [{ perspective, share: part.before.tailEntityShare }] : [];
  });
  if (first === undefined) return [];
  return [
    {
      id: 'freePass',
      text: t(
        '{0}: {1} of the entities are tail, many of them seen once. A typo or a name passes as freely as a rare concept; hygiene and a minimum frequency hold them back.',
        perspectiveTitle(first.perspective, t),
        percent(first.share),
      ),
    },
  ];
}

function lengths({ lengths: lengthsOf }: WhatIfReport, { t, n }: Formats): readonly Note[] {
  if (lengthsOf === undefined) return [];
  const { before, after, control } = lengthsOf;
  if (after.meanTurns > before.meanTurns * lengthBias)
    return [
      {
        id: 'lengthBias',
        text: t(
          'Longer conversations draw more often: the mean is {0} turns before, {1} after, {2} by chance. A change of quality may be a change of length.',
          n(before.meanTurns),
          n(after.meanTurns),
          n(control.meanTurns),
        ),
      },
    ];
  if (after.meanBytes > before.meanBytes * lengthBias)
    return [
      {
        id: 'lengthBias',
        text: t(
          'Longer texts draw more often: the mean is {0} bytes before, {1} after, {2} by chance. A change of quality may be a change of length.',
          n(before.meanBytes),
          n(after.meanBytes),
          n(control.meanBytes),
        ),
      },
    ];
  return [];
}

/** The live selection is always drawn by the order-independent sampler. */
function sampler(plan: RebalancePlan, { t }: Formats): readonly Note[] {
  if (plan.sampler !== 'python') return [];
  return [
    {
      id: 'sampler',
      text: t(
        'The plan draws with the python sampler. The expected volume is exact; the selection shown here was drawn with the hash sampler and will differ.',
      ),
    },
  ];
}

function overrides(report: WhatIfReport, { t, n }: Formats): readonly Note[] {
  const { unmatched } = report.overrides;
  return unmatched === 0
    ? []
    : [{ id: 'overrides', text: t('{0} overrides match no instance of this file; they are passed over.', n(unmatched)) }];
}

function leftOut(report: WhatIfReport, { t, n }: Formats): readonly Note[] {
  const broken = Object.values(report.problems).reduce((total, count) => total + count, 0);
  return broken === 0
    ? []
    : [{ id: 'broken', text: t('{0} broken records are no instances and are left out of every figure.', n(broken)) }];
}
