/** How long what is settled is kept, in days: what failed, longer. What is open never expires. */
export interface Retention {
  days: number;
  failedDays: number;
}

/** A day, in seconds. */
export const DAY_SECONDS = 86_400;

/** The instant so many days before `now`. */
export function daysBefore(now: Date, days: number): Date {
  return new Date(now.getTime() - days * DAY_SECONDS * 1_000);
}
