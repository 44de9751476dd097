/** `type` of the failures that activities and workflows end with. */
export const FailureType = {
  /** An activity: the delivery failed for good. */
  deliveryFailed: 'DeliveryFailed',
  /** An activity: this attempt failed, another is due. */
  attemptFailed: 'AttemptFailed',
  /** A workflow: at least one of its deliveries failed. */
  deliveriesFailed: 'DeliveriesFailed',
} as const;
