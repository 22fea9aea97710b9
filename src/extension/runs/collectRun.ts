import { type Perspective, perspectives } from '../../protocol/perspectives.ts';
import { type Stage, stages } from '../../protocol/progress.ts';
import type { VerifyReport } from '../../protocol/reports.ts';
import type { RunFacts, RunOutput, RunSummary } from '../../protocol/runs.ts';
import { type StrategyName, strategyNames } from '../../protocol/select.ts';
import { strategyLabel } from '../coreset/strategyWords.ts';
import { formatBytes } from '../datasets/formatBytes.ts';
import { isOpenable } from '../datasets/openable.ts';
import type { Localize } from '../errors/errorCatalogue.ts';
import { perspectiveTitle } from '../perspectiveTitle.ts';
import { plainText } from '../plainText.ts';
import { stageLabel } from '../selection/progressText.ts';

/** One row below a run. */
export interface RunRow {
  /** Unique among the rows of the run. */
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly tooltip: string;
  /** Product icon. */
  readonly icon: string;
  readonly kind: 'fact' | 'group' | 'output' | 'manifest' | 'dataset';
  /** File that the row stands for and that exists. */
  readonly path?: string;
  /** The text editor can show the file at `path`. */
  readonly openable?: boolean;
  readonly rows?: readonly RunRow[];
}

export interface RunHeading {
  readonly label: string;
  readonly description: string;
  readonly tooltip: string;
  readonly icon: string;
  /** `run` and what can be done with it, for menus: `run;output;manifest;plan;`. */
  readonly contextValue: string;
}

/** The row of a run itself. Missing files are said in words and by the icon. */
export function collectRunHeading(run: RunSummary, t: Localize, locale: string): RunHeading {
  const n = new Intl.NumberFormat(locale);
  const finished = finishedText(run, locale);
  const kept = run.facts?.counts.kept;
  const instances = run.facts?.counts.instances;
  const counted =
    kept === undefined || instances === undefined ? finished : t('{0} of {1} · {2}', n.format(kept), n.format(instances), finished);
  const strategy = strategyOf(run);
  const synthetic = run.command === 'compose' ? run.facts?.counts.synthetic : undefined;
  const numbers =
    strategy !== undefined
      ? t('{0} · {1}', strategyLabel(strategy, t), counted)
      : kept !== undefined && synthetic !== undefined
        ? t('{0} kept, {1} synthetic · {2}', n.format(kept), n.format(synthetic), finished)
        : counted;
  const missing = faults(run, t);
  const label = plainText(fileName(run.output));
  const hasOutput = run.outputs.some(({ role, state }) => role === 'selection' && state !== 'missing');
  return {
    label,
    description: missing.length === 0 ? numbers : t('{0} · {1}', missing.join(', '), numbers),
    tooltip: [run.output, ...missing, t('Finished {0}', finished)].join('\n'),
    icon: missing.length === 0 ? 'pass' : 'warning',
    contextValue: `run;${hasOutput ? 'output;' : ''}${run.manifestState === 'present' ? abilities(run) : ''}`,
  };
}

/**
 * What can be done with a run whose manifest is there. Only a rebalancing has a plan that its panel can show. A composition names its
 * pictures after its output, so another file cannot have the same bytes.
 */
function abilities({ command }: RunSummary): string {
  return command === 'compose' ? 'manifest;composed;' : `manifest;${command === 'rebalance' ? 'plan;' : ''}`;
}

/** The rows below a run; `checks` when it was verified since the list was made. */
export function collectRun(run: RunSummary, checks: VerifyReport | undefined, t: Localize, locale: string): readonly RunRow[] {
  return [
    ...(checks ? [checksRow(checks, t)] : []),
    datasetRow(run, t),
    ...(run.facts ? factRows(run.facts, strategyOf(run), t, locale) : []),
    ...run.outputs.map((output, i) => outputRow(output, i, t, locale)),
    manifestRow(run, t),
  ];
}

function checksRow(report: VerifyReport, t: Localize): RunRow {
  const good = report.checks.filter(({ ok, skipped }) => ok && !skipped).length;
  const value = report.ok ? t('{0} of {1} checks are good', good, report.checks.length) : t('failed');
  return {
    ...row('checks', t('Verified'), value, report.ok ? 'verified' : 'error', 'group'),
    rows: report.checks.map(({ name, ok, skipped, detail }, i) => ({
      ...row(
        `check.${i}`,
        checkLabel(name, t),
        skipped ? t('skipped') : ok ? t('good') : t('failed'),
        skipped ? 'circle-slash' : ok ? 'pass' : 'error',
      ),
      tooltip: detail,
    })),
  };
}

function datasetRow(run: RunSummary, t: Localize): RunRow {
  const name = plainText(fileName(run.dataset));
  return {
    ...row('dataset', t('Dataset'), run.datasetPresent ? name : t('{0} (missing)', name), run.datasetPresent ? 'database' : 'warning'),
    tooltip: run.dataset,
    ...(run.datasetPresent ? { kind: 'dataset', path: run.dataset } : {}),
  };
}

/** By what a coreset was selected; undefined for runs of other commands. */
function strategyOf({ command, facts }: RunSummary): StrategyName | undefined {
  return command === 'select' ? strategyNames.find((name) => name === facts?.parameters.strategy) : undefined;
}

