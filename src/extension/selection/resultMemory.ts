import * as v from 'valibot';
import type * as vscode from 'vscode';
import type { RebalancePlan } from '../../protocol/plan.ts';
import type { RebalanceReport } from '../../protocol/reports.ts';
import { planKey } from './planKnobs.ts';

const resultKey = 'selection.result:';
const lastKey = 'selection.lastDataset';

const recordSchema = v.object({
  dataset: v.string(),
  output: v.string(),
  manifest: v.string(),
  control: v.optional(v.string()),
  kept: v.number(),
  instances: v.number(),
  /** `planKey` of the plan that was applied. */
  plan: v.string(),
});
/** The last result of a dataset that was written from here. */
export type ResultRecord = v.InferOutput<typeof recordSchema>;

/** What a report leaves behind; undefined for one that wrote nothing. */
export function resultRecord(dataset: string, plan: RebalancePlan, report: RebalanceReport): ResultRecord | undefined {
  const { output, manifest, kept, instances, randomControl } = report;
  if (output === undefined || manifest === undefined) return undefined;
  const control = randomControl === undefined ? {} : { control: randomControl.path };
  return { dataset, output: output.path, manifest, ...control, kept, instances, plan: planKey(plan) };
}

/** Remembers the last result of every dataset over reloads. */
export class ResultMemory {
  readonly #memory: vscode.Memento;

  constructor(memory: vscode.Memento) {
    this.#memory = memory;
  }

  async set(record: ResultRecord): Promise<void> {
    await this.#memory.update(resultKey + record.dataset, record);
    await this.#memory.update(lastKey, record.dataset);
  }

  get(dataset: string): ResultRecord | undefined {
    const parsed = v.safeParse(recordSchema, this.#memory.get<unknown>(resultKey + dataset));
    return parsed.success ? parsed.output : undefined;
  }

  /** The last one of all. */
  last(): ResultRecord | undefined {
    const dataset = this.#memory.get<unknown>(lastKey);
    return typeof dataset === 'string' ? this.get(dataset) : undefined;
  }
}
