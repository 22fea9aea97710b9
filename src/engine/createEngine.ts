import type { InspectReport } from '../protocol/dataset.ts';
import type { AnalyzeReport, DiffReport, DoctorReport, RebalanceReport, Receipt, VerifyReport } from '../protocol/reports.ts';
import type { AnalyzeRequest, DiffRequest, ExplainRequest, InspectRequest, RebalanceRequest, VerifyRequest } from '../protocol/requests.ts';
import type { EngineDeps } from './engineDeps.ts';
import type { JobContext } from './jobs/jobContext.ts';
import { analyze } from './requests/analyze.ts';
import { diff } from './requests/diff.ts';
import { doctor } from './requests/doctor.ts';
import { explain } from './requests/explain.ts';
import { inspect } from './requests/inspect.ts';
import { rebalanceDataset } from './requests/rebalance.ts';
import { withRuntimeErrors } from './requests/runtimeErrors.ts';
import { verify } from './requests/verify.ts';

/** The engine: one method per request. Every method can be cancelled, resumes, and throws `EngineError`. */
export interface Engine {
  inspect(request: InspectRequest, job: JobContext): Promise<InspectReport>;
  analyze(request: AnalyzeRequest, job: JobContext): Promise<AnalyzeReport>;
  rebalance(request: RebalanceRequest, job: JobContext): Promise<RebalanceReport>;
  explain(request: ExplainRequest, job: JobContext): Promise<Receipt>;
  diff(request: DiffRequest, job: JobContext): Promise<DiffReport>;
  verify(request: VerifyRequest, job: JobContext): Promise<VerifyReport>;
  doctor(request: { readonly path?: string }, job: JobContext): Promise<DoctorReport>;
}

export function createEngine(deps: EngineDeps): Engine {
  return {
    inspect: (request, job) => withRuntimeErrors(job.signal, () => inspect(request, deps, job)),
    analyze: (request, job) => withRuntimeErrors(job.signal, () => analyze(request, deps, job)),
    rebalance: (request, job) => withRuntimeErrors(job.signal, () => rebalanceDataset(request, deps, job)),
    explain: (request, job) => withRuntimeErrors(job.signal, () => explain(request, deps, job)),
    diff: (request, job) => withRuntimeErrors(job.signal, () => diff(request, deps, job)),
    verify: (request, job) => withRuntimeErrors(job.signal, () => verify(request, deps, job)),
    doctor: (request) => doctor(request, deps),
  };
}
