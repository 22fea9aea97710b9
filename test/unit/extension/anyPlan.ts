import { resolve } from 'node:path';
import fc from 'fast-check';
import { perspectives } from '../../../src/protocol/perspectives.ts';
import type { RebalancePlan } from '../../../src/protocol/plan.ts';
import { hygieneSwitches } from '../../../src/protocol/requests.ts';

const share = fc.oneof(fc.constantFrom(0, 0.5, 0.75, 0.9, 1), fc.double({ min: 0, max: 1, noNaN: true }));
const positive = fc.oneof(fc.integer({ min: 1, max: 5000 }), fc.double({ min: 1e-9, max: 1e6, noNaN: true }));
const perPerspective = (value: fc.Arbitrary<number>): fc.Arbitrary<object> =>
  fc.record(Object.fromEntries(perspectives.map((name) => [name, value])), { requiredKeys: [] });
/** Text with what shells, JSON and people stumble over; no NUL, which no argument can hold. */
export const nastyText = fc.oneof(
  fc.constantFrom(
    "it's",
    '"quoted"',
    'a b',
    '$HOME',
    '`id`',
    '!x',
    'a\\',
    '\\"',
    '%PATH%',
    '-x',
    '--y=z',
    'a\nb',
    '*',
    '~',
    '’',
    'ünï 中',
    '#',
    ';',
    '&&',
  ),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }).filter((text) => !text.includes('\0')),
);

/** Any plan that a panel or a file could hold. */
export function anyPlan(dataset: string): fc.Arbitrary<RebalancePlan> {
  const fields = fc.record({ kind: fc.constant('field' as const), field: nastyText, value: nastyText });
  const options = {
    perspectives: fc.shuffledSubarray([...perspectives], { minLength: 1 }),
    mass: perPerspective(share),
    tau: perPerspective(positive),
    hygiene: fc.subarray([...hygieneSwitches]),
    minFrequency: fc.integer({ min: 1, max: 9 }),
    seed: fc.integer({ min: -1e9, max: 1e9 }),
    alpha: share,
    target: fc.oneof(
      fc.record({ kind: fc.constant('percent' as const), value: fc.double({ min: 0.001, max: 100, noNaN: true }) }),
      fc.record({ kind: fc.constant('count' as const), value: fc.integer({ min: 1, max: 1e6 }) }),
    ),
    targetBy: fc.constantFrom('tau' as const, 'mass' as const, 'alpha' as const),
    sampler: fc.constantFrom('hash' as const, 'python' as const),
    protect: fc.array(fc.oneof(fc.constant({ kind: 'text-only' as const }), fields), { maxLength: 3 }),
    entities: nastyText.map((name) => resolve(`/e/${name}`)),
    lexicon: nastyText.map((name) => resolve(`/l/${name}`)),
    stopList: nastyText.map((name) => resolve(`/s/${name}`)),
    images: fc.array(
      nastyText.map((name) => resolve(`/i/${name}`)),
      { maxLength: 2 },
    ),
  };
  return fc
    .record(options, { requiredKeys: [] })
    .chain((plan) =>
      fc
        .option(fc.integer({ min: 1, max: plan.perspectives?.length ?? perspectives.length }), { nil: undefined })
        .map((minPerspectives) => ({ ...plan, dataset, ...(minPerspectives === undefined ? {} : { minPerspectives }) }) as RebalancePlan),
    );
}
