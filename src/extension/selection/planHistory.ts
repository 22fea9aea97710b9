import type { RebalancePlan } from '../../protocol/plan.ts';
import { samePlan } from './planKnobs.ts';

/** Steps that are remembered; older ones are forgotten. */
const limit = 200;

/** The plans that a dataset had while its panel was open: what undo and redo walk along. */
export class PlanHistory {
  readonly #past: RebalancePlan[] = [];
  #present: RebalancePlan;
  #future: RebalancePlan[] = [];

  constructor(plan: RebalancePlan) {
    this.#present = plan;
  }

  get present(): RebalancePlan {
    return this.#present;
  }

  get canUndo(): boolean {
    return this.#past.length > 0;
  }

  get canRedo(): boolean {
    return this.#future.length > 0;
  }

  /** A new plan; what was undone before is gone. False when it is the present one. */
  push(plan: RebalancePlan): boolean {
    if (samePlan(plan, this.#present)) return false;
    this.#past.push(this.#present);
    if (this.#past.length > limit) this.#past.shift();
    this.#present = plan;
    this.#future = [];
    return true;
  }

  /** The plan before, or undefined at the first one. */
  undo(): RebalancePlan | undefined {
    const plan = this.#past.pop();
    if (plan === undefined) return undefined;
    this.#future.push(this.#present);
    this.#present = plan;
    return plan;
  }

  redo(): RebalancePlan | undefined {
    const plan = this.#future.pop();
    if (plan === undefined) return undefined;
    this.#past.push(this.#present);
    this.#present = plan;
    return plan;
  }
}
