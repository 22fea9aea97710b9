import type { FrontierLineView } from '../../src/protocol/coresetPage.ts';
import { element } from '../shared/element.ts';
import type { ThemeColors } from '../shared/theme.ts';
import { type Mark, markOf } from './marks.ts';

const svgNamespace = 'http://www.w3.org/2000/svg';

/** Each entry shows the line and the point as the chart draws them. */
export function frontierLegend(lines: readonly FrontierLineView[], label: string, theme: ThemeColors): HTMLElement {
  const entries = lines.map(({ strategy, label: name }) => element('li', {}, sample(markOf(strategy), theme), name));
  return element('ul', { class: 'legend', 'aria-label': label }, ...entries);
}

function sample(mark: Mark, theme: ThemeColors): SVGElement {
  const color = mark.color(theme);
  const line = shape('path', { d: 'M1 7H41', stroke: color, 'stroke-width': String(mark.width), 'stroke-dasharray': mark.dash.join(' ') });
  const point = shape('path', { d: outlines[mark.point], stroke: color, 'stroke-width': '1.5', fill: theme.background });
  return shape('svg', { viewBox: '0 0 42 14', width: '42', height: '14', 'aria-hidden': 'true' }, line, point);
}

const outlines: Readonly<Record<Mark['point'], string>> = {
  circle: 'M17 7a4 4 0 1 0 8 0a4 4 0 1 0-8 0z',
  triangle: 'M21 2.5L25 10.5H17z',
  rect: 'M17.5 3.5h7v7h-7z',
  rectRot: 'M21 2.5L25.5 7L21 11.5L16.5 7z',
  cross: 'M21 3v8M17 7h8',
  crossRot: 'M18 4l6 6M18 10l6-6',
  star: 'M21 3v8M17 7h8M18 4l6 6M18 10l6-6',
};

function shape(tag: string, attributes: Readonly<Record<string, string>>, ...children: readonly SVGElement[]): SVGElement {
  const made = document.createElementNS(svgNamespace, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}
