/** One call the sink answered with success. `at` is of `nowMs`, taken when the body had come whole. */
export interface Arrival {
  stream: string;
  /** Which of the stream's webhooks: the last part of its path. */
  webhook: string;
  changeId: string;
  deliveryId: string;
  at: number;
}

/** What the sink counts besides. */
export interface SinkCounts {
  calls: number;
  recorded: number;
  /** Different deliveries among those recorded. */
  distinct: number;
  refused: number;
  hanging: number;
  dropped: number;
}
