import type { Engine } from '../../engine/createEngine.ts';
import type { JobContext } from '../../engine/jobs/jobContext.ts';
import { perspectives } from '../../protocol/perspectives.ts';
import type { RebalancePlan } from '../../protocol/plan.ts';
import type { RebalanceReport } from '../../protocol/reports.ts';
import { analyzeOptions, datasetOptions, outputOptions, rebalanceOnlyOptions, seedOption } from '../optionTable.ts';
import { planOf, type RebalanceOptions, rebalanceOptions, rebalanceRequest, threadsOf } from '../requestOptions.ts';
import { bytes, count, decimal, percent, table, threshold } from '../terminal/format.ts';
import type { Verb } from '../verb.ts';

export const rebalanceVerb: Verb = {
  name: 'rebalance',
  operands: '[<dataset>] -o OUT',
  summary: 'thin the head, keep the tail (ADR data rebalancing)',
  options: [...datasetOptions, seedOption, ...analyzeOptions, ...rebalanceOnlyOptions, ...outputOptions],
  prepare(args) {
    const options = rebalanceOptions(args);
    const { plan: planPath, savePlan } = options;
    const direct = planPath === undefined ? rebalanceRequest(options) : undefined;
    return {
      threads: threadsOf(args),
      run: async (engine, job) => {
        const request = direct ?? rebalanceRequest(options, await readPlan(engine, options, job));
        const report = await engine.rebalance(request, job);
        if (savePlan === undefined) return { report, text: describe(report) };
        await engine.writePlan({ path: savePlan, plan: planOf(request) }, job);
        return { report: { ...report, savedPlan: savePlan }, text: `${describe(report)}\n\nPlan saved to ${savePlan}.` };
      },
    };
  },
};

function readPlan(engine: Engine, { plan = '', dataset }: RebalanceOptions, job: JobContext): Promise<RebalancePlan> {
  return engine.readPlan({ path: plan, ...(dataset === undefined ? {} : { dataset }) }, job);
}

function describe(report: RebalanceReport): string {
  const { output, randomControl, lengths } = report;
  const lines: string[] = [];
  const expectation = `expected ${decimal(report.expected)} ± ${decimal(report.standardDeviation)}`;
  if (output)
    lines.push(
      `Kept ${count(report.kept)} of ${count(report.instances)} instances (${percent(report.kept / Math.max(1, report.instances))}); ${expectation}.`,
    );
  else
    lines.push(
      `Dry run: ${expectation} of ${count(report.instances)} instances would be kept (${percent(report.expected / Math.max(1, report.instances))}).`,
    );
  if (report.target)
    lines.push(`Target ${decimal(report.target.wanted)} reached by ${report.target.by}: ${decimal(report.target.reached)}.`);
  if (report.protectedInstances > 0) lines.push(`${count(report.protectedInstances)} instances are protected.`);
  const { overrides } = report;
  if (overrides && overrides.kept + overrides.dropped > 0)
    lines.push(`Overrides force ${count(overrides.kept)} to be kept and ${count(overrides.dropped)} to be dropped.`);
  if (overrides && overrides.unmatched > 0) lines.push(`${count(overrides.unmatched)} overrides match no instance.`);
  const rows = [
    [
      '',
      'tau',
      'head kept',
      'tail kept',
      'Gini before',
      'after',
      ...(randomControl ? ['random'] : []),
      'entities lost',
      ...(randomControl ? ['random'] : []),
    ],
  ];
  for (const perspective of perspectives) {
    const one = report.perspectives[perspective];
    if (!one) continue;
    rows.push([
      perspective,
      threshold(one.tau),
      one.headKept === undefined ? '-' : percent(one.headKept),
      one.tailKept === undefined ? '-' : percent(one.tailKept),
      decimal(one.before.gini, 3),
      one.after ? decimal(one.after.gini, 3) : '-',
      ...(randomControl ? [one.control ? decimal(one.control.gini, 3) : '-'] : []),
      one.lostEntities === undefined ? '-' : count(one.lostEntities),
      ...(randomControl ? [one.controlLostEntities === undefined ? '-' : count(one.controlLostEntities)] : []),
    ]);
  }
  lines.push('', table(rows));
  if (lengths)
    lines.push(
      '',
      `  mean turns ${decimal(lengths.before.meanTurns)} before, ${decimal(lengths.after.meanTurns)} after, ${decimal(lengths.control.meanTurns)} in a random selection of equal size`,
    );
  const skipped = Object.entries(report.problems);
  if (skipped.length > 0) lines.push('', `  not instances, left out: ${skipped.map(([code, n]) => `${count(n)} ${code}`).join(', ')}`);
  if (output) lines.push('', `  ${output.path}  (${bytes(output.bytes)})`, `  ${report.manifest}`);
  if (randomControl) lines.push(`  ${randomControl.path}  (random control, ${count(randomControl.kept)} instances)`);
  if (report.selectionHash) lines.push(`  selection ${report.selectionHash}`);
  if (report.reused.length > 0) lines.push('', `Used again from an earlier run: ${report.reused.join(', ')}.`);
  return lines.join('\n');
}
