import { perspectives } from '../../protocol/perspectives.ts';
import type { RebalancePlan } from '../../protocol/plan.ts';
import type { DatasetRequest } from '../../protocol/requests.ts';
import { normalized } from './planKnobs.ts';
import type { Destination } from './planRequest.ts';
import { isQuotable, type Shell } from './shellQuoting.ts';

/**
 * Arguments of `ballast` that do what `rebalanceRequestOf` asks the engine for. Undefined when options cannot say it (forced verdicts, an
 * empty text, a field with an equals sign): then the plan must travel as a file.
 */
export function rebalanceArguments(base: DatasetRequest, plan: RebalancePlan, to: Destination): readonly string[] | undefined {
  const { overrides, protect, ...one } = normalized(plan);
  const texts = [one.entities, one.lexicon, one.stopList].filter((text) => text !== undefined);
  const fields = (protect ?? []).filter((rule) => rule.kind === 'field');
  if (overrides !== undefined || texts.includes('') || fields.some(({ field }) => field === '' || field.includes('='))) return undefined;
  const { target } = one;
  return [
    ...head(base, to),
    ...option('images', ...(one.images ?? base.images ?? [])),
    ...option('perspectives', one.perspectives?.join(',')),
    ...option('entities', one.entities),
    ...option('mass', pairs(one.mass)),
    ...option('tau', pairs(one.tau)),
    ...option('hygiene', one.hygiene?.length === 0 ? 'none' : one.hygiene?.join(',')),
    ...option('min-frequency', one.minFrequency),
    ...option('lexicon', one.lexicon),
    ...option('stop-list', one.stopList),
    ...option('seed', one.seed),
    ...option('min-perspectives', one.minPerspectives),
    ...option('alpha', one.alpha),
    ...option('target', target && (target.kind === 'percent' ? `${target.value}%` : target.value)),
    ...option('target-by', one.targetBy),
    ...option('sampler', one.sampler),
    ...option('protect', ...(protect ?? []).map((rule) => (rule.kind === 'text-only' ? 'text-only' : `${rule.field}=${rule.value}`))),
  ];
}

/** The same by way of a plan file. */
export function planFileArguments(
  base: DatasetRequest,
  plan: RebalancePlan,
  to: Destination & { readonly plan: string },
): readonly string[] {
  // What stands in the file need not be said again.
  const images = plan.images === undefined ? (base.images ?? []) : [];
  return [...head(base, to), ...option('plan', to.plan), ...option('images', ...images)];
}

/** Whether a shell can hand on all of them. */
export function areQuotable(args: readonly string[], shell: Shell): boolean {
  return args.every((argument) => isQuotable(argument, shell));
}

function head(base: DatasetRequest, to: Destination): readonly string[] {
  return [
    'rebalance',
    base.dataset,
    ...option('output', to.output),
    ...option('random-control', to.randomControl),
    ...option('run-dir', base.runDir),
    ...option('threads', base.threads),
  ];
}

/** A value that begins with a dash would be read as an option. */
function option(name: string, ...values: readonly (string | number | undefined)[]): readonly string[] {
  return values
    .filter((value) => value !== undefined)
    .map(String)
    .flatMap((value) => (value.startsWith('-') ? [`--${name}=${value}`] : [`--${name}`, value]));
}

function pairs(map: RebalancePlan['mass']): string | undefined {
  if (map === undefined) return undefined;
  return perspectives
    .filter((name) => map[name] !== undefined)
    .map((name) => `${name}=${map[name]}`)
    .join(',');
}
