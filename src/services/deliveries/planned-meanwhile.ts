/** Thrown in a plan's transaction when somebody else came first: nothing is stored, and the plan begins anew. */
export class PlannedMeanwhile extends Error {}
