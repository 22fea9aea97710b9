import { createHash } from 'node:crypto';
import type { Stats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { FileHashes } from './fileHashes.ts';
import { modelInvalid } from './modelInvalid.ts';

export const partNames = ['unet', 'vae_decoder', 'vae_encoder', 'text_encoder', 'controlnet', 'image_encoder'] as const;
export type PartName = (typeof partNames)[number];
/** Graph file of each part that the folder has. */
export type PartFiles = Readonly<Partial<Record<PartName, string>>>;

/** Folders whose small files decide what comes out, beside those of the parts. */
const otherFolders = ['scheduler', 'tokenizer', 'feature_extractor'];
/** Weights of other frameworks, which often lie beside the graphs. */
const foreign = /\.(safetensors|bin|ckpt|pt|pth|msgpack|h5|gguf)$/i;

/** Finds `<part>/model.onnx`, or the only graph of the part's folder. @throws EngineError `model.invalid` */
export async function findParts(folder: string): Promise<PartFiles> {
  const info = await stat(folder).catch(() => undefined);
  if (!info) throw modelInvalid(folder, 'does not exist. Name the folder of a diffusion model that was exported to ONNX.');
  if (!info.isDirectory()) throw modelInvalid(folder, 'is a file. Name the folder of a diffusion model that was exported to ONNX.');
  const parts: Partial<Record<PartName, string>> = {};
  for (const part of partNames) {
    const path = await graphOf(join(folder, part));
    if (path !== undefined) parts[part] = path;
  }
  return parts;
}

/** Folders of parts that only newer architectures have. */
const foreignParts = ['text_encoder_2', 'text_encoder_3', 'transformer', 'prior'];

/** A part of an architecture that this version cannot run; undefined when there is none. */
export async function findForeignPart(folder: string): Promise<string | undefined> {
  const names = await namesIn(folder);
  return foreignParts.find((part) => names.includes(part));
}

async function graphOf(folder: string): Promise<string | undefined> {
  const names = await namesIn(folder);
  const graphs = names.filter((name) => name.endsWith('.onnx'));
  if (graphs.includes('model.onnx')) return join(folder, 'model.onnx');
  if (graphs.length > 1)
    throw modelInvalid(folder, `holds several graphs (${graphs.join(', ')}) and none of them is model.onnx: keep one.`);
  if (graphs[0] !== undefined) return join(folder, graphs[0]);
  if (names.some((name) => foreign.test(name)))
    throw modelInvalid(folder, 'holds weights of PyTorch or another framework, but no graph: export the model to ONNX first.');
  return undefined;
}

export interface ModelContent {
  /** Of everything that decides what comes out: the files' names and hashes. */
  readonly sha256: string;
  readonly bytes: number;
}

export interface ReadingOptions {
  /** Hashes that are known already. */
  readonly hashes?: FileHashes;
  /** While the files are read, which takes as long as their disk. */
  onRead?(bytes: number, total: number): void;
}

/** Hashes all files of a model but those of other frameworks and what only describes it. @throws EngineError `run.cancelled` */
export async function hashModel(
  folder: string,
  signal: AbortSignal,
  { hashes = new FileHashes(), onRead }: ReadingOptions = {},
): Promise<ModelContent> {
  const names = ['model_index.json'];
  for (const name of [...partNames, ...otherFolders]) names.push(...(await namesIn(join(folder, name))).map((file) => `${name}/${file}`));
  const files: { readonly file: string; readonly info: Stats }[] = [];
  for (const file of names.filter((name) => !foreign.test(name)).sort()) {
    const info = await stat(join(folder, file)).catch(() => undefined); // links lead to the files of a download cache
    if (info?.isFile()) files.push({ file, info });
  }
  const bytes = files.reduce((sum, { info }) => sum + info.size, 0);
  const all = createHash('sha256');
  let read = 0;
  const onChunk = (size: number): void => {
    read += size;
    onRead?.(read, bytes);
  };
  for (const { file, info } of files) all.update(`${await hashes.of(join(folder, file), info, signal, onChunk)} ${file}\n`);
  return { sha256: all.digest('hex'), bytes };
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}
