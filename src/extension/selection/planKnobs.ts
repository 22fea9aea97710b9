import * as v from 'valibot';
import { defaultMass, type Perspective, perspectives } from '../../protocol/perspectives.ts';
import type { RebalancePlan } from '../../protocol/plan.ts';
import { type HygieneSwitch, hygieneSwitches } from '../../protocol/requests.ts';
import type { PlanKnobs } from '../../protocol/selectionPage.ts';

const longestText = 10_000;
const text = v.pipe(v.string(), v.maxLength(longestText));
const finite = v.pipe(v.number(), v.finite());
const share = v.pipe(finite, v.minValue(0), v.maxValue(1));
const positive = v.pipe(finite, v.gtValue(0), v.maxValue(Number.MAX_SAFE_INTEGER));
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
/** An absent value and an undefined one are the same on the wire. */
function perPerspective<T extends v.GenericSchema<number>>(value: T) {
  return v.object({
    token: v.optional(value),
    object: v.optional(value),
    cooccurrence: v.optional(value),
    interrogation: v.optional(value),
  });
}
const protection = v.variant('kind', [
  v.object({ kind: v.literal('text-only') }),
  v.object({ kind: v.literal('field'), field: v.pipe(text, v.minLength(1)), value: text }),
]);
const knobEntries = {
  perspectives: v.optional(
    v.pipe(
      v.array(v.picklist(perspectives)),
      v.minLength(1),
      v.check((list) => new Set(list).size === list.length),
    ),
  ),
  mass: v.optional(perPerspective(share)),
  tau: v.optional(perPerspective(positive)),
  hygiene: v.optional(v.array(v.picklist(hygieneSwitches))),
  minFrequency: v.optional(count),
  seed: v.optional(v.pipe(v.number(), v.safeInteger())),
  minPerspectives: v.optional(v.pipe(count, v.maxValue(perspectives.length))),
  alpha: v.optional(share),
  target: v.optional(
    v.variant('kind', [
      v.object({ kind: v.literal('count'), value: positive }),
      v.object({ kind: v.literal('percent'), value: v.pipe(positive, v.maxValue(100)) }),
    ]),
  ),
  targetBy: v.optional(v.picklist(['tau', 'mass', 'alpha'])),
  protect: v.optional(v.pipe(v.array(protection), v.maxLength(1000))),
};

/** What a page may send as knobs. */
export const knobsSchema = v.pipe(
  v.object(knobEntries),
  v.transform((knobs) => withoutUndefined(knobs) as PlanKnobs),
);

/** The part of a plan that the page changes. Values that no control could show (a stored plan may hold anything) are left out. */
export function knobsOf(plan: RebalancePlan): PlanKnobs {
  const knobs: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries(knobEntries)) {
    const parsed = v.safeParse(schema, plan[name as keyof RebalancePlan]);
    if (parsed.success && parsed.output !== undefined) knobs[name] = parsed.output;
  }
  return withoutUndefined(knobs as PlanKnobs);
}

/** The plan with other knobs. */
export function withKnobs(plan: RebalancePlan, knobs: PlanKnobs): RebalancePlan {
  const rest = Object.fromEntries(Object.entries(plan).filter(([name]) => !(name in knobEntries))) as RebalancePlan;
  return normalized({ ...rest, ...knobs });
}

/** Without any change to the paper's setting: forced verdicts and the source of the entities stay, they are no setting of the method. */
export function paperPlan(plan: RebalancePlan): RebalancePlan {
  return withKnobs(plan, {});
}

/**
 * Leaves out what says the default, and the file that a plan came from, so that equal plans look equal: for the engine both are the same.
 * `alpha: 1` stays for the python sampler, which draws once more when it is given.
 */
export function normalized(plan: RebalancePlan): RebalancePlan {
  const { perspectives: composed, mass, tau, hygiene, minFrequency, seed, minPerspectives, alpha, target, targetBy, ...rest } = plan;
  const { protect, overrides, sampler, images, plan: _file, ...others } = rest;
  const ownMass = Object.fromEntries(Object.entries(mass ?? {}).filter(([name, value]) => value !== defaultMass[name as Perspective]));
  const keepsAlpha = alpha !== undefined && (alpha !== 1 || sampler === 'python') && !(target && targetBy === 'alpha');
  const switches = hygiene === undefined ? undefined : hygieneSwitches.filter((name) => hygiene.includes(name));
  return withoutUndefined({
    ...others,
    images: filled(images),
    perspectives: composed === undefined || same(composed, perspectives) ? undefined : composed,
    mass: filledMap(ownMass),
    tau: filledMap(withoutUndefined(tau ?? {})),
    hygiene: switches === undefined || same(switches, hygieneDefault(plan)) ? undefined : switches,
    minFrequency: minFrequency === 1 ? undefined : minFrequency,
    seed: seed === 42 ? undefined : seed,
    minPerspectives: minPerspectives === 1 ? undefined : minPerspectives,
    alpha: keepsAlpha ? alpha : undefined,
    target,
    targetBy: target === undefined || targetBy === 'tau' ? undefined : targetBy,
    sampler: sampler === 'hash' ? undefined : sampler,
    protect: filled(protect),
    overrides: filled(overrides),
  }) as RebalancePlan;
}

/** Switches that are on when a plan names none: imported entities were cleaned by their maker. */
export function hygieneDefault(plan: Pick<RebalancePlan, 'entities'>): readonly HygieneSwitch[] {
  return plan.entities === undefined ? hygieneSwitches : ['blanks'];
}

/** Plans that give the same result. */
export function samePlan(a: RebalancePlan, b: RebalancePlan): boolean {
  return planKey(a) === planKey(b);
}

/** A text that is equal for plans that give the same result. */
export function planKey(plan: RebalancePlan): string {
  return JSON.stringify(sorted(normalized(plan)));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, one]) => one !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, one]) => [name, sorted(one)]),
  );
}

function same(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}

function filled<T>(list: readonly T[] | undefined): readonly T[] | undefined {
  return list === undefined || list.length === 0 ? undefined : list;
}

function filledMap<T extends object>(map: T): T | undefined {
  return Object.keys(map).length === 0 ? undefined : map;
}

/** Deep enough for knobs: the maps of mass and tau too. */
function withoutUndefined<T extends object>(value: T): T {
  const entries = Object.entries(value).filter(([, one]) => one !== undefined);
  return Object.fromEntries(
    entries.map(([name, one]) => [name, name === 'mass' || name === 'tau' ? withoutUndefined(one as object) : one]),
  ) as T;
}
