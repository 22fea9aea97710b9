import type { Verdict } from '../../src/protocol/browse.ts';
import type { ReceiptTable, ReceiptView } from '../../src/protocol/instancesPage.ts';
import { section } from '../shared/controls.ts';
import { element } from '../shared/element.ts';
import { entityLabel } from '../shared/entityLabel.ts';
import { icon } from '../shared/icons.ts';
import type { PageContext } from './pageContext.ts';

const firstEntities = 12;
const nameLimit = 120;

/** Why the instance was kept or dropped: the sentence, the numbers that decided, and what would have turned it. */
export function receiptSection(receipt: ReceiptView, context: PageContext): HTMLElement {
  const { strings } = context;
  const facts = element('dl', { class: 'facts-list' });
  for (const [name, value] of receipt.facts) facts.append(element('div', {}, element('dt', {}, name), element('dd', {}, value)));
  return section(
    'receipt',
    strings.detail.receipt,
    element('p', { class: 'lead' }, verdictWord(receipt.verdict, context), ' ', receipt.sentence),
    ...(receipt.flip === null ? [] : [element('p', {}, receipt.flip)]),
    facts,
    ...receipt.perspectives.map((table) => receiptTable(table, context)),
  );
}

/** The verdict as icon and word. */
export function verdictWord(verdict: Verdict, { strings }: PageContext): HTMLElement {
  return element('span', { class: `verdict-word ${verdict}` }, icon(verdict), strings.verdicts[verdict]);
}

function receiptTable(table: ReceiptTable, context: PageContext): HTMLElement {
  const { strings, say } = context;
  const { detail } = strings;
  const summary = element('summary', {}, icon(table.passed ? 'kept' : 'dropped'), element('b', {}, table.title), ` ${table.summary}`);
  const made = element('details', { class: `perspective ${table.passed ? 'passed' : ''}` }, summary);
  if (table.rows.length === 0) return made;
  const columns = [...table.columns, ''];
  const heads = columns.map((column, i) =>
    i === columns.length - 1 ? element('td', {}) : element('th', { scope: 'col', ...(i > 0 ? { class: 'number' } : {}) }, column),
  );
  const body = element('tbody', {});
  const more = element('button', { type: 'button', class: 'link' });
  let shown = 0;
  const grow = (count: number): void => {
    for (const row of table.rows.slice(shown, shown + count)) {
      const name = element('bdi', {}, entityLabel(table.perspective, row.entity, nameLimit));
      const mark = row.tail
        ? [
            element(
              'span',
              { class: 'tail-mark', title: detail.tail },
              icon('tail'),
              element('span', { class: 'spoken-only' }, detail.tail),
            ),
          ]
        : [];
      const cells = row.cells.map((cell) => element('td', { class: 'number' }, cell));
      const outcome = element(
        'td',
        { class: row.won ? 'won' : '' },
        ...(row.won ? [icon('kept')] : []),
        row.won ? detail.won : detail.lost,
      );
      body.append(element('tr', {}, element('th', { scope: 'row' }, name, ...mark), ...cells, outcome));
    }
    shown = Math.min(table.rows.length, shown + count);
    more.hidden = shown >= table.rows.length;
    more.textContent = say(detail.showMore, table.rows.length - shown);
  };
  grow(firstEntities);
  more.addEventListener('click', () => grow(firstEntities * 10));
  const caption = element('caption', { class: 'spoken-only' }, table.title);
  made.append(element('table', {}, caption, element('thead', {}, element('tr', {}, ...heads)), body), more);
  return made;
}
