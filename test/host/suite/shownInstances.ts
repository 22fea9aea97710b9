import type { DrawnInstances } from '../../../src/protocol/instancesPage.ts';
import { ballast } from './ballast.ts';

export type Shown = DrawnInstances & { readonly dataset: string };

/** What a page of the instance browser shows after `work`, as soon as it is as wanted. */
export async function shownAfter(
  work: () => Promise<unknown> | Thenable<unknown>,
  wanted: (shown: Shown) => boolean,
  limitMs = 60_000,
): Promise<Shown> {
  const api = await ballast();
  let last: Shown | undefined;
  let listener: { dispose(): unknown } | undefined;
  try {
    return await new Promise<Shown>((resolve, reject) => {
      listener = api.onDidShowInstances((shown) => {
        last = shown;
        if (wanted(shown)) resolve(shown);
      });
      setTimeout(() => reject(new Error(`the browser shows ${JSON.stringify(last)}`)), limitMs).unref();
      Promise.resolve(work()).catch(reject);
    });
  } finally {
    listener?.dispose();
  }
}
