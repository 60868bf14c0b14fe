import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import {
  isLookForFigure,
  isSecondLook,
  secondsToNextLook,
  secondsToUsefulLook,
} from "../../../../core/decide/switch/pace.ts";

const beganAt = "2026-03-02T09:00:00.000Z";
const beganMs = Date.parse(beganAt);

it.each([
  { firstSeconds: 40, everySeconds: 5, mostSeconds: 15 },
  { firstSeconds: 140, everySeconds: 8, mostSeconds: 15 },
  { firstSeconds: 0, everySeconds: 8, mostSeconds: 60 },
])(
  "every second look of a wait is told from the time: $firstSeconds s, then $everySeconds s",
  (pace) => {
    const found: boolean[] = [];
    let seconds = 0;
    for (let looks = 0; looks < 8; looks += 1) {
      // A look itself takes a moment.
      seconds += secondsToNextLook(pace, seconds) + 0.2;
      found.push(isSecondLook({ pace, beganAt }, new Date(beganMs + seconds * 1000)));
    }
    expect(found).toEqual([false, true, false, true, false, true, false, true]);
  },
);

describe("of what AWS says how much is made", () => {
  const pace = { firstSeconds: 38, everySeconds: 8, mostSeconds: 30 };

  it.each([
    { what: "nothing is left out where no figure is known", percent: undefined, seconds: 8 },
    { what: "nothing is left out while it has not begun to grow", percent: 0, seconds: 8 },
    { what: "looks are left out while half is missing", percent: 49, seconds: 32 },
    { what: "five at most, however much is missing", percent: 1, seconds: 48 },
    { what: "none is left out near the end", percent: 85, seconds: 8 },
    { what: "none is left out at the end", percent: 99, seconds: 8 },
    { what: "a figure above the whole is none", percent: 100, seconds: 8 },
  ])("$what", ({ percent, seconds }) => {
    expect(secondsToUsefulLook(pace, 40, percent)).toBe(seconds);
  });

  it("no look is made at another time than without it, and none after it is there", () => {
    const most = fc.integer({ min: 20, max: 2000 });
    fc.assert(
      fc.property(most, fc.integer({ min: 0, max: 60 }), (wholeSeconds, firstSeconds) => {
        const asked = { ...pace, firstSeconds };
        const looks = (useful: boolean): readonly number[] => {
          const found: number[] = [];
          let at = 0;
          do {
            const percent = useful ? Math.floor((100 * at) / wholeSeconds) : undefined;
            at += secondsToUsefulLook(asked, at, percent);
            found.push(at);
          } while (at < wholeSeconds);
          return found;
        };
        const all = looks(false);
        const some = looks(true);
        expect(all).toEqual(expect.arrayContaining([...some]));
        expect(some.at(-1)).toBe(all.at(-1));
        expect(some.length).toBeLessThanOrEqual(all.length);
      }),
    );
  });

  it.each([0.1, 0.4])(
    "it is asked at the first look and at the sixth after it, though each comes %s s late",
    (lateSeconds) => {
      const asked: boolean[] = [];
      let seconds = 0;
      for (let looks = 0; looks < 8; looks += 1) {
        seconds += secondsToNextLook(pace, seconds) + lateSeconds;
        asked.push(isLookForFigure({ pace, beganAt }, new Date(beganMs + seconds * 1000)));
      }
      expect(asked).toEqual([true, false, false, false, false, false, true, false]);
    },
  );
});
