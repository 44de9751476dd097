/**
 * Asks again and again until `probe` answers something, for at most `timeoutMs`; then throws and says what did not come about.
 * The bound is for what is stuck, not for what is slow: a busy machine may take many times as long as a free one.
 */
export async function until<T>(
  probe: () => Promise<T | null | undefined | false>,
  { timeoutMs = 60_000, what = 'the condition' }: { timeoutMs?: number; what?: string } = {},
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const found = await probe();
    if (found !== null && found !== undefined && found !== false) return found;
    if (Date.now() > deadline) throw new Error(`${what} did not come about within ${timeoutMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
