import type { ClusterCard, RelatedCluster } from '../../src/protocol/clusters.ts';
import { perspectives } from '../../src/protocol/perspectives.ts';
import { iconButton, section, textButton } from '../shared/controls.ts';
import { element } from '../shared/element.ts';
import { HostFailure } from '../shared/hostBridge.ts';
import { messageOf } from '../shared/problems.ts';
import { visibleLine } from '../shared/unseen.ts';
import { MedoidList } from './medoidList.ts';
import { MembersList } from './membersList.ts';
import type { PageContext } from './pageContext.ts';

const nameLimit = 80;

export interface CardActions {
  readonly onChoose: (cluster: number) => void;
  readonly onClose: () => void;
  readonly onMap: (cluster: number) => void;
  readonly onBrowse: (cluster: number) => void;
  readonly onOpenInstance: (ordinal: number) => void;
  readonly onLoaded: () => void;
}

/** What is asked for: a cluster of a clustering, and whose kept instances are told. */
export interface CardTarget {
  readonly clustering: string;
  readonly cluster: number;
  readonly manifest: string | null;
  /** Clusters of the clustering. */
  readonly of: number;
}

/** The card of one cluster beside the charts. */
export class CardPane {
  readonly root: HTMLElement;
  readonly #context: PageContext;
  readonly #actions: CardActions;
  readonly #body = element('div', { class: 'card-body' });
  #work: AbortController | undefined;
  #members: MembersList | undefined;
  #target: CardTarget | undefined;
  #shown: number | null = null;

