import { type BarsView, type LiveView, type SelectionStrings, seriesRoles } from '../../src/protocol/selectionPage.ts';
import { element } from '../shared/element.ts';
import { fillText } from '../shared/fillText.ts';
import type { ThemeColors } from '../shared/theme.ts';
import { BarsChart } from './charts/barsChart.ts';
import { barLegend } from './legend.ts';
import type { FigureKind } from './perspectiveSection.ts';
import { walkPoints } from './pointWalker.ts';
import { LiveTable } from './tables.ts';
import { WhenSeen } from './whenSeen.ts';

interface LossOptions {
  readonly strings: SelectionStrings;
  readonly locale: string;
  readonly say: (text: string) => void;
}

/** Height of a chart of lying bars in px: room for three bars per category, and for the axis. */
const groupHeight = 44;
const axisHeight = 52;

/** Bars with their table. */
class BarsFigure {
  readonly root: HTMLElement;
  readonly #canvas = element('canvas', { role: 'img', tabindex: '0' });
  readonly #plot = element('div', { class: 'chart bars' }, this.#canvas);
  readonly #title = element('h3');
  readonly #more = element('p', { class: 'quiet' });
  readonly #table = new LiveTable({ scrolls: true });
  readonly #chart: BarsChart;
  readonly #seen: WhenSeen;
  #view: BarsView;

  constructor(view: BarsView, { strings, locale, say }: LossOptions) {
    this.#view = view;
    this.#chart = new BarsChart(this.#canvas, view, strings, locale);
    this.root = element('section', { class: 'figure' }, this.#title, this.#plot, this.#more, this.#table.root);
    const { format } = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
    walkPoints({
      canvas: this.#canvas,
      count: () => this.#view.bars.length,
      show: (position) => {
        const bar = this.#view.bars[position];
        if (bar === undefined) return;
        say(
          seriesRoles.map((role, i) => fillText(strings.barPoint, bar.label, strings.series[role], format(bar.values[i] ?? 0))).join('; '),
        );
        this.#chart.mark(position);
      },
    });
    this.#seen = new WhenSeen(this.root);
    this.#show(view);
  }

  update(view: BarsView): void {
    const isTaller = view.bars.length !== this.#view.bars.length;
    this.#view = view;
    if (isTaller) this.#size();
    this.#seen.run(() => {
      this.#show(view);
      this.#chart.update(view);
    });
  }

  setKind(kind: FigureKind): void {
    this.#plot.hidden = kind === 'tables';
    this.#table.root.hidden = kind !== 'tables';
    this.#more.hidden = kind === 'tables' || this.#view.more === null;
  }

  draw(theme: ThemeColors): void {
    this.#size();
    this.#chart.draw(theme);
  }

  dispose(): void {
    this.#chart.destroy();
  }

  #size(): void {
    this.#plot.style.height = `${this.#view.bars.length * groupHeight + axisHeight}px`;
  }

  #show(view: BarsView): void {
    this.#title.textContent = view.title;
    this.#canvas.setAttribute('aria-label', view.spoken);
    this.#more.textContent = view.more ?? '';
    this.#table.show(view.table);
  }
}

/** What is lost: entities, sources, lengths; beside each the random control. */
export class LossSection {
  readonly root: HTMLElement;
  readonly #options: LossOptions;
  readonly #lost = element('div', { class: 'lost' });
  readonly #figures = element('div', { class: 'bar-figures' });
  readonly #legend: HTMLElement;
  #lists: { readonly root: HTMLElement; readonly sentence: HTMLElement; readonly table: LiveTable }[] = [];
  #bars: BarsFigure[] = [];
  #kind: FigureKind = 'rank';
  #theme: ThemeColors | undefined;

  constructor(options: LossOptions) {
    this.#options = options;
    this.#legend = barLegend(options.strings);
    this.root = element(
      'section',
      { class: 'loss', 'aria-labelledby': 'title-loss' },
      element('h2', { id: 'title-loss' }, options.strings.lostTitle),
      this.#lost,
      this.#legend,
      this.#figures,
    );
  }

  update(live: LiveView): void {
    this.#updateLists(live);
    const views = [...(live.sources === null ? [] : [live.sources]), ...live.lengths];
    this.#legend.hidden = views.length === 0 || this.#kind === 'tables';
    if (views.length !== this.#bars.length) {
      for (const bars of this.#bars) bars.dispose();
      this.#bars = views.map((view) => new BarsFigure(view, this.#options));
      // Sources are many; the lengths stand beside them, one below the other.
      const [first, ...others] = this.#bars.map(({ root }) => root);
      this.#figures.replaceChildren(...(first === undefined ? [] : [first]), element('div', { class: 'stack' }, ...others));
      for (const bars of this.#bars) {
        bars.setKind(this.#kind);
        if (this.#theme !== undefined) bars.draw(this.#theme);
      }
    } else for (const [i, view] of views.entries()) this.#bars[i]?.update(view);
  }

  setKind(kind: FigureKind): void {
    this.#kind = kind;
    this.#legend.hidden = this.#bars.length === 0 || kind === 'tables';
    for (const bars of this.#bars) bars.setKind(kind);
  }

  draw(theme: ThemeColors): void {
    this.#theme = theme;
    for (const bars of this.#bars) bars.draw(theme);
  }

  #updateLists(live: LiveView): void {
    const { strings, locale } = this.#options;
    const { format } = new Intl.NumberFormat(locale);
    if (live.perspectives.length !== this.#lists.length) {
      this.#lists = live.perspectives.map(() => {
        const sentence = element('p');
        const table = new LiveTable({ scrolls: true });
        return { root: element('div', {}, sentence, table.root), sentence, table };
      });
      this.#lost.replaceChildren(...this.#lists.map(({ root }) => root));
    }
    for (const [i, view] of live.perspectives.entries()) {
      const list = this.#lists[i];
      if (list === undefined) continue;
      list.sentence.textContent = fillText(strings.controlOf, view.title, view.lostSentence);
      list.table.root.hidden = view.lost.length === 0;
      list.table.show({
        caption: fillText(strings.lostCaption, view.title, format(view.lost.length), format(view.lostCount)),
        columns: [strings.lostEntity, strings.lostFrequency],
        rows: view.lost.map(([entity, frequency]) => [entity, format(frequency)]),
      });
    }
  }
}
