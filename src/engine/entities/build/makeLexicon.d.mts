/** Writes `lexicon.json`, made of WordNet and the two lists beside the script. Deterministic. */
export declare function makeLexicon(options: { readonly outFile: string }): Promise<void>;
