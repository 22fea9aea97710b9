import type { Runtime } from './runtime/contracts.ts';
import type { LanguageModel } from './synthesis/endpoint/languageModel.ts';
import type { OpenImageSynthesizer } from './synthesis/images/imageSynthesizer.ts';

/** What the engine needs from its surroundings. */
export interface EngineDeps {
  /** Native modules behind interfaces; nothing is loaded before its first use. */
  readonly runtime: Runtime;
  /** Bundled worker scripts. */
  readonly scripts: { readonly dataset: string; readonly entities: string; readonly clustering: string; readonly selection: string };
  /** Lexicon of concrete nouns, made by the build. */
  readonly lexicon: string;
  /** Synonyms of nouns, made by the build. */
  readonly thesaurus: string;
  /** Opens local image models; absent where they are not part of the build. */
  readonly openSynthesizer?: OpenImageSynthesizer;
  /** A language model that the engine's host offers (the editor's own); absent where the host has none. */
  readonly hostModel?: (name: string) => LanguageModel;
}
