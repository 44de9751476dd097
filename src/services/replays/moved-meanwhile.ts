/** Thrown where a step of a replay no longer holds: the replay, or what it was about to send, is not what it was. */
export class MovedMeanwhile extends Error {}
