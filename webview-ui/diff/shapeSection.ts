import type { SourceCount } from '../../src/protocol/diff.ts';
import { perspectives } from '../../src/protocol/perspectives.ts';
import type { DiffReport } from '../../src/protocol/reports.ts';
import { element } from '../shared/element.ts';
import { readTheme } from '../shared/theme.ts';
import { visibleLine } from '../shared/unseen.ts';
import { type CurveKind, curveKinds } from './overlayChart.ts';
import type { PageContext } from './pageContext.ts';
import { type DrawnChart, PerspectiveCard } from './perspectiveCard.ts';
import { radioGroup } from './radioGroup.ts';
import { table } from './table.ts';

const svgNamespace = 'http://www.w3.org/2000/svg';
const folderLimit = 60;

/** The distributions of all perspectives, lengths and sources. */
export class ShapeSection {
  readonly root: HTMLElement;
  readonly #cards: readonly PerspectiveCard[];
  readonly #onDrawn: () => void;
  readonly #legend: HTMLElement;
  readonly #context: PageContext;

  /** @param onDrawn the charts have their pixels */
  constructor(report: DiffReport, context: PageContext, onDrawn: () => void) {
    this.#context = context;
    this.#onDrawn = onDrawn;
    const { shapes } = context.strings;
    this.#cards = perspectives.flatMap((perspective) => {
      const compared = report.perspectives[perspective];
      return compared === undefined ? [] : [new PerspectiveCard(perspective, compared, context)];
    });
    const labels = { rank: shapes.rankCurves, lorenz: shapes.lorenzCurves };
    const kinds = radioGroup({
      label: shapes.curves,
      choices: curveKinds.map((kind) => ({ value: kind, label: [labels[kind]] })),
      value: 'rank',
      onChoose: (kind) => this.#show(kind),
    });
    this.#legend = element('ul', { class: 'legend', 'aria-label': shapes.legend });
    this.#fillLegend('rank');
    this.root = element(
      'section',
      { 'aria-labelledby': 'title-shapes' },
      element('div', { class: 'section-head' }, element('h2', { id: 'title-shapes' }, shapes.distributions), kinds, this.#legend),
      element('div', { class: 'cards' }, ...this.#cards.map(({ root }) => root)),
      element('p', { class: 'hint chart-hint' }, shapes.chartHint),
      element('div', { class: 'pair-of-tables' }, lengths(report, context), sources(report, context)),
    );
  }

  draw(): void {
    const theme = readTheme();
    for (const card of this.#cards) card.draw(theme);
    // Two frames later the canvases have their size and their pixels.
    requestAnimationFrame(() => requestAnimationFrame(this.#onDrawn));
  }

  drawn(): readonly DrawnChart[] {
    return this.#cards.map((card) => card.drawn());
  }

  dispose(): void {
    for (const card of this.#cards) card.dispose();
  }

  #show(kind: CurveKind): void {
    for (const card of this.#cards) card.show(kind);
    this.#fillLegend(kind);
    this.draw();
  }

  /** Each entry shows the line as the charts draw it. */
  #fillLegend(kind: CurveKind): void {
    const { header, shapes } = this.#context.strings;
    const { a, b } = this.#context.content;
    const entries = [
      legendEntry('line-a', header.a, a.name),
      legendEntry('line-b', header.b, b.name),
      ...(kind === 'lorenz' ? [legendEntry('line-equal', shapes.equality)] : []),
    ];
    this.#legend.replaceChildren(...entries);
  }
}

function legendEntry(style: string, label: string, name?: string): HTMLElement {
  const svg = document.createElementNS(svgNamespace, 'svg');
  for (const [attribute, value] of Object.entries({ viewBox: '0 0 36 12', width: '36', height: '12', 'aria-hidden': 'true', class: style }))
    svg.setAttribute(attribute, value);
  svg.append(shape('path', { d: 'M1 6H35' }));
  if (style === 'line-b') svg.append(shape('circle', { cx: '18', cy: '6', r: '3' }));
  const entry = element('li', {}, svg, element('span', {}, label));
  if (name !== undefined) entry.append(element('bdi', { class: 'facts' }, visibleLine(name, folderLimit)));
  return entry;
}

function shape(tag: string, attributes: Readonly<Record<string, string>>): SVGElement {
  const made = document.createElementNS(svgNamespace, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

function lengths({ lengths: { a, b } }: DiffReport, { strings, n, change }: PageContext): HTMLElement {
  const { shapes, header } = strings;
  const row = (label: string, from: number, to: number): readonly string[] => [label, n(from), n(to), change(from, to)];
  const made = table({
    caption: shapes.lengths,
    hidesCaption: true,
    columns: [shapes.measure, header.a, header.b, shapes.change],
    rows: [
      row(shapes.meanTurns, a.meanTurns, b.meanTurns),
      row(shapes.medianTurns, a.medianTurns, b.medianTurns),
      row(shapes.meanBytes, a.meanBytes, b.meanBytes),
      row(shapes.medianBytes, a.medianBytes, b.medianBytes),
    ],
  });
  return element('div', { class: 'lengths' }, element('h2', {}, shapes.lengths), made);
}

function sources({ sources: all, moreSources }: DiffReport, { strings, say, n, change }: PageContext): HTMLElement {
  const { shapes, header } = strings;
  const name = ({ kind, folder }: SourceCount): string | Node =>
    kind === 'folder' ? element('bdi', {}, visibleLine(folder, folderLimit)) : shapes.sourceKinds[kind];
  const made = table({
    caption: shapes.sources,
    hidesCaption: true,
    columns: [shapes.source, header.a, header.b, shapes.change],
    rows: all.map((source) => [name(source), n(source.a), n(source.b), change(source.a, source.b)]),
  });
  const more = moreSources > 0 ? [element('p', { class: 'hint' }, say(shapes.moreSources, moreSources))] : [];
  const place = element('div', { class: 'scroll short', tabindex: '0', role: 'region', 'aria-label': shapes.sources }, made);
  return element('div', { class: 'sources' }, element('h2', {}, shapes.sources), place, ...more);
}
