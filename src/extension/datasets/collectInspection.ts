import type { InspectReport, ProblemCode } from '../../protocol/dataset.ts';
import type { Localize } from '../errors/errorCatalogue.ts';

export type InspectionRow =
  | {
      readonly kind: 'fact';
      readonly name: 'variant' | 'instances' | 'images' | 'turns' | 'parts';
      readonly label: string;
      readonly value: string;
    }
  | {
      readonly kind: 'problems';
      readonly label: string;
      readonly value: string;
      readonly rows: readonly ProblemRow[];
      readonly total: number;
    };

/** One kind of problem with its number and the place of its first occurrence. */
export interface ProblemRow {
  readonly code: ProblemCode;
  readonly count: number;
  readonly line: number | undefined;
  readonly message: string | undefined;
  readonly file: string | undefined;
}

/** The rows below a dataset in the tree, from what the engine found. */
export function collectInspection(report: InspectReport, t: Localize, locale: string): readonly InspectionRow[] {
  const number = new Intl.NumberFormat(locale);
  const n = (value: number): string => number.format(value);
  const rows: InspectionRow[] = [
    { kind: 'fact', name: 'variant', label: t('Variant'), value: t('{0}, {1}', report.dataset.variant, report.dataset.format) },
    { kind: 'fact', name: 'instances', label: t('Instances'), value: instances(report, t, n) },
    { kind: 'fact', name: 'turns', label: t('Turns'), value: n(report.turns) },
    { kind: 'fact', name: 'images', label: t('Images'), value: images(report, t, n) },
  ];
  if (report.parts && report.parts.length > 0) rows.push({ kind: 'fact', name: 'parts', label: t('Files'), value: n(report.parts.length) });
  const problems = collectProblems(report);
  const total = problemTotal(report);
  rows.push({ kind: 'problems', label: t('Problems'), value: total === 0 ? t('none') : n(total), rows: problems, total });
  return rows;
}

/** Problems of all kinds, listed or not. */
export function problemTotal({ problemCounts }: InspectReport): number {
  return Object.values(problemCounts).reduce((sum, count) => sum + Math.max(0, count), 0);
}

function instances(report: InspectReport, t: Localize, n: (value: number) => string): string {
  return report.records === report.instances ? n(report.instances) : t('{0} usable of {1} records', n(report.instances), n(report.records));
}

function images(report: InspectReport, t: Localize, n: (value: number) => string): string {
  if (report.withImage === 0) return t('none');
  return t('{0} distinct, on {1} instances', n(report.distinctImages), n(report.withImage));
}

function collectProblems(report: InspectReport): readonly ProblemRow[] {
  const rows: ProblemRow[] = [];
  for (const [code, count] of Object.entries(report.problemCounts) as [ProblemCode, number][]) {
    if (count <= 0) continue;
    const first = report.problems.find((problem) => problem.code === code);
    rows.push({ code, count, line: first?.line, message: first?.message, file: first?.file });
  }
  return rows.sort((a, b) => b.count - a.count || (a.code < b.code ? -1 : 1));
}