function factRows(facts: RunFacts, strategy: StrategyName | undefined, t: Localize, locale: string): readonly RunRow[] {
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  const precise = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  const rows: RunRow[] = [];
  const { counts } = facts;
  if (strategy !== undefined) rows.push(row('strategy', t('Strategy'), strategyLabel(strategy, t), 'target'));
  if (counts.requested !== undefined && counts.requested !== counts.kept)
    rows.push(row('requested', t('Asked for'), whole.format(counts.requested), 'question'));
  if (counts.synthetic !== undefined) rows.push(row('synthetic', t('Synthetic'), whole.format(counts.synthetic), 'sparkle'));
  if (counts.kept !== undefined) rows.push(row('kept', t('Kept'), whole.format(counts.kept), 'add'));
  if (counts.dropped !== undefined) rows.push(row('dropped', t('Dropped'), whole.format(counts.dropped), 'remove'));
  if (counts.expected !== undefined && counts.standardDeviation !== undefined)
    rows.push(
      row('expected', t('Expected'), t('{0} ± {1}', precise.format(counts.expected), precise.format(counts.standardDeviation)), 'target'),
    );
  rows.push(stagesRow(facts, t, locale), parametersRow(facts, t));
  return rows;
}

function stagesRow({ stages: done }: RunFacts, t: Localize, locale: string): RunRow {
  const seconds = new Intl.NumberFormat(locale, { style: 'unit', unit: 'second', maximumFractionDigits: 2 });
  const total = done.reduce((sum, stage) => sum + stage.seconds, 0);
  return {
    ...row('stages', t('Stages'), seconds.format(total), 'list-ordered', 'group'),
    rows: done.map(({ name, seconds: taken }, i) => row(`stage.${i}`, stageTitle(name, t), seconds.format(taken), 'watch')),
  };
}

function parametersRow({ parameters, seed, sampler, ballastVersion }: RunFacts, t: Localize): RunRow {
  const given = Object.entries(parameters).filter(([, value]) => value !== null);
  const all: readonly (readonly [string, unknown])[] = [['seed', seed], ['sampler', sampler], ...given, ['ballastVersion', ballastVersion]];
  return {
    ...row('parameters', t('Parameters'), String(all.length), 'settings', 'group'),
    // Names and values as the manifest spells them, so that they can be looked up there.
    rows: all.map(([name, value]) => row(`parameter.${name}`, plainText(name), plainText(spelled(value)), 'symbol-parameter')),
  };
}

function outputRow(output: RunOutput, position: number, t: Localize, locale: string): RunRow {
  const label = output.role === 'control' ? t('Random control') : output.role === 'part' ? t('Part') : t('Result');
  const name = plainText(fileName(output.path));
  const size = formatBytes(output.bytes, locale);
  const value =
    output.state === 'missing'
      ? t('{0} (missing)', name)
      : output.state === 'resized'
        ? t('{0} (changed since the run)', name)
        : t('{0} · {1}', name, size);
  return {
    ...row(`output.${position}`, label, value, output.state === 'present' ? 'file' : 'warning'),
    tooltip: output.path,
    ...(output.state === 'missing' ? {} : { kind: 'output', path: output.path, openable: isOpenable(output.path, output.bytes) }),
  };
}

function manifestRow(run: RunSummary, t: Localize): RunRow {
  const name = plainText(fileName(run.manifest));
  const values: Readonly<Record<RunSummary['manifestState'], string>> = {
    present: name,
    missing: t('{0} (missing)', name),
    unreadable: t('{0} (unreadable)', name),
    replaced: t('{0} (of a later run)', name),
  };
  const isPresent = run.manifestState === 'present';
  return {
    ...row('manifest', t('Manifest'), values[run.manifestState], isPresent ? 'file-code' : 'warning'),
    tooltip: run.manifest,
    ...(run.manifestState === 'missing' ? {} : { kind: 'manifest', path: run.manifest, openable: true }),
  };
}

/** What is not as the run left it. */
function faults(run: RunSummary, t: Localize): readonly string[] {
  const found: string[] = [];
  if (run.outputs.some(({ state }) => state === 'missing')) found.push(t('result missing'));
  else if (run.outputs.some(({ state }) => state === 'resized')) found.push(t('result changed'));
  if (run.manifestState === 'missing') found.push(t('manifest missing'));
  if (run.manifestState === 'unreadable') found.push(t('manifest unreadable'));
  if (run.manifestState === 'replaced') found.push(t('written over by a later run'));
  return found;
}

function row(id: string, label: string, value: string, icon: string, kind: RunRow['kind'] = 'fact'): RunRow {
  return { id, label, value, tooltip: `${label}: ${value}`, icon, kind };
}

/** Stages are named as in the manifest, some with their perspective: `reverseIndex token`. */
function stageTitle(name: string, t: Localize): string {
  const [first = '', second = ''] = name.split(' ');
  if (!isStage(first)) return plainText(name);
  // Short, so that the seconds beside it stay in sight.
  return isPerspective(second) ? t('Index of {0}', perspectiveTitle(second, t)) : stageLabel(first, t);
}

function isStage(name: string): name is Stage {
  return (stages as readonly string[]).includes(name);
}

function isPerspective(name: string): name is Perspective {
  return (perspectives as readonly string[]).includes(name);
}

function checkLabel(name: VerifyReport['checks'][number]['name'], t: Localize): string {
  const labels: Readonly<Record<typeof name, string>> = {
    source: t('Dataset'),
    output: t('Result'),
    control: t('Random control'),
    counts: t('Counts'),
    records: t('Kept records'),
    selectionHash: t('Selection hash'),
    rederived: t('Selection made again'),
    parents: t('Parents of synthetic instances'),
    images: t('Synthetic images'),
  };
  return labels[name];
}

function spelled(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function finishedText(run: RunSummary, locale: string): string {
  const date = new Date(run.finished);
  if (Number.isNaN(date.getTime())) return plainText(run.finished);
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }).format(date);
}

function fileName(path: string): string {
  return path.split(/[\\/]/).pop() ?? path;
}
