/** Fills `{0}`, `{1}` ... of a localised sentence. */
export function fillText(sentence: string, ...values: readonly string[]): string {
  return sentence.replace(/\{(\d+)\}/g, (whole, index: string) => values[Number(index)] ?? whole);
}