  constructor(context: PageContext, actions: CardActions) {
    this.#context = context;
    this.#actions = actions;
    const { label } = context.strings.card;
    this.root = element('aside', { class: 'card', 'aria-label': label, tabindex: '-1' }, this.#body);
    this.close();
  }

  /** The cluster whose card is shown and loaded; null otherwise. */
  get shown(): number | null {
    return this.#shown;
  }

  /** The cluster that was asked for; null for none. */
  get cluster(): number | null {
    return this.#target?.cluster ?? null;
  }

  close(): void {
    this.#stop();
    this.#target = undefined;
    this.root.setAttribute('aria-busy', 'false');
    this.#body.replaceChildren(element('p', { class: 'hint' }, this.#context.strings.card.choose));
  }

  async show(target: CardTarget): Promise<void> {
    this.#stop();
    this.#target = target;
    const { bridge, strings, say, announce } = this.#context;
    const work = new AbortController();
    this.#work = work;
    const name = say(strings.charts.cluster, String(target.cluster));
    this.root.setAttribute('aria-busy', 'true');
    this.#body.replaceChildren(this.#head(name), element('p', { class: 'hint' }, strings.card.loading));
    try {
      const { clustering, cluster, manifest } = target;
      const card = await bridge.request('card', { clustering, cluster, manifest }, work.signal);
      if (work !== this.#work) return;
      this.#fill(card, target, work.signal);
      this.#shown = cluster;
      announce(say(strings.charts.spoken, name, describing(card, this.#context), card.size));
      this.#actions.onLoaded();
    } catch (error: unknown) {
      if (work !== this.#work || (error instanceof HostFailure && error.cancelled)) return;
      const message = messageOf(error);
      const again = textButton(strings.frame.tryAgain, () => void this.show(target));
      this.#body.replaceChildren(this.#head(name), element('p', { class: 'complaint', role: 'alert' }, message), again);
    } finally {
      if (work === this.#work) this.root.setAttribute('aria-busy', 'false');
    }
  }

  focus(): void {
    this.root.focus();
  }

  dispose(): void {
    this.#stop();
  }

  #stop(): void {
    this.#work?.abort();
    this.#work = undefined;
    this.#members?.dispose();
    this.#members = undefined;
    this.#shown = null;
  }

  #head(name: string): HTMLElement {
    const { card } = this.#context.strings;
    return element('div', { class: 'card-head' }, element('h2', {}, name), iconButton('close', card.close, this.#actions.onClose));
  }

  #fill(card: ClusterCard, target: CardTarget, signal: AbortSignal): void {
    const { strings, say } = this.#context;
    const words = strings.card;
    const name = say(strings.charts.cluster, String(card.cluster));
    const buttons = element(
      'div',
      { class: 'actions' },
      textButton(words.browse, () => this.#actions.onBrowse(card.cluster), 'primary'),
      textButton(words.showOnMap, () => this.#actions.onMap(card.cluster)),
    );
    const parts: Node[] = [
      this.#head(name),
      element('p', { class: 'describing' }, element('bdi', {}, describing(card, this.#context))),
      buttons,
      this.#numbers(card, target),
    ];
    if (card.run !== undefined) parts.push(this.#run(card));
    if (card.medoids.length > 0) {
      const medoids = new MedoidList(card.medoids, this.#context, this.#actions.onOpenInstance, signal);
      parts.push(section('medoids', words.medoids, element('p', { class: 'hint' }, words.medoidsHint), medoids.root));
    }
    parts.push(this.#entities(card));
    if (card.related.length > 0) {
      const rows = card.related.map((related) => this.#related(related));
      parts.push(section('related', words.related, element('ul', { class: 'related-list' }, ...rows)));
    }
    if (card.sources.length > 0) parts.push(this.#sources(card));
    this.#members = new MembersList(card, target, this.#context, this.#actions.onOpenInstance);
    parts.push(section('members', words.members, this.#members.root));
    this.#body.replaceChildren(...parts);
    this.root.scrollTop = 0;
  }

  #numbers(card: ClusterCard, { of }: CardTarget): HTMLElement {
    const { strings, say, n, short } = this.#context;
    const { card: words, columns } = strings;
    const list = element('dl', { class: 'numbers' });
    const row = (title: string, value: string, rank: number | null): void => {
      const place = rank === null ? [] : [element('span', { class: 'facts' }, say(words.rank, rank, of))];
      list.append(element('dt', {}, title), element('dd', {}, element('b', {}, value), ' ', ...place));
    };
    const maybe = (value: number | null): string => (value === null ? words.unknown : short(value));
    row(columns.size, n(card.size), card.rank.size);
    row(columns.transferability, maybe(card.transferability), card.rank.transferability);
    row(columns.density, maybe(card.density), card.rank.density);
    row(columns.score, maybe(card.score), card.rank.score);
    row(words.similarity, maybe(card.similarity), null);
    return section('numbers-part', words.numbers, list);
  }

  #run({ run, size }: ClusterCard): HTMLElement {
    const { strings, say, n, percent } = this.#context;
    const words = strings.card;
    const lines = run === undefined ? [] : [say(words.kept, n(run.kept), n(size), percent(run.kept / (size || 1)))];
    if (run?.quota !== undefined) lines.push(say(words.quota, n(run.quota.want), n(run.quota.take), n(run.quota.turn + 1)));
    return section('run', words.run, ...lines.map((line) => element('p', {}, line)));
  }

  #entities(card: ClusterCard): HTMLElement {
    const { strings, say, n, short, percent } = this.#context;
    const words = strings.card;
    if (card.entities === undefined) return section('entities', words.entities, element('p', { class: 'hint' }, words.notExtracted));
    const groups = perspectives.flatMap((perspective) => {
      const found = card.entities?.[perspective] ?? [];
      if (found.length === 0) return [];
      const share = card.tailShare?.[perspective];
      const title = strings.perspectives[perspective];
      const chips = found.map(({ entity, lift, instances }) => {
        const name = visibleLine(entity, nameLimit);
        const spoken = say(words.entity, name, short(lift), n(instances));
        const number = element('span', { class: 'lift-number' }, say(strings.lift.lift, short(lift)));
        return element('li', { title: spoken }, element('bdi', {}, name), ' ', number);
      });
      const heading = share === undefined ? title : say(words.tailShare, title, percent(share));
      return [element('h4', {}, heading), element('ul', { class: 'chips' }, ...chips)];
    });
    return section('entities', words.entities, ...(groups.length > 0 ? groups : [element('p', { class: 'hint' }, words.noEntities)]));
  }

  #related({ cluster, similarity, size, entities }: RelatedCluster): HTMLElement {
    const { strings, say, n, short } = this.#context;
    const name = say(strings.charts.cluster, String(cluster));
    const button = textButton(name, () => this.#actions.onChoose(cluster), 'link');
    const facts = say(strings.card.relatedFacts, short(similarity), n(size));
    const about = entities.map((entity) => visibleLine(entity, nameLimit)).join(', ');
    return element('li', {}, button, element('span', { class: 'facts' }, facts), element('bdi', { class: 'about' }, about));
  }

  #sources({ sources, moreSources }: ClusterCard): HTMLElement {
    const { strings, say, n } = this.#context;
    const words = strings.card;
    const rows = sources.map(({ kind, folder, instances }) => {
      const name = kind === 'folder' ? visibleLine(folder, nameLimit) : words.sourceKinds[kind];
      return element('li', {}, element('bdi', {}, say(words.source, name, n(instances))));
    });
    const more = moreSources === 0 ? [] : [element('p', { class: 'hint' }, say(words.moreSources, n(moreSources)))];
    return section('sources', words.sources, element('ul', { class: 'sources-list' }, ...rows), ...more);
  }
}

/** The entities that describe the cluster best, over all perspectives. */
function describing(card: ClusterCard, { strings }: PageContext): string {
  if (card.entities === undefined) return strings.charts.entitiesUnknown;
  const all = perspectives.flatMap((perspective) => card.entities?.[perspective] ?? []);
  const best = [...all].sort((a, b) => b.lift - a.lift || b.instances - a.instances).slice(0, 4);
  const names = [...new Set(best.map(({ entity }) => visibleLine(entity, nameLimit)))];
  return names.length === 0 ? strings.charts.noEntities : names.join(', ');
}
