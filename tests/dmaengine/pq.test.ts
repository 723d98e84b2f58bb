import { DmaCtrl } from '../../dmaengine/flags';
import {
  dmaDevHasPqContinue,
  dmaDevToMaxPq,
  dmafContinueSources,
  dmafPDisabledContinue,
  dmaMaxPq,
  dmaSetMaxPq,
} from '../../dmaengine/pq';

const { PREP_CONTINUE: CONTINUE, PREP_PQ_DISABLE_P: NO_P, PREP_PQ_DISABLE_Q: NO_Q } = DmaCtrl;

describe('the limit of P+Q sources', () => {
  it.each([
    [false, 16, 0],
    [true, 16, 0x8000],
  ])('holds the native-continue flag (%s) in its top bit (CF-08)', (native, sources, flag) => {
    const device = { maxPq: dmaSetMaxPq(sources, native) };
    expect(device.maxPq).toBe(sources | flag);
    expect([dmaDevHasPqContinue(device), dmaDevToMaxPq(device)]).toEqual([native, sources]);
  });

  const cases: readonly (readonly [flags: number, plain: number, native: number])[] = [
    [0, 16, 16],
    [NO_P, 16, 16],
    [NO_Q, 16, 16],
    [CONTINUE, 13, 16],
    [CONTINUE | NO_P, 15, 16],
    [CONTINUE | NO_Q, 13, 16],
  ];

  it.each(cases)(
    'with flags %i is %i, %i where the engine continues by itself (CF-09, O-07)',
    (flags, plain, native) => {
      expect(dmaMaxPq({ maxPq: dmaSetMaxPq(16, false) }, flags)).toBe(plain);
      expect(dmaMaxPq({ maxPq: dmaSetMaxPq(16, true) }, flags)).toBe(native);
      expect(dmafContinueSources(flags)).toBe(16 - plain);
    },
  );

  it('knows a continuation without P', () => {
    expect([CONTINUE, NO_P, CONTINUE | NO_P, CONTINUE | NO_Q].map(dmafPDisabledContinue)).toEqual([
      false,
      false,
      true,
      false,
    ]);
  });
});
