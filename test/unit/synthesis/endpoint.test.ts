import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { EngineError } from '../../../src/engine/jobs/engineError.ts';
import { chatEndpoint } from '../../../src/engine/synthesis/endpoint/chatEndpoint.ts';
import { endpointBase } from '../../../src/engine/synthesis/endpoint/endpointClient.ts';
import { imagesEndpoint } from '../../../src/engine/synthesis/endpoint/imagesEndpoint.ts';
import { UnusableAnswer } from '../../../src/engine/synthesis/endpoint/languageModel.ts';
import { Secret, safeExcerpt } from '../../../src/engine/synthesis/endpoint/secret.ts';
import { LimitReached, Spending } from '../../../src/engine/synthesis/endpoint/spending.ts';
import type { SynthesisLimits } from '../../../src/protocol/synthesis.ts';

const key = 'sk-very-secret-0123456789';
type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => void;
let server: Server | undefined;
let requests: { readonly at: number; readonly authorization: string | undefined; readonly body: string }[] = [];

/** A server that answers its n-th request by the n-th handler, the last one from then on. */
async function serve(...handlers: Handler[]): Promise<URL> {
  requests = [];
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      const handler = handlers[Math.min(requests.length, handlers.length - 1)];
      requests.push({ at: performance.now(), authorization: request.headers.authorization, body });
      handler?.(request, response, body);
    });
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return endpointBase(`http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`);
}
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

const say =
  (content: string, more: object = {}): Handler =>
  (_, response) =>
    response.setHeader('content-type', 'application/json').end(
      JSON.stringify({
        choices: [{ message: { role: 'assistant', content }, finish_reason: 'stop', ...more }],
        usage: { prompt_tokens: 11, completion_tokens: 7 },
      }),
    );
const status =
  (code: number, body = '', headers: Readonly<Record<string, string>> = {}): Handler =>
  (_, response) =>
    response.writeHead(code, headers).end(body);
const raw =
  (text: string): Handler =>
  (_, response) =>
    response.end(text);

function ask(
  base: URL,
  limits: SynthesisLimits = {},
  accept: (text: string) => string = (text) => text,
  signal = new AbortController().signal,
) {
  const spending = new Spending(limits);
  const model = chatEndpoint({ base, secret: new Secret(key), limits: { attempts: 3, timeout: 2, ...limits }, spending }, 'm');
  const answer = model.chat([{ role: 'user', text: 'hello' }], { maxTokens: 50, temperature: 0, seed: 5, signal }, accept);
  return { answer, spending, model };
}

