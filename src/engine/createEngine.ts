import type { ClusterReport, ClusterRequest } from '../protocol/clustering.ts';
import type { InspectReport } from '../protocol/dataset.ts';
import type {
  EntityInstances,
  EntityInstancesRequest,
  EntityPage,
  EntityPageRequest,
  InstanceRecord,
  ReadInstanceRequest,
} from '../protocol/entities.ts';
import type { FeaturesReport, FeaturesRequest } from '../protocol/features.ts';
import type { AnalyzeReport, DiffReport, DoctorReport, RebalanceReport, Receipt, VerifyReport } from '../protocol/reports.ts';
import type { AnalyzeRequest, DiffRequest, ExplainRequest, InspectRequest, RebalanceRequest, VerifyRequest } from '../protocol/requests.ts';
import type { DeleteRunRequest, ListRunsRequest, ReproduceReport, ReproduceRequest, RunList } from '../protocol/runs.ts';
import type { SelectReport, SelectRequest, StrategyDeclaration } from '../protocol/select.ts';
import type {
  ComposeReport,
  ComposeRequest,
  ListStagingsRequest,
  MethodDeclaration,
  ReviewDecideRequest,
  ReviewDecision,
  ReviewImage,
  ReviewImageRequest,
  ReviewListRequest,
  ReviewPage,
  ReviewSource,
  ReviewSourceRequest,
  ReviewUndoRequest,
  StagingList,
  SynthesizeReport,
  SynthesizeRequest,
} from '../protocol/synthesis.ts';
import type { EngineDeps } from './engineDeps.ts';
import type { JobContext } from './jobs/jobContext.ts';
import { analyze } from './requests/analyze.ts';
import { clusterDataset } from './requests/cluster.ts';
import { compose } from './requests/compose.ts';
import { diff } from './requests/diff.ts';
import { doctor } from './requests/doctor.ts';
import { entityInstances } from './requests/entityInstances.ts';
import { entityPage } from './requests/entityPage.ts';
import { explain } from './requests/explain.ts';
import { features } from './requests/features.ts';
import { inspect } from './requests/inspect.ts';
import { deleteRun, listRuns } from './requests/listRuns.ts';
import { readInstance } from './requests/readInstance.ts';
import { rebalanceDataset } from './requests/rebalance.ts';
import { reproduce } from './requests/reproduce.ts';
import { reviewDecide, reviewImage, reviewList, reviewSource, reviewUndo } from './requests/review.ts';
import { withRuntimeErrors } from './requests/runtimeErrors.ts';
import { selectCoreset } from './requests/select.ts';
import { listStagings } from './requests/stagings.ts';
import { synthesize } from './requests/synthesize.ts';
import { verify } from './requests/verify.ts';
import { strategies } from './selection/strategies/table.ts';
import { methods } from './synthesis/methods/table.ts';

