import { expect, it } from 'vitest';
import { DisposableStore } from '../../../src/extension/disposableStore.ts';

it('disposes in reverse order, once, and late arrivals at once', () => {
  const order: string[] = [];
  const item = (name: string): { dispose(): void } => ({ dispose: () => void order.push(name) });
  const store = new DisposableStore();
  store.add(item('a'));
  store.add(item('b'));
  store.dispose();
  store.dispose();
  store.add(item('late'));
  expect(order).toEqual(['b', 'a', 'late']);
});

it('goes on after an error and tells all of them', () => {
  const order: string[] = [];
  const store = new DisposableStore();
  store.add({ dispose: () => void order.push('first') });
  store.add({
    dispose: () => {
      throw new Error('broken');
    },
  });
  expect(() => store.dispose()).toThrow(AggregateError);
  expect(order).toEqual(['first']);
});
