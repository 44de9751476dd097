export { recordChange } from './record-change.ts';
export { wake } from './wake.ts';
