import type { CoresetStrings, CoresetViewKind, CoverageOf, DrawnCoreset, FrontierView } from '../../src/protocol/coresetPage.ts';
import type { TableView } from '../../src/protocol/pageParts.ts';
import { paintedPixels } from '../shared/canvas.ts';
import { element } from '../shared/element.ts';
import { labelled } from '../shared/fields/field.ts';
import { select } from '../shared/fields/formParts.ts';
import { fillText } from '../shared/fillText.ts';
import { LiveTable } from '../shared/liveTable.ts';
import { walkPoints } from '../shared/pointWalker.ts';
import { radioGroup } from '../shared/radioGroup.ts';
import type { ThemeColors } from '../shared/theme.ts';
import { FrontierChart, pointsOf } from './frontierChart.ts';
import { frontierLegend } from './legend.ts';

export interface FrontierSectionOptions {
  readonly strings: CoresetStrings;
  readonly locale: string;
  readonly theme: ThemeColors;
  readonly view: CoresetViewKind;
  readonly coverage: CoverageOf;
  readonly onLook: (look: { readonly view?: CoresetViewKind; readonly coverage?: CoverageOf }) => void;
  /** Says something to screen readers. */
  readonly say: (text: string) => void;
}

/** Coverage by size, for every strategy: a chart, or a table of the same numbers. */
export class FrontierSection {
  readonly root: HTMLElement;
  readonly #options: FrontierSectionOptions;
  readonly #canvas = element('canvas', { role: 'img', tabindex: '0' });
  readonly #plot = element('div', { class: 'chart tall' }, this.#canvas);
  readonly #legend = element('div', {});
  readonly #hint: HTMLElement;
  readonly #table = new LiveTable({ scrolls: true });
  readonly #unreachable = element('ul', { class: 'quiet', hidden: '' });
  readonly #coverageSelect: HTMLSelectElement;
  readonly #views: HTMLElement;
  readonly #chart: FrontierChart;
  readonly #percent: (share: number) => string;
  #theme: ThemeColors;
  #view: CoresetViewKind;
  /** What the user wants to see; shown where it is known. */
  #wanted: CoverageOf;
  #frontier: FrontierView | null = null;
  #chosen: number | null = null;

