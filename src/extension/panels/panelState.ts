import * as v from 'valibot';
import type { RebalanceReport } from '../../protocol/reports.ts';
import type { RebalanceOutcome } from '../selection/rebalanceOutcome.ts';

const curve = v.array(v.object({ rank: v.number(), frequency: v.number() }));
const distribution = v.object({
  entities: v.number(),
  postings: v.number(),
  gini: v.number(),
  entropy: v.number(),
  tailEntityShare: v.number(),
  tailMassShare: v.number(),
  curve,
});
const perspective = v.object({
  tau: v.nullable(v.number()),
  boundary: v.optional(v.nullable(v.number())),
  mass: v.number(),
  before: distribution,
  after: v.optional(distribution),
  control: v.optional(distribution),
  lostEntities: v.optional(v.number()),
  tailKept: v.optional(v.number()),
  headKept: v.optional(v.number()),
});
const outputFile = v.object({ path: v.string(), sha256: v.string(), bytes: v.number() });
const report = v.object({
  instances: v.number(),
  kept: v.number(),
  dropped: v.number(),
  expected: v.number(),
  standardDeviation: v.number(),
  seed: v.number(),
  sampler: v.picklist(['hash', 'python']),
  minPerspectives: v.number(),
  alpha: v.number(),
  protectedInstances: v.number(),
  target: v.optional(v.object({ wanted: v.number(), reached: v.number(), unreachable: v.boolean(), maximum: v.number(), by: v.string() })),
  output: v.optional(outputFile),
  manifest: v.optional(v.string()),
  perspectives: v.object({
    token: v.optional(perspective),
    object: v.optional(perspective),
    cooccurrence: v.optional(perspective),
    interrogation: v.optional(perspective),
  }),
  problems: v.record(v.string(), v.number()),
  reused: v.array(v.string()),
  seconds: v.number(),
});
const stateSchema = v.object({ version: v.literal(1), dataset: v.string(), report });

/** What a page keeps over a reload: the outcome without what the page does not show. */
export function toPanelState(outcome: RebalanceOutcome): unknown {
  return v.parse(stateSchema, { version: 1, dataset: outcome.dataset, report: outcome.report });
}

/** Undefined for a state that another version wrote or that was tampered with. */
export function fromPanelState(state: unknown): RebalanceOutcome | undefined {
  const parsed = v.safeParse(stateSchema, state);
  return parsed.success ? { dataset: parsed.output.dataset, report: parsed.output.report as RebalanceReport } : undefined;
}
