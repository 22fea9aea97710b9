import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { SynthesisUsage, SynthesizeReport, SynthesizeRequest } from '../../protocol/synthesis.ts';
import type { Dataset } from '../dataset/dataset.ts';
import type { EngineDeps } from '../engineDeps.ts';
import { parseLexicon, readLexiconText } from '../entities/lexicon.ts';
import { EngineError } from '../jobs/engineError.ts';
import { type JobContext, throwIfCancelled } from '../jobs/jobContext.ts';
import { removeStaleTemporaries, writeFileAtomic } from '../runs/atomicFile.ts';
import { UnusableAnswer } from '../synthesis/endpoint/languageModel.ts';
import { LimitReached } from '../synthesis/endpoint/spending.ts';
import { ItemFailed, type MethodTools, type SynthesisItem } from '../synthesis/methods/method.ts';
import type { MadeCandidate } from '../synthesis/staging/events.ts';
import type { StagingFolder, StagingWriter } from '../synthesis/staging/stagingFolder.ts';
import type { StagingState } from '../synthesis/staging/stagingState.ts';
import { NounExchange } from '../synthesis/synonyms/exchangeable.ts';
import type { PreparedSynthesis } from './prepareSynthesis.ts';
import { readParent } from './readParent.ts';
import type { Makers } from './synthesisTools.ts';

/** Requests under way where the call does not say. */
const defaultConcurrency = 4;
/** Failures in a row, with no success between them, after which a call gives up: the model is down or not what it seems. */
const mostFailuresInARow = 8;
/** Failures listed in a report; the count is complete. */
const listedFailures = 50;

/** File extensions by format. */
const extensions: Readonly<Record<string, string>> = { jpeg: 'jpg', png: 'png', webp: 'webp', gif: 'gif', tiff: 'tif', avif: 'avif' };

export interface MakeCall {
  readonly request: SynthesizeRequest;
  readonly dataset: Dataset;
  readonly prepared: PreparedSynthesis;
  readonly makers: Makers;
  readonly deps: EngineDeps;
  readonly job: JobContext;
  readonly folder: StagingFolder;
  readonly writer: StagingWriter;
  readonly state: StagingState;
}

export interface MadeReport {
  readonly made: number;
  readonly failed: number;
  readonly failures: SynthesizeReport['failures'];
  readonly stopped: SynthesizeReport['stopped'];
  /** What ended the call early; thrown after what was made has been judged. */
  readonly error?: unknown;
}

/** Makes what is not staged yet, several at once; each is on the disk before the next of its lane is begun. */
export async function makeMissing(call: MakeCall): Promise<MadeReport> {
  const { prepared, makers, job, state, request, writer } = call;
  const missing = prepared.items.filter(({ id }) => !state.made(id));
  const tools = await toolsOf(call);
  const failures: SynthesizeReport['failures'][number][] = [];
  let made = 0;
  let failed = 0;
  let inARow = 0;
  let stopped: SynthesizeReport['stopped'] = null;
  let error: unknown;
  let next = 0;
  const total = prepared.items.length;
  const show = (latest?: { readonly id: string; readonly ordinal: number; readonly image?: string }): void =>
    job.report({
      stage: 'synthesize',
      done: total - missing.length + made + failed,
      total,
      unit: 'candidates',
      ...(latest ? { synthesis: latest } : {}),
    });
  show();
  const lane = async (): Promise<void> => {
    for (let i = next++; i < missing.length && stopped === null && error === undefined; i = next++) {
      const item = missing[i] as SynthesisItem;
      try {
        throwIfCancelled(job);
        makers.spending.assertRoom();
        const candidate = await makeOne(item, tools, call);
        made++;
        inARow = 0;
        show({ id: item.id, ordinal: item.ordinal, ...(candidate.image ? { image: call.folder.fileOf(candidate.image.file) } : {}) });
      } catch (thrown) {
        if (thrown instanceof LimitReached) stopped = thrown.limit;
        else if (thrown instanceof ItemFailed || thrown instanceof UnusableAnswer) {
          const failure = {
            ordinal: item.ordinal,
            code: thrown instanceof ItemFailed ? thrown.code : 'answer.unusable',
            message: thrown.message,
          };
          failed++;
          inARow++;
          if (failures.length < listedFailures) failures.push(failure);
          await writer.append([{ event: 'failed', id: item.id, ...failure }]);
          show();
          if (inARow >= mostFailuresInARow && makers.asks !== null)
            error ??= new EngineError(
              'synthesis.endpoint',
              `${makers.asks} failed ${inARow} times in a row: ${failure.message}. What was made is kept; the same command goes on.`,
              { endpoint: makers.asks },
            );
        } else error ??= thrown;
      }
    }
  };
  const lanes =
    makers.images || makers.chat ? (request.concurrency ?? defaultConcurrency) : makers.synthesizer ? 1 : Math.max(1, job.threads);
  await Promise.all(Array.from({ length: Math.min(lanes, Math.max(1, missing.length)) }, lane));
  throwIfCancelled(job);
  return { made, failed, failures, stopped, ...(error === undefined ? {} : { error }) };
}

