import * as vscode from 'vscode';
import type { RebalancePlan } from '../../protocol/plan.ts';
import type { PlanView } from '../../protocol/selectionPage.ts';
import type { PlanStore } from '../plans/planStore.ts';
import { collectPlanView } from './collectPlanView.ts';
import { PlanHistory } from './planHistory.ts';
import { normalized, paperPlan, planKey } from './planKnobs.ts';

/**
 * The plan of one dataset as its panel edits it: the shared store, with undo. A change from elsewhere (the instance browser forces a
 * verdict) is a step like any other.
 */
export class WorkingPlan implements vscode.Disposable {
  readonly #plans: PlanStore;
  readonly #dataset: string;
  readonly #history: PlanHistory;
  readonly #listener: vscode.Disposable;
  readonly #applied: () => string | undefined;
  #file: { readonly path: string; readonly key: string } | undefined;

  /** `applied` gives the key of the plan that gave the last result; `onDidChange` hears of changes from elsewhere only. */
  constructor(plans: PlanStore, dataset: string, applied: () => string | undefined, onDidChange: () => void) {
    this.#plans = plans;
    this.#applied = applied;
    this.#dataset = dataset;
    this.#history = new PlanHistory(normalized(plans.get(dataset)));
    this.#listener = plans.onDidChange((changed) => {
      if (changed === dataset && this.#history.push(normalized(plans.get(dataset)))) onDidChange();
    });
  }

  get plan(): RebalancePlan {
    return this.#history.present;
  }

  /** Plan file that says the same, if one was saved or loaded. */
  get file(): string | undefined {
    return this.#file?.key === planKey(this.plan) ? this.#file.path : undefined;
  }

  /** The file holds this plan. */
  set file(path: string) {
    this.#file = { path, key: planKey(this.plan) };
  }

  get view(): PlanView {
    return collectPlanView(this.#history, { file: this.file, applied: this.#applied() }, vscode.l10n.t, vscode.env.language);
  }

  async change(plan: RebalancePlan): Promise<PlanView> {
    if (this.#history.push(normalized({ ...plan, dataset: this.#dataset }))) await this.#store();
    return this.view;
  }

  async step(step: 'undo' | 'redo' | 'reset'): Promise<PlanView> {
    if (step === 'reset') return this.change(paperPlan(this.plan));
    const plan = step === 'undo' ? this.#history.undo() : this.#history.redo();
    if (plan !== undefined) await this.#store();
    return this.view;
  }

  removeOverride({ content, duplicate }: { readonly content: string; readonly duplicate: number }): Promise<PlanView> {
    const overrides = (this.plan.overrides ?? []).filter((one) => one.content !== content || one.duplicate !== duplicate);
    return this.change({ ...this.plan, overrides });
  }

  dispose(): void {
    this.#listener.dispose();
  }

  async #store(): Promise<void> {
    await this.#plans.set(this.#dataset, this.plan);
  }
}