describe('a chat endpoint', () => {
  it('answers', async () => {
    const { answer, spending } = ask(await serve(say('  Hello.  ')));
    expect(await answer).toEqual({ value: 'Hello.', usage: { requests: 1, inputTokens: 11, outputTokens: 7, images: 0 } });
    expect(spending.usage).toMatchObject({ requests: 1, inputTokens: 11 });
    expect(JSON.parse(requests[0]?.body ?? '')).toMatchObject({ model: 'm', max_tokens: 50, stream: false });
    expect(requests[0]?.authorization).toBe(`Bearer ${key}`);
  });

  it.each<readonly [string, Handler]>([
    ['500', status(500, 'oops')],
    ['503 with HTML', status(503, '<html>')],
    ['429', status(429, 'slow down')],
    ['malformed JSON', raw('{"choices":[')],
    ['another schema', raw('{"result":"ok"}')],
    ['no choice', raw('{"choices":[]}')],
    ['an empty answer', say('   ')],
    ['an answer that was cut off', say('Hel', { finish_reason: 'length' })],
    ['a withheld answer', say('x', { finish_reason: 'content_filter' })],
    [
      'a truncated body',
      (_, response) => {
        response.writeHead(200, { 'content-length': '500' });
        response.write('{"choices":[{"mess');
        setTimeout(() => response.destroy(), 20);
      },
    ],
    ['a broken connection', (request) => request.socket.destroy()],
  ])('is asked again after %s', async (_name, handler) => {
    const base = await serve(handler, handler, say('Third.'));
    expect((await ask(base).answer).value).toBe('Third.');
    expect(requests).toHaveLength(3);
  });

  it('is given up after the last attempt, with the reason and no more', async () => {
    const failed = await ask(await serve(status(500, `key ${key} is bad`))).answer.catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(UnusableAnswer);
    expect(String(failed)).toMatch(/answered 500.*3 attempts/);
    expect(String(failed)).not.toContain(key);
  });

  it('waits as long as Retry-After says, in seconds or as a date', async () => {
    await ask(await serve(status(429, '', { 'retry-after': '1' }), say('ok'))).answer;
    expect((requests[1]?.at ?? 0) - (requests[0]?.at ?? 0)).toBeGreaterThan(950);
    server?.close();
    const date = new Date(Date.now() + 2000).toUTCString();
    await ask(await serve(status(503, '', { 'retry-after': date }), say('ok'))).answer;
    expect((requests[1]?.at ?? 0) - (requests[0]?.at ?? 0)).toBeGreaterThan(500);
  });

  it('is not waited for longer than ten minutes', async () => {
    await expect(ask(await serve(status(429, '', { 'retry-after': '86400' }))).answer).rejects.toMatchObject({
      code: 'synthesis.endpoint',
    });
    expect(requests).toHaveLength(1);
  });

  it('times out, also in the middle of a slow stream', async () => {
    const silent: Handler = () => undefined;
    const slow: Handler = (_, response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write(' '), 50);
      response.on('close', () => clearInterval(timer));
    };
    const started = performance.now();
    expect((await ask(await serve(silent, slow, say('ok')), { timeout: 0.4 }).answer).value).toBe('ok');
    expect(performance.now() - started).toBeLessThan(5000);
  });

  it('cannot flood the memory', async () => {
    const flood: Handler = (_, response) => {
      response.writeHead(200);
      const chunk = 'x'.repeat(1 << 20);
      const push = (): void => {
        while (!response.destroyed && response.write(chunk));
        if (!response.destroyed) response.once('drain', push);
      };
      push();
    };
    const failed = await ask(await serve(flood)).answer.catch((error: unknown) => error);
    expect(String(failed)).toContain('more than');
    expect(requests).toHaveLength(1);
  });

  it.each([
    [401, 'Is the key right?'],
    [403, 'Is the key right?'],
    [404, 'Are address and model right?'],
    [302, 'redirects'],
  ])('stops everything at %i and never tells the key', async (code, text) => {
    const base = await serve(status(code, `Incorrect API key provided: ${key}.\u001b[31m`, { location: 'http://elsewhere.invalid/' }));
    const error = await ask(base).answer.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(EngineError);
    expect((error as EngineError).code).toBe('synthesis.endpoint');
    expect((error as EngineError).message).toContain(text);
    expect(inspect(error, { depth: 9 })).not.toContain(key);
    expect((error as EngineError).message).not.toContain('\u001b');
    expect(requests).toHaveLength(1);
  });

  it('gives one item up at 400 without asking again', async () => {
    await expect(ask(await serve(status(400, 'too long'))).answer).rejects.toThrow(UnusableAnswer);
    expect(requests).toHaveLength(1);
  });

  it('is asked again with another seed when the answer is not what was wanted', async () => {
    const accept = (text: string): string => {
      if (text !== 'good') throw new UnusableAnswer('not good');
      return text;
    };
    const { answer } = ask(await serve(say('bad'), say('good')), {}, accept);
    expect((await answer).usage).toMatchObject({ requests: 2, inputTokens: 22 });
    const [first, second] = requests.map(({ body }) => (JSON.parse(body) as { seed: number }).seed);
    expect(first).not.toBe(second);
  });

  it('keeps to its limits: requests, money, pace', async () => {
    const base = await serve(say('ok'));
    const { answer, model } = ask(base, { maxRequests: 2 });
    await answer;
    const again = () =>
      model.chat([{ role: 'user', text: 'x' }], { maxTokens: 9, temperature: 0, seed: 1, signal: new AbortController().signal }, String);
    await again();
    await expect(again()).rejects.toThrow(LimitReached);
    expect(requests).toHaveLength(2);
    const paid = ask(base, { maxCost: 0.00001, priceInput: 1, priceOutput: 1 });
    await paid.answer;
    expect(paid.spending.cost).toBeCloseTo(18e-6, 12);
    expect(() => paid.spending.assertRoom()).toThrow(LimitReached);
    const paced = ask(base, { requestsPerMinute: 200 });
    await paced.answer;
    const from = performance.now();
    await paced.model.chat(
      [{ role: 'user', text: 'x' }],
      { maxTokens: 9, temperature: 0, seed: 1, signal: new AbortController().signal },
      String,
    );
    expect(performance.now() - from).toBeGreaterThan(150);
  });

  it('is cancelled at once', async () => {
    const abort = new AbortController();
    const { answer } = ask(await serve(() => undefined), { timeout: 60 }, String, abort.signal);
    setTimeout(() => abort.abort(), 100);
    const from = performance.now();
    await expect(answer).rejects.toMatchObject({ code: 'run.cancelled' });
    expect(performance.now() - from).toBeLessThan(2000);
  });
});

describe('an images endpoint', () => {
  const make = (base: URL, source?: Uint8Array) =>
    imagesEndpoint({ base, secret: undefined, limits: { attempts: 2, timeout: 2 }, spending: new Spending({}) }, 'pictures').make({
      prompt: 'a cat',
      size: 256,
      signal: new AbortController().signal,
      ...(source ? { source } : {}),
    });

  it('gives bytes; a picture to start from goes out as a form', async () => {
    const base = await serve(raw(JSON.stringify({ data: [{ b64_json: Buffer.from('picture').toString('base64') }] })));
    expect(Buffer.from((await make(base)).bytes).toString()).toBe('picture');
    expect(JSON.parse(requests[0]?.body ?? '')).toMatchObject({ prompt: 'a cat', size: '256x256', n: 1 });
    await make(base, Buffer.from('source'));
    expect(requests[1]?.body).toContain('filename="source.png"');
    expect(requests[1]?.authorization).toBeUndefined();
  });

  it('is not followed to addresses, nor believed without a picture', async () => {
    await expect(make(await serve(raw('{"data":[{"url":"http://169.254.169.254/secret"}]}')))).rejects.toThrow(/addresses/);
    server?.close();
    await expect(make(await serve(raw('{"data":[{"b64_json":"no base64 \\u0000!"}]}')))).rejects.toThrow(/base64/);
  });
});

describe('addresses and keys', () => {
  it.each(['ftp://x/v1', 'nonsense', 'http://user:pass@host/v1', 'http://host/v1?api-key=1', 'http://host/v1#k'])('refuses %s', (text) => {
    expect(() => endpointBase(text)).toThrow(EngineError);
  });

  it('hides keys wherever they might be printed', () => {
    const secret = new Secret(key);
    for (const text of [String(secret), JSON.stringify({ secret }), inspect({ secret }, { depth: 9, showHidden: true }), `${secret}`])
      expect(text).not.toContain(key);
    expect(safeExcerpt(`Bearer abcdefghijkl and ${key} and sk-other-key-12345`, secret)).toBe('[redacted] and [redacted] and [redacted]');
  });
});
