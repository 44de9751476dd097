export { recordChange } from './record-change.ts';
export { recordChanges } from './record-changes.ts';
export { replay } from './replay.ts';
export { testWebhook } from './test-webhook.ts';
export { wake } from './wake.ts';
