import { whichDataset } from '../../src/protocol/diffPage.ts';
import { element } from '../shared/element.ts';
import { wordDiff } from '../shared/wordDiff.ts';
import type { PageContext } from './pageContext.ts';
import { readablePieces } from './readable.ts';
import type { Sides } from './sideBySide.ts';

/** The records as they stand in the files, differences marked when there are two. */
export function rawRecords(sides: Sides, context: PageContext): readonly HTMLElement[] {
  const { strings, say } = context;
  const { a, b } = sides;
  const whole = (text: string | undefined) => [{ text: text ?? '', differs: false }];
  const diff = a !== null && b !== null ? wordDiff(a.text, b.text, 'ignored') : { a: whole(a?.text), b: whole(b?.text) };
  const cells = whichDataset.flatMap((which) => {
    const own = sides[which];
    if (own === null) return [];
    const cell = element('div', { class: 'cell raw' }, ...readablePieces(diff[which], which === 'a' ? 'del' : 'ins', context));
    if (own.cut) cell.append(element('p', { class: 'hint' }, say(strings.detail.cutRecord, own.bytes)));
    return [cell];
  });
  const hint = a !== null && b !== null ? [element('p', { class: 'hint' }, strings.detail.marksHint)] : [];
  return [...hint, element('div', { class: 'sides' }, ...cells)];
}
