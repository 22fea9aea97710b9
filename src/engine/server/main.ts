import { availableParallelism } from 'node:os';
import {
  type CancellationToken,
  createMessageConnection,
  ResponseError,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-jsonrpc/node';
import { type EngineNotifications, type EngineRequests, requestCancelled, requestFailed } from '../../protocol/engine.ts';
import type { ErrorReport } from '../../protocol/errors.ts';
import { protocolVersion } from '../../protocol/requests.ts';
import { ballastVersion } from '../../protocol/version.ts';
import { createEngine, methodDeclarations, strategyDeclarations } from '../createEngine.ts';
import { EngineError, toErrorReport } from '../jobs/engineError.ts';
import { type JobContext, throttleProgress } from '../jobs/jobContext.ts';
import { nodeEngineDeps } from '../nodeEngineDeps.ts';
import { hostLanguageModel } from './hostLanguageModel.ts';

/** The engine as a child process: JSON-RPC on standard input and output, people's text on standard error. */
const connection = createMessageConnection(new StreamMessageReader(process.stdin), new StreamMessageWriter(process.stdout));
const engine = createEngine({ ...nodeEngineDeps(__dirname), hostModel: (name) => hostLanguageModel(connection, name) });
let initialized = false;
/** Time for the answer of `shutdown` to leave the pipe. */
const shutdownGraceMs = 200;

type Method = keyof EngineRequests;

function notify<Name extends keyof EngineNotifications>(name: Name, payload: EngineNotifications[Name]): void {
  void connection.sendNotification(name, payload);
}

/** Serves one request of the map; a failure crosses the wire as an `ErrorReport`. */
function serve<Name extends Method>(
  name: Name,
  run: (params: EngineRequests[Name]['params'], job: JobContext) => Promise<EngineRequests[Name]['result']>,
): void {
  connection.onRequest(name, async (params: EngineRequests[Name]['params'], token: CancellationToken): Promise<unknown> => {
    const abort = new AbortController();
    const listener = token.onCancellationRequested(() => abort.abort());
    try {
      if (!initialized && name !== 'initialize') throw new EngineError('usage', `"${name}" was called before "initialize".`);
      return await run(params, jobOf(params, abort.signal));
    } catch (error) {
      const report = toErrorReport(error);
      if (report.code === 'internal') notify('log', { level: 'error', message: report.message });
      throw new ResponseError<ErrorReport>(report.code === 'run.cancelled' ? requestCancelled : requestFailed, report.message, report);
    } finally {
      listener.dispose();
    }
  });
}

function jobOf(params: object, signal: AbortSignal): JobContext {
  const jobId = 'jobId' in params && typeof params.jobId === 'string' ? params.jobId : undefined;
  return {
    signal,
    threads: availableParallelism(),
    report: throttleProgress((progress) => {
      if (jobId !== undefined) notify('job/progress', { jobId, progress });
    }),
    log: (level, message) => notify('log', { level, message }),
  };
}

serve('initialize', async (params) => {
  if (params.protocolVersion !== protocolVersion) {
    throw new EngineError(
      'usage',
      `This engine speaks protocol ${protocolVersion}, the editor ${params.protocolVersion}. Reload the window.`,
    );
  }
  initialized = true;
  return { protocolVersion, engineVersion: ballastVersion, pid: process.pid };
});
serve('dataset/inspect', (params, job) => engine.inspect(params, job));
serve('entities/analyze', (params, job) => engine.analyze(params, job));
serve('features/obtain', (params, job) => engine.features(params, job));
serve('selection/rebalance', (params, job) => engine.rebalance(params, job));
serve('selection/select', (params, job) => engine.select(params, job));
serve('selection/strategies', async () => strategyDeclarations());
serve('selection/frontier', (params, job) => engine.frontier(params, job));
serve('clustering/cluster', (params, job) => engine.cluster(params, job));
serve('synthesize/methods', async () => methodDeclarations());
serve('synthesize/plan', (params, job) => engine.synthesize({ ...params, dryRun: true }, job));
serve('synthesize/run', (params, job) => engine.synthesize({ ...params, dryRun: false }, job));
serve('staging/list', (params, job) => engine.listStagings(params, job));
serve('review/list', (params, job) => engine.reviewList(params, job));
serve('review/index', (params, job) => engine.reviewIndex(params, job));
serve('review/candidates', (params, job) => engine.reviewCandidates(params, job));
serve('review/source', (params, job) => engine.reviewSource(params, job));
serve('review/image', (params, job) => engine.reviewImage(params, job));
serve('review/decide', (params, job) => engine.reviewDecide(params, job));
serve('review/undo', (params, job) => engine.reviewUndo(params, job));
serve('compose/run', (params, job) => engine.compose(params, job));
serve('clusters/known', (params, job) => engine.knownClusterings(params, job));
serve('clusters/list', (params, job) => engine.clusterList(params, job));
serve('clusters/card', (params, job) => engine.clusterCard(params, job));
serve('clusters/members', (params, job) => engine.clusterMembers(params, job));
serve('clusters/points', (params, job) => engine.clusterPoints(params, job));
serve('clusters/lift', (params, job) => engine.clusterLift(params, job));
serve('selection/whatIf', (params, job) => engine.whatIf(params, job));
serve('instance/explain', (params, job) => engine.explain(params, job));
serve('dataset/diff', (params, job) => engine.diff(params, job));
serve('dataset/diffInstances', (params, job) => engine.diffInstances(params, job));
serve('dataset/diffEntities', (params, job) => engine.diffEntities(params, job));
serve('run/verify', (params, job) => engine.verify(params, job));
serve('entities/page', (params, job) => engine.entityPage(params, job));
serve('entities/instances', (params, job) => engine.entityInstances(params, job));
serve('instance/read', (params, job) => engine.readInstance(params, job));
serve('browse/first', (params, job) => engine.browseFirst(params, job));
serve('browse/query', (params, job) => engine.browseQuery(params, job));
serve('browse/rows', (params, job) => engine.browseRows(params, job));
serve('browse/find', (params, job) => engine.browseFind(params, job));
serve('instance/detail', (params, job) => engine.instanceDetail(params, job));
serve('instance/image', (params, job) => engine.instanceImage(params, job));
serve('plan/read', (params, job) => engine.readPlan(params, job));
serve('plan/write', (params, job) => engine.writePlan(params, job));
serve('run/reproduce', (params, job) => engine.reproduce(params, job));
serve('runs/list', (params, job) => engine.listRuns(params, job));
serve('runs/delete', (params, job) => engine.deleteRun(params, job));
serve('doctor', (params, job) => engine.doctor(params, job));
serve('shutdown', async () => {
  // The host closes standard input after this answer; the timer is for hosts that do not.
  setTimeout(() => process.exit(0), shutdownGraceMs).unref();
  return null;
});

// The host is gone: nothing of ours may outlive it.
connection.onClose(() => process.exit(0));
process.stdin.on('end', () => process.exit(0));
connection.listen();
