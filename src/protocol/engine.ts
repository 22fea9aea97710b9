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
} from './browse.ts';
import type { ClusterReport, ClusterRequest } from './clustering.ts';
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
} from './clusters.ts';
import type { InspectReport } from './dataset.ts';
import type { DiffEntities, DiffEntitiesRequest, DiffInstances, DiffInstancesRequest } from './diff.ts';
import type {
  EntityInstances,
  EntityInstancesRequest,
  EntityPage,
  EntityPageRequest,
  InstanceRecord,
  ReadInstanceRequest,
} from './entities.ts';
import type { FeaturesReport, FeaturesRequest } from './features.ts';
import type { ReadPlanRequest, RebalancePlan, WritePlanRequest } from './plan.ts';
import type { Progress } from './progress.ts';
import type { AnalyzeReport, DiffReport, DoctorReport, RebalanceReport, Receipt, VerifyReport } from './reports.ts';
import type {
  AnalyzeRequest,
  DatasetRequest,
  DiffRequest,
  ExplainRequest,
  InitializeRequest,
  InitializeResult,
  InspectRequest,
  RebalanceRequest,
  VerifyRequest,
} from './requests.ts';
import type { DeleteRunRequest, ListRunsRequest, ReproduceReport, ReproduceRequest, RunList } from './runs.ts';
import type { SelectReport, SelectRequest, StrategyDeclaration } from './select.ts';
import type {
  ComposeReport,
  ComposeRequest,
  HostChatAnswer,
  HostChatRequest,
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
} from './synthesis.ts';
import type { WhatIfReport, WhatIfRequest } from './whatIf.ts';

/** Method name -> parameters and result, the whole wire between host and engine. Failures are `ErrorReport`s in the error's data. */
export interface EngineRequests {
  initialize: { params: InitializeRequest; result: InitializeResult };
  'dataset/inspect': { params: Job<InspectRequest>; result: InspectReport };
  'entities/analyze': { params: Job<AnalyzeRequest>; result: AnalyzeReport };
  'entities/page': { params: Job<EntityPageRequest>; result: EntityPage };
  'entities/instances': { params: Job<EntityInstancesRequest>; result: EntityInstances };
  'features/obtain': { params: Job<FeaturesRequest>; result: FeaturesReport };
  'selection/rebalance': { params: Job<RebalanceRequest>; result: RebalanceReport };
  'selection/select': { params: Job<SelectRequest>; result: SelectReport };
  'selection/strategies': { params: Record<string, never>; result: readonly StrategyDeclaration[] };
  'selection/frontier': { params: Job<FrontierRequest>; result: Frontier };
  'clustering/cluster': { params: Job<ClusterRequest>; result: ClusterReport };
  'clusters/known': { params: Job<DatasetRequest>; result: KnownClusterings };
  'clusters/list': { params: Job<ClusterListRequest>; result: ClusterList };
  'clusters/card': { params: Job<ClusterCardRequest>; result: ClusterCard };
  'clusters/members': { params: Job<ClusterMembersRequest>; result: ClusterMembersPage };
  'clusters/points': { params: Job<ClusterPointsRequest>; result: ClusterPoints };
  'clusters/lift': { params: Job<ClusterLiftRequest>; result: ClusterLift };
  'selection/whatIf': { params: Job<WhatIfRequest>; result: WhatIfReport };
  'plan/read': { params: Job<ReadPlanRequest>; result: RebalancePlan };
  'plan/write': { params: Job<WritePlanRequest>; result: null };
  'browse/first': { params: Job<FirstRowsRequest>; result: FirstRows };
  'browse/query': { params: Job<BrowseQuery>; result: BrowseResult };
  'browse/rows': { params: Job<BrowseRowsRequest>; result: BrowseRows };
  'browse/find': { params: Job<BrowseFindRequest>; result: { readonly position: number } };
  'instance/detail': { params: Job<InstanceDetailRequest>; result: InstanceDetail };
  'instance/image': { params: Job<InstanceImageRequest>; result: InstanceImage };
  'instance/explain': { params: Job<ExplainRequest>; result: Receipt };
  'instance/read': { params: Job<ReadInstanceRequest>; result: InstanceRecord };
  'dataset/diff': { params: Job<DiffRequest>; result: DiffReport };
  'synthesize/methods': { params: Record<string, never>; result: readonly MethodDeclaration[] };
  'synthesize/plan': { params: Job<SynthesizeRequest>; result: SynthesizeReport };
  'synthesize/run': { params: Job<SynthesizeRequest>; result: SynthesizeReport };
  'staging/list': { params: Job<ListStagingsRequest>; result: StagingList };
  'review/list': { params: Job<ReviewListRequest>; result: ReviewPage };
  'review/index': { params: Job<ReviewIndexRequest>; result: ReviewIndex };
  'review/candidates': { params: Job<ReviewCandidatesRequest>; result: ReviewCandidates };
  'review/source': { params: Job<ReviewSourceRequest>; result: ReviewSource };
  'review/image': { params: Job<ReviewImageRequest>; result: ReviewImage };
  'review/decide': { params: Job<ReviewDecideRequest>; result: ReviewDecision };
  'review/undo': { params: Job<ReviewUndoRequest>; result: ReviewDecision };
  'compose/run': { params: Job<ComposeRequest>; result: ComposeReport };
  'dataset/diffInstances': { params: Job<DiffInstancesRequest>; result: DiffInstances };
  'dataset/diffEntities': { params: Job<DiffEntitiesRequest>; result: DiffEntities };
  'run/verify': { params: Job<VerifyRequest>; result: VerifyReport };
  'run/reproduce': { params: Job<ReproduceRequest>; result: ReproduceReport };
  'runs/list': { params: Job<ListRunsRequest>; result: RunList };
  'runs/delete': { params: Job<DeleteRunRequest>; result: null };
  doctor: { params: Job<{ readonly path?: string }>; result: DoctorReport };
  shutdown: { params: Record<string, never>; result: null };
}

/** A request with the caller's id for its progress. */
export type Job<T> = T & { readonly jobId?: string };

export interface EngineNotifications {
  'job/progress': { readonly jobId: string; readonly progress: Progress };
  log: { readonly level: 'info' | 'warn' | 'error'; readonly message: string };
}

/** What the engine asks of its host while it serves a request; a host without language models answers with an error. */
export interface HostRequests {
  'host/chat': { params: HostChatRequest; result: HostChatAnswer };
}

/** JSON-RPC error code of a cancelled request (LSP's RequestCancelled). */
export const requestCancelled = -32800;
/** JSON-RPC error code of an `ErrorReport`. */
export const requestFailed = -32803;
