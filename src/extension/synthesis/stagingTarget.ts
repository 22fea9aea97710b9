/** The staging folder that a command's argument stands for: a row of the view, or an object that names it. */
export function stagingOf(target: unknown): string | undefined {
  if (typeof target !== 'object' || target === null || !('staging' in target)) return undefined;
  return typeof target.staging === 'string' && target.staging !== '' ? target.staging : undefined;
}
