/** The id of a change's latest workflow: the change id, or `<changeId>/<n>` when it had to be run again. */
export function workflowIdOf({ _id, run }: { _id: string; run: number }): string {
  return run === 0 ? _id : `${_id}/${run}`;
}
