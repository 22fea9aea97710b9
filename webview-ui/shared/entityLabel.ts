import { pairOf } from '../../src/protocol/entities.ts';
import type { Perspective } from '../../src/protocol/perspectives.ts';
import { visibleLine } from './unseen.ts';

/** An entity as people read it, on one line: the objects of a pair with a plus between them. */
export function entityLabel(perspective: Perspective, entity: string, limit: number): string {
  const pair = perspective === 'cooccurrence' ? pairOf(entity) : undefined;
  return visibleLine(pair === undefined ? entity : pair.join(' + '), limit);
}
