import type { Runtime } from './runtime/contracts.ts';

/** What the engine needs from its surroundings. */
export interface EngineDeps {
  /** Native modules behind interfaces; nothing is loaded before its first use. */
  readonly runtime: Runtime;
  /** Bundled worker scripts. */
  readonly scripts: { readonly dataset: string; readonly entities: string; readonly clustering: string; readonly selection: string };
  /** Lexicon of concrete nouns, made by the build. */
  readonly lexicon: string;
}
