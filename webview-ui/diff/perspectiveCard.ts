import type { Perspective } from '../../src/protocol/perspectives.ts';
import type { DiffPerspective, DistributionSummary } from '../../src/protocol/reports.ts';
import { element } from '../shared/element.ts';
import type { ThemeColors } from '../shared/theme.ts';
import { type CurveKind, type CurvePoint, type Curves, drawOverlay, type OverlayChart, pointText } from './overlayChart.ts';
import type { PageContext } from './pageContext.ts';
import { scrolling, table } from './table.ts';

export interface DrawnChart {
  readonly perspective: string;
  readonly points: readonly number[];
  readonly paintedPixels: number;
}

/** One perspective: both curves over one another, the measures of both, and the curves as a table. */
export class PerspectiveCard {
  readonly root: HTMLElement;
  readonly #perspective: Perspective;
  readonly #compared: DiffPerspective;
  readonly #context: PageContext;
  readonly #canvas = element('canvas', { role: 'img', tabindex: '0' });
  readonly #curves = element('div', { class: 'tables' });
  #kind: CurveKind = 'rank';
  #chart: OverlayChart | undefined;
  #position = -1;

  constructor(perspective: Perspective, compared: DiffPerspective, context: PageContext) {
    this.#perspective = perspective;
    this.#compared = compared;
    this.#context = context;
    const { shapes, perspectives } = context.strings;
    const id = `title-${perspective}`;
    const isEmpty = compared.before.entities + compared.after.entities === 0;
    const chart = element('div', { class: 'chart' }, isEmpty ? element('p', { class: 'hint' }, shapes.noEntities) : this.#canvas);
    this.#canvas.addEventListener('keydown', (event) => this.#move(event));
    this.root = element(
      'section',
      { class: 'card', 'aria-labelledby': id },
      element('h3', { id }, perspectives[perspective]),
      chart,
      this.#curves,
      measures(perspective, compared, context),
    );
    this.show('rank');
  }

  /** Shows the other kind of curves; `draw` must follow. */
  show(kind: CurveKind): void {
    const { strings, say, precise } = this.#context;
    const { before, after, entitiesLost, entitiesGained } = this.#compared;
    this.#kind = kind;
    this.#position = -1;
    const numbers = [before.entities, after.entities, precise(before.gini), precise(after.gini), entitiesLost, entitiesGained];
    const sentence = kind === 'rank' ? strings.shapes.spokenRank : strings.shapes.spokenLorenz;
    this.#canvas.setAttribute('aria-label', say(sentence, strings.perspectives[this.#perspective], ...numbers));
    this.#curves.replaceChildren(scrolling(curveTable(this.#perspective, kind, this.#points, this.#context)));
  }

  draw(theme: ThemeColors): void {
    this.#chart?.destroy();
    this.#chart = this.#canvas.isConnected ? drawOverlay(this.#canvas, this.#kind, this.#points, this.#context, theme) : undefined;
  }

  /** What is really on the canvas, for the host's acknowledgement. */
  drawn(): DrawnChart {
    const { a, b } = this.#points;
    return { perspective: this.#perspective, points: [a.length, b.length], paintedPixels: paintedPixels(this.#canvas) };
  }

  dispose(): void {
    this.#chart?.destroy();
  }

  get #points(): Curves {
    const { before, after } = this.#compared;
    return { a: pointsOf(before, this.#kind), b: pointsOf(after, this.#kind) };
  }

  /** Arrow keys walk along the curve of A, or of B where A has none; each point is announced with what the other has there. */
  #move(event: KeyboardEvent): void {
    const { a, b } = this.#points;
    const walked = a.length > 0 ? a : b;
    const last = walked.length - 1;
    const steps: Readonly<Record<string, number>> = { ArrowRight: this.#position + 1, ArrowLeft: this.#position - 1, Home: 0, End: last };
    const wanted = steps[event.key];
    if (wanted === undefined || last < 0) return;
    event.preventDefault();
    this.#position = Math.min(last, Math.max(0, wanted));
    const x = walked[this.#position]?.[0] ?? 0;
    const { header } = this.#context.strings;
    const active: { datasetIndex: number; index: number }[] = [];
    const spoken: string[] = [];
    for (const [datasetIndex, [name, points]] of [[header.a, a] as const, [header.b, b] as const].entries()) {
      const index = points.findIndex((point) => point[0] >= x);
      const point = points[index];
      if (point === undefined) continue;
      active.push({ datasetIndex, index });
      spoken.push(pointText(this.#kind, name, point, this.#context));
    }
    this.#context.announce(spoken.join('; '));
    this.#chart?.setActiveElements(active);
    this.#chart?.tooltip?.setActiveElements(active, { x: 0, y: 0 });
    this.#chart?.update();
  }
}

/** Ranks of the wire are 0-based; a logarithmic axis starts at 1. */
function pointsOf({ curve, lorenz }: DistributionSummary, kind: CurveKind): readonly CurvePoint[] {
  return kind === 'rank' ? curve.map(({ rank, frequency }) => [rank + 1, frequency] as const) : (lorenz ?? []);
}

function measures(perspective: Perspective, compared: DiffPerspective, context: PageContext): HTMLElement {
  const { before, after, tau, entitiesLost, entitiesGained } = compared;
  const { strings, say, n, precise, percent, change, difference, shareDifference } = context;
  const { shapes, header, perspectives } = strings;
  const made = table({
    caption: say(shapes.measuresCaption, perspectives[perspective]),
    hidesCaption: true,
    columns: [shapes.measure, header.a, header.b, shapes.change],
    rows: [
      [shapes.entities, n(before.entities), n(after.entities), change(before.entities, after.entities)],
      [shapes.lost, n(entitiesLost), '', ''],
      [shapes.gained, '', n(entitiesGained), ''],
      [shapes.occurrences, n(before.postings), n(after.postings), change(before.postings, after.postings)],
      [shapes.gini, precise(before.gini), precise(after.gini), difference(before.gini, after.gini)],
      [shapes.entropy, precise(before.entropy), precise(after.entropy), difference(before.entropy, after.entropy)],
      [
        shapes.tailEntities,
        percent(before.tailEntityShare),
        percent(after.tailEntityShare),
        shareDifference(before.tailEntityShare, after.tailEntityShare),
      ],
      [
        shapes.tailOccurrences,
        percent(before.tailMassShare),
        percent(after.tailMassShare),
        shareDifference(before.tailMassShare, after.tailMassShare),
      ],
    ],
  });
  return element('div', {}, made, ...(tau === null ? [] : [element('p', { class: 'hint' }, say(shapes.tailHint, tau))]));
}

/** One row per place that either curve has; a curve without that place leaves its cell empty. */
function curveTable(perspective: Perspective, kind: CurveKind, { a, b }: Curves, context: PageContext): HTMLTableElement {
  const { strings, say, n, percent } = context;
  const { shapes, header, perspectives } = strings;
  const [inA, inB] = [new Map(a), new Map(b)];
  const places = [...new Set([...inA.keys(), ...inB.keys()])].sort((x, y) => x - y);
  const write = kind === 'rank' ? n : percent;
  const cell = (value: number | undefined): string => (value === undefined ? '' : write(value));
  return table({
    caption: say(kind === 'rank' ? shapes.curveCaption : shapes.lorenzCaption, perspectives[perspective]),
    columns: [kind === 'rank' ? shapes.rank : shapes.entityShare, header.a, header.b],
    rows: places.map((x) => [write(x), cell(inA.get(x)), cell(inB.get(x))]),
  });
}

function paintedPixels(canvas: HTMLCanvasElement): number {
  if (canvas.width === 0 || canvas.height === 0) return 0;
  const pixels = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data;
  if (pixels === undefined) return 0;
  let painted = 0;
  for (let i = 3; i < pixels.length; i += 4) if (pixels[i] !== 0) painted++;
  return painted;
}
