import type { GateResult, StagedCandidate } from '../../src/protocol/synthesis.ts';
import { section } from '../shared/controls.ts';
import { element } from '../shared/element.ts';
import { type IconName, icon } from '../shared/icons.ts';
import { visibleLine } from '../shared/unseen.ts';
import type { PageContext } from './pageContext.ts';

const subjectLimit = 120;
const verdictIcons: Readonly<Record<GateResult['verdict'], IconName>> = { passed: 'kept', failed: 'warning', skipped: 'minus' };

/** Every gate with what it measured, what it allows, and what it found, in words. */
export function gatesTable({ gates }: StagedCandidate, context: PageContext): HTMLElement {
  const { strings } = context;
  const { single } = strings;
  if (gates.length === 0) return section('gates', single.gates, element('p', { class: 'hint' }, single.notJudged));
  const head = [single.gate, single.verdict, single.score, single.bounds].map((name) => element('th', { scope: 'col' }, name));
  const rows = gates.flatMap((result) => {
    const words = strings.gates[result.gate];
    const name = element('th', { scope: 'row', title: words.isHard ? `${words.help}\n${single.hard}` : words.help }, words.title);
    const verdict = element('td', { class: 'verdict' }, icon(verdictIcons[result.verdict]), strings.verdicts[result.verdict]);
    const score = element('td', { class: 'number' }, result.score === null ? '–' : context.n(result.score));
    const row = element(
      'tr',
      { class: result.verdict },
      name,
      verdict,
      score,
      element('td', { class: 'number' }, boundsOf(result, context)),
    );
    const found = findingOf(result, context);
    return found === undefined ? [row] : [row, element('tr', { class: `${result.verdict} found` }, element('td', { colspan: '4' }, found))];
  });
  return section(
    'gates',
    single.gates,
    element('table', {}, element('thead', {}, element('tr', {}, ...head)), element('tbody', {}, ...rows)),
  );
}

function boundsOf({ lower, upper }: GateResult, { strings, say }: PageContext): string {
  const { between, atLeast, atMost } = strings.single;
  if (lower !== null && upper !== null) return say(between, lower, upper);
  if (lower !== null) return say(atLeast, lower);
  return upper === null ? '–' : say(atMost, upper);
}

/** What a gate found as a sentence. A code that this version does not know is shown as it is. */
function findingOf({ finding, subject }: GateResult, { strings, say }: PageContext): HTMLElement | undefined {
  const about = subject === null ? '' : visibleLine(subject, subjectLimit);
  if (finding === null) return about === '' ? undefined : element('bdi', {}, say(strings.findings.closest ?? '{0}', about));
  const known = Object.hasOwn(strings.findings, finding) ? strings.findings[finding] : undefined;
  return element('bdi', {}, say(known ?? visibleLine(finding, subjectLimit), about));
}

/** The gate that stopped a candidate, "through all gates", or that they have not judged: for a tile and the decision. */
export function gateSummary(
  { gates }: StagedCandidate,
  { strings, say }: PageContext,
): { readonly kind: 'stopped' | 'passed' | 'open'; readonly text: string } {
  if (gates.length === 0) return { kind: 'open', text: strings.single.notJudged };
  const stop = gates.find(({ verdict }) => verdict === 'failed');
  return stop
    ? { kind: 'stopped', text: say(strings.single.stoppedBy, strings.gates[stop.gate].title) }
    : { kind: 'passed', text: strings.single.allPassed };
}

/** Status, reason and who decided. */
export function decision(candidate: StagedCandidate, context: PageContext): HTMLElement {
  const { strings } = context;
  const { single } = strings;
  const { decidedBy, reason } = candidate;
  const by = decidedBy === null ? single.undecided : decidedBy === 'person' ? single.byPerson : single.byGates;
  const rows: (readonly [string, Node | string])[] = [
    [single.status, statusMark(candidate, context)],
    [single.decidedBy, by],
  ];
  if (reason !== null && reason !== '') rows.push([single.reason, element('bdi', {}, reasonText(candidate, context))]);
  // The gates' own decision has said it already.
  const gates =
    decidedBy === 'gates' && candidate.status === 'rejected' ? [] : [element('p', { class: 'hint' }, gateSummary(candidate, context).text)];
  return section('decision', single.decision, factList(rows), ...gates);
}

/** A gate gives its own name as its reason. */
function reasonText({ reason, decidedBy }: StagedCandidate, { strings }: PageContext): string {
  const gates: Readonly<Record<string, { readonly title: string } | undefined>> = strings.gates;
  const gate = decidedBy === 'gates' && reason !== null && Object.hasOwn(gates, reason) ? gates[reason]?.title : undefined;
  return gate ?? visibleLine(reason ?? '', 1000);
}

const statusIcons: Readonly<Record<StagedCandidate['status'], IconName>> = { pending: 'text', accepted: 'kept', rejected: 'dropped' };

/** A status by its sign and its word, never by colour alone. */
export function statusMark({ status }: Pick<StagedCandidate, 'status'>, { strings }: PageContext): HTMLElement {
  return element('span', { class: `status ${status}` }, icon(statusIcons[status]), strings.statuses[status]);
}

export function factList(rows: readonly (readonly [name: string, value: Node | string])[]): HTMLElement {
  return element('dl', { class: 'facts-list' }, ...rows.flatMap(([name, value]) => [element('dt', {}, name), element('dd', {}, value)]));
}
