/** The id of the workflow of a replay. */
export function toReplayWorkflowId(replayId: string): string {
  return `replay/${replayId}`;
}
