import { beforeEach, describe, expect, it } from 'vitest';
import { EndpointLoad } from '../../../activities/endpoint-load.ts';

describe('EndpointLoad', () => {
  let now: number;
  let load: EndpointLoad;
  beforeEach(() => {
    now = 1_000;
    load = new EndpointLoad(() => now);
  });

  const begin = (webhookId = 'whk_1') => {
    const call = load.tryBegin(webhookId);
    if (!call) throw new Error('the call was deferred');
    return call;
  };

  it('lets eight calls of a webhook be in flight, and defers the ninth until one ends', () => {
    const calls = Array.from({ length: 8 }, () => begin());
    expect(load.tryBegin('whk_1')).toBeNull();
    calls[3]?.end();
    begin();
    expect(load.tryBegin('whk_1')).toBeNull();
  });

  it('judges each webhook by itself', () => {
    for (let count = 0; count < 8; count += 1) begin('whk_1');
    expect(load.tryBegin('whk_2')).not.toBeNull();
  });

  it('defers while a call has been hanging for over 2 s, and for a minute after it ended', () => {
    const hanging = begin();
    now += 2_000;
    begin().end();
    now += 1;
    expect(load.tryBegin('whk_1')).toBeNull();
    hanging.end();
    now += 59_999;
    expect(load.tryBegin('whk_1')).toBeNull();
    now += 1;
    expect(load.tryBegin('whk_1')).not.toBeNull();
  });

  it('trusts a webhook again once a call is quick', () => {
    const slow = begin();
    now += 3_000;
    slow.end();
    now += 60_000;
    begin().end();
    begin().end();
    expect(load.tryBegin('whk_1')).not.toBeNull();
  });

  it('takes 2 s for quick, and more for slow', () => {
    const quick = begin();
    now += 2_000;
    quick.end();
    const slow = begin();
    now += 2_001;
    slow.end();
    expect(load.tryBegin('whk_1')).toBeNull();
  });
});
