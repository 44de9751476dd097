/** "2026-11-24 18:07:36 UTC" of an ISO time. */
export function toReadableTime(at: string): string {
  return `${at.slice(0, 19).replace('T', ' ')} UTC`;
}
