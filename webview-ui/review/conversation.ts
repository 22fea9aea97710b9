import type { TurnDetail } from '../../src/protocol/browse.ts';
import type { ReviewSource } from '../../src/protocol/synthesis.ts';
import { alignTurns, type TurnPair } from '../shared/alignTurns.ts';
import { section, textButton } from '../shared/controls.ts';
import { element } from '../shared/element.ts';
import { visibleLine } from '../shared/unseen.ts';
import { type TextPiece, wordDiff } from '../shared/wordDiff.ts';
import type { PageContext } from './pageContext.ts';
import { turnText } from './readable.ts';

/** Rows that are laid out together; the others with "show more". */
const firstTurns = 40;
const roleLimit = 40;

/** What source and candidate say, turn beside turn; once where the candidate keeps its source's words. */
export function conversation(source: ReviewSource, hasOwnTurns: boolean, context: PageContext): HTMLElement {
  const { single } = context.strings;
  const rows: readonly TurnPair[] = hasOwnTurns
    ? alignTurns(source.turns, source.candidate)
    : source.turns.map((_, i) => ({ a: i, b: null, same: true }));
  if (rows.length === 0) return section('conversation', single.conversation, element('p', { class: 'hint' }, single.noTurns));
  const list = element('ol', { class: hasOwnTurns ? 'turns' : 'turns once' });
  const make = (row: TurnPair): HTMLElement => (hasOwnTurns ? pairRow(row, source, context) : onceRow(source.turns[row.a ?? 0], context));
  list.append(...inSight(rows, make, context));
  return section(
    'conversation',
    single.conversation,
    element('p', { class: 'hint' }, hasOwnTurns ? single.marksHint : single.sameText),
    list,
  );
}

function inSight(rows: readonly TurnPair[], make: (row: TurnPair) => HTMLElement, context: PageContext): readonly HTMLElement[] {
  const first = rows.slice(0, firstTurns).map(make);
  if (rows.length <= firstTurns) return first;
  const item = element('li', { class: 'turn' });
  const open = (): void => {
    const made = inSight(rows.slice(firstTurns), make, context);
    item.replaceWith(...made);
    made[0]?.setAttribute('tabindex', '-1');
    made[0]?.focus();
  };
  item.append(textButton(context.say(context.strings.single.showMore, rows.length - firstTurns), open, 'link'));
  return [...first, item];
}

function onceRow(turn: TurnDetail | undefined, context: PageContext): HTMLElement {
  return element('li', { class: 'turn' }, cell(turn, turn ? [{ text: turn.text, differs: false }] : [], 'ins', '', context));
}

function pairRow({ a, b, same }: TurnPair, source: ReviewSource, context: PageContext): HTMLElement {
  const { single } = context.strings;
  const [turnA, turnB] = [a === null ? undefined : source.turns[a], b === null ? undefined : source.candidate[b]];
  const whole = (turn: TurnDetail | undefined): readonly TextPiece[] => (turn ? [{ text: turn.text, differs: false }] : []);
  const diff = turnA && turnB && !same ? wordDiff(turnA.text, turnB.text) : { a: whole(turnA), b: whole(turnB) };
  const state = same ? single.same : turnA === undefined ? single.onlyCandidate : turnB === undefined ? single.onlySource : single.differs;
  return element(
    'li',
    { class: `turn sides ${same ? 'same' : 'different'}` },
    cell(turnA, diff.a, 'del', state, context),
    cell(turnB, diff.b, 'ins', state, context),
  );
}

function cell(
  turn: TurnDetail | undefined,
  pieces: readonly TextPiece[],
  mark: 'del' | 'ins',
  state: string,
  context: PageContext,
): HTMLElement {
  const { single } = context.strings;
  if (turn === undefined) return element('div', { class: 'cell' }, element('p', { class: 'hint' }, single.noTurn));
  const role = element('p', { class: 'role' }, element('bdi', {}, roleName(turn.role, context)));
  if (state !== '') role.append(' ', element('span', { class: 'state' }, state));
  const text = turn.text === '' ? [element('p', { class: 'hint' }, single.emptyTurn)] : turnText(pieces, turn.spans, mark, context);
  const cut = turn.cut ? [element('p', { class: 'hint' }, single.cutTurn)] : [];
  return element('div', { class: 'cell' }, role, ...text, ...cut);
}

function roleName(role: string, { strings }: PageContext): string {
  const { roleHuman, roleModel, roleSystem } = strings.single;
  if (/^(human|user)$/i.test(role)) return roleHuman;
  if (/^(gpt|assistant|model|bot)$/i.test(role)) return roleModel;
  return /^system$/i.test(role) ? roleSystem : visibleLine(role, roleLimit);
}
