import type { InstanceRow } from '../../src/protocol/browse.ts';
import { type ClusterCard, type MemberOrder, memberOrders } from '../../src/protocol/clusters.ts';
import { element } from '../shared/element.ts';
import { PagedRows } from '../shared/pagedRows.ts';
import { messageOf } from '../shared/problems.ts';
import { RowList } from '../shared/rowList.ts';
import { visibleLine } from '../shared/unseen.ts';
import type { CardTarget } from './cardPane.ts';
import { field } from './field.ts';
import type { PageContext } from './pageContext.ts';

const textLimit = 160;

interface Member {
  readonly row: InstanceRow;
  readonly similarity: number | null;
}

/** The instances of a cluster, page by page; a click or Enter opens one in the browser. */
export class MembersList {
  readonly root: HTMLElement;
  readonly #card: ClusterCard;
  readonly #target: CardTarget;
  readonly #context: PageContext;
  readonly #onOpen: (ordinal: number) => void;
  readonly #place = element('div', { class: 'members-place' });
  readonly #complaint = element('p', { class: 'complaint', role: 'alert' });
  #list: RowList | undefined;
  #rows: PagedRows<Member> | undefined;

  constructor(card: ClusterCard, target: CardTarget, context: PageContext, onOpen: (ordinal: number) => void) {
    this.#card = card;
    this.#target = target;
    this.#context = context;
    this.#onOpen = onOpen;
    const { card: words } = context.strings;
    // Without features the engine knows no order but the file's.
    const orders = card.similarity === null ? (['ordinal'] as const) : memberOrders;
    const choice = element('select', {}, ...orders.map((order) => element('option', { value: order }, words.orders[order])));
    choice.addEventListener('change', () => this.#show(choice.value as MemberOrder));
    const label = field(words.order, choice);
    this.root = element('div', {}, label, element('p', { class: 'hint' }, words.memberHint), this.#complaint, this.#place);
    this.#show(orders[0]);
  }

  dispose(): void {
    this.#list?.dispose();
    this.#rows?.dispose();
  }

  #show(order: MemberOrder): void {
    this.dispose();
    const { bridge, strings } = this.#context;
    const { clustering, cluster, manifest } = this.#target;
    const rows = new PagedRows<Member>(this.#card.size, {
      load: async (offset, limit, signal) => {
        const page = await bridge.request('members', { clustering, cluster, manifest, order, offset, limit }, signal);
        return page.rows.map((row, i) => ({ row, similarity: page.similarity?.[i] ?? null }));
      },
      onLoaded: (offset, end) => {
        this.#complaint.textContent = '';
        this.#list?.loaded(offset, end);
      },
      onFailed: (error) => {
        this.#complaint.textContent = messageOf(error);
      },
    });
    const open = (position: number): void => {
      const member = rows.get(position);
      if (member !== undefined) this.#onOpen(member.row.ordinal);
    };
    const list = new RowList({
      label: strings.card.members,
      count: this.#card.size,
      fill: (place, position) => this.#fill(place, rows.get(position)),
      want: (first, end) => rows.want(first, end),
      onChoose: () => undefined,
      onEnter: () => open(list.chosen),
    });
    list.root.addEventListener('click', () => open(list.chosen));
    this.#rows = rows;
    this.#list = list;
    this.#place.replaceChildren(list.root);
  }

  #fill(place: HTMLElement, member: Member | undefined): void {
    const { strings, say, short } = this.#context;
    const words = strings.card;
    place.classList.toggle('loading', member === undefined);
    if (member === undefined) {
      place.replaceChildren(element('span', { class: 'begin' }, words.loading));
      return;
    }
    const { row, similarity } = member;
    const head = element('span', { class: 'head' }, element('b', {}, say(words.ordinal, String(row.ordinal))));
    if (similarity !== null) head.append(element('span', { class: 'facts' }, say(words.memberSimilarity, short(similarity))));
    if (row.verdict !== undefined)
      head.append(element('span', { class: `verdict ${row.verdict}` }, row.verdict === 'kept' ? words.keptMember : words.droppedMember));
    place.replaceChildren(head, element('bdi', { class: 'begin' }, visibleLine(row.begin, textLimit) || words.noText));
  }
}
