export { recordChange } from './record-change.ts';
export { recordChanges } from './record-changes.ts';
export { wake } from './wake.ts';
