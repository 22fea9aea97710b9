/** Execution providers worth trying for inference, best first; no timings back the order yet. The processor is always the last. */
const ladders: Readonly<Record<string, readonly string[]>> = {
  'linux-x64': ['cuda', 'webgpu'],
  'win32-x64': ['dml', 'webgpu'],
  'win32-arm64': ['dml', 'webgpu'],
  'darwin-arm64': ['webgpu', 'coreml'],
};

export function providerLadder(platform = process.platform, arch = process.arch): readonly string[] {
  return [...(ladders[`${platform}-${arch}`] ?? []), 'cpu'];
}
