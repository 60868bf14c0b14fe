import { beforeAll, describe, expect, it } from "@jest/globals";
import {
  measureEvaluations,
  tableAims,
  transitionAims,
  type EvaluationFigures,
} from "../../../local/bench/evaluations.ts";

const cases = [
  { name: "refuse", status: "REFUSED", aim: transitionAims.other },
  { name: "stay", status: "STAYED", aim: transitionAims.other },
  { name: "shadow", status: "SHADOWED", aim: transitionAims.other },
  { name: "switch, stateless", status: "SWITCHED", aim: transitionAims.switch },
  { name: "switch, move volumes", status: "SWITCHED", aim: transitionAims.switch },
  { name: "switch, stop and image", status: "SWITCHED", aim: transitionAims.switch },
  { name: "switch, relaunch", status: "SWITCHED", aim: transitionAims.switch },
];

describe("the figures of an evaluation", () => {
  let figures: readonly EvaluationFigures[];
  beforeAll(async () => {
    figures = await measureEvaluations();
  }, 180_000);

  const of = (name: string): EvaluationFigures => {
    const found = figures.find((one) => one.name === name);
    if (found === undefined) throw new Error(`${name} was not measured.`);
    return found;
  };

  it("are of all kinds", () => {
    expect(figures.map(({ name }) => name)).toEqual(cases.map(({ name }) => name));
  });

  it.each(cases)(
    "$name: it ends as its name says, with at most $aim transitions beside polling",
    ({ name, status, aim }) => {
      const measured = of(name);
      expect(measured.status).toBe(status);
      expect(measured.transitions - measured.pollingTransitions).toBeLessThanOrEqual(aim);
      expect(measured.meetsAim).toBe(true);
    },
  );

  it.each(["switch, stateless", "switch, move volumes", "switch, stop and image"])(
    "%s: it stays within the units of the state table that are aimed at",
    (name) => {
      const { readUnits, writeUnits, meetsTableAim } = of(name);
      expect(readUnits).toBeLessThanOrEqual(tableAims.readUnits);
      expect(writeUnits).toBeLessThanOrEqual(tableAims.writeUnits);
      expect(meetsTableAim).toBe(true);
    },
  );

  it("aim at no units where nothing is switched", () => {
    expect(of("shadow")).not.toHaveProperty("meetsTableAim");
  });

  it("tell the calls to AWS by service, and all of them", () => {
    for (const { callsByService, customerCalls, ownCalls } of figures) {
      const sum = Object.values(callsByService).reduce((total, count) => total + count, 0);
      expect(sum).toBe(customerCalls + ownCalls);
      expect(callsByService).toMatchObject({ states: 1 });
    }
  });

  it("show that a switch costs more than to stay, and a fraction of a cent", () => {
    const [stay, switched] = [of("stay"), of("switch, stop and image")];
    expect(stay.usdPerThousand).toBeLessThan(switched.usdPerThousand);
    expect(switched.usdPerThousand).toBeLessThan(10);
  });
});
