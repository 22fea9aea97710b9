import { type ClusterReport, type ClusterRequest, type ClusterSource, type ClusterSummary, presets } from '../../protocol/clustering.ts';
import { clusteringOptionSpecs, clusteringOptions } from '../clusteringOptions.ts';
import { analyzeOptions, datasetOptions, outputOptions, seedOption } from '../optionTable.ts';
import { analyzeRequest, seedOf, threadsOf } from '../requestOptions.ts';
import { count, decimal, printable, table } from '../terminal/format.ts';
import type { Verb } from '../verb.ts';

/** Clusters printed; `--json` lists all. */
const printedClusters = 20;
/** Options of `analyze` that say which entities are meant; thresholds mean nothing here. */
const entityOptionSpecs = analyzeOptions.filter(({ name }) => name !== 'mass' && name !== 'tau');

export const clusterVerb: Verb = {
  name: 'cluster',
  operands: '<dataset>',
  summary: 'concept-skill clusters: size, transferability, density, typical entities and instances',
  options: [
    ...datasetOptions,
    seedOption,
    ...clusteringOptionSpecs,
    { name: 'preset', value: 'repo|paper', help: "scores as in the authors' code (repo, default) or in their paper" },
    { name: 'top', value: 'N', help: 'entities listed per cluster (default: 5; 0 for none, and nothing is extracted)' },
    { name: 'export', value: 'DIR', help: 'write centroids, assignments, similarity, transferability and density as .npy' },
    ...entityOptionSpecs,
    ...outputOptions,
  ],
  prepare(args) {
    const preset = args.choice('preset', presets);
    const top = args.number('top', { from: 0, to: 1000, integer: true });
    const exported = args.path('export');
    const request: ClusterRequest = {
      ...analyzeRequest(args),
      ...clusteringOptions(args),
      seed: seedOf(args),
      ...(preset === undefined ? {} : { preset }),
      ...(top === undefined ? {} : { top }),
      ...(exported === undefined ? {} : { export: exported }),
    };
    return {
      threads: threadsOf(args),
      run: async (engine, job) => {
        const report = await engine.cluster(request, job);
        return { report, text: describe(report) };
      },
    };
  },
};

function describe(report: ClusterReport): string {
  const { perCluster } = report;
  const lines = [
    `${report.dataset.path}: ${count(report.instances)} instances in ${count(report.clusters)} clusters, imbalance ${decimal(report.imbalance, 2)}${report.objective === null ? '' : `, objective ${decimal(report.objective, 2)}`}`,
  ];
  if (report.collapsed) lines.push('The clusters have COLLAPSED: they tell nothing apart.');
  const shown = [...perCluster].sort((a, b) => b.size - a.size || a.cluster - b.cluster).slice(0, printedClusters);
  lines.push(
    '',
    table([
      ['cluster', 'size', 'transferability', 'density', 'score', 'medoid'],
      ...shown.map(({ cluster, size, transferability, density, score, medoids }) => [
        String(cluster),
        count(size),
        decimal(transferability, 4),
        density === null ? '-' : decimal(density, 4),
        score === null ? '-' : decimal(score, 4),
        medoids[0] === undefined ? '-' : String(medoids[0]),
      ]),
    ]),
    '',
    ...shown.map(descriptionLine),
  );
  const rest = perCluster.length - shown.length;
  if (rest > 0) lines.push(`  … and ${count(rest)} more clusters (--json lists them)`);
  for (const file of report.exported ?? []) lines.push(`  ${file.path}`);
  if (report.reused.length > 0) lines.push('', `Used again from an earlier run: ${report.reused.join(', ')}.`);
  return lines.join('\n');
}

function descriptionLine({ cluster, topEntities, sources }: ClusterSummary): string {
  const entities = topEntities.map(({ entity, lift }) => `${printable(entity, 30)} ×${decimal(lift)}`);
  return `  ${cluster}: ${[entities.join(', '), sources.map(sourceText).join(', ')].filter((part) => part !== '').join(' · ')}`;
}

function sourceText({ kind, folder, instances }: ClusterSource): string {
  const names = { folder: `${printable(folder, 30)}/`, textOnly: 'text only', noFolder: 'no folder', other: 'no image path' };
  return `${names[kind]} ${count(instances)}`;
}
