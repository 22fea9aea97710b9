import { type SelectionStrings, type SeriesRole, seriesRoles } from '../../src/protocol/selectionPage.ts';
import { element } from '../shared/element.ts';

const svgNamespace = 'http://www.w3.org/2000/svg';

/** One legend for all curves of a kind: each entry shows the line as the charts draw it. */
export function curveLegend(kind: 'rank' | 'lorenz', strings: SelectionStrings, hasScaled: boolean): HTMLElement {
  const { series } = strings;
  const entries: HTMLElement[] = [];
  if (kind === 'rank')
    entries.push(
      entry('before', `${series.before}, ${strings.head}`, line()),
      entry('before tail', `${series.before}, ${strings.tail}`, line()),
    );
  else entries.push(entry('before', series.before, line()));
  entries.push(entry('after', series.after, line(), marker('after')), entry('control', series.control, line(), marker('control')));
  if (kind === 'rank') {
    entries.push(entry('tau', strings.tauLegend, line()));
    if (hasScaled) entries.push(entry('tau scaled', strings.scaledLegend, line()));
  } else entries.push(entry('equality', strings.equality, line()));
  return element('ul', { class: 'legend', 'aria-label': strings.legend }, ...entries);
}

/** The legend of the bars: their colour and texture. */
export function barLegend(strings: SelectionStrings): HTMLElement {
  const entries = seriesRoles.map((role) => entry(`bar ${role}`, strings.series[role], ...swatch(role)));
  return element('ul', { class: 'legend', 'aria-label': strings.legend }, ...entries);
}

function entry(style: string, label: string, ...shapes: readonly SVGElement[]): HTMLElement {
  const svg = shape('svg', { viewBox: '0 0 36 12', width: '36', height: '12', 'aria-hidden': 'true', class: style }, ...shapes);
  return element('li', {}, svg, label);
}

function line(): SVGElement {
  return shape('path', { d: 'M1 6H35' });
}

function marker(role: 'after' | 'control'): SVGElement {
  return role === 'after' ? shape('circle', { cx: '18', cy: '6', r: '3' }) : shape('path', { d: 'M18 2L22 9H14Z', class: 'filled' });
}

function swatch(role: SeriesRole): readonly SVGElement[] {
  const frame = shape('rect', { x: '1', y: '1', width: '34', height: '10' });
  if (role === 'before') return [frame];
  if (role === 'after') return [frame, shape('path', { d: 'M1 11L11 1M8 11L18 1M15 11L25 1M22 11L32 1M29 11L35 5', class: 'texture' })];
  const dots = [5, 11, 17, 23, 29].map((x, i) =>
    shape('circle', { cx: String(x + 1), cy: i % 2 === 0 ? '4' : '8', r: '1.2', class: 'texture' }),
  );
  return [frame, ...dots];
}

function shape(tag: string, attributes: Readonly<Record<string, string>>, ...children: readonly SVGElement[]): SVGElement {
  const made = document.createElementNS(svgNamespace, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}
