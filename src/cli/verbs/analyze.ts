import { perspectives } from '../../protocol/perspectives.ts';
import type { AnalyzeReport } from '../../protocol/reports.ts';
import { analyzeOnlyOptions, analyzeOptions, datasetOptions, outputOptions } from '../optionTable.ts';
import { analyzeRequest, threadsOf } from '../requestOptions.ts';
import { count, decimal, percent, printable, table, threshold } from '../terminal/format.ts';
import { longTailPicture } from '../terminal/longTailPicture.ts';
import { UsageError } from '../usageError.ts';
import type { Verb } from '../verb.ts';

/** Head entities printed per perspective. */
const printedHead = 8;

export const analyzeVerb: Verb = {
  name: 'analyze',
  operands: '<dataset>',
  summary: 'entities of four perspectives and their long tails',
  options: [...datasetOptions, ...analyzeOptions, ...analyzeOnlyOptions, ...outputOptions],
  prepare(args) {
    const top = args.number('top', { from: 0, to: Number.MAX_SAFE_INTEGER, integer: true });
    const entity = args.text('entity');
    const entityPerspective = args.choice('perspective', perspectives);
    if ((entity === undefined) !== (entityPerspective === undefined))
      throw new UsageError('entity', '--entity NAME and --perspective P go together.');
    const exported = args.path('export');
    const request = {
      ...analyzeRequest(args),
      ...(top === undefined ? {} : { top }),
      ...(entity === undefined || entityPerspective === undefined ? {} : { entity, entityPerspective }),
      ...(exported === undefined ? {} : { export: exported }),
      ...(args.flag('hygiene-effects') ? { hygieneEffects: true } : {}),
    };
    return {
      threads: threadsOf(args),
      run: async (engine, job) => {
        const report = await engine.analyze(request, job);
        return { report, text: describe(report) };
      },
    };
  },
};

function describe(report: AnalyzeReport): string {
  const lines = [`${report.dataset.path}: ${count(report.instances)} instances, entities ${report.entitiesFrom}`];
  for (const perspective of perspectives) {
    const one = report.perspectives[perspective];
    if (!one) continue;
    lines.push('', `${perspective}`, `  ${count(one.entities)} entities in ${count(one.postings)} postings, Gini ${decimal(one.gini, 3)}`);
    if (one.tau === null) {
      lines.push('  no entities found');
      continue;
    }
    lines.push(
      `  tau ${threshold(one.tau)} at rank ${count(one.rank ?? 0)}: the tail is ${percent(one.tailEntityShare)} of the entities and ${percent(one.tailMassShare)} of the postings`,
      `  ${count(one.tailInstances)} instances hold a tail entity, ${count(one.scarceInstances)} a scarce one (below tau)`,
      longTailPicture(one),
      table(
        one.head.slice(0, printedHead).map(({ entity, frequency }) => [printable(entity, 40), count(frequency)]),
        '    ',
      ),
    );
  }
  if (report.entity)
    lines.push(
      '',
      `${report.entity.perspective} "${printable(report.entity.entity)}": ${count(report.entity.frequency)} instances`,
      `  ${report.entity.ordinals.slice(0, 200).join(' ')}${report.entity.ordinals.length > 200 ? ' …' : ''}`,
    );
  if (report.text.unknownScriptUnits > 0) {
    lines.push(
      '',
      `${percent(report.text.unknownScriptUnits / Math.max(1, report.text.units))} of the text is in scripts that the extractor does not know (${Object.keys(report.text.scripts).join(', ')}) and was not analysed.`,
    );
  }
  for (const effect of report.hygieneEffects ?? []) {
    lines.push(
      `  hygiene ${effect.switch} ${effect.on ? 'on' : 'off'}: ${count(effect.entities)} entities, ${count(effect.postings)} postings; expected volume ${decimal(effect.expected)}, otherwise ${decimal(effect.expectedOtherwise)}`,
    );
  }
  if (report.exported) lines.push('', `entities written to ${report.exported.path}`);
  lines.push('', `Expected volume at these taus: ${count(report.expected)} of ${count(report.instances)} instances.`);
  if (report.reused.length > 0) lines.push(`Used again from an earlier run: ${report.reused.join(', ')}.`);
  return lines.join('\n');
}
