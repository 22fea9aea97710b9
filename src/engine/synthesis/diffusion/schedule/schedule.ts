import * as v from 'valibot';
import { betaSchedules, type NoiseLevels, noiseLevels } from './betas.ts';
import { type PredictionType, predictionTypes } from './prediction.ts';
import { type TimestepSpacing, timestepSpacings } from './timesteps.ts';

/** What a `scheduler_config.json` says, defaults filled in. */
export interface Schedule extends NoiseLevels {
  /** Timesteps of the training. */
  readonly trained: number;
  readonly prediction: PredictionType;
  /** Undefined where the file is silent: each scheduler has its own default. */
  readonly spacing: TimestepSpacing | undefined;
  readonly offset: number;
  /** Whether nothing is noise after DDIM's last step; otherwise the first timestep's level is left. */
  readonly lastAlphaIsOne: boolean;
  /** Noise levels of Euler's method by Karras's rule. */
  readonly karras: boolean;
  /** Steps that a consistency model's teacher was distilled at. */
  readonly teacherSteps: number;
  readonly timestepScaling: number;
  /** Scheduler that the model's author chose, as diffusers names it. */
  readonly className: string;
}

const positive = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100_000));

const configuration = v.object({
  _class_name: v.optional(v.string(), ''),
  num_train_timesteps: v.optional(positive, 1000),
  beta_schedule: v.optional(v.picklist(betaSchedules)),
  beta_start: v.optional(v.number()),
  beta_end: v.optional(v.number()),
  trained_betas: v.nullish(v.pipe(v.array(v.number()), v.minLength(1))),
  prediction_type: v.optional(v.picklist(predictionTypes), 'epsilon'),
  timestep_spacing: v.optional(v.picklist(timestepSpacings)),
  steps_offset: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0)), 0),
  set_alpha_to_one: v.optional(v.boolean(), true),
  use_karras_sigmas: v.nullish(v.boolean(), false),
  original_inference_steps: v.optional(positive, 50),
  timestep_scaling: v.optional(v.number(), 10),
  // Their samples differ, so a model that was made for them must not run without them.
  rescale_betas_zero_snr: v.optional(v.literal(false)),
  variance_type: v.nullish(v.picklist(['fixed_small', 'fixed_small_log'])),
});

/** Reads a parsed `scheduler_config.json`; members that no scheduler here uses are ignored. @throws ValiError naming what is not known */
export function readSchedule(json: unknown): Schedule {
  const config = v.parse(configuration, json);
  // As diffusers does where the file is silent; only its consistency scheduler assumes the latent models' own schedule.
  const isConsistency = config._class_name === 'LCMScheduler';
  const levels = noiseLevels({
    schedule: config.beta_schedule ?? (isConsistency ? 'scaled_linear' : 'linear'),
    start: config.beta_start ?? (isConsistency ? 0.00085 : 0.0001),
    end: config.beta_end ?? (isConsistency ? 0.012 : 0.02),
    timesteps: config.num_train_timesteps,
    ...(config.trained_betas ? { trained: config.trained_betas } : {}),
  });
  return {
    ...levels,
    trained: levels.alphas.length,
    prediction: config.prediction_type,
    spacing: config.timestep_spacing,
    offset: config.steps_offset,
    // What has no such option behaves as if it were false.
    lastAlphaIsOne: config._class_name === 'PNDMScheduler' && !isSet(json, 'set_alpha_to_one') ? false : config.set_alpha_to_one,
    karras: config.use_karras_sigmas ?? false,
    teacherSteps: config.original_inference_steps,
    timestepScaling: config.timestep_scaling,
    className: config._class_name,
  };
}

function isSet(json: unknown, member: string): boolean {
  return typeof json === 'object' && json !== null && member in json;
}
