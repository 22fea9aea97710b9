import type { StagedCandidate } from '../../src/protocol/synthesis.ts';
import { section, textButton } from '../shared/controls.ts';
import { element } from '../shared/element.ts';
import { entityLabel } from '../shared/entityLabel.ts';
import { visibleLine } from '../shared/unseen.ts';
import { factList } from './judgement.ts';
import type { PageContext } from './pageContext.ts';
import { turnText } from './readable.ts';

/** Target entities that are shown at first: a scarce instance can have dozens of scarce pairs. */
const firstTargets = 6;
const nameLimit = 80;

/** What the candidate was made for: entities with how many instances hold them, how many are wanted, and what is lacking. */
export function targetsTable({ targets }: StagedCandidate, context: PageContext, onFilter: (entity: string) => void): HTMLElement {
  const { strings, n, say } = context;
  const { single } = strings;
  const head = [single.entity, single.perspective, single.frequency, single.want, single.deficit].map((name) =>
    element('th', { scope: 'col' }, name),
  );
  const rows = targets.map(({ perspective, entity, frequency, want, deficit }) => {
    const label = entityLabel(perspective, entity, nameLimit);
    const filter = textButton(label, () => onFilter(entity), 'link');
    filter.title = say(single.onlyThis, label);
    filter.dir = 'auto';
    const numbers = [frequency, want, deficit].map((value) => element('td', { class: 'number' }, n(value)));
    return element('tr', {}, element('th', { scope: 'row' }, filter), element('td', {}, strings.perspectives[perspective]), ...numbers);
  });
  const body = element('tbody', {}, ...rows.slice(0, firstTargets));
  const table = element('table', {}, element('thead', {}, element('tr', {}, ...head)), body);
  if (rows.length <= firstTargets) return section('targets', single.targets, table);
  const more = textButton(
    say(single.moreTargets, rows.length - firstTargets),
    () => {
      body.append(...rows.slice(firstTargets));
      more.remove();
      rows[firstTargets]?.querySelector('button')?.focus();
    },
    'link',
  );
  return section('targets', single.targets, table, more);
}

/** Method, provider, model with its hash, prompt, seed and parameters. */
export function origin(candidate: StagedCandidate, context: PageContext): HTMLElement {
  const { strings, n } = context;
  const { single } = strings;
  const { method, provider, model, prompt, seed, copy, parameters, id } = candidate;
  const line = (text: string): HTMLElement => element('bdi', {}, visibleLine(text, 300));
  const code = (text: string): HTMLElement => element('code', { class: 'hash' }, visibleLine(text, 100));
  const rows: (readonly [string, Node | string])[] = [
    [single.method, strings.methods[method]],
    [single.provider, strings.providers[provider]],
    [single.model, line(model.name)],
    [single.hash, model.hash === null ? single.noHash : code(model.hash)],
    [single.prompt, prompt === null || prompt === '' ? single.noPrompt : promptText(prompt, context)],
    [single.seed, String(seed)],
    [single.copy, n(copy + 1)],
    [single.id, code(id)],
  ];
  const values = Object.entries(parameters).map(([name, value]): readonly [string, Node | string] => {
    const label = Object.hasOwn(strings.parameters, name) ? strings.parameters[name] : undefined;
    const shown = typeof value === 'boolean' ? (value ? single.yes : single.no) : typeof value === 'number' ? n(value) : line(value);
    return [label ?? visibleLine(name, nameLimit), shown];
  });
  const details = values.length === 0 ? [] : [element('h4', {}, single.parameters), factList(values)];
  return section('origin', single.origin, factList(rows), ...details);
}

function promptText(prompt: string, context: PageContext): HTMLElement {
  return element('div', { class: 'prompt' }, ...turnText([{ text: prompt, differs: false }], [], 'ins', context));
}
