import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { betas } from '../../../../src/engine/synthesis/diffusion/schedule/betas.ts';
import { ddim } from '../../../../src/engine/synthesis/diffusion/schedule/ddim.ts';
import { euler } from '../../../../src/engine/synthesis/diffusion/schedule/euler.ts';
import { guidanceEmbedding } from '../../../../src/engine/synthesis/diffusion/schedule/lcm.ts';
import { advance, combine, type DenoisingPlan } from '../../../../src/engine/synthesis/diffusion/schedule/plan.ts';
import { readSchedule } from '../../../../src/engine/synthesis/diffusion/schedule/schedule.ts';
import { planDenoising, preferredScheduler } from '../../../../src/engine/synthesis/diffusion/schedule/schedulers.ts';
import { consistencyTimesteps, roundHalfEven, spacedTimesteps } from '../../../../src/engine/synthesis/diffusion/schedule/timesteps.ts';
import { type SchedulerName, schedulerNames } from '../../../../src/protocol/synthesis.ts';
import { expectClose } from './close.ts';

/** Stable Diffusion's own noise; everything else is left to each test. */
const latent = { beta_schedule: 'scaled_linear', beta_start: 0.00085, beta_end: 0.012 };
const schedule = (more: object = {}) => readSchedule({ ...latent, ...more });
const leading = { timestep_spacing: 'leading', steps_offset: 1 };
const trailing = { timestep_spacing: 'trailing' };
const plan = (scheduler: SchedulerName, steps: number, more: object = {}, strength?: number): DenoisingPlan =>
  planDenoising({ scheduler, steps, strength }, schedule(more));
const timesteps = ({ steps }: DenoisingPlan): number[] => steps.map(({ timestep }) => timestep);
/** Noise levels of Euler's method, from what it would add to a picture. */
const sigmas = ({ steps }: DenoisingPlan): number[] => [...steps.map(({ start }) => start.noise), 0];

describe('noise levels', () => {
  it('of the latent models are the reference values', () => {
    const beta = betas({ schedule: 'scaled_linear', start: 0.00085, end: 0.012, timesteps: 1000 });
    expectClose(
      [0, 1, 499, 999].map((i) => beta[i] as number),
      [0.00085, 0.0008547, 0.004803794, 0.012],
    );
    const { alphas } = schedule();
    const at = [0, 1, 2, 10, 100, 249, 250, 499, 500, 749, 750, 998, 999];
    const expected = [
      0.99914998, 0.99829602, 0.99743807, 0.99043131, 0.89422315, 0.67543209, 0.6737923, 0.27766946, 0.2763325, 0.05662346, 0.05616981,
      0.0047167, 0.0046601,
    ];
    expectClose(
      at.map((i) => alphas[i] as number),
      expected,
    );
    expectClose([alphas.reduce((sum, alpha) => sum + alpha, 0)], [373.37648]);
  });

  it('follow the other schedules by their definitions', () => {
    const linear = betas({ schedule: 'linear', start: 0.0001, end: 0.02, timesteps: 1000 });
    expectClose(
      [0, 1, 999].map((i) => linear[i] as number),
      [0.0001, 0.0001 + 0.0199 / 999, 0.02],
    );
    const cosine = betas({ schedule: 'squaredcos_cap_v2', start: 0, end: 0, timesteps: 1000 });
    const bar = (t: number) => Math.cos(((t + 0.008) / 1.008) * (Math.PI / 2)) ** 2;
    expectClose(
      [0, 500, 999].map((i) => cosine[i] as number),
      [1 - bar(0.001) / bar(0), 1 - bar(0.501) / bar(0.5), 0.999],
    );
    expect([...readSchedule({ trained_betas: [0.5, 0.5] }).alphas]).toEqual([0.5, 0.25]);
  });
});

