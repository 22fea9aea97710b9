import { serveTasks } from '../jobs/workerProtocol.ts';
import { type CountJob, drain } from './whatIf/countTasks.ts';
import { type CriticalTauTask, type EntityKeyTask, runCriticalTauTask, runEntityKeyTask } from './whatIf/criticalTauTasks.ts';

/** Results lie in the shared memory that tasks come with. */
serveTasks({
  entityKeys(task: EntityKeyTask) {
    runEntityKeyTask(task);
    return { result: null };
  },
  criticalTaus(task: CriticalTauTask) {
    runCriticalTauTask(task);
    return { result: null };
  },
  count(job: CountJob) {
    drain(job);
    return { result: null };
  },
});
