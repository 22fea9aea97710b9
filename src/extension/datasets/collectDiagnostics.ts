import type { InspectReport, Problem, ProblemCode } from '../../protocol/dataset.ts';
import type { Localize } from '../errors/errorCatalogue.ts';
import { plainText } from '../plainText.ts';
import { problemLabel } from './problemLabels.ts';

/** One problem for the Problems panel; its place is still in bytes. */
export interface ProblemEntry {
  readonly code: ProblemCode | undefined;
  readonly severity: 'error' | 'warning' | 'information';
  readonly message: string;
  readonly byteStart: number;
  readonly byteEnd: number;
}

/** Problems whose range is no instance: what stands there is lost to every later step. */
const losses: ReadonlySet<ProblemCode> = new Set<ProblemCode>([
  'record.invalidJson',
  'record.invalidUtf8',
  'record.unclosed',
  'record.tooLarge',
  'record.notAnObject',
]);

/** The problems of a report by file; says so where the engine lists only the first ones. Parquet rows have no place in their file. */
export function collectDiagnostics(report: InspectReport, t: Localize, locale: string): ReadonlyMap<string, readonly ProblemEntry[]> {
  const files = new Map<string, ProblemEntry[]>();
  if (report.dataset.format === 'parquet') return files;
  for (const problem of report.problems) {
    const file = problem.file ?? report.dataset.path;
    const entries = files.get(file) ?? [];
    if (entries.length === 0) files.set(file, entries);
    entries.push(entryOf(problem, t));
  }
  const total = Object.values(report.problemCounts).reduce((sum, count) => sum + count, 0);
  const listed = report.problems.length;
  const first = files.get(report.dataset.path) ?? [...files.values()][0];
  if (first !== undefined && listed < total) {
    const n = (value: number): string => new Intl.NumberFormat(locale).format(value);
    const message = t('{0} of {1} problems are listed.', n(listed), n(total));
    first.push({ code: undefined, severity: 'information', message, byteStart: 0, byteEnd: 0 });
  }
  return files;
}

function entryOf({ code, ordinal, byteStart, byteEnd, message, image }: Problem, t: Localize): ProblemEntry {
  const label = problemLabel(code, t);
  const place = ordinal < 0 ? label : t('{0} (instance {1})', label, ordinal);
  // The engine's English sentence holds the facts that the localised label leaves out.
  const detail = plainText(image === undefined ? message : `${image}: ${message}`, 300);
  return {
    code,
    severity: losses.has(code) ? 'error' : 'warning',
    message: `${place}\n${detail}`,
    byteStart,
    byteEnd: Math.max(byteStart, byteEnd),
  };
}
