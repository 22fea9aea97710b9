import * as vscode from 'vscode';
import type { Override, RebalancePlan } from '../../protocol/plan.ts';

const keyPrefix = 'plan:';

/** Verdict that an override asks for; `none` takes the override back. */
export type OverrideChange = Omit<Override, 'verdict'> & { readonly verdict: Override['verdict'] | 'none' };

/**
 * The working plan of each dataset: what the rebalance panel edits, the instance browser adds overrides to, and applying uses. It
 * survives closing and reloading; saving it as a file is the user's choice.
 */
export class PlanStore implements vscode.Disposable {
  readonly #memory: vscode.Memento;
  readonly #changed = new vscode.EventEmitter<string>();
  /** Path of the dataset whose plan changed. */
  readonly onDidChange = this.#changed.event;

  constructor(memory: vscode.Memento) {
    this.#memory = memory;
  }

  /** The plan of a dataset; the paper's setting when nothing was changed. */
  get(dataset: string): RebalancePlan {
    const stored = this.#memory.get<unknown>(keyPrefix + dataset);
    return isPlan(stored) ? { ...stored, dataset } : { dataset };
  }

  async set(dataset: string, plan: RebalancePlan): Promise<void> {
    await this.#memory.update(keyPrefix + dataset, { ...plan, dataset });
    this.#changed.fire(dataset);
  }

  /** Forces the verdict of one instance, or takes that back; an earlier override of the same instance is replaced. */
  async override(dataset: string, { verdict, ...instance }: OverrideChange): Promise<void> {
    const plan = this.get(dataset);
    const others = (plan.overrides ?? []).filter((one) => one.content !== instance.content || one.duplicate !== instance.duplicate);
    await this.set(dataset, { ...plan, overrides: verdict === 'none' ? others : [...others, { ...instance, verdict }] });
  }

  dispose(): void {
    this.#changed.dispose();
  }
}

/** What this version stored; the engine checks every value again. */
function isPlan(value: unknown): value is RebalancePlan {
  return typeof value === 'object' && value !== null && 'dataset' in value && typeof value.dataset === 'string';
}