/** The engine: one method per request. Every method can be cancelled, resumes, and throws `EngineError`. */
export interface Engine {
  inspect(request: InspectRequest, job: JobContext): Promise<InspectReport>;
  analyze(request: AnalyzeRequest, job: JobContext): Promise<AnalyzeReport>;
  rebalance(request: RebalanceRequest, job: JobContext): Promise<RebalanceReport>;
  features(request: FeaturesRequest, job: JobContext): Promise<FeaturesReport>;
  cluster(request: ClusterRequest, job: JobContext): Promise<ClusterReport>;
  select(request: SelectRequest, job: JobContext): Promise<SelectReport>;
  synthesize(request: SynthesizeRequest, job: JobContext): Promise<SynthesizeReport>;
  listStagings(request: ListStagingsRequest, job: JobContext): Promise<StagingList>;
  reviewList(request: ReviewListRequest, job: JobContext): Promise<ReviewPage>;
  reviewSource(request: ReviewSourceRequest, job: JobContext): Promise<ReviewSource>;
  reviewImage(request: ReviewImageRequest, job: JobContext): Promise<ReviewImage>;
  reviewDecide(request: ReviewDecideRequest, job: JobContext): Promise<ReviewDecision>;
  reviewUndo(request: ReviewUndoRequest, job: JobContext): Promise<ReviewDecision>;
  compose(request: ComposeRequest, job: JobContext): Promise<ComposeReport>;
  explain(request: ExplainRequest, job: JobContext): Promise<Receipt>;
  diff(request: DiffRequest, job: JobContext): Promise<DiffReport>;
  verify(request: VerifyRequest, job: JobContext): Promise<VerifyReport>;
  entityPage(request: EntityPageRequest, job: JobContext): Promise<EntityPage>;
  entityInstances(request: EntityInstancesRequest, job: JobContext): Promise<EntityInstances>;
  readInstance(request: ReadInstanceRequest, job: JobContext): Promise<InstanceRecord>;
  reproduce(request: ReproduceRequest, job: JobContext): Promise<ReproduceReport>;
  listRuns(request: ListRunsRequest, job: JobContext): Promise<RunList>;
  deleteRun(request: DeleteRunRequest, job: JobContext): Promise<null>;
  doctor(request: { readonly path?: string }, job: JobContext): Promise<DoctorReport>;
}

/** What every strategy of `select` reads and needs: help, validation and picker come from it. */
export function strategyDeclarations(): readonly StrategyDeclaration[] {
  return strategies.map(({ declaration }) => declaration);
}

/** What every method of `synthesize` reads and needs, like `strategyDeclarations`. */
export function methodDeclarations(): readonly MethodDeclaration[] {
  return methods.map(({ declaration }) => declaration);
}

export function createEngine(deps: EngineDeps): Engine {
  return {
    inspect: (request, job) => withRuntimeErrors(job.signal, () => inspect(request, deps, job)),
    analyze: (request, job) => withRuntimeErrors(job.signal, () => analyze(request, deps, job)),
    rebalance: (request, job) => withRuntimeErrors(job.signal, () => rebalanceDataset(request, deps, job)),
    features: (request, job) => withRuntimeErrors(job.signal, () => features(request, deps, job)),
    cluster: (request, job) => withRuntimeErrors(job.signal, () => clusterDataset(request, deps, job)),
    select: (request, job) => withRuntimeErrors(job.signal, () => selectCoreset(request, deps, job)),
    synthesize: (request, job) => withRuntimeErrors(job.signal, () => synthesize(request, deps, job)),
    listStagings: (request) => listStagings(request),
    reviewList: (request) => reviewList(request),
    reviewSource: (request, job) => withRuntimeErrors(job.signal, () => reviewSource(request, deps, job)),
    reviewImage: (request, job) => withRuntimeErrors(job.signal, () => reviewImage(request, deps, job)),
    reviewDecide: (request, job) => reviewDecide(request, job),
    reviewUndo: (request, job) => reviewUndo(request, job),
    compose: (request, job) => withRuntimeErrors(job.signal, () => compose(request, deps, job)),
    explain: (request, job) => withRuntimeErrors(job.signal, () => explain(request, deps, job)),
    diff: (request, job) => withRuntimeErrors(job.signal, () => diff(request, deps, job)),
    verify: (request, job) => withRuntimeErrors(job.signal, () => verify(request, deps, job)),
    entityPage: (request, job) => withRuntimeErrors(job.signal, () => entityPage(request, deps, job)),
    entityInstances: (request, job) => withRuntimeErrors(job.signal, () => entityInstances(request, deps, job)),
    readInstance: (request, job) => withRuntimeErrors(job.signal, () => readInstance(request, deps, job)),
    reproduce: (request, job) => withRuntimeErrors(job.signal, () => reproduce(request, deps, job)),
    listRuns: (request) => listRuns(request),
    deleteRun: (request) => deleteRun(request),
    doctor: (request) => doctor(request, deps),
  };
}
