import { describe, expect, it } from "@jest/globals";
import { capacitySentence, capacitySteps } from "../../console/evaluation/capacity.ts";

const at = (minute: number): string => new Date(Date.UTC(2026, 2, 2, 9, minute)).toISOString();
const ms = (minute: number): number => Date.parse(at(minute));

const point = (minute: number, serving: number, figures: object = {}) => ({
  ...{ at: at(minute), asked: 4, desired: 4, in_service: 4 },
  ...{ serving, serving_on_spot: 0, ...figures },
});

describe("a group's capacity as steps", () => {
  it("holds from one look to the next, and the last one until the end", () => {
    const steps = capacitySteps(
      [point(0, 4), point(5, 4, { serving_on_spot: 1 })],
      ms(9),
      "ON_DEMAND",
    );
    expect(steps).toMatchObject([
      { from: ms(0), to: ms(5), spot: 0, onDemand: 4, lacking: 0 },
      { from: ms(5), to: ms(9), spot: 1, onDemand: 3, lacking: 0 },
    ]);
  });

  it("does not run backwards where the end is older than the last look", () => {
    expect(capacitySteps([point(5, 4)], ms(1), "ON_DEMAND")).toMatchObject([
      { from: ms(5), to: ms(5) },
    ]);
  });

  it.each([
    { leaving: "ON_DEMAND" as const, left: { spot: 2, onDemand: 1 } },
    { leaving: "SPOT" as const, left: { spot: 1, onDemand: 2 } },
  ])(
    "holds at a look that asked the group alone what served before, within what is in service: $leaving leaves",
    ({ leaving, left }) => {
      const alone = { at: at(5), asked: 3, desired: 3, in_service: 3 };
      const steps = capacitySteps([point(0, 4, { serving_on_spot: 2 }), alone], ms(9), leaving);
      expect(steps[1]).toMatchObject({ ...left, isInferred: true, lacking: 0 });
    },
  );

  it("says that never fewer served than were asked for", () => {
    const steps = capacitySteps([point(0, 4), point(5, 5, { asked: 5 })], ms(9), "ON_DEMAND");
    expect(capacitySentence(steps)).toBe(
      "At no look fewer served than the 4 to 5 that its owner asks for.",
    );
  });

  it.each([
    { what: "not by us", figures: {}, said: "None of them was missing by us." },
    { what: "by us", figures: { lacking_by_us: 1 }, said: "1 of them by us: see its steps." },
  ])("says for how long how many were missing, $what", ({ figures, said }) => {
    const steps = capacitySteps([point(0, 2, figures), point(3, 4)], ms(9), "ON_DEMAND");
    expect(capacitySentence(steps)).toBe(
      `For 3 min up to 2 fewer served than the 4 that its owner asks for. ${said}`,
    );
  });
});
