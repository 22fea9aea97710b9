import type { InspectReport } from './dataset.ts';
import type { Progress } from './progress.ts';
import type { AnalyzeReport, DiffReport, DoctorReport, RebalanceReport, Receipt, VerifyReport } from './reports.ts';
import type {
  AnalyzeRequest,
  DiffRequest,
  ExplainRequest,
  InitializeRequest,
  InitializeResult,
  InspectRequest,
  RebalanceRequest,
  VerifyRequest,
} from './requests.ts';

/** Method name -> parameters and result, the whole wire between host and engine. Failures are `ErrorReport`s in the error's data. */
export interface EngineRequests {
  initialize: { params: InitializeRequest; result: InitializeResult };
  'dataset/inspect': { params: Job<InspectRequest>; result: InspectReport };
  'entities/analyze': { params: Job<AnalyzeRequest>; result: AnalyzeReport };
  'selection/rebalance': { params: Job<RebalanceRequest>; result: RebalanceReport };
  'instance/explain': { params: Job<ExplainRequest>; result: Receipt };
  'dataset/diff': { params: Job<DiffRequest>; result: DiffReport };
  'run/verify': { params: Job<VerifyRequest>; result: VerifyReport };
  doctor: { params: Job<{ readonly path?: string }>; result: DoctorReport };
  shutdown: { params: Record<string, never>; result: null };
}

/** A request with the caller's id for its progress. */
export type Job<T> = T & { readonly jobId?: string };

export interface EngineNotifications {
  'job/progress': { readonly jobId: string; readonly progress: Progress };
  log: { readonly level: 'info' | 'warn' | 'error'; readonly message: string };
}

/** JSON-RPC error code of a cancelled request (LSP's RequestCancelled). */
export const requestCancelled = -32800;
/** JSON-RPC error code of an `ErrorReport`. */
export const requestFailed = -32803;
