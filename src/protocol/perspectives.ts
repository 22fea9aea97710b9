/** The four views in which ADR looks for entities (CVPR 2025, section 3.1), in the order of the paper's main setting. */
export const perspectives = ['token', 'object', 'cooccurrence', 'interrogation'] as const;

export type Perspective = (typeof perspectives)[number];

/** Default mass per perspective: share of postings that the head holds (ADR, Table 1; LLaVA-665K). */
export const defaultMass: Readonly<Record<Perspective, number>> = {
  token: 0.9,
  object: 0.9,
  cooccurrence: 0.75,
  interrogation: 0.9,
};
