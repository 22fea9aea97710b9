import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { isPlanFile, planFileName } from '../../../src/extension/selection/planFileName.ts';
import { PlanHistory } from '../../../src/extension/selection/planHistory.ts';
import { knobsOf, knobsSchema, normalized, paperPlan, planKey, samePlan, withKnobs } from '../../../src/extension/selection/planKnobs.ts';
import { freeDestination, rebalanceRequestOf, whatIfRequestOf } from '../../../src/extension/selection/planRequest.ts';
import type { RebalancePlan } from '../../../src/protocol/plan.ts';
import { anyPlan } from './anyPlan.ts';

const dataset = '/d/train.json';

describe('plan', () => {
  it('leaves out what says the default', () => {
    const spelled: RebalancePlan = {
      dataset,
      perspectives: ['token', 'object', 'cooccurrence', 'interrogation'],
      mass: { token: 0.9, cooccurrence: 0.75 },
      tau: {},
      hygiene: ['case', 'glued', 'placeholders', 'blanks'],
      minFrequency: 1,
      seed: 42,
      minPerspectives: 1,
      alpha: 1,
      targetBy: 'alpha',
      sampler: 'hash',
      protect: [],
      overrides: [],
      images: [],
      plan: '/d/x.ballast-plan.json',
    };
    expect(normalized(spelled)).toEqual({ dataset });
    expect(samePlan(spelled, { dataset })).toBe(true);
  });

  it('keeps what only looks like a default', () => {
    const imported: RebalancePlan = { dataset, entities: '/d/e.jsonl', hygiene: ['blanks', 'placeholders', 'glued', 'case'] };
    expect(normalized(imported)).toEqual(imported);
    expect(normalized({ ...imported, hygiene: ['blanks'] })).toEqual({ dataset, entities: '/d/e.jsonl' });
    // The python sampler draws once more when alpha is given, 1 included.
    expect(normalized({ dataset, sampler: 'python', alpha: 1 })).toEqual({ dataset, sampler: 'python', alpha: 1 });
    // The order of perspectives is the order of its draws.
    expect(normalized({ dataset, perspectives: ['object', 'token'] }).perspectives).toEqual(['object', 'token']);
    // Alpha is what the solver computes.
    expect(normalized({ dataset, alpha: 0.5, target: { kind: 'percent', value: 10 }, targetBy: 'alpha' })).toEqual({
      dataset,
      target: { kind: 'percent', value: 10 },
      targetBy: 'alpha',
    });
  });

  it('has one key, whatever the order of its parts', () => {
    fc.assert(
      fc.property(anyPlan(dataset), (plan) => {
        const turned = Object.fromEntries(Object.entries(plan).reverse()) as unknown as RebalancePlan;
        expect(planKey(turned)).toBe(planKey(plan));
        expect(normalized(normalized(plan))).toEqual(normalized(plan));
      }),
    );
  });

  it('gives its knobs to a page and takes them back', () => {
    fc.assert(
      fc.property(anyPlan(dataset), (plan) => {
        const sent: unknown = JSON.parse(JSON.stringify(knobsOf(normalized(plan))));
        const back = withKnobs(plan, v.parse(knobsSchema, sent));
        expect(planKey(back)).toBe(planKey(plan));
      }),
    );
  });

  it('keeps what no knob shows when knobs change', () => {
    const plan: RebalancePlan = { dataset, entities: '/d/e.jsonl', sampler: 'python', overrides: [override], alpha: 0.4 };
    expect(paperPlan(plan)).toEqual({ dataset, entities: '/d/e.jsonl', sampler: 'python', overrides: [override] });
  });

  it('shows no knob for a stored value that none could have set', () => {
    const broken = {
      dataset,
      alpha: 7,
      mass: { token: 'x' },
      target: { kind: 'count', value: -1 },
      seed: 5,
      perspectives: ['object', 'x'],
    };
    expect(knobsOf(broken as unknown as RebalancePlan)).toEqual({ seed: 5 });
  });

  it.each([
    { alpha: 2 },
    { alpha: Number.NaN },
    { mass: { token: -1 } },
    { tau: { token: 0 } },
    { perspectives: [] },
    { perspectives: ['token', 'token'] },
    { minPerspectives: 1.5 },
    { target: { kind: 'percent', value: 101 } },
    { protect: [{ kind: 'field', field: '', value: '' }] },
    { hygiene: ['all'] },
    { seed: 1e20 },
    null,
    'knobs',
  ])('refuses %j from a page', (knobs) => expect(v.safeParse(knobsSchema, knobs).success).toBe(false));
});

