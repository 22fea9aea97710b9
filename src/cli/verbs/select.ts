import { strategyDeclarations } from '../../engine/createEngine.ts';
import { perspectives } from '../../protocol/perspectives.ts';
import { type SelectReport, type SelectRequest, strategyNames } from '../../protocol/select.ts';
import { clusteringOptionSpecs, clusteringOptions } from '../clusteringOptions.ts';
import { analyzeOptions, datasetOptions, outputOptions, seedOption } from '../optionTable.ts';
import { analyzeRequest, seedOf, threadsOf } from '../requestOptions.ts';
import { parameterSpecs, strategyParameters } from '../strategyOptions.ts';
import { bytes, count, percent, table } from '../terminal/format.ts';
import { UsageError } from '../usageError.ts';
import type { Verb } from '../verb.ts';

/** Clusters printed; `--json` lists all. */
const printedClusters = 12;
const strategies = strategyDeclarations();

export const selectVerb: Verb = {
  name: 'select',
  operands: '<dataset> -o OUT --strategy NAME',
  summary: 'a coreset of a given size: COINCIDE, the same under floors for the tail, and other strategies',
  options: [
    ...datasetOptions,
    seedOption,
    { name: 'output', value: 'OUT', help: 'result file, also -o; its manifest is written beside it as OUT.manifest.json' },
    {
      name: 'strategy',
      value: 'NAME',
      help: strategies.map(({ name, summary }) => `${name}: ${summary}`).join('\n'),
    },
    { name: 'fraction', value: 'F', help: 'share of the instances to keep, above 0 to 1' },
    { name: 'count', value: 'N', help: 'instances to keep, instead of --fraction' },
    ...clusteringOptionSpecs,
    ...parameterSpecs(strategies),
    { name: 'column', value: 'FILE.npy', help: 'a score per instance, for the strategies that cut by one' },
    { name: 'compare', value: 'LIST', help: 'strategies to compare with at equal size, entities included' },
    { name: 'export-ordinals', value: 'FILE.npy', help: 'also write the chosen ordinals in selection order (int64)' },
    { name: 'dry-run', help: 'report only; nothing is written' },
    ...analyzeOptions,
    ...outputOptions,
  ],
  prepare(args) {
    const name = args.choice('strategy', strategyNames);
    const strategy = strategies.find((each) => each.name === name);
    if (!strategy) throw new UsageError('strategy', `Say how to select with --strategy: ${strategyNames.join(', ')}.`);
    const fraction = args.number('fraction', { from: 0, to: 1, above: true });
    const size = args.number('count', { from: 1, to: Number.MAX_SAFE_INTEGER, integer: true });
    if ((fraction === undefined) === (size === undefined))
      throw new UsageError('fraction', 'Say how much to select with --fraction F or --count N, one of them.');
    const output = args.path('output');
    const dryRun = args.flag('dry-run');
    if (!output && !dryRun) throw new UsageError('output', 'Say where the result goes with -o OUT, or use --dry-run.');
    const exportOrdinals = args.path('export-ordinals');
    const column = args.path('column');
    if (strategy.needs.includes('column') && column === undefined)
      throw new UsageError('column', `${strategy.name} needs a score per instance: give --column FILE.npy.`);
    const compare = args.list('compare', strategyNames);
    const request: SelectRequest = {
      ...analyzeRequest(args),
      ...clusteringOptions(args),
      ...strategyParameters(args, strategy, strategies),
      strategy: strategy.name,
      seed: seedOf(args),
      dryRun,
      ...(fraction === undefined ? {} : { fraction }),
      ...(size === undefined ? {} : { count: size }),
      ...(output === undefined ? {} : { output }),
      ...(exportOrdinals === undefined ? {} : { exportOrdinals }),
      ...(column === undefined ? {} : { column }),
      ...(compare === undefined ? {} : { compare }),
    };
    return {
      threads: threadsOf(args),
      run: async (engine, job) => {
        const report = await engine.select(request, job);
        return { report, text: describe(report) };
      },
    };
  },
};

function describe(report: SelectReport): string {
  const { strategy, selected, instances, requested, shortfall, output } = report;
  const lines = [
    `${output ? 'Selected' : 'Dry run:'} ${count(selected)} of ${count(instances)} instances (${percent(selected / Math.max(1, instances))}) by ${strategy}.`,
  ];
  if (shortfall > 0)
    lines.push(
      `${count(shortfall)} of the ${count(requested)} asked for are missing: saturated clusters could not give them (preset repo).`,
    );
  lines.push('', ...comparisonLines(report));
  if (report.perCluster.length > 0) lines.push('', ...clusterLines(report));
  if (output) lines.push('', `  ${output.path}  (${bytes(output.bytes)})`, `  ${report.manifest}`);
  if (report.ordinals) lines.push(`  ${report.ordinals.path}  (ordinals in selection order)`);
  lines.push(`  selection ${report.selectionHash}`);
  if (report.reused.length > 0) lines.push('', `Used again from an earlier run: ${report.reused.join(', ')}.`);
  return lines.join('\n');
}

function comparisonLines({ comparison }: SelectReport): string[] {
  const { strategies: rows, overlap } = comparison;
  const shown = perspectives.filter((perspective) => rows[0]?.perspectives[perspective]);
  const hasClusters = rows.some((row) => row.clusters);
  return [
    table([
      ['', ...(hasClusters ? ['clusters', 'largest share'] : []), ...shown.map((one) => `${one} entities`), 'duplicates', 'in common'],
      ...rows.map((row, i) => [
        row.strategy,
        ...(hasClusters
          ? [
              row.clusters ? `${count(row.clusters.covered)}/${count(row.clusters.clusters)}` : '-',
              row.clusters ? percent(row.clusters.largestShare) : '-',
            ]
          : []),
        ...shown.map((one) => {
          const covered = row.perspectives[one];
          return covered ? `${count(covered.kept)}/${count(covered.entities)}` : '-';
        }),
        count(row.duplicates),
        i === 0 ? '' : percent((overlap[0]?.[i] ?? 0) / Math.max(1, row.selected)),
      ]),
    ]),
  ];
}

function clusterLines({ perCluster }: SelectReport): string[] {
  const largest = [...perCluster].sort((a, b) => b.take - a.take || a.cluster - b.cluster).slice(0, printedClusters);
  const pays = perCluster.some(({ paid }) => paid !== undefined);
  const rest = perCluster.length - largest.length;
  const silent = perCluster.filter(({ take }) => take === 0).length;
  return [
    table([
      ['cluster', 'size', 'want', 'taken', 'share', ...(pays ? ['paid', 'added'] : [])],
      ...largest.map(({ cluster, size, want, take, paid, added }) => [
        String(cluster),
        count(size),
        want === null ? '-' : count(want),
        count(take),
        percent(take / size),
        ...(pays ? [count(paid ?? 0), count(added ?? 0)] : []),
      ]),
    ]),
    ...(rest > 0 ? [`  … and ${count(rest)} more clusters (--json lists them)`] : []),
    ...(silent > 0 ? [`  ${silent === 1 ? '1 cluster gives' : `${count(silent)} clusters give`} nothing.`] : []),
  ];
}
