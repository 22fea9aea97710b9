import * as vscode from 'vscode';
import type { EngineHost } from '../engine/engineHost.ts';
import { datasetRequest } from './datasetRequest.ts';

/** Pixels of the longer side: a hover shows it beside a few lines of text. */
const side = 160;
/** Instances looked at for one with an image. */
const lookedAt = 50;
const keptThumbnails = 50;

/** The first picture of a dataset as a data URI. Nothing is written: a hover is no reason to leave a file behind. */
export class Thumbnails {
  readonly #engine: EngineHost;
  /** By dataset; undefined: there is none. */
  readonly #known = new Map<string, { readonly stamp: string; readonly picture: string | undefined }>();

  constructor(engine: EngineHost) {
    this.#engine = engine;
  }

  /** `stamp` changes with the file. Undefined where there is no picture, no engine or no patience (cancelled). */
  async of(dataset: vscode.Uri, stamp: string, token: vscode.CancellationToken): Promise<string | undefined> {
    // A hover may start the engine, but not one that just failed.
    if (dataset.scheme !== 'file' || !vscode.workspace.isTrusted || this.#engine.state.kind === 'failed') return undefined;
    const key = dataset.toString();
    const known = this.#known.get(key);
    if (known?.stamp === stamp) return known.picture;
    try {
      const picture = await this.#read(dataset, token);
      if (this.#known.size >= keptThumbnails) this.#known.clear();
      this.#known.set(key, { stamp, picture });
      return picture;
    } catch {
      return undefined; // a picture is a kindness: whoever opens the dataset learns what is wrong
    }
  }

  clear(): void {
    this.#known.clear();
  }

  async #read(dataset: vscode.Uri, token: vscode.CancellationToken): Promise<string | undefined> {
    const request = datasetRequest(dataset);
    const { rows } = await this.#engine.request('browse/first', { ...request, limit: lookedAt }, { token });
    const first = rows.find(({ images }) => images > 0);
    if (first === undefined) return undefined;
    const image = await this.#engine.request('instance/image', { ...request, instance: first.ordinal, side }, { token });
    return image.ok ? `data:image/jpeg;base64,${image.jpeg}` : undefined;
  }
}