describe('timesteps', () => {
  const spaced = (spacing: 'leading' | 'trailing' | 'linspace', n: number, offset = 0) => [
    ...spacedTimesteps(n, { spacing, offset, trained: 1000 }),
  ];

  it('are the reference values for each spacing', () => {
    expect(spaced('leading', 4, 1)).toEqual([751, 501, 251, 1]);
    expect([...spaced('leading', 20, 1).slice(0, 2), ...spaced('leading', 20, 1).slice(-2)]).toEqual([951, 901, 51, 1]);
    expect([...spaced('leading', 50, 1).slice(0, 2), ...spaced('leading', 50, 1).slice(-2)]).toEqual([981, 961, 21, 1]);
    expect(spaced('trailing', 4)).toEqual([999, 749, 499, 249]);
    expect(spaced('trailing', 2)).toEqual([999, 499]);
    expect(spaced('trailing', 16).slice(0, 5)).toEqual([999, 937, 874, 811, 749]);
    expect(spaced('linspace', 4)).toEqual([999, 666, 333, 0]);
    expectClose(spaced('linspace', 20).slice(0, 2), [999, 946.42105]);
    expect(timesteps(plan('ddim', 20, { timestep_spacing: 'linspace' }))[1]).toBe(946);
    expect(timesteps(plan('euler', 20))[1]).toBeCloseTo(946.42105, 5);
  });

  it('of a consistency model are picked from those of its teacher', () => {
    const picked = (n: number, strength = 1) => [...(consistencyTimesteps(n, 1000, 50, strength) ?? [])];
    expect(picked(4)).toEqual([999, 759, 499, 259]);
    expect(picked(1)).toEqual([999]);
    expect(picked(2)).toEqual([999, 499]);
    expect(picked(8)).toEqual([999, 879, 759, 639, 499, 379, 259, 139]);
    expect(picked(4, 0.5)).toEqual([499, 379, 259, 139]);
    expect(consistencyTimesteps(26, 1000, 50, 0.5)).toBeUndefined();
  });

  it('are rounded to even halves', () => {
    expect([0.5, 1.5, 2.5, 811.5, 812.5, 3.49, 3.51].map(roundHalfEven)).toEqual([0, 2, 2, 812, 812, 3, 4]);
  });

  it('descend inside the schedule for any number of steps', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...schedulerNames),
        fc.integer({ min: 1, max: 50 }),
        fc.constantFrom(leading, trailing, {}),
        (name, n, more) => {
          const { steps, initialScale } = plan(name, n, more);
          expect(steps.length).toBe(n);
          expect(initialScale).toBeGreaterThan(0);
          steps.forEach((step, i) => {
            expect(step.timestep).toBeGreaterThanOrEqual(0);
            expect(step.timestep).toBeLessThan(1000);
            if (i > 0) expect(step.timestep).toBeLessThan(steps[i - 1]?.timestep ?? 0);
            for (const factor of [step.input, step.sample, step.output, step.noise]) expect(Number.isFinite(factor)).toBe(true);
          });
        },
      ),
    );
    expect(timesteps(plan('ddim', 1000, leading))[0]).toBe(999);
  });
});

describe('noise levels of Euler', () => {
  it.each([
    { name: 'trailing', more: trailing, expected: [14.614645, 4.0817308, 1.612887, 0.69320542, 0], scale: 14.614645 },
    { name: 'leading', more: leading, expected: [4.1166978, 1.6236929, 0.69839859, 0.041314479, 0], scale: 4.2364135 },
    { name: 'linspace', more: {}, expected: [14.614645, 2.9183083, 0.93235832, 0.029167533, 0], scale: 14.614645 },
  ])('are the reference values with $name spacing', ({ more, expected, scale }) => {
    expectClose(sigmas(plan('euler', 4, more)), expected);
    expectClose([plan('euler', 4, more).initialScale], [scale]);
  });

  it('are the reference values for 20 steps', () => {
    const twenty = plan('euler', 20, leading);
    expectClose(sigmas(twenty).slice(0, 5), [11.028335, 8.390687, 6.5063996, 5.1344333, 4.1166978]);
    expectClose(sigmas(twenty).slice(-2), [0.041314479, 0]);
    expectClose([twenty.initialScale], [11.07358]);
  });

  it('follow the rule of Karras where the model asks for it', () => {
    const karras = plan('euler', 4, { use_karras_sigmas: true });
    // The reference takes seventh roots in single precision.
    expectClose(sigmas(karras), [14.614645, 3.1686108, 0.44692087, 0.029167533, 0], 5e-6);
    expect(timesteps(karras).map(Math.round)).toEqual([999, 687, 146, 0]);
  });
});

