import { CancellationTokenSource, type MessageConnection } from 'vscode-jsonrpc/node';
import type { HostRequests } from '../../protocol/engine.ts';
import { cancelledError, EngineError } from '../jobs/engineError.ts';
import { type LanguageModel, noUsage, UnusableAnswer } from '../synthesis/endpoint/languageModel.ts';

/** Answers that are asked for before one counts as unusable. */
const attempts = 3;

/** A language model that the host offers (`vscode.lm`), asked over the connection. It reads text only. */
export function hostLanguageModel(connection: MessageConnection, name: string): LanguageModel {
  return {
    name: name === '' ? 'editor' : `editor ${name}`,
    sees: false,
    async chat(messages, { maxTokens, signal }, accept) {
      if (messages.some(({ image }) => image))
        throw new EngineError('synthesis.notAvailable', "The editor's language models read text only. Use an endpoint for pictures.", {
          provider: 'editor',
        });
      const params: HostRequests['host/chat']['params'] = {
        model: name,
        maxTokens,
        messages: messages.map(({ role, text }) => ({ role, text })),
      };
      for (let attempt = 1; ; attempt++) {
        if (signal.aborted) throw cancelledError();
        const answer = await ask(connection, params, signal);
        try {
          if (typeof answer?.text !== 'string' || answer.text.trim() === '') throw new UnusableAnswer('the answer is empty');
          return { value: accept(answer.text.trim()), usage: { ...noUsage, requests: attempt } };
        } catch (error) {
          if (!(error instanceof UnusableAnswer) || attempt >= attempts) throw error;
        }
      }
    },
  };
}

/** A cancelled job stops the model too. */
async function ask(
  connection: MessageConnection,
  params: HostRequests['host/chat']['params'],
  signal: AbortSignal,
): Promise<HostRequests['host/chat']['result'] | undefined> {
  const source = new CancellationTokenSource();
  const cancel = (): void => source.cancel();
  signal.addEventListener('abort', cancel, { once: true });
  try {
    return await connection.sendRequest<HostRequests['host/chat']['result']>('host/chat', params, source.token);
  } catch (error) {
    if (signal.aborted) throw cancelledError();
    const reason = error instanceof Error ? error.message : String(error);
    throw new EngineError('synthesis.endpoint', `The editor's language model did not answer: ${reason}`, { endpoint: 'editor' });
  } finally {
    signal.removeEventListener('abort', cancel);
    source.dispose();
  }
}
