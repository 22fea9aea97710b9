import { defineConfig } from 'vitest/config';

const setupFiles = ['test/propertySeed.ts'];

export default defineConfig({
  root: new URL('..', import.meta.url).pathname,
  test: {
    projects: [
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts'], setupFiles, testTimeout: 60_000 } },
      // The built engine and command line: real processes, some under kill -9.
      { test: { name: 'engine', include: ['test/engine/**/*.test.ts'], setupFiles, testTimeout: 300_000, fileParallelism: false } },
      // A busy machine draws late: what is polled for is waited for.
      {
        test: {
          name: 'webview',
          include: ['test/webview/**/*.test.ts'],
          testTimeout: 120_000,
          fileParallelism: false,
          expect: { poll: { timeout: 15_000 } },
        },
      },
    ],
  },
});
