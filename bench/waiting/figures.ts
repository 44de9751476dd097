const MB = 1_000_000;

/** A whole number, for people. */
export function whole(number: number): string {
  return Math.round(number).toLocaleString('en');
}

/** Sizes in megabytes. */
export function range(...bytes: number[]): string {
  return `${bytes.map((one) => whole(one / MB)).join(', ')} MB`;
}
