/** Pools in quarantine, seen by one evaluation: before it begins, while its image is made, and once its load is down. */
import { describe, expect, it } from "@jest/globals";
import { liftQuarantine, setQuarantine } from "../../../adapters/store/pool-quarantines.ts";
import { poolKey, type Pool } from "../../../core/model/market.ts";
import type { Lab } from "../../../local/lab/contract.ts";
import { complaintsAbout } from "../../../local/lab/judge.ts";
import { createLab } from "../../../local/lab/lab.ts";
import { plain, rich } from "../../../local/lab/scenarios.ts";

type Scenario = Parameters<typeof createLab>[0];

/** What is offered where nothing is in quarantine: the same seed is the same story. */
const offered = async (scenario: Scenario): Promise<readonly Pool[]> => {
  const lab = await createLab(scenario);
  return (await lab.run()).evaluation.verdict?.offers ?? [];
};

const quarantine = (lab: Lab, pool: Pool): Promise<void> => {
  const now = lab.clock.now();
  return setQuarantine(lab.table, {
    pool,
    reason: "Incident 4711",
    since: new Date(now).toISOString(),
    until: new Date(now + 86_400_000).toISOString(),
    setBy: "arn:aws:iam::111122223333:role/Operator",
  });
};

/** Right before the first call of that name. */
const quarantineAt = (lab: Lab, operation: string, pool: Pool): void => {
  let isSet = false;
  lab.platform.cloud.faults.before((call) => {
    if (isSet || call.operation !== operation) return;
    isSet = true;
    void quarantine(lab, pool);
  });
};

describe("a pool in quarantine", () => {
  it("is not chosen, the record says why, and the verdict is replayed byte for byte after it was lifted", async () => {
    const [best, second] = await offered(plain);
    if (best === undefined) throw new Error("Nothing is offered.");
    const lab = await createLab(plain);
    await quarantine(lab, best);
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.evaluation.verdict?.offers[0]).toEqual(second);
    expect(story.evaluation.verdict?.sentence).toContain("Quarantine excludes 1 pool");
    const shown = await lab.send("GET", `/evaluations/${story.evaluationId}`);
    expect(JSON.stringify(shown.body)).toContain("Incident 4711");
    await liftQuarantine(lab.table, best);
    const replayed = await lab.send("POST", `/evaluations/${story.evaluationId}/replay`);
    expect(replayed.body).toMatchObject({ identical: true });
  });

  it("since the verdict is not launched into: the next offer is", async () => {
    const scenario = rich["stop-and-image"];
    const [best, second] = await offered(scenario);
    if (best === undefined) throw new Error("Nothing is offered.");
    const lab = await createLab(scenario);
    quarantineAt(lab, "CreateImage", best);
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("SWITCHED");
    expect(story.swap?.failed).toMatchObject([{ pool: best, kind: "QUARANTINED" }]);
    expect(story.swap?.replacement?.pool).toEqual(second);
  });

  it("since the load is down still gives what it holds for it", async () => {
    const scenario = rich.relaunch;
    const [best] = await offered(scenario);
    if (best === undefined) throw new Error("Nothing is offered.");
    const lab = await createLab(scenario);
    quarantineAt(lab, "StopInstances", best);
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("SWITCHED");
    expect(poolKey(story.swap?.replacement?.pool ?? best)).toBe(poolKey(best));
  });
});
