import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: new URL('..', import.meta.url).pathname,
  test: {
    projects: [
      // What is promised in milliseconds is tried once more where a busy machine took longer; the report says so.
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts'], testTimeout: 60_000, retry: 1 } },
      // The built engine and command line: real processes, some under kill -9.
      { test: { name: 'engine', include: ['test/engine/**/*.test.ts'], testTimeout: 300_000, fileParallelism: false, retry: 1 } },
      // A busy machine draws late: what is polled for is waited for, and what failed is tried again, which the report says.
      {
        test: {
          name: 'webview',
          include: ['test/webview/**/*.test.ts'],
          testTimeout: 120_000,
          fileParallelism: false,
          retry: 2,
          expect: { poll: { timeout: 15_000 } },
        },
      },
    ],
  },
});
