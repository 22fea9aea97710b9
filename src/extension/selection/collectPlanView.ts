import * as path from 'node:path';
import type { RebalancePlan } from '../../protocol/plan.ts';
import type { PlanView } from '../../protocol/selectionPage.ts';
import type { Localize } from '../errors/errorCatalogue.ts';
import { plainText } from '../plainText.ts';
import type { PlanHistory } from './planHistory.ts';
import { hygieneDefault, knobsOf, paperPlan, planKey, samePlan } from './planKnobs.ts';

/** Overrides that the page lists; all of them count. */
const listedOverrides = 200;
const longestReason = 200;

export interface PlanFacts {
  /** File that holds the same plan. */
  readonly file: string | undefined;
  /** `planKey` of the plan that gave the last result. */
  readonly applied: string | undefined;
}

/** The working plan as the page shows it. */
export function collectPlanView(
  history: Pick<PlanHistory, 'present' | 'canUndo' | 'canRedo'>,
  { file, applied }: PlanFacts,
  t: Localize,
  locale: string,
): PlanView {
  const { present: plan, canUndo, canRedo } = history;
  const overrides = plan.overrides ?? [];
  const number = new Intl.NumberFormat(locale);
  return {
    knobs: knobsOf(plan),
    hygieneDefault: hygieneDefault(plan),
    fixed: fixedOf(plan, file, t),
    overrides: {
      total: overrides.length,
      rows: overrides
        .slice(-listedOverrides)
        .reverse()
        .map(({ content, duplicate, ordinal, verdict, reason }) => ({
          content,
          duplicate,
          ordinal,
          label: verdict === 'keep' ? t('Keep instance {0}', number.format(ordinal)) : t('Drop instance {0}', number.format(ordinal)),
          reason: plainText(reason, longestReason),
        })),
    },
    canUndo,
    canRedo,
    isPaper: samePlan(plan, paperPlan(plan)),
    isApplied: planKey(plan) === applied,
  };
}

function fixedOf(plan: RebalancePlan, planFile: string | undefined, t: Localize): readonly string[] {
  const name = (file: string): string => plainText(path.basename(file), 80);
  const sentences: string[] = [];
  if (planFile !== undefined) sentences.push(t('The plan stands in {0}.', name(planFile)));
  if (plan.entities !== undefined) sentences.push(t('Entities are imported from {0}.', name(plan.entities)));
  if (plan.lexicon !== undefined) sentences.push(t('Further object names come from {0}.', name(plan.lexicon)));
  if (plan.stopList !== undefined) sentences.push(t('Entities in {0} are ignored.', name(plan.stopList)));
  if (plan.sampler === 'python') sentences.push(t('The result is drawn with the python sampler.'));
  return sentences;
}
