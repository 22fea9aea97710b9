import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Dataset } from '../dataset/dataset.ts';
import { cutShards, type RecordShard } from '../dataset/recordShard.ts';
import { type JobContext, throwIfCancelled, yieldToLoop } from '../jobs/jobContext.ts';
import { WorkerPool } from '../jobs/workerPool.ts';
import { type ArtifactAddress, type ArtifactKey, addressOf, hashOf, obtainArtifact, shardFolder } from '../runs/artifacts.ts';
import { writeFileAtomic } from '../runs/atomicFile.ts';
import { type EntityLists, listedPerspectives } from './entityLists.ts';
import type { ExtractTask } from './extractShard.ts';
import { type LexiconText, parseLexicon, readLexiconText } from './lexicon.ts';
import { mergeShards } from './mergeShards.ts';

/** Meaning of the extracted lists: raised with every change of a rule that changes a result. */
const extractorVersion = 1;
const taggerVersion = 'wink-nlp 2.4.0, wink-eng-lite-web-model 1.8.1';
/** With fewer records a worker's start costs more than it saves. */
const inlineRecords = 300;
/** Text per shard: two seconds of work at most, and some dozens of shards for any dataset that needs minutes. */
const largestShard = 4 * 1024 * 1024;
const smallestShard = 256 * 1024;
const wantedShards = 64;
/** Heap of a worker: the tagger's tables before it is renewed, its memory of turns, one shard. */
const workerHeapMb = 1024;
/** Measured: with 16 MB and less the copying of half-finished turns costs a quarter more CPU time. */
const workerYoungMb = 64;

export interface ExtractRequest {
  readonly dataset: Dataset;
  /** Bundled `worker.ts`. */
  readonly workerScript: string;
  /** `lexicon.json` of the build. */
  readonly lexiconPath: string;
  /** The user's lexicon file: extra object names and aliases. */
  readonly userLexiconPath?: string | undefined;
  readonly job: JobContext;
}

/**
 * Token, object and interrogation lists of every instance, extracted from the text of its turns; an artifact of stage `extract`.
 * The lists depend on the records, the lexicon and the extractor's version only, never on threads or timing. What a killed call had
 * finished of its shards is used again.
 */
export async function extractEntities(request: ExtractRequest): Promise<EntityLists> {
  const { dataset, job } = request;
  const lexicon = await readLexiconText(request.lexiconPath, request.userLexiconPath);
  const artifact = await obtainArtifact(dataset.runDir, {
    ...extractKey(dataset, lexicon),
    job,
    build: async (folder) => {
      const shards = [...cutShards(dataset, shardBytes(dataset))];
      const paths = await extractShards(shards, join(folder, shardFolder), lexicon, request);
      const text = await mergeShards(folder, paths, dataset.records, job);
      await writeFileAtomic(join(folder, 'lists.json'), `${JSON.stringify({ perspectives: listedPerspectives, text })}\n`);
    },
  });
  job.report({ stage: 'extract', done: dataset.records, total: dataset.records, unit: 'instances', reused: artifact.reused });
  return { artifact, source: 'extracted', perspectives: listedPerspectives };
}

/** Where the extracted lists of a dataset lie, built or not. */
export async function extractAddress(
  request: Pick<ExtractRequest, 'dataset' | 'lexiconPath' | 'userLexiconPath'>,
): Promise<ArtifactAddress> {
  const { dataset } = request;
  return addressOf(dataset.runDir, extractKey(dataset, await readLexiconText(request.lexiconPath, request.userLexiconPath)));
}

function extractKey(dataset: Dataset, lexicon: LexiconText): ArtifactKey {
  return {
    stage: 'extract',
    inputHash: dataset.identity,
    parameters: { extractor: extractorVersion, tagger: taggerVersion, lexicon: hashOf(lexicon.builtIn), userLexicon: hashOf(lexicon.user) },
  };
}

function shardBytes(dataset: Dataset): number {
  let total = 0;
  for (let i = 0; i < dataset.records; i++) total += (dataset.end[i] ?? 0) - (dataset.start[i] ?? 0);
  return Math.max(smallestShard, Math.min(largestShard, Math.ceil(total / wantedShards)));
}

/** Computes the shards that are missing. Returns the files of all shards, in order. */
async function extractShards(
  shards: readonly RecordShard[],
  folder: string,
  lexicon: LexiconText,
  request: ExtractRequest,
): Promise<string[]> {
  const { dataset, job } = request;
  await mkdir(folder, { recursive: true });
  const tasks = shards.map((shard): ExtractTask => ({ shard, path: join(folder, `shard-${String(shard.index).padStart(5, '0')}.bin`) }));
  const missing: ExtractTask[] = [];
  let done = 0;
  for (const task of tasks) {
    if (await exists(task.path)) done += task.shard.start.length;
    else missing.push(task);
  }
  const progress = (task: ExtractTask): void => {
    done += task.shard.start.length;
    job.report({ stage: 'extract', done, total: dataset.records, unit: 'instances' });
  };
  if (missing.length > 0)
    await (dataset.records < inlineRecords
      ? runInline(missing, lexicon, job, progress)
      : runInWorkers(missing, lexicon, request, progress));
  return tasks.map((task) => task.path);
}

async function runInline(
  tasks: readonly ExtractTask[],
  lexicon: LexiconText,
  job: JobContext,
  progress: (task: ExtractTask) => void,
): Promise<void> {
  // Loaded here: the tagger's model takes longer to load than most commands to run.
  const [{ extractShard }, { TurnAnalyzer }] = await Promise.all([import('./extractShard.ts'), import('./turnAnalyzer.ts')]);
  const analyzer = new TurnAnalyzer(parseLexicon(lexicon));
  for (const task of tasks) {
    throwIfCancelled(job);
    await extractShard(task, analyzer);
    progress(task);
    await yieldToLoop();
  }
}

async function runInWorkers(
  tasks: readonly ExtractTask[],
  lexicon: LexiconText,
  { workerScript, job }: ExtractRequest,
  progress: (task: ExtractTask) => void,
): Promise<void> {
  await using pool = new WorkerPool({
    script: workerScript,
    threads: Math.min(job.threads, tasks.length),
    signal: job.signal,
    workerData: lexicon,
    heapMb: workerHeapMb,
    youngMb: workerYoungMb,
  });
  await Promise.all(
    tasks.map(async (task) => {
      await pool.run('extract', task);
      progress(task);
    }),
  );
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}
