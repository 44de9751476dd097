import { describe, expect, it } from 'vitest';
import { outcomeOf } from '../../../src/domain/outcome-of.ts';

describe('outcomeOf', () => {
  it.each([
    [['delivered', 'cancelled', 'failed'], 'failed'],
    [['delivered', 'cancelled'], 'cancelled'],
    [['delivered', 'delivered'], 'delivered'],
    [[], 'delivered'],
  ] as const)('of deliveries that ended as %j is %s', (states, outcome) => {
    expect(outcomeOf(states.map((state) => ({ state })))).toBe(outcome);
  });
});
