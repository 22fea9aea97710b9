interface PerformanceMarks {
  getMarks(): readonly { readonly name: string; readonly startTime: number }[];
}

/**
 * What the extension itself cost at activation, in ms, from the host's own marks: loading its code and its `activate`.
 * The rest of the wall time is VS Code's (storage, localisation, a workbench that is still painting). Undefined without marks.
 */
export function ownActivationMs(extensionId: string): number | undefined {
  const marks = (globalThis as { MonacoPerformanceMarks?: PerformanceMarks }).MonacoPerformanceMarks?.getMarks() ?? [];
  const at = (name: string): number => marks.find((mark) => mark.name === `code/extHost/${name}/${extensionId}`)?.startTime ?? Number.NaN;
  const ms = at('didLoadExtensionCode') - at('willLoadExtensionCode') + at('didActivateExtension') - at('willActivateExtension');
  return Number.isNaN(ms) ? undefined : ms;
}
