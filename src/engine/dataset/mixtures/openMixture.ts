import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import type { Problem, ProblemCode } from '../../../protocol/dataset.ts';
import { EngineError } from '../../jobs/engineError.ts';
import type { JobContext } from '../../jobs/jobContext.ts';
import { hashOf } from '../../runs/artifacts.ts';
import { readNpy } from '../../runs/npy.ts';
import type { Dataset, DatasetPart } from '../dataset.ts';
import { countUsable, datasetPart } from '../datasetPart.ts';
import { type OpenedPart, openPart, type ReadingDeps } from '../partIndex.ts';
import { readSource } from '../sourceFile.ts';
import { partRoots } from './partRoots.ts';
import { filesOf } from './pathPattern.ts';
import { type MixtureEntry, readMixture, resolveInMixture } from './readMixture.ts';
import { sampledRange } from './sampling.ts';

export interface MixtureRequest {
  readonly path: string;
  /** Entry of a `dataset_info.json`. */
  readonly name: string | undefined;
  /** Declared image roots. */
  readonly imageRoots: readonly string[];
  readonly runDir: string;
}

interface Member {
  readonly opened: OpenedPart;
  readonly part: DatasetPart;
}

/** Opens all files of a mixture as one dataset. A file that is missing or unusable is a problem; the rest stays usable. */
export async function openMixture(request: MixtureRequest, deps: ReadingDeps, job: JobContext): Promise<Dataset> {
  const { path, runDir } = request;
  const started = performance.now();
  const bytes = await readSource(path);
  const mixture = readMixture(path, bytes.toString('utf8').replace(/^\ufeff/, ''), request.name);
  const problems: Problem[] = [];
  const members: Member[] = [];
  let firstOrdinal = 0;
  for (const entry of mixture.entries) {
    const about = (code: ProblemCode, message: string): number =>
      problems.push({ code, ordinal: -1, byteStart: 0, byteEnd: 0, line: lineOf(mixture.text, entry), message });
    if (entry.keptRule)
      about(
        'mixture.sampling',
        `"${entry.name}": ${entry.keptRule} is drawn at training time; all instances are read once, and the rule is kept in the output's mixture file.`,
      );
    if (entry.sampling?.kind === 'unknown')
      about(
        'mixture.sampling',
        `"${entry.name}": sampling_strategy ${JSON.stringify(entry.sampling.text)} is unknown; all instances are read.`,
      );
    const imageRoots = await partRoots(dirname(path), entry.root, request.imageRoots);
    for (const file of entry.pattern ? await filesOf(resolveInMixture(mixture, entry.pattern)) : []) {
      const opened = await openMember(file, runDir, entry, deps, job, (message) => about('mixture.missingFile', message));
      if (!opened) continue;
      const [indexFirst, end] = sampledRange(entry.sampling ?? { kind: 'all' }, opened.index.records);
      const part = datasetPart(opened, { imageRoots, firstOrdinal, indexFirst, records: end - indexFirst, name: entry.name });
      members.push({ opened, part });
      firstOrdinal += part.records;
    }
    if (!entry.pattern) about('mixture.missingFile', `"${entry.name}" names no file.`);
  }
  const [only] = members;
  // One dataset picked from dataset_info.json is that file, read by the names that the entry gives.
  const single = mixture.kind === 'llama-factory' && members.length === 1 ? only : undefined;
  if (mixture.kind === 'llama-factory' && !only) {
    throw new EngineError('dataset.notFound', problems[0]?.message ?? `"${request.name}" in ${path} names no file.`, { path });
  }
  const arrays = await joinArrays(members, firstOrdinal);
  const parts = members.map(({ part }) => part);
  const variants = new Set(parts.map((part) => part.view.variant));
  const [variant] = variants;
  const sha256 = createHash('sha256').update(bytes);
  for (const part of parts) sha256.update(part.sha256);
  const all = [...problems, ...members.flatMap(memberProblems)];
  return {
    path: single ? single.part.path : path,
    summary: single
      ? {
          path: single.part.path,
          bytes: single.part.bytes,
          sha256: single.part.sha256,
          format: single.part.kind,
          variant: single.part.view.variant,
        }
      : {
          path,
          bytes: bytes.length + parts.reduce((sum, part) => sum + part.bytes, 0),
          sha256: sha256.digest('hex'),
          format: 'mixture',
          variant: variants.size > 1 ? 'mixed' : (variant ?? 'unknown'),
        },
    identity: hashOf([
      'mixture',
      members.map(({ opened, part }) => [opened.artifact.inputHash, opened.artifact.parameterHash, part.indexFirst, part.records]),
    ]),
    parts,
    records: firstOrdinal,
    instances: countUsable(arrays.flags),
    ...arrays,
    problems: all,
    problemCounts: countProblems(problems, members),
    runDir,
    reused: members.every(({ opened }) => opened.artifact.reused),
    indexSeconds: (performance.now() - started) / 1000,
  };
}

