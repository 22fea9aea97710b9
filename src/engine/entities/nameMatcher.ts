import type { PerspectiveIndex } from './perspectiveIndex.ts';

/**
 * Tells whether an entity's name holds a text, upper and lower case alike. Of pairs, of which there are millions, the labels are looked
 * at once each; only a text with a comma or a quotation mark, which may stand between two labels, needs every name spelled out.
 * @param wanted lower case
 */
export function nameMatcher(index: PerspectiveIndex, wanted: string): (entity: number) => boolean {
  const { pairs } = index;
  if (!pairs || /[",]/.test(wanted)) return (entity) => index.nameOf(entity).toLowerCase().includes(wanted);
  const holds = new Uint8Array(pairs.labels);
  for (let label = 0; label < pairs.labels; label++) if (pairs.labelOf(label).toLowerCase().includes(wanted)) holds[label] = 1;
  const { first, second } = pairs;
  return (entity) => holds[first[entity] as number] === 1 || holds[second[entity] as number] === 1;
}
