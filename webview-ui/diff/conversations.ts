import type { TurnDetail } from '../../src/protocol/browse.ts';
import type { WhichDataset } from '../../src/protocol/diffPage.ts';
import { alignTurns, foldEqual, type TurnPair } from '../shared/alignTurns.ts';
import { textButton } from '../shared/controls.ts';
import { element } from '../shared/element.ts';
import { visibleLine } from '../shared/unseen.ts';
import { type TextPiece, wordDiff } from '../shared/wordDiff.ts';
import type { PageContext } from './pageContext.ts';
import { readablePieces } from './readable.ts';
import type { Sides } from './sideBySide.ts';

/** Rows that are laid out together; the others with "show more". */
const firstTurns = 40;
const roleLimit = 40;

/** The conversations of both sides, turn beside turn; of one side alone when the other is missing. */
export function conversations({ a, b }: Sides, context: PageContext): readonly HTMLElement[] {
  const { strings, say } = context;
  const { detail } = strings;
  const turnsA = a?.turns ?? [];
  const turnsB = b?.turns ?? [];
  if (turnsA.length + turnsB.length === 0) return [element('p', { class: 'hint' }, detail.noTurns)];
  const rows = alignTurns(turnsA, turnsB);
  const parts: HTMLElement[] = [];
  if (a !== null && b !== null) {
    const differing = rows.filter(({ same }) => !same).length;
    const sentence = differing === 0 ? detail.elsewhere : say(detail.differing, differing, rows.length);
    parts.push(element('p', { class: 'hint' }, sentence, ...(differing === 0 ? [] : [' ', detail.marksHint])));
  }
  const isPair = a !== null && b !== null;
  const list = element('ol', { class: 'turns' });
  const make = (row: TurnPair): HTMLElement => turnRow(row, turnsA, turnsB, isPair, context);
  for (const block of isPair ? foldEqual(rows) : [{ folded: false, rows }])
    list.append(...(block.folded ? [fold(block.rows, make, context)] : inSight(block.rows, make, context)));
  const leftOut = Math.max(a?.leftOut?.turns ?? 0, b?.leftOut?.turns ?? 0);
  const rest = leftOut > 0 ? [element('p', { class: 'hint' }, say(detail.moreTurns, leftOut))] : [];
  return [...parts, list, ...rest];
}

/** Rows, the first ones at once and the others on demand. */
function inSight(rows: readonly TurnPair[], make: (row: TurnPair) => HTMLElement, context: PageContext): readonly HTMLElement[] {
  const first = rows.slice(0, firstTurns).map(make);
  if (rows.length <= firstTurns) return first;
  const label = context.say(context.strings.detail.showMore, rows.length - firstTurns);
  return [...first, openable(label, () => inSight(rows.slice(firstTurns), make, context))];
}

function fold(rows: readonly TurnPair[], make: (row: TurnPair) => HTMLElement, context: PageContext): HTMLElement {
  return openable(context.say(context.strings.detail.equalTurns, rows.length), () => inSight(rows, make, context));
}

/** An item of the list that a click replaces by others. */
function openable(label: string, open: () => readonly HTMLElement[]): HTMLElement {
  const item = element('li', { class: 'turn fold' });
  const button = textButton(
    label,
    () => {
      const made = open();
      item.replaceWith(...made);
      // The button is gone: the focus stays where it was.
      made[0]?.setAttribute('tabindex', '-1');
      made[0]?.focus();
    },
    'link',
  );
  item.append(button);
  return item;
}

function turnRow(
  { a, b, same }: TurnPair,
  turnsA: readonly TurnDetail[],
  turnsB: readonly TurnDetail[],
  isPair: boolean,
  context: PageContext,
): HTMLElement {
  const turnA = a === null ? undefined : turnsA[a];
  const turnB = b === null ? undefined : turnsB[b];
  const whole = (text: string): readonly TextPiece[] => [{ text, differs: false }];
  const diff =
    turnA !== undefined && turnB !== undefined && !same
      ? wordDiff(turnA.text, turnB.text)
      : { a: whole(turnA?.text ?? ''), b: whole(turnB?.text ?? '') };
  const state = isPair ? stateOf(turnA, turnB, same, context) : undefined;
  const cells = [
    ...(isPair || turnA ? [turnCell('a', turnA, a, diff.a, state, context)] : []),
    ...(isPair || turnB ? [turnCell('b', turnB, b, diff.b, state, context)] : []),
  ];
  const kind = !isPair ? '' : same ? ' same' : ' different';
  return element('li', { class: `sides turn${kind}` }, ...cells);
}

function stateOf(a: TurnDetail | undefined, b: TurnDetail | undefined, same: boolean, { strings }: PageContext): string {
  const { detail } = strings;
  if (same) return detail.same;
  if (a === undefined) return detail.onlyB;
  return b === undefined ? detail.onlyA : detail.differs;
}

function turnCell(
  which: WhichDataset,
  turn: TurnDetail | undefined,
  position: number | null,
  pieces: readonly TextPiece[],
  state: string | undefined,
  context: PageContext,
): HTMLElement {
  const { strings, say } = context;
  const { detail, header } = strings;
  if (turn === undefined || position === null)
    return element('div', { class: 'cell absent' }, element('p', { class: 'hint' }, detail.noTurn));
  const role = element('bdi', {}, roleName(turn.role, context));
  const side = element('span', { class: `side-mark ${which}` }, header[which]);
  const head = element(
    'p',
    { class: 'role' },
    side,
    ' ',
    role,
    ' ',
    element('span', { class: 'facts turn-number' }, say(detail.turn, position + 1)),
  );
  if (state !== undefined) head.append(' ', element('span', { class: 'state' }, state));
  const cell = element('div', { class: 'cell' }, head);
  if (turn.text === '') cell.append(element('p', { class: 'hint' }, detail.emptyTurn));
  else cell.append(...readablePieces(pieces, which === 'a' ? 'del' : 'ins', context));
  if (turn.cut) cell.append(element('p', { class: 'hint' }, detail.cutTurn));
  return cell;
}

function roleName(role: string, { strings }: PageContext): string {
  const { roleHuman, roleModel, roleSystem } = strings.detail;
  if (/^(human|user)$/i.test(role)) return roleHuman;
  if (/^(gpt|assistant|model|bot)$/i.test(role)) return roleModel;
  return /^system$/i.test(role) ? roleSystem : visibleLine(role, roleLimit);
}
