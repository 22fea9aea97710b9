import type { SchedulerName } from '../../../../protocol/synthesis.ts';
import { EngineError } from '../../../jobs/engineError.ts';
import { ddim } from './ddim.ts';
import { ddpm } from './ddpm.ts';
import { euler, eulerAncestral } from './euler.ts';
import { lcm } from './lcm.ts';
import type { DenoisingPlan } from './plan.ts';
import type { Schedule } from './schedule.ts';

/** diffusers' names. PNDM's configurations run as DDIM, which follows the same differential equation. */
const byClass: Readonly<Record<string, SchedulerName>> = {
  DDPMScheduler: 'ddpm',
  DDIMScheduler: 'ddim',
  PNDMScheduler: 'ddim',
  EulerDiscreteScheduler: 'euler',
  EulerAncestralDiscreteScheduler: 'euler-ancestral',
  LCMScheduler: 'lcm',
};

/** The scheduler that a model's author chose; DDIM, which suits all models of noise, for one that is not built. */
export function preferredScheduler(schedule: Schedule): SchedulerName {
  return byClass[schedule.className] ?? 'ddim';
}

export interface PlanRequest {
  readonly scheduler: SchedulerName;
  readonly steps: number;
  /** Share of the schedule that is run from a picture on, above 0 to 1; undefined without a picture. */
  readonly strength: number | undefined;
}

/** The steps to run: from noise, or from a picture to which the first step's `start` adds noise. @throws EngineError `usage` */
export function planDenoising({ scheduler, steps, strength }: PlanRequest, schedule: Schedule): DenoisingPlan {
  if (!Number.isInteger(steps) || steps < 1 || steps > schedule.trained)
    throw new EngineError('usage', `${steps} denoising steps cannot be run: this model takes 1 to ${schedule.trained}.`, { steps });
  if (strength !== undefined && !(strength > 0 && strength <= 1))
    throw new EngineError('usage', `A strength of ${strength} is not possible: it is above 0 and at most 1.`, { strength });
  if (scheduler === 'lcm') {
    const plan = lcm(steps, schedule, strength ?? 1);
    if (plan) return plan;
    const most = Math.floor(schedule.teacherSteps * (strength ?? 1));
    throw new EngineError('usage', `${steps} steps are more than this consistency model has at this strength: at most ${most}.`, {
      steps,
      most,
    });
  }
  const plan = planWhole(scheduler, steps, schedule);
  if (strength === undefined) return plan;
  const run = Math.min(Math.floor(steps * strength), steps);
  if (run < 1)
    throw new EngineError(
      'usage',
      `A strength of ${strength} with ${steps} steps leaves nothing to do: steps times strength must be at least 1.`,
      { steps, strength },
    );
  return { ...plan, steps: plan.steps.slice(steps - run) };
}

function planWhole(scheduler: Exclude<SchedulerName, 'lcm'>, steps: number, schedule: Schedule): DenoisingPlan {
  switch (scheduler) {
    case 'ddpm':
      return ddpm(steps, schedule);
    case 'ddim':
      return ddim(steps, schedule);
    case 'euler':
      return euler(steps, schedule);
    case 'euler-ancestral':
      return eulerAncestral(steps, schedule);
  }
}