describe('steps', () => {
  const x = [0.5, -1, 0.25, 2];
  const output = Float32Array.of(0.1, -0.2, 0.3, 0.4);
  const noise = new Float32Array(4).fill(0.5);
  const run = ({ steps, initialScale }: DenoisingPlan): Float32Array[] => {
    const results: Float32Array[] = [];
    let sample: Float32Array = Float32Array.from(x, (value) => value * initialScale);
    for (const step of steps) {
      sample = advance(step, sample, output, step.draws ? noise : undefined);
      results.push(sample);
    }
    return results;
  };
  const fixed = { ...leading, set_alpha_to_one: false };

  it.each([
    {
      name: 'Euler, epsilon, trailing',
      plan: plan('euler', 2, trailing),
      at: [999, 499],
      expected: [
        [6.0071468, -12.014294, -0.24686623, 24.028587],
        [5.8458581, -11.691716, -0.73073232, 23.383432],
      ],
    },
    {
      name: 'Euler, v, leading',
      plan: plan('euler', 2, { ...leading, prediction_type: 'v_prediction' }),
      at: [501, 1],
      expected: [
        [0.19681031, -0.39362061, -0.10904601, 0.78724122],
        [0.19234703, -0.38469407, -0.12124398, 0.76938814],
      ],
    },
    {
      name: 'Euler ancestral, epsilon, trailing',
      plan: plan('euler-ancestral', 2, trailing),
      at: [999, 499],
      expected: [
        [6.6651754, -10.925798, 0.12418544, 24.256149],
        [6.5038867, -10.603221, -0.35968068, 23.610994],
      ],
    },
    {
      name: 'DDIM, epsilon',
      plan: plan('ddim', 4, fixed),
      at: [751, 501, 251, 1],
      expected: [
        [0.9800607, -1.9601214, 0.1631953, 3.9202428],
        [1.4563595, -2.912719, 0.027558059, 5.825438],
        [1.7092104, -3.4184208, -0.16337228, 6.8368416],
        [1.708727, -3.417454, -0.16708468, 6.8349081],
      ],
    },
    {
      name: 'DDIM, v',
      plan: plan('ddim', 4, { ...fixed, prediction_type: 'v_prediction' }),
      at: [751, 501, 251, 1],
      expected: [
        [0.44473699, -0.88947397, 0.14521948, 1.7789479],
        [0.36825001, -0.73650002, 0.013890162, 1.473],
        [0.25653064, -0.51306129, -0.14976862, 1.0261226],
        [0.25529861, -0.51059723, -0.15339702, 1.0211945],
      ],
    },
    {
      name: 'DDIM, epsilon, with all of the noise',
      plan: ddim(4, schedule(fixed), 1),
      at: [751, 501, 251, 1],
      expected: [
        [1.3197185, -1.4657727, 0.39972585, 4.1052098],
        [2.2132015, -1.8161449, 0.55791271, 6.2425485],
        [2.6482921, -2.0536571, 0.49192232, 7.3502421],
        [2.6576769, -2.0400686, 0.4962427, 7.3554235],
      ],
    },
    {
      name: 'DDPM, epsilon',
      plan: plan('ddpm', 4, fixed),
      at: [751, 501, 251, 1],
      expected: [
        [1.3197185, -1.4657727, 0.39972585, 4.1052098],
        [2.2132018, -1.8161452, 0.55791271, 6.2425489],
        [2.6482928, -2.0536575, 0.49192232, 7.3502431],
        [2.6464205, -2.0471466, 0.47994763, 7.3399873],
      ],
    },
    {
      name: 'LCM, epsilon',
      plan: plan('lcm', 4),
      at: [999, 759, 499, 259],
      expected: [
        [1.8264629, -2.1926103, 0.32175046, 5.8455358],
        [4.4124203, -4.1823792, 0.49341175, 13.007218],
        [6.9585276, -5.8892398, 0.65931344, 19.806292],
        [8.5000744, -7.1109114, 0.59637552, 24.111057],
      ],
    },
  ])('are the reference values: $name', ({ plan: tried, at, expected }) => {
    expect(timesteps(tried)).toEqual(at);
    for (const [i, sample] of run(tried).entries()) expectClose(sample, expected[i] ?? []);
  });

  it('of DDIM add the reference variances', () => {
    const { steps } = ddim(4, schedule(fixed), 1);
    expectClose(
      steps.map((step) => step.noise ** 2),
      [0.61221683, 0.26719302, 0.0016980147, 0.00042634894],
    );
  });

  it('reach the picture that the model tells in one step of Euler', () => {
    const { steps } = euler(1, schedule(trailing));
    const [step] = steps;
    if (!step) throw new Error('no step');
    expect(step.timestep).toBe(999);
    const sample = Float32Array.of(14, -3);
    const m = Float32Array.of(0.25, 0.5);
    expectClose(advance(step, sample, m, undefined), [14 - 14.614645 * 0.25, -3 - 14.614645 * 0.5]);
    expectClose(combine(sample, step.clean.sample, m, step.clean.output), [14 - 14.614645 * 0.25, -3 - 14.614645 * 0.5]);
  });

  it('say the same picture whatever the model predicts', () => {
    // From one picture and one noise, what a model of each kind would output.
    const clean = 0.3;
    const eps = -0.7;
    for (const scheduler of ['ddim', 'ddpm', 'lcm'] as const) {
      const told = (['epsilon', 'v_prediction', 'sample'] as const).map((prediction_type) => {
        const step = plan(scheduler, 5, { ...leading, prediction_type }).steps[1];
        if (!step) throw new Error('no step');
        const { signal, noise: spread } = step.start;
        const m = { epsilon: eps, v_prediction: signal * eps - spread * clean, sample: clean }[prediction_type];
        const seen = signal * clean + spread * eps;
        return step.sample * seen + step.output * m;
      });
      expectClose(told, [told[0] as number, told[0] as number, told[0] as number], 1e-12);
    }
  });
});

