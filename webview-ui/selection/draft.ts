import { defaultMass, type Perspective, perspectives } from '../../src/protocol/perspectives.ts';
import type { HygieneSwitch, Protection } from '../../src/protocol/requests.ts';
import type { PlanKnobs } from '../../src/protocol/selectionPage.ts';

/** Changes of the knobs, one function per gesture. The host normalizes what they give. */

/** The mass governs again: a fixed threshold of the perspective is released. */
export function withMass(knobs: PlanKnobs, perspective: Perspective, mass: number): PlanKnobs {
  const { [perspective]: _released, ...tau } = knobs.tau ?? {};
  return { ...knobs, mass: { ...knobs.mass, [perspective]: mass }, tau };
}

export function withTau(knobs: PlanKnobs, perspective: Perspective, tau: number): PlanKnobs {
  return { ...knobs, tau: { ...knobs.tau, [perspective]: tau } };
}

/** Perspectives in force, in the order of the draws. */
export function composedOf(knobs: PlanKnobs): readonly Perspective[] {
  return knobs.perspectives ?? perspectives;
}

/** Composes a perspective or leaves it out; the last one stays. At most as many must pass as there are. */
export function withPerspective(knobs: PlanKnobs, perspective: Perspective, on: boolean): PlanKnobs {
  const now = composedOf(knobs);
  const others = now.filter((one) => one !== perspective);
  if (others.length === 0) return knobs;
  const composed = on ? (now.includes(perspective) ? now : inOrder([...now, perspective], now)) : others;
  const minPerspectives = Math.min(knobs.minPerspectives ?? 1, composed.length);
  return { ...knobs, perspectives: composed, minPerspectives };
}

/** The usual order where it was in force before; else the newcomer comes last. */
function inOrder(composed: readonly Perspective[], before: readonly Perspective[]): readonly Perspective[] {
  const usual = perspectives.filter((one) => composed.includes(one));
  const wasUsual = usual.filter((one) => before.includes(one)).every((one, i) => one === before[i]);
  return wasUsual ? usual : composed;
}

export function massOf(knobs: PlanKnobs, perspective: Perspective): number {
  return knobs.mass?.[perspective] ?? defaultMass[perspective];
}

/** Switches in force. */
export function hygieneOf(knobs: PlanKnobs, byDefault: readonly HygieneSwitch[]): readonly HygieneSwitch[] {
  return knobs.hygiene ?? byDefault;
}

export function withSwitch(knobs: PlanKnobs, byDefault: readonly HygieneSwitch[], name: HygieneSwitch, on: boolean): PlanKnobs {
  const others = hygieneOf(knobs, byDefault).filter((one) => one !== name);
  return { ...knobs, hygiene: on ? [...others, name] : others };
}

/** `undefined` takes the target away. */
export function withTarget(knobs: PlanKnobs, target: PlanKnobs['target']): PlanKnobs {
  const { target: _target, ...rest } = knobs;
  return target === undefined ? rest : { ...rest, target };
}

export function isTextOnlyProtected(knobs: PlanKnobs): boolean {
  return (knobs.protect ?? []).some(({ kind }) => kind === 'text-only');
}

/** Rules as the page lists them: whether text-only instances stay, and the fields in order. */
export function withProtection(knobs: PlanKnobs, textOnly: boolean, fields: readonly Protection[]): PlanKnobs {
  return { ...knobs, protect: [...(textOnly ? [{ kind: 'text-only' } as const] : []), ...fields] };
}

/** Names what differs between two drafts: changes of the same knob in a row are one step. */
export function subjectOf(before: PlanKnobs, after: PlanKnobs): string {
  const names = new Set([...Object.keys(before), ...Object.keys(after)] as (keyof PlanKnobs)[]);
  const differs = (a: unknown, b: unknown): boolean => JSON.stringify(a) !== JSON.stringify(b);
  return [...names]
    .filter((name) => differs(before[name], after[name]))
    .flatMap((name) =>
      name === 'mass' || name === 'tau' ? perspectives.filter((one) => differs(before[name]?.[one], after[name]?.[one])) : [name],
    )
    .join();
}

/** Knobs for which the engine needs the same entities: going from one to the other is quick. */
export function needsSameEntities(a: PlanKnobs, b: PlanKnobs): boolean {
  const key = ({ hygiene, minFrequency }: PlanKnobs): string => JSON.stringify([[...(hygiene ?? ['default'])].sort(), minFrequency ?? 1]);
  return key(a) === key(b);
}
