import { element } from '../shared/element.ts';
import { readTheme } from '../shared/theme.ts';
import { classFills, ofClass } from './classFills.ts';
import type { Colouring } from './colourings.ts';
import { type Outcome, paintMark } from './marks.ts';
import type { PageContext } from './pageContext.ts';
import { evenDash } from './plots.ts';

const swatch = { width: 30, height: 14 } as const;

/** What the fills mean, drawn with the very textures of the chart. */
export function classLegend(colouring: Colouring, { strings, say }: PageContext): HTMLElement {
  const entries = colouring.ranges.map(({ low, high }, i) => {
    const text = low === high ? colouring.write(low) : say(strings.charts.range, colouring.write(low), colouring.write(high));
    return entry((context) => {
      context.fillStyle = ofClass(classFills(context, readTheme()), i);
      context.fillRect(0.5, 0.5, swatch.width - 1, swatch.height - 1);
      context.strokeRect(0.5, 0.5, swatch.width - 1, swatch.height - 1);
    }, text);
  });
  return element(
    'ul',
    { class: 'legend', 'aria-label': strings.charts.legend },
    element('li', { class: 'of' }, colouring.title),
    ...entries,
  );
}

/** What the shapes mean: what a run did with a cluster. */
export function outcomeLegend(area: string, { strings }: PageContext, hasRun: boolean): HTMLElement {
  const { charts } = strings;
  const mark = (outcome: Outcome, text: string): HTMLElement =>
    entry((context) => {
      context.fillStyle = readTheme().before;
      paintMark(context, outcome, swatch.width / 2, swatch.height / 2, 5);
    }, text);
  const entries = hasRun ? [mark('some', charts.some), mark('whole', charts.whole), mark('none', charts.none)] : [];
  return element('ul', { class: 'legend', 'aria-label': charts.legend }, element('li', { class: 'of' }, area), ...entries);
}

/** The lines of the quota chart. */
export function lineLegend(keptOfAll: number, { strings, say, percent }: PageContext): HTMLElement {
  const { charts } = strings;
  const line = (dash: readonly number[], text: string): HTMLElement =>
    entry((context) => {
      context.lineWidth = 1.5;
      context.setLineDash([...dash]);
      context.beginPath();
      context.moveTo(0, swatch.height / 2);
      context.lineTo(swatch.width, swatch.height / 2);
      context.stroke();
    }, text);
  const entries = [line([], charts.wholeLine), line(evenDash, say(charts.evenLine, percent(keptOfAll)))];
  return element('ul', { class: 'legend', 'aria-label': charts.legend }, ...entries);
}

/** Kept instances are filled, others rings. */
export function instanceLegend({ strings }: PageContext, hasRun: boolean): HTMLElement | undefined {
  if (!hasRun) return undefined;
  const { charts } = strings;
  const dot = (isKept: boolean, text: string): HTMLElement =>
    entry((context) => {
      context.fillStyle = readTheme().before;
      context.beginPath();
      context.arc(swatch.width / 2, swatch.height / 2, 4.5, 0, 2 * Math.PI);
      if (isKept) context.fill();
      context.stroke();
    }, text);
  const entries = [dot(true, charts.keptInstance), dot(false, charts.droppedInstance)];
  return element('ul', { class: 'legend', 'aria-label': charts.legend }, ...entries);
}

function entry(paint: (context: CanvasRenderingContext2D) => void, text: string): HTMLElement {
  const canvas = element('canvas', { 'aria-hidden': 'true', class: 'swatch' });
  const ratio = window.devicePixelRatio || 1;
  canvas.width = swatch.width * ratio;
  canvas.height = swatch.height * ratio;
  const context = canvas.getContext('2d');
  if (context !== null) {
    context.scale(ratio, ratio);
    context.strokeStyle = readTheme().foreground;
    paint(context);
  }
  return element('li', {}, canvas, text);
}
