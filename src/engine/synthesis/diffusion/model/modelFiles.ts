import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { cancelledError } from '../../../jobs/engineError.ts';
import { modelInvalid } from './modelInvalid.ts';

export const partNames = ['unet', 'vae_decoder', 'vae_encoder', 'text_encoder', 'controlnet', 'image_encoder'] as const;
export type PartName = (typeof partNames)[number];
/** Graph file of each part that the folder has. */
export type PartFiles = Readonly<Partial<Record<PartName, string>>>;

/** Folders whose small files decide what comes out, beside those of the parts. */
const otherFolders = ['scheduler', 'tokenizer', 'feature_extractor'];
/** Weights of other frameworks, which often lie beside the graphs. */
const foreign = /\.(safetensors|bin|ckpt|pt|pth|msgpack|h5|gguf)$/i;
/** Read in pieces large enough for the disk. */
const readBytes = 4 * 1024 * 1024;

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

/** Hashes all files of a model but those of other frameworks and what only describes it. @throws EngineError `run.cancelled` */
export async function hashModel(
  folder: string,
  signal: AbortSignal,
  onRead?: (bytes: number, total: number) => void,
): Promise<ModelContent> {
  const names = ['model_index.json'];
  for (const name of [...partNames, ...otherFolders]) names.push(...(await namesIn(join(folder, name))).map((file) => `${name}/${file}`));
  const files: string[] = [];
  let bytes = 0;
  for (const file of names.filter((name) => !foreign.test(name)).sort()) {
    const info = await stat(join(folder, file)).catch(() => undefined); // links lead to the files of a download cache
    if (!info?.isFile()) continue;
    bytes += info.size;
    files.push(file);
  }
  const all = createHash('sha256');
  let read = 0;
  const onChunk = (size: number): void => {
    read += size;
    onRead?.(read, bytes);
  };
  for (const file of files) all.update(`${await hashFile(join(folder, file), signal, onChunk)} ${file}\n`);
  return { sha256: all.digest('hex'), bytes };
}

async function hashFile(path: string, signal: AbortSignal, onChunk: (size: number) => void): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: readBytes })) {
    if (signal.aborted) throw cancelledError();
    hash.update(chunk as Buffer);
    onChunk((chunk as Buffer).length);
  }
  return hash.digest('hex');
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}
