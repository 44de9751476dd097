import { describe, expect, it } from 'vitest';
import type { AdmissionInput } from '../../../src/domain/admission.ts';
import { admit } from '../../../src/domain/admission.ts';

const OPEN = { enabled: true, paused: null, health: { circuit: 'closed' as const }, resuming: null };
const ask = (
  webhook: Partial<typeof OPEN | AdmissionInput['webhook']> | null,
  input: Partial<AdmissionInput> = {},
) =>
  admit({
    webhook: webhook && ({ ...OPEN, ...webhook } as AdmissionInput['webhook']),
    delivery: { attemptCount: 0 },
    hasEarlier: false,
    calledBy: 'workflow',
    ...input,
  });
const held = (reason: string) => ({ kind: 'hold', reason });

describe('admission', () => {
  it('lets a delivery of an enabled webhook go', () => {
    expect(ask({})).toEqual({ kind: 'go' });
  });

  it('drops the delivery of a webhook that was deleted, whatever else holds', () => {
    expect(ask(null, { hasEarlier: true })).toEqual({ kind: 'drop' });
  });

  it('holds for the webhook before it holds for the endpoint, and that before order', () => {
    const paused = { auto: false };
    const health = { circuit: 'open' as const };
    expect(ask({ enabled: false, paused, health }, { hasEarlier: true })).toEqual(held('disabled'));
    expect(ask({ paused, health }, { hasEarlier: true })).toEqual(held('paused'));
    expect(ask({ health }, { hasEarlier: true })).toEqual(held('circuit-open'));
    expect(ask({}, { hasEarlier: true })).toEqual(held('earlier-change'));
  });

  it('lets a probe through an open circuit and a pause of its own making, and through nothing else', () => {
    const calledBy = 'probe';
    const health = { circuit: 'open' as const };
    expect(ask({ health }, { calledBy })).toEqual({ kind: 'go' });
    expect(ask({ health, paused: { auto: true } }, { calledBy })).toEqual({ kind: 'go' });
    expect(ask({ health, paused: { auto: false } }, { calledBy })).toEqual(held('paused'));
    expect(ask({ health, enabled: false }, { calledBy })).toEqual(held('disabled'));
    expect(ask({ health }, { calledBy, hasEarlier: true })).toEqual(held('earlier-change'));
  });

  it('while a line is let go, holds what is new and lets the line and what is being retried go', () => {
    const resuming = {};
    expect(ask({ resuming })).toEqual(held('resuming'));
    expect(ask({ resuming }, { delivery: { attemptCount: 1 } })).toEqual({ kind: 'go' });
    expect(ask({ resuming }, { calledBy: 'line' })).toEqual({ kind: 'go' });
  });
});
