import { resolve } from 'node:path';
import { perspectives } from '../../protocol/perspectives.ts';
import type { DiffReport } from '../../protocol/reports.ts';
import { datasetOptions, outputOptions } from '../optionTable.ts';
import { threadsOf } from '../requestOptions.ts';
import { count, decimal, printable, table } from '../terminal/format.ts';
import { UsageError } from '../usageError.ts';
import type { Verb } from '../verb.ts';

export const diffVerb: Verb = {
  name: 'diff',
  operands: '<A> <B>',
  summary: 'what B has lost and gained against A: instances, entities, distributions',
  options: [...datasetOptions, { name: 'top', value: 'N', help: 'entities and instances listed (default: 20)' }, ...outputOptions],
  prepare(args) {
    const [a, b, ...rest] = args.positionals;
    if (a === undefined || b === undefined || rest.length > 0) throw new UsageError('dataset', 'Give two datasets: ballast diff A B.');
    const images = args.texts('images')?.map((root) => resolve(root));
    const runDir = args.path('run-dir');
    const top = args.number('top', { from: 0, to: Number.MAX_SAFE_INTEGER, integer: true });
    const threads = threadsOf(args);
    const request = {
      a: resolve(a),
      b: resolve(b),
      threads,
      ...(images ? { images } : {}),
      ...(runDir ? { runDir } : {}),
      ...(top === undefined ? {} : { top }),
    };
    return {
      threads,
      run: async (engine, job) => {
        const report = await engine.diff(request, job);
        return { report, text: describe(report) };
      },
    };
  },
};

function changedLine({ changed }: DiffReport): readonly string[] {
  const pairs = changed.id + changed.image;
  return pairs === 0
    ? []
    : [
        `${count(pairs)} of these are changed: in both by id (${count(changed.id)}) or by image and order (${count(changed.image)}), with another content.`,
      ];
}

function describe(report: DiffReport): string {
  const lines = [
    `A ${report.a.path}: ${count(report.a.instances)} instances`,
    `B ${report.b.path}: ${count(report.b.instances)} instances`,
    `${count(report.common)} in both, ${count(report.removed)} only in A, ${count(report.added)} only in B (compared by content).`,
    ...changedLine(report),
    `Mean turns ${decimal(report.lengths.a.meanTurns, 2)} in A, ${decimal(report.lengths.b.meanTurns, 2)} in B.`,
  ];
  const rows = [['', 'entities A', 'entities B', 'lost', 'gained', 'Gini A', 'Gini B']];
  for (const perspective of perspectives) {
    const one = report.perspectives[perspective];
    if (one)
      rows.push([
        perspective,
        count(one.before.entities),
        count(one.after.entities),
        count(one.entitiesLost),
        count(one.entitiesGained),
        decimal(one.before.gini, 3),
        decimal(one.after.gini, 3),
      ]);
  }
  lines.push('', table(rows));
  for (const perspective of perspectives) {
    const one = report.perspectives[perspective];
    if (one && one.lost.length > 0)
      lines.push(
        `  ${perspective} lost: ${one.lost.map(({ entity }) => printable(entity, 30)).join(' · ')}${one.entitiesLost > one.lost.length ? ' …' : ''}`,
      );
    if (one && one.gained.length > 0)
      lines.push(
        `  ${perspective} gained: ${one.gained.map(({ entity }) => printable(entity, 30)).join(' · ')}${one.entitiesGained > one.gained.length ? ' …' : ''}`,
      );
  }
  return lines.join('\n');
}
