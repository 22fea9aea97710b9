import type {
  BrowseFindRequest,
  BrowseQuery,
  BrowseResult,
  BrowseRows,
  BrowseRowsRequest,
  FirstRows,
  FirstRowsRequest,
  InstanceDetail,
  InstanceDetailRequest,
  InstanceImage,
  InstanceImageRequest,
} from '../protocol/browse.ts';
import type { ClusterReport, ClusterRequest } from '../protocol/clustering.ts';
import type {
  ClusterCard,
  ClusterCardRequest,
  ClusterLift,
  ClusterLiftRequest,
  ClusterList,
  ClusterListRequest,
  ClusterMembersPage,
  ClusterMembersRequest,
  ClusterPoints,
  ClusterPointsRequest,
  Frontier,
  FrontierRequest,
  KnownClusterings,
} from '../protocol/clusters.ts';
import type { InspectReport } from '../protocol/dataset.ts';
import type { DiffEntities, DiffEntitiesRequest, DiffInstances, DiffInstancesRequest } from '../protocol/diff.ts';
import type {
  EntityInstances,
  EntityInstancesRequest,
  EntityPage,
  EntityPageRequest,
  InstanceRecord,
  ReadInstanceRequest,
} from '../protocol/entities.ts';
import type { FeaturesReport, FeaturesRequest } from '../protocol/features.ts';
import type { ReadPlanRequest, RebalancePlan, WritePlanRequest } from '../protocol/plan.ts';
import type { AnalyzeReport, DiffReport, DoctorReport, RebalanceReport, Receipt, VerifyReport } from '../protocol/reports.ts';
import type {
  AnalyzeRequest,
  DatasetRequest,
  DiffRequest,
  ExplainRequest,
  InspectRequest,
  RebalanceRequest,
  VerifyRequest,
} from '../protocol/requests.ts';
import type { DeleteRunRequest, ListRunsRequest, ReproduceReport, ReproduceRequest, RunList } from '../protocol/runs.ts';
import type { SelectReport, SelectRequest, StrategyDeclaration } from '../protocol/select.ts';
import type {
  ComposeReport,
  ComposeRequest,
  ListStagingsRequest,
  MethodDeclaration,
  ReviewCandidates,
  ReviewCandidatesRequest,
  ReviewDecideRequest,
  ReviewDecision,
  ReviewImage,
  ReviewImageRequest,
  ReviewIndex,
  ReviewIndexRequest,
  ReviewListRequest,
  ReviewPage,
  ReviewSource,
  ReviewSourceRequest,
  ReviewUndoRequest,
  StagingList,
  SynthesizeReport,
  SynthesizeRequest,
} from '../protocol/synthesis.ts';
import type { WhatIfReport, WhatIfRequest } from '../protocol/whatIf.ts';
import type { EngineDeps } from './engineDeps.ts';
import type { JobContext } from './jobs/jobContext.ts';
import { analyze } from './requests/analyze.ts';
import { Browser } from './requests/browse/browser.ts';
import { browseFind } from './requests/browseFind.ts';
import { browseFirst } from './requests/browseFirst.ts';
import { browseQuery } from './requests/browseQuery.ts';
import { browseRows } from './requests/browseRows.ts';
import { clusterDataset } from './requests/cluster.ts';
import { clusterCard } from './requests/clusters/clusterCard.ts';
import { clusterLift } from './requests/clusters/clusterLift.ts';
import { ClusterLists } from './requests/clusters/clusterList.ts';
import { clusterMembers } from './requests/clusters/clusterMembers.ts';
import { clusterPoints } from './requests/clusters/clusterPoints.ts';
import { knownClusterings } from './requests/clusters/knownClusterings.ts';
import { ComparisonMemory } from './requests/comparisonMemory.ts';
import { compose } from './requests/compose.ts';
import { diff } from './requests/diff.ts';
import { diffEntities } from './requests/diffEntities.ts';
import { diffInstances } from './requests/diffInstances.ts';
import { doctor } from './requests/doctor.ts';
import { entityInstances } from './requests/entityInstances.ts';
import { entityPage } from './requests/entityPage.ts';
import { explain } from './requests/explain.ts';
import { ExplainMemory } from './requests/explainMemory.ts';
import { features } from './requests/features.ts';
import { FrontierMemory } from './requests/frontier.ts';
import { HotData } from './requests/hotData.ts';
import { inspect } from './requests/inspect.ts';
import { instanceDetail } from './requests/instanceDetail.ts';
import { instanceImage } from './requests/instanceImage.ts';
import { deleteRun, listRuns } from './requests/listRuns.ts';
import { readPlan, writePlan } from './requests/planFile.ts';
import { readInstance } from './requests/readInstance.ts';
import { rebalanceDataset } from './requests/rebalance.ts';
import { reproduce } from './requests/reproduce.ts';
import { reviewDecide, reviewUndo } from './requests/reviewDecide.ts';
import { reviewCandidates, reviewIndex, reviewList } from './requests/reviewList.ts';
import { reviewImage, reviewSource } from './requests/reviewSource.ts';
import { withRuntimeErrors } from './requests/runtimeErrors.ts';
import { selectCoreset } from './requests/select.ts';
import { listStagings } from './requests/stagings.ts';
import { synthesize } from './requests/synthesize.ts';
import { verify } from './requests/verify.ts';
import { WhatIfs } from './requests/whatIf/whatIfs.ts';
import { strategies } from './selection/strategies/table.ts';
import { FileHashes } from './synthesis/diffusion/model/fileHashes.ts';
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
  reviewIndex(request: ReviewIndexRequest, job: JobContext): Promise<ReviewIndex>;
  reviewCandidates(request: ReviewCandidatesRequest, job: JobContext): Promise<ReviewCandidates>;
  reviewSource(request: ReviewSourceRequest, job: JobContext): Promise<ReviewSource>;
  reviewImage(request: ReviewImageRequest, job: JobContext): Promise<ReviewImage>;
  reviewDecide(request: ReviewDecideRequest, job: JobContext): Promise<ReviewDecision>;
  reviewUndo(request: ReviewUndoRequest, job: JobContext): Promise<ReviewDecision>;
  compose(request: ComposeRequest, job: JobContext): Promise<ComposeReport>;
  whatIf(request: WhatIfRequest, job: JobContext): Promise<WhatIfReport>;
  explain(request: ExplainRequest, job: JobContext): Promise<Receipt>;
  diff(request: DiffRequest, job: JobContext): Promise<DiffReport>;
  diffInstances(request: DiffInstancesRequest, job: JobContext): Promise<DiffInstances>;
  diffEntities(request: DiffEntitiesRequest, job: JobContext): Promise<DiffEntities>;
  verify(request: VerifyRequest, job: JobContext): Promise<VerifyReport>;
  entityPage(request: EntityPageRequest, job: JobContext): Promise<EntityPage>;
  entityInstances(request: EntityInstancesRequest, job: JobContext): Promise<EntityInstances>;
  readInstance(request: ReadInstanceRequest, job: JobContext): Promise<InstanceRecord>;
  browseFirst(request: FirstRowsRequest, job: JobContext): Promise<FirstRows>;
  browseQuery(request: BrowseQuery, job: JobContext): Promise<BrowseResult>;
  browseRows(request: BrowseRowsRequest, job: JobContext): Promise<BrowseRows>;
  browseFind(request: BrowseFindRequest, job: JobContext): Promise<{ readonly position: number }>;
  instanceDetail(request: InstanceDetailRequest, job: JobContext): Promise<InstanceDetail>;
  instanceImage(request: InstanceImageRequest, job: JobContext): Promise<InstanceImage>;
  knownClusterings(request: DatasetRequest, job: JobContext): Promise<KnownClusterings>;
  clusterList(request: ClusterListRequest, job: JobContext): Promise<ClusterList>;
  clusterCard(request: ClusterCardRequest, job: JobContext): Promise<ClusterCard>;
  clusterMembers(request: ClusterMembersRequest, job: JobContext): Promise<ClusterMembersPage>;
  clusterPoints(request: ClusterPointsRequest, job: JobContext): Promise<ClusterPoints>;
  clusterLift(request: ClusterLiftRequest, job: JobContext): Promise<ClusterLift>;
  frontier(request: FrontierRequest, job: JobContext): Promise<Frontier>;
  readPlan(request: ReadPlanRequest, job: JobContext): Promise<RebalancePlan>;
  writePlan(request: WritePlanRequest, job: JobContext): Promise<null>;
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
  const hot = new HotData(deps);
  const browser = new Browser(deps, hot);
  const lists = new ClusterLists(browser.clusters);
  const frontiers = new FrontierMemory(deps, hot);
  const explained = new ExplainMemory(deps, hot);
  const whatIfs = new WhatIfs(deps, hot);
  const hashes = new FileHashes();
  const comparisons = new ComparisonMemory(deps, hot);
  return {
    inspect: (request, job) => withRuntimeErrors(job.signal, () => inspect(request, deps, job)),
    analyze: (request, job) => withRuntimeErrors(job.signal, () => analyze(request, deps, job)),
    rebalance: (request, job) => withRuntimeErrors(job.signal, () => rebalanceDataset(request, deps, job)),
    features: (request, job) => withRuntimeErrors(job.signal, () => features(request, deps, job)),
    cluster: (request, job) => withRuntimeErrors(job.signal, () => clusterDataset(request, deps, job)),
    select: (request, job) => withRuntimeErrors(job.signal, () => selectCoreset(request, deps, hot, job)),
    synthesize: (request, job) => withRuntimeErrors(job.signal, () => synthesize(request, deps, hashes, job)),
    listStagings: (request) => listStagings(request),
    reviewList: (request) => reviewList(request),
    reviewIndex: (request) => reviewIndex(request),
    reviewCandidates: (request) => reviewCandidates(request),
    reviewSource: (request, job) => withRuntimeErrors(job.signal, () => reviewSource(request, browser, job)),
    reviewImage: (request, job) => withRuntimeErrors(job.signal, () => reviewImage(request, browser, job)),
    reviewDecide: (request, job) => reviewDecide(request, job),
    reviewUndo: (request, job) => reviewUndo(request, job),
    compose: (request, job) => withRuntimeErrors(job.signal, () => compose(request, deps, job)),
    whatIf: (request, job) => withRuntimeErrors(job.signal, () => whatIfs.answer(request, job)),
    explain: (request, job) => withRuntimeErrors(job.signal, () => explain(request, explained, job)),
    diff: (request, job) => withRuntimeErrors(job.signal, () => diff(request, comparisons, job)),
    diffInstances: (request, job) => withRuntimeErrors(job.signal, () => diffInstances(request, comparisons, job)),
    diffEntities: (request, job) => withRuntimeErrors(job.signal, () => diffEntities(request, comparisons, job)),
    verify: (request, job) => withRuntimeErrors(job.signal, () => verify(request, deps, job)),
    entityPage: (request, job) => withRuntimeErrors(job.signal, () => entityPage(request, deps, hot, job)),
    entityInstances: (request, job) => withRuntimeErrors(job.signal, () => entityInstances(request, deps, hot, job)),
    readInstance: (request, job) => withRuntimeErrors(job.signal, () => readInstance(request, hot, job)),
    browseFirst: (request, job) => withRuntimeErrors(job.signal, () => browseFirst(request, browser, job)),
    browseQuery: (request, job) => withRuntimeErrors(job.signal, () => browseQuery(request, browser, job)),
    browseRows: (request, job) => withRuntimeErrors(job.signal, () => browseRows(request, browser, job)),
    browseFind: (request, job) => withRuntimeErrors(job.signal, () => browseFind(request, browser, job)),
    instanceDetail: (request, job) => withRuntimeErrors(job.signal, () => instanceDetail(request, browser, job)),
    instanceImage: (request, job) => withRuntimeErrors(job.signal, () => instanceImage(request, browser, job)),
    knownClusterings: (request, job) => withRuntimeErrors(job.signal, () => knownClusterings(request, hot, job)),
    clusterList: (request, job) => withRuntimeErrors(job.signal, () => lists.list(request, job)),
    clusterCard: (request, job) => withRuntimeErrors(job.signal, () => clusterCard(request, browser.clusters, job)),
    clusterMembers: (request, job) => withRuntimeErrors(job.signal, () => clusterMembers(request, browser.clusters, job)),
    clusterPoints: (request, job) => withRuntimeErrors(job.signal, () => clusterPoints(request, browser.clusters, job)),
    clusterLift: (request, job) => withRuntimeErrors(job.signal, () => clusterLift(request, browser.clusters, job)),
    frontier: (request, job) => withRuntimeErrors(job.signal, () => frontiers.answer(request, job)),
    readPlan: (request) => readPlan(request),
    writePlan: (request) => writePlan(request),
    reproduce: (request, job) => withRuntimeErrors(job.signal, () => reproduce(request, deps, hot, job)),
    listRuns: (request) => listRuns(request),
    deleteRun: (request) => deleteRun(request),
    doctor: (request) => doctor(request, deps),
  };
}
