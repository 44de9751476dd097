/** Resolves when the first of the works does, or after `maxMs`. Leaves no timer behind, which would keep the process alive. */
export async function firstOf(work: Iterable<Promise<unknown>>, maxMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const bound = new Promise((resolve) => {
    timer = setTimeout(resolve, maxMs);
  });
  try {
    await Promise.race([...work, bound]);
  } finally {
    clearTimeout(timer);
  }
}