describe('image to image', () => {
  it('starts with the noise of the first timestep that runs', () => {
    const x = Float32Array.of(0.5, -1, 0.25, 2);
    const half = new Float32Array(4).fill(0.5);
    // One leading step with this offset is timestep 500.
    const vp = plan('ddim', 1, { timestep_spacing: 'leading', steps_offset: 500 });
    const [first] = vp.steps;
    expect(first?.timestep).toBe(500);
    expectClose(combine(x, first?.start.signal ?? 0, half, first?.start.noise ?? 0), [0.68817997, -0.10033014, 0.55676162, 1.4766901]);
    const ve = plan('euler', 20, leading, 0.6);
    expect(ve.steps.length).toBe(12);
    expect(ve.steps[0]?.timestep).toBe(551);
    const { signal, noise } = ve.steps[0]?.start ?? { signal: 0, noise: 0 };
    expectClose(combine(x, signal, half, noise), [1.461722, -0.03827798, 1.211722, 2.9617219]);
  });

  it('hands the strength of a consistency model to its timesteps', () => {
    expect(timesteps(plan('lcm', 4, {}, 0.5))).toEqual([499, 379, 259, 139]);
  });

  it('refuses what leaves nothing to do', () => {
    expect(() => plan('euler', 4, {}, 0.2)).toThrow(
      expect.objectContaining({ code: 'usage', message: expect.stringContaining('at least 1') }),
    );
    expect(() => plan('euler', 4, {}, 0)).toThrow(expect.objectContaining({ code: 'usage' }));
    expect(() => plan('euler', 0)).toThrow(expect.objectContaining({ code: 'usage' }));
    expect(() => plan('ddim', 1001)).toThrow(expect.objectContaining({ code: 'usage' }));
    expect(() => plan('lcm', 6, {}, 0.1)).toThrow(expect.objectContaining({ code: 'usage', data: { steps: 6, most: 5 } }));
  });
});

describe('guidance of a consistency model', () => {
  it('is embedded as the reference does', () => {
    const embedding = guidanceEmbedding(8.5, 256);
    expectClose(
      [0, 127, 128, 255].map((i) => embedding[i] as number),
      [-0.851236, 0.681639, -0.524783, 0.731689],
    );
  });
});

describe('scheduler configurations', () => {
  it('choose what their author chose, or what comes nearest', () => {
    const chosen = (_class_name: string) => preferredScheduler(readSchedule({ _class_name }));
    expect(chosen('PNDMScheduler')).toBe('ddim');
    expect(chosen('EulerDiscreteScheduler')).toBe('euler');
    expect(chosen('EulerAncestralDiscreteScheduler')).toBe('euler-ancestral');
    expect(chosen('LCMScheduler')).toBe('lcm');
    expect(chosen('DDPMScheduler')).toBe('ddpm');
    expect(chosen('UniPCMultistepScheduler')).toBe('ddim');
  });

  it('are silent about what has a default', () => {
    expect(readSchedule({ _class_name: 'LCMScheduler' }).alphas).toEqual(schedule().alphas);
    expect(readSchedule({}).alphas[0]).toBeCloseTo(0.9999, 12);
    expect(readSchedule({ _class_name: 'PNDMScheduler' }).lastAlphaIsOne).toBe(false);
    expect(readSchedule({ _class_name: 'DDIMScheduler' }).lastAlphaIsOne).toBe(true);
  });

  it('are refused when they ask for what would come out wrong', () => {
    expect(() => readSchedule({ rescale_betas_zero_snr: true })).toThrow();
    expect(() => readSchedule({ prediction_type: 'flow' })).toThrow();
    expect(() => readSchedule({ beta_schedule: 'sigmoid' })).toThrow();
    expect(() => readSchedule({ variance_type: 'learned_range' })).toThrow();
  });
});
