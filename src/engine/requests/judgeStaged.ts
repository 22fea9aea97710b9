import { readFile } from 'node:fs/promises';
import type { Dataset, Turn } from '../dataset/dataset.ts';
import type { EngineDeps } from '../engineDeps.ts';
import { parseLexicon, readLexiconText } from '../entities/lexicon.ts';
import { type JobContext, throwIfCancelled, yieldToLoop } from '../jobs/jobContext.ts';
import type { LanguageModel } from '../synthesis/endpoint/languageModel.ts';
import { CandidatePicture } from '../synthesis/gates/candidatePicture.ts';
import type { GateContext } from '../synthesis/gates/gate.ts';
import { lookBytes } from '../synthesis/gates/looks.ts';
import { Mentions } from '../synthesis/gates/mentions.ts';
import { wordsOf } from '../synthesis/gates/newText.ts';
import { PictureIndex } from '../synthesis/gates/pictureIndex.ts';
import { judgeCandidate } from '../synthesis/gates/table.ts';
import { obtainDatasetLooks } from '../synthesis/images/datasetLooks.ts';
import type { MadeCandidate } from '../synthesis/staging/events.ts';
import type { StagingFolder, StagingWriter } from '../synthesis/staging/stagingFolder.ts';
import { passedAll, type StagingState } from '../synthesis/staging/stagingState.ts';
import type { PreparedSynthesis } from './prepareSynthesis.ts';
import { readParent } from './readParent.ts';
import { imageIndexOf } from './synthesisInputs.ts';

interface JudgeCall {
  readonly dataset: Dataset;
  readonly prepared: PreparedSynthesis;
  readonly confirm: LanguageModel | undefined;
  readonly deps: EngineDeps;
  readonly job: JobContext;
  readonly folder: StagingFolder;
  readonly writer: StagingWriter;
  readonly lexicon: string | undefined;
}

/**
 * Judges the plan's candidates that nobody has judged, in the order of the plan whatever order they were made in: of two that repeat each
 * other the earlier stays, after a kill too.
 */
export async function judgeStaged(call: JudgeCall): Promise<StagingState> {
  const { dataset, prepared, job, folder, writer, deps } = call;
  const state = await folder.state();
  const waiting = prepared.items.flatMap(({ id }) => {
    const made = state.made(id);
    return made && !state.gates(id) ? [made] : [];
  });
  if (waiting.length === 0) return state;
  const peers = new Peers(state, folder, deps);
  const context = await contextOf(call, peers, waiting);
  for (const [done, made] of waiting.entries()) {
    throwIfCancelled(job);
    job.report({ stage: 'gates', done, total: waiting.length, unit: 'candidates' });
    const parent = await readParent(dataset, prepared, made.parent.ordinal);
    const candidate = {
      made,
      picture: made.image ? await pictureOf(folder, made.image.file, deps) : undefined,
      parent: {
        ordinal: made.parent.ordinal,
        turns: parent.view.turns,
        picture: parent.image && made.image ? new CandidatePicture(parent.image, '', deps.runtime.pictures) : undefined,
        imageIndex: imageIndexOf(prepared.images, prepared.instanceOf, made.parent.ordinal),
      },
    };
    const gates = await judgeCandidate(candidate, context);
    const look = await candidate.picture?.look();
    await writer.append([{ event: 'gated', id: made.id, gates, look: look ? Buffer.from(look.buffer).toString('base64') : null }]);
    if (passedAll(gates)) peers.add(made, look);
    await yieldToLoop();
  }
  job.report({ stage: 'gates', done: waiting.length, total: waiting.length, unit: 'candidates' });
  return folder.state();
}

/** Candidates that passed, which later ones must not repeat. */
class Peers {
  readonly #ids: string[] = [];
  readonly #texts = new Map<string, string>();
  readonly pictures: PictureIndex;

  constructor(state: StagingState, folder: StagingFolder, deps: EngineDeps) {
    this.pictures = new PictureIndex(
      new Int8Array(0),
      async (position) => {
        const file = state.made(this.#ids[position] ?? '')?.image?.file;
        return file === undefined ? undefined : pictureOf(folder, file, deps);
      },
      (position) => this.#ids[position] ?? '',
    );
    for (const id of state.ids) {
      const made = state.made(id);
      const look = state.look(id);
      if (made && passedAll(state.gates(id))) this.add(made, look === undefined ? undefined : new Int8Array(Buffer.from(look, 'base64')));
    }
  }

  add(made: MadeCandidate, look: Int8Array | undefined): void {
    if (made.turns) this.#texts.set(wordsOf(made.turns).join(' '), made.id);
    if (look?.length !== lookBytes) return;
    this.#ids.push(made.id);
    this.pictures.add(look);
  }

  sameText(turns: readonly Turn[]): string | undefined {
    return this.#texts.get(wordsOf(turns).join(' '));
  }
}

async function contextOf(call: JudgeCall, peers: Peers, waiting: readonly MadeCandidate[]): Promise<GateContext> {
  const { dataset, prepared, deps, job, confirm } = call;
  const { images, imageBytes } = prepared;
  const { pictures } = deps.runtime;
  const looks = waiting.some(({ image }) => image !== null)
    ? await obtainDatasetLooks({ runDir: dataset.runDir, list: images, bytes: imageBytes, pictures, job })
    : new Int8Array(0);
  const real = new PictureIndex(
    looks,
    async (position) => {
      const image = images.images[position];
      const bytes = image && (await imageBytes.read(image));
      return bytes && new CandidatePicture(bytes, '', pictures);
    },
    (position) => images.images[position]?.image ?? '',
  );
  const mentions = new Mentions(parseLexicon(await readLexiconText(deps.lexicon, call.lexicon)));
  return {
    pictures,
    dataset: real,
    candidates: peers.pictures,
    mentioned: (turns) => mentions.of(turns),
    sameText: (turns) => peers.sameText(turns),
    confirm,
    signal: job.signal,
  };
}

/** A staged picture; one whose file is gone is an empty one, which no gate passes. */
async function pictureOf(folder: StagingFolder, file: string, { runtime }: EngineDeps): Promise<CandidatePicture> {
  const bytes = await readFile(folder.fileOf(file)).catch(() => Buffer.alloc(0));
  return new CandidatePicture(bytes, file, runtime.pictures);
}
