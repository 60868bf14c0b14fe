import { expect, it } from "@jest/globals";
import { isSecondLook, secondsToNextLook } from "../../../../core/decide/switch/pace.ts";

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
