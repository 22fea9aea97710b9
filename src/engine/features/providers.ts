/** A source of features. */
export interface FeatureProvider {
  readonly name: string;
  /** English, for the command line. */
  readonly summary: string;
  /** What must be installed first; undefined when nothing. English, the end of "needs ...". */
  readonly needs?: string;
}

/** Every provider, the one without preconditions first. */
export const featureProviders: readonly FeatureProvider[] = [
  { name: 'builtin', summary: 'descriptors of colours, edges, brightness and words; needs no model' },
  { name: 'file', summary: 'a .npy file that you bring, one row per instance' },
  { name: 'clip', summary: 'CLIP image and text embeddings', needs: 'a CLIP model with image and text encoder' },
  { name: 'siglip', summary: 'SigLIP image and text embeddings', needs: 'a SigLIP model with image and text encoder' },
  {
    name: 'vlm',
    summary: 'activations of a small vision-language model, as the reference uses',
    needs: 'a small vision-language model with exposed attention outputs',
  },
];

export function featureProvider(name: string): FeatureProvider | undefined {
  return featureProviders.find((provider) => provider.name === name);
}
