import { type SelectionView, type SeriesRole, seriesRoles } from '../../src/protocol/selectionPage.ts';
import { element } from '../shared/element.ts';

const svgNamespace = 'http://www.w3.org/2000/svg';

/** One legend for all charts: each entry shows the line as the charts draw it. */
export function legend(view: SelectionView): HTMLElement {
  const { strings } = view;
  const entries: HTMLElement[] = [];
  for (const role of seriesRoles) {
    const label = view.perspectives.flatMap((perspective) => perspective.series).find((series) => series.role === role)?.label;
    if (label === undefined) continue;
    if (role === 'before') entries.push(entry('before', `${label}, ${strings.head}`), entry('before tail', `${label}, ${strings.tail}`));
    else entries.push(entry(role, label, role));
  }
  entries.push(entry('tau', strings.tauLegend));
  return element('ul', { class: 'legend', 'aria-label': strings.legend }, ...entries);
}

function entry(style: string, label: string, marker?: SeriesRole): HTMLElement {
  const svg = document.createElementNS(svgNamespace, 'svg');
  for (const [name, value] of Object.entries({ viewBox: '0 0 36 12', width: '36', height: '12', 'aria-hidden': 'true', class: style }))
    svg.setAttribute(name, value);
  svg.append(shape('path', { d: 'M1 6H35' }));
  if (marker === 'after') svg.append(shape('circle', { cx: '18', cy: '6', r: '3' }));
  if (marker === 'control') svg.append(shape('path', { d: 'M18 2L22 9H14Z', class: 'filled' }));
  return element('li', {}, svg, label);
}

function shape(tag: string, attributes: Readonly<Record<string, string>>): SVGElement {
  const made = document.createElementNS(svgNamespace, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}