async function toolsOf({ prepared, makers, deps, job, folder, request }: MakeCall): Promise<MethodTools> {
  const needsNouns = prepared.method.declaration.needs.includes('thesaurus');
  const previews = join(folder.path, 'previews');
  return {
    parameters: prepared.parameters,
    pictures: deps.runtime.pictures,
    chat: makers.chat,
    images: makers.images,
    synthesizer: makers.synthesizer,
    nouns: needsNouns ? new NounExchange(parseLexicon(await readLexiconText(deps.lexicon, request.lexicon))) : undefined,
    preview: (item, image, step, steps) => {
      // One file that is written over: a preview that comes late or not at all harms nothing.
      const path = join(previews, 'latest.png');
      void deps.runtime.pictures
        .encode(image.rgb, image.width, image.height)
        .then(async ({ bytes }) => {
          await mkdir(previews, { recursive: true });
          await writeFileAtomic(path, bytes);
          const synthesis = { id: item.id, ordinal: item.ordinal, image: path, step, steps };
          job.report({ stage: 'synthesize', done: 0, total: 0, unit: 'candidates', synthesis });
        })
        .catch(() => undefined);
    },
    signal: job.signal,
  };
}

async function makeOne(item: SynthesisItem, tools: MethodTools, call: MakeCall): Promise<MadeCandidate> {
  const { dataset, prepared, folder, writer, makers } = call;
  const started = performance.now();
  const parent = await readParent(dataset, prepared, item.ordinal);
  const parts = await prepared.method.make(item, parent, tools);
  const image = parts.image ? await writeImage(item.id, parts.image, folder, tools) : null;
  const key = Buffer.from(prepared.keys.subarray(item.ordinal * 16, item.ordinal * 16 + 16)).toString('hex');
  const candidate: MadeCandidate = {
    id: item.id,
    method: prepared.method.declaration.name,
    provider: prepared.provider,
    model: { name: makers.identity.model, hash: makers.identity.hash },
    parent: {
      ordinal: item.ordinal,
      id: parent.view.id,
      key,
      duplicate: prepared.duplicates[item.ordinal] ?? 0,
      image: parent.view.media.find(({ kind }) => kind === 'image')?.path ?? null,
      imageSha256: parent.image ? createHash('sha256').update(parent.image).digest('hex') : null,
    },
    copy: item.copy,
    targets: item.targets.map((target) => ({ ...target })),
    prompt: parts.prompt,
    seed: item.seed,
    parameters: parts.parameters,
    image,
    turns: parts.turns?.map(({ role, text }) => ({ role, text })) ?? null,
    usage: parts.usage as SynthesisUsage & MadeCandidate['usage'],
  };
  const seconds = Math.round(performance.now() - started) / 1000;
  await writer.append([{ event: 'made', seconds, candidate }]);
  return candidate;
}

/** The picture lies on the disk before the journal names it. What is no picture is not written. */
async function writeImage(
  id: string,
  bytes: Uint8Array,
  folder: StagingFolder,
  tools: Pick<MethodTools, 'pictures'>,
): Promise<NonNullable<MadeCandidate['image']>> {
  const head = await tools.pictures.head(bytes);
  const extension = head.ok ? extensions[head.format] : undefined;
  if (!head.ok || extension === undefined) throw new ItemFailed('image.undecodable', 'what the model made is no picture');
  const file = `images/${id}.${extension}`;
  const path = folder.fileOf(file);
  await mkdir(dirname(path), { recursive: true });
  await removeStaleTemporaries(path);
  await writeFileAtomic(path, bytes);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { file, sha256, bytes: bytes.byteLength, width: head.width, height: head.height };
}