async function openMember(
  file: string,
  runDir: string,
  entry: MixtureEntry,
  deps: ReadingDeps,
  job: JobContext,
  report: (message: string) => void,
): Promise<OpenedPart | undefined> {
  try {
    const opened = await openPart(file, runDir, entry.view, deps, job);
    if (opened.kind === 'part') return opened.part;
    report(`"${entry.name}": ${file} is a mixture itself, which is not followed.`);
  } catch (error) {
    const aboutTheFile = error instanceof EngineError && error.code.startsWith('dataset.') && error.code !== 'dataset.changed';
    if (!aboutTheFile) throw error;
    report(`"${entry.name}": ${error.message}`);
  }
  return undefined;
}

async function joinArrays(members: readonly Member[], records: number): Promise<Pick<Dataset, 'start' | 'end' | 'flags' | 'turns'>> {
  const arrays = {
    start: new Float64Array(records),
    end: new Float64Array(records),
    flags: new Uint8Array(records),
    turns: new Uint32Array(records),
  };
  for (const { part } of members) {
    const { firstOrdinal, indexFirst, indexFolder } = part;
    const last = indexFirst + part.records;
    arrays.start.set((await readNpy(join(indexFolder, 'start.npy'), '<f8')).subarray(indexFirst, last), firstOrdinal);
    arrays.end.set((await readNpy(join(indexFolder, 'end.npy'), '<f8')).subarray(indexFirst, last), firstOrdinal);
    arrays.flags.set((await readNpy(join(indexFolder, 'flags.npy'), '|u1')).subarray(indexFirst, last), firstOrdinal);
    arrays.turns.set((await readNpy(join(indexFolder, 'turns.npy'), '<u4')).subarray(indexFirst, last), firstOrdinal);
  }
  return arrays;
}

/** Problems of a part's own file, with ordinals of the mixture; those of records that the mixture leaves out are left out too. */
function memberProblems({ opened, part }: Member): Problem[] {
  const { firstOrdinal, indexFirst, records, path } = part;
  return opened.index.problems
    .filter(({ ordinal }) => ordinal < 0 || (ordinal >= indexFirst && ordinal < indexFirst + records))
    .map((problem) => ({ ...problem, ordinal: problem.ordinal < 0 ? -1 : problem.ordinal - indexFirst + firstOrdinal, file: path }));
}

function countProblems(own: readonly Problem[], members: readonly Member[]): Partial<Record<ProblemCode, number>> {
  const counts: Partial<Record<ProblemCode, number>> = {};
  const add = (code: ProblemCode, n: number): void => {
    counts[code] = (counts[code] ?? 0) + n;
  };
  for (const { code } of own) add(code, 1);
  for (const member of members) {
    const { index } = member.opened;
    if (member.part.records === index.records) for (const [code, n] of Object.entries(index.problemCounts)) add(code as ProblemCode, n);
    else for (const { code } of memberProblems(member)) add(code, 1);
  }
  return counts;
}

/** 1-based line of the mixture file that names the entry. */
function lineOf(text: string, { pattern, name }: MixtureEntry): number {
  const at = pattern ? text.indexOf(pattern) : text.indexOf(name);
  return at < 0 ? 1 : text.slice(0, at).split('\n').length;
}
