import { serveTasks, type TaskResult } from '../jobs/workerProtocol.ts';
import { rowTasks } from './rowTasks.ts';

serveTasks(
  Object.fromEntries(
    Object.entries(rowTasks).map(([kind, run]) => [
      kind,
      (payload: never): TaskResult => ({ result: (run as (payload: never) => unknown)(payload) }),
    ]),
  ),
);
