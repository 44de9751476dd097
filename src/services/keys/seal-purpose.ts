/** What each sealed text is bound to, by the id of its document: one that is moved to another place does not open there. */
export const sealPurpose = {
  webhookUrl: (webhookId: string) => `${webhookId} url`,
  /** Secrets that were replaced too. */
  webhookSecret: (webhookId: string) => `${webhookId} secret`,
  webhookHeader: (webhookId: string) => `${webhookId} header`,
  testBody: (testId: string) => `${testId} body`,
  testResult: (testId: string) => `${testId} result`,
  answer: (idempotencyKeyId: string) => idempotencyKeyId,
};
