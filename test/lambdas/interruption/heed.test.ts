/** From a rebalance recommendation to the evaluation of the target that the instance serves, where its policy says so. */
import { describe, expect, it } from "@jest/globals";
import { createLabOnSpot } from "../../../local/lab/lab.ts";
import { lossy } from "../../../local/lab/scenarios.ts";
import { listenTo, minuteMs, type World } from "./response-world.ts";

const hourMs = 60 * minuteMs;

const openWorld = async (policy: Readonly<Record<string, unknown>>): Promise<World> => {
  const lab = await createLabOnSpot({ ...lossy, policy });
  return listenTo(lab);
};

const recommend = async (world: World): Promise<string | undefined> => {
  world.lab.control.recommendRebalance(world.lab.originalId);
  await world.pass(5 * minuteMs);
  return world.responses().at(-1);
};

describe("a rebalance recommendation of a target's instance", () => {
  it("is stored, and nothing is started, where the policy ignores it", async () => {
    const world = await openWorld({});
    await world.pass(7 * hourMs);
    expect(await recommend(world)).toBe("IGNORED");
    expect(await world.evaluations()).toEqual([]);
  });

  it("is heeded no sooner than half an hour after the launch, and six hours after the last switch", async () => {
    const world = await openWorld({ on_rebalance_recommendation: "move" });
    expect(await recommend(world)).toBe("TOO_YOUNG");
    await world.pass(hourMs);
    expect(await recommend(world)).toBe("RESTS");
    expect(await world.evaluations()).toEqual([]);
  });

  it("has the target judged at once, with what it foretells; and again no sooner than a quarter of an hour later", async () => {
    const world = await openWorld({
      on_rebalance_recommendation: "move",
      allow_moves: false,
      dwell_hours: 0,
    });
    await world.pass(7 * hourMs);
    expect(await recommend(world)).toBe("STARTED");
    expect(await recommend(world)).toBe("JUDGED_LATELY");
    const evaluations = await world.evaluations();
    expect(evaluations).toMatchObject([{ startedBy: "recommendation", status: "STAYED" }]);
    expect(world.lab.watch.mutations()).toEqual([]);
  });
});
