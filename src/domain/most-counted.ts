/** Deliveries that wait are counted up to so many when it is only for people to read. */
export const MOST_COUNTED = 10_000;
