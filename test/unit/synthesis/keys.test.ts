import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { makersOf } from '../../../src/engine/requests/synthesisTools.ts';
import { resolveMethodParameters } from '../../../src/engine/synthesis/methods/parameters.ts';
import { methodOf } from '../../../src/engine/synthesis/methods/table.ts';
import type { SynthesizeRequest } from '../../../src/protocol/synthesis.ts';

/** Two servers of different origins: one draws, one writes. */
let servers: readonly Server[] = [];
let heard: (string | undefined)[] = [];
const addressOf = (which: 0 | 1): string => `http://127.0.0.1:${(servers[which]?.address() as AddressInfo | undefined)?.port}/v1`;

beforeAll(async () => {
  servers = [0, 1].map(() =>
    createServer((request, response) => {
      heard.push(request.headers.authorization);
      request
        .resume()
        .on('end', () => response.end(JSON.stringify({ choices: [{ message: { content: 'A cat.' }, finish_reason: 'stop' }] })));
    }),
  );
  await Promise.all(servers.map((server) => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))));
});
afterAll(() => {
  for (const server of servers) server.close();
});
afterEach(() => vi.unstubAllEnvs());

/** The header that the model that writes gets. */
async function writerHears(more: Partial<SynthesizeRequest>): Promise<string | undefined> {
  heard = [];
  const method = methodOf('text-to-image');
  const request: SynthesizeRequest = {
    dataset: '/d',
    method: 'text-to-image',
    provider: 'endpoint',
    count: 1,
    text: 'caption',
    endpoint: addressOf(0),
    model: 'draws',
    textEndpoint: addressOf(1),
    textModel: 'writes',
    ...more,
  };
  const parameters = resolveMethodParameters(method.declaration.name, method.declaration.parameters, request);
  const makers = await makersOf(request, method, parameters, {} as Parameters<typeof makersOf>[3], {
    signal: new AbortController().signal,
    threads: 1,
    report: () => undefined,
    log: () => undefined,
  });
  const options = { maxTokens: 9, temperature: 0, seed: 1, signal: new AbortController().signal };
  await makers.chat?.chat([{ role: 'user', text: 'hello' }], options, (text) => text);
  expect(heard).toHaveLength(1);
  return heard[0];
}

describe('a stored key', () => {
  it('goes to the origin that it is of, and to no other', async () => {
    vi.stubEnv('BALLAST_API_KEY', undefined);
    expect(await writerHears({ apiKey: 'sk-drawing-key-0001' })).toBeUndefined();
    expect(await writerHears({ apiKey: 'sk-drawing-key-0001', textApiKey: 'sk-writing-key-0002' })).toBe('Bearer sk-writing-key-0002');
    const same = { textEndpoint: addressOf(0) };
    expect(await writerHears({ apiKey: 'sk-drawing-key-0001', ...same })).toBe('Bearer sk-drawing-key-0001');
  });

  it('of another origin leaves the one of the environment in its place', async () => {
    vi.stubEnv('BALLAST_API_KEY', 'sk-environment-0003');
    expect(await writerHears({})).toBe('Bearer sk-environment-0003');
    expect(await writerHears({ apiKey: 'sk-drawing-key-0001' })).toBe('Bearer sk-environment-0003');
  });
});
