import { expect, test } from 'vitest';
import { askSteadily } from '../../../src/extension/askSteadily.ts';

/** Answers in turn, each after so many milliseconds; gives the result and how often it was asked. */
async function asked(...answers: readonly (readonly [answer: string | undefined, after: number])[]) {
  let [clock, times] = [1000, 0];
  const ask = () => {
    const [answer, after] = answers[times++] ?? [undefined, 0];
    clock += after;
    return Promise.resolve(answer);
  };
  return { answer: await askSteadily(ask, () => clock), times };
}

test('a question that something else closes at once is asked again, but once', async () => {
  expect(await asked([undefined, 250], ['train.json', 2000])).toEqual({ answer: 'train.json', times: 2 });
  expect(await asked([undefined, 250], [undefined, 100], ['train.json', 100])).toEqual({ answer: undefined, times: 2 });
});

test('an answer, however quick, and a dismissal by a person are final', async () => {
  expect(await asked(['train.json', 50])).toEqual({ answer: 'train.json', times: 1 });
  expect(await asked([undefined, 900], ['train.json', 100])).toEqual({ answer: undefined, times: 1 });
});
