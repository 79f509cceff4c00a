import { describe, expect, it } from '@jest/globals';
import { holdTag, isDay, isHolding, parseHoldTag } from '../../src/images/index.ts';

describe('the tag of a hold', () => {
  it.each([
    ['hold-audit', { name: 'audit' }],
    ['hold-until-2026-12-31-audit', { name: 'audit', until: '2026-12-31' }],
  ])('is %s', (tag, hold) => {
    expect(holdTag(hold)).toBe(tag);
    expect(parseHoldTag(tag)).toEqual(hold);
  });

  it('holds for ever where its date is none', () => {
    expect(parseHoldTag('hold-until-2026-02-31-audit')).toEqual({ name: 'until-2026-02-31-audit' });
    expect(parseHoldTag('hold-until-further-notice')).toEqual({ name: 'until-further-notice' });
  });

  it.each(['hold', 'hold-', 'on-hold-x', 'latest'])('is not %s', (tag) => {
    expect(parseHoldTag(tag)).toBeUndefined();
  });

  it('holds to the end of its last day', () => {
    const hold = { name: 'audit', until: '2026-12-31' };
    expect(isHolding(hold, new Date('2026-12-31T23:59:59Z'))).toBe(true);
    expect(isHolding(hold, new Date('2027-01-01T00:00:00Z'))).toBe(false);
    expect(isHolding({ name: 'audit' }, new Date('2999-01-01T00:00:00Z'))).toBe(true);
  });

  it('knows the days of the calendar', () => {
    expect(['2028-02-29', '2026-02-29', '2026-13-01', '26-01-01'].map(isDay)).toEqual([true, false, false, false]);
  });
});
