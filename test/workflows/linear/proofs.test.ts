import { describe, expect, it } from "@jest/globals";
import { CloudError } from "../../../local/cloud/contract.ts";
import type { Lab } from "../../../local/lab/contract.ts";
import { createLab } from "../../../local/lab/lab.ts";
import { complaintsAbout } from "../../../local/lab/judge.ts";
import { healthyHolder } from "../../../local/lab/service.ts";
import { actionsOf, atFirst } from "../../../local/lab/scenarios.ts";

const host = "shop.example.com";
const url = `https://${host}/health`;
const http = { kind: "http", url };
const tcp = { kind: "tcp", host, port: 5432 };
const groups = { kind: "target-groups" };

/** The application behind the Elastic IP: it answers with what `statusOf` says of the instance that has it. */
const serve = (
  lab: Lab,
  statusOf: (instanceId: string | undefined) => number | undefined,
): void => {
  lab.platform.network.serve(host, () => {
    const [allocationId = ""] = lab.watch.allocationIds;
    return statusOf(healthyHolder(lab.account, allocationId)?.instanceId);
  });
};

const proved = (story: Awaited<ReturnType<Lab["run"]>>) =>
  (story.evaluation.proofs ?? []).map(({ stage, name, holds }) => [stage, name, holds]);

describe("proofs of the application", () => {
  it("are asked of what serves before anything is made, and of the replacement with the identity", async () => {
    const lab = await createLab({ policy: { proof: [http, tcp, groups] }, targetGroup: true });
    serve(lab, () => 200);
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("SWITCHED");
    const names = [`GET ${url}`, `tcp ${host}:5432`, "target groups"];
    expect(proved(story)).toEqual([
      ...names.map((name) => ["before", name, true]),
      ...names.map((name) => ["after", name, true]),
    ]);
    const { frozenAt = "", servingAt = "" } = story.evaluation.progress;
    for (const { stage, at } of story.evaluation.proofs ?? []) {
      expect(stage === "before" ? at < frozenAt : at >= servingAt).toBe(true);
    }
  });

  it("that fail before touch nothing", async () => {
    const lab = await createLab({ policy: { proof: [http] } });
    serve(lab, () => 503);
    const story = await lab.run();
    expect([story.status, story.evaluation.outcome?.reason]).toEqual(["STAYED", "PROOF_FAILS"]);
    expect(story.evaluation.outcome?.sentence).toContain(`${url} answers 503, not 200.`);
    expect(story.intents).toEqual([]);
    expect(story.mutations).toEqual([]);
  });

  it("by target groups fail where there is none", async () => {
    const lab = await createLab({ policy: { proof: [groups] } });
    const story = await lab.run();
    expect(story.evaluation.outcome?.reason).toBe("PROOF_FAILS");
    expect(story.evaluation.outcome?.sentence).toContain("registered in no target group");
  });

  it("are waited for while the replacement warms up; its downtime ended before", async () => {
    const lab = await createLab({ policy: { proof: [http] } });
    let asked = 0;
    serve(lab, (instanceId) => {
      if (instanceId === lab.originalId) return 200;
      asked += 1;
      return asked > 5 ? 200 : 502;
    });
    const story = await lab.run();
    expect(story.status).toBe("SWITCHED");
    const { servingAt = "" } = story.evaluation.progress;
    const [last] = (story.evaluation.proofs ?? []).filter(({ stage }) => stage === "after");
    expect(Date.parse(last?.at ?? "") - Date.parse(servingAt)).toBeGreaterThan(30_000);
  });

  it("that the replacement never gives: the stateless original serves again", async () => {
    const lab = await createLab({
      consistency: "stateless",
      policy: { proof: [http], proof_deadline_minutes: 2 },
    });
    serve(lab, (instanceId) => (instanceId === lab.originalId ? 200 : undefined));
    const story = await lab.run();
    expect(lab.watch.broken).toEqual([]);
    expect(story.status).toBe("ROLLED_BACK");
    expect(story.evaluation.failure).toMatchObject({
      error: "BrokenDeadline",
      cause: expect.stringContaining("ECONNREFUSED") as unknown,
    });
    expect(actionsOf(story)).not.toContain("StopInstances");
    expect(story.original?.state).toBe("running");
    expect(story.orphans).toEqual([]);
  });

  it("are asked again by a step that was repeated, and stand in the record once", async () => {
    const lab = await createLab({ policy: { proof: [http] } });
    serve(lab, () => 200);
    atFirst(lab, "CreateImage", {
      when: "before",
      what: () => {
        throw new CloudError("RequestLimitExceeded", "Too many.", 503);
      },
    });
    const story = await lab.run();
    expect(proved(story).filter(([stage]) => stage === "before")).toHaveLength(1);
  });
});

describe("a PROD account", () => {
  const prod = (policy: object) =>
    createLab({ environment: "PROD", policy: { allow_prod_linear: true, ...policy } });

  it("is refused without a proof, and says what to do", async () => {
    const story = await (await prod({})).run();
    expect([story.status, story.evaluation.verdict?.reason]).toEqual(["REFUSED", "UNPROVED"]);
  });

  it("is switched where the owner agrees that nothing is asked", async () => {
    const story = await (await prod({ accept_unproved: true })).run();
    expect(story.status).toBe("SWITCHED");
  });
});
