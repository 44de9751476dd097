/** Ends the process when it is told to, or when the bench is gone. A baseline owns nothing that needs closing. */
export function endWithBench(): void {
  const end = (): void => process.exit(0);
  process.on('SIGTERM', end).on('SIGINT', end).on('disconnect', end);
}
