import type { InspectReport, Problem, ProblemCode } from '../../protocol/dataset.ts';
import type { InspectRequest } from '../../protocol/requests.ts';
import { inspectDataset } from '../dataset/inspect.ts';
import type { EngineDeps } from '../engineDeps.ts';
import type { JobContext } from '../jobs/jobContext.ts';
import { checkImages } from './checkImages.ts';
import { openSource, withThreads } from './openSource.ts';

const defaultProblemLimit = 1000;

export async function inspect(request: InspectRequest, deps: EngineDeps, caller: JobContext): Promise<InspectReport> {
  const job = withThreads(caller, request.threads);
  const dataset = await openSource(request, deps, job);
  const limit = request.problemLimit ?? defaultProblemLimit;
  const report = await inspectDataset(dataset);
  if (!request.checkImages) return { ...report, problems: report.problems.slice(0, limit) };
  const audit = await checkImages(dataset, deps, job, limit);
  return {
    ...report,
    problems: [...report.problems, ...audit.problems].sort(byPlace).slice(0, limit),
    problemCounts: addCounts(report.problemCounts, audit.counts),
    checkedImages: audit.checked,
  };
}

function byPlace(a: Problem, b: Problem): number {
  return a.ordinal - b.ordinal || a.byteStart - b.byteStart;
}

function addCounts(
  a: Readonly<Partial<Record<ProblemCode, number>>>,
  b: Readonly<Partial<Record<ProblemCode, number>>>,
): Partial<Record<ProblemCode, number>> {
  const sum: Partial<Record<ProblemCode, number>> = { ...a };
  for (const [code, n] of Object.entries(b) as [ProblemCode, number][]) sum[code] = (sum[code] ?? 0) + n;
  return sum;
}
