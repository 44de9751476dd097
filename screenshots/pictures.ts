import type { Camera } from './camera.ts';
import type { Scenes } from './scenes.ts';

/** Takes every picture of the guide, each once what it is to show is there. */
export async function takePictures(camera: Camera, scenes: Scenes): Promise<void> {
  const tab = 'user-metadata' as const;
  await camera.workflow('delivered', {
    workflowId: scenes.delivered,
    tab,
    text: '2 deliveries: 2 delivered',
  });
  await camera.workflow('retrying', {
    workflowId: scenes.retrying,
    tab,
    text: '1 delivered, 1 retrying',
  });
  await camera.workflow('pending-activities', {
    workflowId: scenes.retrying,
    tab: 'pending-activities',
    text: 'Last Failure',
    height: 560,
  });
  await camera.workflow('held', {
    workflowId: scenes.paused,
    tab,
    text: 'until somebody resumes the webhook',
  });
  await camera.workflow('held-order', {
    workflowId: scenes.ordered,
    tab,
    text: 'until an earlier change',
  });
  await camera.workflow('held-circuit', {
    workflowId: scenes.circuit,
    tab,
    text: 'until it answers a probe',
  });
  await camera.workflow('line', { workflowId: scenes.line, tab, text: 'next probe at' });
  await camera.workflow('failed', {
    workflowId: scenes.failed,
    tab: 'timeline',
    text: '1 of 2 deliveries failed',
    height: 640,
  });
  await camera.workflow('failed-details', {
    workflowId: scenes.failed,
    tab,
    text: '1 delivered, 1 failed',
  });
  await camera.workflow('shared', {
    workflowId: scenes.shared,
    tab,
    text: 'that waited together',
  });
  await camera.list('list', { query: '', text: 'first-attempt', height: 600 });
  await camera.list('list-open', {
    query: 'ExecutionStatus="Running" AND TablehookOutcome="open"',
    text: 'record.updated',
    height: 420,
  });
}
