import * as v from 'valibot';
import type { TokenizerFiles } from '../model/diffusionModel.ts';
import { modelInvalid } from '../model/modelInvalid.ts';
import { checked, readModelJson, readModelText } from '../model/modelJson.ts';
import { ClipTokenizer } from './clipTokenizer.ts';

type Vocabulary = Readonly<Record<string, number>>;

/** By hand: a schema of a record would leave out the tokens that are names of an object's own members. */
const vocabularyFile = v.custom<Vocabulary>(
  (input) => typeof input === 'object' && input !== null && Object.values(input).every((id) => Number.isInteger(id) && id >= 0),
  'not every token has an id',
);
const combinedFile = v.object({
  model: v.object({
    vocab: vocabularyFile,
    merges: v.array(v.union([v.string(), v.tuple([v.string(), v.string()])])),
  }),
});

/** Reads `vocab.json` and `merges.txt`, or `tokenizer.json` where they are missing. @throws EngineError `model.invalid` */
export async function readTokenizer(files: TokenizerFiles): Promise<ClipTokenizer> {
  const { vocabulary, merges, path } = await readParts(files);
  const pairs = merges.map((merge) => {
    const [left, right, ...more] = typeof merge === 'string' ? merge.split(' ') : merge;
    if (!left || !right || more.length > 0) throw modelInvalid(path, 'holds a line that is no pair of tokens.');
    return [left, right] as const;
  });
  try {
    return new ClipTokenizer({ vocabulary: new Map(Object.entries(vocabulary)), merges: pairs, length: files.length, pad: files.pad });
  } catch (error) {
    throw modelInvalid(files.vocabulary, `is no vocabulary of CLIP: ${error instanceof Error ? error.message : String(error)}.`, error);
  }
}

interface TokenizerParts {
  readonly vocabulary: Vocabulary;
  readonly merges: readonly (string | readonly [string, string])[];
  /** Where the merges were read. */
  readonly path: string;
}

async function readParts(files: TokenizerFiles): Promise<TokenizerParts> {
  const [vocabulary, text] = await Promise.all([readModelJson(files.vocabulary), readModelText(files.merges)]);
  if (vocabulary && text !== undefined) {
    const lines = text.split(/\r?\n/).filter((line) => line !== '' && !line.startsWith('#version'));
    return { vocabulary: checked(files.vocabulary, vocabularyFile, vocabulary), merges: lines, path: files.merges };
  }
  const combined = await readModelJson(files.combined);
  if (!combined)
    throw modelInvalid(vocabulary ? files.merges : files.vocabulary, 'is missing, and there is no tokenizer.json instead of it.');
  const { model } = checked(files.combined, combinedFile, combined);
  return { vocabulary: model.vocab, merges: model.merges, path: files.combined };
}
