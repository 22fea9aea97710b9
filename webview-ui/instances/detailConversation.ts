import type { InstanceDetail, TurnDetail } from '../../src/protocol/browse.ts';
import { type Perspective, perspectives } from '../../src/protocol/perspectives.ts';
import { section } from '../shared/controls.ts';
import { element } from '../shared/element.ts';
import { visibleLine } from '../shared/unseen.ts';
import type { PageContext } from './pageContext.ts';
import { runningText } from './runningText.ts';

/** Turns that are laid out at first, and with each "show more". */
const firstTurns = 40;
const roleLimit = 40;

/** The conversation, with the entities of the chosen perspectives underlined. `onMarks` hears which ones are chosen. */
export function conversationSection(
  { turns, leftOut }: InstanceDetail,
  marks: readonly Perspective[],
  onMarks: (marks: readonly Perspective[]) => void,
  context: PageContext,
): HTMLElement {
  const { detail } = context.strings;
  if (turns.length === 0) return section('conversation', detail.conversation, element('p', { class: 'hint' }, detail.noTurns));
  const list = element('ol', { class: 'turns' });
  const more = element('button', { type: 'button', class: 'link' });
  let shown = 0;
  const grow = (): void => {
    for (const turn of turns.slice(shown, shown + firstTurns)) list.append(turnItem(turn, context));
    shown = Math.min(turns.length, shown + firstTurns);
    more.hidden = shown >= turns.length;
    more.textContent = context.say(detail.showMore, turns.length - shown);
  };
  grow();
  more.addEventListener('click', grow);
  const made = section('conversation', detail.conversation, list, more);
  if (leftOut !== undefined && leftOut.turns > 0)
    made.append(element('p', { class: 'hint' }, context.say(detail.moreTurns, leftOut.turns)));
  const present = perspectives.filter((perspective) => turns.some(({ spans }) => spans.some((span) => span.perspective === perspective)));
  if (present.length > 0) made.querySelector('h3')?.after(legend(present, marks, made, onMarks, context));
  return made;
}

/** One box per perspective that occurs; its label is drawn as the perspective's entities are. */
function legend(
  present: readonly Perspective[],
  marks: readonly Perspective[],
  place: HTMLElement,
  onMarks: (marks: readonly Perspective[]) => void,
  { strings }: PageContext,
): HTMLElement {
  const chosen = new Set(marks);
  const boxes = present.map((perspective) => {
    const box = element('input', { type: 'checkbox' });
    box.checked = chosen.has(perspective);
    place.classList.toggle(`show-${perspective}`, box.checked);
    box.addEventListener('change', () => {
      place.classList.toggle(`show-${perspective}`, box.checked);
      if (box.checked) chosen.add(perspective);
      else chosen.delete(perspective);
      onMarks([...chosen]);
    });
    return element(
      'label',
      { class: 'choice' },
      box,
      element('span', { class: `mark shown ${perspective}` }, strings.perspectives[perspective]),
    );
  });
  return element('div', { class: 'legend', role: 'group', 'aria-label': strings.detail.highlight }, ...boxes);
}

function turnItem(turn: TurnDetail, context: PageContext): HTMLElement {
  const { detail } = context.strings;
  const side = sideOf(turn.role);
  const words = { human: detail.roleHuman, model: detail.roleModel, system: detail.roleSystem };
  const role = visibleLine(turn.role, roleLimit);
  const name = side === 'other' ? role : words[side];
  const head = element('p', { class: 'role' }, element('bdi', {}, name));
  if (side !== 'other' && role !== name) head.append(' ', element('span', { class: 'facts' }, `(${role})`));
  const item = element('li', { class: `turn ${side}` }, head);
  if (turn.text === '') item.append(element('p', { class: 'hint' }, detail.emptyTurn));
  else item.append(...runningText(turn.text, turn.spans, context));
  if (turn.cut) item.append(element('p', { class: 'hint' }, detail.cutTurn));
  return item;
}

function sideOf(role: string): 'human' | 'model' | 'system' | 'other' {
  if (/^(human|user)$/i.test(role)) return 'human';
  if (/^(gpt|assistant|model|bot)$/i.test(role)) return 'model';
  return /^system$/i.test(role) ? 'system' : 'other';
}