  constructor(options: FrontierSectionOptions) {
    this.#options = options;
    this.#theme = options.theme;
    this.#view = options.view;
    this.#wanted = options.coverage;
    const { strings, locale } = options;
    const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 });
    this.#percent = (share) => percent.format(share);
    this.#chart = new FrontierChart(this.#canvas, {
      shareAxis: strings.shareAxis,
      chosenSize: strings.chosenSize,
      point: strings.point,
      percent: this.#percent,
    });
    this.#coverageSelect = select([]);
    this.#coverageSelect.addEventListener('change', () => {
      this.#wanted = this.#coverageSelect.value as CoverageOf;
      options.onLook({ coverage: this.#wanted });
      this.#show();
    });
    this.#views = viewSwitch(strings, this.#view, (view) => this.setView(view));
    this.#hint = element('p', { class: 'quiet' }, strings.chartHint);
    const bar = element('div', { class: 'looks' }, labelled({ label: strings.coverageOf, help: '' }, this.#coverageSelect), this.#views);
    this.root = element(
      'section',
      { class: 'frontier', 'aria-labelledby': 'frontier-title', hidden: '' },
      element('h2', { id: 'frontier-title' }, strings.frontier),
      bar,
      this.#legend,
      this.#plot,
      this.#hint,
      this.#table.root,
      this.#unreachable,
    );
    walkPoints({ canvas: this.#canvas, count: () => this.#fractions().length, show: (at) => this.#walk(at) });
  }

  show(frontier: FrontierView): void {
    this.#frontier = frontier;
    this.root.hidden = false;
    this.#coverageSelect.replaceChildren(...frontier.coverages.map(({ of, title }) => element('option', { value: of }, title)));
    this.#unreachable.replaceChildren(...frontier.unreachable.map((sentence) => element('li', {}, sentence)));
    this.#unreachable.hidden = frontier.unreachable.length === 0;
    this.#show();
  }

  setChosen(share: number | null): void {
    this.#chosen = share;
    this.#chart.setChosen(share);
  }

  setView(view: CoresetViewKind): void {
    this.#view = view;
    const box = this.#views.querySelector<HTMLInputElement>(`[value=${view}]`);
    if (box !== null) box.checked = true;
    this.#options.onLook({ view });
    this.#show();
  }

  toggleTable(): void {
    this.setView(this.#view === 'table' ? 'chart' : 'table');
  }

  /** Draws in the colours of a theme. */
  draw(theme: ThemeColors): void {
    this.#theme = theme;
    this.#show();
  }

  drawn(): Pick<DrawnCoreset, 'view' | 'points' | 'paintedPixels'> {
    const of = this.#coverage();
    const points = of === undefined ? [] : (this.#frontier?.lines ?? []).map((line) => pointsOf(line, of).length);
    return { view: this.#view, points, paintedPixels: this.#view === 'chart' && points.length > 0 ? paintedPixels(this.#canvas) : 0 };
  }

  #coverage(): CoverageOf | undefined {
    const known = this.#frontier?.coverages.map(({ of }) => of) ?? [];
    return known.includes(this.#wanted) ? this.#wanted : known[0];
  }

  #show(): void {
    const frontier = this.#frontier;
    const of = this.#coverage();
    const { strings } = this.#options;
    const isTable = this.#view === 'table';
    this.#plot.hidden = isTable;
    this.#legend.hidden = isTable;
    this.#hint.hidden = isTable;
    this.#table.root.hidden = !isTable;
    if (frontier === null || of === undefined) return;
    this.#coverageSelect.value = of;
    this.#canvas.setAttribute('aria-label', frontier.spoken[of] ?? '');
    if (isTable) {
      this.#table.show(this.#tableOf(frontier, of));
      return;
    }
    this.#legend.replaceChildren(frontierLegend(frontier.lines, strings.legend, this.#theme));
    const axis = frontier.coverages.find((one) => one.of === of)?.axis ?? '';
    this.#chart.draw({ lines: frontier.lines, coverage: of, axis, chosen: this.#chosen }, this.#theme);
  }

  #tableOf({ lines, coverages }: FrontierView, of: CoverageOf): TableView {
    const { strings } = this.#options;
    return {
      caption: fillText(strings.frontierCaption, coverages.find((one) => one.of === of)?.title ?? ''),
      columns: [strings.shareAxis, ...lines.map(({ label }) => label)],
      rows: this.#fractions().map((fraction) => [
        this.#percent(fraction),
        ...lines.map(({ points }) => {
          const covered = points.find((point) => point.fraction === fraction)?.covered[of];
          return covered === undefined ? strings.unreachableCell : this.#percent(covered);
        }),
      ]),
    };
  }

  #fractions(): readonly number[] {
    const all = (this.#frontier?.lines ?? []).flatMap(({ points }) => points.map(({ fraction }) => fraction));
    return [...new Set(all)].sort((a, b) => a - b);
  }

  /** One size, with what every strategy covers there. */
  #walk(position: number): void {
    const of = this.#coverage();
    const fraction = this.#fractions()[position];
    if (this.#frontier === null || of === undefined || fraction === undefined) return;
    const { lines } = this.#frontier;
    const { strings, say } = this.#options;
    say(
      lines
        .flatMap((line) => {
          const point = pointsOf(line, of).find(({ x }) => x === fraction);
          return point === undefined ? [] : [fillText(strings.point, line.label, this.#percent(point.x), this.#percent(point.y))];
        })
        .join('; '),
    );
    this.#chart.mark(lines.map((line) => pointsOf(line, of).findIndex(({ x }) => x === fraction)));
  }
}

function viewSwitch(strings: CoresetStrings, view: CoresetViewKind, onChoose: (view: CoresetViewKind) => void): HTMLElement {
  const choices = [
    { value: 'chart' as const, label: [strings.chart] },
    { value: 'table' as const, label: [strings.table] },
  ];
  const group = radioGroup({ label: strings.frontier, choices, value: view, onChoose });
  group.querySelector('[value=table]')?.setAttribute('aria-keyshortcuts', 'T');
  return group;
}
