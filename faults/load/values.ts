import type { JsonObject } from '../../src/contracts/json.ts';
import type { Random } from '../random.ts';

/** Values of a record; the title is new each time, so that no write changes nothing. */
export function drawValues(random: Random, title: string): JsonObject {
  const Status = random.pick(['pending', 'completed']);
  return { Title: title, Status, Count: random.between(0, 1_000) };
}