const override = { ordinal: 3, content: '00112233445566778899aabbccddeeff', duplicate: 0, verdict: 'keep', reason: 'rare' } as const;

describe('requests', () => {
  it('are the same for the panel and for applying, but for where the result goes', () => {
    fc.assert(
      fc.property(anyPlan(dataset), (plan) => {
        const base = { dataset, runDir: '/r', threads: 2 };
        const { output, randomControl, ...rest } = rebalanceRequestOf(base, plan, { output: '/d/o.json', randomControl: '/d/c.json' });
        expect([output, randomControl]).toEqual(['/d/o.json', '/d/c.json']);
        expect(rest).toEqual(whatIfRequestOf(base, plan));
      }),
    );
  });

  it('take image roots from the settings where the plan has none', () => {
    const base = { dataset, images: ['/settings'] };
    expect(whatIfRequestOf(base, { dataset }).images).toEqual(['/settings']);
    expect(whatIfRequestOf(base, { dataset, images: ['/plan'] }).images).toEqual(['/plan']);
  });

  it('name a free file, the control too, beside the dataset', async () => {
    const taken =
      (...names: string[]) =>
      async (file: string): Promise<boolean> =>
        names.includes(file);
    expect(await freeDestination('/d/a.json', taken(), false)).toEqual({ output: '/d/a.rebalanced.json' });
    expect(await freeDestination('/d/a.json', taken('/d/a.rebalanced.random.json'), true)).toEqual({
      output: '/d/a.rebalanced-2.json',
      randomControl: '/d/a.rebalanced-2.random.json',
    });
    // LLaMA-Factory names a set within a file.
    expect(await freeDestination('/d/dataset_info.json#mine', taken(), false)).toEqual({ output: '/d/dataset_info.rebalanced.json' });
  });
});

describe('PlanHistory', () => {
  const plan = (alpha: number): RebalancePlan => ({ dataset, alpha });

  it('goes back and forth, and forgets what was undone when something new comes', () => {
    const history = new PlanHistory({ dataset });
    expect([history.canUndo, history.canRedo, history.undo(), history.redo()]).toEqual([false, false, undefined, undefined]);
    expect(history.push(plan(0.1))).toBe(true);
    expect(history.push({ ...plan(0.1), seed: 42 })).toBe(false);
    history.push(plan(0.2));
    expect(history.undo()).toEqual(plan(0.1));
    expect(history.undo()).toEqual({ dataset });
    expect(history.redo()).toEqual(plan(0.1));
    history.push(plan(0.3));
    expect(history.canRedo).toBe(false);
    expect(history.undo()).toEqual(plan(0.1));
  });

  it('is a list with a finger on it (model)', () => {
    const step = fc.oneof(fc.constant('undo' as const), fc.constant('redo' as const), fc.integer({ min: 0, max: 5 }));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const history = new PlanHistory(plan(0));
        let list = [0];
        let at = 0;
        for (const one of steps) {
          if (one === 'undo') {
            history.undo();
            at = Math.max(0, at - 1);
          } else if (one === 'redo') {
            history.redo();
            at = Math.min(list.length - 1, at + 1);
          } else if (history.push(plan(one / 10))) {
            list = [...list.slice(0, at + 1), one / 10];
            at++;
          } else expect(list[at]).toBe(one / 10);
          expect(history.present.alpha).toBe(list[at]);
          expect([history.canUndo, history.canRedo]).toEqual([at > 0, at < list.length - 1]);
        }
      }),
    );
  });

  it('forgets the oldest steps instead of growing for ever', () => {
    const history = new PlanHistory({ dataset });
    for (let i = 1; i <= 1000; i++) history.push({ dataset, seed: i });
    let steps = 0;
    while (history.undo() !== undefined) steps++;
    expect(steps).toBe(200);
  });
});

describe('plan file', () => {
  it.each([
    ['/d/a', '/d/a.ballast-plan.json'],
    ['/d/a.json', '/d/a.ballast-plan.json'],
    ['/d/a.ballast-plan.json', '/d/a.ballast-plan.json'],
    ['/d/a.BALLAST-plan.JSON', '/d/a.ballast-plan.json'],
    ['/d/a.b', '/d/a.b.ballast-plan.json'],
  ])('%s is saved as %s', (typed, saved) => {
    expect(planFileName(typed)).toBe(saved);
    expect(isPlanFile(saved)).toBe(true);
  });
});
